//! Written contacts on their way: handed to a channel, sent, delivered, delayed, failed, and tried again.
//!
//! The channel knows how messages travel; this knows what that means for a case.

mod back;

pub use back::Failure;
pub(super) use back::{fail_again, reschedule_back};

use super::answer::{self, UNDO, leaves_at};
use super::arrive::owe_answer;
use super::model::{Contact, Problem, State, Trouble};
use super::steps::{self, Step};
use super::store;
use super::writing;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, ContactId, Error, Result, Right, Timestamp, Tx, dialect};

/// Left us, as far as we know.
const GONE: [State; 3] = [State::Sent, State::Delayed, State::Delivered];

/// A channel takes a written contact to send it; `None` if it was taken back or already taken.
///
/// A contact that stays in [`State::Sending`] was interrupted by a crash: nobody can know whether the other
/// side has it, so the channel decides.
pub async fn claim(app: &App, contact: ContactId) -> Result<Option<Contact>> {
    let mut tx = app.db.write().await?;
    if !store::advance(&mut tx, contact, &[State::Queued], State::Sending, None).await? {
        return Ok(None);
    }
    let row = store::contact(&mut tx, contact).await?;
    tx.ring_after_commit();
    tx.commit().await?;
    Ok(Some(row))
}

/// A contact that could not be sent for now goes back into the queue, to be tried again.
pub async fn unclaim(tx: &mut Tx, contact: ContactId, trouble: &Trouble) -> Result<()> {
    store::advance(tx, contact, &[State::Sending, State::Queued], State::Queued, Some(trouble)).await?;
    Ok(())
}

/// The channel handed a contact over. `note` says what is unusual about it.
pub async fn sent(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    contact: ContactId,
    note: Option<&Trouble>,
) -> Result<()> {
    if store::advance(tx, contact, &[State::Sending, State::Queued], State::Sent, note).await? {
        record(app, tx, actor, contact, Fact::ContactSent { contact }).await?;
    }
    Ok(())
}

/// The recipient's server says that it has the contact.
pub async fn delivered(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<()> {
    if store::advance(tx, contact, &[State::Sent, State::Delayed], State::Delivered, None).await? {
        record(app, tx, actor, contact, Fact::ContactDelivered { contact }).await?;
    }
    Ok(())
}

/// A server on the way could not deliver the contact yet, and goes on trying.
pub async fn delayed(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId, said: &str) -> Result<()> {
    let trouble = Trouble::lasting(Problem::of_server(said), said.to_owned());
    if store::advance(tx, contact, &[State::Sent, State::Delayed], State::Delayed, Some(&trouble)).await? {
        record(app, tx, actor, contact, Fact::ContactDelayed { contact }).await?;
    }
    Ok(())
}

/// The channel gave a contact up, for what a mail server said.
pub async fn failed(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId, said: &str) -> Result<()> {
    let trouble = Trouble::lasting(Problem::of_server(said), said.to_owned());
    failed_for(app, tx, actor, contact, &trouble).await
}

/// The channel gave a contact up: the case is open again, so that somebody sees it.
pub async fn failed_for(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    contact: ContactId,
    trouble: &Trouble,
) -> Result<()> {
    let from = [&[State::Sending, State::Queued][..], &GONE].concat();
    let row = store::contact(tx, contact).await?;
    dialect::lock(tx, "case", row.case.0).await?;
    if !store::advance(tx, contact, &from, State::Failed, Some(trouble)).await? {
        return Ok(());
    }
    store::fail_recipients(tx, contact, &trouble.said).await?;
    record(app, tx, actor, contact, Fact::ContactFailed { contact, permanent: true }).await?;
    // Nobody waits for what a machine says.
    if row.automatic { Ok(()) } else { owe_answer(app, tx, actor, row.case, app.now()).await }
}

/// Keeps the signature that a contact leaves with.
pub async fn set_signature(tx: &mut Tx, contact: ContactId, signature: &str) -> Result<()> {
    store::set_signature(tx, contact, signature).await
}

/// Tries a failed contact again with those who did not get it, the first at another address if one is given. It leaves
/// after the undo time.
///
/// # Errors
///
/// [`Error::Stale`] if it has not failed.
pub async fn send_again(app: &App, actor: &Actor, contact: ContactId, to: Option<&str>) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let was = answer::with_case(&mut tx, contact).await?;
    let several = store::recipients(&mut tx, &[contact]).await?;
    let at = app.now() + writing::undo_time(&mut tx).await?;
    store::redirect(&mut tx, contact, to.filter(|_| several.is_empty()), Some(at)).await?;
    // Who has it already does not get it twice.
    store::requeue_recipients(&mut tx, contact, to).await?;
    if !store::advance(&mut tx, contact, &[State::Failed], State::Queued, None).await? {
        return Err(Error::Stale);
    }
    let case = was.case;
    let failure = Box::new(Failure::of(was, several, (to, at)));
    steps::offer(app, &mut tx, actor, case, "case-replied", Step::SendAgain { contact, failure }).await?;
    written_again(app, tx, actor, contact).await
}

/// Another moment for an answer that waits to leave.
///
/// # Errors
///
/// [`Error::Invalid`] if it is already on its way, or for a moment as [`super::Answer::at`] says.
pub async fn reschedule(app: &App, actor: &Actor, contact: ContactId, at: Timestamp) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let at = leaves_at(Some(at), app.now(), UNDO)?;
    let mut tx = app.db.write().await?;
    let row = answer::with_case(&mut tx, contact).await?;
    let waits = row.state == State::Queued;
    if !waits || !store::redirect(&mut tx, contact, None, Some(at)).await? {
        return Err(Error::invalid("contact", "case-undo-late"));
    }
    // Whatever was in its way is asked again then.
    store::advance(&mut tx, contact, &[State::Queued], State::Queued, None).await?;
    if let Some(was) = row.send_at.filter(|was| *was != at) {
        let step = Step::Reschedule { contact, was, is: at };
        steps::offer(app, &mut tx, actor, row.case, "case-planned", step).await?;
    }
    written_again(app, tx, actor, contact).await
}

/// The channel hears of it once more, and takes address and moment as they are now.
async fn written_again(app: &App, mut tx: Tx, actor: &Actor, contact: ContactId) -> Result<Contact> {
    let row = store::contact(&mut tx, contact).await?;
    let fact = Fact::ContactWritten { contact, channel: row.channel.code().into() };
    record(app, &mut tx, actor, contact, fact).await?;
    tx.commit().await?;
    Ok(row)
}

async fn record(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId, fact: Fact) -> Result<()> {
    let row = store::contact(tx, contact).await?;
    journal::record(app, tx, actor, About::case(row.case).of(row.customer), fact)
}
