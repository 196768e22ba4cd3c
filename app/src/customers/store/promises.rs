//! What customers were promised.

use crate::customers::model::{DuePromise, Promise, PromiseStand};
use crate::customers::promises::Sight;
use crate::platform::{CaseId, Column, CustomerId, PersonId, Result, Timestamp, Tx, sql};

pub const PROMISES: [Column; 1] = [("promises", "customer_id")];

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
pub async fn insert_promise(
    tx: &mut Tx,
    customer: CustomerId,
    case: Option<CaseId>,
    text: &str,
    due: Timestamp,
    kept: Option<bool>,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO promises (customer_id, case_id, text, due_at, kept, person_id, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id")
    .bind(customer)
    .bind(case)
    .bind(text)
    .bind(due)
    .bind(kept)
    .bind(person)
    .bind(at)
    .value(tx)
    .await
}

pub async fn promised(tx: &mut Tx, promise: i64) -> Result<String> {
    sql("SELECT text FROM promises WHERE id = $1").bind(promise).value(tx).await
}

/// The case that it was made in, if any, and how it stands.
pub async fn promise_stand(
    tx: &mut Tx,
    customer: CustomerId,
    promise: i64,
) -> Result<(Option<CaseId>, PromiseStand)> {
    #[derive(sqlx::FromRow)]
    struct Made {
        case_id: Option<CaseId>,
        #[sqlx(flatten)]
        stand: PromiseStand,
    }
    let made: Made =
        sql("SELECT case_id, due_at, kept, withdrawn_at FROM promises WHERE id = $1 AND customer_id = $2")
            .bind(promise)
            .bind(customer)
            .one(tx)
            .await?;
    Ok((made.case_id, made.stand))
}

pub async fn set_promise_stand(tx: &mut Tx, promise: i64, stand: PromiseStand) -> Result<()> {
    sql("UPDATE promises SET due_at = $2, kept = $3, withdrawn_at = $4 WHERE id = $1")
        .bind(promise)
        .bind(stand.due_at)
        .bind(stand.kept)
        .bind(stand.withdrawn_at)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn promises_due(
    tx: &mut Tx,
    from: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DuePromise>> {
    sql("SELECT id, case_id, person_id, due_at FROM promises
         WHERE kept IS NULL AND withdrawn_at IS NULL AND $1 < due_at AND due_at <= $2 ORDER BY due_at, id LIMIT $3")
    .bind(from)
    .bind(until)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn move_promises(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<Vec<i64>> {
    sql("UPDATE promises SET case_id = $2 WHERE case_id = $1 RETURNING id")
        .bind(from)
        .bind(into)
        .values(tx)
        .await
}

pub async fn return_promises(tx: &mut Tx, promises: &[i64], case: CaseId) -> Result<()> {
    sql("UPDATE promises SET case_id = $1 WHERE id IN ")
        .bind(case)
        .push_list(promises.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

const PROMISE: &str =
    "SELECT p.id, p.case_id, p.text, p.due_at, p.kept, people.name AS made_by, p.made_at, p.withdrawn_at
    FROM promises p LEFT JOIN people ON people.id = p.person_id WHERE p.customer_id = ";

/// All of these promises, the latest first.
pub async fn promises(tx: &mut Tx, customer: CustomerId, sight: Sight<'_>) -> Result<Vec<Promise>> {
    let all = sight(sql(PROMISE).push_bind(customer));
    all.push(" ORDER BY p.due_at DESC, p.id DESC").all(tx).await
}

/// Up to fifty that stand: those that are open, then those that ended, the latest first. What the reader may not know of
/// takes nobody's place.
pub async fn standing_promises(tx: &mut Tx, customer: CustomerId, sight: Sight<'_>) -> Result<Vec<Promise>> {
    if tx.has_none(&PROMISES, customer.0) {
        return Ok(Vec::new());
    }
    let standing = sql(PROMISE).push_bind(customer).push(" AND p.withdrawn_at IS NULL");
    sight(standing)
        .push(" ORDER BY CASE WHEN p.kept IS NULL THEN 0 ELSE 1 END, p.due_at DESC, p.id DESC LIMIT 50")
        .all(tx)
        .await
}
