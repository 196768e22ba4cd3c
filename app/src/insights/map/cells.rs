//! Counts over pieces. Pure: pieces must come in the order of their time and with those of one case together, as
//! the board keeps them.
//!
//! The hub counts a year's pieces at each visit, so they are counted in rows and columns, without look-ups.

use std::collections::{BTreeMap, HashMap};

use money::Money;

use super::{Filter, Piece};
use crate::findings::Kind;
use crate::platform::{CaseId, CustomerId, DepartmentId, InsightId};

/// How much there is of something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Different cases.
    pub cases: i64,
    /// Shares of causes in thousandths: a case with two causes is divided between them.
    pub share: i64,
    /// Costs in service; `None` unless every case in it could be priced.
    cost: Cost,
    last: Option<CaseId>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Cost {
    #[default]
    Nothing,
    Sum(Money),
    Unknown,
}

impl Tally {
    fn add(&mut self, piece: &Piece) {
        if self.last != Some(piece.case) {
            self.cases += 1;
            self.last = Some(piece.case);
        }
        self.share += piece.share;
        self.cost = match (&self.cost, piece.cost) {
            (Cost::Nothing, Some(sum)) => Cost::Sum(sum),
            (Cost::Sum(so_far), Some(sum)) => so_far.checked_add(sum).map_or(Cost::Unknown, Cost::Sum),
            (Cost::Unknown, _) | (_, None) => Cost::Unknown,
        };
    }

    /// What the cases cost in service; `None` where that is not computable, and where there are no cases.
    pub const fn cost(&self) -> Option<Money> {
        if let Cost::Sum(sum) = self.cost { Some(sum) } else { None }
    }
}

/// A cell of the map.
pub type Cell = (i64, Option<DepartmentId>);

/// What flows from a station through an insight to a department.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub station: i64,
    pub insight: Option<InsightId>,
    pub department: Option<DepartmentId>,
}

/// Stations by departments, with sums.
#[derive(Debug, Clone, Default)]
pub struct Map {
    pub cells: BTreeMap<Cell, Tally>,
    pub stations: BTreeMap<i64, Tally>,
    pub departments: BTreeMap<Option<DepartmentId>, Tally>,
    pub flows: BTreeMap<Flow, Tally>,
    pub total: Tally,
    pub customers: i64,
}

/// Counts the causes that `filter` holds. A case with causes in two cells counts in both, and once in the sums.
pub fn map(pieces: &[Piece], filter: &Filter) -> Map {
    let mut rows: Vec<Row> = Vec::new();
    let mut stations: Vec<Tally> = Vec::new();
    let mut total = Tally::default();
    let mut customers: Vec<CustomerId> = Vec::new();
    for piece in filter.of(pieces).filter(|piece| piece.kind == Kind::Cause) {
        let at = rows.iter().position(|row| row.department == piece.department);
        let at = at.unwrap_or_else(|| {
            rows.push(Row { department: piece.department, ..Row::default() });
            rows.len() - 1
        });
        rows[at].add(piece);
        place(&mut stations, piece.station).add(piece);
        total.add(piece);
        customers.push(piece.customer);
    }
    customers.sort_unstable();
    customers.dedup();
    let mut map = Map { total, customers: count(customers.len()), ..Map::default() };
    map.stations = (0..).zip(stations).filter(|(_, tally)| tally.cases != 0).collect();
    for row in rows {
        row.into_map(&mut map);
    }
    map
}

/// A department's cells.
#[derive(Default)]
struct Row {
    department: Option<DepartmentId>,
    sum: Tally,
    cells: Vec<Tally>,
    /// What flows through each cell.
    flows: Vec<Vec<(Option<InsightId>, Tally)>>,
}

impl Row {
    fn add(&mut self, piece: &Piece) {
        self.sum.add(piece);
        place(&mut self.cells, piece.station).add(piece);
        let flows = place(&mut self.flows, piece.station);
        let at = flows.iter().position(|(insight, _)| *insight == piece.insight);
        let at = at.unwrap_or_else(|| {
            flows.push((piece.insight, Tally::default()));
            flows.len() - 1
        });
        flows[at].1.add(piece);
    }

    fn into_map(self, map: &mut Map) {
        let department = self.department;
        map.departments.insert(department, self.sum);
        let cells = (0..).zip(self.cells).filter(|(_, tally)| tally.cases != 0);
        map.cells.extend(cells.map(|(station, tally)| ((station, department), tally)));
        for (station, flows) in (0..).zip(self.flows) {
            let flow = |insight| Flow { station, insight, department };
            map.flows.extend(flows.into_iter().map(|(insight, tally)| (flow(insight), tally)));
        }
    }
}

/// The place of a number, which is small; the list grows to it.
fn place<T: Default>(list: &mut Vec<T>, number: i64) -> &mut T {
    let at = usize::try_from(number).unwrap_or_default();
    if list.len() <= at {
        list.resize_with(at + 1, T::default);
    }
    &mut list[at]
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Counts per insight what `filter` holds, of every kind.
pub fn tallies(pieces: &[Piece], filter: &Filter) -> HashMap<InsightId, Tally> {
    let mut tallies: Vec<Tally> = Vec::new();
    for piece in filter.of(pieces) {
        if let Some(insight) = piece.insight {
            place(&mut tallies, insight.0).add(piece);
        }
    }
    let found = (0..).map(InsightId).zip(tallies);
    found.filter(|(_, tally)| tally.cases != 0).collect()
}

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::*;
    use crate::cases::Channel;
    use crate::platform::Timestamp;

    fn piece(case: i64, station: i64, department: i64, share: i64, cents: Option<i64>) -> Piece {
        Piece {
            case: CaseId(case),
            customer: CustomerId(case % 2),
            insight: Some(InsightId(station)),
            kind: Kind::Cause,
            station,
            department: Some(DepartmentId(department)),
            product: None,
            channel: Channel::Email,
            share,
            at: Timestamp(5),
            cost: cents.map(|cents| Money::new(cents, Currency::Eur)),
        }
    }

    fn always() -> Filter {
        Filter { to: Timestamp(10), ..Filter::default() }
    }

    #[test]
    fn a_case_with_two_causes_counts_in_both_cells_and_once_in_the_sum() {
        let pieces =
            [piece(1, 3, 1, 800, Some(80)), piece(1, 3, 2, 200, Some(20)), piece(2, 3, 1, 1000, Some(5))];

        let map = map(&pieces, &always());

        assert_eq!(map.cells[&(3, Some(DepartmentId(1)))].cases, 2);
        assert_eq!(map.cells[&(3, Some(DepartmentId(2)))].cases, 1);
        assert_eq!((map.stations[&3].cases, map.total.cases, map.customers), (2, 2, 2));
        assert_eq!(map.total.cost(), Some(Money::new(105, Currency::Eur)));
    }

    #[test]
    fn one_case_without_a_price_makes_its_sums_not_computable() {
        let pieces = [piece(1, 3, 1, 1000, Some(80)), piece(2, 4, 1, 1000, None)];

        let map = map(&pieces, &always());

        assert_eq!(map.stations[&3].cost(), Some(Money::new(80, Currency::Eur)));
        assert_eq!((map.stations[&4].cost(), map.total.cost()), (None, None));
    }

    #[test]
    fn a_filter_ends_before_its_end() {
        let piece = piece(1, 3, 1, 1000, None);
        for (from, to, holds) in [(0, 5, false), (5, 6, true), (6, 9, false)] {
            let filter = Filter { from: Timestamp(from), to: Timestamp(to), ..Filter::default() };
            assert_eq!(filter.holds(&piece), holds, "{from} to {to}");
        }
    }
}
