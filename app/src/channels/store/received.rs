//! Mails as they were received: their rows, their bytes, and what became of them.

use std::collections::{HashMap, HashSet};

use crate::channels::Counts;
use crate::channels::authentic::Authentication;
use crate::channels::model::{Delivery, Received, State};
use crate::channels::raw::Kept;
use crate::platform::{Arg, ReceivedId, Result, Table, Timestamp, Tx, insert_rows, key_lists, sql};

pub(super) const RECEIVED: &str =
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
    for ids in key_lists(ids) {
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
    for ids in key_lists(ids) {
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
    for hashes in key_lists(hashes) {
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

/// How many mails somebody has to look at, counted up to `limit`.
pub async fn count_unprocessable(tx: &mut Tx, limit: i64) -> Result<i64> {
    sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM received WHERE state = 'unprocessable' LIMIT $1) AS found")
        .bind(limit)
        .value(tx)
        .await
}

/// Mails by where they are, for monitoring.
pub async fn counts(tx: &mut Tx) -> Result<Counts> {
    sql("SELECT COALESCE(MAX(id), 0) AS received,
                (SELECT COUNT(*) FROM received WHERE state = 'received') AS backlog,
                (SELECT COUNT(*) FROM received WHERE state = 'unprocessable') AS unprocessable
         FROM received")
    .one(tx)
    .await
}
