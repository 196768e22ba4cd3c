//! Received mails on their way into cases: taken, put off, filed, given up.

use super::received::RECEIVED;
use crate::channels::model::Received;
use crate::platform::{CaseId, ContactId, ReceivedId, Result, Timestamp, Tx, dialect, portions, sql};

/// Is there anything to do now?
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    let due: Option<i64> =
        sql("SELECT id FROM received WHERE state = 'received' AND next_at <= $1 ORDER BY id LIMIT 1")
            .bind(now)
            .maybe_value(tx)
            .await?;
    Ok(due.is_some())
}

/// Which mails a worker takes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// In whose company no process died yet.
    None,
    /// That were in hand when a process died.
    Died,
}

/// Takes up to `limit` mails until `lease` and counts the attempt, in order of arrival.
pub async fn take(
    tx: &mut Tx,
    suspicion: Suspicion,
    node: &str,
    now: Timestamp,
    lease: Timestamp,
    limit: i64,
) -> Result<Vec<Received>> {
    let mut mails: Vec<Received> = sql("UPDATE received SET attempts = attempts + 1, node = ")
        .push_bind(node)
        .push(", next_at = ")
        .push_bind(lease)
        .push(" WHERE id IN (SELECT id FROM received WHERE state = 'received' AND next_at <= ")
        .push_bind(now)
        .push(match suspicion {
            Suspicion::None => " AND attempts = failures",
            Suspicion::Died => " AND attempts > failures",
        })
        .push(" ORDER BY id LIMIT ")
        .push_bind(limit)
        .push(dialect::skip_locked(tx.is_postgres()))
        .push(") RETURNING ")
        .push(RECEIVED)
        .all(tx)
        .await?;
    mails.sort_by_key(|mail| mail.id);
    Ok(mails)
}

/// Frees what this node had in hand when it ended.
pub async fn release(tx: &mut Tx, node: &str) -> Result<u64> {
    sql("UPDATE received SET next_at = 0, node = NULL WHERE state = 'received' AND node = $1")
        .bind(node)
        .run(tx)
        .await
}

/// How the way of a mail ended that was filed.
#[derive(Debug, Clone)]
pub struct Filed {
    pub mail: ReceivedId,
    pub reason: Option<&'static str>,
    pub case: CaseId,
    pub contact: ContactId,
}

/// Ends the way of mails that were filed; false if somebody else already did for one of them.
pub async fn finish_filed(tx: &mut Tx, filed: &[Filed]) -> Result<bool> {
    let mut changed = 0;
    for portion in portions(filed) {
        let rows = portion.iter().map(|filed| {
            vec![
                filed.mail.into(),
                filed.reason.map(str::to_owned).into(),
                filed.case.into(),
                filed.contact.into(),
            ]
        });
        changed += sql("UPDATE received SET state = 'done', reason = filed.column2, case_id = filed.column3,
                                            contact_id = filed.column4, node = NULL FROM (VALUES ")
        .push_rows(rows)
        .push(") AS filed WHERE id = filed.column1 AND state = 'received'")
        .run(tx)
        .await?;
    }
    Ok(usize::try_from(changed).is_ok_and(|changed| changed == filed.len()))
}

/// Ends the way of a mail that cannot be filed; false if somebody else already ended it.
pub async fn give_up(tx: &mut Tx, id: ReceivedId, reason: &str) -> Result<bool> {
    let changed = sql("UPDATE received SET state = 'unprocessable', reason = $2, node = NULL
         WHERE id = $1 AND state = 'received'")
    .bind(id)
    .bind(reason)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Counts one more attempt that is under way.
pub async fn count_attempt(tx: &mut Tx, id: ReceivedId) -> Result<()> {
    sql("UPDATE received SET attempts = attempts + 1 WHERE id = $1").bind(id).run(tx).await?;
    Ok(())
}

/// Takes an attempt back that ended for no fault of the mail.
pub async fn uncount(tx: &mut Tx, id: ReceivedId, now: Timestamp) -> Result<()> {
    sql("UPDATE received SET attempts = failures, next_at = $2, node = NULL WHERE id = $1 AND state = 'received'")
        .bind(id)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// The clock went back by `micros`: what is put off, or in hand, beyond `after` waits no longer than it would have.
pub async fn shift_received(tx: &mut Tx, after: Timestamp, until: Timestamp, micros: i64) -> Result<()> {
    sql("UPDATE received SET next_at = next_at - $3 WHERE state = 'received' AND next_at > $1 AND next_at <= $2")
        .bind(after)
        .bind(until)
        .bind(micros)
        .run(tx)
        .await?;
    Ok(())
}

/// Counts an orderly failure and puts the mail off.
pub async fn put_off(tx: &mut Tx, id: ReceivedId, reason: &str, until: Timestamp) -> Result<()> {
    sql("UPDATE received SET attempts = failures + 1, failures = failures + 1, reason = $2, next_at = $3, node = NULL
         WHERE id = $1 AND state = 'received'")
    .bind(id)
    .bind(reason)
    .bind(until)
    .run(tx)
    .await?;
    Ok(())
}

/// Starts over with a mail that was given up; false if it was not.
pub async fn start_over(tx: &mut Tx, id: ReceivedId) -> Result<bool> {
    let changed =
        sql("UPDATE received SET state = 'received', attempts = 0, failures = 0, next_at = 0, reason = NULL
         WHERE id = $1 AND state = 'unprocessable'")
        .bind(id)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// Starts over with up to `limit` mails after `last` that were given up; which.
pub async fn start_all_over(tx: &mut Tx, last: ReceivedId, limit: i64) -> Result<Vec<ReceivedId>> {
    sql("UPDATE received SET state = 'received', attempts = 0, failures = 0, next_at = 0, reason = NULL
         WHERE id IN (SELECT id FROM received WHERE state = 'unprocessable' AND id > $1 ORDER BY id LIMIT $2) RETURNING id")
    .bind(last)
    .bind(limit)
    .values(tx)
    .await
}
