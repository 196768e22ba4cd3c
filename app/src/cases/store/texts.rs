//! SQL of the texts of files.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{CaseId, ContactId, CustomerId, Result, Timestamp, Tx, sql};

/// A file whose text was not read yet.
#[derive(Debug, sqlx::FromRow)]
pub struct Unread {
    pub id: i64,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub blob: String,
}

/// The newest files that were not read.
pub async fn unread(tx: &mut Tx, limit: i64) -> Result<Vec<Unread>> {
    sql("SELECT a.id, a.contact_id, c.case_id, c.customer_id, a.name, a.content_type, a.size, a.blob
         FROM attachments a JOIN contacts c ON c.id = a.contact_id
         WHERE a.text_state IS NULL ORDER BY a.id DESC LIMIT $1")
    .bind(limit)
    .all(tx)
    .await
}

/// Takes a file to be read; false if somebody else has it, or had.
pub async fn claim_unread(tx: &mut Tx, attachment: i64, now: Timestamp) -> Result<bool> {
    let taken = sql(
        "UPDATE attachments SET text_state = 'reading', text_at = $2 WHERE id = $1 AND text_state IS NULL",
    )
    .bind(attachment)
    .bind(now)
    .run(tx)
    .await?;
    Ok(taken == 1)
}

/// Keeps the text of these bytes.
pub async fn keep_text(tx: &mut Tx, blob: &str, text: &str) -> Result<()> {
    sql("INSERT INTO attachment_texts (blob, text) VALUES ($1, $2) ON CONFLICT (blob) DO NOTHING")
        .bind(blob)
        .bind(text)
        .run(tx)
        .await?;
    Ok(())
}

/// What became of reading a file: `read`, `none`, or `failed` for a reason.
pub async fn set_read(
    tx: &mut Tx,
    attachment: i64,
    state: &str,
    problem: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE attachments SET text_state = $2, text_problem = $3, text_at = $4 WHERE id = $1")
        .bind(attachment)
        .bind(state)
        .bind(problem)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Is something being read that was begun before `since`?
pub async fn is_reading(tx: &mut Tx, since: Timestamp) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM attachments WHERE text_state = 'reading' AND text_at < $1 LIMIT 1")
            .bind(since)
            .maybe_value(tx)
            .await?;
    Ok(found.is_some())
}

/// Whoever began to read these before `since` is gone: they may have been the reason.
pub async fn give_up_reading(tx: &mut Tx, since: Timestamp) -> Result<u64> {
    sql("UPDATE attachments SET text_state = 'failed', text_problem = 'interrupted'
         WHERE text_state = 'reading' AND text_at < $1")
    .bind(since)
    .run(tx)
    .await
}

/// How the reading of files stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct FileTexts {
    /// Still to be read.
    pub waiting: i64,
    /// Texts that can be searched.
    pub read: i64,
    pub failed: i64,
}

pub async fn file_counts(tx: &mut Tx) -> Result<FileTexts> {
    sql("SELECT (SELECT COUNT(*) FROM attachments WHERE text_state IS NULL) AS waiting,
                (SELECT COUNT(*) FROM attachment_texts) AS read,
                (SELECT COUNT(*) FROM attachments WHERE text_state = 'failed') AS failed")
    .one(tx)
    .await
}

/// A file that could not be read.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct UnreadableFile {
    pub name: String,
    /// The case's number.
    pub number: String,
    pub problem: String,
}

impl UnreadableFile {
    /// The key of why.
    pub fn word(&self) -> String {
        format!("search-file-{}", self.problem)
    }
}

/// The newest files that could not be read.
pub async fn unreadable(tx: &mut Tx, limit: i64) -> Result<Vec<UnreadableFile>> {
    sql("SELECT a.name, cases.number, COALESCE(a.text_problem, 'broken') AS problem
         FROM attachments a JOIN contacts c ON c.id = a.contact_id JOIN cases ON cases.id = c.case_id
         WHERE a.text_state = 'failed' ORDER BY a.id DESC LIMIT $1")
    .bind(limit)
    .all(tx)
    .await
}
