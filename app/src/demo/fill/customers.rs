//! Customers with what is good to know about them, and what they bought.

use example::{Company, Customer, Gender};
use jiff::tz::TimeZone;
use money::{Currency, Money};

use super::super::{Part, Progress};
use super::{Ids, at};
use crate::customers;
use crate::customers::{NewCustomer, PointKind};
use crate::platform::{CustomerId, Error, Language, Result, Timestamp, Tx};

pub async fn fill(tx: &mut Tx, company: &Company, ids: &mut Ids, progress: &Progress) -> Result<()> {
    for product in &company.products {
        ids.products.push(customers::product(tx, product.name, product.group).await?);
    }
    progress.part(Part::Customers, company.customers.len());
    let orders = company.customers.iter().flat_map(|customer| &customer.orders);
    let newest = orders.map(|order| order.at).max().unwrap_or(0);
    for customer in &company.customers {
        ids.customers.push(add(tx, customer, ids, newest).await?);
        progress.step();
    }
    Ok(())
}

/// After so many seconds an order has arrived.
const ARRIVED_AFTER: i64 = 10 * 24 * 60 * 60;

async fn add(tx: &mut Tx, customer: &Customer, ids: &Ids, newest: i64) -> Result<CustomerId> {
    let company = match &customer.company {
        Some(name) => Some(customers::add_company(tx, name).await?),
        None => None,
    };
    let since = since(customer)?;
    let new = NewCustomer {
        name: name(customer),
        salutation: salutation(customer.salutation).map(str::to_owned),
        company,
        street: Some(customer.street.clone()),
        postcode: Some(customer.postcode.into()),
        town: Some(customer.town.into()),
        country: Some(customer.country.into()),
        language: Some(language(customer)),
        tone: None,
        since: Some(since),
        keeper: None,
        points: points(customer),
    };
    let id = customers::add_past(tx, &new, since).await?;
    for fact in &customer.facts {
        customers::add_note(tx, id, &fact.text, &fact.source, at(fact.at)).await?;
    }
    for order in &customer.orders {
        let price = Money::new(order.cents, Currency::Eur);
        customers::add_purchase(tx, id, &order.number, ids.products[order.product], price, at(order.at))
            .await?;
        let state = if order.at + ARRIVED_AFTER < newest { "geliefert" } else { "versandt" };
        customers::add_order_state(tx, id, &order.number, state).await?;
    }
    Ok(id)
}

pub fn name(customer: &Customer) -> String {
    format!("{} {}", customer.first, customer.last)
}

fn points(customer: &Customer) -> Vec<(PointKind, String)> {
    let emails = customer.emails.iter().map(|email| (PointKind::Email, email.clone()));
    emails.chain([(PointKind::Phone, customer.phone.clone())]).collect()
}

fn language(customer: &Customer) -> Language {
    if customer.language == "en" { Language::En } else { Language::De }
}

/// `None` is greeted by full name.
const fn salutation(gender: Gender) -> Option<&'static str> {
    match gender {
        Gender::Female => Some("ms"),
        Gender::Male => Some("mr"),
        Gender::Neutral => None,
    }
}

fn since(customer: &Customer) -> Result<Timestamp> {
    let day = customer.since.to_zoned(TimeZone::UTC).map_err(anyhow::Error::from).map_err(Error::from)?;
    Ok(day.timestamp().into())
}
