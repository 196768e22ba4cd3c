//! When people of the example company are at their desks: what they did, they did in office hours.

use calendar::{Region, holidays};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::platform::{App, Timestamp};

/// Where the public holidays are those of the house.
pub const REGION: Region = Region::At9;
/// Hours of a working day.
const OFFICE: std::ops::Range<i8> = 8..18;
/// When the last of them look at their cases once more.
const EVENING: (i8, i8) = (17, 52);

pub fn is_workday(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && holidays(REGION, day.year()).iter().all(|(holiday, _)| *holiday != day)
}

/// A time of the last working day at least so many days ago.
pub fn back(app: &App, days: i64, time: (i8, i8)) -> Timestamp {
    let mut day = app.now().moment().to_zoned(app.zone()).date().saturating_sub(days.days());
    while !is_workday(day) {
        day = day.saturating_sub(1.day());
    }
    on(app, day, time)
}

/// When somebody worked last: now, or shortly before everybody left.
pub fn last(app: &App) -> Timestamp {
    let clock = app.now().moment().to_zoned(app.zone());
    let works = is_workday(clock.date());
    if works && OFFICE.contains(&clock.hour()) {
        return app.now();
    }
    if works && OFFICE.end <= clock.hour() { on(app, clock.date(), EVENING) } else { back(app, 1, EVENING) }
}

fn on(app: &App, day: Date, (hour, minute): (i8, i8)) -> Timestamp {
    let moment = day.at(hour, minute, 0, 0).to_zoned(app.zone());
    moment.map_or_else(|_| app.now(), |moment| moment.timestamp().into())
}
