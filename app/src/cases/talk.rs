//! Side conversations: with a supplier or a colleague, by mail, inside a case.
//!
//! Each has its own thread: answers come back into it by a signed address and never reach the customer, and nothing of
//! the customer goes out unless somebody puts it there. Deadlines are those of the customer, so an answer here ends
//! none; it only lays a case on the table again that was put away, and the clocks go on that stood still. A message
//! that is forwarded begins one, too.

use super::answer::{check_text, leaves_at, with_case};
use super::clocks::{self, Event};
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
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Right, Tx, dialect};

pub use super::store::Talk;

/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// What is said to somebody who is not the customer.
#[derive(Debug, Clone, Default)]
pub struct NewTalk {
    /// The talk it goes on with; `None` begins one.
    pub talk: Option<i64>,
    pub recipients: Vec<Recipient>,
    /// Of a new talk; empty: the case's own.
    pub subject: String,
    pub text: String,
    /// Sanitised by the caller; `None` for plain text.
    pub html: Option<String>,
    pub attachments: Vec<NewAttachment>,
    /// The contact whose files go along.
    pub with_files_of: Option<ContactId>,
    pub draft: Option<i64>,
}

/// Writes in a side conversation; it leaves after the undo time.
///
/// # Errors
///
/// [`Error::Invalid`] without a text or somebody who is written to.
pub async fn say(app: &App, actor: &Actor, case: CaseId, new: NewTalk) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    check_text(&new.text, &new.attachments)?;
    Error::unless_short("subject", &new.subject, LONGEST_SUBJECT)?;
    let receivers = receivers(app, &mut tx, new.recipients).await?;
    let talk = match new.talk {
        Some(talk) => store::talk(&mut tx, talk).await?,
        None => begin(app, &mut tx, actor, &row, new.subject.trim()).await?,
    };
    if talk.case != case {
        return Err(Error::NotFound);
    }
    let mut files = new.attachments;
    if let Some(of) = new.with_files_of {
        files.extend(files_of(&mut tx, case, of).await?);
    }
    let text = new.text.clone();
    let message = Message { text: new.text, html: new.html, receivers, files, resends: None };
    let id = write(app, &mut tx, actor, &row, &talk, message).await?;
    drafts::used(&mut tx, actor, case, (DraftKind::Talk, new.draft), &text).await?;
    tx.commit().await?;
    Ok(id)
}

/// Sends a received message on as it is, byte by byte, under its own sender (RFC 5322, 3.6.6).
///
/// # Errors
///
/// [`Error::Invalid`] of a contact that came by no mail, or without somebody to send it to.
pub async fn pass_on(app: &App, actor: &Actor, contact: ContactId, to: Vec<Recipient>) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let original = with_case(&mut tx, contact).await?;
    if original.received.is_none() {
        return Err(Error::invalid("contact", "talk-no-original"));
    }
    let case = sight::seen(&mut tx, actor, original.case).await?;
    let receivers = receivers(app, &mut tx, to).await?;
    let subject = original.subject.clone().unwrap_or_else(|| case.subject.clone());
    let talk = begin(app, &mut tx, actor, &case, &subject).await?;
    let message =
        Message { text: original.text, html: None, receivers, files: Vec::new(), resends: Some(contact) };
    let id = write(app, &mut tx, actor, &case, &talk, message).await?;
    tx.commit().await?;
    Ok(id)
}

async fn receivers(app: &App, tx: &mut Tx, named: Vec<Recipient>) -> Result<Vec<Recipient>> {
    let receivers = recipients::check(app, tx, named).await?;
    if receivers.iter().all(|one| one.place != Place::To) {
        return Err(Error::invalid("to", "error-field-required"));
    }
    Ok(receivers)
}

async fn begin(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, subject: &str) -> Result<Talk> {
    let subject = if subject.is_empty() { case.subject.clone() } else { subject.to_owned() };
    let talk = store::insert_talk(tx, case.id, &subject, actor.person_id(), app.now()).await?;
    let about = About::case(case.id).of(case.customer);
    journal::record(app, tx, actor, about, Fact::TalkBegun { talk: talk.id })?;
    Ok(talk)
}

/// The files of a contact of this case, to go along once more.
async fn files_of(tx: &mut Tx, case: CaseId, contact: ContactId) -> Result<Vec<NewAttachment>> {
    if store::contact(tx, contact).await?.case != case {
        return Err(Error::NotFound);
    }
    let files = store::attachments(tx, contact).await?;
    Ok(files.into_iter().map(NewAttachment::again).collect())
}

/// What is written in a talk.
struct Message {
    text: String,
    html: Option<String>,
    receivers: Vec<Recipient>,
    files: Vec<NewAttachment>,
    resends: Option<ContactId>,
}

async fn write(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    talk: &Talk,
    message: Message,
) -> Result<ContactId> {
    let now = app.now();
    let undo = writing::undo_time(tx).await?;
    let first = message.receivers.iter().find(|one| one.place == Place::To);
    let contact = NewContact {
        direction: Direction::Outbound,
        channel: Channel::Email,
        to_address: first.map(|one| one.address.clone()),
        subject: Some(talk.subject.clone()),
        text: message.text,
        html: message.html,
        state: State::Queued,
        send_at: Some(leaves_at(None, now, undo)?),
        talk: Some(talk.id),
        ..NewContact::of(actor, case, now)
    };
    let text = contact.text.clone();
    let id = store::insert_contact(tx, contact).await?;
    store::insert_attachments(tx, id, &message.files);
    store::insert_recipients(tx, id, &message.receivers, Progress::Queued);
    if let Some(original) = message.resends {
        store::set_resends(tx, id, original).await?;
    }
    store::count_contact(tx, case.id, Direction::Note, &text, now).await?;
    let fact = Fact::ContactWritten { contact: id, channel: Channel::Email.code().into() };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    Ok(id)
}

/// Somebody answered in a talk: a case that was put away is on the table again. Its customer still waits for what they
/// waited for, and the rest of that time goes on.
pub(super) async fn lay_before(app: &App, tx: &mut Tx, case: &Case) -> Result<()> {
    if case.status == Status::Open {
        return Ok(());
    }
    let turned = clocks::turn(app, tx, case, Event::Resumed).await?;
    let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
    store::set_standing(tx, case.id, standing, figures::today(app)).await?;
    store::set_clocks(tx, case.id, &turned.clocked).await
}

/// The side conversations of a case, the oldest first.
pub async fn talks(tx: &mut Tx, case: CaseId) -> Result<Vec<Talk>> {
    store::talks(tx, case).await
}

pub async fn talk(tx: &mut Tx, talk: i64) -> Result<Talk> {
    store::talk(tx, talk).await
}

/// The contacts of a case that belong to side conversations, with the talk of each.
pub async fn talk_contacts(tx: &mut Tx, case: CaseId) -> Result<Vec<(ContactId, i64)>> {
    store::talk_contacts(tx, case).await
}

/// Whom a talk's next message goes to: who wrote last in it, else whom it was written to.
pub fn partner(contacts: &[Contact], talk: i64) -> Option<String> {
    let last =
        contacts.iter().rev().filter(|contact| contact.talk == Some(talk)).find_map(|contact| match contact
            .direction
        {
            Direction::Inbound => contact.from_address.clone(),
            _ => contact.to_address.clone(),
        });
    last.filter(|address| recipients::is_address(address))
}
