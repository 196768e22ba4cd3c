//! Kinds of facts: what one looks for in a history, what some are called, and which message they are about.

use crate::journal::Fact;
use crate::platform::{ContactId, codes};

codes! {
    /// What one looks for in the history of a case.
    pub enum Group {
        /// What was said, and by whom.
        Messages = "messages",
        /// What people do together: tasks, hand-offs, promises.
        Work = "work",
        /// How the case stands, and what is known of it.
        Case = "case",
    }
}

/// What the codes of facts of [`Group::Messages`] begin with.
const MESSAGES: [&str; 13] = [
    "contact_",
    "note_",
    "talk_",
    "draft_",
    "file",
    "stranger_",
    "person_mentioned",
    "address_",
    "suppression_",
    "case_acknowledged",
    "case_answered",
    "customer_reminded",
    "customer_told",
];

/// The same of [`Group::Work`].
const WORK: [&str; 6] =
    ["task_", "handoff_", "case_handed_", "person_involved", "person_released", "promise_"];

impl Group {
    pub(super) fn of(fact: &Fact) -> Self {
        let code = fact.code();
        let begins = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
        if begins(&MESSAGES) {
            Self::Messages
        } else if begins(&WORK) {
            Self::Work
        } else {
            Self::Case
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Messages => "history-kind-messages",
            Self::Work => "history-kind-work",
            Self::Case => "history-kind-case",
        }
    }
}

/// What some facts are called that do not all say the same.
pub(super) fn called(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::ComplaintMarked { complaint: true } => "history-complaint",
        Fact::ComplaintMarked { complaint: false } => "history-no-complaint",
        Fact::CaseSetWaiting { handoff: Some(_), .. } => "history-waits-for-handoff",
        Fact::CaseSetWaiting { until: None, from: None, .. } => "history-waits-for-customer",
        Fact::PersonInvolved { part, .. } if part == "follower" => "history-follows",
        Fact::PersonReleased { part, .. } if part == "follower" => "history-unfollows",
        Fact::PersonInvolved { part, .. } if part == "deputy" => "history-deputy",
        Fact::PersonReleased { part, .. } if part == "deputy" => "history-no-deputy",
        _ => return None,
    })
}

/// The message that a fact is about.
pub(super) const fn contact(fact: &Fact) -> Option<ContactId> {
    match fact {
        Fact::ContactReceived { contact, .. }
        | Fact::ContactWritten { contact, .. }
        | Fact::ContactWithdrawn { contact, .. }
        | Fact::ContactSent { contact, .. }
        | Fact::ContactFailed { contact, .. }
        | Fact::ContactDelivered { contact, .. }
        | Fact::ContactDelayed { contact, .. }
        | Fact::ContactLogged { contact, .. }
        | Fact::NoteAdded { contact, .. }
        | Fact::NoteWithdrawn { contact, .. }
        | Fact::FileRead { contact, .. }
        | Fact::StrangerAccepted { contact, .. }
        | Fact::StrangerExcluded { contact, .. }
        | Fact::TalkAnswered { contact, .. }
        | Fact::PersonMentioned { contact, .. } => Some(*contact),
        _ => None,
    }
}
