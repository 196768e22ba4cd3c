//! One case of many: changed, or made what it was.

use serde::{Deserialize, Serialize};

use super::change::{Change, Step, refusal};
use crate::cases::clocks::Event;
use crate::cases::figures;
use crate::cases::links::Stood;
use crate::cases::model::{Bin, Case, DueClock, Priority, Status};
use crate::cases::store::Standing;
use crate::cases::undo::stands;
use crate::cases::{attributes, bins, clocks, sight, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, OwnStateId, PersonId, QueueId, Result, Timestamp, Tx};

/// Changes one case, or keeps with the run why not.
pub(super) async fn do_one(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    case: CaseId,
    change: &Change,
) -> Result<()> {
    let row = match sight::seen(tx, actor, case).await {
        Ok(row) => row,
        Err(Error::NotFound) => return store::bulk::refuse(tx, run, case, "bulk-gone").await,
        Err(error) => return Err(error),
    };
    if let Some(why) = refusal(tx, actor, change, &row).await? {
        return store::bulk::refuse(tx, run, case, why).await;
    }
    apply(app, tx, actor, &row, change).await?;
    let version = store::case(tx, case).await?.version;
    let was = Was {
        stood: Stood::of(&row),
        queue: row.queue,
        owner: row.owner,
        priority: row.priority,
        bin: row.bin,
        own_state: row.own_state,
        clocks: Some((row.clocks, row.due_clock)),
    };
    store::bulk::done(tx, run, case, &serde_json::to_string(&was)?, version).await
}

/// How a case was. Stored as JSON, so fields are only added.
#[derive(Serialize, Deserialize)]
struct Was {
    stood: Stood,
    queue: QueueId,
    owner: Option<PersonId>,
    priority: Priority,
    bin: Option<Bin>,
    #[serde(default)]
    own_state: Option<OwnStateId>,
    /// The course of the clocks, and which of them was due.
    #[serde(default)]
    clocks: Option<(String, Option<DueClock>)>,
}

impl Was {
    /// Does the case still wait, or is it still open or closed, as it was? Its deadline may be another.
    fn stands(&self, case: &Case) -> bool {
        let was = self.stood.standing();
        (was.status, was.wait_until, was.closed_at) == (case.status, case.wait_until, case.closed_at)
    }
}

async fn apply(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, change: &Change) -> Result<()> {
    let after = change.of(case);
    let stands = (case.status, case.wait_until) == (after.status, after.wait_until);
    if let Some(step) = change.step.filter(|_| !stands) {
        let event = event(tx, case, step, change.until).await?;
        let turned = clocks::turn(app, tx, case, event).await?;
        let standing = standing(app, step, turned.due, change.until);
        store::set_standing(tx, case.id, standing, figures::today(app)).await?;
        store::set_clocks(tx, case.id, &turned.clocked).await?;
        if step == Step::Reopen {
            store::forget_complaint_end(tx, case.id).await?;
        }
        let fact = match step {
            Step::Close => Fact::CaseClosed,
            Step::Reopen => Fact::CaseReopened,
            Step::Wait => Fact::CaseSetWaiting { until: change.until },
        };
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    }
    become_of(app, tx, actor, case, &after).await
}

/// What a step means for the clocks of a case.
async fn event(tx: &mut Tx, case: &Case, step: Step, until: Option<Timestamp>) -> Result<Event> {
    Ok(match step {
        Step::Close => Event::Closed,
        Step::Wait => clocks::put_aside(case, until)?,
        Step::Reopen => Event::Reopened { owed_since: store::unanswered_since(tx, case.id).await? },
    })
}

fn standing(
    app: &App,
    step: Step,
    due: Option<(Timestamp, Timestamp)>,
    until: Option<Timestamp>,
) -> Standing {
    let (status, wait_until, closed_at) = match step {
        Step::Close => (Status::Closed, None, Some(app.now())),
        Step::Wait => (Status::Waiting, until, None),
        Step::Reopen => (Status::Open, None, None),
    };
    Standing { status, due, wait_until, closed_at }
}

/// Makes a case what `after` says of queue, owner, priority and bin, with a fact for each difference.
async fn become_of(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, after: &Case) -> Result<()> {
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

/// Makes one case what it was, unless somebody did anything with it since.
pub(super) async fn take_one_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    run: i64,
    one: &store::bulk::Done,
) -> Result<()> {
    let case = store::case(tx, one.case).await?;
    let was: Option<Was> = one.stood.as_deref().and_then(|stood| serde_json::from_str(stood).ok());
    let Some(was) = was.filter(|_| one.version == Some(case.version)) else {
        return store::bulk::keep(tx, run, one.case).await;
    };
    if !was.stands(&case) {
        stand_again(app, tx, actor, &case, &was).await?;
    }
    let before =
        Case { queue: was.queue, owner: was.owner, priority: was.priority, bin: was.bin, ..case.clone() };
    become_of(app, tx, actor, &case, &before).await?;
    store::bulk::back(tx, run, one.case).await
}

/// The case stands as it did, with its own state, and its clocks go on as if nothing had happened.
async fn stand_again(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, was: &Was) -> Result<()> {
    store::set_standing(tx, case.id, was.stood.standing(), figures::today(app)).await?;
    if was.own_state.is_some() {
        attributes::restore_state(tx, case.id, was.own_state, app.now()).await?;
    }
    if let Some(kept) = was.clocks.clone() {
        clocks::restore(app, tx, case.id, kept).await?;
    }
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), stands(was.stood))
}
