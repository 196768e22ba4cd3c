//! What arrives and what leaves.

use serde::Serialize;
use utoipa::ToSchema;

use super::authentic::Authentication;
use crate::platform::{CaseId, ContactId, ReceivedId, Timestamp, codes};

codes! {
    /// How a raw mail came in.
    pub enum Route { Smtp = "smtp", Lmtp = "lmtp", Api = "api", Import = "import" }
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
    /// The address of the other side.
    pub peer: Option<String>,
    pub raw: Vec<u8>,
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
