//! What was searched in vain: counted by the palette, put away by those who write articles.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::URL;
use crate::knowledge;
use crate::platform::{Actor, App, Input, Result, Right, Wants};

/// They stand on the page of all articles, for those who write some.
#[utoipa::path(get, path = "/knowledge/gaps", tag = "knowledge",
    responses((status = 303, description = "to all articles")))]
pub(super) async fn page(actor: Actor, wants: Wants) -> Result<Response> {
    actor.may(Right::ReadKnowledge)?;
    Ok(wants.go(URL))
}

/// What somebody looked for.
#[derive(Deserialize, ToSchema)]
#[schema(as = KnowledgeSearched)]
pub(super) struct SearchedForm {
    q: String,
}

/// Counts words that nothing was found with: the words only, and only if there is no article about them.
#[utoipa::path(post, path = "/knowledge/gaps", tag = "knowledge", request_body = SearchedForm,
    responses((status = 204)))]
pub(super) async fn missed(
    actor: Actor,
    State(app): State<App>,
    Input(form): Input<SearchedForm>,
) -> Result<StatusCode> {
    actor.may(Right::ReadKnowledge)?;
    knowledge::missed(&app, &actor, &form.q).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Words that need no article, or have one.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = KnowledgeGapForm)]
pub(super) struct GapForm {
    words: String,
}

/// Counts words from the beginning.
#[utoipa::path(post, path = "/knowledge/gaps/removal", tag = "knowledge", request_body = GapForm,
    responses((status = 200, body = GapForm)))]
pub(super) async fn forget(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<GapForm>,
) -> Result<Response> {
    actor.may(Right::WriteKnowledge)?;
    knowledge::forget(&app, &actor, &form.words).await?;
    wants.done(URL, "knowledge-gap-gone", &form)
}
