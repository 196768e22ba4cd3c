//! What channels note at contacts: who belongs to a case, what came back or was held, what machines must leave alone.

use super::answer;
use super::arrive::owe_answer;
use super::model::{Case, Contact, SenderProof, State};
use super::steps::{self, Before, Look, Step};
use super::store;
use super::undo;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Right, Timestamp, Tx};

/// Subjects compared with that of a new mail.
const MOST_SUBJECTS: i64 = 50;

/// What a case is about: its own subject and those of its newest contacts.
pub async fn subjects(tx: &mut Tx, case: &Case) -> Result<Vec<String>> {
    let mut subjects = store::subjects(tx, case.id, MOST_SUBJECTS).await?;
    subjects.push(case.subject.clone());
    Ok(subjects)
}

/// How many mails came from an address to a case after `since`, up to `until`.
pub async fn count_from(
    tx: &mut Tx,
    case: CaseId,
    address: &str,
    since: Timestamp,
    until: Timestamp,
) -> Result<i64> {
    store::count_from(tx, case, &people::fold_email(address), since, until).await
}

/// Must no machine answer the last mail from this address: because one wrote it, or because it says so?
pub async fn is_unanswerable(tx: &mut Tx, case: CaseId, address: &str) -> Result<bool> {
    let last = store::last_from(tx, case, &people::fold_email(address)).await?;
    Ok(last.is_some_and(|(automatic, unanswerable, _)| automatic || unanswerable))
}

/// Is the last mail from this address probably forged? Who really has the address never wrote it.
pub async fn is_forged(tx: &mut Tx, case: CaseId, address: &str) -> Result<bool> {
    let last = store::last_from(tx, case, &people::fold_email(address)).await?;
    Ok(last.is_some_and(|(_, _, proof)| proof == SenderProof::Suspicious))
}

/// The sender of a contact wants no machine to answer it.
pub async fn set_unanswerable(tx: &mut Tx, contact: ContactId) -> Result<()> {
    store::set_unanswerable(tx, contact).await
}

/// Notes at a contact what is to be known about it: a code, maybe with the words of another server behind it.
pub async fn remark(tx: &mut Tx, contact: ContactId, reason: &str) -> Result<()> {
    store::set_reason(tx, contact, reason).await
}

/// The channel keeps a claimed contact from leaving.
pub async fn suppress(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId, reason: &str) -> Result<()> {
    if store::advance(tx, contact, &[State::Sending], State::Suppressed, None).await? {
        store::set_reason(tx, contact, reason).await?;
        let row = store::contact(tx, contact).await?;
        let fact = Fact::ContactSuppressed { contact, reason: reason.to_owned() };
        journal::record(app, tx, actor, About::case(row.case).of(row.customer), fact)?;
    }
    Ok(())
}

/// A suppressed contact is to leave after all.
///
/// # Errors
///
/// [`Error::Stale`] if it is not suppressed any more.
pub async fn release(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    if !store::advance(tx, contact, &[State::Suppressed], State::Queued, None).await? {
        return Err(Error::Stale);
    }
    let row = store::contact(tx, contact).await?;
    let about = About::case(row.case).of(row.customer);
    journal::record(app, tx, actor, about, Fact::SuppressionLifted { contact })?;
    let written = Fact::ContactWritten { contact, channel: row.channel.code().into() };
    journal::record(app, tx, actor, about, written)?;
    Ok(row)
}

/// Whoever wrote this contact belongs to its case from now on: answers may go there, and an answer is owed.
///
/// # Errors
///
/// [`Error::Stale`] if they do already.
pub async fn accept(app: &App, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = answer::with_case(&mut tx, contact).await?;
    let case = store::case(&mut tx, row.case).await?;
    let look = Look::at(&mut tx, &case).await?;
    let address = people::fold_email(row.from_address.as_deref().ok_or(Error::NotFound)?);
    let contacts = store::strangers(&mut tx, row.case, &address).await?;
    if store::accept_sender(&mut tx, row.case, &address).await? == 0 {
        return Err(Error::Stale);
    }
    let about = About::case(row.case).of(row.customer);
    journal::record(app, &mut tx, actor, about, Fact::StrangerAccepted { contact })?;
    let mut before = None;
    if !row.automatic {
        owe_answer(app, &mut tx, actor, row.case, row.at).await?;
        before = Some(look.before(&mut tx, &case).await?);
    }
    let step = Step::AcceptSender { contact, contacts, before };
    steps::offer(app, &mut tx, actor, row.case, "case-accepted", step).await?;
    tx.commit().await?;
    Ok(row)
}

/// Takes back that somebody belongs to a case: what they wrote is a stranger's again, and nothing is owed for it.
///
/// # Errors
///
/// [`undo::late`] if the case changed since, or one of the contacts is elsewhere.
pub(super) async fn exclude(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (contact, contacts, before): (ContactId, &[ContactId], Option<Box<Before>>),
) -> Result<()> {
    let excluded = store::exclude(tx, case.id, contacts).await?;
    if usize::try_from(excluded) != Ok(contacts.len()) {
        return Err(undo::late());
    }
    if let Some(before) = before {
        before.again(app, tx, actor, case).await?;
    }
    let about = About::case(case.id).of(store::contact(tx, contact).await?.customer);
    journal::record(app, tx, actor, about, Fact::StrangerExcluded { contact })
}
