//! How a case stands: its status, what it waits for, and what lists show of it.

use super::clocks::Clocked;
use crate::cases::model::{Direction, Status, snippet};
use crate::platform::{CaseId, Result, Timestamp, Tx, sql};

/// Where cases without a deadline sort: after all that have one, before those that are closed.
pub(super) const FAR: Timestamp = Timestamp(i64::MAX / 2);

/// What lists sort by: what is due first, and at the end what is closed, the newest first.
pub(super) fn sort_at(
    due: Option<Timestamp>,
    wait_until: Option<Timestamp>,
    closed: Option<Timestamp>,
) -> Timestamp {
    match closed {
        Some(closed) => Timestamp(i64::MAX - closed.0.max(0)),
        None => due.or(wait_until).unwrap_or(FAR),
    }
}

/// Shows the newest contact in lists.
pub async fn count_contact(
    tx: &mut Tx,
    case: CaseId,
    speaker: Direction,
    text: &str,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE cases SET contacts = contacts + 1, internal = internal + $5, snippet = $2, updated_at = $3, speaker = $4,
                          version = version + 1 WHERE id = $1")
    .bind(case)
    .bind(snippet(text))
    .bind(now)
    .bind(speaker)
    .bind(i64::from(speaker == Direction::Note))
    .run(tx)
    .await?;
    Ok(())
}

/// As [`count_contact`], of what a machine of the house said: lists go on quoting people, by whose words a case is
/// known, unless nobody said anything yet.
pub async fn count_automatic_contact(tx: &mut Tx, case: CaseId, text: &str, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET contacts = contacts + 1, snippet = CASE WHEN snippet = '' THEN $2 ELSE snippet END,
                          updated_at = $3, speaker = COALESCE(speaker, $4), version = version + 1 WHERE id = $1")
    .bind(case)
    .bind(snippet(text))
    .bind(now)
    .bind(Direction::Outbound)
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
    (at, today): (Timestamp, Today),
) -> Result<()> {
    let (due_from, due_at) = standing.due.unzip();
    sql("UPDATE cases SET contacts = contacts + 1, snippet = $2, status = $3,
                          own_state_id = CASE WHEN status = $3 THEN own_state_id END, due_at = $4, due_from = $5, wait_until = $6,
                          closed_at = $7, sort_at = $8, updated_at = $9, clocks = $10, due_clock = $11, soon_at = $12,
                          alarm_at = $13, speaker = $14, waits_from = NULL, reminded_at = NULL, version = version + 1,
                          reopened_at = CASE WHEN status = 'closed' AND COALESCE(closed_at, 0) < $16 THEN $15 ELSE reopened_at END
         WHERE id = $1")
    .bind(case)
    .bind(snippet(text))
    .bind(standing.status)
    .bind(due_at)
    .bind(due_from)
    .bind(standing.wait_until)
    .bind(standing.closed_at)
    .bind(sort_at(due_at, standing.wait_until, standing.closed_at))
    .bind(at)
    .bind(&clocked.kept)
    .bind(clocked.due_clock)
    .bind(clocked.soon_at)
    .bind(clocked.alarm_at)
    .bind(Direction::Inbound)
    .bind(today.now)
    .bind(today.began)
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

/// Now, and when the house's day began.
#[derive(Debug, Clone, Copy)]
pub struct Today {
    pub now: Timestamp,
    pub began: Timestamp,
}

/// Of a case that was closed on an earlier day, and is not any more or is closed anew, that moment is kept: it was not
/// left at the end of the day before, see `figures`.
pub async fn set_standing(tx: &mut Tx, case: CaseId, standing: Standing, today: Today) -> Result<()> {
    let (due_from, due_at) = standing.due.unzip();
    // What is closed has nothing to warn of.
    sql("UPDATE cases SET status = $2, own_state_id = CASE WHEN status = $2 THEN own_state_id END, due_at = $3, due_from = $4,
                          wait_until = $5, closed_at = $6, sort_at = $7, updated_at = $8, version = version + 1,
                          alarm_at = CASE WHEN $2 = 'closed' THEN NULL ELSE alarm_at END,
                          waits_from = $9, reminded_at = NULL,
                          reopened_at = CASE WHEN $6 < CAST($10 AS bigint) THEN NULL
                                             WHEN status = 'closed' AND COALESCE(closed_at, 0) < CAST($10 AS bigint) THEN $8
                                             ELSE reopened_at END WHERE id = $1")
    .bind(case)
    .bind(standing.status)
    .bind(due_at)
    .bind(due_from)
    .bind(standing.wait_until)
    .bind(standing.closed_at)
    .bind(sort_at(due_at, standing.wait_until, standing.closed_at))
    .bind(today.now)
    .bind(standing.waits_for_customer().then_some(today.now))
    .bind(today.began)
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
