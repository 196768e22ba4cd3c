//! Rules where cases are worked on: macros for one case or several, and what rules did with a case.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::log::{RunLine, lines};
use super::say::Say;
use crate::cases;
use crate::cases::{Case, undo};
use crate::platform::web::Rows;
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Result, Right, Wants};
use crate::rules;
use crate::rules::macros::{self, Runs};
use crate::rules::{Outcome, Rule};

/// Runs shown of a case.
const SHOWN: i64 = 200;

#[derive(Template, Serialize, ToSchema)]
#[template(path = "rules/views/case.html")]
pub(super) struct CaseRulesView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    case: Case,
    items: Vec<RunLine>,
    next: Option<String>,
}

/// What rules did with a case, and why, the newest first.
#[utoipa::path(get, path = "/cases/{number}/rules", tag = "rules", params(("number" = String, Path)),
    responses((status = 200, body = CaseRulesView), (status = 404)))]
pub(super) async fn log(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    let mut tx = app.db.read().await?;
    let case = cases::numbered(&mut tx, &number).await?;
    let runs = rules::runs_of_case(&mut tx, case.id, SHOWN).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let say = Say::load(&mut tx, &actor).await?;
    let items = lines(&mut tx, &page, &say, runs).await?;
    wants.answer(&CaseRulesView { page, case, items, next: None })
}

/// The macros that the reader may run.
#[derive(Serialize, ToSchema)]
struct Macros {
    items: Vec<Rule>,
    next: Option<String>,
}

/// The macros that the reader may run, in their order.
#[utoipa::path(get, path = "/macros", tag = "rules", responses((status = 200, body = Macros)))]
pub(super) async fn macros(actor: Actor, State(app): State<App>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let items = macros::of(&mut app.db.read().await?, &actor).await?;
    Ok(Json(Macros { items, next: None }).into_response())
}

#[derive(Deserialize, ToSchema)]
pub(super) struct MacroForm {
    /// The macro's id.
    #[serde(rename = "macro")]
    id: i64,
}

/// What running a macro answers to programs.
#[derive(Serialize, ToSchema)]
struct MacroRan {
    outcome: Outcome,
}

/// Runs a macro on a case.
#[utoipa::path(post, path = "/cases/{number}/macros", tag = "rules", params(("number" = String, Path)),
    request_body = MacroForm, responses((status = 200, body = MacroRan), (status = 404), (status = 422)))]
pub(super) async fn run(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<MacroForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::by_number(&mut app.db.read().await?, &number).await?;
    let outcome = macros::run(&app, &actor, form.id, case.id).await?;
    let word = if outcome == Outcome::Changed { "rules-macro-ran" } else { "rules-macro-same" };
    let back = wants.from.clone().filter(|from| from.starts_with("/cases"));
    wants.done(&back.unwrap_or_else(|| format!("/cases/{number}")), word, &MacroRan { outcome })
}

/// Which macro is to run on which cases, as programs send it; forms send `case` for each.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MacroRunInput {
    #[serde(rename = "macro")]
    id: i64,
    /// Numbers of cases.
    cases: Vec<String>,
}

impl MacroRunInput {
    fn read(rows: Rows<Self>) -> Result<Self> {
        let pairs = match rows {
            Rows::Form(pairs) => pairs,
            Rows::Json(input) => return Ok(input),
        };
        let id = pairs.iter().find(|(key, _)| key == "macro").and_then(|(_, id)| id.parse().ok());
        let cases = pairs.into_iter().filter(|(key, _)| key == "case").map(|(_, value)| value).collect();
        Ok(Self { id: id.ok_or_else(|| Error::invalid("macro", "error-field-required"))?, cases })
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "rules/views/macro_run.html")]
pub(super) struct MacroRunView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    runs: Runs,
    /// The list that the cases were marked in.
    #[serde(skip)]
    list: String,
}

/// Runs a macro on several cases, each by itself.
#[utoipa::path(post, path = "/macros/runs", tag = "rules", request_body = MacroRunInput,
    responses((status = 200, body = MacroRunView), (status = 404), (status = 422)))]
pub(super) async fn run_many(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    input: Rows<MacroRunInput>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let input = MacroRunInput::read(input)?;
    let runs = macros::run_many(&app, &actor, input.id, &input.cases).await?;
    let page = wants.page(&app, &actor, Area::Inbox);
    let list = wants.from.clone().filter(|from| from.starts_with("/cases?"));
    wants.answer(&MacroRunView { page, runs, list: list.unwrap_or_else(|| "/cases?as=table".into()) })
}

/// What is to be taken back, as the page of a run sends it: ids between commas.
#[derive(Deserialize, ToSchema)]
pub(super) struct BackForm {
    undos: String,
}

/// How much was taken back.
#[derive(Serialize, ToSchema)]
struct MacroTakenBack {
    cases: usize,
    /// Somebody did something with these since.
    kept: usize,
}

/// Takes back what a macro did with several cases, as far as nobody did anything with them since.
#[utoipa::path(post, path = "/macros/undo", tag = "rules", request_body = BackForm,
    responses((status = 200, body = MacroTakenBack)))]
pub(super) async fn take_back(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<BackForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let mut back = MacroTakenBack { cases: 0, kept: 0 };
    let undos = form.undos.split(',').filter_map(|id| id.trim().parse::<i64>().ok());
    for id in undos.take(macros::MOST) {
        match undo::take_back(&app, &actor, id).await {
            Ok(_) => back.cases += 1,
            Err(Error::Invalid(_) | Error::NotFound | Error::Stale) => back.kept += 1,
            Err(error) => return Err(error),
        }
    }
    let word = if back.kept == 0 { "rules-macro-back" } else { "rules-macro-back-some" };
    wants.done("/cases?as=table", word, &back)
}
