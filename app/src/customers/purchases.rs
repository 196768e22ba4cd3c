//! What customers bought, as shops and other programs of the house report it.

use money::Money;

use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CustomerId, Error, ProductId, Result, Right, Timestamp};

/// Characters of a name, group or number.
const LONGEST: usize = 200;

/// Adds a product; one of that name stays as it is.
pub async fn add_product(app: &App, actor: &Actor, name: &str, group: &str) -> Result<ProductId> {
    actor.may(Right::EditCustomers)?;
    let (name, group) = (short("name", name)?, short("group", group)?);
    let mut tx = app.db.write().await?;
    let product = store::product(&mut tx, name, group).await?;
    tx.commit().await?;
    Ok(product)
}

/// Records what a customer bought; an order may have several products. `state` is what the shop says of the order now;
/// empty: nothing.
///
/// # Errors
///
/// [`Error::Invalid`] for an unknown product, a missing number, a negative price or too long a state; nothing is kept.
pub async fn purchase(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    number: &str,
    product: ProductId,
    (price, at): (Money, Timestamp),
    state: &str,
) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let number = short("number", number)?;
    let state = if state.trim().is_empty() { None } else { Some(short("state", state)?) };
    if price.cents < 0 {
        return Err(Error::invalid("price", "error-field-malformed"));
    }
    let mut tx = app.db.write().await?;
    store::customer(&mut tx, customer).await?;
    if !store::has_product(&mut tx, product).await? {
        return Err(Error::invalid("product", "customers-product-unknown"));
    }
    store::insert_purchase(&mut tx, customer, number, product, price, at).await?;
    if let Some(state) = state {
        store::set_purchase_state(&mut tx, customer, number, state).await?;
    }
    let fact = Fact::CustomerChanged { field: "purchases".into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}

/// What the shop says of an order now, such as "versandt": of all its products.
///
/// # Errors
///
/// [`Error::NotFound`] if the customer has no such order.
pub async fn set_order_state(
    app: &App,
    actor: &Actor,
    customer: CustomerId,
    number: &str,
    state: &str,
) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let (number, state) = (short("number", number)?, short("state", state)?);
    let mut tx = app.db.write().await?;
    if store::set_purchase_state(&mut tx, customer, number, state).await? == 0 {
        return Err(Error::NotFound);
    }
    let fact = Fact::CustomerChanged { field: "purchases".into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}

fn short<'a>(field: &'static str, text: &'a str) -> Result<&'a str> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::invalid(field, "error-field-required")),
        1..=LONGEST => Ok(text),
        _ => Err(Error::invalid(field, "error-field-too-long")),
    }
}
