//! What was changed about the house, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{LINES, Line, lines, with_told};
use crate::journal;
use crate::platform::parts;
use crate::platform::{Actor, App, Area, EntryId, Page, Query, Result, Right, Wants};

#[derive(Deserialize, IntoParams)]
pub(super) struct AuditQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/history/views/audit.html")]
pub(super) struct AuditView {
    #[serde(skip)]
    page: Page,
    items: Vec<Line>,
    next: Option<String>,
}

/// What was changed about the house, newest first.
#[utoipa::path(get, path = "/settings/audit", tag = "settings", params(AuditQuery),
    responses((status = 200, body = AuditView)))]
pub(super) async fn audit(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let limit = parts::limit(query.limit, LINES);
    let before = EntryId(query.cursor.unwrap_or(i64::MAX));
    let mut tx = app.db.read().await?;
    let entries = journal::of_house(&mut tx, before, limit + 1).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let facts = entries.into_iter().map(with_told).collect();
    let items = lines(&mut tx, &actor, &page, None, facts).await?;
    let (items, next) = parts::cut(items, limit, |last| last.id.to_string());
    wants.answer(&AuditView { page, items, next })
}
