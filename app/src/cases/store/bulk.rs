//! SQL of runs over many cases.

use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::model::Priority;
use crate::platform::{CaseId, PersonId, Result, Table, Timestamp, Tx, sql};

/// The same done to many cases.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Run {
    pub id: i64,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    /// JSON of what is done.
    pub change: String,
    /// `waiting`, `done`, `undoing` or `undone`
    pub state: String,
    pub at: Timestamp,
    pub total: i64,
}

/// What became of a run's cases.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = BulkOutcome)]
pub struct Outcome {
    pub waiting: i64,
    pub done: i64,
    /// It could not be done to them.
    pub refused: i64,
    /// Taken back.
    pub back: i64,
    /// Not taken back: somebody did something with them since.
    pub kept: i64,
}

static CASES: Table<3> = Table { name: "bulk_cases", columns: ["run_id", "case_id", "state"], depth: 3 };

pub async fn insert(
    tx: &mut Tx,
    person: PersonId,
    change: &str,
    cases: &[CaseId],
    now: Timestamp,
) -> Result<i64> {
    let total = i64::try_from(cases.len()).unwrap_or(i64::MAX);
    let run: i64 = sql("INSERT INTO bulk_runs (person_id, change, state, at, total)
                        VALUES ($1, $2, 'waiting', $3, $4) RETURNING id")
    .bind(person)
    .bind(change)
    .bind(now)
    .bind(total)
    .value(tx)
    .await?;
    for case in cases {
        tx.insert_later(&CASES, [run.into(), (*case).into(), "waiting".into()]);
    }
    Ok(run)
}

pub async fn run(tx: &mut Tx, run: i64) -> Result<Run> {
    sql("SELECT id, person_id, change, state, at, total FROM bulk_runs WHERE id = $1").bind(run).one(tx).await
}

pub async fn set_state(tx: &mut Tx, run: i64, state: &'static str) -> Result<()> {
    sql("UPDATE bulk_runs SET state = $2 WHERE id = $1").bind(run).bind(state).run(tx).await?;
    Ok(())
}

/// A case of a run.
#[derive(Debug, sqlx::FromRow)]
pub struct Done {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    /// JSON of how it was.
    pub stood: Option<String>,
    pub version: Option<i64>,
}

/// Some cases of a run that are in this state.
pub async fn some(tx: &mut Tx, run: i64, state: &'static str, limit: i64) -> Result<Vec<Done>> {
    sql("SELECT case_id, stood, version FROM bulk_cases WHERE run_id = $1 AND state = $2 ORDER BY case_id LIMIT $3")
        .bind(run)
        .bind(state)
        .bind(limit)
        .all(tx)
        .await
}

pub async fn done(tx: &mut Tx, run: i64, case: CaseId, stood: &str, version: i64) -> Result<()> {
    sql("UPDATE bulk_cases SET state = 'done', stood = $3, version = $4 WHERE run_id = $1 AND case_id = $2")
        .bind(run)
        .bind(case)
        .bind(stood)
        .bind(version)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn refuse(tx: &mut Tx, run: i64, case: CaseId, why: &'static str) -> Result<()> {
    set(tx, run, case, "refused", Some(why)).await
}

pub async fn back(tx: &mut Tx, run: i64, case: CaseId) -> Result<()> {
    set(tx, run, case, "back", None).await
}

pub async fn keep(tx: &mut Tx, run: i64, case: CaseId) -> Result<()> {
    set(tx, run, case, "kept", Some("bulk-kept")).await
}

async fn set(
    tx: &mut Tx,
    run: i64,
    case: CaseId,
    state: &'static str,
    why: Option<&'static str>,
) -> Result<()> {
    sql("UPDATE bulk_cases SET state = $3, why = $4 WHERE run_id = $1 AND case_id = $2")
        .bind(run)
        .bind(case)
        .bind(state)
        .bind(why)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn outcome(tx: &mut Tx, run: i64) -> Result<Outcome> {
    let counts: Vec<(String, i64)> =
        sql("SELECT state, COUNT(*) FROM bulk_cases WHERE run_id = $1 GROUP BY state")
            .bind(run)
            .all(tx)
            .await?;
    let of = |name: &str| counts.iter().find(|(state, _)| state == name).map_or(0, |(_, count)| *count);
    let (waiting, done, refused) = (of("waiting"), of("done"), of("refused"));
    Ok(Outcome { waiting, done, refused, back: of("back"), kept: of("kept") })
}

pub async fn reasons(tx: &mut Tx, run: i64) -> Result<Vec<(String, i64)>> {
    sql("SELECT why, COUNT(*) FROM bulk_cases WHERE run_id = $1 AND why IS NOT NULL GROUP BY why ORDER BY why")
        .bind(run)
        .all(tx)
        .await
}

pub async fn set_priority(tx: &mut Tx, case: CaseId, priority: Priority, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET priority = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(priority)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}
