//! Templates of cases that come again, and when.

use anyhow::Context;
use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{CaseId, CustomerId, PersonId, QueueId, Result, Timestamp, codes};

codes! {
    /// What a rhythm counts.
    pub enum Unit { Day = "day", Week = "week", Month = "month", Year = "year" }
}

/// Every so many days, weeks, months or years since a first day, at a time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    pub every: i64,
    pub unit: Unit,
    pub first: Date,
    pub time: Time,
}

impl Rhythm {
    /// The first date after `after`; `None` beyond the end of the calendar.
    ///
    /// Each is counted from the first day, so that what begins on the 31st comes on the last day of short months and
    /// on the 31st again after them.
    pub fn after(&self, after: DateTime) -> Option<DateTime> {
        let mut nth = self.guess(after);
        loop {
            let day = self.first.checked_add(self.span(nth)?).ok()?;
            let at = day.to_datetime(self.time);
            if after < at {
                return Some(at);
            }
            nth += 1;
        }
    }

    fn span(&self, nth: i64) -> Option<Span> {
        let count = nth.checked_mul(self.every)?;
        let span = Span::new();
        match self.unit {
            Unit::Day => span.try_days(count),
            Unit::Week => span.try_weeks(count),
            Unit::Month => span.try_months(count),
            Unit::Year => span.try_years(count),
        }
        .ok()
    }

    /// A number of steps that surely leads to no later date.
    fn guess(&self, after: DateTime) -> i64 {
        let days = self.first.until(after.date()).map_or(0, |span| i64::from(span.get_days()));
        let longest = match self.unit {
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
            Unit::Year => 366,
        };
        (days / (longest * self.every.max(1)) - 1).max(0)
    }
}

/// What is needed to add or change a template.
#[derive(Debug, Clone)]
pub struct Draft {
    pub subject: String,
    pub text: String,
    /// `None`: for the house itself.
    pub customer: Option<CustomerId>,
    pub queue: QueueId,
    pub owner: Option<PersonId>,
    pub checklist: Option<i64>,
    pub rhythm: Rhythm,
}

/// A template.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Recurring {
    pub id: i64,
    pub subject: String,
    pub text: String,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    pub customer_name: String,
    /// For the house itself.
    pub internal: bool,
    #[sqlx(rename = "queue_id")]
    pub queue: QueueId,
    #[sqlx(rename = "owner_id")]
    pub owner: Option<PersonId>,
    #[sqlx(rename = "checklist_id")]
    pub checklist: Option<i64>,
    pub every: i64,
    pub unit: Unit,
    /// As in 2026-11-30.
    pub first_day: String,
    /// Of the day.
    pub minute: i64,
    pub next_at: Timestamp,
    pub paused: bool,
    /// The case it opened last.
    #[serde(skip)]
    pub last_case: Option<CaseId>,
    pub last_number: Option<String>,
}

impl Recurring {
    pub fn rhythm(&self) -> Result<Rhythm> {
        let first = self.first_day.parse().context("the first day of a rhythm")?;
        let (hour, minute) = (i8::try_from(self.minute / 60), i8::try_from(self.minute % 60));
        let time = hour.ok().zip(minute.ok()).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
        let time = time.context("the minute of a rhythm")?;
        Ok(Rhythm { every: self.every, unit: self.unit, first, time })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime, time};

    use super::*;

    #[test]
    fn a_rhythm_counts_from_its_first_day_however_long_ago() {
        let rhythm = |every, unit, first| Rhythm { every, unit, first, time: time(8, 0, 0, 0) };
        for (rhythm, after, next) in [
            (rhythm(1, Unit::Day, date(2026, 11, 16)), datetime(2026, 11, 1, 0, 0, 0, 0), (2026, 11, 16)),
            (rhythm(1, Unit::Day, date(2026, 11, 16)), datetime(2026, 11, 16, 8, 0, 0, 0), (2026, 11, 17)),
            (rhythm(2, Unit::Week, date(2026, 11, 16)), datetime(2026, 11, 17, 0, 0, 0, 0), (2026, 11, 30)),
            (rhythm(1, Unit::Month, date(2026, 1, 31)), datetime(2026, 2, 1, 0, 0, 0, 0), (2026, 2, 28)),
            (rhythm(1, Unit::Month, date(2026, 1, 31)), datetime(2026, 2, 28, 9, 0, 0, 0), (2026, 3, 31)),
            (rhythm(1, Unit::Year, date(2024, 2, 29)), datetime(2026, 11, 1, 0, 0, 0, 0), (2027, 2, 28)),
            (rhythm(1, Unit::Year, date(2024, 2, 29)), datetime(2027, 6, 1, 0, 0, 0, 0), (2028, 2, 29)),
            (rhythm(1, Unit::Day, date(1990, 1, 1)), datetime(2026, 11, 16, 7, 0, 0, 0), (2026, 11, 16)),
        ] {
            let (year, month, day) = next;
            let expected = Some(date(year, month, day).at(8, 0, 0, 0));
            assert_eq!(rhythm.after(after), expected, "{rhythm:?} after {after}");
        }
    }
}
