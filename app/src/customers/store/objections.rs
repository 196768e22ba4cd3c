//! What customers do not want.

use crate::customers::objections::{Objection, Purpose};
use crate::platform::{Column, CustomerId, Result, Tx, sql};

pub const OBJECTIONS: [Column; 1] = [("objections", "customer_id")];

/// False if it was said before.
pub async fn insert_objection(tx: &mut Tx, customer: CustomerId, objection: &Objection) -> Result<bool> {
    let new = sql("INSERT INTO objections (customer_id, purpose, at, way) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (customer_id, purpose) DO NOTHING")
    .bind(customer)
    .bind(objection.purpose)
    .bind(objection.at)
    .bind(objection.way)
    .run(tx)
    .await?;
    Ok(new == 1)
}

/// False if there was none.
pub async fn delete_objection(tx: &mut Tx, customer: CustomerId, purpose: Purpose) -> Result<bool> {
    let gone = sql("DELETE FROM objections WHERE customer_id = $1 AND purpose = $2")
        .bind(customer)
        .bind(purpose)
        .run(tx)
        .await?;
    Ok(gone == 1)
}

pub async fn objections(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Objection>> {
    if tx.has_none(&OBJECTIONS, customer.0) {
        return Ok(Vec::new());
    }
    sql("SELECT purpose, at, way FROM objections WHERE customer_id = $1 ORDER BY at, purpose")
        .bind(customer)
        .all(tx)
        .await
}
