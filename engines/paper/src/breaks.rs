//! Where a line that is too long goes on below.

use std::ops::Range;

use crate::faces::Letter;

/// Of a word that is longer than a line, at least so much stays on the line when it is broken at a better place.
const GOOD_SHARE: f32 = 0.6;

/// Lines of at most `wide`, by the numbers of their letters. A blank at a line's end belongs to it and may stand out.
/// No letter is no line the less.
pub fn broken(text: &str, letters: &[Letter], wide: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    for (at, letter) in letters.iter().enumerate() {
        let is_blank = says(text, letter) == " ";
        while !is_blank && !letter.is_mark() && wide < line.used + letter.wide && line.start < at {
            let end = line.end(wide).unwrap_or(at);
            lines.push(line.start..end);
            line = Line::new(end, letters[end..at].iter().map(|letter| letter.wide).sum());
        }
        line.used += letter.wide;
        match place(text, letters, at) {
            Some(Place::Good) => line.good = Some(at + 1),
            Some(Place::Makeshift) => line.makeshift = Some((at + 1, line.used)),
            None => {}
        }
    }
    lines.push(line.start..letters.len());
    lines
}

#[derive(Default)]
struct Line {
    start: usize,
    used: f32,
    good: Option<usize>,
    /// A place within a word, and how much stands before it.
    makeshift: Option<(usize, f32)>,
}

impl Line {
    const fn new(start: usize, used: f32) -> Self {
        Self { start, used, good: None, makeshift: None }
    }

    /// Where the next line had better begin.
    fn end(&self, wide: f32) -> Option<usize> {
        let makeshift = self.makeshift.filter(|(_, before)| wide * GOOD_SHARE < *before);
        self.good.or(makeshift.map(|(end, _)| end))
    }
}

enum Place {
    /// Between words.
    Good,
    /// In the address of a page or a file.
    Makeshift,
}

/// Whether a line may end behind a letter.
fn place(text: &str, letters: &[Letter], at: usize) -> Option<Place> {
    let next = letters.get(at + 1)?;
    if next.is_mark() {
        return None;
    }
    let is_word = |letter: &Letter| says(text, letter).chars().all(char::is_alphanumeric) && !letter.is_box;
    match says(text, &letters[at]) {
        " " => Some(Place::Good),
        // Signs that are words, as in Chinese.
        _ if letters[at].is_box && next.is_box => Some(Place::Good),
        "-" | "‐" if 0 < at && is_word(&letters[at - 1]) && is_word(next) => Some(Place::Good),
        "/" | "?" | "&" | "=" | "." | "," | ";" | ":" | "_" | "-" | "%" | "#" | "@" | "+" | "\\" | "|" => {
            Some(Place::Makeshift)
        }
        _ => None,
    }
}

fn says<'a>(text: &'a str, letter: &Letter) -> &'a str {
    &text[letter.said.clone()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::faces::Faces;

    /// Lines of `wide` times the letter m.
    fn lines(text: &str, wide: usize) -> Vec<&str> {
        let face = Faces::load().expect("the fonts are whole").regular;
        let letters = face.letters(text);
        let wide: f32 = face.letters(&"m".repeat(wide)).iter().map(|letter| letter.wide).sum();
        let line = |line: Range<usize>| match letters.get(line) {
            Some([first, .., last]) => &text[first.said.start..last.said.end],
            Some([only]) => &text[only.said.clone()],
            _ => "",
        };
        broken(text, &letters, wide + 0.01).into_iter().map(line).collect()
    }

    #[test]
    fn lines_end_between_words_and_in_long_ones_where_it_hurts_least() {
        for (text, wanted) in [
            ("", vec![""]),
            ("mmm mm", vec!["mmm ", "mm"]),
            ("mmm  mmmmmm", vec!["mmm  ", "mmmm", "mm"]),
            ("mm-mmm", vec!["mm-", "mmm"]),
            ("-mmmm", vec!["-mmm", "m"]),
            ("mmm/mmmm", vec!["mmm/", "mmmm"]),
            ("m/mmmmm", vec!["m/mm", "mmm"]),
            ("東京東京東", vec!["東京東", "京東"]),
        ] {
            assert_eq!(lines(text, 4), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_line_fits_and_no_letter_is_lost(text in "[a-zA-Zäöüłж🙂/. -]{0,400}", wide in 2_usize..40) {
            let face = Faces::load().expect("the fonts are whole").regular;
            let letters = face.letters(&text);
            let wide = f32::from(u8::try_from(wide).expect("small"));
            let mut next = 0;
            for line in broken(&text, &letters, wide) {
                prop_assert_eq!(line.start, next);
                next = line.end;
                let mut shown = &letters[line];
                while let Some((last, before)) = shown.split_last() && says(&text, last) == " " {
                    shown = before;
                }
                prop_assert!(shown.iter().map(|letter| letter.wide).sum::<f32>() <= wide + 0.001);
            }
            prop_assert_eq!(next, letters.len());
        }
    }
}
