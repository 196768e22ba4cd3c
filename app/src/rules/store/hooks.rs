//! SQL of webhooks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{Result, Timestamp, Tx, sql};

/// Where the house tells another program of cases.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Webhook {
    pub id: i64,
    pub name: String,
    pub url: String,
    #[serde(skip)]
    pub secret: Vec<u8>,
    /// It may be inside the house's own network.
    pub private: bool,
    pub last_at: Option<Timestamp>,
    /// What went wrong last, as a code and maybe what was answered; empty: all is well.
    pub trouble: String,
}

/// A webhook before it is kept.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct WebhookDraft {
    pub name: String,
    pub url: String,
    /// `yes`: it may be inside the house's own network.
    #[serde(default)]
    pub private: String,
}

const WEBHOOK: &str = "SELECT id, name, url, secret, private, last_at, trouble FROM webhooks
    WHERE removed_at IS NULL ";

pub async fn webhooks(tx: &mut Tx) -> Result<Vec<Webhook>> {
    sql(WEBHOOK).push("ORDER BY name, id").all(tx).await
}

pub async fn webhook(tx: &mut Tx, id: i64) -> Result<Webhook> {
    sql(WEBHOOK).push("AND id = ").push_bind(id).one(tx).await
}

pub async fn insert_webhook(tx: &mut Tx, draft: &WebhookDraft, secret: Vec<u8>) -> Result<i64> {
    sql("INSERT INTO webhooks (name, url, secret, private, trouble) VALUES ($1, $2, $3, $4, '') RETURNING id")
        .bind(draft.name.trim())
        .bind(draft.url.trim())
        .bind(secret)
        .bind(draft.private == "yes")
        .value(tx)
        .await
}

pub async fn update_webhook(tx: &mut Tx, id: i64, draft: &WebhookDraft) -> Result<()> {
    sql("UPDATE webhooks SET name = $2, url = $3, private = $4, trouble = '', failures = 0 WHERE id = $1")
        .bind(id)
        .bind(draft.name.trim())
        .bind(draft.url.trim())
        .bind(draft.private == "yes")
        .run(tx)
        .await?;
    Ok(())
}

/// Also one that was taken away.
pub async fn kept_webhook(tx: &mut Tx, id: i64) -> Result<i64> {
    sql("SELECT id FROM webhooks WHERE id = $1").bind(id).value(tx).await
}

/// What it is called, also if it was taken away.
pub async fn webhook_name(tx: &mut Tx, id: i64) -> Result<String> {
    sql("SELECT name FROM webhooks WHERE id = $1").bind(id).value(tx).await
}

/// Takes it away, or brings it back.
pub async fn set_webhook_removed(tx: &mut Tx, id: i64, at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE webhooks SET removed_at = $2 WHERE id = $1").bind(id).bind(at).run(tx).await?;
    Ok(())
}

/// It listened.
pub async fn listened(tx: &mut Tx, id: i64, now: Timestamp) -> Result<()> {
    sql("UPDATE webhooks SET trouble = '', failures = 0, last_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// It did not listen; how many times in a row by now.
pub async fn refused(tx: &mut Tx, id: i64, trouble: &str, now: Timestamp) -> Result<i64> {
    sql("UPDATE webhooks SET trouble = $2, failures = failures + 1, last_at = $3 WHERE id = $1 RETURNING failures")
        .bind(id)
        .bind(trouble)
        .bind(now)
        .value(tx)
        .await
}
