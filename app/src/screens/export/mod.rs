//! A list as a file, however long: CSV, JSON lines or XLSX, part by part, so that memory does not grow.
//!
//! Parts are read one after the other, each by itself, so that a slow reader holds no transaction. Of cases ([`queue`]) it
//! is known from the beginning which they are; any other list ([`lists`]) is read as programs read it, with the rights of
//! who asks ([`pages`]), so that a file never holds more than its page. Cells that a spreadsheet would take for a formula
//! are made text.

mod lists;
mod pages;
mod queue;
mod writer;
mod xlsx;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::writer::Writer;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Language, Result, Timestamp, Wants, Words, codes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(queue::export)).routes(routes!(pages::export))
}

codes! {
    pub enum Format { Csv = "csv", Jsonl = "jsonl", Xlsx = "xlsx" }
}

#[expect(clippy::derivable_impls, reason = "the codes are declared by a macro")]
impl Default for Format {
    fn default() -> Self {
        Self::Csv
    }
}

impl Format {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct ExportQuery {
    /// `csv`, `jsonl` or `xlsx`; `csv` without it
    #[serde(default)]
    #[param(inline)]
    pub(super) format: Format,
}

/// A list that is taken along.
pub(super) trait Source: Send + 'static {
    type Line: Send + Sync;

    /// What its columns are called.
    fn head(&self, tell: &Tell) -> Vec<String>;

    /// The next lines; `None` at the end.
    fn more(&mut self) -> impl Future<Output = Result<Option<Vec<Self::Line>>>> + Send;

    /// As a spreadsheet sorts and reads it.
    fn cells(&self, tell: &Tell, line: &Self::Line) -> Vec<String>;

    /// As programs get it.
    fn json(&self, line: &Self::Line) -> serde_json::Result<Vec<u8>>;
}

/// How cells are written for who reads the file.
pub(super) struct Tell {
    pub(super) words: Words,
    zone: TimeZone,
    /// With semicolons between cells and commas in numbers.
    german: bool,
}

impl Tell {
    fn new(app: &App, wants: &Wants) -> Self {
        let german = wants.words.language == Language::De && !wants.json;
        Self { words: wants.words.clone(), zone: app.zone(), german }
    }

    /// "2026-11-16 09:00" in the house's zone.
    pub(super) fn time(&self, at: Option<Timestamp>) -> String {
        let Some(at) = at else { return String::new() };
        at.moment().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// A number as its spreadsheet reads it.
    fn decimal(&self, number: &str) -> String {
        if self.german { number.replace('.', ",") } else { number.to_owned() }
    }
}

/// The answer that a browser keeps under this name.
pub(super) fn answer<S: Source>(
    app: &App,
    wants: &Wants,
    (name, format): (&str, Format),
    source: S,
) -> Response {
    let tell = Tell::new(app, wants);
    let writer = Writer::new(format, tell.german);
    let file = File { source, tell, writer, stage: Stage::Head };
    let body = Body::from_stream(stream::try_unfold(file, File::next));
    let name = format!("attachment; filename=\"{name}.{format}\"");
    let headers =
        [(header::CONTENT_TYPE, format.content_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

/// Keeps in the journal that somebody took a list along.
pub(super) async fn record(app: &App, actor: &Actor, fact: Fact) -> Result<()> {
    let mut tx = app.db.write().await?;
    journal::record(app, &mut tx, actor, About::house(), fact)?;
    tx.commit().await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Lines,
    Over,
}

/// A file as far as it has left.
struct File<S> {
    source: S,
    tell: Tell,
    writer: Writer,
    stage: Stage,
}

impl<S: Source> File<S> {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let bytes = match self.stage {
            Stage::Head => {
                self.stage = Stage::Lines;
                self.writer.head(self.source.head(&self.tell))?
            }
            Stage::Lines => {
                if let Some(lines) = self.source.more().await? {
                    self.lines(&lines)?
                } else {
                    self.stage = Stage::Over;
                    self.writer.end()
                }
            }
            Stage::Over => return Ok(None),
        };
        Ok(Some((bytes.into(), self)))
    }

    fn lines(&mut self, lines: &[S::Line]) -> Result<Vec<u8>> {
        if self.writer.is_json() {
            let mut bytes = Vec::new();
            for line in lines {
                bytes.extend(self.source.json(line)?);
                bytes.push(b'\n');
            }
            return Ok(bytes);
        }
        self.writer.rows(lines.iter().map(|line| self.source.cells(&self.tell, line)).collect())
    }
}

/// A table that is there already, line by line.
pub(super) struct Table {
    pub(super) head: Vec<String>,
    /// `None` once they have left.
    pub(super) rows: Option<Vec<Vec<String>>>,
}

impl Source for Table {
    type Line = Vec<String>;

    fn head(&self, _: &Tell) -> Vec<String> {
        self.head.clone()
    }

    async fn more(&mut self) -> Result<Option<Vec<Vec<String>>>> {
        Ok(self.rows.take())
    }

    fn cells(&self, _: &Tell, line: &Vec<String>) -> Vec<String> {
        line.clone()
    }

    fn json(&self, line: &Vec<String>) -> serde_json::Result<Vec<u8>> {
        let named: serde_json::Map<_, _> =
            self.head.iter().cloned().zip(line.iter().cloned().map(Into::into)).collect();
        serde_json::to_vec(&named)
    }
}
