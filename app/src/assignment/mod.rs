//! Assignment: who gets which case, and why.
//!
//! A queue's cases go to people by a rule: to the customer's personal contact person first, then to whoever has the
//! skills, speaks the language, is there, and has room, by fair load or in turn. The engine `workforce` decides; here is
//! what it decides about, and what follows from it. Cases that nobody can take stay in their queue and wait in a list
//! that is looked at again when somebody comes back or finishes something.
//!
//! Whether somebody is there, people say themselves or their leads say for them. Deliberately absent: deriving it from
//! what somebody does, keeping who was away when, and figures per person, for anybody.

mod attendance;
mod back;
mod explain;
mod hand_out;
mod leave;
mod listen;
mod model;
mod modes;
mod staff;
mod store;
mod trial;
pub mod web;

pub use attendance::{absences, absences_of, attend, be_away, cancel, plan, tick, watch};
pub use back::hand_back;
pub use explain::{Said, Why, why};
pub use hand_out::hand_out;
pub use model::{
    Absence, Absent, Because, Cause, Explanation, KeeperAway, Mode, NewAbsence, Profile, Refusal, Rule,
    Skill, Step,
};
pub use modes::{
    bring_skill_back, capacity, kind_skills, leads, profile, profiles, remove_skill, rule, rules, save_skill,
    set_capacity, set_kind_skills, set_profile, set_rule, skills,
};
pub use store::OF_CASE;
pub use trial::{Trial, try_out};

use crate::journal::Listener;
use crate::platform::{App, JobKind, QueueId, Result, Tx, dialect, jobs};

pub static LISTENERS: [&Listener; 1] = [&listen::LISTENER];
pub static JOBS: [&JobKind; 2] = [&hand_out::HAND_OUT, &leave::LEAVE];

/// A hand-out that was asked for so long ago is asked for again: its job was given up.
const VOID: std::time::Duration = std::time::Duration::from_mins(10);

/// How many cases of each queue nobody at work can do.
pub async fn lacking(tx: &mut Tx) -> Result<Vec<(QueueId, i64)>> {
    store::lacking(tx).await
}

/// Makes everybody else who decides who gets what wait. One lock for the house: people serve several queues, so a
/// capacity is not a queue's own matter, and deciding takes milliseconds.
///
/// Who needs locks on cases, too, takes this one first.
async fn lock(tx: &mut Tx) -> Result<()> {
    dialect::lock(tx, "assignment", 0).await
}

/// Asks for a hand-out of a queue's waiting cases, unless one is asked for already. The caller holds [`lock`]: what is
/// to be handed out is there before the job begins.
async fn ask(app: &App, tx: &mut Tx, queue: QueueId) -> Result<()> {
    let now = app.now();
    if store::ask(tx, queue, now, now - VOID).await? {
        jobs::enqueue(tx, hand_out::HAND_OUT.name, &queue, now).await?;
    }
    Ok(())
}

/// Somebody has room again: asks for a hand-out wherever cases wait.
async fn ask_all(app: &App, tx: &mut Tx) -> Result<()> {
    let queues = store::looking(tx).await?;
    if queues.is_empty() {
        return Ok(());
    }
    lock(tx).await?;
    for queue in queues {
        ask(app, tx, queue).await?;
    }
    Ok(())
}
