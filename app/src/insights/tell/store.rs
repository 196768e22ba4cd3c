//! SQL of the tables `tellings` and `tellings_customers`.

use serde::Serialize;
use utoipa::ToSchema;

use super::Templates;
use super::letter::says_what;
use crate::platform::{
    Actor, CaseId, ContactId, CustomerId, Error, InsightId, Language, Manner, PersonId, Result, Timestamp,
    Tone, Tx, codes, sql,
};

codes! {
    pub enum TellingState {
        /// Can still be changed or taken back.
        Prepared = "prepared",
        /// Is being sent.
        Approved = "approved",
        Done = "done",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Telling {
    pub id: i64,
    #[sqlx(rename = "insight_id")]
    pub insight: InsightId,
    pub state: TellingState,
    pub template_de: String,
    /// The German one for those who are addressed informally.
    pub template_de_informal: String,
    pub template_en: String,
    pub what_de: String,
    pub what_en: String,
    pub prepared_by: Option<PersonId>,
    pub prepared_at: Timestamp,
    pub approved_by: Option<PersonId>,
    pub approved_at: Option<Timestamp>,
}

impl Telling {
    /// The message for somebody who is written to like this, and its tone.
    pub fn text(&self, manner: Manner) -> (&str, Option<Tone>) {
        match manner.language {
            Language::De => manner.choose(&self.template_de, &self.template_de_informal),
            Language::En => (&self.template_en, None),
        }
    }

    /// What it is about in a language.
    pub fn what(&self, language: Language) -> &str {
        match language {
            Language::De => &self.what_de,
            Language::En => &self.what_en,
        }
    }

    /// Does it say what it is about, if it speaks of that?
    pub fn is_complete(&self, manner: Manner) -> bool {
        !self.what(manner.language).trim().is_empty() || !says_what(self.text(manner).0)
    }
}

/// A customer on the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Recipient {
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    /// Their latest case of the insight: through it the message leaves.
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    /// Edited by hand, or as it was sent; empty: the template.
    pub text: String,
    pub skipped: bool,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
}

/// How far a telling is, in customers.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow, Serialize, ToSchema)]
pub struct Progress {
    pub told: i64,
    pub waiting: i64,
    pub skipped: i64,
}

const TELLING: &str =
    "SELECT id, insight_id, state, template_de, template_de_informal, template_en, what_de, what_en, prepared_by,
            prepared_at, approved_by, approved_at FROM tellings ";

pub async fn telling(tx: &mut Tx, telling: i64) -> Result<Telling> {
    sql(TELLING).push("WHERE id = ").push_bind(telling).one(tx).await
}

pub async fn newest(tx: &mut Tx, insight: InsightId) -> Result<Option<Telling>> {
    sql(TELLING)
        .push("WHERE insight_id = ")
        .push_bind(insight)
        .push(" ORDER BY id DESC LIMIT 1")
        .maybe(tx)
        .await
}

pub async fn unfinished(tx: &mut Tx, insight: InsightId) -> Result<Option<Telling>> {
    sql(TELLING)
        .push("WHERE insight_id = ")
        .push_bind(insight)
        .push(" AND state <> 'done' ORDER BY id DESC LIMIT 1")
        .maybe(tx)
        .await
}

/// Who said the insight `$1`, with their latest case, and whether they were told since.
const SAID: &str = "SELECT s.customer_id, s.case_id, EXISTS (
        SELECT 1 FROM tellings_customers c JOIN tellings t ON t.id = c.telling_id
        WHERE t.insight_id = $1 AND c.customer_id = s.customer_id AND c.contact_id IS NOT NULL
          AND t.approved_at >= s.at) AS told
    FROM (SELECT customer_id, MAX(case_id) AS case_id, MAX(at) AS at FROM findings
          WHERE insight_id = $1 AND withdrawn_at IS NULL GROUP BY customer_id) s";

/// Who said it and was not told since, with their latest case.
pub async fn untold(tx: &mut Tx, insight: InsightId) -> Result<Vec<(CustomerId, CaseId)>> {
    sql("SELECT customer_id, case_id FROM (")
        .push(SAID)
        .push(") said WHERE NOT told ORDER BY customer_id")
        .bind(insight)
        .all(tx)
        .await
}

/// How many of those who said it were told since, and how many were not.
pub async fn told(tx: &mut Tx, insight: InsightId) -> Result<(i64, i64)> {
    sql("SELECT COUNT(CASE WHEN told THEN 1 END), COUNT(CASE WHEN NOT told THEN 1 END) FROM (")
        .push(SAID)
        .push(") said")
        .bind(insight)
        .one(tx)
        .await
}

pub async fn insert(
    tx: &mut Tx,
    insight: InsightId,
    templates: &Templates,
    by: &Actor,
    now: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO tellings (insight_id, state, template_de, template_de_informal, template_en, what_de, what_en,
                               prepared_by, prepared_at)
         VALUES ($1, 'prepared', $2, $3, $4, $5, $6, $7, $8) RETURNING id")
    .bind(insight)
    .bind(&templates.de.text)
    .bind(&templates.de_informal)
    .bind(&templates.en.text)
    .bind(&templates.de.what)
    .bind(&templates.en.what)
    .bind(by.person_id())
    .bind(now)
    .value(tx)
    .await
}

pub async fn insert_recipient(
    tx: &mut Tx,
    telling: i64,
    customer: CustomerId,
    case: CaseId,
    skipped: bool,
) -> Result<()> {
    sql("INSERT INTO tellings_customers (telling_id, customer_id, case_id, text, skipped)
         VALUES ($1, $2, $3, '', $4)")
    .bind(telling)
    .bind(customer)
    .bind(case)
    .bind(skipped)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_templates(tx: &mut Tx, telling: i64, templates: &Templates) -> Result<()> {
    sql("UPDATE tellings SET template_de = $2, template_de_informal = $3, template_en = $4, what_de = $5, what_en = $6
         WHERE id = $1")
    .bind(telling)
    .bind(&templates.de.text)
    .bind(&templates.de_informal)
    .bind(&templates.en.text)
    .bind(&templates.de.what)
    .bind(&templates.en.what)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_text(tx: &mut Tx, telling: i64, customer: CustomerId, text: &str) -> Result<()> {
    let changed = sql("UPDATE tellings_customers SET text = $3 WHERE telling_id = $1 AND customer_id = $2")
        .bind(telling)
        .bind(customer)
        .bind(text)
        .run(tx)
        .await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn set_skipped(tx: &mut Tx, telling: i64, customer: CustomerId, skipped: bool) -> Result<()> {
    let changed =
        sql("UPDATE tellings_customers SET skipped = $3 WHERE telling_id = $1 AND customer_id = $2")
            .bind(telling)
            .bind(customer)
            .bind(skipped)
            .run(tx)
            .await?;
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn set_told(
    tx: &mut Tx,
    telling: i64,
    customer: CustomerId,
    contact: ContactId,
    text: &str,
) -> Result<()> {
    sql(
        "UPDATE tellings_customers SET contact_id = $3, text = $4 WHERE telling_id = $1 AND customer_id = $2",
    )
    .bind(telling)
    .bind(customer)
    .bind(contact)
    .bind(text)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn approve(tx: &mut Tx, telling: i64, by: Option<PersonId>, now: Timestamp) -> Result<()> {
    sql("UPDATE tellings SET state = 'approved', approved_by = $2, approved_at = $3 WHERE id = $1")
        .bind(telling)
        .bind(by)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// Nobody who waits is told any more.
pub async fn skip_waiting(tx: &mut Tx, telling: i64) -> Result<()> {
    sql("UPDATE tellings_customers SET skipped = TRUE WHERE telling_id = $1 AND contact_id IS NULL")
        .bind(telling)
        .run(tx)
        .await?;
    Ok(())
}

/// The message did not arrive: whoever it was for does not know.
pub async fn set_undelivered(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE tellings_customers SET held = contact_id, contact_id = NULL, skipped = TRUE WHERE contact_id = $1")
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

/// A person sent all the same what had not left: whoever it is for knows.
pub async fn set_delivered(tx: &mut Tx, contact: ContactId) -> Result<()> {
    sql("UPDATE tellings_customers SET contact_id = held, held = NULL, skipped = FALSE
         WHERE held = $1 AND contact_id IS NULL")
    .bind(contact)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn finish(tx: &mut Tx, telling: i64) -> Result<()> {
    sql("UPDATE tellings SET state = 'done' WHERE id = $1").bind(telling).run(tx).await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, telling: i64) -> Result<()> {
    sql("DELETE FROM tellings_customers WHERE telling_id = $1").bind(telling).run(tx).await?;
    sql("DELETE FROM tellings WHERE id = $1").bind(telling).run(tx).await?;
    Ok(())
}

pub async fn progress(tx: &mut Tx, telling: i64) -> Result<Progress> {
    sql("SELECT COUNT(contact_id) AS told,
                COUNT(CASE WHEN contact_id IS NULL AND NOT skipped THEN 1 END) AS waiting,
                COUNT(CASE WHEN contact_id IS NULL AND skipped THEN 1 END) AS skipped
         FROM tellings_customers WHERE telling_id = $1")
    .bind(telling)
    .one(tx)
    .await
}

const RECIPIENT: &str =
    "SELECT customer_id, case_id, text, skipped, contact_id FROM tellings_customers WHERE telling_id = ";

pub async fn recipients(tx: &mut Tx, telling: i64, after: CustomerId, limit: i64) -> Result<Vec<Recipient>> {
    sql(RECIPIENT)
        .push_bind(telling)
        .push(" AND customer_id > ")
        .push_bind(after)
        .push(" ORDER BY customer_id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// Who is next.
pub async fn waiting(tx: &mut Tx, telling: i64, limit: i64) -> Result<Vec<Recipient>> {
    sql(RECIPIENT)
        .push_bind(telling)
        .push(" AND contact_id IS NULL AND NOT skipped ORDER BY customer_id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}
