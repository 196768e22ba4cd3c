//! Why a case is where it is, and giving it back.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::assignment;
use crate::assignment::{Refusal, Why};
use crate::cases;
use crate::platform::{Actor, App, Error, Id, Input, Result, Right, Wants};

/// Who was chosen for a case and why, in words for the reader.
#[utoipa::path(get, path = "/cases/{number}/assignment", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Why), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, &number).await?;
    Ok(Json(assignment::why(&mut tx, &actor, &wants.words, &case).await?).into_response())
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct RefusalForm {
    /// `skill`, `language`, `bias`, `time` or `other`
    reason: String,
}

/// What programs get.
#[derive(Serialize, ToSchema)]
pub(super) struct HandedBack {
    number: String,
}

/// "Not for me": gives one's own case back; the rule chooses without the giver.
#[utoipa::path(post, path = "/cases/{number}/refusal", tag = "cases", params(("number" = String, Path)),
    request_body = RefusalForm, responses((status = 200, body = HandedBack), (status = 404), (status = 422)))]
pub(super) async fn hand_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<RefusalForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::by_number(&mut app.db.read().await?, &number).await?;
    let reason = Refusal::from_code(&form.reason);
    let reason = reason.ok_or_else(|| Error::invalid("reason", "error-field-malformed"))?;
    assignment::hand_back(&app, &actor, case.id, reason).await?;
    wants.done(&format!("/cases/{number}"), "assignment-given-back", &HandedBack { number })
}
