//! A run: one answer to many cases, and what becomes of each.

use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::Then;
use crate::platform::{
    BlobId, CaseId, ContactId, InsightId, Language, Manner, PersonId, Timestamp, Tone, codes,
};

codes! {
    pub enum RunState {
        /// Is being written and looked at.
        Draft = "draft",
        Sending = "sending",
        /// Is being taken back, as far as that is possible.
        Cancelling = "cancelling",
        Done = "done",
        Cancelled = "cancelled",
    }
}

codes! {
    pub enum CaseState {
        /// Nobody looked at its answer yet.
        Open = "open",
        Approved = "approved",
        /// Left out by hand.
        Skipped = "skipped",
        Sent = "sent",
        /// Something was in the way, which is told.
        Held = "held",
        /// Sent, and taken back before it left.
        Withdrawn = "withdrawn",
        /// Sent, and gone when it was to be taken back.
        Left = "left",
    }
}

codes! {
    /// What becomes of a case once it is answered.
    pub enum Afterwards { Wait = "wait", Open = "open", Close = "close" }
}

impl Afterwards {
    pub const fn then(self) -> Then {
        match self {
            Self::Wait => Then::Wait,
            Self::Open => Then::StayOpen,
            Self::Close => Then::Close,
        }
    }
}

/// One answer to the open cases of an insight.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Run {
    pub id: i64,
    #[sqlx(rename = "insight_id")]
    pub insight: InsightId,
    pub state: RunState,
    pub text_de: String,
    /// The German one for those who are addressed informally.
    pub text_de_informal: String,
    pub text_en: String,
    pub afterwards: Afterwards,
    /// Who began it.
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    pub at: Timestamp,
    /// In whose name it goes out.
    pub sent_by: Option<PersonId>,
    pub sent_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub version: i64,
}

impl Run {
    /// Plain text with placeholders for somebody who is written to like this, and its tone; empty: nobody wrote it.
    pub fn text(&self, manner: Manner) -> (&str, Option<Tone>) {
        match manner.language {
            Language::De => manner.choose(self.text_de.trim(), self.text_de_informal.trim()),
            Language::En => (self.text_en.trim(), None),
        }
    }
}

/// What is written, before it is kept.
#[derive(Debug, Clone)]
pub struct Texts {
    pub de: String,
    pub de_informal: String,
    pub en: String,
    pub afterwards: Afterwards,
    /// The version that the writer saw; `None`: whatever it is.
    pub version: Option<i64>,
}

/// A case of a run.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RunCase {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub state: CaseState,
    /// Why it was held back, as a word of the pages.
    pub why: Option<String>,
    /// Written for it alone.
    pub text: Option<String>,
    #[sqlx(rename = "seen_id")]
    pub seen: Option<ContactId>,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    /// Tells what the letter was like when it was approved.
    pub looked: Option<String>,
}

/// A file that goes along with every answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RunFile {
    pub id: i64,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub blob: BlobId,
}

/// How many cases of a run are where.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = AnswersProgress)]
pub struct Progress {
    pub open: i64,
    pub approved: i64,
    pub skipped: i64,
    /// Also those that could not be taken back.
    pub sent: i64,
    pub held: i64,
    pub withdrawn: i64,
}

impl Progress {
    pub fn add(&mut self, state: CaseState, cases: i64) {
        let of = match state {
            CaseState::Open => &mut self.open,
            CaseState::Approved => &mut self.approved,
            CaseState::Skipped => &mut self.skipped,
            CaseState::Sent | CaseState::Left => &mut self.sent,
            CaseState::Held => &mut self.held,
            CaseState::Withdrawn => &mut self.withdrawn,
        };
        *of += cases;
    }

    pub const fn total(&self) -> i64 {
        self.open + self.approved + self.skipped + self.sent + self.held + self.withdrawn
    }

    /// Cases for which nothing is left to be done.
    pub const fn settled(&self) -> i64 {
        self.total() - self.approved - self.open
    }
}
