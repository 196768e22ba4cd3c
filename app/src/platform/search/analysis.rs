//! How texts become terms: folded words for exact, prefix and typo search, stems for German and English.

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer, Token, TokenFilter,
    TokenStream, Tokenizer,
};

/// Longer "words" are encoded data.
const LONGEST: usize = 60;

/// Words without capitals and diacritics: "MÜLLER" is "mueller".
pub fn folded() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(Fold)
        .build()
}

/// German stems, compounds taken apart: "Ladegeräte" is "lad" and "gerat".
pub fn german() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(Split)
        .filter(Stemmer::new(Language::German))
        .filter(Fold)
        .build()
}

/// English stems.
pub fn english() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::English))
        .filter(Fold)
        .build()
}

/// The terms of `text`.
pub fn terms(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    analyzer.token_stream(text).process(&mut |token| terms.push(token.text.clone()));
    terms
}

/// How numbers and addresses are compared: letters and digits only, phone numbers without their country.
///
/// "26-12345" and "26 12345" are the same, as are "+43 664 1234567" and "0664/1234567".
pub fn compact(text: &str) -> String {
    let text = text.trim();
    let compact: String = language::fold(text).chars().filter(|c| c.is_alphanumeric() || *c == '@').collect();
    let international =
        text.strip_prefix('+').map(|_| compact.as_str()).or_else(|| compact.strip_prefix("00"));
    let national = ["43", "49", "41"].iter().find_map(|country| international?.strip_prefix(country));
    match national {
        Some(rest) if compact.bytes().all(|b| b.is_ascii_digit()) => format!("0{rest}"),
        _ => compact,
    }
}

/// Folds each token as the database's folded columns are.
#[derive(Clone)]
struct Fold;

impl TokenFilter for Fold {
    type Tokenizer<T: Tokenizer> = Folding<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Folding<T> {
        Folding(tokenizer)
    }
}

#[derive(Clone)]
struct Folding<T>(T);

impl<T: Tokenizer> Tokenizer for Folding<T> {
    type TokenStream<'a> = FoldedTokens<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        FoldedTokens(self.0.token_stream(text))
    }
}

struct FoldedTokens<T>(T);

impl<T: TokenStream> TokenStream for FoldedTokens<T> {
    fn advance(&mut self) -> bool {
        let more = self.0.advance();
        if more {
            let token = self.0.token_mut();
            token.text = language::fold(&token.text);
        }
        more
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

/// Puts the parts of a compound in its place.
#[derive(Clone)]
struct Split;

impl TokenFilter for Split {
    type Tokenizer<T: Tokenizer> = Splitting<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Splitting<T> {
        Splitting(tokenizer)
    }
}

#[derive(Clone)]
struct Splitting<T>(T);

impl<T: Tokenizer> Tokenizer for Splitting<T> {
    type TokenStream<'a> = SplitTokens<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        SplitTokens { whole: self.0.token_stream(text), parts: Vec::new() }
    }
}

struct SplitTokens<T> {
    whole: T,
    /// Those that are still to come, the next one at the end.
    parts: Vec<Token>,
}

impl<T: TokenStream> TokenStream for SplitTokens<T> {
    fn advance(&mut self) -> bool {
        self.parts.pop();
        if !self.parts.is_empty() {
            return true;
        }
        let more = self.whole.advance();
        if more {
            let token = self.whole.token();
            let part = |part: &str| Token { text: part.to_owned(), ..token.clone() };
            self.parts = language::parts(&token.text).into_iter().rev().map(part).collect();
        }
        more
    }

    fn token(&self) -> &Token {
        self.parts.last().unwrap_or_else(|| self.whole.token())
    }

    fn token_mut(&mut self) -> &mut Token {
        match self.parts.last_mut() {
            Some(part) => part,
            None => self.whole.token_mut(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_words_meet_in_their_stems_and_parts() {
        let stems = |text| terms(&mut german(), text);
        for (a, b) in [
            ("Häuser", "Haus"),
            ("Haeuser", "Haus"),
            ("Lieferungen", "Lieferung"),
            ("verspätet", "verspätete"),
            ("LADEGERÄT", "Lade Gerät"),
            ("Ladegeraete", "Lade Geräte"),
            ("Lieferverzögerungen", "Liefer Verzögerung"),
            ("Kundendienstmitarbeiter", "Kunden Dienst Mitarbeiter"),
            ("Kaffeemaschinen", "Kaffee Maschine"),
            ("Waschmaschinenschläuche", "Wasch Maschine Schlauch"),
        ] {
            assert_eq!(stems(a), stems(b), "{a} and {b}");
        }
        assert_eq!(stems("Lieferung").len(), 1);
    }

    #[test]
    fn numbers_are_compared_however_they_are_written() {
        for (a, b) in [
            ("26-12345", "26 12345"),
            ("+43 664 123 45 67", "0664/1234567"),
            ("0049 170 1234567", "0170-1234567"),
            ("Anna.Müller@Mail.example", "anna.mueller@mail.example"),
            ("AB-118/4471", "ab1184471"),
        ] {
            assert_eq!(compact(a), compact(b), "{a} and {b}");
        }
    }
}
