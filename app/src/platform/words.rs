//! Every visible word, number and date, in the reader's language.
//!
//! The texts stand beside the slices as `words.de.ftl` and `words.en.ftl` (Project Fluent); the build script
//! collects them. A key that one language lacks, or that nobody declared, fails the tests.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;

use super::bilingual::Bilingual;
use super::codes::codes;
use super::ids::Timestamp;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

codes! {
    /// Languages of the interface.
    pub enum Language { De = "de", En = "en" }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 2]> = LazyLock::new(|| [bundle("de", DE), bundle("en", EN)]);

fn bundle(language: &str, files: &[(&str, &str)]) -> Bundle {
    let id = language.parse().expect("`de` and `en` are language tags");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks around arguments would be copied into letters and e-mails.
    bundle.set_use_isolating(false);
    for (path, text) in files {
        let resource = FluentResource::try_new((*text).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
        bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{path}: {errors:?}"));
    }
    bundle
}

/// All files of one language: path and text. For the tests.
pub const fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::De => DE,
        Language::En => EN,
    }
}

/// The words of one language, with numbers, sums and dates as written there.
#[derive(Debug, Clone)]
pub struct Words {
    pub language: Language,
    zone: TimeZone,
    now: Timestamp,
}

impl Words {
    pub const fn new(language: Language, zone: TimeZone, now: Timestamp) -> Self {
        Self { language, zone, now }
    }

    /// The text of `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// What the house named itself.
    pub fn named<'n>(&self, name: &'n Bilingual) -> &'n str {
        name.in_language(self.language)
    }

    /// The text of `key` with the number `$n`, which also chooses the plural.
    pub fn n(&self, key: &str, n: impl Count) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("n", n.count());
        self.format(key, Some(&args))
    }

    /// The text of `key` with one argument.
    #[expect(clippy::needless_pass_by_value, reason = "templates pass references, Rust passes values")]
    pub fn with(&self, key: &str, name: &str, value: impl ToString) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), FluentValue::from(value.to_string()));
        self.format(key, Some(&args))
    }

    /// The text of `key` with two arguments.
    pub fn with2(
        &self,
        key: &str,
        (name, value): (&str, impl ToString),
        (name2, value2): (&str, impl ToString),
    ) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set(name.to_owned(), FluentValue::from(value.to_string()));
        args.set(name2.to_owned(), FluentValue::from(value2.to_string()));
        self.format(key, Some(&args))
    }

    /// As [`Words::with2`], for templates, which cannot write pairs.
    pub fn both(
        &self,
        key: &str,
        name: &str,
        value: impl ToString,
        name2: &str,
        value2: impl ToString,
    ) -> Cow<'static, str> {
        self.with2(key, (name, value), (name2, value2))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = &BUNDLES[self.language as usize];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a word is missing");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a word lacks an argument");
        }
        text
    }

    /// "12.480"
    pub fn number(&self, number: impl Count) -> String {
        group(number.count(), self.thousands())
    }

    /// A number with one decimal: "2,3".
    pub fn decimal(&self, number: f64) -> String {
        let text = format!("{number:.1}");
        let (whole, tenth) = text.split_once('.').unwrap_or((&text, "0"));
        let whole =
            whole.parse().map_or_else(|_| whole.to_owned(), |whole: i64| group(whole, self.thousands()));
        let sign = if text.starts_with("-0") { "-" } else { "" };
        format!("{sign}{whole}{}{tenth}", self.point())
    }

    /// A number with up to two decimals, as many as it needs: "2.002", "12,5".
    pub fn figure(&self, number: f64) -> String {
        let text = format!("{number:.2}");
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole| group(whole, self.thousands()));
        match decimals.trim_end_matches('0') {
            "" => whole,
            decimals => format!("{whole}{}{decimals}", self.point()),
        }
    }

    /// A share of one as a percentage: "94 %".
    pub fn percent(&self, share: f64) -> String {
        let space = if self.language == Language::De { "\u{a0}" } else { "" };
        format!("{:.0}{space}%", share * 100.0)
    }

    /// "1.249,00 €"
    pub fn money(&self, sum: &money::Money) -> String {
        let cents = sum.cents;
        let sign = if cents < 0 { "-" } else { "" };
        let whole = group((cents / 100).abs(), self.thousands());
        self.placed(sign, &format!("{whole}{}{:02}", self.point(), (cents % 100).abs()), sum.currency)
    }

    /// Whole units, for overviews: "1.249 €".
    pub fn money_round(&self, sum: &money::Money) -> String {
        let units = (sum.cents.abs() + 50) / 100;
        let sign = if sum.cents < 0 && units != 0 { "-" } else { "" };
        self.placed(sign, &group(units, self.thousands()), sum.currency)
    }

    fn placed(&self, sign: &str, digits: &str, currency: money::Currency) -> String {
        let mark = if currency == money::Currency::Eur { "€" } else { "CHF" };
        match self.language {
            Language::De => format!("{sign}{digits}\u{a0}{mark}"),
            Language::En if mark == "€" => format!("{sign}€{digits}"),
            Language::En => format!("{sign}CHF\u{a0}{digits}"),
        }
    }

    const fn thousands(&self) -> &'static str {
        match self.language {
            Language::De => ".",
            Language::En => ",",
        }
    }

    const fn point(&self) -> &'static str {
        match self.language {
            Language::De => ",",
            Language::En => ".",
        }
    }

    /// "16. November 2026"
    pub fn date(&self, at: &Timestamp) -> String {
        let day = at.moment().to_zoned(self.zone.clone());
        let month = self.t(MONTHS[usize::from(day.month().unsigned_abs()) - 1]);
        match self.language {
            Language::De => format!("{}. {month} {}", day.day(), day.year()),
            Language::En => format!("{} {month} {}", day.day(), day.year()),
        }
    }

    /// "16.11.2026" or "16/11/2026"
    pub fn day(&self, at: &Timestamp) -> String {
        let pattern = if self.language == Language::De { "%d.%m.%Y" } else { "%d/%m/%Y" };
        at.moment().to_zoned(self.zone.clone()).strftime(pattern).to_string()
    }

    /// A day of the calendar, as [`Words::day`] writes it.
    pub fn civil(&self, day: jiff::civil::Date) -> String {
        day.strftime(if self.language == Language::De { "%d.%m.%Y" } else { "%d/%m/%Y" }).to_string()
    }

    /// "16.11." or "16/11", where the year goes without saying
    pub fn day_of_year(&self, day: jiff::civil::Date) -> String {
        day.strftime(if self.language == Language::De { "%d.%m." } else { "%d/%m" }).to_string()
    }

    /// "14:11"
    pub fn time(&self, at: &Timestamp) -> String {
        at.moment().to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// "heute, 14:11", "gestern, 9:30", "16.11.2026, 14:11"
    pub fn when(&self, at: &Timestamp) -> String {
        let day = at.moment().to_zoned(self.zone.clone()).date();
        let today = self.now.moment().to_zoned(self.zone.clone()).date();
        let named = if day == today {
            self.t("when-today")
        } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
            self.t("when-yesterday")
        } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
            self.t("when-tomorrow")
        } else {
            self.day(at).into()
        };
        format!("{named}, {}", self.time(at))
    }

    /// "16.11.2026, 14:11": true whenever somebody reads it, as on paper.
    pub fn stamp(&self, at: &Timestamp) -> String {
        format!("{}, {}", self.day(at), self.time(at))
    }

    /// How far away `at` is: "38 Min.", "2 Std.", "3 Tage".
    pub fn span(&self, at: &Timestamp) -> Cow<'static, str> {
        let minutes = (at.0 - self.now.0).abs() / 60_000_000;
        match minutes {
            0..=59 => self.n("span-minutes", minutes),
            60..=1439 => self.n("span-hours", minutes / 60),
            _ => self.n("span-days", minutes / 1440),
        }
    }

    /// A length in minutes: "28 Min.", "2 Std. 5 Min."
    pub fn minutes(&self, minutes: i64) -> String {
        if minutes < 60 {
            return self.n("span-minutes", minutes).into_owned();
        }
        format!("{} {}", self.n("span-hours", minutes / 60), self.n("span-minutes", minutes % 60))
    }

    /// "84 KB"
    pub fn size(&self, bytes: &i64) -> String {
        let bytes = *bytes;
        match bytes {
            ..1_000 => format!("{bytes} B"),
            1_000..1_000_000 => format!("{} KB", bytes / 1_000),
            _ => format!("{} MB", self.number(bytes / 1_000_000)),
        }
    }

    /// How readers of this language type numbers.
    pub const fn notation(&self) -> money::Notation {
        match self.language {
            Language::De => money::Notation::German,
            Language::En => money::Notation::English,
        }
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

/// What can be counted; templates pass references.
pub trait Count {
    fn count(self) -> i64;
}

macro_rules! count {
    ($($type:ty),+) => { $(
        impl Count for $type {
            fn count(self) -> i64 { i64::try_from(self).unwrap_or(i64::MAX) }
        }
        impl Count for &$type {
            fn count(self) -> i64 { (*self).count() }
        }
        impl Count for &&$type {
            fn count(self) -> i64 { (**self).count() }
        }
    )+ };
}
count!(i64, usize, u64, u32);

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9",
    "month-10", "month-11", "month-12",
];

fn group(number: i64, mark: &str) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        if index != 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

/// Two capitals for a badge: first and last name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        for (number, de, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (12_480, "12.480", "12,480"),
            (-1_000_000, "-1.000.000", "-1,000,000"),
        ] {
            assert_eq!(group(number, "."), de);
            assert_eq!(group(number, ","), en);
        }
    }

    #[test]
    fn decimals_are_grouped_and_pointed_as_the_language_does() {
        for (number, de, en) in [
            (0.0, "0,0", "0.0"),
            (-0.5, "-0,5", "-0.5"),
            (2002.04, "2.002,0", "2,002.0"),
            (-1234.56, "-1.234,6", "-1,234.6"),
        ] {
            let words = |language| Words::new(language, TimeZone::UTC, Timestamp(0));
            assert_eq!(words(Language::De).decimal(number), de);
            assert_eq!(words(Language::En).decimal(number), en);
        }
    }

    #[test]
    fn initials_are_those_of_the_first_and_last_name() {
        for (name, badge) in [("Ingrid Sommerauer", "IS"), ("Kitt", "K"), ("Anna Maria Öz", "AÖ"), ("", "")]
        {
            assert_eq!(initials(name), badge);
        }
    }
}
