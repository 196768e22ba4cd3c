//! What people do with cases can be taken back.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Status, undo};
use kitt::platform::{Error, Role, Timestamp};

use crate::world::{World, both};

both!(
    every_step_of_a_case_can_be_taken_back,
    nothing_is_taken_back_twice_or_by_somebody_else,
    what_somebody_else_did_meanwhile_stays,
    the_page_offers_it_for_twenty_seconds,
    what_was_taken_back_is_said_before_what_else_could_be,
);

/// What the agent did last.
async fn newest(world: &World) -> Result<undo::Offer> {
    undo::newest(&mut world.read().await?, &world.agent, world.now()).await?.context("nothing is offered")
}

async fn every_step_of_a_case_can_be_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let tomorrow = world.now() + Timestamp::days(1);
    let colleague = world.lead.person_id().context("a person")?;
    for step in 0..4 {
        if step == 3 {
            // Who has a case lets go of it when it moves, and has it again.
            cases::assign(app, agent, case, agent.person_id()).await?;
        }
        let before = cases::case(&mut world.read().await?, case).await?;
        match step {
            0 => cases::close(app, agent, case).await?,
            1 => cases::wait(app, agent, case, Some(tomorrow)).await?,
            2 => cases::assign(app, agent, case, Some(colleague)).await?,
            _ => cases::move_to(app, agent, case, world.other_queue().await?).await?,
        }
        let changed = cases::case(&mut world.read().await?, case).await?;
        assert_ne!(
            (before.status, before.wait_until, before.owner, before.queue),
            (changed.status, changed.wait_until, changed.owner, changed.queue),
            "step {step} did nothing"
        );
        undo::take_back(app, agent, newest(&world).await?.id).await?;

        let after = cases::case(&mut world.read().await?, case).await?;
        let stood = |case: &cases::Case| {
            (case.status, case.due_from, case.due_at, case.wait_until, case.closed_at, case.owner, case.queue)
        };
        assert_eq!(stood(&before), stood(&after), "step {step}");
    }
    Ok(())
}

async fn nothing_is_taken_back_twice_or_by_somebody_else(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    let offer = newest(&world).await?;

    let foreign = undo::take_back(&world.app, &world.lead, offer.id).await;
    undo::take_back(&world.app, &world.agent, offer.id).await?;
    cases::close(&world.app, &world.agent, case).await?;
    let again = undo::take_back(&world.app, &world.agent, offer.id).await;

    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn what_somebody_else_did_meanwhile_stays(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    let offer = newest(&world).await?;
    world.forward(Duration::from_secs(5));
    world.write_to(case).await?;

    let late = undo::take_back(&world.app, &world.agent, offer.id).await;

    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    assert_eq!(world.status(case).await?, Status::Open);
    Ok(())
}

async fn the_page_offers_it_for_twenty_seconds(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    world.post_form(Role::Agent, &format!("/cases/{number}/close"), &[]).await?;
    let action = |page: &str| {
        let from = page.find("action=\"/undos/").map(|at| at + 8);
        from.and_then(|from| page[from..].split('"').next().map(str::to_owned))
    };

    let list = world.get(Role::Agent, "/cases").await?.body;
    let others = world.get(Role::Lead, "/cases").await?.body;
    let undo = action(&list).context("the list offers it")?;
    assert!(list.contains("Abgeschlossen."), "{list}");
    assert_eq!(action(&others), None);
    let taken = world.post_form(Role::Agent, &undo, &[]).await?;

    assert_eq!((taken.status.as_u16(), taken.location()), (303, format!("/cases/{number}").as_str()));
    assert_eq!(world.status(case).await?, Status::Open);
    world.post_form(Role::Agent, &format!("/cases/{number}/close"), &[]).await?;
    world.forward(Duration::from_secs(21));
    assert_eq!(action(&world.get(Role::Agent, "/cases").await?.body), None);
    Ok(())
}

async fn what_was_taken_back_is_said_before_what_else_could_be(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let path = format!("/cases/{}", world.number(case).await?);
    let answer = |text: &str| cases::Answer { text: text.into(), ..cases::Answer::default() };
    let first = cases::reply(&world.app, &world.agent, case, answer("Eins")).await?;
    let second = cases::reply(&world.app, &world.agent, case, answer("Zwei")).await?;
    world.post_form(Role::Agent, &format!("/contacts/{second}/undo"), &[]).await?;

    let told = [("accept", "text/html"), ("cookie", "kitt-flash=case-withdrawn")];
    let after = world.ask(Role::Agent, axum::http::Method::GET, &path, &told, "").await?.body;
    let later = world.get(Role::Agent, &path).await?.body;

    let offered = format!("action=\"/contacts/{first}/undo\"");
    assert!(after.contains("Zurückgeholt.") && !after.contains(&offered), "{after}");
    assert!(later.contains(&offered), "it can still be taken back: {later}");
    Ok(())
}

impl World {
    /// A queue that nothing waits in.
    pub(super) async fn other_queue(&self) -> Result<kitt::platform::QueueId> {
        let mut tx = self.app.db.write().await?;
        let queue = kitt::people::add_queue(&mut tx, "Ersatzteile", None, None, 480).await?;
        tx.commit().await?;
        Ok(queue)
    }
}
