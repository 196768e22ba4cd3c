//! What ties cases: which one follows which, and whose contacts were moved into another.

use super::CASE;
use crate::cases::links::Why;
use crate::cases::model::{Case, Status, snippet};
use crate::platform::{CaseId, Result, Timestamp, Tx, sql};

/// A case that follows an earlier one.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Link {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "earlier_id")]
    pub earlier: CaseId,
    pub why: Why,
    /// JSON: how both stood before the contacts of one were moved into the other.
    pub stood: Option<String>,
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
    sql("SELECT l.case_id, l.earlier_id, l.why, l.stood, c.number, c.subject, c.status,
                c.moved_to IS NOT NULL AS other_moved
         FROM case_links l JOIN cases c ON c.id = l.earlier_id WHERE l.case_id = $1
         UNION ALL
         SELECT l.case_id, l.earlier_id, l.why, l.stood, c.number, c.subject, c.status,
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

/// Moves all contacts of a case into another; how many.
pub async fn move_contacts(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<u64> {
    sql("UPDATE contacts SET case_id = $2, moved_from = $1 WHERE case_id = $1")
        .bind(from)
        .bind(into)
        .run(tx)
        .await
}

/// Moves contacts back to where they came from; how many.
pub async fn moved_back(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<u64> {
    sql("UPDATE contacts SET case_id = $1, moved_from = NULL WHERE case_id = $2 AND moved_from = $1")
        .bind(from)
        .bind(into)
        .run(tx)
        .await
}

/// How both stood before a move; `None` once it was taken back.
pub async fn set_stood(tx: &mut Tx, case: CaseId, earlier: CaseId, stood: Option<&str>) -> Result<()> {
    sql("UPDATE case_links SET stood = $3 WHERE case_id = $1 AND earlier_id = $2")
        .bind(case)
        .bind(earlier)
        .bind(stood)
        .run(tx)
        .await?;
    Ok(())
}

/// The case is empty and its number leads to another.
pub async fn set_moved(tx: &mut Tx, case: CaseId, into: CaseId, moved: i64) -> Result<()> {
    sql("UPDATE cases SET moved_to = $2, contacts = contacts - $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(into)
        .bind(moved)
        .run(tx)
        .await?;
    show_last(tx, into, moved).await
}

/// The case has its contacts again.
pub async fn clear_moved(tx: &mut Tx, case: CaseId, into: CaseId, moved: i64) -> Result<()> {
    sql("UPDATE cases SET moved_to = NULL, contacts = contacts + $2, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(moved)
        .run(tx)
        .await?;
    show_last(tx, into, -moved).await
}

/// Counts contacts that came or went, and shows the newest in lists.
async fn show_last(tx: &mut Tx, case: CaseId, more: i64) -> Result<()> {
    let last: Option<String> =
        sql("SELECT substr(text, 1, 2000) FROM contacts WHERE case_id = $1 AND state <> 'withdrawn'
             ORDER BY at DESC, id DESC LIMIT 1")
        .bind(case)
        .maybe_value(tx)
        .await?;
    sql("UPDATE cases SET contacts = contacts + $2, snippet = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(more)
        .bind(snippet(&last.unwrap_or_default()))
        .run(tx)
        .await?;
    Ok(())
}
