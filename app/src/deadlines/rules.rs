//! All calendars and policies as the program asks them: kept in memory for a moment, since every mail asks.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use calendar::{Allowed, Interval, OpeningHours, Targets, Warning, holidays, local_holidays};
use jiff::civil::Date;

use super::model::{Calendar, Goal, Goals, Policy, Subject, Time, WarningSetting, WarningUnit};
use super::store;
use crate::people::Queue;
use crate::platform::{App, QueueId, Result, Timestamp, Tx};

/// Another node may go by what was set before for so long.
pub const SETTLED: Duration = Duration::from_secs(2);
/// Holidays are known for so many years before and after this one: no deadline reaches further.
const YEARS: i16 = 3;

/// What is kept on this node.
#[derive(Default)]
pub struct Kept(Mutex<Option<(Timestamp, Arc<Rules>)>>);

impl Kept {
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The calendars and policies that count now.
pub async fn rules(app: &App, tx: &mut Tx) -> Result<Arc<Rules>> {
    let (kept, now) = (app.part::<Kept>(), app.now());
    let known = kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((at, rules)) = known
        && at <= now
        && now < at + SETTLED
    {
        return Ok(rules);
    }
    let rules = Arc::new(Rules::load(app, tx).await?);
    *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, rules.clone()));
    Ok(rules)
}

/// All calendars and policies.
pub struct Rules {
    policies: Vec<Policy>,
    calendars: HashMap<i64, (String, OpeningHours)>,
    queues: HashMap<QueueId, i64>,
    house: Option<i64>,
    /// What counts where nobody set up a calendar.
    usual: OpeningHours,
    always: OpeningHours,
}

/// What counts for a case.
pub struct Chosen<'a> {
    /// `None`: the queue's time to answer.
    pub policy: Option<&'a Policy>,
    /// `None`: the usual hours.
    pub calendar: Option<&'a str>,
    pub hours: &'a OpeningHours,
    pub goals: Goals,
    always: &'a OpeningHours,
}

impl Rules {
    async fn load(app: &App, tx: &mut Tx) -> Result<Self> {
        let zone = &app.settings().time_zone;
        let year = app.now().moment().to_zoned(app.zone()).year();
        let (mut calendars, mut queues, mut house) = (HashMap::new(), HashMap::new(), None);
        for calendar in store::calendars(tx).await? {
            queues.extend(calendar.queues.iter().map(|queue| (*queue, calendar.id)));
            house = house.or(calendar.house.then_some(calendar.id));
            let hours = opening_hours(&calendar, year - YEARS..=year + YEARS);
            calendars.insert(calendar.id, (calendar.name, hours));
        }
        Ok(Self {
            policies: store::policies(tx).await?.into_iter().filter(|policy| policy.active).collect(),
            calendars,
            queues,
            house,
            usual: OpeningHours::weekdays(zone, &[usual_day()]).expect("the zone was checked at the start"),
            always: OpeningHours::around_the_clock(zone).expect("the zone was checked at the start"),
        })
    }

    /// Does any policy ask who the customer is?
    pub fn ask_for_group(&self) -> bool {
        self.policies.iter().any(|policy| !policy.conditions.groups.is_empty())
    }

    /// What counts for a case in `queue`.
    pub fn choose(&self, subject: &Subject<'_>, queue: &Queue) -> Chosen<'_> {
        let policy = self.policies.iter().find(|policy| policy.conditions.fit(subject));
        let named = policy.and_then(|policy| policy.calendar);
        let calendar = named.or_else(|| self.queues.get(&subject.queue).copied()).or(self.house);
        let calendar = calendar.and_then(|id| self.calendars.get(&id));
        Chosen {
            policy,
            calendar: calendar.map(|(name, _)| name.as_str()),
            hours: calendar.map_or(&self.usual, |(_, hours)| hours),
            goals: policy.map_or_else(|| usual_goals(queue), |policy| policy.goals.clone()),
            always: &self.always,
        }
    }
}

impl Chosen<'_> {
    /// As clocks take it.
    pub fn targets(&self) -> Targets<'_> {
        let warning = match self.goals.warning {
            WarningSetting { amount, unit: WarningUnit::Minutes } => Warning::Minutes(amount),
            WarningSetting { amount, unit: WarningUnit::Percent } => Warning::Percent(amount),
        };
        Targets {
            first: self.allowed(self.goals.first),
            next: self.allowed(self.goals.next),
            solution: self.allowed(self.goals.solution),
            warning,
            steps: self.goals.steps.iter().map(|step| step.after).collect(),
        }
    }

    fn allowed(&self, goal: Option<Goal>) -> Option<Allowed<'_>> {
        let goal = goal?;
        let hours = if goal.time == Time::Working { self.hours } else { self.always };
        Some(Allowed { minutes: goal.minutes, hours })
    }
}

/// What counts where no policy fits.
fn usual_goals(queue: &Queue) -> Goals {
    let minutes = u32::try_from(queue.answer_minutes).unwrap_or(0);
    let answer = Some(Goal { minutes, time: Time::Working });
    let warning = WarningSetting::USUAL;
    Goals { first: answer, next: answer, solution: None, warning, steps: Vec::new() }
}

/// From 8 to 18, which the house works from Monday to Friday until it says otherwise.
pub fn usual_day() -> Interval {
    Interval::new(8 * 60, 18 * 60).expect("8:00 is before 18:00")
}

/// The hours of a calendar, with the holidays and days of these years. A day that was set by hand counts before a
/// holiday, and one of a single year before one of every year.
pub fn opening_hours(calendar: &Calendar, years: RangeInclusive<i16>) -> OpeningHours {
    let hours = OpeningHours::new(&calendar.time_zone, calendar.week.clone());
    let mut hours = hours.expect("zone and hours were checked when they were set");
    for (date, _) in holidays_of(calendar, years.clone()) {
        hours = hours.with_day_off(date);
    }
    let (yearly, single): (Vec<_>, Vec<_>) = calendar.days.iter().partition(|day| day.yearly);
    for day in yearly {
        for year in years.clone().filter(|year| day.date.year() <= *year) {
            if let Ok(date) = Date::new(year, day.date.month(), day.date.day()) {
                hours = with_day(hours, date, &day.hours);
            }
        }
    }
    single.into_iter().fold(hours, |hours, day| with_day(hours, day.date, &day.hours))
}

fn with_day(hours: OpeningHours, date: Date, day: &[Interval]) -> OpeningHours {
    hours.with_day(date, day.to_vec()).expect("hours were checked when they were set")
}

/// The public holidays that a calendar keeps, in the order of their dates.
pub fn holidays_of(calendar: &Calendar, years: RangeInclusive<i16>) -> Vec<(Date, calendar::HolidayName)> {
    let Some(region) = calendar.region else { return Vec::new() };
    let mut days = Vec::new();
    for year in years {
        let local = local_holidays(region, year);
        days.extend(local.into_iter().filter(|(_, name)| calendar.local_days.contains(name)));
        days.extend(holidays(region, year));
    }
    days.sort_unstable();
    days
}

#[cfg(test)]
mod tests {
    use super::super::model::Day;
    use super::*;

    fn calendar(days: &[(&str, bool, &str)]) -> Calendar {
        let days = days.iter().map(|(date, yearly, hours)| Day {
            id: 0,
            date: date.parse().expect("a date"),
            yearly: *yearly,
            name: String::new(),
            hours: hours.split_whitespace().map(|one| one.parse().expect("hours")).collect(),
        });
        let week = std::array::from_fn(|day| if day < 5 { vec![usual_day()] } else { Vec::new() });
        Calendar {
            id: 1,
            name: "Wien".into(),
            time_zone: "Europe/Vienna".into(),
            region: "AT-9".parse().ok(),
            local_days: vec![calendar::HolidayName::Leopold],
            week,
            house: true,
            queues: Vec::new(),
            days: days.collect(),
        }
    }

    #[test]
    fn what_was_set_by_hand_counts_before_holidays_and_a_single_year_before_every_year() {
        let calendar = calendar(&[
            ("2024-12-24", true, "08:00-12:00"),
            ("2027-12-24", false, ""),
            ("2024-02-29", true, ""),
            ("2026-10-26", false, "09:00-13:00"),
        ]);
        let hours = opening_hours(&calendar, 2024..=2028);
        let on = |date: &str| {
            let hours = hours.on(date.parse().expect("a date"));
            hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        for (date, expected) in [
            ("2026-12-23", "08:00-18:00"),
            ("2026-12-24", "08:00-12:00"),
            ("2027-12-24", ""),
            ("2028-02-29", ""),
            ("2027-03-01", "08:00-18:00"),
            // The national holiday, on which somebody works.
            ("2026-10-26", "09:00-13:00"),
            ("2027-10-26", ""),
            // Saint Leopold, which is kept; a Monday in 2027.
            ("2027-11-15", ""),
            ("2026-12-08", ""),
        ] {
            assert_eq!(on(date), expected, "{date}");
        }
    }
}
