//! Who gets which case, why, and what happens when people come and go.

mod absence;
mod giving;

use anyhow::{Context, Result};
use kitt::assignment;
use kitt::assignment::{Absent, Mode, Profile, Rule};
use kitt::cases;
use kitt::people;
use kitt::people::NewPerson;
use kitt::platform::{Actor, CaseId, Language, PersonId, Role, Words};

use crate::world::World;

impl World {
    /// Another agent of the team.
    async fn colleague(&self, name: &str) -> Result<Actor> {
        let mut tx = self.app.db.write().await?;
        let new = NewPerson {
            name: name.into(),
            email: format!("{name}@haus.example"),
            roles: vec![Role::Agent],
            team: Some(self.team),
            departments: Vec::new(),
        };
        let person = people::add_person(&mut tx, &new, "-", self.now()).await?;
        tx.commit().await?;
        Ok(people::actor(&mut self.read().await?, person).await?)
    }

    /// The queue's cases find somebody by themselves.
    async fn hands_out_by(&self, mode: Mode) -> Result<Rule> {
        let rule = Rule { mode, ..Rule::of(self.queue) };
        assignment::set_rule(&self.app, &self.admin, &rule).await?;
        Ok(rule)
    }

    /// A new case, after everybody looked at it.
    async fn arrives(&self, subject: &str) -> Result<CaseId> {
        let case = self.write_in(subject).await?.0;
        self.settle().await?;
        Ok(case)
    }

    async fn owner(&self, case: CaseId) -> Result<Option<PersonId>> {
        Ok(cases::case(&mut self.read().await?, case).await?.owner)
    }

    /// Why the case is where it is, as `reader` reads it.
    async fn why(&self, reader: &Actor, case: CaseId) -> Result<assignment::Why> {
        let mut tx = self.read().await?;
        let case = cases::case(&mut tx, case).await?;
        let words = Words::new(Language::De, self.app.zone(), self.now());
        Ok(assignment::why(&mut tx, reader, &words, &case).await?)
    }

    async fn can(
        &self,
        person: &Actor,
        skills: &[i64],
        languages: &[&str],
        capacity: Option<i64>,
    ) -> Result<()> {
        let profile = Profile {
            capacity,
            languages: languages.iter().map(|code| (*code).to_owned()).collect(),
            skills: skills.iter().copied().collect(),
        };
        Ok(assignment::set_profile(&self.app, &self.admin, id(person)?, &profile).await?)
    }
}

fn id(actor: &Actor) -> Result<PersonId> {
    actor.person_id().context("a person")
}

/// Eva has two cases, and her queue has a rule for absences.
async fn holding(world: &World, mode: Mode, absent: Absent) -> Result<[CaseId; 2]> {
    let rule = Rule { mode, absent, ..Rule::of(world.queue) };
    let cases = [world.arrives("Lampe").await?, world.arrives("Vase").await?];
    for case in cases {
        cases::assign(&world.app, &world.agent, case, world.agent.person_id()).await?;
    }
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    world.settle().await?;
    Ok(cases)
}
