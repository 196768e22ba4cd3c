//! A proof that somebody asked for: a job that says how far it is.
//!
//! There is one at a time. A process that dies leaves its job, which begins anew: proving again changes nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{Proof, prove_days};
use crate::channels::{receipts, store};
use crate::platform::{Actor, App, JobKind, Result, Right, Tx, dialect, jobs};

pub use store::RunRow;

pub static PROVE: JobKind = JobKind { name: "channels.prove", run };

/// A run that gave no sign of life for so long has died.
const SILENT: Duration = Duration::from_mins(15);
/// Days whose differences are looked at again.
const DAYS: i64 = 30;

#[derive(Serialize, Deserialize)]
struct Payload {
    run: i64,
}

/// Tells how far a proof is.
pub struct Run {
    /// `None`: nobody watches.
    id: Option<i64>,
    done: AtomicI64,
}

impl Run {
    pub const fn unwatched() -> Self {
        Self { id: None, done: AtomicI64::new(0) }
    }

    const fn watched(id: i64) -> Self {
        Self { id: Some(id), done: AtomicI64::new(0) }
    }

    /// `mails` more of a source were looked at.
    pub async fn step(&self, app: &App, source: &str, mails: usize) -> Result<()> {
        let mails = i64::try_from(mails).unwrap_or(i64::MAX);
        let done = self.done.fetch_add(mails, Ordering::Relaxed) + mails;
        let Some(id) = self.id else { return Ok(()) };
        let mut tx = app.db.write().await?;
        store::touch_run(&mut tx, id, done, source, app.now()).await?;
        tx.commit().await?;
        tell(app);
        Ok(())
    }
}

/// Who looks at the proof sees at once how it fares.
pub fn tell(app: &App) {
    app.live.tell(vec!["proof".into()]);
}

/// The run that is under way.
pub async fn under_way(app: &App, tx: &mut Tx) -> Result<Option<RunRow>> {
    store::open_run(tx, app.now() - SILENT).await
}

/// Begins a proof of yesterday, of today so far, and of the days with open differences; false while one runs.
pub async fn begin(app: &App, actor: &Actor) -> Result<bool> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "proof", 0).await?;
    if under_way(app, &mut tx).await?.is_some() {
        return Ok(false);
    }
    let run = store::add_run(&mut tx, app.now()).await?;
    jobs::enqueue(&mut tx, PROVE.name, &Payload { run }, app.now()).await?;
    tx.commit().await?;
    tell(app);
    Ok(true)
}

/// Held by the run at hand: its job may be taken once more while it still runs.
#[derive(Default)]
struct Turn(Mutex<()>);

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        let Payload { run } = serde_json::from_value(payload)?;
        let turn = app.part::<Turn>();
        let Ok(_turn) = turn.0.try_lock() else { return Ok(()) };
        if !store::is_open(&mut app.db.read().await?, run).await? {
            return Ok(());
        }
        prove_days(&app, &Run::watched(run), &days(&app).await?).await?;
        let mut tx = app.db.write().await?;
        store::end_run(&mut tx, run, app.now()).await?;
        tx.commit().await?;
        tell(&app);
        Ok(())
    }
    .boxed()
}

async fn days(app: &App) -> Result<Vec<Date>> {
    let today = receipts::day_of(app, app.now());
    let back = |days: i64| today.checked_sub(days.days()).map_err(anyhow::Error::from);
    let known = store::proofs(&mut app.db.read().await?, back(DAYS)?).await?;
    let open = known.iter().filter(|proof| proof.open().next().is_some()).map(|proof: &Proof| proof.day);
    let days: BTreeSet<Date> = open.chain([today, back(1)?]).collect();
    Ok(days.into_iter().collect())
}
