//! `winmail.dat`: what Outlook sends to those it takes for Outlook (Microsoft's TNEF, MS-OXTNEF).
//!
//! Holds the body in up to three forms and the files. Read leniently: what is cut or damaged ends the
//! reading and is said, what was read until then stays. Appointments, contacts and tasks are not interpreted;
//! their text and files are read like a message's.

mod properties;
mod rtf;

use properties::{Properties, Tag, Value};

/// Messages within messages are opened this deep, and are not read below.
const MAX_DEPTH: usize = 4;
/// Files beyond this many are left in the raw message only.
const MAX_FILES: usize = 500;

const SIGNATURE: u32 = 0x223e_9f78;

/// What is in a `winmail.dat`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tnef {
    pub subject: Option<String>,
    /// The body as text, with `\n` at its line ends.
    pub text: Option<String>,
    /// The body as HTML, not yet sanitised.
    pub html: Option<String>,
    /// The body as RTF, where it is neither of the others in disguise.
    pub rtf: Option<Vec<u8>>,
    pub files: Vec<File>,
    /// Some of it could not be read, or there was more than is taken out.
    pub damaged: bool,
}

/// A file in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct File {
    /// As given, perhaps with a path; empty if there is none.
    pub name: String,
    /// Often empty: Outlook writes it rarely.
    pub content_type: String,
    pub content_id: Option<String>,
    pub content: Vec<u8>,
}

/// Whether the bytes begin like a `winmail.dat`.
#[must_use]
pub fn is_tnef(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE.to_le_bytes())
}

/// Opens a `winmail.dat`; `None` if the bytes are none. Time and memory grow with the size of the input:
/// each byte is copied at most once per level, and there are four of them.
#[must_use]
pub fn open(bytes: &[u8]) -> Option<Tnef> {
    is_tnef(bytes).then(|| {
        let mut left = MAX_FILES;
        open_at(bytes, 0, &mut left)
    })
}

fn open_at(bytes: &[u8], depth: usize, left: &mut usize) -> Tnef {
    let mut reader = Reader { tnef: Tnef::default(), codepage: 1252, depth, left, open: None };
    let mut rest = bytes.get(6..).unwrap_or_default();
    while let Some((attribute, data, behind)) = next_attribute(rest) {
        reader.attribute(attribute, data);
        rest = behind;
    }
    // One byte or two of padding are no damage.
    reader.tnef.damaged |= 4 < rest.len();
    reader.close_file();
    reader.tnef
}

/// Number, data, and what follows: a level byte, a number, a length, the data, a checksum nobody needs.
fn next_attribute(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (_level, rest) = bytes.split_first()?;
    let attribute = u32_at(rest, 0)?;
    let length = usize::try_from(u32_at(rest, 4)?).ok()?;
    let data = rest.get(8..)?.get(..length)?;
    Some((attribute, data, rest.get(8 + length + 2..).unwrap_or_default()))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.get(..4)?;
    bytes.try_into().map(u32::from_le_bytes).ok()
}

struct Reader<'a> {
    tnef: Tnef,
    codepage: u32,
    depth: usize,
    /// Files that may still be taken out.
    left: &'a mut usize,
    open: Option<File>,
}

impl Reader<'_> {
    fn attribute(&mut self, attribute: u32, data: &[u8]) {
        // The number's upper half is the type of the data, which every attribute has only one of.
        match attribute & 0xffff {
            0x9007 => self.codepage = u32_at(data, 0).unwrap_or(self.codepage),
            0x8004 => self.tnef.subject = Some(self.decoded(data)).filter(|subject| !subject.is_empty()),
            0x800c => self.tnef.text = Some(self.decoded(data)).filter(|text| !text.trim().is_empty()),
            0x9003 => self.message(data),
            0x9002 => {
                self.close_file();
                self.open = Some(File::default());
            }
            0x8010 => {
                let name = self.decoded(data);
                self.file().name = name;
            }
            0x800f => data.clone_into(&mut self.file().content),
            0x9005 => self.file_properties(data),
            _ => {}
        }
    }

    fn decoded(&self, bytes: &[u8]) -> String {
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        properties::in_codepage(&bytes[..end], self.codepage)
    }

    fn file(&mut self) -> &mut File {
        self.open.get_or_insert_default()
    }

    fn close_file(&mut self) {
        let Some(file) = self.open.take() else { return };
        if file.name.is_empty() && file.content.is_empty() {
            return;
        }
        if *self.left == 0 {
            self.tnef.damaged = true;
            return;
        }
        *self.left -= 1;
        self.tnef.files.push(file);
    }

    fn message(&mut self, data: &[u8]) {
        let properties = Properties::new(data, self.codepage);
        let mut compressed = None;
        for (tag, value) in properties {
            match (tag, value) {
                (Tag::SUBJECT, value) => self.tnef.subject = value.text().or(self.tnef.subject.take()),
                (Tag::BODY, value) => self.tnef.text = value.text().or(self.tnef.text.take()),
                (Tag::HTML, Value::Bytes(html)) => self.tnef.html = Some(self.html(html)),
                (Tag::HTML, value) => self.tnef.html = value.text(),
                (Tag::RTF, Value::Bytes(bytes)) => compressed = Some(bytes),
                (Tag::CODEPAGE, Value::Number(page)) => self.codepage = page,
                _ => {}
            }
        }
        let Some(compressed) = compressed else { return };
        let Some(rtf) = rtf::decompress(compressed) else {
            self.tnef.damaged = true;
            return;
        };
        let read = rtf::read(&rtf);
        match read.html {
            Some(html) => self.tnef.html = self.tnef.html.take().or(Some(html)),
            None => self.tnef.rtf = Some(rtf),
        }
        self.tnef.text = self.tnef.text.take().or(Some(read.text).filter(|text| !text.trim().is_empty()));
    }

    fn html(&self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(html) => html.to_owned(),
            Err(_) => properties::in_codepage(bytes, self.codepage),
        }
    }

    fn file_properties(&mut self, data: &[u8]) {
        let mut embedded = None;
        for (tag, value) in Properties::new(data, self.codepage) {
            let file = self.open.get_or_insert_default();
            match (tag, value) {
                (Tag::FILE_LONG_NAME, value) => file.name = value.text().unwrap_or_default(),
                (Tag::FILE_NAME | Tag::DISPLAY_NAME, value) if file.name.is_empty() => {
                    file.name = value.text().unwrap_or_default();
                }
                (Tag::FILE_TYPE, value) => file.content_type = value.text().unwrap_or_default(),
                (Tag::FILE_ID, value) => file.content_id = value.text(),
                (Tag::FILE_DATA, Value::Bytes(bytes)) => embedded = Some(bytes),
                _ => {}
            }
        }
        // Behind the number of an interface stands a message, as a whole file of its own.
        match embedded {
            Some(bytes) if bytes.get(16..).is_some_and(is_tnef) => self.embedded(&bytes[16..]),
            Some(bytes) if self.file().content.is_empty() => bytes.clone_into(&mut self.file().content),
            _ => {}
        }
    }

    /// An enclosed message becomes a file of its text, with its own files beside it.
    fn embedded(&mut self, bytes: &[u8]) {
        let file = self.open.take().unwrap_or_default();
        if MAX_DEPTH <= self.depth + 1 || *self.left == 0 {
            self.tnef.damaged = true;
            return;
        }
        *self.left -= 1;
        let inner = open_at(bytes, self.depth + 1, self.left);
        self.tnef.damaged |= inner.damaged;
        let (ending, content_type, content) = match (inner.html, inner.text) {
            (Some(html), _) => ("html", "text/html", html.into_bytes()),
            (None, text) => ("txt", "text/plain", text.unwrap_or_default().into_bytes()),
        };
        let name = Some(file.name).filter(|name| !name.is_empty()).or(inner.subject);
        self.tnef.files.push(File {
            name: format!("{}.{ending}", name.as_deref().unwrap_or("message").replace(['/', '\\'], "_")),
            content_type: format!("{content_type}; charset=utf-8"),
            content_id: None,
            content,
        });
        self.tnef.files.extend(inner.files);
    }
}
