//! Puts the example company into the tables, in the order in which things refer to each other.

mod cases;
mod customers;
mod house;

use example::Company;

use super::Progress;
use crate::platform::{App, CustomerId, DepartmentId, PersonId, ProductId, QueueId, Result, Timestamp, Tx};

/// The ids that the company's indexes became.
#[derive(Default)]
struct Ids {
    departments: Vec<DepartmentId>,
    queues: Vec<QueueId>,
    people: Vec<PersonId>,
    products: Vec<ProductId>,
    customers: Vec<CustomerId>,
}

pub async fn everything(app: &App, tx: &mut Tx, company: &Company, progress: &Progress) -> Result<()> {
    let mut ids = Ids::default();
    house::fill(tx, company, &mut ids).await?;
    customers::fill(tx, company, &mut ids, progress).await?;
    cases::fill(app, tx, company, &ids, progress).await
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}
