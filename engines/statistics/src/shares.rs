//! Shares of a whole, and the difference of two.

use crate::special::beta_quantile;
use crate::{Estimate, Method, Refusal, Z, float};

/// The share of `x` in `n`, with Wilson's score interval (Wilson 1927): right even for few and for none.
///
/// # Errors
///
/// [`Refusal::NoObservations`] for `n` = 0, [`Refusal::PartExceedsWhole`] for `n` < `x`.
pub fn share(x: u64, n: u64) -> Result<Estimate, Refusal> {
    let value = proportion(x, n)?;
    let (low, high) = wilson(value, float(n));
    Ok(Estimate { value, low, high: Some(high), n, method: Method::Wilson })
}

/// The share of `x` in `n`, with the exact interval of Clopper and Pearson (1934): wider, never too narrow.
///
/// # Errors
///
/// As [`share`].
pub fn exact_share(x: u64, n: u64) -> Result<Estimate, Refusal> {
    let value = proportion(x, n)?;
    let (hits, misses) = (float(x), float(n - x));
    let low = if x == 0 { 0.0 } else { beta_quantile(0.025, hits, misses + 1.0) };
    let high = if x == n { 1.0 } else { beta_quantile(0.975, hits + 1.0, misses) };
    Ok(Estimate { value, low, high: Some(high), n, method: Method::ClopperPearson })
}

/// `x1`/`n1` − `x2`/`n2`, with Newcombe's interval from two Wilson intervals (Newcombe 1998, method 10).
///
/// # Errors
///
/// As [`share`], for either group.
pub fn share_difference(x1: u64, n1: u64, x2: u64, n2: u64) -> Result<Estimate, Refusal> {
    let (p1, p2) = (proportion(x1, n1)?, proportion(x2, n2)?);
    let ((low1, high1), (low2, high2)) = (wilson(p1, float(n1)), wilson(p2, float(n2)));
    let value = p1 - p2;
    let low = value - (p1 - low1).hypot(high2 - p2);
    let high = value + (high1 - p1).hypot(p2 - low2);
    Ok(Estimate { value, low, high: Some(high), n: n1 + n2, method: Method::Newcombe })
}

fn proportion(x: u64, n: u64) -> Result<f64, Refusal> {
    if n == 0 {
        return Err(Refusal::NoObservations);
    }
    if n < x {
        return Err(Refusal::PartExceedsWhole);
    }
    Ok(float(x) / float(n))
}

fn wilson(p: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // Rounding would leave a trace beyond the ends, which are exact.
    let low = if p == 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if (1.0 - p).abs() < f64::EPSILON { 1.0 } else { (middle + half).min(1.0) };
    (low, high)
}
