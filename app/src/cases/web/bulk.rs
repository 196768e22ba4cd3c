//! The same done to many cases: a look at what it would do, doing it, how far it is, taking it back.

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases::Filter;
use crate::cases::bulk;
use crate::cases::bulk::{Change, Chosen, Outcome, Preview, Run, Step};
use crate::cases::model::Priority;
use crate::people;
use crate::platform::web::{form_error, moment};
use crate::platform::{
    Actor, App, Area, Error, Id, Page, PersonId, Query, QueueId, Result, Right, Timestamp, Wants,
};

/// The list that a bulk change leads back to, as the page that it began on: another address is none.
fn list_of(page: Option<&str>) -> &str {
    page.filter(|page| page.starts_with("/cases?")).unwrap_or("/cases?as=table")
}

/// What to do with which cases, as programs send it.
#[derive(Deserialize, ToSchema)]
pub(super) struct BulkInput {
    /// Numbers of cases; without them all that `filter` finds.
    #[serde(default)]
    cases: Vec<String>,
    filter: Option<Filter>,
    change: Change,
}

/// What a page or a program sent.
pub(super) struct Bulk {
    chosen: Chosen,
    change: Change,
    /// As the page sent it, to send it again.
    pairs: Vec<(String, String)>,
    until: String,
}

impl<S: Send + Sync> FromRequest<S> for Bulk {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let json = kind.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|error| form_error(&error.body_text()))?;
        if json {
            let input: BulkInput =
                serde_json::from_slice(&body).map_err(|error| form_error(&error.to_string()))?;
            let chosen = match input.filter {
                Some(filter) if input.cases.is_empty() => Chosen::All(filter),
                _ => Chosen::Marked(input.cases),
            };
            return Ok(Self { chosen, change: input.change, pairs: Vec::new(), until: String::new() });
        }
        Self::of_form(url::form_urlencoded::parse(&body).into_owned().collect())
    }
}

impl Bulk {
    fn of_form(pairs: Vec<(String, String)>) -> Result<Self> {
        let one = |name: &str| {
            let found = pairs.iter().find(|(key, value)| key == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let wrong = |field: &'static str| Error::invalid(field, "error-field-malformed");
        let number = |name: &'static str| {
            one(name).map(|value| value.parse::<i64>().map_err(|_| wrong(name))).transpose()
        };
        let change = Change {
            owner: number("owner")?.map(PersonId),
            queue: number("queue")?.map(QueueId),
            step: one("step").map(|code| Step::from_code(code).ok_or_else(|| wrong("step"))).transpose()?,
            until: None,
            priority: one("priority")
                .map(|code| Priority::from_code(code).ok_or_else(|| wrong("priority")))
                .transpose()?,
            bin: one("bin").map(str::to_owned),
        };
        let until = one("until").unwrap_or_default().to_owned();
        let chosen = if one("all").is_some() {
            Chosen::All(Filter::read(one("filter").unwrap_or("{}"))?)
        } else {
            let marked = pairs.iter().filter(|(key, _)| key == "case").map(|(_, value)| value.clone());
            Chosen::Marked(marked.collect())
        };
        Ok(Self { chosen, change, pairs, until })
    }

    /// The list that the page came from, as [`preview`] had it sent along.
    fn list(&self) -> &str {
        list_of(self.pairs.iter().find(|(key, _)| key == "back").map(|(_, page)| page.as_str()))
    }

    /// A local date and time needs the house's zone.
    fn with_time(mut self, app: &App) -> Result<Self> {
        if self.change.step == Some(Step::Wait) && !self.until.is_empty() {
            self.change.until = Some(moment(app, "until", &self.until)?);
        }
        Ok(self)
    }
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
    changes: Vec<(&'static str, String)>,
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
    let sent = sent.with_time(&app)?;
    let preview = bulk::preview(&app, &actor, &sent.chosen, &sent.change).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let changes = changes(&app, &page, &sent.change).await?;
    let list = list_of(wants.from.as_deref()).to_owned();
    let mut pairs = sent.pairs;
    pairs.push(("back".into(), list.clone()));
    wants.answer(&PreviewView { page, preview, changes, pairs, list })
}

/// A change in words: what, and into what.
async fn changes(app: &App, page: &Page, change: &Change) -> Result<Vec<(&'static str, String)>> {
    let mut tx = app.db.read().await?;
    let mut changes = Vec::new();
    if let Some(owner) = change.owner() {
        let name = match owner {
            Some(person) => people::person(&mut tx, person).await?.name,
            None => page.t("case-nobody").into_owned(),
        };
        changes.push(("case-owner", name));
    }
    if let Some(queue) = change.queue {
        changes.push(("case-queue", people::queue(&mut tx, queue).await?.name));
    }
    if let Some(step) = change.step {
        let until = change.until.map(|until| format!(", {}", page.when(&until)));
        let step = page.t(&format!("case-{}", step.code()));
        changes.push(("cases-column-status", format!("{step}{}", until.unwrap_or_default())));
    }
    if let Some(priority) = change.priority {
        let priority = page.t(&format!("case-priority-{}", priority.code())).into_owned();
        changes.push(("cases-column-priority", priority));
    }
    if let Some(bin) = change.bin.as_deref() {
        let bin = if bin == "none" { "restore" } else { bin };
        changes.push(("bulk-bin", page.t(&format!("case-{bin}")).into_owned()));
    }
    Ok(changes)
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
    let sent = sent.with_time(&app)?;
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
