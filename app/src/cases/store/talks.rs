//! Side conversations.

use super::of_case::TALKS;
use crate::platform::{CaseId, ContactId, PersonId, Result, Timestamp, Tx, sql};

/// A conversation inside a case with somebody who is not its customer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Talk {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub subject: String,
}

pub async fn insert_talk(
    tx: &mut Tx,
    case: CaseId,
    subject: &str,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<Talk> {
    sql("INSERT INTO case_talks (case_id, subject, person_id, at) VALUES ($1, $2, $3, $4)
         RETURNING id, case_id, subject")
    .bind(case)
    .bind(subject)
    .bind(person)
    .bind(at)
    .one(tx)
    .await
}

pub async fn talk(tx: &mut Tx, talk: i64) -> Result<Talk> {
    sql("SELECT id, case_id, subject FROM case_talks WHERE id = $1").bind(talk).one(tx).await
}

pub async fn talks(tx: &mut Tx, case: CaseId) -> Result<Vec<Talk>> {
    if tx.has_none(&TALKS, case.0) {
        return Ok(Vec::new());
    }
    sql("SELECT id, case_id, subject FROM case_talks WHERE case_id = $1 ORDER BY id").bind(case).all(tx).await
}

pub async fn talk_contacts(tx: &mut Tx, case: CaseId) -> Result<Vec<(ContactId, i64)>> {
    sql("SELECT id, talk_id FROM contacts WHERE case_id = $1 AND talk_id IS NOT NULL")
        .bind(case)
        .all(tx)
        .await
}

pub async fn set_resends(tx: &mut Tx, contact: ContactId, original: ContactId) -> Result<()> {
    sql("UPDATE contacts SET resends_id = $2 WHERE id = $1").bind(contact).bind(original).run(tx).await?;
    Ok(())
}
