//! How what was done with a hand-off is taken back: as long as it, and its case, are as that left them.

use serde::{Deserialize, Serialize};

use super::{Handoff, HandoffState, MOST, ask_no_more};
use crate::cases::arrive;
use crate::cases::clocks;
use crate::cases::model::Case;
use crate::cases::stand;
use crate::cases::steps::Before;
use crate::cases::store;
use crate::cases::undo::late;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, ContactId, Error, PersonId, QueueId, Result, Tx, dialect};

/// What somebody answered, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    pub handoff: i64,
    pub was: HandoffState,
    pub is: HandoffState,
    /// Why not, or what is to be known.
    pub note: Option<ContactId>,
    /// How the case was that went on by it.
    pub before: Option<Box<Before>>,
    pub taken: Option<Taken>,
}

/// A case that somebody took over: where and whose it was, and is by that.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Taken {
    pub was: (QueueId, Option<PersonId>),
    pub is: (QueueId, Option<PersonId>),
}

/// Takes a hand-off back by which nothing came: the case waits for whom it waited before, or not at all.
///
/// # Errors
///
/// [`Error::Stale`] if somebody answered, [`Error::Invalid`] if the case stands differently by now.
pub(in crate::cases) async fn take_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    handoff: i64,
    before: Option<Box<Before>>,
) -> Result<()> {
    let (_, case) = ask_no_more(app, tx, actor, handoff).await?;
    match before {
        Some(before) => before.again(app, tx, actor, &case).await,
        None => Ok(()),
    }
}

/// Takes back what somebody answered.
///
/// # Errors
///
/// [`late`] if the hand-off or its case changed since, [`Error::NotFound`] if it is not for this actor any more.
pub(in crate::cases) async fn unanswer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    answered: Answered,
) -> Result<()> {
    let Answered { handoff, was, is, note, before, taken } = answered;
    let (row, case) = still(tx, handoff, is).await?;
    if !row.is_for(actor) {
        return Err(Error::NotFound);
    }
    reopen(app, tx, actor, (&row, &case), was).await?;
    if let Some(note) = note {
        arrive::withdraw_note(app, tx, actor, note).await?;
    }
    if let Some(before) = before {
        before.again(app, tx, actor, &case).await?;
    }
    match taken {
        Some(taken) => give_back(app, tx, actor, &case, taken).await,
        None => Ok(()),
    }
}

/// Asks again who was no longer to be asked.
///
/// # Errors
///
/// [`late`] if the same was asked once more since, or the case changed.
pub(in crate::cases) async fn ask_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (handoff, was): (i64, HandoffState),
    before: Option<Box<Before>>,
) -> Result<()> {
    let (row, case) = still(tx, handoff, HandoffState::Withdrawn).await?;
    let to = |one: &Handoff| (one.to_queue, one.to_person, one.to_department);
    if store::handoffs(tx, case.id, MOST).await?.iter().any(|one| one.is_pending() && to(one) == to(&row)) {
        return Err(late());
    }
    reopen(app, tx, actor, (&row, &case), was).await?;
    match before {
        Some(before) => before.again(app, tx, actor, &case).await,
        None => Ok(()),
    }
}

/// A hand-off that is still as it was left, and its case, which is locked.
async fn still(tx: &mut Tx, handoff: i64, left: HandoffState) -> Result<(Handoff, Case)> {
    let case = store::handoff(tx, handoff).await?.case;
    dialect::lock(tx, "case", case.0).await?;
    let row = store::handoff(tx, handoff).await?;
    let case = store::case(tx, case).await?;
    if row.state == left && case.moved_to.is_none() { Ok((row, case)) } else { Err(late()) }
}

async fn reopen(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (row, case): (&Handoff, &Case),
    was: HandoffState,
) -> Result<()> {
    store::reopen_handoff(tx, row.id, was).await?;
    let fact = Fact::HandoffReopened { handoff: row.id };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}

/// The case is where and whose it was.
async fn give_back(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, taken: Taken) -> Result<()> {
    if (case.queue, case.owner) != taken.is {
        return Err(late());
    }
    let (queue, owner) = taken.was;
    store::set_owner(tx, case.id, owner, app.now()).await?;
    if queue != case.queue {
        store::set_queue(tx, case.id, queue, app.now()).await?;
        clocks::changed(app, tx, case.id).await?;
        return stand::record_move(app, tx, actor, case, taken.was);
    }
    if owner == case.owner {
        return Ok(());
    }
    let fact = Fact::CaseAssigned { to: owner, from: case.owner };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}
