//! One row per mail of a server, whatever became of it.

use crate::mailboxes::model::{MailboxMail, Outcome};
use crate::platform::{MailboxId, ReceivedId, Result, Timestamp, Tx, portions, sql};

/// What became of a mail.
#[derive(Debug, Clone)]
pub struct Account {
    pub uid: u32,
    pub outcome: Outcome,
    pub received: Option<ReceivedId>,
    pub hash: Option<String>,
    pub message_id: Option<String>,
    pub size: i64,
    pub sender: Option<String>,
    pub subject: Option<String>,
    /// Still to be moved or deleted on the server.
    pub pending: bool,
}

/// Where mails are.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub mailbox: MailboxId,
    pub folder: i64,
    pub uidvalidity: u32,
}

/// Notes what became of mails; a later outcome replaces an earlier one.
pub async fn account(tx: &mut Tx, place: Place, accounts: &[Account], now: Timestamp) -> Result<()> {
    for portion in portions(accounts) {
        let rows = portion.iter().map(|account| {
            vec![
                place.mailbox.into(),
                place.folder.into(),
                place.uidvalidity.into(),
                account.uid.into(),
                now.into(),
                account.outcome.into(),
                account.received.into(),
                account.hash.clone().into(),
                account.message_id.clone().into(),
                account.size.into(),
                account.sender.clone().into(),
                account.subject.clone().into(),
                account.pending.into(),
            ]
        });
        sql("INSERT INTO mailbox_mails (mailbox_id, folder_id, uidvalidity, uid, at, outcome, received_id, hash,
                                        message_id, size, sender, subject, pending) VALUES ")
        .push_rows(rows)
        .push(
            " ON CONFLICT (folder_id, uidvalidity, uid) DO UPDATE SET at = excluded.at,
                outcome = excluded.outcome, received_id = excluded.received_id, hash = excluded.hash,
                message_id = excluded.message_id, size = excluded.size, sender = excluded.sender,
                subject = excluded.subject, pending = excluded.pending
              WHERE mailbox_mails.outcome <> 'kept'",
        )
        .run(tx)
        .await?;
    }
    Ok(())
}

/// UIDs beyond `after` that are accounted for all the same.
pub async fn accounted_after(tx: &mut Tx, place: Place, after: u32) -> Result<Vec<i64>> {
    sql("SELECT uid FROM mailbox_mails WHERE folder_id = $1 AND uidvalidity = $2 AND uid > $3")
        .bind(place.folder)
        .bind(place.uidvalidity)
        .bind(after)
        .values(tx)
        .await
}

/// UIDs of mails of a folder that stayed on the server, the lowest first.
pub async fn left_in(tx: &mut Tx, place: Place, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT uid FROM mailbox_mails
         WHERE mailbox_id = $1 AND folder_id = $2 AND uidvalidity = $3 AND outcome IN ('too_large', 'unreadable')
         ORDER BY id LIMIT $4")
    .bind(place.mailbox)
    .bind(place.folder)
    .bind(place.uidvalidity)
    .bind(limit)
    .values(tx)
    .await
}

/// UIDs of mails that are still to be moved or deleted, the lowest first.
pub async fn pending(tx: &mut Tx, place: Place, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT uid FROM mailbox_mails WHERE folder_id = $1 AND uidvalidity = $2 AND pending ORDER BY uid LIMIT $3")
        .bind(place.folder)
        .bind(place.uidvalidity)
        .bind(limit)
        .values(tx)
        .await
}

/// Nothing is left to do on the server for these.
pub async fn settle(tx: &mut Tx, place: Place, uids: &[u32]) -> Result<()> {
    for portion in portions(uids) {
        sql("UPDATE mailbox_mails SET pending = FALSE WHERE folder_id = ")
            .push_bind(place.folder)
            .push(" AND uidvalidity = ")
            .push_bind(place.uidvalidity)
            .push(" AND uid IN ")
            .push_list(portion.iter().copied())
            .run(tx)
            .await?;
    }
    Ok(())
}

/// The numbers of a folder are worth nothing any more: what was left under them is looked for anew.
pub async fn forget_numbers(tx: &mut Tx, mailbox: MailboxId, folder: i64) -> Result<()> {
    sql("UPDATE mailbox_mails SET pending = FALSE WHERE folder_id = $1 AND pending")
        .bind(folder)
        .run(tx)
        .await?;
    sql("UPDATE mailbox_mails SET outcome = 'gone'
         WHERE mailbox_id = $1 AND folder_id = $2 AND outcome IN ('too_large', 'unreadable')")
    .bind(mailbox)
    .bind(folder)
    .run(tx)
    .await?;
    Ok(())
}

/// Was the sender told before that this mail is too large?
pub async fn was_answered(tx: &mut Tx, mailbox: MailboxId, message_id: &str) -> Result<bool> {
    let found: Option<i64> = sql("SELECT id FROM mailbox_mails
         WHERE mailbox_id = $1 AND message_id = $2 AND outcome IN ('too_large', 'gone') LIMIT 1")
    .bind(mailbox)
    .bind(message_id)
    .maybe_value(tx)
    .await?;
    Ok(found.is_some())
}

const COLUMNS: &str =
    "f.name AS folder, m.uidvalidity, m.uid, m.at, m.outcome, m.received_id, m.hash, m.message_id,
    m.size, m.sender, m.subject";

/// Mails of a mailbox that stayed on the server, newest first.
pub async fn left(tx: &mut Tx, mailbox: MailboxId, limit: i64) -> Result<Vec<MailboxMail>> {
    sql("SELECT ")
        .push(COLUMNS)
        .push(" FROM mailbox_mails m JOIN mailbox_folders f ON f.id = m.folder_id WHERE m.mailbox_id = ")
        .push_bind(mailbox)
        .push(" AND m.outcome IN ('too_large', 'unreadable') ORDER BY m.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// What became of a mailbox's mails since `since`, in the order in which that was settled.
pub async fn since(tx: &mut Tx, mailbox: MailboxId, since: Timestamp) -> Result<Vec<MailboxMail>> {
    sql("SELECT ")
        .push(COLUMNS)
        .push(" FROM mailbox_mails m JOIN mailbox_folders f ON f.id = m.folder_id WHERE m.mailbox_id = ")
        .push_bind(mailbox)
        .push(" AND m.at >= ")
        .push_bind(since)
        .push(" ORDER BY m.at, m.id")
        .all(tx)
        .await
}

/// A mail of a folder, for the daily proof.
#[derive(Debug, Clone)]
pub struct Proved {
    pub uidvalidity: i64,
    pub uid: u32,
    pub outcome: Outcome,
    pub received: Option<ReceivedId>,
    pub hash: Option<String>,
}

type ProvedRow = (i64, i64, Outcome, Option<ReceivedId>, Option<String>);

impl Proved {
    fn of((uidvalidity, uid, outcome, received, hash): ProvedRow) -> Self {
        Self { uidvalidity, uid: u32::try_from(uid).unwrap_or(u32::MAX), outcome, received, hash }
    }
}

/// What was settled from `from` until before `until`.
pub async fn settled_between(
    tx: &mut Tx,
    mailbox: MailboxId,
    folder: i64,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Proved>> {
    let rows: Vec<ProvedRow> = sql("SELECT uidvalidity, uid, outcome, received_id, hash FROM mailbox_mails
         WHERE mailbox_id = $1 AND at >= $2 AND at < $3 AND folder_id = $4 ORDER BY at, id")
    .bind(mailbox)
    .bind(from)
    .bind(until)
    .bind(folder)
    .all(tx)
    .await?;
    Ok(rows.into_iter().map(Proved::of).collect())
}

/// What is known of these mails of a folder.
pub async fn of_uids(tx: &mut Tx, folder: i64, uidvalidity: u32, uids: &[u32]) -> Result<Vec<Proved>> {
    let mut all = Vec::with_capacity(uids.len());
    for portion in portions(uids) {
        let rows: Vec<ProvedRow> =
            sql("SELECT uidvalidity, uid, outcome, received_id, hash FROM mailbox_mails WHERE folder_id = ")
                .push_bind(folder)
                .push(" AND uidvalidity = ")
                .push_bind(uidvalidity)
                .push(" AND uid IN ")
                .push_list(portion.iter().copied())
                .all(tx)
                .await?;
        all.extend(rows.into_iter().map(Proved::of));
    }
    Ok(all)
}

/// Nothing is known of these mails any more, so that they are fetched again.
pub async fn forget(tx: &mut Tx, folder: i64, uidvalidity: i64, uids: &[u32]) -> Result<()> {
    for portion in portions(uids) {
        sql("DELETE FROM mailbox_mails WHERE folder_id = ")
            .push_bind(folder)
            .push(" AND uidvalidity = ")
            .push_bind(uidvalidity)
            .push(" AND uid IN ")
            .push_list(portion.iter().copied())
            .run(tx)
            .await?;
    }
    Ok(())
}
