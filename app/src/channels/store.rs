//! SQL of `received`, `received_raw`, `messages` and `outgoing`.

use super::compose::Letter;
use super::model::{Delivery, Outgoing, Received, SentLine, Stage, State};
use super::raw::Kept;
use crate::platform::{CaseId, ContactId, QueueId, ReceivedId, Result, Timestamp, Tx, dialect, sql};

/// Longer ids are cut, the same on writing and on looking up: an index entry has a largest size.
const LONGEST_ID: usize = 500;

const RECEIVED: &str =
    "id, at, route, envelope_from, envelope_to, peer, hash, size, blob, state, attempts, failures,
    reason, case_id, contact_id";

/// Keeps a mail; `raw` is what [`super::raw::keep`] made of its bytes.
pub async fn insert(tx: &mut Tx, delivery: &Delivery, raw: &Kept, at: Timestamp) -> Result<ReceivedId> {
    let id = sql("INSERT INTO received (at, route, envelope_from, envelope_to, peer, hash, size, blob, state, attempts,
                                        failures, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'received', 0, 0, 0) RETURNING id")
    .bind(at)
    .bind(delivery.route)
    .bind(delivery.from.clone())
    .bind(serde_json::to_string(&delivery.to)?)
    .bind(delivery.peer.clone())
    .bind(&raw.hash)
    .bind(raw.size)
    .bind(raw.blob.clone())
    .value(tx)
    .await?;
    if let Some(bytes) = &raw.bytes {
        sql("INSERT INTO received_raw (received_id, raw) VALUES ($1, $2)")
            .bind(id)
            .bind(bytes.as_slice())
            .run(tx)
            .await?;
    }
    Ok(id)
}

pub async fn received(tx: &mut Tx, id: ReceivedId) -> Result<Received> {
    sql("SELECT ").push(RECEIVED).push(" FROM received WHERE id = ").push_bind(id).one(tx).await
}

pub async fn raw(tx: &mut Tx, id: ReceivedId) -> Result<Option<Vec<u8>>> {
    sql("SELECT raw FROM received_raw WHERE received_id = $1").bind(id).maybe_value(tx).await
}

/// Was a mail of exactly these bytes received before?
pub async fn is_known(tx: &mut Tx, hash: &str) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM received WHERE hash = $1 LIMIT 1").bind(hash).maybe_value(tx).await?;
    Ok(found.is_some())
}

/// Is there anything to do now?
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    let due: Option<i64> =
        sql("SELECT id FROM received WHERE state = 'received' AND next_at <= $1 ORDER BY id LIMIT 1")
            .bind(now)
            .maybe_value(tx)
            .await?;
    Ok(due.is_some())
}

/// Which mails a worker takes together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// In whose company no process died yet.
    None,
    /// That were in hand when a process died.
    Died,
}

/// Takes up to `limit` mails until `lease` and counts the attempt, in order of arrival.
pub async fn take(
    tx: &mut Tx,
    suspicion: Suspicion,
    node: &str,
    now: Timestamp,
    lease: Timestamp,
    limit: i64,
) -> Result<Vec<Received>> {
    let mut mails: Vec<Received> = sql("UPDATE received SET attempts = attempts + 1, node = ")
        .push_bind(node)
        .push(", next_at = ")
        .push_bind(lease)
        .push(" WHERE id IN (SELECT id FROM received WHERE state = 'received' AND next_at <= ")
        .push_bind(now)
        .push(match suspicion {
            Suspicion::None => " AND attempts = failures",
            Suspicion::Died => " AND attempts > failures",
        })
        .push(" ORDER BY id LIMIT ")
        .push_bind(limit)
        .push(dialect::skip_locked(tx.is_postgres()))
        .push(") RETURNING ")
        .push(RECEIVED)
        .all(tx)
        .await?;
    mails.sort_by_key(|mail| mail.id);
    Ok(mails)
}

/// Frees what this node had in hand when it ended.
pub async fn release(tx: &mut Tx, node: &str) -> Result<u64> {
    sql("UPDATE received SET next_at = 0, node = NULL WHERE state = 'received' AND node = $1")
        .bind(node)
        .run(tx)
        .await
}

/// Ends the way of a received mail; false if somebody else already did.
pub async fn finish(
    tx: &mut Tx,
    id: ReceivedId,
    state: State,
    reason: Option<&str>,
    filed: Option<(CaseId, ContactId)>,
) -> Result<bool> {
    let (case, contact) = filed.unzip();
    let changed =
        sql("UPDATE received SET state = $2, reason = $3, case_id = $4, contact_id = $5, node = NULL
         WHERE id = $1 AND state = 'received'")
        .bind(id)
        .bind(state)
        .bind(reason)
        .bind(case)
        .bind(contact)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// Counts one more attempt that is under way.
pub async fn count_attempt(tx: &mut Tx, id: ReceivedId) -> Result<()> {
    sql("UPDATE received SET attempts = attempts + 1 WHERE id = $1").bind(id).run(tx).await?;
    Ok(())
}

/// Takes an attempt back that ended for no fault of the mail.
pub async fn uncount(tx: &mut Tx, id: ReceivedId, now: Timestamp) -> Result<()> {
    sql("UPDATE received SET attempts = failures, next_at = $2, node = NULL WHERE id = $1 AND state = 'received'")
        .bind(id)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Counts an orderly failure and puts the mail off.
pub async fn put_off(tx: &mut Tx, id: ReceivedId, reason: &str, until: Timestamp) -> Result<()> {
    sql("UPDATE received SET attempts = failures + 1, failures = failures + 1, reason = $2, next_at = $3, node = NULL
         WHERE id = $1 AND state = 'received'")
    .bind(id)
    .bind(reason)
    .bind(until)
    .run(tx)
    .await?;
    Ok(())
}

/// Starts over with a mail that was given up; false if it was not.
pub async fn start_over(tx: &mut Tx, id: ReceivedId) -> Result<bool> {
    let changed =
        sql("UPDATE received SET state = 'received', attempts = 0, failures = 0, next_at = 0, reason = NULL
         WHERE id = $1 AND state = 'unprocessable'")
        .bind(id)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// What somebody has to look at, newest first, after `cursor`.
pub async fn unprocessable(tx: &mut Tx, cursor: Option<ReceivedId>, limit: i64) -> Result<Vec<Received>> {
    sql("SELECT ")
        .push(RECEIVED)
        .push(" FROM received WHERE state = 'unprocessable' AND id < ")
        .push_bind(cursor.unwrap_or(ReceivedId(i64::MAX)))
        .push(" ORDER BY id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// How many mails after `first`, up to `last`, wait to be filed.
pub async fn backlog(tx: &mut Tx, first: ReceivedId, last: ReceivedId) -> Result<i64> {
    sql("SELECT COUNT(*) FROM received WHERE state = 'received' AND id > $1 AND id <= $2")
        .bind(first)
        .bind(last)
        .value(tx)
        .await
}

/// What became of imported mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Outcome {
    pub done: i64,
    pub cases: i64,
    pub unprocessable: i64,
}

/// What became of the mails that were imported after `first`.
pub async fn outcome(tx: &mut Tx, first: ReceivedId) -> Result<Outcome> {
    sql("SELECT COUNT(case_id) AS done, COUNT(DISTINCT case_id) AS cases,
                COUNT(CASE WHEN state = 'unprocessable' THEN 1 END) AS unprocessable
         FROM received WHERE id > $1 AND route = 'import'")
    .bind(first)
    .one(tx)
    .await
}

/// The newest received mail; 0 if there is none.
pub async fn last(tx: &mut Tx) -> Result<ReceivedId> {
    sql("SELECT CAST(COALESCE(MAX(id), 0) AS bigint) FROM received").value(tx).await
}

/// Where a message id is known.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Known {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
}

fn cut(message_id: &str) -> &str {
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

/// The contact of exactly this message in this queue.
pub async fn duplicate(tx: &mut Tx, message_id: &str, queue: QueueId, hash: &str) -> Result<Option<Known>> {
    sql("SELECT case_id, contact_id FROM messages WHERE message_id = $1 AND queue_id = $2 AND hash = $3")
        .bind(cut(message_id))
        .bind(queue)
        .bind(hash)
        .maybe(tx)
        .await
}

/// Cases that know this message id, newest first.
pub async fn by_message_id(tx: &mut Tx, message_id: &str) -> Result<Vec<Known>> {
    sql("SELECT case_id, contact_id FROM messages WHERE message_id = $1 ORDER BY id DESC LIMIT 5")
        .bind(cut(message_id))
        .all(tx)
        .await
}

/// The message ids of a case, oldest first, and whether each was automatic.
pub async fn ids_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<(String, bool)>> {
    sql("SELECT message_id, automatic FROM messages WHERE case_id = $1 ORDER BY id").bind(case).all(tx).await
}

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

/// Mails by where they are, for monitoring.
pub async fn counts(tx: &mut Tx) -> Result<super::Counts> {
    sql("SELECT COALESCE(MAX(id), 0) AS received,
                (SELECT COUNT(*) FROM received WHERE state = 'received') AS backlog,
                (SELECT COUNT(*) FROM received WHERE state = 'unprocessable') AS unprocessable
         FROM received")
    .one(tx)
    .await
}
