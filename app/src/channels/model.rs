//! What arrives and what leaves.

use serde::Serialize;
use utoipa::ToSchema;

use super::authentic::Authentication;
use crate::cases::Problem;
use crate::platform::{CaseId, ContactId, QueueId, ReceivedId, Timestamp, codes};

codes! {
    /// How a raw mail came in.
    pub enum Route { Smtp = "smtp", Lmtp = "lmtp", Api = "api", Import = "import", Imap = "imap" }
}

codes! {
    /// Where a received mail is on its way to its case.
    pub enum State {
        /// Kept, not yet read.
        Received = "received",
        /// Belongs to a case.
        Done = "done",
        /// Somebody has to look at it.
        Unprocessable = "unprocessable",
    }
}

/// A raw mail with its envelope, as a sender hands it over.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub route: Route,
    /// `None` where there is no envelope; empty for the null sender.
    pub from: Option<String>,
    pub to: Vec<String>,
    /// The address of the other side, or the mailbox as in `mailbox:4`.
    pub peer: Option<String>,
    pub raw: Vec<u8>,
    /// Where it goes if it is for no address of a queue.
    pub queue: Option<QueueId>,
}

/// A kept mail.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Received {
    pub id: ReceivedId,
    pub at: Timestamp,
    pub route: Route,
    pub envelope_from: Option<String>,
    #[serde(skip)]
    pub envelope_to: String,
    pub peer: Option<String>,
    pub hash: String,
    pub size: i64,
    #[serde(skip)]
    pub blob: Option<String>,
    pub state: State,
    #[serde(skip)]
    pub attempts: i64,
    #[serde(skip)]
    pub failures: i64,
    pub reason: Option<String>,
    #[sqlx(rename = "case_id")]
    #[serde(skip)]
    pub case: Option<CaseId>,
    #[sqlx(rename = "contact_id")]
    #[serde(skip)]
    pub contact: Option<ContactId>,
    #[sqlx(rename = "queue_id")]
    #[serde(skip)]
    pub queue: Option<QueueId>,
    /// JSON of an [`Authentication`].
    #[serde(skip)]
    pub authentication: Option<String>,
}

impl Received {
    /// What was found about its sender when it came, if anything was looked at.
    pub fn authentication(&self) -> Option<Authentication> {
        serde_json::from_str(self.authentication.as_deref()?).ok()
    }

    /// The recipients that the sender named; empty where there was no envelope.
    pub fn recipients(&self) -> Vec<String> {
        serde_json::from_str(&self.envelope_to).unwrap_or_default()
    }

    /// Attempts that did not end in order, the one under way included.
    pub const fn deaths(&self) -> i64 {
        self.attempts - self.failures
    }
}

codes! {
    /// Where a written contact is on its way out.
    pub enum Stage {
        /// Waits for its undo time, for the next attempt or for a mail server.
        Waiting = "waiting",
        /// Being handed to the mail server: after a crash nobody knows whether it was accepted.
        Handing = "handing",
        Sent = "sent",
        Failed = "failed",
        Withdrawn = "withdrawn",
        /// Kept from leaving by the protection against loops.
        Suppressed = "suppressed",
    }
}

/// A written contact on its way out.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Outgoing {
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    pub state: Stage,
    pub attempts: i64,
    pub interruptions: i64,
    pub reason: Option<String>,
    pub raw: Option<Vec<u8>>,
    pub blob: Option<String>,
    pub message_id: Option<String>,
    pub sender: Option<String>,
    pub recipient: Option<String>,
    /// The recipient's, lower case; empty for mails from before there was a pace.
    pub domain: String,
    /// Written to many.
    pub bulk: bool,
    /// When it was tried first.
    pub first_at: Option<Timestamp>,
    /// Its time was given out by the pace of its domain.
    pub paced: bool,
}

/// How fast mail goes to a domain.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Domain {
    /// Up to when the pace of people's mails is given out, and that of mails to many.
    pub person_at: Timestamp,
    pub bulk_at: Timestamp,
    /// Nothing before; it put mails off.
    pub slow_until: Timestamp,
    /// How often it did so in a row, and why at last.
    pub deferrals: i64,
    pub problem: Option<Problem>,
    pub said: Option<String>,
}

/// A sent mail in a list.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct SentLine {
    #[sqlx(rename = "contact_id")]
    pub contact: ContactId,
    pub at: Timestamp,
    pub recipient: String,
    pub subject: String,
}
