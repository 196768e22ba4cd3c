//! Cases whose past is known when they are added: by imports, and by the example company. Nothing of it is news.

use super::alarms;
use super::attributes::CaseKind;
use super::clocks::{self, Asks, Turn};
use super::figures;
use super::hours;
use super::model::{DueClock, NewAttachment, NewContact};
use super::store::{self, NewCase, PastEnd};
use crate::journal::Fact;
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, ContactId, PersonId, Result, Timestamp, Tx};

/// Adds a case with its whole past; used by imports, which record no news of it and know nothing of clocks.
pub async fn add_history(app: &App, tx: &mut Tx, case: &NewCase) -> Result<CaseId> {
    let year = case.created_at.moment().to_zoned(app.zone()).year();
    let id = store::insert(tx, case, year).await?;
    figures::note(app, tx, id, [Some(case.created_at), case.answered_at, case.closed_at]);
    if let Some(answered) = case.answered_at.filter(|answered| case.created_at < *answered) {
        let minutes = people::queue(tx, case.queue).await?.answer_minutes;
        let (clock, from) = (DueClock::First, case.created_at);
        let end = PastEnd { clock, from, due: hours::due(app, from, minutes), at: answered };
        store::insert_past_result(tx, id, case, &end).await?;
    }
    Ok(id)
}

/// A case that was added with its past.
pub struct Past {
    pub case: CaseId,
    /// When its first answer was due, as it looked when it was opened.
    pub first_due: Option<Timestamp>,
    /// What would have been recorded of its deadlines, for whoever writes down what happened.
    pub told: Vec<(Timestamp, Fact)>,
}

/// Adds a case whose whole past is known, as commands would have left it: its clocks ran through `turns`, which are in
/// their order, and its deadline is theirs. Used by the example company; no news of it is recorded.
pub async fn add_past(
    app: &App,
    tx: &mut Tx,
    case: NewCase,
    (queue, kind): (&Queue, Option<&CaseKind>),
    turns: &[Turn],
) -> Result<Past> {
    let (customer, channel, priority) = (case.customer, case.channel, case.priority);
    let complaint = kind.is_some_and(|kind| kind.complaint);
    let asks = Asks { customer, channel, priority, kind: kind.map(|kind| kind.id), complaint };
    let course = clocks::run_through(app, tx, asks, queue, case.created_at, turns).await?;
    let case = NewCase { due: course.turned.due, ..case };
    let year = case.created_at.moment().to_zoned(app.zone()).year();
    let id = store::insert_clocked(tx, &case, year, course.turned.clocked).await?;
    figures::note(app, tx, id, [Some(case.created_at), case.answered_at, case.closed_at]);
    for end in &course.ended {
        store::insert_past_result(tx, id, &case, end).await?;
    }
    let fact = |(at, name, alarm)| Some((at, alarms::fact(name, alarm, case.queue)?));
    let told = course.told.into_iter().filter_map(fact).collect();
    Ok(Past { case: id, first_due: course.first_due, told })
}

pub async fn add_past_contact(
    tx: &mut Tx,
    contact: &NewContact,
    files: &[NewAttachment],
) -> Result<ContactId> {
    let id = store::insert_contact(tx, contact.clone()).await?;
    store::insert_attachments(tx, id, files);
    Ok(id)
}

/// As [`add_past_contact`], of what a machine of the house said beside the work.
pub async fn add_past_aside(tx: &mut Tx, contact: &NewContact) -> Result<ContactId> {
    let id = add_past_contact(tx, contact, &[]).await?;
    store::set_aside(tx, id).await?;
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

/// When `minutes` of working time have passed since `from`, for what is made up: by the usual hours.
pub fn due(app: &App, from: Timestamp, minutes: i64) -> Timestamp {
    hours::due(app, from, minutes)
}
