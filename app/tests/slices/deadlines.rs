//! Calendars and policies, the clocks of cases, and what happens when a deadline comes and goes.

mod calls;
mod complaints;
mod late;
mod missed;
mod pages;
mod running;

use std::time::Duration;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Answer, Case, Then};
use kitt::deadlines;
use kitt::deadlines::{
    CalendarSettings, Conditions, Goal, Goals, PolicySettings, Time, WarningSetting, WarningUnit,
};
use kitt::platform::{CaseId, Role};

use crate::world::World;

impl World {
    async fn clocked(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn promise(&self, set: PolicySettings) -> Result<i64> {
        Ok(deadlines::set_policy(&self.app, &self.admin, None, &set).await?)
    }

    async fn says(&self, case: CaseId, then: Then) -> Result<kitt::platform::ContactId> {
        let answer = Answer { text: "Gern.".into(), then, ..Answer::default() };
        Ok(cases::reply(&self.app, &self.agent, case, answer).await?)
    }

    /// An agent sends a form of a case's page.
    async fn form(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Result<crate::world::Answer> {
        self.post_form(role, path, fields).await
    }
}

const HOUR: Duration = Duration::from_hours(1);

/// As a house with a lunch break; in Vienna, where 8 December is a holiday.
fn office(world: &World) -> CalendarSettings {
    let day = ["08:00-12:00", "13:00-17:00"].map(|hours| hours.parse().expect("hours")).to_vec();
    CalendarSettings {
        name: "Büro".into(),
        time_zone: "Europe/Vienna".into(),
        region: "AT-9".parse().ok(),
        local_days: Vec::new(),
        week: std::array::from_fn(|weekday| if weekday < 5 { day.clone() } else { Vec::new() }),
        house: false,
        queues: vec![world.queue],
    }
}

#[expect(clippy::unnecessary_wraps, reason = "policies may have a goal or none")]
const fn goal(minutes: u32) -> Option<Goal> {
    Some(Goal { minutes, time: Time::Working })
}

/// Two hours for the first answer, one for the next, ten for the solution.
fn quick() -> PolicySettings {
    PolicySettings {
        name: "Schnell".into(),
        active: true,
        conditions: Conditions::default(),
        calendar: None,
        goals: Goals {
            first: goal(120),
            next: goal(60),
            solution: goal(600),
            warning: WarningSetting { amount: 30, unit: WarningUnit::Minutes },
            steps: Vec::new(),
        },
    }
}
