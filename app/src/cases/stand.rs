//! How a case stands: whose it is, where, open, waiting or closed.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::attributes;
use super::clocks::{self, Event};
use super::complaint;
use super::drafts;
use super::figures;
use super::model::{Case, Status};
use super::patience;
use super::sight;
use super::store;
use super::store::Standing;
use super::undo::{self, Inverse};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, Error, PersonId, QueueId, Result, Right, Timestamp, Tx, dialect};

/// Gives the case to somebody, or back to its queue.
pub async fn assign(app: &App, actor: &Actor, case: CaseId, to: Option<PersonId>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    assign_in(app, &mut tx, actor, &row, to).await?;
    tx.commit().await
}

/// As [`assign`], within a transaction of the caller, who has locked the case.
pub async fn assign_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    to: Option<PersonId>,
) -> Result<()> {
    if let Some(person) = to {
        let person = people::person(tx, person).await?;
        if !person.active {
            return Err(Error::invalid("owner", "case-owner-gone"));
        }
    } else if row.private {
        // Nobody would know of it any more.
        return Err(Error::invalid("owner", "case-private-nobody"));
    }
    store::set_owner(tx, row.id, to, app.now()).await?;
    let inverse = Inverse::Owner { was: row.owner, is: to };
    let word = if to.is_some() { "case-assigned" } else { "case-unassigned" };
    undo::offer(app, tx, actor, row.id, word, &inverse).await?;
    let fact = Fact::CaseAssigned { to, from: row.owner };
    journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)
}

/// Moves the case to another queue; its owner is asked to let go.
pub async fn move_to(app: &App, actor: &Actor, case: CaseId, queue: QueueId) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    sight::at_hand(&mut tx, actor, case).await?;
    move_in(app, &mut tx, actor, case, queue).await?;
    tx.commit().await
}

/// As [`move_to`], within a transaction of the caller.
pub async fn move_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, queue: QueueId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::seen(tx, actor, case).await?;
    if actor.sight.hidden.contains(&queue) {
        return Err(Error::NotFound);
    }
    people::queue(tx, queue).await?;
    store::set_queue(tx, case, queue, app.now()).await?;
    // A private case without an owner would be nobody's.
    let owner = row.owner.filter(|_| row.private);
    store::set_owner(tx, case, owner, app.now()).await?;
    clocks::changed(app, tx, case).await?;
    let inverse = Inverse::Queue { was: row.queue, owner: row.owner, is: queue };
    undo::offer(app, tx, actor, case, "case-moved", &inverse).await?;
    record_move(app, tx, actor, &row, (queue, owner))
}

/// Records that a case is in another queue and, if so, with somebody else: `was` is how it was before. Who loses it is
/// told by the second fact, and rules that wait for owners hear it.
pub(super) fn record_move(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    was: &Case,
    (queue, owner): (QueueId, Option<PersonId>),
) -> Result<()> {
    let about = About::case(was.id).of(was.customer);
    journal::record(app, tx, actor, about, Fact::CaseMoved { queue })?;
    if was.owner == owner {
        return Ok(());
    }
    journal::record(app, tx, actor, about, Fact::CaseAssigned { to: owner, from: was.owner })
}

/// Puts the case away until `until`, or until the customer writes. Its deadline goes on while an answer is owed on a day
/// that was chosen here.
pub async fn wait(app: &App, actor: &Actor, case: CaseId, until: Option<Timestamp>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    if until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let (mut tx, row) = begin(app, actor, case).await?;
    wait_in(app, &mut tx, actor, &row, until).await?;
    tx.commit().await
}

/// As [`wait`], within a transaction of the caller, who has locked the case.
pub async fn wait_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    until: Option<Timestamp>,
) -> Result<()> {
    let standing = Standing { status: Status::Waiting, due: None, wait_until: until, closed_at: None };
    let event = clocks::put_aside(row, until)?;
    let fact = Fact::CaseSetWaiting { until, from: row.wait_until, handoff: None };
    stand(app, tx, actor, row, (standing, event), "case-waits", fact).await
}

/// The work is done.
///
/// # Errors
///
/// [`Error::OwnFields`] if something is missing that the house wants to know before, [`Error::Invalid`] of `outcome`
/// for a complaint of which nobody said how it ended.
pub async fn close(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    let (mut tx, row) = begin(app, actor, case).await?;
    close_in(app, &mut tx, actor, &row).await?;
    tx.commit().await
}

/// As [`close`], within a transaction of the caller, who has locked the case.
pub async fn close_in(app: &App, tx: &mut Tx, actor: &Actor, row: &Case) -> Result<()> {
    attributes::unless_complete(tx, actor, row).await?;
    complaint::may_close(tx, row).await?;
    let standing =
        Standing { status: Status::Closed, due: None, wait_until: None, closed_at: Some(app.now()) };
    let word = drafts::closed_word(tx, row.id).await?;
    stand(app, tx, actor, row, (standing, Event::Closed), word, Fact::CaseClosed).await
}

/// The work goes on. What was closed without an answer owes one again, since when the customer wrote.
pub async fn reopen(app: &App, actor: &Actor, case: CaseId) -> Result<()> {
    let (mut tx, row) = begin(app, actor, case).await?;
    reopen_in(app, &mut tx, actor, &row).await?;
    tx.commit().await
}

/// As [`reopen`], within a transaction of the caller, who has locked the case.
pub async fn reopen_in(app: &App, tx: &mut Tx, actor: &Actor, row: &Case) -> Result<()> {
    let owed_since = store::unanswered_since(tx, row.id).await?;
    let standing = Standing { status: Status::Open, due: None, wait_until: None, closed_at: None };
    let event = Event::Reopened { owed_since };
    stand(app, tx, actor, row, (standing, event), "case-reopened", Fact::CaseReopened).await?;
    // Afterwards: how it ended is kept with the way back.
    store::forget_complaint_end(tx, row.id).await
}

/// A transaction in which nobody else changes the case.
async fn begin(app: &App, actor: &Actor, case: CaseId) -> Result<(Tx, Case)> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    Ok((tx, row))
}

async fn stand(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    row: &Case,
    (standing, event): (Standing, Event),
    word: &'static str,
    fact: Fact,
) -> Result<()> {
    let turned = clocks::turn(app, tx, row, event).await?;
    let standing = Standing { due: turned.due, ..standing };
    store::set_standing(tx, row.id, standing, figures::today(app)).await?;
    store::set_clocks(tx, row.id, &turned.clocked).await?;
    undo::offer_standing(app, tx, actor, row, standing, word).await?;
    journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)
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
    let turned = clocks::turn(app, &mut tx, &row, Event::Woken { since }).await?;
    let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
    store::set_standing(&mut tx, case, standing, figures::today(app)).await?;
    store::set_clocks(&mut tx, case, &turned.clocked).await?;
    let about = About::case(case).of(row.customer);
    journal::record(app, &mut tx, &Actor::kitt("cases"), about, Fact::CaseWoken)?;
    tx.commit().await?;
    Ok(true)
}
