//! Steps of the work on a case, and how each is taken back by who took it.

use serde::{Deserialize, Serialize};

use super::handoffs::Before;
use super::involved::Involvement;
use super::relations::Tie;
use super::undo::{self, Inverse};
use super::{handoffs, involved, merge, relations, split, tasks};
use crate::platform::{Actor, App, CaseId, ContactId, CustomerId, PersonId, Result, Tx};

/// What was done. Stored as JSON, so variants are only added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    Merge {
        cases: Vec<CaseId>,
    },
    Split {
        case: CaseId,
        from: CaseId,
        contacts: Vec<(ContactId, CustomerId)>,
    },
    /// With what was said about the two before.
    Relate {
        case: CaseId,
        other: CaseId,
        #[serde(default)]
        was: Option<Tie>,
    },
    /// With who was it before: there is one deputy only.
    Involve {
        case: CaseId,
        person: PersonId,
        part: Involvement,
        #[serde(default)]
        was: Option<PersonId>,
    },
    /// With how the case was, if it waits by it.
    HandOff {
        handoff: i64,
        #[serde(default)]
        before: Option<Box<Before>>,
    },
    AddTasks {
        tasks: Vec<i64>,
    },
    EndTask {
        task: i64,
    },
}

/// Offers to take a step back, see [`undo::offer`].
pub(super) async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    word: &'static str,
    step: Step,
) -> Result<()> {
    undo::offer(app, tx, actor, case, word, &Inverse::Work(step)).await
}

pub(super) async fn take_back(app: &App, tx: &mut Tx, actor: &Actor, step: Step) -> Result<()> {
    match step {
        Step::Merge { cases } => {
            for case in cases {
                merge::unmerge_in(app, tx, actor, case).await?;
            }
            Ok(())
        }
        Step::Split { case, from, contacts } => {
            split::unsplit_in(app, tx, actor, (case, from), &contacts).await
        }
        Step::Relate { case, other, was } => relations::take_back(app, tx, actor, (case, other), was).await,
        Step::Involve { case, person, part, was } => {
            involved::take_back(app, tx, actor, case, (person, part), was).await
        }
        Step::HandOff { handoff, before } => handoffs::take_back(app, tx, actor, handoff, before).await,
        Step::AddTasks { tasks } => {
            for task in tasks {
                tasks::remove_in(app, tx, actor, task).await?;
            }
            Ok(())
        }
        Step::EndTask { task } => tasks::reopen_in(app, tx, actor, task).await,
    }
}
