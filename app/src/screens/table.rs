//! A list of cases as a table: columns that were chosen, an order by the headings, marks for doing the same to many.

use askama::Template;
use serde::Serialize;

use super::empty;
use super::empty::Empty;
use super::listed::{Chosen, Listed};
use super::urgency::DueRing;
use super::workplace::signal;
use crate::cases;
use crate::cases::attributes;
use crate::cases::{CaseField, CaseKind, Line, OwnState, Sort, Status, Tag};
use crate::people;
use crate::platform::{Actor, Page, Result, Right, Timestamp, Tx};
use crate::rules::Rule;
use crate::rules::macros;
use crate::views::Column;

/// Tags that are proposed.
const TAGS: i64 = 200;

#[derive(Template, Serialize)]
#[template(path = "screens/views/table.html")]
pub(super) struct TableView {
    #[serde(skip)]
    pub(super) page: Page,
    #[serde(skip)]
    pub(super) view: Chosen,
    #[serde(skip)]
    pub(super) listed: Listed,
    /// What is behind "all of this list", as it is sent back.
    #[serde(skip)]
    pub(super) filter: String,
    #[serde(skip)]
    pub(super) lines: Vec<Line>,
    /// Where the next page begins.
    #[serde(skip)]
    pub(super) next: Option<String>,
    /// The filter that was asked for instead of a view's, as `&filter=…`; empty without one.
    #[serde(skip)]
    pub(super) asked: String,
    #[serde(skip)]
    pub(super) count: i64,
    /// For those who may work on cases.
    #[serde(skip)]
    pub(super) tools: Option<Tools>,
}

/// What marked cases can become.
pub(super) struct Tools {
    owners: Vec<people::Person>,
    queues: Vec<people::Queue>,
    kinds: Vec<CaseKind>,
    states: Vec<OwnState>,
    /// Fields of the house's own.
    fields: Vec<CaseField>,
    /// That are proposed.
    tags: Vec<Tag>,
    macros: Vec<Rule>,
}

impl Tools {
    pub(super) async fn load(tx: &mut Tx, actor: &Actor) -> Result<Option<Self>> {
        if !actor.can(Right::WorkCases) {
            return Ok(None);
        }
        let mut tools = Self {
            owners: cases::web::owners(tx).await?,
            queues: people::queues_for(tx, actor).await?,
            kinds: attributes::kinds(tx).await?,
            states: attributes::own_states(tx).await?,
            fields: attributes::fields(tx).await?,
            tags: attributes::tags_like(tx, "", TAGS).await?,
            macros: macros::of(tx, actor).await?,
        };
        tools.kinds.retain(|kind| kind.active);
        tools.states.retain(|state| state.active);
        tools.fields.retain(|field| !field.archived);
        Ok(Some(tools))
    }
}

impl TableView {
    fn title(&self) -> String {
        match (&self.listed.name, self.view) {
            (Some(name), _) => name.clone(),
            (None, _) if !self.asked.is_empty() => self.page.t("cases-found").into_owned(),
            (None, Chosen::Ready(view)) => self.page.t(&format!("cases-view-{view}")).into_owned(),
            (None, own @ Chosen::Own(_)) => own.to_string(),
        }
    }

    /// What is said where nothing is found.
    fn empty(&self) -> &'static Empty {
        if self.asked.is_empty() { Empty::of(self.view) } else { &empty::FOUND }
    }

    fn count(&self) -> String {
        crate::cases::counts::shown(self.count)
    }

    fn url(&self, sort: &Sort) -> String {
        format!("/cases?view={}&as=table&sort={sort}{}", self.view, self.asked)
    }

    fn more(&self) -> Option<String> {
        let next = self.next.as_ref()?;
        Some(format!("{}&cursor={next}", self.url(&self.listed.sort)))
    }

    fn export(&self, format: &str) -> String {
        format!("/cases/export?view={}&sort={}&format={format}{}", self.view, self.listed.sort, self.asked)
    }

    /// The order that a click on a heading chooses, and how it is sorted now.
    fn order(&self, column: &Column) -> Option<(Sort, &'static str)> {
        let now = self.listed.sort;
        let sorted = |one: Sort, direction: &'static str| if now == one { direction } else { "none" };
        Some(match column {
            Column::Due => (Sort::Due, sorted(Sort::Due, "ascending")),
            Column::Priority => (Sort::Priority, sorted(Sort::Priority, "descending")),
            Column::Created if now == Sort::Newest => (Sort::Oldest, "descending"),
            Column::Created => (Sort::Newest, sorted(Sort::Oldest, "ascending")),
            Column::Updated if now == Sort::Updated => (Sort::Quiet, "descending"),
            Column::Updated => (Sort::Updated, sorted(Sort::Quiet, "ascending")),
            _ => return None,
        })
    }

    /// What stands in a cell as text; what has a look of its own is in the template.
    fn cell(&self, line: &Line, column: &Column) -> String {
        let (case, page) = (&line.case, &self.page);
        let when = |at: Option<Timestamp>| at.map(|at| page.when(&at)).unwrap_or_default();
        match column {
            Column::Number => case.number.clone(),
            Column::Subject => case.subject.clone(),
            Column::Customer => line.customer_name.clone(),
            Column::Status => page.t(&format!("case-status-{}", case.status)).into_owned(),
            Column::Due if case.status == Status::Open => when(case.due_at),
            Column::Due => String::new(),
            Column::Priority => page.t(&format!("case-priority-{}", case.priority)).into_owned(),
            Column::Owner => line.owner_name.clone().unwrap_or_default(),
            Column::Queue => line.queue_name.clone(),
            Column::Channel => page.t(&format!("channel-{}", case.channel)).into_owned(),
            Column::Created => page.when(&case.created_at),
            Column::Updated => page.when(&case.updated_at),
            Column::Wait => when(case.wait_until),
            Column::Closed => when(case.closed_at),
            Column::Contacts => page.number(case.contacts),
            Column::Signals => {
                let words = case.signals.split_whitespace().map(|kind| page.t(signal(kind).2));
                words.collect::<Vec<_>>().join(", ")
            }
            Column::Snippet => case.snippet.clone(),
        }
    }
}
