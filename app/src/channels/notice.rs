//! Automatic answers that belong to no case, such as that a mail was too large to be taken.
//!
//! A notice is composed and kept in the caller's transaction and leaves by a job, as every mail does. It answers
//! people only: never ourselves, robots or one address again and again (RFC 3834). Deliberately absent: knowing
//! what became of it; a mail that cannot be delivered is given up after a day.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use mail::Address;
use mail::compose::{Origin, Outgoing, compose};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::compose::Letter;
use super::directory::Directory;
use super::raw;
use super::relay::{self, Outcome, Reply, Step};
use super::store;
use crate::cases::Problem;
use crate::people;
use crate::platform::{App, JobKind, QueueId, Result, Timestamp, Tx, jobs};

/// Notices to one address within a day: two robots must not keep each other busy.
const MOST_A_DAY: i64 = 3;
/// The next attempt when the mail server cannot take it now, or none is set up.
const PAUSE: Duration = Duration::from_mins(10);
/// Attempts over a day.
const ATTEMPTS: i64 = 144;

/// Nobody reads what is sent to these.
const UNREAD: [&str; 7] =
    ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster"];

/// What somebody is told.
#[derive(Debug, Clone)]
pub struct Notice {
    pub to: String,
    /// The queue whose address it comes from.
    pub queue: QueueId,
    /// The id of the mail that it answers.
    pub answers: Option<String>,
    pub subject: String,
    pub text: String,
}

/// Sends one notice.
pub static DELIVER: JobKind = JobKind { name: "channels.notice", run };

#[derive(Serialize, Deserialize)]
struct Payload {
    notice: i64,
}

/// Sends a notice if this transaction commits; false if nobody should get it.
pub async fn post(app: &App, tx: &mut Tx, notice: &Notice) -> Result<bool> {
    let directory = Directory::load(app, tx).await?;
    let local = notice.to.split('@').next().unwrap_or_default().to_lowercase();
    let unread = UNREAD.iter().any(|mark| local.contains(mark));
    if unread || !notice.to.contains('@') || directory.is_own(&notice.to) {
        return Ok(false);
    }
    let folded = people::fold_email(&notice.to);
    if MOST_A_DAY <= store::notices_since(tx, &folded, app.now() - Timestamp::days(1)).await? {
        return Ok(false);
    }
    let letter = write(app, directory.address_of(notice.queue), notice);
    enqueue(app, tx, &letter).await?;
    Ok(true)
}

/// Sends a letter that belongs to no case, if this transaction commits.
pub async fn enqueue(app: &App, tx: &mut Tx, letter: &Letter) -> Result<()> {
    let bytes = lz4_flex::compress_prepend_size(&letter.raw);
    let folded = people::fold_email(&letter.recipient);
    let id = store::add_notice(tx, letter, &folded, bytes, app.now()).await?;
    jobs::enqueue(tx, DELIVER.name, &Payload { notice: id }, app.now()).await?;
    Ok(())
}

fn write(app: &App, from: &str, notice: &Notice) -> Letter {
    let now = app.now();
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let about = format!("{} {:?} {} {}", notice.to, notice.answers, now.0, rand::random::<u64>());
    let message_id = format!("notice.{}@{domain}", &blake3::hash(about.as_bytes()).to_hex()[..24]);
    let outgoing = Outgoing {
        message_id: message_id.clone(),
        date: now.seconds(),
        from: Address { name: app.settings().house.clone(), address: from.to_owned() },
        to: vec![Address { name: String::new(), address: notice.to.clone() }],
        subject: notice.subject.clone(),
        in_reply_to: notice.answers.clone(),
        text: notice.text.clone(),
        origin: Origin::AutoReplied,
        ..Outgoing::default()
    };
    Letter {
        raw: compose(&outgoing),
        message_id,
        sender: from.to_owned(),
        recipients: vec![notice.to.clone()],
        recipient: notice.to.clone(),
        subject: notice.subject.clone(),
        signature: None,
    }
}

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let payload: Payload = serde_json::from_value(payload)?;
        deliver(&app, payload.notice).await
    }
    .boxed()
}

/// One attempt; a notice that has to wait is enqueued again.
async fn deliver(app: &App, id: i64) -> Result<()> {
    let waiting = store::waiting_notice(&mut app.db.read().await?, id).await?;
    let Some(notice) = waiting else { return Ok(()) };
    let letter = Letter {
        raw: raw::load(app, Some(notice.raw), None).await?,
        message_id: notice.message_id,
        sender: notice.sender,
        recipients: vec![notice.recipient.clone()],
        recipient: notice.recipient,
        subject: String::new(),
        signature: None,
    };
    let outcome = match relay::configured(app.settings()) {
        Some(relay) => relay.deliver(app, &letter).await,
        None => Outcome::Later(Step::Connect, Reply::own(Problem::NoServer, "")),
    };
    let mut tx = app.db.write().await?;
    match outcome {
        // In doubt it arrived: what a machine says is better said once too little than twice.
        // It has one recipient.
        Outcome::Accepted | Outcome::Partly { .. } | Outcome::Doubt(_) => {
            store::end_notice(&mut tx, id, "sent", None).await?;
        }
        Outcome::Refused(reply) => store::end_notice(&mut tx, id, "failed", Some(&reply.said)).await?,
        Outcome::Later(_, reply) if ATTEMPTS <= notice.attempts + 1 => {
            store::end_notice(&mut tx, id, "failed", Some(&reply.said)).await?;
        }
        Outcome::Later(_, reply) => {
            store::put_off_notice(&mut tx, id, &reply.said).await?;
            jobs::enqueue(&mut tx, DELIVER.name, &Payload { notice: id }, app.now() + PAUSE).await?;
        }
    }
    tx.commit().await
}
