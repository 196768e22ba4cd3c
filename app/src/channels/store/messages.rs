//! Message ids of mails, by which later mails find the case they belong to.

use crate::platform::{CaseId, ContactId, QueueId, Result, Table, Tx, key_lists, sql};

/// Longer ids are cut, the same on writing and on looking up: an index entry has a largest size.
const LONGEST_ID: usize = 500;

/// Where a message id is known.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Known {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
}

/// As it is kept and looked up.
pub fn cut(message_id: &str) -> &str {
    let mut end = message_id.len().min(LONGEST_ID);
    while !message_id.is_char_boundary(end) {
        end -= 1;
    }
    &message_id[..end]
}

/// Remembers a message id of a case.
pub async fn remember(
    tx: &mut Tx,
    message_id: &str,
    queue: QueueId,
    known: Known,
    hash: &str,
    automatic: bool,
) -> Result<()> {
    sql("INSERT INTO messages (message_id, queue_id, case_id, contact_id, hash, automatic)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id, queue_id, hash) DO NOTHING")
    .bind(cut(message_id))
    .bind(queue)
    .bind(known.case)
    .bind(known.contact)
    .bind(hash)
    .bind(automatic)
    .run(tx)
    .await?;
    Ok(())
}

/// The contact of exactly this message in this queue, or in this case, which may have been moved to another queue.
pub async fn duplicate(
    tx: &mut Tx,
    message_id: &str,
    queue: QueueId,
    case: Option<CaseId>,
    hash: &str,
) -> Result<Option<Known>> {
    sql("SELECT case_id, contact_id FROM messages WHERE message_id = $1 AND hash = $4 AND (queue_id = $2 OR case_id = $3)
         ORDER BY id LIMIT 1")
        .bind(cut(message_id))
        .bind(queue)
        .bind(case)
        .bind(hash)
        .maybe(tx)
        .await
}

/// A message id, where it is known.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MessageRow {
    pub message_id: String,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub hash: String,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
}

impl MessageRow {
    pub const fn known(&self) -> Known {
        Known { case: self.case, contact: self.contact }
    }
}

static MESSAGES: Table<6> = Table {
    name: "messages",
    columns: ["message_id", "queue_id", "case_id", "contact_id", "hash", "automatic"],
    depth: 0,
};

/// As [`remember`], of a message that is known to be new in this transaction.
pub fn remember_later(tx: &mut Tx, row: &MessageRow, automatic: bool) {
    let row = [
        cut(&row.message_id).into(),
        row.queue.into(),
        row.case.into(),
        row.contact.into(),
        (&row.hash).into(),
        automatic.into(),
    ];
    tx.insert_later(&MESSAGES, row);
}

/// Where these message ids are known, each up to `limit` times, newest first.
pub async fn by_message_ids(tx: &mut Tx, ids: &[String], limit: usize) -> Result<Vec<MessageRow>> {
    let mut rows = Vec::new();
    for ids in key_lists(ids) {
        let found = sql("SELECT message_id, queue_id, hash, case_id, contact_id FROM (
                 SELECT message_id, queue_id, hash, case_id, contact_id, id,
                        ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY id DESC) AS place
                 FROM messages WHERE message_id IN ")
        .push_list(ids.iter().cloned())
        .push(") AS known WHERE place <= ")
        .push_bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .push(" ORDER BY id DESC")
        .all(tx)
        .await?;
        rows.extend::<Vec<MessageRow>>(found);
    }
    Ok(rows)
}

/// The message ids of a case, oldest first, whether each was automatic, and its contact.
pub async fn ids_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<(String, bool, ContactId)>> {
    sql("SELECT message_id, automatic, contact_id FROM messages WHERE case_id = $1 ORDER BY id")
        .bind(case)
        .all(tx)
        .await
}
