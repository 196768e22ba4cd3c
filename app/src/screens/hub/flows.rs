//! The Sankey of the hub: from the station through the insight to the department.

use std::collections::{BTreeMap, BTreeSet};

use super::house::House;
use crate::insights::map::{Flow, Map, Tally};
use crate::platform::{DepartmentId, InsightId, Page};
use crate::screens::chart::{Link, Node, Sankey, Svg};

/// Insights of the picture; more cannot be told apart.
const LARGEST: usize = 10;

/// The largest insights, by the shares of their cases.
pub fn picture(page: &Page, house: &House, map: &Map) -> Option<Svg> {
    let flows = largest(map);
    let top = flows.iter().max_by_key(|(_, tally)| tally.share)?;
    let columns = vec![
        column(&flows, 's', |flow| flow.station, |station| house.station(page, *station)),
        column(&flows, 'i', |flow| flow.insight, |insight| house.title(page, *insight)),
        column(&flows, 'd', |flow| flow.department, |department| house.department(page, *department)),
    ];
    let name = [
        house.station(page, top.0.station),
        house.title(page, top.0.insight),
        house.department(page, top.0.department),
    ];
    let sankey = Sankey {
        columns,
        links: links(page, house, &flows),
        name: page
            .with2("hub-flow-finding", ("path", name.join(", ")), ("n", shown(top.1.share)))
            .into_owned(),
    };
    Some(sankey.draw())
}

fn largest(map: &Map) -> Vec<(&Flow, &Tally)> {
    let mut insights: BTreeMap<InsightId, i64> = BTreeMap::new();
    for (flow, tally) in &map.flows {
        if let Some(insight) = flow.insight {
            *insights.entry(insight).or_default() += tally.share;
        }
    }
    let mut by_size: Vec<(i64, InsightId)> =
        insights.into_iter().map(|(insight, share)| (-share, insight)).collect();
    by_size.sort_unstable();
    let kept: BTreeSet<InsightId> = by_size.into_iter().take(LARGEST).map(|(_, insight)| insight).collect();
    map.flows.iter().filter(|(flow, _)| flow.insight.is_some_and(|insight| kept.contains(&insight))).collect()
}

/// One column, the largest node on top.
fn column<T: Ord + Key>(
    flows: &[(&Flow, &Tally)],
    prefix: char,
    of: fn(&Flow) -> T,
    name: impl Fn(&T) -> String,
) -> Vec<Node> {
    let mut sums: BTreeMap<T, i64> = BTreeMap::new();
    for (flow, tally) in flows {
        *sums.entry(of(flow)).or_default() += tally.share;
    }
    let mut nodes: Vec<(T, i64)> = sums.into_iter().collect();
    nodes.sort_by_key(|(_, share)| -share);
    let node = |(index, (key, share)): (usize, &(T, i64))| Node {
        id: format!("{prefix}{}", key.key()),
        text: short(&name(key)),
        shown: shown(*share),
        strong: index < 2,
    };
    nodes.iter().enumerate().map(node).collect()
}

/// What tells the nodes of a column apart.
trait Key {
    fn key(&self) -> i64;
}

impl Key for i64 {
    fn key(&self) -> i64 {
        *self
    }
}

impl Key for Option<InsightId> {
    fn key(&self) -> i64 {
        self.map_or(0, |id| id.0)
    }
}

impl Key for Option<DepartmentId> {
    fn key(&self) -> i64 {
        self.map_or(0, |id| id.0)
    }
}

fn links(page: &Page, house: &House, flows: &[(&Flow, &Tally)]) -> Vec<Link> {
    let mut sizes: BTreeMap<InsightId, i64> = BTreeMap::new();
    let mut pairs: BTreeMap<(String, String), (i64, String, InsightId)> = BTreeMap::new();
    for (flow, tally) in flows {
        let Some(insight) = flow.insight else { continue };
        *sizes.entry(insight).or_default() += tally.share;
        let middle = format!("i{insight}");
        let title = house.title(page, flow.insight);
        let into = format!("{} → {title}", house.station(page, flow.station));
        let out = format!("{title} → {}", house.department(page, flow.department));
        let from = (format!("s{}", flow.station), middle.clone());
        let to = (middle, format!("d{}", flow.department.key()));
        for (pair, title) in [(from, into), (to, out)] {
            pairs.entry(pair).or_insert((0, title, insight)).0 += tally.share;
        }
    }
    let mut by_size: Vec<(i64, InsightId)> =
        sizes.into_iter().map(|(insight, size)| (-size, insight)).collect();
    by_size.sort_unstable();
    let class = |insight: InsightId| match by_size.iter().position(|(_, one)| *one == insight) {
        Some(0) => "s1",
        Some(1) => "s2",
        _ => "",
    };
    let link = |((from, to), (size, title, insight)): ((String, String), (i64, String, InsightId))| Link {
        from,
        to,
        size: size.max(1),
        class: class(insight),
        title: format!("{title}: {}", shown(size)),
    };
    pairs.into_iter().map(link).collect()
}

/// Thousandths of cases as whole cases.
fn shown(share: i64) -> String {
    ((share + 500) / 1000).to_string()
}

/// Labels that do not run into the next column.
fn short(text: &str) -> String {
    if text.chars().count() <= 34 {
        return text.to_owned();
    }
    let cut: String = text.chars().take(32).collect();
    format!("{}…", cut.trim_end())
}
