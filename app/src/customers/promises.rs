//! What customers were told would happen, and how that stands. People make and change it through `cases`, where it can
//! be taken back.

use super::model::{DuePromise, Promise, PromiseStand};
use super::store;
use crate::platform::{CaseId, CustomerId, PersonId, Result, Sql, Timestamp, Tx};

#[expect(
    clippy::too_many_arguments,
    reason = "a row of the table; callers are `cases` and the example company"
)]
pub async fn add(
    tx: &mut Tx,
    customer: CustomerId,
    case: Option<CaseId>,
    text: &str,
    due: Timestamp,
    kept: Option<bool>,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<i64> {
    store::insert_promise(tx, customer, case, text, due, kept, person, at).await
}

/// What was promised.
pub async fn text(tx: &mut Tx, promise: i64) -> Result<String> {
    store::promised(tx, promise).await
}

/// The case that a promise was made in, if any, and how it stands.
///
/// # Errors
///
/// [`Error::NotFound`](crate::platform::Error::NotFound) if it was made to somebody else.
pub async fn stand(
    tx: &mut Tx,
    customer: CustomerId,
    promise: i64,
) -> Result<(Option<CaseId>, PromiseStand)> {
    store::promise_stand(tx, customer, promise).await
}

pub async fn set_stand(tx: &mut Tx, promise: i64, stand: PromiseStand) -> Result<()> {
    store::set_promise_stand(tx, promise, stand).await
}

/// Appends `AND …` to a statement about promises `p`: those that a reader may know of. What that depends on, this slice
/// does not know.
pub type Sight<'a> = &'a (dyn Fn(Sql) -> Sql + Send + Sync);

/// All that a customer was promised, with what was withdrawn, as far as the reader may know of it.
pub async fn all(tx: &mut Tx, customer: CustomerId, sight: Sight<'_>) -> Result<Vec<Promise>> {
    store::promises(tx, customer, sight).await
}

/// Open promises that come due after `from` and not after `until`, the first one first.
pub async fn due(tx: &mut Tx, from: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<DuePromise>> {
    store::promises_due(tx, from, until, limit).await
}

/// The promises of a case belong to another one; which they are.
pub async fn bring(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<Vec<i64>> {
    store::move_promises(tx, from, into).await
}

/// These promises belong to a case again.
pub async fn bring_back(tx: &mut Tx, promises: &[i64], case: CaseId) -> Result<()> {
    if promises.is_empty() { Ok(()) } else { store::return_promises(tx, promises, case).await }
}
