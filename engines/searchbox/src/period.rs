//! Days, months and years as people write them.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// Whole days: the first, and the first one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

/// What `folded` means on `today`: "2026-11-01", "1.11.2026", "1.11.", "11/2026", "november", "montag", "gestern",
/// "7t" for seven days ago. What has no year is the last one that is not in the future.
pub fn period(folded: &str, today: Date) -> Option<Period> {
    let text = folded.trim();
    named(text, today)
        .or_else(|| ago(text, today))
        .or_else(|| iso(text))
        .or_else(|| dotted(text, today))
        .or_else(|| slashed(text))
}

fn day(date: Date) -> Option<Period> {
    Some(Period { from: date, to: date.tomorrow().ok()? })
}

fn spanning(from: Date, span: Span) -> Option<Period> {
    Some(Period { from, to: from.checked_add(span).ok()? })
}

fn month(year: i16, month: i8) -> Option<Period> {
    spanning(Date::new(year, month, 1).ok()?, 1.month())
}

const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("montag", "monday", Weekday::Monday),
    ("dienstag", "tuesday", Weekday::Tuesday),
    ("mittwoch", "wednesday", Weekday::Wednesday),
    ("donnerstag", "thursday", Weekday::Thursday),
    ("freitag", "friday", Weekday::Friday),
    ("samstag", "saturday", Weekday::Saturday),
    ("sonntag", "sunday", Weekday::Sunday),
];
const MONTHS: [[&str; 3]; 12] = [
    ["januar", "january", "jaenner"],
    ["februar", "february", "feber"],
    ["maerz", "march", "maerz"],
    ["april", "april", "april"],
    ["mai", "may", "mai"],
    ["juni", "june", "juni"],
    ["juli", "july", "juli"],
    ["august", "august", "august"],
    ["september", "september", "september"],
    ["oktober", "october", "oktober"],
    ["november", "november", "november"],
    ["dezember", "december", "dezember"],
];

fn named(text: &str, today: Date) -> Option<Period> {
    match text {
        "heute" | "today" => return day(today),
        "gestern" | "yesterday" => return day(today.yesterday().ok()?),
        "vorgestern" => return day(today.checked_sub(2.days()).ok()?),
        "woche" | "week" => {
            let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
            return spanning(monday, 1.week());
        }
        "monat" | "month" => return month(today.year(), today.month()),
        "jahr" | "year" => return spanning(today.first_of_year(), 1.year()),
        _ => {}
    }
    if let Some((.., weekday)) =
        WEEKDAYS.iter().find(|(german, english, _)| [*german, *english].contains(&text))
    {
        let back = today.weekday().since(*weekday);
        return day(today.checked_sub(i64::from(back).days()).ok()?);
    }
    let number = MONTHS.iter().position(|names| names.contains(&text))?;
    let number = i8::try_from(number + 1).ok()?;
    month(if today.month() < number { today.year() - 1 } else { today.year() }, number)
}

/// "7t", "7d", "2w", "3m", "1j": the day so long ago.
fn ago(text: &str, today: Date) -> Option<Period> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let count: i64 = text[..end].parse().ok().filter(|count| *count < 10_000)?;
    let span = match text[end..].trim() {
        "t" | "d" | "tage" | "days" | "tag" | "day" => count.days(),
        "w" | "wochen" | "weeks" | "woche" | "week" => count.weeks(),
        "m" | "monate" | "months" | "monat" | "month" => count.months(),
        "j" | "y" | "jahre" | "years" | "jahr" | "year" => count.years(),
        _ => return None,
    };
    day(today.checked_sub(span).ok()?)
}

/// "2026", "2026-11", "2026-11-01"
fn iso(text: &str) -> Option<Period> {
    let mut numbers = text.split('-').map(|part| part.parse::<i16>().ok().filter(|_| part.len() <= 4));
    let year = numbers.next()??;
    if !(1900..2200).contains(&year) || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    let Some(number) = numbers.next() else { return spanning(Date::new(year, 1, 1).ok()?, 1.year()) };
    let number = i8::try_from(number?).ok()?;
    let Some(of_month) = numbers.next() else { return month(year, number) };
    if numbers.next().is_some() {
        return None;
    }
    day(Date::new(year, number, i8::try_from(of_month?).ok()?).ok()?)
}

/// "1.11.2026", "1.11.26", "1.11."
fn dotted(text: &str, today: Date) -> Option<Period> {
    let mut numbers = text.split('.');
    let of_month: i8 = numbers.next()?.trim().parse().ok()?;
    let number: i8 = numbers.next()?.trim().parse().ok()?;
    let year = numbers.next().unwrap_or_default().trim();
    if numbers.next().is_some() {
        return None;
    }
    if !year.is_empty() {
        return day(Date::new(whole_year(year)?, number, of_month).ok()?);
    }
    let this = Date::new(today.year(), number, of_month).ok();
    let date =
        this.filter(|date| *date <= today).or_else(|| Date::new(today.year() - 1, number, of_month).ok());
    day(date?)
}

/// "11/2026"
fn slashed(text: &str) -> Option<Period> {
    let (number, year) = text.split_once('/')?;
    month(whole_year(year)?, number.parse().ok()?)
}

fn whole_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_understood_however_they_are_written() {
        // A Monday.
        let today = date(2026, 11, 23);
        for (text, from, to) in [
            ("2026-11-01", date(2026, 11, 1), date(2026, 11, 2)),
            ("2026-12-31", date(2026, 12, 31), date(2027, 1, 1)),
            ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
            ("2025", date(2025, 1, 1), date(2026, 1, 1)),
            ("1.11.2026", date(2026, 11, 1), date(2026, 11, 2)),
            ("01.11.26", date(2026, 11, 1), date(2026, 11, 2)),
            ("23.11.", date(2026, 11, 23), date(2026, 11, 24)),
            ("24.11.", date(2025, 11, 24), date(2025, 11, 25)),
            ("24.11", date(2025, 11, 24), date(2025, 11, 25)),
            ("11/2026", date(2026, 11, 1), date(2026, 12, 1)),
            ("november", date(2026, 11, 1), date(2026, 12, 1)),
            ("dezember", date(2025, 12, 1), date(2026, 1, 1)),
            ("jaenner", date(2026, 1, 1), date(2026, 2, 1)),
            ("heute", today, date(2026, 11, 24)),
            ("gestern", date(2026, 11, 22), today),
            ("montag", today, date(2026, 11, 24)),
            ("dienstag", date(2026, 11, 17), date(2026, 11, 18)),
            ("woche", today, date(2026, 11, 30)),
            ("7t", date(2026, 11, 16), date(2026, 11, 17)),
            ("2w", date(2026, 11, 9), date(2026, 11, 10)),
            ("9m", date(2026, 2, 23), date(2026, 2, 24)),
        ] {
            assert_eq!(period(text, today), Some(Period { from, to }), "{text}");
        }
        for text in ["", "30.2.2026", "31.2.", "2026-13", "irgendwann", "12", "1.2.3.4", "2026-1-1-1", "t"] {
            assert_eq!(period(text, today), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_may_be_asked(text in "[0-9a-z./ -]{0,14}|\\PC{0,12}") {
            if let Some(period) = period(&text, date(2026, 11, 23)) {
                prop_assert!(period.from < period.to);
            }
        }
    }
}
