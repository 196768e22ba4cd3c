//! The page of the daily proof.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Fault, Proof, prove};
use crate::channels::{receipts, store};
use crate::platform::{Actor, App, Area, Page, Result, Right, Wants};

/// Days on the page.
const DAYS: i64 = 30;
/// Mails that are named of one proof; the API has them all.
const NAMED: usize = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(proofs, prove_now))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "channels/views/proof.html")]
struct ProofView {
    #[serde(skip)]
    page: Page,
    items: Vec<Proof>,
    /// Something is missing.
    alarm: bool,
}

impl ProofView {
    fn source(&self, proof: &Proof) -> String {
        let word = match proof.source.as_str() {
            "listener" => "proof-listener",
            "api" => "proof-api",
            "import" => "proof-import",
            other => return other.to_owned(),
        };
        self.page.t(word).into_owned()
    }

    fn day(&self, proof: &Proof) -> String {
        self.page.civil(proof.day)
    }

    /// What is wrong, mail by mail, and how many more there are.
    fn faults(&self, proof: &Proof) -> (Vec<String>, i64) {
        let sentence = |one: &super::Difference| {
            let word = match one.fault {
                Fault::Missing => "proof-missing",
                Fault::Changed => "proof-changed",
                Fault::NoContact => "proof-no-contact",
                Fault::Unreadable => "proof-unreadable",
            };
            let id = one.received.map(|id| id.to_string()).unwrap_or_default();
            format!("{} {}", self.page.with(word, "id", id.as_str()), one.hash)
        };
        let named = proof.differences.iter().take(NAMED).map(sentence).collect();
        let more = proof.differences.len().saturating_sub(NAMED);
        (named, i64::try_from(more).unwrap_or(i64::MAX))
    }
}

/// What became of the mails of the last 30 days.
#[utoipa::path(get, path = "/settings/proof", tag = "channels", responses((status = 200, body = ProofView)))]
async fn proofs(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let today = receipts::day_of(&app, app.now());
    let first = today.checked_sub(DAYS.days()).map_err(anyhow::Error::from)?;
    let items = store::proofs(&mut app.db.read().await?, first).await?;
    let alarm = items.iter().any(|proof| !proof.is_sound());
    wants.answer(&ProofView { page: wants.page(&app, &actor, Area::Settings), items, alarm })
}

/// Makes the proof of yesterday and of today so far.
#[utoipa::path(post, path = "/settings/proof", tag = "channels", responses((status = 303, description = "made")))]
async fn prove_now(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let today = receipts::day_of(&app, app.now());
    let yesterday = today.checked_sub(1.day()).map_err(anyhow::Error::from)?;
    let mut proofs = prove(&app, yesterday).await?;
    proofs.extend(prove(&app, today).await?);
    let sound = proofs.iter().all(Proof::is_sound);
    wants.done("/settings/proof", if sound { "proof-made-sound" } else { "proof-made-alarm" }, &proofs)
}
