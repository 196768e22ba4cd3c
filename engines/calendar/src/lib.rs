//! Working time: opening hours, public holidays, deadlines.
//!
//! A customer who writes on Friday evening is promised an answer in working hours. This crate turns
//! "four working hours" into a moment and back, with the house's own week, its lunch breaks, its days
//! off, the public holidays of Germany, Austria and Switzerland, and daylight saving.
//!
//! Deliberately absent: the clock (moments are arguments), school holidays, and shifts of persons.

mod clock;
mod clocks;
mod deadline;
mod holidays;
mod hours;
mod ical;
mod interval;
mod quiet;
mod region;
mod rules;

pub use clock::{Alarm, Allowed, Clock, ClockName, Targets, Warning};
pub use clocks::Clocks;
pub use deadline::{
    Due, NeverOpen, Pause, deadline, deadline_with_pauses, working_minutes_between,
    working_minutes_between_with_pauses,
};
pub use holidays::{HolidayName, easter_sunday, holidays, local_holidays};
pub use hours::{HoursError, OpeningHours};
pub use ical::{Imported, ImportedDay, NoCalendar, read_ical};
pub use interval::{Interval, IntervalError};
pub use quiet::{QuietHours, next_daily, next_hour};
pub use region::{Region, UnknownRegion};
