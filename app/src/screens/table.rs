//! A list of cases as a table: columns that were chosen, an order by the headings, marks for doing the same to many.

use askama::Template;
use serde::Serialize;

use super::cells::{Cells, Reader};
use super::empty;
use super::empty::Empty;
use super::listed::{Chosen, Listed};
use super::urgency::DueRing;
use crate::cases;
use crate::cases::attributes;
use crate::cases::{CaseField, CaseKind, Line, OwnState, Sort, Tag};
use crate::people;
use crate::platform::{Actor, Page, Result, Right, Tx};
use crate::rules::Rule;
use crate::rules::macros;
use crate::views::{Column, Heading};

/// Tags that are proposed.
const TAGS: i64 = 200;
/// A longer text is cut to two lines, so that a row stays a row; all of it is said when the pointer rests there.
const LONG: usize = 40;

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
    /// What the columns show beside the rows of the cases.
    #[serde(skip)]
    pub(super) cells: Cells,
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

    /// Where it is had as a file; `format=…` goes behind it.
    fn export(&self) -> String {
        format!("/cases/export?view={}&sort={}{}&", self.view, self.listed.sort, self.asked)
    }

    /// The files that it is had as, by name: with the columns that are shown, and with every column there is.
    fn files(&self) -> Vec<(String, String)> {
        let export = self.export();
        let shown = ["csv", "jsonl", "xlsx"];
        let shown = shown.map(|format| (format.to_uppercase(), format!("{export}format={format}")));
        let all = ["csv", "xlsx"].map(|format| {
            let name = format!("{}, {}", format.to_uppercase(), self.page.t("cases-all-columns"));
            (name, format!("{export}format={format}&columns=all"))
        });
        shown.into_iter().chain(all).collect()
    }

    /// The order that a click on a heading chooses, and how it is sorted now. Only what an index has the order of: with
    /// a million cases nobody waits until they are sorted by their kinds.
    fn order(&self, column: &Heading) -> Option<(Sort, &'static str)> {
        let Heading::Of(column) = column else { return None };
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

    fn head(&self, column: &Heading) -> String {
        self.cells.head(column, &self.page)
    }

    /// What stands in a cell as text.
    fn cell(&self, line: &Line, column: &Heading) -> String {
        self.cells.text(line, column, &Reader::Person(&self.page))
    }
}

/// By which the template knows columns with a look of their own.
pub(super) const fn look(column: &Heading) -> &'static str {
    match column {
        Heading::Of(column) => column.code(),
        Heading::Own(_) => "own",
    }
}

/// Is a text cut?
pub(super) fn is_long(text: &str) -> bool {
    LONG < text.chars().count()
}
