//! The contacts of cases and their files.

use std::collections::HashMap;

use crate::cases::model::{
    Attachment, Channel, Contact, Direction, NewAttachment, NewContact, PastContact, SenderProof, State,
    snippet,
};
use crate::platform::{CaseId, ContactId, CustomerId, PersonId, Result, Timestamp, Tx, sql};

/// Ids in one statement.
const MOST_IDS: usize = 500;

/// Contacts of a customer with what their cases say, newest first.
pub async fn contacts_of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    channel: Option<Channel>,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<PastContact>> {
    let mut statement =
        sql("SELECT t.id, c.number, c.subject, c.signals, t.direction, t.channel, t.at, t.author, t.text
         FROM contacts t JOIN cases c ON c.id = t.case_id
         WHERE t.state <> 'withdrawn' AND t.customer_id = ")
        .push_bind(customer);
    if let Some(channel) = channel {
        statement = statement.push(" AND t.channel = ").push_bind(channel);
    }
    if let Some((at, id)) = before {
        statement = statement.push(" AND (t.at, t.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY t.at DESC, t.id DESC LIMIT ").push_bind(limit).all(tx).await
}

const CONTACT: &str = "SELECT id, case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
    subject, text, quoted, signature, html, state, reason, send_at, automatic, stranger, received_id, shortened,
    sender_proof FROM contacts ";

/// As [`CONTACT`], but of what customers sent only whether there is HTML: it is large, and shown by itself.
const LISTED: &str = "SELECT id, case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
    subject, text, quoted, signature, CASE WHEN direction = 'in' AND html IS NOT NULL THEN '' ELSE html END AS html,
    state, reason, send_at, automatic, stranger, received_id, shortened,
    sender_proof FROM contacts ";

pub async fn insert_contact(tx: &mut Tx, new: &NewContact) -> Result<ContactId> {
    sql("INSERT INTO contacts (case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
                               subject, text, quoted, signature, html, state, send_at, automatic, stranger, received_id,
                               shortened)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING id")
    .bind(new.case)
    .bind(new.customer)
    .bind(new.direction)
    .bind(new.channel)
    .bind(new.at)
    .bind(new.person)
    .bind(&new.author)
    .bind(new.from_address.clone())
    .bind(new.to_address.clone())
    .bind(new.subject.clone())
    .bind(&new.text)
    .bind(new.quoted.clone())
    .bind(new.signature.clone())
    .bind(new.html.clone())
    .bind(new.state)
    .bind(new.send_at)
    .bind(new.automatic)
    .bind(new.stranger)
    .bind(new.received)
    .bind(new.shortened)
    .value(tx)
    .await
}

const ATTACHED: [&str; 7] = ["contact_id", "name", "content_type", "size", "blob", "inline", "content_id"];

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
        tx.insert_later("attachments", &ATTACHED, row);
    }
}

pub async fn contact(tx: &mut Tx, contact: ContactId) -> Result<Contact> {
    sql(CONTACT).push("WHERE id = ").push_bind(contact).one(tx).await
}

/// The last `limit` contacts of a case before `before`, oldest first; of customers' HTML only that it is there.
pub async fn contacts(
    tx: &mut Tx,
    case: CaseId,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>> {
    let mut statement = sql(LISTED).push("WHERE case_id = ").push_bind(case);
    if let Some((at, id)) = before {
        statement = statement.push(" AND (at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    let mut contacts: Vec<Contact> =
        statement.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit).all(tx).await?;
    contacts.reverse();
    Ok(contacts)
}

/// Where the last one who belongs to the case wrote from.
pub async fn last_sender(tx: &mut Tx, case: CaseId) -> Result<Option<String>> {
    sql("SELECT from_address FROM contacts
         WHERE case_id = $1 AND direction = 'in' AND NOT stranger AND NOT automatic AND from_address IS NOT NULL
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// When somebody wrote last to whom an answer is owed.
pub async fn last_inbound(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM contacts WHERE case_id = $1 AND direction = 'in' AND NOT automatic
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// When somebody wrote first to whom an answer is owed and who got none since; `None` if nobody waits.
pub async fn unanswered_since(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM contacts WHERE case_id = $1 AND direction = 'in' AND NOT automatic
           AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.case_id = $1 AND o.direction = 'out' AND NOT o.aside
                           AND o.state <> 'withdrawn' AND o.state <> 'failed' AND contacts.at <= o.at)
         ORDER BY at, id LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// What others said in a case after the contact `seen`, the first of it.
pub async fn said_since(
    tx: &mut Tx,
    case: CaseId,
    seen: ContactId,
    but: Option<PersonId>,
) -> Result<Option<Direction>> {
    sql("SELECT direction FROM contacts WHERE case_id = $1 AND id > $2 AND NOT automatic AND state <> 'withdrawn'
           AND (person_id IS NULL OR person_id <> $3) ORDER BY id LIMIT 1")
        .bind(case)
        .bind(seen)
        .bind(but.map_or(0, |person| person.0))
        .maybe_value(tx)
        .await
}

/// Keeps what is known about who sent a contact, and marks the case of a forged one.
pub async fn note_sender(tx: &mut Tx, case: CaseId, contact: ContactId, proof: SenderProof) -> Result<()> {
    sql("UPDATE contacts SET sender_proof = $2 WHERE id = $1").bind(contact).bind(proof).run(tx).await?;
    if proof == SenderProof::Suspicious {
        sql("UPDATE cases SET suspicious = TRUE WHERE id = $1").bind(case).run(tx).await?;
    }
    Ok(())
}

/// Marks a written contact as no part of its case's work.
pub async fn set_aside(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE contacts SET aside = TRUE WHERE id = $1").bind(contact).run(tx).await?;
    Ok(())
}

/// Lists show the case as if a contact that was taken back had not been written.
pub async fn uncount_contact(tx: &mut Tx, case: CaseId, now: Timestamp) -> Result<()> {
    let last: Option<String> =
        sql("SELECT substr(text, 1, 2000) FROM contacts WHERE case_id = $1 AND state <> 'withdrawn'
             ORDER BY at DESC, id DESC LIMIT 1")
        .bind(case)
        .maybe_value(tx)
        .await?;
    sql("UPDATE cases SET contacts = contacts - 1, snippet = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(snippet(&last.unwrap_or_default()))
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn is_aside(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    sql("SELECT aside FROM contacts WHERE id = $1").bind(contact).value(tx).await
}

pub async fn attachments(tx: &mut Tx, contact: ContactId) -> Result<Vec<Attachment>> {
    sql("SELECT id, contact_id, name, content_type, size, blob, inline, content_id FROM attachments
         WHERE contact_id = $1 ORDER BY id")
    .bind(contact)
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
    for contacts in contacts.chunks(MOST_IDS) {
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

/// Those of these contacts that there are.
pub async fn existing(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    let mut found = Vec::with_capacity(contacts.len());
    for contacts in contacts.chunks(MOST_IDS) {
        let ids = contacts.iter().copied();
        let some: Vec<ContactId> =
            sql("SELECT id FROM contacts WHERE id IN ").push_list(ids).values(tx).await?;
        found.extend(some);
    }
    Ok(found)
}

/// Does this address belong to somebody who wrote or was written to in this case?
///
/// Where a customer's mail arrived is an address of ours, which proves nothing.
pub async fn is_participant(tx: &mut Tx, case: CaseId, address_folded: &str) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT 1 FROM contacts WHERE case_id = $1 AND NOT stranger AND NOT automatic
         AND ((direction = 'in' AND LOWER(from_address) = $2) OR (direction = 'out' AND LOWER(to_address) = $2))
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

/// Moves a contact from one state to the next; false if it was not in `from` any more.
pub async fn advance(
    tx: &mut Tx,
    contact: ContactId,
    from: &[State],
    to: State,
    reason: Option<&str>,
) -> Result<bool> {
    let moved = sql("UPDATE contacts SET state = ")
        .push_bind(to)
        .push(", reason = ")
        .push_bind(reason)
        .push(" WHERE id = ")
        .push_bind(contact)
        .push(" AND state IN ")
        .push_list(from.iter().copied())
        .run(tx)
        .await?;
    Ok(moved == 1)
}

/// Who said last what was not taken back, by case; one look into the index for each.
pub async fn last_speakers(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, Direction)>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sql("SELECT id, direction FROM (SELECT c.id, (SELECT direction FROM contacts WHERE case_id = c.id AND state <> 'withdrawn'
                ORDER BY at DESC, id DESC LIMIT 1) AS direction
         FROM cases c WHERE c.id IN ")
    .push_list(cases.iter().map(|case| case.0))
    .push(") AS said WHERE direction IS NOT NULL")
    .all(tx)
    .await
}
