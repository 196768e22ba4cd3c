//! Turns rows into bytes of a format.

use super::Format;
use super::xlsx::Sheets;
use crate::platform::Result;
use crate::platform::sheet::Csv;

pub(super) enum Writer {
    Csv(Csv),
    Jsonl,
    Xlsx(Box<Sheets>),
}

impl Writer {
    pub(super) fn new(format: Format, german: bool) -> Self {
        match format {
            Format::Csv => Self::Csv(if german { Csv::Semicolons } else { Csv::Commas }),
            Format::Jsonl => Self::Jsonl,
            Format::Xlsx => Self::Xlsx(Box::default()),
        }
    }

    /// Lines are written as programs get them.
    pub(super) const fn is_json(&self) -> bool {
        matches!(self, Self::Jsonl)
    }

    pub(super) fn head(&mut self, names: Vec<String>) -> Result<Vec<u8>> {
        match self {
            Self::Csv(csv) => csv.head(names),
            Self::Jsonl => Ok(Vec::new()),
            Self::Xlsx(sheets) => {
                sheets.begin(names);
                Ok(sheets.take())
            }
        }
    }

    pub(super) fn rows(&mut self, rows: Vec<Vec<String>>) -> Result<Vec<u8>> {
        match self {
            Self::Csv(csv) => csv.rows(rows),
            Self::Jsonl => Ok(Vec::new()),
            Self::Xlsx(sheets) => {
                for row in &rows {
                    sheets.row(row);
                }
                Ok(sheets.take())
            }
        }
    }

    pub(super) fn end(&mut self) -> Vec<u8> {
        match self {
            Self::Xlsx(sheets) => {
                sheets.finish();
                sheets.take()
            }
            Self::Csv(_) | Self::Jsonl => Vec::new(),
        }
    }
}
