//! One answer to all open cases of an insight: writing it, a look at each case, sending it, what became of it.

mod view;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::view::AnswersView;
use crate::cases;
use crate::cases::web::upload::Upload;
use crate::insights::answers;
use crate::insights::answers::{Afterwards, CaseState, Look, Run, Texts};
use crate::platform::{Actor, App, ContactId, Error, Id, Input, InsightId, Query, Result, Right, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(page, begin))
        .routes(routes!(write))
        .routes(routes!(refresh))
        .routes(routes!(look))
        .routes(routes!(approve_rest))
        .routes(routes!(start))
        .routes(routes!(cancel))
        .routes(routes!(again))
        .routes(routes!(add_files))
        .routes(routes!(remove_file))
}

#[derive(Deserialize, IntoParams)]
struct AnswersQuery {
    /// The number of the case to look at; otherwise the first that nobody looked at.
    case: Option<String>,
}

/// The answer to an insight's open cases: the one that is written or sent, else the last one.
#[utoipa::path(get, path = "/insights/{id}/answers", tag = "insights", params(("id" = i64, Path), AnswersQuery),
    responses((status = 200, body = AnswersView), (status = 404)))]
async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(insight): Id<i64>,
    Query(query): Query<AnswersQuery>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let view = AnswersView::load(&app, &actor, &wants, InsightId(insight), query.case.as_deref()).await?;
    wants.answer(&view)
}

/// What a change answers to programs.
#[derive(Serialize, ToSchema)]
#[schema(as = AnswersChanged)]
struct Changed {
    run: i64,
    version: i64,
}

/// Back to the page of the run.
fn back(wants: &Wants, run: &Run, word: &'static str) -> Result<Response> {
    let changed = Changed { run: run.id, version: run.version };
    wants.done(&format!("/insights/{}/answers", run.insight), word, &changed)
}

/// Begins an answer to the open cases of an insight, or goes on with the one that is being written.
#[utoipa::path(post, path = "/insights/{id}/answers", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 422)))]
async fn begin(actor: Actor, wants: Wants, State(app): State<App>, Id(insight): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::begin(&app, &actor, InsightId(insight)).await?;
    let run = answers::run(&mut app.db.read().await?, run).await?;
    back(&wants, &run, "answers-begun")
}

#[derive(Deserialize, ToSchema)]
#[schema(as = AnswerTexts)]
struct TextsForm {
    /// Plain text with placeholders such as `{{customer.name}}`; empty: none in this language.
    #[serde(default)]
    de: String,
    /// The German one for those who are addressed informally.
    #[serde(default)]
    de_informal: String,
    #[serde(default)]
    en: String,
    /// `wait` (for the customer), `open` or `close`
    afterwards: Afterwards,
    /// The version that was read; without it nothing is compared.
    version: Option<i64>,
}

/// Keeps what is written, in every language and form of address.
#[utoipa::path(post, path = "/answers/{id}/texts", tag = "insights", params(("id" = i64, Path)),
    request_body = TextsForm, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
async fn write(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(run): Id<i64>,
    Input(form): Input<TextsForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let TextsForm { de, de_informal, en, afterwards, version } = form;
    let texts = Texts { de, de_informal, en, afterwards, version };
    let run = answers::write(&app, &actor, run, &texts).await?;
    back(&wants, &run, "saved")
}

/// Takes in cases that were documented since.
#[utoipa::path(post, path = "/answers/{id}/cases", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 409)))]
async fn refresh(actor: Actor, wants: Wants, State(app): State<App>, Id(run): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::refresh(&app, &actor, run).await?;
    back(&wants, &run, "saved")
}

#[derive(Deserialize, ToSchema)]
#[schema(as = AnswerLookForm)]
struct LookForm {
    /// `approved`, `skipped` or `open`
    state: CaseState,
    /// Written for this case alone; empty: the run's text again, missing: as it was.
    text: Option<String>,
    /// The newest contact that was shown; what is said later holds the answer back.
    seen: Option<i64>,
}

/// Approves the answer to one case, leaves it out, or writes it anew for this case alone.
#[utoipa::path(post, path = "/answers/{id}/cases/{number}", tag = "insights",
    params(("id" = i64, Path), ("number" = String, Path)), request_body = LookForm,
    responses((status = 200, body = Changed), (status = 404), (status = 409), (status = 422)))]
async fn look(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((run, number)): Id<(i64, String)>,
    Input(form): Input<LookForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = cases::numbered(&mut app.db.read().await?, &number).await?.id;
    let stays = form.text.is_some() || form.state == CaseState::Open;
    let look = Look { state: form.state, text: form.text, seen: form.seen.map(ContactId) };
    let run = answers::look(&app, &actor, run, case, look).await?;
    if stays && !wants.json {
        let here = format!("/insights/{}/answers?case={number}", run.insight);
        return wants.done(&here, "saved", &Changed { run: run.id, version: run.version });
    }
    back(&wants, &run, if form.state == CaseState::Approved { "answers-approved" } else { "saved" })
}

/// Approves all the others, once some were looked at one by one.
#[utoipa::path(post, path = "/answers/{id}/approvals", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 409), (status = 422)))]
async fn approve_rest(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(run): Id<i64>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::approve_rest(&app, &actor, run).await?;
    back(&wants, &run, "answers-approved")
}

/// Sends what is approved, in the name of who says so.
#[utoipa::path(post, path = "/answers/{id}/sending", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 409), (status = 422)))]
async fn start(actor: Actor, wants: Wants, State(app): State<App>, Id(run): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::start(&app, &actor, run).await?;
    back(&wants, &run, "answers-started")
}

/// Stops a run; what has not left is taken back.
#[utoipa::path(post, path = "/answers/{id}/end", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 409)))]
async fn cancel(actor: Actor, wants: Wants, State(app): State<App>, Id(run): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::cancel(&app, &actor, run).await?;
    back(&wants, &run, "answers-stopped")
}

/// Looks once more at what was held back or taken back.
#[utoipa::path(post, path = "/answers/{id}/again", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = Changed), (status = 409)))]
async fn again(actor: Actor, wants: Wants, State(app): State<App>, Id(run): Id<i64>) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::again(&app, &actor, run).await?;
    back(&wants, &run, "saved")
}

/// Adds files that go along with every answer.
#[utoipa::path(post, path = "/answers/{id}/files", tag = "insights", params(("id" = i64, Path)),
    request_body = Upload, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
async fn add_files(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(run): Id<i64>,
    upload: Upload,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    if upload.files.is_empty() {
        return Err(Error::invalid("files", "error-field-required"));
    }
    let run = answers::add_files(&app, &actor, run, &upload.files).await?;
    back(&wants, &run, "saved")
}

/// Takes a file out again.
#[utoipa::path(post, path = "/answers/{id}/files/{file}/removal", tag = "insights",
    params(("id" = i64, Path), ("file" = i64, Path)), responses((status = 200, body = Changed), (status = 409)))]
async fn remove_file(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((run, file)): Id<(i64, i64)>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let run = answers::remove_file(&app, &actor, run, file).await?;
    back(&wants, &run, "saved")
}
