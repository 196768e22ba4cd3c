//! Which documents have a value, as bits that are worked out once.
//!
//! Every search asks of every document who may find it. Of a large house that is a list of some sixty queues with a
//! million cases, the same for all people of a team, and a segment of the index never changes: so what is allowed
//! there is kept as bits for as long as the segment lives. Kinds are told apart in the same way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, SegmentReader, TERMINATED, Term};

/// Bits kept at once; then all are forgotten. A million documents are 125 kB.
const MOST: usize = 200;

/// What was worked out, by segment and by the values of a field.
#[derive(Default)]
pub struct Known(Mutex<HashMap<Key, Arc<BitSet>>>);

type Key = (SegmentId, Field, Vec<String>);

impl Known {
    /// The documents of a segment with any of these values.
    pub fn with_any(
        &self,
        reader: &SegmentReader,
        field: Field,
        values: &[String],
    ) -> tantivy::Result<Arc<BitSet>> {
        let key = (reader.segment_id(), field, values.to_vec());
        if let Some(known) = self.find(&key) {
            return Ok(known);
        }
        let mut bits = BitSet::with_max_value(reader.max_doc());
        for value in values {
            each(reader, field, value, |doc| {
                bits.insert(doc);
            })?;
        }
        let bits = Arc::new(bits);
        self.keep(key, bits.clone());
        Ok(bits)
    }

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

/// The documents of a segment with any of these values, of which few have one.
pub fn with_rare(reader: &SegmentReader, field: Field, values: &[String]) -> tantivy::Result<Vec<DocId>> {
    let mut documents = Vec::new();
    for value in values {
        each(reader, field, value, |doc| documents.push(doc))?;
    }
    documents.sort_unstable();
    Ok(documents)
}

fn each(
    reader: &SegmentReader,
    field: Field,
    value: &str,
    mut found: impl FnMut(DocId),
) -> tantivy::Result<()> {
    let term = Term::from_field_text(field, value);
    let postings = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
    let Some(mut documents) = postings else { return Ok(()) };
    while documents.doc() != TERMINATED {
        found(documents.doc());
        documents.advance();
    }
    Ok(())
}
