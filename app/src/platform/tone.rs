//! How customers are addressed: with „Sie" or „Du", in languages that know the difference.
//!
//! A customer's own form counts, else that of the queue that writes. Texts exist once more for the informal form. Where
//! one is missing the other one is used, and whoever writes is told: a house that begins to use both still answers.

use super::codes::codes;
use super::words::Language;

codes! {
    /// Is somebody addressed with „Sie" or with „Du"?
    pub enum Tone { Formal = "formal", Informal = "informal" }
}

impl Language {
    /// Are there texts for „Sie" and for „Du"? English has one word for both.
    pub const fn has_tones(self) -> bool {
        matches!(self, Self::De)
    }
}

/// How something is written to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    pub language: Language,
    /// `None` where the language has one form only.
    pub tone: Option<Tone>,
}

impl Manner {
    pub fn new(language: Language, tone: Tone) -> Self {
        Self { language, tone: language.has_tones().then_some(tone) }
    }

    /// The text that fits, or the other one where it is empty; and in which tone it is.
    pub fn choose<'t>(self, formal: &'t str, informal: &'t str) -> (&'t str, Option<Tone>) {
        let fits = match self.tone {
            Some(Tone::Informal) => !informal.trim().is_empty() || formal.trim().is_empty(),
            Some(Tone::Formal) | None => formal.trim().is_empty() && !informal.trim().is_empty(),
        };
        let (text, tone) = if fits { (informal, Tone::Informal) } else { (formal, Tone::Formal) };
        (text, self.tone.map(|_| tone))
    }

    /// The informal text where it fits and is written, else the formal one, even if that is empty. For what nobody
    /// looks at before it leaves: a „Du" that was not chosen does more harm than a „Sie".
    pub fn or_formal<'t>(self, formal: &'t str, informal: &'t str) -> &'t str {
        let fits = self.tone == Some(Tone::Informal) && !informal.trim().is_empty();
        if fits { informal } else { formal }
    }

    /// Is a text of this tone not the one that fits?
    pub fn is_other(self, tone: Option<Tone>) -> bool {
        matches!((self.tone, tone), (Some(own), Some(other)) if own != other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_addressed_informally_for_want_of_a_text() {
        let [formal, informal] = [Tone::Formal, Tone::Informal].map(|tone| Manner::new(Language::De, tone));
        assert_eq!([formal, informal].map(|manner| manner.or_formal("", "du")), ["", "du"]);
        assert_eq!([formal, informal].map(|manner| manner.or_formal("Sie", " ")), ["Sie", "Sie"]);
    }

    #[test]
    fn the_text_that_fits_is_used_and_the_other_one_only_for_want_of_it() {
        let (de, en) = (Language::De, Language::En);
        let (formal, informal) = (Tone::Formal, Tone::Informal);
        for (manner, texts, text, tone, other) in [
            (Manner::new(de, formal), ("Sie", "du"), "Sie", Some(formal), false),
            (Manner::new(de, informal), ("Sie", "du"), "du", Some(informal), false),
            (Manner::new(de, informal), ("Sie", " "), "Sie", Some(formal), true),
            (Manner::new(de, formal), ("", "du"), "du", Some(informal), true),
            (Manner::new(de, informal), ("", ""), "", Some(informal), false),
            (Manner::new(en, informal), ("you", ""), "you", None, false),
        ] {
            let (chosen, of) = manner.choose(texts.0, texts.1);
            assert_eq!((chosen, of, manner.is_other(of)), (text, tone, other), "{manner:?} of {texts:?}");
        }
    }
}
