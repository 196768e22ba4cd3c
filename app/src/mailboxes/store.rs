//! SQL of `mailboxes`, `mailbox_states` and `mailbox_folders`; that of `mailbox_mails` is in [`mails`].

pub mod mails;

use super::model::{
    Activity, Afterwards, Draft, Folder, Mailbox, OauthSettings, Provider, Security, Since, Status, Trouble,
};
use crate::platform::{MailboxId, QueueId, Result, Sql, Timestamp, Tx, sql};

const COLUMNS: &str = "id, name, queue_id, provider, host, port, security, login, oauth, afterwards, move_to, since,
    largest, paused, created_at, version, secret IS NOT NULL AS has_secret, refresh IS NOT NULL AS has_refresh";

#[derive(sqlx::FromRow)]
struct Row {
    id: MailboxId,
    name: String,
    queue_id: QueueId,
    provider: Provider,
    host: String,
    port: i64,
    security: Security,
    login: String,
    oauth: String,
    afterwards: Afterwards,
    move_to: String,
    since: Since,
    largest: i64,
    paused: bool,
    created_at: Timestamp,
    version: i64,
    has_secret: bool,
    has_refresh: bool,
}

impl Row {
    fn read(self, folders: Vec<String>) -> Result<Mailbox> {
        let connected = if self.provider.uses_oauth() { self.has_refresh } else { self.has_secret };
        Ok(Mailbox {
            id: self.id,
            name: self.name,
            queue: self.queue_id,
            provider: self.provider,
            host: self.host,
            port: u16::try_from(self.port).unwrap_or_default(),
            security: self.security,
            login: self.login,
            oauth: serde_json::from_str::<OauthSettings>(&self.oauth)?,
            folders,
            afterwards: self.afterwards,
            move_to: self.move_to,
            since: self.since,
            largest: self.largest,
            paused: self.paused,
            connected,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// All mailboxes by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Mailbox>> {
    let rows: Vec<Row> =
        sql("SELECT ").push(COLUMNS).push(" FROM mailboxes ORDER BY name, id").all(tx).await?;
    let mut mailboxes = Vec::with_capacity(rows.len());
    for row in rows {
        let folders = folder_names(tx, row.id).await?;
        mailboxes.push(row.read(folders)?);
    }
    Ok(mailboxes)
}

pub async fn mailbox(tx: &mut Tx, id: MailboxId) -> Result<Mailbox> {
    let row: Row =
        sql("SELECT ").push(COLUMNS).push(" FROM mailboxes WHERE id = ").push_bind(id).one(tx).await?;
    let folders = folder_names(tx, id).await?;
    row.read(folders)
}

async fn folder_names(tx: &mut Tx, id: MailboxId) -> Result<Vec<String>> {
    sql("SELECT name FROM mailbox_folders WHERE mailbox_id = $1 AND active ORDER BY position, id")
        .bind(id)
        .values(tx)
        .await
}

/// Those to serve, with their versions.
pub async fn wanted(tx: &mut Tx) -> Result<Vec<(MailboxId, i64)>> {
    sql("SELECT id, version FROM mailboxes WHERE NOT paused ORDER BY id").all(tx).await
}

/// Binds what a person decides about a mailbox, in the order in which both statements name it.
fn with(statement: Sql, draft: &Draft, secret: Option<Vec<u8>>) -> Result<Sql> {
    Ok(statement
        .bind(&draft.name)
        .bind(draft.queue)
        .bind(draft.provider)
        .bind(&draft.host)
        .bind(i64::from(draft.port))
        .bind(draft.security)
        .bind(&draft.login)
        .bind(serde_json::to_string(&draft.oauth)?)
        .bind(secret)
        .bind(draft.afterwards)
        .bind(&draft.move_to)
        .bind(draft.since)
        .bind(draft.largest))
}

/// Adds a mailbox that nobody has tried yet.
pub async fn add(tx: &mut Tx, draft: &Draft, secret: Option<Vec<u8>>, now: Timestamp) -> Result<MailboxId> {
    let insert =
        sql("INSERT INTO mailboxes (name, queue_id, provider, host, port, security, login, oauth, secret,
                                afterwards, move_to, since, largest, paused, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, FALSE, $14, 1) RETURNING id");
    let id = with(insert, draft, secret)?.bind(now).value(tx).await?;
    sql("INSERT INTO mailbox_states (mailbox_id, state, state_at, total, done, kept, lease_until)
         VALUES ($1, 'connecting', $2, 0, 0, 0, 0)")
    .bind(id)
    .bind(now)
    .run(tx)
    .await?;
    set_folders(tx, id, &draft.folders).await?;
    Ok(id)
}

/// Changes a mailbox; without a `secret` it keeps the one it has.
pub async fn change(tx: &mut Tx, id: MailboxId, draft: &Draft, secret: Option<Vec<u8>>) -> Result<()> {
    let update = sql("UPDATE mailboxes SET name = $1, queue_id = $2, provider = $3, host = $4, port = $5,
                              security = $6, login = $7, oauth = $8, secret = COALESCE($9, secret), afterwards = $10,
                              move_to = $11, since = $12, largest = $13, version = version + 1
         WHERE id = $14");
    with(update, draft, secret)?.bind(id).run(tx).await?;
    set_folders(tx, id, &draft.folders).await
}

/// Forgets what the old server or login let Kitt in with.
pub async fn forget_secrets(tx: &mut Tx, id: MailboxId) -> Result<()> {
    sql("UPDATE mailboxes SET secret = NULL, refresh = NULL WHERE id = $1").bind(id).run(tx).await?;
    Ok(())
}

async fn set_folders(tx: &mut Tx, id: MailboxId, names: &[String]) -> Result<()> {
    sql("UPDATE mailbox_folders SET active = FALSE WHERE mailbox_id = $1").bind(id).run(tx).await?;
    for (position, name) in (0_i64..).zip(names) {
        sql("INSERT INTO mailbox_folders (mailbox_id, name, position, active, last_uid, first_uid)
             VALUES ($1, $2, $3, TRUE, 0, 0)
             ON CONFLICT (mailbox_id, name) DO UPDATE SET position = $3, active = TRUE")
        .bind(id)
        .bind(name)
        .bind(position)
        .run(tx)
        .await?;
    }
    Ok(())
}

/// Makes whoever serves it begin anew; false if there is no such mailbox.
pub async fn renew(tx: &mut Tx, id: MailboxId) -> Result<bool> {
    let found = sql("UPDATE mailboxes SET version = version + 1 WHERE id = $1").bind(id).run(tx).await?;
    Ok(found != 0)
}

/// False if there is no such mailbox.
pub async fn set_paused(tx: &mut Tx, id: MailboxId, paused: bool) -> Result<bool> {
    let found = sql("UPDATE mailboxes SET paused = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(paused)
        .run(tx)
        .await?;
    Ok(found != 0)
}

/// Removes a mailbox and what is known of its server; received mails stay. False if there is none.
pub async fn remove(tx: &mut Tx, id: MailboxId) -> Result<bool> {
    sql("DELETE FROM mailbox_mails WHERE mailbox_id = $1").bind(id).run(tx).await?;
    sql("DELETE FROM mailbox_folders WHERE mailbox_id = $1").bind(id).run(tx).await?;
    sql("DELETE FROM mailbox_states WHERE mailbox_id = $1").bind(id).run(tx).await?;
    Ok(sql("DELETE FROM mailboxes WHERE id = $1").bind(id).run(tx).await? != 0)
}

/// Both sealed: the password or client's secret, and the refresh token.
pub async fn secrets(tx: &mut Tx, id: MailboxId) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>)> {
    sql("SELECT secret, refresh FROM mailboxes WHERE id = $1").bind(id).one(tx).await
}

/// Keeps a sealed refresh token.
pub async fn set_refresh(tx: &mut Tx, id: MailboxId, refresh: Vec<u8>) -> Result<()> {
    sql("UPDATE mailboxes SET refresh = $2 WHERE id = $1").bind(id).bind(refresh).run(tx).await?;
    Ok(())
}

pub async fn statuses(tx: &mut Tx) -> Result<Vec<Status>> {
    sql("SELECT mailbox_id, state, state_at, total, done, trouble, said, trouble_at, next_at, last_mail_at,
                kept
         FROM mailbox_states")
    .all(tx)
    .await
}

pub async fn status(tx: &mut Tx, id: MailboxId) -> Result<Status> {
    sql("SELECT mailbox_id, state, state_at, total, done, trouble, said, trouble_at, next_at, last_mail_at,
                kept
         FROM mailbox_states WHERE mailbox_id = $1")
    .bind(id)
    .one(tx)
    .await
}

/// What fetching is busy with now; the time stays while that is the same. Trouble ends with the first wait.
pub async fn set_activity(
    tx: &mut Tx,
    id: MailboxId,
    activity: Activity,
    (done, total): (i64, i64),
    now: Timestamp,
) -> Result<()> {
    sql("UPDATE mailbox_states SET state_at = CASE WHEN state = $2 THEN state_at ELSE $3 END, state = $2,
                                   done = $4, total = $5, next_at = NULL
         WHERE mailbox_id = $1")
    .bind(id)
    .bind(activity)
    .bind(now)
    .bind(done)
    .bind(total)
    .run(tx)
    .await?;
    if activity == Activity::Waiting {
        sql("UPDATE mailbox_states SET trouble = NULL, said = NULL, trouble_at = NULL WHERE mailbox_id = $1")
            .bind(id)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// An attempt failed; the time of the first failure stays.
pub async fn set_trouble(
    tx: &mut Tx,
    id: MailboxId,
    trouble: Trouble,
    said: Option<String>,
    now: Timestamp,
    next_at: Timestamp,
) -> Result<()> {
    sql("UPDATE mailbox_states SET state_at = CASE WHEN state = 'trouble' THEN state_at ELSE $4 END,
                                   state = 'trouble', trouble = $2, said = $3,
                                   trouble_at = COALESCE(trouble_at, $4), next_at = $5
         WHERE mailbox_id = $1")
    .bind(id)
    .bind(trouble)
    .bind(said)
    .bind(now)
    .bind(next_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Counts mails that are newly in Kitt.
pub async fn count_kept(tx: &mut Tx, id: MailboxId, mails: i64, now: Timestamp) -> Result<()> {
    sql("UPDATE mailbox_states SET kept = kept + $2, last_mail_at = $3 WHERE mailbox_id = $1")
        .bind(id)
        .bind(mails)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Makes `node` the one that serves a mailbox until `until`; false while another does.
pub async fn lease(tx: &mut Tx, id: MailboxId, node: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
    let taken = sql("UPDATE mailbox_states SET node = $2, lease_until = $4
         WHERE mailbox_id = $1 AND (node = $2 OR node IS NULL OR lease_until <= $3)")
    .bind(id)
    .bind(node)
    .bind(now)
    .bind(until)
    .run(tx)
    .await?;
    Ok(taken != 0)
}

/// Lets another node serve it at once.
pub async fn release(tx: &mut Tx, id: MailboxId, node: &str) -> Result<()> {
    sql("UPDATE mailbox_states SET node = NULL, lease_until = 0 WHERE mailbox_id = $1 AND node = $2")
        .bind(id)
        .bind(node)
        .run(tx)
        .await?;
    Ok(())
}

/// The folders to fetch from, in their order.
pub async fn folders(tx: &mut Tx, id: MailboxId) -> Result<Vec<Folder>> {
    sql("SELECT id, name, uidvalidity, last_uid, first_uid FROM mailbox_folders
         WHERE mailbox_id = $1 AND active ORDER BY position, id")
    .bind(id)
    .all(tx)
    .await
}

/// Begins to read a folder: the server counts from now on under this `uidvalidity`.
pub async fn start_folder(tx: &mut Tx, folder: i64, uidvalidity: u32, first_uid: u32) -> Result<()> {
    sql("UPDATE mailbox_folders SET uidvalidity = $2, first_uid = $3, last_uid = $3 WHERE id = $1")
        .bind(folder)
        .bind(uidvalidity)
        .bind(first_uid)
        .run(tx)
        .await?;
    Ok(())
}

/// Everything up to `uid` is accounted for; never goes back.
pub async fn advance(tx: &mut Tx, folder: i64, uidvalidity: u32, uid: u32) -> Result<()> {
    sql("UPDATE mailbox_folders SET last_uid = $3 WHERE id = $1 AND uidvalidity = $2 AND last_uid < $3")
        .bind(folder)
        .bind(uidvalidity)
        .bind(uid)
        .run(tx)
        .await?;
    Ok(())
}

/// Mails after `uid` are looked at again; those that are accounted for are not fetched twice.
pub async fn rewind(tx: &mut Tx, folder: i64, uid: i64) -> Result<()> {
    sql("UPDATE mailbox_folders SET last_uid = $2 WHERE id = $1 AND last_uid > $2")
        .bind(folder)
        .bind(uid)
        .run(tx)
        .await?;
    Ok(())
}
