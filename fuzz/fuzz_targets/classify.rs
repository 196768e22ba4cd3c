//! A report keeps its promises: only bounces name recipients, each with a code and a reason.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let heads: [&[u8]; 3] = [
        b"From: MAILER-DAEMON@example.org\nSubject: Undelivered Mail\n",
        b"From: a@example.org\nAuto-Submitted: auto-replied\n",
        b"From: MAILER-DAEMON@example.org\nContent-Type: message/delivery-status\n",
    ];
    for head in heads {
        let Ok(message) = mail::parse(&[head, body].concat()) else { continue };
        assert!(message.bounce.is_empty() || message.kind == mail::Kind::Bounce);
        for entry in message.bounce {
            assert!(matches!(entry.status.as_bytes(), [b'4' | b'5', b'.', ..]), "{}", entry.status);
            assert!(!entry.reason.is_empty());
        }
    }
});
