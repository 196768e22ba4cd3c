//! What people are writing, and the files that they put into it.

use serde::Serialize;
use utoipa::ToSchema;

use super::of_case::DRAFTS;
use crate::cases::drafts::{DraftKind, Typed};
use crate::cases::model::NewAttachment;
use crate::platform::{CaseId, PersonId, Result, Timestamp, Tx, sql};

/// What somebody is writing.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Draft {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    #[serde(skip)]
    pub case: CaseId,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    /// Whose it is.
    pub name: String,
    pub kind: DraftKind,
    /// HTML
    pub body: String,
    #[sqlx(rename = "to_list")]
    pub to: String,
    #[sqlx(rename = "cc_list")]
    pub cc: String,
    #[sqlx(rename = "bcc_list")]
    pub bcc: String,
    pub version: i64,
    pub updated_at: Timestamp,
    #[serde(skip)]
    pub discarded_at: Option<Timestamp>,
}

/// A draft as it was just kept.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Saved {
    pub id: i64,
    pub version: i64,
}

const DRAFT: &str =
    "SELECT d.id, d.case_id, d.person_id, people.name, d.kind, d.body, d.to_list, d.cc_list, d.bcc_list,
    d.version, d.updated_at, d.discarded_at FROM case_drafts d JOIN people ON people.id = d.person_id ";

pub async fn draft(tx: &mut Tx, draft: i64) -> Result<Draft> {
    sql(DRAFT).push("WHERE d.id = ").push_bind(draft).one(tx).await
}

pub async fn drafts(tx: &mut Tx, case: CaseId) -> Result<Vec<Draft>> {
    if tx.has_none(&DRAFTS, case.0) {
        return Ok(Vec::new());
    }
    sql(DRAFT)
        .push("WHERE d.case_id = ")
        .push_bind(case)
        .push(" AND d.discarded_at IS NULL ORDER BY d.id")
        .all(tx)
        .await
}

/// Did somebody throw a draft of this kind in the case away after `since`?
pub async fn is_discarded_since(
    tx: &mut Tx,
    case: CaseId,
    person: PersonId,
    kind: DraftKind,
    since: Timestamp,
) -> Result<bool> {
    let found: Option<i64> = sql("SELECT 1 FROM case_drafts
             WHERE case_id = $1 AND person_id = $2 AND kind = $3 AND discarded_at > $4 LIMIT 1")
    .bind(case)
    .bind(person)
    .bind(kind)
    .bind(since)
    .maybe_value(tx)
    .await?;
    Ok(found.is_some())
}

pub async fn insert_draft(
    tx: &mut Tx,
    case: CaseId,
    person: PersonId,
    typed: &Typed,
    now: Timestamp,
) -> Result<Saved> {
    sql("INSERT INTO case_drafts (case_id, person_id, kind, body, to_list, cc_list, bcc_list, version, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) RETURNING id, version")
    .bind(case)
    .bind(person)
    .bind(typed.kind)
    .bind(&typed.body)
    .bind(&typed.to)
    .bind(&typed.cc)
    .bind(&typed.bcc)
    .bind(now)
    .one(tx)
    .await
}

pub async fn update_draft(tx: &mut Tx, draft: i64, typed: &Typed, now: Timestamp) -> Result<Saved> {
    sql("UPDATE case_drafts SET body = $2, to_list = $3, cc_list = $4, bcc_list = $5, updated_at = $6,
                                version = version + 1 WHERE id = $1 RETURNING id, version")
    .bind(draft)
    .bind(&typed.body)
    .bind(&typed.to)
    .bind(&typed.cc)
    .bind(&typed.bcc)
    .bind(now)
    .one(tx)
    .await
}

pub async fn delete_draft(tx: &mut Tx, draft: i64) -> Result<()> {
    sql("DELETE FROM case_drafts WHERE id = $1").bind(draft).run(tx).await?;
    Ok(())
}

/// A new version, so that who still writes in it makes one beside it.
pub async fn take_draft(tx: &mut Tx, draft: i64, person: PersonId) -> Result<()> {
    sql(
        "UPDATE case_drafts SET person_id = $2, version = version + 1 WHERE id = $1 AND discarded_at IS NULL",
    )
    .bind(draft)
    .bind(person)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_discarded(tx: &mut Tx, draft: i64, at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE case_drafts SET discarded_at = $2, version = version + 1 WHERE id = $1")
        .bind(draft)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// A file that waits in a text to be sent with it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Upload {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub blob: String,
}

pub async fn insert_upload(
    tx: &mut Tx,
    case: CaseId,
    person: PersonId,
    file: &NewAttachment,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO case_uploads (case_id, person_id, name, content_type, size, blob, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id")
    .bind(case)
    .bind(person)
    .bind(&file.name)
    .bind(&file.content_type)
    .bind(file.size)
    .bind(&file.blob)
    .bind(at)
    .value(tx)
    .await
}

pub async fn upload(tx: &mut Tx, upload: i64) -> Result<Upload> {
    sql("SELECT id, case_id, name, content_type, size, blob FROM case_uploads WHERE id = $1")
        .bind(upload)
        .one(tx)
        .await
}

/// Those of these files that belong to a case.
pub async fn uploads(tx: &mut Tx, case: CaseId, ids: &[i64]) -> Result<Vec<Upload>> {
    sql("SELECT id, case_id, name, content_type, size, blob FROM case_uploads WHERE case_id = ")
        .push_bind(case)
        .push(" AND id IN ")
        .push_list(ids.iter().copied())
        .all(tx)
        .await
}
