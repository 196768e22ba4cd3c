//! Who of the people takes a piece of work, and why; for everybody else, why not.
//!
//! The caller says who there is, how much each of them has, and what the work needs; the answer depends on nothing
//! else, not even on the order of the people. Deliberately absent: how well or how fast somebody works. Work is shared
//! out by what people can do and how much they have, never by a rating.

use std::collections::{BTreeMap, BTreeSet};

/// Is somebody at work, and do they take more?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    There,
    /// At work, but takes nothing new.
    Busy,
    Away,
}

/// Somebody who may get the work.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: i64,
    pub attendance: Attendance,
    /// Belongs to those whose work it is. Others get it only as keeper or replacement.
    pub in_team: bool,
    /// May know of the work.
    pub admitted: bool,
    pub skills: BTreeSet<i64>,
    pub languages: BTreeSet<String>,
    /// Pieces of work in hand.
    pub load: u32,
    /// Pieces of work at the same time; at 0 they get nothing.
    pub capacity: u32,
    /// When they were given something last, as a number that grows; 0: never.
    pub turn: i64,
    /// Who does their work while they are away.
    pub replacement: Option<i64>,
}

/// What a piece of work asks for.
#[derive(Debug, Clone, Default)]
pub struct Need {
    /// All of these.
    pub skills: BTreeSet<i64>,
    pub language: Option<String>,
    /// The personal contact person of whom the work is for.
    pub keeper: Option<i64>,
    /// Whose it was; their replacement comes before the team.
    pub owner: Option<i64>,
    /// Who gave it back.
    pub refused: BTreeSet<i64>,
}

/// How a team shares out its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To whom has least, compared with what they can have.
    FairLoad,
    /// To whom was given something longest ago.
    Turns,
}

/// What happens when the keeper cannot take it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeeperAway {
    Replacement,
    /// Nobody gets it yet; the caller asks again, with another rule once it waited long enough.
    Wait,
    Team,
}

/// How work is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub mode: Mode,
    /// `None`: keepers are like everybody else.
    pub keeper: Option<KeeperAway>,
}

/// Why somebody cannot take it. What lasts longest is said first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rejection {
    /// Gave it back.
    Refused,
    /// May not know of it.
    Unadmitted,
    /// Lacks a skill.
    Skill,
    Language,
    Away,
    Busy,
    /// Has as much as they can have.
    Full,
}

/// Why somebody gets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Keeper,
    KeeperReplacement,
    OwnerReplacement,
    FairLoad,
    Turn,
}

/// Who it is, if anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Chosen {
        person: i64,
        why: Why,
    },
    /// For the keeper.
    Waits,
    Nobody,
}

/// Who gets it, and why others cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub outcome: Outcome,
    /// Of the team, the keeper and the owner's and keeper's replacements: everybody who cannot take it, by id.
    pub rejected: BTreeMap<i64, Rejection>,
}

/// Decides who gets a piece of work. Every input has an answer, so this cannot fail; of several people with the same
/// id the first one counts.
pub fn choose(rule: Rule, need: &Need, people: &[Candidate]) -> Decision {
    let mut by_id: BTreeMap<i64, &Candidate> = BTreeMap::new();
    for one in people {
        by_id.entry(one.id).or_insert(one);
    }
    let mut choice = Choice { need, people: by_id, rejected: BTreeMap::new() };
    let outcome = choice.outcome(rule);
    Decision { outcome, rejected: choice.rejected }
}

struct Choice<'a> {
    need: &'a Need,
    people: BTreeMap<i64, &'a Candidate>,
    rejected: BTreeMap<i64, Rejection>,
}

impl Choice<'_> {
    fn outcome(&mut self, rule: Rule) -> Outcome {
        if let Some(away) = rule.keeper
            && let Some(found) = self.by_keeper(away)
        {
            return found;
        }
        if let Some(owner) = self.need.owner
            && let Some(person) = self.replacement_of(owner)
        {
            return Outcome::Chosen { person, why: Why::OwnerReplacement };
        }
        self.by_team(rule.mode)
    }

    /// The keeper, or what is done without them; `None`: the team's turn.
    fn by_keeper(&mut self, away: KeeperAway) -> Option<Outcome> {
        let keeper = self.need.keeper?;
        if self.takes(keeper) {
            return Some(Outcome::Chosen { person: keeper, why: Why::Keeper });
        }
        // Who is not here at all, or lacks something today, does not come back with it.
        if *self.rejected.get(&keeper)? < Rejection::Away {
            return None;
        }
        match away {
            KeeperAway::Replacement => {
                let person = self.replacement_of(keeper)?;
                Some(Outcome::Chosen { person, why: Why::KeeperReplacement })
            }
            KeeperAway::Wait => Some(Outcome::Waits),
            KeeperAway::Team => None,
        }
    }

    /// Who stands in for somebody; if they are away, too, who stands in for them.
    fn replacement_of(&mut self, person: i64) -> Option<i64> {
        let mut passed = BTreeSet::from([person]);
        let mut next = self.people.get(&person)?.replacement?;
        while passed.insert(next) {
            if self.takes(next) {
                return Some(next);
            }
            next = self.people.get(&next)?.replacement?;
        }
        None
    }

    fn by_team(&mut self, mode: Mode) -> Outcome {
        let team: Vec<i64> = self.people.values().filter(|one| one.in_team).map(|one| one.id).collect();
        let able: Vec<i64> = team.into_iter().filter(|id| self.takes(*id)).collect();
        let able = able.iter().filter_map(|id| self.people.get(id));
        let chosen = able.min_by(|left, right| match mode {
            Mode::FairLoad => {
                // Shares of what they can have, as whole numbers: load/capacity < load/capacity.
                let left_share = u64::from(left.load) * u64::from(right.capacity);
                let right_share = u64::from(right.load) * u64::from(left.capacity);
                left_share.cmp(&right_share).then(left.turn.cmp(&right.turn)).then(left.id.cmp(&right.id))
            }
            Mode::Turns => left.turn.cmp(&right.turn).then(left.id.cmp(&right.id)),
        });
        let why = match mode {
            Mode::FairLoad => Why::FairLoad,
            Mode::Turns => Why::Turn,
        };
        chosen.map_or(Outcome::Nobody, |one| Outcome::Chosen { person: one.id, why })
    }

    /// Can this person take it? Why not is kept.
    fn takes(&mut self, id: i64) -> bool {
        let Some(one) = self.people.get(&id) else { return false };
        let rejection = rejection(self.need, one);
        if let Some(why) = rejection {
            self.rejected.insert(id, why);
        }
        rejection.is_none()
    }
}

fn rejection(need: &Need, one: &Candidate) -> Option<Rejection> {
    if need.refused.contains(&one.id) {
        return Some(Rejection::Refused);
    }
    if !one.admitted {
        return Some(Rejection::Unadmitted);
    }
    if !need.skills.is_subset(&one.skills) {
        return Some(Rejection::Skill);
    }
    if need.language.as_ref().is_some_and(|language| !one.languages.contains(language)) {
        return Some(Rejection::Language);
    }
    match one.attendance {
        Attendance::Away => Some(Rejection::Away),
        Attendance::Busy => Some(Rejection::Busy),
        Attendance::There if one.capacity <= one.load => Some(Rejection::Full),
        Attendance::There => None,
    }
}
