//! SQL of cases and the time spent on them; that of their contacts is in [`contacts`], of what ties cases in [`links`].

mod bins;
pub mod bulk;
mod clocks;
mod contacts;
mod drafts;
mod figures;
mod filter;
mod handoffs;
mod involved;
mod links;
mod loads;
mod marks;
mod mentions;
mod merge;
mod patience;
mod recipients;
mod relations;
mod search;
mod sight;
mod talks;
mod tasks;
mod texts;
mod time;
mod undos;
mod writing;

pub use bins::{set_bin, set_private};
pub use contacts::{
    advance, attachment, attachments, attachments_of, beginning, blobs_after, contact, contacts,
    contacts_of_customer, existing, fates, glimpses, insert_attachments, insert_contact, is_aside,
    is_participant, last_address_written_to, last_inbound, last_sender, note_sender, participants, redirect,
    said_since, set_aside, set_signature, unanswered_since, uncount_contact,
};

pub use drafts::{
    Draft, delete_draft, draft, drafts, insert_draft, insert_upload, set_discarded, take_draft, update_draft,
    upload, uploads,
};
pub use figures::{
    DayRow, case_days, closed_on, days_counted, first_opened, insert_case_day, opened_on, results_on,
    set_days_counted, unfinished_by_part,
};
pub use handoffs::{
    answer_handoff, count_handed, handed_to, handoff, handoff_sender, handoffs, insert_handoff,
};
pub use involved::{add_person, involved, remove_person};
pub use links::{Link, followers, insert_link, links};
pub use loads::{held_by, loads};
pub use marks::{accept_sender, count_from, last_from, set_purpose, set_reason, set_unanswerable, subjects};
pub use mentions::{Mention, called_into, follow_case, insert_mention, mentions_of, see_mentions};
pub use merge::{
    Merge, clear_moved, contacts_in, delete_merge, family, insert_merge, last_contact, merge, merges_into,
    move_along, move_along_back, move_contacts, move_some, moved_back, set_customer_of, set_moved, show_last,
    unfinished,
};
pub use patience::{forget_patience, patience, save_patience, set_reminded, to_close, to_remind, waits};
pub use recipients::{
    addresses_of_case, fail_recipients, insert_recipients, recipients, requeue_recipients, set_progress,
};
pub use relations::{RelationRow, delete_relation, insert_relation, open_children, parents, relations};
pub use search::{FileText, Said, Searched, file_texts_of, ids_below, ids_of_customer, said, searched};
pub use sight::{
    Name, cases_of, is_any_private, is_named, is_named_on_veiled, named_by, people_of, places, seen_of,
    veiled,
};
pub use talks::{Talk, insert_talk, set_resends, talk, talk_contacts, talks};
pub use tasks::{
    checklist, checklists, count_tasks_of, delete_task, insert_task, save_checklist, set_task_done, task,
    task_person, tasks, tasks_due, tasks_of, update_task,
};
pub use texts::{
    FileTexts, Unread, UnreadableFile, claim_unread, file_counts, give_up_reading, is_reading, keep_text,
    set_read, unread, unreadable,
};
pub use time::{insert_time, time_of};
pub use undos::{forget_undos, insert_undo, newest_undo, take_undos, undo, use_undo};
pub use writing::{set_undo, undo_seconds};

pub use clocks::{
    Clocked, Ended, alarming, complaint_end, complaint_settings, delete_result, end_complaint,
    forget_complaint_end, insert_past_result, insert_result, last_outbound, open_after, open_of, raise,
    set_clocks, set_complaint, set_complaint_settings, set_due, working,
};

use super::filter::{Eyes, Filter, Sort};
use super::model::{Case, Channel, Cursor, Direction, DueClock, Line, Priority, Status, snippet};
use crate::platform::{
    Actor, Arg, CaseId, CustomerId, PersonId, ProductId, QueueId, Result, Sql, Table, Timestamp, Tx,
    portions, sql,
};
pub use filter::time;
use filter::{in_sight, narrow};

/// Where cases without a deadline sort: after all that have one, before those that are closed.
const FAR: Timestamp = Timestamp(i64::MAX / 2);

/// What lists sort by: what is due first, and at the end what is closed, the newest first.
fn sort_at(due: Option<Timestamp>, wait_until: Option<Timestamp>, closed: Option<Timestamp>) -> Timestamp {
    match closed {
        Some(closed) => Timestamp(i64::MAX - closed.0.max(0)),
        None => due.or(wait_until).unwrap_or(FAR),
    }
}

/// The first case's number is one above.
const FIRST_NUMBER: i64 = 10_000;

const CASE: &str = "c.id, c.number, c.subject, c.customer_id, c.queue_id, c.owner_id, c.status, c.channel, c.priority,
    c.created_at, c.updated_at, c.due_at, c.due_from, c.wait_until, c.closed_at, c.contacts, c.snippet, c.documented,
    c.signals, c.product_id, c.active_seconds, c.version, c.moved_to, c.suspicious,
    c.private, c.bin, c.kind_id, c.own_state_id, c.speaker,
    c.due_clock, c.soon_at, c.clocks, c.escalated, c.complaint";

pub async fn case(tx: &mut Tx, case: CaseId) -> Result<Case> {
    sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.id = ").push_bind(case).one(tx).await
}

pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Case>> {
    sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.number = ").push_bind(number).maybe(tx).await
}

/// Cases whose number ends with these digits, the newest first.
pub async fn by_digits(tx: &mut Tx, number: i64, limit: i64) -> Result<Vec<Case>> {
    sql("SELECT ")
        .push(CASE)
        .push(" FROM cases c WHERE c.id = ")
        .push_bind(number - FIRST_NUMBER)
        .push(" LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

pub async fn by_numbers(tx: &mut Tx, numbers: &[String]) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    for numbers in portions(numbers) {
        let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.number IN ");
        cases.extend::<Vec<Case>>(statement.push_list(numbers.iter().cloned()).all(tx).await?);
    }
    Ok(cases)
}

pub async fn some(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    for ids in portions(ids) {
        let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.id IN ");
        cases.extend::<Vec<Case>>(statement.push_list(ids.iter().copied()).all(tx).await?);
    }
    Ok(cases)
}

const LINE: &str =
    ", c.sort_at, customers.name AS customer_name, queues.name AS queue_name, people.name AS owner_name
    FROM cases c
    JOIN customers ON customers.id = c.customer_id
    JOIN queues ON queues.id = c.queue_id
    LEFT JOIN people ON people.id = c.owner_id ";

pub async fn line(tx: &mut Tx, case: CaseId) -> Result<Line> {
    sql("SELECT ").push(CASE).push(LINE).push(" WHERE c.id = ").push_bind(case).one(tx).await
}

/// What an order compares, and how it goes on. Indexes have the same expression for the priority.
const fn order(sort: Sort) -> (&'static str, &'static str, &'static str) {
    match sort {
        Sort::Due => ("(c.sort_at, c.id)", " > ", " ORDER BY c.sort_at, c.id"),
        Sort::Newest => ("(c.created_at, c.id)", " < ", " ORDER BY c.created_at DESC, c.id DESC"),
        Sort::Oldest => ("(c.created_at, c.id)", " > ", " ORDER BY c.created_at, c.id"),
        Sort::Updated => ("(c.updated_at, c.id)", " < ", " ORDER BY c.updated_at DESC, c.id DESC"),
        Sort::Quiet => ("(c.updated_at, c.id)", " > ", " ORDER BY c.updated_at, c.id"),
        Sort::Priority => (
            "((CASE c.priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END), c.sort_at, c.id)",
            " > ",
            " ORDER BY (CASE c.priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END),
                       c.sort_at, c.id",
        ),
    }
}

/// A page of a list.
pub async fn list(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    sort: Sort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Line>> {
    let statement = sql("SELECT ").push(CASE).push(LINE).push(" WHERE TRUE");
    walk(narrow(statement, filter, eyes), sort, cursor, limit).all(tx).await
}

/// As [`list`] in the order of what is due, the ids only, with what they sort by.
pub async fn list_ids(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<(Timestamp, CaseId)>> {
    let statement = narrow(sql("SELECT c.sort_at, c.id FROM cases c WHERE TRUE"), filter, eyes);
    walk(statement, Sort::Due, cursor, limit).all(tx).await
}

/// Those of these cases that `filter` finds.
pub async fn matching(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cases: &[CaseId],
) -> Result<Vec<CaseId>> {
    let mut found = Vec::new();
    for portion in portions(cases) {
        let statement = sql("SELECT c.id FROM cases c WHERE c.id IN ").push_list(portion.iter().copied());
        found.extend::<Vec<CaseId>>(narrow(statement, filter, eyes).values(tx).await?);
    }
    Ok(found)
}

fn walk(mut statement: Sql, sort: Sort, cursor: Option<&Cursor>, limit: i64) -> Sql {
    let (compared, goes_on, order) = order(sort);
    if let Some(Cursor(last)) = cursor {
        statement = statement.push(" AND ").push(compared).push(goes_on).push_list(last.iter().copied());
    }
    statement.push(order).push(" LIMIT ").push_bind(limit)
}

/// How many cases `filter` finds, counted up to `limit` so that a page's head costs the same with a million.
pub async fn count(tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter, limit: i64) -> Result<i64> {
    let statement = sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM cases c WHERE TRUE");
    narrow(statement, filter, eyes).push(" LIMIT ").push_bind(limit).push(") AS found").value(tx).await
}

/// Are there private cases at all?
pub async fn any_private(tx: &mut Tx) -> Result<bool> {
    let found: Option<CaseId> = sql("SELECT id FROM cases WHERE private LIMIT 1").maybe_value(tx).await?;
    Ok(found.is_some())
}

/// The newest cases of a customer.
pub async fn of_customer(tx: &mut Tx, actor: &Actor, customer: CustomerId, limit: i64) -> Result<Vec<Case>> {
    let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.bin IS NULL AND c.customer_id = ");
    in_sight(statement.push_bind(customer), actor)
        .push(" ORDER BY c.created_at DESC, c.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// Shows the newest contact in lists.
pub async fn count_contact(
    tx: &mut Tx,
    case: CaseId,
    speaker: Direction,
    text: &str,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE cases SET contacts = contacts + 1, snippet = $2, updated_at = $3, speaker = $4, version = version + 1
         WHERE id = $1")
    .bind(case)
    .bind(snippet(text))
    .bind(now)
    .bind(speaker)
    .run(tx)
    .await?;
    Ok(())
}

/// As [`count_contact`], of a customer's contact to which an answer is owed.
pub async fn count_owed_contact(
    tx: &mut Tx,
    case: CaseId,
    text: &str,
    standing: Standing,
    clocked: &Clocked,
    now: Timestamp,
) -> Result<()> {
    let (due_from, due_at) = standing.due.unzip();
    sql("UPDATE cases SET contacts = contacts + 1, snippet = $2, status = $3,
                          own_state_id = CASE WHEN status = $3 THEN own_state_id END, due_at = $4, due_from = $5, wait_until = $6,
                          closed_at = $7, sort_at = $8, updated_at = $9, clocks = $10, due_clock = $11, soon_at = $12,
                          alarm_at = $13, speaker = $14, waits_from = NULL, reminded_at = NULL, version = version + 1 WHERE id = $1")
    .bind(case)
    .bind(snippet(text))
    .bind(standing.status)
    .bind(due_at)
    .bind(due_from)
    .bind(standing.wait_until)
    .bind(standing.closed_at)
    .bind(sort_at(due_at, standing.wait_until, standing.closed_at))
    .bind(now)
    .bind(&clocked.kept)
    .bind(clocked.due_clock)
    .bind(clocked.soon_at)
    .bind(clocked.alarm_at)
    .bind(Direction::Inbound)
    .run(tx)
    .await?;
    Ok(())
}

/// What changes together when a case moves between its states. A state of the house's own lasts as long as what it
/// means, see [`set_standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    pub due: Option<(Timestamp, Timestamp)>,
    pub wait_until: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

impl Standing {
    /// Until the customer writes, however long that takes.
    fn waits_for_customer(self) -> bool {
        self.status == Status::Waiting && self.wait_until.is_none()
    }
}

pub async fn set_standing(tx: &mut Tx, case: CaseId, standing: Standing, now: Timestamp) -> Result<()> {
    let (due_from, due_at) = standing.due.unzip();
    // What is closed has nothing to warn of.
    sql("UPDATE cases SET status = $2, own_state_id = CASE WHEN status = $2 THEN own_state_id END, due_at = $3, due_from = $4,
                          wait_until = $5, closed_at = $6, sort_at = $7, updated_at = $8, version = version + 1,
                          alarm_at = CASE WHEN $2 = 'closed' THEN NULL ELSE alarm_at END,
                          waits_from = $9, reminded_at = NULL WHERE id = $1")
    .bind(case)
    .bind(standing.status)
    .bind(due_at)
    .bind(due_from)
    .bind(standing.wait_until)
    .bind(standing.closed_at)
    .bind(sort_at(due_at, standing.wait_until, standing.closed_at))
    .bind(now)
    .bind(standing.waits_for_customer().then_some(now))
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_owner(tx: &mut Tx, case: CaseId, owner: Option<PersonId>, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET owner_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(owner)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_queue(tx: &mut Tx, case: CaseId, queue: QueueId, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET queue_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(queue)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_signals(
    tx: &mut Tx,
    case: CaseId,
    documented: bool,
    signals: &str,
    product: Option<ProductId>,
) -> Result<()> {
    sql("UPDATE cases SET documented = $2, signals = $3, product_id = COALESCE($4, product_id), version = version + 1
         WHERE id = $1")
    .bind(case)
    .bind(documented)
    .bind(signals)
    .bind(product)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_answered(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<()> {
    sql("UPDATE cases SET answered_at = COALESCE(answered_at, $2) WHERE id = $1")
        .bind(case)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Waiting cases whose time has come.
pub async fn due_to_wake(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE wait_until <= $1 AND status = 'waiting' AND bin IS NULL ORDER BY wait_until LIMIT $2")
        .bind(now)
        .bind(limit)
        .values(tx)
        .await
}

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
    pub snippet: String,
    /// Of what is in the snippet.
    pub speaker: Option<Direction>,
}

static INSERTED: Table<28> = Table {
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
    let row: [Arg; 28] = [
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

pub async fn any(tx: &mut Tx) -> Result<bool> {
    Ok(sql("SELECT 1 FROM cases LIMIT 1").maybe_value::<i64>(tx).await?.is_some())
}

pub async fn opened_between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM cases WHERE bin IS NULL AND created_at >= $1 AND created_at < $2")
        .bind(from)
        .bind(to)
        .value(tx)
        .await
}
