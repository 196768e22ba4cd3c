//! The head of a message, for filters that ask for a line of it by its name.
//!
//! Most mails meet no such filter, so it is kept as it came and read when somebody asks.

use std::sync::OnceLock;

use crate::headers::Headers;
use crate::parse::with_line_feeds;

/// Bytes of a head that are looked at. Relays put their lines on top, so the sender's own are at the end: this is some
/// times what the longest chain of relays writes.
const LONGEST: usize = 64 * 1024;

/// The lines of a message's head.
#[derive(Debug, Clone, Default)]
pub struct Head {
    bytes: Vec<u8>,
    read: OnceLock<Headers>,
}

impl Head {
    /// The head of a raw message.
    pub fn of(raw: &[u8]) -> Self {
        let beginning = with_line_feeds(&raw[..raw.len().min(LONGEST)]);
        Self { bytes: beginning[..end(&beginning)].to_vec(), read: OnceLock::new() }
    }

    /// What the lines of this name say as people read them, first to last. Upper and lower case are the same.
    pub fn values(&self, name: &str) -> Vec<String> {
        let headers = self.read.get_or_init(|| Headers::split(&self.bytes).0);
        let name = name.to_ascii_lowercase();
        headers.texts(&name).collect()
    }
}

/// Where the empty line is that ends a head.
fn end(bytes: &[u8]) -> usize {
    let mut end = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        end += line.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_their_names_and_read_as_people_do() {
        let head = Head::of(
            b"X-Kunde: =?utf-8?Q?M=C3=BCller?=\r\nSubject: eins\r\nx-kunde: zwei\r\n folgt\r\n\r\nX-Kunde: text",
        );
        assert_eq!(head.values("X-KUNDE"), ["Müller", "zwei folgt"]);
        assert_eq!(head.values("subject"), ["eins"]);
        assert!(head.values("x-spam-flag").is_empty());
        assert!(Head::of(b"").values("subject").is_empty());
        assert_eq!(Head::of(b"Subject: alt\rX-Mac: ja\r\rText").values("x-mac"), ["ja"]);
    }

    #[test]
    fn the_senders_own_lines_are_behind_those_of_all_relays() {
        let relays = "Received: from a.example by b.example; Mon, 16 Nov 2026 09:00:00 +0100\r\n".repeat(400);
        let head = Head::of(format!("{relays}X-Shop: ja\r\n\r\nText").as_bytes());
        assert_eq!((head.values("received").len(), head.values("x-shop").len()), (400, 1));

        let endless = format!("X-Shop: ja\r\n{}", "X-More: und noch eine Zeile\r\n".repeat(9_000));
        assert_eq!(Head::of(endless.as_bytes()).values("x-shop"), ["ja"]);
    }
}
