//! Who may find what, as a filter that is worked out once.
//!
//! Every search asks it of every document. Of a large house that is a list of some sixty queues with a million cases,
//! the same for all people of a team, and a segment of the index never changes: so what is allowed there is kept as
//! bits for as long as the segment lives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Bits kept at once; then all are forgotten. A million documents are 125 kB.
const MOST: usize = 200;

/// What was worked out, by segment and by the values that are allowed.
#[derive(Default)]
pub struct Known(Mutex<HashMap<Key, Arc<BitSet>>>);

type Key = (SegmentId, Vec<String>);

impl Known {
    fn find(&self, key: &Key) -> Option<Arc<BitSet>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: Key, bits: Arc<BitSet>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= known.len() {
            known.clear();
        }
        known.insert(key, bits);
    }
}

/// Documents with any of some values; counts nothing for the order.
#[derive(Clone)]
pub struct Allowed {
    pub field: Field,
    pub values: Vec<String>,
    pub known: Arc<Known>,
}

impl std::fmt::Debug for Allowed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Allowed({:?})", self.values)
    }
}

impl Query for Allowed {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Allowed {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let bits = self.bits(reader)?;
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(bits.as_ref().clone()), 0.0)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        if self.bits(reader)?.contains(doc) {
            Ok(Explanation::new("allowed", 0.0))
        } else {
            Err(TantivyError::InvalidArgument("it is not allowed".to_owned()))
        }
    }
}

impl Allowed {
    fn bits(&self, reader: &SegmentReader) -> tantivy::Result<Arc<BitSet>> {
        let key = (reader.segment_id(), self.values.clone());
        if let Some(known) = self.known.find(&key) {
            return Ok(known);
        }
        let mut bits = BitSet::with_max_value(reader.max_doc());
        let inverted = reader.inverted_index(self.field)?;
        for value in &self.values {
            let term = Term::from_field_text(self.field, value);
            let Some(mut documents) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            while documents.doc() != TERMINATED {
                bits.insert(documents.doc());
                documents.advance();
            }
        }
        let bits = Arc::new(bits);
        self.known.keep(key, bits.clone());
        Ok(bits)
    }
}
