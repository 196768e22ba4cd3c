//! Setting calendars up.

use calendar::{Interval, OpeningHours, read_ical};
use jiff::ToSpan;
use jiff::civil::Date;

use super::model::CalendarSettings;
use super::store;
use super::{forget, policies};
use crate::people;
use crate::platform::{Actor, App, Error, FieldError, Result, Right, Tx};

/// Characters of a calendar's or a day's name.
const LONGEST_NAME: usize = 100;
/// Days off in a row.
const LONGEST_BREAK: i32 = 366;
/// Bytes of an imported calendar.
const LARGEST_IMPORT: usize = 2_000_000;

/// Sets a calendar up; a new one without `calendar`.
///
/// # Errors
///
/// [`Error::Invalid`] for an unknown zone, hours that overlap, or a name that another one has.
pub async fn set_calendar(
    app: &App,
    actor: &Actor,
    calendar: Option<i64>,
    set: &CalendarSettings,
) -> Result<i64> {
    actor.may(Right::ManageSettings)?;
    let mut errors: Vec<FieldError> =
        FieldError::of_text("name", &set.name, LONGEST_NAME).into_iter().collect();
    match OpeningHours::new(&set.time_zone, set.week.clone()) {
        Ok(_) => {}
        Err(calendar::HoursError::UnknownTimeZone(_)) => {
            errors.push(FieldError { field: "time_zone", word: "calendar-zone-wrong" });
        }
        Err(calendar::HoursError::Overlap(..)) => {
            errors.push(FieldError { field: "week", word: "calendar-hours-overlap" });
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut tx = app.db.write().await?;
    let name = set.name.trim().to_lowercase();
    let known = store::calendars(&mut tx).await?;
    if known.iter().any(|one| Some(one.id) != calendar && one.name.to_lowercase() == name) {
        return Err(Error::invalid("name", "people-name-taken"));
    }
    let id = match calendar {
        Some(calendar) => {
            store::update_calendar(&mut tx, calendar, set).await?;
            calendar
        }
        None => store::insert_calendar(&mut tx, set).await?,
    };
    if set.house {
        store::leave_house(&mut tx, id).await?;
    }
    let queues = people::queues(&mut tx).await?;
    if set.queues.iter().any(|id| !queues.iter().any(|queue| queue.id == *id)) {
        return Err(Error::invalid("queues", "error-field-malformed"));
    }
    store::set_queues(&mut tx, id, &set.queues).await?;
    done(app, tx, actor).await?;
    Ok(id)
}

/// Removes a calendar; what went by it goes by that of the house.
pub async fn remove_calendar(app: &App, actor: &Actor, calendar: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::delete_calendar(&mut tx, calendar).await?;
    done(app, tx, actor).await
}

/// A day on which a calendar differs from its week, or several in a row; without hours they are closed.
///
/// # Errors
///
/// [`Error::Invalid`] for hours that overlap, or days in a row that end before they begin or last over a year.
pub async fn add_day(
    app: &App,
    actor: &Actor,
    calendar: i64,
    (from, to): (Date, Date),
    yearly: bool,
    name: &str,
    hours: &[Interval],
) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    Error::unless_short("name", name, LONGEST_NAME)?;
    if OpeningHours::weekdays("UTC", hours).is_err() {
        return Err(Error::invalid("hours", "calendar-hours-overlap"));
    }
    let length = from.until(to).map_or(-1, |span| span.get_days());
    if !(0..LONGEST_BREAK).contains(&length) {
        return Err(Error::invalid("to", "calendar-days-wrong"));
    }
    let mut tx = app.db.write().await?;
    exists(&mut tx, calendar).await?;
    for day in 0..=length {
        let date = from.checked_add(i64::from(day).days());
        let date = date.map_err(|_| Error::invalid("to", "error-date-far"))?;
        store::insert_day(&mut tx, calendar, date, yearly, name.trim(), hours).await?;
    }
    done(app, tx, actor).await
}

/// Takes over whole days off from a calendar of another program: how many, and how many entries were none.
///
/// # Errors
///
/// [`Error::Invalid`] of `text` for anything that is no calendar.
pub async fn import_days(app: &App, actor: &Actor, calendar: i64, text: &str) -> Result<(usize, usize)> {
    actor.may(Right::ManageSettings)?;
    if LARGEST_IMPORT < text.len() {
        return Err(Error::TooLarge(LARGEST_IMPORT));
    }
    let imported = read_ical(text).map_err(|_| Error::invalid("text", "calendar-import-wrong"))?;
    let mut tx = app.db.write().await?;
    exists(&mut tx, calendar).await?;
    for day in &imported.days {
        store::insert_day(&mut tx, calendar, day.date, day.yearly, &day.name, &[]).await?;
    }
    done(app, tx, actor).await?;
    Ok((imported.days.len(), imported.skipped))
}

pub async fn remove_day(app: &App, actor: &Actor, calendar: i64, day: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.write().await?;
    store::delete_day(&mut tx, calendar, day).await?;
    done(app, tx, actor).await
}

async fn exists(tx: &mut Tx, calendar: i64) -> Result<()> {
    let known = store::calendars(tx).await?;
    if known.iter().any(|one| one.id == calendar) { Ok(()) } else { Err(Error::NotFound) }
}

async fn done(app: &App, mut tx: Tx, actor: &Actor) -> Result<()> {
    policies::record(app, &mut tx, actor, "calendars")?;
    tx.commit().await?;
    forget(app);
    Ok(())
}
