//! What the composer asks while somebody writes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases;
use crate::platform::{Actor, App, Id, Query, Result, Right};
use crate::snippets;
use crate::snippets::Filled;

/// Proposals while somebody types.
const MOST: usize = 12;

/// Counts that a snippet was put into a text.
#[utoipa::path(post, path = "/snippets/{id}/uses", tag = "snippets", params(("id" = i64, Path)),
    responses((status = 204)))]
pub(super) async fn count_use(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<StatusCode> {
    actor.may(Right::WorkCases)?;
    snippets::count_use(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
pub(super) struct FindQuery {
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
pub(super) async fn find(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Query(query): Query<FindQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?;
    let found = snippets::find(&app, &mut tx, &actor, case.id, &query.q, MOST).await?;
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
