//! Contacts that somebody writes down by hand: calls, visits, letters, to and from customers and prospects.
//!
//! An e-mail of ours is not only written down: it is sent as an answer is ([`super::answer`]), with its undo time. What
//! only looked as if it had been sent would reach nobody.

use super::answer::{self, Answer, Then};
use super::arrive;
use super::bins;
use super::clocks::{self, Event};
use super::model::{
    Bin, Case, Channel, Destination, Direction, Incoming, NewContact, Priority, State, Status, snippet,
};
use super::recipients::{self, Place, Recipient};
use super::sight;
use super::stand;
use super::steps::{self, Left, Step};
use super::store::{self, NewCase};
use super::undo;
use super::writing;
use crate::customers;
use crate::customers::PointKind;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::Queue;
use crate::platform::{
    Actor, App, CaseId, ContactId, CustomerId, Error, FieldError, QueueId, Result, Right, Tx,
};

/// Characters of a subject, a name or an address.
const LONGEST_LINE: usize = 200;
/// Minutes of a call or visit.
const LONGEST_TALK: i64 = 12 * 60;

/// A contact that an agent writes down: a call, a visit, a letter.
#[derive(Debug, Clone)]
pub struct Logged {
    pub channel: Channel,
    /// The customer called us, or we called them.
    pub direction: Direction,
    /// Somebody who is known.
    pub customer: Option<CustomerId>,
    /// Otherwise an e-mail address or a phone number.
    pub reach: String,
    /// For a customer who is new.
    pub name: String,
    /// Empty: the first line of the text.
    pub subject: String,
    pub text: String,
    /// An existing case of this customer; `None`: a new one.
    pub into: Option<CaseId>,
    /// Where a new case belongs; `None`: the first queue of the actor.
    pub queue: Option<QueueId>,
    /// How long it took.
    pub minutes: i64,
    /// Nothing is left to do.
    pub done: bool,
}

impl Logged {
    /// An e-mail of ours leaves; everything else was said already.
    pub fn is_sent(&self) -> bool {
        self.channel == Channel::Email && self.direction == Direction::Outbound
    }

    /// How the customer can be reached, if everything can be kept as it was written.
    fn check(&self) -> Result<PointKind> {
        let kind = if self.reach.contains('@') { PointKind::Email } else { PointKind::Phone };
        let mut errors: Vec<FieldError> =
            FieldError::of_text("text", &self.text, arrive::LONGEST_TEXT).into_iter().collect();
        let known = self.customer.is_some() || self.into.is_some();
        if !known {
            let reach = FieldError::of_text("reach", &self.reach, LONGEST_LINE);
            let wrong = reach.is_none() && !customers::is_point(kind, &self.reach);
            errors.extend(reach);
            errors.extend(wrong.then_some(FieldError { field: "reach", word: "case-reach-wrong" }));
        }
        for (field, text) in [("name", &self.name), ("subject", &self.subject)] {
            if LONGEST_LINE < text.chars().count() {
                errors.push(FieldError { field, word: "error-field-too-long" });
            }
        }
        if !(0..=LONGEST_TALK).contains(&self.minutes) {
            errors.push(FieldError { field: "minutes", word: "time-minutes-range" });
        }
        if self.is_sent() && writing::has_hole(&self.text) {
            errors.push(FieldError { field: "text", word: "case-placeholder-left" });
        }
        if errors.is_empty() { Ok(kind) } else { Err(Error::Invalid(errors)) }
    }

    fn subject(&self) -> String {
        let first = self.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        if self.subject.is_empty() { snippet(first) } else { self.subject.clone() }
    }
}

/// Writes a contact down, in a new case or in one that there is; the case's number. An e-mail of ours leaves after the
/// undo time.
///
/// # Errors
///
/// [`Error::Invalid`] for what cannot be kept as it was written, and of `reach` for an e-mail that has nowhere to go.
pub async fn log(app: &App, actor: &Actor, logged: Logged) -> Result<String> {
    actor.may(Right::WorkCases)?;
    let kind = logged.check()?;
    let mut tx = app.db.write().await?;
    let last = undo::last(&mut tx, actor).await?;
    let case = match logged.into {
        Some(case) => {
            let case = arrive::locked(&mut tx, case).await?;
            sight::check(&mut tx, actor, &case).await?;
            add_to(app, &mut tx, actor, &case, &logged).await?;
            case.id
        }
        None => open(app, &mut tx, actor, kind, &logged).await?,
    };
    if logged.minutes != 0 {
        let seconds = logged.minutes * 60;
        store::insert_time(&mut tx, case, actor.person_id(), app.now(), seconds).await?;
        journal::record(app, &mut tx, actor, About::case(case), Fact::TimeSpent { seconds })?;
    }
    // Whoever sent a mail has said with it how the case goes on.
    if logged.done && !logged.is_sent() {
        let row = store::case(&mut tx, case).await?;
        stand::close_in(app, &mut tx, actor, &row).await?;
    }
    if logged.into.is_none() && !logged.is_sent() {
        offer_trash(app, &mut tx, actor, case, last).await?;
    }
    let number = store::case(&mut tx, case).await?.number;
    tx.commit().await?;
    Ok(number)
}

/// Offers to throw a new case away, in place of what else could be taken back of it since `last`.
async fn offer_trash(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, last: i64) -> Result<()> {
    undo::forget(tx, actor, case, last).await?;
    let left = Left::of(tx, &[case]).await?;
    steps::offer(app, tx, actor, case, "case-logged", Step::Log { left }).await
}

/// The case that something was written down in goes into the trash: that it was said is never deleted.
///
/// # Errors
///
/// [`undo::late`] if anything happened in it since.
pub(super) async fn unlog(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, left: &Left) -> Result<()> {
    let elsewhere = row.bin.is_some() || (row.owner.is_some() && row.owner != actor.person_id());
    if elsewhere || !left.is_still(tx).await? {
        return Err(undo::late());
    }
    bins::put_in(app, tx, actor, row, Some(Bin::Trash)).await
}

async fn customer_of(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kind: PointKind,
    logged: &Logged,
) -> Result<CustomerId> {
    if let Some(customer) = logged.customer {
        return Ok(customers::customer(tx, customer).await?.id);
    }
    if let Some(known) = customers::by_point(tx, kind, &logged.reach).await? {
        return Ok(known);
    }
    let name = if logged.name.is_empty() { logged.reach.clone() } else { logged.name.clone() };
    let points = vec![(kind, logged.reach.clone())];
    let new = customers::NewCustomer { name, points, ..customers::NewCustomer::default() };
    customers::add(app, tx, actor, &new).await
}

async fn queue_of(tx: &mut Tx, actor: &Actor, logged: &Logged) -> Result<Queue> {
    match logged.queue.or(actor.queues.first().copied()) {
        Some(queue) if actor.sight.hidden.contains(&queue) => Err(Error::NotFound),
        Some(queue) => people::queue(tx, queue).await,
        None => people::queues(tx).await?.into_iter().next().ok_or(Error::NotFound),
    }
}

async fn open(app: &App, tx: &mut Tx, actor: &Actor, kind: PointKind, logged: &Logged) -> Result<CaseId> {
    let customer = customer_of(app, tx, actor, kind, logged).await?;
    let queue = queue_of(tx, actor, logged).await?;
    if logged.direction == Direction::Outbound {
        return open_outbound(app, tx, actor, customer, &queue, logged).await;
    }
    let incoming = incoming(app, tx, customer, logged, Destination::New(queue)).await?;
    let (case, contact) = arrive::receive(app, tx, actor, incoming).await?;
    let row = store::case(tx, case).await?;
    if let Some(person) = actor.person_id().filter(|person| row.owner != Some(*person)) {
        store::set_owner(tx, case, Some(person), app.now()).await?;
        let fact = Fact::CaseAssigned { to: Some(person), from: row.owner };
        journal::record(app, tx, actor, About::case(case).of(customer), fact)?;
    }
    spoken(app, tx, actor, (case, contact), logged).await?;
    Ok(case)
}

/// Whoever called or came by and spoke with somebody of the house has been answered; what a program notes of a call, or
/// what came on paper, still waits for that.
async fn spoken(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, contact): (CaseId, ContactId),
    logged: &Logged,
) -> Result<()> {
    let face_to_face = matches!(logged.channel, Channel::Phone | Channel::Visit);
    if !face_to_face || actor.person_id().is_none() {
        return Ok(());
    }
    store::set_heard(tx, contact).await?;
    store::set_answered(tx, case, app.now()).await?;
    let row = store::case(tx, case).await?;
    answered(app, tx, &row).await
}

/// The case of a call that we made or a mail that we write: nobody waits for an answer.
async fn open_outbound(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    customer: CustomerId,
    queue: &Queue,
    logged: &Logged,
) -> Result<CaseId> {
    let now = app.now();
    let new = NewCase {
        owner: actor.person_id(),
        status: Status::Open,
        created_at: now,
        updated_at: now,
        due: None,
        wait_until: None,
        closed_at: None,
        answered_at: Some(now),
        subject: logged.subject(),
        customer,
        queue: queue.id,
        channel: logged.channel,
        priority: Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    };
    let case = store::insert(tx, &new, now.moment().to_zoned(app.zone()).year()).await?;
    let fact = Fact::CaseOpened { queue: queue.id, channel: logged.channel.code().into() };
    journal::record(app, tx, actor, About::case(case).of(customer), fact)?;
    let case = store::case(tx, case).await?;
    say(app, tx, actor, &case, logged).await?;
    Ok(case.id)
}

/// What we say in a case: an e-mail is sent, everything else is written down.
async fn say(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, logged: &Logged) -> Result<()> {
    if logged.is_sent() {
        send(app, tx, actor, case, logged).await
    } else {
        add_outbound(app, tx, actor, case, logged).await
    }
}

/// Sends what was written as an answer is sent; it is queued until it has left.
async fn send(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, logged: &Logged) -> Result<()> {
    let typed = Some(logged.reach.clone()).filter(|reach| recipients::is_address(reach));
    let to = match typed {
        Some(address) => Some(address),
        None => answer::recipient(tx, case).await?,
    };
    let address = to.ok_or_else(|| Error::invalid("reach", "case-reach-no-email"))?;
    let named = vec![Recipient { place: Place::To, name: String::new(), address }];
    // The dialog has one field for whom it is about, whatever the part of a mail is called.
    let recipients = recipients::check(app, tx, named).await.map_err(|error| match error {
        Error::Invalid(_) => Error::invalid("reach", "recipient-own"),
        other => other,
    })?;
    let then = if logged.done { Then::Close } else { Then::Wait };
    let answer = Answer { text: logged.text.clone(), recipients, then, ..Answer::default() };
    answer::reply_in(app, tx, actor, case.id, answer).await.map(drop)
}

async fn add_to(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, logged: &Logged) -> Result<()> {
    if logged.direction == Direction::Outbound {
        return say(app, tx, actor, case, logged).await;
    }
    let incoming = incoming(app, tx, case.customer, logged, Destination::Case(case.id)).await?;
    let received = arrive::receive(app, tx, actor, incoming).await?;
    spoken(app, tx, actor, received, logged).await
}

async fn incoming(
    app: &App,
    tx: &mut Tx,
    customer: CustomerId,
    logged: &Logged,
    into: Destination,
) -> Result<Incoming> {
    let author = customers::customer(tx, customer).await?.name;
    Ok(Incoming {
        from_address: Some(logged.reach.clone()).filter(|reach| !reach.is_empty()),
        subject: logged.subject(),
        text: logged.text.clone(),
        ..Incoming::of(logged.channel, app.now(), customer, author, into)
    })
}

/// What we said, or wrote on paper: it is on its way already, so it is sent.
async fn add_outbound(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, logged: &Logged) -> Result<()> {
    let now = app.now();
    let contact = NewContact {
        direction: Direction::Outbound,
        channel: logged.channel,
        to_address: Some(logged.reach.clone()).filter(|reach| !reach.is_empty()),
        text: logged.text.clone(),
        state: State::Sent,
        ..NewContact::of(actor, case, now)
    };
    let id = store::insert_contact(tx, contact).await?;
    store::count_contact(tx, case.id, logged.direction, &logged.text, now).await?;
    store::set_answered(tx, case.id, now).await?;
    answered(app, tx, case).await?;
    let fact = Fact::ContactLogged { contact: id, channel: logged.channel.code().into() };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}

/// Who was spoken with is answered, and the clocks know it. A case that waits goes on waiting: what stood still there does
/// so still.
async fn answered(app: &App, tx: &mut Tx, case: &Case) -> Result<()> {
    if case.status == Status::Closed {
        return Ok(());
    }
    let waits = case.status == Status::Waiting && clocks::known(case)?.is_paused();
    let event = Event::Answered { leaves: app.now(), waits, closes: false };
    let turned = clocks::turn(app, tx, case, event).await?;
    store::set_clocks(tx, case.id, &turned.clocked).await?;
    store::set_due(tx, case, turned.due).await
}
