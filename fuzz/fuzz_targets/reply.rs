//! Splitting a text loses no word and invents none.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let split = mail::reply::split(text);
    let joined = [split.reply, split.quoted, split.signature].join("\n");
    let words = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    assert_eq!(words(&joined), words(text));
});
