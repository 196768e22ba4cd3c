//! After a change of the settings the deadlines of all open cases are computed again; how far that is.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::platform::{CaseId, Result, Timestamp, Tx};

/// One walk over all open cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
#[schema(as = DeadlineRun)]
pub struct Run {
    pub id: i64,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// The last case that was done.
    #[serde(skip)]
    pub cursor: CaseId,
    pub done: i64,
    pub total: i64,
}

/// Begins a walk over `total` cases; the one before ends with that.
pub async fn start(tx: &mut Tx, total: i64, now: Timestamp) -> Result<i64> {
    store::end_runs(tx, now).await?;
    store::insert_run(tx, total, now).await
}

/// The newest walk.
pub async fn newest(tx: &mut Tx) -> Result<Option<Run>> {
    store::newest_run(tx).await
}

/// The walk has come as far as `run` says.
pub async fn advance(tx: &mut Tx, run: &Run) -> Result<()> {
    store::update_run(tx, run).await
}
