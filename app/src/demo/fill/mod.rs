//! Puts the example company into the tables, in the order in which things refer to each other, and what happened into
//! the journal.

mod attributes;
mod cases;
mod chronicle;
mod customers;
mod deadlines;
mod house;
mod insights;
mod knowledge;
mod life;
mod rules;
mod snippets;
mod spending;

use example::Company;

use self::chronicle::Chronicle;
use super::Progress;
use crate::platform::{
    App, CustomerId, DepartmentId, InsightId, PersonId, PolicyId, ProductId, QueueId, Result, Timestamp, Tx,
};

pub use cases::Unfinished;

/// The ids that the company's indexes became.
#[derive(Default)]
pub struct Ids {
    pub departments: Vec<DepartmentId>,
    pub queues: Vec<QueueId>,
    pub people: Vec<PersonId>,
    /// Who set the house up.
    pub admin: Option<PersonId>,
    /// Who says how urgent a case is that nobody has.
    pub lead: Option<PersonId>,
    products: Vec<ProductId>,
    pub customers: Vec<CustomerId>,
    policies: Vec<PolicyId>,
    insights: Vec<InsightId>,
}

/// What was filled in, for what is played in it afterwards.
pub struct Filled {
    pub ids: Ids,
    /// The oldest first.
    pub unfinished: Vec<Unfinished>,
}

pub async fn everything(app: &App, tx: &mut Tx, company: &Company, progress: &Progress) -> Result<Filled> {
    let (mut ids, mut chronicle) = (Ids::default(), Chronicle::default());
    house::fill(app, tx, company, &mut ids, &mut chronicle).await?;
    progress.step();
    deadlines::fill(app, tx, &ids, &mut chronicle).await?;
    customers::fill(tx, company, &mut ids, progress).await?;
    spending::ground(tx, company, &mut ids, begin(company)).await?;
    insights::fill(tx, company, &mut ids, &app.zone()).await?;
    let unfinished = cases::fill(app, tx, company, &ids, &mut chronicle, progress).await?;
    rules::fill(app, tx).await?;
    knowledge::fill(app, tx, &ids).await?;
    snippets::fill(app, tx, company, &ids).await?;
    chronicle.write(tx, progress).await?;
    Ok(Filled { ids, unfinished })
}

/// The first order: before it there was no company.
fn begin(company: &Company) -> Timestamp {
    at(company.customers.first().and_then(|first| first.orders.first()).map_or(0, |order| order.at))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}
