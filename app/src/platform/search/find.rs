//! Searching the index: what fits and is allowed, in its order, with the place where it stands.

use std::ops::{Bound, Range};

use searchbox::Text;
use tantivy::query::{BooleanQuery, Occur, Query, RangeQuery};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use super::collect::{Best, Found};
use super::index::{Hits, Index};
use super::query::Widening;
use super::snippet::{Marker, snippet};
use super::{Hit, Piece, Request, Want, Wish, analysis, pieces, query};
use crate::platform::Timestamp;

/// Fewer hits are worth a second attempt with typing errors in mind.
const FEW: usize = 5;
/// How values of access begin that are one person's.
const OWN: &str = "case-person:";
/// Totals are exact up to here.
pub const EXACT: usize = 1_000;
/// Of words that stand in more documents than this, the newest so many are looked at first.
const MANY: u64 = 100_000;
/// Documents whose time is looked at to learn when the newest [`MANY`] begin.
const SAMPLE: u64 = 2_000;

/// More than any index has.
const EVERYTHING: usize = 1 << 31;

/// Where all that was found stands, in the index as it was then.
pub struct Places {
    searcher: Searcher,
    found: Vec<DocAddress>,
    fuzzy: bool,
}

impl Places {
    pub const fn count(&self) -> usize {
        self.found.len()
    }
}

/// Which attempt it is.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    request: &'a Request,
    wishes: &'a [Wish],
    access: &'a [String],
    now: Timestamp,
    fuzzy: bool,
}

impl Index {
    /// What is allowed by `access` and fits, best first, for each wish; typing errors count only if little is found
    /// without.
    pub fn find(
        &self,
        request: &Request,
        wishes: &[Wish],
        access: &[String],
        now: Timestamp,
    ) -> anyhow::Result<Vec<Hits>> {
        let searcher = self.reader.searcher();
        let frequency = |term: &Term| searcher.doc_freq(term).unwrap_or(0);
        let widening = Widening { frequency: &frequency, fuzzy: false };
        let attempt = Attempt { request, wishes, access, now, fuzzy: false };
        let Some(strict) = query::build(&self.fields, request, widening) else {
            return Ok(vec![Hits::default(); wishes.len()]);
        };
        if let Some(found) = self.among_the_newest(&searcher, strict.as_ref(), attempt)? {
            return self.hits(&searcher, found, attempt);
        }
        let found = self.best(&searcher, strict.as_ref(), attempt)?;
        let total: usize = found.iter().map(|(_, total)| total).sum();
        if FEW <= total || request.strict {
            return self.hits(&searcher, found, attempt);
        }
        let tolerant = query::tolerant(&self.fields, request, widening);
        let attempt = Attempt { fuzzy: true, ..attempt };
        let near = tolerant.map(|query| self.best(&searcher, query.as_ref(), attempt)).transpose()?;
        let near = near.filter(|near| total < near.iter().map(|(_, total)| total).sum());
        let Some(near) = near else {
            return self.hits(&searcher, found, Attempt { fuzzy: false, ..attempt });
        };
        let mut hits = self.hits(&searcher, near, attempt)?;
        if 0 < total {
            for hits in &mut hits {
                hits.instead.clear();
            }
        }
        Ok(hits)
    }

    /// All of one kind that is allowed by `access` and fits, best first, as the index is now.
    pub fn whole(
        &self,
        request: &Request,
        kind: &str,
        access: &[String],
        now: Timestamp,
    ) -> anyhow::Result<Places> {
        let searcher = self.reader.searcher();
        let frequency = |term: &Term| searcher.doc_freq(term).unwrap_or(0);
        let widening = Widening { frequency: &frequency, fuzzy: false };
        let wishes = [Wish { kind: Some(kind.to_owned()), limit: EVERYTHING, offset: 0 }];
        let attempt = Attempt { request, wishes: &wishes, access, now, fuzzy: false };
        let places = |found: Found| found.into_iter().flat_map(|(best, _)| best).map(|(_, place)| place);
        let (mut found, mut fuzzy) = (Vec::new(), false);
        if let Some(strict) = query::build(&self.fields, request, widening) {
            found = places(self.best(&searcher, strict.as_ref(), attempt)?).collect();
            let few = found.len() < FEW && !request.strict;
            let tolerant = if few { query::tolerant(&self.fields, request, widening) } else { None };
            if let Some(tolerant) = tolerant {
                let near: Vec<DocAddress> =
                    places(self.best(&searcher, tolerant.as_ref(), attempt)?).collect();
                if found.len() < near.len() {
                    (found, fuzzy) = (near, true);
                }
            }
        }
        Ok(Places { searcher, found, fuzzy })
    }

    /// Some of them, in their order.
    pub fn read(&self, places: &Places, request: &Request, part: Range<usize>) -> anyhow::Result<Vec<Hit>> {
        let mut marker = Marker::new(request, places.fuzzy);
        let part = places.found.get(part).unwrap_or_default();
        part.iter().map(|place| Ok(self.hit(&places.searcher.doc(*place)?, &mut marker))).collect()
    }

    fn best(
        &self,
        searcher: &Searcher,
        wanted: &dyn Query,
        Attempt { request, wishes, access, now, .. }: Attempt<'_>,
    ) -> anyhow::Result<Found> {
        // The own name is in hardly any document, and what is shared is worked out once for all.
        let (own, shared): (Vec<String>, Vec<String>) =
            access.iter().cloned().partition(|value| value.starts_with(OWN));
        let wanted_of = |wish: &Wish| (wish.kind.clone(), wish.offset + wish.limit);
        let collector = Best {
            access: self.fields.access,
            kind: self.fields.kind,
            known: &self.known,
            shared: &shared,
            own: &own,
            wanted: wishes.iter().map(wanted_of).collect(),
            newest: request.newest,
            now,
        };
        Ok(searcher.search(wanted, &collector)?)
    }

    /// Of words that stand almost everywhere, what is new decides: the newest documents, if there are more than anybody
    /// counts. Kinds with few documents are looked through as a whole. The same for every page: else they would overlap.
    fn among_the_newest(
        &self,
        searcher: &Searcher,
        wanted: &dyn Query,
        attempt: Attempt<'_>,
    ) -> anyhow::Result<Option<Found>> {
        if !self.is_everywhere(searcher, attempt.request) {
            return Ok(None);
        }
        let Some(since) = since(searcher)? else { return Ok(None) };
        let is_large = |kind: &str| {
            let term = Term::from_field_text(self.fields.kind, kind);
            MANY < searcher.doc_freq(&term).unwrap_or(0)
        };
        let kinds: Vec<&String> = attempt.wishes.iter().filter_map(|wish| wish.kind.as_ref()).collect();
        let small = kinds.into_iter().filter(|kind| !is_large(kind)).cloned().collect::<Vec<_>>();
        let since = Bound::Included(Term::from_field_i64(self.fields.updated, since));
        let new: Box<dyn Query> = Box::new(RangeQuery::new(since, Bound::Unbounded));
        let enough = query::any(vec![query::free(new), query::free(query::set(self.fields.kind, &small))]);
        let narrowed = BooleanQuery::new(vec![(Occur::Must, wanted.box_clone()), (Occur::Must, enough)]);
        let found = self.best(searcher, &narrowed, attempt)?;
        let is_whole = |(wish, (_, total)): (&Wish, &(Vec<_>, usize))| {
            wish.kind.as_ref().is_some_and(|kind| small.contains(kind)) || EXACT < *total
        };
        Ok(attempt.wishes.iter().zip(&found).all(is_whole).then_some(found))
    }

    /// Words only, of which each stands in very many documents.
    fn is_everywhere(&self, searcher: &Searcher, request: &Request) -> bool {
        let many = |text: &Text| {
            let words = analysis::terms(&mut analysis::folded(), &text.text);
            let frequent = |word: &String| {
                let term = Term::from_field_text(self.fields.raw, word);
                MANY < searcher.doc_freq(&term).unwrap_or(0)
            };
            !text.exact && !words.is_empty() && words.iter().all(frequent)
        };
        !request.parts.is_empty()
            && request.parts.iter().all(|part| match part.as_slice() {
                [need] => !need.not && matches!(&need.want, Want::Words(text) if many(text)),
                _ => false,
            })
    }

    fn hits(
        &self,
        searcher: &Searcher,
        found: Found,
        Attempt { request, wishes, fuzzy, .. }: Attempt<'_>,
    ) -> anyhow::Result<Vec<Hits>> {
        let mut all = Vec::with_capacity(found.len());
        for (wish, (best, total)) in wishes.iter().zip(found) {
            let mut marker = Marker::new(request, fuzzy);
            let mut items = Vec::with_capacity(wish.limit);
            for (_, address) in best.into_iter().skip(wish.offset) {
                items.push(self.hit(&searcher.doc(address)?, &mut marker));
            }
            all.push(Hits { items, total, fuzzy, instead: marker.instead() });
        }
        Ok(all)
    }

    fn hit(&self, entry: &TantivyDocument, marker: &mut Marker) -> Hit {
        let text = |field| entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let (title, detail) = (text(self.fields.title), text(self.fields.detail));
        let named = marker.names(title);
        marker.look_at(detail);
        let (piece, snippet) = best_piece(text(self.fields.text), marker);
        Hit {
            kind: text(self.fields.kind).to_owned(),
            title: title.to_owned(),
            named,
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

/// Since when about the newest [`MANY`] documents were changed, by a sample; `None` if there are hardly more.
fn since(searcher: &Searcher) -> anyhow::Result<Option<i64>> {
    let step = usize::try_from(searcher.num_docs() / SAMPLE).unwrap_or(usize::MAX).max(1);
    let mut times = Vec::new();
    for segment in searcher.segment_readers() {
        let updated = segment.fast_fields().i64("updated")?;
        times.extend((0..segment.max_doc()).step_by(step).filter_map(|doc| updated.first(doc)));
    }
    let newest = usize::try_from(MANY).unwrap_or(usize::MAX) / step;
    if times.len() < newest * 2 {
        return Ok(None);
    }
    times.sort_unstable_by(|one, other| other.cmp(one));
    Ok(times.get(newest).copied())
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
