//! SQL of what people say about two cases.

use super::CASE;
use super::of_case::RELATIONS;
use crate::cases::model::{Case, Status};
use crate::cases::relations::Relation;
use crate::platform::{CaseId, PersonId, Result, Timestamp, Tx, sql};

/// A relation, with the other case of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RelationRow {
    pub kind: Relation,
    #[sqlx(rename = "other_id")]
    pub other: CaseId,
    /// The case that was asked about comes first.
    pub first: bool,
    pub number: String,
    pub subject: String,
    pub status: Status,
}

pub async fn insert_relation(
    tx: &mut Tx,
    case: CaseId,
    other: CaseId,
    kind: Relation,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO case_relations (case_id, other_id, kind, person_id, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, other_id) DO UPDATE SET kind = excluded.kind")
    .bind(case)
    .bind(other)
    .bind(kind)
    .bind(person)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn delete_relation(tx: &mut Tx, case: CaseId, other: CaseId) -> Result<u64> {
    sql("DELETE FROM case_relations WHERE case_id = $1 AND other_id = $2")
        .bind(case)
        .bind(other)
        .run(tx)
        .await
}

/// What one case is to another, as it is stored in this order.
pub async fn relation(tx: &mut Tx, case: CaseId, other: CaseId) -> Result<Option<Relation>> {
    sql("SELECT kind FROM case_relations WHERE case_id = $1 AND other_id = $2")
        .bind(case)
        .bind(other)
        .maybe_value(tx)
        .await
}

pub async fn relations(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<RelationRow>> {
    if tx.has_none(&RELATIONS, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT r.kind, r.other_id, TRUE AS first, c.number, c.subject, c.status
         FROM case_relations r JOIN cases c ON c.id = r.other_id WHERE r.case_id = $1
         UNION ALL
         SELECT r.kind, r.case_id AS other_id, FALSE AS first, c.number, c.subject, c.status
         FROM case_relations r JOIN cases c ON c.id = r.case_id WHERE r.other_id = $1
         ORDER BY 2 LIMIT $2")
    .bind(case)
    .bind(limit)
    .all(tx)
    .await
}

/// What a case is a part of.
pub async fn parents(tx: &mut Tx, case: CaseId) -> Result<Vec<CaseId>> {
    sql("SELECT other_id FROM case_relations WHERE case_id = $1 AND kind = 'child'")
        .bind(case)
        .values(tx)
        .await
}

pub async fn open_children(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Case>> {
    sql("SELECT ")
        .push(CASE)
        .push(
            " FROM case_relations r JOIN cases c ON c.id = r.case_id
             WHERE r.kind = 'child' AND c.status <> 'closed' AND c.moved_to IS NULL AND r.other_id = ",
        )
        .push_bind(case)
        .push(" ORDER BY c.id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}
