//! What an insight is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::findings::Kind;
use crate::platform::{DepartmentId, InsightId, PersonId, Timestamp, codes};

/// After so long without a decision the owner is called silent.
pub const SILENT: std::time::Duration = Timestamp::days(14);

codes! {
    /// How far an insight has come; the same words everywhere.
    pub enum InsightState {
        /// Somebody saw it first; its department has not looked yet.
        Proposed = "proposed",
        Open = "open",
        Accepted = "accepted",
        /// The department disagrees; somebody else settles it.
        Disputed = "disputed",
        Declined = "declined",
        /// With a date that was announced.
        Planned = "planned",
        /// Behoben.
        Fixed = "fixed",
        /// Gekittet: the effect was measured.
        Verified = "verified",
    }
}

/// What many findings say together.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Insight {
    pub id: InsightId,
    pub kind: Kind,
    pub title: String,
    pub description: String,
    /// The station's code.
    pub station: String,
    #[sqlx(rename = "department_id")]
    pub department: Option<DepartmentId>,
    /// Who answers for it in the department.
    #[sqlx(rename = "owner_id")]
    pub owner: Option<PersonId>,
    pub state: InsightState,
    /// The day that the department announced.
    pub due_at: Option<Timestamp>,
    pub competitor: Option<String>,
    pub created_by: Option<PersonId>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    /// Since when its owner has to decide, or had to: its last reopening, else its creation.
    pub waiting_since: Timestamp,
    pub version: i64,
}

impl Insight {
    /// Nobody answered for it yet, or not again.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.state, InsightState::Proposed | InsightState::Open)
    }

    /// Undecided for more than [`SILENT`].
    pub fn is_silent(&self, now: Timestamp) -> bool {
        self.is_undecided() && self.waiting_since < now - SILENT
    }

    /// Fixed, whether its effect was measured or not.
    pub const fn is_mended(&self) -> bool {
        matches!(self.state, InsightState::Fixed | InsightState::Verified)
    }
}

/// What is needed for a new insight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInsight {
    pub kind: Kind,
    pub title: String,
    pub description: String,
    /// The station's code.
    pub station: String,
    pub department: Option<DepartmentId>,
    pub competitor: Option<String>,
}

/// An insight with its past, for imports and the example company.
#[derive(Debug, Clone)]
pub struct PastInsight {
    pub new: NewInsight,
    pub owner: Option<PersonId>,
    /// Oldest first; the first is the proposal, the last gives the state.
    pub decisions: Vec<PastDecision>,
}

#[derive(Debug, Clone)]
pub struct PastDecision {
    pub state: InsightState,
    pub reason: Option<String>,
    pub due: Option<Timestamp>,
    pub person: Option<PersonId>,
    pub at: Timestamp,
}
