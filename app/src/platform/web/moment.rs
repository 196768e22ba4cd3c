//! Days and moments that people announce, as forms and programs send them.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};

use crate::platform::{App, Error, Result, Timestamp};

/// Nobody announces anything for later: it was mistyped.
const YEARS: i64 = 10;
/// Nobody means a day of another year either.
const MEANT: RangeInclusive<i16> = 1970..=2200;

/// RFC 3339, or a local date and time as a form sends it.
///
/// # Errors
///
/// [`Error::Invalid`] for what is none, lies before 1970, or more than ten years ahead.
pub fn moment(app: &App, field: &'static str, text: &str) -> Result<Timestamp> {
    if let Ok(moment) = text.trim().parse::<jiff::Timestamp>() {
        return near(app, field, moment.into());
    }
    let local: DateTime = text.trim().parse().map_err(|_| Error::invalid(field, "error-field-malformed"))?;
    zoned(app, field, local)
}

/// The moment of `local` in the house's zone.
///
/// # Errors
///
/// [`Error::Invalid`] if it lies before 1970, or more than ten years ahead.
pub fn zoned(app: &App, field: &'static str, local: DateTime) -> Result<Timestamp> {
    // What cannot be a moment lies at the end of time.
    let moment = local.to_zoned(app.zone()).map_err(|_| Error::invalid(field, "error-date-far"))?;
    near(app, field, moment.timestamp().into())
}

/// A day as in 2026-11-16, or as people write it: 16.11.2026.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())
}

/// A day as [`day`] reads it, of a year that somebody means.
///
/// # Errors
///
/// [`Error::Invalid`] for what is none, and before 1970 or after 2200.
pub fn meant_day(field: &'static str, text: &str) -> Result<Date> {
    let day = day(text).ok_or_else(|| Error::invalid(field, "error-field-malformed"))?;
    if MEANT.contains(&day.year()) { Ok(day) } else { Err(Error::invalid(field, "error-date-odd")) }
}

fn near(app: &App, field: &'static str, moment: Timestamp) -> Result<Timestamp> {
    if moment < Timestamp(0) {
        return Err(Error::invalid(field, "error-date-odd"));
    }
    if moment <= app.now() + Timestamp::days(YEARS * 366) {
        return Ok(moment);
    }
    Err(Error::invalid(field, "error-date-far"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{day, meant_day};

    #[test]
    fn a_day_is_written_with_its_year_first_or_as_in_german() {
        for (text, read) in [
            ("2026-11-16", Some(date(2026, 11, 16))),
            (" 16.11.2026 ", Some(date(2026, 11, 16))),
            ("1.2.2026", Some(date(2026, 2, 1))),
            ("11/16/2026", None),
            ("30.02.2026", None),
            ("", None),
        ] {
            assert_eq!(day(text), read, "{text}");
        }
    }

    #[test]
    fn a_mistyped_year_is_no_day_that_somebody_means() {
        for (text, meant) in [
            ("1969-12-31", false),
            ("1970-01-01", true),
            ("31.12.2200", true),
            ("2201-01-01", false),
            ("0026-11-16", false),
        ] {
            assert_eq!(meant_day("day", text).is_ok(), meant, "{text}");
        }
    }
}
