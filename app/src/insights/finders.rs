//! Lists of cases by the insights that their findings belong to: which, and how dear.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::store;
use crate::cases::{Condition, Field, Finder, Test};
use crate::platform::{Result, Sql, Tx};

pub static FINDERS: [Finder; 2] = [
    Finder { field: Field::Insight, find: of_insight, missing: Some(no_insight) },
    Finder { field: Field::Cost, find: as_dear, missing: None },
];

fn no_insight<'a>(tx: &'a mut Tx, ids: &'a [String]) -> BoxFuture<'a, Result<Option<String>>> {
    async move {
        let wanted: Vec<i64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let known = store::some(tx, &wanted).await?;
        let is_known = |id: &&String| known.iter().any(|insight| insight.id.to_string() == **id);
        Ok(ids.iter().find(|id| !is_known(id)).cloned())
    }
    .boxed()
}

/// From the insight to its cases: it has few of all.
fn of_insight(statement: Sql, condition: &Condition) -> Sql {
    let documented = "EXISTS (SELECT 1 FROM findings f WHERE f.case_id = c.id AND f.withdrawn_at IS NULL
                              AND f.insight_id IS NOT NULL)";
    let ids: Vec<i64> = condition.values.iter().filter_map(|value| value.parse().ok()).collect();
    match condition.test {
        Test::Set => statement.push(documented),
        Test::Unset => statement.push("NOT ").push(documented),
        _ => statement
            .push(
                "c.id IN (SELECT f.case_id FROM findings f WHERE f.withdrawn_at IS NULL AND f.insight_id IN ",
            )
            .push_list(ids)
            .push(")"),
    }
}

/// What the dearest insight of a case has cost in service, in cents; a value is in whole euros. From what is dear to its
/// cases: asked case by case, it would be asked of all there are.
fn as_dear(statement: Sql, condition: &Condition) -> Sql {
    // Up to the last cent of that euro.
    let (least, beyond) = condition.cents();
    match condition.test {
        Test::AtLeast => at_least(statement, least),
        Test::AtMost => at_least(statement.push("NOT "), beyond),
        _ => at_least(at_least(statement.push("("), least).push(" AND NOT "), beyond).push(")"),
    }
}

/// Every case has cost nothing at least.
fn at_least(statement: Sql, cents: i64) -> Sql {
    if cents <= 0 {
        return statement.push("(1 = 1)");
    }
    statement
        .push(
            "(c.id IN (SELECT f.case_id FROM findings f JOIN insight_costs k ON k.insight_id = f.insight_id
                       WHERE f.withdrawn_at IS NULL AND k.cents >= ",
        )
        .push_bind(cents)
        .push("))")
}
