//! Searching the index: what fits and is allowed, in its order, with the place where it stands.

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Order, Score, Searcher, SegmentReader, TantivyDocument, Term};

use super::access::Allowed;
use super::index::{Hits, Index};
use super::query::Widening;
use super::snippet::{Marker, snippet};
use super::{Hit, Piece, Request, pieces, query};
use crate::platform::Timestamp;

/// Fewer hits are worth a second attempt with typing errors in mind.
const FEW: usize = 5;
/// How values of access begin that are one person's.
const OWN: &str = "case-person:";
/// A document's bonus for being new halves in so many days.
const HALF_LIFE: f32 = 90.0;

impl Index {
    /// What is allowed by `access` and fits, best first; typing errors count only if little is found without.
    pub fn find(&self, request: &Request, access: &[String], now: Timestamp) -> anyhow::Result<Hits> {
        let searcher = self.reader.searcher();
        let frequency = |term: &Term| searcher.doc_freq(term).unwrap_or(0);
        let widening = Widening { frequency: &frequency, fuzzy: false };
        let strict = query::build(&self.fields, request, widening);
        let strict = self.attempt(strict, request, access, now, false)?;
        if FEW <= strict.total {
            return Ok(strict);
        }
        let tolerant = query::tolerant(&self.fields, request, widening);
        let mut tolerant = self.attempt(tolerant, request, access, now, true)?;
        if tolerant.total <= strict.total {
            return Ok(strict);
        }
        if 0 < strict.total {
            tolerant.instead.clear();
        }
        Ok(tolerant)
    }

    fn attempt(
        &self,
        wanted: Option<Box<dyn Query>>,
        request: &Request,
        access: &[String],
        now: Timestamp,
        fuzzy: bool,
    ) -> anyhow::Result<Hits> {
        let Some(wanted) = wanted else { return Ok(Hits::default()) };
        let query = self.allowed(wanted, request.kind.as_deref(), access);
        let searcher = self.reader.searcher();
        let (found, total) = top(&searcher, &query, request, now)?;
        let mut marker = Marker::new(request, fuzzy);
        let mut items = Vec::with_capacity(found.len());
        for address in found {
            items.push(self.hit(&searcher.doc(address)?, &mut marker));
        }
        Ok(Hits { items, total, fuzzy, instead: marker.instead() })
    }

    fn allowed(&self, wanted: Box<dyn Query>, kind: Option<&str>, access: &[String]) -> BooleanQuery {
        // The own name is in hardly any document, and what is shared is worked out once for all.
        let (own, shared): (Vec<String>, Vec<String>) =
            access.iter().cloned().partition(|value| value.starts_with(OWN));
        let (field, known) = (self.fields.access, self.known.clone());
        let mut ways: Vec<Box<dyn Query>> = vec![Box::new(Allowed { field, values: shared, known })];
        let term =
            |value: &String| TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
        ways.extend(own.iter().map(|value| query::free(Box::new(term(value)))));
        let access = query::any(ways);
        let mut needed = vec![(Occur::Must, wanted), (Occur::Must, access)];
        if let Some(kind) = kind {
            let term = Term::from_field_text(self.fields.kind, kind);
            let kind = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
            needed.push((Occur::Must, query::free(kind)));
        }
        BooleanQuery::new(needed)
    }

    fn hit(&self, entry: &TantivyDocument, marker: &mut Marker) -> Hit {
        let text = |field| entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let (title, detail) = (text(self.fields.title), text(self.fields.detail));
        marker.look_at(title);
        marker.look_at(detail);
        let (piece, snippet) = best_piece(text(self.fields.text), marker);
        Hit {
            kind: text(self.fields.kind).to_owned(),
            title: title.to_owned(),
            detail: detail.to_owned(),
            url: text(self.fields.url).to_owned(),
            snippet,
            piece,
            updated: Timestamp(
                entry.get_first(self.fields.updated).and_then(|value| value.as_i64()).unwrap_or(0),
            ),
        }
    }
}

/// The best of what fits, and how many there are.
fn top(
    searcher: &Searcher,
    query: &dyn Query,
    request: &Request,
    now: Timestamp,
) -> anyhow::Result<(Vec<DocAddress>, usize)> {
    let page = TopDocs::with_limit(request.limit.max(1)).and_offset(request.offset);
    if request.newest {
        let by_time = page.order_by_fast_field::<i64>("updated", Order::Desc);
        let (found, total) = searcher.search(query, &(by_time, Count))?;
        return Ok((found.into_iter().map(|(_, address)| address).collect(), total));
    }
    let by_fit = page.tweak_score(move |segment: &SegmentReader| {
        let updated = segment.fast_fields().i64("updated").ok();
        move |doc: DocId, score: Score| {
            let at = updated.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
            score * freshness(Timestamp(at), now)
        }
    });
    let (found, total) = searcher.search(query, &(by_fit, Count))?;
    Ok((found.into_iter().map(|(_, address)| address).collect(), total))
}

/// The piece in which the most looked-for words stand close together; of equal ones the first.
fn best_piece(packed: &str, marker: &mut Marker) -> (Option<Piece>, String) {
    let mut best = (None, String::new());
    let mut most = 0;
    for (piece, text) in pieces::unpack(packed) {
        let (html, words) = snippet(text, marker);
        let named = piece.as_ref().is_some_and(|piece| piece.is_file && marker.look_at(&piece.name));
        if most < words {
            most = words;
            best = (piece, html);
        } else if most == 0 && named && best.0.is_none() {
            // A file may be found by its name alone.
            best.0 = piece;
        }
    }
    best
}

/// Between 2 for what changed just now and 1 for what is old.
fn freshness(updated: Timestamp, now: Timestamp) -> f32 {
    let days = u16::try_from((now.0 - updated.0).max(0) / 86_400_000_000).unwrap_or(u16::MAX);
    1.0 + 0.5f32.powf(f32::from(days) / HALF_LIFE)
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
    }
}
