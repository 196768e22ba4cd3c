//! Pages of views: all that one sees, and a form to make and change one, with a look at what it finds.

mod choices;
pub mod conditions;
pub mod form;
mod row;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use choices::Choices;
use conditions::Conditions;
use form::{Sent, ViewForm, ViewInput};

use super::{Draft, Heading, Shared, View};
use crate::cases;
use crate::cases::counts;
use crate::cases::filter::unless_known;
use crate::cases::{Eyes, Filter, Line, Sort};
use crate::people;
use crate::platform::web::{Corrections, OFFERED};
use crate::platform::{Actor, App, Area, Error, Id, Page, Query, Result, Right, Role, Timestamp, Wants};

/// Cases that the form shows of what a view finds.
const SHOWN: i64 = 5;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(fresh))
        .routes(routes!(draft))
        .routes(routes!(edit, change))
        .routes(routes!(copy))
        .routes(routes!(remove))
        .routes(routes!(restore))
}

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// The id of a view that was just taken away, so that the page offers to bring it back.
    removed: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "views/views/list.html")]
struct ViewsView {
    #[serde(skip)]
    page: Page,
    items: Vec<ViewLine>,
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ViewLine {
    #[serde(flatten)]
    view: View,
    /// How many cases it finds, up to 1000.
    count: i64,
    #[serde(skip)]
    by: String,
    #[serde(skip)]
    mine: bool,
}

impl ViewLine {
    fn shown(&self) -> String {
        counts::shown(self.count)
    }
}

/// The views that the reader sees.
#[utoipa::path(get, path = "/views", tag = "cases", params(ListQuery), responses((status = 200, body = ViewsView)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let views = super::of(&mut tx, &actor).await?;
    let filters: Vec<Filter> = views.iter().map(|view| view.filter.clone()).collect();
    let counts = counts::all(&app, &mut tx, &Eyes::of(&app, &actor), &filters).await?;
    let people = people::all(&mut tx).await?;
    let line = |(view, count): (View, i64)| {
        let by = people.iter().find(|person| person.id == view.person);
        let mine = view.may_change(&actor);
        ViewLine { by: by.map(|person| person.name.clone()).unwrap_or_default(), view, count, mine }
    };
    let mut page = wants.page(&app, &actor, Area::Inbox);
    if let Some(removed) = query.removed {
        let until: Timestamp = app.now() + OFFERED;
        page.offer_undo("views-removed", format!("/views/{removed}/restored"), until);
    }
    let items = views.into_iter().zip(counts).map(line).collect();
    wants.answer(&ViewsView { page, items, next: None })
}

/// What a view finds, for who makes it.
struct Found {
    count: String,
    lines: Vec<Line>,
}

#[derive(Template, Serialize)]
#[template(path = "views/views/edit.html")]
struct EditView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    id: Option<i64>,
    #[serde(skip)]
    form: ViewForm,
    #[serde(skip)]
    choices: Choices,
    #[serde(skip)]
    found: Option<Found>,
    #[serde(skip)]
    errors: Corrections,
}

impl EditView {
    fn action(&self) -> String {
        self.id.map_or("/views".into(), |id| format!("/views/{id}"))
    }

    fn draft_url(&self) -> String {
        self.id.map_or("/views/draft".into(), |id| format!("/views/draft?id={id}"))
    }

    fn conditions(&self) -> String {
        let (page, form, choices, errors) = (&self.page, &self.form, &self.choices, &self.errors);
        Conditions { page, form, choices, draft: self.draft_url(), errors }.html()
    }

    /// Codes and names of the columns that were chosen, as they stand in the table.
    fn chosen_columns(&self) -> Vec<(String, String)> {
        let all = self.choices.columns(&self.page);
        let named = |column: &Heading| all.iter().find(|(code, _)| *code == column.code()).cloned();
        self.form.columns.iter().filter_map(named).collect()
    }

    fn other_columns(&self) -> Vec<(String, String)> {
        let all = self.choices.columns(&self.page).into_iter();
        all.filter(|(code, _)| !self.form.has_column(code)).collect()
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    (id, mut form): (Option<i64>, ViewForm),
    found: Option<Found>,
    errors: Corrections,
) -> Result<Response> {
    let choices = Choices::load(&mut app.db.read().await?, actor).await?;
    choices.settle(&mut form);
    let page = wants.page(app, actor, Area::Inbox);
    wants.answer_as(status, &EditView { page, id, form, choices, found, errors })
}

/// The form of a new view.
#[utoipa::path(get, path = "/views/new", tag = "cases", responses((status = 200, content_type = "text/html")))]
async fn fresh(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let form = (None, ViewForm::default());
    show(&app, &actor, &wants, StatusCode::OK, form, None, Corrections::default()).await
}

/// The form of a view; for programs the view.
#[utoipa::path(get, path = "/views/{id}", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = View), (status = 404)))]
async fn edit(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let view = super::view(&mut app.db.read().await?, &actor, id).await?;
    if wants.json {
        return Ok(Json(view).into_response());
    }
    let form = (Some(id), ViewForm::of(&view.draft()));
    show(&app, &actor, &wants, StatusCode::OK, form, None, Corrections::default()).await
}

#[derive(Deserialize, IntoParams)]
struct DraftQuery {
    /// The view that the form changes.
    id: Option<i64>,
}

/// What a filter finds, up to 1000.
#[derive(Serialize, ToSchema)]
struct Tried {
    count: i64,
}

/// The form with a row more or less, or with what the view would find; nothing is kept.
#[utoipa::path(post, path = "/views/draft", tag = "cases", params(DraftQuery), request_body = ViewInput,
    responses((status = 200, body = Tried), (status = 422)))]
async fn draft(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<DraftQuery>,
    sent: Sent,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut form = match sent {
        Sent::Form(form) => form,
        Sent::Draft(draft) => {
            let found = find(&app, &actor, &draft).await?.0;
            return wants.done("/views", "views-tried", &Tried { count: found });
        }
    };
    form.obey();
    let mut found = None;
    let mut errors = Corrections::default();
    if form.wish == "try" {
        match find(&app, &actor, &form.draft()?).await {
            Ok((count, lines)) => found = Some(Found { count: counts::shown(count), lines }),
            Err(Error::Invalid(fields)) => errors = Corrections::new("", fields),
            Err(error) => return Err(error),
        }
    }
    show(&app, &actor, &wants, StatusCode::OK, (query.id, form), found, errors).await
}

async fn find(app: &App, actor: &Actor, draft: &Draft) -> Result<(i64, Vec<Line>)> {
    let eyes = Eyes::of(app, actor);
    let mut tx = app.db.read().await?;
    unless_known(&mut tx, &draft.filter).await?;
    let count = cases::count(&mut tx, &eyes, &draft.filter, counts::EXACT + 1).await?;
    let lines = cases::list(&mut tx, &eyes, &draft.filter, draft.sort, None, SHOWN).await?;
    Ok((count, lines))
}

/// What a kept view answers to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = ViewSaved)]
struct Saved {
    id: i64,
}

async fn keep(app: &App, actor: &Actor, wants: &Wants, id: Option<i64>, sent: Sent) -> Result<Response> {
    let saved = match sent.draft() {
        Ok(draft) => super::save(app, actor, id, &draft).await,
        Err(error) => Err(error),
    };
    match (saved, sent) {
        (Ok(id), _) => wants.done(&format!("/cases?view=v{id}"), "saved", &Saved { id }),
        (Err(Error::Invalid(errors)), Sent::Form(form)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(app, actor, wants, StatusCode::UNPROCESSABLE_ENTITY, (id, form), None, errors).await
        }
        (Err(error), _) => Err(error),
    }
}

/// Makes a view.
#[utoipa::path(post, path = "/views", tag = "cases", request_body = ViewInput,
    responses((status = 200, body = Saved), (status = 422)))]
async fn create(actor: Actor, wants: Wants, State(app): State<App>, sent: Sent) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    keep(&app, &actor, &wants, None, sent).await
}

/// Changes a view.
#[utoipa::path(post, path = "/views/{id}", tag = "cases", params(("id" = i64, Path)), request_body = ViewInput,
    responses((status = 200, body = Saved), (status = 404), (status = 422)))]
async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    sent: Sent,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    keep(&app, &actor, &wants, Some(id), sent).await
}

/// A copy for oneself, to change it.
#[utoipa::path(post, path = "/views/{id}/copy", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Saved), (status = 404)))]
async fn copy(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let name = super::view(&mut app.db.read().await?, &actor, id).await?.name;
    let name = wants.words.with("views-copy-of", "name", name);
    let id = super::copy(&app, &actor, id, &name).await?;
    wants.done(&format!("/views/{id}"), "views-copied", &Saved { id })
}

/// Takes a view away; it can be brought back.
#[utoipa::path(post, path = "/views/{id}/removal", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Saved), (status = 404)))]
async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    super::remove(&app, &actor, id).await?;
    wants.done(&format!("/views?removed={id}"), "views-removed", &Saved { id })
}

/// Brings a view back.
#[utoipa::path(post, path = "/views/{id}/restored", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Saved), (status = 404)))]
async fn restore(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    super::bring_back(&app, &actor, id).await?;
    wants.done("/views", "views-restored", &Saved { id })
}

pub(super) const fn shared_word(shared: &Shared) -> &'static str {
    match shared {
        Shared::Private => "views-shared-private",
        Shared::All => "views-shared-all",
        Shared::Role(_) => "views-shared-role",
        Shared::Team(_) => "views-shared-team",
    }
}
