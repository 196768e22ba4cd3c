//! Bytes to text, whatever charset a mail claims, forgets or gets wrong.
//!
//! Mail of the last thirty years lies about its charset in a handful of well-known ways;
//! this module knows them: the Windows superset meant by an ISO or national name, UTF-8
//! labelled Latin-1 and the other way round, no label at all. Every input gives a text;
//! what could not be read becomes U+FFFD. Only a text that cannot be Western is guessed by
//! statistics.

use std::borrow::Cow;

use encoding_rs::{
    EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_8, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
    WINDOWS_1255,
};
use mail_parser::decoders::charsets::map::charset_decoder;

/// What is to be said about a text that did not decode as labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The label is no charset we know; the text was guessed.
    UnknownLabel,
    /// The bytes contradict the label; another charset was taken.
    WrongLabel,
    /// Some bytes could not be read and became U+FFFD.
    Damaged,
}

/// Decodes `bytes` as `label` says, as far as the bytes agree.
///
/// Without a label: byte order mark, UTF-16 by its zero bytes, ISO-2022-JP by its escapes,
/// UTF-8, by its letters if most are not Latin, else Windows-1252.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> (String, Option<Doubt>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(encoding, &bytes[mark..], None);
    }
    let Some(label) = label.map(clean_label).filter(|label| !label.is_empty()) else {
        return finish(guess(bytes), bytes, None);
    };
    if let Some(encoding) = encoding_for(&label) {
        let seen = correct(encoding, bytes, &label);
        let doubt = (seen != encoding).then_some(Doubt::WrongLabel);
        return finish(seen, bytes, doubt);
    }
    // UTF-7, IBM code pages and a few others that the web platform has no decoder for.
    if let Some(decoder) = charset_decoder(label.as_bytes()) {
        return (decoder(bytes), None);
    }
    let doubt = (!bytes.is_ascii() && !is_nobodys_label(&label)).then_some(Doubt::UnknownLabel);
    finish(guess(bytes), bytes, doubt)
}

fn finish(encoding: &'static Encoding, bytes: &[u8], doubt: Option<Doubt>) -> (String, Option<Doubt>) {
    let bytes = if encoding == ISO_2022_JP { without_idle_escapes(bytes) } else { bytes.into() };
    let (text, damaged) = encoding.decode_without_bom_handling(&bytes);
    (text.into_owned(), doubt.or(damaged.then_some(Doubt::Damaged)))
}

/// An escape right behind another switches twice; the decoder takes that for an attack, mailers
/// write it wherever they join words.
fn without_idle_escapes(bytes: &[u8]) -> Cow<'_, [u8]> {
    const ESCAPE: u8 = 0x1b;
    if !bytes.windows(4).any(|window| window[0] == ESCAPE && window[3] == ESCAPE) {
        return bytes.into();
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == ESCAPE && bytes.get(at + 3) == Some(&ESCAPE) {
            at += 3;
        } else {
            kept.push(bytes[at]);
            at += 1;
        }
    }
    kept.into()
}

fn clean_label(label: &str) -> String {
    let label = label.split('(').next().unwrap_or_default();
    let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'<>;,".contains(c));
    label.to_ascii_lowercase().replace('_', "-")
}

/// Labels that say nothing: mailers write them when they do not know.
fn is_nobodys_label(label: &str) -> bool {
    matches!(
        label,
        "unknown" | "unknown-8bit" | "x-unknown" | "8bit" | "binary" | "default" | "ansi" | "none"
    )
}

/// The encoding meant by a label, including names that only mailers use.
fn encoding_for(label: &str) -> Option<&'static Encoding> {
    if let Some(encoding) = special_label(label) {
        return Some(encoding);
    }
    if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
        return Some(encoding);
    }
    let squeezed: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let respelt = if let Some(part) = squeezed.strip_prefix("iso8859") {
        format!("iso-8859-{part}")
    } else if let Some(page) = squeezed.strip_prefix("cp125").or_else(|| squeezed.strip_prefix("win125")) {
        format!("windows-125{page}")
    } else if let Some(page) = squeezed.strip_prefix("windows125") {
        format!("windows-125{page}")
    } else if let Some(part) = squeezed.strip_prefix("latin") {
        format!("latin{part}")
    } else if squeezed.starts_with("utf8") {
        "utf-8".to_owned()
    } else {
        squeezed
    };
    special_label(&respelt).or_else(|| Encoding::for_label_no_replacement(respelt.as_bytes()))
}

fn special_label(label: &str) -> Option<&'static Encoding> {
    Some(match label {
        // The older national standards are subsets of what is really sent under their name.
        "gb2312" | "gbk" | "gb-2312" | "cp936" | "ms936" | "x-gbk" | "euc-cn" | "csgb2312" => GB18030,
        "cp949" | "ms949" | "uhc" | "ks-c-5601" | "ks-c-5601-1987" | "ks-c-5601-1989" | "ksc5601" => EUC_KR,
        "cp932" | "ms932" | "windows-31j" | "sjis" | "shift-jis" => SHIFT_JIS,
        "iso-2022-jp" | "iso-2022-jp-ms" | "iso-2022-jp-1" | "cp50220" | "cp50221" => ISO_2022_JP,
        "iso-8859-8-i" | "iso-8859-8-e" => ISO_8859_8,
        "us-ascii" | "ascii" | "usascii" | "646" | "iso646-us" | "ansi-x3.4-1968" | "ansi-x3.4" => {
            WINDOWS_1252
        }
        "latin9" | "latin-9" => encoding_rs::ISO_8859_15,
        // Decided by `correct` from the bytes.
        "utf-16" | "utf16" | "ucs-2" | "unicode" | "iso-10646-ucs-2" => UTF_16BE,
        _ => return None,
    })
}

/// The encoding the bytes are really in, when they cannot be in the labelled one.
fn correct(encoding: &'static Encoding, bytes: &[u8], label: &str) -> &'static Encoding {
    if encoding == UTF_16BE && label != "utf-16be" {
        return utf16_by_zeros(bytes).unwrap_or(if looks_like_utf8(bytes) { UTF_8 } else { UTF_16BE });
    }
    if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() && !has_utf8_sequence(bytes) {
        return guess(bytes);
    }
    // Text that is valid UTF-8 beyond ASCII is practically never anything else.
    if encoding.is_single_byte() && looks_like_utf8(bytes) {
        return UTF_8;
    }
    if encoding == WINDOWS_1252 && looks_like_iso_2022_jp(bytes) {
        return ISO_2022_JP;
    }
    encoding
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(encoding) = utf16_by_zeros(bytes) {
        encoding
    } else if looks_like_iso_2022_jp(bytes) {
        ISO_2022_JP
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else if is_mostly_foreign(bytes) {
        let mut detector = chardetng::EncodingDetector::new();
        detector.feed(&bytes[..bytes.len().min(GUESSED_FROM)], true);
        let guessed = detector.guess(None, false);
        // Short Cyrillic words look Hebrew to statistics; among our writers they are not.
        if guessed == WINDOWS_1255 { detector.guess(Some(b"ru"), false) } else { guessed }
    } else {
        WINDOWS_1252
    }
}

/// Bytes that a statistical guess looks at.
const GUESSED_FROM: usize = 16 * 1024;

/// Whether so many letters are beyond ASCII that the script cannot be Latin.
fn is_mostly_foreign(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(GUESSED_FROM)];
    let foreign = sample.iter().filter(|byte| !byte.is_ascii()).count();
    let latin = sample.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    4 <= foreign && latin < foreign * 2
}

fn looks_like_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

/// Whether one multi-byte UTF-8 sequence is in there: a damaged UTF-8 text, not another charset.
fn has_utf8_sequence(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

fn looks_like_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.is_ascii() && bytes.windows(3).any(|window| matches!(window, b"\x1b$B" | b"\x1b$@" | b"\x1b(J"))
}

/// UTF-16 of mostly Latin text has a zero in every second byte.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512)];
    let pairs = sample.len() / 2;
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs < 2 {
        None
    } else if pairs < odd * 2 && even * 8 < odd {
        Some(UTF_16LE)
    } else if pairs < even * 2 && odd * 8 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The whole message as 8-bit text: some exporters write mails as UTF-16 files.
pub(crate) fn as_single_bytes(raw: &[u8]) -> Cow<'_, [u8]> {
    let (encoding, mark) = match Encoding::for_bom(raw) {
        Some((encoding, mark)) => (encoding, mark),
        None => match utf16_by_zeros(raw) {
            Some(encoding) => (encoding, 0),
            None => return Cow::Borrowed(raw),
        },
    };
    if encoding == UTF_8 {
        return Cow::Borrowed(&raw[mark..]);
    }
    let (text, _) = encoding.decode_without_bom_handling(&raw[mark..]);
    Cow::Owned(text.into_owned().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_mean_what_mailers_mean_by_them() {
        for (bytes, label, text) in [
            (&b"gr\xfc\xdfe"[..], "iso-8859-1", "grüße"),
            (b"\x80 5", "ISO8859-1", "€ 5"),
            (b"\xa4 5", "iso_8859-15", "€ 5"),
            (b"gr\xfc\xdfe", "us-ascii", "grüße"),
            (b"gr\xfc\xdfe", "x-unknown", "grüße"),
            (b"gr\xfc\xdfe", "\"Windows-1252\"", "grüße"),
            (b"gr\xfc\xdfe", "cp-1252", "grüße"),
            ("grüße".as_bytes(), "utf8", "grüße"),
            ("grüße".as_bytes(), "iso-8859-1", "grüße"),
            (b"\xc4\xe3\xba\xc3\x81\x30\x89\x38", "gb2312", "你好ß"),
            (b"\xbe\xc8\x81\x41", "ks_c_5601-1987", "안갂"),
            (b"\x1b$B%O%m!<\x1b(B!", "iso-2022-jp", "ハロー!"),
            (b"\x83n\x83\x8d", "cp932", "ハロ"),
            (b"+ZYeB9FH6ckh5Pg-, 1980.", "utf-7", "文致出版社, 1980."),
            (b"g\0r\0\xfc\0n\0", "utf-16", "grün"),
            (b"\0g\0r\0\xfc\0n", "utf-16", "grün"),
        ] {
            assert_eq!(decode(bytes, Some(label)).0, text, "{label}");
        }
    }

    #[test]
    fn text_without_a_label_is_recognised() {
        for (bytes, text) in [
            (&b"plain"[..], "plain"),
            ("schöner".as_bytes(), "schöner"),
            (b"sch\xf6ner", "schöner"),
            (b"\xef\xbb\xbfmark", "mark"),
            (b"\xff\xfeg\0r\0", "gr"),
            (b"g\0r\0\xfc\0n\0", "grün"),
            (b"\x1b$B%O%m!<\x1b(B!", "ハロー!"),
            (
                b"\xd0\xd2\xc9\xd7\xc5\xd4, \xc7\xc4\xc5 \xcd\xcf\xca \xda\xc1\xcb\xc1\xda",
                "привет, где мой заказ",
            ),
            (
                b"\xef\xf0\xe8\xe2\xe5\xf2, \xe3\xe4\xe5 \xec\xee\xe9 \xe7\xe0\xea\xe0\xe7",
                "привет, где мой заказ",
            ),
            (
                b"\xc4\xfa\xba\xc3\xa3\xac\xce\xd2\xb5\xc4\xb6\xa9\xb5\xa5\xd4\xda\xc4\xc4\xc0\xef",
                "您好，我的订单在哪里",
            ),
        ] {
            assert_eq!(decode(bytes, None).0, text);
        }
    }

    #[test]
    fn a_wrong_label_is_said() {
        assert_eq!(decode("ü".as_bytes(), Some("latin1")).1, Some(Doubt::WrongLabel));
        assert_eq!(decode(b"\xfc", Some("utf-8")).1, Some(Doubt::WrongLabel));
        assert_eq!(decode(b"\xc3\xbc\xfc", Some("utf-8")).1, Some(Doubt::Damaged));
        assert_eq!(decode(b"\xfc", Some("klingon")).1, Some(Doubt::UnknownLabel));
        assert_eq!(decode("ü".as_bytes(), Some("utf-8")).1, None);
    }
}
