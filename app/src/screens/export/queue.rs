//! A list of cases, with the columns of its view.
//!
//! Which cases they are, and their order, is read at once and kept as their ids: a case that is answered while somebody
//! downloads would else move from a part to come into one that has left. Each part shows its cases as they are by then,
//! without those that the reader may not know of any more.

use axum::extract::State;
use axum::response::Response;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ExportQuery, Format, Source, Tell};
use crate::cases;
use crate::cases::{Eyes, Line};
use crate::journal::Fact;
use crate::platform::{Actor, App, CaseId, Query, Result, Right, Wants, Words, codes};
use crate::screens::cells;
use crate::screens::cells::{Cells, Reader};
use crate::screens::listed::{Chosen, ListQuery, Listed};
use crate::views::Heading;

/// Lines read at once.
const PAGE: usize = 1_000;

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
pub(super) struct ColumnsQuery {
    /// `all` for all columns and fields there are; otherwise those of the view. JSON lines have all.
    #[serde(default)]
    #[param(inline)]
    columns: Columns,
}

/// A whole list as a file, with the columns of its view or all there are.
#[utoipa::path(get, path = "/cases/export", tag = "cases", params(ExportQuery, ColumnsQuery, ListQuery),
    responses((status = 200, content_type = "text/csv"), (status = 422)))]
pub(super) async fn export(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    Query(as_file): Query<ExportQuery>,
    Query(asked): Query<ColumnsQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let mut listed = Listed::asked(&mut tx, &actor, &query).await?;
    if as_file.format == Format::Jsonl || asked.columns == Columns::All {
        listed.columns = cells::all_columns(&mut tx).await?;
    }
    let cells = Cells::of(&mut tx, &listed.columns).await?;
    drop(tx);
    super::record(&app, &actor, Fact::CasesExported { format: as_file.format.code().into() }).await?;
    let view = query.view.map_or_else(|| "cases".to_owned(), |view: Chosen| view.to_string());
    let eyes = Eyes::of(&app, &actor);
    let ids = cases::all_ids(&mut app.db.read().await?, &eyes, &listed.filter, listed.sort).await?;
    let (words, zone) = (wants.words.clone(), app.zone());
    let columns = listed.columns;
    let source =
        Cases { app: app.clone(), actor, ids, done: 0, columns, cells, words, zone, program: wants.json };
    Ok(super::answer(&app, &wants, (&view, as_file.format), source))
}

struct Cases {
    app: App,
    actor: Actor,
    /// In their order.
    ids: Vec<CaseId>,
    /// How many of them have left.
    done: usize,
    columns: Vec<Heading>,
    /// What they show of the part that leaves.
    cells: Cells,
    words: Words,
    zone: TimeZone,
    /// Numbers and days as programs expect them.
    program: bool,
}

impl Source for Cases {
    type Line = Line;

    fn head(&self, tell: &Tell) -> Vec<String> {
        self.columns.iter().map(|column| self.cells.head(column, &tell.words)).collect()
    }

    async fn more(&mut self) -> Result<Option<Vec<Line>>> {
        let until = self.ids.len().min(self.done + PAGE);
        let Some(part) = self.ids.get(self.done..until).filter(|part| !part.is_empty()) else {
            return Ok(None);
        };
        let mut tx = self.app.db.read().await?;
        let lines = cases::lines(&mut tx, &self.actor, part).await?;
        self.cells.load(&mut tx, &self.columns, &lines).await?;
        self.done = until;
        Ok(Some(lines))
    }

    fn cells(&self, tell: &Tell, line: &Line) -> Vec<String> {
        let reader = Reader::Sheet { words: &tell.words, zone: &self.zone, program: self.program };
        self.columns.iter().map(|column| self.cells.text(line, column, &reader)).collect()
    }

    fn json(&self, line: &Line) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&self.cells.whole(line, &self.words))
    }
}
