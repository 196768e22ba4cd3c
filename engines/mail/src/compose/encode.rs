//! The encodings of an outgoing message: folding, encoded words, parameters, bodies.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::File;
use crate::headers::Address;

/// Characters of a line, without its end (RFC 5322, 2.1.1).
const LINE: usize = 76;

/// Writes an ASCII field, folded at blanks.
pub(super) fn field(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push(':');
    let mut column = name.len() + 1;
    for word in one_line(value).split(' ').filter(|word| !word.is_empty()) {
        if LINE < column + 1 + word.len() && name.len() + 1 < column {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
    out.push_str("\r\n");
}

/// Writes a field of free text, in encoded words where it needs them.
pub(super) fn text(out: &mut String, name: &str, value: &str) {
    let value = one_line(value);
    let plain =
        value.is_ascii() && !value.contains("=?") && value.split(' ').all(|word| word.len() < LINE - 10);
    field(out, name, &if plain { value } else { words(&value) });
}

/// Writes a field of mailboxes; none if there are none.
pub(super) fn addresses(out: &mut String, name: &str, mailboxes: &[Address]) {
    let written: Vec<String> = mailboxes.iter().map(mailbox).filter(|mailbox| !mailbox.is_empty()).collect();
    if !written.is_empty() {
        field(out, name, &written.join(", "));
    }
}

fn mailbox(mailbox: &Address) -> String {
    let forbidden = |c: &char| !c.is_whitespace() && !c.is_control() && !"<>,;:\"()".contains(*c);
    let address: String = mailbox.address.trim().chars().filter(forbidden).collect();
    let name = one_line(&mailbox.name);
    let name = name.trim();
    if address.is_empty() {
        String::new()
    } else if name.is_empty() {
        address
    } else if !name.is_ascii() || name.contains("=?") || LINE - 10 < name.len() {
        format!("{} <{address}>", words(name))
    } else if name.chars().all(|c| c.is_ascii_alphanumeric() || " -_'".contains(c)) {
        format!("{name} <{address}>")
    } else {
        format!("\"{}\" <{address}>", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Encoded words in Q encoding, short enough for one line, none ending within a character (RFC 2047).
fn words(text: &str) -> String {
    const OPEN: &str = "=?utf-8?Q?";
    // Shorter than the 75 allowed, so that a field's name and a comma fit beside it.
    const WORD: usize = 64;
    let mut words = vec![String::new()];
    for c in text.chars() {
        let mut encoded = String::new();
        match c {
            ' ' => encoded.push('_'),
            c if c.is_ascii_alphanumeric() => encoded.push(c),
            c => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    write!(encoded, "={byte:02X}").expect("writing to a string cannot fail");
                }
            }
        }
        let word = words.last_mut().expect("there is always one word");
        if WORD < OPEN.len() + word.len() + encoded.len() {
            words.push(encoded);
        } else {
            word.push_str(&encoded);
        }
    }
    words.iter().map(|word| format!("{OPEN}{word}?=")).collect::<Vec<_>>().join(" ")
}

/// Control characters as blanks: no value can end its field.
fn one_line(value: &str) -> String {
    value
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// An id without brackets, blanks and control characters.
pub(super) fn clean_id(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).take(900).collect()
}

/// A text as a part with its header; `format` is a parameter with its semicolon, or nothing.
pub(super) fn text_part(subtype: &str, format: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let simple = text.is_ascii()
        && text
            .split('\n')
            .all(|line| line.len() <= LINE && !line.ends_with([' ', '\t']) && !line.starts_with("From "));
    let (encoding, body) = if simple {
        ("7bit", text.replace('\n', "\r\n"))
    } else {
        ("quoted-printable", quoted_printable(&text))
    };
    format!(
        "Content-Type: text/{subtype}; charset=utf-8{format}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n"
    )
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for (count, line) in text.split('\n').enumerate() {
        if 0 < count {
            out.push_str("\r\n");
        }
        let bytes = line.as_bytes();
        let mut column = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            let is_last = at + 1 == bytes.len();
            let hides = column == 0 && (byte == b'.' || byte == b'F');
            let plain =
                matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !is_last);
            let width = if plain && !hides { 1 } else { 3 };
            if LINE - 1 < column + width {
                out.push_str("=\r\n");
                column = 0;
            }
            if width == 1 {
                out.push(char::from(byte));
            } else {
                write!(out, "={byte:02X}").expect("writing to a string cannot fail");
            }
            column += width;
        }
    }
    out
}

/// A file as a part with its header.
pub(super) fn file_part(file: &File) -> String {
    let mut part = String::new();
    field(&mut part, "Content-Type", &content_type(&file.content_type));
    field(&mut part, "Content-Transfer-Encoding", "base64");
    let disposition = if file.content_id.is_some() { "inline" } else { "attachment" };
    write!(part, "Content-Disposition: {disposition}{}\r\n", file_name(&file.name))
        .expect("writing to a string cannot fail");
    if let Some(id) = &file.content_id {
        field(&mut part, "Content-ID", &format!("<{}>", clean_id(id)));
    }
    part.push_str("\r\n");
    for line in STANDARD.encode(&file.content).as_bytes().chunks(LINE) {
        part.push_str(str::from_utf8(line).expect("base64 is ASCII"));
        part.push_str("\r\n");
    }
    part
}

fn content_type(given: &str) -> String {
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte))
    };
    match given.trim().split_once('/') {
        Some((main, sub)) if token(main) && token(sub) && main != "multipart" => format!("{main}/{sub}"),
        _ => "application/octet-stream".to_owned(),
    }
}

/// The `filename` parameter, in the sections of RFC 2231 where it is long or not ASCII.
fn file_name(name: &str) -> String {
    let name = one_line(name).replace(['/', '\\'], "_");
    let name = name.trim();
    if name.is_empty() {
        return String::new();
    }
    if name.is_ascii() && name.len() < 50 {
        return format!(";\r\n filename=\"{}\"", name.replace('"', "'"));
    }
    let mut sections = vec![String::from("utf-8''")];
    for byte in name.bytes() {
        let encoded = if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        };
        if 55 < sections.last().map_or(0, String::len) + encoded.len() {
            sections.push(String::new());
        }
        sections.last_mut().expect("there is always one section").push_str(&encoded);
    }
    if let [only] = sections.as_slice() {
        return format!(";\r\n filename*={only}");
    }
    sections.iter().enumerate().fold(String::new(), |mut out, (at, section)| {
        write!(out, ";\r\n filename*{at}*={section}").expect("writing to a string cannot fail");
        out
    })
}
