//! Who was called into a case.

use super::of_case::{MENTIONS, asked};
use crate::platform::{CaseId, ContactId, PersonId, Result, Timestamp, Tx, key_lists, sql};

/// Somebody is called by a note.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Mention {
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    pub name: String,
    pub seen_at: Option<Timestamp>,
}

pub async fn insert_mention(
    tx: &mut Tx,
    person: PersonId,
    contact: ContactId,
    case: CaseId,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO mentions (person_id, contact_id, case_id, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id, contact_id) DO NOTHING")
    .bind(person)
    .bind(contact)
    .bind(case)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// A note calls nobody any more.
pub async fn forget_mentions(tx: &mut Tx, note: ContactId) -> Result<()> {
    sql("DELETE FROM mentions WHERE contact_id = $1").bind(note).run(tx).await?;
    Ok(())
}

/// Who is called into a case hears of it from then on.
pub async fn follow_case(tx: &mut Tx, person: PersonId, case: CaseId, at: Timestamp) -> Result<()> {
    sql("INSERT INTO case_people (case_id, person_id, part, at) VALUES ($1, $2, 'follower', $3)
         ON CONFLICT (case_id, person_id, part) DO NOTHING")
    .bind(case)
    .bind(person)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn mentions_of(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<Mention>> {
    let mut found = Vec::new();
    for contacts in key_lists(&asked(tx, &MENTIONS, contacts)) {
        let rows: Vec<Mention> =
            sql("SELECT m.person_id, m.contact_id, people.name, m.seen_at FROM mentions m
             JOIN people ON people.id = m.person_id WHERE m.contact_id IN ")
            .push_list(contacts.iter().copied())
            .push(" ORDER BY m.id")
            .all(tx)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Who was called into these cases, each once.
pub async fn called_into(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, PersonId)>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sql("SELECT DISTINCT case_id, person_id FROM mentions WHERE case_id IN ")
        .push_list(cases.iter().copied())
        .all(tx)
        .await
}

pub async fn see_mentions(tx: &mut Tx, person: PersonId, case: CaseId, now: Timestamp) -> Result<u64> {
    sql("UPDATE mentions SET seen_at = $3 WHERE person_id = $1 AND case_id = $2 AND seen_at IS NULL")
        .bind(person)
        .bind(case)
        .bind(now)
        .run(tx)
        .await
}
