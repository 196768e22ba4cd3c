//! Cases that open: their rows and their numbers.

use super::FIRST_NUMBER;
use super::clocks::Clocked;
use super::standing::sort_at;
use crate::cases::model::{Channel, Direction, DueClock, Priority, Status, snippet};
use crate::platform::{Arg, CaseId, CustomerId, PersonId, QueueId, Result, Table, Timestamp, Tx};

/// A row of `cases` before it has an id; imports know its whole past.
#[derive(Debug, Clone)]
pub struct NewCase {
    pub owner: Option<PersonId>,
    pub status: Status,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Since when an answer is owed, and until when.
    pub due: Option<(Timestamp, Timestamp)>,
    pub wait_until: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    pub subject: String,
    pub customer: CustomerId,
    pub queue: QueueId,
    pub channel: Channel,
    pub priority: Priority,
    pub contacts: i64,
    /// Of these, notes and side conversations.
    pub internal: i64,
    pub snippet: String,
    /// Of what is in the snippet.
    pub speaker: Option<Direction>,
}

static INSERTED: Table<29> = Table {
    name: "cases",
    columns: [
        "id",
        "documented",
        "signals",
        "active_seconds",
        "version",
        "number",
        "subject",
        "customer_id",
        "queue_id",
        "owner_id",
        "status",
        "channel",
        "priority",
        "created_at",
        "updated_at",
        "due_at",
        "due_from",
        "wait_until",
        "answered_at",
        "closed_at",
        "sort_at",
        "contacts",
        "internal",
        "snippet",
        "clocks",
        "due_clock",
        "soon_at",
        "alarm_at",
        "speaker",
    ],
    depth: 1,
};

/// Its public number is the year and the id, so that it needs no counter of its own: "26-10042".
pub async fn insert(tx: &mut Tx, case: &NewCase, year: i16) -> Result<CaseId> {
    let due_clock = if case.answered_at.is_none() { DueClock::First } else { DueClock::Next };
    let due_clock = case.due.map(|_| due_clock);
    insert_clocked(tx, case, year, Clocked { due_clock, ..Clocked::default() }).await
}

/// As [`insert`], with clocks that run from now on.
pub async fn insert_clocked(tx: &mut Tx, case: &NewCase, year: i16, clocked: Clocked) -> Result<CaseId> {
    let id = tx.next_id("cases").await?;
    let (due_from, due_at) = case.due.unzip();
    let closed = case.closed_at.filter(|_| case.status == Status::Closed);
    let row: [Arg; 29] = [
        id.into(),
        false.into(),
        "".into(),
        0_i64.into(),
        1_i64.into(),
        format!("{:02}-{}", year.rem_euclid(100), FIRST_NUMBER + id).into(),
        (&case.subject).into(),
        case.customer.into(),
        case.queue.into(),
        case.owner.into(),
        case.status.into(),
        case.channel.into(),
        case.priority.into(),
        case.created_at.into(),
        case.updated_at.into(),
        due_at.into(),
        due_from.into(),
        case.wait_until.into(),
        case.answered_at.into(),
        case.closed_at.into(),
        sort_at(due_at, case.wait_until, closed).into(),
        case.contacts.into(),
        case.internal.into(),
        snippet(&case.snippet).into(),
        clocked.kept.into(),
        clocked.due_clock.into(),
        clocked.soon_at.into(),
        clocked.alarm_at.into(),
        case.speaker.into(),
    ];
    tx.insert_later(&INSERTED, row);
    Ok(CaseId(id))
}
