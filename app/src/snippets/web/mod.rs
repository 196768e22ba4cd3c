//! The page of the text modules, what the composer asks, and their exchange as a table.

mod composer;
mod exchange;
mod frames;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Draft, Frame, Snippet, Text};
use super::{Filled, PLACEHOLDERS, typed};
use crate::cases;
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Error, FieldError, Id, Input, Language, Page, Query, QueueId, Result, Right, Wants,
};

const URL: &str = "/snippets";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change))
        .routes(routes!(remove))
        .routes(routes!(composer::count_use))
        .routes(routes!(composer::find))
        .routes(routes!(exchange::export))
        .routes(routes!(exchange::import))
        .routes(routes!(frames::set_frame))
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
