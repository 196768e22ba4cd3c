//! Whom contacts go to.

use super::of_case::{RECIPIENTS, asked};
use crate::cases::recipients::{Addressee, Progress, Recipient};
use crate::people;
use crate::platform::{CaseId, ContactId, Result, Table, Tx, key_lists, sql};

static NAMED: Table<6> = Table {
    name: "contact_recipients",
    columns: ["contact_id", "part", "name", "address", "folded", "state"],
    depth: 3,
};

pub fn insert_recipients(tx: &mut Tx, contact: ContactId, all: &[Recipient], state: Progress) {
    for one in all {
        let row = [
            contact.into(),
            one.place.into(),
            (&one.name).into(),
            (&one.address).into(),
            people::fold_email(&one.address).into(),
            state.into(),
        ];
        tx.insert_later(&NAMED, row);
    }
}

pub async fn recipients(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<Addressee>> {
    let mut found = Vec::new();
    for contacts in key_lists(&asked(tx, &RECIPIENTS, contacts)) {
        let rows: Vec<Addressee> =
            sql("SELECT contact_id, part, name, address, state, said FROM contact_recipients WHERE contact_id IN ")
                .push_list(contacts.iter().copied())
                .push(" ORDER BY id")
                .all(tx)
                .await?;
        found.extend(rows);
    }
    Ok(found)
}

pub async fn set_progress(
    tx: &mut Tx,
    contact: ContactId,
    folded: &str,
    state: Progress,
    said: Option<&str>,
) -> Result<()> {
    sql("UPDATE contact_recipients SET state = $3, said = $4 WHERE contact_id = $1 AND folded = $2")
        .bind(contact)
        .bind(folded)
        .bind(state)
        .bind(said)
        .run(tx)
        .await?;
    Ok(())
}

/// Whoever still waited for a message that was given up will not get it.
pub async fn fail_recipients(tx: &mut Tx, contact: ContactId, said: &str) -> Result<()> {
    sql("UPDATE contact_recipients SET state = 'failed', said = $2 WHERE contact_id = $1 AND state = 'queued'")
        .bind(contact)
        .bind(said)
        .run(tx)
        .await?;
    Ok(())
}

/// Those who did not get a message are tried again; the first of them at another address, if one is given.
pub async fn requeue_recipients(tx: &mut Tx, contact: ContactId, to: Option<&str>) -> Result<()> {
    if let Some(to) = to {
        sql("UPDATE contact_recipients SET address = $2, folded = $3 WHERE id =
             (SELECT MIN(id) FROM contact_recipients WHERE contact_id = $1 AND state = 'failed')")
        .bind(contact)
        .bind(to)
        .bind(people::fold_email(to))
        .run(tx)
        .await?;
    }
    sql("UPDATE contact_recipients SET state = 'queued', said = NULL WHERE contact_id = $1 AND state = 'failed'")
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

/// One recipient of a contact is written to elsewhere.
pub async fn readdress(tx: &mut Tx, contact: ContactId, folded: &str, to: &str) -> Result<()> {
    sql("UPDATE contact_recipients SET address = $3, folded = $4 WHERE contact_id = $1 AND folded = $2")
        .bind(contact)
        .bind(folded)
        .bind(to)
        .bind(people::fold_email(to))
        .run(tx)
        .await?;
    Ok(())
}

/// Who was named in a case so far, the latest first: name, which may be empty, and address.
pub async fn addresses_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<(String, String)>> {
    sql("SELECT name, address FROM (
             SELECT t.author AS name, t.from_address AS address, t.id FROM contacts t
             WHERE t.case_id = $1 AND t.direction = 'in' AND t.from_address IS NOT NULL
             UNION ALL
             SELECT r.name, r.address, t.id FROM contacts t JOIN contact_recipients r ON r.contact_id = t.id
             WHERE t.case_id = $1
             UNION ALL
             SELECT '', t.to_address, t.id FROM contacts t
             WHERE t.case_id = $1 AND t.direction = 'out' AND t.to_address IS NOT NULL
         ) AS named ORDER BY id DESC LIMIT 200")
    .bind(case)
    .all(tx)
    .await
}
