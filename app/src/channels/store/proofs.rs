//! SQL of `proofs`, and of looking up what they are about.

use jiff::civil::Date;

use super::RECEIVED;
use crate::channels::model::Received;
use crate::channels::proof::Proof;
use crate::platform::{ReceivedId, Result, Timestamp, Tx, portions, sql};

/// Those of these mails that there are.
pub async fn received_all(tx: &mut Tx, ids: &[ReceivedId]) -> Result<Vec<Received>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in portions(ids) {
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

/// Keeps a proof in the place of an earlier one.
pub async fn save_proof(tx: &mut Tx, node: &str, proof: &Proof) -> Result<()> {
    let day = proof.day.to_string();
    sql("DELETE FROM proofs WHERE day = $1 AND node = $2 AND source = $3")
        .bind(&day)
        .bind(node)
        .bind(&proof.source)
        .run(tx)
        .await?;
    sql("INSERT INTO proofs (day, node, source, at, receipts, filed, duplicates, own, unprocessable, waiting, differences)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(&day)
    .bind(node)
    .bind(&proof.source)
    .bind(proof.at)
    .bind(proof.receipts)
    .bind(proof.filed)
    .bind(proof.duplicates)
    .bind(proof.own)
    .bind(proof.unprocessable)
    .bind(proof.waiting)
    .bind(serde_json::to_string(&proof.differences)?)
    .run(tx)
    .await?;
    Ok(())
}

/// Was this day proven by this node after it was over?
pub async fn is_proven(tx: &mut Tx, node: &str, day: Date, over: Timestamp) -> Result<bool> {
    let found: Option<i64> = sql("SELECT id FROM proofs WHERE day = $1 AND node = $2 AND at >= $3 LIMIT 1")
        .bind(day.to_string())
        .bind(node)
        .bind(over)
        .maybe_value(tx)
        .await?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
struct Row {
    day: String,
    source: String,
    at: Timestamp,
    receipts: i64,
    filed: i64,
    duplicates: i64,
    own: i64,
    unprocessable: i64,
    waiting: i64,
    differences: String,
}

/// The proofs of days from `first` on, newest first.
pub async fn proofs(tx: &mut Tx, first: Date) -> Result<Vec<Proof>> {
    let rows: Vec<Row> =
        sql("SELECT day, source, at, receipts, filed, duplicates, own, unprocessable, waiting, differences
         FROM proofs WHERE day >= $1 ORDER BY day DESC, node, source")
        .bind(first.to_string())
        .all(tx)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<Proof> {
        Ok(Proof {
            day: self.day.parse().map_err(anyhow::Error::from)?,
            source: self.source,
            at: self.at,
            receipts: self.receipts,
            filed: self.filed,
            duplicates: self.duplicates,
            own: self.own,
            unprocessable: self.unprocessable,
            waiting: self.waiting,
            differences: serde_json::from_str(&self.differences)?,
        })
    }
}
