//! The customers: who they are, since when, what they like and what they bought.

use crate::chance::Chance;
use crate::goods::GOODS;
use crate::house;
use crate::model::{Customer, Fact, Gender, Order};
use crate::moment::{days_between, plus, seconds};
use crate::names;
use jiff::civil::{Date, date};
use std::collections::HashSet;

/// The first day on which somebody bought here.
const OPENED: Date = date(2012, 3, 1);
/// The order of the case that stands on top of the demo.
pub const SHOWCASE_ORDER: &str = "118-4471";

/// `count` customers, the oldest first, with their orders until the day before `today`.
pub fn make(seed: u64, today: Date, count: usize) -> Vec<Customer> {
    let mut chance = Chance::new(seed, 1);
    let days = days_between(OPENED, today);
    let mut ages: Vec<i64> = (0..count).map(|_| age(days, &mut chance)).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let mut taken = HashSet::new();
    let mut customers: Vec<Customer> = ages
        .into_iter()
        .enumerate()
        .map(|(index, age)| person(index, plus(today, -age), today, &mut taken, &mut chance))
        .collect();
    place_showcase(&mut customers, today);
    number_orders(&mut customers, &mut chance);
    customers
}

/// The customer of the showcase: she has been here since 2014.
pub fn showcase(customers: &[Customer]) -> usize {
    customers.iter().position(|customer| customer.last == "Sommerauer").unwrap_or(0)
}

/// A new customer of `today` who is in no database yet.
pub fn stranger(today: Date, chance: &mut Chance) -> Customer {
    let mut customer = person(chance.below(4000), plus(today, -1), today, &mut HashSet::new(), chance);
    for order in &mut customer.orders {
        order.number = format!("119-{:04}", chance.below(10_000));
    }
    customer
}

/// Days since somebody's first order: many young, some old.
fn age(days: i64, chance: &mut Chance) -> i64 {
    let longest = chance.between(1, days);
    if chance.percent(45) { longest } else { chance.between(1, longest) }
}

fn person(
    index: usize,
    since: Date,
    today: Date,
    taken: &mut HashSet<String>,
    chance: &mut Chance,
) -> Customer {
    let english = chance.percent(12);
    let (salutation, first, last) = name(english, chance);
    let country = ["AT", "DE", "CH"][chance.weighted(&[58, 29, 13])];
    let (postcode, town) = place(country, chance);
    let emails = addresses(first, last, taken, chance);
    let company = chance.percent(5).then(|| firm(last, country, chance));
    let mut customer = Customer {
        first,
        last,
        salutation,
        company,
        emails,
        phone: phone(country, index),
        street: format!("{} {}", chance.pick(names::STREETS), 1 + chance.below(98)),
        postcode,
        town,
        country,
        language: if english { "en" } else { "de" },
        since,
        facts: Vec::new(),
        orders: orders(since, today, chance),
    };
    if country == "CH" {
        customer.street = customer.street.replace('ß', "ss");
    }
    customer.facts = facts(&customer, today, chance);
    customer
}

fn name(english: bool, chance: &mut Chance) -> (Gender, &'static str, &'static str) {
    if english {
        let first = chance.below(names::ENGLISH_FIRST.len());
        let gender = if first < 10 { Gender::Female } else { Gender::Male };
        return (gender, names::ENGLISH_FIRST[first], chance.pick(names::ENGLISH_LAST));
    }
    match chance.below(100) {
        0..52 => (Gender::Female, chance.pick(names::WOMEN), chance.pick(names::LAST)),
        52..98 => (Gender::Male, chance.pick(names::MEN), chance.pick(names::LAST)),
        _ => (
            Gender::Neutral,
            ["Kim", "Sascha", "Luca", "Robin", "Toni"][chance.below(5)],
            chance.pick(names::LAST),
        ),
    }
}

fn place(country: &str, chance: &mut Chance) -> (&'static str, &'static str) {
    let places = match country {
        "AT" => names::AUSTRIA,
        "DE" => names::GERMANY,
        _ => names::SWITZERLAND,
    };
    let weights: Vec<u64> = places.iter().map(|place| place.2).collect();
    let (postcode, town, _) = places[chance.weighted(&weights)];
    (postcode, town)
}

fn addresses(first: &str, last: &str, taken: &mut HashSet<String>, chance: &mut Chance) -> Vec<String> {
    let (first, last) = (house::address(first), house::address(last));
    let initial = first.chars().next().unwrap_or('x');
    let local = match chance.below(5) {
        0 => format!("{last}.{first}"),
        1 => format!("{initial}.{last}"),
        2 => format!("{first}{:02}", 50 + chance.below(50)),
        _ => format!("{first}.{last}"),
    };
    let host = chance.pick(names::MAIL_HOSTS);
    let mut address = format!("{local}@{host}");
    let mut more = 2;
    while !taken.insert(address.clone()) {
        address = format!("{local}{more}@{host}");
        more += 1;
    }
    let mut all = vec![address];
    let second = format!("{initial}{last}{}@{}", more, chance.pick(names::MAIL_HOSTS));
    if chance.percent(9) && taken.insert(second.clone()) {
        all.push(second);
    }
    all
}

fn firm(last: &str, country: &str, chance: &mut Chance) -> String {
    let form = match (country, chance.below(3)) {
        ("AT", 0) => " e.U.",
        ("DE", 0) => " e.K.",
        ("CH", 0) => " AG",
        (_, 1) => " GmbH",
        _ => "",
    };
    format!("{} {last}{form}", chance.pick(names::TRADES))
}

/// A number that reaches nobody: in Germany the ranges kept free for films, elsewhere area codes that
/// are not assigned.
fn phone(country: &str, index: usize) -> String {
    let last = index / 5 % 1000;
    match country {
        "DE" => match index % 5 {
            0 => format!("+49 30 23125 {last:03}"),
            1 => format!("+49 40 66969 {last:03}"),
            2 => format!("+49 69 90009 {last:03}"),
            3 => format!("+49 89 99998 {last:03}"),
            _ => format!("+49 221 4710 {last:03}"),
        },
        "CH" => format!("+41 99 555 {:02} {:02}", index / 100 % 100, index % 100),
        _ => format!("+43 999 555 {:04}", index % 10_000),
    }
}

fn orders(since: Date, today: Date, chance: &mut Chance) -> Vec<Order> {
    let weights: Vec<u64> = GOODS.iter().map(|good| good.weight).collect();
    let age = days_between(since, today).max(1);
    let most = 2 + age / 240;
    let mut dates = vec![age];
    for _ in 0..chance.between(0, most) {
        dates.push(chance.between(1, age));
    }
    // People who come back have mostly been here lately.
    for _ in 0..chance.between(0, 2) {
        dates.push(chance.between(1, age.min(420)));
    }
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.into_iter().map(|ago| order(plus(today, -ago), chance.weighted(&weights), chance)).collect()
}

fn order(day: Date, product: usize, chance: &mut Chance) -> Order {
    let at = seconds(day, chance.between(8, 21), chance.between(0, 59)) + chance.between(0, 59);
    let off = chance.weighted(&[80, 12, 8]);
    let cents = GOODS[product].cents * [100, 90, 85][off] / 100;
    Order { number: String::new(), product, cents: cents / 10 * 10, at }
}

/// Numbers the orders of all customers in the order in which they came in, with gaps.
fn number_orders(customers: &mut [Customer], chance: &mut Chance) {
    let mut all: Vec<(i64, usize, usize)> = Vec::new();
    for (customer, record) in customers.iter().enumerate() {
        all.extend(record.orders.iter().enumerate().map(|(order, entry)| (entry.at, customer, order)));
    }
    all.sort_unstable();
    // The last one ends near 118-9000; with very many orders the numbers start lower.
    let mut number = (1_189_000 - i64::try_from(all.len()).unwrap_or(0) * 7).max(100_000);
    for (_, customer, order) in all {
        number += chance.between(5, 9);
        // The showcase has this one.
        number += i64::from(number == 1_184_471);
        let order = &mut customers[customer].orders[order];
        if order.number.is_empty() {
            order.number = format!("{}-{:04}", number / 10_000, number % 10_000);
        }
    }
}

fn facts(customer: &Customer, today: Date, chance: &mut Chance) -> Vec<Fact> {
    if !chance.percent(34) {
        return Vec::new();
    }
    let about = |ago: i64| plus(today, -ago);
    let order = chance.shuffled(FACTS.len());
    let count = 1 + chance.weighted(&[60, 28, 12]);
    let since = days_between(customer.since, today);
    order[..count]
        .iter()
        .map(|fact| {
            let agent = house::people()[chance.below(house::AGENTS)].name;
            let source = match chance.below(4) {
                0 => format!("Telefonat mit {agent}"),
                1 => "E-Mail".to_owned(),
                2 => format!("Chat mit {agent}"),
                _ => "Filiale".to_owned(),
            };
            let day = about(chance.between(1, since.max(1)));
            Fact { text: FACTS[*fact].to_owned(), source, at: seconds(day, chance.between(9, 17), 20) }
        })
        .collect()
}

const FACTS: &[&str] = &[
    "Mag Anrufe nach 17 Uhr",
    "Bitte keine SMS, lieber E-Mail",
    "3. Stock ohne Lift",
    "Hund im Haus, vorher anrufen",
    "Klingel defekt, bitte anrufen",
    "Sohn studiert in Graz",
    "Arbeitet im Schichtdienst, vormittags schwer erreichbar",
    "Hört schlecht, bitte langsam sprechen",
    "Liefert gern selbst ein Foto mit",
    "Bevorzugt die Filiale statt Versand",
    "Rollstuhl, Lieferung bitte bis in die Wohnung",
    "Zwei kleine Kinder, Mittagsruhe 12 bis 14 Uhr",
    "Möchte mit vollem Titel angesprochen werden",
    "Zahlt immer per Rechnung",
    "Renoviert gerade das Haus, größere Anschaffungen geplant",
    "Allergie gegen Wolle",
    "Einfahrt nur von der Rückseite",
    "Stammfahrer kennt den Weg",
    "Freut sich über handgeschriebene Karten",
    "Lieber Du als Sie",
    "Vermietet zwei Ferienwohnungen, kauft oft doppelt",
    "Baut selbst Möbel, kennt sich mit Holz aus",
    "Keine Werbung per Post",
    "Spricht lieber Englisch",
];

/// Ingrid Sommerauer takes the place of whoever is nearest to her in the list.
fn place_showcase(customers: &mut [Customer], today: Date) {
    let since = date(2014, 3, 17);
    let at = customers.partition_point(|customer| customer.since < since).min(customers.len() - 1);
    let place = &mut customers[at];
    let earlier = seconds(plus(today, -79), 10, 40);
    let fact = |text: &str, source: &str, ago: i64| Fact {
        text: text.to_owned(),
        source: source.to_owned(),
        at: seconds(plus(today, -ago), 15, 10),
    };
    place.first = "Ingrid";
    place.last = "Sommerauer";
    place.salutation = Gender::Female;
    place.company = None;
    place.emails = vec!["ingrid.sommerauer@post.example".to_owned()];
    "Mühlgasse 14".clone_into(&mut place.street);
    (place.postcode, place.town, place.country, place.language) = ("8010", "Graz", "AT", "de");
    "+43 999 555 2014".clone_into(&mut place.phone);
    place.since = since;
    place.facts = vec![
        fact("Mag Anrufe nach 17 Uhr", "Telefonat mit Miriam Kofler", 610),
        fact("Bitte keine SMS, lieber E-Mail", "E-Mail", 590),
        fact("3. Stock ohne Lift, Hund im Haus", "Telefonat mit Yara Berger", 318),
        fact("Sofa ist für die Taufe der Enkelin", "Telefonat mit Miriam Kofler", 6),
    ];
    place.orders = SHOWCASE_PURCHASES
        .iter()
        .map(|(year, month, product)| {
            let product = GOODS.iter().position(|good| good.name == *product).unwrap_or(0);
            let at = seconds(date(*year, *month, 17), 14, 5);
            Order { number: String::new(), product, cents: GOODS[product].cents, at }
        })
        .filter(|order| order.at < earlier)
        .collect();
    let linde = Order { number: SHOWCASE_ORDER.to_owned(), product: 0, cents: 124_900, at: earlier };
    place.orders.push(linde);
}

const SHOWCASE_PURCHASES: &[(i16, i8, &str)] = &[
    (2014, 3, "Stehlampe „Nova“"),
    (2016, 11, "Regal „Birke“"),
    (2018, 4, "Kommode „Erle“"),
    (2020, 5, "Esstisch „Esche“"),
    (2020, 6, "Stuhl „Esche“"),
    (2022, 10, "Tischleuchte „Funke“"),
    (2023, 7, "Gartentisch „Akazie“"),
    (2024, 4, "Kaffeemaschine KM 2"),
    (2025, 3, "Matratze „Heuboden“"),
];
