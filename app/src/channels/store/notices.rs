//! Automatic answers that belong to no case.

use crate::channels::compose::Letter;
use crate::platform::{Result, Timestamp, Tx, sql};

/// A notice that did not leave yet.
#[derive(Debug, sqlx::FromRow)]
pub struct WaitingNotice {
    pub recipient: String,
    pub sender: String,
    pub message_id: String,
    pub raw: Vec<u8>,
    pub attempts: i64,
}

/// Keeps a notice with its compressed bytes.
pub async fn add_notice(
    tx: &mut Tx,
    letter: &Letter,
    folded: &str,
    raw: Vec<u8>,
    now: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO notices (at, recipient, recipient_folded, sender, message_id, raw, attempts, state)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 'waiting') RETURNING id")
    .bind(now)
    .bind(&letter.recipient)
    .bind(folded)
    .bind(&letter.sender)
    .bind(&letter.message_id)
    .bind(raw)
    .value(tx)
    .await
}

/// How many notices this address got since `since`.
pub async fn notices_since(tx: &mut Tx, folded: &str, since: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM notices WHERE recipient_folded = $1 AND at > $2")
        .bind(folded)
        .bind(since)
        .value(tx)
        .await
}

pub async fn waiting_notice(tx: &mut Tx, id: i64) -> Result<Option<WaitingNotice>> {
    sql("SELECT recipient, sender, message_id, raw, attempts FROM notices WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .maybe(tx)
        .await
}

pub async fn put_off_notice(tx: &mut Tx, id: i64, reason: &str) -> Result<()> {
    sql("UPDATE notices SET attempts = attempts + 1, reason = $2 WHERE id = $1")
        .bind(id)
        .bind(reason)
        .run(tx)
        .await?;
    Ok(())
}

/// `state` is `sent` or `failed`.
pub async fn end_notice(tx: &mut Tx, id: i64, state: &'static str, reason: Option<&str>) -> Result<()> {
    sql("UPDATE notices SET attempts = attempts + 1, state = $2, reason = $3 WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(reason.map(str::to_owned))
        .run(tx)
        .await?;
    Ok(())
}
