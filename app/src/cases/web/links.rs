//! A case that follows another goes into it, or out again; a stranger becomes one who belongs.

use axum::extract::State;
use axum::response::Response;

use super::write::Written;
use super::{Changed, changed};
use crate::cases;
use crate::platform::{Actor, App, ContactId, Id, Result, Right, Wants};

/// Moves what was said in a case into the one that it follows, whose number answers for both from then on.
#[utoipa::path(post, path = "/cases/{number}/join", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Changed), (status = 404), (status = 409)))]
pub(super) async fn join(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::numbered(&mut app.db.read().await?, &number).await?;
    let into = cases::join(&app, &actor, case.id).await?;
    changed(&app, &wants, &into.number, "case-joined").await
}

/// Takes that back, as long as nothing else happened in either case.
#[utoipa::path(post, path = "/cases/{number}/part", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub(super) async fn part(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::numbered(&mut app.db.read().await?, &number).await?;
    let case = cases::part(&app, &actor, case.id).await?;
    changed(&app, &wants, &case.number, "case-parted").await
}

/// Says that who wrote this belongs to the case: answers may go there, and one is owed.
#[utoipa::path(post, path = "/contacts/{id}/participant", tag = "cases", params(("id" = i64, Path)),
    responses((status = 200, body = Written), (status = 404), (status = 409)))]
pub(super) async fn accept(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let contact = cases::accept(&app, &actor, ContactId(id)).await?;
    super::write::back_to(&app, &wants, &contact, "case-accepted").await
}
