//! Splits a text into sentences, well enough to quote one.

/// Abbreviations after which a full stop ends no sentence, folded, without their dots.
const ABBREVIATIONS: [&str; 42] = [
    "abs", "art", "b", "bspw", "bzgl", "bzw", "ca", "co", "corp", "d", "dr", "e", "etc", "evtl", "fa", "fam",
    "fr", "g", "ggf", "h", "hr", "i", "inc", "inkl", "lt", "ltd", "max", "min", "mr", "mrs", "ms", "mwst",
    "nr", "o", "prof", "s", "st", "str", "tel", "u", "vgl", "z",
];

/// The sentences of `text` in order, trimmed, without empty ones.
///
/// A sentence ends at `.`, `!`, `?` or `…` followed by white space, at an empty line, and at a line
/// break that is not just the wrapping of a long line. Dots of abbreviations, ordinals and dates end
/// none.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if ends_sentence(c, &text[start..at], &text[end..]) {
            sentences.push(text[start..end].trim());
            start = end;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| sentence.contains(char::is_alphanumeric));
    sentences
}

fn ends_sentence(c: char, before: &str, after: &str) -> bool {
    match c {
        '\n' => ends_line(before, after),
        '!' | '?' | '…' => after.starts_with(char::is_whitespace),
        '.' => after.starts_with(char::is_whitespace) && !is_abbreviated(before, after),
        _ => false,
    }
}

/// Lines of at least this many characters were probably wrapped by a mail program.
const WRAPPED: usize = 55;

/// True unless the next line goes on with the same sentence.
fn ends_line(before: &str, after: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let next = after.split('\n').next().unwrap_or_default().trim();
    let new_item = next.starts_with(['-', '*', '•', '>', '–']);
    line.chars().count() < WRAPPED || next.is_empty() || new_item
}

fn is_abbreviated(before: &str, after: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let next = after.trim_start().chars().next();
    if next.is_some_and(char::is_lowercase) {
        return true;
    }
    let is_ordinal = (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let folded = crate::fold(word);
    is_ordinal || (!word.is_empty() && ABBREVIATIONS.contains(&folded.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_end_where_readers_end_them() {
        for (text, expected) in [
            ("Das Paket fehlt. Wo ist es?", vec!["Das Paket fehlt.", "Wo ist es?"]),
            ("Am 3. Mai kam z. B. nichts an. Schade!", vec!["Am 3. Mai kam z. B. nichts an.", "Schade!"]),
            ("Hr. Meier, Nr. 7, rief an.", vec!["Hr. Meier, Nr. 7, rief an."]),
            ("Kosten: 3.50 Euro. Danke", vec!["Kosten: 3.50 Euro.", "Danke"]),
            ("Hallo,\n\nes geht nicht\nGruss", vec!["Hallo,", "es geht nicht", "Gruss"]),
            (
                "Seit mehreren Wochen warte ich auf die versprochene\r\nLieferung. Nichts kommt.",
                vec!["Seit mehreren Wochen warte ich auf die versprochene", "Lieferung.", "Nichts kommt."],
            ),
            (
                "Seit mehreren Wochen warte ich auf die versprochene neue\nLieferung. Nichts kommt.",
                vec!["Seit mehreren Wochen warte ich auf die versprochene neue\nLieferung.", "Nichts kommt."],
            ),
            ("- Tisch kaputt\n- Stuhl fehlt", vec!["- Tisch kaputt", "- Stuhl fehlt"]),
            ("Really?! Yes… ok", vec!["Really?!", "Yes…", "ok"]),
            (" ... \n", vec![]),
        ] {
            assert_eq!(sentences(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-zäA-Z .!?\\n]{0,80}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&sentences(&text).concat()), letters(&text));
        }
    }
}
