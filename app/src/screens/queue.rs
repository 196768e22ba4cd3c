//! The left pane of the workplace: views, and under headings what is urgent.

use std::collections::HashMap;

use crate::cases;
use crate::cases::counts;
use crate::cases::{Badges, Direction, Eyes, Filter, Line, News, Rows, Sort, Stretch, View};
use crate::channels;
use crate::platform::{Actor, App, CaseId, Page, Result, Right, Tx};
use crate::views;

use super::empty::Empty;
use super::listed::{Chosen, ListQuery, Listed, begins, cut};
use super::urgency::{Group, headed, plain};

/// Lines of the queue on one page.
pub(super) const LINES: i64 = 50;
/// Unread mails beyond this are shown as "99+".
const COUNTED: i64 = 100;
/// Of more queues than these a list hears of all.
const TOLD_APART: usize = 40;

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

    /// The number of the case below the open one, for a reader who goes on there after closing.
    pub(super) fn next_case(&self, page: &Page) -> Option<&str> {
        page.actor.as_ref().filter(|actor| actor.goes_on)?;
        let lines = self.groups.iter().flat_map(|group| &group.lines);
        lines.skip_while(|line| !self.is_current(line)).nth(1).map(|line| line.case.number.as_str())
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

/// What came last, or how.
pub(super) fn icon(line: &Line) -> &'static str {
    match line.case.speaker {
        Some(Direction::Note) => "note",
        Some(Direction::Outbound) => "reply",
        _ => line.case.channel.icon(),
    }
}
