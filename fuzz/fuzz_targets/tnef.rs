//! A `winmail.dat` is opened as far as it goes, and does not grow without end.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let raw = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0], data].concat();
    let opened = mail::tnef::open(&raw).expect("it has the signature");
    let size: usize = opened.files.iter().map(|file| file.content.len()).sum();
    assert!(size <= raw.len() * 40);
});
