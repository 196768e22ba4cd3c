//! A list of cases as a file, however long: CSV, JSON lines or XLSX, page by page, so that memory does not grow.
//!
//! Which cases they are, and their order, is read at once and kept as their ids: a case that is answered while somebody
//! downloads would else move from a page to come into one that has left. Each page is a short read of its own, so a slow
//! reader holds no transaction, and shows its cases as they are by then, without those that the reader may not know of
//! any more. Cells that a spreadsheet would take for a formula are made text.

mod xlsx;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::xlsx::Sheets;
use super::cells::{Cells, Reader};
use super::listed::{Chosen, ListQuery, Listed};
use crate::cases;
use crate::cases::attributes;
use crate::cases::{Eyes, Line};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::sheet::Csv;
use crate::platform::{Actor, App, CaseId, Language, Query, Result, Right, Wants, Words, codes};
use crate::views::Heading;

/// Lines read at once.
const PAGE: usize = 1_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export))
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

codes! {
    pub enum Columns {
        /// Those of the view.
        View = "view",
        All = "all",
    }
}

#[expect(clippy::derivable_impls, reason = "the codes are declared by a macro")]
impl Default for Columns {
    fn default() -> Self {
        Self::View
    }
}

#[derive(Deserialize, IntoParams)]
struct ExportQuery {
    /// `csv`, `jsonl` or `xlsx`; `csv` without it
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// `all` for all columns and fields there are; otherwise those of the view. JSON lines have all.
    #[serde(default)]
    #[param(inline)]
    columns: Columns,
}

/// A whole list as a file, with the columns of its view or all there are.
#[utoipa::path(get, path = "/cases/export", tag = "cases", params(ExportQuery, ListQuery),
    responses((status = 200, content_type = "text/csv"), (status = 422)))]
async fn export(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    Query(as_file): Query<ExportQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let mut listed = Listed::asked(&mut tx, &actor, &query).await?;
    if as_file.format == Format::Jsonl || as_file.columns == Columns::All {
        let fields = attributes::fields(&mut tx).await?;
        let shown = fields.iter().filter(|field| !field.archived);
        listed.columns = Heading::all(shown.map(|field| field.key.as_str()));
    }
    let cells = Cells::of(&mut tx, &listed.columns).await?;
    drop(tx);
    let mut tx = app.db.write().await?;
    let fact = Fact::CasesExported { format: as_file.format.code().into() };
    journal::record(&app, &mut tx, &actor, About::house(), fact)?;
    tx.commit().await?;
    let view = query.view.map_or_else(|| "cases".to_owned(), |view: Chosen| view.to_string());
    let name = format!("attachment; filename=\"{view}.{}\"", as_file.format);
    let columns = (listed.columns, cells);
    let writer = Writer::new(as_file.format, columns, wants.words.clone(), wants.json, app.zone());
    let eyes = Eyes::of(&app, &actor);
    let all = cases::all_ids(&mut app.db.read().await?, &eyes, &listed.filter, listed.sort).await?;
    let export = Export { app, actor, cases: all, done: 0, writer, stage: Stage::Head };
    let body = Body::from_stream(stream::try_unfold(export, Export::next));
    let headers = [
        (header::CONTENT_TYPE, as_file.format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body).into_response())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Lines,
    End,
    Over,
}

struct Export {
    app: App,
    actor: Actor,
    /// In their order.
    cases: Vec<CaseId>,
    /// How many of them have left.
    done: usize,
    writer: Writer,
    stage: Stage,
}

impl Export {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let bytes = match self.stage {
            Stage::Head => {
                self.stage = Stage::Lines;
                self.writer.head()?
            }
            Stage::Lines => self.lines().await?,
            Stage::End => {
                self.stage = Stage::Over;
                self.writer.end()
            }
            Stage::Over => return Ok(None),
        };
        Ok(Some((bytes.into(), self)))
    }

    async fn lines(&mut self) -> Result<Vec<u8>> {
        let until = self.cases.len().min(self.done + PAGE);
        let page = self.cases.get(self.done..until).unwrap_or_default();
        let mut tx = self.app.db.read().await?;
        let lines = cases::lines(&mut tx, &self.actor, page).await?;
        self.writer.cells.load(&mut tx, &self.writer.columns, &lines).await?;
        drop(tx);
        self.done = until;
        if until == self.cases.len() {
            self.stage = Stage::End;
        }
        self.writer.lines(&lines)
    }
}

/// Turns lines into bytes of a format.
struct Writer {
    columns: Vec<Heading>,
    /// What they show of the page that is written.
    cells: Cells,
    words: Words,
    zone: TimeZone,
    /// Numbers and days as programs expect them.
    program: bool,
    kind: Kind,
}

enum Kind {
    Csv(Csv),
    Jsonl,
    Xlsx(Box<Sheets>),
}

impl Writer {
    fn new(
        format: Format,
        (columns, cells): (Vec<Heading>, Cells),
        words: Words,
        program: bool,
        zone: TimeZone,
    ) -> Self {
        let german = words.language == Language::De && !program;
        let kind = match format {
            Format::Csv => Kind::Csv(if german { Csv::Semicolons } else { Csv::Commas }),
            Format::Jsonl => Kind::Jsonl,
            Format::Xlsx => Kind::Xlsx(Box::default()),
        };
        Self { columns, cells, words, zone, program, kind }
    }

    fn head(&mut self) -> Result<Vec<u8>> {
        let names: Vec<String> =
            self.columns.iter().map(|column| self.cells.head(column, &self.words)).collect();
        match &mut self.kind {
            Kind::Csv(csv) => csv.head(names),
            Kind::Jsonl => Ok(Vec::new()),
            Kind::Xlsx(sheets) => {
                sheets.begin(names);
                Ok(sheets.take())
            }
        }
    }

    fn lines(&mut self, lines: &[Line]) -> Result<Vec<u8>> {
        if matches!(self.kind, Kind::Jsonl) {
            let mut bytes = Vec::new();
            for line in lines {
                serde_json::to_writer(&mut bytes, &self.cells.whole(line, &self.words))?;
                bytes.push(b'\n');
            }
            return Ok(bytes);
        }
        let reader = Reader::Sheet { words: &self.words, zone: &self.zone, program: self.program };
        let row = |line: &Line| -> Vec<String> {
            self.columns.iter().map(|column| self.cells.text(line, column, &reader)).collect()
        };
        let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
        match &mut self.kind {
            Kind::Csv(csv) => csv.rows(rows),
            Kind::Xlsx(sheets) => {
                for row in &rows {
                    sheets.row(row);
                }
                Ok(sheets.take())
            }
            Kind::Jsonl => Ok(Vec::new()),
        }
    }

    fn end(&mut self) -> Vec<u8> {
        match &mut self.kind {
            Kind::Xlsx(sheets) => {
                sheets.finish();
                sheets.take()
            }
            Kind::Csv(_) | Kind::Jsonl => Vec::new(),
        }
    }
}
