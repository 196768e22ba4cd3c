//! What decides how a case's next mail is taken: its subjects, who wrote how often, what machines may not answer.

use crate::cases::model::SenderProof;
use crate::customers::Purpose;
use crate::platform::{CaseId, ContactId, Result, Timestamp, Tx, sql};

/// What the case's newest contacts are about.
pub async fn subjects(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<String>> {
    sql("SELECT subject FROM contacts WHERE case_id = $1 AND subject IS NOT NULL AND NOT automatic
         ORDER BY at DESC, id DESC LIMIT $2")
    .bind(case)
    .bind(limit)
    .values(tx)
    .await
}

/// Mails from an address to a case after `since`, up to `until`.
pub async fn count_from(
    tx: &mut Tx,
    case: CaseId,
    address_folded: &str,
    since: Timestamp,
    until: Timestamp,
) -> Result<i64> {
    sql("SELECT COUNT(*) FROM contacts WHERE case_id = $1 AND at > $3 AND at <= $4 AND direction = 'in'
           AND LOWER(from_address) = $2")
    .bind(case)
    .bind(address_folded)
    .bind(since)
    .bind(until)
    .value(tx)
    .await
}

/// Of the last mail from an address to a case: did a machine write it, does it forbid machines to answer, and is it
/// from whom it says?
pub async fn last_from(
    tx: &mut Tx,
    case: CaseId,
    address_folded: &str,
) -> Result<Option<(bool, bool, SenderProof)>> {
    sql("SELECT automatic, unanswerable, sender_proof FROM contacts WHERE case_id = $1 AND direction = 'in' AND LOWER(from_address) = $2
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .bind(address_folded)
    .maybe(tx)
    .await
}

pub async fn set_unanswerable(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE contacts SET unanswerable = TRUE WHERE id = $1").bind(contact).run(tx).await?;
    Ok(())
}

/// What is to be known of a contact whose state stays.
pub async fn set_reason(tx: &mut Tx, contact: ContactId, reason: &str) -> Result<()> {
    sql("UPDATE contacts SET reason = $2 WHERE id = $1").bind(contact).bind(reason).run(tx).await?;
    Ok(())
}

/// Whoever writes from this address belongs to the case; how many contacts were a stranger's.
pub async fn accept_sender(tx: &mut Tx, case: CaseId, address_folded: &str) -> Result<u64> {
    sql("UPDATE contacts SET stranger = FALSE WHERE case_id = $1 AND stranger AND LOWER(from_address) = $2")
        .bind(case)
        .bind(address_folded)
        .run(tx)
        .await
}

/// What came to a case from an address while it was a stranger's.
pub async fn strangers(tx: &mut Tx, case: CaseId, address_folded: &str) -> Result<Vec<ContactId>> {
    sql("SELECT id FROM contacts WHERE case_id = $1 AND stranger AND LOWER(from_address) = $2 ORDER BY id")
        .bind(case)
        .bind(address_folded)
        .values(tx)
        .await
}

/// These contacts of a case are a stranger's; how many were not.
pub async fn exclude(tx: &mut Tx, case: CaseId, contacts: &[ContactId]) -> Result<u64> {
    sql("UPDATE contacts SET stranger = TRUE WHERE NOT stranger AND case_id = ")
        .push_bind(case)
        .push(" AND id IN ")
        .push_list(contacts.iter().copied())
        .run(tx)
        .await
}

/// What a written contact is for.
pub async fn set_purpose(tx: &mut Tx, contact: ContactId, purpose: Purpose) -> Result<()> {
    sql("UPDATE contacts SET purpose = $2 WHERE id = $1").bind(contact).bind(purpose).run(tx).await?;
    Ok(())
}
