//! Structured MIME fields: `text/plain; charset=utf-8`, `attachment; filename="a.pdf"`.
//!
//! Reads RFC 2231 with its sections and charsets, and what mailers write instead of it. Sections are
//! joined before they are decoded, since mailers cut them in the middle of a character.

use std::collections::HashSet;

use crate::charset;
use crate::transfer::hex;
use crate::words::quote_words;

/// Parameters beyond this many are ignored.
const MAX_PARAMETERS: usize = 200;

/// A value with parameters.
#[derive(Debug, Default, Clone)]
pub(crate) struct Parameterised {
    /// Lower case, `text/plain` or `attachment`; empty if unreadable.
    pub value: String,
    parameters: Vec<(String, String)>,
}

impl Parameterised {
    /// Reads the field; never fails, at worst there is neither value nor parameter.
    pub fn read(field: &str) -> Self {
        let quoted = quote_words(field);
        let mut items = items(&quoted).into_iter();
        let mut value = items.next().unwrap_or_default();
        // A forgotten semicolon: "text/plain charset=utf-8".
        let forgotten = value.contains('=').then(|| value.trim().find(char::is_whitespace)).flatten();
        let parameter = forgotten.map(|at| value.trim().split_at(at).1.trim().to_owned());
        if let Some(at) = forgotten {
            value = value.trim()[..at].to_owned();
        }
        let items = parameter.into_iter().chain(items);
        let value: String = value.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
        let raw = items.filter_map(|item| {
            let (name, value) = item.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), unquote(value.trim())))
        });
        let raw: Vec<(String, String)> = raw.take(MAX_PARAMETERS).collect();
        Self { value: value.to_ascii_lowercase(), parameters: join_sections(&raw) }
    }

    /// The parameter's value, if it is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(parameter, _)| parameter == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// `text` of `text/plain`.
    pub fn main_type(&self) -> &str {
        self.value.split('/').next().unwrap_or_default()
    }
}

/// Cuts at semicolons outside of quotes, and leaves comments out.
fn items(field: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let (mut in_quotes, mut comment, mut escaped) = (false, 0usize, false);
    for c in field.chars() {
        let item = items.last_mut().expect("there is always one item");
        match c {
            _ if escaped => {
                escaped = false;
                item.push(c);
            }
            '\\' if in_quotes => {
                escaped = true;
                item.push(c);
            }
            '"' if comment == 0 => {
                in_quotes = !in_quotes;
                item.push(c);
            }
            '(' if !in_quotes && item.trim_end().is_empty() => comment += 1,
            ')' if !in_quotes && 0 < comment => comment -= 1,
            _ if 0 < comment => {}
            ';' if !in_quotes => items.push(String::new()),
            _ => item.push(c),
        }
    }
    items
}

/// `"a \" b"` as `a " b`. A backslash before an ordinary character is part of a Windows path.
fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.trim_end_matches('"').to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if matches!(characters.peek(), Some('"' | '\\')) => text.extend(characters.next()),
            // The end, unless another quoted word follows, as encoded words do.
            '"' => {}
            c => text.push(c),
        }
    }
    text
}

/// `name*0*`, `name*1` … under one name, decoded.
fn join_sections(raw: &[(String, String)]) -> Vec<(String, String)> {
    let mut joined: Vec<(String, String)> = Vec::new();
    let mut extended_ones = HashSet::new();
    for (name, value) in raw {
        let Some((base, _)) = name.split_once('*') else {
            // An extended value is the better one, wherever it stands.
            if !joined.iter().any(|(known, _)| known == name) {
                joined.push((name.clone(), value.clone()));
            }
            continue;
        };
        if !extended_ones.insert(base) {
            continue;
        }
        let text = extended(raw, base);
        match joined.iter_mut().find(|(known, _)| known == base) {
            Some((_, known)) => *known = text,
            None => joined.push((base.to_owned(), text)),
        }
    }
    joined
}

/// All sections of a parameter, in the order of their numbers.
fn extended(raw: &[(String, String)], base: &str) -> String {
    let mut sections: Vec<(u32, bool, &str)> = Vec::new();
    for (name, value) in raw {
        let Some(rest) = name.strip_prefix(base).and_then(|rest| rest.strip_prefix('*')) else { continue };
        let encoded = rest.is_empty() || rest.ends_with('*');
        let number = rest.trim_end_matches('*').parse().unwrap_or(0);
        sections.push((number, encoded, value));
    }
    sections.sort_by_key(|(number, _, _)| *number);
    let mut label = None;
    let mut bytes = Vec::new();
    for (at, (_, encoded, value)) in sections.into_iter().enumerate() {
        let mut parts = value.splitn(3, '\'');
        let value = match (parts.next(), parts.next(), parts.next()) {
            (Some(charset), Some(_), Some(rest)) if at == 0 && encoded => {
                label = Some(charset);
                rest
            }
            _ => value,
        };
        bytes.extend(if encoded { percent_decoded(value) } else { value.as_bytes().to_vec() });
    }
    charset::decode(&bytes, label).0
}

fn percent_decoded(value: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'%', [high, low, behind @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = behind;
        } else {
            bytes.push(*first);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_read_from_every_spelling() {
        for (field, value, charset) in [
            ("text/plain; charset=utf-8", "text/plain", Some("utf-8")),
            ("Text/HTML;charset=\"UTF-8\"", "text/html", Some("UTF-8")),
            ("text/plain; charset = utf-8 ; x=y", "text/plain", Some("utf-8")),
            ("text/plain; charset=us-ascii (Plain text)", "text/plain", Some("us-ascii (Plain text)")),
            ("(comment) text/plain; (another) charset=utf-8", "text/plain", Some("utf-8")),
            ("text / plain; charset*=us-ascii'en'utf-8", "text/plain", Some("utf-8")),
            ("text/plain;;;", "text/plain", None),
            ("text/plain charset=utf-8", "text/plain", Some("utf-8")),
            ("text", "text", None),
            ("", "", None),
        ] {
            let read = Parameterised::read(field);
            assert_eq!((read.value.as_str(), read.get("charset")), (value, charset), "{field}");
        }
    }

    #[test]
    fn file_names_are_read_from_every_spelling() {
        for (field, name) in [
            ("attachment; filename=\"a b.pdf\"", "a b.pdf"),
            ("attachment; filename=a.pdf", "a.pdf"),
            ("attachment; filename*=utf-8''gr%C3%BCn.pdf", "grün.pdf"),
            ("attachment; filename*=iso-8859-1'de'gr%FCn.pdf", "grün.pdf"),
            ("attachment; filename*0*=utf-8''gr%C3; filename*1*=%BCn.pdf", "grün.pdf"),
            ("attachment; filename*0=\"gr\"; filename*1=\"au.pdf\"", "grau.pdf"),
            ("attachment; filename=\"=?utf-8?Q?gr=C3=BCn=2Epdf?=\"", "grün.pdf"),
            ("attachment; filename==?utf-8?Q?gr=C3=BCn=2Epdf?=", "grün.pdf"),
            ("attachment; filename=\"=?utf-8?Q?gr=C3?= =?utf-8?Q?=BCn.pdf?=\"", "grün.pdf"),
            ("attachment; filename=\"grün.pdf\"", "grün.pdf"),
        ] {
            assert_eq!(Parameterised::read(field).get("filename"), Some(name), "{field}");
        }
    }
}
