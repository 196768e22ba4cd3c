//! SQL of cases on their way to somebody else.

use super::of_case::HANDOFFS;
use crate::cases::handoffs::{Handoff, HandoffState, To};
use crate::platform::{Actor, CaseId, PersonId, Result, Sql, Timestamp, Tx, sql};

const HANDOFF: &str = "SELECT h.id, h.case_id, c.number, c.subject, sender.name AS sender, h.to_queue, h.to_person,
    h.to_department, COALESCE(q.name, receiver.name, d.name, '') AS receiver, h.reason, h.due_at, h.at, h.state, h.answer,
    answerer.name AS answered_by, h.answered_at
    FROM case_handoffs h
    JOIN cases c ON c.id = h.case_id
    LEFT JOIN people sender ON sender.id = h.person_id
    LEFT JOIN queues q ON q.id = h.to_queue
    LEFT JOIN people receiver ON receiver.id = h.to_person
    LEFT JOIN departments d ON d.id = h.to_department
    LEFT JOIN people answerer ON answerer.id = h.answered_by ";

pub async fn insert_handoff(
    tx: &mut Tx,
    case: CaseId,
    person: Option<PersonId>,
    to: To,
    reason: &str,
    due: Option<Timestamp>,
    at: Timestamp,
) -> Result<i64> {
    let (queue, receiver, department) = match to {
        To::Queue(queue) => (Some(queue), None, None),
        To::Person(person) => (None, Some(person), None),
        To::Department(department) => (None, None, Some(department)),
    };
    sql("INSERT INTO case_handoffs (case_id, person_id, to_queue, to_person, to_department, reason, due_at, at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked') RETURNING id")
    .bind(case)
    .bind(person)
    .bind(queue)
    .bind(receiver)
    .bind(department)
    .bind(reason)
    .bind(due)
    .bind(at)
    .value(tx)
    .await
}

pub async fn handoff_sender(tx: &mut Tx, handoff: i64) -> Result<Option<PersonId>> {
    let found: Option<Option<PersonId>> =
        sql("SELECT person_id FROM case_handoffs WHERE id = $1").bind(handoff).maybe_value(tx).await?;
    Ok(found.flatten())
}

pub async fn handoff(tx: &mut Tx, handoff: i64) -> Result<Handoff> {
    sql(HANDOFF).push("WHERE h.id = ").push_bind(handoff).one(tx).await
}

pub async fn handoffs(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Handoff>> {
    if tx.has_none(&HANDOFFS, case.0) {
        return Ok(Vec::new());
    }
    sql(HANDOFF)
        .push("WHERE h.case_id = ")
        .push_bind(case)
        .push(" ORDER BY h.id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

pub async fn answer_handoff(
    tx: &mut Tx,
    handoff: i64,
    state: HandoffState,
    answer: Option<&str>,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<()> {
    sql("UPDATE case_handoffs SET state = $2, answer = $3, answered_by = $4, answered_at = $5 WHERE id = $1")
        .bind(handoff)
        .bind(state)
        .bind(answer)
        .bind(by)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// It is as before somebody answered or withdrew it.
pub async fn reopen_handoff(tx: &mut Tx, handoff: i64, state: HandoffState) -> Result<()> {
    sql("UPDATE case_handoffs SET state = $2, answer = NULL, answered_by = NULL, answered_at = NULL WHERE id = $1")
        .bind(handoff)
        .bind(state)
        .run(tx)
        .await?;
    Ok(())
}

/// Three looks into three indexes. Spam and trash are no work.
fn pending_for(statement: Sql, actor: &Actor) -> Sql {
    const PENDING: &str = "SELECT p.id FROM case_handoffs p JOIN cases b ON b.id = p.case_id
        WHERE b.bin IS NULL AND p.state IN ('asked', 'accepted') AND ";
    statement
        .push(PENDING)
        .push("p.to_person = ")
        .push_bind(actor.person_id().map_or(0, |person| person.0))
        .push(" UNION ALL ")
        .push(PENDING)
        .push("p.to_queue IN ")
        .push_list(actor.queues.iter().copied())
        .push(" UNION ALL ")
        .push(PENDING)
        .push("p.to_department IN ")
        .push_list(actor.departments.iter().copied())
}

/// What others hand to this actor, their queues or departments, the oldest first, after a moment and hand-off.
pub async fn handed_to(
    tx: &mut Tx,
    actor: &Actor,
    cursor: Option<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<Handoff>> {
    let mut statement = pending_for(sql(HANDOFF).push("WHERE h.id IN ("), actor).push(")");
    if let Some((at, id)) = cursor {
        statement = statement.push(" AND (h.at, h.id) > (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY h.at, h.id LIMIT ").push_bind(limit).all(tx).await
}

/// How many they are, counted up to `limit`, as a value of the statement.
pub(super) fn push_count_handed(statement: Sql, actor: &Actor, limit: i64) -> Sql {
    pending_for(statement.push("(SELECT COUNT(*) FROM (SELECT id FROM ("), actor)
        .push(") AS pending LIMIT ")
        .push_bind(limit)
        .push(") AS counted)")
}
