//! How each thing is taken back: the case becomes what it was, with a fact that says so.

use super::elsewhere;
use super::{Inverse, late};
use crate::cases::attributes;
use crate::cases::bins;
use crate::cases::clocks;
use crate::cases::figures;
use crate::cases::links::Stood;
use crate::cases::model::{Case, Status};
use crate::cases::stand;
use crate::cases::steps;
use crate::cases::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Result, Tx};

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
            if !is.is_of(case) || case.own_state != own_is {
                return Err(late());
            }
            store::set_standing(tx, case.id, was.standing(), figures::today(app)).await?;
            if own_was.is_some() || own_is.is_some() {
                attributes::restore_state(tx, case.id, own_was, now).await?;
            }
            if let Some(kept) = clocks {
                clocks::restore(app, tx, case.id, kept).await?;
            }
            match ended {
                Some(end) => store::end_complaint(tx, case.id, &end).await?,
                // A complaint that is open again has not ended.
                None if was.status() != Status::Closed => store::forget_complaint_end(tx, case.id).await?,
                None => {}
            }
            if was.stands_as(is) && own_was == own_is {
                // Only its deadline was another.
                return Ok(());
            }
            stands(was)
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
            if case.queue != is || (case.owner.is_some() && !case.private) {
                return Err(late());
            }
            store::set_queue(tx, case.id, was, now).await?;
            store::set_owner(tx, case.id, owner, now).await?;
            clocks::changed(app, tx, case.id).await?;
            return stand::record_move(app, tx, actor, case, (was, owner));
        }
        Inverse::Bin { was, is } => {
            if case.bin != is {
                return Err(late());
            }
            return bins::put_in(app, tx, actor, case, was).await;
        }
        Inverse::Private { was, is, owner, has } => {
            if case.private != is || case.owner != has {
                return Err(late());
            }
            store::set_private(tx, case.id, was, now).await?;
            if owner != has {
                store::set_owner(tx, case.id, owner, now).await?;
                let fact = Fact::CaseAssigned { to: owner, from: has };
                journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
            }
            Fact::CaseVeiled { private: was }
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

/// The fact that a case stands like this again.
pub(in crate::cases) fn stands(was: Stood) -> Fact {
    match was.status() {
        Status::Open => Fact::CaseReopened,
        Status::Waiting => Fact::CaseSetWaiting { until: was.standing().wait_until },
        Status::Closed => Fact::CaseClosed,
    }
}
