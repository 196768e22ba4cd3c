//! How urgent cases are: the headings of a list, and how a deadline is shown in it.

use crate::cases::{Condition, DueClock, Eyes, Field, Filter, Line, Status, Test, counts};
use crate::platform::{App, Page, Result, Timestamp, Tx};

/// Microseconds for which a count holds, see [`counts`].
const COUNTED_EVERY: i64 = 5_000_000;

/// Lines under one heading.
pub(super) struct Group {
    pub(super) word: &'static str,
    /// Of the whole list, not only of this page.
    pub(super) count: i64,
    pub(super) lines: Vec<Line>,
}

/// Under headings by urgency. The first and the last of a page in the middle of a list may be counted beyond it.
pub(super) async fn headed(
    app: &App,
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    lines: Vec<Line>,
    page: &Page,
    (from, to): (bool, bool),
) -> Result<Vec<Group>> {
    let mut groups = grouped(lines, page);
    let last = groups.len().saturating_sub(1);
    for (place, group) in groups.iter_mut().enumerate() {
        // In between everything is on the page.
        if (from && place == 0) || (to && place == last) {
            let filter = of_group(filter, group.word, page);
            group.count = counts::of(app, tx, eyes, &filter).await?;
        }
    }
    Ok(groups)
}

/// Under one heading, in an order that has nothing to do with urgency.
pub(super) async fn plain(
    app: &App,
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    lines: Vec<Line>,
) -> Result<Vec<Group>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let count = counts::of(app, tx, eyes, filter).await?;
    Ok(vec![Group { word: "cases-group-all", count, lines }])
}

/// Splits a sorted list where the urgency changes.
fn grouped(lines: Vec<Line>, page: &Page) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in lines {
        let word = urgency(&line, page);
        match groups.last_mut() {
            Some(group) if group.word == word => {
                group.count += 1;
                group.lines.push(line);
            }
            _ => groups.push(Group { word, count: 1, lines: vec![line] }),
        }
    }
    groups
}

/// What of a list stands under one heading; the counterpart of [`urgency`].
fn of_group(filter: &Filter, word: &str, page: &Page) -> Filter {
    // All who look within the same seconds ask for the same count.
    let now = Timestamp(page.now().0 - page.now().0 % COUNTED_EVERY);
    let today = now.moment().to_zoned(page.zone().clone());
    let tomorrow: Timestamp =
        today.tomorrow().and_then(|day| day.start_of_day()).map_or(now, |day| day.timestamp().into());
    let due = |test: Test, at: Timestamp| Condition::new(Field::Due, test, &[&at.to_string()]);
    let not_due = || Condition::new(Field::Due, Test::Unset, &[]);
    let is = |status: Status| filter.clone().and(Condition::is(Field::Status, status));
    match word {
        "cases-group-closed" => is(Status::Closed),
        "cases-group-waiting" => is(Status::Waiting).and_any(vec![not_due(), due(Test::After, now)]),
        "cases-group-answered" => is(Status::Open).and(not_due()),
        "cases-group-overdue" => {
            let unfinished = Condition::new(Field::Status, Test::IsNot, &[Status::Closed.code()]);
            filter.clone().and(unfinished).and(due(Test::Before, now))
        }
        "cases-group-today" => is(Status::Open).and(due(Test::After, now)).and(due(Test::Before, tomorrow)),
        _ => is(Status::Open).and(due(Test::After, tomorrow)),
    }
}

/// What is late is late, also while it is put away: the house chose that day, and the customer goes on waiting.
fn urgency(line: &Line, page: &Page) -> &'static str {
    let day = |at: Timestamp| at.moment().to_zoned(page.zone().clone()).date();
    match (line.case.status, line.case.due_at) {
        (Status::Closed, _) => "cases-group-closed",
        (_, Some(due)) if due < page.now() => "cases-group-overdue",
        (Status::Waiting, _) => "cases-group-waiting",
        (Status::Open, None) => "cases-group-answered",
        (Status::Open, Some(due)) if day(due) == day(page.now()) => "cases-group-today",
        (Status::Open, Some(_)) => "cases-group-later",
    }
}

/// The share of its time that a deadline has used, in percent.
fn elapsed(from: Option<Timestamp>, due: Timestamp, now: Timestamp) -> i64 {
    let from = from.unwrap_or(due).0;
    let whole = (due.0 - from).max(1);
    ((now.0 - from).clamp(0, whole) * 100) / whole
}

/// How a deadline is shown in a list.
pub(super) struct DueRing {
    /// What is due.
    pub(super) word: &'static str,
    /// So many minutes before, it counts as near.
    pub(super) soon_minutes: i64,
    pub(super) at: Timestamp,
    pub(super) from: Timestamp,
    pub(super) class: &'static str,
    pub(super) percent: i64,
}

impl DueRing {
    pub(super) fn of(line: &Line, now: Timestamp) -> Option<Self> {
        let at = line.case.due_at?;
        let minutes = (at.0 - now.0) / 60_000_000;
        let soon_minutes = line.case.soon_at.map_or(60, |soon| (at.0 - soon.0) / 60_000_000);
        let class = if at < now {
            "late"
        } else if minutes < soon_minutes {
            "soon"
        } else {
            ""
        };
        let from = line.case.due_from.unwrap_or(at);
        let word = match line.case.due_clock {
            Some(DueClock::First) => "deadline-clock-first",
            Some(DueClock::Solution) => "deadline-clock-solution",
            Some(DueClock::FollowUp) => "deadline-clock-follow_up",
            Some(DueClock::Next) | None => "deadline-clock-next",
        };
        let percent = elapsed(line.case.due_from, at, now);
        Some(Self { word, soon_minutes, at, from, class, percent })
    }

    pub(super) fn text(&self, page: &Page) -> String {
        let minutes = (page.now().0 - self.at.0) / 60_000_000;
        match minutes {
            ..0 => page.span(&self.at).into_owned(),
            0..60 => page.with("due-late-minutes", "n", minutes).into_owned(),
            60..1440 => page.with("due-late-hours", "n", minutes / 60).into_owned(),
            _ => page.n("due-late-days", minutes / 1440).into_owned(),
        }
    }
}
