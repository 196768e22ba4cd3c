//! Tables as files for spreadsheets: CSV, whole or piece by piece. Cells are never formulas.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::platform::Result;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Csv {
    /// With the mark by which spreadsheets know UTF-8, and the separator that German ones expect.
    Semicolons,
    /// As programs expect it.
    Commas,
}

impl Csv {
    /// The heading, with which a file begins.
    pub fn head(self, names: impl IntoIterator<Item = String>) -> Result<Vec<u8>> {
        let mut bytes = if self == Self::Semicolons { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        bytes.extend(self.rows([names])?);
        Ok(bytes)
    }

    /// More rows of the file.
    pub fn rows<R: IntoIterator<Item = String>>(self, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>> {
        let separator = if self == Self::Semicolons { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        for row in rows {
            writer.write_record(row.into_iter().map(harmless)).map_err(anyhow::Error::from)?;
        }
        Ok(writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?)
    }
}

/// A whole table, as people open it.
pub fn table<R: IntoIterator<Item = String>>(
    head: impl IntoIterator<Item = String>,
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>> {
    let mut bytes = Csv::Semicolons.head(head)?;
    bytes.extend(Csv::Semicolons.rows(rows)?);
    Ok(bytes)
}

/// The answer that a browser keeps as `name.csv`.
pub fn file(name: &str, content: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, content.into()).into_response()
}

/// A spreadsheet calculates what begins like a formula, whoever wrote it; numbers are none.
fn harmless(cell: String) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && !is_number(&cell) { format!("'{cell}") } else { cell }
}

/// Digits with a sign and separators, in whichever language: `-1.234,50`.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_a_number_stays_one() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"https://x\")", "'=HYPERLINK(\"https://x\")"),
            ("@SUM(1)", "'@SUM(1)"),
            ("+49 30 1", "'+49 30 1"),
            ("-x", "'-x"),
            ("-1+2", "'-1+2"),
            ("-inf", "'-inf"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("-12,50", "-12,50"),
            ("-1.234,50", "-1.234,50"),
            ("-1", "-1"),
            ("7", "7"),
            ("Lampe = kaputt", "Lampe = kaputt"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell.to_owned()), written, "{cell}");
        }
    }

    #[test]
    fn people_get_a_mark_and_semicolons_and_programs_commas() -> Result<()> {
        let row = || ["a".to_owned(), "b;c,\"d\"".to_owned()];
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(text(Csv::Semicolons.head(row())?), "\u{feff}a;\"b;c,\"\"d\"\"\"\n");
        assert_eq!(text(Csv::Commas.head(row())?), "a,\"b;c,\"\"d\"\"\"\n");
        assert_eq!(text(Csv::Semicolons.rows([row()])?), "a;\"b;c,\"\"d\"\"\"\n", "no mark amid the file");
        Ok(())
    }
}
