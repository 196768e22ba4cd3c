//! The work on a case: merged and split, related, handed over, waited for, its tasks, its time.

mod again;
mod desk;
mod given_back;
mod merging;
mod others;
mod patience;
mod said_back;
mod taken_back;
mod tasks;
mod whole;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::undo::TakenBack;
use kitt::cases::{Case, undo};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Actor, CaseId, Error, PersonId};

use crate::world::World;

impl World {
    async fn case_row(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn undo_last(&self) -> Result<()> {
        self.undo_of(&self.agent).await??;
        Ok(())
    }

    /// Somebody takes back what they did last.
    async fn undo_of(&self, actor: &Actor) -> Result<kitt::platform::Result<TakenBack>> {
        let offer = undo::newest(&mut self.read().await?, actor, self.now()).await?;
        Ok(undo::take_back(&self.app, actor, offer.context("nothing is offered")?.id).await)
    }

    /// Why the agent cannot take back what they did last.
    async fn why_kept(&self) -> Result<Option<&'static str>> {
        Ok(refused(self.undo_of(&self.agent).await?))
    }

    /// How often something happened in a case.
    async fn times(&self, case: CaseId, fact: &Fact) -> Result<usize> {
        let facts = journal::of_case(&mut self.read().await?, case).await?;
        Ok(facts.iter().filter(|entry| entry.fact == *fact).count())
    }

    async fn has(&self, case: CaseId, fact: &Fact) -> Result<bool> {
        let facts = journal::of_case(&mut self.read().await?, case).await?;
        Ok(facts.iter().any(|entry| entry.fact == *fact))
    }

    /// What the journal says of how a case stands, since it was opened.
    async fn stands(&self, case: CaseId) -> Result<Vec<Fact>> {
        let facts =
            journal::of_case(&mut self.read().await?, case).await?.into_iter().map(|entry| entry.fact);
        let stands = |fact: &Fact| {
            matches!(
                fact,
                Fact::CaseClosed | Fact::CaseReopened | Fact::CaseResumed | Fact::CaseSetWaiting { .. }
            )
        };
        Ok(facts.filter(stands).collect())
    }

    async fn texts_in(&self, case: CaseId) -> Result<Vec<String>> {
        let contacts = cases::contacts(&mut self.read().await?, case).await?;
        Ok(contacts.into_iter().map(|contact| contact.text).collect())
    }
}

fn me(world: &World) -> Result<PersonId> {
    world.agent.person_id().context("the agent is a person")
}

fn colleague(world: &World) -> Result<PersonId> {
    world.lead.person_id().context("the lead is a person")
}

/// Somebody else changed it since.
const LATE: Option<&str> = Some("case-taken-back-late");

fn refused<T>(result: kitt::platform::Result<T>) -> Option<&'static str> {
    match result {
        Err(Error::Invalid(errors)) => errors.first().map(|error| error.word),
        _ => None,
    }
}
