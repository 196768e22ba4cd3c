//! Tables of a page as a file for spreadsheets: CSV with semicolons, as German programs expect it.
//!
//! Lists of cases, which may be endless, have a writer of their own ([`super::export`]).

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::platform::Result;

/// The text of a table.
pub fn text(
    head: impl IntoIterator<Item = String>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<String> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(head.into_iter().map(harmless)).map_err(anyhow::Error::from)?;
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(anyhow::Error::from)?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    // The mark by which spreadsheets know UTF-8.
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// The answer that a browser keeps as `name.csv`.
pub fn file(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, text).into_response()
}

/// Spreadsheets run texts that begin like a formula; numbers are none.
fn harmless(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let money = text.strip_prefix('-').is_some_and(|rest| rest.replacen(',', ".", 1).parse::<f64>().is_ok());
    if formula && !money { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_a_number_stays_one() {
        for (cell, written) in [("=1+1", "'=1+1"), ("-12,50", "-12,50"), ("-x", "'-x"), ("7", "7"), ("", "")]
        {
            assert_eq!(harmless(cell.to_owned()), written);
        }
    }
}
