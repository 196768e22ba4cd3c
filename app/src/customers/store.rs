//! SQL of customers, their companies and notes; that of where they are reached is in [`points`], of addresses that
//! mail came back from in [`bounces`], of what they do not want in [`objections`].

mod bounces;
mod objections;
mod points;
mod promises;
mod purchases;

use std::collections::HashMap;

pub use bounces::{bounce, bounced, delete_bounce, delete_delay, delete_delays, insert_bounce, point_folded};
pub use objections::{delete_objection, insert_objection, objections};
pub use points::{
    by_beginning, by_emails, by_point, delete_point, emails, insert_new_point, insert_point, points,
    points_of,
};
pub use promises::{
    insert_promise, move_promises, promise_stand, promised, promises, promises_due, return_promises,
    set_promise_stand, standing_promises,
};
pub use purchases::{
    bought, has_product, insert_purchase, orders_of, product, product_of, products, purchases,
    set_purchase_state, turnover,
};

use super::model::{Change, Customer, NewCustomer, Note, fold};
use crate::platform::{Column, CompanyId, CustomerId, Error, Language, Result, Table, Timestamp, Tx, sql};

const NOTES: [Column; 1] = [("customer_notes", "customer_id")];
/// Where something of a customer may stand besides their row, see [`Tx::look`].
pub const OF_CUSTOMER: [Column; 4] =
    [NOTES[0], objections::OBJECTIONS[0], promises::PROMISES[0], purchases::PURCHASES[0]];

const CUSTOMER: &str =
    "SELECT id, name, salutation, company_id, street, postcode, town, country, language, tone,
                               since, keeper_id, version FROM customers ";

static CUSTOMERS: Table<15> = Table {
    name: "customers",
    columns: [
        "id",
        "name",
        "name_folded",
        "salutation",
        "company_id",
        "street",
        "postcode",
        "town",
        "country",
        "language",
        "tone",
        "since",
        "keeper_id",
        "created_at",
        "version",
    ],
    depth: 0,
};

pub async fn insert(tx: &mut Tx, new: &NewCustomer, now: Timestamp) -> Result<CustomerId> {
    let id = tx.next_id("customers").await?;
    let row = [
        id.into(),
        (&new.name).into(),
        fold(&new.name).into(),
        new.salutation.clone().into(),
        new.company.into(),
        new.street.clone().into(),
        new.postcode.clone().into(),
        new.town.clone().into(),
        new.country.clone().into(),
        new.language.unwrap_or(Language::De).into(),
        new.tone.into(),
        new.since.unwrap_or(now).into(),
        new.keeper.into(),
        now.into(),
        1_i64.into(),
    ];
    tx.insert_later(&CUSTOMERS, row);
    Ok(CustomerId(id))
}

pub async fn customer(tx: &mut Tx, customer: CustomerId) -> Result<Customer> {
    tx.once("customer", customer.0, |tx, id| Box::pin(by_id(tx, id))).await
}

async fn by_id(tx: &mut Tx, id: i64) -> Result<Customer> {
    sql(CUSTOMER).push("WHERE id = ").push_bind(id).one(tx).await
}

/// False if the customer is no longer as it was edited.
pub async fn update(tx: &mut Tx, customer: CustomerId, change: &Change) -> Result<bool> {
    let touched = sql("UPDATE customers SET name = $3, name_folded = $4, salutation = $5, street = $6, postcode = $7,
                                            town = $8, country = $9, language = $10, keeper_id = $11, tone = $12,
                                            version = version + 1
                       WHERE id = $1 AND version = $2")
        .bind(customer)
        .bind(change.version)
        .bind(&change.name)
        .bind(fold(&change.name))
        .bind(change.salutation.clone())
        .bind(change.street.clone())
        .bind(change.postcode.clone())
        .bind(change.town.clone())
        .bind(change.country.clone())
        .bind(change.language)
        .bind(change.keeper)
        .bind(change.tone)
        .run(tx)
        .await?;
    Ok(touched == 1)
}

pub async fn some(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<Customer>> {
    sql(CUSTOMER).push("WHERE id IN ").push_list(customers.iter().copied()).all(tx).await
}

pub async fn names(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    let rows: Vec<(CustomerId, String)> = sql("SELECT id, name FROM customers WHERE id IN ")
        .push_list(customers.iter().copied())
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn list(
    tx: &mut Tx,
    folded: &str,
    cursor: Option<(String, CustomerId)>,
    limit: i64,
) -> Result<Vec<Customer>> {
    let mut statement = sql(CUSTOMER).push("WHERE TRUE");
    if !folded.is_empty() {
        statement = statement.push(" AND name_folded LIKE ").push_bind(format!("%{folded}%"));
    }
    if let Some((name, id)) = cursor {
        statement =
            statement.push(" AND (name_folded, id) > (").push_bind(name).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY name_folded, id LIMIT ").push_bind(limit).all(tx).await
}

pub async fn insert_note(
    tx: &mut Tx,
    customer: CustomerId,
    text: &str,
    source: &str,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO customer_notes (customer_id, text, source, at) VALUES ($1, $2, $3, $4)")
        .bind(customer)
        .bind(text)
        .bind(source)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn delete_note(tx: &mut Tx, customer: CustomerId, note: i64) -> Result<()> {
    let gone = sql("DELETE FROM customer_notes WHERE id = $1 AND customer_id = $2")
        .bind(note)
        .bind(customer)
        .run(tx)
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn notes(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Note>> {
    if tx.has_none(&NOTES, customer.0) {
        return Ok(Vec::new());
    }
    sql("SELECT id, text, source, at FROM customer_notes WHERE customer_id = $1 ORDER BY id")
        .bind(customer)
        .all(tx)
        .await
}

pub async fn insert_company(tx: &mut Tx, name: &str) -> Result<CompanyId> {
    sql("INSERT INTO companies (name, name_folded) VALUES ($1, $2) RETURNING id")
        .bind(name)
        .bind(fold(name))
        .value(tx)
        .await
}

pub async fn company(tx: &mut Tx, company: CompanyId) -> Result<String> {
    sql("SELECT name FROM companies WHERE id = $1").bind(company).value(tx).await
}

/// What the search shows of a customer.
#[derive(sqlx::FromRow)]
pub struct Searched {
    pub id: CustomerId,
    pub name: String,
    pub company: Option<String>,
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub town: Option<String>,
    pub since: Timestamp,
}

pub async fn searched(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Searched>> {
    sql("SELECT c.id, c.name, companies.name AS company, c.street, c.postcode, c.town, c.since
         FROM customers c LEFT JOIN companies ON companies.id = c.company_id WHERE c.id IN ")
    .push_list(ids.iter().copied())
    .all(tx)
    .await
}

/// Notes about these customers.
pub async fn notes_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(CustomerId, String)>> {
    sql("SELECT customer_id, text FROM customer_notes WHERE customer_id IN ")
        .push_list(ids.iter().copied())
        .push(" ORDER BY id")
        .all(tx)
        .await
}

/// Up to `limit` ids below `below`, highest first.
pub async fn ids_below(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT id FROM customers WHERE id < $1 ORDER BY id DESC LIMIT $2")
        .bind(below)
        .bind(limit)
        .values(tx)
        .await
}
