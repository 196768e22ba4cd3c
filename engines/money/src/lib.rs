//! Sums of money, and what service work costs.
//!
//! Whole cents with a currency, never a float: the sums of a report must add up to the cent, and the
//! books of EUR and CHF stay apart. What needs fractions of a cent on the way (minute rates, VAT)
//! is an [`Exact`] amount, rounded once at the end.
//!
//! Rounding: half away from zero, at the cent, at the end only. Splitting a rounded sum: [`allocate`].
//!
//! Deliberately absent: formatting (a matter of the reader's language), conversion between currencies
//! (reports state their own rate), and prices: an empty input gives [`Missing`], never zero.

mod allocate;
mod currency;
mod exact;
mod parse;
mod quantity;
mod service_cost;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use allocate::{NoShares, allocate};
pub use currency::{Currency, UnknownCurrency};
pub use exact::Exact;
pub use parse::{Notation, ParseError};
pub use quantity::{Hours, OutOfRange, Percent};
pub use service_cost::{
    MinuteRate, MinuteRateInputs, Missing, RateInput, case_cost, goodwill_cost, handling_cost,
    replacement_cost,
};

/// Why two sums cannot be combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{left} and {right} are kept in separate books")]
    Mixed { left: Currency, right: Currency },
    #[error("the sum is larger than can be counted in cents")]
    TooLarge,
}

/// A sum in whole cents (Rappen) of one currency. Negative means money that leaves us.
///
/// As JSON: `{"cents":2000,"currency":"EUR"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

impl Money {
    /// `cents` are hundredths of the currency, rappen of CHF.
    pub const fn new(cents: i64, currency: Currency) -> Self {
        Self { cents, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whole cents of EUR: `Money::eur(2000)` is 20.00 €.
    pub const fn eur(cents: i64) -> Self {
        Self::new(cents, Currency::Eur)
    }

    /// Whole Rappen of CHF.
    pub const fn chf(cents: i64) -> Self {
        Self::new(cents, Currency::Chf)
    }

    pub const fn is_zero(self) -> bool {
        self.cents == 0
    }

    /// # Errors
    ///
    /// [`MoneyError::Mixed`] for different currencies, [`MoneyError::TooLarge`] beyond `i64`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_book(other)?;
        self.with(self.cents.checked_add(other.cents))
    }

    /// # Errors
    ///
    /// As [`Money::checked_add`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_book(other)?;
        self.with(self.cents.checked_sub(other.cents))
    }

    /// The same sum `count` times.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] beyond `i64`.
    pub fn checked_mul(self, count: i64) -> Result<Self, MoneyError> {
        self.with(self.cents.checked_mul(count))
    }

    /// Adds up sums of one currency; without any, zero in `currency`.
    ///
    /// # Errors
    ///
    /// As [`Money::checked_add`].
    pub fn sum(currency: Currency, sums: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        sums.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    fn same_book(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::Mixed { left: self.currency, right: other.currency })
    }

    fn with(self, cents: Option<i64>) -> Result<Self, MoneyError> {
        cents.map(|cents| Self::new(cents, self.currency)).ok_or(MoneyError::TooLarge)
    }
}

/// One total per currency, in the order of the currencies; currencies that do not occur are absent.
///
/// # Errors
///
/// [`MoneyError::TooLarge`] beyond `i64`.
pub fn books(sums: impl IntoIterator<Item = Money>) -> Result<BTreeMap<Currency, Money>, MoneyError> {
    let mut books = BTreeMap::new();
    for sum in sums {
        let total = books.entry(sum.currency).or_insert(Money::zero(sum.currency));
        *total = total.checked_add(sum)?;
    }
    Ok(books)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_never_added_to_each_other() {
        let mixed = Err(MoneyError::Mixed { left: Currency::Eur, right: Currency::Chf });
        assert_eq!(Money::eur(1).checked_add(Money::chf(1)), mixed);
        assert_eq!(Money::eur(1).checked_sub(Money::chf(1)), mixed);
        assert_eq!(Money::sum(Currency::Eur, [Money::eur(1), Money::chf(1)]), mixed);
    }

    #[test]
    fn a_sum_beyond_the_range_is_an_error_and_not_a_wrong_number() {
        assert_eq!(Money::eur(i64::MAX).checked_add(Money::eur(1)), Err(MoneyError::TooLarge));
        assert_eq!(Money::eur(i64::MIN).checked_sub(Money::eur(1)), Err(MoneyError::TooLarge));
        assert_eq!(Money::eur(i64::MAX).checked_mul(2), Err(MoneyError::TooLarge));
    }

    #[test]
    fn each_currency_has_its_own_book() {
        let books = books([Money::eur(5), Money::chf(7), Money::eur(-2)]).unwrap();
        assert_eq!(books.into_values().collect::<Vec<_>>(), [Money::eur(3), Money::chf(7)]);
    }

    #[test]
    fn json_carries_cents_and_the_currency_code() {
        let json = r#"{"cents":2000,"currency":"EUR"}"#;
        assert_eq!(serde_json::to_string(&Money::eur(2000)).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), Money::eur(2000));
        assert!(serde_json::from_str::<Money>(r#"{"cents":1,"currency":"USD"}"#).is_err());
    }
}
