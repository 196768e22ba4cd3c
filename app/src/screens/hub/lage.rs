//! The finding in one sentence, before any chart.

use super::house::House;
use super::query::HubQuery;
use crate::insights::InsightState;
use crate::insights::map::{Emerging, Map, Tally};
use crate::platform::Page;

/// Shares of fewer cases say nothing.
const ENOUGH: i64 = 20;

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Sentences, the middle one in bold.
pub struct Lage {
    pub first: String,
    pub cost: Option<String>,
    pub main: Option<String>,
    pub rest: String,
}

impl Lage {
    pub fn new(
        page: &Page,
        query: &HubQuery,
        house: &House,
        map: &Map,
        before: &Tally,
        emerging: &[Emerging],
    ) -> Self {
        let title = query.choice().title(page);
        let count = page.n("hub-lage-cases", map.total.cases);
        let mut rest = vec![compared(page, map, before)];
        rest.push(page.n("hub-lage-new", emerging.len()).into_owned());
        let planned =
            map.flows.keys().filter_map(|flow| flow.insight).collect::<std::collections::BTreeSet<_>>();
        let planned = planned.iter().filter(|id| {
            house.insights.get(id).is_some_and(|insight| insight.state == InsightState::Planned)
        });
        rest.push(page.n("hub-lage-mending", planned.count()).into_owned());
        Self {
            first: sentence(&format!("{title}: {count}")),
            cost: map.total.cost().map(|cost| page.money_round(&cost)),
            main: strongest(page, house, map),
            rest: rest.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" "),
        }
    }
}

/// "3 von 10 reißen bei Lieferung."
fn strongest(page: &Page, house: &House, map: &Map) -> Option<String> {
    let (station, tally) = map.stations.iter().max_by_key(|(_, tally)| tally.share)?;
    let station = house.station(page, *station);
    if map.total.cases < ENOUGH {
        let count = page.n("hub-n-cases", tally.cases);
        return Some(page.with2("hub-lage-few", ("station", station), ("count", count)).into_owned());
    }
    let tenths = (tally.share * 10 + map.total.share / 2) / map.total.share.max(1);
    Some(page.with2("hub-lage-most", ("station", station), ("n", tenths.max(1))).into_owned())
}

#[expect(clippy::cast_precision_loss, reason = "a share of cases, shown in whole percent")]
fn compared(page: &Page, map: &Map, before: &Tally) -> String {
    let (now, then) = (map.total.cases, before.cases);
    if then < ENOUGH {
        return String::new();
    }
    let change = (now - then) as f64 / then as f64;
    let percent = page.percent(change.abs());
    if change.abs() < 0.005 {
        page.t("hub-lage-same").into_owned()
    } else if change < 0.0 {
        page.with("hub-lage-less", "percent", percent).into_owned()
    } else {
        page.with("hub-lage-more", "percent", percent).into_owned()
    }
}
