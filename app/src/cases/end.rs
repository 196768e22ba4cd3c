//! Closing a case of which something is still to do: its tasks and its parts.

use super::model::Case;
use super::{drafts, relations, sight, stand, tasks, undo};
use crate::platform::{Actor, App, CaseId, Error, FieldError, Result, Right, Tx, dialect};

/// What becomes of what is still to do; `None`: nobody said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending {
    /// End open tasks, or leave them.
    pub tasks: Option<bool>,
    /// Close open parts, too, or leave them.
    pub children: Option<bool>,
}

/// Closes a case with what belongs to it: all of it or, if anything of it cannot be closed, nothing; and it is taken
/// back as one thing.
///
/// # Errors
///
/// [`Error::Invalid`] where tasks or parts are open and nobody said what becomes of them, and of `children` for a part
/// that cannot be closed yet.
pub async fn end(app: &App, actor: &Actor, case: CaseId, ending: Ending) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let parts = locked(&mut tx, actor, case).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    let open = tasks::tasks(&mut tx, case).await?.iter().any(|task| task.done_at.is_none());
    unless_said(ending, open, !parts.is_empty())?;
    let before = undo::last(&mut tx, actor).await?;
    let mut closed = Vec::new();
    for part in parts.iter().filter(|_| ending.children == Some(true)) {
        close_part(app, &mut tx, actor, part).await?;
        closed.push(part.id);
    }
    let ends = open && ending.tasks == Some(true);
    if ends {
        tasks::end_all(app, &mut tx, actor, case).await?;
    }
    stand::close_in(app, &mut tx, actor, &row).await?;
    if ends || !closed.is_empty() {
        let word = drafts::closed_word(&mut tx, case).await?;
        undo::gather_all(app, &mut tx, actor, (case, &closed), word, before).await?;
    }
    tx.commit().await
}

/// The open parts of a case that the actor may know of. They are locked together with it, so that two who close what
/// belongs together do not wait for each other.
async fn locked(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<Case>> {
    let found: Vec<CaseId> = parts(tx, actor, case).await?.iter().map(|part| part.id).collect();
    dialect::lock_all(tx, "case", found.iter().map(|part| part.0).chain([case.0])).await?;
    let parts = parts(tx, actor, case).await?;
    if parts.iter().all(|part| found.contains(&part.id)) { Ok(parts) } else { Err(Error::Stale) }
}

async fn parts(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<Case>> {
    let mut parts = relations::open_children(tx, case).await?;
    let ids: Vec<CaseId> = parts.iter().map(|part| part.id).collect();
    let unseen = sight::unseen(tx, actor, &ids).await?;
    parts.retain(|part| !unseen.contains(&part.id));
    Ok(parts)
}

/// Asks what becomes of open tasks and parts.
fn unless_said(ending: Ending, tasks: bool, parts: bool) -> Result<()> {
    let mut asked = Vec::new();
    if tasks && ending.tasks.is_none() {
        asked.push(FieldError { field: "tasks", word: "case-end-tasks" });
    }
    if parts && ending.children.is_none() {
        asked.push(FieldError { field: "children", word: "case-end-children" });
    }
    if asked.is_empty() { Ok(()) } else { Err(Error::Invalid(asked)) }
}

/// What a part lacks is asked on its own page: on that of the whole nobody would find the field.
async fn close_part(app: &App, tx: &mut Tx, actor: &Actor, part: &Case) -> Result<()> {
    match stand::close_in(app, tx, actor, part).await {
        Err(Error::Invalid(_) | Error::OwnFields(_)) => {
            Err(Error::invalid("children", "case-end-part-lacks"))
        }
        done => done,
    }
}
