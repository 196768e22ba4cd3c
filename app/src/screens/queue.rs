//! The left pane of the workplace: views, and under headings what is urgent.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use crate::cases;
use crate::cases::counts;
use crate::cases::{
    Badges, Condition, Cursor, Direction, DueClock, Eyes, Field, Filter, Line, News, Rows, Sort, Status,
    Stretch, Test, View,
};
use crate::channels;
use crate::platform::{Actor, App, CaseId, Error, Page, Result, Right, Timestamp, Tx};
use crate::views;

use super::empty::Empty;

/// Lines of the queue on one page.
pub(super) const LINES: i64 = 50;
/// Unread mails beyond this are shown as "99+".
const COUNTED: i64 = 100;
/// Microseconds for which a count holds, see [`counts`].
const COUNTED_EVERY: i64 = 5_000_000;
/// Of more queues than these a list hears of all.
const TOLD_APART: usize = 40;

/// Which list is looked at: a ready-made view, or one that somebody made (`v17`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    Ready(View),
    Own(i64),
}

impl Chosen {
    fn read(code: &str) -> Option<Self> {
        let own = || code.strip_prefix('v')?.parse().ok().map(Self::Own);
        View::from_code(code).map(Self::Ready).or_else(own)
    }

    pub(super) fn is(&self, view: &View) -> bool {
        *self == Self::Ready(*view)
    }

    pub(super) fn is_own(&self, view: &i64) -> bool {
        *self == Self::Own(*view)
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(view) => view.fmt(f),
            Self::Own(id) => write!(f, "v{id}"),
        }
    }
}

fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Chosen>, D::Error> {
    let code = Option::<String>::deserialize(deserializer)?.filter(|code| !code.is_empty());
    let read = |code: String| Chosen::read(&code).ok_or_else(|| serde::de::Error::custom("no such view"));
    code.map(read).transpose()
}

#[derive(Deserialize, IntoParams)]
pub(super) struct ListQuery {
    /// `mine`, `team`, `unassigned`, `waiting`, `overdue`, `promises`, `mentions`, `followed`, `all`, `closed`, `spam`,
    /// `trash`, or one that somebody made, such as `v17`
    #[serde(default, deserialize_with = "chosen")]
    #[param(value_type = Option<String>)]
    pub(super) view: Option<Chosen>,
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
    /// A filter as JSON, instead of a view's.
    pub(super) filter: Option<String>,
    /// `due`, `newest`, `oldest`, `updated`, `quiet` or `priority`; otherwise the view's own order.
    pub(super) sort: Option<Sort>,
    /// `table` shows a list as a table.
    #[serde(rename = "as")]
    pub(super) shape: Option<String>,
}

impl ListQuery {
    /// The filter that is asked for instead of a view's, for links of the same list.
    pub(super) fn asked(&self) -> String {
        let asked = self.filter.as_deref().filter(|filter| !filter.is_empty());
        let write = |filter: &str| {
            format!(
                "&{}",
                url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish()
            )
        };
        asked.map(write).unwrap_or_default()
    }
}

/// What a list shows, and in which order.
pub(super) struct Listed {
    pub(super) filter: Filter,
    pub(super) sort: Sort,
    /// The name that somebody gave it.
    pub(super) name: Option<String>,
    /// The columns that were chosen for it.
    pub(super) columns: Vec<views::Column>,
}

impl Listed {
    pub(super) async fn of(tx: &mut Tx, actor: &Actor, view: Chosen) -> Result<Self> {
        match view {
            Chosen::Ready(view) => Ok(Self {
                filter: cases::filter_of(view, actor),
                sort: cases::sort_of(view),
                name: None,
                columns: views::Column::USUAL.to_vec(),
            }),
            Chosen::Own(id) => {
                let view = views::view(tx, actor, id).await?;
                let (filter, sort, columns) = (view.filter, view.sort, view.columns);
                Ok(Self { filter, sort, name: Some(view.name), columns })
            }
        }
    }

    /// What a request asks for; without a view and a filter all cases.
    pub(super) async fn asked(tx: &mut Tx, actor: &Actor, query: &ListQuery) -> Result<Self> {
        let mut listed = Self::of(tx, actor, query.view.unwrap_or(Chosen::Ready(View::All))).await?;
        if let Some(filter) = query.filter.as_deref().filter(|filter| !filter.is_empty()) {
            listed.filter = Filter::read(filter)?;
        }
        listed.sort = query.sort.unwrap_or(listed.sort);
        let also = [
            (Field::Status, query.status.map(|status| status.to_string())),
            (Field::Owner, query.owner.map(|id| id.to_string())),
            (Field::Queue, query.queue.map(|id| id.to_string())),
            (Field::Customer, query.customer.map(|id| id.to_string())),
        ];
        for (field, value) in also {
            listed.filter.also.extend(value.map(|value| Condition::is(field, value)));
        }
        Ok(listed)
    }
}

/// One page of a list and where the next one begins.
pub(super) async fn page_of(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    listed: &Listed,
    cursor: Option<&str>,
    limit: i64,
) -> Result<(Vec<Line>, Option<String>)> {
    let cursor = begins(listed, cursor)?;
    let lines = cases::list(tx, eyes, &listed.filter, listed.sort, cursor.as_ref(), limit + 1).await?;
    Ok(cut(lines, listed.sort, limit))
}

fn begins(listed: &Listed, cursor: Option<&str>) -> Result<Option<Cursor>> {
    let read = |text| {
        Cursor::read(text, listed.sort).ok_or_else(|| Error::invalid("cursor", "error-field-malformed"))
    };
    cursor.map(read).transpose()
}

/// Takes off the line beyond the page.
fn cut(mut lines: Vec<Line>, sort: Sort, limit: i64) -> (Vec<Line>, Option<String>) {
    let more = i64::try_from(lines.len()).is_ok_and(|found| limit < found);
    if more {
        lines.pop();
    }
    let next = lines.last().filter(|_| more).map(|line| Cursor::after(line, sort).to_string());
    (lines, next)
}

/// The left pane.
pub(super) struct Queue {
    pub(super) view: Chosen,
    /// The name of a view that somebody made.
    pub(super) name: Option<String>,
    pub(super) tabs: Vec<Tab>,
    /// All other views.
    pub(super) menu: Menu,
    pub(super) groups: Vec<Group>,
    /// The address of the next page.
    pub(super) next: Option<String>,
    pub(super) current: Option<CaseId>,
    /// Where this page of the list began.
    pub(super) cursor: Option<String>,
    /// Mails that no case was made of, for those who may look after them.
    pub(super) unread: i64,
    /// Kind, own state and tags.
    pub(super) badges: HashMap<CaseId, Badges>,
}

pub(super) struct Tab {
    pub(super) view: View,
    pub(super) count: i64,
}

impl Tab {
    pub(super) fn word(&self) -> String {
        format!("cases-view-{}", self.view)
    }
}

/// The ready-made views that are no tabs, and those that people made.
pub(super) struct Menu {
    pub(super) ready: Vec<Tab>,
    pub(super) own: Vec<(views::View, i64)>,
}

/// A number of cases as far as they were counted.
pub(super) fn shown(count: &i64) -> String {
    counts::shown(*count)
}

/// Lines under one heading.
pub(super) struct Group {
    pub(super) word: &'static str,
    /// Of the whole list, not only of this page.
    pub(super) count: i64,
    pub(super) lines: Vec<Line>,
}

const TABS: [View; 4] = [View::Mine, View::Team, View::Unassigned, View::Waiting];
const MENU: [View; 8] = [
    View::Overdue,
    View::Promises,
    View::Mentions,
    View::Followed,
    View::All,
    View::Closed,
    View::Spam,
    View::Trash,
];

async fn tabs(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, views: &[View]) -> Result<Vec<Tab>> {
    let filters: Vec<Filter> = views.iter().map(|view| cases::filter_of(*view, eyes.actor)).collect();
    let counts = counts::all(app, tx, eyes, &filters).await?;
    Ok(views.iter().zip(counts).map(|(view, count)| Tab { view: *view, count }).collect())
}

impl Menu {
    async fn load(app: &App, tx: &mut Tx, eyes: &Eyes<'_>) -> Result<Self> {
        let own = views::of(tx, eyes.actor).await?;
        let filters: Vec<Filter> = own.iter().map(|view| view.filter.clone()).collect();
        let counts = counts::all(app, tx, eyes, &filters).await?;
        Ok(Self { ready: tabs(app, tx, eyes, &MENU).await?, own: own.into_iter().zip(counts).collect() })
    }
}

impl Queue {
    pub(super) async fn load(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        query: &ListQuery,
        page: &Page,
        current: Option<CaseId>,
        news: Option<News>,
    ) -> Result<Self> {
        let eyes = Eyes::of(app, actor);
        let tabs = tabs(app, tx, &eyes, &TABS).await?;
        let first = tabs.iter().find(|tab| 0 < tab.count).map_or(View::Team, |tab| tab.view);
        let view = query.view.unwrap_or(Chosen::Ready(first));
        let listed = Listed::of(tx, actor, view).await?;
        let begins = begins(&listed, query.cursor.as_deref())?;
        let (filter, sort, cursor) = (&listed.filter, listed.sort, begins.as_ref());
        let stretch = Stretch { filter, sort, cursor, limit: LINES + 1 };
        let Rows { lines, badges } = match news {
            Some(news) => {
                let topics = topics(view, actor);
                Rows::clone(&*cases::share(app, tx, &eyes, &stretch, &topics, news).await?)
            }
            None => cases::rows(tx, &eyes, &stretch).await?,
        };
        let (lines, next) = cut(lines, listed.sort, LINES);
        let groups = if listed.sort == Sort::Due {
            headed(app, tx, &eyes, &listed.filter, lines, page, (query.cursor.is_some(), next.is_some()))
                .await?
        } else {
            plain(app, tx, &eyes, &listed.filter, lines).await?
        };
        let next = next.map(|cursor| format!("/cases?view={view}&cursor={cursor}"));
        let may = actor.can(Right::ReadUnprocessable);
        let unread = if may { channels::count_unprocessable(tx, COUNTED).await? } else { 0 };
        let menu = Menu::load(app, tx, &eyes).await?;
        let (name, cursor) = (listed.name, query.cursor.clone());
        Ok(Self { view, name, tabs, menu, groups, next, current, cursor, unread, badges })
    }

    /// What the page listens to, see [`topics`].
    pub(super) fn topics(&self, page: &Page) -> String {
        page.actor.as_ref().map(|actor| topics(self.view, actor)).unwrap_or_default().join(" ")
    }

    /// Where this pane alone comes from.
    pub(super) fn live_url(&self) -> String {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let current = self.current.map(|case| format!("&current={case}")).unwrap_or_default();
        format!("/cases/pane?view={}{cursor}{current}", self.view)
    }

    /// What is said where the list is empty.
    pub(super) fn empty(&self) -> &'static Empty {
        Empty::of(self.view)
    }

    /// The page's first heading, unless a case is open: then that is what the page is about.
    pub(super) const fn heading(&self) -> &'static str {
        if self.current.is_some() { "h2" } else { "h1" }
    }

    /// The word of a ready-made view that is no tab.
    pub(super) fn other(&self) -> Option<String> {
        match self.view {
            Chosen::Ready(view) if !TABS.contains(&view) => Some(format!("cases-view-{view}")),
            _ => None,
        }
    }

    /// Kind, own state and tags of a line.
    pub(super) fn badges(&self, line: &Line) -> Option<&Badges> {
        self.badges.get(&line.case.id)
    }

    pub(super) fn is_current(&self, line: &Line) -> bool {
        self.current == Some(line.case.id)
    }

    pub(super) fn url(&self, line: &Line) -> String {
        format!("/cases/{}?view={}", line.case.number, self.view)
    }
}

/// What is to change for a list to look different: as little as possible, since hundreds look at lists.
fn topics(view: Chosen, actor: &Actor) -> Vec<String> {
    // Who is in no team looks at the whole house, see `cases::filter_of`.
    let of_team = !actor.queues.is_empty() && actor.queues.len() <= TOLD_APART;
    let own = |view: View| match view {
        View::Mine => actor.queues.len() <= TOLD_APART,
        View::Team | View::Unassigned | View::Waiting | View::Overdue => of_team,
        _ => false,
    };
    match view {
        Chosen::Ready(view) if own(view) => {
            let queues = actor.queues.iter().map(|queue| format!("queue:{queue}"));
            let owner = actor.person_id().map(|person| format!("owner:{person}"));
            owner.into_iter().chain(queues).collect()
        }
        _ => vec!["queue".to_owned()],
    }
}

/// Under headings by urgency. The first and the last of a page in the middle of a list may be counted beyond it.
async fn headed(
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
async fn plain(
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
    let (status, due) = match word {
        "cases-group-closed" => (Status::Closed, vec![]),
        "cases-group-waiting" => (Status::Waiting, vec![]),
        "cases-group-answered" => (Status::Open, vec![Condition::new(Field::Due, Test::Unset, &[])]),
        "cases-group-overdue" => (Status::Open, vec![due(Test::Before, now)]),
        "cases-group-today" => (Status::Open, vec![due(Test::After, now), due(Test::Before, tomorrow)]),
        _ => (Status::Open, vec![due(Test::After, tomorrow)]),
    };
    let filter = filter.clone().and(Condition::is(Field::Status, status));
    due.into_iter().fold(filter, Filter::and)
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

/// What came last, or how.
pub(super) fn icon(line: &Line) -> &'static str {
    match line.case.speaker {
        Some(Direction::Note) => "note",
        Some(Direction::Outbound) => "reply",
        _ => line.case.channel.icon(),
    }
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
