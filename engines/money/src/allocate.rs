//! Splitting a sum so that the parts add up to the cent.

use crate::Money;

/// All shares are zero, or there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no share above zero to split the sum by")]
pub struct NoShares;

/// Splits `total` in proportion to `shares`, in their order; the parts add up to `total` exactly.
///
/// Largest remainder: everyone gets the whole cents of their part, the cents left over go to the
/// largest fractions; equal fractions to the earlier share. A share of zero gets nothing. Negative
/// totals are split as their positive counterpart.
///
/// # Errors
///
/// [`NoShares`] if `shares` is empty or all zero.
pub fn allocate(total: Money, shares: &[u32]) -> Result<Vec<Money>, NoShares> {
    if shares.iter().all(|&share| share == 0) {
        return Err(NoShares);
    }
    let sign = i128::from(total.cents.signum());
    let parts = in_proportion(i128::from(total.cents).abs(), shares);
    Ok(parts.into_iter().map(|part| Money::new(cents(sign * part), total.currency)).collect())
}

/// Splits `size`, which is not negative, by `shares`, of which one at least is above zero.
fn in_proportion(size: i128, shares: &[u32]) -> Vec<i128> {
    let whole: i128 = shares.iter().copied().map(i128::from).sum();
    let mut parts: Vec<i128> = shares.iter().map(|&share| size * i128::from(share) / whole).collect();
    let left = usize::try_from(size - parts.iter().sum::<i128>()).expect("less than one cent per share");

    let mut by_remainder: Vec<usize> = (0..shares.len()).collect();
    by_remainder.sort_by_key(|&index| -(size * i128::from(shares[index]) % whole));
    for &index in &by_remainder[..left] {
        parts[index] += 1;
    }
    parts
}

fn cents(part: i128) -> i64 {
    i64::try_from(part).expect("a part is not larger than the total")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cents_left_over_go_to_the_largest_fractions() {
        for (total, shares, parts) in [
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (5262, vec![80, 20], vec![4210, 1052]),
            (-100, vec![1, 1, 1], vec![-34, -33, -33]),
            (1, vec![0, 1, 1], vec![0, 1, 0]),
            (0, vec![3, 4], vec![0, 0]),
            (7, vec![5], vec![7]),
        ] {
            let split = allocate(Money::eur(total), &shares).unwrap();
            let cents: Vec<i64> = split.iter().map(|part| part.cents).collect();
            assert_eq!(cents, parts, "{total} by {shares:?}");
        }
    }

    #[test]
    fn nothing_to_split_by_is_an_error() {
        assert_eq!(allocate(Money::eur(1), &[]), Err(NoShares));
        assert_eq!(allocate(Money::eur(1), &[0, 0]), Err(NoShares));
    }

    proptest! {
        #[test]
        fn the_parts_add_up_and_are_within_one_cent_of_their_share(
            cents in any::<i64>(),
            shares in proptest::collection::vec(0u32.., 1..12),
        ) {
            prop_assume!(shares.iter().any(|&share| share != 0));
            let parts = allocate(Money::eur(cents), &shares).unwrap();

            let sum: i128 = parts.iter().map(|part| i128::from(part.cents)).sum();
            prop_assert_eq!(sum, i128::from(cents));
            let whole: i128 = shares.iter().copied().map(i128::from).sum();
            for (part, &share) in parts.iter().zip(&shares) {
                let off = i128::from(part.cents) * whole - i128::from(cents) * i128::from(share);
                prop_assert!(off.abs() < whole);
            }
        }
    }
}
