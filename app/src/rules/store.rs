//! SQL of rules and their versions; that of their runs is in [`runs`], of dry runs in [`trials`], of
//! webhooks in [`hooks`].

mod hooks;
mod runs;
pub mod trials;

pub use hooks::{
    Webhook, WebhookDraft, insert_webhook, kept_webhook, listened, refused, set_webhook_removed,
    update_webhook, webhook, webhook_name, webhooks,
};
pub use runs::{
    NewRun, add_match, any_run_before, chain_of, count_day, count_runs, days, delete_matches, finish_run,
    forget_runs, insert_run, known_matches, last_outcome, match_of, newest_of_rule, of_case, outcome_for,
    run, set_heard, uncount_day,
};

use super::model::{Definition, Draft, Rule, RuleKind, Version};
use crate::platform::{PersonId, Result, TeamId, Timestamp, Tx, sql};

#[derive(sqlx::FromRow)]
struct RuleRow {
    id: i64,
    kind: RuleKind,
    name: String,
    active: bool,
    active_since: Timestamp,
    version: i64,
    definition: String,
    failures: i64,
    halted_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    team_id: Option<TeamId>,
    removed_at: Option<Timestamp>,
}

impl RuleRow {
    /// One that can no longer be read does nothing, rather than anything to all cases.
    fn rule(self) -> Rule {
        let read = serde_json::from_str::<Definition>(&self.definition);
        let sound = read.as_ref().is_ok_and(|definition| definition.filter.check().is_ok());
        Rule {
            id: self.id,
            kind: self.kind,
            name: self.name,
            active: self.active && sound,
            active_since: self.active_since,
            version: self.version,
            definition: read.unwrap_or_default(),
            failures: self.failures,
            halted_at: self.halted_at,
            last_at: self.last_at,
            team: self.team_id,
            removed_at: self.removed_at,
        }
    }
}

const RULE: &str =
    "SELECT id, kind, name, active, active_since, version, definition, failures, halted_at, last_at,
    team_id, removed_at FROM rules ";

/// All rules that were not taken away, by kind in their order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Rule>> {
    let rows: Vec<RuleRow> =
        sql(RULE).push("WHERE removed_at IS NULL ORDER BY kind, place, id").all(tx).await?;
    Ok(rows.into_iter().map(RuleRow::rule).collect())
}

pub async fn of_kind(tx: &mut Tx, kind: RuleKind) -> Result<Vec<Rule>> {
    let rows: Vec<RuleRow> = sql(RULE)
        .push("WHERE removed_at IS NULL AND kind = ")
        .push_bind(kind)
        .push(" ORDER BY place, id")
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(RuleRow::rule).collect())
}

/// Also one that was taken away.
pub async fn rule(tx: &mut Tx, id: i64) -> Result<Rule> {
    let row: RuleRow = sql(RULE).push("WHERE id = ").push_bind(id).one(tx).await?;
    Ok(row.rule())
}

pub async fn insert(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<i64> {
    let place: i64 = sql("SELECT CAST(COALESCE(MAX(place), 0) AS bigint) + 1 FROM rules WHERE kind = $1")
        .bind(draft.kind)
        .value(tx)
        .await?;
    sql("INSERT INTO rules (kind, name, place, active, active_since, version, definition)
         VALUES ($1, $2, $3, $4, $5, 0, $6) RETURNING id")
    .bind(draft.kind)
    .bind(draft.name.trim())
    .bind(place)
    .bind(draft.active)
    .bind(now)
    .bind("{}")
    .value(tx)
    .await
}

/// Keeps what a rule says now as its next version.
pub async fn save(
    tx: &mut Tx,
    id: i64,
    draft: &Draft,
    person: Option<PersonId>,
    now: Timestamp,
) -> Result<i64> {
    let definition = serde_json::to_string(&draft.definition)?;
    let version: i64 =
        sql("UPDATE rules SET name = $2, definition = $3, team_id = $4, version = version + 1,
                                             failures = 0 WHERE id = $1 RETURNING version")
        .bind(id)
        .bind(draft.name.trim())
        .bind(&definition)
        .bind(draft.team)
        .value(tx)
        .await?;
    sql("INSERT INTO rule_versions (rule_id, version, name, definition, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(version)
        .bind(draft.name.trim())
        .bind(&definition)
        .bind(person)
        .bind(now)
        .run(tx)
        .await?;
    Ok(version)
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    name: String,
    definition: String,
    person_id: Option<PersonId>,
    at: Timestamp,
}

/// What a rule was, the newest first.
pub async fn versions(tx: &mut Tx, rule: i64) -> Result<Vec<Version>> {
    let rows: Vec<VersionRow> = sql("SELECT version, name, definition, person_id, at FROM rule_versions
                                     WHERE rule_id = $1 ORDER BY version DESC")
    .bind(rule)
    .all(tx)
    .await?;
    let read = |row: VersionRow| Version {
        version: row.version,
        name: row.name,
        definition: serde_json::from_str(&row.definition).unwrap_or_default(),
        person: row.person_id,
        at: row.at,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// On or off; what happened while it was off is no concern of it.
pub async fn set_active(tx: &mut Tx, rule: i64, active: bool, now: Timestamp) -> Result<()> {
    sql("UPDATE rules SET active = $2, active_since = $3, failures = 0, halted_at = NULL WHERE id = $1")
        .bind(rule)
        .bind(active)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_removed(tx: &mut Tx, rule: i64, at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE rules SET removed_at = $2, active = FALSE WHERE id = $1").bind(rule).bind(at).run(tx).await?;
    Ok(())
}

pub async fn set_place(tx: &mut Tx, rule: i64, place: i64) -> Result<()> {
    sql("UPDATE rules SET place = $2 WHERE id = $1").bind(rule).bind(place).run(tx).await?;
    Ok(())
}

/// It worked; `changed` if it did something.
pub async fn worked(tx: &mut Tx, rule: i64, changed: bool, now: Timestamp) -> Result<()> {
    if changed {
        sql("UPDATE rules SET failures = 0, last_at = $2 WHERE id = $1").bind(rule).bind(now).run(tx).await?;
    } else {
        sql("UPDATE rules SET failures = 0 WHERE id = $1 AND failures <> 0").bind(rule).run(tx).await?;
    }
    Ok(())
}

/// It failed; how many times in a row by now.
pub async fn failed(tx: &mut Tx, rule: i64) -> Result<i64> {
    sql("UPDATE rules SET failures = failures + 1 WHERE id = $1 RETURNING failures")
        .bind(rule)
        .value(tx)
        .await
}

/// Switches it off until somebody has looked.
pub async fn halt(tx: &mut Tx, rule: i64, now: Timestamp) -> Result<()> {
    sql("UPDATE rules SET active = FALSE, halted_at = $2 WHERE id = $1").bind(rule).bind(now).run(tx).await?;
    Ok(())
}

/// How many rules switched themselves off.
pub async fn count_halted(tx: &mut Tx) -> Result<i64> {
    sql("SELECT COUNT(*) FROM rules WHERE halted_at IS NOT NULL AND removed_at IS NULL").value(tx).await
}
