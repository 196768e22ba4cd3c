//! The piece of a text in which the most looked-for words stand, with those words marked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use searchbox::{Operator, Text};
use tantivy::tokenizer::TextAnalyzer;

use super::query::slips;
use super::{Request, Want, analysis};

/// Characters of a snippet, about.
const LENGTH: usize = 180;

/// Knows which words of a text made it a hit.
#[derive(Clone)]
pub struct Marker {
    words: BTreeSet<String>,
    /// Unfinished words: whatever begins so.
    prefixes: Vec<String>,
    german: BTreeSet<String>,
    english: BTreeSet<String>,
    fuzzy: bool,
    /// What resembles a word, as it was written, and how often it was seen.
    near: BTreeMap<(String, String), usize>,
    /// Words that were seen as they are wanted.
    seen: BTreeSet<String>,
    german_analyzer: TextAnalyzer,
    english_analyzer: TextAnalyzer,
}

impl Marker {
    /// For what `request` looks for; `fuzzy` marks near misses too.
    pub fn new(request: &Request, fuzzy: bool) -> Self {
        let texts: Vec<&Text> =
            request.parts.iter().flatten().filter(|need| !need.not).filter_map(text_of).collect();
        let mut marker = Self {
            words: BTreeSet::new(),
            prefixes: Vec::new(),
            german: BTreeSet::new(),
            english: BTreeSet::new(),
            fuzzy,
            near: BTreeMap::new(),
            seen: BTreeSet::new(),
            german_analyzer: analysis::german(),
            english_analyzer: analysis::english(),
        };
        for (index, text) in texts.iter().enumerate() {
            let words = analysis::terms(&mut analysis::folded(), &text.text);
            let unfinished = text.wild || (request.unfinished && index + 1 == texts.len());
            marker.prefixes.extend(words.last().filter(|word| unfinished && 1 < word.len()).cloned());
            marker.words.extend(words);
            marker.german.extend(analysis::terms(&mut marker.german_analyzer, &text.text));
            marker.english.extend(analysis::terms(&mut marker.english_analyzer, &text.text));
        }
        marker
    }

    /// Looks through a text that is shown whole; true if something was found in it.
    pub fn look_at(&mut self, text: &str) -> bool {
        let mut found = false;
        for range in words(text) {
            found |= self.marks(&text[range]);
        }
        found
    }

    /// Looks through a title; true if all that was looked for stands in it.
    pub fn names(&mut self, title: &str) -> bool {
        let found = words(title).filter(|range| self.marks(&title[range.clone()])).count();
        !self.words.is_empty() && self.words.len() <= found
    }

    /// For each word that was looked for what resembles it most often, if the word itself was never seen.
    pub fn instead(self) -> Vec<(String, String)> {
        let mut best: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for ((word, written), count) in self.near {
            let entry = best.entry(word).or_default();
            if entry.0 < count {
                *entry = (count, written);
            }
        }
        let missed = best.into_iter().filter(|(word, _)| !self.seen.contains(word));
        missed.map(|(word, (_, written))| (word, written)).collect()
    }

    fn marks(&mut self, word: &str) -> bool {
        let folded = language::fold(word);
        if self.words.contains(&folded) {
            self.seen.insert(folded);
            return true;
        }
        if self.prefixes.iter().any(|prefix| folded.starts_with(prefix)) {
            return true;
        }
        if self.fuzzy
            && let Some(wanted) = self.words.iter().find(|wanted| is_near(wanted, &folded))
        {
            *self.near.entry((wanted.clone(), word.to_owned())).or_default() += 1;
            return true;
        }
        // Stemming every word of a long text would cost more than finding it.
        let possible = |stem: &String| folded.contains(stem.get(..3).unwrap_or(stem));
        (self.german.iter().any(possible) && shares(&self.german, &mut self.german_analyzer, word))
            || (self.english.iter().any(possible) && shares(&self.english, &mut self.english_analyzer, word))
    }
}

/// The words of a need that can stand in a text.
fn text_of(need: &super::Need) -> Option<&Text> {
    match &need.want {
        Want::Words(text) | Want::In(Operator::Subject | Operator::File, text) => Some(text),
        _ => None,
    }
}

fn shares(stems: &BTreeSet<String>, analyzer: &mut TextAnalyzer, word: &str) -> bool {
    analysis::terms(analyzer, word).iter().any(|stem| stems.contains(stem))
}

/// At most as many letters as [`slips`] allows were left out, added, changed, or swapped with their neighbours.
fn is_near(wanted: &str, word: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), word.chars().collect());
    let most = usize::from(slips(a.len()));
    0 < most && a.len().abs_diff(b.len()) <= most && distance(&a, &b) <= most
}

/// Optimal string alignment: rows of the usual table, of which the last three are needed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut cost = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if 1 < i && 1 < j && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The best piece of `text` as HTML, and how many different words are marked in it; empty if none is.
pub fn snippet(text: &str, marker: &mut Marker) -> (String, usize) {
    let found: Vec<Range<usize>> =
        words(text).filter(|range| marker.marks(&text[range.clone()])).take(200).collect();
    let Some(window) = best(&found) else { return (String::new(), 0) };
    let start = floor(text, window.start.saturating_sub(LENGTH / 4));
    let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |space| start + space + 1) };
    let start = start.min(window.start);
    let end = floor(text, (start + LENGTH).max(window.end));
    let end = if end == text.len() { end } else { text[..end].rfind(' ').unwrap_or(end).max(window.end) };
    let mut html = String::from(if start == 0 { "" } else { "… " });
    let mut at = start;
    let mut different = BTreeSet::new();
    for range in found.iter().filter(|range| start <= range.start && range.end <= end) {
        different.insert(language::fold(&text[range.clone()]));
        escape(&text[at..range.start], &mut html);
        html.push_str("<mark>");
        escape(&text[range.clone()], &mut html);
        html.push_str("</mark>");
        at = range.end;
    }
    escape(&text[at..end], &mut html);
    if end < text.len() {
        html.push_str(" …");
    }
    (html, different.len())
}

/// From the first to the last found word of the piece that has the most of them.
fn best(found: &[Range<usize>]) -> Option<Range<usize>> {
    let fitting = |first: &Range<usize>| {
        let inside =
            |range: &&Range<usize>| first.start <= range.start && range.end <= first.start + LENGTH / 2;
        (found.iter().filter(inside).count(), found.iter().rfind(inside))
    };
    let pieces = found.iter().map(|first| (fitting(first), first));
    // Of equal ones the first: `max_by_key` would take the last.
    let ((_, last), first) = pieces.rev().max_by_key(|((count, _), _)| *count)?;
    Some(first.start..last.map_or(first.end, |last| last.end))
}

fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let base = text.as_ptr() as usize;
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(move |word| {
        let start = word.as_ptr() as usize - base;
        start..start + word.len()
    })
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\n' | '\r' | '\t' => html.push(' '),
            _ => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn looking_for(typed: &str) -> Request {
        let words =
            typed.split_whitespace().map(|word| Text { text: word.into(), exact: false, wild: false });
        let need = |text| vec![super::super::Need { not: false, want: Want::Words(text) }];
        Request { parts: words.map(need).collect(), unfinished: true, ..Request::default() }
    }

    fn of(text: &str, typed: &str) -> String {
        snippet(text, &mut Marker::new(&looking_for(typed), false)).0
    }

    #[test]
    fn what_stands_there_instead_is_told() {
        let mut marker = Marker::new(&looking_for("Rechung bezahlen"), true);
        marker.look_at("Rechnung bezahlen. Die Rechnung, Rechnungs");
        assert_eq!(marker.instead(), [("rechung".to_owned(), "Rechnung".to_owned())]);
    }

    #[test]
    fn found_words_are_marked_however_they_were_found() {
        for (text, typed, expected) in [
            ("Mein Ladegerät ist defekt.", "gerät", "Mein <mark>Ladegerät</mark> ist defekt."),
            ("Frau Müller", "mueller", "Frau <mark>Müller</mark>"),
            ("Die Rechnung", "rech", "Die <mark>Rechnung</mark>"),
            ("late deliveries", "delivery", "late <mark>deliveries</mark>"),
            ("nichts davon", "Sofa", ""),
        ] {
            assert_eq!(of(text, typed), expected, "{typed} in {text}");
        }
    }

    #[test]
    fn text_of_customers_stays_text() {
        assert_eq!(
            of("<b>Sofa</b> & \"Tisch\"", "sofa"),
            "&lt;b&gt;<mark>Sofa</mark>&lt;/b&gt; &amp; &quot;Tisch&quot;"
        );
    }

    #[test]
    fn some_slips_of_the_finger_are_near() {
        for (a, b, near) in [
            ("rechnung", "rechung", true),
            ("rechnung", "rechnnug", true),
            ("rechnung", "rechmung", true),
            ("rechnung", "rechnungs", true),
            ("rechnung", "rehcung", true),
            ("rechnung", "rehcunk", false),
            ("sofa", "sofs", true),
            ("sofa", "sosse", false),
            ("uhr", "uhu", false),
        ] {
            assert_eq!(is_near(a, b), near, "{a} and {b}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_short_piece(text in "(\\PC|ä| |sofa){0,600}", typed in "\\PC{0,12}") {
            let html = of(&text, &typed);
            prop_assert!(html.chars().count() < 3000);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert!(!html.replace("<mark>", "").replace("</mark>", "").contains(['<', '>']));
        }
    }
}
