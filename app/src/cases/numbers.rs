//! Public numbers of cases, for lists that know only their ids.

use std::collections::HashMap;

use crate::platform::{CaseId, Result, Tx, sql};

/// The numbers of these cases, by id.
pub async fn numbers(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, String>> {
    if cases.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(CaseId, String)> =
        sql("SELECT id, number FROM cases WHERE id IN ").push_list(cases.iter().copied()).all(tx).await?;
    Ok(found.into_iter().collect())
}
