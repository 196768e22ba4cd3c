//! Amounts with fractions of a cent, for calculations in several steps.
//!
//! A fraction of whole numbers instead of a float, so that a result never depends on the order of
//! the steps. It is turned into [`Money`] once, at the end.

use crate::{Currency, Money, MoneyError, Percent};

/// An amount in fractions of a cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    /// Cents = `numerator` / `denominator`, in lowest terms, `denominator` above zero.
    numerator: i128,
    denominator: i128,
    currency: Currency,
}

impl From<Money> for Exact {
    fn from(money: Money) -> Self {
        Self { numerator: money.cents.into(), denominator: 1, currency: money.currency }
    }
}

impl Exact {
    pub const fn zero(currency: Currency) -> Self {
        Self { numerator: 0, denominator: 1, currency }
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// # Errors
    ///
    /// [`MoneyError::Mixed`] for different currencies, [`MoneyError::TooLarge`] beyond `i128`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed { left: self.currency, right: other.currency });
        }
        let left = product(self.numerator, other.denominator)?;
        let right = product(other.numerator, self.denominator)?;
        let numerator = left.checked_add(right).ok_or(MoneyError::TooLarge)?;
        Ok(Self { numerator, denominator: product(self.denominator, other.denominator)?, ..self }.reduced())
    }

    /// # Errors
    ///
    /// As [`Exact::checked_add`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(Self { numerator: -other.numerator, ..other })
    }

    /// This share of the amount, still exact.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] beyond `i128`.
    pub fn share(self, share: Percent) -> Result<Self, MoneyError> {
        self.scaled(share.hundredths().into(), 10_000)
    }

    /// The amount times `numerator` / `denominator`; `denominator` must be above zero.
    pub(crate) fn scaled(self, numerator: i128, denominator: i128) -> Result<Self, MoneyError> {
        debug_assert!(0 < denominator, "callers divide by positive numbers only");
        let numerator = product(self.numerator, numerator)?;
        Ok(Self { numerator, denominator: product(self.denominator, denominator)?, ..self }.reduced())
    }

    /// Whole cents, half away from zero.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooLarge`] beyond `i64`.
    pub fn round(self) -> Result<Money, MoneyError> {
        let (whole, rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        // Compared this way round since doubling `rest` could overflow.
        let up = self.denominator - rest.abs() <= rest.abs();
        let cents = if up { whole + rest.signum() } else { whole };
        let cents = i64::try_from(cents).map_err(|_| MoneyError::TooLarge)?;
        Ok(Money::new(cents, self.currency))
    }

    /// Cents as a float, for charts and comparisons, not for adding up.
    #[expect(clippy::cast_precision_loss, reason = "callers want an approximation")]
    pub fn cents(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    fn reduced(self) -> Self {
        let divisor = gcd(self.numerator, self.denominator).max(1);
        Self { numerator: self.numerator / divisor, denominator: self.denominator / divisor, ..self }
    }
}

fn product(a: i128, b: i128) -> Result<i128, MoneyError> {
    a.checked_mul(b).ok_or(MoneyError::TooLarge)
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_cent_round_away_from_zero() {
        for (numerator, denominator, cents) in
            [(1, 2, 1), (-1, 2, -1), (49, 100, 0), (3, 2, 2), (-5, 2, -3), (7, 3, 2), (8, 3, 3), (4, 1, 4)]
        {
            let amount = Exact::from(Money::eur(1)).scaled(numerator, denominator).unwrap();
            assert_eq!(amount.round(), Ok(Money::eur(cents)), "{numerator}/{denominator}");
        }
    }

    #[test]
    fn thirds_add_up_to_the_whole() {
        let third = Exact::from(Money::eur(100)).scaled(1, 3).unwrap();
        let whole = third.checked_add(third).unwrap().checked_add(third).unwrap();
        assert_eq!(whole, Exact::from(Money::eur(100)));
    }

    #[test]
    fn books_stay_apart_and_overflow_is_an_error() {
        let eur = Exact::from(Money::eur(i64::MAX));
        assert!(matches!(eur.checked_add(Exact::zero(Currency::Chf)), Err(MoneyError::Mixed { .. })));
        let huge = eur.scaled(i128::from(i64::MAX), 1).unwrap();
        assert_eq!(huge.round(), Err(MoneyError::TooLarge));
        assert_eq!(huge.scaled(i128::from(i64::MAX), 1), Err(MoneyError::TooLarge));
    }
}
