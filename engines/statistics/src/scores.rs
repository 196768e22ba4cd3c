//! Survey scores, and how many answers a comparison needs.

use crate::special::normal_quantile;
use crate::{Estimate, Method, Refusal, Z, float};

/// Below this many answers a score is not shown.
const FEWEST_ANSWERS: u64 = 10;

/// Net promoter score in points (−100 to 100) with its normal interval: variance `p + d − (p − d)²`.
///
/// # Errors
///
/// [`Refusal::TooFew`] below 10 answers.
pub fn net_promoter_score(promoters: u64, passives: u64, detractors: u64) -> Result<Estimate, Refusal> {
    let n = promoters + passives + detractors;
    if n < FEWEST_ANSWERS {
        return Err(Refusal::TooFew { needed: FEWEST_ANSWERS });
    }
    let (p, d) = (float(promoters) / float(n), float(detractors) / float(n));
    let score = p - d;
    let half = Z * ((p + d - score * score) / float(n)).sqrt();
    let points = |share: f64| 100.0 * share.clamp(-1.0, 1.0);
    Ok(Estimate {
        value: points(score),
        low: points(score - half),
        high: Some(points(score + half)),
        n,
        method: Method::Wald,
    })
}

/// How many people each of two groups needs so that a test at level 5 % (two-sided) finds the difference
/// between the shares `p1` and `p2` with probability `power`.
///
/// `n = (z·√(2·p̄·q̄) + z_power·√(p1·q1 + p2·q2))² / (p1 − p2)²`, rounded up.
///
/// # Errors
///
/// [`Refusal::ImpossibleShares`] unless all three are between 0 and 1 and the shares differ.
pub fn sample_size_per_group(p1: f64, p2: f64, power: f64) -> Result<u64, Refusal> {
    let between = |share: f64| 0.0 < share && share < 1.0;
    let difference = (p1 - p2).abs();
    if !(between(p1) && between(p2) && between(power) && 1e-6 < difference) {
        return Err(Refusal::ImpossibleShares);
    }
    let mean = f64::midpoint(p1, p2);
    let under_null = Z * (2.0 * mean * (1.0 - mean)).sqrt();
    let under_difference = normal_quantile(power) * (p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt();
    let size = ((under_null + under_difference) / difference).powi(2).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, below 10^14")]
    Ok(size as u64)
}
