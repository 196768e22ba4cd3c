//! Handing a case to another queue, another person, a department or a partner.
//!
//! The other side says yes or, with a reason, no. Until then the case stays with who hands it on: it never falls
//! between two chairs. Who can own cases takes it over by saying yes. A department or a partner does not own cases:
//! for them it waits, until their day or until they answer, and it stays with the sender all along.

mod back;

use serde::Serialize;
use utoipa::ToSchema;

pub use back::{Answered, Taken};
pub(super) use back::{ask_again, take_back, unanswer};

use super::arrive;
use super::clocks::{self, Event};
use super::figures;
use super::links::Stood;
use super::model::{Case, Status};
use super::sight;
use super::steps::{self, Before, Look, Step};
use super::store::{self, Standing};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CaseId, DepartmentId, Error, PersonId, QueueId, Result, Right, Timestamp, Tx, codes, dialect,
};

/// Characters of a reason or an answer.
const LONGEST: usize = 4000;
/// Hand-offs shown of one case.
const MOST: i64 = 200;

codes! {
    /// Where a hand-off is.
    pub enum HandoffState {
        Asked = "asked",
        /// By who cannot own the case: they are at it.
        Accepted = "accepted",
        Done = "done",
        Declined = "declined",
        Withdrawn = "withdrawn",
    }
}

/// Whom a case is handed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Queue(QueueId),
    Person(PersonId),
    Department(DepartmentId),
}

impl To {
    /// That the case is on its way there.
    const fn fact(self, handoff: i64) -> Fact {
        let (queue, person, department) = match self {
            Self::Queue(queue) => (Some(queue), None, None),
            Self::Person(person) => (None, Some(person), None),
            Self::Department(department) => (None, None, Some(department)),
        };
        Fact::CaseHandedOff { handoff, queue, person, department }
    }
}

/// A case on its way to somebody, as a page and the API show it.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Handoff {
    pub id: i64,
    #[serde(skip)]
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub number: String,
    pub subject: String,
    /// Who hands it on.
    pub sender: Option<String>,
    #[serde(skip)]
    pub to_queue: Option<QueueId>,
    #[serde(skip)]
    pub to_person: Option<PersonId>,
    #[serde(skip)]
    pub to_department: Option<DepartmentId>,
    /// The name of the queue, person or department.
    pub receiver: String,
    pub reason: String,
    pub due_at: Option<Timestamp>,
    pub at: Timestamp,
    pub state: HandoffState,
    pub answer: Option<String>,
    pub answered_by: Option<String>,
    pub answered_at: Option<Timestamp>,
}

impl Handoff {
    pub const fn is_pending(&self) -> bool {
        matches!(self.state, HandoffState::Asked | HandoffState::Accepted)
    }

    pub fn is_late(&self, now: Timestamp) -> bool {
        self.is_pending() && self.due_at.is_some_and(|due| due < now)
    }

    /// Is it for this actor to answer?
    pub fn is_for(&self, actor: &Actor) -> bool {
        let queue = self.to_queue.is_some_and(|queue| actor.queues.contains(&queue));
        let department = self.to_department.is_some_and(|to| actor.departments.contains(&to));
        queue || department || (self.to_person.is_some() && self.to_person == actor.person_id())
    }
}

/// Hands a case to somebody, with a reason and maybe a day.
///
/// # Errors
///
/// [`Error::Invalid`] without a reason, to who has it or was asked already, or for a day that has passed.
pub async fn hand_off(
    app: &App,
    actor: &Actor,
    case: CaseId,
    to: To,
    reason: &str,
    due: Option<Timestamp>,
) -> Result<i64> {
    let mut tx = app.db.write().await?;
    let handoff = hand_off_in(app, &mut tx, actor, case, (to, reason, due)).await?;
    tx.commit().await?;
    Ok(handoff)
}

/// As [`hand_off`], within a transaction of the caller.
pub async fn hand_off_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (to, reason, due): (To, &str, Option<Timestamp>),
) -> Result<i64> {
    actor.may(Right::WorkCases)?;
    Error::unless_text("reason", reason, LONGEST)?;
    if due.is_some_and(|due| due <= app.now()) {
        return Err(Error::invalid("due", "case-wait-past"));
    }
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    let owns = can_take(tx, actor, &row, to).await?;
    let look = Look::at(tx, &row).await?;
    if store::handoffs(tx, case, MOST).await?.iter().any(|one| one.is_pending() && is_to(one, to)) {
        return Err(Error::invalid("to", "case-handoff-twice"));
    }
    let person = actor.person_id();
    let handoff = store::insert_handoff(tx, case, person, to, reason.trim(), due, app.now()).await?;
    if !owns {
        // The house lets its customer wait, so their deadline goes on.
        let turned = clocks::turn(app, tx, &row, Event::Waits { for_customer: false }).await?;
        let standing =
            Standing { status: Status::Waiting, due: turned.due, wait_until: due, closed_at: None };
        store::set_standing(tx, case, standing, figures::today(app)).await?;
        store::set_clocks(tx, case, &turned.clocked).await?;
        store::forget_patience(tx, case).await?;
    }
    let about = About::case(case).of(row.customer);
    journal::record(app, tx, actor, about, to.fact(handoff))?;
    if !owns && row.status != Status::Waiting {
        let fact = Fact::CaseSetWaiting { until: due, from: None, handoff: Some(handoff) };
        journal::record(app, tx, actor, about, fact)?;
    }
    let before = if owns { None } else { Some(look.before(tx, &row).await?) };
    steps::offer(app, tx, actor, case, "case-handed-off", Step::HandOff { handoff, before }).await?;
    Ok(handoff)
}

/// Can they own the case once they say yes? Others work for it and answer.
async fn can_take(tx: &mut Tx, actor: &Actor, case: &Case, to: To) -> Result<bool> {
    let has_it = Err(Error::invalid("to", "case-handoff-same"));
    match to {
        To::Queue(queue) if queue == case.queue => has_it,
        To::Queue(queue) if actor.sight.hidden.contains(&queue) => Err(Error::NotFound),
        To::Queue(queue) => people::queue(tx, queue).await.map(|_| true),
        To::Person(person) if case.owner == Some(person) => has_it,
        To::Person(person) => {
            let person = people::person(tx, person).await?;
            if person.active {
                Ok(person.can(Right::WorkCases))
            } else {
                Err(Error::invalid("to", "case-owner-gone"))
            }
        }
        To::Department(department) => {
            let known = people::departments(tx).await?.iter().any(|one| one.id == department);
            if known { Ok(false) } else { Err(Error::NotFound) }
        }
    }
}

fn is_to(handoff: &Handoff, to: To) -> bool {
    match to {
        To::Queue(queue) => handoff.to_queue == Some(queue),
        To::Person(person) => handoff.to_person == Some(person),
        To::Department(department) => handoff.to_department == Some(department),
    }
}

/// Who handed a case on; `None` for programs.
pub async fn sender(tx: &mut Tx, handoff: i64) -> Result<Option<PersonId>> {
    store::handoff_sender(tx, handoff).await
}

/// A pending hand-off to this actor, whose case is locked.
async fn pending(tx: &mut Tx, actor: &Actor, handoff: i64) -> Result<(Handoff, Case)> {
    let asked = store::handoff(tx, handoff).await?;
    if !asked.is_for(actor) {
        return Err(Error::NotFound);
    }
    dialect::lock(tx, "case", asked.case.0).await?;
    let asked = store::handoff(tx, handoff).await?;
    if !asked.is_pending() {
        return Err(Error::Stale);
    }
    let case = super::current(tx, asked.case).await?;
    Ok((asked, case))
}

/// Says yes: who can own the case has it from now on, others are at it.
///
/// # Errors
///
/// [`Error::NotFound`] if it is not for this actor, [`Error::Stale`] if it was answered or withdrawn meanwhile.
pub async fn accept(app: &App, actor: &Actor, handoff: i64) -> Result<Handoff> {
    let mut tx = app.db.write().await?;
    let (asked, case) = pending(&mut tx, actor, handoff).await?;
    let is_work = asked.to_department.is_none() && actor.can(Right::WorkCases);
    let state = if is_work { HandoffState::Done } else { HandoffState::Accepted };
    store::answer_handoff(&mut tx, handoff, state, None, actor.person_id(), app.now()).await?;
    let about = About::case(case.id).of(case.customer);
    journal::record(app, &mut tx, actor, about, Fact::HandoffAccepted { handoff })?;
    let taken = if is_work { Some(take(app, &mut tx, actor, &asked, &case).await?) } else { None };
    let answered = Answered { handoff, was: asked.state, is: state, note: None, before: None, taken };
    offer_back(app, &mut tx, actor, &case, ("case-handoff-accepted", answered)).await?;
    tx.commit().await?;
    Ok(asked)
}

/// Who said yes has the case from now on.
async fn take(app: &App, tx: &mut Tx, actor: &Actor, asked: &Handoff, case: &Case) -> Result<Taken> {
    let about = About::case(case.id).of(case.customer);
    if let Some(queue) = asked.to_queue {
        store::set_queue(tx, case.id, queue, app.now()).await?;
        clocks::changed(app, tx, case.id).await?;
        journal::record(app, tx, actor, about, Fact::CaseMoved { queue })?;
    }
    let to = actor.person_id();
    store::set_owner(tx, case.id, to, app.now()).await?;
    journal::record(app, tx, actor, about, Fact::CaseAssigned { to, from: case.owner })?;
    Ok(Taken { was: (case.queue, case.owner), is: (asked.to_queue.unwrap_or(case.queue), to) })
}

async fn offer_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (word, answered): (&'static str, Answered),
) -> Result<()> {
    let step = Step::AnswerHandOff { answered: Box::new(answered) };
    steps::offer(app, tx, actor, case.id, word, step).await
}

/// Says no; why is a note in the case, which goes on where it is.
///
/// # Errors
///
/// As [`accept`]; [`Error::Invalid`] without a reason.
pub async fn decline(app: &App, actor: &Actor, handoff: i64, reason: &str) -> Result<Handoff> {
    end(app, actor, handoff, HandoffState::Declined, reason).await
}

/// What was asked for is done; what is to be known is a note in the case, which goes on where it is.
///
/// # Errors
///
/// As [`decline`].
pub async fn answer(app: &App, actor: &Actor, handoff: i64, text: &str) -> Result<Handoff> {
    end(app, actor, handoff, HandoffState::Done, text).await
}

async fn end(app: &App, actor: &Actor, handoff: i64, state: HandoffState, text: &str) -> Result<Handoff> {
    Error::unless_text("reason", text, LONGEST)?;
    let mut tx = app.db.write().await?;
    let (asked, case) = pending(&mut tx, actor, handoff).await?;
    let text = text.trim();
    store::answer_handoff(&mut tx, handoff, state, Some(text), actor.person_id(), app.now()).await?;
    let declined = state == HandoffState::Declined;
    let fact = if declined { Fact::HandoffDeclined { handoff } } else { Fact::HandoffAnswered { handoff } };
    journal::record(app, &mut tx, actor, About::case(case.id).of(case.customer), fact)?;
    let note = arrive::note_in(app, &mut tx, actor, case.id, text, Vec::new()).await?;
    let before = go_on(app, &mut tx, actor, &case).await?;
    let word = if declined { "case-handoff-declined" } else { "case-handoff-answered" };
    let answered = Answered { handoff, was: asked.state, is: state, note: Some(note), before, taken: None };
    offer_back(app, &mut tx, actor, &case, (word, answered)).await?;
    tx.commit().await?;
    Ok(asked)
}

/// A case that waited for others is open again: an answer is owed from now on. How it was before, if it waited.
async fn go_on(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Option<Box<Before>>> {
    if case.status != Status::Waiting {
        return Ok(None);
    }
    let look = Look::at(tx, case).await?;
    let (standing, turned) = arrive::owing(app, tx, case, app.now()).await?;
    store::set_standing(tx, case.id, standing, figures::today(app)).await?;
    store::set_clocks(tx, case.id, &turned.clocked).await?;
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), Fact::CaseWoken)?;
    Ok(Some(look.before(tx, case).await?))
}

/// Takes a hand-off back that nobody ended yet.
///
/// # Errors
///
/// [`Error::Stale`] if somebody did.
pub async fn withdraw(app: &App, actor: &Actor, handoff: i64) -> Result<Handoff> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    withdraw_in(app, &mut tx, actor, handoff).await?;
    let row = store::handoff(&mut tx, handoff).await?;
    tx.commit().await?;
    Ok(row)
}

/// As [`withdraw`], within a transaction of the caller.
async fn withdraw_in(app: &App, tx: &mut Tx, actor: &Actor, handoff: i64) -> Result<()> {
    let (row, case) = ask_no_more(app, tx, actor, handoff).await?;
    let waits = row.to_queue.is_none() && Stood::of(&case).standing().wait_until == row.due_at;
    let before = if waits { go_on(app, tx, actor, &case).await? } else { None };
    let step = Step::WithdrawHandOff { handoff, was: row.state, before };
    steps::offer(app, tx, actor, case.id, "case-handoff-withdrawn", step).await
}

/// Ends a hand-off that nobody ended yet; it, and its case, which is locked.
async fn ask_no_more(app: &App, tx: &mut Tx, actor: &Actor, handoff: i64) -> Result<(Handoff, Case)> {
    let case = store::handoff(tx, handoff).await?.case;
    dialect::lock(tx, "case", case.0).await?;
    let row = store::handoff(tx, handoff).await?;
    if !row.is_pending() {
        return Err(Error::Stale);
    }
    let case = sight::seen(tx, actor, case).await?;
    store::answer_handoff(tx, handoff, HandoffState::Withdrawn, None, actor.person_id(), app.now()).await?;
    let fact = Fact::HandoffWithdrawn { handoff };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    Ok((row, case))
}

/// The case goes into another one: nobody is asked to take it any more.
pub(super) async fn withdraw_all(app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<()> {
    for one in store::handoffs(tx, case.id, MOST).await?.iter().filter(|one| one.is_pending()) {
        store::answer_handoff(tx, one.id, HandoffState::Withdrawn, None, actor.person_id(), app.now())
            .await?;
        let fact = Fact::HandoffWithdrawn { handoff: one.id };
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    }
    Ok(())
}

/// The hand-offs of a case, the newest last.
pub async fn handoffs(tx: &mut Tx, case: CaseId) -> Result<Vec<Handoff>> {
    store::handoffs(tx, case, MOST).await
}
