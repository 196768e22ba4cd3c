//! The hub (Drehscheibe): where it cracks, what is new, what customers wish, and what others do better.

mod flows;
mod heat;
mod house;
mod lage;
mod period;
mod query;
mod tiles;
mod voices;

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use money::Money;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use house::House;
pub use period::{Choice, DAYS, month};
pub use query::HubQuery;
pub use voices::{Reader, Voice, voices};

use heat::{CellJson, Heat};
use query::Measure;
use tiles::{EmergingJson, MendedJson, PraiseJson, RivalJson, WishJson};

use super::chart::Svg;
use super::costs;
use crate::cases;
use crate::cases::Channel;
use crate::customers;
use crate::insights::map::{Counts, Emerging, Filter, Map, Piece, Tally, board, emerging};
use crate::platform::sheet;
use crate::platform::{Actor, App, Area, InsightId, Page, Query, Result, Right, Timestamp, Tx, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hub)).routes(routes!(table)).merge(voices::routes())
}

/// The period's sums, and those of the period before.
#[derive(Serialize, ToSchema)]
struct Totals {
    /// Cases opened in the period; null while only a part is looked at.
    opened: Option<i64>,
    /// Cases with a documented cause.
    with_cause: i64,
    customers: i64,
    /// Costs in service (class A, cash spent); null: not computable.
    #[schema(value_type = Option<Object>)]
    cost: Option<Money>,
    before: Before,
}

#[derive(Serialize, ToSchema)]
struct Before {
    from: Timestamp,
    to: Timestamp,
    with_cause: i64,
    #[schema(value_type = Option<Object>)]
    cost: Option<Money>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/hub/views/hub.html")]
struct HubView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    query: HubQuery,
    #[serde(skip)]
    picks: Picks,
    #[serde(skip)]
    lage: lage::Lage,
    #[serde(skip)]
    heat: Heat,
    #[serde(skip)]
    sankey: Option<Svg>,
    from: Timestamp,
    to: Timestamp,
    totals: Totals,
    cells: Vec<CellJson>,
    flows: Vec<FlowJson>,
    emerging: Vec<EmergingJson>,
    wishes: Vec<WishJson>,
    #[serde(skip)]
    more_wishes: usize,
    competitors: Vec<RivalJson>,
    praise: Vec<PraiseJson>,
    /// Cases of the period in which something of the kind was said, with an insight or without one.
    said: tiles::Said,
    mended: Vec<MendedJson>,
    /// Nothing was ever documented here.
    #[serde(skip)]
    is_empty: bool,
}

/// One way from a station through an insight to a department.
#[derive(Serialize, ToSchema)]
struct FlowJson {
    station: String,
    insight: Option<i64>,
    title: String,
    department: Option<heat::DepartmentJson>,
    cases: i64,
    #[schema(value_type = Option<Object>)]
    cost: Option<Money>,
}

/// What the filters offer.
struct Picks {
    time: String,
    months: Vec<(String, String)>,
    groups: Vec<String>,
    channels: &'static [Channel],
}

impl Picks {
    async fn load(tx: &mut Tx, page: &Page, query: &HubQuery) -> Result<Self> {
        let mut groups: Vec<String> =
            customers::products(tx).await?.into_iter().map(|product| product.group).collect();
        groups.sort();
        groups.dedup();
        let months = period::months(page, 6)
            .into_iter()
            .map(|first| (Choice::Month(first).code(), month(page, first)));
        Ok(Self {
            time: query.choice().title(page),
            months: months.collect(),
            groups,
            channels: Channel::ALL,
        })
    }
}

/// Where it cracks, in the period and for the filters of the query.
#[utoipa::path(get, path = "/hub", tag = "hub", params(HubQuery), responses((status = 200, body = HubView)))]
async fn hub(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<HubQuery>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Hub);
    let view = HubView::load(&app, &mut tx, &actor, page, query).await?;
    wants.answer(&view)
}

/// What is counted for one page.
struct Counted {
    is_empty: bool,
    filter: Filter,
    /// What the filters hold at any time before the period's end; `None`: everything.
    said: Option<HashSet<InsightId>>,
    counts: Counts,
    map: Map,
    before: Tally,
    emerging: Vec<Emerging>,
}

impl Counted {
    async fn load(app: &App, tx: &mut Tx, query: &HubQuery) -> Result<Self> {
        let filter = query.filter(app, tx).await?;
        let pieces = board(app, tx, costs::PRICES).await?;
        let (from, to) = query.period(app).before;
        let counts = pieces.count(&filter);
        Ok(Self {
            is_empty: pieces.is_empty(),
            said: said(&pieces, &filter),
            map: counts.map(),
            before: pieces.count(&filter.between(from, to)).total().clone(),
            emerging: emerging(&pieces, &filter, app.now()),
            filter,
            counts,
        })
    }
}

/// What is mended is hardly said any more: for it, whoever said it at any time counts.
fn said(pieces: &[Piece], filter: &Filter) -> Option<HashSet<InsightId>> {
    let ever = filter.between(Timestamp(0), filter.to);
    filter.is_partial().then(|| ever.of(pieces).filter_map(|piece| piece.insight).collect())
}

impl HubView {
    async fn load(app: &App, tx: &mut Tx, actor: &Actor, page: Page, query: HubQuery) -> Result<Self> {
        let counted = Counted::load(app, tx, &query).await?;
        let house = House::load(tx).await?;
        let tallies = counted.counts.insights();
        let totals = totals(app, tx, &query, &counted).await?;
        let reader = Reader::load(tx, actor).await?;
        let wishes = tiles::wishes(&page, &house, &tallies);
        Ok(Self {
            picks: Picks::load(tx, &page, &query).await?,
            lage: lage::Lage::new(&page, &query, &house, &counted.map, &counted.before, &counted.emerging),
            heat: Heat::new(&page, &query, &house, &counted.map, &counted.emerging),
            sankey: flows::picture(&page, &house, &counted.map),
            from: counted.filter.from,
            to: counted.filter.to,
            totals,
            cells: heat::cells(&house, &counted.map),
            flows: flow_list(&page, &house, &counted.map),
            emerging: tiles::emerging(tx, &reader, &page, &house, &counted.emerging).await?,
            more_wishes: wishes.len(),
            wishes,
            said: tiles::Said::new(&counted.counts),
            competitors: tiles::competitors(tx, &reader, &house, &tallies).await?,
            praise: tiles::praise(tx, &reader, &house, &counted.filter).await?,
            mended: tiles::mended(tx, &page, &house, &counted).await?,
            is_empty: counted.is_empty,
            page,
            query,
        })
    }

    /// The customers' words of one kind, for the same filters.
    fn words_of(&self, kind: &str) -> String {
        let filters = self.query.search();
        format!("/hub/words{}kind={kind}", if filters.is_empty() { "?".to_owned() } else { filters + "&" })
    }

    fn is(&self, measure: &str) -> bool {
        self.heat.measure.code() == measure
    }
}

async fn totals(app: &App, tx: &mut Tx, query: &HubQuery, counted: &Counted) -> Result<Totals> {
    let opened = if query.is_partial() {
        None
    } else {
        Some(cases::opened_between(tx, counted.filter.from, counted.filter.to).await?)
    };
    let (from, to) = query.period(app).before;
    Ok(Totals {
        opened,
        with_cause: counted.map.total.cases,
        customers: counted.map.customers,
        cost: counted.map.total.cost(),
        before: Before { from, to, with_cause: counted.before.cases, cost: counted.before.cost() },
    })
}

fn flow_list(page: &Page, house: &House, map: &Map) -> Vec<FlowJson> {
    let json = |(flow, tally): (&crate::insights::map::Flow, &crate::insights::map::Tally)| FlowJson {
        station: usize::try_from(flow.station)
            .ok()
            .and_then(|place| house.stations.get(place))
            .map_or_else(String::new, |station| station.code.clone()),
        insight: flow.insight.map(|id| id.0),
        title: house.title(page, flow.insight),
        department: heat::department_json(house, flow.department),
        cases: tally.cases,
        cost: tally.cost(),
    };
    map.flows.iter().map(json).collect()
}

/// The map as a table for spreadsheets: CSV with semicolons, as German programs expect it.
#[utoipa::path(get, path = "/hub/map.csv", tag = "hub", params(HubQuery), responses((status = 200, content_type = "text/csv", body = String)))]
async fn table(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<HubQuery>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Hub);
    let counted = Counted::load(&app, &mut tx, &query).await?;
    let house = House::load(&mut tx).await?;
    let content = csv_of(&page, &house, &counted.map)?;
    Ok(sheet::file(&format!("kitt-{}", query.choice().code()), content))
}

fn csv_of(page: &Page, house: &House, map: &Map) -> Result<Vec<u8>> {
    let head = [
        "hub-csv-station",
        "hub-csv-insight",
        "hub-csv-department",
        "hub-csv-cases",
        "hub-csv-cost",
        "hub-csv-currency",
    ];
    let row = |(flow, tally): (&crate::insights::map::Flow, &Tally)| {
        let cost = tally.cost();
        vec![
            house.station(page, flow.station),
            house.title(page, flow.insight),
            house.department(page, flow.department),
            tally.cases.to_string(),
            cost.map_or_else(|| page.t("hub-not-computable").into_owned(), amount),
            cost.map_or_else(String::new, |cost| cost.currency.to_string()),
        ]
    };
    sheet::table(head.map(|key| page.t(key).into_owned()), map.flows.iter().map(row))
}

/// "12,34"
fn amount(sum: Money) -> String {
    let sign = if sum.cents < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", sum.cents.abs() / 100, sum.cents.abs() % 100)
}
