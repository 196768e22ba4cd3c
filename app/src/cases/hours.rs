//! The usual hours, for histories that are made up or imported: Monday to Friday from 8 to 18.

use calendar::{Interval, OpeningHours};

use crate::platform::{App, Timestamp};

/// Monday to Friday from 8 to 18 in the house's zone.
///
/// What lives goes by the calendars of [`crate::deadlines`].
fn hours(app: &App) -> OpeningHours {
    let day = Interval::new(8 * 60, 18 * 60).expect("8:00 is before 18:00");
    OpeningHours::weekdays(&app.settings().time_zone, &[day]).expect("the zone was checked at the start")
}

/// When an answer that is owed since `from` is due after `minutes` of working time.
pub fn due(app: &App, from: Timestamp, minutes: i64) -> Timestamp {
    let minutes = u32::try_from(minutes).unwrap_or(0);
    calendar::deadline(from.moment(), minutes, &hours(app)).map_or(from, Timestamp::from)
}
