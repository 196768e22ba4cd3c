//! What is going on in the example company right now, played with the commands of the program, each at its moment: so
//! that whoever looks around finds every part of the workplace in use.
//!
//! The history is filled in ([`super::fill`]), since thousands of cases played like this would take an hour. A scene that
//! does not find a case to be played in is left out; one that fails is told of and forgotten.

mod mail;
mod office;
mod work;

use std::collections::HashSet;
use std::time::Duration;

use example::{Company, Customer, Gender};
use jiff::ToSpan;

use super::fill::{Filled, Unfinished};
use super::{Part, Progress, hours};
use crate::cases;
use crate::cases::Status;
use crate::people;
use crate::platform::{Actor, App, CaseId, CustomerId, DepartmentId, Result, Timestamp};

/// Who is shown first: what others want of somebody, they want of her.
const MIRIAM: &str = "Miriam Kofler";
/// Nothing is played at this very moment.
const JUST_NOW: Duration = Duration::from_secs(40);
/// A scene takes up to so many minutes of work.
const LENGTH: i64 = 90;
/// Scenes, the watch over their deadlines, and what is present.
const PARTS: usize = 17;

/// An unfinished case in which something is played.
#[derive(Debug, Clone)]
struct Scene {
    case: CaseId,
    owner: Actor,
    customer: CustomerId,
    name: String,
    email: String,
    /// As a letter begins.
    greeting: String,
    /// When something happened there last.
    since: Timestamp,
}

pub struct Stage<'a> {
    app: &'a App,
    company: &'a Company,
    filled: &'a Filled,
    actors: Vec<Actor>,
    played: HashSet<CaseId>,
}

/// Plays what happened until now.
pub async fn play(stage: &mut Stage<'_>, progress: &Progress) -> Result<()> {
    progress.part(Part::Scenes, PARTS);
    let told = |scene: &'static str, played: Result<()>| {
        progress.step();
        told(scene, played);
    };
    told("settings", office::settings(stage).await);
    told("who is away", office::away(stage).await);
    told("a case that comes again", office::recurring(stage).await);
    told("hand-off that waits", work::asked(stage).await);
    told("hand-off that was answered", work::answered(stage).await);
    told("hand-off to a colleague", work::handed_over(stage).await);
    told("side conversation", mail::talk(stage).await);
    told("mail that came back", mail::came_back(stage).await);
    told("merged cases", work::merged(stage).await);
    told("private case", work::private(stage).await);
    told("complaint", work::complaint(stage).await);
    told("tasks", work::tasks(stage).await);
    told("people of a case", work::involved(stage).await);
    told("draft", mail::draft(stage).await);
    told("spam", mail::spam(stage).await);
    stage.watch().await?;
    progress.step();
    Ok(())
}

/// Plays what is not over yet, and what listeners are to hear: an answer leaves because one of them does.
pub async fn present(stage: &mut Stage<'_>) {
    told("planned answer", mail::planned(stage).await);
}

fn told(scene: &'static str, played: Result<()>) {
    if let Err(error) = played {
        tracing::warn!(scene, error = format!("{error:?}"), "a scene of the example company fell through");
    }
}

impl<'a> Stage<'a> {
    pub async fn set(app: &'a App, company: &'a Company, filled: &'a Filled) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let mut actors = Vec::with_capacity(filled.ids.people.len());
        for person in &filled.ids.people {
            actors.push(people::actor(&mut tx, *person).await?);
        }
        Ok(Self { app, company, filled, actors, played: HashSet::new() })
    }

    /// Somebody of the house; the first one if nobody is called so.
    fn actor(&self, name: &str) -> Actor {
        self.actors.iter().find(|actor| actor.name == name).unwrap_or(&self.actors[0]).clone()
    }

    fn department(&self, name: &str) -> Option<DepartmentId> {
        let place = self.company.departments.iter().position(|department| department.name == name)?;
        self.filled.ids.departments.get(place).copied()
    }

    /// The newest unfinished case that fits, in which nothing is played yet, and which is as old as a scene is long;
    /// without one, any.
    fn find(&mut self, fits: impl Fn(&Unfinished) -> bool) -> Option<Scene> {
        let free: Vec<&Unfinished> =
            self.filled.unfinished.iter().rev().filter(|one| self.is_free(one)).collect();
        let over = |one: &Unfinished| cases::due(self.app, one.since, LENGTH) <= self.desk();
        let found =
            free.iter().find(|one| fits(one) && over(one)).or_else(|| free.iter().find(|one| fits(one)));
        let found = found.or_else(|| free.iter().find(|one| over(one))).or_else(|| free.first()).copied()?;
        let scene = self.scene(found)?;
        self.played.insert(scene.case);
        Some(scene)
    }

    /// Somebody has it and speaks German, and it is none of those that were written by hand.
    fn is_free(&self, one: &Unfinished) -> bool {
        let customer = &self.company.customers[one.case.customer];
        let by_hand = self.company.queues[one.case.queue].informal || customer.last == "Sommerauer";
        let taken = one.case.owner.is_some() && !self.played.contains(&one.id);
        taken && !by_hand && customer.language == "de"
    }

    fn scene(&self, one: &Unfinished) -> Option<Scene> {
        let customer = &self.company.customers[one.case.customer];
        Some(Scene {
            case: one.id,
            owner: self.actors.get(one.case.owner?)?.clone(),
            customer: self.filled.ids.customers[one.case.customer],
            name: format!("{} {}", customer.first, customer.last),
            email: customer.emails[0].clone(),
            greeting: greeting(customer),
            since: one.since,
        })
    }

    /// When somebody was at work last.
    fn desk(&self) -> Timestamp {
        hours::last(self.app).min(self.app.now() - JUST_NOW)
    }

    /// The house after so many minutes of work since something happened in a case, or when somebody was there last.
    fn after(&self, scene: &Scene, minutes: i64) -> App {
        let then = cases::due(self.app, scene.since, minutes);
        self.app.at(then.min(self.desk()).max(scene.since))
    }

    /// The house at a time of the last working day at least so many days ago.
    fn back(&self, days: i64, time: (i8, i8)) -> App {
        self.app.at(hours::back(self.app, days, time))
    }

    /// An hour of the next working day.
    fn next_workday(&self, hour: i8) -> Result<Timestamp> {
        let mut day = self.app.now().moment().to_zoned(self.app.zone()).date().saturating_add(1.day());
        while !hours::is_workday(day) {
            day = day.saturating_add(1.day());
        }
        let at = day.at(hour, 0, 0, 0).to_zoned(self.app.zone()).map_err(anyhow::Error::from)?;
        Ok(at.timestamp().into())
    }

    /// Deadlines that scenes set came near or passed since: they are told as if the program had run.
    async fn watch(&self) -> Result<()> {
        let mut last = Timestamp(0);
        while let Some(next) = self.next_alarm(last).await? {
            cases::alarm(&self.app.at(next)).await?;
            last = next;
        }
        Ok(())
    }

    async fn next_alarm(&self, after: Timestamp) -> Result<Option<Timestamp>> {
        let next = cases::next_alarm(&mut self.app.db.read().await?, after).await?;
        Ok(next.filter(|next| *next <= self.app.now()))
    }
}

impl Unfinished {
    fn is_open(&self) -> bool {
        self.status == Status::Open
    }
}

/// As the house greets; people without a known salutation by their full name.
fn greeting(customer: &Customer) -> String {
    match customer.salutation {
        Gender::Female => format!("Liebe Frau {},", customer.last),
        Gender::Male => format!("Lieber Herr {},", customer.last),
        Gender::Neutral => format!("Guten Tag {} {},", customer.first, customer.last),
    }
}
