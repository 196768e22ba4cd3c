//! How often an insight was said, by whom, about what, and what that cost.

use std::collections::{BTreeMap, HashMap};

use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::Channel;
use crate::insights;
use crate::insights::map::{Filter, Piece, tallies};
use crate::platform::{CustomerId, InsightId, ProductId, Result, Timestamp, Tx};

/// Numbers of a page are about so many days: long enough to count, short enough to be about now.
pub const DAYS: i64 = 90;

/// The last [`DAYS`].
pub fn lately(now: Timestamp) -> Filter {
    Filter { from: now - Timestamp::days(DAYS), to: Timestamp(i64::MAX), ..Filter::default() }
}

#[derive(Serialize, ToSchema)]
pub struct Numbers {
    /// Cases of the last 90 days.
    pub cases: i64,
    /// Cases ever.
    pub cases_ever: i64,
    /// Customers of the last 90 days.
    pub customers: i64,
    /// Of these, who said it more than once.
    pub more_than_once: i64,
    /// Costs in service of the last 90 days (class A, cash spent); null: not computable.
    #[schema(value_type = Option<Object>)]
    pub cost: Option<Money>,
    /// Contacts within seven days of an earlier one for the same cause, ever.
    pub repeats: i64,
    /// When it was said first.
    pub first: Option<Timestamp>,
}

impl Numbers {
    pub async fn load(tx: &mut Tx, pieces: &[Piece], insight: InsightId, now: Timestamp) -> Result<Self> {
        let own: Vec<Piece> = pieces.iter().filter(|piece| piece.insight == Some(insight)).cloned().collect();
        let lately = lately(now);
        let tally = tallies(lately.of(&own)).remove(&insight).unwrap_or_default();
        let mut by_customer: HashMap<CustomerId, i64> = HashMap::new();
        for piece in own.iter().filter(|piece| lately.holds(piece)) {
            *by_customer.entry(piece.customer).or_default() += 1;
        }
        let more_than_once = by_customer.values().filter(|count| 1 < **count).count();
        Ok(Self {
            cases: tally.cases,
            cases_ever: tallies(&own).remove(&insight).unwrap_or_default().cases,
            customers: i64::try_from(by_customer.len()).unwrap_or(i64::MAX),
            more_than_once: i64::try_from(more_than_once).unwrap_or(i64::MAX),
            cost: tally.cost(),
            repeats: insights::repeats(tx, insight).await?,
            first: own.iter().map(|piece| piece.at).min(),
        })
    }
}

/// A part of an insight's cases, such as those about one product.
#[derive(Serialize, ToSchema)]
pub struct Part {
    pub name: String,
    pub cases: i64,
    /// Of all cases of the last 90 days, in percent.
    pub percent: i64,
}

/// Products by their cases, the most frequent first.
pub fn by_product(
    pieces: &[Piece],
    insight: InsightId,
    now: Timestamp,
    names: &HashMap<ProductId, String>,
) -> Vec<Part> {
    parts(pieces, insight, now, |piece| piece.product.and_then(|product| names.get(&product).cloned()))
}

/// Channels by their cases, the most frequent first; `name` says a channel in words.
pub fn by_channel(
    pieces: &[Piece],
    insight: InsightId,
    now: Timestamp,
    name: impl Fn(Channel) -> String,
) -> Vec<Part> {
    parts(pieces, insight, now, |piece| Some(name(piece.channel)))
}

fn parts(
    pieces: &[Piece],
    insight: InsightId,
    now: Timestamp,
    name: impl Fn(&Piece) -> Option<String>,
) -> Vec<Part> {
    let lately = lately(now);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let mut all = 0;
    for piece in lately.of(pieces).filter(|piece| piece.insight == Some(insight)) {
        all += 1;
        if let Some(name) = name(piece) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut parts: Vec<Part> = counts
        .into_iter()
        .map(|(name, cases)| Part { name, cases, percent: cases * 100 / all.max(1) })
        .collect();
    parts.sort_by_key(|part| -part.cases);
    parts.truncate(5);
    parts
}
