//! Who writes about what: the theme of a day, then an order that fits it.

use crate::chance::Chance;
use crate::goods::GOODS;
use crate::model::Company;
use crate::moment::{days_between, opening, plus};
use crate::themes::{About, Stop, Theme, all};
use jiff::civil::Date;

const DAY: i64 = 86_400;

/// All orders by time, for finding one of the right age and product.
pub struct Shelf {
    /// Per product and, last, of all products: (moment, customer, index of the order).
    rows: Vec<Vec<(i64, usize, usize)>>,
}

impl Shelf {
    pub fn new(company: &Company) -> Self {
        let mut rows = vec![Vec::new(); GOODS.len() + 1];
        for (customer, record) in company.customers.iter().enumerate() {
            for (index, order) in record.orders.iter().enumerate() {
                rows[order.product].push((order.at, customer, index));
                rows[GOODS.len()].push((order.at, customer, index));
            }
        }
        for row in &mut rows {
            row.sort_unstable();
        }
        Self { rows }
    }

    /// A customer and the index of one of their orders that `theme` may be about at `at`.
    pub fn order(&self, company: &Company, theme: &Theme, at: i64, chance: &mut Chance) -> (usize, usize) {
        let mut found = (0, 0);
        for _ in 0..60 {
            found = self.candidate(theme, at, chance);
            let customer = &company.customers[found.0];
            let years = days_between(customer.since, crate::moment::date_of(at)) / 365;
            let swiss = theme.key != "schweiz" || customer.country == "CH";
            let loyal = !matches!(theme.key, "haelt" | "neukunden") || 5 <= years;
            if swiss && loyal && customer.last != "Sommerauer" {
                break;
            }
        }
        found
    }

    fn candidate(&self, theme: &Theme, at: i64, chance: &mut Chance) -> (usize, usize) {
        let row = &self.rows[product(theme, chance)];
        let (youngest, oldest) = window(theme);
        let end = row.partition_point(|order| order.0 < at - youngest * DAY);
        let begin = row.partition_point(|order| order.0 < at - oldest * DAY);
        // Nobody of the right age: the latest before.
        let index = if begin < end { begin + chance.below(end - begin) } else { end.max(1) - 1 };
        let (_, customer, order) = row[index];
        (customer, order)
    }
}

/// The index of a product the theme is about; one past the last when any will do.
fn product(theme: &Theme, chance: &mut Chance) -> usize {
    if matches!(theme.about, About::Nothing | About::AnyProduct) {
        return GOODS.len();
    }
    let weights: Vec<u64> = GOODS
        .iter()
        .enumerate()
        .map(|(index, good)| good.weight * u64::from(speaks_of(theme, index)))
        .collect();
    chance.weighted(&weights)
}

/// Whether `theme` can be said about the product.
pub fn speaks_of(theme: &Theme, product: usize) -> bool {
    match theme.about {
        About::Nothing | About::AnyProduct => true,
        About::Groups(groups) => groups.contains(&GOODS[product].group),
        About::Products(names) => names.contains(&GOODS[product].name),
    }
}

/// How many days ago the order was placed, from and to.
fn window(theme: &Theme) -> (i64, i64) {
    match (theme.key, theme.station) {
        ("dreissig", _) => (31, 46),
        ("wann", _) => (3, 30),
        ("termin", _) => (12, 70),
        (_, Stop::Delivery) => (4, 45),
        (_, Stop::Usage) => (14, 200),
        (_, Stop::Billing) => (5, 60),
        (_, Stop::Service) => (3, 90),
        (_, Stop::Repurchase) => (20, 700),
        _ => (1, 60),
    }
}

/// The theme of one case on a day `ago` days before the end.
pub fn theme(date: Date, ago: i64, chance: &mut Chance) -> usize {
    let month = i64::from(date.month());
    let weights: Vec<u64> =
        all().iter().map(|theme| theme.weight * theme.course.percent(ago, month)).collect();
    chance.weighted(&weights)
}

/// Something else that is said in the same breath, fits the product, and is said at all on that day
/// (the date, and how many days before the end).
pub fn companion(theme: usize, product: usize, day: (Date, i64), chance: &mut Chance) -> Option<usize> {
    let month = i64::from(day.0.month());
    let fitting = all()[theme].also.iter().filter_map(|key| crate::themes::find(key));
    let fitting: Vec<usize> = fitting.filter(|other| speaks_of(&all()[*other], product)).collect();
    let weights: Vec<u64> = fitting.iter().map(|other| all()[*other].course.percent(day.1, month)).collect();
    (!fitting.is_empty()).then(|| fitting[chance.weighted(&weights)])
}

/// How many of `total` cases fall on each day, the oldest first; today counts up to `elapsed` percent.
pub fn per_day(seed: u64, today: Date, history: i64, total: usize, elapsed: i64) -> Vec<usize> {
    let mut chance = Chance::new(seed, 4);
    let weights: Vec<i64> = (0..history)
        .rev()
        .map(|ago| {
            let date = plus(today, -ago);
            let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
            // On holidays people write as little as on Sundays.
            let weekday = if opening(date).is_none() { 6 } else { weekday };
            let weekday = [130, 112, 105, 100, 96, 44, 34][weekday];
            let share = if ago == 0 { elapsed } else { 100 };
            weekday * crate::exposure::volume(date) * chance.between(88, 112) * share
        })
        .collect();
    let sum: i64 = weights.iter().sum::<i64>().max(1);
    let total = i64::try_from(total).unwrap_or(0);
    let mut before = 0;
    let mut until = 0_i128;
    weights
        .iter()
        .map(|weight| {
            until += i128::from(*weight);
            let upto = i64::try_from(i128::from(total) * until / i128::from(sum)).unwrap_or(0);
            let count = upto - before;
            before = upto;
            usize::try_from(count).unwrap_or(0)
        })
        .collect()
}
