//! The text of files, so that they can be searched: PDF, Office and `OpenDocument`, RTF, HTML, mails, plain text.
//!
//! [`text_of`] looks at the bytes, not at what a sender calls them. All sizes are limited: a small file that unpacks
//! to gigabytes is cut, and so is a text longer than [`LONGEST`].
//!
//! The reader of PDF is a library that may panic or take long over a broken file: callers run it on a thread of its
//! own, see [`text_of`]. Deliberately absent: pictures (no OCR), passwords, layout.

mod office;
mod plain;
mod rtf;
mod xml;

/// Larger files are not read, in bytes.
pub const LARGEST: usize = 40 << 20;
/// Bytes of a text that are kept.
pub const LONGEST: usize = 400_000;

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// A kind of file that has no text, or none that is known here.
    Unknown,
    TooLarge,
    /// A password is needed.
    Locked,
    /// In the words of who tried to read it.
    Broken(String),
}

/// What kind of file the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Zip,
    Rtf,
    Html,
    Mail,
    Plain,
}

/// The text of a file; paragraphs and rows end with a line break. At most [`LONGEST`] bytes.
///
/// `content_type` and `name` decide only between kinds of text that look the same.
///
/// # Errors
///
/// [`Unread`] says why there is none.
///
/// # Panics
///
/// Broken PDF files may make their reader panic.
pub fn text_of(name: &str, content_type: &str, bytes: &[u8]) -> Result<String, Unread> {
    if LARGEST < bytes.len() {
        return Err(Unread::TooLarge);
    }
    let text = match kind(name, content_type, bytes).ok_or(Unread::Unknown)? {
        Kind::Pdf => pdf(bytes)?,
        Kind::Zip => office::text(bytes)?,
        Kind::Rtf => rtf::text(bytes),
        Kind::Html => mail::html::to_text(&plain::decode(bytes)),
        Kind::Mail => mail_text(name, bytes)?,
        Kind::Plain => plain::decode(bytes),
    };
    Ok(tidy(&text))
}

fn kind(name: &str, content_type: &str, bytes: &[u8]) -> Option<Kind> {
    let start = &bytes[..bytes.len().min(1024)];
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Some(Kind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Kind::Zip);
    }
    if bytes.starts_with(b"{\\rtf") {
        return Some(Kind::Rtf);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let content_type = content_type.to_lowercase();
    if content_type == "message/rfc822" || ending == "eml" {
        return Some(Kind::Mail);
    }
    if !plain::is_text(start) {
        return None;
    }
    let begins = String::from_utf8_lossy(start).trim_start().to_lowercase();
    if content_type.contains("html") || begins.starts_with("<!doctype html") || begins.starts_with("<html") {
        return Some(Kind::Html);
    }
    let known = ["txt", "csv", "tsv", "md", "log", "json", "xml", "ics", "vcf", "yaml", "yml", "ini", "text"];
    let is_text =
        content_type.starts_with("text/") || content_type.ends_with("json") || content_type.ends_with("xml");
    (is_text || known.contains(&ending.as_str())).then_some(Kind::Plain)
}

fn pdf(bytes: &[u8]) -> Result<String, Unread> {
    pdf_extract::extract_text_from_mem(bytes).map_err(|error| {
        let said = error.to_string();
        let locked = said.to_lowercase();
        if locked.contains("encrypt") || locked.contains("password") {
            Unread::Locked
        } else {
            Unread::Broken(said)
        }
    })
}

/// A mail in a mail: who wrote about what, its text, and the names of its files.
fn mail_text(name: &str, bytes: &[u8]) -> Result<String, Unread> {
    let message = mail::parse(bytes).map_err(|_| Unread::Broken(format!("{name} is no mail")))?;
    let from = message.from.iter().map(|from| format!("{} {}", from.name, from.address));
    let files = message.attachments.iter().map(|file| file.name.clone());
    let lines = from.chain([message.subject.clone(), message.text.clone()]).chain(files);
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Without runs of spaces and empty lines, without what no one types, and not too long.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len().min(LONGEST));
    for line in text.lines() {
        let words = line.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{fffd}');
        let mut empty = true;
        for word in words.filter(|word| !word.is_empty()) {
            if LONGEST < tidy.len() + word.len() + 1 {
                return tidy;
            }
            if !empty {
                tidy.push(' ');
            }
            tidy.push_str(word);
            empty = false;
        }
        if !empty && tidy.len() < LONGEST {
            tidy.push('\n');
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_say_what_a_file_is() {
        for (name, content_type, bytes, expected) in [
            ("a.bin", "application/octet-stream", &b"%PDF-1.7 \x00"[..], Some(Kind::Pdf)),
            ("a.txt", "text/plain", b"PK\x03\x04", Some(Kind::Zip)),
            ("a.doc", "application/msword", b"{\\rtf1 x}", Some(Kind::Rtf)),
            ("a", "text/html", b"<p>x", Some(Kind::Html)),
            ("a.txt", "text/plain", b"<html><p>x", Some(Kind::Html)),
            ("a.eml", "application/octet-stream", b"Subject: x\n\n", Some(Kind::Mail)),
            ("a.csv", "application/octet-stream", b"a;b", Some(Kind::Plain)),
            ("a.txt", "text/plain", b"\xff\xfea\x00b\x00", Some(Kind::Plain)),
            ("a.txt", "text/plain", b"\x00\x01\x02\x03", None),
            ("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0", None),
        ] {
            assert_eq!(kind(name, content_type, bytes), expected, "{name} {content_type}");
        }
    }

    #[test]
    fn texts_of_plain_kinds_are_read() {
        for (name, content_type, bytes, expected) in [
            ("a.txt", "text/plain", "Größe  42\r\n\r\n\r\nOk".as_bytes(), "Größe 42\nOk"),
            ("a.txt", "text/plain", b"Gr\xf6\xdfe", "Größe"),
            ("a.html", "text/html", "<p>Größe <b>42</b></p><script>x()</script>".as_bytes(), "Größe 42"),
            ("a.rtf", "text/rtf", br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Gr\'f6\u223?e\par 42}", "Größe\n42"),
        ] {
            assert_eq!(text_of(name, content_type, bytes).as_deref(), Ok(expected), "{name}");
        }
        let mail = "From: Anna <anna@mail.example>\r\nSubject: Sofa\r\n\r\nEin Riss.\r\n";
        let text = text_of("alt.eml", "message/rfc822", mail.as_bytes());
        assert_eq!(text.as_deref(), Ok("Anna anna@mail.example\nSofa\nEin Riss."));
    }

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let text =
            text_of("a.txt", "text/plain", "Wort für Wort\n".repeat(100_000).as_bytes()).expect("text");
        assert!(text.len() <= LONGEST && LONGEST - 20 < text.len(), "{}", text.len());
        assert_eq!(text_of("a.txt", "text/plain", &vec![b'a'; LARGEST + 1]), Err(Unread::TooLarge));
    }

    #[test]
    fn a_pdf_is_read() {
        let text = text_of("a.pdf", "application/pdf", &pdf_saying("Rechnung 118-4471"));
        assert_eq!(text.as_deref(), Ok("Rechnung 118-4471"));
    }

    /// The smallest document that says something.
    fn pdf_saying(text: &str) -> Vec<u8> {
        let said = format!("BT /F1 24 Tf 72 720 Td ({text}) Tj ET");
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{said}\nendstream", said.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        ];
        let mut file = String::from("%PDF-1.4\n");
        let mut places = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            places.push(file.len());
            file = format!("{file}{}", format_args!("{} 0 obj\n{object}\nendobj\n", index + 1));
        }
        let table = file.len();
        file.push_str("xref\n0 6\n0000000000 65535 f \n");
        for place in places {
            file = format!("{file}{}", format_args!("{place:010} 00000 n \n"));
        }
        file = format!(
            "{file}{}",
            format_args!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n")
        );
        file.into_bytes()
    }

    proptest! {
        #[test]
        fn whatever_is_no_pdf_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0..3usize) {
            let mut file = [&b"PK\x03\x04"[..], b"{\\rtf1 \\'", b""][start].to_vec();
            file.extend(bytes);
            let _ = text_of("a.txt", "text/plain", &file);
        }
    }
}
