//! The fault map: where in the customer's life it cracks, and in whose department. The door to all counts.
//!
//! Counting 100,000 findings in SQL for every page would take too long on one core, so each node keeps the few
//! columns that are counted in memory ([`Board`]), brought up to date from the journal before each use. It is
//! never the truth: it can be dropped at any moment and is read again from the database.

mod board;
mod cells;
mod pieces;
mod store;
mod trends;

pub use board::{Board, CasePrices, Price, Prices, board};
pub use cells::{Cell, Counts, Flow, Map, Tally, tallies};
pub use pieces::Pieces;
pub use store::{Quote, Wanted, quotes};
pub use trends::{Emerging, emerging, weekly};

use crate::cases::Channel;
use crate::findings::Kind;
use crate::platform::{CaseId, CustomerId, DepartmentId, InsightId, ProductId, Timestamp};

/// A standing finding, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Piece {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    pub kind: Kind,
    /// Position of the station in the customer's life, from 0.
    pub station: i64,
    #[sqlx(rename = "department_id")]
    pub department: Option<DepartmentId>,
    #[sqlx(rename = "product_id")]
    pub product: Option<ProductId>,
    pub channel: Channel,
    /// Of the case's causes, in thousandths.
    pub share: i64,
    /// The case's creation.
    pub at: Timestamp,
    /// This finding's part of what its case cost in service; the parts of a case add up to the cent.
    #[sqlx(skip)]
    pub cost: Option<money::Money>,
}

/// Which findings count.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    /// Any of these products; `None`: all.
    pub products: Option<Vec<ProductId>>,
    pub channel: Option<Channel>,
}

impl Filter {
    /// The same filter for another time.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, ..self.clone() }
    }

    /// Does it leave something out of its time?
    pub const fn is_partial(&self) -> bool {
        self.products.is_some() || self.channel.is_some()
    }

    /// The pieces that it holds, of pieces in the order of their time, as the board keeps them.
    pub fn of<'a>(&'a self, pieces: &'a [Piece]) -> impl Iterator<Item = &'a Piece> {
        let from = pieces.partition_point(|piece| piece.at < self.from);
        let until = pieces.partition_point(|piece| piece.at < self.to).max(from);
        pieces[from..until].iter().filter(|piece| self.holds(piece))
    }

    pub fn holds(&self, piece: &Piece) -> bool {
        self.from <= piece.at
            && piece.at < self.to
            && self.channel.is_none_or(|channel| channel == piece.channel)
            && self.products.as_ref().is_none_or(|all| piece.product.is_some_and(|one| all.contains(&one)))
    }
}
