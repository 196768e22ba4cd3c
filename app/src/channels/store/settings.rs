//! How queues present themselves, and the keys that sign mails.

use crate::channels::dkim::{Key, NewKey};
use crate::channels::signature::QueueMail;
use crate::platform::{QueueId, Result, Timestamp, Tx, sql};

/// How a queue presents itself; nothing is set at first.
pub async fn queue_mail(tx: &mut Tx, queue: QueueId) -> Result<QueueMail> {
    let found = sql("SELECT sender_name, signature_de, signature_en FROM queue_mail WHERE queue_id = $1")
        .bind(queue)
        .maybe(tx)
        .await?;
    Ok(found.unwrap_or_default())
}

pub async fn set_queue_mail(tx: &mut Tx, queue: QueueId, mail: &QueueMail) -> Result<()> {
    sql("INSERT INTO queue_mail (queue_id, sender_name, signature_de, signature_en) VALUES ($1, $2, $3, $4)
         ON CONFLICT (queue_id) DO UPDATE SET sender_name = $2, signature_de = $3, signature_en = $4")
    .bind(queue)
    .bind(mail.sender_name.trim())
    .bind(mail.signature_de.trim())
    .bind(mail.signature_en.trim())
    .run(tx)
    .await?;
    Ok(())
}

const KEY: &str = "SELECT id, domain, selector, algorithm, private, public, signs, created_at, checked_at, found FROM dkim_keys ";

pub async fn keys(tx: &mut Tx) -> Result<Vec<Key>> {
    sql(KEY).push("ORDER BY domain, id").all(tx).await
}

pub async fn key(tx: &mut Tx, id: i64) -> Result<Key> {
    sql(KEY).push("WHERE id = ").push_bind(id).one(tx).await
}

/// The keys that mails of a domain are signed with.
pub async fn signing_keys(tx: &mut Tx, domain: &str) -> Result<Vec<Key>> {
    sql(KEY).push("WHERE signs AND domain = ").push_bind(domain).push(" ORDER BY id").all(tx).await
}

pub async fn insert_key(tx: &mut Tx, key: &NewKey, now: Timestamp) -> Result<i64> {
    sql("INSERT INTO dkim_keys (domain, selector, algorithm, private, public, signs, created_at)
         VALUES ($1, $2, $3, $4, $5, FALSE, $6) RETURNING id")
    .bind(&key.domain)
    .bind(&key.selector)
    .bind(key.algorithm)
    .bind(key.private.clone())
    .bind(&key.public)
    .bind(now)
    .value(tx)
    .await
}

pub async fn set_signs(tx: &mut Tx, id: i64, signs: bool) -> Result<()> {
    sql("UPDATE dkim_keys SET signs = $2 WHERE id = $1").bind(id).bind(signs).run(tx).await?;
    Ok(())
}

pub async fn set_found(tx: &mut Tx, id: i64, found: &str, now: Timestamp) -> Result<()> {
    sql("UPDATE dkim_keys SET found = $2, checked_at = $3 WHERE id = $1")
        .bind(id)
        .bind(found)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn remove_key(tx: &mut Tx, id: i64) -> Result<()> {
    sql("DELETE FROM dkim_keys WHERE id = $1").bind(id).run(tx).await?;
    Ok(())
}
