//! SQL of days that are counted, and of what is counted for them. Each statement walks an index over one day.

use std::collections::BTreeMap;

use crate::cases::figures::{Part, Unfinished};
use crate::cases::model::{Channel, DueClock};
use crate::platform::{CaseId, QueueId, Result, Table, Timestamp, Tx, sql};

/// A counted day of a part of the work.
#[derive(sqlx::FromRow)]
pub struct DayRow {
    pub day: String,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub channel: Channel,
    pub tally: String,
}

/// A clock that ended, or a case that did.
#[derive(sqlx::FromRow)]
pub struct Stretch {
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub channel: Channel,
    #[sqlx(rename = "from_at")]
    pub from: Timestamp,
    #[sqlx(rename = "until_at")]
    pub until: Timestamp,
    pub clock: DueClock,
    pub kept: bool,
}

/// The days from `from` on and before `to`.
pub async fn case_days(tx: &mut Tx, from: &str, to: &str) -> Result<Vec<DayRow>> {
    sql("SELECT day, queue_id, channel, tally FROM case_days WHERE day >= $1 AND day < $2
         ORDER BY day, queue_id, channel")
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

pub async fn insert_case_day(
    tx: &mut Tx,
    day: &str,
    queue: QueueId,
    channel: Channel,
    tally: &str,
) -> Result<()> {
    sql("INSERT INTO case_days (day, queue_id, channel, tally) VALUES ($1, $2, $3, $4)
         ON CONFLICT (day, queue_id, channel) DO UPDATE SET tally = excluded.tally")
    .bind(day)
    .bind(queue)
    .bind(channel)
    .bind(tally)
    .run(tx)
    .await?;
    Ok(())
}

/// The last day that is counted.
pub async fn days_counted(tx: &mut Tx) -> Result<Option<String>> {
    sql("SELECT day FROM case_days_counted WHERE id = 1").maybe_value(tx).await
}

pub async fn set_days_counted(tx: &mut Tx, day: &str) -> Result<()> {
    sql("INSERT INTO case_days_counted (id, day) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET day = excluded.day")
        .bind(day)
        .run(tx)
        .await?;
    Ok(())
}

/// When the first case of all was opened.
pub async fn first_opened(tx: &mut Tx) -> Result<Option<Timestamp>> {
    sql("SELECT created_at FROM cases WHERE bin IS NULL ORDER BY created_at, id LIMIT 1")
        .maybe_value(tx)
        .await
}

/// Cases that were opened.
pub async fn opened_on(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(QueueId, Channel, Timestamp)>> {
    sql("SELECT queue_id, channel, created_at FROM cases
         WHERE bin IS NULL AND NOT private AND created_at >= $1 AND created_at < $2")
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

/// Cases that were closed; `kept`: not because another one took them in. They lie in the order of lists.
pub async fn closed_on(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<Stretch>> {
    sql("SELECT queue_id, channel, created_at AS from_at, closed_at AS until_at, 'solution' AS clock, moved_to IS NULL AS kept
         FROM cases WHERE bin IS NULL AND status = 'closed' AND NOT private
         AND closed_at IS NOT NULL AND sort_at > $1 AND sort_at <= $2")
    .bind(Timestamp(i64::MAX - to.0))
    .bind(Timestamp(i64::MAX - from.0))
    .all(tx)
    .await
}

/// Clocks that ended.
pub async fn results_on(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<Stretch>> {
    sql("SELECT r.queue_id, r.channel, r.from_at, r.ended_at AS until_at, r.clock, r.kept
         FROM deadline_results r JOIN cases c ON c.id = r.case_id
         WHERE r.ended_at >= $1 AND r.ended_at < $2 AND NOT c.private AND c.bin IS NULL")
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

static LATE: Table<2> = Table { name: "case_days_late", columns: ["day", "case_id"], depth: 2 };

/// A case has something on a day that is over.
pub fn insert_late(tx: &mut Tx, day: &str, case: CaseId) {
    tx.insert_later(&LATE, [day.into(), case.into()]);
}

/// How many cases are still to be added to a day.
pub async fn late_on(tx: &mut Tx, day: &str) -> Result<i64> {
    sql("SELECT COUNT(*) FROM case_days_late WHERE day = $1").bind(day).value(tx).await
}

/// Begins to add all that are late on a day; how many. What is filed meanwhile waits for the next time.
pub async fn take_late(tx: &mut Tx, day: &str) -> Result<u64> {
    sql("UPDATE case_days_late SET counting = TRUE WHERE day = $1").bind(day).run(tx).await
}

/// Those that were taken are counted.
pub async fn forget_late(tx: &mut Tx, day: &str) -> Result<()> {
    sql("DELETE FROM case_days_late WHERE day = $1 AND counting").bind(day).run(tx).await?;
    sql("DELETE FROM case_days_grown WHERE day = $1").bind(day).run(tx).await?;
    Ok(())
}

/// The first day until `until` to which something is to be added.
pub async fn first_late(tx: &mut Tx, until: &str) -> Result<Option<String>> {
    let late: Option<String> =
        sql("SELECT MIN(day) FROM case_days_late WHERE day <= $1").bind(until).value(tx).await?;
    let grown: Option<String> =
        sql("SELECT MIN(day) FROM case_days_grown WHERE day <= $1").bind(until).value(tx).await?;
    Ok(late.into_iter().chain(grown).min())
}

/// As [`opened_on`], of the cases that were taken.
pub async fn opened_late(
    tx: &mut Tx,
    day: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(QueueId, Channel, Timestamp)>> {
    sql("SELECT c.queue_id, c.channel, c.created_at FROM case_days_late l JOIN cases c ON c.id = l.case_id
         WHERE l.day = $1 AND l.counting AND c.bin IS NULL AND NOT c.private
         AND c.created_at >= $2 AND c.created_at < $3")
    .bind(day)
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

/// As [`closed_on`], of the cases that were taken.
pub async fn closed_late(tx: &mut Tx, day: &str, from: Timestamp, to: Timestamp) -> Result<Vec<Stretch>> {
    sql("SELECT c.queue_id, c.channel, c.created_at AS from_at, c.closed_at AS until_at, 'solution' AS clock,
            c.moved_to IS NULL AS kept
         FROM case_days_late l JOIN cases c ON c.id = l.case_id
         WHERE l.day = $1 AND l.counting AND c.bin IS NULL AND NOT c.private
         AND c.status = 'closed' AND c.closed_at >= $2 AND c.closed_at < $3")
    .bind(day)
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

/// As [`results_on`], of the cases that were taken.
pub async fn results_late(tx: &mut Tx, day: &str, from: Timestamp, to: Timestamp) -> Result<Vec<Stretch>> {
    sql("SELECT r.queue_id, r.channel, r.from_at, r.ended_at AS until_at, r.clock, r.kept
         FROM case_days_late l JOIN cases c ON c.id = l.case_id JOIN deadline_results r ON r.case_id = c.id
         WHERE l.day = $1 AND l.counting AND c.bin IS NULL AND NOT c.private
         AND r.ended_at >= $2 AND r.ended_at < $3")
    .bind(day)
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

/// By how many more are unfinished from a day on than was counted.
pub async fn grown_on(tx: &mut Tx, day: &str) -> Result<Vec<(QueueId, Channel, i64)>> {
    sql("SELECT queue_id, channel, grown FROM case_days_grown WHERE day = $1").bind(day).all(tx).await
}

pub async fn add_grown(tx: &mut Tx, day: &str, queue: QueueId, channel: Channel, grown: i64) -> Result<()> {
    sql("INSERT INTO case_days_grown (day, queue_id, channel, grown) VALUES ($1, $2, $3, $4)
         ON CONFLICT (day, queue_id, channel) DO UPDATE SET grown = case_days_grown.grown + excluded.grown")
    .bind(day)
    .bind(queue)
    .bind(channel)
    .bind(grown)
    .run(tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct UnfinishedRow {
    queue_id: QueueId,
    channel: Channel,
    open: i64,
    waiting: i64,
    overdue: i64,
    unassigned: i64,
    oldest: Option<Timestamp>,
}

/// What is unfinished. Walks all cases that are not closed: little of all there ever were.
pub async fn unfinished_by_part(tx: &mut Tx, now: Timestamp) -> Result<BTreeMap<Part, Unfinished>> {
    // In two steps: SQLite would walk all cases in the order of their queues, since that is what is grouped by first.
    let rows: Vec<UnfinishedRow> = sql("WITH unfinished AS MATERIALIZED (
            SELECT queue_id, channel, status, due_at, owner_id, created_at
            FROM cases WHERE bin IS NULL AND status <> 'closed' AND NOT private)
         SELECT queue_id, channel,
            COUNT(CASE WHEN status = 'open' THEN 1 END) AS open,
            COUNT(CASE WHEN status = 'waiting' THEN 1 END) AS waiting,
            COUNT(CASE WHEN due_at < $1 THEN 1 END) AS overdue,
            COUNT(CASE WHEN owner_id IS NULL THEN 1 END) AS unassigned,
            MIN(created_at) AS oldest
         FROM unfinished GROUP BY queue_id, channel")
    .bind(now)
    .all(tx)
    .await?;
    let part = |row: UnfinishedRow| {
        let UnfinishedRow { open, waiting, overdue, unassigned, oldest, .. } = row;
        ((row.queue_id, row.channel), Unfinished { open, waiting, overdue, unassigned, oldest })
    };
    Ok(rows.into_iter().map(part).collect())
}

/// Cases that had been closed on an earlier day, and were opened again or closed anew at or after `since`.
pub async fn reopened_by_part(tx: &mut Tx, since: Timestamp) -> Result<BTreeMap<Part, i64>> {
    let rows: Vec<(QueueId, Channel, i64)> = sql("SELECT queue_id, channel, COUNT(*) FROM cases
         WHERE reopened_at >= $1 AND bin IS NULL AND NOT private GROUP BY queue_id, channel")
    .bind(since)
    .all(tx)
    .await?;
    Ok(rows.into_iter().map(|(queue, channel, count)| ((queue, channel), count)).collect())
}
