//! Before and after, without a control group.

use serde::{Deserialize, Serialize};

use crate::{Estimate, Refusal, rate_ratio};

/// How far a figure can be trusted as an effect (money model, honesty rule 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// Randomised.
    A,
    /// Threshold, staggered start, or a control series.
    B,
    /// Matched.
    C,
    /// Plain before and after.
    D,
    /// Assumed.
    E,
}

impl Grade {
    /// D and E are listed, but never added up.
    pub fn enters_totals(self) -> bool {
        self <= Self::C
    }
}

/// What was counted in one period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Period {
    pub events: u64,
    /// Orders, deliveries or active customers, in the same unit for both periods.
    pub exposure: f64,
}

/// A change from one period to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change {
    /// −0.45 means 45 % fewer events per exposure than before.
    pub relative: Estimate,
    /// Always [`Grade::D`]: season, trend and everything else that happened are in it.
    pub grade: Grade,
    /// The interval does not contain "no change".
    pub is_clear: bool,
}

/// The relative change of events per exposure. Grade D: it says that something changed, not why.
///
/// # Errors
///
/// [`Refusal::NoExposure`]; [`Refusal::NoReference`] if nothing happened before.
pub fn change_per_exposure(before: Period, after: Period) -> Result<Change, Refusal> {
    let ratio = rate_ratio(after.events, after.exposure, before.events, before.exposure)?;
    let relative = Estimate {
        value: ratio.value - 1.0,
        low: ratio.low - 1.0,
        high: ratio.high.map(|high| high - 1.0),
        ..ratio
    };
    let is_clear = 0.0 < relative.low || relative.high.is_some_and(|high| high < 0.0);
    Ok(Change { relative, grade: Grade::D, is_clear })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(events: u64, exposure: f64) -> Period {
        Period { events, exposure }
    }

    #[test]
    fn a_change_without_control_is_grade_d_and_never_in_a_total() {
        let change = change_per_exposure(period(240, 8.0), period(130, 8.0)).unwrap();
        assert!((change.relative.value + 0.458_333).abs() < 1e-6);
        assert!(change.is_clear);
        assert_eq!(change.grade, Grade::D);
        assert!(!change.grade.enters_totals() && Grade::C.enters_totals());
    }

    #[test]
    fn few_events_change_nothing_clearly() {
        let change = change_per_exposure(period(4, 100.0), period(2, 100.0)).unwrap();
        assert!(!change.is_clear, "{change:?}");
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        assert_eq!(change_per_exposure(period(0, 1.0), period(3, 1.0)), Err(Refusal::NoReference));
        for exposure in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(change_per_exposure(period(3, exposure), period(3, 1.0)), Err(Refusal::NoExposure));
        }
        let gone = change_per_exposure(period(30, 1.0), period(0, 1.0)).unwrap();
        assert!((gone.relative.value + 1.0).abs() < 1e-12 && (gone.relative.low + 1.0).abs() < 1e-12);
    }
}
