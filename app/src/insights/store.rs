//! SQL of the tables `insights` and `insight_*`.

use super::decide::{Comment, Decided, NewDecision};
use super::model::{Insight, InsightState, NewInsight, PastDecision};
use crate::customers::fold;
use crate::findings::Kind;
use crate::platform::{DepartmentId, InsightId, PersonId, Result, Timestamp, Tx, sql};

const INSIGHT: &str =
    "SELECT id, kind, title, description, station, department_id, owner_id, state, due_at, competitor,
            created_by, created_at, decided_at, version,
            COALESCE((SELECT MAX(d.at) FROM insight_decisions d
                      WHERE d.insight_id = insights.id AND d.state IN ('open', 'proposed')), created_at) AS waiting_since
     FROM insights ";

pub async fn insight(tx: &mut Tx, insight: InsightId) -> Result<Insight> {
    sql(INSIGHT).push("WHERE id = ").push_bind(insight).one(tx).await
}

pub async fn find(tx: &mut Tx, insight: InsightId) -> Result<Option<Insight>> {
    sql(INSIGHT).push("WHERE id = ").push_bind(insight).maybe(tx).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Insight>> {
    sql(INSIGHT).push("ORDER BY id").all(tx).await
}

/// Those of these ids that exist.
pub async fn some(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Insight>> {
    sql(INSIGHT).push("WHERE id IN ").push_list(ids.iter().copied()).all(tx).await
}

/// What each insight has cost in service, in cents.
pub async fn costs(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    sql("SELECT insight_id, cents FROM insight_costs").all(tx).await
}

pub async fn set_cost(tx: &mut Tx, insight: InsightId, cents: i64) -> Result<()> {
    sql("INSERT INTO insight_costs (insight_id, cents) VALUES ($1, $2)
         ON CONFLICT (insight_id) DO UPDATE SET cents = excluded.cents")
    .bind(insight)
    .bind(cents)
    .run(tx)
    .await?;
    Ok(())
}

/// Up to `limit` ids below `below`, highest first.
pub async fn ids_below(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT id FROM insights WHERE id < $1 ORDER BY id DESC LIMIT $2")
        .bind(below)
        .bind(limit)
        .values(tx)
        .await
}

/// Insights whose title has all words of `query`, the shortest title first.
pub async fn search(tx: &mut Tx, query: &str, kind: Option<Kind>, limit: i64) -> Result<Vec<Insight>> {
    let mut statement = sql(INSIGHT).push("WHERE TRUE");
    for word in fold(query).split_whitespace().take(8) {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        statement =
            statement.push(" AND title_folded LIKE ").push_bind(format!("%{word}%")).push(" ESCAPE '\\'");
    }
    if let Some(kind) = kind {
        statement = statement.push(" AND kind = ").push_bind(kind);
    }
    statement.push(" ORDER BY LENGTH(title), id LIMIT ").push_bind(limit).all(tx).await
}

/// All titles with their kinds, the shortest first.
pub async fn titles(tx: &mut Tx) -> Result<Vec<(Kind, String)>> {
    sql("SELECT kind, title FROM insights ORDER BY LENGTH(title), id").all(tx).await
}

/// The insight of that kind and title, however its letters are written.
pub async fn by_title(tx: &mut Tx, kind: Kind, title: &str) -> Result<Option<Insight>> {
    sql(INSIGHT)
        .push("WHERE title_folded = ")
        .push_bind(fold(title))
        .push(" AND kind = ")
        .push_bind(kind)
        .push(" ORDER BY id LIMIT 1")
        .maybe(tx)
        .await
}

pub async fn insert(
    tx: &mut Tx,
    new: &NewInsight,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<InsightId> {
    sql("INSERT INTO insights (kind, title, title_folded, description, station, department_id, state, competitor,
                               created_by, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id")
    .bind(new.kind)
    .bind(&new.title)
    .bind(fold(&new.title))
    .bind(&new.description)
    .bind(&new.station)
    .bind(new.department)
    .bind(InsightState::Proposed)
    .bind(new.competitor.as_ref())
    .bind(by)
    .bind(now)
    .value(tx)
    .await
}

/// The state that an imported past ended in.
pub async fn set_past(
    tx: &mut Tx,
    insight: InsightId,
    last: &PastDecision,
    owner: Option<PersonId>,
) -> Result<()> {
    let undecided = matches!(last.state, InsightState::Proposed | InsightState::Open);
    sql("UPDATE insights SET state = $2, due_at = $3, decided_at = $4, owner_id = $5 WHERE id = $1")
        .bind(insight)
        .bind(last.state)
        .bind(last.due)
        .bind((!undecided).then_some(last.at))
        .bind(owner)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn insert_past_decision(tx: &mut Tx, insight: InsightId, made: &PastDecision) -> Result<()> {
    sql("INSERT INTO insight_decisions (insight_id, state, reason, due_at, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(insight)
        .bind(made.state)
        .bind(made.reason.as_ref())
        .bind(made.due)
        .bind(made.person)
        .bind(made.at)
        .run(tx)
        .await?;
    Ok(())
}

/// Writes a decision into the history.
pub async fn insert_decision(
    tx: &mut Tx,
    insight: InsightId,
    made: &NewDecision<'_>,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<()> {
    sql("INSERT INTO insight_decisions (insight_id, state, reason, due_at, arbiter_id, person_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(insight)
    .bind(made.state)
    .bind(made.reason)
    .bind(made.due)
    .bind(made.arbiter)
    .bind(by)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

/// An open insight is undecided again; otherwise `now` is when it was decided.
pub async fn set_state(
    tx: &mut Tx,
    insight: InsightId,
    state: InsightState,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE insights SET state = $2, due_at = $3, decided_at = $4, version = version + 1 WHERE id = $1")
        .bind(insight)
        .bind(state)
        .bind(due)
        .bind((state != InsightState::Open).then_some(now))
        .run(tx)
        .await?;
    Ok(())
}

/// The history of decisions, newest first.
pub async fn decisions(tx: &mut Tx, insight: InsightId) -> Result<Vec<Decided>> {
    sql("SELECT d.state, d.reason, d.due_at, a.name AS arbiter, p.name AS by, d.at
         FROM insight_decisions d
         LEFT JOIN people a ON a.id = d.arbiter_id
         LEFT JOIN people p ON p.id = d.person_id
         WHERE d.insight_id = $1 ORDER BY d.at DESC, d.id DESC")
    .bind(insight)
    .all(tx)
    .await
}

/// Who settles the last dispute.
pub async fn arbiter(tx: &mut Tx, insight: InsightId) -> Result<Option<PersonId>> {
    let found: Option<Option<PersonId>> = sql("SELECT arbiter_id FROM insight_decisions
         WHERE insight_id = $1 AND state = 'disputed' ORDER BY at DESC, id DESC LIMIT 1")
    .bind(insight)
    .maybe_value(tx)
    .await?;
    Ok(found.flatten())
}

pub async fn set_owner(tx: &mut Tx, insight: InsightId, owner: Option<PersonId>) -> Result<()> {
    sql("UPDATE insights SET owner_id = $2, version = version + 1 WHERE id = $1")
        .bind(insight)
        .bind(owner)
        .run(tx)
        .await?;
    Ok(())
}

/// Another department's people answer for it: the owner is to be named anew.
pub async fn set_department(tx: &mut Tx, insight: InsightId, department: DepartmentId) -> Result<()> {
    sql("UPDATE insights SET department_id = $2, owner_id = NULL, version = version + 1 WHERE id = $1")
        .bind(insight)
        .bind(department)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn insert_comment(
    tx: &mut Tx,
    insight: InsightId,
    person: Option<PersonId>,
    text: &str,
    now: Timestamp,
) -> Result<()> {
    sql("INSERT INTO insight_comments (insight_id, person_id, text, at) VALUES ($1, $2, $3, $4)")
        .bind(insight)
        .bind(person)
        .bind(text)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Oldest first.
pub async fn comments(tx: &mut Tx, insight: InsightId) -> Result<Vec<Comment>> {
    sql("SELECT c.text, c.at, p.name AS by FROM insight_comments c LEFT JOIN people p ON p.id = c.person_id
         WHERE c.insight_id = $1 ORDER BY c.at, c.id")
    .bind(insight)
    .all(tx)
    .await
}

/// Findings of `insight` that repeat an earlier one of the same customer within a week.
pub async fn repeats(tx: &mut Tx, insight: InsightId) -> Result<i64> {
    sql("SELECT COUNT(*) FROM findings f JOIN findings_repeats r ON r.finding_id = f.id
         WHERE f.insight_id = $1 AND f.withdrawn_at IS NULL")
    .bind(insight)
    .value(tx)
    .await
}
