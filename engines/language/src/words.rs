//! Words of a text, folded, with their places.

use std::ops::Range;

use crate::fold::fold;

/// One word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Folded; long numbers (order, phone and account numbers) as zeros of the same length, since what
    /// they are says something and which they are does not.
    pub folded: String,
    /// Byte range in the original text.
    pub place: Range<usize>,
}

/// Longer texts are cut: what a mail is about stands in its first part, and time stays bounded.
const MAX_WORDS: usize = 600;

pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        match (belongs_to_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let folded = without_number(fold(&text[from..at]));
                if !folded.is_empty() {
                    words.push(Word { folded, place: from..at });
                }
                if words.len() == MAX_WORDS {
                    break;
                }
            }
            _ => {}
        }
    }
    words
}

/// Letters, digits, and marks that are combined with them.
fn belongs_to_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn without_number(word: String) -> String {
    let is_long_number = 4 <= word.len() && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_long_number { "0".repeat(word.len().min(20)) } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_keep_their_places() {
        let text = "Grüße, Bestellung 4711-20261 fehlt!";
        let words = words(text);
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(folded, ["gruesse", "bestellung", "0000", "00000", "fehlt"]);
        assert_eq!(&text[words[0].place.clone()], "Grüße");
        assert_eq!(&text[words[4].place.clone()], "fehlt");
    }

    #[test]
    fn a_text_without_words_has_none_and_a_long_one_is_cut() {
        assert_eq!(words(" … !\n"), []);
        assert_eq!(words(&"wort ".repeat(10_000)).len(), MAX_WORDS);
    }
}
