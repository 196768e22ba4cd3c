//! Addresses that mail came back from.

use crate::customers::bounces::Bounce;
use crate::platform::{CustomerId, Result, Timestamp, Tx, sql};

/// A lasting failure stays until it is deleted, a passing one until there is another; a delay replaces neither.
pub async fn insert_bounce(tx: &mut Tx, folded: &str, bounce: &Bounce) -> Result<()> {
    sql("INSERT INTO address_bounces (folded, at, status, reason, permanent, delayed) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (folded) DO UPDATE SET at = excluded.at, status = excluded.status, reason = excluded.reason,
                                            permanent = excluded.permanent, delayed = excluded.delayed
         WHERE excluded.permanent OR address_bounces.delayed
            OR (NOT excluded.delayed AND NOT address_bounces.permanent)")
    .bind(folded)
    .bind(bounce.at)
    .bind(&bounce.status)
    .bind(&bounce.reason)
    .bind(bounce.permanent)
    .bind(bounce.delayed)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn bounce(tx: &mut Tx, folded: &str) -> Result<Option<Bounce>> {
    sql("SELECT at, status, reason, permanent, delayed FROM address_bounces WHERE folded = $1")
        .bind(folded)
        .maybe(tx)
        .await
}

pub async fn bounced(tx: &mut Tx, limit: i64) -> Result<Vec<String>> {
    sql("SELECT folded FROM address_bounces ORDER BY at DESC LIMIT $1").bind(limit).values(tx).await
}

/// False if it was not marked.
pub async fn delete_bounce(tx: &mut Tx, folded: &str) -> Result<bool> {
    Ok(sql("DELETE FROM address_bounces WHERE folded = $1").bind(folded).run(tx).await? != 0)
}

pub async fn delete_delay(tx: &mut Tx, folded: &str) -> Result<()> {
    sql("DELETE FROM address_bounces WHERE folded = $1 AND delayed").bind(folded).run(tx).await?;
    Ok(())
}

pub async fn delete_delays(tx: &mut Tx, before: Timestamp) -> Result<()> {
    sql("DELETE FROM address_bounces WHERE at < $1 AND delayed").bind(before).run(tx).await?;
    Ok(())
}

/// A contact point of a customer as it is compared.
pub async fn point_folded(tx: &mut Tx, customer: CustomerId, point: i64) -> Result<String> {
    sql("SELECT folded FROM contact_points WHERE id = $1 AND customer_id = $2")
        .bind(point)
        .bind(customer)
        .value(tx)
        .await
}
