//! Cases that are filed with a date whose day was counted before: imports, and mails that lay somewhere for days.
//!
//! Whoever files such a case writes its days down in the same transaction ([`note`]). Only these cases are added to
//! what was counted then; the rest of the day stays as it was. By how many more are unfinished is carried on, day by
//! day, each in a transaction of its own: a node that dies in between leaves nothing half done, and what it costs
//! depends on what was filed, not on what there is. Yesterday's end follows from what is unfinished now, as always.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{
    Happened, LATE, Part, Tally, bounds, counted_until, day_of, is_yesterday, last_open_day, recount, write,
};
use crate::cases::store;
use crate::platform::{App, CaseId, Result, Timestamp, Tx, dialect};

/// Remembers a case of which something happened at these moments, if their days are over.
pub fn note<const N: usize>(app: &App, tx: &mut Tx, case: CaseId, moments: [Option<Timestamp>; N]) {
    // Nearly everything is of this very hour, and needs no calendar.
    let long_ago = moments.into_iter().flatten().filter(|at| *at + LATE <= app.now());
    let days: BTreeSet<Date> = long_ago.map(|at| day_of(app, at)).collect();
    for day in days.range(..last_open_day(app)) {
        store::insert_late(tx, &day.to_string(), case);
    }
}

/// Adds what is late to the first day to which something is; `false`: nothing was late.
pub async fn add_next(app: &App) -> Result<bool> {
    if next(&mut app.db.read().await?).await?.is_none() {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case_days", 0).await?;
    let Some((day, counted)) = next(&mut tx).await? else {
        return Ok(true);
    };
    let name = day.to_string();
    store::take_late(&mut tx, &name).await?;
    let (parts, grown) = together(app, &mut tx, day).await?;
    store::forget_late(&mut tx, &name).await?;
    write(&mut tx, &name, parts).await?;
    let next = day.saturating_add(1.day());
    if next <= counted {
        for ((queue, channel), grown) in grown.into_iter().filter(|(_, grown)| *grown != 0) {
            store::add_grown(&mut tx, &next.to_string(), queue, channel, grown).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// The first day to which something is to be added, and the last one that is counted. What is late on a day that is not
/// counted yet is counted with it.
async fn next(tx: &mut Tx) -> Result<Option<(Date, Date)>> {
    let Some(counted) = counted_until(tx).await? else {
        return Ok(None);
    };
    let day = store::first_late(tx, &counted.to_string()).await?;
    Ok(day.and_then(|day| day.parse().ok()).map(|day| (day, counted)))
}

/// A day as it was counted with what is late, and by how many more are unfinished since.
async fn together(app: &App, tx: &mut Tx, day: Date) -> Result<(BTreeMap<Part, Tally>, BTreeMap<Part, i64>)> {
    let days = super::days(tx, day, day.saturating_add(1.day())).await?;
    let mut parts: BTreeMap<Part, Tally> = days.into_iter().map(|(_, part, tally)| (part, tally)).collect();
    let carried = store::grown_on(tx, &day.to_string()).await?;
    let mut grown: BTreeMap<Part, i64> =
        carried.into_iter().map(|(queue, channel, grown)| ((queue, channel), grown)).collect();
    for (part, late) in of_late(tx, &app.zone(), day).await? {
        *grown.entry(part).or_default() += late.grown();
        parts.entry(part).or_default().merge(&late);
    }
    for (part, grown) in &grown {
        let tally = parts.entry(*part).or_default();
        tally.left = (tally.left + grown).max(0);
    }
    if is_yesterday(app, day) {
        recount(app, tx, &mut parts).await?;
    }
    Ok((parts, grown))
}

/// What happened on a day in the cases that are late.
async fn of_late(tx: &mut Tx, zone: &TimeZone, day: Date) -> Result<BTreeMap<Part, Tally>> {
    let (name, (from, to)) = (day.to_string(), bounds(zone, day));
    let happened = Happened {
        opened: store::opened_late(tx, &name, from, to).await?,
        closed: store::closed_late(tx, &name, from, to).await?,
        results: store::results_late(tx, &name, from, to).await?,
    };
    Ok(happened.by_part(zone))
}
