//! When a team works: a week, exceptions on single days, and the time zone in which both are meant.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Interval, Region, holidays};

/// Opening hours. Intervals of a day are sorted and do not overlap.
///
/// As JSON: `{"time_zone":"Europe/Berlin","week":[["08:00-12:00","13:00-17:00"],…,[]],
/// "special":{"2026-12-24":["08:00-12:00"],"2026-12-25":[]}}`, the week from Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Plain", try_from = "Plain")]
pub struct OpeningHours {
    zone_name: String,
    zone: TimeZone,
    week: [Vec<Interval>; 7],
    /// Days that differ from their weekday; closed where the list is empty.
    special: BTreeMap<Date, Vec<Interval>>,
}

/// Why these are no opening hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("unknown time zone {0:?}")]
    UnknownTimeZone(String),
    #[error("{0} and {1} overlap")]
    Overlap(Interval, Interval),
}

/// The stored and transmitted form.
#[derive(Serialize, Deserialize)]
struct Plain {
    time_zone: String,
    week: [Vec<Interval>; 7],
    #[serde(default)]
    special: BTreeMap<Date, Vec<Interval>>,
}

impl From<OpeningHours> for Plain {
    fn from(hours: OpeningHours) -> Self {
        Self { time_zone: hours.zone_name, week: hours.week, special: hours.special }
    }
}

impl TryFrom<Plain> for OpeningHours {
    type Error = HoursError;

    fn try_from(plain: Plain) -> Result<Self, HoursError> {
        let hours = Self::new(&plain.time_zone, plain.week)?;
        plain.special.into_iter().try_fold(hours, |hours, (date, intervals)| hours.with_day(date, intervals))
    }
}

impl OpeningHours {
    /// `week` runs from Monday to Sunday; `time_zone` is an IANA name such as `Europe/Vienna`.
    ///
    /// # Errors
    ///
    /// [`HoursError`] for an unknown zone or intervals that overlap.
    pub fn new(time_zone: &str, week: [Vec<Interval>; 7]) -> Result<Self, HoursError> {
        let unknown = |_| HoursError::UnknownTimeZone(time_zone.to_owned());
        let zone = TimeZone::get(time_zone).map_err(unknown)?;
        let mut sorted = week;
        for day in &mut sorted {
            *day = in_order(std::mem::take(day))?;
        }
        Ok(Self { zone_name: time_zone.to_owned(), zone, week: sorted, special: BTreeMap::new() })
    }

    /// The same intervals from Monday to Friday, closed at the weekend.
    ///
    /// # Errors
    ///
    /// As [`OpeningHours::new`].
    pub fn weekdays(time_zone: &str, day: &[Interval]) -> Result<Self, HoursError> {
        let open = |weekday: usize| if weekday < 5 { day.to_vec() } else { Vec::new() };
        Self::new(time_zone, std::array::from_fn(open))
    }

    /// Open at every moment.
    ///
    /// # Errors
    ///
    /// [`HoursError::UnknownTimeZone`]
    pub fn around_the_clock(time_zone: &str) -> Result<Self, HoursError> {
        Self::new(time_zone, std::array::from_fn(|_| vec![Interval::WHOLE_DAY]))
    }

    /// Replaces one day; an empty list closes it.
    ///
    /// # Errors
    ///
    /// [`HoursError::Overlap`]
    pub fn with_day(mut self, date: Date, intervals: Vec<Interval>) -> Result<Self, HoursError> {
        self.special.insert(date, in_order(intervals)?);
        Ok(self)
    }

    /// Closes on a day, whatever was set for it before.
    #[must_use]
    pub fn with_day_off(mut self, date: Date) -> Self {
        self.special.insert(date, Vec::new());
        self
    }

    /// Closes on the region's public holidays of these years. Days set before keep their hours.
    #[must_use]
    pub fn with_holidays(mut self, region: Region, years: impl IntoIterator<Item = i16>) -> Self {
        for year in years {
            for (date, _) in holidays(region, year) {
                self.special.entry(date).or_default();
            }
        }
        self
    }

    /// The zone in which the intervals are meant.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The regular intervals of a weekday.
    pub fn week_day(&self, weekday: Weekday) -> &[Interval] {
        let monday_based = weekday.to_monday_zero_offset();
        &self.week[usize::from(monday_based.unsigned_abs())]
    }

    /// The intervals that apply on this very day.
    pub fn on(&self, date: Date) -> &[Interval] {
        self.special.get(&date).map_or_else(|| self.week_day(date.weekday()), Vec::as_slice)
    }

    /// Days that differ from their weekday, in order.
    pub fn special_days(&self) -> impl Iterator<Item = (Date, &[Interval])> {
        self.special.iter().map(|(date, intervals)| (*date, intervals.as_slice()))
    }

    /// An interval holds its first moment, not its last.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans(at).next().is_some_and(|span| span.start <= at && at < span.end)
    }

    /// This moment if it is open, otherwise the next one that is; none within 366 days.
    pub fn next_open(&self, at: Timestamp) -> Option<Timestamp> {
        self.spans(at).find(|span| at < span.end).map(|span| span.start.max(at))
    }

    /// The open stretches that end at or after `at`, in order; stops when 366 days in a row are closed.
    pub(crate) fn spans(&self, at: Timestamp) -> Spans<'_> {
        let date = self.zone.to_datetime(at).date();
        Spans { hours: self, next: Some(date), today: VecDeque::new(), closed: 0, at }
    }

    fn spans_on(&self, date: Date) -> VecDeque<Span> {
        let span = |interval: &Interval| Span {
            start: self.moment(date, interval.from()),
            end: self.moment(date, interval.to()),
        };
        // An interval inside the hour that daylight saving skips has no length.
        self.on(date).iter().map(span).filter(|span| span.start < span.end).collect()
    }

    /// The moment of a local time.
    ///
    /// A local time that daylight saving skips is the moment of the change, so that hours around it
    /// keep only the time that exists. One that occurs twice is its first occurrence.
    fn moment(&self, date: Date, minute: u16) -> Timestamp {
        let midnight = date.at(0, 0, 0, 0);
        let local = midnight.saturating_add(jiff::SignedDuration::from_mins(minute.into()));
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        let in_gap = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
        let Ok(earlier) = ambiguous.earlier() else { return Timestamp::MAX };
        let change = in_gap.then(|| self.zone.following(earlier).next()).flatten();
        change.map_or(earlier, |change| change.timestamp())
    }
}

fn in_order(mut intervals: Vec<Interval>) -> Result<Vec<Interval>, HoursError> {
    intervals.sort_unstable();
    for pair in intervals.windows(2) {
        if pair[1].from() < pair[0].to() {
            return Err(HoursError::Overlap(pair[0], pair[1]));
        }
    }
    Ok(intervals)
}

/// An open stretch of real time, longer than nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub start: Timestamp,
    pub end: Timestamp,
}

pub(crate) struct Spans<'a> {
    hours: &'a OpeningHours,
    next: Option<Date>,
    today: VecDeque<Span>,
    /// Days without opening in a row.
    closed: u16,
    at: Timestamp,
}

impl Iterator for Spans<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        loop {
            while let Some(span) = self.today.pop_front() {
                if self.at <= span.end {
                    self.closed = 0;
                    return Some(span);
                }
            }
            if 366 < self.closed {
                return None;
            }
            let date = self.next?;
            self.today = self.hours.spans_on(date);
            self.next = date.tomorrow().ok();
            self.closed += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intervals(texts: &[&str]) -> Vec<Interval> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_open_from_the_first_minute_to_before_the_last() {
        let hours = OpeningHours::weekdays("Europe/Berlin", &intervals(&["13-17", "8-12"])).unwrap();
        for (moment, open) in [
            ("2026-11-23T06:59:59Z", false),
            ("2026-11-23T07:00:00Z", true),
            ("2026-11-23T10:59:59Z", true),
            ("2026-11-23T11:00:00Z", false),
            ("2026-11-23T12:00:00Z", true),
            ("2026-11-23T16:00:00Z", false),
            ("2026-11-22T09:00:00Z", false),
        ] {
            assert_eq!(hours.is_open(at(moment)), open, "{moment}");
        }
        assert_eq!(hours.next_open(at("2026-11-23T11:00:00Z")), Some(at("2026-11-23T12:00:00Z")));
        assert_eq!(hours.next_open(at("2026-11-23T09:00:00Z")), Some(at("2026-11-23T09:00:00Z")));
        assert_eq!(hours.next_open(at("2026-11-27T16:00:00Z")), Some(at("2026-11-30T07:00:00Z")));
    }

    #[test]
    fn wrong_hours_are_refused() {
        let overlap = OpeningHours::weekdays("Europe/Berlin", &intervals(&["8-12", "11-17"]));
        assert!(matches!(overlap, Err(HoursError::Overlap(..))));
        let unknown = OpeningHours::around_the_clock("Europe/Atlantis");
        assert_eq!(unknown, Err(HoursError::UnknownTimeZone("Europe/Atlantis".into())));
    }

    #[test]
    fn json_reads_back_and_is_checked() {
        let hours = OpeningHours::weekdays("Europe/Zurich", &intervals(&["8-12", "13-17"])).unwrap();
        let hours = hours.with_day_off(jiff::civil::date(2026, 12, 24));
        let json = serde_json::to_string(&hours).unwrap();
        assert!(json.contains(r#""2026-12-24":[]"#), "{json}");
        assert_eq!(serde_json::from_str::<OpeningHours>(&json).unwrap(), hours);

        let overlapping = json.replace("13:00-17:00", "11:00-17:00");
        assert!(serde_json::from_str::<OpeningHours>(&overlapping).is_err());
    }

    #[test]
    fn holidays_close_but_a_day_set_by_hand_stays() {
        let christmas_eve_shift = intervals(&["8-12"]);
        let second_day = jiff::civil::date(2026, 12, 26);
        let hours = OpeningHours::around_the_clock("Europe/Berlin").unwrap();
        let hours = hours.with_day(second_day, christmas_eve_shift.clone()).unwrap();
        let hours = hours.with_holidays("DE-BY".parse().unwrap(), [2026]);
        assert_eq!(hours.on(second_day), christmas_eve_shift);
        assert_eq!(hours.on(jiff::civil::date(2026, 12, 25)), []);
        assert_eq!(hours.on(jiff::civil::date(2026, 12, 24)), [Interval::WHOLE_DAY]);
    }
}
