//! One case of many, changed.

use super::back::Was;
use super::beside::Beside;
use super::plan::{Part, Plan};
use crate::cases::clocks::Event;
use crate::cases::figures;
use crate::cases::model::{Case, Status};
use crate::cases::store::Standing;
use crate::cases::{attributes, bins, clocks, involved, sight, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Timestamp, Tx};

/// Changes one case, or keeps with the run why not.
pub(super) async fn do_one(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    case: CaseId,
    (plan, beside): (&Plan<'_>, &Beside),
) -> Result<()> {
    let row = match sight::seen(tx, actor, case).await {
        Ok(row) => row,
        Err(Error::NotFound) => return store::bulk::refuse(tx, run, case, "bulk-gone").await,
        Err(error) => return Err(error),
    };
    if let Some(why) = plan.refusal(&row, beside) {
        return store::bulk::refuse(tx, run, case, why).await;
    }
    let mut was = Was::of(tx, &row).await?;
    was.attributes = set_attributes(app, tx, actor, &row, plan).await?;
    stand(app, tx, actor, &row, plan).await?;
    was.people = plan.parts(case, beside);
    for part in &was.people {
        involve(app, tx, actor, case, *part).await?;
    }
    let left = store::case(tx, case).await?;
    was.left = Some(left.clocks);
    store::bulk::done(tx, run, case, &serde_json::to_string(&was)?, left.version).await
}

/// Sets kind, tags and fields; what was set, to be taken back.
async fn set_attributes(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    plan: &Plan<'_>,
) -> Result<Vec<attributes::Change>> {
    let mut done = Vec::new();
    if let Some(kind) = plan.change.kind() {
        done.extend(attributes::make_kind(app, tx, actor, case, kind).await?);
    }
    for tag in &plan.untag {
        done.extend(attributes::make_untagged(app, tx, actor, case, *tag).await?);
    }
    for (name, _) in &plan.tags {
        done.extend(attributes::make_tagged(app, tx, actor, case, name).await?.1);
    }
    for (field, value) in &plan.written {
        done.extend(attributes::write(app, tx, actor, case, field, value.clone(), None).await?);
    }
    Ok(done)
}

/// Makes the case what its row is to say; `was` is how it was before the run.
async fn stand(app: &App, tx: &mut Tx, actor: &Actor, was: &Case, plan: &Plan<'_>) -> Result<()> {
    let after = plan.of_case(was);
    // Its clocks may run against something else since its kind was set.
    let row = store::case(tx, was.id).await?;
    if (was.status, was.wait_until) != (after.status, after.wait_until) {
        turn(app, tx, actor, &row, &after).await?;
    }
    let stays = was.own_state.filter(|_| was.status == after.status);
    if after.own_state != stays {
        attributes::restore_state(tx, was.id, after.own_state, app.now()).await?;
        let about = About::case(was.id).of(was.customer);
        let fact = Fact::CaseStateSet { state: after.own_state, from: was.own_state };
        journal::record(app, tx, actor, about, fact)?;
    }
    become_of(app, tx, actor, &row, &after).await
}

/// The case is closed, opened again, or put away.
async fn turn(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, after: &Case) -> Result<()> {
    let event = event(tx, row, after).await?;
    let turned = clocks::turn(app, tx, row, event).await?;
    store::set_standing(tx, row.id, standing(app, after, turned.due), figures::today(app)).await?;
    store::set_clocks(tx, row.id, &turned.clocked).await?;
    let fact = match after.status {
        Status::Closed => Fact::CaseClosed,
        Status::Open => Fact::CaseReopened,
        Status::Waiting => {
            Fact::CaseSetWaiting { until: after.wait_until, from: row.wait_until, handoff: None }
        }
    };
    if after.status == Status::Open {
        store::forget_complaint_end(tx, row.id).await?;
    }
    journal::record(app, tx, actor, About::case(row.id).of(row.customer), fact)
}

/// What it means for the clocks of a case.
async fn event(tx: &mut Tx, case: &Case, after: &Case) -> Result<Event> {
    Ok(match after.status {
        Status::Closed => Event::Closed,
        Status::Waiting => clocks::put_aside(case, after.wait_until)?,
        Status::Open => Event::Reopened { owed_since: store::unanswered_since(tx, case.id).await? },
    })
}

fn standing(app: &App, after: &Case, due: Option<(Timestamp, Timestamp)>) -> Standing {
    let (wait_until, closed_at) = match after.status {
        Status::Closed => (None, Some(app.now())),
        Status::Waiting => (after.wait_until, None),
        Status::Open => (None, None),
    };
    Standing { status: after.status, due, wait_until, closed_at }
}

/// Makes a case what `after` says of queue, owner, priority and bin, with a fact for each difference.
pub(super) async fn become_of(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    after: &Case,
) -> Result<()> {
    let (now, about) = (app.now(), About::case(case.id).of(case.customer));
    if case.queue != after.queue {
        store::set_queue(tx, case.id, after.queue, now).await?;
        journal::record(app, tx, actor, about, Fact::CaseMoved { queue: after.queue })?;
    }
    if case.owner != after.owner {
        store::set_owner(tx, case.id, after.owner, now).await?;
        let fact = Fact::CaseAssigned { to: after.owner, from: case.owner };
        journal::record(app, tx, actor, about, fact)?;
    }
    if case.priority != after.priority {
        store::bulk::set_priority(tx, case.id, after.priority, now).await?;
        let fact = Fact::CasePrioritised { priority: after.priority.code().into() };
        journal::record(app, tx, actor, about, fact)?;
    }
    if case.bin != after.bin {
        bins::put_in(app, tx, actor, case, after.bin).await?;
    }
    if case.queue != after.queue || case.priority != after.priority {
        clocks::changed(app, tx, case.id).await?;
    }
    Ok(())
}

async fn involve(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, part: Part) -> Result<()> {
    let who = (part.person, part.part);
    if part.joins {
        involved::join(app, tx, actor, case, who).await?;
        return Ok(());
    }
    involved::release_in(app, tx, actor, case, who).await?;
    Ok(())
}
