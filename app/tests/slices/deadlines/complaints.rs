//! Complaints and their end.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::bulk::{self, Change, Chosen, Step};
use kitt::cases::complaint::{End, Outcome};
use kitt::cases::{Condition, Field, Filter, Patience, Status, Then, undo};
use kitt::deadlines::{Conditions, PolicySettings};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Error, Timestamp, sql};

use super::quick;
use crate::world::{World, both};

both!(
    a_complaint_says_how_it_ended,
    silence_closes_a_complaint_only_after_days,
    impatience_closes_a_complaint_no_sooner_and_says_how_it_ended,
    who_is_no_longer_waited_for_is_served,
    a_complaint_that_is_taken_back_at_once_has_missed_nothing,
    a_complaint_that_is_open_again_has_not_ended,
);

async fn a_complaint_says_how_it_ended(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let closed = cases::close(app, agent, case).await;
    let answered = world.says(case, Then::Close).await;
    let end = |outcome, letter: &str| End { outcome, note: String::new(), letter: letter.into() };
    let untold = cases::complaint::end(app, agent, case, end(Outcome::Escalation, " ")).await;
    cases::complaint::end(
        app,
        agent,
        case,
        end(Outcome::Escalation, "Sie können sich an die Schlichtung wenden."),
    )
    .await?;

    assert!(matches!(&closed, Err(Error::Invalid(errors)) if errors[0].word == "complaint-outcome-needed"));
    assert!(answered.is_err() && matches!(&untold, Err(Error::Invalid(_))), "{untold:?}");
    assert_eq!(world.status(case).await?, Status::Closed);
    let ended = cases::complaint::ended(&mut world.read().await?, case).await?;
    assert_eq!(ended.map(|ended| ended.outcome), Some(Outcome::Escalation));
    let letter = cases::contacts(&mut world.read().await?, case).await?.pop().context("a letter")?;
    assert!(letter.text.contains("Schlichtung"), "{}", letter.text);

    // The customer takes the offer: the end no longer counts.
    world.write_to(case).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    assert!(cases::complaint::ended(&mut world.read().await?, case).await?.is_none());
    assert!(cases::close(app, agent, case).await.is_err());
    cases::complaint::mark(app, agent, case, false).await?;
    cases::close(app, agent, case).await?;
    Ok(())
}

async fn a_complaint_that_is_taken_back_at_once_has_missed_nothing(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let conditions = Conditions { complaint: Some(true), ..Conditions::default() };
    world.promise(PolicySettings { conditions, ..quick() }).await?;
    let case = world.write_in("Ich beschwere mich").await?.0;
    world.forward(Duration::from_hours(3));
    let missed = async || -> Result<usize> {
        let entries = journal::of_case(&mut world.read().await?, case).await?;
        Ok(entries.iter().filter(|entry| matches!(entry.fact, Fact::DeadlineMissed { .. })).count())
    };

    // As a complaint it should have been answered an hour ago.
    cases::complaint::mark(app, agent, case, true).await?;
    assert_eq!(cases::alarm(app).await?, 0, "it can still be taken back");
    let offer = undo::newest(&mut world.read().await?, agent, world.now()).await?.context("an offer")?;
    undo::take_back(app, agent, offer.id).await?;
    world.forward(Duration::from_secs(30));
    cases::alarm(app).await?;
    assert_eq!(missed().await?, 0);

    cases::complaint::mark(app, agent, case, true).await?;
    world.forward(Duration::from_secs(30));
    assert_eq!(cases::alarm(app).await?, 1);
    assert_eq!(missed().await?, 1);
    Ok(())
}

async fn a_complaint_that_is_open_again_has_not_ended(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let end = || End { outcome: Outcome::Accepted, note: "Am Telefon.".into(), letter: String::new() };
    let ended = async || -> Result<Option<String>> {
        let ended = cases::complaint::ended(&mut world.read().await?, case).await?;
        Ok(ended.map(|ended| format!("{}: {}", ended.outcome, ended.note)))
    };
    let undo = async || -> Result<()> {
        let offer = undo::newest(&mut world.read().await?, agent, world.now()).await?;
        undo::take_back(app, agent, offer.context("nothing is offered")?.id).await?;
        Ok(())
    };

    cases::complaint::end(app, agent, case, end()).await?;
    undo().await?;
    assert_eq!((world.status(case).await?, ended().await?), (Status::Open, None));
    assert!(cases::close(app, agent, case).await.is_err(), "it is asked again");

    cases::complaint::end(app, agent, case, end()).await?;
    cases::reopen(app, agent, case).await?;
    assert_eq!(ended().await?, None);
    undo().await?;
    assert_eq!(ended().await?.as_deref(), Some("accepted: Am Telefon."), "it has ended after all");

    let closed = Chosen::All(Filter::all([Condition::is(Field::Status, "closed")]));
    let change = Change { step: Some(Step::Reopen), ..Change::default() };
    bulk::start(app, agent, &closed, &change).await?;
    assert_eq!((world.status(case).await?, ended().await?), (Status::Open, None));
    Ok(())
}

async fn silence_closes_a_complaint_only_after_days(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let silent = || End { outcome: Outcome::Silent, note: String::new(), letter: String::new() };
    let mut early = Vec::new();
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.says(case, Then::Wait).await?;
    world.forward(Timestamp::days(13));
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.forward(Timestamp::days(1));
    cases::complaint::end(app, agent, case, silent()).await?;

    assert_eq!(early, [true, true]);
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

/// Customers are reminded after five days; seven more, and the case closes.
async fn impatient(world: &World) -> Result<()> {
    let patience = Patience { active: true, ..Patience::of(world.queue) };
    Ok(cases::set_patience(&world.app, &world.admin, &patience).await?)
}

async fn impatience_closes_a_complaint_no_sooner_and_says_how_it_ended(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    impatient(&world).await?;
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    world.says(case, Then::Wait).await?;
    let mut done = Vec::new();
    for days in [5, 7, 1] {
        world.forward(Timestamp::days(days));
        done.push(cases::lose_patience(app).await?);
    }
    let still = world.status(case).await?;
    world.forward(Timestamp::days(1));
    done.push(cases::lose_patience(app).await?);

    assert_eq!(done, [1, 0, 0, 1], "reminded, then closed after the fortnight that complaints ask for");
    assert_eq!((still, world.status(case).await?), (Status::Waiting, Status::Closed));
    let ended = cases::complaint::ended(&mut world.read().await?, case).await?;
    assert_eq!(ended.map(|ended| ended.outcome), Some(Outcome::Silent));
    Ok(())
}

async fn who_is_no_longer_waited_for_is_served(world: World) -> Result<()> {
    impatient(&world).await?;
    world.promise(quick()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.says(case, Then::Wait).await?;
    for days in [5, 7] {
        world.forward(Timestamp::days(days));
        cases::lose_patience(&world.app).await?;
    }

    assert_eq!(world.status(case).await?, Status::Closed);
    let results: Vec<(String, bool)> =
        sql("SELECT clock, kept FROM deadline_results ORDER BY clock").all(&mut world.read().await?).await?;
    // The clocks stood still while the customer was waited for.
    assert_eq!(results, [("first".to_owned(), true), ("solution".to_owned(), true)]);
    Ok(())
}
