//! SQL of what clocks leave behind: deadlines, alarms, results, ends of complaints.

use serde::{Deserialize, Serialize};

use super::of_case::COMPLAINT_ENDS;
use super::opening::NewCase;
use super::standing::{Standing, sort_at};
use crate::cases::model::{Case, DueClock, Priority};
use crate::platform::{Arg, CaseId, CustomerId, PersonId, Result, Table, Timestamp, Tx, sql};

/// How the clocks of a case are kept.
#[derive(Debug, Clone, Default)]
pub struct Clocked {
    /// JSON of `calendar::Clocks`.
    pub kept: String,
    pub due_clock: Option<DueClock>,
    pub soon_at: Option<Timestamp>,
    pub alarm_at: Option<Timestamp>,
}

pub async fn set_clocks(tx: &mut Tx, case: CaseId, clocked: &Clocked) -> Result<()> {
    sql("UPDATE cases SET clocks = $2, due_clock = $3, soon_at = $4, alarm_at = $5 WHERE id = $1")
        .bind(case)
        .bind(&clocked.kept)
        .bind(clocked.due_clock)
        .bind(clocked.soon_at)
        .bind(clocked.alarm_at)
        .run(tx)
        .await?;
    Ok(())
}

/// What there is to tell about the deadlines of a case is not told before a moment.
pub async fn hold_alarm(tx: &mut Tx, case: CaseId, until: Timestamp) -> Result<()> {
    sql("UPDATE cases SET alarm_at = $2 WHERE id = $1 AND alarm_at < $2")
        .bind(case)
        .bind(until)
        .run(tx)
        .await?;
    Ok(())
}

/// Only the deadline of a case changes: nothing was done in it.
pub async fn set_due(tx: &mut Tx, case: &Case, due: Option<(Timestamp, Timestamp)>) -> Result<()> {
    let (from, at) = due.unzip();
    let standing =
        Standing { status: case.status, due, wait_until: case.wait_until, closed_at: case.closed_at };
    sql("UPDATE cases SET due_at = $2, due_from = $3, sort_at = $4 WHERE id = $1")
        .bind(case.id)
        .bind(at)
        .bind(from)
        .bind(sort_at(at, standing.wait_until, standing.closed_at))
        .run(tx)
        .await?;
    Ok(())
}

/// Cases with something to tell about a deadline. Whose clocks stand still have no next alarm.
pub async fn alarming(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE alarm_at <= $1 AND status <> 'closed' AND bin IS NULL ORDER BY alarm_at LIMIT $2")
        .bind(now)
        .bind(limit)
        .values(tx)
        .await
}

/// When the next of them is to be told of after `after`.
pub async fn next_alarm(tx: &mut Tx, after: Timestamp) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(alarm_at) FROM cases WHERE alarm_at > $1 AND status <> 'closed' AND bin IS NULL")
        .bind(after)
        .value(tx)
        .await
}

/// A step of the escalation was taken.
pub async fn raise(tx: &mut Tx, case: CaseId, step: i64, priority: Option<Priority>) -> Result<()> {
    sql("UPDATE cases SET escalated = $2, priority = COALESCE($3, priority), version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(step)
        .bind(priority)
        .run(tx)
        .await?;
    Ok(())
}

/// How a clock ended.
pub struct Ended<'a> {
    pub case: &'a Case,
    pub clock: DueClock,
    pub from: Timestamp,
    pub due: Timestamp,
    pub at: Timestamp,
}

pub async fn insert_result(tx: &mut Tx, ended: &Ended<'_>) -> Result<()> {
    sql("INSERT INTO deadline_results (case_id, clock, queue_id, channel, from_at, due_at, ended_at, kept)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id, clock, from_at) DO UPDATE
         SET queue_id = excluded.queue_id, due_at = excluded.due_at, ended_at = excluded.ended_at, kept = excluded.kept")
    .bind(ended.case.id)
    .bind(ended.clock)
    .bind(ended.case.queue)
    .bind(ended.case.channel)
    .bind(ended.from)
    .bind(ended.due)
    .bind(ended.at)
    .bind(ended.at <= ended.due)
    .run(tx)
    .await?;
    Ok(())
}

static RESULTS: Table<9> = Table {
    name: "deadline_results",
    columns: ["id", "case_id", "clock", "queue_id", "channel", "from_at", "due_at", "ended_at", "kept"],
    depth: 2,
};

/// How a clock of a case with a past ended.
pub struct PastEnd {
    pub clock: DueClock,
    pub from: Timestamp,
    pub due: Timestamp,
    pub at: Timestamp,
}

pub async fn insert_past_result(tx: &mut Tx, id: CaseId, case: &NewCase, end: &PastEnd) -> Result<()> {
    let row: [Arg; 9] = [
        tx.next_id("deadline_results").await?.into(),
        id.into(),
        end.clock.into(),
        case.queue.into(),
        case.channel.into(),
        end.from.into(),
        end.due.into(),
        end.at.into(),
        (end.at <= end.due).into(),
    ];
    tx.insert_later(&RESULTS, row);
    Ok(())
}

/// It did not end after all.
pub async fn delete_result(tx: &mut Tx, case: CaseId, clock: DueClock, from: Timestamp) -> Result<()> {
    sql("DELETE FROM deadline_results WHERE case_id = $1 AND clock = $2 AND from_at = $3")
        .bind(case)
        .bind(clock)
        .bind(from)
        .run(tx)
        .await?;
    Ok(())
}

/// Cases that are not closed, in the order of their ids.
pub async fn open_after(tx: &mut Tx, after: CaseId, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE id > $1 AND status <> 'closed' ORDER BY id LIMIT $2")
        .bind(after)
        .bind(limit)
        .values(tx)
        .await
}

/// How many cases are not closed.
pub async fn working(tx: &mut Tx) -> Result<i64> {
    sql("SELECT COUNT(*) FROM cases WHERE status IN ('open', 'waiting')").value(tx).await
}

/// The cases of a customer that are not closed.
pub async fn open_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE customer_id = $1 AND status <> 'closed' ORDER BY id LIMIT 1000")
        .bind(customer)
        .values(tx)
        .await
}

pub async fn set_complaint(tx: &mut Tx, case: CaseId, complaint: bool) -> Result<()> {
    sql("UPDATE cases SET complaint = $2, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(complaint)
        .run(tx)
        .await?;
    Ok(())
}

/// How a complaint ended.
#[derive(Debug, Clone, Serialize, Deserialize, sqlx::FromRow)]
pub struct ComplaintEnd {
    pub outcome: String,
    pub note: String,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub at: Timestamp,
}

pub async fn end_complaint(tx: &mut Tx, case: CaseId, end: &ComplaintEnd) -> Result<()> {
    sql("INSERT INTO complaint_ends (case_id, outcome, note, person_id, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id) DO UPDATE
         SET outcome = excluded.outcome, note = excluded.note, person_id = excluded.person_id, at = excluded.at")
    .bind(case)
    .bind(&end.outcome)
    .bind(&end.note)
    .bind(end.person)
    .bind(end.at)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn complaint_end(tx: &mut Tx, case: CaseId) -> Result<Option<ComplaintEnd>> {
    if tx.has_none(&COMPLAINT_ENDS, case.0) {
        return Ok(None);
    }
    sql("SELECT outcome, note, person_id, at FROM complaint_ends WHERE case_id = $1")
        .bind(case)
        .maybe(tx)
        .await
}

/// It goes on.
pub async fn forget_complaint_end(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("DELETE FROM complaint_ends WHERE case_id = $1").bind(case).run(tx).await?;
    Ok(())
}

/// When the customer was written to last.
pub async fn last_outbound(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM contacts WHERE case_id = $1 AND direction = 'out' AND state <> 'withdrawn' AND NOT automatic
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// Where customers can turn who do not accept how a complaint ended, in German and English, and days of silence.
pub async fn complaint_settings(tx: &mut Tx) -> Result<Option<(String, String, i64)>> {
    sql("SELECT instance_de, instance_en, silent_days FROM complaint_settings WHERE id = 1").maybe(tx).await
}

pub async fn set_complaint_settings(tx: &mut Tx, german: &str, english: &str, days: i64) -> Result<()> {
    sql("INSERT INTO complaint_settings (id, instance_de, instance_en, silent_days) VALUES (1, $1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET instance_de = excluded.instance_de, instance_en = excluded.instance_en,
         silent_days = excluded.silent_days")
    .bind(german)
    .bind(english)
    .bind(days)
    .run(tx)
    .await?;
    Ok(())
}
