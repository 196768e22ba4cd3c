//! Content-Transfer-Encodings, read as leniently as the most forgiving mail client does.
//!
//! None of these can fail: what is not part of the encoding is skipped (base64) or kept as it
//! stands (quoted-printable), since a half readable attachment is worth more than an error.

use std::borrow::Cow;

/// Undoes the named transfer encoding; an unknown name means the bytes are as they are.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase().as_str() {
        "base64" => Cow::Owned(base64(bytes)),
        "quoted-printable" | "quotedprintable" => Cow::Owned(quoted_printable(bytes)),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => {
            uuencode(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned)
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// Base64 of either alphabet; skips foreign bytes, takes padding anywhere as the end of a group.
#[must_use]
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = whole_groups(rest, &mut decoded);
        rest = one_group(rest, &mut decoded);
    }
    decoded
}

/// Decodes groups of four as long as nothing foreign is among them, which is nearly all of any real part.
fn whole_groups<'a>(mut bytes: &'a [u8], decoded: &mut Vec<u8>) -> &'a [u8] {
    while let [a, b, c, d, rest @ ..] = bytes {
        let [a, b, c, d] = [a, b, c, d].map(|&byte| SEXTETS[usize::from(byte)]);
        if FOREIGN <= (a | b | c | d) {
            break;
        }
        decoded.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        bytes = rest;
    }
    bytes
}

/// Decodes up to the end of one group, over whatever stands within it.
fn one_group<'a>(bytes: &'a [u8], decoded: &mut Vec<u8>) -> &'a [u8] {
    let (mut group, mut count) = (0u32, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let sextet = SEXTETS[usize::from(byte)];
        if sextet < FOREIGN {
            group = group << 6 | u32::from(sextet);
            count += 1;
        }
        if count == 4 || (byte == b'=' && 0 < count) {
            flush_group(decoded, group, count);
            return &bytes[at + 1..];
        }
    }
    flush_group(decoded, group, count);
    &[]
}

/// Writes the whole bytes among `count` sextets; a single sextet is less than a byte.
fn flush_group(decoded: &mut Vec<u8>, group: u32, count: usize) {
    let bytes = (group << (6 * (4 - count))).to_be_bytes();
    decoded.extend_from_slice(&bytes[1..][..count.saturating_sub(1)]);
}

/// Above all sextets.
const FOREIGN: u8 = 0x40;

/// The value of each byte, of either alphabet.
const SEXTETS: [u8; 256] = {
    let mut values = [FOREIGN; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        values[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

/// Quoted-printable; `=` that starts nothing known stays, blanks at line ends go (RFC 2045, 6.7).
#[must_use]
pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let content = line.trim_ascii_end();
        let ends_line = line.last() == Some(&b'\n');
        let soft_break = content.last() == Some(&b'=');
        let content = if soft_break { &content[..content.len() - 1] } else { content };
        quoted_printable_line(content, &mut decoded);
        if ends_line && !soft_break {
            decoded.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        }
    }
    decoded
}

fn quoted_printable_line(mut line: &[u8], decoded: &mut Vec<u8>) {
    while let [first, rest @ ..] = line {
        line = rest;
        if let (b'=', [high, low, after @ ..]) = (first, rest)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push(high << 4 | low);
            line = after;
        } else {
            decoded.push(*first);
        }
    }
}

/// The value of one hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The first file between `begin` and `end`; `None` if there is no `begin` line.
fn uuencode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    lines.find(|line| line.starts_with(b"begin "))?;
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    lines.take_while(|line| *line != b"end").for_each(|line| uuencoded_line(line, &mut decoded));
    Some(decoded)
}

/// A line's first character says how many bytes it holds.
fn uuencoded_line(line: &[u8], decoded: &mut Vec<u8>) {
    let [length, data @ ..] = line else { return };
    let length = usize::from(length.wrapping_sub(b' ') & 0x3f);
    let start = decoded.len();
    for group in data.chunks(4) {
        let sextet = |at: usize| u32::from(group.get(at).map_or(0, |byte| byte.wrapping_sub(b' ') & 0x3f));
        let value = sextet(0) << 18 | sextet(1) << 12 | sextet(2) << 6 | sextet(3);
        decoded.extend_from_slice(&value.to_be_bytes()[1..]);
    }
    decoded.truncate(start + length);
}

/// Takes up to `most` uuencoded files out of a text, as mailers wrote them into it before MIME: the
/// remaining text, and each file with its name. A `begin` without an `end` is text.
#[must_use]
pub fn uuencoded_files(text: &str, most: usize) -> (String, Vec<(String, Vec<u8>)>) {
    let (mut kept, mut files) = (String::new(), Vec::new());
    let mut rest = text;
    while files.len() < most
        && let Some((before, name, data, behind)) = next_uuencoded(rest)
    {
        kept.push_str(before);
        let mut content = Vec::new();
        data.lines().for_each(|line| uuencoded_line(line.as_bytes(), &mut content));
        files.push((name.to_owned(), content));
        rest = behind;
    }
    kept.push_str(rest);
    (kept, files)
}

/// Text before, name, data, text behind.
fn next_uuencoded(text: &str) -> Option<(&str, &str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find("begin ")?;
        let (head, data) = text[at..].split_once('\n')?;
        let words = head.splitn(3, ' ').collect::<Vec<_>>();
        let is_head = matches!(words[..], [_, mode, _] if mode.len() == 3 && mode.bytes().all(|byte| byte.is_ascii_digit()));
        if is_head && (at == 0 || text[..at].ends_with('\n')) {
            let (data, behind) = data
                .split_once("\nend")
                .filter(|(_, behind)| behind.is_empty() || behind.starts_with('\n'))?;
            return Some((&text[..at], words[2].trim(), data, behind));
        }
        from = at + "begin ".len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_noise_and_missing_padding() {
        for (input, output) in [
            (&b"SGFsbG8="[..], &b"Hallo"[..]),
            (b"SGFsbG8", b"Hallo"),
            (b"SGFs\r\nbG8=\r\n", b"Hallo"),
            (b"SG*Fs!bG8=", b"Hallo"),
            (b"SGFsbG8=SGFsbG8=", b"HalloHallo"),
            (b"S", b""),
            (b"", b""),
        ] {
            assert_eq!(base64(input), output, "{}", String::from_utf8_lossy(input));
        }
    }

    #[test]
    fn quoted_printable_keeps_what_it_cannot_read() {
        for (input, output) in [
            ("gr=C3=BCn", "grün"),
            ("gr=c3=bcn", "grün"),
            ("a=\r\nb", "ab"),
            ("a= \t\nb", "ab"),
            ("a  \r\nb", "a\r\nb"),
            ("1+1=2 =", "1+1=2 "),
            ("=XY=4", "=XY=4"),
        ] {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(input.as_bytes())), output, "{input}");
        }
    }

    #[test]
    fn uuencoded_files_are_found_behind_their_begin_line() {
        let encoded = b"begin 644 a.txt\n%2&%L;&\\\n`\nend\n";
        assert_eq!(decode(encoded, "x-uuencode").as_ref(), b"Hallo");
        assert_eq!(decode(b"nothing", "x-uuencode").as_ref(), b"nothing");
    }

    #[test]
    fn uuencoded_files_are_taken_out_of_a_text() {
        let (text, files) = uuencoded_files("Hallo\nbegin 644 a.txt\n%2&%L;&\\\n`\nend\nGruss\n", 9);
        assert_eq!(
            (text.as_str(), files),
            ("Hallo\n\nGruss\n", vec![("a.txt".to_owned(), b"Hallo".to_vec())])
        );
        for text in ["begin 644 a.txt\nno end", "we begin 644 a\nend", "begin the work\nend", "begin "] {
            assert_eq!(uuencoded_files(text, 9), (text.to_owned(), vec![]));
        }
    }
}
