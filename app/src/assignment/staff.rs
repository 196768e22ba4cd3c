//! The people whom cases of a queue can go to, as the engine wants to know them.

use std::collections::{BTreeMap, BTreeSet};

use workforce::{Candidate, Need};

use super::model::Rule;
use super::store;
use crate::cases;
use crate::cases::Case;
use crate::customers::Customer;
use crate::people;
use crate::people::{Person, Queue};
use crate::platform::{Attendance, CaseKindId, PersonId, Result, Right, Role, Tx};

/// Everybody who works on cases, as they are at this moment.
pub struct Staff {
    pub people: Vec<Candidate>,
    /// The turn of who was given something last.
    turn: i64,
}

impl Staff {
    /// A handful of statements, however many cases are handed out with it.
    pub async fn load(tx: &mut Tx, queue: &Queue) -> Result<Self> {
        let mut people = people::all(tx).await?;
        people.retain(|person| person.active && works(person));
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let (loads, usual) = (cases::loads(tx, &ids).await?, store::capacity(tx).await?);
        let (mut profiles, turns) = (store::profiles(tx).await?, store::turns(tx, queue.id).await?);
        let away = store::absences(tx).await?;
        let candidate = |person: Person| {
            let profile = profiles.remove(&person.id).unwrap_or_default();
            let absence = away.iter().find(|absence| absence.person == person.id && absence.begun);
            Candidate {
                id: person.id.0,
                attendance: attendance(person.attendance),
                in_team: is_in_team(&person, queue),
                admitted: is_admitted(&person, queue),
                skills: profile.skills,
                languages: profile.languages,
                load: small(loads.get(&person.id).copied().unwrap_or(0)),
                capacity: small(profile.capacity.unwrap_or(usual)),
                turn: turns.get(&person.id).copied().unwrap_or(0),
                replacement: absence.and_then(|absence| absence.replacement).map(|person| person.0),
            }
        };
        Ok(Self {
            people: people.into_iter().map(candidate).collect(),
            turn: turns.values().copied().max().unwrap_or(0),
        })
    }

    /// Still works here, on cases.
    pub fn has(&self, person: PersonId) -> bool {
        self.people.iter().any(|one| one.id == person.0)
    }

    /// Away, or not here any more.
    pub fn is_away(&self, person: PersonId) -> bool {
        let found = self.people.iter().find(|one| one.id == person.0);
        found.is_none_or(|one| one.attendance == workforce::Attendance::Away)
    }

    /// Somebody was given a case; their turn.
    pub fn give(&mut self, person: PersonId) -> i64 {
        self.turn += 1;
        let turn = self.turn;
        for one in self.people.iter_mut().filter(|one| one.id == person.0) {
            (one.load, one.turn) = (one.load + 1, turn);
        }
        turn
    }
}

/// What a case asks for by its queue's rule, its kind (`kinds`) and its customer.
pub fn need(
    rule: &Rule,
    kinds: &BTreeMap<CaseKindId, BTreeSet<i64>>,
    case: &Case,
    customer: Option<&Customer>,
) -> Need {
    let kind = case.kind.and_then(|kind| kinds.get(&kind));
    Need {
        skills: rule.skills.iter().chain(kind.into_iter().flatten()).copied().collect(),
        language: customer.filter(|_| rule.speaks).map(|one| one.language.code().to_owned()),
        keeper: customer.and_then(|one| one.keeper).map(|keeper| keeper.0),
        ..Need::default()
    }
}

/// May this person work on cases at all?
pub fn works(person: &Person) -> bool {
    person.can(Right::WorkCases)
}

/// Leads and admins get cases only if they answer customers, too.
fn is_in_team(person: &Person, queue: &Queue) -> bool {
    person.is(&Role::Agent) && queue.team.is_none_or(|team| person.team == Some(team))
}

/// As [`crate::platform::sight`] has it for a queue.
pub fn is_admitted(person: &Person, queue: &Queue) -> bool {
    !queue.restricted || person.is(&Role::Admin) || (queue.team.is_some() && person.team == queue.team)
}

const fn attendance(attendance: Attendance) -> workforce::Attendance {
    match attendance {
        Attendance::There => workforce::Attendance::There,
        Attendance::Busy => workforce::Attendance::Busy,
        Attendance::Away => workforce::Attendance::Away,
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}
