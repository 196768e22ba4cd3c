//! Closing a case of which something is still to do: its tasks and its parts.

use super::model::Case;
use super::{relations, stand, store, tasks};
use crate::platform::{Actor, App, CaseId, Error, FieldError, Result, Right};

/// What becomes of what is still to do; `None`: nobody said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending {
    /// End open tasks, or leave them.
    pub tasks: Option<bool>,
    /// Close open parts, too, or leave them.
    pub children: Option<bool>,
}

/// Closes a case.
///
/// # Errors
///
/// [`Error::Invalid`] where tasks or parts are open and nobody said what becomes of them.
pub async fn end(app: &App, actor: &Actor, case: CaseId, ending: Ending) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let open = tasks::tasks(&mut tx, case).await?.iter().any(|task| task.done_at.is_none());
    let children: Vec<Case> = relations::open_children(&mut tx, case).await?;
    let mut asked = Vec::new();
    if open && ending.tasks.is_none() {
        asked.push(FieldError { field: "tasks", word: "case-end-tasks" });
    }
    if !children.is_empty() && ending.children.is_none() {
        asked.push(FieldError { field: "children", word: "case-end-children" });
    }
    if !asked.is_empty() {
        return Err(Error::Invalid(asked));
    }
    if open && ending.tasks == Some(true) {
        store::case(&mut tx, case).await?;
        tasks::end_all(app, &mut tx, actor, case).await?;
        tx.commit().await?;
    } else {
        drop(tx);
    }
    if ending.children == Some(true) {
        for child in children {
            stand::close(app, actor, child.id).await?;
        }
    }
    stand::close(app, actor, case).await
}
