//! Automatic mails that were kept from leaving, and a person who sends one all the same.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Part, sent};
use crate::cases;
use crate::channels::caps;
use crate::channels::store::{self, Suppressed};
use crate::platform::parts;
use crate::platform::{Actor, App, Area, CaseId, ContactId, Id, Page, Query, Result, Right, Wants};

#[derive(Serialize, ToSchema)]
pub struct SuppressedLine {
    #[serde(flatten)]
    suppressed: Suppressed,
    /// Of its case.
    number: String,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/suppressed.html")]
pub struct SuppressedView {
    #[serde(skip)]
    page: Page,
    items: Vec<SuppressedLine>,
    next: Option<String>,
}

/// What machines wanted to send and must not, newest first.
#[utoipa::path(get, path = "/suppressions", tag = "channels", params(Part), responses((status = 200, body = SuppressedView)))]
pub async fn suppressions(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Response> {
    actor.may(Right::ReadUnprocessable)?;
    let limit = part.limit();
    let mut tx = app.db.read().await?;
    let found = store::suppressions(&mut tx, sent::cursor(&part), limit + 1).await?;
    let (mut found, next) = parts::cut(found, limit, |last| format!("{}.{}", last.at.0, last.contact));
    let ids: Vec<CaseId> = found.iter().map(|held| held.case).collect();
    let unseen = cases::sight::unseen(&mut tx, &actor, &ids).await?;
    found.retain(|held| !unseen.contains(&held.case));
    let numbers = cases::numbers(&mut tx, &ids).await?;
    let line = |suppressed: Suppressed| {
        let number = numbers.get(&suppressed.case).cloned().unwrap_or_default();
        SuppressedLine { suppressed, number }
    };
    let items = found.into_iter().map(line).collect();
    let page = wants.page(&app, &actor, Area::Settings);
    wants.answer(&SuppressedView { page, items, next })
}

#[derive(Serialize, ToSchema)]
pub struct Released {
    number: String,
    contact: ContactId,
}

/// Sends an automatic mail that was held back, on the responsibility of who asks for it.
#[utoipa::path(post, path = "/contacts/{id}/anyway", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = Released), (status = 404), (status = 409)))]
pub async fn send_anyway(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let contact = caps::release(&app, &actor, ContactId(id)).await?;
    let number = cases::case(&mut app.db.read().await?, contact.case).await?.number;
    let released = Released { number: number.clone(), contact: contact.id };
    wants.done(&format!("/cases/{number}"), "channels-released", &released)
}
