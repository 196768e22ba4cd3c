//! What the search reads of cases.

use crate::cases::model::{Channel, Direction, Priority, Status};
use crate::platform::{
    CaseId, CaseKindId, ContactId, CustomerId, OwnStateId, PersonId, QueueId, Result, Timestamp, Tx, sql,
};

/// What the search knows of a case.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the database")]
pub struct Searched {
    pub id: CaseId,
    pub number: String,
    pub subject: String,
    pub customer_name: String,
    pub updated_at: Timestamp,
    pub created_at: Timestamp,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    #[sqlx(rename = "owner_id")]
    pub owner: Option<PersonId>,
    pub status: Status,
    pub channel: Channel,
    pub priority: Priority,
    pub due_at: Option<Timestamp>,
    pub documented: bool,
    pub suspicious: bool,
    pub private: bool,
    pub complaint: bool,
    /// It is in another case, or others are in it.
    pub merged: bool,
    /// A message of it has not arrived.
    pub failed: bool,
    #[sqlx(rename = "kind_id")]
    pub kind: Option<CaseKindId>,
    #[sqlx(rename = "own_state_id")]
    pub own_state: Option<OwnStateId>,
}

/// Spam and trash are not searched.
pub async fn searched(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Searched>> {
    sql("SELECT c.id, c.number, c.subject, customers.name AS customer_name, c.updated_at, c.created_at, c.queue_id,
                c.owner_id, c.status, c.channel, c.priority, c.due_at, c.documented, c.suspicious, c.private,
                c.complaint, c.kind_id, c.own_state_id,
                (c.moved_to IS NOT NULL OR EXISTS (SELECT 1 FROM case_merges m WHERE m.into_id = c.id)) AS merged,
                EXISTS (SELECT 1 FROM contacts t WHERE t.case_id = c.id AND t.state = 'failed') AS failed
         FROM cases c JOIN customers ON customers.id = c.customer_id WHERE c.bin IS NULL AND c.id IN ")
    .push_list(ids.iter().copied())
    .all(tx)
    .await
}

/// Up to `limit` cases with a message that leaves after `after`.
pub async fn planned(tx: &mut Tx, after: Timestamp, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT DISTINCT case_id FROM contacts WHERE state = 'queued' AND send_at > $1 LIMIT $2")
        .bind(after)
        .bind(limit)
        .values(tx)
        .await
}

/// What was said in a case.
#[derive(sqlx::FromRow)]
pub struct Said {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub id: ContactId,
    pub direction: Direction,
    pub at: Timestamp,
    pub author: String,
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    pub text: String,
}

/// What was said last in these cases, newest first; without what was taken back.
///
/// Of a case with a million contacts no more is read than of any other.
pub async fn said(tx: &mut Tx, cases: &[i64]) -> Result<Vec<Said>> {
    sql("SELECT case_id, id, direction, at, author, from_address, to_address, substr(text, 1, 20000) AS text FROM (
             SELECT case_id, id, direction, at, author, from_address, to_address, text,
                    ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY at DESC, id DESC) AS place
             FROM contacts WHERE state <> 'withdrawn' AND case_id IN ")
    .push_list(cases.iter().copied())
    .push(") AS said WHERE place <= 100 ORDER BY at DESC, id DESC")
    .all(tx)
    .await
}

/// A file of a case, and its text as far as it was read.
#[derive(sqlx::FromRow)]
pub struct FileText {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    pub at: Timestamp,
    pub name: String,
    pub inline: bool,
    pub text: Option<String>,
}

/// The newest files of these cases.
pub async fn file_texts_of(tx: &mut Tx, cases: &[i64]) -> Result<Vec<FileText>> {
    sql("SELECT f.case_id, f.contact_id, f.at, f.name, f.inline, substr(x.text, 1, 60000) AS text FROM (
             SELECT c.case_id, a.contact_id, c.at, a.name, a.inline, a.blob, a.id,
                    ROW_NUMBER() OVER (PARTITION BY c.case_id ORDER BY a.id DESC) AS place
             FROM contacts c JOIN attachments a ON a.contact_id = c.id
             WHERE c.state <> 'withdrawn' AND c.case_id IN ")
    .push_list(cases.iter().copied())
    .push(") AS f LEFT JOIN attachment_texts x ON x.blob = f.blob WHERE f.place <= 50 ORDER BY f.id DESC")
    .all(tx)
    .await
}

/// Up to `limit` ids below `below`, highest first.
pub async fn ids_below(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT id FROM cases WHERE id < $1 ORDER BY id DESC LIMIT $2")
        .bind(below)
        .bind(limit)
        .values(tx)
        .await
}

pub async fn ids_of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<i64>> {
    sql("SELECT id FROM cases WHERE customer_id = $1").bind(customer).values(tx).await
}
