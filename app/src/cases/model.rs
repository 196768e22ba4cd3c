//! Cases and contacts.

mod cursor;
mod trouble;

use serde::Serialize;
use utoipa::ToSchema;

pub use cursor::Cursor;
pub use trouble::{Problem, Trouble};

use super::recipients::Recipient;
use crate::customers::Purpose;
use crate::people::Queue;
use crate::platform::{
    BlobId, CaseId, CaseKindId, ContactId, CustomerId, OwnStateId, PersonId, ProductId, QueueId, ReceivedId,
    Timestamp, codes,
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

codes! {
    pub enum Direction {
        Inbound = "in",
        Outbound = "out",
        /// Internal; customers never see it.
        Note = "note",
    }
}

codes! {
    /// Where a contact is on its way.
    pub enum State {
        Received = "received",
        /// Written; leaves when its undo time is over.
        Queued = "queued",
        /// Being handed to the mail server.
        Sending = "sending",
        Sent = "sent",
        /// Sent, and a server on the way still tries.
        Delayed = "delayed",
        /// The server of the recipient says that it has it.
        Delivered = "delivered",
        Failed = "failed",
        /// Taken back before it left.
        Withdrawn = "withdrawn",
        /// Kept from leaving: nobody reads it there, or machines would write to each other for ever.
        Suppressed = "suppressed",
    }
}

codes! {
    /// Is a contact from whom it says?
    pub enum SenderProof {
        /// Its domain stands by it.
        Verified = "verified",
        /// Nothing speaks for it, nothing against it.
        Unverified = "unverified",
        /// Its domain says that it is not from there.
        Suspicious = "suspicious",
        /// Nobody looked, or nobody could.
        Unchecked = "unchecked",
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
    pub contacts: i64,
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

/// One message, call or note.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Contact {
    pub id: ContactId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    pub direction: Direction,
    pub channel: Channel,
    pub at: Timestamp,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub author: String,
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    pub subject: Option<String>,
    pub text: String,
    pub quoted: Option<String>,
    pub signature: Option<String>,
    pub html: Option<String>,
    pub state: State,
    /// Why it has not arrived, and in the words of the other side.
    pub problem: Option<Problem>,
    pub reason: Option<String>,
    pub send_at: Option<Timestamp>,
    /// The next attempt, while one is to come.
    pub next_at: Option<Timestamp>,
    pub automatic: bool,
    pub stranger: bool,
    #[sqlx(rename = "received_id")]
    pub received: Option<ReceivedId>,
    /// Too long to be shown whole; the message it came in is.
    pub shortened: bool,
    pub sender_proof: SenderProof,
    /// What it is for; only what is no service can be declined.
    pub purpose: Purpose,
    /// The side conversation it belongs to; `None`: said with the customer.
    #[sqlx(rename = "talk_id")]
    pub talk: Option<i64>,
    /// The contact whose message it sends on unchanged.
    #[sqlx(rename = "resends_id")]
    pub resends: Option<ContactId>,
}

/// A contact as the customer's timeline shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PastContact {
    pub id: ContactId,
    /// The case's number.
    pub number: String,
    /// The case's subject.
    pub subject: String,
    /// Kinds of the case's findings, separated by spaces.
    pub signals: String,
    pub direction: Direction,
    pub channel: Channel,
    pub at: Timestamp,
    pub author: String,
    pub text: String,
}

/// A file of a contact.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Attachment {
    pub id: i64,
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    #[serde(skip)]
    pub blob: String,
    pub inline: bool,
    #[serde(skip)]
    pub content_id: Option<String>,
}

/// A file that comes with a new contact; its bytes are already kept.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub blob: BlobId,
    pub inline: bool,
    pub content_id: Option<String>,
}

/// What a customer sent, understood by its channel.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub channel: Channel,
    pub at: Timestamp,
    pub customer: CustomerId,
    /// Who wrote it, as it names itself.
    pub author: String,
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    pub subject: String,
    pub text: String,
    pub quoted: Option<String>,
    pub signature: Option<String>,
    pub html: Option<String>,
    pub into: Destination,
    pub automatic: bool,
    pub stranger: bool,
    pub received: Option<ReceivedId>,
    /// Cut, because it is too long to be shown whole.
    pub shortened: bool,
    pub attachments: Vec<NewAttachment>,
    /// Whom it names in To and Cc; empty if that is only the house.
    pub recipients: Vec<Recipient>,
    /// The side conversation that it goes on with.
    pub talk: Option<i64>,
}

/// Which case a contact goes into.
#[derive(Debug, Clone)]
pub enum Destination {
    /// The one it belongs to, if the channel knows for sure.
    Case(CaseId),
    /// A new one, which waits in this queue.
    New(Queue),
}

/// A row of `contacts` before it has an id.
#[derive(Debug, Clone)]
pub struct NewContact {
    pub case: CaseId,
    pub customer: CustomerId,
    pub direction: Direction,
    pub channel: Channel,
    pub at: Timestamp,
    pub person: Option<PersonId>,
    pub author: String,
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    pub subject: Option<String>,
    pub text: String,
    pub quoted: Option<String>,
    pub signature: Option<String>,
    pub html: Option<String>,
    pub state: State,
    pub send_at: Option<Timestamp>,
    pub automatic: bool,
    pub stranger: bool,
    pub received: Option<ReceivedId>,
    pub shortened: bool,
    pub talk: Option<i64>,
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
        /// An answer is late.
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
