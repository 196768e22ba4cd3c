//! Where customers are reached, and who is reached there.

use std::collections::HashMap;

use crate::customers::model::{ContactPoint, PointKind, fold_point, same_phones};
use crate::platform::{CustomerId, Error, Result, Table, Tx, key_lists, sql};

static POINTS: Table<4> =
    Table { name: "contact_points", columns: ["customer_id", "kind", "value", "folded"], depth: 1 };

/// A point that nobody has, as this transaction made sure.
pub fn insert_new_point(tx: &mut Tx, customer: CustomerId, kind: PointKind, value: &str) {
    tx.insert_later(&POINTS, [customer.into(), kind.into(), value.into(), fold_point(kind, value).into()]);
}

/// Who has these folded e-mail addresses.
pub async fn by_emails(tx: &mut Tx, folded: &[String]) -> Result<HashMap<String, CustomerId>> {
    let mut known = HashMap::new();
    for folded in key_lists(folded) {
        let found: Vec<(String, CustomerId)> =
            sql("SELECT folded, customer_id FROM contact_points WHERE kind = ")
                .push_bind(PointKind::Email)
                .push(" AND folded IN ")
                .push_list(folded.iter().cloned())
                .all(tx)
                .await?;
        known.extend(found);
    }
    Ok(known)
}

/// A point that somebody already has stays with them.
pub async fn insert_point(tx: &mut Tx, customer: CustomerId, kind: PointKind, value: &str) -> Result<()> {
    sql("INSERT INTO contact_points (customer_id, kind, value, folded) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, folded) DO NOTHING")
    .bind(customer)
    .bind(kind)
    .bind(value)
    .bind(fold_point(kind, value))
    .run(tx)
    .await?;
    Ok(())
}

/// The first e-mail address of each of these customers.
pub async fn emails(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    let mut rows: Vec<(CustomerId, String)> =
        sql("SELECT customer_id, value FROM contact_points WHERE kind = ")
            .push_bind(PointKind::Email)
            .push(" AND customer_id IN ")
            .push_list(customers.iter().copied())
            .push(" ORDER BY id")
            .all(tx)
            .await?;
    // The first one stays in the map.
    rows.reverse();
    Ok(rows.into_iter().collect())
}

/// Whose numbers or addresses begin like this: a range of the index, which `LIKE` is not everywhere.
pub async fn by_beginning(tx: &mut Tx, kind: PointKind, folded: &str, limit: i64) -> Result<Vec<CustomerId>> {
    sql("SELECT customer_id FROM contact_points WHERE kind = $1 AND folded >= $2 AND folded < $3
         ORDER BY folded LIMIT $4")
    .bind(kind)
    .bind(folded)
    .bind(format!("{folded}\u{10ffff}"))
    .bind(limit)
    .values(tx)
    .await
}

/// Who is reached there. A phone number without its country is one with it, as long as only one customer fits.
pub async fn by_point(tx: &mut Tx, kind: PointKind, value: &str) -> Result<Option<CustomerId>> {
    let folded = fold_point(kind, value);
    let known = sql("SELECT customer_id FROM contact_points WHERE kind = $1 AND folded = $2")
        .bind(kind)
        .bind(&folded)
        .maybe_value(tx)
        .await?;
    let others = if kind == PointKind::Phone { same_phones(&folded) } else { Vec::new() };
    if known.is_some() || others.is_empty() {
        return Ok(known);
    }
    let found: Vec<CustomerId> =
        sql("SELECT DISTINCT customer_id FROM contact_points WHERE kind = 'phone' AND folded IN ")
            .push_list(others)
            .push(" LIMIT 2")
            .values(tx)
            .await?;
    Ok(found.first().copied().filter(|_| found.len() == 1))
}

pub async fn points(tx: &mut Tx, customer: CustomerId) -> Result<Vec<ContactPoint>> {
    sql("SELECT p.id, p.kind, p.value, b.at AS bounced_at, b.reason AS bounce_reason, b.permanent AS bounce_permanent,
                b.delayed AS bounce_delayed
         FROM contact_points p LEFT JOIN address_bounces b ON b.folded = p.folded AND p.kind = 'email'
         WHERE p.customer_id = $1 ORDER BY p.id")
    .bind(customer)
    .all(tx)
    .await
}

pub async fn delete_point(tx: &mut Tx, customer: CustomerId, point: i64) -> Result<()> {
    let gone = sql("DELETE FROM contact_points WHERE id = $1 AND customer_id = $2")
        .bind(point)
        .bind(customer)
        .run(tx)
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Contact points of these customers.
pub async fn points_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(CustomerId, String)>> {
    sql("SELECT customer_id, value FROM contact_points WHERE customer_id IN ")
        .push_list(ids.iter().copied())
        .push(" ORDER BY id")
        .all(tx)
        .await
}
