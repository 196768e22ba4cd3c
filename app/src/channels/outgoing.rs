//! Mail that leaves: each written contact is composed once, kept, and handed to the mail server until it takes it.
//!
//! What a crash can do. The message is composed and stored, and `handing` is committed, before the mail server
//! is spoken to; `sent` is committed after its final answer. A process that dies before `handing` sent nothing:
//! the mail simply goes again. A process that dies between the two leaves a doubt that SMTP cannot resolve: the
//! server may have accepted the message although we never heard so. Such a mail is sent **once** more, byte for
//! byte the same and with the same Message-ID, by which servers and mailboxes recognise the copy; if that is
//! interrupted too, the contact fails with that reason and a person decides. So a mail is never lost, and it
//! leaves twice only if the process died within the moment between the server's acceptance and our commit.
//!
//! Temporary failures are tried again with growing pauses, visible at the contact. Without a mail server mails
//! wait and leave once one is set up.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::caps;
use super::compose::{self, Letter};
use super::model::{Outgoing, Stage};
use super::raw;
use super::relay::{self, Outcome, Relay};
use super::store::{self, Known};
use crate::cases;
use crate::cases::{Channel, Contact, State};
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{Actor, App, ContactId, Error, JobKind, Result, Tx, jobs};

/// How often a mail that waits for a mail server looks for one.
const LOOK: Duration = Duration::from_mins(1);
/// Attempts over about two days.
const ATTEMPTS: i64 = 50;

/// What the contact shows while no mail server is set up.
const NO_SERVER: &str = "no outgoing mail server is set up (--smtp-relay)";
const INTERRUPTED: &str = "interrupted while sending, sending again";
const UNSURE: &str = "interrupted twice while sending: it may have arrived";

/// Hears of written contacts.
pub static LISTENER: Listener = Listener { name: "channels.outgoing", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(fact, Fact::ContactWritten { .. })
}

/// Sends one contact.
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
        let at = contact.send_at.unwrap_or_else(|| app.now());
        store::start_outgoing(tx, contact.id, at).await?;
        jobs::enqueue(tx, SEND.name, &Payload { contact: contact.id }, at).await?;
        Ok(())
    }
    .boxed()
}

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let payload: Payload = serde_json::from_value(payload)?;
        send(&app, payload.contact).await
    }
    .boxed()
}

/// One attempt. Mail that has to wait is enqueued again by itself; an error means that ours is the trouble.
async fn send(app: &App, id: ContactId) -> Result<()> {
    let mut tx = app.db.read().await?;
    let Some(outgoing) = store::outgoing(&mut tx, id).await? else { return Ok(()) };
    let contact = cases::contact(&mut tx, id).await?;
    drop(tx);
    match contact.state {
        State::Queued => {}
        State::Sending if recover(app, &outgoing).await? => {}
        State::Withdrawn => return end(app, id, Stage::Withdrawn).await,
        _ => return Ok(()),
    }
    // Taken back a moment ago, or in somebody else's hands.
    let Some(contact) = cases::claim(app, id).await? else { return Ok(()) };
    if caps::holds(app, &contact).await? {
        return Ok(());
    }
    let Some(relay) = relay::configured(app.settings()) else {
        return put_off(app, &contact, NO_SERVER, LOOK).await;
    };
    match attempt(app, &contact, &outgoing, &relay).await {
        Ok(()) => Ok(()),
        Err(error) => {
            cases::unclaim(app, id, "internal error, trying again").await?;
            Err(error)
        }
    }
}

/// A contact was in hand when the process died; false if it must not be sent again.
async fn recover(app: &App, outgoing: &Outgoing) -> Result<bool> {
    let contact = outgoing.contact;
    if outgoing.state == Stage::Handing && 0 < outgoing.interruptions {
        fail(app, contact, UNSURE).await?;
        return Ok(false);
    }
    if outgoing.state == Stage::Handing {
        let mut tx = app.db.write().await?;
        store::count_interruption(&mut tx, contact).await?;
        store::set_waiting(&mut tx, contact, INTERRUPTED, app.now()).await?;
        tx.commit().await?;
    }
    cases::unclaim(app, contact, INTERRUPTED).await?;
    Ok(true)
}

async fn attempt(app: &App, contact: &Contact, outgoing: &Outgoing, relay: &Relay) -> Result<()> {
    let letter = letter(app, contact, outgoing).await?;
    match relay.deliver(&letter).await {
        Outcome::Accepted => accepted(app, contact, &letter).await,
        Outcome::Refused(reason) => fail(app, contact.id, &reason).await,
        Outcome::Later(_) if ATTEMPTS <= outgoing.attempts + 1 => {
            fail(app, contact.id, "the mail server could not be reached for two days").await
        }
        Outcome::Later(reason) => put_off(app, contact, &reason, pause(outgoing.attempts)).await,
    }
}

/// The message as it was composed at the first attempt; `handing` is committed when this returns.
async fn letter(app: &App, contact: &Contact, outgoing: &Outgoing) -> Result<Letter> {
    let kept = (&outgoing.message_id, &outgoing.sender, &outgoing.recipient);
    if let (Some(message_id), Some(sender), Some(recipient)) = kept {
        let raw = raw::load(app, outgoing.raw.clone(), outgoing.blob.as_deref()).await?;
        let mut tx = app.db.write().await?;
        store::set_handing(&mut tx, contact.id).await?;
        tx.commit().await?;
        return Ok(Letter {
            raw,
            message_id: message_id.clone(),
            sender: sender.clone(),
            recipient: recipient.clone(),
            subject: String::new(),
        });
    }
    let letter = compose::compose(app, contact).await?;
    let kept = raw::keep(app, &letter.raw).await?;
    let mut tx = app.db.write().await?;
    store::save_composed(&mut tx, contact.id, &letter, &kept).await?;
    store::set_handing(&mut tx, contact.id).await?;
    tx.commit().await?;
    Ok(letter)
}

/// The server has it: now this must be remembered, or the customer gets it twice.
async fn accepted(app: &App, contact: &Contact, letter: &Letter) -> Result<()> {
    let mut tries = 0;
    loop {
        match remember(app, contact, letter).await {
            Err(error) if tries < 20 => {
                tracing::error!(
                    contact = contact.id.0,
                    error = format!("{error:?}"),
                    "cannot record a sent mail"
                );
                tries += 1;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            done => return done,
        }
    }
}

async fn remember(app: &App, contact: &Contact, letter: &Letter) -> Result<()> {
    let mut tx = app.db.write().await?;
    cases::sent(app, &mut tx, &Actor::kitt("channels"), contact.id).await?;
    let case = cases::case(&mut tx, contact.case).await?;
    let known = Known { case: case.id, contact: contact.id };
    store::remember(&mut tx, &letter.message_id, case.queue, known, "sent", contact.automatic).await?;
    store::end_outgoing(&mut tx, contact.id, Stage::Sent, None, app.now()).await?;
    tx.commit().await
}

async fn put_off(app: &App, contact: &Contact, reason: &str, pause: Duration) -> Result<()> {
    let at = app.now() + pause;
    let mut tx = app.db.write().await?;
    store::set_waiting(&mut tx, contact.id, reason, at).await?;
    jobs::enqueue(&mut tx, SEND.name, &Payload { contact: contact.id }, at).await?;
    tx.commit().await?;
    cases::unclaim(app, contact.id, reason).await?;
    // No fact, since nothing happened; who looks at the case sees the reason all the same.
    app.live.tell(vec![format!("case:{}", contact.case)]);
    Ok(())
}

async fn fail(app: &App, contact: ContactId, reason: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    cases::failed(app, &mut tx, &Actor::kitt("channels"), contact, reason).await?;
    store::end_outgoing(&mut tx, contact, Stage::Failed, Some(reason), app.now()).await?;
    tx.commit().await
}

async fn end(app: &App, contact: ContactId, stage: Stage) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::end_outgoing(&mut tx, contact, stage, None, app.now()).await?;
    tx.commit().await
}

/// 30 s, 2 min, 8 min, 32 min, then every hour.
fn pause(attempts: i64) -> Duration {
    let exponent = u32::try_from(attempts.clamp(0, 8)).unwrap_or(0);
    Duration::from_secs((30 * 4u64.pow(exponent)).min(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_about_two_days() {
        let all: Duration = (0..ATTEMPTS).map(pause).sum();
        assert_eq!(pause(0), Duration::from_secs(30));
        assert!((44..50).contains(&(all.as_secs() / 3600)), "{all:?}");
    }
}
