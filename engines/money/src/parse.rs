//! Reads amounts as people in Germany, Austria and Switzerland type them.
//!
//! Both decimal signs are understood, because forms are filled in either language and figures are
//! pasted from anywhere. One rule decides all cases: a sign followed by one or two digits at the end
//! separates the cents, a sign followed by three digits separates thousands. Money has no third
//! decimal, so `1.234` and `1,234` are both one thousand two hundred and thirty-four.

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
    #[error("unknown currency {0:?}; EUR and CHF are known")]
    UnknownCurrency(String),
    #[error("the number is too large")]
    TooLarge,
}

impl Money {
    /// Reads `1.234,50`, `1,234.50`, `1'234.50`, `12,5`, `-3`, `20,–`, `1234.50 €`, `CHF 20`.
    ///
    /// `default` is the currency of a text that names none.
    ///
    /// # Errors
    ///
    /// [`ParseError`], saying what to correct.
    pub fn parse(text: &str, default: Currency) -> Result<Self, ParseError> {
        let (number, currency) = split_currency(text)?;
        let cents = hundredths(&number)?;
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
pub(crate) fn hundredths(text: &str) -> Result<i64, ParseError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(ParseError::Empty);
    }
    let (negative, number) = match trimmed.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let (whole, decimals) = split_decimals(without_dash(number));
    let whole = join_thousands(whole).ok_or_else(|| wrong(trimmed))?;
    let hundredths = match decimals {
        "" => 0,
        digits if digits.len() == 1 => value(digits) * 10,
        digits => value(digits),
    };
    let whole: i64 = whole.parse().map_err(|_| ParseError::TooLarge)?;
    let size = whole.checked_mul(100).and_then(|size| size.checked_add(hundredths));
    size.map(|size| if negative { -size } else { size }).ok_or(ParseError::TooLarge)
}

/// Drops the dash that stands for "no cents": `20,-`, `20.–`.
fn without_dash(number: &str) -> &str {
    ["-", "–", "—", "−"]
        .iter()
        .find_map(|dash| number.strip_suffix(dash)?.trim_end_matches(*dash).strip_suffix([',', '.']))
        .unwrap_or(number)
}

/// The part before the decimal sign, and one or two digits after it, if there is one.
fn split_decimals(number: &str) -> (&str, &str) {
    if let Some(at) = number.rfind([',', '.']) {
        let decimals = &number[at + 1..];
        if (1..=2).contains(&decimals.len()) && is_digits(decimals) {
            return (&number[..at], decimals);
        }
    }
    (number, "")
}

/// `1.234.567` without its separators; nothing if they are mixed or stand at the wrong place.
fn join_thousands(whole: &str) -> Option<String> {
    if is_digits(whole) {
        return Some(whole.to_owned());
    }
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    if !(".,'’".contains(separator) || separator.is_whitespace()) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (first, others) = groups.split_first()?;
    let first_fits = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let others_fit = others.iter().all(|group| group.len() == 3 && is_digits(group));
    (first_fits && others_fit).then(|| groups.concat())
}

/// Says what is wrong with a text that is not a number.
fn wrong(text: &str) -> ParseError {
    let signs = |c: char| ".,'’+-−–".contains(c) || c.is_whitespace();
    if !text.contains(|c: char| c.is_ascii_digit())
        || text.contains(|c: char| !c.is_ascii_digit() && !signs(c))
    {
        return ParseError::NotANumber(text.to_owned());
    }
    let after_last = text.rsplit([',', '.']).next().unwrap_or_default();
    let only_sign = text.matches([',', '.']).count() == 1;
    if only_sign && 2 < after_last.len() && is_digits(after_last) {
        return ParseError::TooManyDecimals(text.to_owned());
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

    fn eur(text: &str) -> Result<Money, ParseError> {
        Money::parse(text, Currency::Eur)
    }

    #[test]
    fn german_english_and_swiss_amounts_are_understood() {
        for (text, expected) in [
            ("0", Money::eur(0)),
            ("12", Money::eur(1200)),
            ("12,5", Money::eur(1250)),
            ("12.5", Money::eur(1250)),
            ("0,05", Money::eur(5)),
            ("1.234,50", Money::eur(123_450)),
            ("1,234.50", Money::eur(123_450)),
            ("1'234.50", Money::eur(123_450)),
            ("1’234.50", Money::eur(123_450)),
            ("1 234,50", Money::eur(123_450)),
            ("1\u{a0}234,50\u{a0}€", Money::eur(123_450)),
            ("1234.50 €", Money::eur(123_450)),
            ("1.234", Money::eur(123_400)),
            ("1,234", Money::eur(123_400)),
            ("1.234.567", Money::eur(123_456_700)),
            ("-3", Money::eur(-300)),
            ("−3,20 EUR", Money::eur(-320)),
            ("+3", Money::eur(300)),
            ("20,-", Money::eur(2000)),
            ("20,–", Money::eur(2000)),
            ("CHF 20.–", Money::chf(2000)),
            ("CHF 1'200", Money::chf(120_000)),
            ("Fr. 20", Money::chf(2000)),
            ("€5", Money::eur(500)),
            ("5 euro", Money::eur(500)),
        ] {
            assert_eq!(eur(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_error_says_what_to_correct() {
        use ParseError::{NotANumber, TooLarge, TooManyDecimals, UnknownCurrency, WrongGroups};
        let text = String::from;
        for (input, expected) in [
            ("", ParseError::Empty),
            ("  ", ParseError::Empty),
            ("€", ParseError::Empty),
            ("viel", NotANumber(text("viel"))),
            ("-", NotANumber(text("-"))),
            ("EUR 5 CHF", NotANumber(text("EUR 5 CHF"))),
            ("5 USD", UnknownCurrency(text("USD"))),
            ("1,2345", TooManyDecimals(text("1,2345"))),
            ("0,123", TooManyDecimals(text("0,123"))),
            ("1.23.4", WrongGroups(text("1.23.4"))),
            ("1.2345,00", WrongGroups(text("1.2345,00"))),
            ("99999999999999999999", TooLarge),
            ("92233720368547758,08", TooLarge),
        ] {
            assert_eq!(eur(input), Err(expected), "{input:?}");
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
            for text in [
                format!("{whole},{rest:02}"),
                format!("{whole}.{rest:02}"),
                format!("{},{rest:02} €", groups(".")),
                format!("{}.{rest:02}", groups(",")),
                format!("CHF {}.{rest:02}", groups("'")),
            ] {
                prop_assert_eq!(eur(&text).map(|money| money.cents), Ok(cents), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,12}") {
            let _ = eur(&text);
        }

        #[test]
        fn no_text_of_number_signs_makes_reading_panic(text in "[-+0-9.,'’ –€]{0,10}") {
            let _ = eur(&text);
        }
    }
}
