//! What makes a mail the same mail, whichever way it came.
//!
//! Each server on the way writes trace fields over a message, so two copies of one mail never have the same
//! bytes. What the author wrote survives: sender, date, subject, id and the body, except for blanks at the ends
//! of lines and folded fields. A server that encodes the body anew makes another mail of it; then both are kept.

use crate::headers::Headers;

/// Fields that the author's side writes, and nobody after it.
const WRITTEN: [&str; 4] = ["from", "date", "subject", "message-id"];

/// The same for all copies of a message, in lower case hexadecimal: BLAKE3 over what relays leave alone.
#[must_use]
pub fn identity(raw: &[u8]) -> String {
    let (headers, body) = Headers::split(raw);
    let mut hasher = blake3::Hasher::new();
    for name in WRITTEN {
        hasher.update(name.as_bytes()).update(b":");
        for word in headers.raw(name).unwrap_or_default().split_whitespace() {
            hasher.update(b" ").update(word.as_bytes());
        }
        hasher.update(b"\n");
    }
    // Blank lines count once something follows them: relays add and drop them at the end.
    let mut blank = 0;
    for line in raw.get(body..).unwrap_or_default().split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        for _ in 0..blank {
            hasher.update(b"\n");
        }
        blank = 0;
        hasher.update(line).update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Ingrid <i@example.org>\r\nDate: Mon, 16 Nov 2026 09:00:00 +0100\r\n\
                        Subject: Die Lampe\r\n flackert\r\nMessage-ID: <1@example.org>\r\n\r\nGuten Tag,\r\n\r\nsie flackert.\r\n";

    #[test]
    fn what_relays_do_to_a_mail_leaves_it_the_same() {
        for (what, copy) in [
            ("trace fields", format!("Received: from a by b\r\nReturn-Path: <i@example.org>\r\n{MAIL}")),
            ("a spam score below", MAIL.replace("\r\n\r\nGuten", "\r\nX-Spam-Score: 1\r\n\r\nGuten")),
            ("bare line feeds", MAIL.replace("\r\n", "\n")),
            ("another folding", MAIL.replace("Lampe\r\n flackert", "Lampe flackert")),
            ("blanks at line ends", MAIL.replace("Tag,", "Tag,  ")),
            ("a blank line at the end", format!("{MAIL}\r\n\r\n")),
            ("none at the end", MAIL.trim_end().to_owned()),
        ] {
            assert_eq!(identity(copy.as_bytes()), identity(MAIL.as_bytes()), "{what}");
        }
    }

    #[test]
    fn what_the_author_changes_makes_another_mail() {
        for (what, other) in [
            ("text", MAIL.replace("sie flackert", "sie flackert nicht")),
            ("subject", MAIL.replace("Die Lampe", "Die Uhr")),
            ("sender", MAIL.replace("i@example", "j@example")),
            ("date", MAIL.replace("09:00", "09:01")),
            ("id", MAIL.replace("<1@", "<2@")),
            ("a line less", MAIL.replace("Tag,\r\n\r\nsie", "Tag,\r\nsie")),
            (
                "a word that moved into the next field",
                MAIL.replace(" flackert\r\nMessage-ID:", "\r\nMessage-ID: flackert"),
            ),
        ] {
            assert_ne!(identity(other.as_bytes()), identity(MAIL.as_bytes()), "{what}");
        }
    }

    #[test]
    fn anything_has_an_identity() {
        for raw in [&b""[..], b"\n", b"no header at all", b"Subject: only a header"] {
            assert_eq!(identity(raw).len(), 64);
        }
    }
}
