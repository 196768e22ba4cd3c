//! How something was before a fact changed it: what the last fact of its kind said, or what is kept beside the journal.

use super::told::{Thing, coded, or_nobody, word};
use crate::journal::Fact;
use crate::platform::{CaseKindId, PersonId, QueueId};
use crate::rules::Aspect;

/// Where the words are kept that a fact replaced and wrote.
pub(super) const fn wording(fact: &Fact) -> Option<i64> {
    match fact {
        Fact::CaseFieldSet { wording, .. } | Fact::TaskChanged { wording, .. } => *wording,
        _ => None,
    }
}

/// What a fact changes, of what facts do not say how it was.
pub(super) const fn changed(fact: &Fact) -> Option<Aspect> {
    match fact {
        Fact::CaseAssigned { .. } => Some(Aspect::Owner),
        Fact::CaseMoved { .. } => Some(Aspect::Queue),
        Fact::CasePrioritised { .. } | Fact::CaseEscalated { raised: true, .. } => Some(Aspect::Priority),
        Fact::CaseKindSet { .. } => Some(Aspect::Kind),
        _ => None,
    }
}

/// The codes of the facts that say how an aspect of [`changed`] is.
pub(super) const fn kinds(aspect: Aspect) -> [&'static str; 2] {
    match aspect {
        Aspect::Owner => ["case_assigned", "case_moved"],
        Aspect::Queue => ["case_opened", "case_moved"],
        Aspect::Priority => ["case_prioritised", "case_escalated"],
        Aspect::Kind | Aspect::Status => ["case_kind_set", "case_kind_set"],
    }
}

/// What an aspect was, from a code or an id.
pub(super) fn was(aspect: Aspect, code: &str) -> Option<Thing> {
    let id: Option<i64> = code.parse().ok();
    match aspect {
        Aspect::Owner => Some(or_nobody(id.map(PersonId))),
        Aspect::Queue => id.map(|id| Thing::Queue(QueueId(id))),
        Aspect::Priority => Some(coded("priority-", code)),
        Aspect::Kind => Some(id.map_or_else(|| word("history-none"), |id| Thing::Kind(CaseKindId(id)))),
        Aspect::Status => None,
    }
}
