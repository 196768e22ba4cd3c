//! The files of contacts.

use std::collections::HashMap;

use super::of_case::{ATTACHMENTS, asked};
use crate::cases::model::{Attachment, NewAttachment};
use crate::platform::{CaseId, ContactId, Result, Table, Tx, key_lists, sql};

static ATTACHED: Table<7> = Table {
    name: "attachments",
    columns: ["contact_id", "name", "content_type", "size", "blob", "inline", "content_id"],
    depth: 3,
};

pub fn insert_attachments(tx: &mut Tx, contact: ContactId, files: &[NewAttachment]) {
    for file in files {
        let row = [
            contact.into(),
            (&file.name).into(),
            (&file.content_type).into(),
            file.size.into(),
            (&file.blob).into(),
            file.inline.into(),
            file.content_id.clone().into(),
        ];
        tx.insert_later(&ATTACHED, row);
    }
}

pub async fn attachments(tx: &mut Tx, contact: ContactId) -> Result<Vec<Attachment>> {
    sql("SELECT id, contact_id, name, content_type, size, blob, inline, content_id FROM attachments
         WHERE contact_id = $1 ORDER BY id")
    .bind(contact)
    .all(tx)
    .await
}

/// Those of these attachments that belong to a case, in their order.
pub async fn attachments_in(tx: &mut Tx, case: CaseId, ids: &[i64]) -> Result<Vec<Attachment>> {
    sql("SELECT a.id, a.contact_id, a.name, a.content_type, a.size, a.blob, a.inline, a.content_id
         FROM attachments a JOIN contacts c ON c.id = a.contact_id WHERE c.case_id = ")
    .push_bind(case)
    .push(" AND a.id IN ")
    .push_list(ids.iter().copied())
    .push(" ORDER BY a.id")
    .all(tx)
    .await
}

/// The blobs of attachments, each with one attachment that it belongs to, after `last`.
pub async fn blobs_after(tx: &mut Tx, last: &str, limit: i64) -> Result<Vec<(String, i64)>> {
    sql("SELECT blob, MIN(id) FROM attachments WHERE blob > $1 GROUP BY blob ORDER BY blob LIMIT $2")
        .bind(last)
        .bind(limit)
        .all(tx)
        .await
}

/// The files of these contacts, by contact.
pub async fn attachments_of(
    tx: &mut Tx,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, Vec<Attachment>>> {
    let mut rows: Vec<Attachment> = Vec::new();
    for contacts in key_lists(&asked(tx, &ATTACHMENTS, contacts)) {
        let found =
            sql("SELECT id, contact_id, name, content_type, size, blob, inline, content_id FROM attachments
             WHERE contact_id IN ")
            .push_list(contacts.iter().copied())
            .push(" ORDER BY id")
            .all(tx)
            .await?;
        rows.extend(found);
    }
    let mut by_contact: HashMap<ContactId, Vec<Attachment>> = HashMap::new();
    for row in rows {
        by_contact.entry(row.contact).or_default().push(row);
    }
    Ok(by_contact)
}

pub async fn attachment(tx: &mut Tx, attachment: i64) -> Result<Attachment> {
    sql("SELECT id, contact_id, name, content_type, size, blob, inline, content_id FROM attachments WHERE id = $1")
        .bind(attachment)
        .one(tx)
        .await
}
