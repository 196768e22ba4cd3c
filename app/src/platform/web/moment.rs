//! Days and moments that people announce, as forms and programs send them.

use jiff::civil::{Date, DateTime};

use crate::platform::{App, Error, Result, Timestamp};

/// Nobody announces anything for later: it was mistyped.
const YEARS: i64 = 10;

/// RFC 3339, or a local date and time as a form sends it.
///
/// # Errors
///
/// [`Error::Invalid`] for what is none, or lies more than ten years ahead.
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
/// [`Error::Invalid`] if it lies more than ten years ahead.
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

fn near(app: &App, field: &'static str, moment: Timestamp) -> Result<Timestamp> {
    if moment <= app.now() + Timestamp::days(YEARS * 366) {
        return Ok(moment);
    }
    Err(Error::invalid(field, "error-date-far"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day;

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
}
