//! Rich text: words between control words.

/// Groups whose content nobody reads.
const SKIPPED: [&str; 12] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "themedata",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "listtable",
    "generator",
];
/// Deeper groups are read as if they ended here.
const DEEPEST: usize = 200;

/// The text of an RTF file, of a damaged one as far as it can be read. Cut at twice [`crate::LONGEST`]: spaces go later.
pub fn text(bytes: &[u8]) -> String {
    let mut reading =
        Reading { bytes, at: 0, text: String::new(), skipping: None, depth: 0, pass: 0, bytes_per_u: 1 };
    while reading.at < bytes.len() && reading.text.len() < crate::LONGEST * 2 {
        reading.step();
    }
    reading.text
}

struct Reading<'a> {
    bytes: &'a [u8],
    at: usize,
    text: String,
    depth: usize,
    /// The depth of the group that is passed over.
    skipping: Option<usize>,
    /// Characters to pass over: they stand for one that was already read.
    pass: usize,
    bytes_per_u: usize,
}

impl Reading<'_> {
    fn step(&mut self) {
        let byte = self.bytes[self.at];
        self.at += 1;
        match byte {
            b'{' => self.depth = (self.depth + 1).min(DEEPEST),
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                if self.skipping.is_some_and(|depth| self.depth < depth) {
                    self.skipping = None;
                }
            }
            b'\\' => self.control(),
            b'\r' | b'\n' | 0 => {}
            _ => self.push_byte(byte),
        }
    }

    fn push_byte(&mut self, byte: u8) {
        let (letter, _, _) = encoding_rs::WINDOWS_1252.decode(std::slice::from_ref(&byte));
        self.push(letter.chars().next().unwrap_or(' '));
    }

    fn push(&mut self, c: char) {
        if 0 < self.pass {
            self.pass -= 1;
        } else if self.skipping.is_none() {
            self.text.push(c);
        }
    }

    fn control(&mut self) {
        let Some(first) = self.bytes.get(self.at).copied() else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            match first {
                b'\'' => self.hexadecimal(),
                b'~' => self.push(' '),
                b'*' => self.skipping = self.skipping.or(Some(self.depth)),
                b'\\' | b'{' | b'}' => self.push(char::from(first)),
                _ => {}
            }
            return;
        }
        let rest = &self.bytes[self.at..];
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let digits =
            rest[letters..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        let word = std::str::from_utf8(&rest[..letters]).unwrap_or_default();
        let number: Option<i64> =
            std::str::from_utf8(&rest[letters..letters + digits]).ok().and_then(|digits| digits.parse().ok());
        let space = usize::from(rest.get(letters + digits) == Some(&b' '));
        self.at += letters + digits + space;
        self.word(word, number);
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        match word {
            "par" | "line" | "row" | "page" | "sect" => self.push('\n'),
            "tab" | "cell" | "emdash" | "endash" => self.push(' '),
            "uc" => {
                self.bytes_per_u = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1).min(8);
            }
            "u" => {
                let code = number.map(|code| if code < 0 { code + 65_536 } else { code });
                let letter = code.and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32);
                self.push(letter.unwrap_or(' '));
                self.pass = self.bytes_per_u;
            }
            _ if SKIPPED.contains(&word) => self.skipping = self.skipping.or(Some(self.depth)),
            _ => {}
        }
    }

    fn hexadecimal(&mut self) {
        let digits = self.bytes.get(self.at..self.at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            self.at += 2;
            self.push_byte(byte);
        }
    }
}
