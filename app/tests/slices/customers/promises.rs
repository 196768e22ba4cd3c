//! What customers were told would happen can be put off, withdrawn, and taken back like everything else.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::undo;
use kitt::customers;
use kitt::customers::{Promise, PromiseStand};
use kitt::journal;
use kitt::platform::{Actor, CustomerId, Error, Role, Timestamp};

use crate::world::{World, both};

both!(
    every_step_of_a_promise_can_be_taken_back,
    what_somebody_else_said_of_a_promise_meanwhile_stays,
    the_file_offers_to_take_a_promise_back_and_goes_on_there,
    a_promise_that_was_withdrawn_is_due_no_more,
    of_a_hidden_case_nobody_else_changes_a_promise,
    what_was_promised_on_a_hidden_case_is_in_no_file_of_others,
    a_file_full_of_promises_shows_what_is_open_and_gives_all,
    what_is_hidden_or_over_takes_no_open_promise_its_place,
);

impl World {
    /// Of Anna, with one promise for the day after tomorrow.
    async fn promised(&self) -> Result<(CustomerId, i64)> {
        let anna = self.customer("Anna", "anna@example.org").await?;
        let due = self.now() + Timestamp::days(2);
        cases::promise(&self.app, &self.agent, anna, None, "Wir rufen an", due).await?;
        Ok((anna, self.promises(anna).await?[0].id))
    }

    async fn promises(&self, customer: CustomerId) -> Result<Vec<Promise>> {
        Ok(customers::file(&mut self.read().await?, customer, self.now()).await?.promises)
    }

    /// The actor takes back what they did last.
    async fn takes_back(&self, actor: &Actor) -> Result<kitt::platform::Result<undo::TakenBack>> {
        let offer = undo::newest(&mut self.read().await?, actor, self.now()).await?;
        Ok(undo::take_back(&self.app, actor, offer.context("nothing is offered")?.id).await)
    }
}

async fn every_step_of_a_promise_can_be_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (anna, id) = world.promised().await?;
    let before = world.promises(anna).await?.remove(0);
    for step in 0..4 {
        match step {
            0 => cases::end_promise(app, agent, anna, id, true).await?,
            1 => cases::end_promise(app, agent, anna, id, false).await?,
            2 => cases::move_promise(app, agent, anna, id, before.due_at + Timestamp::days(1)).await?,
            _ => cases::withdraw_promise(app, agent, anna, id).await?,
        }
        let stood = |promises: &[Promise]| promises.first().map(|one| (one.due_at, one.kept));
        let changed = world.promises(anna).await?;
        assert_ne!(stood(&changed), Some((before.due_at, before.kept)), "step {step} did nothing");
        world.takes_back(agent).await??;

        assert_eq!(stood(&world.promises(anna).await?), Some((before.due_at, before.kept)), "step {step}");
    }
    let due = world.now() + Timestamp::days(3);
    cases::promise(app, agent, anna, None, "Wir schreiben", due).await?;
    world.takes_back(agent).await??;

    let left = world.promises(anna).await?;
    assert_eq!(left.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Wir rufen an"]);
    Ok(())
}

async fn what_somebody_else_said_of_a_promise_meanwhile_stays(world: World) -> Result<()> {
    let (anna, id) = world.promised().await?;
    let later = world.now() + Timestamp::days(4);
    cases::move_promise(&world.app, &world.agent, anna, id, later).await?;
    cases::end_promise(&world.app, &world.lead, anna, id, false).await?;

    let late = world.takes_back(&world.agent).await?;
    let ended = cases::withdraw_promise(&world.app, &world.agent, anna, id).await;

    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    assert!(matches!(ended, Err(Error::NotFound)), "{ended:?}");
    let promise = world.promises(anna).await?.remove(0);
    assert_eq!((promise.due_at, promise.kept), (later, Some(false)));
    Ok(())
}

async fn the_file_offers_to_take_a_promise_back_and_goes_on_there(world: World) -> Result<()> {
    let (anna, id) = world.promised().await?;
    let file = format!("/customers/{anna}");
    let path = format!("{file}/promises/{id}");
    let moved = world.post_form(Role::Agent, &format!("{path}/due"), &[("due", "2026-11-28T09:00")]).await?;
    assert_eq!((moved.status.as_u16(), moved.location()), (303, file.as_str()));

    let page = world.get(Role::Agent, &file).await?.body;
    let from = page.find("action=\"/undos/").context("the file offers it")? + 8;
    let action = page[from..].split('"').next().context("an address")?;
    assert!(page.contains("Zusage verschoben."), "{page}");
    let taken = world.post_form(Role::Agent, action, &[]).await?;

    assert_eq!((taken.status.as_u16(), taken.location()), (303, file.as_str()));
    let past = world.post_form(Role::Agent, &format!("{path}/due"), &[("due", "2020-01-01T09:00")]).await?;
    let gone = world.post_form(Role::Agent, &format!("{path}/withdraw"), &[]).await?;
    let again = world.post_form(Role::Agent, &format!("{path}/withdraw"), &[]).await?;
    assert_eq!((past.status.as_u16(), gone.status.as_u16(), again.status.as_u16()), (422, 303, 404));
    Ok(())
}

async fn a_promise_that_was_withdrawn_is_due_no_more(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let due = world.now() + Timestamp::days(2);
    cases::promise(&world.app, &world.agent, customer, Some(case), "Ersatz", due).await?;
    let id = world.promises(customer).await?[0].id;
    let number = world.number(case).await?;
    let listed = world.get(Role::Agent, "/cases?view=promises").await?.body;
    assert!(listed.contains(&number), "{listed}");

    cases::withdraw_promise(&world.app, &world.agent, customer, id).await?;

    let mut tx = world.read().await?;
    assert!(customers::promises::due(&mut tx, world.now(), due, 10).await?.is_empty());
    assert_eq!(cases::promises::all(&mut tx, &world.agent, customer).await?.len(), 1, "it is stored");
    let told = journal::of_case(&mut tx, case).await?;
    let fact = journal::Fact::PromiseWithdrawn { promise: id };
    assert!(told.iter().any(|entry| entry.fact == fact), "{told:?}");
    drop(tx);
    let listed = world.get(Role::Agent, "/cases?view=promises").await?.body;
    assert!(!listed.contains(&number), "{listed}");
    Ok(())
}

async fn of_a_hidden_case_nobody_else_changes_a_promise(world: World) -> Result<()> {
    let case = world.write_in("Kündigung").await?.0;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let due = world.now() + Timestamp::days(2);
    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    cases::bins::set_private(&world.app, &world.lead, case, true).await?;
    cases::promise(&world.app, &world.lead, customer, Some(case), "Rückruf", due).await?;
    let id = world.promises(customer).await?[0].id;

    let made = cases::promise(&world.app, &world.agent, customer, Some(case), "Brief", due).await;
    let ended = cases::end_promise(&world.app, &world.agent, customer, id, true).await;

    assert!(matches!(made, Err(Error::NotFound)), "{made:?}");
    assert!(matches!(ended, Err(Error::NotFound)), "{ended:?}");
    Ok(())
}

async fn what_was_promised_on_a_hidden_case_is_in_no_file_of_others(world: World) -> Result<()> {
    let (app, lead) = (&world.app, &world.lead);
    let (hidden, open) = (world.write_in("Kündigung").await?.0, world.write_in("Lampe").await?.0);
    let customer = cases::case(&mut world.read().await?, hidden).await?.customer;
    assert_eq!(cases::case(&mut world.read().await?, open).await?.customer, customer);
    let due = world.now() + Timestamp::days(2);
    for (case, text) in [(Some(hidden), "Abfindung"), (Some(open), "Ersatzlampe"), (None, "Gutschein")] {
        cases::promise(app, lead, customer, case, text, due).await?;
    }
    cases::assign(app, lead, hidden, lead.person_id()).await?;
    cases::bins::set_private(app, lead, hidden, true).await?;
    let number = world.number(open).await?;

    for path in [
        format!("/customers/{customer}"),
        format!("/customers/{customer}/export"),
        format!("/cases/{number}"),
    ] {
        for (role, sees) in [(Role::Agent, false), (Role::Lead, true)] {
            for answer in [world.get(role, &path).await?, world.get_json(role, &path).await?] {
                assert_eq!(
                    answer.body.contains("Abfindung"),
                    sees && answer.body.contains("Ersatzlampe"),
                    "{path} {role}"
                );
            }
            let shown = world.get(role, &path).await?.body;
            assert!(shown.contains("Ersatzlampe") && shown.contains("Gutschein"), "{path} {role}: {shown}");
        }
    }

    // Data protection reads no cases: of them it has the export, which ends at no queue.
    let page = world.get(Role::DataProtection, &format!("/customers/{customer}")).await?.body;
    let export = world.get(Role::DataProtection, &format!("/customers/{customer}/export")).await?.body;
    assert!(page.contains("Gutschein") && !page.contains("Ersatzlampe"), "{page}");
    assert!(export.contains("Abfindung") && export.contains("Ersatzlampe"), "{export}");
    Ok(())
}

async fn a_file_full_of_promises_shows_what_is_open_and_gives_all(world: World) -> Result<()> {
    let (anna, open) = world.promised().await?;
    let (now, mut tx) = (world.now(), world.app.db.write().await?);
    for day in 3..63 {
        let due_at = now + Timestamp::days(day);
        for (kept, withdrawn_at) in [(Some(true), None), (None, Some(now))] {
            let id = customers::promises::add(&mut tx, anna, None, "Wir schreiben", due_at, kept, None, now)
                .await?;
            let stand = PromiseStand { due_at, kept, withdrawn_at };
            customers::promises::set_stand(&mut tx, id, stand).await?;
        }
    }
    tx.commit().await?;

    let shown = world.promises(anna).await?;
    assert_eq!((shown[0].id, shown.len()), (open, 50), "{shown:?}");
    assert!(shown.iter().all(|one| one.withdrawn_at.is_none()), "{shown:?}");
    let export = world.get(Role::DataProtection, &format!("/customers/{anna}/export")).await?.json()?;
    assert_eq!(export["promises"].as_array().map(Vec::len), Some(121), "{export}");
    Ok(())
}

async fn what_is_hidden_or_over_takes_no_open_promise_its_place(world: World) -> Result<()> {
    let (app, lead) = (&world.app, &world.lead);
    let (hidden, open) = (world.write_in("Kündigung").await?.0, world.write_in("Lampe").await?.0);
    let customer = cases::case(&mut world.read().await?, hidden).await?.customer;
    cases::assign(app, lead, hidden, lead.person_id()).await?;
    cases::bins::set_private(app, lead, hidden, true).await?;
    let due = world.now() + Timestamp::days(1);
    cases::promise(app, lead, customer, Some(open), "Ersatzlampe", due).await?;
    let later = due + Timestamp::days(1);
    let mut tx = app.db.write().await?;
    for (case, kept) in [(Some(hidden), None), (None, Some(true))] {
        for _ in 0..60 {
            let by = lead.person_id();
            customers::promises::add(&mut tx, customer, case, "Später", later, kept, by, world.now()).await?;
        }
    }
    tx.commit().await?;

    for actor in [&world.agent, lead] {
        let mut tx = world.read().await?;
        let seen = cases::promises::file(&mut tx, actor, customer, world.now()).await?.promises;
        assert_eq!(seen.len(), 50, "{}", actor.name);
        let hidden = seen.iter().filter(|promise| promise.case == Some(hidden)).count();
        let (expected, stands) = if actor.name == lead.name { (50, false) } else { (0, true) };
        assert_eq!(hidden, expected, "{}", actor.name);
        let found = seen.iter().any(|promise| promise.text == "Ersatzlampe");
        assert_eq!(found, stands, "{}: the later ones of the hidden case are the reader's own", actor.name);
    }
    let all = cases::promises::all(&mut world.read().await?, &world.agent, customer).await?;
    assert_eq!(all.len(), 61, "an export leaves none out that the reader may know of");
    Ok(())
}
