//! Takes mail into custody: when [`keep`] returns, the bytes and their `received` row are on the disk.
//!
//! Mails that arrive while a commit is under way are committed together by the next one: many mails, one fsync,
//! and one round trip where the database is elsewhere. Reading the mails is left to [`super::worker`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Mutex as Turn, Notify, OwnedMutexGuard, oneshot};

use super::authentic;
use super::model::Delivery;
use super::raw;
use super::receipts;
use super::store::{self, NewMail};
use crate::platform::{App, Outage, ReceivedId, Result, Tx};

/// Mails in one commit: bounds how long its first mail waits for its last.
const GROUP: usize = 200;

/// How long a mail waits at most for the worker to catch up.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells who handed a mail over what became of it; dropped for a failure that only the committing one explains.
type Answer = oneshot::Sender<std::result::Result<ReceivedId, Outage>>;

/// What waits on this node to be committed, and the bells.
#[derive(Default)]
pub struct Intake {
    waiting: Mutex<Vec<(NewMail, Answer)>>,
    /// Whoever holds it commits for all.
    turn: Arc<Turn<()>>,
    /// The worker has its hands full.
    pub behind: AtomicBool,
    /// Rings when mail was kept.
    pub kept: Notify,
    /// Rings when mail was filed.
    pub filed: Notify,
}

/// Keeps a mail. Once this returned, the sender may forget it.
///
/// # Errors
///
/// If the mail is not durable; the sender has to try again.
pub async fn keep(app: &App, delivery: Delivery) -> Result<ReceivedId> {
    keep_from(app, delivery, None).await
}

/// As [`keep`], from a client that gave itself the name `helo`.
pub async fn keep_from(app: &App, mut delivery: Delivery, helo: Option<&str>) -> Result<ReceivedId> {
    let bytes = Bytes::from(std::mem::take(&mut delivery.raw));
    let authentication = authentic::check(app, &delivery, &bytes, helo).await;
    let raw = raw::keep(app, &bytes).await?;
    let mail = NewMail { delivery, raw, authentication };
    let intake = app.part::<Intake>();
    if app.db.is_postgres() {
        ease(&intake).await;
    }
    let id = keep_together(app, &intake, mail).await?;
    intake.kept.notify_one();
    Ok(id)
}

/// Keeps mails together that were not received before, byte for byte; how many.
///
/// # Errors
///
/// If they are not durable; then none of them is kept.
pub async fn keep_group(app: &App, deliveries: Vec<Delivery>) -> Result<usize> {
    let hashes: Vec<String> = deliveries.iter().map(|mail| raw::hash(&mail.raw)).collect();
    let known = store::known(&mut app.db.read().await?, &hashes).await?;
    let mut mails = Vec::with_capacity(deliveries.len());
    for (mut delivery, hash) in deliveries.into_iter().zip(hashes) {
        if !known.contains(&hash) {
            let bytes = Bytes::from(std::mem::take(&mut delivery.raw));
            let authentication = authentic::check(app, &delivery, &bytes, None).await;
            let raw = raw::keep(app, &bytes).await?;
            mails.push(NewMail { delivery, raw, authentication });
        }
    }
    if mails.is_empty() {
        return Ok(0);
    }
    let intake = app.part::<Intake>();
    let _turn = intake.turn.clone().lock_owned().await;
    let ids = insert(app, &mails).await?;
    intake.kept.notify_one();
    Ok(ids.len())
}

/// The mail of exactly these bytes that was kept from `peer` before, for those who may have to ask twice.
pub async fn kept_before(tx: &mut Tx, hash: &str, peer: &str) -> Result<Option<ReceivedId>> {
    store::came_before(tx, hash, peer).await
}

/// Where intake and filing do not wait for each other anyway, a sender that is faster than the filing is slowed
/// down: a mail server's queue is the better place for a backlog than ours.
async fn ease(intake: &Intake) {
    let filed = intake.filed.notified();
    if intake.behind.load(Ordering::Relaxed) {
        // Nobody to hear of it is no reason to refuse mail.
        let _ = tokio::time::timeout(PATIENCE, filed).await;
    }
}

async fn keep_together(app: &App, intake: &Arc<Intake>, mail: NewMail) -> Result<ReceivedId> {
    let (answer, mut kept) = oneshot::channel();
    lock(&intake.waiting).push((mail, answer));
    loop {
        let turn = intake.turn.clone().lock_owned().await;
        match kept.try_recv() {
            // Somebody else's commit took this mail along.
            Ok(Ok(id)) => return Ok(id),
            Ok(Err(outage)) => return Err(anyhow::Error::new(outage).into()),
            Err(TryRecvError::Closed) => return Err(anyhow!("received mail could not be committed").into()),
            Err(TryRecvError::Empty) => {}
        }
        // In a task of its own: a sender that hangs up must not undo the mails of the others.
        let commit = tokio::spawn(commit(app.clone(), take_group(intake), turn));
        commit.await.context("the commit of received mail panicked")??;
    }
}

fn take_group(intake: &Intake) -> (Vec<NewMail>, Vec<Answer>) {
    let mut waiting = lock(&intake.waiting);
    let size = waiting.len().min(GROUP);
    waiting.drain(..size).unzip()
}

/// Holds the turn until the group is committed.
async fn commit(
    app: App,
    (mails, answers): (Vec<NewMail>, Vec<Answer>),
    _turn: OwnedMutexGuard<()>,
) -> Result<()> {
    let committed = insert(&app, &mails).await;
    let of = |at: usize| match &committed {
        Ok(ids) => ids.get(at).copied().map(Ok),
        Err(error) => error.outage().map(Err),
    };
    for (at, answer) in answers.into_iter().enumerate() {
        if let Some(what) = of(at) {
            // A sender that hung up meanwhile does not hear it; its mail is kept all the same.
            let _ = answer.send(what);
        }
    }
    committed.map(drop)
}

async fn insert(app: &App, mails: &[NewMail]) -> Result<Vec<ReceivedId>> {
    let at = app.now();
    let mut tx = app.db.write().await?;
    let ids = store::insert(&mut tx, mails, at).await?;
    tx.commit().await?;
    receipts::note(app, at, ids.iter().copied().zip(mails));
    Ok(ids)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
