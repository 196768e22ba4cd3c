//! The left pane of the workplace: views, and under headings what is urgent.

use std::collections::HashMap;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::cases;
use crate::cases::{Cursor, Direction, Due, DueClock, Filter, Line, Status, View};
use crate::channels;
use crate::platform::{Actor, CaseId, Page, Result, Right, Timestamp, Tx};

/// Lines of the queue on one page.
pub(super) const LINES: i64 = 50;
/// Counts beyond this are shown as "99+".
const COUNTED: i64 = 100;

#[derive(Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// `mine`, `team`, `unassigned`, `waiting`, `closed` or `all`
    #[param(inline)]
    pub(super) view: Option<View>,
    /// At most 200.
    pub(super) limit: Option<i64>,
    pub(super) cursor: Option<String>,
    pub(super) status: Option<Status>,
    /// A person's id.
    pub(super) owner: Option<i64>,
    /// A queue's id.
    pub(super) queue: Option<i64>,
    /// A customer's id.
    pub(super) customer: Option<i64>,
}

/// One page of a list and where the next one begins.
pub(super) async fn page_of(
    tx: &mut Tx,
    filter: &Filter,
    cursor: Option<&str>,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>)> {
    let mut lines = cases::list(tx, filter, cursor.and_then(read_cursor), limit + 1).await?;
    let more = i64::try_from(lines.len()).is_ok_and(|found| limit < found);
    if more {
        lines.pop();
    }
    let next = lines.last().filter(|_| more).map(|line| format!("{}_{}", line.sort_at.0, line.case.id));
    Ok((lines, next))
}

pub(super) fn read_cursor(text: &str) -> Option<Cursor> {
    super::read_cursor(text).map(|(sort, id)| (sort, CaseId(id)))
}

/// The left pane.
pub(super) struct Queue {
    pub(super) view: View,
    pub(super) tabs: Vec<Tab>,
    pub(super) groups: Vec<Group>,
    /// The address of the next page.
    pub(super) next: Option<String>,
    pub(super) current: Option<CaseId>,
    /// Mails that no case was made of, for those who may look after them.
    pub(super) unread: i64,
    /// Who said last what the lines quote.
    pub(super) last: HashMap<CaseId, Direction>,
}

impl Queue {
    /// The page's first heading, unless a case is open: then that is what the page is about.
    pub(super) const fn heading(&self) -> &'static str {
        if self.current.is_some() { "h2" } else { "h1" }
    }
}

pub(super) struct Tab {
    pub(super) view: View,
    pub(super) count: i64,
}

/// A number of cases as far as they were counted.
pub(super) fn shown(count: &i64) -> String {
    if COUNTED <= *count { format!("{}+", COUNTED - 1) } else { count.to_string() }
}

impl Tab {
    pub(super) fn word(&self) -> String {
        format!("cases-view-{}", self.view)
    }
}

/// Lines under one heading.
pub(super) struct Group {
    pub(super) word: &'static str,
    /// Of the whole list, not only of this page.
    pub(super) count: i64,
    pub(super) lines: Vec<Line>,
}

const TABS: [View; 4] = [View::Mine, View::Team, View::Unassigned, View::Waiting];

impl Queue {
    pub(super) async fn load(
        tx: &mut Tx,
        actor: &Actor,
        query: &ListQuery,
        page: &Page,
        current: Option<CaseId>,
    ) -> Result<Self> {
        let mut tabs = Vec::new();
        for view in TABS {
            tabs.push(Tab { view, count: cases::count(tx, &cases::filter_of(view, actor), COUNTED).await? });
        }
        let first = tabs.iter().find(|tab| 0 < tab.count).map_or(View::Team, |tab| tab.view);
        let view = query.view.unwrap_or(first);
        let filter = cases::filter_of(view, actor);
        let (lines, next) = page_of(tx, &filter, query.cursor.as_deref(), LINES).await?;
        let shown: Vec<CaseId> = lines.iter().map(|line| line.case.id).collect();
        let speakers = cases::last_speakers(tx, &shown).await?;
        let mut groups = grouped(lines, page);
        // In between everything is on the page.
        let (from, to) = (query.cursor.is_some(), next.is_some());
        let last = groups.len().saturating_sub(1);
        for (place, group) in groups.iter_mut().enumerate() {
            if (from && place == 0) || (to && place == last) {
                group.count = cases::count(tx, &of_group(&filter, group.word, page), COUNTED).await?;
            }
        }
        let next = next.map(|cursor| format!("/cases?view={view}&cursor={cursor}"));
        let may = actor.can(Right::ReadUnprocessable);
        let unread = if may { channels::count_unprocessable(tx, COUNTED).await? } else { 0 };
        Ok(Self { view, tabs, groups, next, current, unread, last: speakers })
    }

    /// Who wrote last: the customer's words look as the customer's, ours as ours.
    pub(super) fn is_of_house(&self, line: &Line) -> bool {
        self.last.get(&line.case.id).is_some_and(|last| *last != Direction::Inbound)
    }

    pub(super) fn icon(&self, line: &Line) -> &'static str {
        match self.last.get(&line.case.id) {
            Some(Direction::Note) => "note",
            Some(Direction::Outbound) => "reply",
            _ => line.case.channel.icon(),
        }
    }

    pub(super) fn is_current(&self, line: &Line) -> bool {
        self.current == Some(line.case.id)
    }

    pub(super) fn url(&self, line: &Line) -> String {
        format!("/cases/{}?view={}", line.case.number, self.view)
    }
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
    let now = page.now();
    let today = now.moment().to_zoned(page.zone().clone());
    let tomorrow =
        today.tomorrow().and_then(|day| day.start_of_day()).map_or(now, |day| day.timestamp().into());
    let (status, due) = match word {
        "cases-group-closed" => (Status::Closed, None),
        "cases-group-waiting" => (Status::Waiting, None),
        "cases-group-answered" => (Status::Open, Some(Due::Never)),
        "cases-group-overdue" => (Status::Open, Some(Due::Between(Timestamp(i64::MIN), now))),
        "cases-group-today" => (Status::Open, Some(Due::Between(now, tomorrow))),
        _ => (Status::Open, Some(Due::Between(tomorrow, Timestamp(i64::MAX)))),
    };
    Filter { status: Some(status), due, ..filter.clone() }
}

fn urgency(line: &Line, page: &Page) -> &'static str {
    let day = |at: Timestamp| at.moment().to_zoned(page.zone().clone()).date();
    match (line.case.status, line.case.due_at) {
        (Status::Closed, _) => "cases-group-closed",
        (Status::Waiting, _) => "cases-group-waiting",
        (Status::Open, None) => "cases-group-answered",
        (Status::Open, Some(due)) if due < page.now() => "cases-group-overdue",
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
