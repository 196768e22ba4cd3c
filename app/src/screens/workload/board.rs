//! Adds up counted days for what the page looks at, and leaves out what would tell of single people.
//!
//! What comes in and what is left now says how much there is to do, and is shown of everything. How long it took and
//! whether deadlines were kept says how people work: it is shown only of parts in which at least
//! [`PEOPLE`](super::staff::PEOPLE) work and [`RESULTS`] results count, since courts have treated figures of five or six
//! people as figures of each. When cases were closed says when people work: by the hour and by the day it is shown of
//! such parts only, and with it what was left at a day's end, which with what came in says the same. Of small parts there
//! are sums of a week and more. Queues that are too small, also together, are in no such figure of others either: nothing
//! can be had by subtraction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use statistics::Spread;
use utoipa::ToSchema;

use super::query::{Span, WorkloadQuery};
use super::staff::Staff;
use crate::cases::Channel;
use crate::cases::figures::{self, Now, Part, Tally, Unfinished};
use crate::people;
use crate::people::{Queue, Team};
use crate::platform::{Actor, App, QueueId, Result, Tx};

/// Of fewer results, too.
pub const RESULTS: u64 = 8;

/// How long something took.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WorkloadWaits)]
pub struct Waits {
    pub count: u64,
    /// Half waited for at most so many minutes.
    pub median_minutes: i64,
    /// Nine of ten waited for at most so many minutes.
    pub most_minutes: i64,
}

impl Waits {
    #[expect(clippy::cast_possible_truncation, reason = "minutes of at most some years")]
    fn of(spread: &Spread) -> Option<Self> {
        let whole = |share| spread.quantile(share).map(|minutes| minutes.round() as i64);
        let count = spread.len();
        (RESULTS <= count).then_some(())?;
        Some(Self { count, median_minutes: whole(0.5)?, most_minutes: whole(0.9)? })
    }
}

/// How deadlines went.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WorkloadDeadlines)]
pub struct Deadlines {
    pub kept: i64,
    pub missed: i64,
}

impl Deadlines {
    fn of(tally: &Tally) -> Option<Self> {
        let (kept, missed) = (tally.kept.iter().sum(), tally.missed.iter().sum());
        let enough = u64::try_from(kept + missed).is_ok_and(|all| RESULTS <= all);
        enough.then_some(Self { kept, missed })
    }

    /// Kept of all, in percent.
    pub fn percent(&self) -> i64 {
        self.kept * 100 / (self.kept + self.missed).max(1)
    }
}

/// What happened in a time.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = WorkloadSums)]
pub struct Sums {
    pub opened: i64,
    /// null: too few people, and less than a week
    pub closed: Option<i64>,
    /// Until the first answer; null: too few.
    pub first: Option<Waits>,
    /// Until the case was closed; null: too few.
    pub solution: Option<Waits>,
    /// null: too few.
    pub deadlines: Option<Deadlines>,
}

impl Sums {
    /// `told`: those days of parts that may be told of exactly; `None`: of no part.
    fn of<'a>(span: Span, days: impl Iterator<Item = &'a Day>, told: Option<&Tally>) -> Self {
        let all = sum(days);
        let closed = match span {
            Span::Today => told.map(Tally::closed_in_all),
            Span::Week | Span::Month | Span::Quarter => Some(all.closed_in_all()),
        };
        Self {
            opened: all.opened_in_all(),
            closed,
            first: told.and_then(|told| Waits::of(&told.first)),
            solution: told.and_then(|told| Waits::of(&told.solution)),
            deadlines: told.and_then(Deadlines::of),
        }
    }
}

/// What is unfinished now.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = WorkloadLeft)]
pub struct Left {
    pub open: i64,
    pub waiting: i64,
    pub overdue: i64,
    pub unassigned: i64,
}

impl Left {
    fn add(&mut self, other: &Unfinished) {
        self.open += other.open;
        self.waiting += other.waiting;
        self.overdue += other.overdue;
        self.unassigned += other.unassigned;
    }

    pub const fn all(&self) -> i64 {
        self.open + self.waiting
    }
}

/// A day, or an hour of today that has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WorkloadPoint)]
pub struct Point {
    /// `2026-11-23`, or `9` for the hour from 9 to 10
    pub at: String,
    pub opened: i64,
    /// In parts where enough people work; null: there are none
    pub closed: Option<i64>,
    /// Unfinished at the day's end, in parts where enough people work; null: there are none, and for hours
    pub left: Option<i64>,
}

/// A queue, a team or a channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = WorkloadPart)]
pub struct Row {
    /// The id of a queue or a team, [`NO_TEAM`], or a channel's code
    pub code: String,
    pub name: String,
    #[serde(flatten)]
    pub sums: Sums,
    pub now: Left,
    /// Fewer than eight people work here.
    pub small: bool,
}

/// The code of all queues that are no team's.
pub const NO_TEAM: &str = "none";

/// All that the page shows.
pub struct Board {
    pub from: Date,
    pub to: Date,
    pub sums: Sums,
    pub before: Sums,
    pub now: Left,
    pub points: Vec<Point>,
    pub queues: Vec<Row>,
    /// Empty where no team has several queues: then these say the same.
    pub teams: Vec<Row>,
    pub channels: Vec<Row>,
    /// Opened cases by weekday, Monday first, and hour.
    pub week: [[i64; 24]; 7],
    /// Fewer than eight people work on what is looked at.
    pub small: bool,
    /// Fewer than eight people work in some of it.
    pub partly: bool,
    /// What the filters offer.
    pub choices: Vec<Queue>,
    /// Days are still being counted.
    pub is_counting: bool,
}

type Day = (Date, Part, Tally);

/// Everything that was read, for what the reader may see.
struct Read {
    days: Vec<Day>,
    before: Vec<Day>,
    now: Now,
    span: Span,
    /// The hour of the day that it is.
    hour: usize,
    /// Queues in which too few people work, also together: nothing of how and when is told of them, nor in a sum.
    untold: BTreeSet<QueueId>,
    /// Fewer people work in all of it.
    small: bool,
}

impl Board {
    pub async fn load(app: &App, tx: &mut Tx, actor: &Actor, query: &WorkloadQuery) -> Result<Self> {
        let choices = people::queues_for(tx, actor).await?;
        let chosen: Vec<&Queue> =
            choices.iter().filter(|queue| query.queue().is_none_or(|id| id == queue.id)).collect();
        let today = figures::day_of(app, app.now());
        let span = query.span();
        let staff = Staff::load(tx).await?;
        let read = Read::load(app, tx, query, &chosen, &staff).await?;
        let (counted, until) = (figures::counted_until(tx).await?, figures::last_open_day(app));
        let (from, to) = span.period(today);
        Ok(Self {
            from,
            to,
            sums: read.sums(&read.days),
            before: read.sums(&read.before),
            now: left(&read.now, |_| true),
            points: read.points(from, to),
            queues: read.queues(&chosen, &staff),
            teams: read.teams(&chosen, &people::teams(tx).await?, &staff),
            channels: read.channels(),
            week: read.week(),
            small: read.small,
            partly: !read.small && !read.untold.is_empty(),
            is_counting: counted.is_some_and(|day| day.saturating_add(jiff::Span::new().days(1)) < until),
            choices,
        })
    }
}

fn sum<'a>(days: impl Iterator<Item = &'a Day>) -> Tally {
    let mut sum = Tally::default();
    days.for_each(|(_, _, tally)| sum.merge(tally));
    sum
}

fn left(now: &Now, of: impl Fn(&Part) -> bool) -> Left {
    let mut left = Left::default();
    now.unfinished.iter().filter(|(part, _)| of(part)).for_each(|(_, unfinished)| left.add(unfinished));
    left
}

impl Read {
    async fn load(
        app: &App,
        tx: &mut Tx,
        query: &WorkloadQuery,
        queues: &[&Queue],
        staff: &Staff,
    ) -> Result<Self> {
        let today = figures::day_of(app, app.now());
        let holds = |(queue, channel): &Part| {
            queues.iter().any(|one| one.id == *queue) && query.channel().is_none_or(|one| one == *channel)
        };
        let span = query.span();
        let hour = usize::try_from(app.now().moment().to_zoned(app.zone()).hour()).unwrap_or(0);
        let (from, to) = span.before(today);
        let mut before = figures::days(tx, from, to).await?;
        let mut now = Now::clone(&*figures::now(app, tx).await?);
        now.today.retain(|part, _| holds(part));
        now.unfinished.retain(|part, _| holds(part));
        let mut days: Vec<Day> = if span == Span::Today {
            for (_, _, tally) in &mut before {
                until(tally, hour);
            }
            now.today.iter().map(|(part, tally)| (today, *part, tally.clone())).collect()
        } else {
            let (from, to) = span.period(today);
            figures::days(tx, from, to).await?
        };
        days.retain(|(_, part, _)| holds(part));
        before.retain(|(_, part, _)| holds(part));
        let counted = days.iter().chain(&before).map(|(_, part, _)| *part);
        let parts: Vec<Part> =
            counted.chain(now.today.keys().copied()).chain(now.unfinished.keys().copied()).collect();
        let (untold, small) = (staff.too_small(queues, &parts), !staff.is_enough(queues.iter().copied()));
        Ok(Self { days, before, now, span, hour, untold, small })
    }

    fn is_told(&self, (queue, _): &Part) -> bool {
        !self.untold.contains(queue)
    }

    fn sums(&self, days: &[Day]) -> Sums {
        let told = sum(days.iter().filter(|(_, part, _)| self.is_told(part)));
        Sums::of(self.span, days.iter(), (!self.small).then_some(&told))
    }

    fn points(&self, from: Date, to: Date) -> Vec<Point> {
        let none = (!self.small).then_some(0);
        if self.span == Span::Today {
            let today = sum(self.days.iter());
            let told = sum(self.days.iter().filter(|(_, part, _)| self.is_told(part)));
            let hour = |hour: usize| Point {
                at: hour.to_string(),
                opened: today.opened[hour],
                closed: none.map(|_| told.closed[hour]),
                left: None,
            };
            // Hours to come are no hours without cases.
            return (0..=self.hour).map(hour).collect();
        }
        let mut points: BTreeMap<Date, Point> = from
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day < to)
            .map(|day| (day, Point { at: day.to_string(), opened: 0, closed: none, left: none }))
            .collect();
        for (day, part, tally) in &self.days {
            if let Some(point) = points.get_mut(day) {
                point.opened += tally.opened_in_all();
                if self.is_told(part) {
                    point.closed = point.closed.map(|closed| closed + tally.closed_in_all());
                    point.left = point.left.map(|left| left + tally.left);
                }
            }
        }
        points.into_values().collect()
    }

    fn queues(&self, queues: &[&Queue], staff: &Staff) -> Vec<Row> {
        let row = |queue: &&Queue| {
            let small = !staff.is_enough([*queue]);
            self.row(queue.id.to_string(), queue.name.clone(), small, |part: &Part| part.0 == queue.id)
        };
        let mut rows: Vec<Row> = queues.iter().map(row).collect();
        rows.sort_by_key(|row| -row.sums.opened);
        rows
    }

    /// Who works in one queue of a team works in all of them, so a team is as small as each of its queues.
    fn teams(&self, queues: &[&Queue], teams: &[Team], staff: &Staff) -> Vec<Row> {
        let several = |team: &Team| 1 < queues.iter().filter(|queue| queue.team == Some(team.id)).count();
        if !teams.iter().any(several) {
            return Vec::new();
        }
        let all = teams.iter().map(|team| (Some(team.id), team.id.to_string(), team.name.clone()));
        let rows = all.chain([(None, NO_TEAM.to_owned(), String::new())]).filter_map(|(team, code, name)| {
            let own: Vec<&Queue> = queues.iter().copied().filter(|queue| queue.team == team).collect();
            let small = !staff.is_enough(own.iter().copied());
            let row =
                || self.row(code, name, small, |part: &Part| own.iter().any(|queue| queue.id == part.0));
            (!own.is_empty()).then(row)
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_key(|row| -row.sums.opened);
        rows
    }

    fn channels(&self) -> Vec<Row> {
        let row = |channel: &Channel| {
            self.row(channel.code().into(), String::new(), self.small, |part: &Part| part.1 == *channel)
        };
        let mut rows: Vec<Row> = Channel::ALL.iter().map(row).collect();
        rows.retain(|row| row.sums.opened + row.sums.closed.unwrap_or(0) + row.now.all() != 0);
        rows.sort_by_key(|row| -row.sums.opened);
        rows
    }

    fn row(&self, code: String, name: String, small: bool, of: impl Fn(&Part) -> bool) -> Row {
        let days = self.days.iter().filter(|(_, part, _)| of(part));
        let told = sum(days.clone().filter(|(_, part, _)| self.is_told(part)));
        let sums = Sums::of(self.span, days, (!small).then_some(&told));
        Row { code, name, sums, now: left(&self.now, of), small }
    }

    fn week(&self) -> [[i64; 24]; 7] {
        let mut week = [[0; 24]; 7];
        for (day, _, tally) in &self.days {
            let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
            for (sum, opened) in week[weekday].iter_mut().zip(tally.opened) {
                *sum += opened;
            }
        }
        week
    }
}

/// A day up to an hour: what is not known by hours is not compared.
fn until(tally: &mut Tally, hour: usize) {
    tally.opened[hour + 1..].fill(0);
    tally.closed[hour + 1..].fill(0);
    let (opened, closed) = (tally.opened, tally.closed);
    *tally = Tally { opened, closed, ..Tally::default() };
}
