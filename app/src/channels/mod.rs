//! Channels: how mail comes in and goes out.
//!
//! In: a listener for SMTP and LMTP, an API and an import hand raw bytes to [`intake`], which says yes once they
//! are on the disk; [`worker`] reads and files them, each as a contact of a case. What it cannot make sense of
//! waits under "unprocessable" for a person. Out: see [`outgoing`]. Deliberately absent so far: IMAP, loop caps,
//! other channels than mail.

mod authentic;
mod boxes;
mod check;
mod compose;
mod file;
pub mod import;
mod inspect;
pub mod intake;
pub mod model;
mod outgoing;
mod place;
pub mod proof;
mod raw;
mod receipts;
mod relay;
pub mod smtp;
mod store;
mod understand;
mod web;
pub mod worker;

use std::collections::HashMap;

use crate::Slice;
use crate::platform::{ReceivedId, Result, Tx};

pub use authentic::{Authentication, Sentence, explain};
pub use inspect::inspect;
pub use model::{Delivery, Received, Route, State};

/// What the app is given of this slice.
pub const SLICE: Slice = Slice {
    name: "channels",
    routes: web::routes,
    listeners: &[&outgoing::LISTENER],
    jobs: &[&outgoing::SEND],
    services: &[worker::run, proof::run],
    checks: &[&check::RAW_MAILS],
    search: None,
};

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

/// For monitoring.
pub async fn counts(tx: &mut Tx) -> Result<Counts> {
    store::counts(tx).await
}
