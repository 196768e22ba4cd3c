//! SQL of dry runs and of the cases that they find.

use crate::platform::{CaseId, EntryId, PersonId, Result, Timestamp, Tx, sql};
use crate::rules::dry::{DryState, Trial};
use crate::rules::model::{Draft, Event};

#[derive(sqlx::FromRow)]
struct TrialRow {
    id: i64,
    person_id: Option<PersonId>,
    rule_id: Option<i64>,
    draft: String,
    state: DryState,
    before_id: EntryId,
    looked_at: i64,
    since: Timestamp,
    until: Timestamp,
    begun_at: Timestamp,
}

impl TrialRow {
    fn trial(self) -> Result<Trial> {
        Ok(Trial {
            id: self.id,
            person: self.person_id,
            rule: self.rule_id,
            draft: serde_json::from_str(&self.draft)?,
            state: self.state,
            before: self.before_id,
            looked_at: self.looked_at,
            since: self.since,
            until: self.until,
            begun_at: self.begun_at,
        })
    }
}

const TRIAL: &str =
    "SELECT id, person_id, rule_id, draft, state, before_id, looked_at, since, until, begun_at
    FROM rule_trials ";

/// Begins one that looks at what happened up to now and back to `until`.
pub async fn insert(
    tx: &mut Tx,
    person: Option<PersonId>,
    rule: Option<i64>,
    draft: &Draft,
    (now, until): (Timestamp, Timestamp),
) -> Result<i64> {
    sql("INSERT INTO rule_trials (person_id, rule_id, draft, state, before_id, looked_at, since, until, begun_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $6) RETURNING id")
    .bind(person)
    .bind(rule)
    .bind(serde_json::to_string(draft)?)
    .bind(DryState::Running)
    .bind(i64::MAX)
    .bind(now)
    .bind(until)
    .value(tx)
    .await
}

pub async fn trial(tx: &mut Tx, id: i64) -> Result<Trial> {
    let row: TrialRow = sql(TRIAL).push("WHERE id = ").push_bind(id).one(tx).await?;
    row.trial()
}

/// Those of a person that began at or after `since`, the newest first.
pub async fn of_person(tx: &mut Tx, person: PersonId, since: Timestamp) -> Result<Vec<Trial>> {
    let rows: Vec<TrialRow> = sql(TRIAL)
        .push("WHERE person_id = ")
        .push_bind(person)
        .push(" AND begun_at >= ")
        .push_bind(since)
        .push(" ORDER BY begun_at DESC, id DESC LIMIT 20")
        .all(tx)
        .await?;
    rows.into_iter().map(TrialRow::trial).collect()
}

/// Those of a person that still run, the oldest first.
pub async fn running_of(tx: &mut Tx, person: PersonId) -> Result<Vec<i64>> {
    sql("SELECT id FROM rule_trials WHERE person_id = $1 AND state = $2 ORDER BY id")
        .bind(person)
        .bind(DryState::Running)
        .values(tx)
        .await
}

/// How far it is.
pub async fn save(tx: &mut Tx, trial: &Trial) -> Result<()> {
    sql("UPDATE rule_trials SET state = $2, before_id = $3, looked_at = $4, since = $5 WHERE id = $1")
        .bind(trial.id)
        .bind(trial.state)
        .bind(trial.before)
        .bind(trial.looked_at)
        .bind(trial.since)
        .run(tx)
        .await?;
    Ok(())
}

/// A case that the rule would have treated `times` more; what is found first is the newest.
pub async fn add_case(
    tx: &mut Tx,
    trial: i64,
    case: CaseId,
    (event, at, times): (Event, Timestamp, i64),
) -> Result<()> {
    sql("INSERT INTO rule_trial_cases (trial_id, case_id, event, at, times) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (trial_id, case_id) DO UPDATE SET times = rule_trial_cases.times + excluded.times")
    .bind(trial)
    .bind(case)
    .bind(event)
    .bind(at)
    .bind(times)
    .run(tx)
    .await?;
    Ok(())
}

/// How often it would have run, and on how many cases.
pub async fn totals(tx: &mut Tx, trial: i64) -> Result<(i64, i64)> {
    sql("SELECT CAST(COALESCE(SUM(times), 0) AS bigint), COUNT(*) FROM rule_trial_cases WHERE trial_id = $1")
        .bind(trial)
        .one(tx)
        .await
}

/// The newest cases that it has found: the event, when, how often.
pub async fn newest(tx: &mut Tx, trial: i64, limit: i64) -> Result<Vec<(CaseId, Event, Timestamp, i64)>> {
    sql("SELECT case_id, event, at, times FROM rule_trial_cases WHERE trial_id = $1
         ORDER BY at DESC, case_id DESC LIMIT $2")
    .bind(trial)
    .bind(limit)
    .all(tx)
    .await
}

/// Forgets those that began before `until`.
pub async fn forget(tx: &mut Tx, until: Timestamp) -> Result<()> {
    sql("DELETE FROM rule_trial_cases WHERE trial_id IN (SELECT id FROM rule_trials WHERE begun_at < $1)")
        .bind(until)
        .run(tx)
        .await?;
    sql("DELETE FROM rule_trials WHERE begun_at < $1").bind(until).run(tx).await?;
    Ok(())
}
