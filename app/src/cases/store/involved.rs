//! SQL of the people of a case.

use super::of_case::PEOPLE;
use crate::cases::involved::{Involved, Involvement};
use crate::platform::{CaseId, PersonId, Result, Timestamp, Tx, key_lists, sql};

/// False if they were it already.
pub async fn add_person(
    tx: &mut Tx,
    case: CaseId,
    person: PersonId,
    part: Involvement,
    at: Timestamp,
) -> Result<bool> {
    let added = sql("INSERT INTO case_people (case_id, person_id, part, at) VALUES ($1, $2, $3, $4)
                     ON CONFLICT DO NOTHING")
    .bind(case)
    .bind(person)
    .bind(part)
    .bind(at)
    .run(tx)
    .await?;
    Ok(added == 1)
}

pub async fn remove_person(tx: &mut Tx, case: CaseId, person: PersonId, part: &str) -> Result<u64> {
    sql("DELETE FROM case_people WHERE case_id = $1 AND person_id = $2 AND part = $3")
        .bind(case)
        .bind(person)
        .bind(part)
        .run(tx)
        .await
}

/// As [`involved`], of several cases, without names.
pub async fn involved_in(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, PersonId, Involvement)>> {
    let mut found = Vec::new();
    for cases in key_lists(cases) {
        let statement = sql("SELECT case_id, person_id, part FROM case_people WHERE case_id IN ");
        let statement = statement.push_list(cases.iter().copied());
        found.extend::<Vec<(CaseId, PersonId, Involvement)>>(statement.all(tx).await?);
    }
    Ok(found)
}

pub async fn involved(tx: &mut Tx, case: CaseId) -> Result<Vec<Involved>> {
    if tx.has_none(&PEOPLE, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT i.person_id, people.name, i.part FROM case_people i JOIN people ON people.id = i.person_id
         WHERE i.case_id = $1 ORDER BY i.part, people.name, i.person_id")
    .bind(case)
    .all(tx)
    .await
}
