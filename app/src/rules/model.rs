//! Rules, as they are kept and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::action::Action;
use super::changes::Change;
use super::mails::MailCondition;
use super::trouble::Reason;
use crate::cases::{Condition, Field, Filter};
use crate::journal::Fact;
use crate::platform::{Actor, CaseId, PersonId, Role, TeamId, Timestamp, codes};

codes! {
    /// When a rule acts.
    pub enum RuleKind {
        /// When something happens.
        Trigger = "trigger",
        /// When a mail comes that would open a case.
        Mail = "mail",
        /// When a case has become as its conditions say, which is looked at every minute.
        Time = "time",
        /// When somebody wants it to.
        Macro = "macro",
    }
}

codes! {
    /// What can happen to a case.
    pub enum Event {
        Opened = "opened",
        /// The customer wrote, or called.
        Received = "received",
        Answered = "answered",
        /// An answer could not be delivered.
        Undelivered = "undelivered",
        Noted = "noted",
        Assigned = "assigned",
        Moved = "moved",
        Prioritised = "prioritised",
        KindSet = "kind-set",
        StateSet = "state-set",
        Tagged = "tagged",
        Untagged = "untagged",
        FieldSet = "field-set",
        Waits = "waits",
        Woken = "woken",
        /// Something was said in a case that waited: it is open.
        Resumed = "resumed",
        DeadlineNear = "deadline-near",
        DeadlineMissed = "deadline-missed",
        Documented = "documented",
        Complaint = "complaint",
        HandoffDeclined = "handoff-declined",
        TaskDone = "task-done",
        Closed = "closed",
        Reopened = "reopened",
    }
}

impl Event {
    /// What a fact says, if a rule can answer it.
    pub const fn of(fact: &Fact) -> Option<Self> {
        Some(match fact {
            Fact::CaseOpened { .. } => Self::Opened,
            Fact::ContactReceived { .. } => Self::Received,
            Fact::ContactWritten { .. } => Self::Answered,
            Fact::ContactFailed { permanent: true, .. } => Self::Undelivered,
            Fact::NoteAdded { .. } => Self::Noted,
            Fact::CaseAssigned { .. } => Self::Assigned,
            Fact::CaseMoved { .. } => Self::Moved,
            Fact::CasePrioritised { .. } | Fact::CaseEscalated { raised: true, .. } => Self::Prioritised,
            Fact::CaseKindSet { .. } => Self::KindSet,
            Fact::CaseStateSet { .. } => Self::StateSet,
            Fact::CaseTagged { .. } => Self::Tagged,
            Fact::CaseUntagged { .. } => Self::Untagged,
            Fact::CaseFieldSet { .. } => Self::FieldSet,
            Fact::CaseSetWaiting { .. } => Self::Waits,
            Fact::CaseWoken => Self::Woken,
            Fact::CaseResumed => Self::Resumed,
            Fact::DeadlineNear { .. } => Self::DeadlineNear,
            Fact::DeadlineMissed { .. } => Self::DeadlineMissed,
            Fact::FindingDocumented { .. } => Self::Documented,
            Fact::ComplaintMarked { complaint: true } => Self::Complaint,
            Fact::HandoffDeclined { .. } => Self::HandoffDeclined,
            Fact::TaskDone { .. } => Self::TaskDone,
            Fact::CaseClosed => Self::Closed,
            Fact::CaseReopened => Self::Reopened,
            _ => return None,
        })
    }
}

/// What a rule says. Stored as JSON, so fields are only added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleDefinition)]
#[serde(default)]
pub struct Definition {
    /// For triggers: any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// For triggers: or any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    pub filter: Filter,
    pub actions: Vec<Action>,
    /// No rule behind it looks at what this one answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stop: bool,
    /// For mail: what the mail is like; `filter.join` says whether all of these must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mail: Vec<MailCondition>,
    /// For time: once more after so many days while the case stays as it is; without it once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_days: Option<i64>,
    /// For macros: `all`, or `team:3`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub shared: String,
    /// The code of the example that it was made from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub example: String,
}

/// A rule before it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleDraft)]
pub struct Draft {
    pub kind: RuleKind,
    pub name: String,
    pub definition: Definition,
    #[serde(default)]
    pub active: bool,
    /// Whose it is: it acts in the queues of this team only. Without one it is the house's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
}

impl Draft {
    /// Which cases it is for: those it describes, of its team.
    pub fn meant(&self) -> Filter {
        of_team(&self.definition.filter, self.team)
    }
}

fn of_team(filter: &Filter, team: Option<TeamId>) -> Filter {
    team.into_iter().fold(filter.clone(), |filter, team| filter.and(Condition::is(Field::Team, team)))
}

/// A rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rule {
    pub id: i64,
    pub kind: RuleKind,
    pub name: String,
    pub active: bool,
    #[serde(skip)]
    pub active_since: Timestamp,
    pub version: i64,
    /// Whose it is: it acts in the queues of this team only. Without one it is the house's.
    pub team: Option<TeamId>,
    pub definition: Definition,
    /// Failures in a row.
    pub failures: i64,
    /// When it was switched off by itself.
    pub halted_at: Option<Timestamp>,
    /// When it changed something last, other than a private case.
    pub last_at: Option<Timestamp>,
    pub removed_at: Option<Timestamp>,
}

impl Rule {
    /// Does it wait for this, as far as the event tells?
    pub fn may_answer(&self, event: Event, at: Timestamp) -> bool {
        self.active && self.active_since <= at && self.definition.may_answer(event)
    }

    pub fn draft(&self) -> Draft {
        let (name, definition) = (self.name.clone(), self.definition.clone());
        Draft { kind: self.kind, name, definition, active: self.active, team: self.team }
    }

    /// Which cases it is for: those it describes, of its team.
    pub fn meant(&self) -> Filter {
        of_team(&self.definition.filter, self.team)
    }

    /// May this actor look at it and change it? Leads keep the rules of their teams.
    pub fn is_kept_by(&self, actor: &Actor) -> bool {
        let lead = actor.is(Role::Lead) && self.team.is_some_and(|team| actor.teams.contains(&team));
        lead || actor.is(Role::Admin)
    }
}

/// What a rule was once.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RuleVersion)]
pub struct Version {
    pub version: i64,
    pub name: String,
    pub definition: Definition,
    pub person: Option<PersonId>,
    pub at: Timestamp,
}

codes! {
    /// What became of a rule's run.
    pub enum Outcome {
        Changed = "changed",
        /// The case was already as the rule wants it.
        Same = "same",
        Failed = "failed",
        /// Another program that it called did not listen; everything else was done.
        Unheard = "unheard",
        /// It ran too often on this case.
        Paused = "paused",
        /// Too many rules called each other.
        Deep = "deep",
    }
}

/// One run of a rule on a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RuleRun)]
pub struct Run {
    pub id: i64,
    pub rule: i64,
    /// As the rule is called now.
    pub name: String,
    pub version: i64,
    pub case: CaseId,
    /// What happened; empty for time and macros.
    pub event: String,
    pub at: Timestamp,
    /// Who ran the macro. Not told: a record of what each person does is nobody's business.
    #[serde(skip)]
    pub person: Option<PersonId>,
    pub outcome: Outcome,
    /// Numbers of the actions that changed something, as JSON.
    #[serde(skip)]
    pub did: String,
    /// Why it failed: a translation key, or nothing. For what was not heard a line for each webhook: its id, a code, and
    /// maybe what was answered.
    #[schema(value_type = String)]
    pub reason: Reason,
    /// It is in the figures of its day.
    #[serde(skip)]
    pub counted: bool,
}

impl Run {
    /// The actions that changed something, counted from 0.
    pub fn done(&self) -> Vec<usize> {
        serde_json::from_str(&self.did).unwrap_or_default()
    }
}

/// How often a rule ran on a day.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = RuleDay)]
pub struct Day {
    #[sqlx(rename = "rule_id")]
    pub rule: i64,
    /// As in 2026-11-16.
    pub day: String,
    pub changed: i64,
    pub same: i64,
    pub failed: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_of_an_earlier_version_can_still_be_read() {
        let kept =
            r#"{"events":["opened"],"filter":{"of":[]},"actions":[{"does":"priority","value":"high"}]}"#;
        let read: Definition = serde_json::from_str(kept).expect("it is one");
        assert_eq!((read.events, read.actions.len(), read.stop), (vec![Event::Opened], 1, false));
    }
}
