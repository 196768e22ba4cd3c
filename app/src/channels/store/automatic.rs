//! Automatic mails: what left, to count it, and what was kept from leaving.

use serde::Serialize;
use utoipa::ToSchema;

use crate::channels::caps::Suppression;
use crate::platform::{CaseId, ContactId, Result, Timestamp, Tx, sql};

/// Was this contact counted, so that another attempt is not another mail?
pub async fn is_counted(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    let found: Option<i64> = sql("SELECT contact_id FROM automatic_mails WHERE contact_id = $1")
        .bind(contact)
        .maybe_value(tx)
        .await?;
    Ok(found.is_some())
}

pub async fn count_automatic(
    tx: &mut Tx,
    contact: ContactId,
    case: CaseId,
    folded: &str,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO automatic_mails (contact_id, case_id, folded, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (contact_id) DO NOTHING")
    .bind(contact)
    .bind(case)
    .bind(folded)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// How many automatic mails left for an address after `since`.
pub async fn automatic_to(tx: &mut Tx, folded: &str, since: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM automatic_mails WHERE folded = $1 AND at > $2")
        .bind(folded)
        .bind(since)
        .value(tx)
        .await
}

/// When automatic mails left in a case after `since`.
pub async fn automatic_in(tx: &mut Tx, case: CaseId, since: Timestamp) -> Result<Vec<Timestamp>> {
    sql("SELECT at FROM automatic_mails WHERE case_id = $1 AND at > $2 ORDER BY at DESC LIMIT 200")
        .bind(case)
        .bind(since)
        .values(tx)
        .await
}

/// Forgets what was counted before a moment.
pub async fn forget_automatic(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    sql("DELETE FROM automatic_mails WHERE at < $1").bind(before).run(tx).await
}

/// An automatic mail that was kept from leaving.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Suppressed {
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    #[sqlx(rename = "case_id")]
    #[serde(skip)]
    pub case: CaseId,
    pub address: String,
    pub reason: Suppression,
    pub at: Timestamp,
    /// When a person sent it anyway.
    pub released_at: Option<Timestamp>,
}

pub async fn insert_suppression(tx: &mut Tx, suppressed: &Suppressed) -> Result<()> {
    sql("INSERT INTO suppressions (contact_id, case_id, address, reason, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (contact_id) DO UPDATE SET reason = excluded.reason, at = excluded.at")
    .bind(suppressed.contact)
    .bind(suppressed.case)
    .bind(&suppressed.address)
    .bind(suppressed.reason)
    .bind(suppressed.at)
    .run(tx)
    .await?;
    Ok(())
}

/// Did a person say that it shall leave all the same?
pub async fn is_released(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT contact_id FROM suppressions WHERE contact_id = $1 AND released_at IS NOT NULL")
            .bind(contact)
            .maybe_value(tx)
            .await?;
    Ok(found.is_some())
}

pub async fn set_released(tx: &mut Tx, contact: ContactId, now: Timestamp) -> Result<()> {
    sql("UPDATE suppressions SET released_at = $2 WHERE contact_id = $1")
        .bind(contact)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// What was kept from leaving, newest first, before `cursor`.
pub async fn suppressions(
    tx: &mut Tx,
    cursor: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<Suppressed>> {
    let (at, contact) = cursor.unwrap_or((Timestamp(i64::MAX), ContactId(i64::MAX)));
    sql("SELECT contact_id, case_id, address, reason, at, released_at FROM suppressions
         WHERE (at, contact_id) < ($1, $2) ORDER BY at DESC, contact_id DESC LIMIT $3")
    .bind(at)
    .bind(contact)
    .bind(limit)
    .all(tx)
    .await
}

/// The contacts' message ids lead to another case from now on.
pub async fn move_ids(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<()> {
    sql("UPDATE messages SET case_id = $2 WHERE case_id = $1").bind(from).bind(into).run(tx).await?;
    Ok(())
}

/// The message ids of some contacts of `from` lead to `into` from now on.
pub async fn move_ids_of(tx: &mut Tx, from: CaseId, into: CaseId, contacts: &[ContactId]) -> Result<()> {
    for contact in contacts {
        sql("UPDATE messages SET case_id = $2 WHERE case_id = $1 AND contact_id = $3")
            .bind(from)
            .bind(into)
            .bind(*contact)
            .run(tx)
            .await?;
    }
    Ok(())
}
