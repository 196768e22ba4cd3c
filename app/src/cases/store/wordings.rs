//! What a change replaced and wrote. Facts name it by its id only, so that words can go and history stays.

use crate::platform::{CaseId, Result, Tx, key_lists, sql};

/// What stood somewhere before a change of a case, and what stands there since; `None`: nothing.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Wording {
    pub id: i64,
    pub was: Option<String>,
    pub became: Option<String>,
}

pub async fn insert_wording(
    tx: &mut Tx,
    case: CaseId,
    was: Option<&str>,
    became: Option<&str>,
) -> Result<i64> {
    sql("INSERT INTO case_wordings (case_id, was, became) VALUES ($1, $2, $3) RETURNING id")
        .bind(case)
        .bind(was)
        .bind(became)
        .value(tx)
        .await
}

/// Those of these wordings that belong to `case`.
pub async fn wordings(tx: &mut Tx, case: CaseId, ids: &[i64]) -> Result<Vec<Wording>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in key_lists(ids) {
        let some = sql("SELECT id, was, became FROM case_wordings WHERE case_id = ").push_bind(case);
        all.extend::<Vec<Wording>>(some.push(" AND id IN ").push_list(ids).all(tx).await?);
    }
    Ok(all)
}
