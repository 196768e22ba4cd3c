//! Somebody else's message sent on unchanged.

use super::encode;
use crate::headers::Address;

/// Who sends a message on, and to whom.
pub struct Resent<'a> {
    /// Without angle brackets; its own, beside the message's.
    pub message_id: &'a str,
    /// Seconds since 1970.
    pub date: i64,
    pub from: Address,
    pub to: &'a [Address],
}

/// The message behind a block of `Resent-` fields; its own bytes stay as they are (RFC 5322, 3.6.6).
#[must_use]
pub fn resend(raw: &[u8], resent: &Resent<'_>) -> Vec<u8> {
    let mut head = String::new();
    let date = mail_parser::DateTime::from_timestamp(resent.date).to_rfc822();
    encode::field(&mut head, "Resent-Date", &date);
    encode::addresses(&mut head, "Resent-From", std::slice::from_ref(&resent.from));
    encode::addresses(&mut head, "Resent-To", resent.to);
    encode::field(&mut head, "Resent-Message-ID", &format!("<{}>", encode::clean_id(resent.message_id)));
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(without_envelope(raw));
    bytes
}

/// Without the line by which mailboxes divide messages, which is no field.
fn without_envelope(raw: &[u8]) -> &[u8] {
    if !raw.starts_with(b"From ") {
        return raw;
    }
    let end = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
    &raw[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_sent_on_as_it_is() {
        let raw = b"From MAILER Mon\nFrom: anna@example.at\r\nSubject: Lampe\r\n\r\nSie flackert.\r\n";
        let to = [Address { name: String::new(), address: "werk@example.de".into() }];
        let from = Address { name: "Haus".into(), address: "service@haus.example\r\nBcc: x".into() };
        let resent = Resent { message_id: "k1@haus.example", date: 1_795_000_000, from, to: &to };

        let text = String::from_utf8(resend(raw, &resent)).expect("text");

        assert!(
            text.ends_with("\r\nFrom: anna@example.at\r\nSubject: Lampe\r\n\r\nSie flackert.\r\n"),
            "{text}"
        );
        for field in
            ["Resent-Date: ", "Resent-To: werk@example.de\r\n", "Resent-Message-ID: <k1@haus.example>\r\n"]
        {
            assert!(text.contains(field), "{text}");
        }
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
    }
}
