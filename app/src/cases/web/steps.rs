//! The steps of a case: whose it is, where it is, until when it waits, and the time spent on it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, changed, changed_for, find, number_or_empty};
use crate::cases;
use crate::platform::web::moment;
use crate::platform::{Actor, App, Id, Input, PersonId, QueueId, Result, Right, Wants};

#[derive(Deserialize, ToSchema)]
pub(super) struct Assignee {
    /// A person's id; empty or missing gives the case back to its queue.
    #[serde(default, deserialize_with = "number_or_empty")]
    owner: Option<i64>,
}

/// Gives the case to somebody, or back to its queue.
#[utoipa::path(post, path = "/cases/{number}/assignee", tag = "cases", params(("number" = String, Path)),
    request_body = Assignee, responses((status = 200, body = Changed)))]
pub(super) async fn assign(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Assignee>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    cases::assign(&app, &actor, case.id, form.owner.map(PersonId)).await?;
    changed_for(&app, &wants, &actor, &number, "case-assigned").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Move {
    queue: i64,
}

/// Moves the case to another queue.
#[utoipa::path(post, path = "/cases/{number}/queue", tag = "cases", params(("number" = String, Path)),
    request_body = Move, responses((status = 200, body = Changed)))]
pub(super) async fn move_to(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Move>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    cases::move_to(&app, &actor, case.id, QueueId(form.queue)).await?;
    changed_for(&app, &wants, &actor, &number, "case-moved").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct WaitForm {
    /// RFC 3339, or a local date and time as a form sends it; empty: until the customer writes.
    #[serde(default)]
    until: String,
}

/// Puts the case away until a moment, or until the customer writes.
#[utoipa::path(post, path = "/cases/{number}/wait", tag = "cases", params(("number" = String, Path)),
    request_body = WaitForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn wait(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<WaitForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let until = match form.until.trim() {
        "" => None,
        text => Some(moment(&app, "until", text)?),
    };
    cases::wait(&app, &actor, case.id, until).await?;
    changed(&app, &wants, &number, "case-waits").await
}

/// The work goes on.
#[utoipa::path(post, path = "/cases/{number}/reopen", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Changed)))]
pub(super) async fn reopen(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    cases::reopen(&app, &actor, case.id).await?;
    changed(&app, &wants, &number, "case-reopened").await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Active {
    seconds: i64,
}

/// Adds active seconds that the page measured.
#[utoipa::path(post, path = "/cases/{number}/active", tag = "cases", params(("number" = String, Path)),
    request_body = Active, responses((status = 204)))]
pub(super) async fn active(
    actor: Actor,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<Active>,
) -> Result<StatusCode> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    cases::spend_time(&app, &actor, case.id, form.seconds).await?;
    cases::see(&app, &actor, case.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
