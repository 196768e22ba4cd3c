//! A department's inbox: what is new for it, what it works on, wishes, and what it mended.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::numbers::lately;
use crate::insights;
use crate::insights::map::{Pieces, Tally, board};
use crate::insights::{Insight, InsightState, Kind};
use crate::people;
use crate::people::Department;
use crate::platform::{
    Actor, App, Area, DepartmentId, Error, InsightId, Page, Query, Result, Right, Role, Timestamp, Tx, Wants,
};
use crate::screens::costs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(inbox))
}

#[derive(Deserialize, IntoParams)]
struct InboxQuery {
    /// A department's id; managers choose, others see their own.
    department: Option<i64>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/department/views/inbox.html")]
struct InboxView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    list: InsightList,
}

impl InboxView {
    #[expect(clippy::unused_self, reason = "the list asks its page, and here nothing is open")]
    const fn is_open(&self, _: &InsightId) -> bool {
        false
    }

    /// On narrow screens the list is what the page is for.
    #[expect(clippy::unused_self, reason = "the list asks its page")]
    const fn list_style(&self) -> &'static str {
        "display:block"
    }
}

/// The insights of one department, in groups.
#[derive(Serialize, ToSchema)]
pub struct InsightList {
    pub department: Option<DepartmentJson>,
    /// Other departments that the reader may look at.
    pub departments: Vec<DepartmentJson>,
    /// Causes that need a decision.
    pub undecided: usize,
    pub groups: Vec<Group>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct DepartmentJson {
    pub id: DepartmentId,
    pub name: String,
}

impl From<&Department> for DepartmentJson {
    fn from(department: &Department) -> Self {
        Self { id: department.id, name: department.name.clone() }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Group {
    /// `new`, `working`, `wishes`, `mended`, `declined`, `news`
    pub code: &'static str,
    pub lines: Vec<Line>,
}

/// An insight in the list.
#[derive(Serialize, ToSchema)]
pub struct Line {
    pub id: InsightId,
    pub kind: Kind,
    pub title: String,
    pub state: InsightState,
    /// Cases of the last 90 days.
    pub cases: i64,
    /// Costs in service of the last 90 days (class A, cash spent); null: not computable, or no cause.
    #[schema(value_type = Option<Object>)]
    pub cost: Option<Money>,
    /// "seit 16 Tagen still", "geplant bis 15. Januar 2027"
    pub note: String,
    pub silent: bool,
}

impl Line {
    /// The signal's colour in the look.
    pub const fn signal(&self) -> &'static str {
        match self.state {
            InsightState::Proposed | InsightState::Open | InsightState::Disputed | InsightState::Declined => {
                "bad"
            }
            _ => "gold",
        }
    }

    pub fn is_wish(&self) -> bool {
        self.kind == Kind::Wish
    }
}

/// The reader's department with its insights.
#[utoipa::path(get, path = "/department", tag = "insights", params(InboxQuery), responses((status = 200, body = InboxView)))]
async fn inbox(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<InboxQuery>,
) -> Result<Response> {
    actor.may(Right::DecideInsights)?;
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Department);
    let pieces = board(&app, &mut tx, costs::PRICES).await?;
    let department = chosen(&mut tx, &actor, query.department.map(DepartmentId)).await?;
    let list = InsightList::load(&mut tx, &page, &actor, &pieces, department).await?;
    wants.answer(&InboxView { page, list })
}

/// May this reader look into every department's inbox?
fn sees_all(actor: &Actor) -> bool {
    actor.is(Role::Manager) || actor.is(Role::Admin)
}

/// The department whose inbox stands beside an insight: its own, or the reader's where others' are not for them.
pub fn readable(actor: &Actor, department: Option<DepartmentId>) -> Option<DepartmentId> {
    let its_own = department.filter(|one| sees_all(actor) || actor.departments.contains(one));
    its_own.or_else(|| actor.departments.first().copied())
}

async fn chosen(tx: &mut Tx, actor: &Actor, wanted: Option<DepartmentId>) -> Result<Option<DepartmentId>> {
    match wanted {
        Some(wanted) if sees_all(actor) || actor.departments.contains(&wanted) => Ok(Some(wanted)),
        // Others' inboxes are not for everybody.
        Some(_) => Err(Error::NotFound),
        None => match actor.departments.first() {
            Some(own) => Ok(Some(*own)),
            None if sees_all(actor) => Ok(people::departments(tx).await?.first().map(|first| first.id)),
            None => Ok(None),
        },
    }
}

impl InsightList {
    pub async fn load(
        tx: &mut Tx,
        page: &Page,
        actor: &Actor,
        pieces: &Pieces,
        department: Option<DepartmentId>,
    ) -> Result<Self> {
        let all = people::departments(tx).await?;
        let own = all.iter().find(|one| Some(one.id) == department).map(DepartmentJson::from);
        let tallies = pieces.count(&lately(page.now())).insights();
        let insights = insights::all(tx).await?;
        let mut insights: Vec<&Insight> = insights
            .iter()
            .filter(|insight| department.is_some() && insight.department == department)
            .collect();
        insights
            .sort_by_key(|insight| (-tallies.get(&insight.id).map_or(0, |tally| tally.cases), insight.id));
        let reads = |one: &&Department| sees_all(actor) || actor.departments.contains(&one.id);
        Ok(Self {
            department: own,
            departments: all.iter().filter(reads).map(DepartmentJson::from).collect(),
            undecided: insights
                .iter()
                .filter(|insight| is_trouble(insight) && insight.is_undecided())
                .count(),
            groups: groups(page, &insights, &tallies),
        })
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

const GROUPS: [&str; 6] = ["new", "working", "wishes", "mended", "declined", "news"];

fn groups(page: &Page, insights: &[&Insight], tallies: &HashMap<InsightId, Tally>) -> Vec<Group> {
    let group = |code: &'static str| Group {
        code,
        lines: insights
            .iter()
            .filter(|insight| group_of(insight) == code)
            .map(|insight| line(page, insight, tallies.get(&insight.id)))
            .collect(),
    };
    GROUPS.into_iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}

fn is_trouble(insight: &Insight) -> bool {
    matches!(insight.kind, Kind::Cause | Kind::Unclear | Kind::Hindrance)
}

fn group_of(insight: &Insight) -> &'static str {
    match (insight.kind, insight.state) {
        (Kind::Praise | Kind::Competitor, _) => "news",
        (_, InsightState::Fixed | InsightState::Verified) => "mended",
        (_, InsightState::Declined) => "declined",
        (Kind::Wish, _) => "wishes",
        (_, InsightState::Accepted | InsightState::Planned) => "working",
        _ => "new",
    }
}

pub fn line(page: &Page, insight: &Insight, tally: Option<&Tally>) -> Line {
    let silent = insight.is_silent(page.now());
    let cost = if insight.kind == Kind::Cause { tally.and_then(Tally::cost) } else { None };
    Line {
        id: insight.id,
        kind: insight.kind,
        title: insight.title.clone(),
        state: insight.state,
        cases: tally.map_or(0, |tally| tally.cases),
        cost,
        note: note(page, insight, silent),
        silent,
    }
}

/// Where it stands, in a few words.
fn note(page: &Page, insight: &Insight, silent: bool) -> String {
    let day = |at: Option<Timestamp>| at.map_or_else(String::new, |at| page.date(&at));
    match insight.state {
        InsightState::Proposed | InsightState::Open if silent => {
            page.with("insight-silent", "span", page.span(&insight.waiting_since)).into_owned()
        }
        InsightState::Proposed | InsightState::Open => {
            page.with("insight-since", "span", page.span(&insight.waiting_since)).into_owned()
        }
        InsightState::Planned => page.with("insight-until", "day", day(insight.due_at)).into_owned(),
        InsightState::Fixed | InsightState::Verified => {
            page.with("insight-fixed-since", "day", day(insight.decided_at)).into_owned()
        }
        state => page.t(&format!("insight-state-{state}")).into_owned(),
    }
}
