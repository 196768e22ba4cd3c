//! Insights: what many findings say together, who owns them, what was decided, and who was told.

pub mod answers;
pub mod costs;
mod decide;
mod document;
mod finders;
pub mod map;
mod model;
mod propose;
mod redact;
mod relapse;
mod search;
mod store;
pub mod suggest;
pub mod tell;
pub mod web;

pub use decide::{
    Comment, Decided, Decision, MOVED, RELAPSE, STAYS, Step, arbiters, comment, decide, may_decide,
    may_settle, next, own, settle,
};
pub use document::{Documentation, Item, What, document};
pub use finders::FINDERS;
pub use model::{Insight, InsightState, NewInsight, PastDecision, PastInsight};
pub use propose::{add_past, add_past_comment, propose};
pub use redact::{Names, redact};
pub use search::SEARCH;
pub use store::{arbiter, comments, decisions, find, repeats};
pub use suggest::{keep_up, study, suggest, taught};

pub use crate::findings::{Kind, Station, stations};
use crate::journal::Listener;
use crate::platform::{InsightId, JobKind, Result, Tx};

pub static LISTENERS: [&Listener; 2] = [&relapse::RELAPSES, &tell::UNDELIVERED];

pub static JOBS: [&JobKind; 2] = [&tell::JOB, &answers::JOB];

pub async fn insight(tx: &mut Tx, insight: InsightId) -> Result<Insight> {
    store::insight(tx, insight).await
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Insight>> {
    store::all(tx).await
}

/// Up to `limit` insights whose title has all words of `query`.
pub async fn search(tx: &mut Tx, query: &str, kind: Option<Kind>, limit: i64) -> Result<Vec<Insight>> {
    store::search(tx, query, kind, limit).await
}
