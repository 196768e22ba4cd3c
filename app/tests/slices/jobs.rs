//! Jobs are done, whoever dies, and never by two at once.

use std::time::Duration;

use anyhow::Result;
use futures::future::BoxFuture;
use kitt::platform::jobs;
use kitt::platform::{App, Error, JobKind, Jump, sql};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    a_job_is_done_once_it_is_due,
    a_job_of_a_transaction_that_was_rolled_back_is_not_done,
    racing_workers_take_each_job_once,
    a_job_of_a_worker_that_died_is_taken_over_when_its_lease_ends,
    what_fails_is_tried_again_with_pauses_and_ends_as_a_dead_letter,
    a_job_without_a_kind_is_kept,
    a_job_that_panics_has_failed_once,
    a_job_that_never_ends_is_given_up,
    a_full_disk_makes_no_dead_letters,
    a_clock_that_jumps_ahead_starts_no_job_twice,
    when_the_clock_goes_back_what_was_due_stays_due,
);

/// Writes its payload down; twice is an error.
static WRITES: JobKind = JobKind { name: "test-writes", run: write };
static FAILS: JobKind = JobKind { name: "test-fails", run: fail };
static FULL: JobKind = JobKind { name: "test-fails", run: full };
static PANICS: JobKind = JobKind { name: "test-panics", run: panic };
/// As [`WRITES`] by name, but never ends: a worker in the middle of its work.
static HANGS: JobKind = JobKind { name: "test-writes", run: hang };

fn write(app: App, payload: Value) -> BoxFuture<'static, kitt::platform::Result<()>> {
    Box::pin(async move {
        let mut tx = app.db.write().await?;
        let name = format!("job {payload}");
        sql("INSERT INTO settings (name, value) VALUES ($1, '')").bind(name).run(&mut tx).await?;
        tx.commit().await
    })
}

fn fail(_: App, _: Value) -> BoxFuture<'static, kitt::platform::Result<()>> {
    Box::pin(async { Err(Error::Stale) })
}

/// As on a disk without room.
fn full(_: App, _: Value) -> BoxFuture<'static, kitt::platform::Result<()>> {
    Box::pin(async { Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into()) })
}

fn panic(_: App, _: Value) -> BoxFuture<'static, kitt::platform::Result<()>> {
    Box::pin(async { panic!("poison") })
}

fn hang(_: App, _: Value) -> BoxFuture<'static, kitt::platform::Result<()>> {
    Box::pin(std::future::pending())
}

async fn a_job_is_done_once_it_is_due(world: World) -> Result<()> {
    enqueue(&world, &WRITES, 1, Duration::from_secs(10)).await?;

    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0);
    world.forward(Duration::from_secs(10));
    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 1);
    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0);

    assert_eq!(written(&world).await?, ["job 1"]);
    Ok(())
}

async fn a_job_of_a_transaction_that_was_rolled_back_is_not_done(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    jobs::enqueue(&mut tx, WRITES.name, &json!(1), world.now()).await?;
    drop(tx);

    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0);
    Ok(())
}

async fn racing_workers_take_each_job_once(world: World) -> Result<()> {
    for number in 0..40 {
        enqueue(&world, &WRITES, number, Duration::ZERO).await?;
    }
    let work = || {
        let app = world.app.clone();
        tokio::spawn(async move { jobs::work_now(&app, &[&WRITES]).await })
    };

    let mut done = 0;
    for worker in [work(), work(), work(), work()] {
        done += worker.await??;
    }
    // A worker that saw only taken jobs went home early.
    done += jobs::work_now(&world.app, &[&WRITES]).await?;

    assert_eq!((done, written(&world).await?.len()), (40, 40));
    assert!(jobs::dead(&mut world.read().await?).await?.is_empty());
    Ok(())
}

async fn a_job_of_a_worker_that_died_is_taken_over_when_its_lease_ends(world: World) -> Result<()> {
    enqueue(&world, &WRITES, 7, Duration::ZERO).await?;
    let dying = tokio::spawn(jobs::work(world.app.clone(), vec![&HANGS], CancellationToken::new()));
    while attempts(&world).await? == 0 {
        tokio::task::yield_now().await;
    }
    dying.abort();
    drop(dying.await);

    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0, "its lease still runs");
    world.forward(Duration::from_mins(5));
    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 1);

    assert_eq!(written(&world).await?, ["job 7"]);
    Ok(())
}

async fn what_fails_is_tried_again_with_pauses_and_ends_as_a_dead_letter(world: World) -> Result<()> {
    enqueue(&world, &FAILS, 1, Duration::ZERO).await?;
    assert_eq!(jobs::work_now(&world.app, &[&FAILS]).await?, 1);
    assert_eq!(jobs::work_now(&world.app, &[&FAILS]).await?, 0, "not at once");
    world.forward(Duration::from_secs(5));
    assert_eq!(jobs::work_now(&world.app, &[&FAILS]).await?, 1);

    for _ in 0..20 {
        world.forward(Duration::from_hours(6));
        jobs::work_now(&world.app, &[&FAILS]).await?;
    }

    let dead = jobs::dead(&mut world.read().await?).await?;
    assert_eq!((dead.len(), dead[0].attempts), (1, 12));
    assert!(dead[0].last_error.as_deref().is_some_and(|reason| reason.contains("Stale")), "{dead:?}");
    let mut tx = world.app.db.write().await?;
    assert!(jobs::retry(&mut tx, dead[0].id, world.now()).await?);
    assert!(!jobs::retry(&mut tx, dead[0].id, world.now()).await?, "it is not dead any more");
    tx.commit().await?;
    assert_eq!(jobs::work_now(&world.app, &[&FAILS]).await?, 1, "a retry starts at once");
    Ok(())
}

async fn a_job_without_a_kind_is_kept(world: World) -> Result<()> {
    enqueue(&world, &WRITES, 3, Duration::ZERO).await?;

    // As after a downgrade: this node does not know it.
    jobs::work_now(&world.app, &[&FAILS]).await?;
    world.forward(Duration::from_secs(5));
    jobs::work_now(&world.app, &[&WRITES]).await?;

    assert_eq!(written(&world).await?, ["job 3"]);
    Ok(())
}

async fn a_job_that_panics_has_failed_once(world: World) -> Result<()> {
    enqueue(&world, &PANICS, 1, Duration::ZERO).await?;
    enqueue(&world, &WRITES, 2, Duration::ZERO).await?;

    assert_eq!(jobs::work_now(&world.app, &[&PANICS, &WRITES]).await?, 2);

    assert_eq!(written(&world).await?, ["job 2"]);
    assert_eq!(attempts(&world).await?, 1);
    Ok(())
}

async fn a_job_that_never_ends_is_given_up(world: World) -> Result<()> {
    enqueue(&world, &WRITES, 1, Duration::ZERO).await?;
    let mut tx = world.app.db.write().await?;
    // As often as its workers died.
    sql("UPDATE jobs SET attempts = 24").run(&mut tx).await?;
    tx.commit().await?;

    jobs::work_now(&world.app, &[&WRITES]).await?;

    assert_eq!(jobs::dead(&mut world.read().await?).await?.len(), 1);
    assert!(written(&world).await?.is_empty());
    Ok(())
}

async fn a_full_disk_makes_no_dead_letters(world: World) -> Result<()> {
    enqueue(&world, &FULL, 1, Duration::ZERO).await?;

    for _ in 0..20 {
        assert_eq!(jobs::work_now(&world.app, &[&FULL]).await?, 1, "it is tried again soon");
        world.forward(Duration::from_secs(5));
    }

    assert!(jobs::dead(&mut world.read().await?).await?.is_empty());
    Ok(())
}

async fn a_clock_that_jumps_ahead_starts_no_job_twice(world: World) -> Result<()> {
    enqueue(&world, &WRITES, 7, Duration::ZERO).await?;
    let busy = tokio::spawn(jobs::work(world.app.clone(), vec![&HANGS], CancellationToken::new()));
    while attempts(&world).await? == 0 {
        tokio::task::yield_now().await;
    }

    world.forward(Duration::from_hours(24));

    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0, "this process is doing it");
    busy.abort();
    Ok(())
}

async fn when_the_clock_goes_back_what_was_due_stays_due(world: World) -> Result<()> {
    let hour = Duration::from_hours(1);
    // Due just before the jump, and planned for the day after.
    enqueue(&world, &WRITES, 1, hour).await?;
    enqueue(&world, &WRITES, 2, Duration::from_hours(25)).await?;
    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 0);

    let jump = Jump { was: world.now() + hour, now: world.now() };
    let mut tx = world.app.db.write().await?;
    jobs::clock_went_back(&mut tx, jump).await?;
    tx.commit().await?;

    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 1);
    assert_eq!(written(&world).await?, ["job 1"]);
    world.forward(Duration::from_hours(25));
    assert_eq!(jobs::work_now(&world.app, &[&WRITES]).await?, 1, "what was planned keeps to the clock");
    Ok(())
}

async fn enqueue(world: &World, kind: &'static JobKind, number: i64, later: Duration) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    jobs::enqueue(&mut tx, kind.name, &json!(number), world.now() + later).await?;
    tx.commit().await?;
    Ok(())
}

async fn written(world: &World) -> Result<Vec<String>> {
    let names = sql("SELECT name FROM settings WHERE name LIKE 'job %' ORDER BY name");
    Ok(names.values(&mut world.read().await?).await?)
}

async fn attempts(world: &World) -> Result<i64> {
    Ok(sql("SELECT CAST(COALESCE(SUM(attempts), 0) AS bigint) FROM jobs")
        .value(&mut world.read().await?)
        .await?)
}
