//! Reads amounts as people in Germany, Austria and Switzerland type them.
//!
//! `12,345` is twelve thousand in London and a typing mistake in Vienna, `12.345` the other way round. So the
//! language of whoever types decides which sign is the decimal one, and what does not fit it is refused, never
//! guessed. Apostrophes and spaces separate thousands in every language.

use crate::{Currency, Money};

/// Why a text is not an amount. Each variant has its own sentence in the forms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("nothing was entered")]
    Empty,
    #[error("{0:?} is not a number")]
    NotANumber(String),
    #[error("{0:?} has more than two decimals")]
    TooManyDecimals(String),
    #[error("{0:?} separates thousands at the wrong place")]
    WrongGroups(String),
    #[error("{0:?} uses the decimal sign of another language")]
    OtherNotation(String),
    #[error("unknown currency {0:?}; EUR and CHF are known")]
    UnknownCurrency(String),
    #[error("the number is too large")]
    TooLarge,
}

/// How numbers are written by whoever typed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `1.234,50`. What has apostrophes or names Swiss francs may have a decimal point: `1'234.50`.
    German,
    /// `1,234.50`.
    English,
    /// Of programs and of the Swiss: both, as long as it cannot be misread. `1.234` can, so it is refused.
    Either,
}

impl Money {
    /// Reads `1.234,50`, `1'234.50`, `12,5`, `-3`, `20,–`, `1234,50 €`, `CHF 20` as written in `notation`.
    ///
    /// `default` is the currency of a text that names none.
    ///
    /// # Errors
    ///
    /// [`ParseError`], saying what to correct.
    pub fn parse(text: &str, default: Currency, notation: Notation) -> Result<Self, ParseError> {
        let (number, currency) = split_currency(text)?;
        let swiss = notation == Notation::German && currency == Some(Currency::Chf);
        let cents = hundredths(&number, if swiss { Notation::Either } else { notation })?;
        Ok(Self::new(cents, currency.unwrap_or(default)))
    }
}

/// Takes a currency before or after the number away.
fn split_currency(text: &str) -> Result<(String, Option<Currency>), ParseError> {
    let belongs_to_number = |c: char| c.is_ascii_digit() || "+-−–.,'’".contains(c) || c.is_whitespace();
    let trimmed = text.trim();
    let front = trimmed.find(belongs_to_number).unwrap_or(trimmed.len());
    let (before, rest) = trimmed.split_at(front);
    // "Fr. 20": the dot belongs to the word in front.
    let rest = if before.is_empty() { rest } else { rest.trim_start_matches('.') };
    let end = rest.find(|c| !belongs_to_number(c)).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);

    let word = match (before.trim(), after.trim()) {
        ("", "") => return Ok((number.to_owned(), None)),
        ("", word) | (word, "") => word,
        _ => return Err(ParseError::NotANumber(trimmed.to_owned())),
    };
    if number.trim().is_empty() && word.parse::<Currency>().is_err() {
        return Err(ParseError::NotANumber(trimmed.to_owned()));
    }
    let currency = word.parse().map_err(|_| ParseError::UnknownCurrency(word.to_owned()))?;
    Ok((number.to_owned(), Some(currency)))
}

/// Reads a decimal number with at most two decimals as whole hundredths.
///
/// # Errors
///
/// [`ParseError`], all but `UnknownCurrency`.
pub(crate) fn hundredths(text: &str, notation: Notation) -> Result<i64, ParseError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ParseError::Empty);
    }
    let (negative, number) = match trimmed.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let number = without_dash(number);
    let (whole, decimals) = split(number, notation).ok_or_else(|| wrong(trimmed, number, notation))?;
    let hundredths = match decimals {
        "" => 0,
        digits if digits.len() == 1 => value(digits) * 10,
        digits => value(digits),
    };
    let whole: i64 = whole.parse().map_err(|_| ParseError::TooLarge)?;
    let size = whole.checked_mul(100).and_then(|size| size.checked_add(hundredths));
    size.map(|size| if negative { -size } else { size }).ok_or(ParseError::TooLarge)
}

/// The digits before and after the decimal sign; nothing if `number` is not written in `notation`.
fn split(number: &str, notation: Notation) -> Option<(String, &str)> {
    let sign = decimal_sign(number, notation);
    let (whole, decimals) = match sign.and_then(|sign| number.rsplit_once(sign)) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    if decimals.is_some_and(|digits| 2 < digits.len() || !is_digits(digits)) {
        return None;
    }
    Some((join_thousands(whole, sign)?, decimals.unwrap_or_default()))
}

/// The sign that separates the decimals of `number`; none if it can have none.
fn decimal_sign(number: &str, notation: Notation) -> Option<char> {
    let last = number.chars().rfind(|c| ",.".contains(*c));
    match notation {
        Notation::German if number.contains(['\'', '’']) => last,
        Notation::German => Some(','),
        Notation::English => Some('.'),
        // What stands there several times separates thousands.
        Notation::Either => last.filter(|sign| number.matches(*sign).count() == 1),
    }
}

/// Drops the dash that stands for "no cents": `20,-`, `20.–`.
fn without_dash(number: &str) -> &str {
    ["-", "–", "—", "−"]
        .iter()
        .find_map(|dash| number.strip_suffix(dash)?.trim_end_matches(*dash).strip_suffix([',', '.']))
        .unwrap_or(number)
}

/// `1.234.567` without its separators; nothing if they are mixed, stand at the wrong place, or are the decimal
/// sign.
fn join_thousands(whole: &str, decimal_sign: Option<char>) -> Option<String> {
    if is_digits(whole) {
        return Some(whole.to_owned());
    }
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    if Some(separator) == decimal_sign || !(".,'’".contains(separator) || separator.is_whitespace()) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, others) = groups.split_first()?;
    let first_fits = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let others_fit = others.iter().all(|group| group.len() == 3 && is_digits(group));
    (first_fits && others_fit).then(|| groups.concat())
}

/// Says what is wrong with `text`, whose `number` is none in `notation`.
fn wrong(text: &str, number: &str, notation: Notation) -> ParseError {
    let signs = |c: char| ".,'’+-−–".contains(c) || c.is_whitespace();
    if !text.contains(|c: char| c.is_ascii_digit())
        || text.contains(|c: char| !c.is_ascii_digit() && !signs(c))
    {
        return ParseError::NotANumber(text.to_owned());
    }
    let decimals = decimal_sign(number, notation).and_then(|sign| number.rsplit_once(sign));
    if decimals.is_some_and(|(whole, digits)| 2 < digits.len() && is_digits(digits) && is_digits(whole)) {
        return ParseError::TooManyDecimals(text.to_owned());
    }
    let other = if notation == Notation::English { Notation::German } else { Notation::English };
    if notation != Notation::Either && split(number, other).is_some() {
        return ParseError::OtherNotation(text.to_owned());
    }
    ParseError::WrongGroups(text.to_owned())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value of at most two digits.
fn value(digits: &str) -> i64 {
    digits.bytes().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(text: &str, notation: Notation) -> Result<Money, ParseError> {
        Money::parse(text, Currency::Eur, notation)
    }

    #[test]
    fn amounts_are_read_as_the_language_writes_them() {
        use Notation::{Either, English, German};
        for (text, notations, expected) in [
            ("0", vec![German, English, Either], Money::eur(0)),
            ("12", vec![German, English, Either], Money::eur(1200)),
            ("12,5", vec![German, Either], Money::eur(1250)),
            ("12.5", vec![English, Either], Money::eur(1250)),
            ("0,05", vec![German, Either], Money::eur(5)),
            ("1.234,50", vec![German, Either], Money::eur(123_450)),
            ("1,234.50", vec![English, Either], Money::eur(123_450)),
            ("1'234.50", vec![German, English, Either], Money::eur(123_450)),
            ("1’234.50", vec![German, English, Either], Money::eur(123_450)),
            ("1'234,50", vec![German, Either], Money::eur(123_450)),
            ("1 234,50", vec![German, Either], Money::eur(123_450)),
            ("1\u{a0}234,50\u{a0}€", vec![German, Either], Money::eur(123_450)),
            ("1234.50 €", vec![English, Either], Money::eur(123_450)),
            ("1.234", vec![German], Money::eur(123_400)),
            ("1,234", vec![English], Money::eur(123_400)),
            ("1.234.567", vec![German, Either], Money::eur(123_456_700)),
            ("-3", vec![German, English, Either], Money::eur(-300)),
            ("−3,20 EUR", vec![German, Either], Money::eur(-320)),
            ("+3", vec![German, English, Either], Money::eur(300)),
            ("20,-", vec![German, English, Either], Money::eur(2000)),
            ("20,–", vec![German, English, Either], Money::eur(2000)),
            ("CHF 20.–", vec![German, English, Either], Money::chf(2000)),
            ("CHF 20.50", vec![German, English, Either], Money::chf(2050)),
            ("CHF 1'200", vec![German, English, Either], Money::chf(120_000)),
            ("Fr. 20", vec![German, English, Either], Money::chf(2000)),
            ("€5", vec![German, English, Either], Money::eur(500)),
            ("5 euro", vec![German, English, Either], Money::eur(500)),
        ] {
            for notation in [German, English, Either] {
                let read = eur(text, notation);
                if notations.contains(&notation) {
                    assert_eq!(read, Ok(expected), "{text} {notation:?}");
                } else {
                    assert!(read.is_err(), "{text} {notation:?}: {read:?}");
                }
            }
        }
    }

    #[test]
    fn the_error_says_what_to_correct() {
        use Notation::{Either, English, German};
        use ParseError::{
            NotANumber, OtherNotation, TooLarge, TooManyDecimals, UnknownCurrency, WrongGroups,
        };
        let text = String::from;
        for (input, notation, expected) in [
            ("", German, ParseError::Empty),
            ("  ", German, ParseError::Empty),
            ("€", German, ParseError::Empty),
            ("viel", German, NotANumber(text("viel"))),
            ("-", German, NotANumber(text("-"))),
            ("EUR 5 CHF", German, NotANumber(text("EUR 5 CHF"))),
            ("5 USD", German, UnknownCurrency(text("USD"))),
            ("12,345", German, TooManyDecimals(text("12,345"))),
            ("12.345", English, TooManyDecimals(text("12.345"))),
            ("12.345", Either, TooManyDecimals(text("12.345"))),
            ("CHF 1.234", German, TooManyDecimals(text("1.234"))),
            ("1,2345", German, TooManyDecimals(text("1,2345"))),
            ("0,123", German, TooManyDecimals(text("0,123"))),
            ("1234.5", German, OtherNotation(text("1234.5"))),
            ("1,234.50", German, OtherNotation(text("1,234.50"))),
            ("1234,5", English, OtherNotation(text("1234,5"))),
            ("1.23.4", German, WrongGroups(text("1.23.4"))),
            ("1.2345,00", German, WrongGroups(text("1.2345,00"))),
            ("99999999999999999999", German, TooLarge),
            ("92233720368547758,08", German, TooLarge),
        ] {
            let trimmed = eur(input, notation);
            assert_eq!(trimmed, Err(expected), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_reads_back_from_german_and_english_spelling(cents in 0..=i64::MAX / 2) {
            let (whole, rest) = (cents / 100, cents % 100);
            let groups = |separator: &str| {
                let digits = whole.to_string().into_bytes();
                let groups: Vec<_> = digits.rchunks(3).rev().map(|g| String::from_utf8_lossy(g)).collect();
                groups.join(separator)
            };
            for (text, notation) in [
                (format!("{whole},{rest:02}"), Notation::German),
                (format!("{whole}.{rest:02}"), Notation::English),
                (format!("{},{rest:02} €", groups(".")), Notation::German),
                (format!("{}.{rest:02}", groups(",")), Notation::English),
                (format!("CHF {}.{rest:02}", groups("'")), Notation::German),
            ] {
                for notation in [notation, Notation::Either] {
                    let read = eur(&text, notation).map(|money| money.cents);
                    prop_assert_eq!(read, Ok(cents), "{} {:?}", text, notation);
                }
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,12}") {
            for notation in [Notation::German, Notation::English, Notation::Either] {
                let _ = eur(&text, notation);
            }
        }

        #[test]
        fn no_amount_means_different_sums_to_programs_and_people(text in "[-+0-9.,'’ –€]{0,10}") {
            let sums: Vec<_> = [Notation::German, Notation::English, Notation::Either]
                .into_iter()
                .map(|notation| eur(&text, notation))
                .collect();
            if let Ok(sum) = &sums[2] {
                for other in &sums[..2] {
                    prop_assert!(other.as_ref().is_ok_and(|other| other == sum) || other.is_err(), "{}", text);
                }
            }
        }
    }
}
