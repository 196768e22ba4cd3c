//! Brings a database to this program's version. Forward only; a newer database is refused.

use super::db::{Db, sql};
use super::dialect;

/// In order; the number is the position. A released one is never changed.
const MIGRATIONS: &[(&str, &str)] = &[
    ("ground", include_str!("../../migrations/0001_ground.sql")),
    ("customers_cases", include_str!("../../migrations/0002_customers_cases.sql")),
    ("findings_insights", include_str!("../../migrations/0003_findings_insights.sql")),
    ("channels", include_str!("../../migrations/0004_channels.sql")),
    ("goodwill_finance", include_str!("../../migrations/0005_goodwill_finance.sql")),
    ("search", include_str!("../../migrations/0006_search.sql")),
    ("idempotency", include_str!("../../migrations/0007_idempotency.sql")),
    ("lists", include_str!("../../migrations/0008_lists.sql")),
    ("circle", include_str!("../../migrations/0009_circle.sql")),
    ("whole", include_str!("../../migrations/0010_whole.sql")),
    ("mailboxes", include_str!("../../migrations/0011_mailboxes.sql")),
    ("threads", include_str!("../../migrations/0012_threads.sql")),
    ("sending", include_str!("../../migrations/0013_sending.sql")),
    ("senders", include_str!("../../migrations/0014_senders.sql")),
    ("proof", include_str!("../../migrations/0015_proof.sql")),
    ("small_blobs", include_str!("../../migrations/0016_small_blobs.sql")),
    ("links", include_str!("../../migrations/0017_links.sql")),
    ("proof_sources", include_str!("../../migrations/0018_proof_sources.sql")),
    ("workplace", include_str!("../../migrations/0019_workplace.sql")),
    ("attributes", include_str!("../../migrations/0020_attributes.sql")),
    ("views", include_str!("../../migrations/0021_lists.sql")),
    ("work", include_str!("../../migrations/0022_work.sql")),
    ("compose", include_str!("../../migrations/0023_compose.sql")),
    ("deadlines", include_str!("../../migrations/0024_deadlines.sql")),
    ("search_texts", include_str!("../../migrations/0025_search_texts.sql")),
    ("keys", include_str!("../../migrations/0026_keys.sql")),
    ("ground", include_str!("../../migrations/0027_ground.sql")),
    ("assignment", include_str!("../../migrations/0028_assignment.sql")),
    ("rules", include_str!("../../migrations/0029_rules.sql")),
    ("notices", include_str!("../../migrations/0030_notices.sql")),
    ("answers", include_str!("../../migrations/0031_answers.sql")),
    ("speaker", include_str!("../../migrations/0032_speaker.sql")),
    ("case_more", include_str!("../../migrations/0033_case_more.sql")),
    ("rules_more", include_str!("../../migrations/0034_rules_more.sql")),
    ("tone", include_str!("../../migrations/0035_tone.sql")),
    ("days_again", include_str!("../../migrations/0036_days_again.sql")),
    ("rules_dry", include_str!("../../migrations/0037_rules_dry.sql")),
    ("answers_looked", include_str!("../../migrations/0038_answers_looked.sql")),
    ("reopened", include_str!("../../migrations/0039_reopened.sql")),
    ("knowledge", include_str!("../../migrations/0040_knowledge.sql")),
    ("article_proposals", include_str!("../../migrations/0041_article_proposals.sql")),
    ("audit", include_str!("../../migrations/0042_audit.sql")),
    ("promises", include_str!("../../migrations/0043_promises.sql")),
    ("groups", include_str!("../../migrations/0044_groups.sql")),
    ("closing", include_str!("../../migrations/0045_closing.sql")),
    ("internal", include_str!("../../migrations/0046_internal.sql")),
    ("heard", include_str!("../../migrations/0053_heard.sql")),
    ("wordings", include_str!("../../migrations/0049_wordings.sql")),
    ("ways", include_str!("../../migrations/0050_ways.sql")),
];

/// The database belongs to a later version of Kitt.
#[derive(Debug, thiserror::Error)]
#[error("the database is at version {found}, this program knows up to {known}: please start a newer kitt")]
pub struct TooNew {
    found: i64,
    known: usize,
}

/// The number of the first migration that is missing in a database that has others; `None`: nothing is to be done,
/// or there is nothing yet.
pub async fn pending(db: &Db) -> anyhow::Result<Option<usize>> {
    let mut tx = db.read().await?;
    if !dialect::tables(&mut tx).await?.iter().any(|table| table == "migrations") {
        return Ok(None);
    }
    let done: i64 =
        sql("SELECT CAST(COALESCE(MAX(number), 0) AS bigint) FROM migrations").value(&mut tx).await?;
    let done = usize::try_from(done)?;
    Ok((0 < done && done < MIGRATIONS.len()).then_some(done + 1))
}

/// Applies what is missing.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    migrate_to(db, MIGRATIONS.len()).await
}

/// As [`migrate`], as the program did that knew one migration less. For tests of upgrades.
pub async fn migrate_but_the_last(db: &Db) -> anyhow::Result<()> {
    migrate_to(db, MIGRATIONS.len() - 1).await
}

async fn migrate_to(db: &Db, last: usize) -> anyhow::Result<()> {
    let mut tx = db.write().await?;
    if db.is_postgres() {
        // Two nodes may start at the same moment.
        sql("SELECT pg_advisory_xact_lock(5448)").run(&mut tx).await?;
    }
    tx.script("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
        .await?;
    let done: i64 =
        sql("SELECT CAST(COALESCE(MAX(number), 0) AS bigint) FROM migrations").value(&mut tx).await?;
    let done = usize::try_from(done)?;
    if MIGRATIONS.len() < done {
        return Err(TooNew { found: done.try_into()?, known: MIGRATIONS.len() }.into());
    }
    for (index, (name, template)) in MIGRATIONS.iter().enumerate().take(last).skip(done) {
        if done != 0 {
            // Nothing else is said until it is over, and of a large house some take minutes.
            tracing::info!(number = index + 1, name, "the database becomes a newer one");
        }
        tx.script(&dialect::migration(template, db.is_postgres())).await?;
        sql("INSERT INTO migrations (number, name) VALUES ($1, $2)")
            .bind(i64::try_from(index + 1)?)
            .bind(*name)
            .run(&mut tx)
            .await?;
    }
    dialect::adopt_journal(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
