//! What was typed, as a query over all fields.

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis;
use super::index::Fields;

/// More words narrow nothing and only cost.
const WORDS: usize = 12;
/// A number or address that fits exactly comes before everything else.
const EXACT: f32 = 1000.0;
/// How much the fields count.
const HEAD: f32 = 3.0;
const STEM: f32 = 0.8;
const BEGINNING: f32 = 0.6;
const NEAR: f32 = 0.3;
/// Shorter words have too many neighbours to guess.
const SHORTEST_NEAR: usize = 4;

/// A part of what was typed; all parts are needed.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Word(&'a str),
    Phrase(&'a str),
}

fn split(typed: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (index, piece) in typed.split(['"', '„', '“', '”']).enumerate() {
        // Between an odd and an even mark stands a phrase; an unclosed one is one as well.
        if index % 2 == 1 {
            parts.push(Part::Phrase(piece));
        } else {
            parts.extend(piece.split_whitespace().map(Part::Word));
        }
    }
    parts.truncate(WORDS);
    parts
}

/// Everything that was typed must be there; `None` if nothing of it can be looked for.
pub fn build(fields: &Fields, typed: &str, fuzzy: bool) -> Option<Box<dyn Query>> {
    let parts = split(typed);
    let last = parts.len().saturating_sub(1);
    let queries: Vec<_> = parts
        .iter()
        .enumerate()
        .filter_map(|(index, part)| match part {
            // One letter alone begins everything.
            Part::Word(word) => {
                word_query(fields, word, index == last && 1 < word.len().max(parts.len()), fuzzy)
            }
            Part::Phrase(text) => phrase(fields, text),
        })
        .map(|query| (Occur::Must, query))
        .collect();
    if queries.is_empty() {
        return None;
    }
    // Several words may be one number: "26 12345", "+43 664 123 45 67".
    let whole: Box<dyn Query> = Box::new(BooleanQuery::new(queries));
    Some(match exact(fields, typed) {
        Some(exact) => any(vec![whole, exact]),
        None => whole,
    })
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

fn word_query(fields: &Fields, word: &str, may_be_unfinished: bool, fuzzy: bool) -> Option<Box<dyn Query>> {
    let folded = analysis::terms(&mut analysis::folded(), word);
    let german = analysis::terms(&mut analysis::german(), word);
    let english = analysis::terms(&mut analysis::english(), word);
    let mut ways: Vec<Box<dyn Query>> = exact(fields, word).into_iter().collect();
    if let Some((end, beginning)) = folded.split_last() {
        ways.push(boost(all(fields.head, &folded), HEAD));
        ways.push(all(fields.raw, &folded));
        ways.push(boost(all(fields.german, &german), STEM));
        ways.push(boost(all(fields.english, &english), STEM));
        if may_be_unfinished {
            ways.push(boost(unfinished(fields.head, beginning, end), HEAD * BEGINNING));
            ways.push(boost(unfinished(fields.raw, beginning, end), BEGINNING));
        }
        if fuzzy && folded.len() == 1 && SHORTEST_NEAR <= end.chars().count() {
            for field in [fields.head, fields.raw] {
                let near = FuzzyTermQuery::new(Term::from_field_text(field, end), 1, true);
                ways.push(boost(Box::new(near), NEAR));
            }
        }
    }
    (!ways.is_empty()).then(|| any(ways))
}

fn phrase(fields: &Fields, text: &str) -> Option<Box<dyn Query>> {
    let words = analysis::terms(&mut analysis::folded(), text);
    match words.len() {
        0 => None,
        1 => Some(any(vec![all(fields.head, &words), all(fields.raw, &words)])),
        _ => {
            let of = |field| {
                let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
                Box::new(PhraseQuery::new(terms)) as Box<dyn Query>
            };
            Some(any(vec![boost(of(fields.head), HEAD), of(fields.raw)]))
        }
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

fn any(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(queries.into_iter().map(|query| (Occur::Should, query)).collect()))
}

fn boost(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_of_both_languages_make_phrases() {
        use Part::{Phrase, Word};
        for (typed, parts) in [
            ("rote Lampe", vec![Word("rote"), Word("Lampe")]),
            ("\"rote Lampe\" Graz", vec![Phrase("rote Lampe"), Word("Graz")]),
            ("„rote Lampe“", vec![Phrase("rote Lampe")]),
            ("Graz \"rote", vec![Word("Graz"), Phrase("rote")]),
            ("  ", vec![]),
        ] {
            assert_eq!(split(typed), parts, "{typed}");
        }
    }
}
