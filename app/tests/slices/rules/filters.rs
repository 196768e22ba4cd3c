//! Mail filters.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::Priority;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{QueueId, Role};
use kitt::rules;
use kitt::rules::webhook::{self, WebhookDraft};
use kitt::rules::{Deed, Definition, MailCondition, MailPart, MailTest, Outcome, RuleKind};

use super::all;
use crate::world::{World, both};

both!(
    a_mail_filter_decides_before_a_case_exists,
    a_filtered_mail_that_comes_twice_is_one_contact,
    a_broken_mail_filter_stops_no_mail,
);

impl World {
    /// A queue for bills, and a filter that brings them there.
    async fn bills(&self, more: &[(Deed, &str)]) -> Result<(QueueId, i64)> {
        let mut tx = self.app.db.write().await?;
        let queue = people::add_queue(&mut tx, "Buchhaltung", Some(self.team), None, 60).await?;
        tx.commit().await?;
        let condition = MailCondition::new(MailPart::Subject, MailTest::Contains, "Rechnung, Mahnung");
        let id = queue.to_string();
        let first = [(Deed::Queue, id.as_str())];
        let actions = [&first[..], more].concat();
        let definition =
            Definition { mail: vec![condition], actions: all(&actions), ..Definition::default() };
        Ok((queue, self.rule_of(RuleKind::Mail, definition).await?))
    }
}

async fn a_mail_filter_decides_before_a_case_exists(world: World) -> Result<()> {
    for queue in [1, 2] {
        let fields = [("is_on", "yes"), ("text_de", ""), ("text_en", "")];
        world.post_form(Role::Admin, &format!("/settings/acknowledgements/{queue}"), &fields).await?;
    }
    let (queue, rule) =
        world.bills(&[(Deed::Quiet, ""), (Deed::Priority, "low"), (Deed::Tag, "Rechnung")]).await?;
    world.forward(Duration::from_secs(5));

    let bill =
        world.mail_from("anna@kunde.example", "Ihre RECHNUNG 7", "eins").await?.case.context("filed")?;
    let other = world.mail_from("anna@kunde.example", "Frage", "zwei").await?.case.context("filed")?;
    let arrived = world.case_now(bill).await?.queue;
    world.settle().await?;

    assert_eq!(arrived, queue, "at once, before any job");
    assert_eq!(
        (world.case_now(bill).await?.priority, world.tags(bill).await?),
        (Priority::Low, vec!["Rechnung".to_owned()])
    );
    assert_eq!((world.case_now(other).await?.queue, world.tags(other).await?.len()), (world.queue, 0));
    let mut said = Vec::new();
    for case in [bill, other] {
        said.push(cases::contacts(&mut world.read().await?, case).await?.len());
    }
    assert_eq!(said, [1, 2], "only the other one is acknowledged");
    let moved = world.facts_of(bill).await?.into_iter().filter(|fact| matches!(fact, Fact::CaseMoved { .. }));
    assert_eq!(moved.count(), 0, "it was never anywhere else");
    let run = rules::runs_of_rule(&mut world.read().await?, rule, None, 10).await?;
    assert_eq!((run.len(), run[0].case, run[0].done()), (1, bill, vec![0, 1, 2, 3]));
    Ok(())
}

async fn a_filtered_mail_that_comes_twice_is_one_contact(world: World) -> Result<()> {
    let (queue, rule) = world.bills(&[]).await?;
    let first = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?.case.context("filed")?;
    let second = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?;
    rules::switch(&world.app, &world.admin, rule, false).await?;
    let third = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?;

    assert_eq!(world.case_now(first).await?.queue, queue);
    assert_eq!((second.case, third.case), (Some(first), Some(first)), "also when the filter is off by now");
    assert_eq!(cases::contacts(&mut world.read().await?, first).await?.len(), 1);
    Ok(())
}

async fn a_broken_mail_filter_stops_no_mail(world: World) -> Result<()> {
    let hook = WebhookDraft { name: "x".into(), url: "https://x.example/".into(), private: String::new() };
    let hook = webhook::save(&world.app, &world.admin, None, &hook).await?;
    world.bills(&[(Deed::Webhook, &hook.to_string()), (Deed::Tag, "halb")]).await?;
    webhook::remove(&world.app, &world.admin, hook).await?;

    let case = world
        .mail_from("anna@kunde.example", "Rechnung", "kaputt")
        .await?
        .case
        .context("filed all the same")?;
    world.settle().await?;

    assert_eq!(world.outcomes(case).await?, [Outcome::Failed]);
    assert!(world.tags(case).await?.is_empty());
    Ok(())
}
