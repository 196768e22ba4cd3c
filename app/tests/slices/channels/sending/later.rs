//! Mail that leaves later: planned for then, or because nobody takes it now.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, State};
use kitt::channels;
use kitt::channels::Stand;
use kitt::node;
use kitt::platform::{Clock, ContactId, Error, Jump, Role, jobs};
use serde_json::json;

use super::{PATIENCE, UNDONE};
use crate::support::smtp;
use crate::world::{World, both};

both!(
    a_planned_answer_leaves_when_its_time_comes_also_after_a_restart,
    a_planned_answer_can_be_moved_and_taken_back,
    a_mail_that_waits_too_long_is_an_alarm,
    a_queue_that_nobody_empties_is_told_on_every_page_until_it_is_well,
    when_the_clock_goes_back_no_answer_waits_for_the_hour_to_come_again,
    an_answer_that_is_heard_of_after_the_clock_went_back_leaves_as_well,
    an_answer_that_was_on_its_way_while_the_clock_went_back_is_found_later,
    a_mail_that_was_put_off_rests_no_longer_when_the_clock_goes_back,
);

impl World {
    /// The system's clock is set back.
    async fn back(&mut self, by: Duration) -> Result<Jump> {
        let jump = Jump { was: self.now(), now: self.now() - by };
        self.app = node::open(self.app.settings().clone(), Clock::fixed(jump.now)).await?;
        self.forget_sessions();
        Ok(jump)
    }

    /// What waits is put right, as far as it is seen.
    async fn put_right(&self, jump: Jump) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        jobs::clock_went_back(&mut tx, jump).await?;
        channels::clock_went_back(&mut tx, jump).await?;
        Ok(tx.commit().await?)
    }
}

async fn a_planned_answer_leaves_when_its_time_comes_also_after_a_restart(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    let case = world.case_of_address("ingrid@example.org").await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    let form = json!({ "body": "Guten Morgen!", "at": "2026-11-17T08:00" });
    let written = world.post_json(Role::Agent, &format!("/cases/{number}/replies"), &form).await?.json()?;
    let contact = ContactId(written["contact"].as_i64().context("a contact")?);
    world.hear().await?;

    world.use_server(&server).await?;
    world.after(Duration::from_hours(22)).await?;
    assert!(server.mails()?.is_empty());
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("geplant") && page.contains("Zurückholen"), "{page}");
    world.after(Duration::from_hours(1)).await?;

    assert_eq!(server.wait_for(1, PATIENCE)?.len(), 1);
    assert_eq!(world.fares(contact).await?, (State::Sent, None));
    Ok(())
}

async fn a_planned_answer_can_be_moved_and_taken_back(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.case_of_address("ingrid@example.org").await?;
    let planned = |hours| {
        let at = Some(world.now() + Duration::from_hours(hours));
        Answer { text: "Später.".into(), at, ..Answer::default() }
    };
    let past = Answer { at: Some(world.now()), ..planned(1) };
    let refused = cases::reply(&world.app, &world.agent, case, past).await;
    assert!(matches!(&refused, Err(Error::Invalid(errors)) if errors[0].field == "at"), "{refused:?}");

    let moved = cases::reply(&world.app, &world.agent, case, planned(1)).await?;
    let taken_back = cases::reply(&world.app, &world.agent, case, planned(2)).await?;
    world.hear().await?;
    let form = json!({ "at": (world.now() + Duration::from_hours(3)).to_string() });
    let answer = world.post_json(Role::Agent, &format!("/contacts/{moved}/time"), &form).await?;
    assert!(answer.status.is_success(), "{}", answer.body);
    cases::withdraw(&world.app, &world.agent, taken_back).await?;

    world.after(Duration::from_mins(150)).await?;
    assert!(server.mails()?.is_empty());
    world.after(Duration::from_mins(31)).await?;

    assert_eq!(server.wait_for(1, PATIENCE)?.len(), 1);
    assert_eq!(world.fares(moved).await?.0, State::Sent);
    assert_eq!(world.fares(taken_back).await?.0, State::Withdrawn);
    Ok(())
}

async fn a_mail_that_waits_too_long_is_an_alarm(mut world: World) -> Result<()> {
    world.use_relay("smtp://127.0.0.1:1").await?;
    world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;
    world.after(UNDONE).await?;
    let soon = channels::overdue(&world.app, &mut world.read().await?).await?;
    world.after(Duration::from_mins(15)).await?;
    let late = channels::overdue(&world.app, &mut world.read().await?).await?;

    assert_eq!((soon.mails, soon.alarm), (1, false));
    assert_eq!((late.mails, late.late, late.alarm), (1, 1, true));
    let page = world.get(Role::Admin, "/settings/sending").await?.body;
    assert!(page.contains("kommt nicht hinaus"), "{page}");
    let metrics = world.get(Role::Admin, "/metrics").await?.body;
    assert!(metrics.contains("kitt_mails_outgoing 1\n"), "{metrics}");
    assert!(metrics.contains("kitt_mails_outgoing_alarm 1\n"), "{metrics}");
    Ok(())
}

async fn a_queue_that_nobody_empties_is_told_on_every_page_until_it_is_well(mut world: World) -> Result<()> {
    world.use_relay("smtp://127.0.0.1:1").await?;
    world.write_answer_to("ingrid@example.org", "Wir sehen nach.").await?;
    world.after(UNDONE).await?;
    assert_eq!(channels::watch(&world.app).await?, Stand::Well);
    world.after(Duration::from_mins(15)).await?;

    assert_eq!(channels::watch(&world.app).await?, Stand::Stuck);
    let told = |page: &str| page.contains("data-banner");
    let (admin, agent) =
        (world.get(Role::Admin, "/cases").await?.body, world.get(Role::Agent, "/cases").await?.body);
    assert!(
        told(&admin) && admin.matches("data-banner").count() == 1 && admin.contains("/settings/sending"),
        "{admin}"
    );
    assert!(told(&agent) && !agent.contains("/settings/sending"), "{agent}");
    assert!(!told(&world.get(Role::Department, "/department").await?.body));

    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.after(Duration::from_hours(1)).await?;
    server.wait_for(1, PATIENCE)?;
    assert_eq!(channels::watch(&world.app).await?, Stand::Well);
    assert!(!told(&world.get(Role::Admin, "/cases").await?.body));
    Ok(())
}

async fn when_the_clock_goes_back_no_answer_waits_for_the_hour_to_come_again(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let hour = Duration::from_hours(1);
    let case = world.case_of_address("anna@example.org").await?;
    let later = |at| Answer { text: "Morgen.".into(), at: Some(at), ..Answer::default() };
    // It was to leave when the clock went back by an hour, the other one tomorrow.
    cases::reply(&world.app, &world.agent, case, later(world.now() + hour)).await?;
    cases::reply(&world.app, &world.agent, case, later(world.now() + 24 * hour)).await?;
    world.settle().await?;
    assert!(server.mails()?.is_empty());

    world.put_right(Jump { was: world.now() + hour, now: world.now() }).await?;
    world.settle().await?;

    server.wait_for(1, PATIENCE)?;
    world.forward(Duration::from_hours(2));
    world.settle().await?;
    assert_eq!(server.mails()?.len(), 1, "what was planned keeps to the clock");
    Ok(())
}

async fn an_answer_that_is_heard_of_after_the_clock_went_back_leaves_as_well(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    let case = world.case_of_address("anna@example.org").await?;
    world.hear().await?;
    cases::reply(&world.app, &world.agent, case, Answer { text: "Heute.".into(), ..Answer::default() })
        .await?;
    let at = Some(world.now() + Duration::from_hours(2));
    cases::reply(&world.app, &world.agent, case, Answer { text: "Geplant.".into(), at, ..Answer::default() })
        .await?;

    let jump = world.back(Duration::from_hours(1)).await?;
    world.put_right(jump).await?;
    world.settle().await?;

    assert!(server.mails()?.is_empty(), "it can still be taken back");
    world.after(UNDONE).await?;
    assert_eq!(server.wait_for(1, PATIENCE)?[0].to, ["anna@example.org"]);
    world.after(Duration::from_hours(2)).await?;
    assert_eq!(server.mails()?.len(), 1, "what was planned keeps to the clock");
    Ok(())
}

async fn an_answer_that_was_on_its_way_while_the_clock_went_back_is_found_later(
    mut world: World,
) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.write_answer_to("anna@example.org", "Heute.").await?;
    // Its row is written by the clock of before, and seen only after the look.
    world.hear().await?;
    let jump = world.back(Duration::from_hours(1)).await?;
    let case = world.case_of_address("karl@example.org").await?;
    let at = Some(world.now() + Duration::from_mins(30));
    cases::reply(&world.app, &world.agent, case, Answer { text: "Geplant.".into(), at, ..Answer::default() })
        .await?;
    world.after(Duration::from_secs(2)).await?;
    assert!(server.mails()?.is_empty());

    let late = jump.late(world.now()).context("a large jump")?;
    let mut tx = world.app.db.write().await?;
    jobs::came_late(&mut tx, late).await?;
    channels::came_late(&mut tx, late).await?;
    tx.commit().await?;
    world.settle().await?;

    assert_eq!(server.wait_for(1, PATIENCE)?[0].to, ["anna@example.org"]);
    assert_eq!(server.mails()?.len(), 1, "what was planned since keeps to the clock");
    Ok(())
}

async fn a_mail_that_was_put_off_rests_no_longer_when_the_clock_goes_back(mut world: World) -> Result<()> {
    let busy = json!([{ "at": "rcpt", "say": "451 4.7.1 Greylisted, come back later", "times": 2 }]);
    let server = smtp::Server::scripted(&busy)?;
    world.use_server(&server).await?;
    world.write_answer_to("anna@example.org", "Heute.").await?;
    world.after(UNDONE).await?;
    // Half of the time since the first attempt.
    world.after(Duration::from_hours(1)).await?;
    assert!(server.mails()?.is_empty());

    let jump = world.back(Duration::from_hours(5)).await?;
    world.put_right(jump).await?;
    world.settle().await?;
    assert!(server.mails()?.is_empty(), "the pause is kept");

    world.after(Duration::from_mins(31)).await?;
    assert_eq!(server.wait_for(1, PATIENCE)?.len(), 1);
    Ok(())
}
