//! Puts the example company into the tables, in the order in which things refer to each other.

mod attributes;
mod cases;
mod customers;
mod house;
mod insights;
mod knowledge;
mod rules;
mod snippets;
mod spending;

use example::Company;

use super::Progress;
use crate::platform::{
    App, CustomerId, DepartmentId, InsightId, PersonId, PolicyId, ProductId, QueueId, Result, Timestamp, Tx,
};

/// The ids that the company's indexes became.
#[derive(Default)]
struct Ids {
    departments: Vec<DepartmentId>,
    queues: Vec<QueueId>,
    people: Vec<PersonId>,
    products: Vec<ProductId>,
    customers: Vec<CustomerId>,
    policies: Vec<PolicyId>,
    insights: Vec<InsightId>,
}

pub async fn everything(app: &App, tx: &mut Tx, company: &Company, progress: &Progress) -> Result<()> {
    let mut ids = Ids::default();
    house::fill(tx, company, &mut ids).await?;
    customers::fill(tx, company, &mut ids, progress).await?;
    spending::ground(tx, company, &mut ids, begin(company)).await?;
    insights::fill(tx, company, &mut ids, &app.zone()).await?;
    cases::fill(app, tx, company, &ids, progress).await?;
    rules::fill(app, tx).await?;
    knowledge::fill(app, tx, &ids).await?;
    snippets::fill(app, tx).await
}

/// The first order: before it there was no company.
fn begin(company: &Company) -> Timestamp {
    at(company.customers.first().and_then(|first| first.orders.first()).map_or(0, |order| order.at))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}
