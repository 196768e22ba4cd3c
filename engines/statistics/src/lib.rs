//! Figures with their uncertainty.
//!
//! Every method but [`Spread`] answers with an [`Estimate`] that carries its 95 % interval, the number of observations
//! and its own name, or with a [`Refusal`] that says why there is no figure. Pages show either; none
//! shows a bare number.
//!
//! Deliberately absent: causal claims. A change between two periods without a control is grade D and
//! never enters a total (money model, honesty rule 1).

mod change;
mod counts;
mod scores;
mod shares;
mod special;
mod spread;

use serde::{Deserialize, Serialize};

pub use change::{Change, Grade, Period, change_per_exposure};
pub use counts::{rate, rate_ratio};
pub use scores::{net_promoter_score, sample_size_per_group};
pub use shares::{exact_share, share, share_difference};
pub use spread::Spread;

/// A figure with its 95 % interval. `low <= value <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    /// None if there is no upper limit.
    pub high: Option<f64>,
    /// What was counted: people, contacts or events, over all groups.
    pub n: u64,
    pub method: Method,
}

/// How an interval was computed; part of every figure's small print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Wilson,
    ClopperPearson,
    Newcombe,
    Garwood,
    /// Exact, given the sum of both counts.
    ConditionalExact,
    /// Normal approximation.
    Wald,
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody was asked, nothing was counted.
    #[error("there are no observations")]
    NoObservations,
    /// A part that is larger than its whole.
    #[error("the part is larger than the whole")]
    PartExceedsWhole,
    /// No orders, deliveries or customers to relate the events to, or not a number.
    #[error("the exposure is not above zero")]
    NoExposure,
    /// A ratio or change relates to a period in which something happened.
    #[error("there is nothing to compare with: the reference period has no events")]
    NoReference,
    /// Too few for a figure that could be read.
    #[error("there are fewer than {needed} observations")]
    TooFew { needed: u64 },
    /// A share, power or level that is not between 0 and 1, or groups that do not differ.
    #[error("the assumed shares cannot be used")]
    ImpossibleShares,
}

/// The 97.5 % quantile of the normal distribution, for two-sided 95 % intervals.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}
