//! What is counted of pieces. Pure.
//!
//! The hub counts a year's pieces at each visit, so they are counted in rows and columns, without look-ups.

use std::collections::{BTreeMap, HashMap};

use money::Money;

use super::Piece;
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

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Cost {
    #[default]
    Nothing,
    Sum(Money),
    Unknown,
}

impl Cost {
    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, cost) | (cost, Self::Nothing) => cost,
            (Self::Sum(a), Self::Sum(b)) => a.checked_add(b).map_or(Self::Unknown, Self::Sum),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
        }
    }
}

impl Tally {
    fn add(&mut self, piece: &Piece) {
        if self.last != Some(piece.case) {
            self.cases += 1;
            self.last = Some(piece.case);
        }
        self.share += piece.share;
        self.cost = self.cost.plus(piece.cost.map_or(Cost::Unknown, Cost::Sum));
    }

    /// Adds what was counted in another time; no case is in both.
    fn add_up(&mut self, other: &Self) {
        self.cases += other.cases;
        self.share += other.share;
        self.cost = self.cost.plus(other.cost);
        self.last = None;
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

/// Counts that add up over time: a case's pieces are all of the moment at which it was opened.
///
/// Pieces must be added in the order of their time and with those of one case together.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    rows: Vec<Row>,
    stations: Vec<Tally>,
    total: Tally,
    customers: Customers,
    /// By insight.
    insights: Vec<Tally>,
    kinds: Vec<(Kind, Tally)>,
}

impl Counts {
    pub fn add<'a>(&mut self, pieces: impl IntoIterator<Item = &'a Piece>) {
        for piece in pieces {
            find(&mut self.kinds, &piece.kind).add(piece);
            if let Some(insight) = piece.insight {
                place(&mut self.insights, insight.0).add(piece);
            }
            if piece.kind == Kind::Cause {
                self.row(piece.department).add(piece);
                place(&mut self.stations, piece.station).add(piece);
                self.total.add(piece);
                self.customers.add(piece.customer);
            }
        }
    }

    /// Adds what was counted in another time.
    pub fn add_up(&mut self, other: &Self) {
        for row in &other.rows {
            self.row(row.department).add_up(row);
        }
        add_all_up(&mut self.stations, &other.stations);
        add_all_up(&mut self.insights, &other.insights);
        self.total.add_up(&other.total);
        self.customers.add_up(&other.customers);
        for (kind, tally) in &other.kinds {
            find(&mut self.kinds, kind).add_up(tally);
        }
    }

    fn row(&mut self, department: Option<DepartmentId>) -> &mut Row {
        let at = self.rows.iter().position(|row| row.department == department);
        let at = at.unwrap_or_else(|| {
            self.rows.push(Row { department, ..Row::default() });
            self.rows.len() - 1
        });
        &mut self.rows[at]
    }

    /// The causes on the map. A case with causes in two cells counts in both, and once in the sums.
    pub fn map(&self) -> Map {
        let mut map = Map { total: self.total.clone(), customers: self.customers.count(), ..Map::default() };
        map.stations =
            (0..).zip(self.stations.iter().cloned()).filter(|(_, tally)| tally.cases != 0).collect();
        for row in &self.rows {
            row.put_on(&mut map);
        }
        map
    }

    /// All causes together.
    pub const fn total(&self) -> &Tally {
        &self.total
    }

    /// Cases in which something of this kind was said.
    pub fn of_kind(&self, kind: Kind) -> i64 {
        self.kinds.iter().find(|(known, _)| *known == kind).map_or(0, |(_, tally)| tally.cases)
    }

    /// Per insight, of every kind.
    pub fn insights(&self) -> HashMap<InsightId, Tally> {
        let found = (0..).map(InsightId).zip(self.insights.iter().cloned());
        found.filter(|(_, tally)| tally.cases != 0).collect()
    }
}

/// A department's cells.
#[derive(Debug, Clone, Default)]
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
        find(place(&mut self.flows, piece.station), &piece.insight).add(piece);
    }

    fn add_up(&mut self, other: &Self) {
        self.sum.add_up(&other.sum);
        add_all_up(&mut self.cells, &other.cells);
        for (station, flows) in (0..).zip(&other.flows) {
            let own = place(&mut self.flows, station);
            for (insight, tally) in flows {
                find(own, insight).add_up(tally);
            }
        }
    }

    fn put_on(&self, map: &mut Map) {
        let department = self.department;
        map.departments.insert(department, self.sum.clone());
        let cells = (0..).zip(self.cells.iter().cloned()).filter(|(_, tally)| tally.cases != 0);
        map.cells.extend(cells.map(|(station, tally)| ((station, department), tally)));
        for (station, flows) in (0..).zip(&self.flows) {
            let flow = |insight| Flow { station, insight, department };
            map.flows.extend(flows.iter().map(|(insight, tally)| (flow(*insight), tally.clone())));
        }
    }
}

/// Different customers: a bit for each number.
#[derive(Debug, Clone, Default)]
struct Customers(Vec<u64>);

impl Customers {
    fn add(&mut self, customer: CustomerId) {
        let bit = usize::try_from(customer.0).unwrap_or_default();
        let word = bit / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (bit % 64);
    }

    fn add_up(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    fn count(&self) -> i64 {
        self.0.iter().map(|word| i64::from(word.count_ones())).sum()
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

/// The entry of a key in a short list.
fn find<'a, K: PartialEq + Copy, T: Default>(list: &'a mut Vec<(K, T)>, key: &K) -> &'a mut T {
    let at = list.iter().position(|(known, _)| known == key);
    let at = at.unwrap_or_else(|| {
        list.push((*key, T::default()));
        list.len() - 1
    });
    &mut list[at].1
}

fn add_all_up(own: &mut Vec<Tally>, other: &[Tally]) {
    for (number, tally) in (0..).zip(other) {
        place(own, number).add_up(tally);
    }
}

/// Counts per insight, of every kind.
pub fn tallies<'a>(pieces: impl IntoIterator<Item = &'a Piece>) -> HashMap<InsightId, Tally> {
    let mut counts = Counts::default();
    counts.add(pieces);
    counts.insights()
}

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::super::Filter;
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

    fn map(pieces: &[Piece]) -> Map {
        let mut counts = Counts::default();
        counts.add(pieces);
        counts.map()
    }

    #[test]
    fn a_case_with_two_causes_counts_in_both_cells_and_once_in_the_sum() {
        let pieces =
            [piece(1, 3, 1, 800, Some(80)), piece(1, 3, 2, 200, Some(20)), piece(2, 3, 1, 1000, Some(5))];

        let map = map(&pieces);

        assert_eq!(map.cells[&(3, Some(DepartmentId(1)))].cases, 2);
        assert_eq!(map.cells[&(3, Some(DepartmentId(2)))].cases, 1);
        assert_eq!((map.stations[&3].cases, map.total.cases, map.customers), (2, 2, 2));
        assert_eq!(map.total.cost(), Some(Money::new(105, Currency::Eur)));
    }

    #[test]
    fn one_case_without_a_price_makes_its_sums_not_computable() {
        let pieces = [piece(1, 3, 1, 1000, Some(80)), piece(2, 4, 1, 1000, None)];

        let map = map(&pieces);

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
