//! Rules: triggers, time rules, macros, webhooks, dry runs, and what keeps them from running wild.

mod changes;
mod filters;
mod hidden;
mod hooks;
mod keeping;
mod macros;
mod pages;
mod running;
mod trials;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Condition, Field, Filter, Test};
use kitt::channels;
use kitt::channels::{Delivery, Route};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::CaseId;
use kitt::rules;
use kitt::rules::{Action, Aspect, Change, Deed, Definition, Draft, Event, Outcome, RuleKind};

use crate::world::World;

impl World {
    async fn rule(&self, name: &str, definition: Definition) -> Result<i64> {
        Ok(rules::save(&self.app, &self.admin, None, &draft(RuleKind::Trigger, name, definition)).await?)
    }

    async fn rule_of(&self, kind: RuleKind, definition: Definition) -> Result<i64> {
        Ok(rules::save(&self.app, &self.admin, None, &draft(kind, "Regel", definition)).await?)
    }

    async fn asked(&self, subject: &str) -> Result<CaseId> {
        let address = format!("{}@kundin.example", subject.to_lowercase().replace(' ', "."));
        let customer = self.customer("Anna Kundin", &address).await?;
        self.writes(customer, ("Anna Kundin", Some(&address)), cases::Channel::Email, subject, "Bitte!").await
    }

    async fn case_now(&self, case: CaseId) -> Result<cases::Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn tags(&self, case: CaseId) -> Result<Vec<String>> {
        let row = self.case_now(case).await?;
        let attributes = cases::attributes::attributes(&mut self.read().await?, &row).await?;
        let mut names: Vec<String> = attributes.badges.tags.into_iter().map(|tag| tag.name).collect();
        names.sort();
        Ok(names)
    }

    async fn outcomes(&self, case: CaseId) -> Result<Vec<Outcome>> {
        let runs = rules::runs_of_case(&mut self.read().await?, case, 100).await?;
        Ok(runs.into_iter().rev().map(|run| run.outcome).collect())
    }

    async fn facts_of(&self, case: CaseId) -> Result<Vec<Fact>> {
        Ok(journal::of_case(&mut self.read().await?, case)
            .await?
            .into_iter()
            .map(|entry| entry.fact)
            .collect())
    }

    /// A mail arrives and is filed.
    async fn mail_from(&self, from: &str, subject: &str, id: &str) -> Result<kitt::channels::Received> {
        let raw = format!(
            "From: {from}\r\nTo: service@haus.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@kunde.example>\r\n\r\nBitte beachten.\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("anna@kunde.example".into()),
            to: vec!["service@haus.example".into()],
            peer: Some("192.0.2.7".into()),
            raw: raw.into(),
            queue: None,
        };
        let received = channels::intake::keep(&self.app, delivery).await?;
        channels::worker::work_off(&self.app).await?;
        Ok(channels::received(&mut self.read().await?, received).await?)
    }
}

fn draft(kind: RuleKind, name: &str, definition: Definition) -> Draft {
    Draft { kind, name: name.into(), definition, active: true, team: None }
}

/// When `event`, then `actions`.
fn trigger(event: Event, actions: &[(Deed, &str)]) -> Definition {
    Definition { events: vec![event], actions: all(actions), ..Definition::default() }
}

fn all(actions: &[(Deed, &str)]) -> Vec<Action> {
    actions.iter().map(|(does, value)| Action::new(*does, value)).collect()
}

fn change(of: Aspect, from: &[&str], to: &[&str]) -> Change {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Change { of, from: owned(from), to: owned(to) }
}

fn subject(word: &str) -> Filter {
    Filter::all([Condition::new(Field::Subject, Test::Contains, &[word])])
}
