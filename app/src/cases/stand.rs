//! How a case stands: whose it is, where, open, waiting or closed.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::hours;
use super::model::Status;
use super::patience;
use super::store;
use super::store::Standing;
use super::undo::{self, Inverse};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, Error, PersonId, QueueId, Result, Right, Timestamp, dialect};

/// Gives the case to somebody, or back to its queue.
pub async fn assign(app: &App, actor: &Actor, case: CaseId, to: Option<PersonId>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    if let Some(person) = to {
        let person = people::person(&mut tx, person).await?;
        if !person.active {
            return Err(Error::invalid("owner", "case-owner-gone"));
        }
    }
    store::set_owner(&mut tx, case, to, app.now()).await?;
    let inverse = Inverse::Owner { was: row.owner, is: to };
    undo::offer(app, &mut tx, actor, case, "case-assigned", &inverse).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::CaseAssigned { to })?;
    tx.commit().await
}

/// Moves the case to another queue; its owner is asked to let go.
pub async fn move_to(app: &App, actor: &Actor, case: CaseId, queue: QueueId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    people::queue(&mut tx, queue).await?;
    store::set_queue(&mut tx, case, queue, app.now()).await?;
    store::set_owner(&mut tx, case, None, app.now()).await?;
    let inverse = Inverse::Queue { was: row.queue, owner: row.owner, is: queue };
    undo::offer(app, &mut tx, actor, case, "case-moved", &inverse).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::CaseMoved { queue })?;
    tx.commit().await
}

/// Puts the case away until `until`, or until the customer writes.
pub async fn wait(app: &App, actor: &Actor, case: CaseId, until: Option<Timestamp>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    if until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let standing = Standing { status: Status::Waiting, due: None, wait_until: until, closed_at: None };
    stand(app, actor, case, standing, "case-waits", Fact::CaseSetWaiting { until }).await
}

/// The work is done.
pub async fn close(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let standing =
        Standing { status: Status::Closed, due: None, wait_until: None, closed_at: Some(app.now()) };
    stand(app, actor, case, standing, "case-closed", Fact::CaseClosed).await
}

/// The work goes on. What was closed without an answer owes one again, since when the customer wrote.
pub async fn reopen(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    let due = match store::unanswered_since(&mut tx, case).await? {
        Some(from) => {
            Some((from, hours::due(app, from, people::queue(&mut tx, row.queue).await?.answer_minutes)))
        }
        None => None,
    };
    let standing = Standing { status: Status::Open, due, wait_until: None, closed_at: None };
    store::set_standing(&mut tx, case, standing, app.now()).await?;
    undo::offer_standing(app, &mut tx, actor, &row, standing, "case-reopened").await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), Fact::CaseReopened)?;
    tx.commit().await
}

async fn stand(
    app: &App,
    actor: &Actor,
    case: CaseId,
    standing: Standing,
    word: &'static str,
    fact: Fact,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    store::set_standing(&mut tx, case, standing, app.now()).await?;
    undo::offer_standing(app, &mut tx, actor, &row, standing, word).await?;
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), fact)?;
    tx.commit().await
}

/// Wakes waiting cases for as long as the server runs.
pub fn waker(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = wake(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot wake waiting cases");
            }
            if let Err(error) = patience::lose_patience(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot remind customers");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(15)) => {}
            }
        }
    })
}

/// Opens the cases again whose waiting time is over; how many.
pub async fn wake(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let cases = store::due_to_wake(&mut tx, app.now(), 500).await?;
    drop(tx);
    let mut woken = 0;
    for case in cases {
        woken += usize::from(wake_one(app, case).await?);
    }
    Ok(woken)
}

/// Opens a case again, unless somebody did something with it since it was found.
async fn wake_one(app: &App, case: CaseId) -> Result<bool> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = store::case(&mut tx, case).await?;
    let Some(since) = row.wait_until.filter(|until| row.status == Status::Waiting && *until <= app.now())
    else {
        return Ok(false);
    };
    let due = Some((row.updated_at, since));
    let standing = Standing { status: Status::Open, due, wait_until: None, closed_at: None };
    store::set_standing(&mut tx, case, standing, app.now()).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, &mut tx, &Actor::kitt("cases"), about, Fact::CaseWoken)?;
    tx.commit().await?;
    Ok(true)
}
