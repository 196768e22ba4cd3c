//! Channels: how mail comes in and goes out.
//!
//! In: a listener for SMTP and LMTP, an API and an import hand raw bytes to [`intake`], which says yes once they
//! are on the disk; [`worker`] reads and files them, each as a contact of a case. What it cannot make sense of
//! waits under "unprocessable" for a person. Out: see [`outgoing`]; what machines write passes [`caps`] first.
//! Mailboxes elsewhere are a slice of their own, which hands its mails to [`intake`]. Deliberately absent so far:
//! other channels than mail.

pub mod acknowledge;
mod authentic;
mod bounce;
mod boxes;
mod caps;
mod check;
mod compose;
mod delivered;
mod directory;
mod dkim;
mod file;
mod forward;
pub mod house_mail;
pub mod import;
mod inspect;
pub mod intake;
mod known;
mod links;
pub mod model;
pub mod notice;
mod outgoing;
mod pace;
mod place;
pub mod proof;
mod queue;
mod raw;
mod reading;
mod receipts;
mod relay;
mod resend;
mod rules;
pub mod sieve;
mod signature;
pub mod smtp;
mod store;
mod talk;
mod thread;
mod tidy;
mod understand;
mod unsubscribe;
mod watch;
mod web;
pub mod worker;

use std::collections::HashMap;

use crate::Slice;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::jump::Late;
use crate::platform::{Actor, App, Jump, ReceivedId, Result, Timestamp, Tx};

pub use authentic::{Authentication, Sentence, explain};
pub use bounce::word as bounce_word;
pub use caps::Suppression;
pub use dkim::Found;
pub use file::FLOOD;
pub use inspect::inspect;
pub use links::{FileLink, is_reachable, of_contacts as links};
pub use model::{Delivery, Received, Route, State};
pub use store::OF_CONTACT;

/// What the app is given of this slice.
pub const SLICE: Slice = Slice {
    name: "channels",
    routes: web::routes,
    listeners: &[&outgoing::LISTENER, &thread::LISTENER],
    jobs: &[&outgoing::SEND, &notice::DELIVER, &proof::runs::PROVE],
    services: &[worker::run, proof::run, tidy::run, watch::run],
    checks: &[&check::RAW_MAILS, &proof::RECEIPTS],
    search: None,
    proof: None,
    finders: &[],
    codes: None,
    sieve: None,
    kinds: None,
    undoers: &links::UNDOERS,
};

pub use rules::Rules;
/// What stands below answers that an actor writes in a queue.
pub use signature::preview as signature;
pub use signature::{QueueMail, set as set_queue_mail};
pub use tidy::tidy;
pub use watch::{Stand, watch};

/// The clock went back: no mail waits for a time that was there already.
pub async fn clock_went_back(tx: &mut Tx, jump: Jump) -> Result<()> {
    store::shift_received(tx, jump.now, Timestamp(i64::MAX), jump.micros()).await?;
    queue::clock_went_back(tx, jump).await
}

/// Mails that were put off, written or taken by the clock of before, and are seen only now.
pub async fn came_late(tx: &mut Tx, late: Late) -> Result<()> {
    let until = late.jump.was + worker::LEASE;
    store::shift_received(tx, late.after, until, late.jump.micros()).await?;
    queue::came_late(tx, late).await
}

fn record_setting(app: &App, tx: &mut Tx, actor: &Actor, name: &str) -> Result<()> {
    journal::record(app, tx, actor, About::house(), Fact::SettingChanged { name: name.to_owned(), of: None })
}

/// Says that an address is one of the house, though no queue's: machines do not write there. `None` takes that back.
///
/// `source` is whose it is, as in `mailbox:4`; what is no address is none.
pub async fn set_own_address(tx: &mut Tx, source: &str, address: Option<&str>) -> Result<()> {
    let address = address.map(people::fold_email).filter(|address| address.contains('@'));
    store::set_own_address(tx, source, address.as_deref()).await
}

/// Those of these addresses that are none of the house's own: who writes there reaches somebody else.
pub async fn without_own(app: &App, tx: &mut Tx, addresses: &[String]) -> Result<Vec<String>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let directory = directory::Directory::load(app, tx).await?;
    let own = |address: &&String| {
        directory.is_own(address) || mail::threading::read_reply_address(address, app.secret()).is_some()
    };
    Ok(addresses.iter().filter(|address| !own(address)).cloned().collect())
}

/// A received mail.
pub async fn received(tx: &mut Tx, id: ReceivedId) -> Result<Received> {
    store::received(tx, id).await
}

/// What was found about the senders of these mails, where something was.
pub async fn authentications(
    tx: &mut Tx,
    mails: &[ReceivedId],
) -> Result<HashMap<ReceivedId, Authentication>> {
    store::authentications(tx, mails).await
}

/// Mails by where they are.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Counts {
    /// Acknowledged ever: ids are given in order.
    pub received: i64,
    /// Not read yet.
    pub backlog: i64,
    /// Somebody has to look at them.
    pub unprocessable: i64,
}

/// How many mails somebody has to look at, counted up to `limit`.
pub async fn count_unprocessable(tx: &mut Tx, limit: i64) -> Result<i64> {
    store::count_unprocessable(tx, limit).await
}

/// Mails that could have left and have not.
#[derive(Debug, Clone, Copy, serde::Serialize, utoipa::ToSchema)]
pub struct Overdue {
    pub mails: i64,
    /// Those that could have left a quarter of an hour ago.
    pub late: i64,
    /// Seconds since the oldest was to leave.
    pub oldest_seconds: i64,
    /// Somebody has to look: nothing leaves, or many mails are late.
    pub alarm: bool,
}

/// What the house wants of sending.
pub async fn rules(tx: &mut Tx) -> Result<Rules> {
    store::rules(tx).await
}

/// How sending fares.
pub async fn overdue(app: &App, tx: &mut Tx) -> Result<Overdue> {
    let look = watch::look(app, tx).await?;
    Ok(Overdue {
        mails: look.waiting,
        late: look.late,
        oldest_seconds: i64::try_from(look.oldest.as_secs()).unwrap_or(i64::MAX),
        alarm: watch::judge(&look, &[]) != Stand::Well,
    })
}

/// For monitoring.
pub async fn counts(tx: &mut Tx) -> Result<Counts> {
    store::counts(tx).await
}
