//! The time that a reader chose, in the house's zone, and the time before it for comparison.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::platform::{Timestamp, Words};

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// From the first of the month until now.
    ThisMonth,
    /// So many days until now.
    Days(i16),
    /// A whole month, by its first day.
    Month(Date),
    /// Both days included.
    Custom(Date, Date),
}

/// The choices that every list offers beside single months.
pub const DAYS: [i16; 3] = [30, 90, 365];

impl Choice {
    /// Reads `month`, `30`, `2026-10` or `custom` with two days; what cannot be read is this month.
    pub fn read(time: &str, from: &str, to: &str) -> Self {
        let day = |text: &str| text.parse::<Date>().ok();
        if time == "custom"
            && let (Some(from), Some(to)) = (day(from), day(to))
        {
            return Self::Custom(from.min(to), from.max(to));
        }
        if let Some(days) = time.parse().ok().filter(|days| DAYS.contains(days)) {
            return Self::Days(days);
        }
        day(&format!("{time}-01")).map_or(Self::ThisMonth, Self::Month)
    }

    /// As it is written in a query.
    pub fn code(&self) -> String {
        match self {
            Self::ThisMonth => "month".into(),
            Self::Days(days) => days.to_string(),
            Self::Month(first) => first.strftime("%Y-%m").to_string(),
            Self::Custom(..) => "custom".into(),
        }
    }

    /// "November 2026", "letzte 30 Tage", "01.10.2026 – 15.10.2026"
    pub fn title(&self, words: &Words) -> String {
        match self {
            Self::ThisMonth => month(words, today(words)),
            Self::Days(days) => words.n("hub-time-days", i64::from(*days)).into_owned(),
            Self::Month(first) => month(words, *first),
            Self::Custom(from, to) => {
                let day = |date: Date| words.day(&midnight(date, words.zone()));
                format!("{} – {}", day(*from), day(*to))
            }
        }
    }

    /// The chosen time and the one before it.
    pub fn period(&self, zone: &TimeZone, now: Timestamp) -> Period {
        let today = now.moment().to_zoned(zone.clone()).date();
        let begin = |date: Date| midnight(date, zone);
        // What happens at this very moment counts.
        let end = Timestamp(now.0 + 1);
        match *self {
            Self::ThisMonth => {
                let first = today.first_of_month();
                let before = begin(back(first, 1));
                let elapsed = now.0 - begin(first).0;
                // As much of the month before as of this one, and not more than it has.
                let until = Timestamp((before.0 + elapsed).min(begin(first).0));
                Period { from: begin(first), to: end, before: (before, until) }
            }
            Self::Days(days) => Period::with_equal_before(end - Timestamp::days(days.into()), end),
            Self::Month(first) => {
                let end = first.saturating_add(1.month());
                Period { from: begin(first), to: begin(end), before: (begin(back(first, 1)), begin(first)) }
            }
            Self::Custom(from, to) => {
                Period::with_equal_before(begin(from), begin(to.saturating_add(1.day())))
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    /// What it is compared with.
    pub before: (Timestamp, Timestamp),
}

impl Period {
    const fn with_equal_before(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, before: (Timestamp(from.0 - (to.0 - from.0)), from) }
    }
}

/// The months before this one that lists offer.
pub fn months(words: &Words, count: i64) -> Vec<Date> {
    let first = today(words).first_of_month();
    (1..=count).map(|months| back(first, months)).collect()
}

pub fn month(words: &Words, first: Date) -> String {
    format!("{} {}", words.t(&format!("month-{}", first.month())), first.year())
}

fn today(words: &Words) -> Date {
    words.now().moment().to_zoned(words.zone().clone()).date()
}

fn back(first: Date, months: i64) -> Date {
    first.saturating_sub(months.months())
}

fn midnight(date: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible().map_or(Timestamp(0), |at| at.timestamp().into())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_this_month() {
        for (time, from, to, choice) in [
            ("", "", "", Choice::ThisMonth),
            ("month", "", "", Choice::ThisMonth),
            ("90", "", "", Choice::Days(90)),
            ("31", "", "", Choice::ThisMonth),
            ("2026-10", "", "", Choice::Month(date(2026, 10, 1))),
            ("2026-13", "", "", Choice::ThisMonth),
            ("custom", "2026-10-05", "2026-10-01", Choice::Custom(date(2026, 10, 1), date(2026, 10, 5))),
            ("custom", "", "2026-10-01", Choice::ThisMonth),
        ] {
            assert_eq!(Choice::read(time, from, to), choice, "{time} {from} {to}");
        }
    }

    #[test]
    fn a_month_is_compared_with_the_same_part_of_the_month_before() {
        let zone = TimeZone::get("Europe/Vienna").expect("the zone is bundled");
        let at = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().expect("a moment"));
        for (choice, now, from, to, before_from, before_to) in [
            (
                Choice::ThisMonth,
                "2026-11-15T11:00:00Z",
                "2026-10-31T23:00:00Z",
                "2026-11-15T11:00:00Z",
                "2026-09-30T22:00:00Z",
                "2026-10-15T10:00:00Z",
            ),
            (
                Choice::ThisMonth,
                "2026-03-31T11:00:00Z",
                "2026-02-28T23:00:00Z",
                "2026-03-31T11:00:00Z",
                "2026-01-31T23:00:00Z",
                "2026-02-28T23:00:00Z",
            ),
            (
                Choice::Month(date(2026, 10, 1)),
                "2026-11-15T11:00:00Z",
                "2026-09-30T22:00:00Z",
                "2026-10-31T23:00:00Z",
                "2026-08-31T22:00:00Z",
                "2026-09-30T22:00:00Z",
            ),
            (
                Choice::Custom(date(2026, 10, 1), date(2026, 10, 1)),
                "2026-11-15T11:00:00Z",
                "2026-09-30T22:00:00Z",
                "2026-10-01T22:00:00Z",
                "2026-09-29T22:00:00Z",
                "2026-09-30T22:00:00Z",
            ),
        ] {
            let included = i64::from(to == now);
            let to = Timestamp(at(to).0 + included);
            let expected = Period { from: at(from), to, before: (at(before_from), at(before_to)) };
            assert_eq!(choice.period(&zone, at(now)), expected, "{choice:?}");
        }
    }
}
