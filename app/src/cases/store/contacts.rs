//! The contacts of cases.

use super::filter::in_sight;
use crate::cases::model::{
    Channel, Contact, Direction, NewContact, PastContact, Problem, SenderProof, State, Trouble, snippet,
};
use crate::platform::{
    Actor, Arg, CaseId, ContactId, CustomerId, PersonId, Result, Sql, Table, Timestamp, Tx, key_lists, sql,
};

/// What was said with a customer in all cases, with what these say, newest first, before a moment and contact.
pub async fn contacts_of_customer(
    tx: &mut Tx,
    actor: &Actor,
    customer: CustomerId,
    channel: Option<Channel>,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<PastContact>> {
    let mut statement =
        sql("SELECT t.id, c.number, c.subject, c.signals, t.direction, t.channel, t.at, t.author, t.text
         FROM contacts t JOIN cases c ON c.id = t.case_id
         WHERE t.state <> 'withdrawn' AND t.talk_id IS NULL AND c.bin IS NULL AND t.customer_id = ")
        .push_bind(customer);
    statement = in_sight(statement, actor);
    if let Some(channel) = channel {
        statement = statement.push(" AND t.channel = ").push_bind(channel);
    }
    if let Some((at, id)) = before {
        statement = statement.push(" AND (t.at, t.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    statement.push(" ORDER BY t.at DESC, t.id DESC LIMIT ").push_bind(limit).all(tx).await
}

const CONTACT: &str = "SELECT id, case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
    subject, text, quoted, signature, html, state, problem, reason, send_at, next_at, automatic, stranger, received_id,
    shortened, sender_proof, purpose, talk_id, resends_id FROM contacts ";

/// As [`CONTACT`], but of what customers sent only whether there is HTML: it is large, and shown by itself.
const LISTED: &str = "SELECT id, case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
    subject, text, quoted, signature, CASE WHEN direction = 'in' AND html IS NOT NULL THEN '' ELSE html END AS html,
    state, problem, reason, send_at, next_at, automatic, stranger, received_id, shortened,
    sender_proof, purpose, talk_id, resends_id FROM contacts ";

/// As [`LISTED`], of what customers wrote only the first characters: whole, two hundred long mails are megabytes.
const GLIMPSED: &str =
    "SELECT id, case_id, customer_id, direction, channel, at, person_id, author, from_address, to_address,
    subject, CASE WHEN direction = 'in' THEN SUBSTR(text, 1, CAST($1 AS integer)) ELSE text END AS text,
    CASE WHEN direction = 'in' THEN SUBSTR(quoted, 1, CAST($1 AS integer)) ELSE quoted END AS quoted, signature,
    CASE WHEN direction = 'in' AND html IS NOT NULL THEN '' ELSE html END AS html,
    state, problem, reason, send_at, next_at, automatic, stranger, received_id, shortened,
    sender_proof, purpose, talk_id, resends_id FROM contacts WHERE case_id = $2 ";

static WRITTEN: Table<23> = Table {
    name: "contacts",
    columns: [
        "id",
        "case_id",
        "customer_id",
        "direction",
        "channel",
        "at",
        "person_id",
        "author",
        "from_address",
        "to_address",
        "subject",
        "text",
        "quoted",
        "signature",
        "html",
        "state",
        "send_at",
        "automatic",
        "stranger",
        "received_id",
        "shortened",
        "talk_id",
        "heard",
    ],
    depth: 2,
};

pub async fn insert_contact(tx: &mut Tx, new: NewContact) -> Result<ContactId> {
    let id = tx.next_id("contacts").await?;
    let row: [Arg; 23] = [
        id.into(),
        new.case.into(),
        new.customer.into(),
        new.direction.into(),
        new.channel.into(),
        new.at.into(),
        new.person.into(),
        new.author.into(),
        new.from_address.into(),
        new.to_address.into(),
        new.subject.into(),
        new.text.into(),
        new.quoted.into(),
        new.signature.into(),
        new.html.into(),
        new.state.into(),
        new.send_at.into(),
        new.automatic.into(),
        new.stranger.into(),
        new.received.into(),
        new.shortened.into(),
        new.talk.into(),
        new.heard.into(),
    ];
    tx.insert_later(&WRITTEN, row);
    Ok(ContactId(id))
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
    last_before(tx, sql(LISTED).push("WHERE case_id = ").push_bind(case), before, limit).await
}

async fn last_before(
    tx: &mut Tx,
    mut of_case: Sql,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>> {
    if let Some((at, id)) = before {
        of_case = of_case.push(" AND (at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    let mut contacts: Vec<Contact> =
        of_case.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit).all(tx).await?;
    contacts.reverse();
    Ok(contacts)
}

/// As [`contacts`], of what customers wrote the first `characters`.
pub async fn glimpses(
    tx: &mut Tx,
    case: CaseId,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
    characters: i64,
) -> Result<Vec<Contact>> {
    last_before(tx, sql(GLIMPSED).bind(characters).bind(case), before, limit).await
}

/// The texts of a contact and what they quote, up to so many characters each.
pub async fn beginning(tx: &mut Tx, contact: ContactId, characters: i64) -> Result<(String, Option<String>)> {
    sql("SELECT SUBSTR(text, 1, CAST($2 AS integer)), SUBSTR(quoted, 1, CAST($2 AS integer))
         FROM contacts WHERE id = $1")
    .bind(contact)
    .bind(characters)
    .one(tx)
    .await
}

/// When somebody wrote last to whom an answer is owed.
pub async fn last_inbound(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM contacts WHERE case_id = $1 AND direction = 'in' AND NOT automatic AND talk_id IS NULL
         ORDER BY at DESC, id DESC LIMIT 1")
    .bind(case)
    .maybe_value(tx)
    .await
}

/// When somebody wrote first to whom an answer is owed and who got none since; `None` if nobody waits. Who spoke with us
/// was answered by that, unless only a program noted the call.
pub async fn unanswered_since(tx: &mut Tx, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM contacts WHERE case_id = $1 AND direction = 'in' AND NOT automatic AND talk_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.case_id = $1 AND o.direction = 'out' AND NOT o.aside
                           AND o.talk_id IS NULL
                           AND o.state NOT IN ('withdrawn', 'failed', 'suppressed') AND contacts.at <= o.at)
           AND NOT EXISTS (SELECT 1 FROM contacts s WHERE s.case_id = $1 AND s.heard AND contacts.at <= s.at)
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

/// Somebody of the house spoke with whose contact it is: that was the answer.
pub async fn set_heard(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE contacts SET heard = TRUE WHERE id = $1").bind(contact).run(tx).await?;
    Ok(())
}

/// Marks a written contact as no part of its case's work.
pub async fn set_aside(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE contacts SET aside = TRUE WHERE id = $1").bind(contact).run(tx).await?;
    Ok(())
}

/// Lists show the case as if a contact that was taken back had not been written.
pub async fn uncount_contact(tx: &mut Tx, case: CaseId, now: Timestamp) -> Result<()> {
    let (text, speaker) = last_said(tx, case).await?;
    sql("UPDATE cases SET contacts = contacts - 1, snippet = $2, updated_at = $3, speaker = $4, version = version + 1
         WHERE id = $1")
    .bind(case)
    .bind(snippet(&text))
    .bind(now)
    .bind(speaker)
    .run(tx)
    .await?;
    count_internal(tx, case).await
}

/// Counts what the customer of a case is no part of, after contacts came or went.
pub(super) async fn count_internal(tx: &mut Tx, case: CaseId) -> Result<()> {
    sql("UPDATE cases SET internal = (SELECT COUNT(*) FROM contacts k WHERE k.case_id = $1 AND k.state <> 'withdrawn'
                                      AND (k.direction = 'note' OR k.talk_id IS NOT NULL))
         WHERE id = $1")
    .bind(case)
    .run(tx)
    .await?;
    Ok(())
}

/// The beginning of the newest contact, and who said it; of what the house's machines said only if there is nothing
/// else.
pub(super) async fn last_said(tx: &mut Tx, case: CaseId) -> Result<(String, Option<Direction>)> {
    let last: Option<(String, Direction)> =
        sql("SELECT substr(text, 1, 2000), CASE WHEN talk_id IS NULL THEN direction ELSE 'note' END
             FROM contacts WHERE case_id = $1 AND state <> 'withdrawn'
             ORDER BY CASE WHEN direction = 'out' AND automatic THEN 1 ELSE 0 END, at DESC, id DESC LIMIT 1")
        .bind(case)
        .maybe(tx)
        .await?;
    Ok(last.map_or_else(Default::default, |(text, speaker)| (text, Some(speaker))))
}

/// Is this written contact no part of its case's work, such as a message to many?
pub async fn is_aside(tx: &mut Tx, contact: ContactId) -> Result<bool> {
    sql("SELECT aside FROM contacts WHERE id = $1").bind(contact).value(tx).await
}

/// Those of these contacts that there are.
pub async fn existing(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<ContactId>> {
    let mut found = Vec::with_capacity(contacts.len());
    for contacts in key_lists(contacts) {
        let ids = contacts.iter().copied();
        let some: Vec<ContactId> =
            sql("SELECT id FROM contacts WHERE id IN ").push_list(ids).values(tx).await?;
        found.extend(some);
    }
    Ok(found)
}

/// Moves a contact from one state to the next; false if it was not in `from` any more.
pub async fn advance(
    tx: &mut Tx,
    contact: ContactId,
    from: &[State],
    to: State,
    trouble: Option<&Trouble>,
) -> Result<bool> {
    let moved = sql("UPDATE contacts SET state = ")
        .push_bind(to)
        .push(", problem = ")
        .push_bind(trouble.map(|trouble| trouble.problem))
        .push(", reason = ")
        .push_bind(trouble.map(|trouble| trouble.said.as_str()).filter(|said| !said.is_empty()))
        .push(", next_at = ")
        .push_bind(trouble.and_then(|trouble| trouble.next_at))
        .push(" WHERE id = ")
        .push_bind(contact)
        .push(" AND state IN ")
        .push_list(from.iter().copied())
        .run(tx)
        .await?;
    Ok(moved == 1)
}

/// Another moment or another address, while a contact has not left; false if it has.
pub async fn redirect(
    tx: &mut Tx,
    contact: ContactId,
    to: Option<&str>,
    at: Option<Timestamp>,
) -> Result<bool> {
    let changed =
        sql("UPDATE contacts SET to_address = COALESCE($2, to_address), send_at = COALESCE($3, send_at)
                       WHERE id = $1 AND state IN ('queued', 'failed')")
        .bind(contact)
        .bind(to)
        .bind(at)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// How these contacts fare.
pub async fn fates(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<(ContactId, State, Option<Problem>)>> {
    sql("SELECT id, state, problem FROM contacts WHERE id IN ")
        .push_list(contacts.iter().copied())
        .all(tx)
        .await
}

/// Keeps the signature that a contact left with.
pub async fn set_signature(tx: &mut Tx, contact: ContactId, signature: &str) -> Result<()> {
    sql("UPDATE contacts SET signature = $2 WHERE id = $1").bind(contact).bind(signature).run(tx).await?;
    Ok(())
}
