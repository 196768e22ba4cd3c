//! What is written into a field: read, as it is stored, as it is shown. Pure.
//!
//! Every value is stored as a text in one spelling: `2026-11-16`, `1234.5`, `12.50 EUR`, `yes`, the keys of
//! choices with commas. Beside it stands what filters compare.

use jiff::civil::Date;
use money::{Currency, Money, Notation};
use serde_json::json;

use super::model::{CaseField, FieldType};
use crate::customers::fold;
use crate::platform::web::day;
use crate::platform::{Bilingual, Language, Timestamp, Words};

const LONGEST_LINE: usize = 200;
const LONGEST_TEXT: usize = 10_000;
const LONGEST_LINK: usize = 2_000;
/// Beyond this a number is none that can be compared exactly.
const LONGEST_NUMBER: usize = 15;
/// As much as an index takes, and more than anybody filters by.
const FOLDED: usize = 100;

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub text: String,
    pub number: Option<f64>,
    pub at: Option<Timestamp>,
}

impl Value {
    const fn text(text: String) -> Self {
        Self { text, number: None, at: None }
    }

    /// What was emptied although the field has a standard.
    pub const fn empty() -> Self {
        Self::text(String::new())
    }

    /// The beginning of the text as filters compare it.
    pub fn folded(&self) -> String {
        folded(&self.text)
    }
}

/// A text as filters compare it.
pub fn folded(text: &str) -> String {
    fold(text).chars().take(FOLDED).collect()
}

/// Reads what was typed into `field`; `None` for nothing.
///
/// # Errors
///
/// The key of the word that says what is wrong.
pub fn read(field: &CaseField, typed: &str, notation: Notation) -> Result<Option<Value>, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let value = match field.field_type {
        FieldType::Text | FieldType::Reference => {
            let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
            Value::text(short(line, LONGEST_LINE)?)
        }
        FieldType::LongText => Value::text(short(typed.replace("\r\n", "\n"), LONGEST_TEXT)?),
        FieldType::Number => number(typed, notation)?,
        FieldType::Money => sum(typed, notation)?,
        FieldType::Date => date(typed)?,
        FieldType::YesNo => Value::text(yes_no(typed)?.to_owned()),
        FieldType::Choice => Value::text(choice(field, typed)?),
        FieldType::Choices => Value::text(choices(field, typed)?),
        FieldType::Link => Value::text(link(typed)?),
    };
    Ok(Some(value).filter(|value| !value.text.is_empty()))
}

fn short(text: String, longest: usize) -> Result<String, &'static str> {
    if text.chars().count() <= longest { Ok(text) } else { Err("error-field-too-long") }
}

fn number(typed: &str, notation: Notation) -> Result<Value, &'static str> {
    let text = plain_number(typed, notation).ok_or("attr-wrong-number")?;
    let number = text.parse().map_err(|_| "attr-wrong-number")?;
    Ok(Value { number: Some(number), ..Value::text(text) })
}

/// "-1.234,50" as "-1234.5"; `None` for what is no number, or could be two.
fn plain_number(typed: &str, notation: Notation) -> Option<String> {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace() && !"'’".contains(*c)).collect();
    let (sign, bare) = match bare.strip_prefix(['-', '−', '–']) {
        Some(rest) => ("-", rest.to_owned()),
        None => ("", bare.strip_prefix('+').unwrap_or(&bare).to_owned()),
    };
    let (point, thousands) = match notation {
        Notation::German => (',', '.'),
        Notation::English => ('.', ','),
        // Programs write a point and nothing else.
        Notation::Either => ('.', '\0'),
    };
    let (whole, decimals) = bare.split_once(point).unwrap_or((&bare, ""));
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let grouped: Vec<&str> = groups.collect();
    let well_grouped = grouped.iter().all(|group| group.len() == 3)
        && (grouped.is_empty() || (1..=3).contains(&first.len()));
    let digits = format!("{first}{}", grouped.concat());
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty() || !well_grouped || !all_digits(&digits) || !all_digits(decimals) {
        return None;
    }
    let (digits, decimals) = (digits.trim_start_matches('0'), decimals.trim_end_matches('0'));
    if LONGEST_NUMBER < digits.len() + decimals.len() {
        return None;
    }
    let whole = if digits.is_empty() { "0" } else { digits };
    let sign = if whole == "0" && decimals.is_empty() { "" } else { sign };
    Some(if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") })
}

fn sum(typed: &str, notation: Notation) -> Result<Value, &'static str> {
    let sum = Money::parse(typed, Currency::Eur, notation).map_err(|_| "attr-wrong-sum")?;
    let number = plain_sum(sum).parse().map_err(|_| "attr-wrong-sum")?;
    Ok(Value { number: Some(number), ..Value::text(format!("{} {}", plain_sum(sum), sum.currency.code())) })
}

/// "-12.50"
fn plain_sum(sum: Money) -> String {
    let sign = if sum.cents < 0 { "-" } else { "" };
    let cents = sum.cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

fn date(typed: &str) -> Result<Value, &'static str> {
    let date = day(typed).ok_or("attr-wrong-date")?;
    let midnight = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| "attr-wrong-date")?;
    Ok(Value { at: Some(midnight.timestamp().into()), ..Value::text(date.to_string()) })
}

fn yes_no(typed: &str) -> Result<&'static str, &'static str> {
    match fold(typed).as_str() {
        "yes" | "ja" | "true" | "1" | "on" => Ok("yes"),
        "no" | "nein" | "false" | "0" | "off" => Ok("no"),
        _ => Err("attr-wrong-choice"),
    }
}

/// The key of a choice that was named by its key or one of its names.
fn choice(field: &CaseField, typed: &str) -> Result<String, &'static str> {
    let named = |typed: &str| {
        let folded = fold(typed);
        let mut offered = field.choices.iter().filter(|choice| !choice.gone);
        offered.find(|choice| [&choice.name.de, &choice.name.en].into_iter().any(|name| fold(name) == folded))
    };
    // What was chosen once may stay, also when it is offered no more.
    let choice = field.choice(typed).or_else(|| named(typed));
    choice.map(|choice| choice.key.clone()).ok_or("attr-wrong-choice")
}

/// The keys of several choices, in the order of the field.
fn choices(field: &CaseField, typed: &str) -> Result<String, &'static str> {
    let parts = typed.split(',').map(str::trim).filter(|part| !part.is_empty());
    let chosen = parts.map(|part| choice(field, part)).collect::<Result<Vec<_>, _>>()?;
    let keys = field.choices.iter().map(|choice| &choice.key).filter(|key| chosen.contains(key));
    Ok(keys.map(String::as_str).collect::<Vec<_>>().join(","))
}

/// An address on the web, whole: people paste it with or without its beginning.
fn link(typed: &str) -> Result<String, &'static str> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let address = url::Url::parse(&whole).map_err(|_| "attr-wrong-link")?;
    let is_web = ["http", "https"].contains(&address.scheme());
    let has_host = address.host_str().is_some_and(|host| host.contains('.') || host == "localhost");
    if !is_web || !has_host || typed.contains(char::is_whitespace) {
        return Err("attr-wrong-link");
    }
    short(address.into(), LONGEST_LINK)
}

/// A stored value as a person reads it.
pub fn shown(field: &CaseField, value: &str, words: &Words) -> String {
    let name = |key: &str| {
        field
            .choice(key)
            .map_or_else(|| key.to_owned(), |one| one.name.in_language(words.language).to_owned())
    };
    match field.field_type {
        FieldType::Text | FieldType::LongText | FieldType::Link | FieldType::Reference => value.to_owned(),
        FieldType::Number => grouped(value, words.language),
        FieldType::Money => stored_sum(value).map_or_else(|| value.to_owned(), |sum| words.money(&sum)),
        FieldType::Date => value.parse::<Date>().map_or_else(|_| value.to_owned(), |date| words.civil(date)),
        FieldType::YesNo => words.t(if value == "yes" { "attr-yes" } else { "attr-no" }).into_owned(),
        FieldType::Choice => name(value),
        FieldType::Choices => value.split(',').map(name).collect::<Vec<_>>().join(", "),
    }
}

/// As [`shown`], for readers of either language.
pub fn shown_in_both(field: &CaseField, value: &str, words: impl Fn(Language) -> Words) -> Bilingual {
    Bilingual { de: shown(field, value, &words(Language::De)), en: shown(field, value, &words(Language::En)) }
}

/// A stored value as its form takes it from a reader of `words`.
pub fn typed(field: &CaseField, value: &str, words: &Words) -> String {
    let german = words.language == Language::De;
    match field.field_type {
        FieldType::Number | FieldType::Money if german => value.replace('.', ","),
        // The browser's own field for days takes this spelling only.
        _ => value.to_owned(),
    }
}

/// A stored value as programs read it.
pub fn json(field: &CaseField, value: &str) -> serde_json::Value {
    match field.field_type {
        FieldType::Number => value.parse::<serde_json::Number>().map_or(json!(value), |number| json!(number)),
        FieldType::Money => stored_sum(value).map_or(json!(value), |sum| json!(sum)),
        FieldType::YesNo => json!(value == "yes"),
        FieldType::Choices => json!(value.split(',').collect::<Vec<_>>()),
        _ => json!(value),
    }
}

fn stored_sum(value: &str) -> Option<Money> {
    Money::parse(value, Currency::Eur, Notation::English).ok()
}

/// "1234.5" with the marks of a language.
fn grouped(value: &str, language: Language) -> String {
    let (thousands, point) = if language == Language::De { ('.', ',') } else { (',', '.') };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push(point);
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::attributes::model::Choice;
    use crate::platform::CaseFieldId;

    fn field(field_type: FieldType) -> CaseField {
        let choice = |key: &str, de: &str, en: &str, gone| Choice {
            key: key.into(),
            name: Bilingual::new(de, en),
            gone,
        };
        CaseField {
            id: CaseFieldId(1),
            key: "f".into(),
            name: Bilingual::same("Feld"),
            help: Bilingual::default(),
            field_type,
            required: false,
            standard: None,
            queues: Vec::new(),
            kinds: Vec::new(),
            only_if: None,
            choices: vec![
                choice("red", "Rot", "Red", false),
                choice("green", "Grün", "Green", false),
                choice("blue", "Blau", "Blue", true),
            ],
            place: 1,
            archived: false,
        }
    }

    #[test]
    fn what_people_type_is_stored_in_one_spelling() {
        use FieldType::{Choice, Choices, Date, Link, Money, Number, Reference, Text, YesNo};
        use Notation::{Either, English, German};
        for (field_type, typed, notation, stored) in [
            (Text, "  Lampe \n hell ", German, Some("Lampe hell")),
            (Text, "   ", German, None),
            (Number, "1.234,50", German, Some("1234.5")),
            (Number, "1,234.50", English, Some("1234.5")),
            (Number, "-0,0", German, Some("0")),
            (Number, "007", German, Some("7")),
            (Number, "1234.5", Either, Some("1234.5")),
            (Money, "12,5", German, Some("12.50 EUR")),
            (Money, "CHF 20", English, Some("20.00 CHF")),
            (Date, "16.11.2026", German, Some("2026-11-16")),
            (Date, "2026-11-16", English, Some("2026-11-16")),
            (YesNo, "Ja", German, Some("yes")),
            (YesNo, "no", English, Some("no")),
            (Choice, "GRUEN", German, Some("green")),
            (Choice, "blue", German, Some("blue")),
            (Choices, "green, Rot", German, Some("red,green")),
            (Choices, " , ", German, None),
            (Link, "example.com/a", German, Some("https://example.com/a")),
            (Reference, " R 2026 / 17 ", German, Some("R 2026 / 17")),
        ] {
            let read = read(&field(field_type), typed, notation).map(|value| value.map(|value| value.text));
            assert_eq!(read, Ok(stored.map(str::to_owned)), "{field_type} {typed:?}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_a_reason() {
        use FieldType::{Choice, Date, Link, Money, Number, Text, YesNo};
        for (field_type, typed, word) in [
            (Number, "1,234.50", "attr-wrong-number"),
            (Number, "1.23", "attr-wrong-number"),
            (Number, "viele", "attr-wrong-number"),
            (Number, "1234567890123456", "attr-wrong-number"),
            (Money, "zwölf", "attr-wrong-sum"),
            (Date, "30.2.2026", "attr-wrong-date"),
            (YesNo, "vielleicht", "attr-wrong-choice"),
            (Choice, "Blau", "attr-wrong-choice"),
            (Link, "javascript:alert(1)", "attr-wrong-link"),
            (Link, "ftp://example.com", "attr-wrong-link"),
            (Link, "kein Link", "attr-wrong-link"),
            (Text, &"x".repeat(201), "error-field-too-long"),
        ] {
            assert_eq!(
                read(&field(field_type), typed, Notation::German),
                Err(word),
                "{field_type} {typed:?}"
            );
        }
    }

    #[test]
    fn what_is_stored_is_shown_in_the_readers_language_and_can_be_typed_again() {
        use FieldType::{Choices, Date, Money, Number, YesNo};
        let words = |language| Words::new(language, jiff::tz::TimeZone::UTC, Timestamp(0));
        for (field_type, stored, de, en) in [
            (Number, "-1234567.5", "-1.234.567,5", "-1,234,567.5"),
            (Money, "1249.00 EUR", "1.249,00\u{a0}€", "€1,249.00"),
            (Date, "2026-11-16", "16.11.2026", "16/11/2026"),
            (YesNo, "no", "nein", "no"),
            (Choices, "red,blue", "Rot, Blau", "Red, Blue"),
        ] {
            let field = field(field_type);
            let both = shown_in_both(&field, stored, words);
            assert_eq!((both.de.as_str(), both.en.as_str()), (de, en), "{field_type}");
            for language in [Language::De, Language::En] {
                let again =
                    read(&field, &typed(&field, stored, &words(language)), words(language).notation());
                assert_eq!(again.map(|value| value.map(|value| value.text)), Ok(Some(stored.to_owned())));
            }
        }
    }
}
