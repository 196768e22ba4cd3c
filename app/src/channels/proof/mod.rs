//! The daily proof: of every mail that we said we have it is clear where it is.
//!
//! Each source of mail has a list of what it handed over, kept outside the database: the [`receipts`] of this node,
//! and what mail servers elsewhere hold ([`Provider`]). Each entry has to be found in the database under its id and
//! with its bytes' hash, and has to have ended as a contact, as a duplicate or copy of one, as unprocessable, to be
//! left out on purpose, or to be waiting. What does not add up is an alarm that names the mail; a source that could
//! not be looked at is neither. Made for the day before when a new day began, kept, and repeatable at any time
//! ([`runs`]); proving changes no mail, [`repair`] does.

mod alarm;
mod check;
mod compare;
mod model;
pub mod repair;
pub mod report;
pub mod runs;
mod table;
mod web;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use jiff::ToSpan;
use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use super::model::Route;
use super::receipts::{self, Receipt};
use super::{store, worker};
use crate::platform::{App, Result, Timestamp, Tx, Words};

pub use alarm::{Standing, look, standing};
pub use check::RECEIPTS;
pub use compare::{Handed, PAGE, compare};
use model::open_once;
pub use model::{AtServer, Difference, Fault, Proof, Settlement};
pub use runs::Run;
pub use web::routes;

/// Days back that are made up for when the server did not run.
const BACK: i64 = 7;
/// Looks so often whether a day is over.
const POLL: Duration = Duration::from_mins(1);
/// A source that could not be looked at is tried again after this.
const AGAIN: Duration = Duration::from_hours(2);
/// Proofs of sources that belong to the house and to no node of it.
const HOUSE: &str = "";
/// A source could not be looked at since a person wants it so.
pub const PAUSED: &str = "paused";

/// Proofs that are being made.
pub type Proofs<'a> = BoxFuture<'a, Result<Vec<Proof>>>;

/// Where mail comes from beside the listener, declared by the slice that knows.
pub struct Provider {
    /// How its sources' codes begin: "mailbox:".
    pub prefix: &'static str,
    /// Proves days and keeps the proofs by [`keep`].
    pub prove: for<'a> fn(&'a App, &'a Run, &'a [Date]) -> Proofs<'a>,
    /// Brings the open differences of a proof in once more that the source still holds; how many.
    pub again: for<'a> fn(&'a App, &'a Proof) -> BoxFuture<'a, Result<i64>>,
    /// Says in words why a source could not be looked at.
    pub why: fn(&Words, &str) -> String,
}

fn providers() -> impl Iterator<Item = &'static Provider> {
    crate::SLICES.iter().filter_map(|slice| slice.proof)
}

fn provider(source: &str) -> Option<&'static Provider> {
    providers().find(|one| source.starts_with(one.prefix))
}

/// How a source is called.
pub fn name_of(words: &Words, proof: &Proof) -> String {
    let word = match proof.source.as_str() {
        "listener" => "proof-listener",
        "api" => "proof-api",
        "import" => "proof-import",
        "imap" => "proof-imap",
        _ => return proof.label.clone(),
    };
    words.t(word).into_owned()
}

/// Why a source could not be looked at, in words.
pub fn why(words: &Words, proof: &Proof) -> Option<String> {
    let code = proof.unproven.as_deref()?;
    Some(provider(&proof.source).map_or_else(|| code.to_owned(), |one| (one.why)(words, code)))
}

/// Makes the proof of a day for everything, and keeps it.
pub async fn prove(app: &App, day: Date) -> Result<Vec<Proof>> {
    prove_days(app, &Run::unwatched(), &[day]).await
}

/// As [`prove`], for several days at once: a mail server is asked only once.
pub async fn prove_days(app: &App, run: &Run, days: &[Date]) -> Result<Vec<Proof>> {
    let mut proofs = Vec::new();
    for day in days {
        proofs.extend(prove_receipts(app, run, *day).await?);
    }
    for provider in providers() {
        proofs.extend((provider.prove)(app, run, days).await?);
    }
    look(app).await?;
    Ok(proofs)
}

async fn prove_receipts(app: &App, run: &Run, day: Date) -> Result<Vec<Proof>> {
    let mut proofs = Vec::new();
    for source in by_route(app, day).await? {
        proofs.push(prove_source(app, run, day, source).await?);
    }
    Ok(proofs)
}

/// What was handed over by one way on one day.
struct Source {
    name: String,
    receipts: Vec<Receipt>,
    /// Entries of its list that cannot be read.
    unreadable: usize,
}

const LISTENER: &str = "listener";

/// The receipts of the day; the listener is there even if it was silent.
async fn by_route(app: &App, day: Date) -> Result<Vec<Source>> {
    let app = app.clone();
    let read = tokio::task::spawn_blocking(move || receipts::read(&app, day)).await;
    let found = read.map_err(anyhow::Error::from)??;
    let mut sources: BTreeMap<&str, Vec<Receipt>> = BTreeMap::from([(LISTENER, Vec::new())]);
    for receipt in found.receipts {
        let name = match receipt.route {
            Route::Smtp | Route::Lmtp => LISTENER,
            other => other.code(),
        };
        sources.entry(name).or_default().push(receipt);
    }
    let source = |(name, receipts): (&str, Vec<Receipt>)| {
        let unreadable = if name == LISTENER { found.unreadable } else { 0 };
        Source { name: name.to_owned(), receipts, unreadable }
    };
    Ok(sources.into_iter().map(source).collect())
}

async fn prove_source(app: &App, run: &Run, day: Date, source: Source) -> Result<Proof> {
    let mut proof = Proof::of(day, &source.name, app.now());
    for _ in 0..source.unreadable {
        proof.differences.push(Difference::new(Fault::Unreadable, None, day.to_string()));
    }
    let mails: Vec<Handed> = source.receipts.into_iter().map(Handed::from).collect();
    for page in mails.chunks(PAGE) {
        compare(app, page, &mut proof).await?;
        run.step(app, &source.name, page.len()).await?;
    }
    keep_for(app, &worker::node(app), proof).await
}

/// Keeps the proof of a source that is not this node's alone, in the place of an earlier one of the day.
pub async fn keep(app: &App, proof: Proof) -> Result<Proof> {
    keep_for(app, HOUSE, proof).await
}

async fn keep_for(app: &App, node: &str, mut proof: Proof) -> Result<Proof> {
    compare::name(app, &mut proof).await?;
    let mut tx = app.db.write().await?;
    let id = store::save_proof(&mut tx, node, &proof).await?;
    let proof = store::proof(&mut tx, id).await?;
    tx.commit().await?;
    let (day, source) = (proof.day, &proof.source);
    match (proof.count_open(), &proof.unproven) {
        (0, None) => {}
        (0, Some(why)) => tracing::warn!(%day, source, why, "a source of mail could not be proven"),
        (differences, _) => {
            tracing::error!(%day, source, differences, "mails are missing: see /settings/proof");
        }
    }
    Ok(proof)
}

/// The proofs of days from `first` on, newest first.
pub async fn since(tx: &mut Tx, first: Date) -> Result<Vec<Proof>> {
    store::proofs(tx, first).await
}

/// Makes the proof of each day that is over and sends the report of it, until `stop`.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    async move {
        while !stop.is_cancelled() {
            if let Err(error) = catch_up(&app).await {
                tracing::error!(error = format!("{error:?}"), "the daily proof could not be made");
            }
            if let Err(error) = look(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot look at the daily proof");
            }
            if let Err(error) = report::send_if_due(&app).await {
                tracing::error!(error = format!("{error:?}"), "the morning report could not be sent");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
    .boxed()
}

/// Makes what is missing of the last days. An hour after midnight: what came last was filed by then.
pub async fn catch_up(app: &App) -> Result<()> {
    let today = receipts::day_of(app, app.now() - Duration::from_hours(1));
    for back in 1..=BACK {
        let day = today.checked_sub(back.days()).map_err(anyhow::Error::from)?;
        let known = is_proven(app, &worker::node(app), day).await?;
        // A house that did not exist yet has nothing to prove.
        if known || (1 < back && by_route(app, day).await?.iter().all(|source| source.receipts.is_empty())) {
            continue;
        }
        prove_receipts(app, &Run::unwatched(), day).await?;
        let app = app.clone();
        let forgotten = tokio::task::spawn_blocking(move || receipts::forget(&app, today)).await;
        forgotten.map_err(anyhow::Error::from)??;
    }
    // What a mail server holds can only be asked now, so older days cannot be made up for.
    let yesterday = today.checked_sub(1.day()).map_err(anyhow::Error::from)?;
    if !is_proven(app, HOUSE, yesterday).await? {
        for provider in providers() {
            (provider.prove)(app, &Run::unwatched(), &[yesterday]).await?;
        }
    }
    Ok(())
}

/// Was the day proven after it was over?
async fn is_proven(app: &App, node: &str, day: Date) -> Result<bool> {
    let over = end_of(app, day)?;
    store::is_proven(&mut app.db.read().await?, node, day, over, app.now() - AGAIN).await
}

/// When a day of the house's calendar begins.
pub fn start_of(app: &App, day: Date) -> Result<Timestamp> {
    let start = day.to_zoned(app.zone()).map_err(anyhow::Error::from)?;
    Ok(Timestamp::from(start.timestamp()))
}

/// When it is over.
pub fn end_of(app: &App, day: Date) -> Result<Timestamp> {
    start_of(app, day.tomorrow().map_err(anyhow::Error::from)?)
}
