//! All insights, to search and filter.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::inbox::{DepartmentJson, Line, line};
use super::numbers::lately;
use crate::customers::fold;
use crate::insights;
use crate::insights::map::board;
use crate::insights::{Insight, InsightState, Kind};
use crate::people;
use crate::platform::{Actor, App, Area, DepartmentId, InsightId, Page, Query, Result, Right, Wants};
use crate::screens::costs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(all))
}

/// Insights on one page, unless asked otherwise.
const LINES: usize = 50;

#[derive(Deserialize, IntoParams)]
#[serde(default)]
#[derive(Default)]
struct AllQuery {
    /// `cause`, `wish`, `competitor`, `praise`, `unclear`, `hindrance`
    kind: String,
    /// `proposed`, `open`, `accepted`, `disputed`, `declined`, `planned`, `fixed`, `verified`
    state: String,
    /// A department's id, or `none`
    department: String,
    /// Words of the title.
    q: String,
    /// At most 200.
    limit: Option<usize>,
    cursor: Option<usize>,
}

impl AllQuery {
    fn holds(&self, insight: &Insight) -> bool {
        let title = fold(&insight.title);
        let department = match self.department.as_str() {
            "none" => Some(None),
            id => id.parse().ok().map(|id| Some(DepartmentId(id))),
        };
        Kind::from_code(&self.kind).is_none_or(|kind| kind == insight.kind)
            && InsightState::from_code(&self.state).is_none_or(|state| state == insight.state)
            && department.is_none_or(|department| department == insight.department)
            && fold(&self.q).split_whitespace().all(|word| title.contains(word))
    }

    /// Nothing was asked for but all of them.
    const fn is_everything(&self) -> bool {
        self.kind.is_empty() && self.state.is_empty() && self.department.is_empty() && self.q.is_empty()
    }

    fn next_url(&self, cursor: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("kind", &self.kind), ("state", &self.state), ("department", &self.department), ("q", &self.q)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("cursor", cursor);
        format!("/insights?{}", query.finish())
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/department/views/all.html")]
struct AllView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    query: AllQuery,
    #[serde(skip)]
    departments: Vec<DepartmentJson>,
    items: Vec<Item>,
    next: Option<String>,
}

/// An insight with where it belongs.
#[derive(Serialize, ToSchema)]
#[schema(as = InsightItem)]
struct Item {
    #[serde(flatten)]
    line: Line,
    station: String,
    department: Option<DepartmentJson>,
}

impl AllView {
    fn more(&self) -> Option<String> {
        self.next.as_deref().map(|cursor| self.query.next_url(cursor))
    }

    fn is_kind(&self, kind: &Kind) -> bool {
        self.query.kind == kind.code()
    }

    fn is_state(&self, state: &InsightState) -> bool {
        self.query.state == state.code()
    }

    fn is_nobody(&self) -> bool {
        self.query.department == "none"
    }

    fn is_department(&self, id: &DepartmentId) -> bool {
        self.query.department == id.to_string()
    }
}

/// All insights, the most frequent of the last 90 days first.
#[utoipa::path(get, path = "/insights", tag = "insights", params(AllQuery), responses((status = 200, body = AllView)))]
async fn all(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<AllQuery>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Hub);
    let pieces = board(&app, &mut tx, costs::PRICES).await?;
    let tallies = pieces.count(&lately(page.now())).insights();
    let departments: Vec<DepartmentJson> =
        people::departments(&mut tx).await?.iter().map(DepartmentJson::from).collect();
    let mut found: Vec<Insight> =
        insights::all(&mut tx).await?.into_iter().filter(|insight| query.holds(insight)).collect();
    let cases = |id: &InsightId| tallies.get(id).map_or(0, |tally| tally.cases);
    found.sort_by_key(|insight| (-cases(&insight.id), insight.id));
    let start = query.cursor.unwrap_or(0).min(found.len());
    let limit = query.limit.unwrap_or(LINES).clamp(1, 200);
    let end = (start + limit).min(found.len());
    let item = |insight: &Insight| Item {
        line: line(&page, insight, tallies.get(&insight.id)),
        station: insight.station.clone(),
        department: departments.iter().find(|one| Some(one.id) == insight.department).cloned(),
    };
    let items = found[start..end].iter().map(item).collect();
    let next = (end < found.len()).then(|| end.to_string());
    wants.answer(&AllView { page, query, departments, items, next })
}
