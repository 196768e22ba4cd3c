//! A spreadsheet that is written from front to back, in constant memory: a ZIP archive of some XML files.
//!
//! Cells are texts, which no spreadsheet calculates. A sheet holds half a million rows; then the next one begins.
//! Deliberately absent: styles, formulas, and archives beyond 4 GB.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Rows of one sheet; programs take at most 1,048,576.
const ROWS: usize = 500_000;

/// A file within the archive.
struct Entry {
    name: String,
    crc: u32,
    compressed: u32,
    size: u32,
    offset: u32,
}

/// The sheet that is being written.
struct Open {
    name: String,
    crc: Crc,
    size: u64,
    compressed: u64,
    offset: u64,
    encoder: DeflateEncoder<Vec<u8>>,
}

/// The spreadsheet, as far as it is written.
#[derive(Default)]
pub struct Sheets {
    /// Written and not yet taken.
    out: Vec<u8>,
    /// Bytes before `out`.
    taken: u64,
    entries: Vec<Entry>,
    open: Option<Open>,
    head: Vec<String>,
    sheets: usize,
    rows: usize,
}

impl Sheets {
    /// Begins the first sheet with its heading.
    pub fn begin(&mut self, head: Vec<String>) {
        self.head = head;
        self.new_sheet();
    }

    pub fn row(&mut self, cells: &[String]) {
        if ROWS <= self.rows {
            self.close_sheet();
            self.new_sheet();
        }
        self.rows += 1;
        let mut xml = String::from("<row>");
        for cell in cells {
            xml += "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">";
            escape(cell, &mut xml);
            xml += "</t></is></c>";
        }
        xml += "</row>";
        self.write(xml.as_bytes());
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        if let Some(open) = &mut self.open {
            let bytes = std::mem::take(open.encoder.get_mut());
            open.compressed += bytes.len() as u64;
            self.out.extend(bytes);
        }
        self.taken += self.out.len() as u64;
        std::mem::take(&mut self.out)
    }

    /// Writes what names the sheets, and the archive's list.
    pub fn finish(&mut self) {
        self.close_sheet();
        let (mut types, mut sheets, mut relations) = (String::new(), String::new(), String::new());
        for number in 1..=self.sheets {
            types += &format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
            );
            sheets += &format!("<sheet name=\"{number}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
            relations += &format!(
                "<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            );
        }
        self.file("[Content_Types].xml", &format!("{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>{types}</Types>"));
        self.file("_rels/.rels", &format!("{XML}<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
        self.file(
            "xl/_rels/workbook.xml.rels",
            &format!("{XML}<Relationships xmlns=\"{RELATIONS}\">{relations}</Relationships>"),
        );
        self.file("xl/workbook.xml", &format!("{XML}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{sheets}</sheets></workbook>"));
        self.list();
    }

    fn file(&mut self, name: &str, text: &str) {
        self.open(name);
        self.write(text.as_bytes());
        self.close();
    }

    fn new_sheet(&mut self) {
        self.sheets += 1;
        self.rows = 0;
        self.open(&format!("xl/worksheets/sheet{}.xml", self.sheets));
        self.write(format!("{XML}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>").as_bytes());
        let head = self.head.clone();
        self.row(&head);
    }

    fn close_sheet(&mut self) {
        self.write(b"</sheetData></worksheet>");
        self.close();
    }

    fn open(&mut self, name: &str) {
        let offset = self.taken + self.out.len() as u64;
        let mut header = Vec::from(*b"PK\x03\x04");
        // Version 2.0; sizes follow the data; names are UTF-8; deflated.
        for field in [20_u16, 0x0808, 8] {
            header.extend(field.to_le_bytes());
        }
        header.extend(DATE);
        header.extend([0; 12]);
        header.extend(length(name).to_le_bytes());
        header.extend([0; 2]);
        header.extend(name.as_bytes());
        self.out.extend(header);
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        let (name, crc) = (name.to_owned(), Crc::new());
        self.open = Some(Open { name, crc, size: 0, compressed: 0, offset, encoder });
    }

    fn write(&mut self, bytes: &[u8]) {
        let Some(open) = &mut self.open else { return };
        open.crc.update(bytes);
        open.size += bytes.len() as u64;
        open.encoder.write_all(bytes).expect("memory takes everything");
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let rest = open.encoder.finish().expect("memory takes everything");
        let entry = Entry {
            name: open.name,
            crc: open.crc.sum(),
            compressed: short(open.compressed + rest.len() as u64),
            size: short(open.size),
            offset: short(open.offset),
        };
        self.out.extend(rest);
        self.out.extend(*b"PK\x07\x08");
        for field in [entry.crc, entry.compressed, entry.size] {
            self.out.extend(field.to_le_bytes());
        }
        self.entries.push(entry);
    }

    /// The list of files at the archive's end.
    fn list(&mut self) {
        let start = self.taken + self.out.len() as u64;
        for entry in &self.entries {
            self.out.extend(*b"PK\x01\x02");
            for field in [20_u16, 20, 0x0808, 8] {
                self.out.extend(field.to_le_bytes());
            }
            self.out.extend(DATE);
            for field in [entry.crc, entry.compressed, entry.size] {
                self.out.extend(field.to_le_bytes());
            }
            self.out.extend(length(&entry.name).to_le_bytes());
            self.out.extend([0; 12]);
            self.out.extend(entry.offset.to_le_bytes());
            self.out.extend(entry.name.as_bytes());
        }
        let size = self.taken + self.out.len() as u64 - start;
        let files = u16::try_from(self.entries.len()).unwrap_or(u16::MAX).to_le_bytes();
        self.out.extend(*b"PK\x05\x06\0\0\0\0");
        self.out.extend(files);
        self.out.extend(files);
        self.out.extend(short(size).to_le_bytes());
        self.out.extend(short(start).to_le_bytes());
        self.out.extend([0; 2]);
    }
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// Midnight of 1980-01-01, the first day that archives know: the file's name says when it was made.
const DATE: [u8; 4] = [0, 0, 0x21, 0];

/// Archives without extensions end at 4 GB.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

/// XML knows no control characters but tab and line ends.
fn escape(text: &str, xml: &mut String) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\t' | '\n' | '\r' => xml.push(c),
            c if c.is_control() || c == '\u{fffe}' || c == '\u{ffff}' => {}
            c => xml.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_page_by_page_is_one_archive() {
        let mut sheets = Sheets::default();
        sheets.begin(vec!["Betreff".into()]);
        let mut bytes = sheets.take();
        for number in 0..3_000 {
            sheets.row(&[format!("Lampe <{number}> & \u{1}mehr")]);
            bytes.extend(sheets.take());
        }
        sheets.finish();
        bytes.extend(sheets.take());

        assert!(bytes.starts_with(b"PK\x03\x04"));
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let start = u32::from_le_bytes(bytes[end + 16..end + 20].try_into().expect("four bytes"));
        assert_eq!(&bytes[start as usize..start as usize + 4], b"PK\x01\x02", "the list is where it says");
        let size = u32::from_le_bytes(bytes[end + 12..end + 16].try_into().expect("four bytes"));
        assert_eq!(start as usize + size as usize, end);
    }

    #[test]
    fn control_characters_leave_and_marks_are_escaped() {
        let mut xml = String::new();
        escape("a<b> & \u{0}\u{1f}c\n", &mut xml);
        assert_eq!(xml, "a&lt;b&gt; &amp; c\n");
    }
}
