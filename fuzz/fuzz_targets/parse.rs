//! Any bytes are read, and what is shown of them is harmless.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let inspection = mail::inspect(raw);
    assert!(!inspection.html.is_some_and(|html| html.to_ascii_lowercase().contains("<script")));
    assert!(inspection.attachments.len() <= 5_000);
    assert_eq!(mail::identity(raw).len(), 64);
    if let Ok(message) = mail::parse(raw) {
        let forwarded = mail::reply::forwarded::find(&message);
        assert!(forwarded.is_none_or(|found| found.sender.address.contains('@')));
        mail::topic::is_same(&message.subject, [message.text.as_str()]);
    }
});
