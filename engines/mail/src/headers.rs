//! Header fields: the block at the top of a message or part, and what its fields say.
//!
//! The grammar of addresses, dates and MIME parameters is mail-parser's; what is done here comes
//! before it: finding the block in damaged messages, unfolding, reading raw 8-bit, and decoding
//! encoded words wherever mailers put them although RFC 2047 forbids it (inside quotes, inside
//! parameters, split in the middle of a character).

use mail_parser::{HeaderValue, parsers::MessageStream};
use memchr::memchr3;
use serde::Serialize;

use crate::charset;
use crate::parameters::Parameterised;
use crate::words::{decode_words, quote_words};

/// Fields beyond this many are ignored.
const MAX_FIELDS: usize = 2_000;
/// Bytes of one field beyond this are ignored.
const MAX_FIELD: usize = 256 * 1024;
/// Bytes of all fields of one block beyond this are ignored.
const MAX_BLOCK: usize = 4 * 1024 * 1024;
/// Addresses of one field beyond this many are ignored.
const MAX_ADDRESSES: usize = 2_000;

/// A mailbox as written in a header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Address {
    /// Empty if none was given.
    pub name: String,
    /// As written; empty for a name without an address.
    pub address: String,
}

/// The fields of one header block, unfolded, as text, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers {
    fields: Vec<(String, String)>,
    /// Some fields or bytes were over a limit.
    pub cut: bool,
}

impl Headers {
    /// The header block at the start of `bytes`, and where the body begins.
    pub fn split(bytes: &[u8]) -> (Self, usize) {
        let (raw, body, cut) = raw_fields(bytes);
        let label =
            raw.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"content-type")).and_then(|(_, value)| {
                Parameterised::read(&String::from_utf8_lossy(value)).get("charset").map(str::to_owned)
            });
        let fields = raw
            .into_iter()
            .map(|(name, value)| {
                (String::from_utf8_lossy(name).to_ascii_lowercase(), field_text(value, label.as_deref()))
            })
            .collect();
        (Self { fields, cut }, body)
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The first field of that name, still encoded. `name` is lower case.
    pub fn raw(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str())
    }

    /// All fields of that name, still encoded, first to last. `name` is lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether any field's name begins with `prefix` (lower case).
    pub fn any_starting(&self, prefix: &str) -> bool {
        self.fields.iter().any(|(field, _)| field.starts_with(prefix))
    }

    /// The first field of that name as people read it.
    pub fn text(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| decode_words(value).trim().to_owned())
    }

    /// All fields of that name as people read them, first to last. `name` is lower case.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.all(name).map(|value| decode_words(value).trim().to_owned())
    }

    /// The mailboxes of all fields of that name.
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        let mut addresses: Vec<_> = self.all(name).flat_map(addresses).collect();
        addresses.truncate(MAX_ADDRESSES);
        addresses
    }

    /// The message ids of a field, without angle brackets.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(message_ids).collect()
    }

    /// The first field of that name with what stands behind its semicolons, as in `Content-Type`.
    pub fn parameterised(&self, name: &str) -> Option<Parameterised> {
        self.raw(name).map(Parameterised::read)
    }

    /// Seconds since 1970, if the date can be read.
    pub fn date(&self) -> Option<i64> {
        let value = self.raw("date")?;
        let date =
            mail_parser::DateTime::parse_rfc822(value).filter(mail_parser::DateTime::is_valid).or_else(
                || mail_parser::DateTime::parse_rfc3339(value.trim()).filter(mail_parser::DateTime::is_valid),
            )?;
        Some(date.to_timestamp())
    }
}

type RawField<'a> = (&'a [u8], Vec<u8>);

/// The unfolded fields, the offset of the body, and whether a limit was met.
fn raw_fields(bytes: &[u8]) -> (Vec<RawField<'_>>, usize, bool) {
    let mut fields: Vec<RawField<'_>> = Vec::new();
    let (mut offset, mut size, mut cut) = (0, 0, false);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let content = trim_line_end(line);
        if content.is_empty() || (content.trim_ascii().is_empty() && fields.is_empty()) {
            return (fields, offset + line.len(), cut);
        }
        if matches!(content[0], b' ' | b'\t') && !fields.is_empty() {
            if let Some((_, value)) = fields.last_mut() {
                cut |= !append(value, content, &mut size);
            }
        } else if let Some((name, rest)) = split_field(content) {
            if fields.len() < MAX_FIELDS {
                let mut value = Vec::new();
                cut |= !append(&mut value, rest, &mut size);
                fields.push((name, value));
            } else {
                cut = true;
            }
        } else if !is_tolerable(content, &bytes[offset + line.len()..]) {
            return (fields, offset, cut);
        }
        offset += line.len();
    }
    (fields, offset, cut)
}

fn append(value: &mut Vec<u8>, part: &[u8], size: &mut usize) -> bool {
    let room = (MAX_FIELD - value.len().min(MAX_FIELD)).min(MAX_BLOCK - (*size).min(MAX_BLOCK));
    let kept = &part[..part.len().min(room)];
    value.extend_from_slice(kept);
    *size += kept.len();
    kept.len() == part.len()
}

fn trim_line_end(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] = line {
        line = rest;
    }
    line
}

/// `Name: value`; names are printable ASCII without blanks, as RFC 5322 says.
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().take(200).position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then(|| (name, &line[colon + 1..]))
}

/// A line that is no field but does not end the block: an mbox separator, or garbage between two
/// fields, as some gateways write it.
fn is_tolerable(line: &[u8], rest: &[u8]) -> bool {
    if line.starts_with(b"From ") || line.starts_with(b">From ") || is_misspelt_field(line) {
        return true;
    }
    let next = trim_line_end(rest.split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default());
    split_field(next).is_some_and(|(name, _)| is_common_name(name))
}

/// A field whose name holds characters it must not.
fn is_misspelt_field(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    name.len() < line.len().min(80) && !name.is_ascii() && !name.contains(&b' ')
}

fn is_common_name(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(
        name.as_slice(),
        b"from"
            | b"to"
            | b"cc"
            | b"subject"
            | b"date"
            | b"message-id"
            | b"mime-version"
            | b"received"
            | b"return-path"
            | b"reply-to"
            | b"in-reply-to"
            | b"references"
            | b"sender"
    ) || name.starts_with(b"content-")
        || name.starts_with(b"x-")
}

/// Raw 8-bit in a header is in the message's own charset, if it is not UTF-8.
fn field_text(value: Vec<u8>, label: Option<&str>) -> String {
    let mut text = match String::from_utf8(value) {
        Ok(text) => text,
        Err(damaged) => charset::decode(damaged.as_bytes().trim_ascii(), label).0,
    };
    if memchr3(b'\r', b'\n', 0, text.as_bytes()).is_some() {
        text = text.replace(['\r', '\n', '\0'], " ");
    }
    text.truncate(text.trim_ascii_end().len());
    text.drain(..text.len() - text.trim_ascii_start().len());
    text
}

/// All mailboxes of an address field, groups flattened.
pub(crate) fn addresses(field: &str) -> Vec<Address> {
    let found = parse_addresses(&quote_words(field));
    if found.iter().any(|mailbox| mailbox.address.contains('@')) {
        return found;
    }
    // Some mailers encode the whole mailbox, brackets included.
    let decoded = decode_words(field);
    let again = if decoded.contains('@') { parse_addresses(&decoded) } else { Vec::new() };
    if again.iter().any(|mailbox| mailbox.address.contains('@')) { again } else { found }
}

fn parse_addresses(field: &str) -> Vec<Address> {
    let line = format!("{field}\n");
    let HeaderValue::Address(parsed) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    parsed
        .iter()
        .take(MAX_ADDRESSES)
        .map(|mailbox| Address {
            name: tidy_name(mailbox.name.as_deref().unwrap_or_default()),
            address: without_idle_quotes(mailbox.address.as_deref().unwrap_or_default().trim()),
        })
        .map(address_written_as_name)
        .filter(|mailbox| !mailbox.name.is_empty() || !mailbox.address.is_empty())
        .collect()
}

/// `"anna"@example.de` is `anna@example.de`: quotes say nothing around what needs none.
fn without_idle_quotes(address: &str) -> String {
    match address.strip_prefix('"').and_then(|rest| rest.split_once("\"@")) {
        Some((local, domain)) if is_plain(local) => format!("{local}@{domain}"),
        _ => address.to_owned(),
    }
}

fn is_plain(local: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&*+-/=?_.".contains(&byte);
    !local.is_empty() && local.bytes().all(plain)
}

fn tidy_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let unquoted = name.strip_prefix('\'').and_then(|name| name.strip_suffix('\''));
    unquoted.unwrap_or(&name).to_owned()
}

/// `"hans@example.de"` alone is an address that someone quoted; so is a bare word, a mailbox of the same machine.
fn address_written_as_name(mut mailbox: Address) -> Address {
    // The grammar takes a quoted first half for a name.
    if mailbox.address.starts_with('@') && !mailbox.name.is_empty() {
        let local = std::mem::take(&mut mailbox.name);
        let local = if is_plain(&local) { local } else { format!("\"{local}\"") };
        mailbox.address.insert_str(0, &local);
    }
    let looks_like_address = !mailbox.name.contains(char::is_whitespace) && mailbox.name.is_ascii();
    if mailbox.address.is_empty() && looks_like_address {
        std::mem::swap(&mut mailbox.name, &mut mailbox.address);
    }
    mailbox
}

/// The ids in a field, without angle brackets; tolerates missing brackets and comments.
pub(crate) fn message_ids(field: &str) -> Vec<String> {
    if field.contains('<') {
        return field
            .split('<')
            .skip(1)
            .filter_map(|after| after.split('>').next())
            .map(|id| id.split_whitespace().collect::<String>())
            .filter(|id| !id.is_empty())
            .collect();
    }
    let tokens = field.split([' ', '\t', ',', ';']).map(|token| token.trim_matches(['"', '>', '(', ')']));
    tokens.filter(|token| token.contains('@')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_any_disorder() {
        for (field, name, address) in [
            ("Hans <hans@example.de>", "Hans", "hans@example.de"),
            ("hans@example.de (Hans Huber)", "Hans Huber", "hans@example.de"),
            ("\"Huber, Hans\" <hans@example.de>", "Huber, Hans", "hans@example.de"),
            ("=?utf-8?Q?M=C3=BCller=2C_Hans?= <hans@example.de>", "Müller, Hans", "hans@example.de"),
            ("\"=?utf-8?Q?M=C3=BCller=2C_Hans?=\" <hans@example.de>", "Müller, Hans", "hans@example.de"),
            ("Hans =?utf-8?q?M=C3=BCller?= <hans@example.de>", "Hans Müller", "hans@example.de"),
            ("=?utf-8?q?J=C3=B6rg?= Huber <joerg@example.de>", "Jörg Huber", "joerg@example.de"),
            ("Jo =?utf-8?q?M=C3=BCller?= von Au <jo@example.de>", "Jo Müller von Au", "jo@example.de"),
            ("=?utf-8?Q?Hans_=3Chans=40example.de=3E?=", "Hans", "hans@example.de"),
            ("Müller <hans@example.de>", "Müller", "hans@example.de"),
            ("<hans@example.de>", "", "hans@example.de"),
            ("'Hans' <hans@example.de>", "Hans", "hans@example.de"),
            ("\"hans@example.de\"", "", "hans@example.de"),
            ("\"hans.huber\"@example.de", "", "hans.huber@example.de"),
            ("\"hans huber\"@example.de", "", "\"hans huber\"@example.de"),
            ("root", "", "root"),
            ("Hans Huber", "Hans Huber", ""),
            ("team: hans@example.de;", "", "hans@example.de"),
        ] {
            let found = addresses(field);
            let wanted = Address { name: name.to_owned(), address: address.to_owned() };
            assert_eq!(found.first(), Some(&wanted), "{field}");
        }
    }

    #[test]
    fn the_header_block_is_found_in_damaged_messages() {
        for (raw, subject, body) in [
            ("Subject: a\r\n\r\nBody", "a", "Body"),
            ("Subject: a\n\nBody", "a", "Body"),
            ("From hans Mon Jan 1\nSubject: a\n\nBody", "a", "Body"),
            ("Subject: a\n b\n\tc\n\nBody", "a b\tc", "Body"),
            ("Subject : a\n\nBody", "a", "Body"),
            ("Subject: a\nthis is garbage\nTo: b\n\nBody", "a", "Body"),
            ("Subject: a\nno blank line", "a", "no blank line"),
            ("Subject: a", "a", ""),
        ] {
            let (headers, offset) = Headers::split(raw.as_bytes());
            assert_eq!(headers.raw("subject"), Some(subject), "{raw}");
            assert_eq!(&raw[offset..], body, "{raw}");
        }
    }

    #[test]
    fn message_ids_lose_their_brackets_only() {
        assert_eq!(message_ids("<a@b> <c@d>"), ["a@b", "c@d"]);
        assert_eq!(message_ids("\"Message of Monday\" <a@b>"), ["a@b"]);
        assert_eq!(message_ids("a@b"), ["a@b"]);
        assert_eq!(message_ids("<a\t@b>"), ["a@b"]);
        assert!(message_ids("nothing here").is_empty());
    }
}
