//! All pieces, and the counts of whole stretches of time, kept once they were counted.
//!
//! A year of a large house is a million pieces; of an undisturbed past only the two ends of a period are counted
//! anew. A stretch is counted again after one of its pieces changed.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::cells::Counts;
use super::{Filter, Piece};
use crate::platform::Timestamp;

/// A stretch is 2^41 microseconds long: some 25 days.
const STRETCH: u32 = 41;

/// What the board holds at one moment.
#[derive(Clone, Default)]
pub struct Pieces {
    /// In the order of their time, with those of one case together.
    all: Arc<Vec<Piece>>,
    /// By the number of the stretch since 1970.
    counted: Arc<Mutex<HashMap<i64, Arc<Counts>>>>,
}

impl Deref for Pieces {
    type Target = [Piece];

    fn deref(&self) -> &[Piece] {
        &self.all
    }
}

impl Pieces {
    /// Takes pieces in any order.
    pub fn new(mut pieces: Vec<Piece>) -> Self {
        pieces.sort_by_key(|piece| (piece.at, piece.case));
        Self { all: Arc::new(pieces), counted: Arc::default() }
    }

    /// Puts `fresh` in the place of all that are `old`.
    pub fn replace(&mut self, old: impl Fn(&Piece) -> bool, fresh: Vec<Piece>) {
        // Who still reads the pieces as they were keeps their counts, too.
        let mut counted = self.counted().clone();
        for piece in self.all.iter().filter(|piece| old(piece)).chain(&fresh) {
            counted.remove(&stretch_of(piece.at));
        }
        self.counted = Arc::new(Mutex::new(counted));
        let all = Arc::make_mut(&mut self.all);
        all.retain(|piece| !old(piece));
        all.extend(fresh);
        all.sort_by_key(|piece| (piece.at, piece.case));
    }

    /// Counts what `filter` holds.
    pub fn count(&self, filter: &Filter) -> Counts {
        let mut counts = Counts::default();
        let (Some(first), Some(last)) = (self.all.first(), self.all.last()) else { return counts };
        let from = filter.from.max(first.at);
        let to = filter.to.min(Timestamp(last.at.0 + 1));
        // The first stretch that begins in the period, and the one in which it ends.
        let (begin, end) = (stretch_of(Timestamp(from.0 - 1)) + 1, stretch_of(to));
        if filter.is_partial() || end <= begin {
            counts.add(filter.of(&self.all));
            return counts;
        }
        counts.add(filter.between(from, start_of(begin)).of(&self.all));
        for stretch in begin..end {
            counts.add_up(&self.stretch(stretch));
        }
        counts.add(filter.between(start_of(end), to).of(&self.all));
        counts
    }

    fn stretch(&self, stretch: i64) -> Arc<Counts> {
        let mut counted = self.counted();
        let counts = counted.entry(stretch).or_insert_with(|| {
            let time = Filter::default().between(start_of(stretch), start_of(stretch + 1));
            let mut counts = Counts::default();
            counts.add(time.of(&self.all));
            Arc::new(counts)
        });
        counts.clone()
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<Counts>>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn stretch_of(at: Timestamp) -> i64 {
    at.0 >> STRETCH
}

const fn start_of(stretch: i64) -> Timestamp {
    Timestamp(stretch << STRETCH)
}

#[cfg(test)]
mod tests {
    use money::{Currency, Money};
    use proptest::prelude::*;

    use super::*;
    use crate::cases::Channel;
    use crate::findings::Kind;
    use crate::platform::{CaseId, CustomerId, DepartmentId, InsightId};

    const DAY: i64 = 86_400_000_000;

    fn piece((case, kind, place, cents): (i64, usize, i64, Option<i64>)) -> Piece {
        Piece {
            case: CaseId(case),
            customer: CustomerId(case % 70),
            insight: Some(InsightId(place)),
            kind: [Kind::Cause, Kind::Wish, Kind::Praise][kind],
            station: place % 3,
            department: (place != 0).then_some(DepartmentId(place)),
            product: None,
            channel: Channel::Email,
            share: 500,
            // Several cases at the same moment, and two pieces of one.
            at: Timestamp(case / 2 * 3 * DAY),
            cost: cents.map(|cents| Money::new(cents, Currency::Eur)),
        }
    }

    fn some_pieces() -> impl Strategy<Value = Vec<Piece>> {
        let one = (0..200_i64, 0..3_usize, 0..5_i64, proptest::option::weighted(0.95, -100..500_i64));
        proptest::collection::vec(one.prop_map(piece), 0..300)
    }

    fn shown(counts: &Counts) -> String {
        let map = counts.map();
        let mut insights: Vec<_> = counts.insights().into_iter().collect();
        insights.sort_by_key(|(insight, _)| insight.0);
        let tally =
            |tally: &super::super::Tally| format!("{} {} {:?};", tally.cases, tally.share, tally.cost());
        let mut text = format!("{} {} {}", tally(&map.total), map.customers, counts.of_kind(Kind::Wish));
        for (cell, of) in &map.cells {
            text += &format!("\n{cell:?} {}", tally(of));
        }
        for (flow, of) in &map.flows {
            text += &format!("\n{flow:?} {}", tally(of));
        }
        for (insight, of) in &insights {
            text += &format!("\n{insight:?} {}", tally(of));
        }
        text
    }

    proptest! {
        #[test]
        fn kept_counts_are_those_of_counting_anew(
            old in some_pieces(),
            fresh in some_pieces(),
            from in -40..340_i64,
            days in 0..400_i64,
        ) {
            let period = |from: i64, days: i64| {
                Filter::default().between(Timestamp(from * DAY), Timestamp((from + days) * DAY))
            };
            let anew = |pieces: &Pieces, filter: &Filter| {
                let mut counts = Counts::default();
                counts.add(filter.of(pieces));
                shown(&counts)
            };
            let before = Pieces::new(old);
            let mut after = before.clone();
            for filter in [period(from, days), period(0, 300)] {
                prop_assert_eq!(shown(&before.count(&filter)), anew(&before, &filter));
            }

            let gone = |piece: &Piece| piece.case.0 % 7 == 0;
            after.replace(gone, fresh.into_iter().filter(gone).collect());

            for filter in [period(from, days), period(0, 300)] {
                prop_assert_eq!(shown(&after.count(&filter)), anew(&after, &filter));
                prop_assert_eq!(shown(&before.count(&filter)), anew(&before, &filter));
            }
        }
    }
}
