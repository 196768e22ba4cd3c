//! What was decided and said about an insight, in words.

use serde::Serialize;
use utoipa::ToSchema;

use crate::insights;
use crate::insights::{Insight, InsightState};
use crate::platform::{Page, Result, Timestamp, Tx};

/// A decision with its reason and who made it.
#[derive(Serialize, ToSchema)]
pub struct DecisionJson {
    pub state: InsightState,
    pub reason: Option<String>,
    /// The announced day.
    pub due_at: Option<Timestamp>,
    /// Who settles the dispute.
    pub arbiter: Option<String>,
    pub by: Option<String>,
    pub at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct CommentJson {
    pub text: String,
    pub by: Option<String>,
    pub at: Timestamp,
}

/// How long an owner took, or has been silent.
#[derive(Serialize, ToSchema)]
pub struct Waiting {
    /// Since when the owner has to decide, or had to.
    pub since: Timestamp,
    /// Days until the decision; null while there is none.
    pub days_to_decision: Option<i64>,
    /// No decision for more than 14 days.
    pub silent: bool,
}

const DAY: i64 = 86_400 * 1_000_000;

impl Waiting {
    pub fn new(insight: &Insight, now: Timestamp) -> Self {
        let since = insight.waiting_since;
        let decided = insight.decided_at.filter(|_| !insight.is_undecided());
        Self {
            since,
            days_to_decision: decided.map(|at| (at.0 - since.0).max(0) / DAY),
            silent: insight.is_silent(now),
        }
    }
}

pub async fn decisions(tx: &mut Tx, page: &Page, insight: &Insight) -> Result<Vec<DecisionJson>> {
    let json = |decided: insights::Decided| DecisionJson {
        reason: decided.reason.map(|reason| reason_in_words(page, reason)),
        state: decided.state,
        due_at: decided.due_at,
        arbiter: decided.arbiter,
        by: decided.by,
        at: decided.at,
    };
    Ok(insights::decisions(tx, insight.id).await?.into_iter().map(json).collect())
}

/// Kitt's own reasons are codes, people's are their words.
fn reason_in_words(page: &Page, reason: String) -> String {
    match reason.as_str() {
        insights::RELAPSE => page.t("insight-relapse").into_owned(),
        insights::STAYS => page.t("insight-stays").into_owned(),
        insights::MOVED => page.t("insight-was-moved").into_owned(),
        _ => reason,
    }
}

pub async fn comments(tx: &mut Tx, insight: &Insight) -> Result<Vec<CommentJson>> {
    let json =
        |comment: insights::Comment| CommentJson { text: comment.text, by: comment.by, at: comment.at };
    Ok(insights::comments(tx, insight.id).await?.into_iter().map(json).collect())
}
