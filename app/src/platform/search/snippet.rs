//! The piece of a text in which the most looked-for words stand, with those words marked.

use std::collections::BTreeSet;
use std::ops::Range;

use tantivy::tokenizer::TextAnalyzer;

use super::analysis;

/// Characters of a snippet, about.
const LENGTH: usize = 180;

/// Knows which words of a text made it a hit.
#[derive(Clone)]
pub struct Marker {
    words: BTreeSet<String>,
    /// An unfinished word: whatever begins so.
    prefix: Option<String>,
    german: BTreeSet<String>,
    english: BTreeSet<String>,
    fuzzy: bool,
    german_analyzer: TextAnalyzer,
    english_analyzer: TextAnalyzer,
}

impl Marker {
    /// For these folded `words`, the last of which may be unfinished; `fuzzy` marks near misses too.
    pub fn new(typed: &str, fuzzy: bool) -> Self {
        let mut german_analyzer = analysis::german();
        let mut english_analyzer = analysis::english();
        let words = analysis::terms(&mut analysis::folded(), typed);
        Self {
            prefix: words.last().filter(|word| 1 < word.len()).cloned(),
            words: words.into_iter().collect(),
            german: analysis::terms(&mut german_analyzer, typed).into_iter().collect(),
            english: analysis::terms(&mut english_analyzer, typed).into_iter().collect(),
            fuzzy,
            german_analyzer,
            english_analyzer,
        }
    }

    fn marks(&mut self, word: &str) -> bool {
        let folded = language::fold(word);
        if self.words.contains(&folded)
            || self.prefix.as_ref().is_some_and(|prefix| folded.starts_with(prefix))
        {
            return true;
        }
        if self.fuzzy && self.words.iter().any(|wanted| 3 < wanted.len() && is_near(wanted, &folded)) {
            return true;
        }
        // Stemming every word of a long text would cost more than finding it.
        let possible = |stem: &String| folded.contains(stem.get(..3).unwrap_or(stem));
        (self.german.iter().any(possible) && shares(&self.german, &mut self.german_analyzer, word))
            || (self.english.iter().any(possible) && shares(&self.english, &mut self.english_analyzer, word))
    }
}

fn shares(stems: &BTreeSet<String>, analyzer: &mut TextAnalyzer, word: &str) -> bool {
    analysis::terms(analyzer, word).iter().any(|stem| stems.contains(stem))
}

/// At most one letter was left out, added, changed, or swapped with its neighbour.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if 1 < a.len().abs_diff(b.len()) {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a.len(), b.len()) {
        (0, _) | (_, 0) => true,
        (x, y) if x < y => *a == b[1..],
        (x, y) if y < x => a[1..] == *b,
        _ => a[1..] == b[1..] || (1 < a.len() && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..]),
    }
}

/// The best piece of `text` as HTML; empty if no word of it is marked.
pub fn snippet(text: &str, marker: &mut Marker) -> String {
    let found: Vec<Range<usize>> =
        words(text).filter(|range| marker.marks(&text[range.clone()])).take(200).collect();
    let Some(window) = best(&found) else { return String::new() };
    let start = floor(text, window.start.saturating_sub(LENGTH / 4));
    let start = if start == 0 { 0 } else { text[start..].find(' ').map_or(start, |space| start + space + 1) };
    let start = start.min(window.start);
    let end = floor(text, (start + LENGTH).max(window.end));
    let end = if end == text.len() { end } else { text[..end].rfind(' ').unwrap_or(end).max(window.end) };
    let mut html = String::from(if start == 0 { "" } else { "… " });
    let mut at = start;
    for range in found.iter().filter(|range| start <= range.start && range.end <= end) {
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
    html
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

    fn of(text: &str, typed: &str) -> String {
        snippet(text, &mut Marker::new(typed, false))
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
    fn one_slip_of_the_finger_is_near() {
        for (a, b, near) in [
            ("rechnung", "rechung", true),
            ("rechnung", "rechnnug", true),
            ("rechnung", "rechmung", true),
            ("rechnung", "rechnungs", true),
            ("rechnung", "rehcung", false),
            ("sofa", "sosse", false),
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
