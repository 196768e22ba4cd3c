//! SQL of templates of cases that come again.

use serde::{Deserialize, Serialize};

use super::model::{Draft, Recurring, Unit};
use crate::platform::{CaseId, CustomerId, Error, PersonId, QueueId, Result, Sql, Timestamp, Tx, sql};

const RECURRING: &str =
    "SELECT r.id, r.subject, r.text, r.customer_id, customers.name AS customer_name, r.internal, r.queue_id,
    r.owner_id, r.checklist_id, r.every, r.unit, r.first_day, r.minute, r.next_at, r.paused, r.last_case,
    cases.number AS last_number
    FROM recurring_cases r JOIN customers ON customers.id = r.customer_id
    LEFT JOIN cases ON cases.id = r.last_case ";

pub async fn all(tx: &mut Tx) -> Result<Vec<Recurring>> {
    sql(RECURRING).push("ORDER BY r.paused, r.next_at, r.id").all(tx).await
}

pub async fn one(tx: &mut Tx, recurring: i64) -> Result<Recurring> {
    sql(RECURRING).push("WHERE r.id = ").push_bind(recurring).one(tx).await
}

/// Templates whose day has come.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT id FROM recurring_cases WHERE next_at <= $1 AND NOT paused ORDER BY next_at LIMIT $2")
        .bind(now)
        .bind(limit)
        .values(tx)
        .await
}

/// The customer who stands for the house, once there was a case for it.
pub async fn house(tx: &mut Tx) -> Result<Option<CustomerId>> {
    sql("SELECT customer_id FROM recurring_cases WHERE internal ORDER BY id LIMIT 1").maybe_value(tx).await
}

fn minute(draft: &Draft) -> i64 {
    i64::from(draft.rhythm.time.hour()) * 60 + i64::from(draft.rhythm.time.minute())
}

/// Binds what a person decides about a template, in the order in which both statements name it.
fn with(statement: Sql, draft: &Draft, customer: CustomerId, next: Timestamp) -> Sql {
    statement
        .bind(draft.subject.trim())
        .bind(draft.text.trim())
        .bind(customer)
        .bind(draft.customer.is_none())
        .bind(draft.queue)
        .bind(draft.owner)
        .bind(draft.checklist)
        .bind(draft.rhythm.every)
        .bind(draft.rhythm.unit)
        .bind(draft.rhythm.first.to_string())
        .bind(minute(draft))
        .bind(next)
}

pub async fn insert(tx: &mut Tx, draft: &Draft, customer: CustomerId, next: Timestamp) -> Result<i64> {
    let insert = sql(
        "INSERT INTO recurring_cases (subject, text, customer_id, internal, queue_id, owner_id, checklist_id,
                                      every, unit, first_day, minute, next_at, paused, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, FALSE, 1) RETURNING id",
    );
    with(insert, draft, customer, next).value(tx).await
}

pub async fn update(
    tx: &mut Tx,
    recurring: i64,
    draft: &Draft,
    customer: CustomerId,
    next: Timestamp,
) -> Result<()> {
    let update = sql("UPDATE recurring_cases SET subject = $1, text = $2, customer_id = $3, internal = $4,
             queue_id = $5, owner_id = $6, checklist_id = $7, every = $8, unit = $9, first_day = $10, minute = $11, next_at = $12,
             version = version + 1 WHERE id = $13");
    let changed = with(update, draft, customer, next).bind(recurring).run(tx).await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn set_next(tx: &mut Tx, recurring: i64, next: Timestamp, paused: bool) -> Result<()> {
    sql("UPDATE recurring_cases SET next_at = $2, paused = $3, version = version + 1 WHERE id = $1")
        .bind(recurring)
        .bind(next)
        .bind(paused)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_opened(tx: &mut Tx, recurring: i64, case: CaseId, next: Timestamp) -> Result<()> {
    sql("UPDATE recurring_cases SET next_at = $2, last_case = $3, version = version + 1 WHERE id = $1")
        .bind(recurring)
        .bind(next)
        .bind(case)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, recurring: i64) -> Result<()> {
    let deleted = sql("DELETE FROM recurring_cases WHERE id = $1").bind(recurring).run(tx).await?;
    if deleted == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// A template with all that is needed to bring it back.
#[derive(Debug, Clone, Serialize, Deserialize, sqlx::FromRow)]
pub struct Kept {
    id: i64,
    subject: String,
    text: String,
    #[sqlx(rename = "customer_id")]
    customer: CustomerId,
    internal: bool,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    #[sqlx(rename = "owner_id")]
    owner: Option<PersonId>,
    #[sqlx(rename = "checklist_id")]
    checklist: Option<i64>,
    every: i64,
    unit: Unit,
    first_day: String,
    minute: i64,
    next_at: Timestamp,
    paused: bool,
    last_case: Option<CaseId>,
    pub version: i64,
}

impl Kept {
    /// Binds all of it but its last case and version, in the order in which both statements name it.
    fn bound(&self, statement: Sql) -> Sql {
        statement
            .bind(self.id)
            .bind(&self.subject)
            .bind(&self.text)
            .bind(self.customer)
            .bind(self.internal)
            .bind(self.queue)
            .bind(self.owner)
            .bind(self.checklist)
            .bind(self.every)
            .bind(self.unit)
            .bind(&self.first_day)
            .bind(self.minute)
            .bind(self.next_at)
            .bind(self.paused)
    }
}

pub async fn kept(tx: &mut Tx, recurring: i64) -> Result<Option<Kept>> {
    sql("SELECT id, subject, text, customer_id, internal, queue_id, owner_id, checklist_id, every, unit, first_day,
                minute, next_at, paused, last_case, version FROM recurring_cases WHERE id = $1")
    .bind(recurring)
    .maybe(tx)
    .await
}

/// A template is as it was.
pub async fn put_back(tx: &mut Tx, was: &Kept) -> Result<()> {
    let update = sql("UPDATE recurring_cases SET subject = $2, text = $3, customer_id = $4, internal = $5, queue_id = $6,
             owner_id = $7, checklist_id = $8, every = $9, unit = $10, first_day = $11, minute = $12, next_at = $13,
             paused = $14, version = version + 1 WHERE id = $1");
    was.bound(update).run(tx).await?;
    Ok(())
}

/// A template that was removed is there again.
pub async fn bring_back(tx: &mut Tx, was: &Kept) -> Result<()> {
    let insert = sql(
        "INSERT INTO recurring_cases (id, subject, text, customer_id, internal, queue_id, owner_id, checklist_id,
                                      every, unit, first_day, minute, next_at, paused, last_case, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    );
    was.bound(insert).bind(was.last_case).bind(was.version + 1).run(tx).await?;
    Ok(())
}
