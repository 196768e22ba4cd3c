//! Cases; their contacts are in [`contact`].

mod contact;
mod cursor;
mod trouble;

pub use contact::{
    Attachment, Contact, Destination, Direction, Incoming, NewAttachment, NewContact, PastContact,
    SenderProof, State,
};
pub use cursor::Cursor;
pub use trouble::{Problem, Trouble};

use crate::platform::{
    CaseId, CaseKindId, CustomerId, OwnStateId, PersonId, ProductId, QueueId, Timestamp, codes,
};

codes! {
    pub enum Status {
        /// Something is owed to the customer.
        Open = "open",
        /// Until a date, for the customer or for somebody else.
        Waiting = "waiting",
        Closed = "closed",
    }
}

codes! {
    pub enum Channel {
        Email = "email",
        Phone = "phone",
        Letter = "letter",
        Chat = "chat",
        Form = "form",
        Social = "social",
        Visit = "visit",
        Api = "api",
    }
}

impl Channel {
    /// Its icon in the look.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Email => "mail",
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::Chat => "chat",
            Self::Form | Self::Social | Self::Api => "globe",
            Self::Visit => "store",
        }
    }
}

codes! {
    pub enum Priority { Low = "low", Normal = "normal", High = "high" }
}

impl Priority {
    /// Its place in lists that are sorted by it, as their statements and indexes have it.
    pub const fn rank(self) -> i64 {
        match self {
            Self::High => 1,
            Self::Normal => 2,
            Self::Low => 3,
        }
    }
}

codes! {
    /// What `due_at` of a case is the deadline of.
    pub enum DueClock {
        /// The first answer.
        First = "first",
        /// An answer to what the customer wrote later.
        Next = "next",
        Solution = "solution",
        /// The case was put away until then.
        FollowUp = "follow_up",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of the database")]
pub struct Case {
    pub id: CaseId,
    pub number: String,
    pub subject: String,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    #[sqlx(rename = "owner_id")]
    pub owner: Option<PersonId>,
    pub status: Status,
    pub channel: Channel,
    pub priority: Priority,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub due_from: Option<Timestamp>,
    pub wait_until: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// All of them, see [`Case::exchanged`].
    pub contacts: i64,
    /// Of these, notes and side conversations.
    pub internal: i64,
    pub snippet: String,
    /// Who said what is in the snippet; `Note` for what was not said between the customer and the house.
    pub speaker: Option<Direction>,
    pub documented: bool,
    pub signals: String,
    #[sqlx(rename = "product_id")]
    pub product: Option<ProductId>,
    pub active_seconds: i64,
    pub version: i64,
    /// Its contacts are there now; it stays for its number.
    pub moved_to: Option<CaseId>,
    /// The sender of one of its contacts is probably forged.
    pub suspicious: bool,
    /// Only for those who are named on it, and their leads.
    pub private: bool,
    /// Spam or trash: in no other list.
    pub bin: Option<Bin>,
    #[sqlx(rename = "kind_id")]
    pub kind: Option<CaseKindId>,
    /// A state of the house's own, while it means what `status` says.
    #[sqlx(rename = "own_state_id")]
    pub own_state: Option<OwnStateId>,
    pub due_clock: Option<DueClock>,
    /// From when on `due_at` counts as near.
    pub soon_at: Option<Timestamp>,
    /// The course of all clocks, see [`super::clocks`].
    pub clocks: String,
    /// Steps of the escalation that were taken.
    pub escalated: i64,
    /// Handled as ISO 10002 wants it.
    pub complaint: bool,
}

impl Case {
    /// How many contacts its customer and the house have had.
    pub const fn exchanged(&self) -> i64 {
        self.contacts - self.internal
    }

    /// What its snippet quotes was said by the house: lists show it otherwise than the customer's words.
    pub fn is_of_house(&self) -> bool {
        self.speaker.is_some_and(|speaker| speaker != Direction::Inbound)
    }
}

/// A line of a list: the case with the names that it shows.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    #[sqlx(flatten)]
    pub case: Case,
    pub sort_at: Timestamp,
    pub customer_name: String,
    pub queue_name: String,
    pub owner_name: Option<String>,
}

codes! {
    /// Where a case is that is no work.
    pub enum Bin { Spam = "spam", Trash = "trash" }
}

codes! {
    /// The ready-made views of the workplace.
    pub enum View {
        Mine = "mine",
        Team = "team",
        Unassigned = "unassigned",
        Waiting = "waiting",
        /// Something is late, also while the house put it away.
        Overdue = "overdue",
        /// Something was promised and is open.
        Promises = "promises",
        /// Where the reader was called into.
        Mentions = "mentions",
        /// Where the reader is deputy or follower.
        Followed = "followed",
        All = "all",
        Closed = "closed",
        Spam = "spam",
        Trash = "trash",
    }
}

/// The beginning of a text on one line, for lists.
pub fn snippet(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if 160 < line.chars().count() + word.chars().count() {
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().take(160));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::snippet;

    #[test]
    fn a_snippet_is_one_short_line_that_ends_at_a_word() {
        assert_eq!(snippet(" Guten\n\nTag,\tSie "), "Guten Tag, Sie");
        let long = snippet(&"Wartezimmer ".repeat(40));
        assert!(long.ends_with("Wartezimmer…") && long.chars().count() < 165, "{long}");
        assert!(snippet(&"ß".repeat(1_000_000)).chars().count() <= 161);
    }
}
