//! Counts of events per exposure (orders, deliveries, active customers, days).

use crate::special::{beta_quantile, gamma_quantile};
use crate::{Estimate, Method, Refusal, float};

/// Events per unit of exposure, with Garwood's exact Poisson interval (Garwood 1936).
///
/// # Errors
///
/// [`Refusal::NoExposure`] unless `exposure` is above zero.
pub fn rate(events: u64, exposure: f64) -> Result<Estimate, Refusal> {
    let exposure = positive(exposure)?;
    let k = float(events);
    let low = if events == 0 { 0.0 } else { gamma_quantile(0.025, k) };
    let high = gamma_quantile(0.975, k + 1.0);
    Ok(Estimate {
        value: k / exposure,
        low: low / exposure,
        high: Some(high / exposure),
        n: events,
        method: Method::Garwood,
    })
}

/// The rate of the first group divided by that of the second, with the exact interval that is
/// conditional on the sum of both counts (a Clopper-Pearson interval for the first group's part).
///
/// Without an upper limit if nothing happened in the second group.
///
/// # Errors
///
/// [`Refusal::NoExposure`]; [`Refusal::NoReference`] if the second group has no events.
pub fn rate_ratio(
    events: u64,
    exposure: f64,
    reference_events: u64,
    reference_exposure: f64,
) -> Result<Estimate, Refusal> {
    let (exposure, reference_exposure) = (positive(exposure)?, positive(reference_exposure)?);
    if reference_events == 0 {
        return Err(Refusal::NoReference);
    }
    let (a, b) = (float(events), float(reference_events));
    let low = if events == 0 { 0.0 } else { beta_quantile(0.025, a, b + 1.0) };
    let high = beta_quantile(0.975, a + 1.0, b);
    let odds = |part: f64| part / (1.0 - part) * reference_exposure / exposure;
    Ok(Estimate {
        value: (a / exposure) / (b / reference_exposure),
        low: odds(low),
        high: Some(odds(high)),
        n: events + reference_events,
        method: Method::ConditionalExact,
    })
}

fn positive(exposure: f64) -> Result<f64, Refusal> {
    if exposure.is_finite() && 0.0 < exposure { Ok(exposure) } else { Err(Refusal::NoExposure) }
}
