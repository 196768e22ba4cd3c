//! When the example company works, and how soon it answers on which way: what the clocks of its cases run against.

use calendar::Interval;
use example::Company;
use jiff::civil::{Date, date};

use super::chronicle::{By, Chronicle};
use super::{Ids, begin};
use crate::cases::{Channel, Priority};
use crate::deadlines;
use crate::deadlines::{
    CalendarSettings, Conditions, Day, Goal, Goals, PolicySettings, Time, WarningSetting,
};
use crate::journal::{About, Fact};
use crate::platform::{App, Result, Tx};

/// The holidays that Austria, Germany and Switzerland share.
const CLOSED: [(i8, i8, &str); 4] =
    [(1, 1, "Neujahr"), (5, 1, "1. Mai"), (12, 25, "Christtag"), (12, 26, "Stefanitag")];
/// The queue of deliveries, as an index of the company.
const DELIVERY: usize = 1;

pub async fn fill(
    app: &App,
    tx: &mut Tx,
    company: &Company,
    ids: &Ids,
    chronicle: &mut Chronicle,
) -> Result<()> {
    let set = calendar(app);
    let days = CLOSED.map(|(month, day, name)| closed(date(2024, month, day), name));
    deadlines::past::calendar(app, tx, &set, &days).await?;
    for policy in policies(ids) {
        deadlines::past::policy(app, tx, &policy).await?;
    }
    for name in ["calendars", "deadlines"] {
        let fact = Fact::SettingChanged { name: name.to_owned(), of: None };
        chronicle.tell(begin(company), By::of(ids.admin), About::house(), fact);
    }
    Ok(())
}

/// Monday to Friday from 8 to 18, on Saturday from 9 to 13.
fn calendar(app: &App) -> CalendarSettings {
    let hours = |from: u16, to: u16| Interval::new(from * 60, to * 60).expect("it opens before it closes");
    CalendarSettings {
        name: "Kundendienst".to_owned(),
        time_zone: app.settings().time_zone.clone(),
        region: None,
        local_days: Vec::new(),
        week: std::array::from_fn(|day| match day {
            0..5 => vec![hours(8, 18)],
            5 => vec![hours(9, 13)],
            _ => Vec::new(),
        }),
        house: true,
        queues: Vec::new(),
    }
}

fn closed(date: Date, name: &str) -> Day {
    Day { id: 0, date, yearly: true, name: name.to_owned(), hours: Vec::new() }
}

/// The first that fits counts; without one the queue's own time does.
fn policies(ids: &Ids) -> Vec<PolicySettings> {
    let of =
        |channel: Channel| Conditions { channels: vec![channel.code().to_owned()], ..Conditions::default() };
    let complaints = Conditions { complaint: Some(true), ..Conditions::default() };
    let urgent = Conditions {
        queues: vec![ids.queues[DELIVERY]],
        priorities: vec![Priority::High.code().to_owned()],
        ..Conditions::default()
    };
    vec![
        policy("Beschwerden", complaints, 240, Some(5 * 10 * 60)),
        policy("Dringende Lieferungen", urgent, 120, None),
        policy("Telefon", of(Channel::Phone), 120, None),
        policy("Chat", of(Channel::Chat), 60, None),
        policy("Soziale Netzwerke", of(Channel::Social), 240, None),
        policy("Briefe", of(Channel::Letter), 1200, None),
    ]
}

fn policy(name: &str, conditions: Conditions, answer: u32, solution: Option<u32>) -> PolicySettings {
    let goal = |minutes| Goal { minutes, time: Time::Working };
    let goals = Goals {
        first: Some(goal(answer)),
        next: Some(goal(answer)),
        solution: solution.map(goal),
        warning: WarningSetting::USUAL,
        steps: Vec::new(),
    };
    PolicySettings { name: name.to_owned(), active: true, conditions, calendar: None, goals }
}
