//! The properties of a message or file (MS-OXTNEF 2.1.3.4): numbered values of a dozen types.

use super::u32_at;
use crate::charset;

/// What a property is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u16);

impl Tag {
    pub const SUBJECT: Self = Self(0x0037);
    pub const BODY: Self = Self(0x1000);
    pub const RTF: Self = Self(0x1009);
    pub const HTML: Self = Self(0x1013);
    pub const DISPLAY_NAME: Self = Self(0x3001);
    pub const FILE_DATA: Self = Self(0x3701);
    pub const FILE_NAME: Self = Self(0x3704);
    pub const FILE_LONG_NAME: Self = Self(0x3707);
    pub const FILE_TYPE: Self = Self(0x370e);
    pub const FILE_ID: Self = Self(0x3712);
    pub const CODEPAGE: Self = Self(0x3fde);
    /// One that has a name instead of a number; none of those is needed.
    const NAMED: Self = Self(0);
}

pub(super) enum Value<'a> {
    Number(u32),
    Text(String),
    Bytes(&'a [u8]),
    Other,
}

impl Value<'_> {
    /// With `\n` at its line ends; `None` if empty or no text.
    pub fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.replace("\r\n", "\n")).filter(|text| !text.is_empty()),
            _ => None,
        }
    }
}

/// Reads one property after the other, to the end or to the first that cannot be read.
pub(super) struct Properties<'a> {
    rest: &'a [u8],
    left: u32,
    codepage: u32,
}

impl<'a> Properties<'a> {
    /// Reads `data`, a count and that many properties; `codepage` is that of their 8-bit texts.
    pub fn new(data: &'a [u8], codepage: u32) -> Self {
        Self { rest: data.get(4..).unwrap_or_default(), left: u32_at(data, 0).unwrap_or(0), codepage }
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// What is shorter than a multiple of four bytes is filled up.
    fn take_padded(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        // The last value may lack it.
        self.rest = self.rest.get(padding..).unwrap_or_default();
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        u32_at(self.take(4)?, 0)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn skip_name(&mut self) -> Option<()> {
        self.take(16)?;
        if self.number()? == 0 {
            self.number()?;
        } else {
            let length = self.length()?;
            self.take_padded(length)?;
        }
        Some(())
    }

    fn read(&mut self) -> Option<(Tag, Value<'a>)> {
        let head = self.number()?;
        let (kind, number) = (head & 0xffff, u16::try_from(head >> 16).unwrap_or(0));
        let mut tag = Tag(number);
        if 0x8000 <= number {
            self.skip_name()?;
            tag = Tag::NAMED;
        }
        let (kind, many) = (kind & 0x0fff, kind & 0x1000 != 0);
        let is_sized = matches!(kind, 0x0d | 0x1e | 0x1f | 0x102);
        let count = if many || is_sized { self.number()? } else { 1 };
        let mut first = None;
        for _ in 0..count {
            let value = if is_sized { self.sized(kind)? } else { self.fixed(kind)? };
            first.get_or_insert(value);
        }
        Some((tag, first.filter(|_| !many).unwrap_or(Value::Other)))
    }

    fn fixed(&mut self, kind: u32) -> Option<Value<'a>> {
        match kind {
            0x02 | 0x03 | 0x04 | 0x0a | 0x0b => self.number().map(Value::Number),
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => self.take(8).map(|_| Value::Other),
            0x48 => self.take(16).map(|_| Value::Other),
            _ => None,
        }
    }

    fn sized(&mut self, kind: u32) -> Option<Value<'a>> {
        let length = self.length()?;
        let bytes = self.take_padded(length)?;
        Some(match kind {
            0x1e => Value::Text(in_codepage(without_zeros(bytes), self.codepage)),
            0x1f => Value::Text(utf16(bytes)),
            _ => Value::Bytes(bytes),
        })
    }
}

impl<'a> Iterator for Properties<'a> {
    type Item = (Tag, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let read = self.read();
        if read.is_none() {
            self.left = 0;
        }
        read
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1);
    &bytes[..end]
}

fn utf16(bytes: &[u8]) -> String {
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    text.trim_end_matches('\0').to_owned()
}

/// Text in a code page of Windows.
pub(super) fn in_codepage(bytes: &[u8], codepage: u32) -> String {
    let label = match codepage {
        65001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gb18030".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20127 => "us-ascii".to_owned(),
        28591..=28605 => format!("iso-8859-{}", codepage - 28590),
        page => format!("windows-{page}"),
    };
    charset::decode(bytes, Some(&label)).0.replace("\r\n", "\n")
}
