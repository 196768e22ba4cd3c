//! How to take back what people did.

use crate::platform::{CaseId, PersonId, Result, Timestamp, Tx, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Undo {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: Option<CaseId>,
    pub word: String,
    /// JSON of `Inverse`.
    pub inverse: String,
    pub at: Timestamp,
    pub used_at: Option<Timestamp>,
}

pub async fn insert_undo(
    tx: &mut Tx,
    person: PersonId,
    case: Option<CaseId>,
    word: &str,
    inverse: &str,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO undos (person_id, case_id, word, inverse, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(person)
        .bind(case)
        .bind(word)
        .bind(inverse)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Forgets what was done before a moment.
pub async fn forget_undos(tx: &mut Tx, before: Timestamp) -> Result<()> {
    sql("DELETE FROM undos WHERE at < $1").bind(before).run(tx).await?;
    Ok(())
}

pub async fn newest_undo(tx: &mut Tx, person: PersonId) -> Result<Option<Undo>> {
    tx.once("undo", person.0, |tx, person| Box::pin(newest_of(tx, person))).await
}

async fn newest_of(tx: &mut Tx, person: i64) -> Result<Option<Undo>> {
    sql("SELECT id, case_id, word, inverse, at, used_at FROM undos WHERE person_id = $1 ORDER BY id DESC LIMIT 1")
        .bind(person)
        .maybe(tx)
        .await
}

pub async fn undo(tx: &mut Tx, undo: i64, person: PersonId) -> Result<Option<Undo>> {
    sql("SELECT id, case_id, word, inverse, at, used_at FROM undos WHERE id = $1 AND person_id = $2")
        .bind(undo)
        .bind(person)
        .maybe(tx)
        .await
}

/// False if it was used before.
pub async fn use_undo(tx: &mut Tx, undo: i64, at: Timestamp) -> Result<bool> {
    let used = sql("UPDATE undos SET used_at = $2 WHERE id = $1 AND used_at IS NULL").bind(undo).bind(at);
    Ok(used.run(tx).await? != 0)
}

/// Takes away what was kept for a case after `before`: what is kept of it, in its order.
pub async fn take_undos(tx: &mut Tx, person: PersonId, case: CaseId, before: i64) -> Result<Vec<String>> {
    let kept: Vec<String> = sql("SELECT inverse FROM undos
                                 WHERE person_id = $1 AND case_id = $2 AND id > $3 AND used_at IS NULL ORDER BY id")
        .bind(person)
        .bind(case)
        .bind(before)
        .values(tx)
        .await?;
    sql("DELETE FROM undos WHERE person_id = $1 AND case_id = $2 AND id > $3 AND used_at IS NULL")
        .bind(person)
        .bind(case)
        .bind(before)
        .run(tx)
        .await?;
    Ok(kept)
}
