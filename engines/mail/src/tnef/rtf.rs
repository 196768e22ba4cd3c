//! The body as RTF: compressed (MS-OXRTFCP), and often HTML in disguise (MS-OXRTFEX).
//!
//! Only the text is read from RTF, or the HTML where RTF was made from it; fonts, tables and pictures are not.

use super::properties::in_codepage;

/// A body that is longer when unpacked is cut here: no letter is, but a bomb.
const MAX_UNPACKED: usize = 16 * 1024 * 1024;
/// Groups in groups beyond this are read as if they stood at this depth.
const MAX_GROUPS: usize = 200;

/// What both sides of the compression know from the start.
const DICTIONARY: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression; `None` if the header is none.
pub(super) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| super::u32_at(bytes, at);
    let size = usize::try_from(number(4)?).ok()?.min(MAX_UNPACKED);
    let data = bytes.get(16..)?;
    match &number(8)?.to_le_bytes() {
        b"MELA" => Some(data[..size.min(data.len())].to_vec()),
        b"LZFu" => Some(unpacked(data, size)),
        _ => None,
    }
}

/// Eight literals or references follow each control byte; a reference points into the last 4096 bytes.
fn unpacked(data: &[u8], size: usize) -> Vec<u8> {
    let mut window = [0u8; 4096];
    window[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    let mut out = Vec::with_capacity(size.min(data.len() * 9));
    let mut input = data.iter().copied();
    let mut push = |byte: u8, at: &mut usize, window: &mut [u8; 4096]| {
        window[*at] = byte;
        *at = (*at + 1) % 4096;
        out.push(byte);
        out.len() < size
    };
    'all: while let Some(control) = input.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = input.next() else { break 'all };
                if !push(byte, &mut at, &mut window) {
                    break 'all;
                }
                continue;
            }
            let (Some(high), Some(low)) = (input.next(), input.next()) else { break 'all };
            let offset = usize::from(high) << 4 | usize::from(low) >> 4;
            if offset == at {
                break 'all;
            }
            for step in 0..usize::from(low & 15) + 2 {
                let byte = window[(offset + step) % 4096];
                if !push(byte, &mut at, &mut window) {
                    break 'all;
                }
            }
        }
    }
    out
}

/// The words of an RTF, and the HTML it was made from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub text: String,
    pub html: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    /// Fonts, colours, pictures: nothing to read.
    hidden: bool,
    /// Shown by RTF only, where the source was HTML.
    rtf_only: bool,
    /// Characters that stand for the one before, for old readers.
    skip: usize,
}

/// Reads an RTF.
pub(super) fn read(rtf: &[u8]) -> Read {
    let head = &rtf[..rtf.len().min(400)];
    let from_html = head.windows(9).any(|window| window == b"\\fromhtml");
    let mut reader = Reader {
        out: String::new(),
        bytes: Vec::new(),
        group: Group { hidden: false, rtf_only: false, skip: 1 },
        stack: Vec::new(),
        codepage: 1252,
        left_to_skip: 0,
        from_html,
    };
    reader.run(rtf);
    reader.flush();
    let out = reader.out.trim_matches('\n').to_owned();
    if from_html { Read { text: String::new(), html: Some(out) } } else { Read { text: out, html: None } }
}

struct Reader {
    out: String,
    /// Of the code page, not yet decoded: a character may need two.
    bytes: Vec<u8>,
    group: Group,
    stack: Vec<Group>,
    codepage: u32,
    left_to_skip: usize,
    from_html: bool,
}

impl Reader {
    fn run(&mut self, rtf: &[u8]) {
        let mut rest = rtf;
        let mut too_deep = 0usize;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            match byte {
                b'{' if MAX_GROUPS <= self.stack.len() => too_deep += 1,
                b'{' => {
                    self.stack.push(self.group);
                    self.left_to_skip = 0;
                }
                b'}' if 0 < too_deep => too_deep -= 1,
                b'}' => {
                    self.group = self.stack.pop().unwrap_or(self.group);
                    self.left_to_skip = 0;
                }
                b'\\' => rest = self.control(after),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
    }

    /// One word or sign behind a backslash; what follows it.
    fn control<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let Some(&sign) = rest.first() else { return rest };
        if sign == b'\'' {
            let digits = rest.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                self.byte(byte);
            }
            return rest.get(3..).unwrap_or_default();
        }
        if !sign.is_ascii_alphabetic() {
            self.sign(sign);
            return &rest[1..];
        }
        let letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = rest.split_at(letters);
        let minus = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[minus..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..minus + digits]).ok().and_then(|text| text.parse().ok());
        let rest = if 0 < digits { &rest[minus + digits..] } else { rest };
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        self.word(word, number);
        if word == b"bin" {
            let length = usize::try_from(number.unwrap_or(0)).unwrap_or(0);
            return rest.get(length..).unwrap_or_default();
        }
        rest
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'\\' | b'{' | b'}' => self.byte(sign),
            b'~' => self.text("\u{a0}"),
            b'_' => self.text("-"),
            b'*' => self.group.hidden = true,
            b'\r' | b'\n' => self.text("\n"),
            _ => {}
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i64>) {
        let is_on = number != Some(0);
        match word {
            b"par" | b"line" | b"row" => self.text(if self.from_html { "\r\n" } else { "\n" }),
            b"tab" | b"cell" => self.text("\t"),
            b"emdash" => self.text("—"),
            b"endash" => self.text("–"),
            b"lquote" => self.text("‘"),
            b"rquote" => self.text("’"),
            b"ldblquote" => self.text("“"),
            b"rdblquote" => self.text("”"),
            b"bullet" => self.text("•"),
            b"ansicpg" => self.codepage = number.and_then(|page| u32::try_from(page).ok()).unwrap_or(1252),
            b"uc" => {
                self.group.skip = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(8);
            }
            b"u" => self.unicode(number.unwrap_or(0)),
            b"htmlrtf" => {
                self.flush();
                self.group.rtf_only = is_on;
            }
            // Tags of the original HTML: hidden from RTF, wanted here.
            b"htmltag" => {
                self.group.hidden = !self.from_html;
                self.group.rtf_only = false;
            }
            b"mhtmltag" | b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object"
            | b"header" | b"footer" | b"generator" | b"listtable" | b"listoverridetable" | b"pntext" => {
                self.group.hidden = true;
            }
            _ => {}
        }
    }

    fn is_shown(&self) -> bool {
        !(self.group.hidden || self.from_html && self.group.rtf_only)
    }

    fn byte(&mut self, byte: u8) {
        if 0 < self.left_to_skip {
            self.left_to_skip -= 1;
        } else if self.is_shown() {
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        self.left_to_skip = 0;
        if self.is_shown() {
            self.flush();
            self.out.push_str(text);
        }
    }

    /// Negative numbers are those above 32767; what follows is the same for readers that know no Unicode.
    fn unicode(&mut self, number: i64) {
        if self.is_shown() {
            self.flush();
            let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or(0);
            self.out.push(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'));
        }
        self.left_to_skip = self.group.skip;
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.out.push_str(&in_codepage(&self.bytes, self.codepage));
            self.bytes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_without_their_dress() {
        for (rtf, text) in [
            (
                r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Gr\'fc\'dfe\par aus {\b Wien}}",
                "Grüße\naus Wien",
            ),
            (r"{\rtf1 a\u8364?b\uc2\u246xxc}", "a€böc"),
            (r"{\rtf1 1 \{ 2 \\ 3\~4}", "1 { 2 \\ 3\u{a0}4"),
            (r"{\rtf1{\*\generator x}{\pict 00ff}a}", "a"),
            (r"{\rtf1\bin3 abcd}", "d"),
            (r"{{{{\rtf1 a", "a"),
            ("", ""),
        ] {
            assert_eq!(read(rtf.as_bytes()).text, text, "{rtf}");
        }
    }

    #[test]
    fn html_in_disguise_is_html_again() {
        let rtf = r"{\rtf1\ansi\fromhtml1 \deff0{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Gr\'fc\'dfe\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}";
        assert_eq!(read(rtf.as_bytes()).html.as_deref(), Some("<p>Grüße</p>"));
    }

    #[test]
    fn compression_is_undone_as_far_as_it_goes() {
        // The example of Microsoft's own description of the format.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a,
            0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c,
            0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        let text = decompress(&packed).expect("it has a header");
        assert_eq!(String::from_utf8_lossy(&text), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        for end in 0..packed.len() {
            let _ = decompress(&packed[..end]);
        }
    }
}
