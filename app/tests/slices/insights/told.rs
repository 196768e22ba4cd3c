//! Customers who are told that their cause is mended.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Channel, Direction};
use kitt::findings::Kind;
use kitt::insights;
use kitt::insights::Decision;
use kitt::insights::tell;
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Actor, CaseId, CustomerId, Error, Timestamp, TokenId, Who};

use super::templates;
use crate::world::{World, both};

both!(
    a_telling_needs_four_eyes_and_can_be_taken_back_until_then,
    nobody_is_told_twice_and_customers_without_address_are_left_out,
    who_says_it_again_is_not_told_yet,
    nobody_is_told_of_a_repair_that_did_not_hold,
    who_could_not_be_reached_is_not_told,
    whose_case_went_into_another_is_told_there_at_their_own_address,
    a_program_does_not_approve_what_programs_prepared,
);

impl World {
    async fn opened_by_phone(&self, name: &str) -> Result<(CustomerId, CaseId)> {
        let mut tx = self.app.db.write().await?;
        let new = kitt::customers::NewCustomer { name: name.into(), ..Default::default() };
        let customer = kitt::customers::add(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        self.open(customer, Channel::Phone, None, name).await
    }
}

async fn a_telling_needs_four_eyes_and_can_be_taken_back_until_then(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (customer, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    let early = tell::prepare(&world.app, &world.lead, late, templates()).await;
    assert!(matches!(early, Err(Error::Invalid(_))), "nothing is fixed yet: {early:?}");
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;

    let first = tell::prepare(&world.app, &world.lead, late, templates()).await?;
    assert_eq!(
        tell::prepare(&world.app, &world.agent, late, templates()).await?,
        first,
        "there is one at a time"
    );
    tell::take_back(&world.app, &world.lead, first).await?;
    let second = tell::prepare(&world.app, &world.lead, late, templates()).await?;
    tell::edit(&world.app, &world.lead, second, customer, "Liebe Frau Sommerauer, es ist gut.").await?;
    let own = tell::approve(&world.app, &world.lead, second).await;
    assert!(matches!(own, Err(Error::Invalid(_))), "two eyes are not enough: {own:?}");
    let agent = tell::approve(&world.app, &world.agent, second).await;
    assert!(matches!(agent, Err(Error::Forbidden(_))), "{agent:?}");
    tell::approve(&world.app, &world.manager, second).await?;

    let late_change = tell::edit(&world.app, &world.lead, second, customer, "Nein").await;
    assert!(matches!(late_change, Err(Error::Stale)), "{late_change:?}");
    assert!(matches!(tell::take_back(&world.app, &world.lead, second).await, Err(Error::Stale)));
    world.work().await?;
    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    assert_eq!(
        contacts.last().map(|contact| contact.text.as_str()),
        Some("Liebe Frau Sommerauer, es ist gut.")
    );
    Ok(())
}

async fn nobody_is_told_twice_and_customers_without_address_are_left_out(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let mut all = Vec::new();
    for number in 0..60 {
        let address = format!("kunde{number}@example.org");
        all.push(world.said(&format!("Kunde Nummer{number}"), &address, late, "Niemand da").await?.1);
    }
    let (_, silent) = world.opened_by_phone("Paul ohne Post").await?;
    world.document(silent, late, Kind::Cause, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    let skipped = tell::recipients(&mut world.read().await?, telling, CustomerId(0), 200).await?;
    assert_eq!(skipped.iter().filter(|one| one.skipped).count(), 1);
    let first = skipped[0].customer;
    tell::skip(&world.app, &world.agent, telling, first, true).await?;
    tell::approve(&world.app, &world.lead, telling).await?;

    world.settle().await?;
    world.settle().await?;

    let mut tx = world.read().await?;
    let mut written = Vec::new();
    for case in &all {
        let contacts = cases::contacts(&mut tx, *case).await?;
        written.push(contacts.iter().filter(|contact| contact.direction == Direction::Outbound).count());
    }
    assert_eq!(written.iter().sum::<usize>(), 59);
    assert!(written.iter().all(|count| *count <= 1));
    assert_eq!(tell::told(&mut tx, late).await?, (59, 2));
    drop(tx);
    // Who was left out is on the next list.
    let again = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    assert_eq!(tell::recipients(&mut world.read().await?, again, CustomerId(0), 200).await?.len(), 2);
    Ok(())
}

async fn who_says_it_again_is_not_told_yet(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    world.tell_all(late).await?;
    assert_eq!(tell::told(&mut world.read().await?, late).await?, (1, 0));

    world.forward(Timestamp::days(1));
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Schon wieder").await?;

    assert_eq!(tell::told(&mut world.read().await?, late).await?, (0, 1), "one person is counted once");
    Ok(())
}

async fn nobody_is_told_of_a_repair_that_did_not_hold(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    insights::decide(&world.app, &world.manager, late, Decision::Reopen { reason: None }).await?;
    let early = tell::approve(&world.app, &world.lead, telling).await;
    assert!(matches!(&early, Err(Error::Invalid(fields)) if fields[0].word == "tell-not-fixed"), "{early:?}");

    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    tell::approve(&world.app, &world.lead, telling).await?;
    insights::decide(&world.app, &world.manager, late, Decision::Reopen { reason: None }).await?;
    world.work().await?;

    let mut tx = world.read().await?;
    let contacts = cases::contacts(&mut tx, case).await?;
    assert!(contacts.iter().all(|contact| contact.direction == Direction::Inbound), "nothing was sent");
    assert_eq!(tell::told(&mut tx, late).await?, (0, 1));
    let facts = journal::of_insight(&mut tx, late).await?;
    assert!(facts.iter().any(|entry| entry.fact == Fact::TellingTakenBack { telling }));
    Ok(())
}

async fn who_could_not_be_reached_is_not_told(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    world.tell_all(late).await?;
    let contact = cases::contacts(&mut world.read().await?, case).await?.last().context("told")?.id;

    let mut tx = world.app.db.write().await?;
    let failed = Fact::ContactFailed { contact, permanent: true };
    journal::record(&world.app, &mut tx, &world.agent, journal::About::case(case), failed)?;
    tx.commit().await?;
    world.hear().await?;

    assert_eq!(tell::told(&mut world.read().await?, late).await?, (0, 1));
    Ok(())
}

async fn whose_case_went_into_another_is_told_there_at_their_own_address(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    let (_, into) = world.opened("Otto Huber", "otto@example.org").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let telling = tell::prepare(&world.app, &world.agent, late, templates()).await?;
    tell::approve(&world.app, &world.lead, telling).await?;

    cases::merge(&world.app, &world.agent, into, &[case]).await?;
    world.work().await?;

    let mut tx = world.read().await?;
    let told = cases::contacts(&mut tx, into).await?.pop().context("the message")?;
    assert!(told.text.contains("Termin nicht gehalten"), "{}", told.text);
    assert_eq!(told.to_address.as_deref(), Some("ingrid@example.org"), "not who wrote there last");
    assert!(cases::contacts(&mut tx, case).await?.is_empty());
    Ok(())
}

async fn a_program_does_not_approve_what_programs_prepared(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let program = Actor { who: Who::Token(TokenId(1)), ..world.lead.clone() };
    let telling = tell::prepare(&world.app, &program, late, templates()).await?;

    let own = tell::approve(&world.app, &program, telling).await;

    assert!(matches!(&own, Err(Error::Invalid(fields)) if fields[0].word == "tell-four-eyes"), "{own:?}");
    tell::approve(&world.app, &world.lead, telling).await?;
    Ok(())
}
