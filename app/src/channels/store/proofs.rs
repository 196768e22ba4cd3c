//! SQL of `proofs` with their settlements and runs, and of looking up what they are about.

use std::collections::HashMap;

use jiff::civil::Date;

use super::received::RECEIVED;
use crate::channels::model::Received;
use crate::channels::proof::{Proof, Settlement};
use crate::platform::{ReceivedId, Result, Timestamp, Tx, key_lists, sql};

/// Those of these mails that there are.
pub async fn received_all(tx: &mut Tx, ids: &[ReceivedId]) -> Result<Vec<Received>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in key_lists(ids) {
        let found: Vec<Received> = sql("SELECT ")
            .push(RECEIVED)
            .push(" FROM received WHERE id IN ")
            .push_list(ids.iter().copied())
            .all(tx)
            .await?;
        all.extend(found);
    }
    Ok(all)
}

/// Mails of exactly these bytes.
pub async fn received_by_hash(tx: &mut Tx, hashes: &[String]) -> Result<Vec<Received>> {
    let mut all = Vec::new();
    for hashes in key_lists(hashes) {
        let found: Vec<Received> = sql("SELECT ")
            .push(RECEIVED)
            .push(" FROM received WHERE hash IN ")
            .push_list(hashes.iter().map(String::as_str))
            .push(" ORDER BY id")
            .all(tx)
            .await?;
        all.extend(found);
    }
    Ok(all)
}

/// Files a mail anew whose contact is gone; false if there is no such mail.
pub async fn file_anew(tx: &mut Tx, id: ReceivedId) -> Result<bool> {
    // Otherwise it would be a duplicate of the contact that is not there.
    sql("DELETE FROM messages WHERE case_id = (SELECT case_id FROM received WHERE id = $1)
           AND contact_id = (SELECT contact_id FROM received WHERE id = $1)")
    .bind(id)
    .run(tx)
    .await?;
    let found =
        sql("UPDATE received SET state = 'received', attempts = 0, failures = 0, next_at = 0, reason = NULL,
                            case_id = NULL, contact_id = NULL
         WHERE id = $1 AND state = 'done'")
        .bind(id)
        .run(tx)
        .await?;
    Ok(found == 1)
}

/// Keeps a proof in the place of an earlier one of the same day; its id. Of a source that cannot be looked at the
/// time since when that is so stays.
pub async fn save_proof(tx: &mut Tx, node: &str, proof: &Proof) -> Result<i64> {
    let since: Option<Timestamp> = match &proof.unproven {
        Some(_) => {
            sql("SELECT COALESCE(unproven_at, at) FROM proofs WHERE source = $1 ORDER BY at DESC LIMIT 1")
                .bind(&proof.source)
                .maybe_value(tx)
                .await?
                .or(Some(proof.at))
        }
        None => None,
    };
    sql("INSERT INTO proofs (day, node, source, label, at, receipts, filed, duplicates, own, unprocessable, refused,
                             waiting, unproven, unproven_at, differences)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (day, node, source) DO UPDATE SET label = excluded.label, at = excluded.at,
            receipts = excluded.receipts, filed = excluded.filed, duplicates = excluded.duplicates,
            own = excluded.own, unprocessable = excluded.unprocessable, refused = excluded.refused,
            waiting = excluded.waiting, unproven = excluded.unproven, unproven_at = excluded.unproven_at,
            differences = excluded.differences
         RETURNING id")
    .bind(proof.day.to_string())
    .bind(node)
    .bind(&proof.source)
    .bind(&proof.label)
    .bind(proof.at)
    .bind(proof.receipts)
    .bind(proof.filed)
    .bind(proof.duplicates)
    .bind(proof.own)
    .bind(proof.unprocessable)
    .bind(proof.refused)
    .bind(proof.waiting)
    .bind(proof.unproven.clone())
    .bind(since)
    .bind(serde_json::to_string(&proof.differences)?)
    .value(tx)
    .await
}

/// Was this day proven by this node after it was `over`? What could not be looked at is due again when that was
/// before `again`.
pub async fn is_proven(
    tx: &mut Tx,
    node: &str,
    day: Date,
    over: Timestamp,
    again: Timestamp,
) -> Result<bool> {
    let (proven, due): (i64, i64) =
        sql("SELECT COUNT(*), COUNT(CASE WHEN unproven IS NOT NULL AND at < $4 THEN 1 END)
         FROM proofs WHERE day = $1 AND node = $2 AND at >= $3")
        .bind(day.to_string())
        .bind(node)
        .bind(over)
        .bind(again)
        .one(tx)
        .await?;
    Ok(proven != 0 && due == 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    day: String,
    source: String,
    label: String,
    at: Timestamp,
    receipts: i64,
    filed: i64,
    duplicates: i64,
    own: i64,
    unprocessable: i64,
    refused: i64,
    waiting: i64,
    unproven: Option<String>,
    unproven_at: Option<Timestamp>,
    differences: String,
}

const PROOF: &str =
    "SELECT id, day, source, label, at, receipts, filed, duplicates, own, unprocessable, refused, waiting,
    unproven, unproven_at, differences FROM proofs ";

/// The proofs of days from `first` on, newest first.
pub async fn proofs(tx: &mut Tx, first: Date) -> Result<Vec<Proof>> {
    let rows: Vec<Row> = sql(PROOF)
        .push("WHERE day >= ")
        .push_bind(first.to_string())
        .push(" ORDER BY day DESC, node, source")
        .all(tx)
        .await?;
    let all: Vec<Settlement> =
        sql("SELECT source, difference, at, person, reason FROM proof_settlements ORDER BY id")
            .all(tx)
            .await?;
    let mut settled: HashMap<String, Vec<Settlement>> = HashMap::new();
    for one in all {
        settled.entry(one.source.clone()).or_default().push(one);
    }
    let of = |row: &Row| settled.get(&row.source).cloned().unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            let settled = of(&row);
            row.read(settled)
        })
        .collect()
}

/// One proof.
pub async fn proof(tx: &mut Tx, id: i64) -> Result<Proof> {
    let row: Row = sql(PROOF).push("WHERE id = ").push_bind(id).one(tx).await?;
    let settled = settled(tx, &row.source).await?;
    row.read(settled)
}

/// What people know about differences of a source.
pub async fn settled(tx: &mut Tx, source: &str) -> Result<Vec<Settlement>> {
    sql("SELECT source, difference, at, person, reason FROM proof_settlements WHERE source = $1 ORDER BY id")
        .bind(source)
        .all(tx)
        .await
}

/// Notes that somebody knows about a difference; the first one counts.
pub async fn settle(tx: &mut Tx, settlement: &Settlement) -> Result<bool> {
    let added = sql("INSERT INTO proof_settlements (source, difference, at, person, reason)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, difference) DO NOTHING")
    .bind(&settlement.source)
    .bind(&settlement.difference)
    .bind(settlement.at)
    .bind(&settlement.person)
    .bind(&settlement.reason)
    .run(tx)
    .await?;
    Ok(added != 0)
}

/// A proof that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ProofRun)]
pub struct RunRow {
    pub id: i64,
    pub started_at: Timestamp,
    /// Mails looked at so far.
    pub done: i64,
    /// What is looked at now, as it is called.
    pub source: String,
}

/// The run that is under way: it gave a sign of life since `since`.
pub async fn open_run(tx: &mut Tx, since: Timestamp) -> Result<Option<RunRow>> {
    sql("SELECT id, started_at, done, source FROM proof_runs WHERE ended_at IS NULL AND touched_at >= $1
         ORDER BY id DESC LIMIT 1")
    .bind(since)
    .maybe(tx)
    .await
}

pub async fn add_run(tx: &mut Tx, now: Timestamp) -> Result<i64> {
    sql("INSERT INTO proof_runs (started_at, touched_at, done, source) VALUES ($1, $1, 0, '') RETURNING id")
        .bind(now)
        .value(tx)
        .await
}

/// Is there such a run that did not end?
pub async fn is_open(tx: &mut Tx, run: i64) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM proof_runs WHERE id = $1 AND ended_at IS NULL").bind(run).maybe_value(tx).await?;
    Ok(found.is_some())
}

/// A sign of life.
pub async fn touch_run(tx: &mut Tx, run: i64, done: i64, source: &str, now: Timestamp) -> Result<()> {
    sql("UPDATE proof_runs SET done = $2, source = $3, touched_at = $4 WHERE id = $1")
        .bind(run)
        .bind(done)
        .bind(source)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn end_run(tx: &mut Tx, run: i64, now: Timestamp) -> Result<()> {
    sql("UPDATE proof_runs SET ended_at = $2, touched_at = $2 WHERE id = $1")
        .bind(run)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// A setting of the house; `None` until somebody chose.
pub async fn setting(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    sql("SELECT value FROM settings WHERE name = $1").bind(name).maybe_value(tx).await
}

pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    sql("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
        .bind(name)
        .bind(value)
        .run(tx)
        .await?;
    Ok(())
}

impl Row {
    fn read(self, settled: Vec<Settlement>) -> Result<Proof> {
        Ok(Proof {
            id: self.id,
            day: self.day.parse().map_err(anyhow::Error::from)?,
            source: self.source,
            label: self.label,
            at: self.at,
            receipts: self.receipts,
            filed: self.filed,
            duplicates: self.duplicates,
            own: self.own,
            unprocessable: self.unprocessable,
            refused: self.refused,
            waiting: self.waiting,
            unproven: self.unproven,
            unproven_at: self.unproven_at,
            differences: serde_json::from_str(&self.differences)?,
            settled,
        })
    }
}
