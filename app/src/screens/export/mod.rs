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
use super::listed::{Chosen, ListQuery, Listed};
use super::workplace::signal;
use crate::cases;
use crate::cases::web::CaseJson;
use crate::cases::{Eyes, Line};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::sheet::Csv;
use crate::platform::{Actor, App, CaseId, Language, Query, Result, Right, Timestamp, Wants, Words, codes};
use crate::views::Column;

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

#[derive(Deserialize, IntoParams)]
struct ExportQuery {
    /// `csv`, `jsonl` or `xlsx`; `csv` without it
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

/// A whole list as a file, with the columns of its view.
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
    let listed = Listed::asked(&mut app.db.read().await?, &actor, &query).await?;
    let mut tx = app.db.write().await?;
    let fact = Fact::CasesExported { format: as_file.format.code().into() };
    journal::record(&app, &mut tx, &actor, About::house(), fact)?;
    tx.commit().await?;
    let view = query.view.map_or_else(|| "cases".to_owned(), |view: Chosen| view.to_string());
    let name = format!("attachment; filename=\"{view}.{}\"", as_file.format);
    let writer = Writer::new(as_file.format, &listed.columns, wants.words.clone(), wants.json, app.zone());
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
        let lines = cases::lines(&mut self.app.db.read().await?, &self.actor, page).await?;
        self.done = until;
        if until == self.cases.len() {
            self.stage = Stage::End;
        }
        self.writer.lines(&lines)
    }
}

/// Turns lines into bytes of a format.
struct Writer {
    columns: Vec<Column>,
    words: Words,
    zone: TimeZone,
    kind: Kind,
}

enum Kind {
    Csv(Csv),
    Jsonl,
    Xlsx(Box<Sheets>),
}

impl Writer {
    fn new(format: Format, columns: &[Column], words: Words, program: bool, zone: TimeZone) -> Self {
        let german = words.language == Language::De && !program;
        let kind = match format {
            Format::Csv => Kind::Csv(if german { Csv::Semicolons } else { Csv::Commas }),
            Format::Jsonl => Kind::Jsonl,
            Format::Xlsx => Kind::Xlsx(Box::default()),
        };
        Self { columns: columns.to_vec(), words, zone, kind }
    }

    fn head(&mut self) -> Result<Vec<u8>> {
        let names: Vec<String> =
            self.columns.iter().map(|column| self.words.t(&column.word()).into_owned()).collect();
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
                serde_json::to_writer(&mut bytes, &CaseJson::of(line))?;
                bytes.push(b'\n');
            }
            return Ok(bytes);
        }
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| self.columns.iter().map(|column| self.cell(line, *column)).collect())
            .collect();
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

    /// As a spreadsheet sorts and reads it.
    fn cell(&self, line: &Line, column: Column) -> String {
        let (case, words) = (&line.case, &self.words);
        match column {
            Column::Number => case.number.clone(),
            Column::Subject => case.subject.clone(),
            Column::Customer => line.customer_name.clone(),
            Column::Status => words.t(&format!("case-status-{}", case.status)).into_owned(),
            Column::Due => self.time(case.due_at),
            Column::Priority => words.t(&format!("case-priority-{}", case.priority)).into_owned(),
            Column::Owner => line.owner_name.clone().unwrap_or_default(),
            Column::Queue => line.queue_name.clone(),
            Column::Channel => words.t(&format!("channel-{}", case.channel)).into_owned(),
            Column::Created => self.time(Some(case.created_at)),
            Column::Updated => self.time(Some(case.updated_at)),
            Column::Wait => self.time(case.wait_until),
            Column::Closed => self.time(case.closed_at),
            Column::Contacts => case.contacts.to_string(),
            Column::Signals => {
                let kinds = case.signals.split_whitespace().map(|kind| words.t(signal(kind).2));
                kinds.collect::<Vec<_>>().join(", ")
            }
            Column::Snippet => case.snippet.clone(),
        }
    }

    /// "2026-11-16 09:00" in the house's zone.
    fn time(&self, at: Option<Timestamp>) -> String {
        let Some(at) = at else { return String::new() };
        at.moment().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}
