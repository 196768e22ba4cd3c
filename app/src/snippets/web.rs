//! The page of the text modules, what the composer asks, and their exchange as a table.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Draft, Frame, Snippet, Text};
use super::{Filled, PLACEHOLDERS, typed};
use crate::cases;
use crate::people;
use crate::people::Queue;
use crate::platform::sheet;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Language, Page, Query, QueueId, Result, Right, Wants,
};

const URL: &str = "/snippets";
/// Proposals while somebody types.
const MOST: usize = 12;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change))
        .routes(routes!(remove))
        .routes(routes!(count_use))
        .routes(routes!(find))
        .routes(routes!(export))
        .routes(routes!(import))
        .routes(routes!(set_frame))
}

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// The snippet that the form changes; without it the form adds.
    edit: Option<i64>,
    /// The number of a case for which it is shown filled in.
    #[serde(default)]
    case: String,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "snippets/views/snippets.html")]
struct SnippetsView {
    #[serde(skip)]
    page: Page,
    items: Vec<Snippet>,
    next: Option<String>,
    /// What stands around answers.
    frames: Vec<Frame>,
    #[serde(skip)]
    queues: Vec<Queue>,
    #[serde(skip)]
    form: SnippetForm,
    #[serde(skip)]
    preview: Option<Filled>,
    /// The case of the preview.
    #[serde(skip)]
    case: String,
    #[serde(skip)]
    errors: Corrections,
}

impl SnippetsView {
    const fn placeholders() -> [&'static str; 13] {
        PLACEHOLDERS
    }

    /// The frame of a queue in a language; an empty one if nothing was chosen.
    fn frame(&self, queue: &Queue, language: &str) -> Frame {
        let language = Language::from_code(language).unwrap_or(Language::De);
        let fits = |frame: &&Frame| frame.queue == queue.id && frame.language == language;
        self.frames.iter().find(fits).cloned().unwrap_or(Frame::empty(queue.id, language))
    }

    fn queue_name(&self, snippet: &Snippet) -> Option<&str> {
        let queue = self.queues.iter().find(|queue| Some(queue.id) == snippet.queue)?;
        Some(&queue.name)
    }

    fn may_change(&self, snippet: &Snippet) -> bool {
        snippet.owner.is_some() || self.page.can("edit_policies")
    }
}

/// A snippet as a form sends it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct SnippetForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name: String,
    shortcut: String,
    #[serde(default)]
    folder: String,
    /// A queue's id; empty for all.
    #[serde(default)]
    queue: String,
    /// `yes`: only for oneself.
    #[serde(default)]
    personal: String,
    /// HTML, if it has a tag such as `<p>`, `<div>` or `<br>`; otherwise plain text.
    #[serde(default)]
    body_de: String,
    /// The German text for those who are addressed informally; empty: the other one is used.
    #[serde(default)]
    body_de_informal: String,
    #[serde(default)]
    body_en: String,
}

impl SnippetForm {
    fn draft(&self, actor: &Actor) -> Result<Draft> {
        let text = |language, body, informal| Text {
            language,
            body: typed::html(body),
            informal: typed::html(informal),
        };
        let mut texts = vec![
            text(Language::De, &self.body_de, &self.body_de_informal),
            text(Language::En, &self.body_en, ""),
        ];
        texts.retain(|text| !text.body.is_empty() || !text.informal.is_empty());
        let personal = self.personal == "yes" || !actor.can(Right::EditPolicies);
        Ok(Draft {
            name: self.name.trim().to_owned(),
            shortcut: self.shortcut.trim().trim_start_matches(';').to_lowercase(),
            folder: self.folder.trim().to_owned(),
            owner: if personal { Some(actor.person()?) } else { None },
            queue: self.queue.parse().map(QueueId).ok(),
            texts,
        })
    }

    fn of(snippet: &Snippet) -> Self {
        let (body_de, informal) = snippet.exactly(Language::De);
        Self {
            id: snippet.id.to_string(),
            name: snippet.name.clone(),
            shortcut: snippet.shortcut.clone(),
            folder: snippet.folder.clone(),
            queue: snippet.queue.map(|queue| queue.to_string()).unwrap_or_default(),
            personal: if snippet.owner.is_some() { "yes".into() } else { String::new() },
            body_de: typed::shown(body_de),
            body_de_informal: typed::shown(informal),
            body_en: typed::shown(snippet.exactly(Language::En).0),
        }
    }

    fn is_in(&self, queue: &Queue) -> bool {
        self.queue == queue.id.to_string()
    }

    fn is_personal(&self) -> bool {
        self.personal == "yes"
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    (form, errors): (Option<SnippetForm>, Vec<FieldError>),
    query: &ListQuery,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let edited = match query.edit {
        Some(id) => Some(super::snippet(&mut tx, actor, id).await?),
        None => None,
    };
    let shown = match cases::find_number(&mut tx, query.case.trim()).await? {
        Some(case) if cases::sight::check(&mut tx, actor, &case).await.is_ok() => Some(case),
        _ => None,
    };
    let preview = match (&edited, shown) {
        (Some(snippet), Some(case)) => Some(super::fill(app, &mut tx, actor, &case, snippet).await?),
        _ => None,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = SnippetsView {
        page: wants.page(app, actor, Area::Settings),
        items: super::all(&mut tx, actor).await?,
        next: None,
        frames: super::frames(&mut tx, actor).await?,
        queues: people::queues_for(&mut tx, actor).await?,
        form: form.or_else(|| edited.as_ref().map(SnippetForm::of)).unwrap_or_default(),
        preview,
        case: query.case.trim().to_owned(),
        errors: Corrections::new("", errors),
    };
    wants.answer_as(status, &view)
}

/// The snippets that the reader may use.
#[utoipa::path(get, path = "/snippets", tag = "snippets", params(ListQuery),
    responses((status = 200, body = SnippetsView)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    show(&app, &actor, &wants, (None, Vec::new()), &query).await
}

/// Adds a snippet.
#[utoipa::path(post, path = "/snippets", tag = "snippets", request_body = SnippetForm,
    responses((status = 200, body = Snippet), (status = 422)))]
async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<SnippetForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let added = super::add(&app, &actor, &form.draft(&actor)?).await;
    done(&app, &actor, &wants, form, added).await
}

/// Changes a snippet.
#[utoipa::path(post, path = "/snippets/{id}", tag = "snippets", params(("id" = i64, Path)),
    request_body = SnippetForm, responses((status = 200, body = Snippet), (status = 404), (status = 422)))]
async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<SnippetForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let changed = super::change(&app, &actor, id, &form.draft(&actor)?).await.map(|()| id);
    done(&app, &actor, &wants, form, changed).await
}

async fn done(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    form: SnippetForm,
    saved: Result<i64>,
) -> Result<Response> {
    match saved {
        Ok(id) => {
            let snippet = super::snippet(&mut app.db.read().await?, actor, id).await?;
            wants.done(URL, "saved", &snippet)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let query = ListQuery { edit: form.id.parse().ok(), case: String::new() };
            show(app, actor, wants, (Some(form), errors), &query).await
        }
        Err(error) => Err(error),
    }
}

/// What is left of a removed snippet.
#[derive(Serialize, ToSchema)]
#[schema(as = SnippetRemoved)]
struct Removed {
    id: i64,
}

/// Takes a snippet away.
#[utoipa::path(post, path = "/snippets/{id}/remove", tag = "snippets", params(("id" = i64, Path)),
    responses((status = 200, body = Removed), (status = 404)))]
async fn remove(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    super::remove(&app, &actor, id).await?;
    wants.done(URL, "saved", &Removed { id })
}

/// Counts that a snippet was put into a text.
#[utoipa::path(post, path = "/snippets/{id}/uses", tag = "snippets", params(("id" = i64, Path)),
    responses((status = 204)))]
async fn count_use(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<StatusCode> {
    actor.may(Right::WorkCases)?;
    super::count_use(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
struct FindQuery {
    /// What was typed: the shortcut, or words of the name.
    #[serde(default)]
    q: String,
}

/// A snippet ready to be inserted.
#[derive(Serialize, ToSchema)]
#[schema(as = SnippetFound)]
struct Found {
    id: i64,
    name: String,
    shortcut: String,
    folder: String,
    /// How it begins, as text.
    begins: String,
    #[serde(flatten)]
    filled: Filled,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SnippetsFound)]
struct FoundAll {
    items: Vec<Found>,
}

/// Snippets that fit what is typed, filled in for a case, in its customer's language and as they are addressed.
#[utoipa::path(get, path = "/cases/{number}/snippets", tag = "snippets",
    params(("number" = String, Path), FindQuery), responses((status = 200, body = FoundAll), (status = 404)))]
async fn find(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<FindQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?;
    let found = super::find(&app, &mut tx, &actor, case.id, &query.q, MOST).await?;
    let items = found.into_iter().map(|(snippet, filled)| Found {
        id: snippet.id,
        name: snippet.name,
        shortcut: snippet.shortcut,
        folder: snippet.folder,
        begins: mail::html::to_text(&filled.html).chars().take(160).collect(),
        filled,
    });
    Ok(Json(FoundAll { items: items.collect() }).into_response())
}

/// The shared snippets as CSV.
#[utoipa::path(get, path = "/snippets/csv", tag = "snippets",
    responses((status = 200, content_type = "text/csv")))]
async fn export(actor: Actor, State(app): State<App>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let all = super::all(&mut app.db.read().await?, &actor).await?;
    Ok(sheet::file("snippets", super::to_csv(&all)?))
}

/// A table of snippets.
#[derive(Debug, Deserialize, ToSchema)]
struct TableForm {
    /// CSV with the columns shortcut, name, folder, language, body, and if need be informal.
    table: String,
}

/// How many snippets a table brought.
#[derive(Serialize, ToSchema)]
#[schema(as = SnippetsBrought)]
struct Brought {
    snippets: usize,
}

/// Adds or changes shared snippets, by their shortcut.
#[utoipa::path(post, path = "/snippets/imports", tag = "snippets", request_body = TableForm,
    responses((status = 200, body = Brought), (status = 422)))]
async fn import(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<TableForm>,
) -> Result<Response> {
    actor.may(Right::EditPolicies)?;
    let table = super::from_csv(&form.table)?;
    let snippets = super::bring_in(&app, &actor, table).await?;
    wants.done(URL, "saved", &Brought { snippets })
}

/// What answers of a queue begin and end with, per language.
#[derive(Debug, Deserialize, ToSchema)]
struct FrameForm {
    queue: i64,
    #[serde(default)]
    greeting_de: String,
    #[serde(default)]
    closing_de: String,
    /// For those who are addressed informally; empty: as for the others.
    #[serde(default)]
    greeting_de_informal: String,
    #[serde(default)]
    closing_de_informal: String,
    #[serde(default)]
    greeting_en: String,
    #[serde(default)]
    closing_en: String,
}

/// The frames as they are now.
#[derive(Serialize, ToSchema)]
struct Frames {
    frames: Vec<Frame>,
}

/// Chooses what answers of a queue begin and end with.
#[utoipa::path(post, path = "/snippets/frames", tag = "snippets", request_body = FrameForm,
    responses((status = 200, body = Frames), (status = 422)))]
async fn set_frame(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<FrameForm>,
) -> Result<Response> {
    actor.may(Right::EditPolicies)?;
    let queue = QueueId(form.queue);
    let text = |text: String| text.trim().replace("\r\n", "\n");
    let german = Frame {
        greeting: text(form.greeting_de),
        closing: text(form.closing_de),
        informal_greeting: text(form.greeting_de_informal),
        informal_closing: text(form.closing_de_informal),
        ..Frame::empty(queue, Language::De)
    };
    let english = Frame {
        greeting: text(form.greeting_en),
        closing: text(form.closing_en),
        ..Frame::empty(queue, Language::En)
    };
    for frame in [german, english] {
        super::set_frame(&app, &actor, queue, &frame).await?;
    }
    let frames = super::frames(&mut app.db.read().await?, &actor).await?;
    wants.done(URL, "saved", &Frames { frames })
}
