//! What a search found of one kind, as a file, however much it is.
//!
//! What it is and its order is known from the beginning, as the index was then: what changes meanwhile neither leaves nor
//! comes twice. Each part is read from the index when its turn has come.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::resolve;
use super::{Item, TYPED};
use crate::journal::Fact;
use crate::platform::search::{Request, Whole};
use crate::platform::{Actor, App, Error, Query, Result, Right, Wants};
use crate::screens::export;
use crate::screens::export::{ExportQuery, Source, Tell};

/// Hits read at once.
const PAGE: usize = 500;

#[derive(Deserialize, IntoParams)]
pub(super) struct FoundQuery {
    /// As for a search.
    #[serde(default)]
    q: String,
    /// `case`, `customer`, `insight` or `article`; `case` without it
    kind: Option<String>,
    /// `newest` instead of best first.
    sort: Option<String>,
}

/// All that a search finds of one kind, as a file.
#[utoipa::path(get, path = "/search/export", tag = "search", params(FoundQuery, ExportQuery),
    responses((status = 200, content_type = "text/csv"), (status = 422)))]
pub(super) async fn found(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<FoundQuery>,
    Query(as_file): Query<ExportQuery>,
) -> Result<Response> {
    // The query itself knows what its reader may find.
    actor.may(Right::OwnAccount)?;
    let kind = query.kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "case".to_owned());
    let typed: String = query.q.trim().chars().take(TYPED).collect();
    let understood = resolve::understand(&app, &actor, &wants.words, &typed).await?;
    let newest = query.sort.as_deref() == Some("newest");
    let request = Request { newest, ..understood.request.clone() };
    let sources = crate::search_sources();
    let name = sources.iter().find(|source| source.kind == kind).map(|source| source.kind);
    let name = name.ok_or_else(|| Error::invalid("kind", "error-field-malformed"))?;
    let whole = app.search().whole(&app, &sources, &actor, request, kind).await?;
    let fact = Fact::ListExported { list: "search".into(), format: as_file.format.code().into() };
    export::record(&app, &actor, fact).await?;
    Ok(export::answer(&app, &wants, (name, as_file.format), Hits { whole, done: 0 }))
}

struct Hits {
    /// `None`: the index is not open, and nothing is found.
    whole: Option<Whole>,
    /// How many of them have left.
    done: usize,
}

impl Source for Hits {
    type Line = Item;

    fn head(&self, tell: &Tell) -> Vec<String> {
        let words =
            ["export-kind", "export-title", "export-detail", "export-found-in", "export-at", "export-page"];
        words.map(|word| tell.words.t(word).into_owned()).to_vec()
    }

    async fn more(&mut self) -> Result<Option<Vec<Item>>> {
        let Some(whole) = self.whole.as_ref().filter(|whole| self.done < whole.count()) else {
            return Ok(None);
        };
        let until = whole.count().min(self.done + PAGE);
        let hits = whole.read(self.done..until).await?;
        self.done = until;
        Ok(Some(hits.into_iter().map(Item::from).collect()))
    }

    fn cells(&self, tell: &Tell, line: &Item) -> Vec<String> {
        vec![
            tell.words.t(&format!("search-kind-{}", line.kind)).into_owned(),
            line.title.clone(),
            line.detail.clone(),
            line.found_in.as_ref().map(|found| found.name.clone()).unwrap_or_default(),
            tell.time(line.updated),
            line.url.clone(),
        ]
    }

    fn json(&self, line: &Item) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(line)
    }
}
