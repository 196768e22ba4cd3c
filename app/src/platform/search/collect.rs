//! The best documents of each kind that somebody may find, and how many there are, in one pass.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::schema::Field;
use tantivy::{BitSet, DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::access::{self, Known};
use crate::platform::Timestamp;

/// A document's bonus for being new halves in so many days.
const HALF_LIFE: f64 = 90.0;
/// Older than so many days is as old.
const OLD: usize = 4_000;
/// The bonus by days.
static BONUS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let days = (0..=u16::try_from(OLD).unwrap_or(u16::MAX)).map(f64::from);
    days.map(|days| 1.0 + 0.5_f64.powf(days / HALF_LIFE)).collect()
});

pub struct Best<'a> {
    pub access: Field,
    pub kind: Field,
    pub known: &'a Known,
    /// Whoever has one of these values of access may find a document.
    pub shared: &'a [String],
    /// As `shared`; hardly any document has one.
    pub own: &'a [String],
    /// Kinds that are told apart, each with how many of the best are wanted; `None`: of all kinds together.
    pub wanted: Vec<(Option<String>, usize)>,
    /// By time instead of by fit.
    pub newest: bool,
    pub now: Timestamp,
}

/// Of one kind: the best, in their order, and how many there are.
pub type Found = Vec<(Vec<(f64, DocAddress)>, usize)>;

pub struct InSegment {
    ordinal: SegmentOrdinal,
    shared: Arc<BitSet>,
    own: Vec<DocId>,
    updated: Option<Column<i64>>,
    newest: bool,
    now: Timestamp,
    /// Documents of each kind; `None`: all.
    kinds: Vec<Option<Arc<BitSet>>>,
    tops: Vec<Top>,
}

impl Collector for Best<'_> {
    type Fruit = Found;
    type Child = InSegment;

    fn for_segment(&self, ordinal: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<InSegment> {
        let mut kinds = Vec::new();
        for (kind, _) in &self.wanted {
            let bits = |kind| self.known.with_any(reader, self.kind, std::slice::from_ref(kind));
            kinds.push(kind.as_ref().map(bits).transpose()?);
        }
        Ok(InSegment {
            ordinal,
            shared: self.known.with_any(reader, self.access, self.shared)?,
            own: access::with_rare(reader, self.access, self.own)?,
            updated: reader.fast_fields().i64("updated").ok(),
            newest: self.newest,
            now: self.now,
            kinds,
            tops: self.wanted.iter().map(|(_, keep)| Top::new(*keep)).collect(),
        })
    }

    fn requires_scoring(&self) -> bool {
        !self.newest
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut all: Vec<Top> = self.wanted.iter().map(|(_, keep)| Top::new(*keep)).collect();
        for segment in segments {
            for (top, (found, count)) in all.iter_mut().zip(segment) {
                top.count += count;
                top.found.extend(found);
            }
        }
        Ok(all.into_iter().map(Top::end).collect())
    }
}

impl SegmentCollector for InSegment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.shared.contains(doc) && self.own.binary_search(&doc).is_err() {
            return;
        }
        for (kind, top) in self.kinds.iter().zip(&mut self.tops) {
            if kind.as_ref().is_some_and(|kind| !kind.contains(doc)) {
                continue;
            }
            top.count += 1;
            // The bonus at most doubles it.
            if !self.newest && f64::from(score) * 2.0 < top.worst {
                continue;
            }
            let updated = self.updated.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
            let key = if self.newest {
                micros(updated)
            } else {
                f64::from(score) * freshness(Timestamp(updated), self.now)
            };
            top.offer(key, DocAddress::new(self.ordinal, doc));
        }
    }

    fn harvest(self) -> Found {
        self.tops.into_iter().map(Top::end).collect()
    }
}

/// Exact until the year 2255.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
const fn micros(at: i64) -> f64 {
    at as f64
}

/// The best of what was offered.
struct Top {
    keep: usize,
    found: Vec<(f64, DocAddress)>,
    /// What is not better than this is none of the best.
    worst: f64,
    count: usize,
}

impl Top {
    const fn new(keep: usize) -> Self {
        Self { keep, found: Vec::new(), worst: f64::NEG_INFINITY, count: 0 }
    }

    fn offer(&mut self, key: f64, address: DocAddress) {
        // Of equal ones the first counts, and they come in their order.
        if key <= self.worst {
            return;
        }
        self.found.push((key, address));
        if self.keep.max(1) * 2 <= self.found.len() {
            self.cut();
            self.worst = self.found.last().map_or(f64::INFINITY, |(key, _)| *key);
        }
    }

    fn cut(&mut self) {
        self.found.sort_unstable_by(better_first);
        self.found.truncate(self.keep);
    }

    fn end(mut self) -> (Vec<(f64, DocAddress)>, usize) {
        self.cut();
        (self.found, self.count)
    }
}

fn better_first(one: &(f64, DocAddress), other: &(f64, DocAddress)) -> Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// Between 2 for what changed just now and 1 for what is old.
fn freshness(updated: Timestamp, now: Timestamp) -> f64 {
    let days = usize::try_from((now.0 - updated.0).max(0) / 86_400_000_000).unwrap_or(OLD);
    BONUS.get(days.min(OLD)).copied().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_counts_twice_and_old_things_once() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let old = |days| freshness(now - Timestamp::days(days), now);
        assert!((old(0) - 2.0).abs() < 1e-6);
        assert!((old(90) - 1.5).abs() < 1e-6);
        assert!(old(4000) < 1.001);
        assert!(old(40_000) < 1.001);
    }

    #[test]
    fn the_best_stay_however_many_come() {
        let mut top = Top::new(3);
        for (doc, key) in [1.0, 5.0, 2.0, 5.0, 4.0, 3.0, 9.0, 5.0].into_iter().enumerate() {
            top.offer(key, DocAddress::new(0, u32::try_from(doc).unwrap_or_default()));
        }
        let (found, _) = top.end();
        let found: Vec<(f64, u32)> = found.iter().map(|(key, at)| (*key, at.doc_id)).collect();
        assert_eq!(found, [(9.0, 6), (5.0, 1), (5.0, 3)]);
    }

    #[test]
    fn who_wants_none_gets_none() {
        let mut top = Top::new(0);
        for doc in 0..5 {
            top.offer(f64::from(doc), DocAddress::new(0, doc));
        }
        assert!(top.end().0.is_empty());
    }
}
