//! Orders, deliveries and active customers per day: what the number of contacts is compared with.
//!
//! The whole business, not only the customers in the file: most people order and never write.

use crate::chance::Chance;
use crate::goods::{GOODS, GROUPS};
use crate::insights::HISTORY;
use crate::model::DayExposure;
use crate::moment::plus;
use jiff::civil::{Date, Weekday};

pub fn make(seed: u64, today: Date) -> Vec<DayExposure> {
    let mut chance = Chance::new(seed, 3);
    let mut days = Vec::new();
    for ago in (0..=HISTORY).rev() {
        let date = plus(today, -ago);
        for group in GROUPS {
            days.push(day(date, ago, group, &mut chance));
        }
    }
    days
}

fn day(date: Date, ago: i64, group: &'static str, chance: &mut Chance) -> DayExposure {
    let popular: u64 = GOODS.iter().filter(|good| good.group == group).map(|good| good.weight).sum();
    let popular = i64::try_from(popular).unwrap_or(0);
    let season = volume(date) * garden(date, group) / 100;
    let growth = 1000 + (HISTORY - ago) / 2;
    let orders = popular * season * growth * chance.between(85, 115) / 10_000_000;
    let open = i64::from(date.weekday() != Weekday::Sunday);
    let deliveries = popular * season * growth * chance.between(80, 112) / 8_700_000 * open;
    let active = popular * 310 + (HISTORY - ago) * popular / 12 + chance.between(-9, 9);
    let count = |number: i64| u32::try_from(number.max(0)).unwrap_or(0);
    DayExposure {
        date,
        product_group: group,
        orders: count(orders),
        deliveries: count(deliveries),
        active_customers: count(active),
    }
}

/// How busy the business is on a day; 100 is usual.
pub fn volume(date: Date) -> i64 {
    let month =
        [118, 95, 96, 97, 95, 86, 80, 82, 96, 106, 124, 138][usize::from(date.month().unsigned_abs()) - 1];
    let quiet = matches!((date.month(), date.day()), (12, 24..=26) | (1, 1));
    if quiet { month * 35 / 100 } else { month }
}

fn garden(date: Date, group: &str) -> i64 {
    match (group, date.month()) {
        ("Garten", 4..=7) => 260,
        ("Garten", 10..=12 | 1 | 2) => 15,
        _ => 100,
    }
}
