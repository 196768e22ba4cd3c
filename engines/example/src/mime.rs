//! Writes mail as RFC 5322 and MIME bytes, in the shapes that real programs send.
//!
//! Only for mail of the example company; reading mail of any shape is the engine `mail`'s work.

use crate::moment::offset;
use jiff::Timestamp;
use jiff::tz::Offset;
use std::fmt::{Arguments, Write};

/// One mail to be written.
pub struct Message {
    pub from_name: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// Unix seconds.
    pub at: i64,
    /// Without angle brackets, like `answers`.
    pub id: String,
    pub answers: Option<String>,
    pub text: String,
    /// Also as HTML.
    pub html: bool,
    /// Name, content type, bytes.
    pub attachments: Vec<(String, &'static str, Vec<u8>)>,
}

impl Message {
    /// The whole mail with CRLF line ends.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = String::with_capacity(self.text.len() * 2 + 600);
        let out = &mut text;
        put(out, format_args!("From: {} <{}>\r\n", phrase(&self.from_name), self.from));
        put(out, format_args!("To: <{}>\r\n", self.to));
        put(out, format_args!("Subject: {}\r\n", unstructured(&self.subject)));
        put(out, format_args!("Date: {}\r\n", date(self.at)));
        put(out, format_args!("Message-ID: <{}>\r\n", self.id));
        if let Some(answers) = &self.answers {
            put(out, format_args!("In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\n"));
        }
        out.push_str("MIME-Version: 1.0\r\n");
        self.mixed(out);
        text.into_bytes()
    }

    fn mixed(&self, out: &mut String) {
        if self.attachments.is_empty() {
            return self.body(out);
        }
        let boundary = format!("=_mixed_{}", self.at);
        put(
            out,
            format_args!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"),
        );
        self.body(out);
        for (name, kind, bytes) in &self.attachments {
            put(
                out,
                format_args!(
                    "\r\n--{boundary}\r\nContent-Type: {kind}; name=\"{name}\"\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n"
                ),
            );
            wrapped_base64(bytes, out);
        }
        put(out, format_args!("\r\n--{boundary}--\r\n"));
    }

    fn body(&self, out: &mut String) {
        if !self.html {
            return part("plain", &self.text, out);
        }
        let boundary = format!("=_alt_{}", self.at);
        put(
            out,
            format_args!(
                "Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n"
            ),
        );
        part("plain", &self.text, out);
        put(out, format_args!("\r\n--{boundary}\r\n"));
        part("html", &html(&self.text), out);
        put(out, format_args!("\r\n--{boundary}--\r\n"));
    }
}

/// Adds to the mail.
fn put(out: &mut String, line: Arguments) {
    out.write_fmt(line).expect("a String takes everything");
}

fn part(subtype: &str, text: &str, out: &mut String) {
    put(
        out,
        format_args!(
            "Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        ),
    );
    quoted_printable(text, out);
    out.push_str("\r\n");
}

fn html(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs =
        safe.split("\n\n").map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>\n")));
    let body: String = paragraphs.collect();
    format!(
        "<html><head><style>p {{ margin: 0 0 1em }}</style></head><body style=\"font-family: Calibri, sans-serif\">{body}</body></html>"
    )
}

/// RFC 2045 6.7: lines of at most 76 characters.
fn quoted_printable(text: &str, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if 0 < index {
            out.push_str("\r\n");
        }
        let mut width = 0;
        let last = line.len().wrapping_sub(1);
        for (at, byte) in line.bytes().enumerate() {
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && at != last);
            let need = if plain { 1 } else { 3 };
            if 75 < width + need {
                out.push_str("=\r\n");
                width = 0;
            }
            if plain {
                out.push(char::from(byte));
            } else {
                put(out, format_args!("={byte:02X}"));
            }
            width += need;
        }
    }
}

/// A display name: as it is, in quotes, or encoded.
fn phrase(name: &str) -> String {
    if !name.is_ascii() {
        return encoded_words(name);
    }
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ' ');
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

fn unstructured(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { encoded_words(text) }
}

/// RFC 2047 words in base64, each of whole letters and at most 75 characters long.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if 42 < word.len() + letter.len_utf8() {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    words.push(word);
    let encoded = words.iter().map(|word| format!("=?UTF-8?B?{}?=", base64(word.as_bytes())));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

fn wrapped_base64(bytes: &[u8], out: &mut String) {
    for line in bytes.chunks(57) {
        out.push_str(&base64(line));
        out.push_str("\r\n");
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) & 63;
            let letter = if place <= three.len() { char::from(LETTERS[six as usize]) } else { '=' };
            text.push(letter);
        }
    }
    text
}

/// RFC 5322 date in Vienna's offset.
fn date(at: i64) -> String {
    let offset = Offset::from_seconds(offset(at)).expect("Vienna is within a day of UTC");
    let stamp = Timestamp::from_second(at).expect("seconds of this century are in range");
    stamp.to_zoned(offset.to_time_zone()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_agree_with_the_published_examples() {
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded, "RFC 4648 section 10");
        }
        assert_eq!(phrase("Zoë O'Connor").as_bytes()[..10], *b"=?UTF-8?B?");
        assert_eq!(date(1_763_820_000), "Sat, 22 Nov 2025 15:00:00 +0100");
    }

    #[test]
    fn no_line_is_longer_than_mail_allows() {
        let message = Message {
            from_name: "Jörg Weiß".to_owned(),
            from: "joerg@example.org".to_owned(),
            to: "service@kastenundlicht.example".to_owned(),
            subject: "Übergroße Löffelschränke über überüblichen Lüftungsöffnungen ".repeat(4),
            at: 0,
            id: "1@example.org".to_owned(),
            answers: None,
            text: "ä".repeat(900) + "\n.\nende ",
            html: true,
            attachments: vec![("a.bin".to_owned(), "application/octet-stream", vec![7; 999])],
        };
        let bytes = String::from_utf8(message.bytes()).expect("ASCII only");
        assert!(bytes.is_ascii());
        for line in bytes.split("\r\n") {
            assert!(line.len() <= 78 && !line.contains('\n'), "{line}");
        }
    }
}
