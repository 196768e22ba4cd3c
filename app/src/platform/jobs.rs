//! Work for later: enqueued inside the transaction that wants it, done at least once, restartable.
//!
//! A job is taken with a lease. A node that dies loses its leases by time, and another one takes over; so a
//! job's function must bear being run twice. What fails is tried again with growing pauses, and after its
//! last attempt it stays as a dead letter with its reason.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::db::{Tx, sql};
use super::dialect;
use super::error::Result;
use super::ids::{JobId, Timestamp};
use super::jump::Late;
use super::{App, Jump, codes};

/// How long a taken job belongs to its taker.
const LEASE: Duration = Duration::from_mins(5);
/// After so many attempts, over about a day, a job is dead.
const ATTEMPTS: i64 = 12;
/// Looks for due jobs at least so often; commits of this node wake at once.
const IDLE: Duration = Duration::from_millis(500);
/// When the clock goes back, what was to run so soon after counts as due: what can be taken back until then, too.
const SOON: Duration = Duration::from_mins(1);
const GATHER: Duration = Duration::from_millis(40);

codes::codes! {
    pub enum JobState { Waiting = "waiting", Done = "done", Dead = "dead" }
}

/// A kind of job, declared by a slice.
pub struct JobKind {
    pub name: &'static str,
    pub run: fn(App, Value) -> BoxFuture<'static, Result<()>>,
}

/// A job as the administration sees it.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, utoipa::ToSchema)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub state: JobState,
    pub attempts: i64,
    pub run_at: Timestamp,
    pub last_error: Option<String>,
}

/// Enqueues a job that becomes due at `run_at`, if this transaction commits.
pub async fn enqueue(
    tx: &mut Tx,
    kind: &'static str,
    payload: &impl Serialize,
    run_at: Timestamp,
) -> Result<JobId> {
    tx.ring_after_commit();
    sql("INSERT INTO jobs (kind, payload, state, attempts, run_at, lease_until)
         VALUES ($1, $2, 'waiting', 0, $3, 0) RETURNING id")
    .bind(kind)
    .bind(serde_json::to_string(payload)?)
    .bind(run_at)
    .value(tx)
    .await
}

/// The newest dead letters.
pub async fn dead(tx: &mut Tx) -> Result<Vec<Job>> {
    dead_before(tx, JobId(i64::MAX), 200).await
}

/// Up to `limit` dead letters before one of them, newest first.
pub async fn dead_before(tx: &mut Tx, before: JobId, limit: i64) -> Result<Vec<Job>> {
    sql("SELECT id, kind, state, attempts, run_at, last_error FROM jobs
         WHERE state = 'dead' AND id < $1 ORDER BY id DESC LIMIT $2")
    .bind(before)
    .bind(limit)
    .all(tx)
    .await
}

/// Was a job given up that was enqueued with this payload?
pub async fn is_dead(tx: &mut Tx, kind: &'static str, payload: &impl Serialize) -> Result<bool> {
    let found = sql("SELECT id FROM jobs WHERE state = 'dead' AND kind = $1 AND payload = $2 LIMIT 1")
        .bind(kind)
        .bind(serde_json::to_string(payload)?)
        .maybe_value::<i64>(tx)
        .await?;
    Ok(found.is_some())
}

/// How many jobs wait, and how many were given up.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64)> {
    sql("SELECT COUNT(CASE WHEN state = 'waiting' THEN 1 END), COUNT(CASE WHEN state = 'dead' THEN 1 END) FROM jobs")
        .one(tx)
        .await
}

/// Gives a dead job another round of attempts; false if there is no such dead job.
pub async fn retry(tx: &mut Tx, job: JobId, now: Timestamp) -> Result<bool> {
    let found =
        sql("UPDATE jobs SET state = 'waiting', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead'")
            .bind(job)
            .bind(now)
            .run(tx)
            .await?;
    tx.ring_after_commit();
    Ok(found != 0)
}

/// Works until `stop`, finishing the job at hand.
pub async fn work(app: App, kinds: Vec<&'static JobKind>, stop: CancellationToken) {
    let mut news = app.db.news();
    while !stop.is_cancelled() {
        match take(&app).await {
            Ok(Some((job, _held))) => do_one(&app, &kinds, job).await,
            Ok(None) => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    // A burst of news is one look.
                    _ = news.changed() => tokio::time::sleep(GATHER).await,
                    () = tokio::time::sleep(IDLE) => {}
                }
            }
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "cannot look for jobs: {}", error.in_short());
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

/// Does what is due now, for tests and imports; how many jobs there were.
pub async fn work_now(app: &App, kinds: &[&'static JobKind]) -> Result<usize> {
    let mut done = 0;
    while let Some((job, _held)) = take(app).await? {
        do_one(app, kinds, job).await;
        done += 1;
    }
    Ok(done)
}

#[derive(sqlx::FromRow)]
struct Taken {
    id: JobId,
    kind: String,
    payload: String,
    attempts: i64,
}

async fn take(app: &App) -> Result<Option<(Taken, Held)>> {
    let now = app.now();
    // A read first: on SQLite an idle worker must not take the write lock again and again.
    let mut tx = app.db.read().await?;
    let due: Option<i64> =
        sql("SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= $1 AND lease_until <= $1 LIMIT 1")
            .bind(now)
            .maybe_value(&mut tx)
            .await?;
    drop(tx);
    if due.is_none() {
        return Ok(None);
    }
    let mut tx = app.db.write().await?;
    let taken = sql("UPDATE jobs SET lease_until = ")
        .push_bind(now + LEASE)
        .push(", attempts = attempts + 1 WHERE id = (SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= ")
        .push_bind(now)
        .push(" AND lease_until <= ")
        .push_bind(now)
        .push(" ORDER BY run_at LIMIT 1")
        .push(dialect::skip_locked(tx.is_postgres()))
        .push(") RETURNING id, kind, payload, attempts")
        .maybe(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(taken.and_then(|job: Taken| Held::new(app, job.id).map(|held| (job, held))))
}

/// Jobs that this process is doing: a clock that jumps ahead ends their leases, and they would be done twice at
/// the same time.
#[derive(Default)]
struct InHand(Mutex<HashSet<JobId>>);

/// A job is in hand until this is dropped.
struct Held {
    all: Arc<InHand>,
    job: JobId,
}

impl Held {
    /// `None` if this process has it in hand already.
    fn new(app: &App, job: JobId) -> Option<Self> {
        let all = app.part::<InHand>();
        let fresh = all.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job);
        fresh.then_some(Self { all, job })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.job);
    }
}

/// The clock went back: what was due stays due, and no lease is longer than leases are.
pub async fn clock_went_back(tx: &mut Tx, jump: Jump) -> Result<()> {
    due_now(tx, jump.now, jump.now, jump.was + SOON).await?;
    // What waits after a failure, not what somebody planned.
    sql("UPDATE jobs SET run_at = run_at - $2 WHERE state = 'waiting' AND run_at > $1 AND attempts > 0")
        .bind(jump.was + SOON)
        .bind(jump.micros())
        .run(tx)
        .await?;
    cut_leases(tx, jump.now).await
}

/// Jobs that were enqueued or taken by the clock of before, and are seen only now.
pub async fn came_late(tx: &mut Tx, late: Late) -> Result<()> {
    due_now(tx, late.now, late.after, late.jump.was + SOON).await?;
    cut_leases(tx, late.now).await
}

/// What was to run after `from` until `until` runs now.
async fn due_now(tx: &mut Tx, now: Timestamp, from: Timestamp, until: Timestamp) -> Result<()> {
    sql("UPDATE jobs SET run_at = $1 WHERE state = 'waiting' AND run_at > $2 AND run_at <= $3")
        .bind(now)
        .bind(from)
        .bind(until)
        .run(tx)
        .await?;
    Ok(())
}

/// No lease is longer than leases are.
async fn cut_leases(tx: &mut Tx, now: Timestamp) -> Result<()> {
    sql("UPDATE jobs SET lease_until = $1 WHERE state = 'waiting' AND lease_until > $1")
        .bind(now + LEASE)
        .run(tx)
        .await?;
    Ok(())
}

async fn do_one(app: &App, kinds: &[&'static JobKind], job: Taken) {
    let done = match kinds.iter().find(|kind| kind.name == job.kind) {
        _ if ATTEMPTS * 2 < job.attempts => Err(anyhow::anyhow!("it never ended, whoever took it").into()),
        Some(kind) => match serde_json::from_str(&job.payload) {
            Ok(payload) => run(kind, app, payload).await,
            Err(error) => Err(error.into()),
        },
        None => Err(anyhow::anyhow!("no such kind of job: {}", job.kind).into()),
    };
    if let Err(error) = finish_patiently(app, &job, done).await {
        // The lease runs out, and the job is tried again.
        tracing::error!(job = job.id.0, error = format!("{error:?}"), "cannot record a job's end");
    }
}

/// A panic is a failure like any other: it must not take the worker along.
async fn run(kind: &JobKind, app: &App, payload: Value) -> Result<()> {
    let (run, app) = (kind.run, app.clone());
    let running = AssertUnwindSafe(async move { run(app, payload).await });
    match running.catch_unwind().await {
        Ok(done) => done,
        Err(_) => Err(anyhow::anyhow!("it panicked").into()),
    }
}

/// A database that restarts just then must not leave the job to its lease.
async fn finish_patiently(app: &App, job: &Taken, done: Result<()>) -> Result<()> {
    let began = tokio::time::Instant::now();
    loop {
        match finish(app, job, &done).await {
            Err(error) if error.outage().is_some() && began.elapsed() < LEASE / 2 => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            finished => return finished,
        }
    }
}

async fn finish(app: &App, job: &Taken, done: &Result<()>) -> Result<()> {
    let mut tx = app.db.write().await?;
    match done {
        Ok(()) => {
            sql("DELETE FROM jobs WHERE id = $1").bind(job.id).run(&mut tx).await?;
        }
        Err(error) => {
            let blameless = error.outage().is_some();
            let alive = blameless || job.attempts < ATTEMPTS;
            let state = if alive { JobState::Waiting } else { JobState::Dead };
            let attempts = if blameless { 1 } else { job.attempts };
            tracing::warn!(
                job = job.id.0,
                kind = job.kind,
                attempts = job.attempts,
                error = format!("{error:?}"),
                "a job failed"
            );
            // A worker whose lease ran out must not take the job from the one that has it now.
            sql("UPDATE jobs SET state = $2, run_at = $3, lease_until = 0, last_error = $4
                 WHERE id = $1 AND attempts = $5")
            .bind(job.id)
            .bind(state)
            .bind(app.now() + pause(attempts))
            .bind(format!("{error:?}"))
            .bind(job.attempts)
            .run(&mut tx)
            .await?;
        }
    }
    tx.commit().await
}

/// 5 s, 15 s, 45 s, … at most 6 hours.
fn pause(attempts: i64) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    Duration::from_secs((5 * 3u64.pow(exponent)).min(6 * 3600))
}
