//! What a person did with a case can be taken back for a while.
//!
//! A command keeps, in its own transaction, how to take itself back. That is done only while the case still is as the
//! command left it: what somebody else did meanwhile stays. Answers are taken back by [`super::withdraw`], as long as
//! they have not left.

mod elsewhere;
mod invert;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use elsewhere::{TakeBack, Undoer};
pub(super) use invert::{invert, stands};

use super::attributes;
use super::links::Stood;
use super::model::{Bin, Case, DueClock, Status};
use super::sight;
use super::steps::Step;
use super::store;
use super::store::{ComplaintEnd, Standing};
use crate::journal;
use crate::journal::Way;
pub use crate::platform::web::OFFERED;
use crate::platform::{
    Actor, App, CaseId, ContactId, Error, OwnStateId, PersonId, QueueId, Result, Right, Timestamp, Tx,
    dialect,
};

/// How long it is kept, for those who come late by the API.
const KEPT: Duration = Duration::from_hours(24);

/// How to take something back: how it was, and how it must still be. Stored as JSON, so variants are only added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "inverse", rename_all = "snake_case")]
pub enum Inverse {
    Standing {
        was: Stood,
        is: Stood,
        #[serde(default)]
        own_was: Option<OwnStateId>,
        #[serde(default)]
        own_is: Option<OwnStateId>,
        /// The course of the clocks before, and which of them was due.
        #[serde(default)]
        clocks: Option<(String, Option<DueClock>)>,
        /// How the complaint had ended that goes on by this.
        #[serde(default)]
        ended: Option<Box<ComplaintEnd>>,
    },
    Attribute {
        change: attributes::Change,
    },
    Owner {
        was: Option<PersonId>,
        is: Option<PersonId>,
    },
    /// The owner let go when the case was moved.
    Queue {
        was: QueueId,
        owner: Option<PersonId>,
        is: QueueId,
    },
    Bin {
        was: Option<Bin>,
        is: Option<Bin>,
    },
    /// Who makes a case private that nobody owns takes it over.
    Private {
        was: bool,
        is: bool,
        owner: Option<PersonId>,
        has: Option<PersonId>,
    },
    /// Steps of the work on a case, which know themselves how they are taken back.
    Work(Step),
    /// Several of these, in the order in which they were done: a macro, the end of a case with all that belongs to it.
    Several {
        of: Vec<Inverse>,
    },
    /// What was done with another case at the same time.
    Of {
        case: CaseId,
        done: Box<Inverse>,
    },
    /// A draft was thrown away.
    Draft {
        draft: i64,
    },
    /// Done by another slice, which takes it back itself, see [`Undoer`].
    Elsewhere {
        of: String,
        what: Value,
    },
}

impl Inverse {
    /// A case stood differently before.
    pub fn stood(was: &Case, is: &Case) -> Self {
        let (own_was, own_is) = (was.own_state, is.own_state);
        let clocks = Some((was.clocks.clone(), was.due_clock));
        Self::Standing { was: Stood::of(was), is: Stood::of(is), own_was, own_is, clocks, ended: None }
    }

    /// What the slice whose [`Undoer`] has this name needs to take it back.
    pub fn elsewhere(of: &'static str, what: &impl Serialize) -> Result<Self> {
        Ok(Self::Elsewhere { of: of.to_owned(), what: serde_json::to_value(what)? })
    }

    /// The other cases that it changes, too.
    fn others(&self) -> Vec<CaseId> {
        match self {
            Self::Several { of } => of.iter().flat_map(Self::others).collect(),
            Self::Of { case, .. } => vec![*case],
            Self::Work(step) => step.others(),
            _ => Vec::new(),
        }
    }

    /// What it takes to take it back.
    fn right(&self) -> Result<Right> {
        Ok(match self {
            Self::Elsewhere { of, .. } => elsewhere::undoer(of)?.right,
            // Departments and partners answer, too; whom it is for is asked again.
            Self::Work(Step::AnswerHandOff { .. }) => Right::OwnAccount,
            _ => Right::WorkCases,
        })
    }
}

/// It is no longer as the action left it.
pub fn late() -> Error {
    Error::invalid("undo", "case-taken-back-late")
}

/// As [`late`], if it is about something that is gone.
pub(super) fn or_late(error: Error) -> Error {
    if matches!(error, Error::NotFound) { late() } else { error }
}

/// Where what was taken back is to be seen.
#[derive(Debug)]
pub enum TakenBack {
    Case(Box<Case>),
    /// It is about no case.
    Page(String),
}

/// What can be taken back now.
#[derive(Debug, Clone)]
pub struct Offer {
    pub id: i64,
    /// What was done, as a word of the pages.
    pub word: String,
    /// Who has the case by it.
    pub owner: Option<PersonId>,
    /// The answer that is a part of it: with that gone, nothing of it can be taken back.
    pub answer: Option<ContactId>,
    pub at: Timestamp,
    pub until: Timestamp,
}

/// Keeps how to take back what `actor` does in this transaction. Programs take nothing back: nobody asks them.
pub async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    word: &'static str,
    inverse: &Inverse,
) -> Result<()> {
    keep(app, tx, actor, Some(case), word, inverse).await
}

/// As [`offer`], of what is about no case.
pub async fn offer_of_house(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    word: &'static str,
    inverse: &Inverse,
) -> Result<()> {
    keep(app, tx, actor, None, word, inverse).await
}

async fn keep(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: Option<CaseId>,
    word: &'static str,
    inverse: &Inverse,
) -> Result<()> {
    let Some(person) = actor.person_id() else { return Ok(()) };
    let now = app.now();
    store::forget_undos(tx, now - KEPT).await?;
    store::insert_undo(tx, person, case, word, &serde_json::to_string(inverse)?, now).await
}

/// How a case stands changed from `was` to `is`.
pub async fn offer_standing(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    was: &Case,
    is: Standing,
    word: &'static str,
) -> Result<()> {
    // A state of the house's own lasts as long as what it means.
    let own_is = was.own_state.filter(|_| was.status == is.status);
    let (own_was, is) = (was.own_state, Stood::from(is));
    let clocks = Some((was.clocks.clone(), was.due_clock));
    let has_ended = was.complaint && was.status == Status::Closed;
    let ended = if has_ended { store::complaint_end(tx, was.id).await?.map(Box::new) } else { None };
    let inverse = Inverse::Standing { was: Stood::of(was), is, own_was, own_is, clocks, ended };
    offer(app, tx, actor, was.id, word, &inverse).await
}

/// The newest thing that this actor did, if it was just now and is not taken back.
pub async fn newest(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<Option<Offer>> {
    let Some(person) = actor.person_id() else { return Ok(None) };
    let row = store::newest_undo(tx, person).await?.filter(|row| row.used_at.is_none());
    let offer = row.map(|row| {
        let inverse = serde_json::from_str(&row.inverse).ok();
        Offer {
            id: row.id,
            owner: inverse.as_ref().and_then(owner_by),
            answer: inverse.as_ref().and_then(answer_in),
            word: row.word,
            at: row.at,
            until: row.at + OFFERED,
        }
    });
    Ok(offer.filter(|offer| now < offer.until))
}

/// Who got the case by what can be taken back.
const fn owner_by(inverse: &Inverse) -> Option<PersonId> {
    match inverse {
        Inverse::Owner { is, .. } => *is,
        _ => None,
    }
}

/// The answer that is taken back with the rest.
fn answer_in(inverse: &Inverse) -> Option<ContactId> {
    match inverse {
        Inverse::Work(Step::Reply { contact, .. }) => Some(*contact),
        Inverse::Several { of } => of.iter().rev().find_map(answer_in),
        _ => None,
    }
}

/// Takes it back.
///
/// # Errors
///
/// [`Error::Invalid`] if it is no longer as the action left it, [`Error::NotFound`] if it is somebody else's.
pub async fn take_back(app: &App, actor: &Actor, undo: i64) -> Result<TakenBack> {
    let person = actor.person()?;
    let mut tx = app.db.write().await?;
    journal::mark(&mut tx, Way::Undo);
    let row = store::undo(&mut tx, undo, person).await?.ok_or(Error::NotFound)?;
    let inverse: Inverse = serde_json::from_str(&row.inverse)?;
    actor.may(inverse.right()?)?;
    let all = inverse.others().into_iter().chain(row.case).map(|case| case.0);
    dialect::lock_all(&mut tx, "case", all).await?;
    if !store::use_undo(&mut tx, undo, app.now()).await? {
        return Err(Error::invalid("undo", "case-taken-back-already"));
    }
    let taken_back = match row.case {
        Some(case) => {
            let before = store::case(&mut tx, case).await?;
            if row.at + OFFERED < app.now() {
                // Who has just given a case out of sight may still change their mind; later it is the others'.
                sight::check(&mut tx, actor, &before).await?;
            }
            invert(app, &mut tx, actor, &before, inverse).await?;
            TakenBack::Case(Box::new(store::case(&mut tx, case).await?))
        }
        None => TakenBack::Page(elsewhere::take_back(app, &mut tx, actor, inverse).await?),
    };
    tx.commit().await?;
    Ok(taken_back)
}

/// The newest that this actor could take back, in any case; nothing for programs.
pub async fn last(tx: &mut Tx, actor: &Actor) -> Result<i64> {
    let Some(person) = actor.person_id() else { return Ok(0) };
    Ok(store::newest_undo(tx, person).await?.map_or(0, |row| row.id))
}

/// What this actor did with a case after `before` in this transaction is not offered to be taken back by itself.
pub(super) async fn forget(tx: &mut Tx, actor: &Actor, case: CaseId, before: i64) -> Result<()> {
    match actor.person_id() {
        Some(person) => store::take_undos(tx, person, case, before).await.map(drop),
        None => Ok(()),
    }
}

/// What this actor did with a case after `before` in this transaction can be taken back at once, as one thing.
pub async fn gather(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    word: &'static str,
    before: i64,
) -> Result<()> {
    gather_all(app, tx, actor, (case, &[]), word, before).await
}

/// As [`gather`], with what was done with other cases, which came first.
pub(super) async fn gather_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, others): (CaseId, &[CaseId]),
    word: &'static str,
    before: i64,
) -> Result<()> {
    let Some(person) = actor.person_id() else { return Ok(()) };
    let mut of = Vec::new();
    for other in others {
        for inverse in store::take_undos(tx, person, *other, before).await? {
            of.push(Inverse::Of { case: *other, done: Box::new(serde_json::from_str(&inverse)?) });
        }
    }
    for inverse in store::take_undos(tx, person, case, before).await? {
        of.push(serde_json::from_str(&inverse)?);
    }
    if of.is_empty() {
        return Ok(());
    }
    offer(app, tx, actor, case, word, &Inverse::Several { of }).await
}
