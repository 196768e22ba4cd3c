//! What is done to many cases, and to which of them it cannot be done.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::attributes;
use crate::cases::model::{Bin, Case, Priority, Status};
use crate::people;
use crate::platform::{Actor, App, Error, PersonId, QueueId, Result, Timestamp, Tx, codes};

codes! {
    /// What a run does to the status of its cases.
    pub enum Step { Close = "close", Reopen = "reopen", Wait = "wait" }
}

/// What a run does. Stored as JSON, so fields are only added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkChange)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// A person's id; 0: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// For `wait`; without it until the customer writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// `spam`, `trash`, or `none` to take it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
}

impl Change {
    #[expect(clippy::option_option, reason = "nobody is somebody to give it to, too")]
    pub(in crate::cases) fn owner(&self) -> Option<Option<PersonId>> {
        self.owner.map(|person| Some(person).filter(|person| person.0 != 0))
    }

    #[expect(clippy::option_option, reason = "to be in no bin is a change, too")]
    pub(super) fn bin(&self) -> Option<Option<Bin>> {
        self.bin.as_deref().map(Bin::from_code)
    }

    /// What a case would be afterwards.
    pub(super) fn of(&self, case: &Case) -> Case {
        let mut after = case.clone();
        if let Some(queue) = self.queue.filter(|queue| *queue != case.queue) {
            after.queue = queue;
            after.owner = case.owner.filter(|_| case.private);
        }
        after.owner = self.owner().unwrap_or(after.owner);
        after.priority = self.priority.unwrap_or(case.priority);
        after.bin = self.bin().unwrap_or(case.bin);
        match self.step {
            Some(Step::Close) => after.status = Status::Closed,
            Some(Step::Reopen) => after.status = Status::Open,
            Some(Step::Wait) => (after.status, after.wait_until) = (Status::Waiting, self.until),
            None => {}
        }
        after
    }

    /// Why it cannot be done to a case, as a word of the pages.
    pub fn refusal(&self, case: &Case) -> Option<&'static str> {
        let after = self.of(case);
        let seen =
            |case: &Case| (case.queue, case.owner, case.priority, case.bin, case.status, case.wait_until);
        if case.moved_to.is_some() {
            return Some("bulk-moved");
        }
        if after.private && after.owner.is_none() {
            return Some("case-private-nobody");
        }
        if case.complaint && after.status == Status::Closed && case.status != Status::Closed {
            return Some("bulk-complaint");
        }
        (seen(&after) == seen(case)).then_some("bulk-same")
    }
}

/// As [`Change::refusal`], with what only the database knows: fields that the house wants before a case is closed.
pub(super) async fn refusal(
    tx: &mut Tx,
    actor: &Actor,
    change: &Change,
    case: &Case,
) -> Result<Option<&'static str>> {
    let closes = change.step == Some(Step::Close) && case.status != Status::Closed;
    match change.refusal(case) {
        None if closes && attributes::unless_complete(tx, actor, case).await.is_err() => {
            Ok(Some("bulk-incomplete"))
        }
        why => Ok(why),
    }
}

/// Is there anything to do, and with whom and where that are?
///
/// # Errors
///
/// [`Error::Invalid`] if nothing would be done at all, or somewhere that is not.
pub(super) async fn check(app: &App, tx: &mut Tx, actor: &Actor, change: &Change) -> Result<()> {
    if *change == Change::default() {
        return Err(Error::invalid("change", "bulk-nothing"));
    }
    if change.until.is_some_and(|until| until <= app.now()) {
        return Err(Error::invalid("until", "case-wait-past"));
    }
    let bin = change.bin.as_deref();
    if bin.is_some_and(|bin| bin != "none" && Bin::from_code(bin).is_none()) {
        return Err(Error::invalid("bin", "error-field-malformed"));
    }
    if let Some(Some(person)) = change.owner()
        && !people::person(tx, person).await?.active
    {
        return Err(Error::invalid("owner", "case-owner-gone"));
    }
    if let Some(queue) = change.queue {
        people::queue(tx, queue).await?;
        if actor.sight.hidden.contains(&queue) {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}
