//! Reads what was kept and files it, in the order in which it came.
//!
//! An attempt is counted and committed before a mail is read, so that a mail that kills the process is known
//! by it. Mails nobody died of are taken in groups; those that were in hand at a death are taken one by one
//! afterwards, so that their company is not blamed: a mail that was *alone* in hand at two deaths is given up
//! as unprocessable. Reading and filing are apart: no transaction waits for a parser.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use tokio_util::sync::CancellationToken;

use super::directory::Directory;
use super::file;
use super::intake::Intake;
use super::model::{Received, State};
use super::reading::{InHand, Reading, read_all};
use super::store::{self, Suspicion};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Error, ReceivedId, Result, Tx};

/// Mails that are read together and, on SQLite, committed together.
const GROUP: u16 = 128;
/// On PostgreSQL, filing transactions at a time, each with a share of the group.
const LANES: usize = 3;
/// How long a group that was not full lets the next one gather: on SQLite, who files keeps others from writing,
/// and a full group costs hardly more than a small one.
const GATHER: Duration = Duration::from_millis(80);
/// How long mails in hand belong to their node.
pub const LEASE: Duration = Duration::from_mins(2);
/// Other nodes' mails, and mails put off, are seen at least so soon.
const POLL: Duration = Duration::from_millis(500);
/// More attempts that never ended than this, and a mail is given up: alone, an attempt counts twice at first.
const DEATHS: i64 = 3;
/// Mails that are put back in one transaction.
const RETRIED: i64 = 500;
/// A mail whose bytes cannot be read for a reason of the disk's is looked at again after this.
const OUTAGE: Duration = Duration::from_secs(5);
/// Orderly failures before somebody has to look.
const FAILURES: i64 = 5;

/// Works off the backlog until `stop`.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    async move {
        if let Err(error) = release(&app).await {
            tracing::error!(error = format!("{error:?}"), "cannot free mails of an earlier run");
        }
        let intake = app.part::<Intake>();
        let mut ahead = Ahead::default();
        while !stop.is_cancelled() {
            match work(&app, &mut ahead).await {
                Ok(0) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = intake.kept.notified() => {}
                        () = tokio::time::sleep(POLL) => {}
                    }
                }
                Ok(some) if some < usize::from(GROUP) => tokio::time::sleep(GATHER).await,
                Ok(_) => {}
                Err(error) => {
                    let cause = error.in_short();
                    tracing::error!(error = format!("{error:?}"), "cannot work off received mail: {cause}");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
        if let Err(error) = free(&app, &ahead.ids()).await {
            tracing::warn!(error = format!("{error:?}"), "mails in hand are free at the next start only");
        }
    }
    .boxed()
}

/// Frees what this node had in hand when it died. Only one process holds the node's data folder.
pub async fn release(app: &App) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::release(&mut tx, &node(app)).await?;
    tx.commit().await
}

/// The name of this node; it outlives a restart.
pub fn node(app: &App) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let data = std::fs::canonicalize(&app.settings().data).unwrap_or_else(|_| app.settings().data.clone());
    format!("{}:{}", host.trim(), data.display())
}

/// Files everything that is there now; how many mails it had in hand.
pub async fn work_off(app: &App) -> Result<usize> {
    let mut ahead = Ahead::default();
    let mut all = 0;
    loop {
        match work(app, &mut ahead).await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}

/// Mails that were read while those before them were filed.
#[derive(Default)]
struct Ahead(Vec<Reading>);

impl Ahead {
    fn ids(&self) -> Vec<ReceivedId> {
        self.0.iter().map(|(mail, _)| mail.id).collect()
    }
}

/// One group, and one of those that somebody died of.
async fn work(app: &App, ahead: &mut Ahead) -> Result<usize> {
    let mut readings = std::mem::take(&mut ahead.0);
    if readings.is_empty() {
        let mut tx = app.db.read().await?;
        // A read first: on SQLite an idle worker must not take the write lock again and again.
        let due = store::is_due(&mut tx, app.now()).await?;
        drop(tx);
        if !due {
            return Ok(0);
        }
        let group = take(app, Suspicion::None, i64::from(GROUP), false).await?;
        readings = read_group(app, group).await?;
    }
    let mut taken = readings.len();
    let full = usize::from(GROUP) <= taken;
    app.part::<Intake>().behind.store(full, Ordering::Relaxed);
    // Taken before the filing begins, which on SQLite keeps others from writing.
    let next = if full { take(app, Suspicion::None, i64::from(GROUP), true).await } else { Ok(Vec::new()) };
    let reading = async { read_group(app, next?).await };
    let (filed, next) = tokio::join!(file_group(app, readings), reading);
    ahead.0 = next?;
    filed?;
    if !full {
        let suspect = take(app, Suspicion::Died, 1, false).await?;
        taken += suspect.len();
        let readings = read_group(app, suspect).await?;
        file_group(app, readings).await?;
    }
    Ok(taken)
}

/// The next mails; `others`: are there any in hand already?
async fn take(app: &App, suspicion: Suspicion, limit: i64, others: bool) -> Result<Vec<InHand>> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let mut mails = store::take(&mut tx, suspicion, &node(app), now, now + LEASE, limit).await?;
    if let (Suspicion::None, [alone], false) = (suspicion, mails.as_mut_slice(), others) {
        // Should the process die now, it is clear of which mail.
        alone.attempts += 1;
        store::count_attempt(&mut tx, alone.id).await?;
    }
    let (deadly, mails): (Vec<Received>, Vec<Received>) =
        mails.into_iter().partition(|mail| DEATHS < mail.deaths());
    for mail in deadly {
        give_up(app, &mut tx, mail.id, "deadly").await?;
    }
    let ids: Vec<ReceivedId> = mails.iter().map(|mail| mail.id).collect();
    let mut raws = store::raws(&mut tx, &ids).await?;
    tx.commit().await?;
    let with_raw = |mail: Received| {
        let raw = raws.remove(&mail.id);
        (mail, raw)
    };
    Ok(mails.into_iter().map(with_raw).collect())
}

/// Files a group; what it had in hand is free again if the database failed.
async fn file_group(app: &App, readings: Vec<Reading>) -> Result<()> {
    if readings.is_empty() {
        return Ok(());
    }
    let ids: Vec<ReceivedId> = readings.iter().map(|(mail, _)| mail.id).collect();
    let filed = file_lanes(app, readings).await;
    if filed.is_err() {
        let_go(app, &ids).await;
    }
    app.part::<Intake>().filed.notify_waiters();
    filed
}

async fn file_lanes(app: &App, readings: Vec<Reading>) -> Result<()> {
    let directory = Directory::latest(app).await?;
    let lanes = into_lanes(readings, if app.db.is_postgres() { LANES } else { 1 });
    let work = lanes.iter().map(|lane| file_lane(app, &directory, lane));
    futures::future::try_join_all(work).await.map(drop)
}

/// The database failed, not the mails: this attempt does not count. Tried until the database is back, or until the
/// mails are free anyway.
async fn let_go(app: &App, ids: &[ReceivedId]) {
    let began = tokio::time::Instant::now();
    while began.elapsed() < LEASE {
        match free(app, ids).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(error = format!("{error:?}"), "cannot put mails back"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn free(app: &App, ids: &[ReceivedId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    for id in ids {
        store::uncount(&mut tx, *id, app.now()).await?;
    }
    tx.commit().await
}

/// Reads a group; what it had in hand is free again if its attachments cannot be kept.
async fn read_group(app: &App, group: Vec<InHand>) -> Result<Vec<Reading>> {
    let ids: Vec<ReceivedId> = group.iter().map(|(mail, _)| mail.id).collect();
    let readings = read_all(app, group).await;
    if readings.is_err() {
        let_go(app, &ids).await;
    }
    readings
}

/// Mails of one sender stay in one lane, and so in their order.
fn into_lanes(readings: Vec<Reading>, count: usize) -> Vec<Vec<Reading>> {
    let mut lanes: Vec<Vec<Reading>> = (0..count).map(|_| Vec::new()).collect();
    for reading in readings {
        let lane = lane_of(&reading, count);
        lanes[lane].push(reading);
    }
    lanes
}

fn lane_of((mail, reading): &Reading, count: usize) -> usize {
    let sender = match reading {
        Ok(Ok(understood)) => crate::people::fold_email(&understood.sender.answer_to),
        _ => mail.hash.clone(),
    };
    sender.bytes().fold(7, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % count
}

/// All in one transaction: one fsync. When that fails, each in its own: a mail takes no other along.
async fn file_lane(app: &App, directory: &Directory, lane: &[Reading]) -> Result<()> {
    if let Err(error) = file_together(app, directory, lane).await {
        tracing::debug!(error = format!("{error:?}"), "mails are filed one by one");
        for one in lane {
            file_alone(app, directory, one).await?;
        }
    }
    Ok(())
}

async fn file_alone(app: &App, directory: &Directory, one: &Reading) -> Result<()> {
    if let Err(error) = file_together(app, directory, std::slice::from_ref(one)).await {
        // Not the mail's fault: after some full disks it would count as unprocessable.
        if error.outage().is_some() {
            return Err(error);
        }
        let mut tx = app.db.write().await?;
        put_off(app, &mut tx, &one.0, &format!("{error:?}")).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Files mails that were understood, shows those that were not.
async fn file_together(app: &App, directory: &Directory, readings: &[Reading]) -> Result<()> {
    let mut tx = app.db.write().await?;
    let mut understood = Vec::with_capacity(readings.len());
    for (mail, reading) in readings {
        match reading {
            Ok(Ok(reading)) => understood.push((mail, reading)),
            Ok(Err(refusal)) => give_up(app, &mut tx, mail.id, refusal).await?,
            Err(error) if error.outage().is_some() => {
                store::uncount(&mut tx, mail.id, app.now() + OUTAGE).await?;
            }
            Err(error) => put_off(app, &mut tx, mail, &format!("{error:?}")).await?,
        }
    }
    let filed = file::file_all(app, &mut tx, directory, &understood).await?;
    if !store::finish_filed(&mut tx, &filed).await? {
        // Another node filed it when this one's lease had ended.
        return Err(Error::Stale);
    }
    tx.commit().await
}

/// Something failed in order: later again, and after some attempts somebody has to look.
async fn put_off(app: &App, tx: &mut Tx, mail: &Received, reason: &str) -> Result<()> {
    tracing::warn!(received = mail.id.0, failures = mail.failures + 1, reason, "a mail could not be filed");
    if FAILURES <= mail.failures + 1 {
        return give_up(app, tx, mail.id, "failing").await;
    }
    store::put_off(tx, mail.id, reason, app.now() + pause(mail.failures)).await
}

/// 2 s, 8 s, 32 s, …
fn pause(failures: i64) -> Duration {
    Duration::from_secs(2 << (2 * failures.clamp(0, 8)))
}

async fn give_up(app: &App, tx: &mut Tx, id: ReceivedId, reason: &'static str) -> Result<()> {
    if store::give_up(tx, id, reason).await? {
        let fact = Fact::MailUnprocessable { received: id, reason: reason.into() };
        journal::record(app, tx, &Actor::kitt("channels"), About::house(), fact)?;
    }
    Ok(())
}

/// Waits until a mail was read, at most until `until` has passed on the real clock.
pub async fn wait_for(app: &App, id: ReceivedId, patience: Duration) -> Result<Received> {
    let intake = app.part::<Intake>();
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        let filed = intake.filed.notified();
        let mut tx = app.db.read().await?;
        let mail = store::received(&mut tx, id).await?;
        drop(tx);
        if mail.state != State::Received || deadline <= tokio::time::Instant::now() {
            return Ok(mail);
        }
        // Another node may file it, whose bell rings there.
        let soon = deadline.min(tokio::time::Instant::now() + POLL / 2);
        let _ = tokio::time::timeout_at(soon, filed).await;
    }
}

/// Reads a mail that was given up once more, as somebody asked.
pub async fn retry(app: &App, actor: &Actor, id: ReceivedId) -> Result<()> {
    let mut tx = app.db.write().await?;
    if !store::start_over(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    journal::record(app, &mut tx, actor, About::house(), Fact::MailRetried { received: id })?;
    tx.commit().await?;
    app.part::<Intake>().kept.notify_one();
    Ok(())
}

/// Reads all mails that were given up once more, as after an upgrade; how many.
pub async fn retry_all(app: &App, actor: &Actor) -> Result<usize> {
    let mut all = 0;
    // Onwards only: what fails again meanwhile is not read for ever.
    let mut last = ReceivedId(0);
    loop {
        let mut tx = app.db.write().await?;
        let again = store::start_all_over(&mut tx, last, RETRIED).await?;
        for received in &again {
            journal::record(app, &mut tx, actor, About::house(), Fact::MailRetried { received: *received })?;
        }
        tx.commit().await?;
        app.part::<Intake>().kept.notify_one();
        all += again.len();
        last = again.iter().copied().max().unwrap_or(last);
        if i64::try_from(again.len()).is_ok_and(|found| found < RETRIED) {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_below_two_days() {
        assert_eq!(pause(0), Duration::from_secs(2));
        assert_eq!(pause(1), Duration::from_secs(8));
        assert!(pause(100) < Duration::from_hours(48));
    }
}
