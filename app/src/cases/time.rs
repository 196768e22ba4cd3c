//! The time that people spend on cases: measured by their page, and put right by themselves.
//!
//! A measurement is never changed: what somebody says about a day is one more entry, the difference. A case shows
//! the sum; how much of it is whose is for that person only.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::steps::{self, Step};
use super::store;
use super::undo;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Timestamp, Tx, dialect};

/// More at once is no measurement of one sitting.
const LONGEST_SITTING: i64 = 120;
/// Nobody works on one case for longer in a day.
const LONGEST_DAY: i64 = 12 * 60;

/// What the reader spent on a case on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnTime {
    /// As in 2026-11-16.
    #[schema(value_type = String)]
    pub day: Date,
    pub seconds: i64,
}

impl OwnTime {
    /// Begun minutes count from their half.
    pub const fn minutes(&self) -> i64 {
        (self.seconds + 30) / 60
    }
}

/// Counts active seconds that an agent's page measured, at most two minutes at once.
pub async fn spend_time(app: &App, actor: &Actor, case: CaseId, seconds: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let seconds = seconds.clamp(0, LONGEST_SITTING);
    if seconds == 0 {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::insert_time(&mut tx, case, actor.person_id(), app.now(), seconds).await?;
    journal::record(app, &mut tx, actor, About::case(case), Fact::TimeSpent { seconds })?;
    tx.commit().await
}

/// What this actor spent on a case, day by day, the newest first.
pub async fn own_time(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<OwnTime>> {
    let mut days: Vec<OwnTime> = Vec::new();
    for (at, seconds) in store::time_of(tx, case, actor.person()?).await? {
        let day = at.moment().to_zoned(app.zone()).date();
        match days.iter_mut().find(|one| one.day == day) {
            Some(one) => one.seconds += seconds,
            None => days.push(OwnTime { day, seconds }),
        }
    }
    days.retain(|one| one.seconds != 0);
    days.sort_by_key(|one| std::cmp::Reverse(one.day));
    Ok(days)
}

/// Says how many minutes the actor really spent on a case on a day.
///
/// # Errors
///
/// [`Error::Invalid`] for a day to come, or more than twelve hours.
pub async fn correct_time(app: &App, actor: &Actor, case: CaseId, day: Date, minutes: i64) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let person = actor.person()?;
    if !(0..=LONGEST_DAY).contains(&minutes) {
        return Err(Error::invalid("minutes", "time-minutes-range"));
    }
    let now = app.now();
    if now.moment().to_zoned(app.zone()).date() < day {
        return Err(Error::invalid("day", "time-day-ahead"));
    }
    let mut tx = app.db.write().await?;
    // The difference holds only while nobody else writes one.
    dialect::lock(&mut tx, "case", case.0).await?;
    let known = own_time(app, &mut tx, actor, case).await?;
    let before = known.iter().find(|one| one.day == day).map_or(0, |one| one.seconds);
    let seconds = minutes * 60 - before;
    if seconds == 0 {
        return Ok(());
    }
    let at = moment_of(app, day)?.min(now);
    store::insert_time(&mut tx, case, Some(person), at, seconds).await?;
    let fact = Fact::TimeCorrected { seconds, priced_at: at };
    journal::record(app, &mut tx, actor, About::case(case), fact)?;
    steps::offer(app, &mut tx, actor, case, "time-corrected", Step::Time { case, at, seconds }).await?;
    tx.commit().await
}

/// Takes back what somebody said about their time: one more entry, the opposite.
///
/// # Errors
///
/// [`undo::late`] if less would be left than nothing.
pub(super) async fn uncorrect(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (at, seconds): (Timestamp, i64),
) -> Result<()> {
    let day = at.moment().to_zoned(app.zone()).date();
    let known = own_time(app, tx, actor, case).await?;
    if known.iter().find(|one| one.day == day).map_or(0, |one| one.seconds) < seconds {
        return Err(undo::late());
    }
    store::insert_time(tx, case, actor.person_id(), at, -seconds).await?;
    let fact = Fact::TimeCorrected { seconds: -seconds, priced_at: at };
    journal::record(app, tx, actor, About::case(case), fact)
}

/// Noon of a day.
fn moment_of(app: &App, day: Date) -> Result<Timestamp> {
    let noon = day.at(12, 0, 0, 0).to_zoned(app.zone());
    Ok(noon.map_err(|_| Error::invalid("day", "error-date-far"))?.timestamp().into())
}
