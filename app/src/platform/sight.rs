//! Who may know of a case: one rule, asked by lists, pages, commands, the search and live updates.
//!
//! A restricted queue and its cases exist only for its team, for admins, and for people named on a case. A private
//! case exists only for those named on it and for the leads of its queue's team; not for admins, who set Kitt up and
//! are no part of the work. Programs with a token are in no team and named nowhere.
//!
//! What an actor may know of queues is worked out once, when they log in ([`QueueSight`]); statements use it, so
//! that no list asks the rule row by row.

use super::actor::{Actor, Role, Who};
use super::ids::{PersonId, QueueId, TeamId};

/// What the rule has to know of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veil {
    /// The team of its queue.
    pub team: Option<TeamId>,
    /// Its queue is restricted.
    pub restricted: bool,
    pub private: bool,
    /// Owner, deputy, followers.
    pub named: Vec<PersonId>,
}

impl Veil {
    /// Everybody who reads cases may know of it.
    pub const fn is_open(&self) -> bool {
        !self.restricted && !self.private
    }

    /// The rule.
    pub fn lets(&self, actor: &Actor) -> bool {
        let named = actor.person_id().is_some_and(|person| self.named.contains(&person));
        if self.is_open() || named || matches!(actor.who, Who::Kitt(_)) {
            return true;
        }
        let member = self.team.is_some_and(|team| actor.teams.contains(&team));
        let queue = !self.restricted || member || actor.is(Role::Admin);
        let case = !self.private || (member && actor.is(Role::Lead));
        queue && case
    }
}

/// What the rule needs to know of a queue.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct QueueVeil {
    #[sqlx(rename = "id")]
    pub queue: QueueId,
    #[sqlx(rename = "team_id")]
    pub team: Option<TeamId>,
    pub restricted: bool,
}

impl QueueVeil {
    const fn of_case(self, private: bool) -> Veil {
        Veil { team: self.team, restricted: self.restricted, private, named: Vec::new() }
    }
}

/// Which queues exist for an actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueSight {
    /// Their cases can be seen.
    pub seen: Vec<QueueId>,
    /// Their cases exist only for those who are named on them.
    pub hidden: Vec<QueueId>,
    /// Even their private cases can be seen.
    pub led: Vec<QueueId>,
}

impl QueueSight {
    /// What `actor` may know of these queues.
    pub fn of(actor: &Actor, queues: &[QueueVeil]) -> Self {
        let mut sight = Self::default();
        for queue in queues {
            let place = if queue.of_case(false).lets(actor) { &mut sight.seen } else { &mut sight.hidden };
            place.push(queue.queue);
            if queue.of_case(true).lets(actor) {
                sight.led.push(queue.queue);
            }
        }
        sight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEAM: TeamId = TeamId(1);
    const OTHER: TeamId = TeamId(2);

    fn person(id: i64, role: Role, team: TeamId) -> Actor {
        let who = Who::Person(PersonId(id));
        Actor { who, roles: vec![role], teams: vec![team], ..Actor::kitt("nobody") }
    }

    #[test]
    fn a_restricted_queue_is_its_teams_and_a_private_case_that_of_those_on_it() {
        let (member, lead) = (person(1, Role::Agent, TEAM), person(2, Role::Lead, TEAM));
        let (outsider, other_lead) = (person(3, Role::Agent, OTHER), person(4, Role::Lead, OTHER));
        let admin = person(5, Role::Admin, OTHER);
        let program =
            Actor { who: Who::Token(super::super::TokenId(1)), teams: Vec::new(), ..member.clone() };
        let kitt = Actor::kitt("mail");
        // restricted, private, and whether each of the seven sees it
        for (restricted, private, sees) in [
            (false, false, [true, true, true, true, true, true, true]),
            (true, false, [true, true, false, false, true, false, true]),
            (false, true, [false, true, false, false, false, false, true]),
            (true, true, [false, true, false, false, false, false, true]),
        ] {
            let veil = Veil { team: Some(TEAM), restricted, private, named: vec![PersonId(9)] };
            let actors = [&member, &lead, &outsider, &other_lead, &admin, &program, &kitt];
            assert_eq!(actors.map(|actor| veil.lets(actor)), sees, "{veil:?}");
            assert!(veil.lets(&person(9, Role::Agent, OTHER)), "who is named on a case sees it");
        }
    }

    #[test]
    fn a_restricted_queue_without_a_team_is_the_admins() {
        let veil = Veil { team: None, restricted: true, private: false, named: Vec::new() };
        let nobody = Actor { teams: Vec::new(), ..person(1, Role::Lead, TEAM) };
        assert!(!veil.lets(&nobody) && veil.lets(&person(2, Role::Admin, TEAM)));
    }
}
