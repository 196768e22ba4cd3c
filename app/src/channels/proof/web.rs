//! The pages of the daily proof: its history, one proof, and what can be done about it.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Difference, Proof, Settlement};
use super::report::When;
use super::runs::RunRow;
use super::{name_of, repair, report, runs, table, why};
use crate::channels::{receipts, store};
use crate::platform::{Actor, App, Area, Error, Id, Input, Page, Result, Right, Wants};

/// Days on the page.
const DAYS: i64 = 30;
/// Mails that are named in the overview; the proof's own page has them all.
const NAMED: usize = 5;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(proofs, prove_now))
        .routes(routes!(history))
        .routes(routes!(set_report))
        .routes(routes!(one))
        .routes(routes!(differences))
        .routes(routes!(again))
        .routes(routes!(settle))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/proof.html")]
struct ProofView {
    #[serde(skip)]
    page: Page,
    items: Vec<Proof>,
    /// Something is missing.
    alarm: bool,
    /// Something could not be looked at.
    unproven: bool,
    /// The proof that is being made.
    run: Option<RunRow>,
    /// When the report is sent by mail: daily, differences, never.
    report: When,
    /// Mail can leave the house.
    can_leave: bool,
}

impl ProofView {
    fn source(&self, proof: &Proof) -> String {
        name_of(&self.page, proof)
    }

    fn day(&self, proof: &Proof) -> String {
        self.page.civil(proof.day)
    }

    fn why(&self, proof: &Proof) -> Option<String> {
        why(&self.page, proof)
    }

    /// What is wrong, mail by mail, and how many more there are.
    fn faults(&self, proof: &Proof) -> (Vec<String>, i64) {
        let named = proof.open().take(NAMED).map(|one| table::sentence(&self.page, one)).collect();
        let more = proof.open().count().saturating_sub(NAMED);
        (named, i64::try_from(more).unwrap_or(i64::MAX))
    }

    /// How the source is called that is looked at now.
    fn at(&self, run: &RunRow) -> String {
        let known = self.items.iter().find(|proof| proof.source == run.source);
        known.map(|proof| self.source(proof)).unwrap_or_default()
    }
}

async fn view(app: &App, page: Page) -> Result<ProofView> {
    let today = receipts::day_of(app, app.now());
    let first = today.checked_sub(DAYS.days()).map_err(anyhow::Error::from)?;
    let mut tx = app.db.read().await?;
    let items = store::proofs(&mut tx, first).await?;
    Ok(ProofView {
        page,
        alarm: items.iter().any(|proof| proof.open().next().is_some()),
        unproven: items.first().is_some_and(|newest| {
            items.iter().any(|proof| proof.day == newest.day && proof.unproven.is_some())
        }),
        items,
        run: runs::under_way(app, &mut tx).await?,
        report: report::when(&mut tx).await?,
        can_leave: report::can_leave(app),
    })
}

/// What became of the mails of the last 30 days.
#[utoipa::path(get, path = "/settings/proof", tag = "channels", responses((status = 200, body = ProofView)))]
async fn proofs(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    wants.answer(&view(&app, wants.page(&app, &actor, Area::Settings)).await?)
}

#[derive(Serialize, ToSchema)]
struct Begun {
    /// False: one is being made already.
    begun: bool,
}

/// Begins a proof of yesterday, of today so far and of days with open differences, unless one is being made.
#[utoipa::path(post, path = "/settings/proof", tag = "channels",
    responses((status = 303, description = "under way")))]
async fn prove_now(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    let begun = runs::begin(&app, &actor).await?;
    let word = if begun { "proof-begun" } else { "proof-runs-already" };
    wants.done("/settings/proof", word, &Begun { begun })
}

/// The last 30 days as a table.
#[utoipa::path(get, path = "/settings/proof/csv", tag = "channels",
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn history(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let view = view(&app, wants.page(&app, &actor, Area::Settings)).await?;
    let bytes = table::history(&view.items, |proof| view.source(proof))?;
    Ok(download("proofs.csv", bytes))
}

#[derive(Deserialize, ToSchema)]
struct ReportForm {
    /// daily, differences or never
    report: String,
}

/// Chooses when the report is sent by mail.
#[utoipa::path(post, path = "/settings/proof/report", tag = "channels", request_body = ReportForm,
    responses((status = 303, description = "chosen"), (status = 422)))]
async fn set_report(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ReportForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let when = When::from_code(&form.report).ok_or(Error::invalid("report", "error-field-malformed"))?;
    report::set_when(&app, &actor, when).await?;
    wants.done("/settings/proof", "proof-report-set", &when)
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/proof_one.html")]
struct OneView {
    #[serde(skip)]
    page: Page,
    proof: Proof,
    /// Some of what is missing can be brought in once more.
    can_bring: bool,
}

impl OneView {
    fn source(&self) -> String {
        name_of(&self.page, &self.proof)
    }

    fn why(&self) -> Option<String> {
        why(&self.page, &self.proof)
    }

    fn day(&self) -> String {
        self.page.civil(self.proof.day)
    }

    fn settled_by(&self, settled: &Settlement) -> String {
        let (person, when) = (settled.person.as_str(), self.page.when(&settled.at));
        self.page.with2("proof-settled-by", ("person", person), ("when", when)).into_owned()
    }

    fn counts(&self) -> String {
        table::counts(&self.page, &self.proof)
    }

    /// Each difference, and who settled it.
    fn differences(&self) -> Vec<(String, Option<&Settlement>)> {
        let told = |one: &Difference| table::sentence(&self.page, one);
        self.proof.differences.iter().map(|one| (told(one), self.proof.settlement(one))).collect()
    }
}

/// One proof with all its differences.
#[utoipa::path(get, path = "/settings/proof/{id}", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = OneView), (status = 404)))]
async fn one(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let proof = store::proof(&mut app.db.read().await?, id).await?;
    let mut can_bring = false;
    for difference in proof.open() {
        can_bring = can_bring || repair::can_bring(&app, difference).await?;
    }
    wants.answer(&OneView { page: wants.page(&app, &actor, Area::Settings), proof, can_bring })
}

/// The differences of a proof as a table.
#[utoipa::path(get, path = "/settings/proof/{id}/csv", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404)))]
async fn differences(actor: Actor, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let proof = store::proof(&mut app.db.read().await?, id).await?;
    Ok(download(&format!("proof-{}-{id}.csv", proof.day), table::differences(&proof)?))
}

#[derive(Serialize, ToSchema)]
struct Repaired {
    /// So many mails are under way.
    mails: i64,
}

/// Brings in once more what a proof misses and what is still there.
#[utoipa::path(post, path = "/settings/proof/{id}/again", tag = "channels", params(("id" = i64, Path)),
    responses((status = 303, description = "under way"), (status = 404)))]
async fn again(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    let mails = repair::again(&app, &actor, id).await?;
    let word = if mails == 0 { "proof-again-none" } else { "proof-again-begun" };
    wants.done(&format!("/settings/proof/{id}"), word, &Repaired { mails })
}

#[derive(Deserialize, ToSchema)]
struct SettleForm {
    /// Why nothing has to be done.
    reason: String,
}

#[derive(Serialize, ToSchema)]
struct Settled {
    differences: i64,
}

/// Says why nothing has to be done about the open differences of a proof.
#[utoipa::path(post, path = "/settings/proof/{id}/settle", tag = "channels", params(("id" = i64, Path)),
    request_body = SettleForm, responses((status = 303, description = "settled"), (status = 404), (status = 422)))]
async fn settle(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<SettleForm>,
) -> Result<Response> {
    let differences = repair::settle(&app, &actor, id, &form.reason).await?;
    wants.done(&format!("/settings/proof/{id}"), "proof-settled", &Settled { differences })
}

fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
