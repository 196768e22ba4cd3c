//! What each insight has cost in service so far, kept beside the insights, so that lists and rules can ask for it.
//!
//! Costs are not this slice's matter: who knows them brings them along from time to time.

use std::collections::{BTreeSet, HashMap};

use super::store;
use crate::platform::{App, InsightId, Result, dialect};

/// Keeps what insights cost, in cents; how many cost something else than before. What is not `standing` any more has
/// cost nothing.
pub async fn keep(app: &App, costs: &[(InsightId, i64)], standing: &BTreeSet<InsightId>) -> Result<usize> {
    let known: HashMap<i64, i64> = store::costs(&mut app.db.read().await?).await?.into_iter().collect();
    let changed = costs.iter().filter(|(insight, cents)| known.get(&insight.0) != Some(cents));
    let gone = known.iter().map(|(insight, cents)| (InsightId(*insight), *cents));
    let gone = gone.filter(|(insight, cents)| *cents != 0 && !standing.contains(insight));
    let changed: Vec<(InsightId, i64)> =
        changed.copied().chain(gone.map(|(insight, _)| (insight, 0))).collect();
    if changed.is_empty() {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "insight_costs", 0).await?;
    for (insight, cents) in &changed {
        store::set_cost(&mut tx, *insight, *cents).await?;
    }
    tx.commit().await?;
    Ok(changed.len())
}
