//! The same done to many cases: a look at what it would do, doing it, how far it is, taking it back.

mod form;
mod told;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::form::{Bulk, BulkInput};
use self::told::changes;
use crate::cases::CaseField;
use crate::cases::attributes;
use crate::cases::attributes::Choice;
use crate::cases::bulk;
use crate::cases::bulk::{Outcome, Preview, Run};
use crate::platform::{Actor, App, Area, Id, Page, Query, Result, Right, Timestamp, Wants};

/// The list that a bulk change leads back to, as the page that it began on: another address is none.
fn list_of(page: Option<&str>) -> &str {
    page.filter(|page| page.starts_with("/cases?")).unwrap_or("/cases?as=table")
}

#[derive(Template, Serialize)]
#[template(path = "cases/views/bulk_preview.html")]
struct PreviewView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    preview: Preview,
    /// What would change, and into what.
    #[serde(skip)]
    changes: Vec<(String, String)>,
    #[serde(skip)]
    pairs: Vec<(String, String)>,
    #[serde(skip)]
    list: String,
}

impl PreviewView {
    fn would(&self) -> String {
        let (page, preview) = (&self.page, &self.preview);
        let (n, of) = (page.number(preview.changed), page.number(preview.looked_at));
        page.with2("bulk-would", ("n", n), ("of", of)).into_owned()
    }

    /// How many would change beside those that are named.
    fn unnamed(&self) -> i64 {
        self.preview.changed - i64::try_from(self.preview.would.len()).unwrap_or(i64::MAX)
    }
}

/// What the change would do, and to which cases it could not be done.
#[utoipa::path(post, path = "/bulk/preview", tag = "cases", request_body = BulkInput,
    responses((status = 200, body = Preview), (status = 422)))]
pub(super) async fn preview(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    sent: Bulk,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let sent = sent.settled(&app, &wants).await?;
    let preview = bulk::preview(&app, &actor, &sent.chosen, &sent.change).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let changes = changes(&app, &page, &sent.change).await?;
    let list = list_of(wants.from.as_deref()).to_owned();
    let mut pairs = sent.pairs;
    pairs.push(("back".into(), list.clone()));
    wants.answer(&PreviewView { page, preview, changes, pairs, list })
}

#[derive(Deserialize, IntoParams)]
pub(super) struct ValueQuery {
    /// The key of a field that the house made.
    #[serde(default)]
    field: String,
}

#[derive(Template, Serialize)]
#[template(path = "cases/views/bulk_value.html")]
struct ValueView {
    #[serde(skip)]
    page: Page,
    field: Option<CaseField>,
}

impl ValueView {
    /// Is the field of this type? Codes as in [`attributes::FieldType`].
    fn is(&self, field_type: &str) -> bool {
        self.field.as_ref().is_some_and(|field| field.field_type.code() == field_type)
    }

    /// What can be chosen.
    fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.field.iter().flat_map(|field| &field.choices).filter(|choice| !choice.gone)
    }
}

/// Where a value is typed or chosen that a field of the house's own gets.
#[utoipa::path(get, path = "/bulk/value", tag = "cases", params(ValueQuery), responses((status = 200, body = String)))]
pub(super) async fn value(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ValueQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let fields = attributes::fields(&mut app.db.read().await?).await?;
    let field = fields.into_iter().find(|field| field.key == query.field && !field.archived);
    wants.fragment(&ValueView { page: wants.page(&app, &actor, Area::Inbox), field })
}

/// A run as the API shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = BulkRun)]
struct RunJson {
    id: i64,
    /// `waiting`, `done`, `undoing` or `undone`
    state: String,
    at: Timestamp,
    total: i64,
    #[serde(flatten)]
    outcome: Outcome,
}

impl RunJson {
    fn of(run: Run, outcome: Outcome) -> Self {
        Self { id: run.id, state: run.state, at: run.at, total: run.total, outcome }
    }
}

/// Does it: up to a hundred at once, more in the background.
#[utoipa::path(post, path = "/bulk", tag = "cases", request_body = BulkInput,
    responses((status = 200, body = RunJson), (status = 422)))]
pub(super) async fn start(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    sent: Bulk,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let sent = sent.settled(&app, &wants).await?;
    let id = bulk::start(&app, &actor, &sent.chosen, &sent.change).await?;
    let (run, outcome) = bulk::run(&mut app.db.read().await?, &actor, id).await?;
    if wants.json {
        return Ok(Json(RunJson::of(run, outcome)).into_response());
    }
    let back = url::form_urlencoded::Serializer::new(String::new()).append_pair("back", sent.list()).finish();
    Ok(wants.go(&format!("/bulk/{id}?{back}")))
}

#[derive(Template, Serialize)]
#[template(path = "cases/views/bulk_run.html")]
struct RunView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    run: RunJson,
    #[serde(skip)]
    reasons: Vec<(String, i64)>,
    #[serde(skip)]
    list: String,
}

#[derive(Deserialize, IntoParams)]
pub(super) struct RunQuery {
    /// The list that the page of the run leads back to.
    back: Option<String>,
}

impl RunView {
    fn state(&self) -> String {
        format!("bulk-state-{}", self.run.state)
    }

    fn is_busy(&self) -> bool {
        matches!(self.run.state.as_str(), "waiting" | "undoing")
    }
}

/// How far a run is.
#[utoipa::path(get, path = "/bulk/{id}", tag = "cases", params(("id" = i64, Path), RunQuery),
    responses((status = 200, body = RunJson), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<RunQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let (run, outcome) = bulk::run(&mut tx, &actor, id).await?;
    let reasons = bulk::reasons(&mut tx, id).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let list = list_of(query.back.as_deref()).to_owned();
    wants.answer(&RunView { page, run: RunJson::of(run, outcome), reasons, list })
}

/// Takes a run back, as far as nobody did anything with its cases since.
#[utoipa::path(post, path = "/bulk/{id}/undo", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = RunJson), (status = 404), (status = 409)))]
pub(super) async fn undo(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    bulk::take_back(&app, &actor, id).await?;
    let (run, outcome) = bulk::run(&mut app.db.read().await?, &actor, id).await?;
    let path = format!("/bulk/{id}");
    // The page goes on knowing its list.
    let page = wants.from.as_deref().filter(|from| from.split('?').next() == Some(path.as_str()));
    wants.done(page.unwrap_or(&path), "bulk-taken-back", &RunJson::of(run, outcome))
}
