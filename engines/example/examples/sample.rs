//! Prints cases of the example company to read: `cargo run -p example --example sample -- [seed] [count]`.

use example::{Author, Case, Company, Direction};
use jiff::civil::date;
use jiff::tz::TimeZone;

fn main() -> Result<(), jiff::Error> {
    let mut arguments = std::env::args().skip(1).map_while(|word| word.parse::<usize>().ok());
    let seed = arguments.next().unwrap_or(1);
    let count = arguments.next().unwrap_or(10).max(1);
    let today = date(2026, 11, 24);
    let company = Company::new(seed as u64, today);
    let now = today.at(14, 30, 0, 0).to_zoned(TimeZone::get("Europe/Vienna")?)?.timestamp().as_second();

    let step = (12_000 / count).max(1);
    for (number, case) in company.cases(now).enumerate() {
        if number % step == (seed * 37) % step {
            print(&company, number, &case);
        }
    }
    Ok(())
}

fn print(company: &Company, number: usize, case: &Case) {
    let customer = &company.customers[case.customer];
    let opened = jiff::Timestamp::from_second(case.created_at).unwrap_or_default();
    println!("==== {number}  {:?} {:?}  {opened}  {}", case.channel, case.status, case.subject);
    println!(
        "     {} {}, {} ({}, {}), orders {}",
        customer.first,
        customer.last,
        customer.town,
        customer.country,
        customer.language,
        customer.orders.len()
    );
    for contact in &case.contacts {
        let hours = (contact.at - case.created_at) / 360;
        let author = match contact.author {
            Author::Person(person) => company.people[person].name,
            Author::Customer(_) => customer.last,
        };
        let arrow = match contact.direction {
            Direction::In => "-->",
            Direction::Out => "<--",
            Direction::Note => "...",
        };
        println!("{arrow} {author}, {:?}, +{}.{} h", contact.channel, hours / 10, hours % 10);
        println!("{}", contact.text);
    }
    for finding in &case.findings {
        let title = finding.insight.map_or("Weiss ich nicht", |insight| company.insights[insight].title);
        println!("  * {:?} {} [{}] „{}“", finding.kind, title, finding.share_permille, finding.quote);
    }
    for promise in &case.promises {
        println!("  ! {} {:?}", promise.text, promise.kept);
    }
    for request in &case.requests {
        println!("  ? {} {}", company.policies[request.policy].title, request.granted);
    }
    println!();
}
