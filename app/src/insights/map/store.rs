//! Reads findings for the map. Stations count by their place in the customer's life.

use super::Piece;
use crate::cases::Channel;
use crate::findings::Kind;
use crate::platform::{CaseId, CustomerId, DepartmentId, InsightId, Result, Timestamp, Tx, sql};

/// What belongs to an insight belongs to the department that the insight belongs to today.
const PIECES: &str = "SELECT f.case_id, f.customer_id, f.insight_id, f.kind, s.position - 1 AS station,
            COALESCE(i.department_id, f.department_id) AS department_id, f.product_id, f.channel, f.share, f.at
     FROM findings f JOIN stations s ON s.code = f.station LEFT JOIN insights i ON i.id = f.insight_id
     WHERE f.withdrawn_at IS NULL ";

/// All standing findings, those of a case together.
pub async fn pieces(tx: &mut Tx) -> Result<Vec<Piece>> {
    sql(PIECES).push(" ORDER BY f.case_id, f.id").all(tx).await
}

/// The standing findings of these cases, those of a case together.
pub async fn pieces_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Piece>> {
    sql(PIECES)
        .push(" AND f.case_id IN ")
        .push_list(cases.iter().copied())
        .push(" ORDER BY f.case_id, f.id")
        .all(tx)
        .await
}

/// The newest finding, by which it shows that an import went past the journal.
pub async fn newest(tx: &mut Tx) -> Result<i64> {
    sql("SELECT CAST(COALESCE(MAX(id), 0) AS bigint) FROM findings").value(tx).await
}

/// What a customer said, word for word.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Quote {
    pub quote: String,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    pub channel: Channel,
    pub at: Timestamp,
    pub id: i64,
}

/// Which quotes are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub insight: Option<InsightId>,
    pub kind: Option<Kind>,
    /// The station's place, from 0.
    pub station: Option<i64>,
    /// `Some(None)`: nobody's.
    pub department: Option<Option<DepartmentId>>,
    pub filter: super::Filter,
    /// Goes on before this time and id.
    pub before: Option<(Timestamp, i64)>,
}

/// The newest quotes first.
pub async fn quotes(tx: &mut Tx, wanted: &Wanted, limit: i64) -> Result<Vec<Quote>> {
    let mut query = sql("SELECT f.quote, f.case_id, f.customer_id, f.insight_id, f.channel, f.at, f.id
         FROM findings f LEFT JOIN insights i ON i.id = f.insight_id
         WHERE f.withdrawn_at IS NULL AND f.quote IS NOT NULL AND f.at >= ")
    .push_bind(wanted.filter.from)
    .push(" AND f.at < ")
    .push_bind(wanted.filter.to);
    if let Some(insight) = wanted.insight {
        query = query.push(" AND f.insight_id = ").push_bind(insight);
    }
    if let Some(kind) = wanted.kind {
        query = query.push(" AND f.kind = ").push_bind(kind);
    }
    if let Some(station) = wanted.station {
        query = query
            .push(" AND f.station = (SELECT code FROM stations WHERE position = ")
            .push_bind(station + 1)
            .push(")");
    }
    match wanted.department {
        Some(Some(department)) => {
            query = query.push(" AND COALESCE(i.department_id, f.department_id) = ").push_bind(department);
        }
        Some(None) => query = query.push(" AND COALESCE(i.department_id, f.department_id) IS NULL"),
        None => {}
    }
    if let Some(products) = &wanted.filter.products {
        query = query.push(" AND f.product_id IN ").push_list(products.iter().copied());
    }
    if let Some(channel) = wanted.filter.channel {
        query = query.push(" AND f.channel = ").push_bind(channel);
    }
    if let Some((at, id)) = wanted.before {
        query = query.push(" AND (f.at, f.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY f.at DESC, f.id DESC LIMIT ").push_bind(limit).all(tx).await
}
