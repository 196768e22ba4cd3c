//! Class A of the money model: cash that service work has cost (Ist).
//!
//! Formulas: docs/money.md, "Minute rate", "Handling", "Goodwill", "Refund/replacement". Everything
//! stays [`Exact`] until the caller rounds the figure it shows or books.
//!
//! Deliberately absent: expected losses and benefits (classes B and C are never added to A), and any
//! default price.

use serde::{Deserialize, Serialize};

use crate::{Currency, Exact, Hours, Money, MoneyError, Percent};

/// What a company enters once so that handling time can be priced. All empty at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteRateInputs {
    /// What one full-time agent costs the employer in a year, without overhead.
    pub yearly_cost: Option<Money>,
    /// Rooms, tools and management on top of `yearly_cost`.
    pub overhead_percent: Option<Percent>,
    /// Hours paid per full-time agent and year.
    pub paid_hours: Option<Hours>,
    /// Share of the paid hours in which nobody can take contacts: leave, sickness, training, breaks.
    pub shrinkage_percent: Option<Percent>,
}

/// One of the four inputs, to point at the field that needs a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateInput {
    YearlyCost,
    OverheadPercent,
    PaidHours,
    ShrinkagePercent,
}

/// Why there is no minute rate: shown as "nicht berechenbar", never as zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("not computable: empty {empty:?}, impossible {impossible:?}")]
pub struct Missing {
    /// Nothing was entered.
    pub empty: Vec<RateInput>,
    /// Entered, but no rate follows from it: a negative cost, no hours, a shrinkage of 100 % or more.
    pub impossible: Vec<RateInput>,
}

impl MinuteRateInputs {
    /// `yearly_cost · (1 + overhead) / (paid_hours · (1 − shrinkage) · 60)`.
    ///
    /// # Errors
    ///
    /// [`Missing`] lists every input that stands in the way.
    pub fn minute_rate(&self) -> Result<MinuteRate, Missing> {
        let missing = self.missing();
        let (Some(cost), Some(overhead), Some(hours), Some(shrinkage)) =
            (self.yearly_cost, self.overhead_percent, self.paid_hours, self.shrinkage_percent)
        else {
            return Err(missing);
        };
        if !missing.impossible.is_empty() {
            return Err(missing);
        }
        Ok(MinuteRate { per_second: per_second(cost, overhead, hours, shrinkage) })
    }

    fn missing(&self) -> Missing {
        let fields = [
            (RateInput::YearlyCost, self.yearly_cost.map(|cost| 0 <= cost.cents)),
            (RateInput::OverheadPercent, self.overhead_percent.map(|_| true)),
            (RateInput::PaidHours, self.paid_hours.map(|hours| 0 < hours.hundredths())),
            (RateInput::ShrinkagePercent, self.shrinkage_percent.map(|share| share < Percent::whole(100))),
        ];
        let with = |state| fields.iter().filter(|(_, s)| *s == state).map(|(input, _)| *input).collect();
        Missing { empty: with(None), impossible: with(Some(false)) }
    }
}

/// Inputs are possible ones: hours above zero, shrinkage below 100 %.
fn per_second(cost: Money, overhead: Percent, hours: Hours, shrinkage: Percent) -> Exact {
    let numerator = i128::from(10_000 + u64::from(overhead.hundredths())) * 100;
    let available = i128::from(10_000 - shrinkage.hundredths());
    let denominator = i128::from(hours.hundredths()) * available * 3600;
    Exact::from(cost).scaled(numerator, denominator).expect("below 2^63 · 2^39, denominator below 2^58")
}

/// The price of one minute of active handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinuteRate {
    per_second: Exact,
}

impl MinuteRate {
    /// That of the cost it was computed from.
    pub const fn currency(self) -> Currency {
        self.per_second.currency()
    }

    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] for absurd inputs.
    pub fn per_minute(self) -> Result<Exact, MoneyError> {
        self.per_second.scaled(60, 1)
    }

    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] for absurd inputs.
    pub fn per_hour(self) -> Result<Exact, MoneyError> {
        self.per_second.scaled(3600, 1)
    }

    /// The "loaded" rate: waiting time is paid by the work that comes, so the rate is divided by
    /// `occupancy`, the share of the available time spent handling. None at an occupancy of zero.
    pub fn loaded(self, occupancy: Percent) -> Option<Self> {
        if occupancy.hundredths() == 0 {
            return None;
        }
        let per_second = self.per_second.scaled(10_000, occupancy.hundredths().into()).ok()?;
        Some(Self { per_second })
    }
}

/// What `active_seconds` of handling cost; the seconds of repeat cases belong to it.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] for absurd inputs.
pub fn handling_cost(active_seconds: u32, rate: MinuteRate) -> Result<Exact, MoneyError> {
    rate.per_second.scaled(active_seconds.into(), 1)
}

/// What a goodwill of `gross` costs: net of `vat`, times the share that is `redeemed` (cash: 100 %).
///
/// # Errors
///
/// [`MoneyError::TooLarge`] for absurd inputs.
pub fn goodwill_cost(gross: Money, vat: Percent, redeemed: Percent) -> Result<Exact, MoneyError> {
    Exact::from(gross).scaled(10_000, 10_000 + i128::from(vat.hundredths()))?.share(redeemed)
}

/// What a replacement costs: cost price, shipping and return handling, less what is recovered.
///
/// # Errors
///
/// [`MoneyError`] for mixed currencies or absurd sums.
pub fn replacement_cost(
    unit_cost: Money,
    shipping: Money,
    return_handling: Money,
    recovered: Money,
) -> Result<Exact, MoneyError> {
    let spent = unit_cost.checked_add(shipping)?.checked_add(return_handling)?;
    Ok(spent.checked_sub(recovered)?.into())
}

/// Class A of one case: handling, goodwill, refunds and replacements.
///
/// # Errors
///
/// [`MoneyError`] for mixed currencies or absurd sums.
pub fn case_cost(handling: Exact, goodwill: Exact, refunds: Exact) -> Result<Exact, MoneyError> {
    handling.checked_add(goodwill)?.checked_add(refunds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> MinuteRateInputs {
        MinuteRateInputs {
            yearly_cost: Some(Money::eur(4_680_000)),
            overhead_percent: Some(Percent::whole(20)),
            paid_hours: Some(Hours::whole(2002)),
            shrinkage_percent: Some(Percent::whole(30)),
        }
    }

    #[test]
    fn empty_inputs_are_named_and_never_cost_nothing() {
        use RateInput::{OverheadPercent, PaidHours, ShrinkagePercent, YearlyCost};
        let missing = MinuteRateInputs::default().minute_rate().unwrap_err();
        assert_eq!(missing.empty, [YearlyCost, OverheadPercent, PaidHours, ShrinkagePercent]);

        let missing = MinuteRateInputs { paid_hours: None, ..inputs() }.minute_rate().unwrap_err();
        assert_eq!(missing, Missing { empty: vec![PaidHours], impossible: vec![] });
    }

    #[test]
    fn impossible_inputs_are_named_too() {
        use RateInput::{PaidHours, ShrinkagePercent, YearlyCost};
        let wrong = MinuteRateInputs {
            yearly_cost: Some(Money::eur(-1)),
            paid_hours: Some(Hours::whole(0)),
            shrinkage_percent: Some(Percent::whole(100)),
            ..inputs()
        };
        let missing = wrong.minute_rate().unwrap_err();
        assert_eq!(missing.impossible, [YearlyCost, PaidHours, ShrinkagePercent]);
    }

    #[test]
    fn the_largest_inputs_do_not_overflow_the_rate() {
        let largest = MinuteRateInputs {
            yearly_cost: Some(Money::eur(i64::MAX)),
            overhead_percent: Some(Percent::from_hundredths(u32::MAX)),
            paid_hours: Some(Hours::from_hundredths(u32::MAX)),
            shrinkage_percent: Some(Percent::whole(0)),
        };
        assert!(largest.minute_rate().is_ok());
    }

    #[test]
    fn a_rate_without_occupancy_cannot_be_loaded() {
        assert_eq!(inputs().minute_rate().unwrap().loaded(Percent::whole(0)), None);
    }
}
