//! SQL of how much people have in hand.

use super::CASE;
use crate::cases::model::Case;
use crate::platform::{PersonId, Result, Tx, key_lists, sql};

pub async fn loads(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<(PersonId, i64)>> {
    let mut loads = Vec::new();
    for portion in key_lists(people) {
        // In the words of the index `cases_owner`, so that nothing but it is read.
        let found: Vec<(PersonId, i64)> = sql(
            "SELECT owner_id, COUNT(*) FROM cases WHERE bin IS NULL AND status = 'open' AND owner_id IN ",
        )
        .push_list(portion.iter().copied())
        .push(" GROUP BY owner_id")
        .all(tx)
        .await?;
        loads.extend(found);
    }
    Ok(loads)
}

pub async fn held_by(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Case>> {
    sql("SELECT ")
        .push(CASE)
        .push(" FROM cases c WHERE c.bin IS NULL AND c.status IN ('open', 'waiting') AND c.moved_to IS NULL")
        .push(" AND c.owner_id = ")
        .push_bind(person)
        .push(" ORDER BY c.id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}
