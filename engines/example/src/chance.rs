//! A small random generator whose results never change.
//!
//! The example company must be the same for ever from the same seed, so this is written out here
//! (splitmix64 to seed, xoshiro256** to run) instead of taken from a crate whose streams may differ
//! between versions. Not for secrets.

/// A stream of numbers that depends on nothing but the seed it was made from.
#[derive(Debug, Clone)]
pub struct Chance {
    state: [u64; 4],
}

impl Chance {
    /// A stream of its own for each pair, so that one part of the company can change without the others.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut mix = seed ^ stream.wrapping_mul(0xA076_1D64_78BD_642F);
        Self { state: std::array::from_fn(|_| splitmix(&mut mix)) }
    }

    /// The next 64 bits of xoshiro256**.
    pub fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// From 0 to `end - 1`; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("usize fits u64").max(1);
        usize::try_from(self.next() % end).expect("less than a usize")
    }

    /// From `low` to `high`, both included; `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or(1).max(1);
        low + i64::try_from(self.next() % width).expect("less than the width of an i64 range")
    }

    /// True in `percent` of 100 cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// True in `permille` of 1,000 cases.
    pub fn permille(&mut self, permille: usize) -> bool {
        self.below(1000) < permille
    }

    /// One of them. The slice must not be empty.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &'a [&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// The index of one weight; a weight of 0 is never chosen unless all are.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.next() % weights.iter().sum::<u64>().max(1);
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// `of` in a random order (Fisher and Yates).
    pub fn shuffled(&mut self, of: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..of).collect();
        for last in (1..of).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generators_give_the_published_numbers() {
        let mut state = 1_234_567;
        assert_eq!(splitmix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(splitmix(&mut state), 3_203_168_211_198_807_973);

        let mut chance = Chance { state: [1, 2, 3, 4] };
        let numbers: [u64; 4] = std::array::from_fn(|_| chance.next());
        assert_eq!(numbers, [11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240]);
    }

    #[test]
    fn a_weight_of_zero_is_never_chosen() {
        let mut chance = Chance::new(7, 2);
        for _ in 0..1000 {
            assert_ne!(chance.weighted(&[3, 0, 5]), 1);
        }
    }

    #[test]
    fn a_shuffle_keeps_every_index() {
        let mut order = Chance::new(7, 3).shuffled(50);
        order.sort_unstable();
        assert!(order.into_iter().eq(0..50));
    }
}
