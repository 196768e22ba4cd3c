//! What came in, waits and was finished, day by day, by queue and channel: the figures of whoever leads the work.
//!
//! A day that is over is counted once ([`count_days`]) and stays as it was counted: a case that is opened again or
//! moved later changes no former day. Only a case that is filed later with a date of then is added ([`late`]). Today is
//! counted when it is asked for. So a quarter is some thousand short rows, however many cases there are. What is counted:
//!
//! - opened and closed cases, by the hour, and how many were unfinished at the day's end;
//! - how long customers waited for the first answer and for the solution, by the clock on the wall;
//! - deadlines that were kept and missed, as the clocks of cases recorded them.
//!
//! Deliberately absent: people. Nothing here knows who worked, and nothing may learn it. Private cases, spam and trash
//! are not counted.

mod late;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use statistics::Spread;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::model::{Channel, DueClock};
use super::store;
use super::store::{Stretch, Today};
use crate::platform::{App, QueueId, Result, Timestamp, Tx, dialect};
pub(super) use late::note;

/// How often it is looked whether a day is over.
const PAUSE: Duration = Duration::from_mins(5);
/// Today and what is unfinished are counted at most so often, for all who ask.
const FRESH: Duration = Duration::from_secs(30);
/// A day is over so much later: mails of its last minutes may still be on their way into a case.
const LATE: Duration = Duration::from_hours(1);

/// A part of the work: a queue and the channel by which cases came.
pub type Part = (QueueId, Channel);

/// What happened on a day in a part of the work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// By the hour of the house's zone.
    pub opened: [i64; 24],
    pub closed: [i64; 24],
    /// Closed because another case took them in: they are gone, and nobody solved them.
    pub joined: i64,
    /// Unfinished at the day's end.
    pub left: i64,
    /// Minutes until the first answer, of those that were given on this day.
    pub first: Spread,
    /// Minutes until the case was closed, of those that were closed on this day.
    pub solution: Spread,
    /// Deadlines: first answer, next answer, solution.
    pub kept: [i64; 3],
    pub missed: [i64; 3],
}

impl Tally {
    /// Adds what happened; what was left is that of the later day, so it is not added.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.opened, &other.opened);
        add(&mut self.closed, &other.closed);
        self.joined += other.joined;
        self.first.merge(&other.first);
        self.solution.merge(&other.solution);
        add(&mut self.kept, &other.kept);
        add(&mut self.missed, &other.missed);
    }

    pub fn opened_in_all(&self) -> i64 {
        self.opened.iter().sum()
    }

    pub fn closed_in_all(&self) -> i64 {
        self.closed.iter().sum()
    }

    /// A clock ended.
    fn end(&mut self, result: &Stretch) {
        if result.clock == DueClock::First {
            self.first.add(minutes(result.from, result.until));
        }
        let side = if result.kept { &mut self.kept } else { &mut self.missed };
        match result.clock {
            DueClock::First => side[0] += 1,
            DueClock::Next => side[1] += 1,
            DueClock::Solution => side[2] += 1,
            DueClock::FollowUp => {}
        }
    }

    /// By how many more are unfinished than before.
    fn grown(&self) -> i64 {
        self.opened_in_all() - self.closed_in_all() - self.joined
    }
}

fn add<const N: usize>(sums: &mut [i64; N], others: &[i64; N]) {
    for (sum, other) in sums.iter_mut().zip(others) {
        *sum += other;
    }
}

/// What is unfinished now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    pub open: i64,
    pub waiting: i64,
    pub overdue: i64,
    /// Nobody is responsible.
    pub unassigned: i64,
    /// When the oldest of them was opened.
    pub oldest: Option<Timestamp>,
}

/// Now: today as far as it went, and what is unfinished.
#[derive(Debug, Clone, Default)]
pub struct Now {
    pub today: BTreeMap<Part, Tally>,
    pub unfinished: BTreeMap<Part, Unfinished>,
}

/// What was counted last, for all who ask.
#[derive(Default)]
struct Kept(Mutex<Option<(Timestamp, Arc<Now>)>>);

/// How it stands; at most [`FRESH`] old.
pub async fn now(app: &App, tx: &mut Tx) -> Result<Arc<Now>> {
    let part = app.part::<Kept>();
    let mut kept = part.0.lock().await;
    let at = app.now();
    if let Some((_, now)) = kept.as_ref().filter(|(counted, _)| *counted <= at && at < *counted + FRESH) {
        return Ok(now.clone());
    }
    let unfinished = store::unfinished_by_part(tx, at).await?;
    let today = of_day(tx, &app.zone(), day_of(app, at)).await?;
    let now = Arc::new(Now { today, unfinished });
    *kept = Some((at, now.clone()));
    Ok(now)
}

/// The days from `from` on and before `to` that are counted, in their order.
pub async fn days(tx: &mut Tx, from: Date, to: Date) -> Result<Vec<(Date, Part, Tally)>> {
    let rows = store::case_days(tx, &from.to_string(), &to.to_string()).await?;
    let read = |row: store::DayRow| {
        let day = row.day.parse::<Date>().map_err(anyhow::Error::from)?;
        Ok((day, (row.queue, row.channel), serde_json::from_str(&row.tally)?))
    };
    rows.into_iter().map(read).collect()
}

/// The last day that is counted. `None`: none was yet.
pub async fn counted_until(tx: &mut Tx) -> Result<Option<Date>> {
    let day = store::days_counted(tx).await?;
    Ok(day.and_then(|day| day.parse().ok()))
}

/// The first day that is not counted yet, because it is not over.
pub fn last_open_day(app: &App) -> Date {
    day_of(app, app.now() - LATE)
}

/// The day of a moment in the house's zone.
pub fn day_of(app: &App, at: Timestamp) -> Date {
    at.moment().to_zoned(app.zone()).date()
}

/// Counts days that are over, for as long as the server runs.
pub fn counter(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            match count_days(&app, &stop).await {
                Ok(0) => {}
                Ok(days) => tracing::info!(days, "counted what happened"),
                Err(error) => tracing::error!(error = format!("{error:?}"), "cannot count days"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    })
}

/// Counts all days that are over and not counted yet, and adds what is late; each day in a transaction of its own. How
/// many.
pub async fn count_days(app: &App, stop: &CancellationToken) -> Result<usize> {
    let mut days = 0;
    while !stop.is_cancelled() && (late::add_next(app).await? || count_next(app).await?) {
        days += 1;
    }
    Ok(days)
}

/// Counts the next day, if one is over.
async fn count_next(app: &App) -> Result<bool> {
    let today = last_open_day(app);
    let mut tx = app.db.read().await?;
    let counted = counted_until(&mut tx).await?;
    let day = match counted {
        Some(last) => last.saturating_add(1.day()),
        None => store::first_opened(&mut tx).await?.map_or(today, |first| day_of(app, first)),
    };
    if today <= day {
        return Ok(false);
    }
    // What is filed while this is counted is in it or not: so it is looked at again if more is late at the end.
    let late = store::late_on(&mut tx, &day.to_string()).await?;
    let mut parts = of_day(&mut tx, &app.zone(), day).await?;
    let before = counted.unwrap_or_else(|| day.saturating_sub(1.day())).to_string();
    let left = store::case_days(&mut tx, &before, &day.to_string()).await?;
    drop(tx);
    for row in left {
        let earlier: Tally = serde_json::from_str(&row.tally)?;
        parts.entry((row.queue, row.channel)).or_default().left = earlier.left;
    }
    // What was left the day before, what came, without what went.
    for tally in parts.values_mut() {
        tally.left = (tally.left + tally.grown()).max(0);
    }
    if is_yesterday(app, day) {
        recount(app, &mut app.db.read().await?, &mut parts).await?;
    }
    keep(app, counted, (day, late), parts).await
}

fn is_yesterday(app: &App, day: Date) -> bool {
    day.saturating_add(1.day()) == day_of(app, app.now())
}

/// What was left yesterday follows from what is unfinished now: no mistake is carried on.
async fn recount(app: &App, tx: &mut Tx, parts: &mut BTreeMap<Part, Tally>) -> Result<()> {
    let today = today(app);
    let unfinished = store::unfinished_by_part(tx, today.now).await?;
    let since = of_day(tx, &app.zone(), day_of(app, today.now)).await?;
    let reopened = store::reopened_by_part(tx, today.began).await?;
    for part in unfinished.keys().chain(since.keys()).chain(reopened.keys()) {
        parts.entry(*part).or_default();
    }
    for (part, tally) in parts.iter_mut() {
        let now = unfinished.get(part).map_or(0, |now| now.open + now.waiting);
        let grown = since.get(part).map_or(0, Tally::grown);
        tally.left = left_before(now, grown, reopened.get(part).copied().unwrap_or(0));
    }
    Ok(())
}

/// What was left at the end of a day: what is unfinished now without what came since, with what went since; and without
/// what had been closed before and was opened again or closed anew since.
fn left_before(now: i64, grown: i64, reopened: i64) -> i64 {
    (now - grown - reopened).max(0)
}

/// Now, and when the house's day began.
pub(super) fn today(app: &App) -> Today {
    let now = app.now();
    Today { now, began: begin(&app.zone(), day_of(app, now)) }
}

/// Writes a day down, with which so many late cases were counted; unless another node was faster, or more are late.
async fn keep(
    app: &App,
    counted: Option<Date>,
    (day, late): (Date, i64),
    mut parts: BTreeMap<Part, Tally>,
) -> Result<bool> {
    let day = day.to_string();
    parts.retain(|_, tally| *tally != Tally::default());
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case_days", 0).await?;
    if counted_until(&mut tx).await? != counted
        || i64::try_from(store::take_late(&mut tx, &day).await?) != Ok(late)
    {
        return Ok(true);
    }
    store::forget_late(&mut tx, &day).await?;
    write(&mut tx, &day, parts).await?;
    store::set_days_counted(&mut tx, &day).await?;
    tx.commit().await?;
    Ok(true)
}

async fn write(tx: &mut Tx, day: &str, parts: BTreeMap<Part, Tally>) -> Result<()> {
    for ((queue, channel), tally) in parts {
        let text = serde_json::to_string(&tally)?;
        store::insert_case_day(tx, day, queue, channel, &text).await?;
    }
    Ok(())
}

/// What happened on a day, without what was left.
async fn of_day(tx: &mut Tx, zone: &TimeZone, day: Date) -> Result<BTreeMap<Part, Tally>> {
    let (from, to) = bounds(zone, day);
    let happened = Happened {
        opened: store::opened_on(tx, from, to).await?,
        closed: store::closed_on(tx, from, to).await?,
        results: store::results_on(tx, from, to).await?,
    };
    Ok(happened.by_part(zone))
}

fn bounds(zone: &TimeZone, day: Date) -> (Timestamp, Timestamp) {
    (begin(zone, day), begin(zone, day.saturating_add(1.day())))
}

/// What happened on a day, one by one.
struct Happened {
    opened: Vec<(QueueId, Channel, Timestamp)>,
    closed: Vec<Stretch>,
    results: Vec<Stretch>,
}

impl Happened {
    fn by_part(self, zone: &TimeZone) -> BTreeMap<Part, Tally> {
        let hour = |at: Timestamp| usize::try_from(at.moment().to_zoned(zone.clone()).hour()).unwrap_or(0);
        let mut parts: BTreeMap<Part, Tally> = BTreeMap::new();
        for (queue, channel, at) in self.opened {
            parts.entry((queue, channel)).or_default().opened[hour(at)] += 1;
        }
        for closed in self.closed {
            let tally = parts.entry((closed.queue, closed.channel)).or_default();
            if !closed.kept {
                tally.joined += 1;
                continue;
            }
            tally.closed[hour(closed.until)] += 1;
            tally.solution.add(minutes(closed.from, closed.until));
        }
        for result in self.results {
            parts.entry((result.queue, result.channel)).or_default().end(&result);
        }
        parts
    }
}

/// When a day begins in a zone.
pub fn begin(zone: &TimeZone, day: Date) -> Timestamp {
    let midnight = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible();
    midnight.map_or(Timestamp(0), |at| at.timestamp().into())
}

#[expect(clippy::cast_precision_loss, reason = "minutes are far below 2^52")]
fn minutes(from: Timestamp, to: Timestamp) -> f64 {
    ((to.0 - from.0) / 60_000_000) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_what_is_left_without_what_happened_since() {
        for (now, opened, closed, joined, reopened, left, what) in [
            (1, 0, 0, 0, 0, 1, "nothing happened"),
            (1, 1, 0, 0, 0, 0, "it came since"),
            (0, 0, 1, 0, 0, 1, "it was closed since"),
            (0, 1, 1, 0, 0, 0, "it came and was closed since"),
            (0, 0, 0, 1, 0, 1, "another one took it in since"),
            (1, 0, 0, 0, 1, 0, "it was opened again since"),
            (0, 0, 1, 0, 1, 0, "it was opened again and closed since"),
            (0, 0, 0, 1, 1, 0, "it was closed, and another one took it in since"),
            (0, 0, 0, 0, 1, 0, "it went where nothing is counted"),
        ] {
            let mut since = Tally { joined, ..Tally::default() };
            (since.opened[9], since.closed[10]) = (opened, closed);
            assert_eq!(left_before(now, since.grown(), reopened), left, "{what}");
        }
    }
}
