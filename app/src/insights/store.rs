//! SQL of the tables `insights` and `insight_*`.

use super::model::{Insight, InsightState, NewInsight, PastDecision};
use crate::customers::fold;
use crate::findings::Kind;
use crate::platform::{InsightId, PersonId, Result, Timestamp, Tx, sql};

const INSIGHT: &str =
    "SELECT id, kind, title, description, station, department_id, owner_id, state, due_at, competitor,
            created_by, created_at, decided_at, version FROM insights ";

pub async fn insight(tx: &mut Tx, insight: InsightId) -> Result<Insight> {
    sql(INSIGHT).push("WHERE id = ").push_bind(insight).one(tx).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Insight>> {
    sql(INSIGHT).push("ORDER BY id").all(tx).await
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
