//! How queues present themselves, the keys that sign mails, and what else the house says of its mail.

use std::collections::HashMap;

use crate::channels::dkim::{Key, NewKey};
use crate::channels::rules::Rules;
use crate::channels::signature::QueueMail;
use crate::platform::{Kept, QueueId, Result, Timestamp, Tx, sql};

/// How a queue presents itself; nothing is set at first.
pub async fn queue_mail(tx: &mut Tx, queue: QueueId) -> Result<QueueMail> {
    Ok(QUEUES.get(tx).await?.get(&queue).cloned().unwrap_or_default())
}

static QUEUES: Kept<HashMap<QueueId, QueueMail>> =
    Kept::new("mail of queues", |tx| Box::pin(load_queues(tx)));

async fn load_queues(tx: &mut Tx) -> Result<HashMap<QueueId, QueueMail>> {
    let rows: Vec<(QueueId, String, String, String)> =
        sql("SELECT queue_id, sender_name, signature_de, signature_en FROM queue_mail").all(tx).await?;
    let mail = |(queue, sender_name, signature_de, signature_en)| {
        (queue, QueueMail { sender_name, signature_de, signature_en })
    };
    Ok(rows.into_iter().map(mail).collect())
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

/// Addresses of the house that are no queue's, folded.
pub async fn own_addresses(tx: &mut Tx) -> Result<Vec<String>> {
    sql("SELECT folded FROM own_addresses ORDER BY source").values(tx).await
}

pub async fn set_own_address(tx: &mut Tx, source: &str, folded: Option<&str>) -> Result<()> {
    sql("DELETE FROM own_addresses WHERE source = $1").bind(source).run(tx).await?;
    if let Some(folded) = folded {
        sql("INSERT INTO own_addresses (source, folded) VALUES ($1, $2)")
            .bind(source)
            .bind(folded)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// What the house wants of sending.
pub async fn rules(tx: &mut Tx) -> Result<Rules> {
    Ok(RULES.get(tx).await?.as_ref().clone())
}

static RULES: Kept<Rules> = Kept::new("sending rules", |tx| Box::pin(load_rules(tx)));

async fn load_rules(tx: &mut Tx) -> Result<Rules> {
    sql("SELECT person_per_minute, bulk_per_minute, together, largest_mb, link_days FROM sending_rules WHERE id = 1")
        .one(tx)
        .await
}

pub async fn set_rules(tx: &mut Tx, rules: &Rules) -> Result<()> {
    sql("UPDATE sending_rules SET person_per_minute = $1, bulk_per_minute = $2, together = $3, largest_mb = $4,
                                  link_days = $5 WHERE id = 1")
    .bind(rules.person_per_minute)
    .bind(rules.bulk_per_minute)
    .bind(rules.together)
    .bind(rules.largest_mb)
    .bind(rules.link_days)
    .run(tx)
    .await?;
    Ok(())
}
