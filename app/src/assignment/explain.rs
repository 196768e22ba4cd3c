//! "Why me?": in plain sentences, for who got a case and for others.
//!
//! Who got it reads their own reasons; others read the rule that applied. Nobody reads how much somebody else has.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Because, Cause, Explanation, Refusal, Skill, Step};
use super::store;
use crate::cases::Case;
use crate::customers;
use crate::platform::{Actor, Result, Timestamp, Tx, Words};

/// Searches that are shown.
const SHOWN: i64 = 5;

/// Who was chosen for a case, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AssignmentWhy)]
pub struct Why {
    /// Somebody is looked for since then.
    pub looked_for_since: Option<Timestamp>,
    /// The newest first.
    pub steps: Vec<Said>,
    /// It went on by hand since the newest step.
    pub by_hand_since: bool,
    /// The reader has the case and can give it back.
    pub can_hand_back: bool,
}

impl Why {
    /// Why somebody may give a case back.
    pub const REFUSALS: &'static [Refusal] = Refusal::ALL;
}

/// One search for somebody, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AssignmentSaid)]
pub struct Said {
    pub at: Timestamp,
    pub because: Because,
    /// The reader was chosen.
    pub mine: bool,
    pub sentences: Vec<String>,
}

/// Why a case is where it is, for this reader.
pub async fn why(tx: &mut Tx, actor: &Actor, words: &Words, case: &Case) -> Result<Why> {
    let steps = store::steps(tx, case.id, SHOWN).await?;
    let waiting = store::waiting(tx, case.id).await?;
    let mine = case.owner.is_some() && case.owner == actor.person_id();
    let mut why = Why {
        looked_for_since: waiting.as_ref().map(|waiting| waiting.since),
        by_hand_since: steps.first().is_some_and(|step| step.person != case.owner),
        can_hand_back: mine && !case.private,
        steps: Vec::new(),
    };
    if steps.is_empty() {
        return Ok(why);
    }
    let skills = store::skills(tx).await?;
    let customer = customers::customer(tx, case.customer).await?.name;
    let until = waiting.and_then(|waiting| waiting.keeper_until).filter(|until| until.0 != 0);
    for step in &steps {
        let mine = step.person.is_some() && step.person == actor.person_id();
        let teller = Teller { words, customer: &customer, skills: &skills, mine, until };
        why.steps.push(Said {
            at: step.at,
            because: step.why.because,
            mine,
            sentences: teller.sentences(step),
        });
    }
    Ok(why)
}

/// Tells a step to one reader.
struct Teller<'a> {
    words: &'a Words,
    customer: &'a str,
    skills: &'a [Skill],
    /// Whether the reader was chosen.
    mine: bool,
    /// Until when the keeper is waited for.
    until: Option<Timestamp>,
}

impl Teller<'_> {
    fn sentences(&self, step: &Step) -> Vec<String> {
        let why = &step.why;
        let mut said = vec![self.words.t(cause(why.cause)).into_owned(), self.reason(why)];
        said.extend(self.needed(why));
        if why.because == Because::Nobody {
            said.extend(why.rejected.iter().map(|(reason, n)| {
                self.words.n(format!("assignment-rejected-{reason}").as_str(), *n).into_owned()
            }));
        }
        said.retain(|sentence| !sentence.is_empty());
        said
    }

    fn reason(&self, why: &Explanation) -> String {
        let words = self.words;
        let said = match (why.because, self.mine) {
            (Because::Keeper, true) => words.with("assignment-mine-keeper", "name", self.customer),
            (Because::Keeper, false) => words.with("assignment-rule-keeper", "name", self.customer),
            (Because::KeeperReplacement, true) => {
                words.with("assignment-mine-keeper-replacement", "name", self.customer)
            }
            (Because::KeeperReplacement, false) => {
                words.with("assignment-rule-keeper-replacement", "name", self.customer)
            }
            (Because::OwnerReplacement, true) => words.t("assignment-mine-owner-replacement"),
            (Because::OwnerReplacement, false) => words.t("assignment-rule-owner-replacement"),
            (Because::Load, true) => words.t("assignment-mine-load"),
            (Because::Load, false) => words.t("assignment-rule-load"),
            (Because::Turn, true) => words.t("assignment-mine-turn"),
            (Because::Turn, false) => words.t("assignment-rule-turn"),
            (Because::Waits, _) => match self.until {
                Some(until) => words.with("assignment-waits-until", "when", words.when(&until)),
                None => words.t("assignment-waits"),
            },
            (Because::Nobody, _) => words.t("assignment-nobody"),
        };
        said.into_owned()
    }

    /// What was needed, as far as it still has a name.
    fn needed(&self, why: &Explanation) -> Vec<String> {
        let mut said = Vec::new();
        let named = self.skills.iter().filter(|skill| why.skills.contains(&skill.id));
        let skills = named.map(|skill| skill.name.as_str()).collect::<Vec<_>>().join(", ");
        if !skills.is_empty() {
            let word = if self.mine { "assignment-mine-skills" } else { "assignment-rule-skills" };
            said.push(self.words.with(word, "skills", skills).into_owned());
        }
        if let Some(code) = &why.language {
            let language = self.words.t(format!("language-{code}").as_str());
            let word = if self.mine { "assignment-mine-language" } else { "assignment-rule-language" };
            said.push(self.words.with(word, "language", language).into_owned());
        }
        said
    }
}

const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Opened => "assignment-cause-opened",
        Cause::Moved => "assignment-cause-moved",
        Cause::Reopened => "assignment-cause-reopened",
        Cause::Back => "assignment-cause-back",
        Cause::Absence => "assignment-cause-absence",
    }
}
