//! Deadlines that come near or pass: told once each, and escalated as the policy of the case says.
//!
//! A service looks for cases whose next alarm has come. What it tells are facts; who is told of them by mail is the
//! business of those who hear them. A case that waits warns, too, unless its clocks stand still. One that moves or
//! becomes urgent here gets new deadlines, but no step of the escalation is taken twice, so nothing can go round in
//! circles.

use std::time::Duration;

use calendar::{Alarm, ClockName};
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::clocks::{self, Asks};
use super::model::{Case, DueClock, Priority, Status};
use super::stand;
use super::store;
use crate::deadlines::Step;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, QueueId, Result, Timestamp, Tx, dialect};

/// How often it is looked.
const PAUSE: Duration = Duration::from_secs(10);
/// Cases looked at in one round.
const MANY: i64 = 500;

/// Watches deadlines for as long as the server runs.
pub fn watch(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = alarm(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot watch deadlines: {}", error.in_short());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

/// Tells what there is to tell now; about how many cases.
pub async fn alarm(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let cases = store::alarming(&mut tx, app.now(), MANY).await?;
    drop(tx);
    let mut told = 0;
    for case in cases {
        told += usize::from(alarm_one(app, case).await?);
    }
    Ok(told)
}

/// When there is something to tell next after `after`, for what is made up: nobody waits for it there.
pub async fn next_alarm(tx: &mut Tx, after: Timestamp) -> Result<Option<Timestamp>> {
    store::next_alarm(tx, after).await
}

/// Tells about one case, unless somebody did something with it since it was found.
async fn alarm_one(app: &App, case: CaseId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    if row.status == Status::Closed || row.bin.is_some() {
        return Ok(false);
    }
    let queue = people::queue(&mut tx, row.queue).await?;
    let mut all = clocks::known(&row)?;
    let now = app.now().moment();
    let (given, steps) = clocks::with_targets(app, &mut tx, Asks::of(&row), &queue, |chosen| {
        let targets = chosen.targets();
        all.set(&targets, row.created_at.moment());
        (all.alarms(&targets, now), chosen.goals.steps.clone())
    })
    .await?;
    let clocked = store::Clocked {
        kept: serde_json::to_string(&all)?,
        due_clock: row.due_clock,
        soon_at: row.soon_at,
        alarm_at: None,
    };
    store::set_clocks(&mut tx, case, &clocked).await?;
    for (name, alarm) in &given {
        tell(app, &mut tx, &row, (*name, *alarm), &steps).await?;
    }
    // Sets the next alarm, and all deadlines if a step moved the case.
    clocks::changed(app, &mut tx, case).await?;
    tx.commit().await?;
    Ok(!given.is_empty())
}

async fn tell(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    (name, alarm): (ClockName, Alarm),
    steps: &[Step],
) -> Result<()> {
    if let Alarm::Step(number) = alarm {
        let Some(step) = steps.get(usize::from(number)) else { return Ok(()) };
        return escalate(app, tx, case, (DueClock::of(name).code().to_owned(), number), step).await;
    }
    let Some(fact) = fact(name, alarm, case.queue) else { return Ok(()) };
    journal::record(app, tx, &Actor::kitt("deadlines"), About::case(case.id).of(case.customer), fact)
}

/// What is recorded of a deadline that is near or missed. A step of the escalation is more than a fact.
pub(super) fn fact(name: ClockName, alarm: Alarm, queue: QueueId) -> Option<Fact> {
    let clock = DueClock::of(name).code().to_owned();
    match alarm {
        Alarm::Near => Some(Fact::DeadlineNear { clock }),
        Alarm::Missed => Some(Fact::DeadlineMissed { clock, queue }),
        Alarm::Step(_) => None,
    }
}

async fn escalate(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    (clock, number): (String, u8),
    step: &Step,
) -> Result<()> {
    let (actor, about) = (Actor::kitt("deadlines"), About::case(case.id).of(case.customer));
    let number = i64::from(number) + 1;
    let raised = step.raise && case.priority != Priority::High;
    let priority = raised.then_some(Priority::High);
    store::raise(tx, case.id, number.max(case.escalated), priority).await?;
    let fact = Fact::CaseEscalated { clock, step: number, raised, lead: step.lead };
    journal::record(app, tx, &actor, about, fact)?;
    if let Some(queue) = step.queue.filter(|queue| *queue != case.queue) {
        store::set_queue(tx, case.id, queue, app.now()).await?;
        // A step before may have moved it, too.
        let was = store::case(tx, case.id).await?;
        // A private case without an owner would be nobody's.
        let owner = was.owner.filter(|_| was.private);
        store::set_owner(tx, case.id, owner, app.now()).await?;
        stand::record_move(app, tx, &actor, &was, (queue, owner))?;
    }
    Ok(())
}
