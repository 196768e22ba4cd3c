//! When the example company works, and how soon it answers on which way: what the clocks of its cases run against.

use calendar::Interval;

use super::super::hours;
use super::Ids;
use super::chronicle::{By, Chronicle};
use super::house::SET_UP;
use crate::cases::{Channel, Priority};
use crate::deadlines;
use crate::deadlines::{CalendarSettings, Conditions, Goal, Goals, PolicySettings, Time, WarningSetting};
use crate::journal::{About, Fact};
use crate::platform::{App, Result, Tx};

/// The queue of deliveries, as an index of the company.
const DELIVERY: usize = 1;

pub async fn fill(app: &App, tx: &mut Tx, ids: &Ids, chronicle: &mut Chronicle) -> Result<()> {
    deadlines::past::calendar(app, tx, &calendar(app), &[]).await?;
    for policy in policies(ids) {
        deadlines::past::policy(app, tx, &policy).await?;
    }
    for (name, time) in [("calendars", (10, 34)), ("deadlines", (11, 2))] {
        let fact = Fact::SettingChanged { name: name.to_owned(), of: None };
        chronicle.tell(hours::back(app, SET_UP, time), By::of(ids.admin), About::house(), fact);
    }
    Ok(())
}

/// Monday to Friday from 8 to 18, on Saturday from 9 to 13, not on the holidays of Vienna.
fn calendar(app: &App) -> CalendarSettings {
    let hours = |from: u16, to: u16| Interval::new(from * 60, to * 60).expect("it opens before it closes");
    CalendarSettings {
        name: "Kundendienst".to_owned(),
        time_zone: app.settings().time_zone.clone(),
        region: Some(hours::REGION),
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
        policy("Dringende Lieferungen", urgent, 120, Some(5 * 10 * 60)),
        policy("Beschwerden", complaints, 240, Some(5 * 10 * 60)),
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
