//! Which of our languages a text is in, by its commonest short words.
//!
//! Function words decide: they are frequent in every text and rarely shared. Enough for choosing a
//! template and a stemmer; a general language identifier is deliberately absent.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

/// The languages that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
pub enum Language {
    /// German
    #[serde(rename = "de")]
    German,
    /// English
    #[serde(rename = "en")]
    English,
    /// French
    #[serde(rename = "fr")]
    French,
    /// Italian
    #[serde(rename = "it")]
    Italian,
    /// Any other, or too little text to say.
    #[default]
    #[serde(rename = "other")]
    Other,
}

impl Language {
    /// `de`, `en`, `fr`, `it` or `other`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::French => "fr",
            Self::Italian => "it",
            Self::Other => "other",
        }
    }
}

/// German stands first: it gets a point for each word with an umlaut.
const WORDS: &[(Language, &str)] = &[
    (
        Language::German,
        "der die das und ist nicht ich sie wir ein eine einen einem einer mit von für auf den dem des zu im am ihr ihre ihren ihnen \
         mein meine meinen meiner mir mich uns unser kann können habe haben hat war wird werden wurde auch noch nur aber oder wenn dass daß \
         bitte danke hallo guten tag sehr geehrte grüße wie was wo bei nach aus über vor seit schon jetzt kein keine leider \
         bestellung lieferung rechnung grüßen freundlichen liebe vielen dank es er als so um zum zur bin sind gerne warum wann moin servus",
    ),
    (
        Language::English,
        "the and is not you we it of to in that for with on my your our are was have has had this be been will would can could should \
         from at by an or but if please thank thanks hello hi dear do does did don't i'm i've it's regards what when where why how \
         they their there any would order delivery invoice am me he she his her as so just about get got",
    ),
    (
        Language::French,
        "le la les et est pas je vous nous un une des du de pour avec sur dans que qui ne mon ma mes votre vos notre nos au aux ce cette \
         ces il elle ils sont être été ai avez avons j'ai c'est merci bonjour cordialement s'il plaît mais ou où si plus très comme par commande \
         livraison facture madame monsieur salut n'est d'une",
    ),
    (
        Language::Italian,
        "il lo la gli le e è non io voi noi un una dei del della di per con su nel che mio mia miei vostro vostra nostro ma o se più molto come \
         da al alla sono essere stato ho avete abbiamo ha grazie buongiorno salve cordiali saluti ordine consegna fattura questo questa anche \
         perché quando dove gentile prego ciao ancora",
    ),
];

/// The languages in which a word is one of the commonest.
static LANGUAGES_OF: LazyLock<HashMap<&str, Vec<Language>>> = LazyLock::new(|| {
    let mut languages_of: HashMap<&str, Vec<Language>> = HashMap::new();
    for (language, words) in WORDS {
        for word in words.split_whitespace() {
            languages_of.entry(word).or_default().push(*language);
        }
    }
    languages_of
});

/// Words of the text that are looked at.
const SAMPLE: usize = 400;

/// The language most of the text's function words belong to.
#[must_use]
pub fn detect(text: &str) -> Language {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty() && word.len() < 30)
        .take(SAMPLE)
        .map(|word| word.to_lowercase().replace('’', "'"))
        .collect();
    if words.is_empty() {
        return Language::Other;
    }
    let umlauts = words.iter().filter(|word| word.contains(['ä', 'ö', 'ü', 'ß'])).count();
    let mut scores: Vec<(usize, Language)> = WORDS.iter().map(|(language, _)| (0, *language)).collect();
    scores[0].0 = umlauts;
    for languages in words.iter().filter_map(|word| LANGUAGES_OF.get(word.as_str())) {
        for (score, language) in &mut scores {
            *score += if languages.contains(language) { 2 } else { 0 };
        }
    }
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let [(best, language), (second, _), ..] = scores[..] else { return Language::Other };
    // A tenth of any real text are function words; foreign text shares a few of them by chance.
    let enough = words.len() < best * 5 || (words.len() < 8 && 2 <= best);
    if second < best && enough { language } else { Language::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_service_mails_are_told_apart() {
        for (text, language) in [
            ("Wo bleibt meine Bestellung? Ich warte seit drei Wochen.", Language::German),
            ("Guten Tag", Language::German),
            ("Where is my order? I have been waiting for three weeks.", Language::English),
            ("Thanks!", Language::English),
            ("Bonjour, je n'ai pas reçu ma commande.", Language::French),
            ("Buongiorno, non ho ricevuto il mio ordine.", Language::Italian),
            ("Dzień dobry, gdzie jest moje zamówienie?", Language::Other),
            ("¿Dónde está mi pedido? Llevo tres semanas esperando.", Language::Other),
            ("12345", Language::Other),
            ("", Language::Other),
        ] {
            assert_eq!(detect(text), language, "{text}");
        }
    }
}
