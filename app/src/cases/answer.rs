//! Answers: written, and taken back as long as they have not left.

mod back;

use std::time::Duration;

pub use back::reply_as_part;
pub(super) use back::unreply;

use super::arrive::{self, LONGEST_TEXT};
use super::attributes;
use super::clocks::{self, Event};
use super::complaint;
use super::drafts;
use super::drafts::DraftKind;
use super::figures;
use super::model::{Case, Channel, Contact, Direction, NewAttachment, NewContact, State, Status};
use super::recipients;
use super::recipients::{Place, Progress, Recipient};
use super::sight;
use super::store;
use super::store::Standing;
use super::writing;
use crate::customers;
use crate::customers::Purpose;
use crate::journal;
use crate::journal::{About, Fact, Way};
use crate::people;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Right, Timestamp, Tx, dialect};

/// How long a written answer can be taken back, unless the house chose another time.
pub const UNDO: Duration = Duration::from_secs(10);

/// Nobody plans answers for longer.
const FURTHEST: Duration = Duration::from_hours(366 * 24);

/// What an agent writes to the customer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub text: String,
    /// Sanitised by the caller; `None` for plain text.
    pub html: Option<String>,
    /// `None`: the customer's own address.
    pub to: Option<String>,
    /// All whom it goes to, `to` among them, if they are several.
    pub recipients: Vec<Recipient>,
    pub attachments: Vec<NewAttachment>,
    pub then: Then,
    /// Written by a machine: marked so, and subject to the protection against loops.
    pub automatic: bool,
    /// The last contact that the writer has seen; `None`: do not ask whether more was said since.
    pub seen: Option<ContactId>,
    /// What it is for; what is no service says how it can be declined, and leaves only if it was not.
    pub purpose: Purpose,
    /// When it is to leave; `None`: after the undo time.
    pub at: Option<Timestamp>,
    /// The writer's draft that this was; it goes with the answer.
    pub draft: Option<i64>,
}

/// What becomes of the case once the answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Then {
    /// Wait for the customer.
    #[default]
    Wait,
    StayOpen,
    Close,
    /// As it was: the message belongs to the case, but is no part of its work.
    Keep,
}

/// Writes to the customer; it leaves after the undo time.
///
/// # Errors
///
/// [`Error::Invalid`] of `seen` if something was said that the writer does not know.
pub async fn reply(app: &App, actor: &Actor, case: CaseId, answer: Answer) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let contact = reply_in(app, &mut tx, actor, case, answer).await?;
    tx.commit().await?;
    Ok(contact)
}

/// As [`reply`], within a transaction of the caller.
///
/// # Errors
///
/// [`Error::Invalid`] without a text or an address, or if others said something that the writer has not seen.
pub async fn reply_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    answer: Answer,
) -> Result<ContactId> {
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    check_text(&answer.text, &answer.attachments)?;
    check_seen(tx, actor, case, answer.seen).await?;
    if answer.then == Then::Close {
        attributes::unless_complete(tx, actor, &row).await?;
    }
    let then = answer.then;
    let (id, leaves) = write_down(app, tx, actor, &row, answer).await?;
    let taken = actor.person_id().filter(|_| row.owner.is_none());
    if taken.is_some() {
        store::set_owner(tx, case, taken, app.now()).await?;
    }
    go_on(app, tx, &row, then, leaves).await?;

    let fact = Fact::ContactWritten { contact: id, channel: Channel::Email.code().into() };
    let about = About::case(case).of(row.customer);
    journal::record(app, tx, actor, about, fact)?;
    if taken.is_some() {
        journal::record(app, tx, actor, about, Fact::CaseAssigned { to: taken, from: None })?;
    }
    if let Some(fact) = stands(then, row.status) {
        journal::record(app, tx, actor, about, fact)?;
    }
    tx.insert_now().await?;
    Ok(id)
}

/// Keeps what was written, to whom, and that the case is answered; when it leaves.
async fn write_down(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    answer: Answer,
) -> Result<(ContactId, Timestamp)> {
    let now = app.now();
    let (to, recipients) = receivers(app, tx, case, answer.to, answer.recipients).await?;
    let leaves = leaves_at(answer.at, now, writing::undo_time(tx).await?)?;
    let contact = NewContact {
        direction: Direction::Outbound,
        channel: Channel::Email,
        to_address: Some(to),
        subject: Some(case.subject.clone()),
        text: answer.text,
        html: answer.html,
        state: State::Queued,
        send_at: Some(leaves),
        automatic: answer.automatic,
        ..NewContact::of(actor, case, now)
    };
    let id = store::insert_contact(tx, contact.clone()).await?;
    store::insert_attachments(tx, id, &answer.attachments);
    store::insert_recipients(tx, id, &recipients, Progress::Queued);
    drafts::used(tx, actor, case.id, (DraftKind::Reply, answer.draft), &contact.text).await?;
    if contact.automatic {
        store::count_automatic_contact(tx, case.id, &contact.text, now).await?;
    } else {
        store::count_contact(tx, case.id, Direction::Outbound, &contact.text, now).await?;
    }
    if answer.purpose.is_optional() {
        store::set_purpose(tx, id, answer.purpose).await?;
    }
    if answer.then == Then::Keep {
        store::set_aside(tx, id).await?;
    } else {
        store::set_answered(tx, case.id, now).await?;
    }
    Ok((id, leaves))
}

/// How the case goes on after an answer that leaves then: it waits, stays open or is closed, and so do its clocks.
async fn go_on(app: &App, tx: &mut Tx, case: &Case, then: Then, leaves: Timestamp) -> Result<()> {
    let now = app.now();
    let Some(standing) = after_answer(then, now) else { return Ok(()) };
    let (waits, closes) = (then == Then::Wait, then == Then::Close);
    if closes {
        complaint::may_close(tx, case).await?;
    }
    // The undo time is not held against who answered in time.
    let leaves = if leaves <= now + UNDO { now } else { leaves };
    let turned = clocks::turn(app, tx, case, Event::Answered { leaves, waits, closes }).await?;
    let due = turned.due.filter(|_| then == Then::StayOpen);
    store::set_standing(tx, case.id, Standing { due, ..standing }, figures::today(app)).await?;
    store::set_clocks(tx, case.id, &turned.clocked).await
}

/// The fact that an answer changed how the case stands, if it did.
const fn stands(then: Then, was: Status) -> Option<Fact> {
    match (then, was) {
        (Then::Keep, _) | (Then::Wait, Status::Waiting) => None,
        (Then::Wait, _) => Some(Fact::waits(None)),
        (Then::StayOpen, _) => arrive::opens(was),
        (Then::Close, _) => Some(Fact::CaseClosed),
    }
}

/// Refuses a message that says nothing, too much, or what was to be filled in.
///
/// # Errors
///
/// [`Error::Invalid`] of `body`.
pub(super) fn check_text(text: &str, attachments: &[NewAttachment]) -> Result<()> {
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Error::invalid("body", "error-field-required"));
    }
    Error::unless_short("body", text, LONGEST_TEXT)?;
    if writing::has_hole(text) {
        return Err(Error::invalid("body", "case-placeholder-left"));
    }
    Ok(())
}

/// Refuses an answer whose writer does not know what others said since.
async fn check_seen(tx: &mut Tx, actor: &Actor, case: CaseId, seen: Option<ContactId>) -> Result<()> {
    let Some(seen) = seen else { return Ok(()) };
    let word = match store::said_since(tx, case, seen, actor.person_id()).await? {
        Some(Direction::Outbound) => "case-meanwhile-answered",
        Some(Direction::Inbound) => "case-meanwhile-wrote",
        Some(Direction::Note) => "case-meanwhile-noted",
        None => return Ok(()),
    };
    Err(Error::invalid("seen", word))
}

/// Where an answer goes: the first of its recipients, and all of them if they are several.
async fn receivers(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    to: Option<String>,
    named: Vec<Recipient>,
) -> Result<(String, Vec<Recipient>)> {
    let mut all = recipients::check(app, tx, named).await?;
    let first = to.or_else(|| all.iter().find(|one| one.place == Place::To).map(|one| one.address.clone()));
    let to = match first {
        Some(to) => to,
        None => recipient(tx, case).await?.ok_or_else(|| Error::invalid("body", "case-no-address"))?,
    };
    let folded = people::fold_email(&to);
    if all.iter().all(|one| people::fold_email(&one.address) != folded) {
        all.insert(0, Recipient { place: Place::To, name: String::new(), address: to.clone() });
    }
    if all.len() == 1 { Ok((to, Vec::new())) } else { Ok((to, all)) }
}

/// When an answer leaves that is to leave at `at`, which can be taken back for `undo`.
///
/// # Errors
///
/// [`Error::Invalid`] of `at` for a moment that has passed, or more than a year ahead.
pub(super) fn leaves_at(at: Option<Timestamp>, now: Timestamp, undo: Duration) -> Result<Timestamp> {
    let Some(at) = at else { return Ok(now + undo) };
    if at <= now {
        return Err(Error::invalid("at", "case-wait-past"));
    }
    if now + FURTHEST < at {
        return Err(Error::invalid("at", "error-date-far"));
    }
    Ok(at.max(now + undo))
}

/// How the case stands once the answer is written; `None`: as before.
const fn after_answer(then: Then, now: Timestamp) -> Option<Standing> {
    let (status, closed_at) = match then {
        Then::Wait => (Status::Waiting, None),
        Then::StayOpen => (Status::Open, None),
        Then::Close => (Status::Closed, Some(now)),
        Then::Keep => return None,
    };
    Some(Standing { status, due: None, wait_until: None, closed_at })
}

/// Whom an answer goes to: the last one who wrote and belongs here, else the customer's first address.
pub async fn recipient(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
    let last = store::last_sender(tx, case.id).await?;
    match last.filter(|address| address.contains('@')) {
        Some(address) => Ok(Some(address)),
        None => customers::email(tx, case.customer).await,
    }
}

/// Takes a written answer back, as long as it has not left: an answer is owed again, since when the customer
/// wrote. A message that was no part of the case's work leaves the case as it is.
///
/// # Errors
///
/// [`Error::Invalid`] if it is already on its way.
pub async fn withdraw(app: &App, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    journal::mark(&mut tx, Way::Undo);
    let row = with_case(&mut tx, contact).await?;
    if !store::advance(&mut tx, contact, &[State::Queued], State::Withdrawn, None).await? {
        let done = store::contact(&mut tx, contact).await?.state == State::Withdrawn;
        return Err(Error::invalid("contact", if done { "case-undo-done" } else { "case-undo-late" }));
    }
    store::uncount_contact(&mut tx, row.case, app.now()).await?;
    let mut opened = None;
    if row.talk.is_none() && !store::is_aside(&mut tx, contact).await? {
        store::forget_answered(&mut tx, row.case, row.at).await?;
        let case = store::case(&mut tx, row.case).await?;
        let since = store::last_inbound(&mut tx, row.case).await?.unwrap_or_else(|| app.now());
        let turned = clocks::turn(app, &mut tx, &case, Event::TakenBack { since }).await?;
        let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
        store::set_standing(&mut tx, row.case, standing, figures::today(app)).await?;
        store::set_clocks(&mut tx, row.case, &turned.clocked).await?;
        store::forget_complaint_end(&mut tx, row.case).await?;
        opened = arrive::opens(case.status);
    }
    let about = About::case(row.case).of(row.customer);
    for fact in [Some(Fact::ContactWithdrawn { contact }), opened].into_iter().flatten() {
        journal::record(app, &mut tx, actor, about, fact)?;
    }
    tx.commit().await?;
    Ok(row)
}

/// A contact, whose case is locked: it may just have gone into another one.
///
/// # Errors
///
/// [`Error::Stale`] if it did.
pub(super) async fn with_case(tx: &mut Tx, contact: ContactId) -> Result<Contact> {
    let case = store::contact(tx, contact).await?.case;
    dialect::lock(tx, "case", case.0).await?;
    let row = store::contact(tx, contact).await?;
    if row.case == case { Ok(row) } else { Err(Error::Stale) }
}
