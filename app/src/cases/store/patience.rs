//! SQL of waiting for customers.

use crate::cases::patience::Patience;
use crate::platform::{CaseId, Kept, QueueId, Result, Timestamp, Tx, sql};

static PATIENCE: Kept<Vec<Patience>> = Kept::new("patience", |tx| Box::pin(load_patience(tx)));

pub async fn patience(tx: &mut Tx) -> Result<Vec<Patience>> {
    Ok(PATIENCE.get(tx).await?.to_vec())
}

async fn load_patience(tx: &mut Tx) -> Result<Vec<Patience>> {
    sql("SELECT queue_id, active, remind_days, close_days, text_de, text_de_informal, text_en FROM queue_patience
         ORDER BY queue_id")
    .all(tx)
    .await
}

pub async fn save_patience(tx: &mut Tx, patience: &Patience) -> Result<()> {
    sql("INSERT INTO queue_patience (queue_id, active, remind_days, close_days, text_de, text_de_informal, text_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (queue_id) DO UPDATE SET active = excluded.active, remind_days = excluded.remind_days,
             close_days = excluded.close_days, text_de = excluded.text_de,
             text_de_informal = excluded.text_de_informal, text_en = excluded.text_en")
    .bind(patience.queue)
    .bind(patience.active)
    .bind(patience.remind_days)
    .bind(patience.close_days)
    .bind(patience.text_de.as_ref())
    .bind(patience.text_de_informal.as_ref())
    .bind(patience.text_en.as_ref())
    .run(tx)
    .await?;
    Ok(())
}

/// Cases of a queue whose customers have not been reminded and are waited for since `since` or before.
pub async fn to_remind(tx: &mut Tx, queue: QueueId, since: Timestamp, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE waits_from IS NOT NULL AND queue_id = $1 AND waits_from <= $2
           AND reminded_at IS NULL AND status = 'waiting' AND bin IS NULL ORDER BY waits_from LIMIT $3")
    .bind(queue)
    .bind(since)
    .bind(limit)
    .values(tx)
    .await
}

/// Those whose customers were reminded at `since` or before; of complaints those that wait since `silent` or before.
pub async fn to_close(
    tx: &mut Tx,
    queue: QueueId,
    (since, silent): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<CaseId>> {
    sql("SELECT id FROM cases WHERE waits_from IS NOT NULL AND queue_id = $1 AND waits_from <= $2
           AND reminded_at <= $2 AND status = 'waiting' AND bin IS NULL AND (NOT complaint OR waits_from <= $3)
         ORDER BY waits_from LIMIT $4")
    .bind(queue)
    .bind(since)
    .bind(silent)
    .bind(limit)
    .values(tx)
    .await
}

/// Since when a case waits for its customer, and when they were reminded.
pub async fn waits(tx: &mut Tx, case: CaseId) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    sql("SELECT waits_from, reminded_at FROM cases WHERE id = $1").bind(case).one(tx).await
}

pub async fn set_reminded(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<()> {
    sql("UPDATE cases SET reminded_at = $2 WHERE id = $1").bind(case).bind(at).run(tx).await?;
    Ok(())
}

/// The case waits for its customer again, since when it did before.
pub async fn wait_on(tx: &mut Tx, case: CaseId, from: Timestamp, reminded: Option<Timestamp>) -> Result<()> {
    sql("UPDATE cases SET waits_from = $2, reminded_at = $3 WHERE id = $1")
        .bind(case)
        .bind(from)
        .bind(reminded)
        .run(tx)
        .await?;
    Ok(())
}

/// The case waits, but not for its customer: nobody is reminded.
pub async fn forget_patience(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("UPDATE cases SET waits_from = NULL, reminded_at = NULL WHERE id = $1").bind(case).run(tx).await?;
    Ok(())
}
