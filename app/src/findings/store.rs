//! SQL of stations and findings.

use super::model::{Cursor, Evidence, Finding, NewFinding, Past, Station};
use crate::cases::Case;
use crate::platform::{
    CaseId, Column, CustomerId, DepartmentId, FindingId, InsightId, Kept, PersonId, Result, Timestamp, Tx,
    sql,
};

const FINDINGS: [Column; 1] = [("findings", "case_id")];
const UNKNOWN: [Column; 1] = [("findings_unknown", "case_id")];
/// Where something of a case may stand, see [`Tx::look`].
pub const OF_CASE: [Column; 2] = [FINDINGS[0], UNKNOWN[0]];

const FINDING: &str =
    "f.id, f.case_id, f.customer_id, f.insight_id, f.kind, f.station, f.department_id, f.product_id,
    f.channel, f.quote, f.contact_id, f.note, f.share, f.at, f.documented_at, f.person_id";

static STATIONS: Kept<Vec<Station>> = Kept::new("stations", |tx| Box::pin(load_stations(tx)));

pub async fn stations(tx: &mut Tx) -> Result<Vec<Station>> {
    Ok(STATIONS.get(tx).await?.to_vec())
}

async fn load_stations(tx: &mut Tx) -> Result<Vec<Station>> {
    sql("SELECT code, name FROM stations ORDER BY position").all(tx).await
}

/// The standing findings of a case, as they were documented.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Finding>> {
    if tx.has_none(&FINDINGS, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT ")
        .push(FINDING)
        .push(" FROM findings f WHERE f.withdrawn_at IS NULL AND f.case_id = ")
        .push_bind(case)
        .push(" ORDER BY f.id")
        .all(tx)
        .await
}

/// Where a finding is, and what it belongs to.
#[derive(sqlx::FromRow)]
pub struct Whereabouts {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    pub station: String,
    #[sqlx(rename = "department_id")]
    pub department: Option<DepartmentId>,
}

/// Where the standing findings of these cases are, each place once.
pub async fn places(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Whereabouts>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sql("SELECT DISTINCT case_id, insight_id, station, department_id FROM findings
         WHERE withdrawn_at IS NULL AND case_id IN ")
    .push_list(cases.iter().copied())
    .all(tx)
    .await
}

/// Everything that was ever documented in a case, in that order.
pub async fn history(tx: &mut Tx, case: CaseId) -> Result<Vec<Past>> {
    sql("SELECT id, kind, insight_id, share, withdrawn_at IS NULL AS stands FROM findings WHERE case_id = $1 ORDER BY id")
        .bind(case)
        .all(tx)
        .await
}

/// The last `limit` documented cases, the one that was documented last at the end.
pub async fn last_documented(tx: &mut Tx, limit: i64) -> Result<Vec<CaseId>> {
    sql("SELECT case_id FROM (
             SELECT case_id, MAX(id) AS last FROM findings WHERE withdrawn_at IS NULL
             GROUP BY case_id ORDER BY MAX(id) DESC LIMIT $1) AS newest
         ORDER BY last")
    .bind(limit)
    .values(tx)
    .await
}

/// How many cases have a standing finding of each of `insights`.
pub async fn counts(tx: &mut Tx, insights: &[InsightId]) -> Result<Vec<(InsightId, i64)>> {
    sql("SELECT insight_id, COUNT(*) FROM findings WHERE withdrawn_at IS NULL AND insight_id IN ")
        .push_list(insights.iter().copied())
        .push(" GROUP BY insight_id")
        .all(tx)
        .await
}

/// The standing findings of all cases of a customer, newest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<Finding>> {
    sql("SELECT ")
        .push(FINDING)
        .push(" FROM findings f WHERE f.withdrawn_at IS NULL AND f.customer_id = ")
        .push_bind(customer)
        .push(" ORDER BY f.at DESC, f.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// The standing findings of an insight, newest first.
pub async fn of_insight(
    tx: &mut Tx,
    insight: InsightId,
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Evidence>> {
    let mut statement = sql("SELECT ")
        .push(FINDING)
        .push(
            ", cases.number, cases.subject, customers.name AS customer_name
             FROM findings f
             JOIN cases ON cases.id = f.case_id
             JOIN customers ON customers.id = f.customer_id
             WHERE f.withdrawn_at IS NULL AND f.insight_id = ",
        )
        .push_bind(insight);
    if let Some((at, id)) = cursor {
        statement = statement.push(" AND (f.at, f.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY f.at DESC, f.id DESC LIMIT ").push_bind(limit).all(tx).await
}

pub async fn insert(
    tx: &mut Tx,
    case: &Case,
    new: &NewFinding,
    share: i64,
    person: Option<PersonId>,
    now: Timestamp,
) -> Result<FindingId> {
    sql("INSERT INTO findings (case_id, customer_id, insight_id, kind, station, department_id, product_id, channel, quote,
                               contact_id, note, share, at, documented_at, person_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id")
    .bind(case.id)
    .bind(case.customer)
    .bind(new.insight)
    .bind(new.kind)
    .bind(&new.station)
    .bind(new.department)
    .bind(new.product)
    .bind(case.channel)
    .bind(new.quote.as_ref())
    .bind(new.contact)
    .bind(new.note.as_ref())
    .bind(share)
    .bind(case.created_at)
    .bind(now)
    .bind(person)
    .value(tx)
    .await
}

/// The standing findings of a case are another one's, which does not have any.
pub async fn move_findings(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<()> {
    sql("UPDATE findings SET case_id = $2, moved_from = $1 WHERE case_id = $1 AND withdrawn_at IS NULL")
        .bind(from)
        .bind(into)
        .run(tx)
        .await?;
    Ok(())
}

/// What was moved from a case is its own again, as far as it still stands.
pub async fn return_findings(tx: &mut Tx, case: CaseId, into: CaseId) -> Result<()> {
    sql("UPDATE findings SET case_id = $1, moved_from = NULL
         WHERE case_id = $2 AND moved_from = $1 AND withdrawn_at IS NULL")
    .bind(case)
    .bind(into)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_share(tx: &mut Tx, finding: FindingId, share: i64) -> Result<()> {
    sql("UPDATE findings SET share = $2 WHERE id = $1").bind(finding).bind(share).run(tx).await?;
    Ok(())
}

/// It does not stand any more, nor does it repeat or is it repeated.
pub async fn withdraw(tx: &mut Tx, finding: FindingId, now: Timestamp) -> Result<()> {
    sql("UPDATE findings SET withdrawn_at = $2 WHERE id = $1").bind(finding).bind(now).run(tx).await?;
    sql("DELETE FROM findings_repeats WHERE finding_id = $1 OR earlier_id = $1")
        .bind(finding)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_unknown(tx: &mut Tx, case: CaseId, person: Option<PersonId>, now: Timestamp) -> Result<()> {
    sql("INSERT INTO findings_unknown (case_id, person_id, at) VALUES ($1, $2, $3)
         ON CONFLICT (case_id) DO UPDATE SET person_id = excluded.person_id, at = excluded.at")
    .bind(case)
    .bind(person)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn clear_unknown(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("DELETE FROM findings_unknown WHERE case_id = $1").bind(case).run(tx).await?;
    Ok(())
}

pub async fn is_unknown(tx: &mut Tx, case: CaseId) -> Result<bool> {
    if tx.has_none(&UNKNOWN, case.0) {
        return Ok(false);
    }
    let found: i64 =
        sql("SELECT COUNT(*) FROM findings_unknown WHERE case_id = $1").bind(case).value(tx).await?;
    Ok(found != 0)
}

/// A customer came for a cause: a standing finding in time, to see what repeats what.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Came {
    pub id: FindingId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "insight_id")]
    pub insight: InsightId,
    pub at: Timestamp,
}

/// The same customer for the same cause in other cases, opened in `from` to `to`, oldest first.
pub async fn neighbours(tx: &mut Tx, came: &Came, (from, to): (Timestamp, Timestamp)) -> Result<Vec<Came>> {
    sql("SELECT id, case_id, customer_id, insight_id, at FROM findings
         WHERE withdrawn_at IS NULL AND customer_id = $1 AND insight_id = $2 AND case_id <> $3 AND at >= $4 AND at <= $5
         ORDER BY at, id")
    .bind(came.customer)
    .bind(came.insight)
    .bind(came.case)
    .bind(from)
    .bind(to)
    .all(tx)
    .await
}

/// What is known to repeat `earlier`.
pub async fn repeated_by(tx: &mut Tx, earlier: FindingId) -> Result<Vec<Came>> {
    sql("SELECT f.id, f.case_id, f.customer_id, f.insight_id, f.at
         FROM findings_repeats r JOIN findings f ON f.id = r.finding_id
         WHERE r.earlier_id = $1 AND f.insight_id IS NOT NULL ORDER BY f.id")
    .bind(earlier)
    .all(tx)
    .await
}

/// Notes that `finding` repeats `earlier`; false if it was known to repeat something.
pub async fn insert_repeat(tx: &mut Tx, finding: FindingId, earlier: FindingId) -> Result<bool> {
    let inserted = sql("INSERT INTO findings_repeats (finding_id, earlier_id) VALUES ($1, $2)
         ON CONFLICT (finding_id) DO NOTHING")
    .bind(finding)
    .bind(earlier)
    .run(tx)
    .await?;
    Ok(inserted == 1)
}
