//! What happened, in order, never changed. The only way that news travels between slices.
//!
//! A fact is written in the transaction that made it true. Listeners read from their own cursor and save it
//! together with their effects: restartable, exactly once, no bus.

mod check;
mod fact;
pub mod listeners;
mod store;
pub mod tail;

pub use check::JOURNAL;
pub use fact::{Fact, Turn};
pub use listeners::{Listener, heard};
pub use store::{
    Among, Cursor, Entry, after, before, changes_of_case, end, holds_back, last_at, of_case, of_house,
    of_insight, of_kinds, settled,
};

use crate::platform::{Actor, App, CaseId, CustomerId, InsightId, OwnChanges, Result, Timestamp, Tx, codes};

codes! {
    /// How a fact came to be, if not by itself; what a rule or macro did says its [`Entry::cause`].
    pub enum Way {
        /// Something was taken back.
        Undo = "undo",
        /// It was done to many cases at once.
        Bulk = "bulk",
        /// That was taken back.
        BulkUndo = "bulk-undo",
    }
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    pub case: Option<CaseId>,
    pub customer: Option<CustomerId>,
    pub insight: Option<InsightId>,
    /// The effect in cents where the fact has one, for the ledger.
    pub cents: Option<i64>,
}

impl About {
    /// About the house as a whole.
    pub const fn house() -> Self {
        Self { case: None, customer: None, insight: None, cents: None }
    }

    pub const fn case(case: CaseId) -> Self {
        Self { case: Some(case), ..Self::house() }
    }

    pub const fn customer(customer: CustomerId) -> Self {
        Self { customer: Some(customer), ..Self::house() }
    }

    pub const fn insight(insight: InsightId) -> Self {
        Self { insight: Some(insight), ..Self::house() }
    }

    #[must_use]
    pub const fn of(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    #[must_use]
    pub const fn with_insight(mut self, insight: Option<InsightId>) -> Self {
        self.insight = insight;
        self
    }

    #[must_use]
    pub const fn worth(mut self, cents: i64) -> Self {
        self.cents = Some(cents);
        self
    }
}

/// Facts that are recorded in this transaction from now on came to be in this way.
pub const fn mark(tx: &mut Tx, way: Way) {
    tx.set_way(way.code());
}

/// Records `fact` in the transaction that made it true.
#[expect(clippy::needless_pass_by_value, reason = "facts are made where they are recorded")]
pub fn record(app: &App, tx: &mut Tx, actor: &Actor, about: About, fact: Fact) -> Result<()> {
    store::append(tx, app.now(), actor, about, &fact)?;
    tx.ring_after_commit();
    app.part::<OwnChanges>().note(actor);
    Ok(())
}

/// Records what happened in a past that is made up. It is no news: listeners have to be told to pass over it, see
/// [`listeners::pass_over`].
pub fn record_past(tx: &mut Tx, at: Timestamp, actor: &Actor, about: About, fact: &Fact) -> Result<()> {
    store::append(tx, at, actor, about, fact)
}
