//! How people and programs get in: passwords, sessions, invitations and tokens.

use crate::people::model::{Session, Token};
use crate::platform::{Error, PersonId, Result, Role, Timestamp, TokenId, Tx, sql};

pub async fn set_password(tx: &mut Tx, person: PersonId, hash: &str) -> Result<()> {
    sql("UPDATE people SET password = $2 WHERE id = $1").bind(person).bind(hash).run(tx).await?;
    Ok(())
}

/// Whose e-mail this is, and their password's hash, if they are active.
pub async fn credentials(tx: &mut Tx, email_folded: &str) -> Result<Option<(PersonId, Option<String>)>> {
    sql("SELECT id, CASE WHEN active THEN password END FROM people WHERE email_folded = $1")
        .bind(email_folded)
        .maybe(tx)
        .await
}

pub async fn password(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    sql("SELECT password FROM people WHERE id = $1").bind(person).value(tx).await
}

/// Remembers that a token is in use, at most once an hour: a busy program must not write at every request.
pub async fn touch_token(tx: &mut Tx, hash: &str, now: Timestamp, unless_since: Timestamp) -> Result<u64> {
    sql("UPDATE tokens SET used_at = $2 WHERE hash = $1 AND (used_at IS NULL OR used_at < $3)")
        .bind(hash)
        .bind(now)
        .bind(unless_since)
        .run(tx)
        .await
}

/// Was it not seen since then?
pub async fn token_is_unseen(tx: &mut Tx, hash: &str, since: Timestamp) -> Result<bool> {
    let found: Option<i64> = sql(
        "SELECT id FROM tokens WHERE hash = $1 AND revoked_at IS NULL AND (used_at IS NULL OR used_at < $2)",
    )
    .bind(hash)
    .bind(since)
    .maybe_value(tx)
    .await?;
    Ok(found.is_some())
}

pub async fn anyone_can_log_in(tx: &mut Tx) -> Result<bool> {
    let found: Option<PersonId> =
        sql("SELECT id FROM people WHERE active AND password IS NOT NULL LIMIT 1").maybe_value(tx).await?;
    Ok(found.is_some())
}

pub async fn insert_session(
    tx: &mut Tx,
    hash: &str,
    person: PersonId,
    device: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Result<()> {
    sql("INSERT INTO sessions (hash, person_id, device, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)")
        .bind(hash)
        .bind(person)
        .bind(device)
        .bind(now)
        .bind(expires)
        .run(tx)
        .await?;
    sql("DELETE FROM sessions WHERE expires_at < $1").bind(now).run(tx).await?;
    Ok(())
}

/// Whose session it is and when it was last seen, unless it has expired.
pub async fn session(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<(PersonId, Timestamp)>> {
    // Who is behind a request is known by what is kept, whose version is told along.
    let found: Option<(PersonId, Timestamp, i64)> =
        sql("SELECT person_id, seen_at, (SELECT version FROM kept_version WHERE id = 1) FROM sessions
             WHERE hash = $1 AND $2 < expires_at")
        .bind(hash)
        .bind(now)
        .maybe(tx)
        .await?;
    Ok(found.map(|(person, seen, version)| {
        tx.saw_version(version);
        (person, seen)
    }))
}

pub async fn sessions(tx: &mut Tx, person: PersonId) -> Result<Vec<Session>> {
    sql("SELECT hash AS id, device, created_at, seen_at FROM sessions WHERE person_id = $1 ORDER BY seen_at DESC")
        .bind(person)
        .all(tx)
        .await
}

pub async fn touch_session(tx: &mut Tx, hash: &str, now: Timestamp, expires: Timestamp) -> Result<()> {
    sql("UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE hash = $1")
        .bind(hash)
        .bind(now)
        .bind(expires)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn delete_session(tx: &mut Tx, hash: &str) -> Result<()> {
    sql("DELETE FROM sessions WHERE hash = $1").bind(hash).run(tx).await?;
    Ok(())
}

pub async fn delete_sessions(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("DELETE FROM sessions WHERE person_id = $1").bind(person).run(tx).await?;
    Ok(())
}

/// Ends the session whose hash starts with `prefix`, if it is one of `person`.
pub async fn delete_session_of(tx: &mut Tx, person: PersonId, prefix: &str) -> Result<u64> {
    sql("DELETE FROM sessions WHERE person_id = $1 AND substr(hash, 1, 16) = $2")
        .bind(person)
        .bind(prefix)
        .run(tx)
        .await
}

pub async fn insert_invitation(tx: &mut Tx, hash: &str, person: PersonId, expires: Timestamp) -> Result<()> {
    sql("INSERT INTO invitations (hash, person_id, expires_at) VALUES ($1, $2, $3)")
        .bind(hash)
        .bind(person)
        .bind(expires)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn invited(tx: &mut Tx, hash: &str, now: Timestamp) -> Result<Option<PersonId>> {
    sql("SELECT person_id FROM invitations WHERE hash = $1 AND $2 < expires_at")
        .bind(hash)
        .bind(now)
        .maybe_value(tx)
        .await
}

pub async fn delete_invitations(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("DELETE FROM invitations WHERE person_id = $1").bind(person).run(tx).await?;
    Ok(())
}

pub async fn insert_token(
    tx: &mut Tx,
    hash: &str,
    name: &str,
    role: Role,
    now: Timestamp,
) -> Result<TokenId> {
    sql("INSERT INTO tokens (hash, name, role, created_at) VALUES ($1, $2, $3, $4) RETURNING id")
        .bind(hash)
        .bind(name)
        .bind(role)
        .bind(now)
        .value(tx)
        .await
}

pub async fn tokens(tx: &mut Tx) -> Result<Vec<Token>> {
    sql("SELECT id, name, role, created_at, used_at, revoked_at FROM tokens ORDER BY id DESC").all(tx).await
}

pub async fn revoke_token(tx: &mut Tx, token: TokenId, now: Timestamp) -> Result<()> {
    let revoked = sql("UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(token)
        .bind(now)
        .run(tx)
        .await?;
    if revoked == 0 { Err(Error::NotFound) } else { Ok(()) }
}
