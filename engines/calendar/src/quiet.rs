//! When a person does not want to be disturbed: hours of each day, whole days of the week, and a pause until a moment.
//!
//! Minutes are those of the person's own clock. A time that daylight saving skips counts as the moment after the gap;
//! of one that comes twice, quiet lasts until the second.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// More than any row of quiet stretches that ends: a week of quiet days, with its nights, and a pause.
const STRETCHES: usize = 20;

/// Quiet hours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QuietHours {
    /// Minutes of the day. From later than until: through the night. The same: no hours.
    pub from: u16,
    pub until: u16,
    /// Quiet from midnight to midnight; Monday first.
    pub days: [bool; 7],
    pub pause: Option<Timestamp>,
}

impl QuietHours {
    /// When quiet ends; `None` if it is not quiet at `now`.
    ///
    /// If every day is quiet it never ends; then this is some days later, to be asked again.
    #[must_use]
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut at = now;
        for _ in 0..STRETCHES {
            match self.stretch(at, zone) {
                Some(end) if at < end => at = end,
                _ => break,
            }
        }
        (now < at).then_some(at)
    }

    /// The end of one stretch of quiet that holds `at`; what comes right after it may be quiet for another reason.
    fn stretch(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if let Some(pause) = self.pause.filter(|pause| at < *pause) {
            return Some(pause);
        }
        let local = at.to_zoned(zone.clone());
        let (day, minute) = (local.date(), minute_of(local.time()));
        if self.days[index(day.weekday())] {
            return moment(day.tomorrow().ok()?, 0, zone);
        }
        if self.from < self.until {
            return (self.from <= minute && minute < self.until).then(|| moment(day, self.until, zone))?;
        }
        if self.until < self.from && self.from <= minute {
            return moment(day.tomorrow().ok()?, self.until, zone);
        }
        (self.until < self.from && minute < self.until).then(|| moment(day, self.until, zone))?
    }
}

/// The next time the person's clock shows `minute` of the day, later than `now`.
#[must_use]
pub fn next_daily(now: Timestamp, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let days = [Some(today), today.tomorrow().ok()];
    days.into_iter().flatten().filter_map(|day| moment(day, minute, zone)).find(|at| now < *at)
}

/// The next full hour, later than `now`.
#[must_use]
pub fn next_hour(now: Timestamp) -> Timestamp {
    let hour = 3600;
    Timestamp::from_second((now.as_second().div_euclid(hour) + 1) * hour).unwrap_or(Timestamp::MAX)
}

fn moment(day: Date, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let local = day.at(hour, minute, 0, 0);
    Some(zone.to_ambiguous_zoned(local).later().ok()?.timestamp())
}

fn minute_of(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}

fn index(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vienna() -> TimeZone {
        TimeZone::get("Europe/Vienna").expect("it is in the list of zones")
    }

    fn at(local: &str) -> Timestamp {
        let zoned: jiff::Zoned = format!("{local}[Europe/Vienna]").parse().expect("a moment");
        zoned.timestamp()
    }

    /// 18:00 to 7:00, and the weekend.
    fn evenings() -> QuietHours {
        let days = [false, false, false, false, false, true, true];
        QuietHours { from: 18 * 60, until: 7 * 60, days, pause: None }
    }

    #[test]
    fn quiet_ends_when_neither_hours_nor_days_nor_a_pause_want_it() {
        for (now, end) in [
            // Monday
            ("2026-11-16T09:00", None),
            ("2026-11-16T17:59", None),
            ("2026-11-16T18:00", Some("2026-11-17T07:00")),
            ("2026-11-17T06:59", Some("2026-11-17T07:00")),
            ("2026-11-17T07:00", None),
            // Friday evening to Monday morning
            ("2026-11-20T20:00", Some("2026-11-23T07:00")),
            ("2026-11-21T12:00", Some("2026-11-23T07:00")),
        ] {
            assert_eq!(evenings().end(at(now), &vienna()), end.map(at), "{now}");
        }
        let pause = Some(at("2026-11-18T20:00"));
        let paused = QuietHours { pause, ..evenings() };
        assert_eq!(paused.end(at("2026-11-16T09:00"), &vienna()), Some(at("2026-11-19T07:00")));
    }

    #[test]
    fn hours_within_a_day_are_quiet_too_and_none_are_none() {
        let noon = QuietHours { from: 12 * 60, until: 13 * 60, ..QuietHours::default() };
        assert_eq!(noon.end(at("2026-11-16T12:30"), &vienna()), Some(at("2026-11-16T13:00")));
        assert_eq!(noon.end(at("2026-11-16T13:00"), &vienna()), None);
        assert_eq!(QuietHours::default().end(at("2026-11-16T00:00"), &vienna()), None);
        let same = QuietHours { from: 60, until: 60, ..QuietHours::default() };
        assert_eq!(same.end(at("2026-11-16T01:00"), &vienna()), None);
    }

    #[test]
    fn quiet_follows_the_clock_through_daylight_saving() {
        // The night of 2026-10-25 has 25 hours, that of 2026-03-29 has 23.
        let nights = QuietHours { from: 22 * 60, until: 6 * 60, ..QuietHours::default() };
        for (now, hours) in [("2026-10-24T22:00", 9), ("2026-03-28T22:00", 7), ("2026-11-16T22:00", 8)] {
            let end = nights.end(at(now), &vienna()).expect("it is quiet");
            assert_eq!(end.as_second() - at(now).as_second(), hours * 3600, "{now}");
        }
        // 2:30 does not exist on 2026-03-29, and comes twice on 2026-10-25.
        let odd = QuietHours { from: 60, until: 2 * 60 + 30, ..QuietHours::default() };
        assert_eq!(odd.end(at("2026-03-29T01:30"), &vienna()), Some(at("2026-03-29T03:30")));
        assert_eq!(odd.end(at("2026-10-25T01:30"), &vienna()), Some(at("2026-10-25T02:30+01:00")));
    }

    #[test]
    fn whoever_wants_quiet_every_day_is_asked_again_after_some() {
        let never = QuietHours { days: [true; 7], ..QuietHours::default() };
        assert!(never.end(at("2026-11-16T09:00"), &vienna()).is_some_and(|end| at("2026-11-20T00:00") < end));
    }

    #[test]
    fn a_digest_comes_at_its_time_once_a_day_or_with_the_hour() {
        let zone = vienna();
        for (now, next) in [
            ("2026-11-16T07:29", "2026-11-16T07:30"),
            ("2026-11-16T07:30", "2026-11-17T07:30"),
            ("2026-03-28T08:00", "2026-03-29T07:30"),
        ] {
            assert_eq!(next_daily(at(now), 450, &zone), Some(at(next)), "{now}");
        }
        assert_eq!(next_daily(at("2026-03-29T00:00"), 150, &zone), Some(at("2026-03-29T03:30")));
        assert_eq!(next_hour(at("2026-11-16T09:00")), at("2026-11-16T10:00"));
        assert_eq!(next_hour(at("2026-11-16T09:59")), at("2026-11-16T10:00"));
    }
}
