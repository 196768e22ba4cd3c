//! A stretch of one day between two local times, such as 08:00-12:00.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Local minutes since midnight, from inclusive, to exclusive; never over midnight.
///
/// As text and JSON: `"08:00-12:00"`; the end of the day is `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Interval {
    from: u16,
    to: u16,
}

/// Why a text or two numbers are no interval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    #[error("{0:?} is not a stretch of time such as 08:00-12:00")]
    NotAnInterval(String),
    #[error("{0:?} does not end after it begins; split a night at 24:00")]
    Backwards(String),
}

impl Interval {
    /// From midnight to midnight, on the clock of the day: 23 or 25 hours when it is put forward or back.
    pub const WHOLE_DAY: Self = Self { from: 0, to: 24 * 60 };

    /// Minutes since midnight.
    ///
    /// # Errors
    ///
    /// [`IntervalError`] unless `from < to <= 1440`.
    pub fn new(from: u16, to: u16) -> Result<Self, IntervalError> {
        let interval = Self { from, to };
        if 24 * 60 < to {
            return Err(IntervalError::NotAnInterval(interval.to_string()));
        }
        if to <= from {
            return Err(IntervalError::Backwards(interval.to_string()));
        }
        Ok(interval)
    }

    /// Minutes since midnight.
    pub const fn from(self) -> u16 {
        self.from
    }

    /// Minutes since midnight, 1440 at the end of the day.
    pub const fn to(self) -> u16 {
        self.to
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    /// Reads `08:00-12:00`, `8-12`, `8.30 – 17 Uhr`.
    fn from_str(text: &str) -> Result<Self, IntervalError> {
        let wrong = || IntervalError::NotAnInterval(text.trim().to_owned());
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let (from, to) = (minutes(from).ok_or_else(wrong)?, minutes(to).ok_or_else(wrong)?);
        Self::new(from, to)
    }
}

/// Minutes since midnight of `8`, `08:30`, `8.30`, `17 Uhr`.
fn minutes(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches("Uhr").trim_end_matches('h').trim_end();
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let number = |digits: &str| -> Option<u16> {
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

impl From<Interval> for String {
    fn from(interval: Interval) -> Self {
        interval.to_string()
    }
}

impl TryFrom<String> for Interval {
    type Error = IntervalError;

    fn try_from(text: String) -> Result<Self, IntervalError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_read_as_people_write_them() {
        for (text, written) in [
            ("08:00-12:00", "08:00-12:00"),
            ("8-12", "08:00-12:00"),
            (" 8.30 – 17 Uhr ", "08:30-17:00"),
            ("0:00-24:00", "00:00-24:00"),
        ] {
            assert_eq!(text.parse::<Interval>().unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_stretch_is_refused_with_the_reason() {
        for text in ["", "8", "8:60-9", "8-25", "24:01-24:02", "a-b", "-", "8:0:0-9", "+8-9"] {
            assert!(matches!(text.parse::<Interval>(), Err(IntervalError::NotAnInterval(_))), "{text:?}");
        }
        for text in ["12-8", "9-9", "22:00-06:00"] {
            assert!(matches!(text.parse::<Interval>(), Err(IntervalError::Backwards(_))), "{text:?}");
        }
    }
}
