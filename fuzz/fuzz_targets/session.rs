//! What is sent to the mail port is read the same in whatever pieces it comes, and held within its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|sent: &[u8]| {
    let whole = mail::smtp::transcript(sent, sent.len().max(1), 256);
    for piece in [1, 2, 7] {
        assert_eq!(mail::smtp::transcript(sent, piece, 256), whole);
    }
    for message in whole.messages {
        assert!(message.len() <= 256);
    }
});
