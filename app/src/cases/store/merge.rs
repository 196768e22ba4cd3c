//! SQL of cases that are in others: whose contacts and tasks are where.

use super::CASE;
use super::contacts::{count_internal, last_said};
use super::filter::in_sight;
use super::of_case::MERGES;
use crate::cases::model::{Case, snippet};
use crate::platform::{Actor, CaseId, ContactId, CustomerId, PersonId, Result, Timestamp, Tx, sql};

/// A case that is in another one.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Merge {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "into_id")]
    pub into: CaseId,
    pub at: Timestamp,
    /// JSON: how both stood, and what went along.
    pub stood: String,
}

pub async fn insert_merge(
    tx: &mut Tx,
    case: CaseId,
    into: CaseId,
    person: Option<PersonId>,
    at: Timestamp,
    stood: &str,
) -> Result<()> {
    sql("INSERT INTO case_merges (case_id, into_id, person_id, at, stood) VALUES ($1, $2, $3, $4, $5)")
        .bind(case)
        .bind(into)
        .bind(person)
        .bind(at)
        .bind(stood)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn merge(tx: &mut Tx, case: CaseId) -> Result<Option<Merge>> {
    sql("SELECT case_id, into_id, at, stood FROM case_merges WHERE case_id = $1").bind(case).maybe(tx).await
}

pub async fn merges_into(tx: &mut Tx, into: CaseId, limit: i64) -> Result<Vec<Merge>> {
    if tx.has_none(&MERGES, into.0) {
        return Ok(Vec::new());
    }
    sql("SELECT case_id, into_id, at, stood FROM case_merges WHERE into_id = $1 ORDER BY at, case_id LIMIT $2")
        .bind(into)
        .bind(limit)
        .all(tx)
        .await
}

pub async fn delete_merge(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("DELETE FROM case_merges WHERE case_id = $1").bind(case).run(tx).await?;
    Ok(())
}

/// A case, and all that were merged into it before it went into another.
pub async fn family(tx: &mut Tx, case: CaseId) -> Result<Vec<CaseId>> {
    sql("WITH RECURSIVE family (id) AS (
             SELECT id FROM cases WHERE id = $1
             UNION
             SELECT m.case_id FROM case_merges m JOIN family ON m.into_id = family.id)
         SELECT id FROM family")
    .bind(case)
    .values(tx)
    .await
}

/// The newest contact of a case; 0 if there is none.
pub async fn last_contact(tx: &mut Tx, case: CaseId) -> Result<ContactId> {
    sql("SELECT CAST(COALESCE(MAX(id), 0) AS bigint) FROM contacts WHERE case_id = $1")
        .bind(case)
        .value(tx)
        .await
}

/// Moves all contacts of a case into another; how many. Each remembers the case that it came to first.
pub async fn move_contacts(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<u64> {
    sql("UPDATE contacts SET case_id = $2, moved_from = COALESCE(moved_from, $1) WHERE case_id = $1")
        .bind(from)
        .bind(into)
        .run(tx)
        .await
}

/// Moves contacts back that came to one of `family` first; how many.
pub async fn moved_back(tx: &mut Tx, case: CaseId, into: CaseId, family: &[CaseId]) -> Result<u64> {
    sql("UPDATE contacts SET case_id = $1, moved_from = NULLIF(moved_from, $1) WHERE case_id = $2 AND moved_from IN ")
        .bind(case)
        .bind(into)
        .push_list(family.iter().copied())
        .run(tx)
        .await
}

/// Moves these contacts of a case into another, as they are, with who was called by them; how many.
pub async fn move_some(tx: &mut Tx, from: CaseId, into: CaseId, contacts: &[ContactId]) -> Result<u64> {
    sql("UPDATE mentions SET case_id = $2 WHERE case_id = $1 AND contact_id IN ")
        .bind(from)
        .bind(into)
        .push_list(contacts.iter().copied())
        .run(tx)
        .await?;
    sql("UPDATE case_talks SET case_id = $2 WHERE case_id = $1 AND id IN (SELECT talk_id FROM contacts WHERE id IN ")
        .bind(from)
        .bind(into)
        .push_list(contacts.iter().copied())
        .push(")")
        .run(tx)
        .await?;
    sql("UPDATE contacts SET case_id = $2 WHERE case_id = $1 AND id IN ")
        .bind(from)
        .bind(into)
        .push_list(contacts.iter().copied())
        .run(tx)
        .await
}

/// Those of these contacts that are in a case, the oldest first; of a conversation aside always all.
pub async fn contacts_in(tx: &mut Tx, case: CaseId, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    sql("SELECT id FROM contacts WHERE case_id = $1 AND (id IN ")
        .bind(case)
        .push_list(contacts.iter().copied())
        .push(" OR talk_id IN (SELECT talk_id FROM contacts WHERE id IN ")
        .push_list(contacts.iter().copied())
        .push(")) ORDER BY at, id")
        .values(tx)
        .await
}

/// What else belongs to a case and goes along; contacts are counted and go by themselves.
const ALONG: [&str; 5] = ["case_tasks", "case_talks", "case_drafts", "case_uploads", "mentions"];

/// Moves all that hangs on a case into another. Each thing remembers the case that it came to first.
pub async fn move_along(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<()> {
    for table in ALONG {
        sql("UPDATE ")
            .push(table)
            .push(" SET moved_from = COALESCE(moved_from, case_id), case_id = ")
            .push_bind(into)
            .push(" WHERE case_id = ")
            .push_bind(from)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// As [`move_along`], where nothing is ever to go back: it belongs to the other case from now on.
pub async fn move_all(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<()> {
    for table in ALONG {
        let statement = sql("UPDATE ").push(table).push(" SET case_id = ").push_bind(into);
        statement.push(" WHERE case_id = ").push_bind(from).run(tx).await?;
    }
    Ok(())
}

/// Moves back what came to one of `family` first.
pub async fn move_along_back(tx: &mut Tx, case: CaseId, into: CaseId, family: &[CaseId]) -> Result<()> {
    for table in ALONG {
        sql("UPDATE ")
            .push(table)
            .push(" SET case_id = ")
            .push_bind(case)
            .push(", moved_from = NULLIF(moved_from, ")
            .push_bind(case)
            .push(") WHERE case_id = ")
            .push_bind(into)
            .push(" AND moved_from IN ")
            .push_list(family.iter().copied())
            .run(tx)
            .await?;
    }
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
    count_internal(tx, case).await?;
    show_last(tx, into, moved).await
}

/// The case has its contacts again.
pub async fn clear_moved(tx: &mut Tx, case: CaseId, into: CaseId, moved: i64) -> Result<()> {
    sql("UPDATE cases SET moved_to = NULL, version = version + 1 WHERE id = $1").bind(case).run(tx).await?;
    show_last(tx, case, moved).await?;
    show_last(tx, into, -moved).await
}

/// Counts contacts that came or went, and shows the newest in lists.
pub async fn show_last(tx: &mut Tx, case: CaseId, more: i64) -> Result<()> {
    let (text, speaker) = last_said(tx, case).await?;
    sql("UPDATE cases SET contacts = contacts + $2, snippet = $3, speaker = $4, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(more)
        .bind(snippet(&text))
        .bind(speaker)
        .run(tx)
        .await?;
    count_internal(tx, case).await
}

/// Open and waiting cases of a customer but one, the newest first.
pub async fn unfinished(tx: &mut Tx, actor: &Actor, case: &Case, limit: i64) -> Result<Vec<Case>> {
    let statement = sql("SELECT ")
        .push(CASE)
        .push(" FROM cases c WHERE c.moved_to IS NULL AND c.bin IS NULL AND c.status <> 'closed' AND c.customer_id = ")
        .push_bind(case.customer)
        .push(" AND c.id <> ")
        .push_bind(case.id);
    in_sight(statement, actor)
        .push(" ORDER BY c.created_at DESC, c.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// These contacts are another customer's.
pub async fn set_customer_of(tx: &mut Tx, contacts: &[ContactId], customer: CustomerId) -> Result<()> {
    sql("UPDATE contacts SET customer_id = $1 WHERE id IN ")
        .bind(customer)
        .push_list(contacts.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}
