//! Customers' groups and contracts: a word by which policies tell them apart, such as "Wartungsvertrag".

use std::collections::HashMap;

use super::store;
use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CustomerId, Error, Result, Right, Tx};

const LONGEST: usize = 60;

/// The group of a customer; most have none.
pub async fn group_of(tx: &mut Tx, customer: CustomerId) -> Result<Option<String>> {
    store::group_of(tx, customer).await
}

/// The groups of these customers; most have none.
pub async fn groups_of(tx: &mut Tx, customers: &[CustomerId]) -> Result<HashMap<CustomerId, String>> {
    Ok(store::groups_of(tx, customers).await?.into_iter().collect())
}

/// All groups that customers are in.
pub async fn groups(tx: &mut Tx) -> Result<Vec<String>> {
    store::groups(tx).await
}

/// Puts a customer into a group; an empty name takes them out.
pub async fn set_group(app: &App, actor: &Actor, customer: CustomerId, name: &str) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    Error::unless_short("group", name, LONGEST)?;
    let mut tx = app.db.write().await?;
    customers::customer(&mut tx, customer).await?;
    let name = name.trim();
    if name.is_empty() {
        store::delete_group(&mut tx, customer).await?;
    } else {
        store::set_group(&mut tx, customer, name).await?;
    }
    let fact = Fact::CustomerChanged { field: "group".into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}
