//! One drill: how long it goes on, and which random moments it chooses.
//!
//! Without further word it is small, for every test run. `KITT_DRILL_SECONDS` lets it go on for so long,
//! `KITT_DRILL_SEED` repeats its moments; the machine's own timing stays what it is.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::house::On;

/// A drill that goes on.
pub struct Drill {
    pub name: &'static str,
    pub on: On,
    pub seed: u64,
    /// Asked for by `make drill`, not part of a test run.
    pub is_long: bool,
    pub rounds: usize,
    pub began: Instant,
    least: usize,
    until: Instant,
    random: StdRng,
}

fn number(name: &str) -> Result<Option<u64>> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text.parse().with_context(|| format!("{name} is not a number"))?)),
        Err(_) => Ok(None),
    }
}

impl Drill {
    /// Has at least `least` rounds.
    pub fn new(name: &'static str, on: On, least: usize) -> Result<Self> {
        let seed = number("KITT_DRILL_SEED")?.unwrap_or_else(rand::random);
        let seconds = number("KITT_DRILL_SECONDS")?;
        let began = Instant::now();
        println!("{name} on {on}: seed {seed}");
        Ok(Self {
            name,
            on,
            seed,
            is_long: seconds.is_some(),
            rounds: 0,
            began,
            least,
            until: began + Duration::from_secs(seconds.unwrap_or(0)),
            random: StdRng::seed_from_u64(seed),
        })
    }

    /// Begins the next round, if there is one.
    pub fn goes_on(&mut self) -> bool {
        let more = self.rounds < self.least || Instant::now() < self.until;
        if more {
            self.rounds += 1;
            println!("{} on {}: round {} after {:?}", self.name, self.on, self.rounds, self.began.elapsed());
        }
        more
    }

    /// Larger in a long drill.
    pub const fn size(&self, small: usize) -> usize {
        if self.is_long { 4 * small } else { small }
    }

    /// Waits for a random while.
    pub fn pause(&mut self, from: Duration, to: Duration) {
        std::thread::sleep(self.random.random_range(from..to));
    }
}
