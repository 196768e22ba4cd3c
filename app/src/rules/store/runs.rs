//! SQL of what rules did: runs, cases that time rules have found, figures per day.

use crate::platform::{CaseId, EntryId, PersonId, Result, Timestamp, Tx, key_lists, sql};
use crate::rules::model::{Day, Outcome, Run};
use crate::rules::trouble::Reason;

/// A run before it is kept.
pub struct NewRun<'a> {
    pub rule: i64,
    pub version: i64,
    pub case: CaseId,
    pub entry: Option<EntryId>,
    pub event: &'static str,
    pub person: Option<PersonId>,
    pub outcome: Outcome,
    pub reason: &'a str,
    /// It is in the figures of its day.
    pub counted: bool,
    /// Rules whose doing led here, this one at the end.
    pub chain: &'a [i64],
}

pub async fn insert_run(tx: &mut Tx, run: &NewRun<'_>, now: Timestamp) -> Result<i64> {
    let chain: Vec<String> = run.chain.iter().map(ToString::to_string).collect();
    sql("INSERT INTO rule_runs (rule_id, version, case_id, entry_id, event, at, person_id, outcome, did, reason, chain, counted)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9, $10, $11) RETURNING id")
    .bind(run.rule)
    .bind(run.version)
    .bind(run.case)
    .bind(run.entry.map(|entry| entry.0))
    .bind(run.event)
    .bind(now)
    .bind(run.person)
    .bind(run.outcome)
    .bind(run.reason)
    .bind(chain.join(" "))
    .bind(run.counted)
    .value(tx)
    .await
}

pub async fn finish_run(tx: &mut Tx, run: i64, outcome: Outcome, did: &[usize]) -> Result<()> {
    sql("UPDATE rule_runs SET outcome = $2, did = $3 WHERE id = $1")
        .bind(run)
        .bind(outcome)
        .bind(serde_json::to_string(did)?)
        .run(tx)
        .await?;
    Ok(())
}

/// One run; none if it was forgotten.
pub async fn run(tx: &mut Tx, run: i64) -> Result<Option<Run>> {
    let row: Option<RunRow> = sql(RUN).push("WHERE n.id = ").push_bind(run).maybe(tx).await?;
    Ok(row.map(RunRow::run))
}

/// Whether what a run called has listened, and why not.
pub async fn set_heard(tx: &mut Tx, run: i64, outcome: Outcome, reason: &Reason) -> Result<()> {
    sql("UPDATE rule_runs SET outcome = $2, reason = $3 WHERE id = $1")
        .bind(run)
        .bind(outcome)
        .bind(reason.to_string())
        .run(tx)
        .await?;
    Ok(())
}

/// What became of a rule's answer to an entry, if it answered.
pub async fn outcome_for(tx: &mut Tx, rule: i64, entry: EntryId) -> Result<Option<Outcome>> {
    sql("SELECT outcome FROM rule_runs WHERE rule_id = $1 AND entry_id = $2")
        .bind(rule)
        .bind(entry.0)
        .maybe_value(tx)
        .await
}

/// Rules whose doing led to a run, itself at the end.
pub async fn chain_of(tx: &mut Tx, run: i64) -> Result<Vec<i64>> {
    let found: Option<String> =
        sql("SELECT chain FROM rule_runs WHERE id = $1").bind(run).maybe_value(tx).await?;
    Ok(found.unwrap_or_default().split_whitespace().filter_map(|id| id.parse().ok()).collect())
}

/// How often a rule changed a case, or tried to, at or after `since`.
pub async fn count_runs(tx: &mut Tx, rule: i64, case: CaseId, since: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM rule_runs
         WHERE case_id = $1 AND rule_id = $2 AND $3 <= at AND outcome IN ('changed', 'failed', 'unheard')")
    .bind(case)
    .bind(rule)
    .bind(since)
    .value(tx)
    .await
}

/// What became of a rule's last run on a case.
pub async fn last_outcome(tx: &mut Tx, rule: i64, case: CaseId) -> Result<Option<Outcome>> {
    sql("SELECT outcome FROM rule_runs WHERE case_id = $1 AND rule_id = $2 ORDER BY id DESC LIMIT 1")
        .bind(case)
        .bind(rule)
        .maybe_value(tx)
        .await
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: i64,
    rule_id: i64,
    name: String,
    version: i64,
    case_id: CaseId,
    event: String,
    at: Timestamp,
    person_id: Option<PersonId>,
    outcome: Outcome,
    did: String,
    reason: String,
    counted: bool,
}

impl RunRow {
    fn run(self) -> Run {
        Run {
            id: self.id,
            rule: self.rule_id,
            name: self.name,
            version: self.version,
            case: self.case_id,
            event: self.event,
            at: self.at,
            person: self.person_id,
            outcome: self.outcome,
            did: self.did,
            reason: Reason::read(self.outcome, &self.reason),
            counted: self.counted,
        }
    }
}

const RUN: &str =
    "SELECT n.id, n.rule_id, r.name, n.version, n.case_id, n.event, n.at, n.person_id, n.outcome, n.did,
    n.reason, n.counted FROM rule_runs n JOIN rules r ON r.id = n.rule_id ";

/// What rules did with a case, the newest first.
pub async fn of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Run>> {
    let rows: Vec<RunRow> = sql(RUN)
        .push("WHERE n.case_id = ")
        .push_bind(case)
        .push(" ORDER BY n.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(RunRow::run).collect())
}

/// What a rule did before a run, the newest first.
pub async fn newest_of_rule(tx: &mut Tx, rule: i64, before: i64, limit: i64) -> Result<Vec<Run>> {
    let rows: Vec<RunRow> = sql(RUN)
        .push("WHERE n.rule_id = ")
        .push_bind(rule)
        .push(" AND n.id < ")
        .push_bind(before)
        .push(" ORDER BY n.id DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(RunRow::run).collect())
}

/// Is there a run from before `until`? Asked first, so that a house without one writes nothing.
pub async fn any_run_before(tx: &mut Tx, until: Timestamp) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM rule_runs WHERE at < $1 LIMIT 1").bind(until).maybe_value(tx).await?;
    Ok(found.is_some())
}

/// Forgets up to `limit` runs from before `until`; how many.
pub async fn forget_runs(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<u64> {
    sql("DELETE FROM rule_runs WHERE id IN (SELECT id FROM rule_runs WHERE at < $1 ORDER BY at LIMIT $2)")
        .bind(until)
        .bind(limit)
        .run(tx)
        .await
}

/// Counts a run on a day of the house.
pub async fn count_day(tx: &mut Tx, rule: i64, day: &str, outcome: Outcome) -> Result<()> {
    let one = |is: bool| i64::from(is);
    let failed = is_failure(outcome);
    sql("INSERT INTO rule_days (rule_id, day, changed, same, failed) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (rule_id, day) DO UPDATE SET changed = rule_days.changed + excluded.changed,
             same = rule_days.same + excluded.same, failed = rule_days.failed + excluded.failed")
    .bind(rule)
    .bind(day)
    .bind(one(outcome == Outcome::Changed))
    .bind(one(outcome == Outcome::Same))
    .bind(one(failed))
    .run(tx)
    .await?;
    Ok(())
}

const fn is_failure(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failed | Outcome::Unheard | Outcome::Paused | Outcome::Deep)
}

/// Takes a run off a day's figures again: what became of it has turned out to be something else.
pub async fn uncount_day(tx: &mut Tx, rule: i64, day: &str, outcome: Outcome) -> Result<()> {
    sql("UPDATE rule_days SET changed = changed - $3, same = same - $4, failed = failed - $5
         WHERE rule_id = $1 AND day = $2")
    .bind(rule)
    .bind(day)
    .bind(i64::from(outcome == Outcome::Changed))
    .bind(i64::from(outcome == Outcome::Same))
    .bind(i64::from(is_failure(outcome)))
    .run(tx)
    .await?;
    Ok(())
}

/// How often rules ran on each day at or after `from`.
pub async fn days(tx: &mut Tx, from: &str) -> Result<Vec<Day>> {
    sql("SELECT rule_id, day, changed, same, failed FROM rule_days WHERE $1 <= day ORDER BY rule_id, day")
        .bind(from)
        .all(tx)
        .await
}

/// Cases that a time rule has found, with when.
pub async fn known_matches(tx: &mut Tx, rule: i64) -> Result<Vec<(CaseId, Timestamp)>> {
    sql("SELECT case_id, at FROM rule_matches WHERE rule_id = $1").bind(rule).all(tx).await
}

/// When a time rule has found a case, if it has.
pub async fn match_of(tx: &mut Tx, rule: i64, case: CaseId) -> Result<Option<Timestamp>> {
    sql("SELECT at FROM rule_matches WHERE rule_id = $1 AND case_id = $2")
        .bind(rule)
        .bind(case)
        .maybe_value(tx)
        .await
}

pub async fn add_match(tx: &mut Tx, rule: i64, case: CaseId, now: Timestamp) -> Result<()> {
    sql("INSERT INTO rule_matches (rule_id, case_id, at) VALUES ($1, $2, $3)
         ON CONFLICT (rule_id, case_id) DO UPDATE SET at = excluded.at")
    .bind(rule)
    .bind(case)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

/// These cases are no longer as a time rule says.
pub async fn delete_matches(tx: &mut Tx, rule: i64, cases: &[CaseId]) -> Result<()> {
    for portion in key_lists(cases) {
        sql("DELETE FROM rule_matches WHERE rule_id = ")
            .push_bind(rule)
            .push(" AND case_id IN ")
            .push_list(portion.iter().copied())
            .run(tx)
            .await?;
    }
    Ok(())
}
