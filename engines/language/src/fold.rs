//! One spelling for what people spell in several ways.
//!
//! Used for search in the database's folded columns and as the first step of everything else here.
//! Both sides of a comparison have to be folded.

/// Lower case without diacritics.
///
/// `ä ö ü` become `ae oe ue` and `ß` becomes `ss`, as Germans write them without the keys for it, so
/// that `Müller`, `MÜLLER` and `Mueller` are the same. (`Muller` is not: folding `ue` to `u` instead would
/// make `neue` unfindable by typing `neu`.) All other Latin letters lose their marks: `é` becomes `e`,
/// `ç` becomes `c`, `ø` becomes `oe`. Combining marks count as part of their letter, and quotation marks
/// and dashes become their ASCII forms. Other scripts are only lower-cased.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        for lower in c.to_lowercase() {
            push_folded(&mut folded, lower);
        }
    }
    folded
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        // A combining diaeresis makes an umlaut of a, o and u only: `Noe¨l` stays `Noel`.
        '\u{308}' if folded.ends_with(['a', 'o', 'u']) => folded.push('e'),
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}' => {}
        'ä' | 'æ' => folded.push_str("ae"),
        'ö' | 'œ' | 'ø' => folded.push_str("oe"),
        'ü' => folded.push_str("ue"),
        'ß' => folded.push_str("ss"),
        'þ' => folded.push_str("th"),
        'ﬁ' => folded.push_str("fi"),
        'ﬂ' => folded.push_str("fl"),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => folded.push(' '),
        '‘' | '’' | '‚' | '´' => folded.push('\''),
        '“' | '”' | '„' | '«' | '»' => folded.push('"'),
        '‐'..='―' => folded.push('-'),
        _ => folded.push(plain_letter(c)),
    }
}

/// The letter without its mark; any other character as it is.
fn plain_letter(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        for (a, b) in [
            ("Müller", "MUELLER"),
            ("Mu\u{308}ller", "müller"),
            ("STRASSE", "Straße"),
            ("STRAẞE", "strasse"),
            ("Noël", "Noe\u{308}l"),
            ("Café", "CAFE"),
            ("Łukasz Dvořák", "lukasz dvorak"),
            ("İstanbul", "istanbul"),
            ("Wie geht’s", "wie geht's"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_eq!(fold("neue"), "neue");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
