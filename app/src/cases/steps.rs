//! Steps of the work on a case, and how each is taken back by who took it.

use serde::{Deserialize, Serialize};

use super::delivery::Failure;
use super::handoffs::{Answered, HandoffState};
use super::involved::Involvement;
use super::links::Stood;
use super::model::Case;
use super::relations::Tie;
use super::store::{self, ComplaintEnd, KeptTask};
use super::tasks::NewTask;
use super::undo::{self, Inverse};
use super::{
    answer, arrive, complaint, delivery, drafts, handoffs, involved, log, marks, merge, relations, split,
    tasks, time,
};
use crate::platform::{Actor, App, CaseId, ContactId, CustomerId, PersonId, Result, Timestamp, Tx};

/// What was done. Stored as JSON, so variants are only added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    Merge {
        cases: Vec<CaseId>,
    },
    Unmerge {
        case: CaseId,
        into: CaseId,
        left: Box<Left>,
    },
    Split {
        case: CaseId,
        from: CaseId,
        contacts: Vec<(ContactId, CustomerId)>,
    },
    /// With what was said about the two before, and what is said by it.
    Relate {
        case: CaseId,
        other: CaseId,
        #[serde(default)]
        was: Option<Tie>,
        #[serde(default)]
        is: Option<Tie>,
    },
    Unrelate {
        case: CaseId,
        other: CaseId,
        tie: Tie,
    },
    /// With who was it before: there is one deputy only.
    Involve {
        case: CaseId,
        person: PersonId,
        part: Involvement,
        #[serde(default)]
        was: Option<PersonId>,
    },
    Release {
        case: CaseId,
        person: PersonId,
        part: Involvement,
    },
    /// With how the case was, if it waits by it.
    HandOff {
        handoff: i64,
        #[serde(default)]
        before: Option<Box<Before>>,
    },
    AnswerHandOff {
        answered: Box<Answered>,
    },
    WithdrawHandOff {
        handoff: i64,
        was: HandoffState,
        before: Option<Box<Before>>,
    },
    /// With how they were left.
    AddTasks {
        tasks: Vec<i64>,
        #[serde(default)]
        left: Vec<NewTask>,
    },
    ChangeTask {
        task: i64,
        was: NewTask,
        is: NewTask,
    },
    EndTask {
        task: i64,
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// With when it was done, and by whom.
    ReopenTask {
        task: i64,
        at: Timestamp,
        by: Option<PersonId>,
    },
    RemoveTask {
        task: Box<KeptTask>,
    },
    Complaint {
        complaint: bool,
    },
    Time {
        case: CaseId,
        at: Timestamp,
        seconds: i64,
    },
    Note {
        contact: ContactId,
    },
    /// A part of something else, with how the case was, and who took it by that.
    Reply {
        contact: ContactId,
        before: Box<Before>,
        taken: Option<PersonId>,
    },
    /// A call or visit was written down in a case of its own.
    Log {
        left: Box<Left>,
    },
    /// With all that the sender wrote as a stranger, and how the case was.
    AcceptSender {
        contact: ContactId,
        contacts: Vec<ContactId>,
        before: Option<Box<Before>>,
    },
    Reschedule {
        contact: ContactId,
        was: Timestamp,
        is: Timestamp,
    },
    SendAgain {
        contact: ContactId,
        failure: Box<Failure>,
    },
    TakeDraft {
        draft: i64,
        from: PersonId,
    },
}

impl Step {
    /// The cases that taking it back changes beside its own.
    pub(super) fn others(&self) -> Vec<CaseId> {
        match self {
            Self::Merge { cases } => cases.clone(),
            Self::Unmerge { case, into: other, .. }
            | Self::Split { case, from: other, .. }
            | Self::Relate { case, other, .. }
            | Self::Unrelate { case, other, .. } => vec![*case, *other],
            _ => Vec::new(),
        }
    }
}

/// How a case stood before a step by which it stands differently.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Before {
    stood: Inverse,
    /// Since when it waited for its customer, and when they were reminded.
    waited: (Option<Timestamp>, Option<Timestamp>),
}

impl Before {
    /// The case stands like that again.
    ///
    /// # Errors
    ///
    /// [`undo::late`] if it no longer stands as the step left it.
    pub(super) async fn again(self, app: &App, tx: &mut Tx, actor: &Actor, case: &Case) -> Result<()> {
        // One of the things that are taken back calls this one.
        Box::pin(undo::invert(app, tx, actor, case, self.stood)).await?;
        match self.waited {
            (Some(from), reminded) => store::wait_on(tx, case.id, from, reminded).await,
            (None, _) => Ok(()),
        }
    }
}

/// What is to be known of a case before a step, if it stands differently by it.
pub(super) struct Look {
    waited: (Option<Timestamp>, Option<Timestamp>),
    ended: Option<Box<ComplaintEnd>>,
}

impl Look {
    pub(super) async fn at(tx: &mut Tx, case: &Case) -> Result<Self> {
        let ended =
            if case.complaint { store::complaint_end(tx, case.id).await?.map(Box::new) } else { None };
        Ok(Self { waited: store::waits(tx, case.id).await?, ended })
    }

    /// How the case was, once it stands differently.
    pub(super) async fn before(self, tx: &mut Tx, was: &Case) -> Result<Box<Before>> {
        let is = store::case(tx, was.id).await?;
        let mut stood = Inverse::stood(was, &is);
        if let Inverse::Standing { ended, .. } = &mut stood {
            *ended = self.ended;
        }
        Ok(Box::new(Before { stood, waited: self.waited }))
    }
}

/// How cases were left: how they stood, and what was said last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    cases: Vec<(CaseId, Stood, ContactId)>,
}

impl Left {
    pub(super) async fn of(tx: &mut Tx, cases: &[CaseId]) -> Result<Box<Self>> {
        let mut left = Vec::with_capacity(cases.len());
        for case in cases {
            let stood = Stood::of(&store::case(tx, *case).await?);
            left.push((*case, stood, store::last_contact(tx, *case).await?));
        }
        Ok(Box::new(Self { cases: left }))
    }

    /// Did nothing happen in any of them since?
    pub(super) async fn is_still(&self, tx: &mut Tx) -> Result<bool> {
        for (case, stood, last) in &self.cases {
            let same = stood.is_of(&store::case(tx, *case).await?);
            if !same || store::last_contact(tx, *case).await? != *last {
                return Ok(false);
            }
        }
        Ok(true)
    }
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

pub(super) async fn take_back(app: &App, tx: &mut Tx, actor: &Actor, row: &Case, step: Step) -> Result<()> {
    match step {
        Step::Merge { cases } => {
            for case in cases {
                merge::unmerge_in(app, tx, actor, case).await.map_err(undo::or_late)?;
            }
            Ok(())
        }
        Step::Unmerge { case, into, left } => merge::merge_again(app, tx, actor, (case, into), &left).await,
        Step::Split { case, from, contacts } => {
            split::unsplit_in(app, tx, actor, (case, from), &contacts).await
        }
        Step::Relate { case, other, was, is } => {
            relations::take_back(app, tx, actor, (case, other), (was, is)).await
        }
        Step::Unrelate { case, other, tie } => {
            relations::relate_again(app, tx, actor, (case, other), tie).await
        }
        Step::Involve { case, person, part, was } => {
            involved::take_back(app, tx, actor, case, (person, part), was).await
        }
        Step::Release { case, person, part } => {
            involved::involve_again(app, tx, actor, case, (person, part)).await
        }
        Step::HandOff { handoff, before } => handoffs::take_back(app, tx, actor, handoff, before).await,
        Step::AnswerHandOff { answered } => handoffs::unanswer(app, tx, actor, *answered).await,
        Step::WithdrawHandOff { handoff, was, before } => {
            handoffs::ask_again(app, tx, actor, (handoff, was), before).await
        }
        Step::AddTasks { tasks, left } => tasks::unadd(app, tx, actor, &tasks, &left).await,
        Step::ChangeTask { task, was, is } => tasks::unchange(app, tx, actor, task, (&was, &is)).await,
        Step::EndTask { task, at } => tasks::unend(app, tx, actor, task, at).await,
        Step::ReopenTask { task, at, by } => tasks::end_again(app, tx, actor, task, (at, by)).await,
        Step::RemoveTask { task } => tasks::bring_back(app, tx, actor, &task).await,
        Step::Complaint { complaint } => complaint::unmark(app, tx, actor, row, complaint).await,
        Step::Time { case, at, seconds } => time::uncorrect(app, tx, actor, case, (at, seconds)).await,
        Step::Note { contact } => arrive::withdraw_note(app, tx, actor, contact).await,
        Step::Reply { contact, before, taken } => {
            answer::unreply(app, tx, actor, row, contact, (*before, taken)).await
        }
        Step::Log { left } => log::unlog(app, tx, actor, row, &left).await,
        Step::AcceptSender { contact, contacts, before } => {
            marks::exclude(app, tx, actor, row, (contact, &contacts, before)).await
        }
        Step::Reschedule { contact, was, is } => {
            delivery::reschedule_back(app, tx, actor, contact, (was, is)).await
        }
        Step::SendAgain { contact, failure } => delivery::fail_again(app, tx, actor, contact, *failure).await,
        Step::TakeDraft { draft, from } => drafts::give_back(app, tx, actor, draft, from).await,
    }
}
