//! Who else is in a case.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::cases::presence;
use crate::cases::presence::{Doing, Present};
use crate::platform::{Actor, App, Area, Id, Input, Page, Result, Right, Wants};

/// Who else is in the case, those who write first. The page shows it in its own place.
#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/views/here.html")]
pub(super) struct Here {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    number: String,
    #[serde(skip)]
    case_id: i64,
    others: Vec<Present>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct DoingForm {
    doing: Doing,
}

/// Says what the person does in the case; to be repeated every 20 seconds. Answers who else is there.
#[utoipa::path(post, path = "/cases/{number}/presence", tag = "cases", params(("number" = String, Path)),
    request_body = DoingForm, responses((status = 200, body = Here), (status = 404)))]
pub(super) async fn be(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<DoingForm>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let case = find(&app, &number).await?;
    presence::be(&app, &actor, case.id, form.doing).await?;
    here(&app, &actor, &wants, &case)
}

/// Who else is in the case.
#[utoipa::path(get, path = "/cases/{number}/presence", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Here), (status = 404)))]
pub(super) async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let case = find(&app, &number).await?;
    here(&app, &actor, &wants, &case)
}

fn here(app: &App, actor: &Actor, wants: &Wants, case: &crate::cases::Case) -> Result<Response> {
    let page = wants.page(app, actor, Area::Inbox);
    let others = presence::others(app, actor, case.id);
    wants.fragment(&Here { page, number: case.number.clone(), case_id: case.id.0, others })
}
