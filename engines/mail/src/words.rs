//! Encoded words (RFC 2047): text beyond ASCII in header fields.
//!
//! Decoded wherever mailers put them, although the standard forbids it: inside quotes and parameters,
//! with blanks in them, split in the middle of a character.

use crate::{charset, transfer};

/// Encoded words (RFC 2047) as text; everything else stays.
pub(crate) fn decode_words(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for piece in pieces(value) {
        match piece {
            Piece::Plain(plain) => text.push_str(plain),
            Piece::Decoded(decoded) => text.push_str(&decoded),
        }
    }
    text
}

/// Encoded words as quoted strings, so that their content cannot be taken for grammar.
pub(crate) fn quote_words(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut in_quotes = false;
    let pieces = pieces(value);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Plain(plain) => {
                in_quotes = quotes_after(plain, in_quotes);
                text.push_str(plain);
            }
            Piece::Decoded(decoded) => {
                let escaped = decoded.replace('\\', "\\\\").replace('"', "\\\"");
                if in_quotes {
                    text.push_str(&escaped);
                } else {
                    // The grammar forgets blanks between a word and a quoted one: they go inside.
                    let before = if text.ends_with([' ', '\t']) { " " } else { "" };
                    let after = if starts_with_blank(pieces.get(at + 1)) { " " } else { "" };
                    text.extend(["\"", before, escaped.as_str(), after, "\""]);
                }
            }
        }
    }
    text
}

fn starts_with_blank(piece: Option<&Piece<'_>>) -> bool {
    matches!(piece, Some(Piece::Plain(plain)) if plain.starts_with([' ', '\t']))
}

fn quotes_after(plain: &str, mut in_quotes: bool) -> bool {
    let mut escaped = false;
    for byte in plain.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_quotes,
            b'"' => in_quotes = !in_quotes,
            _ => {}
        }
    }
    in_quotes
}

enum Piece<'a> {
    Plain(&'a str),
    Decoded(String),
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    end: usize,
}

/// Cuts a field into plain text and decoded words. Blanks between two words belong to the
/// encoding, and words of one charset are joined before decoding, since mailers split characters.
fn pieces(value: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain_from, mut search_from) = (0, 0);
    let mut open: Option<Word<'_>> = None;
    // Kept between words, so that a field full of "=?" is searched once.
    let mut next_end = value.find("?=");
    while let Some(start) = value[search_from..].find("=?").map(|at| at + search_from) {
        let Some(word) = read_word(value, start, &mut next_end) else {
            search_from = start + 2;
            continue;
        };
        let between = &value[plain_from..start];
        search_from = word.end;
        plain_from = word.end;
        open = Some(match open.take() {
            Some(mut before)
                if between.trim().is_empty() && before.charset.eq_ignore_ascii_case(word.charset) =>
            {
                before.bytes.extend(word.bytes);
                before
            }
            before => {
                let joined = before.is_some() && between.trim().is_empty();
                close(before, &mut pieces);
                if !joined {
                    pieces.push(Piece::Plain(between));
                }
                word
            }
        });
    }
    close(open, &mut pieces);
    pieces.push(Piece::Plain(&value[plain_from..]));
    pieces
}

fn close<'a>(word: Option<Word<'a>>, pieces: &mut Vec<Piece<'a>>) {
    if let Some(word) = word {
        let (text, _) = charset::decode(&word.bytes, Some(word.charset));
        pieces.push(Piece::Decoded(text.replace(['\r', '\n', '\0'], " ")));
    }
}

/// The encoded word at `start`: `=?charset*language?B or Q?content?=`.
fn read_word<'a>(value: &'a str, start: usize, next_end: &mut Option<usize>) -> Option<Word<'a>> {
    let inner = start + 2;
    let head = value.as_bytes()[inner..].iter().take(64).position(|&byte| byte == b'?')?;
    let label = &value[inner..inner + head];
    let encoding = *value.as_bytes().get(inner + head + 1)?;
    let content_from = inner + head + 3;
    if label.contains(char::is_whitespace) || value.as_bytes().get(content_from - 1) != Some(&b'?') {
        return None;
    }
    while next_end.is_some_and(|end| end < content_from) {
        *next_end = value[content_from..].find("?=").map(|at| at + content_from);
    }
    let content_to = (*next_end)?;
    let content = &value.as_bytes()[content_from..content_to];
    let bytes = match encoding {
        b'B' | b'b' => transfer::base64(content),
        b'Q' | b'q' => {
            let spaced: Vec<u8> =
                content.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect();
            q_bytes(&spaced)
        }
        _ => return None,
    };
    let charset = label.split('*').next().unwrap_or_default();
    Some(Word { charset, bytes, end: content_to + 2 })
}

/// Quoted-printable without its rules about line ends: a trailing blank is content here.
fn q_bytes(content: &[u8]) -> Vec<u8> {
    let kept = content.trim_ascii_end().len();
    let mut bytes = transfer::quoted_printable(&content[..kept]);
    bytes.extend_from_slice(&content[kept..]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_also_where_they_are_abused() {
        for (value, text) in [
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?ISO-8859-1?q?Gr=FC=DFe_aus?= Wien", "Grüße aus Wien"),
            ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
            ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
            ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
            ("=?utf-8?B?w?= =?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"),
            ("=?utf-8*de?Q?=C3=BC?=", "ü"),
            ("=?utf-8?Q?zwei Wörter?=", "zwei Wörter"),
            ("vor=?utf-8?Q?=C3=BC?=nach", "vorünach"),
            ("=?iso-2022-jp?B?GyRCJU8bKEI=?= =?iso-2022-jp?B?GyRCJW0bKEI=?=", "ハロ"),
            ("=?utf-8?Q?open", "=?utf-8?Q?open"),
            ("a =? b ?= c", "a =? b ?= c"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ] {
            assert_eq!(decode_words(value), text, "{value}");
        }
    }
}
