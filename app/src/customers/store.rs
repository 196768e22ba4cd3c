//! SQL of customers, companies, contact points, notes, products, purchases and promises; that of addresses that
//! mail came back from is in [`bounces`], of what customers do not want in [`objections`].

mod bounces;
mod objections;

use std::collections::HashMap;

pub use bounces::{bounce, bounced, delete_bounce, delete_delay, delete_delays, insert_bounce, point_folded};
pub use objections::{delete_objection, insert_objection, objections};

use money::{Currency, Money};

use super::model::{
    Change, ContactPoint, Customer, DuePromise, NewCustomer, Note, PointKind, Product, Promise, Purchase,
    fold, fold_point, same_phones,
};
use crate::platform::{
    CaseId, CompanyId, CustomerId, Error, Language, PersonId, ProductId, Result, Table, Timestamp, Tx,
    portions, sql,
};

const CUSTOMER: &str =
    "SELECT id, name, salutation, company_id, street, postcode, town, country, language, since,
                               keeper_id, version FROM customers ";

static CUSTOMERS: Table<14> = Table {
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
        new.since.unwrap_or(now).into(),
        new.keeper.into(),
        now.into(),
        1_i64.into(),
    ];
    tx.insert_later(&CUSTOMERS, row);
    Ok(CustomerId(id))
}

static POINTS: Table<4> =
    Table { name: "contact_points", columns: ["customer_id", "kind", "value", "folded"], depth: 1 };

/// A point that nobody has, as this transaction made sure.
pub fn insert_new_point(tx: &mut Tx, customer: CustomerId, kind: PointKind, value: &str) {
    tx.insert_later(&POINTS, [customer.into(), kind.into(), value.into(), fold_point(kind, value).into()]);
}

/// Who has these folded e-mail addresses.
pub async fn by_emails(tx: &mut Tx, folded: &[String]) -> Result<HashMap<String, CustomerId>> {
    let mut known = HashMap::new();
    for folded in portions(folded) {
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

pub async fn customer(tx: &mut Tx, customer: CustomerId) -> Result<Customer> {
    sql(CUSTOMER).push("WHERE id = ").push_bind(customer).one(tx).await
}

/// False if the customer is no longer as it was edited.
pub async fn update(tx: &mut Tx, customer: CustomerId, change: &Change) -> Result<bool> {
    let touched = sql("UPDATE customers SET name = $3, name_folded = $4, salutation = $5, street = $6, postcode = $7,
                                            town = $8, country = $9, language = $10, keeper_id = $11, version = version + 1
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
        .run(tx)
        .await?;
    Ok(touched == 1)
}

pub async fn some(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<Customer>> {
    sql(CUSTOMER).push("WHERE id IN ").push_list(customers.iter().copied()).all(tx).await
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

pub async fn product(tx: &mut Tx, name: &str, group: &str) -> Result<ProductId> {
    // The update that changes nothing makes RETURNING answer for a known product as well.
    sql("INSERT INTO products (name, product_group) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id")
    .bind(name)
    .bind(group)
    .value(tx)
    .await
}

pub async fn products(tx: &mut Tx) -> Result<Vec<Product>> {
    sql("SELECT id, name, product_group FROM products ORDER BY name").all(tx).await
}

pub async fn has_product(tx: &mut Tx, product: ProductId) -> Result<bool> {
    let found: i64 = sql("SELECT COUNT(*) FROM products WHERE id = $1").bind(product).value(tx).await?;
    Ok(found != 0)
}

pub async fn product_of(tx: &mut Tx, product: ProductId) -> Result<Product> {
    sql("SELECT id, name, product_group FROM products WHERE id = $1").bind(product).one(tx).await
}

/// What a customer bought, each product once, the newest first.
pub async fn bought(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Product>> {
    sql("SELECT products.id, products.name, products.product_group FROM products
         JOIN (SELECT product_id, MAX(at) AS last FROM purchases WHERE customer_id = $1 GROUP BY product_id) AS bought
             ON bought.product_id = products.id
         ORDER BY bought.last DESC, products.id LIMIT 50")
    .bind(customer)
    .all(tx)
    .await
}

pub async fn insert_purchase(
    tx: &mut Tx,
    customer: CustomerId,
    number: &str,
    product: ProductId,
    price: Money,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO purchases (customer_id, number, product_id, cents, currency, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(customer)
        .bind(number)
        .bind(product)
        .bind(price.cents)
        .bind(price.currency.code())
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Sets what the shop says of an order; how many of its products were found.
pub async fn set_purchase_state(tx: &mut Tx, customer: CustomerId, number: &str, state: &str) -> Result<u64> {
    sql("UPDATE purchases SET state = $3 WHERE customer_id = $1 AND number = $2")
        .bind(customer)
        .bind(number)
        .bind(state)
        .run(tx)
        .await
}

pub async fn purchases(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Purchase>> {
    let rows: Vec<(String, String, i64, String, Timestamp, Option<String>)> =
        sql("SELECT p.number, products.name, p.cents, p.currency, p.at, p.state
             FROM purchases p JOIN products ON products.id = p.product_id
             WHERE p.customer_id = $1 ORDER BY p.at DESC, p.id DESC LIMIT 50")
        .bind(customer)
        .all(tx)
        .await?;
    let purchase = |(number, product, cents, currency, at, state): (_, _, _, String, _, _)| {
        let currency: Currency = currency.parse().map_err(anyhow::Error::from)?;
        Ok(Purchase { number, product, price: Money::new(cents, currency), at, state })
    };
    rows.into_iter().map(purchase).collect()
}

/// The sum of all orders in each currency, and how many there are.
pub async fn turnover(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(Money, i64)>> {
    let rows: Vec<(String, i64, i64)> =
        sql("SELECT currency, CAST(SUM(cents) AS bigint), COUNT(*) FROM purchases WHERE customer_id = $1
             GROUP BY currency ORDER BY currency DESC")
        .bind(customer)
        .all(tx)
        .await?;
    let sum = |(currency, cents, count): (String, i64, i64)| {
        let currency: Currency = currency.parse().map_err(anyhow::Error::from)?;
        Ok((Money::new(cents, currency), count))
    };
    rows.into_iter().map(sum).collect()
}

#[expect(clippy::too_many_arguments, reason = "a row of the table")]
pub async fn insert_promise(
    tx: &mut Tx,
    customer: CustomerId,
    case: Option<CaseId>,
    text: &str,
    due: Timestamp,
    kept: Option<bool>,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO promises (customer_id, case_id, text, due_at, kept, person_id, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id")
    .bind(customer)
    .bind(case)
    .bind(text)
    .bind(due)
    .bind(kept)
    .bind(person)
    .bind(at)
    .value(tx)
    .await
}

/// The case that it was made in, if any.
pub async fn end_promise(
    tx: &mut Tx,
    customer: CustomerId,
    promise: i64,
    kept: bool,
) -> Result<Option<CaseId>> {
    sql("UPDATE promises SET kept = $3 WHERE id = $1 AND customer_id = $2 AND kept IS NULL RETURNING case_id")
        .bind(promise)
        .bind(customer)
        .bind(kept)
        .value(tx)
        .await
}

pub async fn promises_due(
    tx: &mut Tx,
    from: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DuePromise>> {
    sql("SELECT id, case_id, person_id, due_at FROM promises
         WHERE kept IS NULL AND $1 < due_at AND due_at <= $2 ORDER BY due_at, id LIMIT $3")
    .bind(from)
    .bind(until)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn move_promises(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<Vec<i64>> {
    sql("UPDATE promises SET case_id = $2 WHERE case_id = $1 RETURNING id")
        .bind(from)
        .bind(into)
        .values(tx)
        .await
}

pub async fn return_promises(tx: &mut Tx, promises: &[i64], case: CaseId) -> Result<()> {
    sql("UPDATE promises SET case_id = $1 WHERE id IN ")
        .bind(case)
        .push_list(promises.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

pub async fn promises(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Promise>> {
    sql("SELECT p.id, p.text, p.due_at, p.kept, people.name AS made_by, p.made_at
         FROM promises p LEFT JOIN people ON people.id = p.person_id
         WHERE p.customer_id = $1 ORDER BY p.due_at DESC LIMIT 50")
    .bind(customer)
    .all(tx)
    .await
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

/// Contact points of these customers.
pub async fn points_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(CustomerId, String)>> {
    sql("SELECT customer_id, value FROM contact_points WHERE customer_id IN ")
        .push_list(ids.iter().copied())
        .push(" ORDER BY id")
        .all(tx)
        .await
}

/// Orders of these customers: number and product.
pub async fn orders_of(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(CustomerId, String, String)>> {
    sql("SELECT p.customer_id, p.number, products.name FROM purchases p
         JOIN products ON products.id = p.product_id WHERE p.customer_id IN ")
    .push_list(ids.iter().copied())
    .push(" ORDER BY p.at DESC, p.id DESC")
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
