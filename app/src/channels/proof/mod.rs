//! The daily proof: of every mail that we said we have it is clear where it is.
//!
//! Each source of mail has a list of what it handed over, kept outside the database: [`receipts`]. Each entry has
//! to be found in the database under its id and with its bytes' hash, and has to have ended as a contact, as a
//! duplicate or copy of one, as unprocessable, or to be waiting. What does not add up is an alarm that names the
//! mail. Made for the day before when a new day began, kept, and repeatable at any time; it changes no mail.

mod web;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::model::{Received, Route, State};
use super::receipts::{self, Receipt};
use super::{store, worker};
use crate::cases;
use crate::platform::{App, ContactId, ReceivedId, Result, Timestamp, codes};

pub use web::routes;

/// Days back that are made up for when the server did not run.
const BACK: i64 = 7;
/// Looks so often whether a day is over.
const POLL: Duration = Duration::from_mins(1);
/// Mails looked up at a time.
const PAGE: usize = 500;

/// Where mails are handed over, and what it says was on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A code that stays: `listener`, `api`, `import`, or that of a mailbox.
    pub name: String,
    pub receipts: Vec<Receipt>,
    /// Entries of its list that cannot be read.
    pub unreadable: usize,
}

codes! {
    /// What does not add up.
    pub enum Fault {
        /// Acknowledged, and not in the database.
        Missing = "missing",
        /// In the database with other bytes.
        Changed = "changed",
        /// Said to be filed, and its contact is not there.
        NoContact = "no_contact",
        /// A line of the list of receipts.
        Unreadable = "unreadable",
    }
}

/// A mail, or a receipt, that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    pub fault: Fault,
    pub received: Option<ReceivedId>,
    /// BLAKE3 of the raw mail, by which it is found in an archive.
    pub hash: String,
}

/// What became of one day's mails of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proof {
    #[schema(value_type = String)]
    pub day: Date,
    pub source: String,
    pub at: Timestamp,
    pub receipts: i64,
    pub filed: i64,
    pub duplicates: i64,
    pub own: i64,
    pub unprocessable: i64,
    pub waiting: i64,
    pub differences: Vec<Difference>,
}

impl Proof {
    fn of(day: Date, source: &str, at: Timestamp) -> Self {
        let source = source.to_owned();
        let (receipts, filed, duplicates, own, unprocessable, waiting) = (0, 0, 0, 0, 0, 0);
        let differences = Vec::new();
        Self { day, source, at, receipts, filed, duplicates, own, unprocessable, waiting, differences }
    }

    /// Is everything there?
    pub const fn is_sound(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Makes the proof of a day for all that this node took, and keeps it.
pub async fn prove(app: &App, day: Date) -> Result<Vec<Proof>> {
    let mut proofs = Vec::new();
    for source in by_route(app, day).await? {
        proofs.push(prove_source(app, day, &source).await?);
    }
    Ok(proofs)
}

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

const LISTENER: &str = "listener";

/// Compares a source's list with what became of it, and keeps the result.
pub async fn prove_source(app: &App, day: Date, source: &Source) -> Result<Proof> {
    let mut proof = Proof::of(day, &source.name, app.now());
    proof.receipts = i64::try_from(source.receipts.len()).unwrap_or(i64::MAX);
    for _ in 0..source.unreadable {
        let unreadable = Difference { fault: Fault::Unreadable, received: None, hash: String::new() };
        proof.differences.push(unreadable);
    }
    for page in source.receipts.chunks(PAGE) {
        compare(app, page, &mut proof).await?;
    }
    let mut tx = app.db.write().await?;
    store::save_proof(&mut tx, &worker::node(app), &proof).await?;
    tx.commit().await?;
    if !proof.is_sound() {
        let differences = proof.differences.len();
        tracing::error!(%day, source = source.name, differences, "mails are missing: see /settings/proof");
    }
    Ok(proof)
}

async fn compare(app: &App, page: &[Receipt], proof: &mut Proof) -> Result<()> {
    let mut tx = app.db.read().await?;
    let ids: Vec<ReceivedId> = page.iter().map(|receipt| receipt.received).collect();
    let mails: HashMap<ReceivedId, Received> =
        store::received_all(&mut tx, &ids).await?.into_iter().map(|mail| (mail.id, mail)).collect();
    let contacts: Vec<ContactId> = mails.values().filter_map(|mail| mail.contact).collect();
    let contacts = cases::existing(&mut tx, &contacts).await?;
    for receipt in page {
        if let Some(fault) = proof.count(receipt, mails.get(&receipt.received), &contacts) {
            let difference =
                Difference { fault, received: Some(receipt.received), hash: receipt.hash.clone() };
            proof.differences.push(difference);
        }
    }
    Ok(())
}

impl Proof {
    /// Counts where a mail is; what is wrong with it, if something is.
    fn count(
        &mut self,
        receipt: &Receipt,
        mail: Option<&Received>,
        contacts: &HashSet<ContactId>,
    ) -> Option<Fault> {
        let Some(mail) = mail else { return Some(Fault::Missing) };
        if mail.hash != receipt.hash {
            return Some(Fault::Changed);
        }
        match (mail.state, mail.reason.as_deref()) {
            (State::Received, _) => self.waiting += 1,
            (State::Unprocessable, _) => self.unprocessable += 1,
            (State::Done, reason) => {
                if !mail.contact.is_some_and(|contact| contacts.contains(&contact)) {
                    return Some(Fault::NoContact);
                }
                match reason {
                    Some("duplicate") => self.duplicates += 1,
                    Some("own") => self.own += 1,
                    _ => self.filed += 1,
                }
            }
        }
        None
    }
}

/// Makes the proof of each day that is over, until `stop`.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    async move {
        while !stop.is_cancelled() {
            if let Err(error) = catch_up(&app).await {
                tracing::error!(error = format!("{error:?}"), "the daily proof could not be made");
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
        let over = day.tomorrow().and_then(|next| next.to_zoned(app.zone())).map_err(anyhow::Error::from)?;
        let over = Timestamp::from(over.timestamp());
        let known = store::is_proven(&mut app.db.read().await?, &worker::node(app), day, over).await?;
        // A house that did not exist yet has nothing to prove.
        if known || (1 < back && by_route(app, day).await?.iter().all(|source| source.receipts.is_empty())) {
            continue;
        }
        prove(app, day).await?;
        let app = app.clone();
        let forgotten = tokio::task::spawn_blocking(move || receipts::forget(&app, today)).await;
        forgotten.map_err(anyhow::Error::from)??;
    }
    Ok(())
}
