//! How much people have in hand, for those who share work out. Shown to nobody as a figure per person.

use std::collections::HashMap;

use super::model::Case;
use super::store;
use crate::platform::{PersonId, Result, Tx};

/// How many open cases each of these people owns; who has none is missing. What waits for a customer is no load.
pub async fn loads(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, i64>> {
    Ok(store::loads(tx, people).await?.into_iter().collect())
}

/// What somebody owns and is not done, up to `limit`, the oldest first.
pub async fn held_by(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Case>> {
    store::held_by(tx, person, limit).await
}
