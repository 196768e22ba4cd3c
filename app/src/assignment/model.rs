//! Rules of queues, profiles and absences of people, and why a case went where it went.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workforce::{Decision, Outcome, Rejection, Why};

use crate::platform::{CaseId, PersonId, QueueId, Timestamp, codes};

/// Open cases at the same time; more is nobody's day.
pub const LARGEST_CAPACITY: i64 = 500;
/// Hours that a keeper is waited for at most: four weeks.
pub const LONGEST_WAIT: i64 = 28 * 24;

codes! {
    /// How a queue's cases find somebody.
    pub enum Mode {
        /// People take or give them.
        Hand = "hand",
        /// To whom has least.
        Load = "load",
        /// In turn.
        Turn = "turn",
    }
}

codes! {
    /// When the customer's personal contact person cannot take a case.
    pub enum KeeperAway {
        Replacement = "replacement",
        /// For some hours, then as `Team`.
        Wait = "wait",
        Team = "team",
    }
}

codes! {
    /// What becomes of the cases of somebody who goes away.
    pub enum Absent {
        Leave = "leave",
        Replacement = "replacement",
        Queue = "queue",
    }
}

codes! {
    /// Why somebody is looked for.
    pub enum Cause {
        Opened = "opened",
        Moved = "moved",
        Reopened = "reopened",
        /// Somebody gave it back.
        Back = "back",
        /// Its owner went away.
        Absence = "absence",
    }
}

codes! {
    /// Why somebody gives a case back. No text: what is to be said about the case is a note.
    pub enum Refusal {
        Skill = "skill",
        Language = "language",
        /// Too close to the customer or the matter.
        Bias = "bias",
        Time = "time",
        Other = "other",
    }
}

codes! {
    /// What a search for somebody ended with.
    pub enum Because {
        Keeper = "keeper",
        KeeperReplacement = "keeper-replacement",
        OwnerReplacement = "owner-replacement",
        Load = "load",
        Turn = "turn",
        /// For the keeper.
        Waits = "waits",
        Nobody = "nobody",
    }
}

/// How a queue's cases find somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssignmentRule)]
pub struct Rule {
    pub queue: QueueId,
    pub mode: Mode,
    /// The customer's personal contact person comes first.
    pub keeper: bool,
    pub keeper_away: KeeperAway,
    pub wait_hours: i64,
    /// Whoever gets it must speak the customer's language.
    pub speaks: bool,
    pub absent: Absent,
    /// Ids of skills that everybody needs who gets it.
    pub skills: BTreeSet<i64>,
}

impl Rule {
    /// By hand, as long as nobody sets it up.
    pub const fn of(queue: QueueId) -> Self {
        Self {
            queue,
            mode: Mode::Hand,
            keeper: true,
            keeper_away: KeeperAway::Replacement,
            wait_hours: 4,
            speaks: false,
            absent: Absent::Leave,
            skills: BTreeSet::new(),
        }
    }

    /// As the engine decides by it; `waited`: the keeper was waited for long enough.
    pub fn decides(&self, waited: bool) -> workforce::Rule {
        let keeper = match self.keeper_away {
            _ if !self.keeper => None,
            KeeperAway::Replacement => Some(workforce::KeeperAway::Replacement),
            KeeperAway::Wait if !waited => Some(workforce::KeeperAway::Wait),
            KeeperAway::Wait | KeeperAway::Team => Some(workforce::KeeperAway::Team),
        };
        let mode = if self.mode == Mode::Turn { workforce::Mode::Turns } else { workforce::Mode::FairLoad };
        workforce::Rule { mode, keeper }
    }
}

/// Something that people can do, as the house names it.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = AssignmentSkill)]
pub struct Skill {
    pub id: i64,
    pub name: String,
}

/// What somebody can do, and how much they have at the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssignmentProfile)]
pub struct Profile {
    /// `None`: as the house has it.
    pub capacity: Option<i64>,
    /// Codes of languages.
    pub languages: BTreeSet<String>,
    /// Ids of skills.
    pub skills: BTreeSet<i64>,
}

/// An absence, now or ahead. Gone when it is over.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = AssignmentAbsence)]
pub struct Absence {
    pub id: i64,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    pub from_at: Timestamp,
    /// `None`: until somebody says otherwise.
    pub until_at: Option<Timestamp>,
    #[sqlx(rename = "replacement_id")]
    pub replacement: Option<PersonId>,
    /// Who entered it, if it was somebody else.
    pub set_by: Option<PersonId>,
    pub begun: bool,
    /// Ids of the runs that gave their cases away, separated by spaces: whoever entered it can take them back.
    pub runs: String,
}

impl Absence {
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        self.runs.split_whitespace()
    }
}

/// An absence to enter.
#[derive(Debug, Clone, Copy)]
pub struct NewAbsence {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub replacement: Option<PersonId>,
}

/// A case that somebody is looked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    pub cause: Cause,
    pub since: Timestamp,
    pub keeper_until: Option<Timestamp>,
    /// JSON of an [`Explanation`].
    pub why: Option<String>,
}

/// Why somebody was chosen, or nobody. Kept as JSON, so fields are only added. Of others it knows how many could not
/// for which reason, not who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AssignmentExplanation)]
pub struct Explanation {
    pub because: Because,
    pub cause: Cause,
    /// Ids of skills that were needed.
    #[serde(default)]
    pub skills: BTreeSet<i64>,
    /// The language that had to be spoken.
    #[serde(default)]
    pub language: Option<String>,
    /// How many could not take it, by reason: refused, unadmitted, skill, language, away, busy, full.
    #[serde(default)]
    pub rejected: BTreeMap<String, i64>,
}

impl Explanation {
    pub fn of(decision: &Decision, cause: Cause, need: &workforce::Need) -> Self {
        let because = match decision.outcome {
            Outcome::Chosen { why: Why::Keeper, .. } => Because::Keeper,
            Outcome::Chosen { why: Why::KeeperReplacement, .. } => Because::KeeperReplacement,
            Outcome::Chosen { why: Why::OwnerReplacement, .. } => Because::OwnerReplacement,
            Outcome::Chosen { why: Why::FairLoad, .. } => Because::Load,
            Outcome::Chosen { why: Why::Turn, .. } => Because::Turn,
            Outcome::Waits => Because::Waits,
            Outcome::Nobody => Because::Nobody,
        };
        let mut rejected = BTreeMap::new();
        for why in decision.rejected.values() {
            *rejected.entry(rejection_code(*why).to_owned()).or_default() += 1;
        }
        Self { because, cause, skills: need.skills.clone(), language: need.language.clone(), rejected }
    }

    /// Nobody who is at work could ever take it.
    pub fn is_lacking(&self) -> bool {
        let soon = ["full", "busy"].iter().any(|code| self.rejected.contains_key(*code));
        self.because == Because::Nobody && !soon
    }
}

/// As explanations have it.
pub const fn rejection_code(why: Rejection) -> &'static str {
    match why {
        Rejection::Refused => "refused",
        Rejection::Unadmitted => "unadmitted",
        Rejection::Skill => "skill",
        Rejection::Language => "language",
        Rejection::Away => "away",
        Rejection::Busy => "busy",
        Rejection::Full => "full",
    }
}

/// One search for somebody for a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AssignmentStep)]
pub struct Step {
    pub at: Timestamp,
    pub person: Option<PersonId>,
    pub why: Explanation,
}
