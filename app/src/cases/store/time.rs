//! SQL of the time that people spend on cases.

use super::of_case::TIME;
use crate::platform::{CaseId, Error, PersonId, Result, Timestamp, Tx, sql};

pub async fn insert_time(
    tx: &mut Tx,
    case: CaseId,
    person: Option<PersonId>,
    at: Timestamp,
    seconds: i64,
) -> Result<()> {
    sql("INSERT INTO case_time (case_id, person_id, at, seconds) VALUES ($1, $2, $3, $4)")
        .bind(case)
        .bind(person)
        .bind(at)
        .bind(seconds)
        .run(tx)
        .await?;
    let changed = sql("UPDATE cases SET active_seconds = active_seconds + $2 WHERE id = $1")
        .bind(case)
        .bind(seconds)
        .run(tx)
        .await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// When this person spent how many seconds on a case.
pub async fn time_of(tx: &mut Tx, case: CaseId, person: PersonId) -> Result<Vec<(Timestamp, i64)>> {
    if tx.has_none(&TIME, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT at, seconds FROM case_time WHERE case_id = $1 AND person_id = $2 ORDER BY at, id")
        .bind(case)
        .bind(person)
        .all(tx)
        .await
}
