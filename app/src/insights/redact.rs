//! Takes out of a quote what names a person, for readers outside service.
//!
//! Names that the house knows, e-mail and web addresses, and long numbers (phone, order, account) become `[…]`.
//! Amounts, times and short numbers stay: they are what the quote is about. Deliberately absent: guessing at
//! names that the house does not know, except after "Frau", "Herr" and the like.

use std::collections::HashSet;

/// What stands where something was taken out.
const GONE: &str = "[…]";
/// A number with so many digits can lead to somebody.
const LONG_NUMBER: usize = 5;
/// Words after which a name follows.
const TITLES: [&str; 10] = ["frau", "herr", "herrn", "familie", "fam", "mr", "mrs", "ms", "miss", "dr"];

/// Names that the house knows, word by word.
#[derive(Debug, Clone, Default)]
pub struct Names(HashSet<String>);

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        Self(names.into_iter().flat_map(name_words).collect())
    }
}

/// `text` without addresses, long numbers and names: those of the house's people, and what names the `customer`, such
/// as name, street and town.
pub fn redact(text: &str, people: &Names, customer: &str) -> String {
    let own: Vec<String> = name_words(customer).collect();
    let mut redacted = String::with_capacity(text.len());
    let mut after_title = false;
    for (gap, word) in pieces(text) {
        redacted.push_str(gap);
        let (start, core, end) = trimmed(word);
        let plain = core.to_lowercase();
        let is_name = |word: &str| people.0.contains(word) || own.iter().any(|own| own == word);
        let personal = is_address(core)
            || plain.split('-').any(|part| spellings(part).any(is_name))
            || (after_title && core.chars().next().is_some_and(char::is_uppercase));
        after_title = TITLES.contains(&plain.trim_end_matches('.'));
        redacted.push_str(start);
        redacted.push_str(if personal && !after_title { GONE } else { core });
        redacted.push_str(end);
    }
    without_long_numbers(&redacted)
}

/// The words of a name that are long enough to be told from ordinary ones.
fn name_words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|letter: char| letter.is_whitespace() || letter == '-')
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase())
        .filter(|word| 2 < word.chars().count() && word.chars().any(char::is_alphabetic))
}

/// The space before each word, and the word; trailing space is a piece with an empty word.
fn pieces(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let word_at = rest.find(|letter: char| !letter.is_whitespace()).unwrap_or(rest.len());
        let (gap, tail) = rest.split_at(word_at);
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(end);
        rest = tail;
        Some((gap, word))
    })
}

/// Punctuation around a word, kept.
fn trimmed(word: &str) -> (&str, &str, &str) {
    let inner = |letter: char| letter.is_alphanumeric();
    let start = word.find(inner).unwrap_or(word.len());
    let end = word.rfind(inner).map_or(start, |at| at + word[at..].chars().next().map_or(0, char::len_utf8));
    (&word[..start], &word[start..end], &word[end..])
}

/// The word as it is, and without a possessive s: "Anna's", "Annas".
fn spellings(word: &str) -> impl Iterator<Item = &str> {
    let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    [Some(bare), bare.strip_suffix('s')].into_iter().flatten()
}

fn is_address(word: &str) -> bool {
    let mail = word.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    mail || word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.")
}

/// Replaces runs of digits, with what joins the groups of a number, that have [`LONG_NUMBER`] digits or more.
fn without_long_numbers(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut index = 0;
    while index < letters.len() {
        let run = number_at(&letters[index..]);
        let digits = letters[index..index + run].iter().filter(|letter| letter.is_ascii_digit()).count();
        if LONG_NUMBER <= digits && !is_amount_or_date(&letters[index..index + run], &letters[index + run..])
        {
            kept.push_str(GONE);
            index += run;
        } else if run == 0 {
            kept.push(letters[index]);
            index += 1;
        } else {
            kept.extend(&letters[index..index + run]);
            index += run;
        }
    }
    kept
}

/// How many letters at the start belong to one number: digits, joined by single or double separators.
fn number_at(letters: &[char]) -> usize {
    let starts = letters.first().is_some_and(|letter| letter.is_ascii_digit() || *letter == '+');
    if !starts {
        return 0;
    }
    let mut end = 1;
    let mut index = 1;
    let mut joiners = 0;
    while index < letters.len() && joiners < 3 {
        if letters[index].is_ascii_digit() {
            end = index + 1;
            joiners = 0;
        } else if "-/ .,()\u{a0}".contains(letters[index]) {
            joiners += 1;
        } else {
            break;
        }
        index += 1;
    }
    end
}

/// "1.249,00 €", "24.12.2026": part of what happened, not of who it was.
fn is_amount_or_date(run: &[char], after: &[char]) -> bool {
    let text: String = run.iter().collect();
    let mut rest = after.iter().skip_while(|letter| letter.is_whitespace());
    let money = matches!(rest.next(), Some('€' | '$'))
        || ["Euro", "EUR", "CHF"].iter().any(|unit| starts_with(after, unit));
    let parts: Vec<&str> = text.split('.').collect();
    let date =
        parts.len() == 3 && parts[0].len() <= 2 && parts[1].len() <= 2 && matches!(parts[2].len(), 2 | 4);
    let plain = text.chars().all(|letter| letter.is_ascii_digit() || ".,".contains(letter));
    plain && (money || (date && parts.iter().all(|part| part.chars().all(|letter| letter.is_ascii_digit()))))
}

fn starts_with(letters: &[char], word: &str) -> bool {
    let text: String = letters.iter().skip_while(|letter| letter.is_whitespace()).take(word.len()).collect();
    text == word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_names_a_person_goes_and_what_happened_stays() {
        for (said, shown) in [
            ("Ich heiße Ingrid Sommerauer, bitte melden!", "Ich heiße […] […], bitte melden!"),
            ("Schreiben Sie an i.sommer@example.org.", "Schreiben Sie an […]."),
            ("Tel. +43 664 123 45 67 oder 0316/123456", "Tel. […] oder […]"),
            ("Bestellung 118-4471 kam nicht", "Bestellung […] kam nicht"),
            ("Frau Kofler war sehr nett, danke Frau Kofler.", "Frau […] war sehr nett, danke Frau […]."),
            ("1.249,00 € am 24.12.2026 um 14:30", "1.249,00 € am 24.12.2026 um 14:30"),
            ("12500 Euro für Schritt 7 von 12?", "12500 Euro für Schritt 7 von 12?"),
            ("Siehe https://example.org/a?b=1 und www.example.org", "Siehe […] und […]"),
            ("die Frau vom Empfang, Ingrid's Tochter", "die Frau vom Empfang, […] Tochter"),
            ("Ingrids Sofa, Familie Berger-Sommerauers Tisch", "[…] Sofa, Familie […] Tisch"),
            ("  zwei   Leerzeichen \n bleiben ", "  zwei   Leerzeichen \n bleiben "),
        ] {
            assert_eq!(redact(said, &Names::default(), "Ingrid Sommerauer"), shown, "{said}");
            assert_eq!(redact(said, &["Ingrid Sommerauer"].into_iter().collect(), ""), shown, "{said}");
        }
    }

    #[test]
    fn short_name_parts_do_not_eat_ordinary_words() {
        assert_eq!(redact("so ist es zu spät", &Names::default(), "Li Zu"), "so ist es zu spät");
    }

    proptest! {
        #[test]
        fn nothing_crashes_and_the_name_is_never_left(text in "\\PC{0,60}") {
            let shown = redact(&format!("{text} Sommerauer {text}"), &Names::default(), "Sommerauer");
            prop_assert!(!shown.split_whitespace().any(|word| word == "Sommerauer"));
        }
    }
}
