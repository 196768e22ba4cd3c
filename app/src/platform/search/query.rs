//! What somebody looks for, as a query over all fields.

use std::ops::Bound;

use searchbox::{Operator, Text};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::index::{Fields, key};
use super::near::Near;
use super::{Need, Request, Want, analysis};

/// A number or address that fits exactly comes before everything else.
const EXACT: f32 = 1000.0;
/// What was typed exactly so comes before what only resembles it.
const AS_TYPED: f32 = 100.0;
/// A word that stands in more documents finds more than anybody reads: its stems and what begins like it would
/// only take time.
const COMMON: u64 = 20_000;
/// How much the fields count.
const HEAD: f32 = 3.0;
const STEM: f32 = 0.8;
const BEGINNING: f32 = 0.6;
const NEAR: f32 = 0.3;

/// Wrong letters that are forgiven in a word of so many letters: short ones have too many neighbours to guess.
pub const fn slips(letters: usize) -> u8 {
    match letters {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// What decides how far a word is widened.
#[derive(Clone, Copy)]
pub struct Widening<'a> {
    /// In how many documents a term stands.
    pub frequency: &'a dyn Fn(&Term) -> u64,
    /// With typing errors in mind.
    pub fuzzy: bool,
}

/// Everything that is wanted; `None` if nothing of it can be looked for.
pub fn build(fields: &Fields, request: &Request, widening: Widening<'_>) -> Option<Box<dyn Query>> {
    let last = request.parts.len().saturating_sub(1);
    let mut needed = Vec::new();
    for (index, part) in request.parts.iter().enumerate() {
        let unfinished = request.unfinished && index == last && part.len() == 1;
        let mut ways: Vec<(bool, Box<dyn Query>)> = Vec::new();
        for need in part {
            let unfinished = unfinished && !need.not && is_long_enough(request, need);
            ways.extend(one(fields, need, unfinished, widening).map(|query| (need.not, query)));
        }
        match ways.len() {
            0 => {}
            1 => needed.extend(ways.pop().map(|(not, query)| (occur(not), query))),
            _ => {
                let ways = ways.into_iter().map(|(not, query)| if not { but(query) } else { query });
                needed.push((Occur::Must, any(ways.collect())));
            }
        }
    }
    if needed.is_empty() {
        return None;
    }
    if needed.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        needed.push((Occur::Must, free(Box::new(AllQuery))));
    }
    let whole: Box<dyn Query> = Box::new(BooleanQuery::new(needed));
    // Several words may be one number: "26 12345", "+43 664 123 45 67".
    Some(match exact(fields, &request.whole) {
        Some(exact) => any(vec![whole, exact]),
        None => whole,
    })
}

/// As [`build`] with forgiven slips, but what was typed exactly so comes first.
pub fn tolerant(fields: &Fields, request: &Request, widening: Widening<'_>) -> Option<Box<dyn Query>> {
    let near = build(fields, request, Widening { fuzzy: true, ..widening })?;
    let strict = build(fields, request, Widening { fuzzy: false, ..widening })?;
    Some(Box::new(BooleanQuery::new(vec![(Occur::Must, near), (Occur::Should, boost(strict, AS_TYPED))])))
}

/// One letter alone begins everything.
fn is_long_enough(request: &Request, need: &Need) -> bool {
    match &need.want {
        Want::Words(text) => 1 < text.text.len().max(request.parts.len()),
        _ => false,
    }
}

const fn occur(not: bool) -> Occur {
    if not { Occur::MustNot } else { Occur::Must }
}

fn one(fields: &Fields, need: &Need, unfinished: bool, widening: Widening<'_>) -> Option<Box<dyn Query>> {
    // What must not be there is not guessed.
    let widening = Widening { fuzzy: widening.fuzzy && !need.not, ..widening };
    match &need.want {
        Want::Words(text) if text.exact => phrase(fields, &text.text),
        Want::Words(text) => word(fields, &text.text, unfinished || text.wild, widening),
        Want::In(operator, text) => place(fields, *operator, text).map(free),
        Want::Codes(codes) => Some(free(set(fields.codes, codes))),
        Want::Said(from, to) => {
            let bound = |at: &Option<_>| {
                at.map(|at: crate::platform::Timestamp| Term::from_field_i64(fields.said, at.0))
            };
            let from = bound(from).map_or(Bound::Unbounded, Bound::Included);
            let to = bound(to).map_or(Bound::Unbounded, Bound::Excluded);
            Some(free(Box::new(RangeQuery::new(from, to))))
        }
        Want::DueBefore(at) => {
            let to = Bound::Excluded(Term::from_field_i64(fields.due, at.0));
            Some(free(Box::new(RangeQuery::new(Bound::Unbounded, to))))
        }
        Want::These(kind, ids) => {
            let keys: Vec<String> = ids.iter().map(|id| key(kind, *id)).collect();
            Some(free(set(fields.key, &keys)))
        }
    }
}

/// Any of these values.
pub fn set(field: Field, values: &[String]) -> Box<dyn Query> {
    match values {
        [] => Box::new(EmptyQuery),
        _ => Box::new(TermSetQuery::new(values.iter().map(|value| Term::from_field_text(field, value)))),
    }
}

/// Numbers and addresses that are this text; `None` if it can be none.
fn exact(fields: &Fields, text: &str) -> Option<Box<dyn Query>> {
    let compact = analysis::compact(text);
    let like = compact.contains(|c: char| c.is_ascii_digit() || c == '@');
    (like && 3 <= compact.len()).then(|| {
        let query = TermQuery::new(Term::from_field_text(fields.exact, &compact), IndexRecordOption::Basic);
        Box::new(ConstScoreQuery::new(Box::new(query), EXACT)) as Box<dyn Query>
    })
}

fn word(
    fields: &Fields,
    word: &str,
    may_be_unfinished: bool,
    widening: Widening<'_>,
) -> Option<Box<dyn Query>> {
    let folded = analysis::terms(&mut analysis::folded(), word);
    if let [word] = folded.as_slice()
        && COMMON < (widening.frequency)(&Term::from_field_text(fields.raw, word))
    {
        return Some(any(vec![boost(all(fields.head, &folded), HEAD), all(fields.raw, &folded)]));
    }
    let german = analysis::terms(&mut analysis::german(), word);
    let english = analysis::terms(&mut analysis::english(), word);
    let mut ways: Vec<Box<dyn Query>> = exact(fields, word).into_iter().collect();
    if is_number(&folded) {
        ways.extend(number(fields, &folded, may_be_unfinished));
        return Some(any(ways));
    }
    if let Some((end, beginning)) = folded.split_last() {
        ways.push(boost(all(fields.head, &folded), HEAD));
        ways.push(all(fields.raw, &folded));
        ways.push(boost(all(fields.german, &german), STEM));
        ways.push(boost(all(fields.english, &english), STEM));
        if may_be_unfinished {
            ways.push(boost(unfinished(fields.head, beginning, end), HEAD * BEGINNING));
            ways.push(boost(unfinished(fields.raw, beginning, end), BEGINNING));
        }
        let slips = slips(end.chars().count());
        if widening.fuzzy && folded.len() == 1 && 0 < slips && !end.contains(|c: char| c.is_ascii_digit()) {
            for field in [fields.head, fields.raw] {
                ways.extend(near(field, end, slips).map(|near| boost(near, NEAR)));
            }
        }
    }
    (!ways.is_empty()).then(|| any(ways))
}

/// Typed as one word, and of several parts that are all digits, such as the number of an order.
fn is_number(parts: &[String]) -> bool {
    1 < parts.len() && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A number as a whole: its parts in other numbers are other numbers.
fn number(fields: &Fields, parts: &[String], may_be_unfinished: bool) -> Vec<Box<dyn Query>> {
    let mut ways = Vec::new();
    for (field, by) in [(fields.head, HEAD), (fields.raw, 1.0)] {
        ways.extend(in_order(field, parts).map(|whole| boost(whole, by)));
        if may_be_unfinished {
            let terms = parts.iter().map(|part| Term::from_field_text(field, part)).collect();
            ways.push(boost(Box::new(PhrasePrefixQuery::new(terms)), by * BEGINNING));
        }
    }
    ways
}

/// Words with at most so many slips; of two slips none is in the first letter, or the whole dictionary had to be read.
fn near(field: Field, word: &str, slips: u8) -> impl Iterator<Item = Box<dyn Query>> {
    let one = FuzzyTermQuery::new(Term::from_field_text(field, word), slips.min(1), true);
    let two = (1 < slips).then(|| Box::new(Near::new(field, word, slips)) as Box<dyn Query>);
    two.into_iter().chain([Box::new(one) as Box<dyn Query>])
}

fn phrase(fields: &Fields, text: &str) -> Option<Box<dyn Query>> {
    let words = analysis::terms(&mut analysis::folded(), text);
    let head = in_order(fields.head, &words)?;
    Some(any(vec![boost(head, HEAD), in_order(fields.raw, &words)?]))
}

/// These words one after the other.
fn in_order(field: Field, words: &[String]) -> Option<Box<dyn Query>> {
    match words {
        [] => None,
        [_] => Some(all(field, words)),
        _ => {
            let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
            Some(Box::new(PhraseQuery::new(terms)))
        }
    }
}

/// Words in one place. Parts of an address stand there one after the other, as in a phrase.
fn place(fields: &Fields, operator: Operator, text: &Text) -> Option<Box<dyn Query>> {
    let field = match operator {
        Operator::From => fields.from,
        Operator::To => fields.to,
        Operator::Subject => fields.subject,
        Operator::Customer => fields.customer,
        Operator::File => fields.file,
        _ => return None,
    };
    let words = analysis::terms(&mut analysis::folded(), &text.text);
    let (end, beginning) = words.split_last()?;
    if text.exact {
        return in_order(field, &words);
    }
    // Names are typed in part: "von:sommer" is Frau Sommerauer.
    let begun = text.wild || 2 < end.chars().count();
    match in_order(field, &words) {
        Some(whole) if begun => Some(any(vec![whole, unfinished(field, beginning, end)])),
        whole => whole,
    }
}

fn all(field: Field, words: &[String]) -> Box<dyn Query> {
    let term = |word: &String| {
        let term = Term::from_field_text(field, word);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>
    };
    match words {
        [word] => term(word),
        _ => Box::new(BooleanQuery::new(words.iter().map(|word| (Occur::Must, term(word))).collect())),
    }
}

/// Words of which the last one only begins so.
fn unfinished(field: Field, words: &[String], beginning: &str) -> Box<dyn Query> {
    let prefix = FuzzyTermQuery::new_prefix(Term::from_field_text(field, beginning), 0, true);
    if words.is_empty() {
        return Box::new(prefix);
    }
    Box::new(BooleanQuery::new(vec![(Occur::Must, all(field, words)), (Occur::Must, Box::new(prefix))]))
}

pub fn any(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::new(queries.into_iter().map(|query| (Occur::Should, query)).collect())),
    }
}

/// Everything else.
fn but(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, free(Box::new(AllQuery))), (Occur::MustNot, query)]))
}

/// Counts nothing for the order.
pub fn free(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn boost(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}

#[cfg(test)]
mod tests {
    use super::slips;

    #[test]
    fn longer_words_may_be_more_wrong() {
        assert_eq!([3, 4, 7, 8, 30].map(slips), [0, 1, 1, 2, 2]);
    }
}
