//! Contacts: what was said, by whom, on which way, and what came with it.

use serde::Serialize;
use utoipa::ToSchema;

use super::trouble::Problem;
use super::{Case, Channel};
use crate::cases::recipients::Recipient;
use crate::customers::Purpose;
use crate::people::Queue;
use crate::platform::{Actor, BlobId, CaseId, ContactId, CustomerId, PersonId, ReceivedId, Timestamp, codes};

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

impl NewAttachment {
    /// A file of another contact, for one more.
    pub fn again(file: Attachment) -> Self {
        let Attachment { name, content_type, size, blob, .. } = file;
        Self { name, content_type, size, blob, inline: false, content_id: None }
    }
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

impl Incoming {
    /// One that says nothing yet.
    pub const fn of(
        channel: Channel,
        at: Timestamp,
        customer: CustomerId,
        author: String,
        into: Destination,
    ) -> Self {
        Self {
            channel,
            at,
            customer,
            author,
            from_address: None,
            to_address: None,
            subject: String::new(),
            text: String::new(),
            quoted: None,
            signature: None,
            html: None,
            into,
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            attachments: Vec::new(),
            recipients: Vec::new(),
            talk: None,
        }
    }
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
#[expect(clippy::struct_excessive_bools, reason = "columns that say yes or no by themselves")]
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
    /// Who called or came by was spoken with.
    pub heard: bool,
}

impl NewContact {
    /// What `actor` says in a case: a note, as far as whoever writes it down says nothing else.
    pub fn of(actor: &Actor, case: &Case, at: Timestamp) -> Self {
        Self {
            case: case.id,
            customer: case.customer,
            direction: Direction::Note,
            channel: case.channel,
            at,
            person: actor.person_id(),
            author: actor.name.clone(),
            from_address: None,
            to_address: None,
            subject: None,
            text: String::new(),
            quoted: None,
            signature: None,
            html: None,
            state: State::Received,
            send_at: None,
            automatic: false,
            stranger: false,
            received: None,
            shortened: false,
            talk: None,
            heard: false,
        }
    }
}
