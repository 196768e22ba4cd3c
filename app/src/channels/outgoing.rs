//! Mail that leaves: each written contact is composed once, kept, and handed to the mail server until it takes it.
//!
//! What a crash can do. The message is composed and stored, and `handing` is committed, before the mail server
//! is spoken to; `sent` is committed after its final answer. A process that dies before `handing` sent nothing:
//! the mail simply goes again. A process that dies between the two leaves a doubt that SMTP cannot resolve: the
//! server may have accepted the message although we never heard so; a connection that breaks after the last byte
//! leaves the same doubt. Such a mail is sent **once** more, byte for byte the same and with the same Message-ID,
//! by which servers and mailboxes recognise the copy; if that is interrupted too, the contact fails with that
//! reason and a person decides. So a mail is never lost, and it leaves twice only if process or connection died
//! within the moment between the server's acceptance and our commit.
//!
//! Each mail has a job that comes back until the mail has ended. A job that runs sends the mail that matters
//! most just then ([`queue`]), which need not be its own: there are as many jobs as mails. Temporary failures are
//! tried again for four days, visible at the contact. Without a mail server mails wait and leave once one is
//! set up.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::caps;
use super::compose::{self, Letter};
use super::model::{Outgoing, Stage};
use super::pace::{self, Scope};
use super::queue;
use super::raw;
use super::relay::{self, Outcome, Relay, Reply, Step};
use super::store::{self, Known, Start};
use crate::cases;
use crate::cases::{Channel, Contact, Problem, Progress, State, Trouble};
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{Actor, App, ContactId, Error, JobKind, Result, Timestamp, Tx, jobs};

/// How often a mail that waits for a mail server looks for one.
const LOOK: Duration = Duration::from_mins(1);

/// Hears of written contacts.
pub static LISTENER: Listener = Listener { name: "channels.outgoing", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(fact, Fact::ContactWritten { .. })
}

/// Sends a contact: this one, or one that matters more.
pub static SEND: JobKind = JobKind { name: "channels.send", run };

#[derive(Serialize, Deserialize)]
struct Payload {
    contact: ContactId,
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    async move {
        let Fact::ContactWritten { contact, channel } = &entry.fact else { return Ok(()) };
        if channel != Channel::Email.code() {
            return Ok(());
        }
        let contact = match cases::contact(tx, *contact).await {
            Ok(contact) => contact,
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let at = leaves_at(contact.send_at, entry.at, app.now());
        let recipient = contact.to_address.as_deref().unwrap_or_default();
        let domain = recipient.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_lowercase());
        let bulk = cases::is_aside(tx, contact.id).await?;
        let start = Start { contact: contact.id, at, recipient, domain: &domain, bulk };
        store::start_outgoing(tx, &start).await?;
        come_at(tx, contact.id, at).await
    }
    .boxed()
}

/// When a contact leaves that was written at `written` to leave at `send_at`.
///
/// If it was written later than now, the clock went back since: then it can be taken back for as long as it could, and
/// leaves. What is planned for a moment beyond that keeps to the clock.
fn leaves_at(send_at: Option<Timestamp>, written: Timestamp, now: Timestamp) -> Timestamp {
    let at = send_at.unwrap_or(written);
    if now < written && at <= written + cases::LONGEST_UNDO {
        return now + queue::span(written, at);
    }
    at.max(now)
}

/// A job looks after the mail at `at`.
pub async fn come_at(tx: &mut Tx, contact: ContactId, at: Timestamp) -> Result<()> {
    jobs::enqueue(tx, SEND.name, &Payload { contact }, at).await?;
    Ok(())
}

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let payload: Payload = serde_json::from_value(payload)?;
        if let Some((mail, _held)) = queue::take(&app).await? {
            send(&app, mail).await?;
        }
        come_back(&app, &payload).await
    }
    .boxed()
}

/// The job's own mail has not ended: it comes back when that is due.
async fn come_back(app: &App, payload: &Payload) -> Result<()> {
    let mut tx = app.db.write().await?;
    if let Some(at) = store::next_attempt(&mut tx, payload.contact).await? {
        jobs::enqueue(&mut tx, SEND.name, payload, at).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// One attempt. An error means that not even the trouble could be written down.
async fn send(app: &App, mut mail: Outgoing) -> Result<()> {
    let id = mail.contact;
    let contact = cases::contact(&mut app.db.read().await?, id).await?;
    match contact.state {
        State::Queued => {}
        State::Sending => {
            if !recover(app, &mut mail).await? {
                return Ok(());
            }
        }
        State::Withdrawn => return end(app, id, Stage::Withdrawn).await,
        State::Suppressed => return end(app, id, Stage::Suppressed).await,
        State::Failed | State::Received => return end(app, id, Stage::Failed).await,
        State::Sent | State::Delayed | State::Delivered => return end(app, id, Stage::Sent).await,
    }
    let Some(relay) = relay::configured(app.settings()) else { return wait_for_server(app, &contact).await };
    // Taken back a moment ago.
    let Some(contact) = cases::claim(app, id).await? else { return Ok(()) };
    if caps::holds(app, &contact).await? {
        return Ok(());
    }
    match attempt(app, &contact, &mail, &relay).await {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::error!(contact = id.0, error = format!("{error:?}"), "cannot send a mail");
            let reply = Reply::own(Problem::Internal, "");
            later(app, &contact, &mail, Scope::Mail, &reply).await
        }
    }
}

/// A contact was in hand when the process died; false if it must not be sent again.
async fn recover(app: &App, mail: &mut Outgoing) -> Result<bool> {
    let contact = mail.contact;
    let trouble = Trouble::lasting(Problem::Interrupted, String::new());
    if mail.state == Stage::Handing && 0 < mail.interruptions {
        fail(app, contact, Reply::own(Problem::Unsure, "")).await?;
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    if mail.state == Stage::Handing {
        store::count_interruption(&mut tx, contact).await?;
        mail.interruptions += 1;
    }
    cases::unclaim(&mut tx, contact, &trouble).await?;
    tx.commit().await?;
    Ok(true)
}

async fn attempt(app: &App, contact: &Contact, mail: &Outgoing, relay: &Relay) -> Result<()> {
    let letter = match letter(app, contact, mail).await? {
        Ok(letter) => letter,
        Err(problem) => return fail(app, contact.id, Reply::own(problem, "")).await,
    };
    match relay.deliver(app, &letter).await {
        Outcome::Accepted => accepted(app, contact, &letter, mail).await,
        Outcome::Partly { accepted, refused } => {
            partly(app, contact, (&letter, mail), &accepted, &refused).await
        }
        Outcome::Refused(reply) => fail(app, contact.id, reply).await,
        Outcome::Doubt(reply) if 0 < mail.interruptions => {
            fail(app, contact.id, Reply { problem: Problem::Unsure, ..reply }).await
        }
        Outcome::Doubt(reply) => {
            let mut tx = app.db.write().await?;
            store::count_interruption(&mut tx, contact.id).await?;
            tx.commit().await?;
            let reply = Reply { problem: Problem::Interrupted, ..reply };
            later(app, contact, mail, Scope::Relay, &reply).await
        }
        Outcome::Later(step, reply) => later(app, contact, mail, pace::scope(step, &reply), &reply).await,
    }
}

/// The message as it was composed at the first attempt, or why there is none; `handing` is committed when this returns.
async fn letter(app: &App, contact: &Contact, mail: &Outgoing) -> Result<Result<Letter, Problem>> {
    let kept = (&mail.message_id, &mail.sender, &mail.recipient);
    if let (Some(message_id), Some(sender), Some(recipient)) = kept {
        let raw = raw::load(app, mail.raw.clone(), mail.blob.as_deref()).await?;
        let mut tx = app.db.write().await?;
        store::set_handing(&mut tx, contact.id, app.now()).await?;
        let recipients = compose::left(&mut tx, contact).await?;
        tx.commit().await?;
        return Ok(Ok(Letter {
            raw,
            recipients,
            message_id: message_id.clone(),
            sender: sender.clone(),
            recipient: recipient.clone(),
            subject: String::new(),
            signature: None,
        }));
    }
    let letter = match compose::compose(app, contact).await? {
        Ok(letter) => letter,
        Err(problem) => return Ok(Err(problem)),
    };
    let kept = raw::keep(app, &letter.raw).await?;
    let mut tx = app.db.write().await?;
    store::save_composed(&mut tx, contact.id, &letter, &kept).await?;
    if let Some(signature) = &letter.signature {
        cases::set_signature(&mut tx, contact.id, signature).await?;
    }
    store::set_handing(&mut tx, contact.id, app.now()).await?;
    tx.commit().await?;
    Ok(Ok(letter))
}

/// The server has it: now this must be remembered, or the customer gets it twice. While disk or database do not do
/// their part it is tried for as long as that takes.
async fn accepted(app: &App, contact: &Contact, letter: &Letter, mail: &Outgoing) -> Result<()> {
    let mut tries = 0;
    loop {
        match remember(app, contact, letter, mail).await {
            Err(error) if tries < 20 || error.outage().is_some() => {
                tracing::error!(
                    contact = contact.id.0,
                    error = format!("{error:?}"),
                    "cannot record a sent mail: {}",
                    error.in_short()
                );
                tries += 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            done => return done,
        }
    }
}

async fn remember(app: &App, contact: &Contact, letter: &Letter, mail: &Outgoing) -> Result<()> {
    let mut tx = app.db.write().await?;
    let test = app.settings().mail_test_mode.clone();
    let note = test.map(|to| Trouble::lasting(Problem::TestMode, to));
    cases::reached(&mut tx, contact.id, &letter.recipients).await?;
    let others = cases::recipients(&mut tx, contact.id).await?;
    remember_id(&mut tx, contact, letter).await?;
    if let Some(missed) = others.iter().find(|one| one.state == Progress::Failed) {
        // The others have it; this one somebody has to see to.
        let said = missed.said.clone().unwrap_or_default();
        let trouble = Trouble::lasting(Problem::of_server(&said), format!("{}: {said}", missed.address));
        cases::failed_for(app, &mut tx, &Actor::kitt("channels"), contact.id, &trouble).await?;
        store::end_outgoing(&mut tx, contact.id, Stage::Failed, Some(&trouble.said), app.now()).await?;
        return tx.commit().await;
    }
    cases::sent(app, &mut tx, &Actor::kitt("channels"), contact.id, note.as_ref()).await?;
    store::end_outgoing(&mut tx, contact.id, Stage::Sent, None, app.now()).await?;
    store::calm(&mut tx, &mail.domain, queue::RELAY).await?;
    tx.commit().await
}

/// What answers will refer to.
async fn remember_id(tx: &mut Tx, contact: &Contact, letter: &Letter) -> Result<()> {
    let case = cases::case(tx, contact.case).await?;
    let known = Known { case: case.id, contact: contact.id };
    store::remember(tx, &letter.message_id, case.queue, known, "sent", contact.automatic).await
}

/// Some recipients were refused: for good, or for now; these are tried again, and nobody gets the message twice.
async fn partly(
    app: &App,
    contact: &Contact,
    (letter, mail): (&Letter, &Outgoing),
    accepted: &[String],
    refused: &[(String, Reply)],
) -> Result<()> {
    let mut tx = app.db.write().await?;
    cases::reached(&mut tx, contact.id, accepted).await?;
    for (address, reply) in refused.iter().filter(|(_, reply)| reply.is_permanent()) {
        cases::unreached(&mut tx, contact.id, address, &reply.said).await?;
    }
    if !accepted.is_empty() {
        remember_id(&mut tx, contact, letter).await?;
    }
    let left = compose::left(&mut tx, contact).await?;
    tx.commit().await?;
    let waiting = refused.iter().find(|(address, _)| left.contains(address));
    match waiting.or(refused.first()) {
        Some((_, reply)) if !left.is_empty() => {
            later(app, contact, mail, pace::scope(Step::Recipient, reply), reply).await
        }
        Some((_, reply)) if accepted.is_empty() && !has_any(app, contact).await? => {
            fail(app, contact.id, reply.clone()).await
        }
        _ => {
            let done = Letter { recipients: Vec::new(), ..letter.clone() };
            self::accepted(app, contact, &done, mail).await
        }
    }
}

/// Does any recipient have the message?
async fn has_any(app: &App, contact: &Contact) -> Result<bool> {
    let all = cases::recipients(&mut app.db.read().await?, contact.id).await?;
    Ok(all.iter().any(|one| one.state == Progress::Sent))
}

/// Not for now: the mail rests, and what rests with it. After four days it has failed.
async fn later(app: &App, contact: &Contact, mail: &Outgoing, scope: Scope, reply: &Reply) -> Result<()> {
    let now = app.now();
    let tried = mail.first_at.map_or(Duration::ZERO, |first| queue::span(first, now));
    if pace::PATIENCE <= tried {
        return fail(app, contact.id, Reply { problem: Problem::Expired, ..reply.clone() }).await;
    }
    let mut tx = app.db.write().await?;
    let at = queue::rest(&mut tx, mail, scope, reply, now).await?;
    let trouble = Trouble { problem: reply.problem, said: reply.said.clone(), next_at: Some(at) };
    store::set_waiting(&mut tx, contact.id, &reply.said, now, at).await?;
    cases::unclaim(&mut tx, contact.id, &trouble).await?;
    tx.commit().await?;
    tell(app, contact).await
}

/// Nothing is wrong with the mail, so this does not count as an attempt.
async fn wait_for_server(app: &App, contact: &Contact) -> Result<()> {
    let at = app.now() + LOOK;
    let trouble = Trouble { problem: Problem::NoServer, said: String::new(), next_at: Some(at) };
    let mut tx = app.db.write().await?;
    store::set_next(&mut tx, contact.id, at, false).await?;
    cases::unclaim(&mut tx, contact.id, &trouble).await?;
    tx.commit().await?;
    tell(app, contact).await
}

/// No fact, since nothing happened; who looks at the case sees the reason all the same.
async fn tell(app: &App, contact: &Contact) -> Result<()> {
    cases::sight::tell(app, "case", contact.case).await
}

async fn fail(app: &App, contact: ContactId, reply: Reply) -> Result<()> {
    let mut tx = app.db.write().await?;
    let trouble = Trouble::lasting(reply.problem, reply.said);
    cases::failed_for(app, &mut tx, &Actor::kitt("channels"), contact, &trouble).await?;
    store::end_outgoing(&mut tx, contact, Stage::Failed, Some(&trouble.said), app.now()).await?;
    tx.commit().await
}

async fn end(app: &App, contact: ContactId, stage: Stage) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::end_outgoing(&mut tx, contact, stage, None, app.now()).await?;
    tx.commit().await
}
