//! The reader's own time on a case, and the end of the work.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Changed, changed, closed, find};
use crate::cases;
use crate::cases::{Ending, OwnTime};
use crate::platform::web::day;
use crate::platform::{Actor, App, Error, Id, Input, Result, Right, Wants};

#[derive(Serialize, ToSchema)]
pub(super) struct OwnTimes {
    items: Vec<OwnTime>,
}

/// What the reader spent on the case, day by day. Nobody sees that of others.
#[utoipa::path(get, path = "/cases/{number}/time", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = OwnTimes), (status = 404)))]
pub(super) async fn own(actor: Actor, State(app): State<App>, Id(number): Id<String>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let items = cases::own_time(&app, &mut app.db.read().await?, &actor, case.id).await?;
    Ok(Json(OwnTimes { items }).into_response())
}

#[derive(Deserialize, ToSchema)]
pub(super) struct TimeForm {
    /// As in 2026-11-16.
    day: String,
    /// What it was in all on that day.
    minutes: String,
}

/// Says how many minutes the reader really spent on the case on a day.
#[utoipa::path(post, path = "/cases/{number}/time", tag = "cases", params(("number" = String, Path)),
    request_body = TimeForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn correct(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<TimeForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let on = day(&form.day).ok_or_else(|| Error::invalid("day", "error-field-malformed"))?;
    let minutes = form.minutes.trim().parse().map_err(|_| Error::invalid("minutes", "time-minutes-range"))?;
    cases::correct_time(&app, &actor, case.id, on, minutes).await?;
    changed(&app, &wants, &number, "time-corrected").await
}

/// What becomes of what is still to do.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = CaseEndForm)]
pub(super) struct EndForm {
    /// Open tasks: `done` ends them, `keep` leaves them; needed where there are any.
    #[serde(default)]
    tasks: String,
    /// Open parts of this case: `close` closes them, too, `keep` leaves them; needed where there are any.
    #[serde(default)]
    children: String,
    /// The number of the case that a page goes on with, and the view it is in; empty: it stays where it is.
    #[serde(default)]
    next: String,
    #[serde(default)]
    view: String,
}

/// The work is done. Where tasks or parts of the case are open, it asks what becomes of them.
#[utoipa::path(post, path = "/cases/{number}/close", tag = "cases", params(("number" = String, Path)),
    request_body = EndForm, responses((status = 200, body = Changed), (status = 422)))]
pub(super) async fn close(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    request: Request,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    // Programs may send nothing at all.
    let form = if request.headers().contains_key(header::CONTENT_TYPE) {
        Input::<EndForm>::from_request(request, &app).await?.0
    } else {
        EndForm::default()
    };
    let ending = Ending {
        tasks: choice("tasks", &form.tasks, "done")?,
        children: choice("children", &form.children, "close")?,
    };
    cases::end(&app, &actor, case.id, ending).await?;
    closed(&app, &wants, &actor, &number, "case-closed", (&form.next, &form.view)).await
}

/// `None`: not said.
fn choice(field: &'static str, said: &str, yes: &str) -> Result<Option<bool>> {
    match said {
        "" => Ok(None),
        "keep" => Ok(Some(false)),
        said if said == yes => Ok(Some(true)),
        _ => Err(Error::invalid(field, "error-field-malformed")),
    }
}
