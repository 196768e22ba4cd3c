//! Computes deadlines again when the settings changed: of all cases that are not closed, in portions that survive a
//! restart.

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clocks;
use super::store;
use crate::deadlines::{self, runs};
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{App, CaseId, CustomerId, JobKind, Result, Tx, dialect, jobs};

/// Cases of one job.
const PORTION: i64 = 200;
/// Settings that deadlines hang on.
const SETTINGS: [&str; 3] = ["calendars", "deadlines", "queues"];

pub static LISTENER: Listener = Listener { name: "cases.deadlines", wants, hear };
pub static RECALCULATE: JobKind = JobKind { name: "cases.deadlines", run };

/// What is to be computed again.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Payload {
    Run(i64),
    Customer(CustomerId),
}

fn wants(fact: &Fact) -> bool {
    match fact {
        Fact::SettingChanged { name, .. } => SETTINGS.contains(&name.as_str()),
        Fact::CustomerChanged { field } => field == "group",
        _ => false,
    }
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    async move {
        let payload = if let Some(customer) = entry.about.customer {
            Payload::Customer(customer)
        } else {
            let total = store::working(tx).await?;
            Payload::Run(runs::start(tx, total, app.now()).await?)
        };
        // Other nodes may still go by what was set before.
        jobs::enqueue(tx, RECALCULATE.name, &payload, app.now() + deadlines::SETTLED).await?;
        Ok(())
    }
    .boxed()
}

fn run(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    async move {
        match serde_json::from_value(payload)? {
            Payload::Customer(customer) => {
                let cases = store::open_of(&mut app.db.read().await?, customer).await?;
                for case in cases {
                    recalculate(&app, case).await?;
                }
                Ok(())
            }
            Payload::Run(run) => go_on(&app, run).await,
        }
    }
    .boxed()
}

/// The next portion of a walk, unless another one was begun since.
async fn go_on(app: &App, run: i64) -> Result<()> {
    let mut tx = app.db.read().await?;
    let newest = runs::newest(&mut tx).await?;
    let Some(mut run) = newest.filter(|newest| newest.id == run && newest.ended_at.is_none()) else {
        return Ok(());
    };
    let cases = store::open_after(&mut tx, run.cursor, PORTION).await?;
    drop(tx);
    for case in &cases {
        recalculate(app, *case).await?;
    }
    run.cursor = cases.last().copied().unwrap_or(run.cursor);
    run.done += i64::try_from(cases.len()).unwrap_or_default();
    let more = i64::try_from(cases.len()).is_ok_and(|found| found == PORTION);
    run.ended_at = (!more).then(|| app.now());
    let mut tx = app.db.write().await?;
    runs::advance(&mut tx, &run).await?;
    if more {
        jobs::enqueue(&mut tx, RECALCULATE.name, &Payload::Run(run.id), app.now()).await?;
    }
    tx.commit().await
}

async fn recalculate(app: &App, case: CaseId) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    clocks::changed(app, &mut tx, case).await?;
    tx.commit().await
}
