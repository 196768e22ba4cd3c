//! SQL of dry runs and of the cases that they find.

use crate::platform::{
    CaseId, EntryId, PersonId, Result, Sql, Table, Timestamp, TokenId, Tx, Who, key_lists, sql,
};
use crate::rules::dry::{DryState, Trial};
use crate::rules::model::{Draft, Event};

#[derive(sqlx::FromRow)]
struct TrialRow {
    id: i64,
    person_id: Option<PersonId>,
    token_id: Option<TokenId>,
    rule_id: Option<i64>,
    draft: String,
    state: DryState,
    before_id: EntryId,
    looked_at: i64,
    matches: i64,
    cases: i64,
    since: Timestamp,
    until: Timestamp,
    begun_at: Timestamp,
}

impl TrialRow {
    fn trial(self) -> Result<Trial> {
        let who = match (self.person_id, self.token_id) {
            (Some(person), _) => Who::Person(person),
            (None, Some(token)) => Who::Token(token),
            (None, None) => Who::Kitt("rules"),
        };
        Ok(Trial {
            id: self.id,
            who,
            rule: self.rule_id,
            draft: serde_json::from_str(&self.draft)?,
            state: self.state,
            before: self.before_id,
            looked_at: self.looked_at,
            matches: self.matches,
            cases: self.cases,
            since: self.since,
            until: self.until,
            begun_at: self.begun_at,
        })
    }
}

const TRIAL: &str =
    "SELECT id, person_id, token_id, rule_id, draft, state, before_id, looked_at, matches, cases, since, until,
    begun_at FROM rule_trials ";

const fn columns(who: Who) -> (Option<PersonId>, Option<TokenId>) {
    match who {
        Who::Person(person) => (Some(person), None),
        Who::Token(token) => (None, Some(token)),
        Who::Kitt(_) => (None, None),
    }
}

/// Appends whose they are.
fn of(statement: Sql, who: Who) -> Sql {
    match columns(who) {
        (Some(person), _) => statement.push("person_id = ").push_bind(person),
        (None, Some(token)) => statement.push("token_id = ").push_bind(token),
        (None, None) => statement.push("person_id IS NULL AND token_id IS NULL"),
    }
}

/// Begins one that looks at what happened up to now and back to `until`.
pub async fn insert(
    tx: &mut Tx,
    who: Who,
    rule: Option<i64>,
    draft: &Draft,
    (now, until): (Timestamp, Timestamp),
) -> Result<i64> {
    let (person, token) = columns(who);
    sql("INSERT INTO rule_trials (person_id, token_id, rule_id, draft, state, before_id, looked_at, since, until, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $7) RETURNING id")
    .bind(person)
    .bind(token)
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

/// Those of a person or program that began at or after `since`, the newest first.
pub async fn of_who(tx: &mut Tx, who: Who, since: Timestamp) -> Result<Vec<Trial>> {
    let rows: Vec<TrialRow> = of(sql(TRIAL).push("WHERE "), who)
        .push(" AND begun_at >= ")
        .push_bind(since)
        .push(" ORDER BY begun_at DESC, id DESC LIMIT 20")
        .all(tx)
        .await?;
    rows.into_iter().map(TrialRow::trial).collect()
}

/// Those of a person or program that still run, the oldest first.
pub async fn running_of(tx: &mut Tx, who: Who) -> Result<Vec<i64>> {
    of(sql("SELECT id FROM rule_trials WHERE "), who)
        .push(" AND state = ")
        .push_bind(DryState::Running)
        .push(" ORDER BY id")
        .values(tx)
        .await
}

/// How far it is.
pub async fn save(tx: &mut Tx, trial: &Trial) -> Result<()> {
    sql("UPDATE rule_trials SET state = $2, before_id = $3, looked_at = $4, since = $5, matches = $6, cases = $7
         WHERE id = $1")
    .bind(trial.id)
    .bind(trial.state)
    .bind(trial.before)
    .bind(trial.looked_at)
    .bind(trial.since)
    .bind(trial.matches)
    .bind(trial.cases)
    .run(tx)
    .await?;
    Ok(())
}

static FOUND: Table<5> =
    Table { name: "rule_trial_cases", columns: ["trial_id", "case_id", "event", "at", "times"], depth: 3 };

/// Cases that it had not found yet; what is found first is the newest.
pub fn add_cases(
    tx: &mut Tx,
    trial: i64,
    cases: impl IntoIterator<Item = (CaseId, (Event, Timestamp, i64))>,
) {
    for (case, (event, at, times)) in cases {
        tx.insert_later(&FOUND, [trial.into(), case.into(), event.into(), at.into(), times.into()]);
    }
}

/// Those of these cases that it has found before.
pub async fn known_of(tx: &mut Tx, trial: i64, cases: &[CaseId]) -> Result<Vec<CaseId>> {
    let mut known = Vec::new();
    for portion in key_lists(cases) {
        let more: Vec<CaseId> = sql("SELECT case_id FROM rule_trial_cases WHERE trial_id = ")
            .push_bind(trial)
            .push(" AND case_id IN ")
            .push_list(portion.iter().copied())
            .values(tx)
            .await?;
        known.extend(more);
    }
    Ok(known)
}

/// It has found these `times` more.
pub async fn add_times(tx: &mut Tx, trial: i64, times: i64, cases: &[CaseId]) -> Result<()> {
    for portion in key_lists(cases) {
        sql("UPDATE rule_trial_cases SET times = times + ")
            .push_bind(times)
            .push(" WHERE trial_id = ")
            .push_bind(trial)
            .push(" AND case_id IN ")
            .push_list(portion.iter().copied())
            .run(tx)
            .await?;
    }
    Ok(())
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

/// Forgets all its cases but the newest.
pub async fn keep_newest(tx: &mut Tx, trial: i64, newest: i64) -> Result<()> {
    sql("DELETE FROM rule_trial_cases WHERE trial_id = $1 AND case_id NOT IN
         (SELECT case_id FROM rule_trial_cases WHERE trial_id = $1 ORDER BY at DESC, case_id DESC LIMIT $2)")
    .bind(trial)
    .bind(newest)
    .run(tx)
    .await?;
    Ok(())
}

/// Is there one that began before `until`? Asked first, so that a house without one writes nothing.
pub async fn any_before(tx: &mut Tx, until: Timestamp) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM rule_trials WHERE begun_at < $1 LIMIT 1").bind(until).maybe_value(tx).await?;
    Ok(found.is_some())
}

/// Forgets up to `limit` cases of those that began before `until`, then as many of them that have none left.
pub async fn forget(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<()> {
    sql("DELETE FROM rule_trial_cases WHERE (trial_id, case_id) IN
         (SELECT c.trial_id, c.case_id FROM rule_trials t JOIN rule_trial_cases c ON c.trial_id = t.id
          WHERE t.begun_at < $1 LIMIT $2)")
    .bind(until)
    .bind(limit)
    .run(tx)
    .await?;
    sql("DELETE FROM rule_trials WHERE id IN
         (SELECT t.id FROM rule_trials t WHERE t.begun_at < $1
          AND NOT EXISTS (SELECT 1 FROM rule_trial_cases c WHERE c.trial_id = t.id) LIMIT $2)")
    .bind(until)
    .bind(limit)
    .run(tx)
    .await?;
    Ok(())
}
