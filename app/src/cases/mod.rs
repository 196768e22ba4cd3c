//! Cases: the piece of service work that contacts belong to, from the first message to the last.
//!
//! Channels bring contacts in ([`receive`]) and take written ones out ([`claim`], [`sent`], [`failed`]); people
//! answer, note, assign, wait, close and reopen. What a customer is told leaves only after ten seconds, in which
//! it can be taken back.

mod hours;
mod model;
mod search;
mod store;
pub mod web;

use std::collections::HashMap;
use std::time::Duration;

use futures::future::BoxFuture;
pub use model::{
    Attachment, Case, Channel, Contact, Cursor, Direction, Filter, Incoming, Line, NewAttachment, NewContact,
    PastContact, Priority, State, Status, View, snippet,
};
pub use search::SEARCH;
pub use store::History;
use store::Standing;
use tokio_util::sync::CancellationToken;

use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, ContactId, CustomerId, Error, FieldError, PersonId, ProductId, QueueId, Result,
    Right, Timestamp, Tx, dialect,
};

/// How long a written answer can be taken back.
pub const UNDO: Duration = Duration::from_secs(10);
/// More at once is no measurement of one sitting.
const LONGEST_SITTING: i64 = 120;

/// Files a contact that a channel understood, and opens a case for it if it belongs to none.
pub async fn receive(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    incoming: Incoming,
) -> Result<(CaseId, ContactId)> {
    let case = match incoming.case {
        Some(case) => case,
        None => open(app, tx, actor, &incoming).await?,
    };
    dialect::lock(tx, "case", case.0).await?;
    let contact = store::insert_contact(tx, &inbound(case, &incoming)).await?;
    store::insert_attachments(tx, contact, &incoming.attachments).await?;
    store::count_contact(tx, case, &incoming.text, incoming.at).await?;
    let fact = Fact::ContactReceived { contact, channel: incoming.channel.code().into() };
    journal::record(app, tx, actor, About::case(case).of(incoming.customer), fact).await?;
    if incoming.case.is_some() && !incoming.automatic && !incoming.stranger {
        owe_answer(app, tx, actor, case, incoming.at).await?;
    }
    Ok((case, contact))
}

async fn open(app: &App, tx: &mut Tx, actor: &Actor, incoming: &Incoming) -> Result<CaseId> {
    let queue = people::queue(tx, incoming.queue).await?;
    let due = (!incoming.automatic).then(|| hours::due(app, incoming.at, queue.answer_minutes));
    let year = incoming.at.moment().to_zoned(app.zone()).year();
    let case = store::insert(tx, incoming, year, due).await?;
    let fact = Fact::CaseOpened { queue: incoming.queue, channel: incoming.channel.code().into() };
    journal::record(app, tx, actor, About::case(case).of(incoming.customer), fact).await?;
    Ok(case)
}

fn inbound(case: CaseId, incoming: &Incoming) -> NewContact {
    NewContact {
        case,
        customer: incoming.customer,
        direction: Direction::Inbound,
        channel: incoming.channel,
        at: incoming.at,
        person: None,
        author: incoming.author.clone(),
        from_address: incoming.from_address.clone(),
        to_address: incoming.to_address.clone(),
        subject: Some(incoming.subject.clone()),
        text: incoming.text.clone(),
        quoted: incoming.quoted.clone(),
        signature: incoming.signature.clone(),
        html: incoming.html.clone(),
        state: State::Received,
        send_at: None,
        automatic: incoming.automatic,
        stranger: incoming.stranger,
        received: incoming.received,
    }
}

/// The customer wrote again: the case is open, and an answer is owed unless one already was.
pub async fn owe_answer(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, at: Timestamp) -> Result<()> {
    let row = store::case(tx, case).await?;
    let queue = people::queue(tx, row.queue).await?;
    let due = match (row.due_from, row.due_at) {
        (Some(from), Some(due)) => (from, due),
        _ => (at, hours::due(app, at, queue.answer_minutes)),
    };
    let standing = Standing { status: Status::Open, due: Some(due), wait_until: None, closed_at: None };
    store::set_standing(tx, case, standing, app.now()).await?;
    if row.status == Status::Closed {
        journal::record(app, tx, actor, About::case(case).of(row.customer), Fact::CaseReopened).await?;
    }
    Ok(())
}

/// What an agent writes to the customer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub text: String,
    /// Sanitised by the caller; `None` for plain text.
    pub html: Option<String>,
    /// `None`: the customer's own address.
    pub to: Option<String>,
    pub attachments: Vec<NewAttachment>,
    pub then: Then,
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

/// Writes to the customer; it leaves after [`UNDO`].
pub async fn reply(app: &App, actor: &Actor, case: CaseId, answer: Answer) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let contact = reply_in(app, &mut tx, actor, case, answer).await?;
    tx.commit().await?;
    Ok(contact)
}

/// As [`reply`], within a transaction of the caller.
pub async fn reply_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    answer: Answer,
) -> Result<ContactId> {
    dialect::lock(tx, "case", case.0).await?;
    let row = store::case(tx, case).await?;
    if answer.text.trim().is_empty() && answer.attachments.is_empty() {
        return Err(Error::invalid("body", "error-field-required"));
    }
    let to = match answer.to {
        Some(to) => to,
        None => recipient(tx, &row).await?.ok_or_else(|| Error::invalid("body", "case-no-address"))?,
    };
    let now = app.now();
    let contact = NewContact {
        case,
        customer: row.customer,
        direction: Direction::Outbound,
        channel: Channel::Email,
        at: now,
        person: actor.person_id(),
        author: actor.name.clone(),
        from_address: None,
        to_address: Some(to),
        subject: Some(row.subject.clone()),
        text: answer.text,
        quoted: None,
        signature: None,
        html: answer.html,
        state: State::Queued,
        send_at: Some(now + UNDO),
        automatic: false,
        stranger: false,
        received: None,
    };
    let id = store::insert_contact(tx, &contact).await?;
    store::insert_attachments(tx, id, &answer.attachments).await?;
    store::count_contact(tx, case, &contact.text, now).await?;
    if answer.then == Then::Keep {
        store::set_aside(tx, id).await?;
    } else {
        store::set_answered(tx, case, now).await?;
    }
    if row.owner.is_none() && actor.person_id().is_some() {
        store::set_owner(tx, case, actor.person_id(), now).await?;
    }
    if let Some(standing) = after_answer(answer.then, now) {
        store::set_standing(tx, case, standing, now).await?;
    }
    let fact = Fact::ContactWritten { contact: id, channel: Channel::Email.code().into() };
    journal::record(app, tx, actor, About::case(case).of(row.customer), fact).await?;
    if answer.then == Then::Close {
        journal::record(app, tx, actor, About::case(case).of(row.customer), Fact::CaseClosed).await?;
    }
    Ok(id)
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
async fn recipient(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
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
/// [`Error::Stale`] if it is already on its way.
pub async fn withdraw(app: &App, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = store::contact(&mut tx, contact).await?;
    dialect::lock(&mut tx, "case", row.case.0).await?;
    if !store::advance(&mut tx, contact, &[State::Queued], State::Withdrawn, None).await? {
        return Err(Error::Stale);
    }
    if !store::is_aside(&mut tx, contact).await? {
        let case = store::case(&mut tx, row.case).await?;
        let queue = people::queue(&mut tx, case.queue).await?;
        let from = store::last_inbound(&mut tx, row.case).await?.unwrap_or_else(|| app.now());
        let due = (from, hours::due(app, from, queue.answer_minutes));
        let standing = Standing { status: Status::Open, due: Some(due), wait_until: None, closed_at: None };
        store::set_standing(&mut tx, row.case, standing, app.now()).await?;
    }
    journal::record(
        app,
        &mut tx,
        actor,
        About::case(row.case).of(row.customer),
        Fact::ContactWithdrawn { contact },
    )
    .await?;
    tx.commit().await?;
    Ok(row)
}

/// A channel takes a written contact to send it; `None` if it was taken back or already taken.
///
/// A contact that stays in [`State::Sending`] was interrupted by a crash: nobody can know whether the other
/// side has it, so [`interrupted`] decides.
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

/// A claimed contact goes back into the queue, to be tried again.
pub async fn unclaim(app: &App, contact: ContactId, reason: &str) -> Result<()> {
    let mut tx = app.db.write().await?;
    store::advance(&mut tx, contact, &[State::Sending], State::Queued, Some(reason)).await?;
    tx.commit().await
}

/// The channel delivered a contact.
pub async fn sent(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId) -> Result<()> {
    if store::advance(tx, contact, &[State::Sending, State::Queued], State::Sent, None).await? {
        let row = store::contact(tx, contact).await?;
        journal::record(
            app,
            tx,
            actor,
            About::case(row.case).of(row.customer),
            Fact::ContactSent { contact },
        )
        .await?;
    }
    Ok(())
}

/// The channel gave a contact up: the case is open again, so that somebody sees it.
pub async fn failed(app: &App, tx: &mut Tx, actor: &Actor, contact: ContactId, reason: &str) -> Result<()> {
    let from = [State::Sending, State::Queued, State::Sent];
    let case = store::contact(tx, contact).await?.case;
    dialect::lock(tx, "case", case.0).await?;
    if !store::advance(tx, contact, &from, State::Failed, Some(reason)).await? {
        return Ok(());
    }
    let row = store::contact(tx, contact).await?;
    let fact = Fact::ContactFailed { contact, permanent: true };
    journal::record(app, tx, actor, About::case(row.case).of(row.customer), fact).await?;
    owe_answer(app, tx, actor, row.case, app.now()).await
}

/// Tries a failed contact again.
pub async fn send_again(app: &App, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    if !store::advance(&mut tx, contact, &[State::Failed], State::Queued, None).await? {
        return Err(Error::Stale);
    }
    let row = store::contact(&mut tx, contact).await?;
    let fact = Fact::ContactWritten { contact, channel: row.channel.code().into() };
    journal::record(app, &mut tx, actor, About::case(row.case).of(row.customer), fact).await?;
    tx.commit().await?;
    Ok(row)
}

/// Adds an internal note; customers never see it.
pub async fn note(
    app: &App,
    actor: &Actor,
    case: CaseId,
    text: &str,
    attachments: Vec<NewAttachment>,
) -> Result<ContactId> {
    actor.may(Right::WorkCases)?;
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Error::invalid("note", "error-field-required"));
    }
    let mut tx = app.db.write().await?;
    let row = store::case(&mut tx, case).await?;
    let now = app.now();
    let contact = NewContact {
        case,
        customer: row.customer,
        direction: Direction::Note,
        channel: row.channel,
        at: now,
        person: actor.person_id(),
        author: actor.name.clone(),
        from_address: None,
        to_address: None,
        subject: None,
        text: text.trim().to_owned(),
        quoted: None,
        signature: None,
        html: None,
        state: State::Received,
        send_at: None,
        automatic: false,
        stranger: false,
        received: None,
    };
    let id = store::insert_contact(&mut tx, &contact).await?;
    store::insert_attachments(&mut tx, id, &attachments).await?;
    store::count_contact(&mut tx, case, &contact.text, now).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::NoteAdded { contact: id })
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// A contact that an agent writes down: a call, a visit, a letter.
#[derive(Debug, Clone)]
pub struct Logged {
    pub channel: Channel,
    /// An e-mail address or a phone number.
    pub reach: String,
    /// For a customer who is new.
    pub name: String,
    pub subject: String,
    pub text: String,
}

/// Opens a case for a contact that was written down by hand; its number.
pub async fn log(app: &App, actor: &Actor, logged: Logged) -> Result<String> {
    actor.may(Right::WorkCases)?;
    let mut errors = Vec::new();
    for (field, value) in [("reach", &logged.reach), ("subject", &logged.subject), ("text", &logged.text)] {
        if value.is_empty() {
            errors.push(FieldError { field, word: "error-field-required" });
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let kind =
        if logged.reach.contains('@') { customers::PointKind::Email } else { customers::PointKind::Phone };
    let mut tx = app.db.write().await?;
    let customer = if let Some(known) = customers::by_point(&mut tx, kind, &logged.reach).await? {
        known
    } else {
        let name = if logged.name.is_empty() { logged.reach.clone() } else { logged.name };
        let points = vec![(kind, logged.reach.clone())];
        let new = customers::NewCustomer { name, points, ..customers::NewCustomer::default() };
        customers::add(app, &mut tx, actor, &new).await?
    };
    let queue = match actor.queues.first() {
        Some(queue) => *queue,
        None => people::queues(&mut tx).await?.first().map(|queue| queue.id).ok_or(Error::NotFound)?,
    };
    let author = customers::customer(&mut tx, customer).await?.name;
    let incoming = Incoming {
        channel: logged.channel,
        at: app.now(),
        customer,
        author,
        from_address: Some(logged.reach),
        to_address: None,
        subject: logged.subject,
        text: logged.text,
        quoted: None,
        signature: None,
        html: None,
        case: None,
        queue,
        automatic: false,
        stranger: false,
        received: None,
        attachments: Vec::new(),
    };
    let (case, _) = receive(app, &mut tx, actor, incoming).await?;
    if let Some(person) = actor.person_id() {
        store::set_owner(&mut tx, case, Some(person), app.now()).await?;
    }
    let number = store::case(&mut tx, case).await?.number;
    tx.commit().await?;
    Ok(number)
}

/// Gives the case to somebody, or back to its queue.
pub async fn assign(app: &App, actor: &Actor, case: CaseId, to: Option<PersonId>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = store::case(&mut tx, case).await?;
    if let Some(person) = to {
        let person = people::person(&mut tx, person).await?;
        if !person.active {
            return Err(Error::invalid("owner", "case-owner-gone"));
        }
    }
    store::set_owner(&mut tx, case, to, app.now()).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::CaseAssigned { to })
        .await?;
    tx.commit().await
}

/// Moves the case to another queue; its owner is asked to let go.
pub async fn move_to(app: &App, actor: &Actor, case: CaseId, queue: QueueId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = store::case(&mut tx, case).await?;
    people::queue(&mut tx, queue).await?;
    store::set_queue(&mut tx, case, queue, app.now()).await?;
    store::set_owner(&mut tx, case, None, app.now()).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::CaseMoved { queue })
        .await?;
    tx.commit().await
}

/// Puts the case away until `until`, or until the customer writes.
pub async fn wait(app: &App, actor: &Actor, case: CaseId, until: Option<Timestamp>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    if until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let standing = Standing { status: Status::Waiting, due: None, wait_until: until, closed_at: None };
    stand(app, actor, case, standing, Fact::CaseSetWaiting { until }).await
}

/// The work is done.
pub async fn close(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let standing =
        Standing { status: Status::Closed, due: None, wait_until: None, closed_at: Some(app.now()) };
    stand(app, actor, case, standing, Fact::CaseClosed).await
}

/// The work goes on.
pub async fn reopen(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let standing = Standing { status: Status::Open, due: None, wait_until: None, closed_at: None };
    stand(app, actor, case, standing, Fact::CaseReopened).await
}

async fn stand(app: &App, actor: &Actor, case: CaseId, standing: Standing, fact: Fact) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    store::set_standing(&mut tx, case, standing, app.now()).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), fact).await?;
    tx.commit().await
}

/// Wakes waiting cases for as long as the server runs.
pub fn waker(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = wake(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot wake waiting cases");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(15)) => {}
            }
        }
    })
}

/// Opens the cases again whose waiting time is over; how many.
pub async fn wake(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let cases = store::due_to_wake(&mut tx, app.now(), 500).await?;
    drop(tx);
    let mut woken = 0;
    for case in cases {
        woken += usize::from(wake_one(app, case).await?);
    }
    Ok(woken)
}

/// Opens a case again, unless somebody did something with it since it was found.
async fn wake_one(app: &App, case: CaseId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    let Some(since) = row.wait_until.filter(|until| row.status == Status::Waiting && *until <= app.now())
    else {
        return Ok(false);
    };
    let due = Some((row.updated_at, since));
    let standing = Standing { status: Status::Open, due, wait_until: None, closed_at: None };
    store::set_standing(&mut tx, case, standing, app.now()).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, &mut tx, &Actor::kitt("cases"), about, Fact::CaseWoken).await?;
    tx.commit().await?;
    Ok(true)
}

/// Counts active seconds that an agent's page measured, at most two minutes at once.
pub async fn spend_time(app: &App, actor: &Actor, case: CaseId, seconds: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let seconds = seconds.clamp(0, LONGEST_SITTING);
    if seconds == 0 {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::insert_time(&mut tx, case, actor.person_id(), app.now(), seconds).await?;
    journal::record(app, &mut tx, actor, About::case(case), Fact::TimeSpent { seconds }).await?;
    tx.commit().await
}

/// What the findings of a case say, for lists: `signals` are kinds separated by spaces.
pub async fn show_findings(
    tx: &mut Tx,
    case: CaseId,
    documented: bool,
    signals: &str,
    product: Option<ProductId>,
) -> Result<()> {
    store::set_signals(tx, case, documented, signals, product).await
}

pub async fn case(tx: &mut Tx, case: CaseId) -> Result<Case> {
    store::case(tx, case).await
}

/// A case with the names that lists show.
pub async fn line(tx: &mut Tx, case: CaseId) -> Result<Line> {
    store::line(tx, case).await
}

/// The case with this public number.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Case> {
    store::by_number(tx, number).await?.ok_or(Error::NotFound)
}

/// The case with this public number, if there is one.
pub async fn find_number(tx: &mut Tx, number: &str) -> Result<Option<Case>> {
    store::by_number(tx, number).await
}

pub async fn list(tx: &mut Tx, filter: &Filter, cursor: Option<Cursor>, limit: i64) -> Result<Vec<Line>> {
    store::list(tx, filter, cursor, limit).await
}

pub async fn count(tx: &mut Tx, filter: &Filter, limit: i64) -> Result<i64> {
    store::count(tx, filter, limit).await
}

/// What a ready-made view shows to this actor.
pub fn filter_of(view: View, actor: &Actor) -> Filter {
    let mine = actor.person_id();
    match view {
        View::Mine => {
            Filter { status: Some(Status::Open), owner: mine.or(Some(PersonId(0))), ..Filter::default() }
        }
        View::Team => {
            Filter { status: Some(Status::Open), queues: actor.queues.clone(), ..Filter::default() }
        }
        View::Unassigned => Filter {
            status: Some(Status::Open),
            unassigned: true,
            queues: actor.queues.clone(),
            ..Filter::default()
        },
        View::Waiting => {
            Filter { status: Some(Status::Waiting), queues: actor.queues.clone(), ..Filter::default() }
        }
        View::Closed => {
            Filter { status: Some(Status::Closed), queues: actor.queues.clone(), ..Filter::default() }
        }
        View::All => Filter::default(),
    }
}

pub async fn of_customer(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<Case>> {
    store::of_customer(tx, customer, limit).await
}

/// What was said with a customer in all cases, newest first, before a moment and contact.
pub async fn contacts_of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    channel: Option<Channel>,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<PastContact>> {
    store::contacts_of_customer(tx, customer, channel, before, limit).await
}

pub async fn contact(tx: &mut Tx, contact: ContactId) -> Result<Contact> {
    store::contact(tx, contact).await
}

/// All contacts of a case, oldest first. Customers' HTML is empty here, see [`contact`].
pub async fn contacts(tx: &mut Tx, case: CaseId) -> Result<Vec<Contact>> {
    store::contacts(tx, case, None, i64::MAX).await
}

/// As [`contacts`], but the last `limit` before one of them: somebody may send thousands.
pub async fn contacts_before(
    tx: &mut Tx,
    case: CaseId,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>> {
    store::contacts(tx, case, before, limit).await
}

pub async fn attachments(tx: &mut Tx, contact: ContactId) -> Result<Vec<Attachment>> {
    store::attachments(tx, contact).await
}

/// The files of these contacts, by contact.
pub async fn attachments_of(
    tx: &mut Tx,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, Vec<Attachment>>> {
    store::attachments_of(tx, contacts).await
}

pub async fn attachment(tx: &mut Tx, attachment: i64) -> Result<Attachment> {
    store::attachment(tx, attachment).await
}

/// Does this address belong to somebody who wrote or was written to in this case?
pub async fn is_participant(tx: &mut Tx, case: CaseId, address: &str) -> Result<bool> {
    store::is_participant(tx, case, &people::fold_email(address)).await
}

/// Adds a case with its whole past; used by imports and the example company, which record no news of it.
pub async fn add_history(app: &App, tx: &mut Tx, case: &History) -> Result<CaseId> {
    let year = case.created_at.moment().to_zoned(app.zone()).year();
    store::insert_history(tx, case, year).await
}

pub async fn add_past_contact(
    tx: &mut Tx,
    contact: &NewContact,
    files: &[NewAttachment],
) -> Result<ContactId> {
    let id = store::insert_contact(tx, contact).await?;
    store::insert_attachments(tx, id, files).await?;
    Ok(id)
}

pub async fn add_past_time(
    tx: &mut Tx,
    case: CaseId,
    person: Option<PersonId>,
    at: Timestamp,
    seconds: i64,
) -> Result<()> {
    store::insert_time(tx, case, person, at, seconds).await
}

/// How many cases were opened at or after `from` and before `to`.
pub async fn opened_between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<i64> {
    store::opened_between(tx, from, to).await
}

/// When an answer that is owed since `from` is due after `minutes` of working time.
pub fn due(app: &App, from: Timestamp, minutes: i64) -> Timestamp {
    hours::due(app, from, minutes)
}
