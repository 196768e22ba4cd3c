//! How each thing is taken back: the case becomes what it was, with a fact that says so.

use super::elsewhere;
use super::{Inverse, late};
use crate::cases::attributes;
use crate::cases::bins;
use crate::cases::clocks;
use crate::cases::figures;
use crate::cases::links::Stood;
use crate::cases::model::{Case, DueClock, Status};
use crate::cases::stand;
use crate::cases::steps;
use crate::cases::store;
use crate::cases::store::ComplaintEnd;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, OwnStateId, PersonId, QueueId, Result, Tx};

/// Makes of the case what it was, and records that it is so again.
///
/// # Errors
///
/// [`late`] if the case is no longer as it was left.
pub(in crate::cases) async fn invert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    inverse: Inverse,
) -> Result<()> {
    let now = app.now();
    let fact = match inverse {
        Inverse::Standing { was, is, own_was, own_is, clocks, ended } => {
            let own = (own_was, own_is);
            match restand(app, tx, case, (was, is), own, (clocks, ended.as_deref())).await? {
                Some(fact) => fact,
                None => return Ok(()),
            }
        }
        Inverse::Attribute { change } => {
            attributes::invert(app, tx, actor, case, change).await?.ok_or_else(late)?
        }
        Inverse::Owner { was, is } => {
            if case.owner != is {
                return Err(late());
            }
            store::set_owner(tx, case.id, was, now).await?;
            Fact::CaseAssigned { to: was, from: is }
        }
        Inverse::Queue { was, owner, is } => {
            return requeue(app, tx, actor, case, (was, owner), is).await;
        }
        Inverse::Bin { was, is } => {
            if case.bin != is {
                return Err(late());
            }
            return bins::put_in(app, tx, actor, case, was).await;
        }
        Inverse::Private { was, is, owner, has } => {
            reveil(app, tx, actor, case, (was, is), (owner, has)).await?
        }
        Inverse::Several { of } => {
            // The last one first: each finds the case as it left it.
            for inverse in of.into_iter().rev() {
                let row = store::case(tx, case.id).await?;
                Box::pin(invert(app, tx, actor, &row, inverse)).await?;
            }
            return Ok(());
        }
        Inverse::Of { case, done } => {
            let row = store::case(tx, case).await?;
            return Box::pin(invert(app, tx, actor, &row, *done)).await;
        }
        Inverse::Work(step) => return steps::take_back(app, tx, actor, case, step).await,
        Inverse::Draft { draft } => {
            if store::draft(tx, draft).await?.discarded_at.is_none() {
                return Err(late());
            }
            store::set_discarded(tx, draft, None).await?;
            Fact::DraftRestored { draft }
        }
        Inverse::Elsewhere { of, what } => {
            return (elsewhere::undoer(&of)?.take_back)(app, tx, actor, what).await;
        }
    };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}

/// The case stands as before, and so do its clocks; no fact if only its deadline was another.
async fn restand(
    app: &App,
    tx: &mut Tx,
    case: &Case,
    (was, is): (Stood, Stood),
    (own_was, own_is): (Option<OwnStateId>, Option<OwnStateId>),
    (clocks, ended): (Option<(String, Option<DueClock>)>, Option<&ComplaintEnd>),
) -> Result<Option<Fact>> {
    if !is.is_of(case) || case.own_state != own_is {
        return Err(late());
    }
    store::set_standing(tx, case.id, was.standing(), figures::today(app)).await?;
    if own_was.is_some() || own_is.is_some() {
        attributes::restore_state(tx, case.id, own_was, app.now()).await?;
    }
    if let Some(kept) = clocks {
        clocks::restore(app, tx, case.id, kept).await?;
    }
    match ended {
        Some(end) => store::end_complaint(tx, case.id, end).await?,
        // A complaint that is open again has not ended.
        None if was.status() != Status::Closed => store::forget_complaint_end(tx, case.id).await?,
        None => {}
    }
    let is_deadline_only = was.stands_as(is) && own_was == own_is;
    Ok((!is_deadline_only).then(|| stands(was)))
}

/// The case is in its queue again, with whoever owned it there.
async fn requeue(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (was, owner): (QueueId, Option<PersonId>),
    is: QueueId,
) -> Result<()> {
    if case.queue != is || (case.owner.is_some() && !case.private) {
        return Err(late());
    }
    store::set_queue(tx, case.id, was, app.now()).await?;
    store::set_owner(tx, case.id, owner, app.now()).await?;
    clocks::changed(app, tx, case.id).await?;
    stand::record_move(app, tx, actor, case, (was, owner))
}

/// The case is private or open again; who took it over by that lets go.
async fn reveil(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (was, is): (bool, bool),
    (owner, has): (Option<PersonId>, Option<PersonId>),
) -> Result<Fact> {
    if case.private != is || case.owner != has {
        return Err(late());
    }
    store::set_private(tx, case.id, was, app.now()).await?;
    if owner != has {
        store::set_owner(tx, case.id, owner, app.now()).await?;
        let fact = Fact::CaseAssigned { to: owner, from: has };
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    }
    Ok(Fact::CaseVeiled { private: was })
}

/// The fact that a case stands like this again.
pub(in crate::cases) fn stands(was: Stood) -> Fact {
    match was.status() {
        Status::Open => Fact::CaseReopened,
        Status::Waiting => Fact::waits(was.standing().wait_until),
        Status::Closed => Fact::CaseClosed,
    }
}
