//! Customers: the people we serve and everything good to know about them.

mod bounces;
mod edit;
mod model;
mod objections;
pub mod promises;
mod purchases;
mod search;
mod store;
pub mod web;

use std::collections::HashMap;

pub use bounces::{
    Bounce, bounce, bounced, clear_bounce, clear_delay, forget_bounce, forget_delays, set_bounced,
};
pub use edit::{add_point, change, create, is_point, remove_point};
pub use model::{
    Change, ContactPoint, Customer, DuePromise, NewCustomer, Note, PointKind, Product, Promise, PromiseStand,
    Purchase, fold, fold_point,
};
pub use objections::{Objection, Purpose, Way, lift_objection, note_objection, object, objections, objects};
pub use purchases::{add_product, purchase, set_order_state};
pub use search::SEARCH;
pub use store::OF_CUSTOMER;

use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{
    Actor, App, CompanyId, CustomerId, Error, Language, Manner, ProductId, QueueId, Result, Right, Timestamp,
    Tx,
};

/// Characters of a name or another field of one line.
const LONGEST_FIELD: usize = 200;
/// Characters of a note or promise.
pub const LONGEST_NOTE: usize = 2000;

/// Purchases of a file; a disclosure has [`all_purchases`].
const PURCHASES: i64 = 50;
/// Customers offered while somebody types.
const PICKED: i64 = 8;

/// Who uses which e-mail address, as far as somebody asked: for many contacts at once.
#[derive(Default)]
pub struct Book(HashMap<String, Option<CustomerId>>);

impl Book {
    /// How many of the addresses nobody uses.
    pub fn unknown(&self) -> usize {
        self.0.values().filter(|customer| customer.is_none()).count()
    }
}

/// Looks up many e-mail addresses.
pub async fn book(tx: &mut Tx, addresses: impl IntoIterator<Item = &str>) -> Result<Book> {
    let mut folded: Vec<String> =
        addresses.into_iter().map(|address| fold_point(PointKind::Email, address)).collect();
    folded.sort_unstable();
    folded.dedup();
    let known = store::by_emails(tx, &folded).await?;
    let asked = folded.into_iter().map(|folded| {
        let customer = known.get(&folded).copied();
        (folded, customer)
    });
    Ok(Book(asked.collect()))
}

/// The customer who uses this e-mail address; a new one if nobody does, as `book` of this transaction knows.
pub async fn of_address(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    book: &mut Book,
    address: &str,
    name: Option<&str>,
    language: Language,
) -> Result<CustomerId> {
    let folded = fold_point(PointKind::Email, address);
    let known = match book.0.get(&folded) {
        Some(known) => *known,
        None => by_point(tx, PointKind::Email, address).await?,
    };
    if let Some(known) = known {
        return Ok(known);
    }
    let local = address.split('@').next().unwrap_or(address);
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(local);
    let new = NewCustomer {
        name: name.chars().take(LONGEST_FIELD).collect(),
        language: Some(language),
        ..NewCustomer::default()
    };
    let customer = add(app, tx, actor, &new).await?;
    store::insert_new_point(tx, customer, PointKind::Email, address.trim());
    book.0.insert(folded, Some(customer));
    Ok(customer)
}

/// Adds a customer; contact points that somebody else has stay with them.
pub async fn add(app: &App, tx: &mut Tx, actor: &Actor, new: &NewCustomer) -> Result<CustomerId> {
    let customer = store::insert(tx, new, app.now()).await?;
    for (kind, value) in &new.points {
        store::insert_point(tx, customer, *kind, value).await?;
    }
    journal::record(app, tx, actor, About::customer(customer), Fact::CustomerAdded)?;
    Ok(customer)
}

/// Adds a customer known from before, without news of it; used by imports and the example company.
pub async fn add_past(tx: &mut Tx, new: &NewCustomer, at: Timestamp) -> Result<CustomerId> {
    let customer = store::insert(tx, new, at).await?;
    for (kind, value) in &new.points {
        store::insert_point(tx, customer, *kind, value).await?;
    }
    Ok(customer)
}

/// Remembers something good to know.
pub async fn note(app: &App, actor: &Actor, customer: CustomerId, text: &str) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let text = text.trim();
    Error::unless_text("text", text, LONGEST_NOTE)?;
    let mut tx = app.db.write().await?;
    store::customer(&mut tx, customer).await?;
    add_note(&mut tx, customer, text, &actor.name, app.now()).await?;
    let fact = Fact::CustomerChanged { field: "notes".into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}

pub async fn add_note(
    tx: &mut Tx,
    customer: CustomerId,
    text: &str,
    source: &str,
    at: Timestamp,
) -> Result<()> {
    store::insert_note(tx, customer, text, source, at).await
}

/// Forgets something; the journal keeps that it happened, not what it was.
pub async fn forget_note(app: &App, actor: &Actor, customer: CustomerId, note: i64) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.write().await?;
    store::delete_note(&mut tx, customer, note).await?;
    let fact = Fact::CustomerChanged { field: "notes".into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}

/// Everything the file shows about a customer, also what was promised on hidden cases: readers get it from `cases`.
pub struct File {
    pub customer: Customer,
    pub company: Option<String>,
    pub points: Vec<ContactPoint>,
    pub notes: Vec<Note>,
    /// The newest ones.
    pub purchases: Vec<Purchase>,
    /// Open ones first and of these the broken, then by due time, newest first; none that was withdrawn.
    pub promises: Vec<Promise>,
    /// What the customer does not want.
    pub objections: Vec<Objection>,
}

/// A file with all promises; for a reader see [`file_for`].
pub async fn file(tx: &mut Tx, customer: CustomerId, now: Timestamp) -> Result<File> {
    file_for(tx, customer, now, &|all| all).await
}

/// A file with the promises that a reader may know of.
pub async fn file_for(
    tx: &mut Tx,
    customer: CustomerId,
    now: Timestamp,
    sight: promises::Sight<'_>,
) -> Result<File> {
    let row = store::customer(tx, customer).await?;
    let company = match row.company {
        Some(company) => Some(store::company(tx, company).await?),
        None => None,
    };
    let mut promises = store::standing_promises(tx, customer, sight).await?;
    promises.sort_by_key(|promise| (promise.kept.is_some(), !promise.is_broken(now), -promise.due_at.0));
    Ok(File {
        company,
        points: store::points(tx, customer).await?,
        notes: store::notes(tx, customer).await?,
        purchases: store::purchases(tx, customer, PURCHASES).await?,
        promises,
        objections: store::objections(tx, customer).await?,
        customer: row,
    })
}

/// Everything that a customer bought, the newest first.
pub async fn all_purchases(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Purchase>> {
    store::purchases(tx, customer, i64::MAX).await
}

/// The sum of all orders in each currency, and how many there are: what was sold, before returns.
pub async fn turnover(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(money::Money, i64)>> {
    store::turnover(tx, customer).await
}

pub async fn customer(tx: &mut Tx, customer: CustomerId) -> Result<Customer> {
    store::customer(tx, customer).await
}

/// How a customer is written to from a queue: in their language, and as they are addressed there.
pub async fn manner(tx: &mut Tx, customer: CustomerId, queue: QueueId) -> Result<Manner> {
    let usual = people::queue(tx, queue).await?.tone;
    Ok(store::customer(tx, customer).await?.manner(usual))
}

/// Those of these customers, by id.
pub async fn some(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, Customer>> {
    let found = store::some(tx, customers).await?;
    Ok(found.into_iter().map(|customer| (customer.id, customer)).collect())
}

/// The addresses that answers to these customers go to; who has none is missing.
pub async fn emails(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    store::emails(tx, customers).await
}

/// Names by id, for lists.
pub async fn names(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    store::names(tx, customers).await
}

/// The address that answers go to; `None` if none is known.
pub async fn email(tx: &mut Tx, customer: CustomerId) -> Result<Option<String>> {
    let points = store::points(tx, customer).await?;
    Ok(points.into_iter().find(|point| point.kind == PointKind::Email).map(|point| point.value))
}

pub async fn by_point(tx: &mut Tx, kind: PointKind, value: &str) -> Result<Option<CustomerId>> {
    store::by_point(tx, kind, value).await
}

/// Up to `limit` customers whose name starts with or contains `query`, after `cursor` (name and id).
pub async fn list(
    tx: &mut Tx,
    query: &str,
    cursor: Option<(String, CustomerId)>,
    limit: i64,
) -> Result<Vec<Customer>> {
    store::list(tx, &fold(query), cursor, limit).await
}

/// Up to eight customers who fit a part of a name, or the beginning of a number or an address; how they are reached.
pub async fn pick(tx: &mut Tx, typed: &str) -> Result<Vec<(CustomerId, String, String)>> {
    let typed: String = typed.trim().chars().take(LONGEST_FIELD).collect();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<CustomerId> = Vec::new();
    if typed.contains('@') || typed.contains(|c: char| c.is_ascii_digit()) {
        let kind = if typed.contains('@') { PointKind::Email } else { PointKind::Phone };
        found.extend(by_point(tx, kind, &typed).await?);
        found.extend(store::by_beginning(tx, kind, &fold_point(kind, &typed), PICKED).await?);
    }
    found.extend(list(tx, &typed, None, PICKED).await?.into_iter().map(|customer| customer.id));
    let mut unique: Vec<CustomerId> = Vec::new();
    for customer in found {
        if !unique.contains(&customer) && unique.len() < 8 {
            unique.push(customer);
        }
    }
    let mut picked = Vec::with_capacity(unique.len());
    for customer in unique {
        let points: Vec<String> =
            store::points(tx, customer).await?.into_iter().map(|point| point.value).take(2).collect();
        picked.push((customer, store::customer(tx, customer).await?.name, points.join(", ")));
    }
    Ok(picked)
}

pub async fn add_company(tx: &mut Tx, name: &str) -> Result<CompanyId> {
    store::insert_company(tx, name).await
}

/// The product of that name; new ones are added.
pub async fn product(tx: &mut Tx, name: &str, group: &str) -> Result<ProductId> {
    store::product(tx, name, group).await
}

pub async fn products(tx: &mut Tx) -> Result<Vec<Product>> {
    store::products(tx).await
}

pub async fn has_product(tx: &mut Tx, product: ProductId) -> Result<bool> {
    store::has_product(tx, product).await
}

/// What a customer bought, each product once, the newest first.
pub async fn bought(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Product>> {
    store::bought(tx, customer).await
}

pub async fn product_of(tx: &mut Tx, product: ProductId) -> Result<Product> {
    store::product_of(tx, product).await
}

pub async fn add_purchase(
    tx: &mut Tx,
    customer: CustomerId,
    number: &str,
    product: ProductId,
    price: money::Money,
    at: Timestamp,
) -> Result<()> {
    store::insert_purchase(tx, customer, number, product, price, at).await
}

/// What the shop says of an order with a past; used by imports and the example company, which record no news of it.
pub async fn add_order_state(tx: &mut Tx, customer: CustomerId, number: &str, state: &str) -> Result<()> {
    store::set_purchase_state(tx, customer, number, state).await?;
    Ok(())
}
