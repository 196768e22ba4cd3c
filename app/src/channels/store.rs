//! SQL of `received`, `received_raw` and `messages`; that of `outgoing` is in [`outgoing`], that of what is set up
//! in [`settings`], that of what machines send in [`automatic`] and [`notices`], that of files as links in [`links`].

mod acknowledgements;
mod automatic;
mod links;
mod notices;
mod outgoing;
mod proofs;
mod settings;

use std::collections::{HashMap, HashSet};

pub use acknowledgements::{
    acknowledgement_settings, acknowledging, insert_acknowledgement, is_acknowledged,
    set_acknowledgement_settings,
};
pub use automatic::{
    Suppressed, automatic_in, automatic_to, count_automatic, forget_automatic, insert_suppression,
    is_counted, is_released, move_ids, move_ids_of, set_released, suppressions,
};
pub use links::{count_download, insert_link, link, link_of_key, links, set_link};
pub use notices::{add_notice, end_notice, notices_since, put_off_notice, waiting_notice};
pub use outgoing::{
    Start, calm, count_interruption, domain, due, end_outgoing, in_hand, last_sent, next_attempt, outgoing,
    overdue, overdue_people, ready_since, save_composed, sent, set_domain, set_handing, set_next,
    set_waiting, shift_paces, start_outgoing, still_due,
};
pub use proofs::{
    RunRow, add_run, end_run, file_anew, is_open, is_proven, open_run, proof, proofs, received_all,
    received_by_hash, save_proof, set, setting, settle, settled, touch_run,
};
pub use settings::{
    insert_key, key, keys, own_addresses, queue_mail, remove_key, rules, set_found, set_own_address,
    set_queue_mail, set_rules, set_signs, signing_keys,
};

use super::authentic::Authentication;
use super::model::{Delivery, Received, State};
use super::raw::Kept;
use crate::platform::{
    Arg, CaseId, ContactId, Jump, QueueId, ReceivedId, Result, Table, Timestamp, Tx, dialect, insert_rows,
    portions, sql,
};

/// Longer ids are cut, the same on writing and on looking up: an index entry has a largest size.
const LONGEST_ID: usize = 500;

const RECEIVED: &str =
    "id, at, route, envelope_from, envelope_to, peer, hash, size, blob, state, attempts, failures,
    reason, case_id, contact_id, queue_id, authentication";

const COLUMNS: [&str; 14] = [
    "at",
    "route",
    "envelope_from",
    "envelope_to",
    "peer",
    "hash",
    "size",
    "blob",
    "state",
    "attempts",
    "failures",
    "next_at",
    "queue_id",
    "authentication",
];

static RAWS: Table<2> = Table { name: "received_raw", columns: ["received_id", "raw"], depth: 1 };

/// A mail that is about to be kept.
pub struct NewMail {
    /// Its bytes are in `raw`.
    pub delivery: Delivery,
    pub raw: Kept,
    pub authentication: Option<Authentication>,
}

/// Keeps mails; their ids, in their order.
pub async fn insert(tx: &mut Tx, mails: &[NewMail], at: Timestamp) -> Result<Vec<ReceivedId>> {
    let mut ids = Vec::with_capacity(mails.len());
    let rows = mails.iter().map(|mail| row(mail, at)).collect::<Result<Vec<_>>>()?;
    for statement in insert_rows("received", &COLUMNS, rows, tx.is_postgres()) {
        // Counted up in the order of the rows; in which order they are told is left to the database.
        let mut told: Vec<ReceivedId> = statement.push(" RETURNING id").values(tx).await?;
        told.sort();
        ids.extend(told);
    }
    for (id, mail) in ids.iter().zip(mails) {
        if let Some(bytes) = &mail.raw.bytes {
            let row = [(*id).into(), bytes.as_slice().into()];
            tx.insert_later(&RAWS, row);
        }
    }
    Ok(ids)
}

fn row(NewMail { delivery, raw, authentication }: &NewMail, at: Timestamp) -> Result<Vec<Arg>> {
    let authentication = authentication.as_ref().map(serde_json::to_string).transpose()?;
    Ok(vec![
        at.into(),
        delivery.route.into(),
        delivery.from.clone().into(),
        serde_json::to_string(&delivery.to)?.into(),
        delivery.peer.clone().into(),
        (&raw.hash).into(),
        raw.size.into(),
        raw.blob.clone().into(),
        State::Received.into(),
        0_i64.into(),
        0_i64.into(),
        0_i64.into(),
        delivery.queue.into(),
        authentication.into(),
    ])
}

pub async fn received(tx: &mut Tx, id: ReceivedId) -> Result<Received> {
    sql("SELECT ").push(RECEIVED).push(" FROM received WHERE id = ").push_bind(id).one(tx).await
}

/// What was found about the senders of these mails.
pub async fn authentications(tx: &mut Tx, ids: &[ReceivedId]) -> Result<HashMap<ReceivedId, Authentication>> {
    let mut found = HashMap::new();
    for ids in portions(ids) {
        let rows: Vec<(ReceivedId, String)> =
            sql("SELECT id, authentication FROM received WHERE authentication IS NOT NULL AND id IN ")
                .push_list(ids.iter().copied())
                .all(tx)
                .await?;
        for (id, text) in rows {
            found.insert(id, serde_json::from_str(&text)?);
        }
    }
    Ok(found)
}

/// The bytes of those mails that have them in their row.
pub async fn raws(tx: &mut Tx, ids: &[ReceivedId]) -> Result<HashMap<ReceivedId, Vec<u8>>> {
    let mut raws = HashMap::with_capacity(ids.len());
    for ids in portions(ids) {
        let found: Vec<(ReceivedId, Vec<u8>)> =
            sql("SELECT received_id, raw FROM received_raw WHERE received_id IN ")
                .push_list(ids.iter().copied())
                .all(tx)
                .await?;
        raws.extend(found);
    }
    Ok(raws)
}

/// A kept mail and where its bytes are.
#[derive(Debug, sqlx::FromRow)]
pub struct KeptMail {
    pub id: ReceivedId,
    pub hash: String,
    pub blob: Option<String>,
    pub raw: Option<Vec<u8>>,
}

/// Kept mails after `last`.
pub async fn kept_after(tx: &mut Tx, last: ReceivedId, limit: i64) -> Result<Vec<KeptMail>> {
    sql("SELECT r.id, r.hash, r.blob, w.raw FROM received r LEFT JOIN received_raw w ON w.received_id = r.id
         WHERE r.id > $1 ORDER BY r.id LIMIT $2")
    .bind(last)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn raw(tx: &mut Tx, id: ReceivedId) -> Result<Option<Vec<u8>>> {
    sql("SELECT raw FROM received_raw WHERE received_id = $1").bind(id).maybe_value(tx).await
}

/// Those of these hashes whose bytes were received before.
pub async fn known(tx: &mut Tx, hashes: &[String]) -> Result<HashSet<String>> {
    let mut known = HashSet::new();
    for hashes in portions(hashes) {
        let found: Vec<String> = sql("SELECT hash FROM received WHERE hash IN ")
            .push_list(hashes.iter().cloned())
            .values(tx)
            .await?;
        known.extend(found);
    }
    Ok(known)
}

/// The mail of exactly these bytes that came from `peer` before.
pub async fn came_before(tx: &mut Tx, hash: &str, peer: &str) -> Result<Option<ReceivedId>> {
    sql("SELECT id FROM received WHERE hash = $1 AND peer = $2 ORDER BY id LIMIT 1")
        .bind(hash)
        .bind(peer)
        .maybe_value(tx)
        .await
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

/// How the way of a mail ended that was filed.
#[derive(Debug, Clone)]
pub struct Filed {
    pub mail: ReceivedId,
    pub reason: Option<&'static str>,
    pub case: CaseId,
    pub contact: ContactId,
}

/// Ends the way of mails that were filed; false if somebody else already did for one of them.
pub async fn finish_filed(tx: &mut Tx, filed: &[Filed]) -> Result<bool> {
    let mut changed = 0;
    for portion in portions(filed) {
        let rows = portion.iter().map(|filed| {
            vec![
                filed.mail.into(),
                filed.reason.map(str::to_owned).into(),
                filed.case.into(),
                filed.contact.into(),
            ]
        });
        changed += sql("UPDATE received SET state = 'done', reason = filed.column2, case_id = filed.column3,
                                            contact_id = filed.column4, node = NULL FROM (VALUES ")
        .push_rows(rows)
        .push(") AS filed WHERE id = filed.column1 AND state = 'received'")
        .run(tx)
        .await?;
    }
    Ok(usize::try_from(changed).is_ok_and(|changed| changed == filed.len()))
}

/// Ends the way of a mail that cannot be filed; false if somebody else already ended it.
pub async fn give_up(tx: &mut Tx, id: ReceivedId, reason: &str) -> Result<bool> {
    let changed = sql("UPDATE received SET state = 'unprocessable', reason = $2, node = NULL
         WHERE id = $1 AND state = 'received'")
    .bind(id)
    .bind(reason)
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

/// The clock went back: what was put off, or is in hand, waits no longer than it would have.
pub async fn shift_received(tx: &mut Tx, jump: Jump) -> Result<()> {
    sql("UPDATE received SET next_at = next_at - $2 WHERE state = 'received' AND next_at > $1")
        .bind(jump.now)
        .bind(jump.micros())
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

/// Starts over with up to `limit` mails after `last` that were given up; which.
pub async fn start_all_over(tx: &mut Tx, last: ReceivedId, limit: i64) -> Result<Vec<ReceivedId>> {
    sql("UPDATE received SET state = 'received', attempts = 0, failures = 0, next_at = 0, reason = NULL
         WHERE id IN (SELECT id FROM received WHERE state = 'unprocessable' AND id > $1 ORDER BY id LIMIT $2) RETURNING id")
    .bind(last)
    .bind(limit)
    .values(tx)
    .await
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
    for ids in portions(ids) {
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

/// How many mails somebody has to look at, counted up to `limit`.
pub async fn count_unprocessable(tx: &mut Tx, limit: i64) -> Result<i64> {
    sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM received WHERE state = 'unprocessable' LIMIT $1) AS found")
        .bind(limit)
        .value(tx)
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
