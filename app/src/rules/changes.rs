//! What changed from what to what: triggers that wait for a change, not just for something that happens.
//!
//! Facts say what is; what was before is what the last fact of the same kind said. So rules can ask for what happened
//! long ago, too. Deliberately absent: changes of tags and of fields of the house's own, which conditions describe.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Definition, Event};
use crate::cases::{Priority, Status};
use crate::journal::{Entry, Fact};
use crate::platform::{EntryId, codes};

/// Changes that one rule waits for.
pub const MOST: usize = 10;
/// Values that one change waits for on each side.
pub const MOST_VALUES: usize = 100;
/// Nobody, or nothing.
pub const NONE: &str = "none";

codes! {
    /// What of a case changes.
    pub enum Aspect {
        Status = "status",
        Priority = "priority",
        Queue = "queue",
        Owner = "owner",
        Kind = "kind",
    }
}

impl Aspect {
    /// What an event changes.
    pub const fn of(event: Event) -> Option<Self> {
        Some(match event {
            Event::Waits | Event::Woken | Event::Resumed | Event::Closed | Event::Reopened => Self::Status,
            Event::Prioritised => Self::Priority,
            Event::Moved => Self::Queue,
            Event::Assigned => Self::Owner,
            Event::KindSet => Self::Kind,
            _ => return None,
        })
    }

    /// How it is while no fact said anything else.
    pub const fn at_first(self) -> &'static str {
        match self {
            Self::Status => Status::Open.code(),
            Self::Priority => Priority::Normal.code(),
            Self::Queue | Self::Owner | Self::Kind => NONE,
        }
    }

    /// How it is after an entry, if that says so.
    pub fn after(self, entry: &Entry) -> Option<String> {
        let or_none = |id: Option<i64>| id.map_or_else(|| NONE.to_owned(), |id| id.to_string());
        Some(match (self, &entry.fact) {
            (
                Self::Status,
                Fact::CaseOpened { .. } | Fact::CaseWoken | Fact::CaseResumed | Fact::CaseReopened,
            ) => Status::Open.code().to_owned(),
            (Self::Status, Fact::CaseSetWaiting { .. }) => Status::Waiting.code().to_owned(),
            (Self::Status, Fact::CaseClosed) => Status::Closed.code().to_owned(),
            // What is in another case is closed, though nobody closed it.
            (Self::Status, Fact::CasesJoined { from, .. }) if entry.about.case == Some(*from) => {
                Status::Closed.code().to_owned()
            }
            (Self::Priority, Fact::CasePrioritised { priority }) => priority.clone(),
            (Self::Priority, Fact::CaseEscalated { raised: true, .. }) => Priority::High.code().to_owned(),
            (Self::Queue, Fact::CaseOpened { queue, .. } | Fact::CaseMoved { queue }) => queue.to_string(),
            (Self::Owner, Fact::CaseAssigned { to, .. }) => or_none(to.map(|person| person.0)),
            // Its owner let go.
            (Self::Owner, Fact::CaseMoved { .. }) => NONE.to_owned(),
            (Self::Kind, Fact::CaseKindSet { kind }) => or_none(kind.map(|kind| kind.0)),
            _ => return None,
        })
    }
}

/// A change that a rule waits for. Empty lists: whatever it was, or is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleChange)]
pub struct Change {
    pub of: Aspect,
    /// Codes or ids, or "none".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

impl Change {
    fn is(&self, from: &str, to: &str) -> bool {
        let fits = |wanted: &[String], is: &str| wanted.is_empty() || wanted.iter().any(|one| one == is);
        from != to && fits(&self.from, from) && fits(&self.to, to)
    }
}

impl Definition {
    /// Does it wait for this, as far as the event tells?
    pub fn may_answer(&self, event: Event) -> bool {
        self.events.contains(&event) || self.changes_of(event).next().is_some()
    }

    /// The changes that narrow down what it waits for with this event.
    pub fn changes_of(&self, event: Event) -> impl Iterator<Item = &Change> {
        let aspect = Aspect::of(event);
        self.changes.iter().filter(move |change| Some(change.of) == aspect)
    }

    /// Does it wait for what an entry says? `history` is the case's, with the entry, oldest first.
    pub fn answers(&self, event: Event, entry: EntryId, history: &[Entry]) -> bool {
        let mut wanted = self.changes_of(event).peekable();
        if wanted.peek().is_none() {
            return self.events.contains(&event);
        }
        Aspect::of(event)
            .and_then(|aspect| from_to(aspect, entry, history))
            .is_some_and(|(from, to)| wanted.any(|change| change.is(&from, &to)))
    }
}

fn from_to(aspect: Aspect, entry: EntryId, history: &[Entry]) -> Option<(String, String)> {
    let at = history.iter().position(|one| one.id == entry)?;
    let to = aspect.after(&history[at])?;
    let known = match &history[at].fact {
        Fact::CaseAssigned { from: Some(from), .. } => Some(from.to_string()),
        _ => history[..at].iter().rev().find_map(|one| aspect.after(one)),
    };
    Some((known.unwrap_or_else(|| aspect.at_first().to_owned()), to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::About;
    use crate::platform::{CaseId, PersonId, QueueId, Timestamp};

    fn history(facts: Vec<Fact>) -> Vec<Entry> {
        (1..).zip(facts).map(|(id, fact)| entry(id, fact)).collect()
    }

    fn definition(of: Aspect, from: &[&str], to: &[&str]) -> Definition {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        Definition { changes: vec![Change { of, from: owned(from), to: owned(to) }], ..Definition::default() }
    }

    fn entry(id: i64, fact: Fact) -> Entry {
        Entry {
            id: EntryId(id),
            xid: 1,
            at: Timestamp(id),
            person: None,
            program: false,
            about: About::house(),
            fact,
            cause: None,
            way: None,
        }
    }

    #[test]
    fn a_change_is_from_what_was_last_said_to_what_is_said_now() {
        let high = || Fact::CasePrioritised { priority: "high".into() };
        let all = history(vec![
            Fact::CaseOpened { queue: QueueId(1), channel: "email".into() },
            high(),
            Fact::CasePrioritised { priority: "low".into() },
            high(),
            Fact::CaseMoved { queue: QueueId(2) },
            Fact::waits(None),
            Fact::CaseClosed,
            Fact::CaseAssigned { to: Some(PersonId(7)), from: None },
            Fact::CasePrioritised { priority: "low".into() },
            Fact::CaseEscalated { clock: "first".into(), step: 1, raised: true, lead: false },
            Fact::waits(None),
            Fact::CaseResumed,
        ]);
        for (aspect, from, to, event, at, expected) in [
            (Aspect::Priority, &["normal"][..], &["high"][..], Event::Prioritised, 2, true),
            (Aspect::Priority, &["normal"], &["high"], Event::Prioritised, 4, false),
            (Aspect::Priority, &["low"], &[], Event::Prioritised, 4, true),
            (Aspect::Queue, &["1"], &["2"], Event::Moved, 5, true),
            (Aspect::Queue, &["2"], &[], Event::Moved, 5, false),
            (Aspect::Status, &["waiting"], &["closed"], Event::Closed, 7, true),
            (Aspect::Status, &["open"], &["closed"], Event::Closed, 7, false),
            (Aspect::Owner, &["none"], &["7"], Event::Assigned, 8, true),
            (Aspect::Owner, &[], &["none"], Event::Assigned, 8, false),
            (Aspect::Priority, &["low"], &["high"], Event::Prioritised, 10, true),
            (Aspect::Status, &["waiting"], &["open"], Event::Resumed, 12, true),
        ] {
            let definition = definition(aspect, from, to);
            assert!(definition.may_answer(event));
            let found = definition.answers(event, EntryId(at), &all);
            assert_eq!(found, expected, "{aspect} {from:?} {to:?} at {at}");
        }
    }

    #[test]
    fn a_case_that_was_in_another_one_was_closed() {
        let (case, other) = (CaseId(1), CaseId(2));
        let joined = Fact::CasesJoined { from: other, into: case };
        let mut all = history(vec![joined.clone(), Fact::CaseReopened]);
        let reopened = definition(Aspect::Status, &["closed"], &["open"]);
        for (about, expected) in [(other, true), (case, false)] {
            all[0].about = About::case(about);
            let found = reopened.answers(Event::Reopened, EntryId(2), &all);
            assert_eq!(found, expected, "of case {about}");
        }
    }

    #[test]
    fn other_events_of_the_rule_are_not_narrowed_down() {
        let definition =
            Definition { events: vec![Event::Noted], ..definition(Aspect::Status, &[], &["closed"]) };
        let all = history(vec![Fact::CaseReopened]);
        assert!(definition.may_answer(Event::Noted) && definition.answers(Event::Noted, EntryId(1), &all));
        assert!(definition.may_answer(Event::Reopened), "it may have been closed");
        assert!(!definition.answers(Event::Reopened, EntryId(1), &all));
        assert!(!definition.may_answer(Event::Moved));
    }
}
