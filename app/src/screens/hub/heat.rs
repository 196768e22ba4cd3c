//! The heat map: a table of stations by departments, with steps of colour.

use money::{Currency, Money};
use serde::Serialize;
use utoipa::ToSchema;

use super::house::House;
use super::query::{HubQuery, Measure};
use crate::insights::InsightState;
use crate::insights::map::{Emerging, Map, Tally};
use crate::platform::{DepartmentId, Page};

/// From this sum on the map shows thousands.
const THOUSANDS: i64 = 1_000_000;

pub struct Heat {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub total: String,
    pub unit: String,
    /// No rates, no EUR: then cases are shown.
    pub measure: Measure,
}

pub struct Column {
    pub name: String,
    pub icon: &'static str,
    /// More than a quarter of all.
    pub hot: bool,
    pub sum: String,
    /// Pixels of its bar.
    pub bar: i64,
}

pub struct Row {
    pub name: String,
    pub cells: Vec<HeatCell>,
    pub sum: String,
}

pub struct HeatCell {
    pub text: String,
    /// 0 to 6
    pub step: i64,
    pub is_new: bool,
    pub is_mending: bool,
    /// In full words, for screen readers.
    pub label: String,
    pub href: Option<String>,
}

/// A cell as programs read it.
#[derive(Serialize, ToSchema)]
pub struct CellJson {
    pub station: String,
    pub department: Option<DepartmentJson>,
    /// Different cases.
    pub cases: i64,
    /// Cases by the shares of their causes, in thousandths.
    pub share: i64,
    /// Costs in service (class A, cash spent); null: not computable.
    #[schema(value_type = Option<Object>)]
    pub cost: Option<Money>,
}

#[derive(Clone, Serialize, ToSchema)]
#[schema(as = HubDepartment)]
pub struct DepartmentJson {
    pub id: DepartmentId,
    pub name: String,
}

/// The cells that hold something.
pub fn cells(house: &House, map: &Map) -> Vec<CellJson> {
    let json = |(&(station, department), tally): (&(i64, Option<DepartmentId>), &Tally)| CellJson {
        station: usize::try_from(station)
            .ok()
            .and_then(|place| house.stations.get(place))
            .map_or_else(String::new, |station| station.code.clone()),
        department: department_json(house, department),
        cases: tally.cases,
        share: tally.share,
        cost: tally.cost(),
    };
    map.cells.iter().map(json).collect()
}

pub fn department_json(house: &House, department: Option<DepartmentId>) -> Option<DepartmentJson> {
    let known = house.departments.iter().find(|one| Some(one.id) == department)?;
    Some(DepartmentJson { id: known.id, name: known.name.clone() })
}

impl Heat {
    pub fn new(page: &Page, query: &HubQuery, house: &House, map: &Map, emerging: &[Emerging]) -> Self {
        let measure = if map.total.cost().is_none() { Measure::Cases } else { query.measure() };
        let scale = Scale::new(measure, map);
        let nobodys = map.departments.contains_key(&None).then_some(None);
        let departments = house.departments.iter().map(|one| Some(one.id)).chain(nobodys);
        let row = |department| Row {
            name: house.department(page, department),
            sum: scale.text(page, map.departments.get(&department)),
            cells: (0..places(house))
                .map(|station| cell(page, query, house, map, emerging, &scale, (station, department)))
                .collect(),
        };
        Self {
            columns: house
                .stations
                .iter()
                .zip(0..)
                .map(|(station, place)| column(page, station, place, map, &scale))
                .collect(),
            rows: departments.map(row).collect(),
            total: scale.text(page, Some(&map.total)),
            unit: scale.unit(page),
            measure,
        }
    }
}

fn places(house: &House) -> i64 {
    i64::try_from(house.stations.len()).unwrap_or(0)
}

fn column(page: &Page, station: &crate::insights::Station, place: i64, map: &Map, scale: &Scale) -> Column {
    let tally = map.stations.get(&place);
    let size = tally.map_or(0, |tally| scale.size(tally));
    let highest = map.stations.values().map(|tally| scale.size(tally)).max().unwrap_or(0).max(1);
    Column {
        name: station.name_in(page),
        icon: station.icon(),
        hot: size != 0 && scale.size(&map.total) < 4 * size,
        sum: scale.text(page, tally),
        bar: (size * 34 / highest).max(3),
    }
}

fn cell(
    page: &Page,
    query: &HubQuery,
    house: &House,
    map: &Map,
    emerging: &[Emerging],
    scale: &Scale,
    at: (i64, Option<DepartmentId>),
) -> HeatCell {
    let (station, department) = at;
    let tally = map.cells.get(&at);
    let text = scale.text(page, tally);
    let holds = |wanted: &dyn Fn(crate::platform::InsightId) -> bool| {
        map.flows.keys().any(|flow| (flow.station, flow.department) == at && flow.insight.is_some_and(wanted))
    };
    let is_new = tally.is_some() && holds(&|id| emerging.iter().any(|one| one.insight == id));
    let planned = |id| house.insights.get(&id).is_some_and(|insight| insight.state == InsightState::Planned);
    let is_mending = tally.is_some() && !is_new && holds(&planned);
    let mut label = format!("{}, {}: ", house.department(page, department), house.station(page, station));
    label.push_str(&scale.label(page, tally));
    if is_new {
        label.push_str(&format!(", {}", page.t("hub-new-crack")));
    }
    if is_mending {
        label.push_str(&format!(", {}", page.t("hub-mending")));
    }
    HeatCell {
        text,
        step: tally.map_or(0, |tally| scale.step(tally)),
        is_new,
        is_mending,
        label,
        href: tally.map(|_| words_url(query, station, department)),
    }
}

/// Where the customers' own words behind a cell are.
fn words_url(query: &HubQuery, station: i64, department: Option<DepartmentId>) -> String {
    let search = query.search();
    let join = if search.is_empty() { "?" } else { "&" };
    let department = department.map_or_else(|| "none".to_owned(), |department| department.to_string());
    format!("/hub/words{search}{join}station={station}&department={department}")
}

/// How sizes are shown and coloured.
struct Scale {
    measure: Measure,
    highest: i64,
    thousands: bool,
    currency: Currency,
}

impl Scale {
    fn new(measure: Measure, map: &Map) -> Self {
        let cost = map.total.cost();
        let mut scale = Self {
            measure,
            highest: 1,
            thousands: cost.is_some_and(|cost| THOUSANDS <= cost.cents),
            currency: cost.map_or(Currency::Eur, |cost| cost.currency),
        };
        scale.highest = map.cells.values().map(|tally| scale.size(tally)).max().unwrap_or(1).max(1);
        scale
    }

    fn size(&self, tally: &Tally) -> i64 {
        match self.measure {
            Measure::Cases => tally.cases,
            Measure::Cost => tally.cost().map_or(0, |cost| cost.cents.max(0)),
        }
    }

    /// 0 for nothing, then 1 to 6 by the part of the largest cell.
    fn step(&self, tally: &Tally) -> i64 {
        let size = self.size(tally);
        let parts = [4, 10, 20, 40, 70];
        if size == 0 {
            0
        } else {
            1 + i64::try_from(parts.iter().filter(|part| **part * self.highest < 100 * size).count())
                .unwrap_or(0)
        }
    }

    fn text(&self, page: &Page, tally: Option<&Tally>) -> String {
        let Some(tally) = tally.filter(|tally| tally.cases != 0) else { return "·".into() };
        match (self.measure, tally.cost()) {
            (Measure::Cases, _) => page.number(tally.cases),
            (Measure::Cost, None) => "?".into(),
            (Measure::Cost, Some(cost)) if self.thousands => page.decimal(euros(cost) / 1000.0),
            (Measure::Cost, Some(cost)) => page.number((cost.cents + 50) / 100),
        }
    }

    fn label(&self, page: &Page, tally: Option<&Tally>) -> String {
        let Some(tally) = tally else { return page.n("hub-n-cases", 0_i64).into_owned() };
        let cost =
            tally.cost().map_or_else(|| page.t("hub-not-computable").into_owned(), |cost| page.money(&cost));
        match self.measure {
            Measure::Cases => page.n("hub-n-cases", tally.cases).into_owned(),
            Measure::Cost => format!("{cost}, {}", page.n("hub-n-cases", tally.cases)),
        }
    }

    fn unit(&self, page: &Page) -> String {
        match (self.measure, self.thousands) {
            (Measure::Cases, _) => page.t("hub-unit-cases").into_owned(),
            (Measure::Cost, true) => {
                page.with("hub-unit-thousand", "currency", sign(self.currency)).into_owned()
            }
            (Measure::Cost, false) => sign(self.currency).to_owned(),
        }
    }
}

const fn sign(currency: Currency) -> &'static str {
    match currency {
        Currency::Eur => "€",
        Currency::Chf => "CHF",
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn euros(sum: Money) -> f64 {
    sum.cents as f64 / 100.0
}
