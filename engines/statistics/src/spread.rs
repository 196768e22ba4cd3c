//! How times spread, without keeping them: counts in steps that grow with the time.
//!
//! Spreads of days add up to that of a month, which medians do not. A step is 9 % long, and within one the times count
//! as evenly spread, so that a quantile is off by a few percent at most. No interval is given: these are all times that
//! there were, not a sample of them.

use serde::{Deserialize, Serialize};

use crate::float;

/// Steps per doubling of the time.
const PER_DOUBLING: f64 = 8.0;
/// Longer times count as this step's: 2^20 minutes, two years.
const LAST: u16 = 160;

/// Counts of times by their steps; only steps that hold something, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spread(Vec<(u16, u64)>);

impl Spread {
    /// Counts a time. What is shorter than a minute is as a minute.
    pub fn add(&mut self, minutes: f64) {
        self.count(step(minutes), 1);
    }

    /// Counts what another one counted.
    pub fn merge(&mut self, other: &Self) {
        for (step, times) in &other.0 {
            self.count(*step, *times);
        }
    }

    fn count(&mut self, step: u16, times: u64) {
        match self.0.binary_search_by_key(&step, |(step, _)| *step) {
            Ok(place) => self.0[place].1 += times,
            Err(place) => self.0.insert(place, (step, times)),
        }
    }

    /// How many times were counted.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(_, times)| times).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Minutes that the part `share` of all times did not exceed: 0.5 is the median. `None` without times.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = share.clamp(0.0, 1.0) * float(self.len());
        let mut before = 0.0;
        for (step, times) in &self.0 {
            let times = float(*times);
            if wanted <= before + times {
                let within = (wanted - before) / times;
                let (from, to) = (begin(*step), begin(step + 1));
                return Some(from + (to - from) * within);
            }
            before += times;
        }
        None
    }
}

/// Minutes with which a step begins.
fn begin(step: u16) -> f64 {
    (f64::from(step) / PER_DOUBLING).exp2()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last step")]
fn step(minutes: f64) -> u16 {
    let step = (minutes.max(1.0).log2() * PER_DOUBLING).floor();
    step.min(f64::from(LAST)) as u16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(times: impl IntoIterator<Item = f64>) -> Spread {
        let mut spread = Spread::default();
        for minutes in times {
            spread.add(minutes);
        }
        spread
    }

    #[test]
    fn nothing_counted_has_no_median() {
        assert_eq!(Spread::default().quantile(0.5), None);
        assert!(Spread::default().is_empty());
    }

    #[test]
    fn the_median_of_even_times_is_in_their_middle() {
        let spread = of((1..=1000).map(f64::from));
        let (median, most) = (spread.quantile(0.5).expect("times"), spread.quantile(0.9).expect("times"));
        assert!((485.0..515.0).contains(&median), "{median}");
        assert!((870.0..930.0).contains(&most), "{most}");
    }

    #[test]
    fn very_short_and_very_long_times_are_counted_too() {
        let spread = of([0.0, -3.0, 1e12]);
        assert_eq!(spread.len(), 3);
        assert!(spread.quantile(1.0).is_some_and(f64::is_finite));
    }

    #[test]
    fn it_is_kept_as_a_short_list() {
        let text = serde_json::to_string(&of([2.0, 2.0, 60.0])).expect("numbers");
        assert_eq!(text, "[[8,2],[47,1]]");
        assert_eq!(serde_json::from_str::<Spread>(&text).expect("as written"), of([60.0, 2.0, 2.0]));
    }

    proptest! {
        #[test]
        fn days_add_up_as_if_they_had_been_counted_together(
            one in proptest::collection::vec(1.0..100_000.0_f64, 0..50),
            other in proptest::collection::vec(1.0..100_000.0_f64, 0..50),
        ) {
            let mut sum = of(one.clone());
            sum.merge(&of(other.clone()));
            prop_assert_eq!(sum, of(one.into_iter().chain(other)));
        }

        #[test]
        fn a_quantile_is_a_step_off_at_most(
            mut times in proptest::collection::vec(1.0..100_000.0_f64, 1..200),
            share in 0.01..1.0_f64,
        ) {
            let found = of(times.clone()).quantile(share).expect("times");
            times.sort_by(f64::total_cmp);
            let place = (share * float(times.len() as u64)).ceil().max(1.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place of the list")]
            let exact = times[(place as usize).min(times.len()) - 1];
            prop_assert!(exact / 1.1 <= found && found <= exact * 1.1, "{} is not {}", found, exact);
        }
    }
}
