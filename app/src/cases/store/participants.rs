//! Who takes part in a case: where they wrote from and were written to.

use crate::platform::{CaseId, Result, Tx, portions, sql};

/// Where the last one who belongs to the case wrote from. Somebody else whose case was merged into this one does not
/// get what is meant for its customer.
pub async fn last_sender(tx: &mut Tx, case: CaseId) -> Result<Option<String>> {
    tx.once("last sender", case.0, |tx, case| Box::pin(sender_of(tx, case))).await
}

async fn sender_of(tx: &mut Tx, case: i64) -> Result<Option<String>> {
    sql("SELECT from_address FROM contacts
         WHERE case_id = $1 AND direction = 'in' AND NOT stranger AND NOT automatic AND from_address IS NOT NULL
           AND talk_id IS NULL
           AND (moved_from IS NULL
                OR EXISTS (SELECT 1 FROM cases home JOIN cases here ON here.customer_id = home.customer_id
                           WHERE home.id = moved_from AND here.id = $1)
                OR EXISTS (SELECT 1 FROM contact_points p JOIN cases here ON here.customer_id = p.customer_id
                           WHERE here.id = $1 AND p.kind = 'email' AND p.folded = LOWER(from_address)))
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// Does this address belong to somebody who wrote or was written to in this case?
///
/// Where a customer's mail arrived is an address of ours, which proves nothing.
pub async fn is_participant(tx: &mut Tx, case: CaseId, address_folded: &str) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT 1 FROM contacts WHERE case_id = $1 AND NOT stranger AND NOT automatic AND talk_id IS NULL
         AND ((direction = 'in' AND LOWER(from_address) = $2) OR (direction = 'out' AND LOWER(to_address) = $2))
         UNION ALL
         SELECT 1 FROM contacts JOIN contact_recipients r ON r.contact_id = contacts.id
         WHERE contacts.case_id = $1 AND direction = 'out' AND talk_id IS NULL AND r.folded = $2
         UNION ALL
         SELECT 1 FROM cases JOIN contact_points p ON p.customer_id = cases.customer_id
         WHERE cases.id = $1 AND p.kind = 'email' AND p.folded = $2 LIMIT 1")
        .bind(case)
        .bind(address_folded)
        .maybe_value::<i32>(tx)
        .await?
        .map(i64::from);
    Ok(found.is_some())
}

/// Which of these addresses, folded, take part in the case beside them, as [`is_participant`] asks.
pub async fn participants(tx: &mut Tx, pairs: &[(CaseId, String)]) -> Result<Vec<(CaseId, String)>> {
    let mut found = Vec::new();
    for pairs in portions(pairs) {
        let statement = sql("SELECT pair.column1, pair.column2 FROM (VALUES ")
            .push_rows(pairs.iter().map(|(case, address)| vec![(*case).into(), address.into()]))
            .push(
                ") AS pair WHERE EXISTS (
                     SELECT 1 FROM contacts WHERE case_id = pair.column1 AND NOT stranger AND NOT automatic AND talk_id IS NULL
                     AND ((direction = 'in' AND LOWER(from_address) = pair.column2)
                          OR (direction = 'out' AND LOWER(to_address) = pair.column2)))
                 OR EXISTS (
                     SELECT 1 FROM contacts JOIN contact_recipients r ON r.contact_id = contacts.id
                     WHERE contacts.case_id = pair.column1 AND direction = 'out' AND talk_id IS NULL
                     AND r.folded = pair.column2)
                 OR EXISTS (
                     SELECT 1 FROM cases JOIN contact_points p ON p.customer_id = cases.customer_id
                     WHERE cases.id = pair.column1 AND p.kind = 'email' AND p.folded = pair.column2)",
            );
        found.extend::<Vec<(CaseId, String)>>(statement.all(tx).await?);
    }
    Ok(found)
}

/// Where the customer wrote to last, as their mail program had it.
pub async fn last_address_written_to(tx: &mut Tx, case: CaseId) -> Result<Option<String>> {
    sql("SELECT to_address FROM contacts
         WHERE case_id = $1 AND direction = 'in' AND NOT automatic AND to_address IS NOT NULL AND talk_id IS NULL
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}
