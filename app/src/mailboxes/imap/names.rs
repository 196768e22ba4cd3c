//! Folder names on the wire: modified UTF-7 (RFC 3501, 5.1.3), and sets of UIDs.

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A name as the server wants it: `Entwürfe` is `Entw&APw-rfe`.
pub fn encode(name: &str) -> String {
    let mut wire = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let plain = |c: char| (' '..='~').contains(&c);
        let end = rest.find(|c| plain(c) != plain(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if plain(first) {
            wire += &run.replace('&', "&-");
        } else {
            let units: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
            wire += &format!("&{}-", BASE64.encode(units));
        }
        rest = after;
    }
    wire
}

/// A name as people read it. What is not well-formed stays as it is.
pub fn decode(wire: &str) -> String {
    let mut name = String::new();
    let mut rest = wire;
    while let Some((plain, after)) = rest.split_once('&') {
        name += plain;
        let Some((shifted, after)) = after.split_once('-') else { return wire.to_owned() };
        match (shifted, units(shifted)) {
            ("", _) => name.push('&'),
            (_, Some(text)) => name += &text,
            (_, None) => return wire.to_owned(),
        }
        rest = after;
    }
    name + rest
}

fn units(shifted: &str) -> Option<String> {
    let bytes = BASE64.decode(shifted).ok()?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// A name in quotes, for a command.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", encode(name).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Ascending UIDs as a set: `1:4,7`.
pub fn set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut rest = uids;
    while let Some(first) = rest.first() {
        let mut length = 1;
        while length < rest.len() && rest[length] == rest[length - 1] + 1 {
            length += 1;
        }
        if !set.is_empty() {
            set.push(',');
        }
        set += &first.to_string();
        if 1 < length {
            set += &format!(":{}", rest[length - 1]);
        }
        rest = &rest[length..];
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_travel_in_modified_utf7() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("Gelöschte Elemente", "Gel&APY-schte Elemente"),
            ("Kunden & Co", "Kunden &- Co"),
            ("台北", "&U,BTFw-"),
            ("Lob 💛", "Lob &2D3cmw-"),
        ] {
            assert_eq!(encode(name), wire);
            assert_eq!(decode(wire), name);
        }
        for odd in ["&", "a&b", "&!!-", "&2D0-"] {
            assert_eq!(decode(odd), odd);
        }
    }

    #[test]
    fn quotes_cannot_be_broken_out_of() {
        assert_eq!(quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }

    #[test]
    fn neighbours_are_a_range() {
        for (uids, text) in [
            (&[][..], ""),
            (&[5], "5"),
            (&[1, 2, 3, 7, 9, 10], "1:3,7,9:10"),
            (&[u32::MAX - 1, u32::MAX], "4294967294:4294967295"),
        ] {
            assert_eq!(set(uids), text);
        }
    }
}
