//! Written contacts on their way out.

use crate::channels::compose::Letter;
use crate::channels::model::{Domain, Outgoing, SentLine, Stage};
use crate::channels::raw::Kept;
use crate::platform::{ContactId, Jump, Result, Timestamp, Tx, dialect, sql};

/// A written contact as it starts on its way.
pub struct Start<'a> {
    pub contact: ContactId,
    pub at: Timestamp,
    pub recipient: &'a str,
    pub domain: &'a str,
    pub bulk: bool,
}

/// A written contact starts on its way; a second start keeps its bytes, unless it goes to another address.
pub async fn start_outgoing(tx: &mut Tx, start: &Start<'_>) -> Result<()> {
    sql("INSERT INTO outgoing (contact_id, state, attempts, interruptions, next_at, due_at, domain, bulk)
         VALUES ($1, 'waiting', 0, 0, $2, $2, $3, $4)
         ON CONFLICT (contact_id) DO UPDATE SET state = 'waiting', attempts = 0, interruptions = 0, next_at = $2, due_at = $2,
                                                domain = $3, bulk = $4, first_at = NULL, paced = FALSE,
                                                reason = NULL, ended_at = NULL")
    .bind(start.contact)
    .bind(start.at)
    .bind(start.domain)
    .bind(start.bulk)
    .run(tx)
    .await?;
    sql("UPDATE outgoing SET raw = NULL, blob = NULL, message_id = NULL, sender = NULL, recipient = NULL
         WHERE contact_id = $1 AND recipient <> $2")
    .bind(start.contact)
    .bind(start.recipient)
    .run(tx)
    .await?;
    Ok(())
}

const OUTGOING: &str =
    "SELECT contact_id, state, attempts, interruptions, reason, raw, blob, message_id, sender, recipient,
    domain, bulk, first_at, paced FROM outgoing ";

pub async fn outgoing(tx: &mut Tx, contact: ContactId) -> Result<Option<Outgoing>> {
    sql(OUTGOING).push("WHERE contact_id = ").push_bind(contact).maybe(tx).await
}

/// The mail that is due and matters most: what was written to one person before what was written to many.
///
/// Mails that another node or worker is looking at are passed over.
pub async fn due(tx: &mut Tx, now: Timestamp) -> Result<Option<Outgoing>> {
    let lock = dialect::skip_locked(tx.is_postgres());
    sql(OUTGOING)
        .push("WHERE state IN ('waiting', 'handing') AND next_at <= ")
        .push_bind(now)
        .push(" ORDER BY bulk, next_at LIMIT 1")
        .push(lock)
        .maybe(tx)
        .await
}

/// When a mail is looked at next; `None` once it has ended.
pub async fn next_attempt(tx: &mut Tx, contact: ContactId) -> Result<Option<Timestamp>> {
    sql("SELECT next_at FROM outgoing WHERE contact_id = $1 AND state IN ('waiting', 'handing')")
        .bind(contact)
        .maybe_value(tx)
        .await
}

/// Nobody else looks at it before `until`.
pub async fn set_next(tx: &mut Tx, contact: ContactId, until: Timestamp, paced: bool) -> Result<()> {
    sql("UPDATE outgoing SET next_at = $2, paced = $3 WHERE contact_id = $1")
        .bind(contact)
        .bind(until)
        .bind(paced)
        .run(tx)
        .await?;
    Ok(())
}

/// Mails to `domain` that are being handed over.
pub async fn in_hand(tx: &mut Tx, domain: &str, now: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM outgoing WHERE state = 'handing' AND domain = $1 AND next_at > $2")
        .bind(domain)
        .bind(now)
        .value(tx)
        .await
}

/// What is known of the pace of a domain.
pub async fn domain(tx: &mut Tx, domain: &str) -> Result<Domain> {
    let found: Option<Domain> =
        sql("SELECT person_at, bulk_at, slow_until, deferrals, problem, said FROM outgoing_domains WHERE domain = $1")
            .bind(domain)
            .maybe(tx)
            .await?;
    Ok(found.unwrap_or_default())
}

pub async fn set_domain(tx: &mut Tx, name: &str, domain: &Domain) -> Result<()> {
    sql("INSERT INTO outgoing_domains (domain, person_at, bulk_at, slow_until, deferrals, problem, said)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (domain) DO UPDATE SET person_at = $2, bulk_at = $3, slow_until = $4, deferrals = $5,
                                            problem = $6, said = $7")
    .bind(name)
    .bind(domain.person_at)
    .bind(domain.bulk_at)
    .bind(domain.slow_until)
    .bind(domain.deferrals)
    .bind(domain.problem)
    .bind(domain.said.clone())
    .run(tx)
    .await?;
    Ok(())
}

/// A mail went through: these domains are well again.
pub async fn calm(tx: &mut Tx, domain: &str, relay: &str) -> Result<()> {
    sql("UPDATE outgoing_domains SET deferrals = 0, slow_until = 0 WHERE domain IN ($1, $2) AND deferrals <> 0")
        .bind(domain)
        .bind(relay)
        .run(tx)
        .await?;
    Ok(())
}

/// The mails that wait although they could have left at `now`: how many, and since when the oldest.
///
/// Those that wait for their undo time, or for the moment somebody chose, are none of them.
pub async fn overdue(tx: &mut Tx, now: Timestamp) -> Result<(i64, Option<Timestamp>)> {
    sql("SELECT COUNT(*), MIN(due_at) FROM outgoing WHERE state IN ('waiting', 'handing') AND due_at <= $1")
        .bind(now)
        .one(tx)
        .await
}

/// As [`overdue`], of mails to one person only: how many.
pub async fn overdue_people(tx: &mut Tx, now: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM outgoing WHERE state IN ('waiting', 'handing') AND due_at <= $1 AND NOT bulk")
        .bind(now)
        .value(tx)
        .await
}

/// Since when the mail is ready that nobody has taken for the longest time.
pub async fn ready_since(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let at: Option<Timestamp> =
        sql("SELECT MIN(next_at) FROM outgoing WHERE state IN ('waiting', 'handing')").value(tx).await?;
    Ok(at)
}

/// When a mail left last.
pub async fn last_sent(tx: &mut Tx) -> Result<Option<Timestamp>> {
    sql("SELECT ended_at FROM outgoing WHERE ended_at IS NOT NULL AND state = 'sent'
         ORDER BY ended_at DESC, contact_id DESC LIMIT 1")
    .maybe_value(tx)
    .await
}

/// Keeps a message as it was composed; every attempt sends these bytes.
pub async fn save_composed(tx: &mut Tx, contact: ContactId, letter: &Letter, kept: &Kept) -> Result<()> {
    sql("UPDATE outgoing SET raw = $2, blob = $3, message_id = $4, sender = $5, recipient = $6, subject = $7
         WHERE contact_id = $1")
    .bind(contact)
    .bind(kept.bytes.clone())
    .bind(kept.blob.clone())
    .bind(&letter.message_id)
    .bind(&letter.sender)
    .bind(&letter.recipient)
    .bind(&letter.subject)
    .run(tx)
    .await?;
    Ok(())
}

/// Committed right before the mail server is spoken to.
pub async fn set_handing(tx: &mut Tx, contact: ContactId, now: Timestamp) -> Result<()> {
    sql("UPDATE outgoing SET state = 'handing', attempts = attempts + 1, first_at = COALESCE(first_at, $2)
         WHERE contact_id = $1")
    .bind(contact)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

/// Waits for another attempt at `next_at`.
pub async fn set_waiting(
    tx: &mut Tx,
    contact: ContactId,
    reason: &str,
    now: Timestamp,
    next_at: Timestamp,
) -> Result<()> {
    sql(
        "UPDATE outgoing SET state = 'waiting', reason = $2, first_at = COALESCE(first_at, $3), next_at = $4,
                             paced = FALSE WHERE contact_id = $1",
    )
    .bind(contact)
    .bind(reason)
    .bind(now)
    .bind(next_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Nobody knows whether it was accepted: it waits to be sent once more.
pub async fn count_interruption(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE outgoing SET state = 'waiting', interruptions = interruptions + 1 WHERE contact_id = $1")
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn end_outgoing(
    tx: &mut Tx,
    contact: ContactId,
    state: Stage,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE outgoing SET state = $2, reason = $3, ended_at = $4 WHERE contact_id = $1")
        .bind(contact)
        .bind(state)
        .bind(reason)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Mails that left, newest first, before `cursor`.
pub async fn sent(tx: &mut Tx, cursor: Option<(Timestamp, ContactId)>, limit: i64) -> Result<Vec<SentLine>> {
    let (at, contact) = cursor.unwrap_or((Timestamp(i64::MAX), ContactId(i64::MAX)));
    sql("SELECT contact_id, ended_at AS at, recipient, subject FROM outgoing
         WHERE ended_at IS NOT NULL AND (ended_at, contact_id) < ($1, $2) AND state = 'sent' AND recipient IS NOT NULL
         ORDER BY ended_at DESC, contact_id DESC LIMIT $3")
    .bind(at)
    .bind(contact)
    .bind(limit)
    .all(tx)
    .await
}

/// What was to leave after `from` until `until` leaves `now`.
pub async fn leave_now(tx: &mut Tx, now: Timestamp, from: Timestamp, until: Timestamp) -> Result<()> {
    sql("UPDATE outgoing SET next_at = $1 WHERE state = 'waiting' AND next_at > $2 AND next_at <= $3")
        .bind(now)
        .bind(from)
        .bind(until)
        .run(tx)
        .await?;
    Ok(())
}

/// What is in hand belongs to nobody beyond `until`.
pub async fn cut_taken(tx: &mut Tx, until: Timestamp) -> Result<()> {
    sql("UPDATE outgoing SET next_at = $1 WHERE state = 'handing' AND next_at > $1")
        .bind(until)
        .run(tx)
        .await?;
    Ok(())
}

/// The clock went back by `micros`: what waits beyond `after` for a pace, a rest or another attempt waits no longer than
/// it would have; which, and until when. What somebody planned keeps to the clock.
pub async fn shift_put_off(
    tx: &mut Tx,
    after: Timestamp,
    micros: i64,
) -> Result<Vec<(ContactId, Timestamp)>> {
    sql("UPDATE outgoing SET next_at = next_at - $2
         WHERE state = 'waiting' AND next_at > $1 AND due_at < next_at RETURNING contact_id, next_at")
    .bind(after)
    .bind(micros)
    .all(tx)
    .await
}

/// The clock went back: so does what was given out.
pub async fn shift_paces(tx: &mut Tx, jump: Jump) -> Result<()> {
    sql("UPDATE outgoing_domains SET person_at = person_at - $1, bulk_at = bulk_at - $1, slow_until = slow_until - $1")
        .bind(jump.micros())
        .run(tx)
        .await?;
    Ok(())
}

/// As [`shift_paces`], of what was given out beyond `after` only.
pub async fn shift_paces_beyond(tx: &mut Tx, after: Timestamp, micros: i64) -> Result<()> {
    sql("UPDATE outgoing_domains
         SET person_at = CASE WHEN person_at > $1 THEN person_at - $2 ELSE person_at END,
             bulk_at = CASE WHEN bulk_at > $1 THEN bulk_at - $2 ELSE bulk_at END,
             slow_until = CASE WHEN slow_until > $1 THEN slow_until - $2 ELSE slow_until END
         WHERE person_at > $1 OR bulk_at > $1 OR slow_until > $1")
    .bind(after)
    .bind(micros)
    .run(tx)
    .await?;
    Ok(())
}
