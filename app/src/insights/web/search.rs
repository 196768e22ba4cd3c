//! Finds insights by their title.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::findings::Kind;
use crate::insights::{Insight, store};
use crate::platform::{Actor, App, Query, Result, Right};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Deserialize, IntoParams)]
struct SearchQuery {
    /// Words of the title.
    q: Option<String>,
    /// `cause`, `wish`, `competitor`, `praise`, `unclear` or `hindrance`
    kind: Option<Kind>,
    /// At most 50.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct Found {
    items: Vec<Insight>,
}

/// Insights whose title has all words, the shortest title first.
#[utoipa::path(get, path = "/insights/search", tag = "insights", params(SearchQuery), responses((status = 200, body = Found)))]
async fn search(actor: Actor, State(app): State<App>, Query(query): Query<SearchQuery>) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let limit = query.limit.unwrap_or(20).clamp(1, 50);
    let items = store::search(&mut tx, query.q.as_deref().unwrap_or_default(), query.kind, limit).await?;
    Ok(Json(Found { items }).into_response())
}
