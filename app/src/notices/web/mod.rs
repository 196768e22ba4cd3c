//! The list behind the bell, its number on every page, and where notices lead.

mod browsers;
mod settings;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Line;
use crate::notices;
use crate::platform::parts;
use crate::platform::web::Unread;
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Query, Result, Right, Wants};

/// Lines of one page.
const LINES: i64 = 50;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(bell_only))
        .routes(routes!(open))
        .routes(routes!(read))
        .routes(routes!(read_all))
        .merge(settings::routes())
        .merge(browsers::routes())
}

/// Counts the reader's unread notices for the bell of a page.
pub async fn bell(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let page = request.method() == Method::GET
        && !["/assets/", "/live", "/api/", "/cases/pane"].iter().any(|start| path.starts_with(start));
    let actor = request.extensions().get::<Actor>().filter(|_| page).cloned();
    if let Some(actor) = actor {
        match notices::count_unread(&app, &actor).await {
            Ok(unread) => drop(request.extensions_mut().insert(Unread(unread))),
            // A page without its number is better than none.
            Err(error) => tracing::warn!(error = format!("{error:?}"), "cannot count notices"),
        }
    }
    next.run(request).await
}

/// `GET /sw.js`: shows what was pushed to a browser. It lies at the root, since it is to work for all pages.
pub async fn service_worker() -> Result<Response> {
    let path = assets::url("sw.js").trim_start_matches("/assets/");
    let script = assets::get(path).ok_or(Error::NotFound)?;
    let headers = [(header::CONTENT_TYPE, script.content_type), (header::CACHE_CONTROL, "no-cache")];
    Ok((StatusCode::OK, headers, script.bytes).into_response())
}

#[derive(Deserialize, IntoParams)]
struct NoticesQuery {
    /// `yes`: only what is unread.
    unread: Option<String>,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "notices/views/notices.html")]
struct NoticesView {
    #[serde(skip)]
    page: Page,
    /// Unread ones, counted to 100.
    unread: i64,
    #[serde(skip)]
    only_unread: bool,
    items: Vec<Line>,
    next: Option<String>,
}

/// The reader's notices, the newest first.
#[utoipa::path(get, path = "/notices", tag = "account", params(NoticesQuery),
    responses((status = 200, body = NoticesView)))]
async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<NoticesQuery>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let before = query.cursor.as_deref().and_then(parts::read_cursor);
    let limit = parts::limit(query.limit, LINES);
    let only_unread = query.unread.as_deref() == Some("yes");
    let (items, next) = if actor.person_id().is_some() {
        notices::list(&app, &actor, &wants.words, before, only_unread, limit).await?
    } else {
        (Vec::new(), None)
    };
    let unread = notices::count_unread(&app, &actor).await?;
    let next = next.map(|(at, id)| parts::cursor(at, id));
    let page = wants.page(&app, &actor, Area::Search);
    wants.answer(&NoticesView { page, unread, only_unread, items, next })
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "notices/views/bell.html")]
struct BellView {
    #[serde(skip)]
    page: Page,
    /// Unread ones, counted to 100.
    unread: i64,
}

/// How many notices the reader has not looked at.
#[utoipa::path(get, path = "/notices/bell", tag = "account", responses((status = 200, body = BellView)))]
async fn bell_only(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let unread = notices::count_unread(&app, &actor).await?;
    wants.fragment(&BellView { page: wants.page(&app, &actor, Area::Search), unread })
}

/// Goes where a notice leads; it counts as read then. Programs get the notice, which stays as it is.
#[utoipa::path(get, path = "/notices/{id}", tag = "account", params(("id" = i64, Path)),
    responses((status = 200, body = Line), (status = 303, description = "for browsers"), (status = 404)))]
async fn open(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let line = notices::line(&app, &actor, &wants.words, id).await?;
    if wants.json {
        return Ok(axum::Json(line).into_response());
    }
    notices::set_read(&app, &actor, id, true).await?;
    Ok(wants.go(&line.url))
}

#[derive(Deserialize, ToSchema)]
struct ReadForm {
    /// "no": it is unread again.
    #[serde(default)]
    read: String,
}

/// Marks a notice as read, or as unread again.
#[utoipa::path(post, path = "/notices/{id}/reading", tag = "account", params(("id" = i64, Path)),
    request_body = ReadForm, responses((status = 200, body = Line), (status = 404)))]
async fn read(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<ReadForm>,
) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let read = form.read != "no";
    notices::set_read(&app, &actor, id, read).await?;
    if wants.json {
        return Ok(axum::Json(notices::line(&app, &actor, &wants.words, id).await?).into_response());
    }
    let word = if read { "notices-read-one" } else { "notices-unread-one" };
    wants.done(back(&wants), word, &())
}

/// What programs get of all that was read.
#[derive(Serialize, ToSchema)]
struct ReadAll {
    notices: u64,
}

/// Marks all notices as read.
#[utoipa::path(post, path = "/notices/reading", tag = "account", responses((status = 200, body = ReadAll)))]
async fn read_all(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::OwnAccount)?;
    let notices = notices::read_all(&app, &actor).await?;
    wants.done(back(&wants), "notices-read-all-done", &ReadAll { notices })
}

/// The list that somebody came from.
fn back(wants: &Wants) -> &str {
    wants.from.as_deref().filter(|from| from.starts_with("/notices")).unwrap_or("/notices")
}
