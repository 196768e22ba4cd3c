//! How steps with tasks are taken back: as long as a task is as the step left it.

use super::{NewTask, Task, locked, record, record_change, remove_in, reopen_in};
use crate::cases::sight;
use crate::cases::store::{self, KeptTask};
use crate::cases::undo::{late, or_late};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, PersonId, Result, Timestamp, Tx, dialect};

/// A task that is still there.
async fn still(tx: &mut Tx, task: i64) -> Result<Task> {
    locked(tx, task).await.map_err(or_late)
}

/// The tasks were a mistake; `left` is how they were added.
pub(in crate::cases) async fn unadd(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    tasks: &[i64],
    left: &[NewTask],
) -> Result<()> {
    for (at, task) in tasks.iter().enumerate() {
        let row = still(tx, *task).await?;
        let changed = left.get(at).is_some_and(|left| *left != NewTask::of(&row));
        if changed || row.done_at.is_some() {
            return Err(late());
        }
        remove_in(app, tx, actor, *task).await?;
    }
    Ok(())
}

/// A task says again what it said before.
pub(in crate::cases) async fn unchange(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    task: i64,
    (was, is): (&NewTask, &NewTask),
) -> Result<()> {
    if NewTask::of(&still(tx, task).await?) != *is {
        return Err(late());
    }
    store::update_task(tx, task, was).await?;
    record_change(app, tx, actor, task, (is, was)).await.map(drop)
}

/// A task is to do again that was ended at a moment.
pub(in crate::cases) async fn unend(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    task: i64,
    at: Option<Timestamp>,
) -> Result<()> {
    let done_at = still(tx, task).await?.done_at;
    if done_at.is_none() || (at.is_some() && done_at != at) {
        return Err(late());
    }
    reopen_in(app, tx, actor, task).await
}

/// A task is done after all, since then and by whom it was before.
pub(in crate::cases) async fn end_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    task: i64,
    done: (Timestamp, Option<PersonId>),
) -> Result<()> {
    still(tx, task).await?;
    if !store::set_task_done(tx, task, Some(done)).await? {
        return Err(late());
    }
    record(app, tx, actor, task, Fact::TaskDone { task }).await.map(drop)
}

/// A task that was removed is there again, as it was.
pub(in crate::cases) async fn bring_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    kept: &KeptTask,
) -> Result<()> {
    dialect::lock(tx, "case", kept.case.0).await?;
    let case = sight::at_hand(tx, actor, kept.case).await?;
    if !store::restore_task(tx, kept).await? {
        return Err(late());
    }
    let fact = Fact::TaskRestored { task: kept.id };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}
