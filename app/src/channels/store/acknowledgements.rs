//! SQL of acknowledgements: what queues say to new mails, and to which cases they did.

use crate::channels::acknowledge::AcknowledgementSettings;
use crate::platform::{CaseId, ContactId, QueueId, Result, Tx, sql};

pub async fn acknowledgement_settings(
    tx: &mut Tx,
    queue: QueueId,
) -> Result<Option<AcknowledgementSettings>> {
    sql("SELECT is_on, text_de, text_de_informal, text_en FROM acknowledgement_settings WHERE queue_id = $1")
        .bind(queue)
        .maybe(tx)
        .await
}

pub async fn set_acknowledgement_settings(
    tx: &mut Tx,
    queue: QueueId,
    set: &AcknowledgementSettings,
) -> Result<()> {
    sql("INSERT INTO acknowledgement_settings (queue_id, is_on, text_de, text_de_informal, text_en)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (queue_id) DO UPDATE
         SET is_on = excluded.is_on, text_de = excluded.text_de, text_de_informal = excluded.text_de_informal,
             text_en = excluded.text_en")
    .bind(queue)
    .bind(set.is_on)
    .bind(&set.text_de)
    .bind(&set.text_de_informal)
    .bind(&set.text_en)
    .run(tx)
    .await?;
    Ok(())
}

/// The queues that do that.
pub async fn acknowledging(tx: &mut Tx) -> Result<Vec<QueueId>> {
    sql("SELECT queue_id FROM acknowledgement_settings WHERE is_on").values(tx).await
}

pub async fn is_acknowledged(tx: &mut Tx, case: CaseId) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT case_id FROM acknowledgements WHERE case_id = $1").bind(case).maybe_value(tx).await?;
    Ok(found.is_some())
}

pub async fn insert_acknowledgement(tx: &mut Tx, case: CaseId, contact: ContactId) -> Result<()> {
    sql("INSERT INTO acknowledgements (case_id, contact_id) VALUES ($1, $2)")
        .bind(case)
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}
