//! What ties cases: which one follows which.

use super::CASE;
use super::of_case::LINKS;
use crate::cases::links::Why;
use crate::cases::model::{Case, Status};
use crate::platform::{CaseId, Result, Timestamp, Tx, sql};

/// A case that follows an earlier one.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Link {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "earlier_id")]
    pub earlier: CaseId,
    pub why: Why,
    /// Of the case that is not asked about.
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub other_moved: bool,
}

pub async fn insert_link(tx: &mut Tx, case: CaseId, earlier: CaseId, why: Why, at: Timestamp) -> Result<()> {
    sql("INSERT INTO case_links (case_id, earlier_id, kind, why, at) VALUES ($1, $2, 'follows', $3, $4)
         ON CONFLICT (case_id, earlier_id) DO NOTHING")
    .bind(case)
    .bind(earlier)
    .bind(why)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// The links of a case in both directions, with the other case of each, the newest last.
pub async fn links(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Link>> {
    if tx.has_none(&LINKS, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT l.case_id, l.earlier_id, l.why, c.number, c.subject, c.status,
                c.moved_to IS NOT NULL AS other_moved
         FROM case_links l JOIN cases c ON c.id = l.earlier_id WHERE l.case_id = $1
         UNION ALL
         SELECT l.case_id, l.earlier_id, l.why, c.number, c.subject, c.status,
                c.moved_to IS NOT NULL AS other_moved
         FROM case_links l JOIN cases c ON c.id = l.case_id WHERE l.earlier_id = $1
         ORDER BY case_id, earlier_id LIMIT $2")
    .bind(case)
    .bind(limit)
    .all(tx)
    .await
}

/// Cases that follow this one and were not moved into another, the newest first.
pub async fn followers(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<(Case, Why)>> {
    #[derive(sqlx::FromRow)]
    struct Follower {
        #[sqlx(flatten)]
        case: Case,
        why: Why,
    }
    let found: Vec<Follower> = sql("SELECT ")
        .push(CASE)
        .push(", l.why FROM case_links l JOIN cases c ON c.id = l.case_id WHERE c.moved_to IS NULL AND l.earlier_id = ")
        .push_bind(case)
        .push(" ORDER BY l.case_id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    Ok(found.into_iter().map(|one| (one.case, one.why)).collect())
}
