//! Written contacts on their way out.

use crate::channels::compose::Letter;
use crate::channels::model::{Outgoing, SentLine, Stage};
use crate::channels::raw::Kept;
use crate::platform::{ContactId, Result, Timestamp, Tx, sql};

/// A written contact starts on its way; a second start, after a failure, keeps its bytes.
pub async fn start_outgoing(tx: &mut Tx, contact: ContactId, next_at: Timestamp) -> Result<()> {
    sql("INSERT INTO outgoing (contact_id, state, attempts, interruptions, next_at) VALUES ($1, 'waiting', 0, 0, $2)
         ON CONFLICT (contact_id) DO UPDATE SET state = 'waiting', attempts = 0, interruptions = 0, next_at = $2,
                                                reason = NULL, ended_at = NULL")
    .bind(contact)
    .bind(next_at)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn outgoing(tx: &mut Tx, contact: ContactId) -> Result<Option<Outgoing>> {
    sql("SELECT contact_id, state, attempts, interruptions, reason, raw, blob, message_id, sender, recipient
         FROM outgoing WHERE contact_id = $1")
    .bind(contact)
    .maybe(tx)
    .await
}

/// Keeps a message as it was composed; every attempt sends these bytes.
pub async fn save_composed(tx: &mut Tx, contact: ContactId, letter: &Letter, kept: &Kept) -> Result<()> {
    sql("UPDATE outgoing SET raw = $2, blob = $3, message_id = $4, sender = $5, recipient = $6, subject = $7
         WHERE contact_id = $1")
    .bind(contact)
    .bind(kept.bytes.clone())
    .bind(kept.blob.clone())
    .bind(&letter.message_id)
    .bind(&letter.sender)
    .bind(&letter.recipient)
    .bind(&letter.subject)
    .run(tx)
    .await?;
    Ok(())
}

/// Committed right before the mail server is spoken to.
pub async fn set_handing(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE outgoing SET state = 'handing', attempts = attempts + 1 WHERE contact_id = $1")
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_waiting(tx: &mut Tx, contact: ContactId, reason: &str, next_at: Timestamp) -> Result<()> {
    sql("UPDATE outgoing SET state = 'waiting', reason = $2, next_at = $3 WHERE contact_id = $1")
        .bind(contact)
        .bind(reason)
        .bind(next_at)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn count_interruption(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE outgoing SET interruptions = interruptions + 1 WHERE contact_id = $1")
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn end_outgoing(
    tx: &mut Tx,
    contact: ContactId,
    state: Stage,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE outgoing SET state = $2, reason = $3, ended_at = $4 WHERE contact_id = $1")
        .bind(contact)
        .bind(state)
        .bind(reason)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Mails that left, newest first, before `cursor`.
pub async fn sent(tx: &mut Tx, cursor: Option<(Timestamp, ContactId)>, limit: i64) -> Result<Vec<SentLine>> {
    let (at, contact) = cursor.unwrap_or((Timestamp(i64::MAX), ContactId(i64::MAX)));
    sql("SELECT contact_id, ended_at AS at, recipient, subject FROM outgoing
         WHERE ended_at IS NOT NULL AND (ended_at, contact_id) < ($1, $2) AND state = 'sent' AND recipient IS NOT NULL
         ORDER BY ended_at DESC, contact_id DESC LIMIT $3")
    .bind(at)
    .bind(contact)
    .bind(limit)
    .all(tx)
    .await
}
