//! Unix seconds and the working days of a house in Austria.
//!
//! The house answers Monday to Friday from 8 to 18 and Saturday from 9 to 13, Vienna time, and is closed
//! on the public holidays of Austria. A full calendar with regions is `calendar`'s work.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::sync::LazyLock;

static VIENNA: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/Vienna").expect("the zones are built in"));

/// Local time in Vienna as unix seconds.
pub fn seconds(date: Date, hour: i64, minute: i64) -> i64 {
    let midnight = date.to_zoned(VIENNA.clone()).expect("years of this century are in range");
    let utc = midnight.timestamp().as_second() + hour * 3600 + minute * 60;
    // Clock changes happen at night; noon tells the offset that the day works with.
    utc + i64::from(midnight.offset().seconds()) - i64::from(offset(utc))
}

/// Local date and time in Vienna.
pub fn local(at: i64) -> DateTime {
    stamp(at).to_zoned(VIENNA.clone()).datetime()
}

pub fn date_of(at: i64) -> Date {
    local(at).date()
}

/// Seconds that Vienna is ahead of UTC at `at`.
pub fn offset(at: i64) -> i32 {
    VIENNA.to_offset(stamp(at)).seconds()
}

pub fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

/// Days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).expect("a span of days between two dates").get_days())
}

/// Opening time as minutes of the day; None when closed all day.
pub fn opening(date: Date) -> Option<(i64, i64)> {
    if is_holiday(date) {
        return None;
    }
    match date.weekday() {
        Weekday::Sunday => None,
        Weekday::Saturday => Some((9 * 60, 13 * 60)),
        _ => Some((8 * 60, 18 * 60)),
    }
}

/// A public holiday of Austria.
fn is_holiday(date: Date) -> bool {
    let fixed = [(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)];
    // Easter Monday, Ascension, Whit Monday and Corpus Christi.
    fixed.contains(&(date.month(), date.day()))
        || [1, 39, 50, 60].contains(&days_between(easter(date.year()), date))
}

/// Easter Sunday, by the rule of Gauss as Butcher wrote it down.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let leap = (century + 8) / 25;
    let epact = (19 * golden + century - century / 4 - (century - leap + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let first = Date::new(i16::try_from(year).unwrap_or(2000), 3, 1).expect("a day of every year");
    // Counted from the first of March, which is 31 * 3 + 0.
    plus(first, i64::from(days - 93))
}

/// Whether the house has been open for `minutes` of that day and still is.
pub fn is_open_since(at: i64, minutes: i64) -> bool {
    let now = local(at);
    let minute = i64::from(now.hour()) * 60 + i64::from(now.minute());
    opening(now.date()).is_some_and(|(open, close)| open + minutes <= minute && minute < close)
}

/// When the house closed last.
pub fn last_closing(at: i64) -> i64 {
    let now = local(at);
    let mut day = now.date();
    let mut until = i64::from(now.hour()) * 60 + i64::from(now.minute());
    loop {
        if let Some((_, close)) = opening(day)
            && close <= until
        {
            return seconds(day, 0, close);
        }
        day = plus(day, -1);
        until = 24 * 60;
    }
}

/// The moment after `minutes` of opening time have passed since `from`.
pub fn after_work(from: i64, minutes: i64) -> i64 {
    let start = local(from);
    let mut day = start.date();
    let mut at = i64::from(start.hour()) * 60 + i64::from(start.minute());
    let mut left = minutes;
    loop {
        if let Some((open, close)) = opening(day) {
            let begin = at.max(open);
            if begin + left < close {
                return seconds(day, 0, begin + left) + from.rem_euclid(60);
            }
            left -= (close - begin).max(0);
        }
        day = plus(day, 1);
        at = 0;
    }
}

/// The first working day (Monday to Friday) at or after `date`.
pub fn weekday_from(date: Date) -> Date {
    let mut day = date;
    while opening(day).is_none() || day.weekday() == Weekday::Saturday {
        day = plus(day, 1);
    }
    day
}

/// The last working day (Monday to Friday) before `date`.
pub fn weekday_before(date: Date) -> Date {
    let mut day = plus(date, -1);
    while opening(day).is_none() || day.weekday() == Weekday::Saturday {
        day = plus(day, -1);
    }
    day
}

fn stamp(at: i64) -> Timestamp {
    Timestamp::from_second(at).expect("seconds of this century are in range")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn working_minutes_skip_nights_and_sundays() {
        for (from, minutes, to) in [
            ((2026, 11, 20, 10, 0), 30, (2026, 11, 20, 10, 30)),
            ((2026, 11, 20, 17, 45), 30, (2026, 11, 21, 9, 15)),
            ((2026, 11, 21, 12, 30), 60, (2026, 11, 23, 8, 30)),
            ((2026, 12, 24, 17, 0), 120, (2026, 12, 28, 9, 0)),
        ] {
            let at = |(y, m, d, hour, minute)| seconds(date(y, m, d), hour, minute);
            assert_eq!(local(after_work(at(from), minutes)), local(at(to)), "{from:?} + {minutes}");
        }
    }

    #[test]
    fn local_time_keeps_its_hour_on_days_of_the_clock_change() {
        for day in [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)] {
            assert_eq!(local(seconds(day, 9, 30)), day.at(9, 30, 0, 0));
        }
    }
}
