//! The history of an example company, made up from a seed.
//!
//! `kitt demo` fills its database from here and `kitt demo --live` takes new mail from here; benchmarks
//! take their workload. The same seed and day give the same bytes on every machine, because nothing
//! reads a clock, a file or a random device. Deliberately absent: databases, ids, ways to change it
//! afterwards. All people, firms and addresses are made up; hosts and numbers belong to nobody.

mod cases;
mod chance;
mod course;
mod customers;
mod exposure;
mod fill;
mod goods;
mod house;
mod insights;
mod live;
mod mime;
mod model;
mod moment;
mod names;
mod png;
mod speech;
mod themes;
mod words;
mod words_english;
mod words_house;
mod workload;

pub use cases::Cases;
pub use live::Answerable;
pub use model::*;
pub use workload::{Workload, WorkloadMail, mails};

use jiff::civil::Date;

/// How large the history becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// At least 50, so that every product has somebody who bought it.
    pub customers: usize,
    pub cases: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { customers: 3_000, cases: 12_000 }
    }
}

impl Company {
    /// The company at the end of `today`, in the usual size.
    pub fn new(seed: u64, today: Date) -> Self {
        Self::of_size(seed, today, Size::default())
    }

    /// The company with more or fewer customers and cases, as benchmarks need them.
    pub fn of_size(seed: u64, today: Date, size: Size) -> Self {
        Self {
            name: house::COMPANY,
            today,
            people: house::people(),
            teams: house::teams(),
            queues: house::queues(),
            departments: house::departments(),
            stations: house::stations(),
            products: goods::products(),
            customers: customers::make(seed, today, size.customers.max(50)),
            insights: insights::make(seed, today),
            exposure: exposure::make(seed, today),
            policies: house::policies(),
            seed,
            cases: size.cases,
        }
    }

    /// How many cases [`Company::cases`] gives.
    pub const fn case_count(&self) -> usize {
        self.cases
    }

    /// All cases as they stand at `now` (unix seconds, a moment of `today`), oldest first.
    ///
    /// Nothing in them lies after `now` but deadlines, promised dates and dates to wait for.
    pub fn cases(&self, now: i64) -> Cases<'_> {
        Cases::new(self, now)
    }
}
