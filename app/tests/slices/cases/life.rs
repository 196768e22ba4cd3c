//! The life of a case, from the first message to its end.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Incoming, Status, Then};
use kitt::journal;
use kitt::platform::{Error, Role, Timestamp, dialect, sql};

use super::answer;
use crate::world::{World, both};

both!(
    a_first_message_opens_a_case_that_is_due_in_working_hours,
    what_the_customer_writes_next_opens_a_closed_case_again,
    a_second_message_does_not_move_the_deadline,
    a_stranger_and_a_machine_owe_no_answer,
    a_waiting_case_wakes_when_its_time_comes,
    numbers_are_never_given_twice,
    a_sitting_counts_two_minutes_at_most,
    what_was_just_closed_does_not_wake,
    who_was_not_answered_still_waits_after_closing_and_reopening,
    a_new_case_needs_a_way_to_reach_its_customer_and_keeps_every_word,
    one_phone_number_is_one_customer_however_it_is_written,
    nobody_waits_for_a_day_that_was_mistyped,
    no_text_can_hold_a_nul,
    who_takes_a_case_over_owns_it,
    no_day_is_too_far_away_without_a_word,
);

async fn a_first_message_opens_a_case_that_is_due_in_working_hours(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;

    let row = cases::case(&mut world.read().await?, case).await?;
    let facts = journal::of_case(&mut world.read().await?, case).await?;

    assert_eq!((row.status, row.subject.as_str(), row.contacts), (Status::Open, "Die Lampe flackert", 1));
    assert!(row.number.starts_with("26-"), "{}", row.number);
    // Monday 9:00 and eight working hours.
    assert_eq!(row.due_at, Some(world.now() + Duration::from_hours(8)));
    assert_eq!(facts.len(), 2, "{facts:?}");
    Ok(())
}

async fn what_the_customer_writes_next_opens_a_closed_case_again(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    assert_eq!(world.status(case).await?, Status::Closed);

    world.forward(Timestamp::days(1));
    world.write_to(case).await?;

    let row = cases::case(&mut world.read().await?, case).await?;
    assert_eq!((row.status, row.contacts, row.closed_at), (Status::Open, 2, None));
    assert!(row.due_at.is_some());
    Ok(())
}

async fn a_second_message_does_not_move_the_deadline(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let due = cases::case(&mut world.read().await?, case).await?.due_at;

    world.forward(Duration::from_hours(1));
    world.write_to(case).await?;

    assert_eq!(cases::case(&mut world.read().await?, case).await?.due_at, due);
    Ok(())
}

async fn a_stranger_and_a_machine_owe_no_answer(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::close(&world.app, &world.agent, case).await?;
    for (automatic, stranger) in [(true, false), (false, true)] {
        let incoming = Incoming { automatic, stranger, ..world.incoming(Some(case), "Bin im Urlaub").await? };
        world.receive(incoming).await?;
    }

    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn a_waiting_case_wakes_when_its_time_comes(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let past = cases::wait(&world.app, &world.agent, case, Some(world.now())).await;
    cases::wait(&world.app, &world.agent, case, Some(world.now() + Timestamp::days(2))).await?;

    assert!(matches!(past, Err(Error::Invalid(_))));
    world.forward(Timestamp::days(1));
    assert_eq!(cases::wake(&world.app).await?, 0);
    world.forward(Timestamp::days(1));
    assert_eq!(cases::wake(&world.app).await?, 1);
    assert_eq!(cases::wake(&world.app).await?, 0);
    assert_eq!(world.status(case).await?, Status::Open);
    Ok(())
}

async fn numbers_are_never_given_twice(world: World) -> Result<()> {
    let incoming = world.incoming(None, "Gleichzeitig").await?;
    let open = || {
        let (app, agent, incoming) = (world.app.clone(), world.agent.clone(), incoming.clone());
        tokio::spawn(async move {
            let mut tx = app.db.write().await?;
            let opened = cases::receive(&app, &mut tx, &agent, incoming).await?;
            tx.commit().await?;
            Ok::<_, Error>(opened.0)
        })
    };
    let tasks: Vec<_> = (0..12).map(|_| open()).collect();
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        let case = task.await??;
        numbers.insert(cases::case(&mut world.read().await?, case).await?.number);
    }

    assert_eq!(numbers.len(), 12);
    Ok(())
}

async fn a_sitting_counts_two_minutes_at_most(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    for seconds in [30, 0, -5, 4000] {
        cases::spend_time(&world.app, &world.agent, case, seconds).await?;
    }

    assert_eq!(cases::case(&mut world.read().await?, case).await?.active_seconds, 150);
    Ok(())
}

async fn what_was_just_closed_does_not_wake(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::wait(&world.app, &world.agent, case, Some(world.now() + Timestamp::days(1))).await?;
    world.forward(Timestamp::days(1));
    let mut tx = world.app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    sql("UPDATE cases SET status = 'closed', wait_until = NULL, closed_at = 1").run(&mut tx).await?;

    let app = world.app.clone();
    let waking = tokio::spawn(async move { cases::wake(&app).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    tx.commit().await?;

    assert_eq!(waking.await??, 0);
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn who_was_not_answered_still_waits_after_closing_and_reopening(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let due = cases::case(&mut world.read().await?, case).await?.due_at;

    world.forward(Duration::from_mins(5));
    cases::close(&world.app, &world.agent, case).await?;
    cases::reopen(&world.app, &world.agent, case).await?;
    let unanswered = cases::case(&mut world.read().await?, case).await?;
    cases::reply(&world.app, &world.agent, case, answer(Then::Close)).await?;
    cases::reopen(&world.app, &world.agent, case).await?;
    let answered = cases::case(&mut world.read().await?, case).await?;

    assert_eq!((unanswered.due_at, unanswered.status), (due, Status::Open));
    assert_eq!((answered.due_at, answered.status), (None, Status::Open));
    Ok(())
}

async fn a_new_case_needs_a_way_to_reach_its_customer_and_keeps_every_word(world: World) -> Result<()> {
    let long = "x".repeat(10_000);
    let new = |reach: &str, name: &str, subject: &str| serde_json::json!({"channel": "phone", "reach": reach, "name": name, "subject": subject, "text": "Hallo"});
    for (case, field) in [
        (new("kein anschluss", "Anna", "Lampe"), "reach"),
        (new("", "Anna", "Lampe"), "reach"),
        (new("+43 664 1234567", &long, "Lampe"), "name"),
        (new("+43 664 1234567", "Anna", &long), "subject"),
        (new("anna@", "Anna", "Lampe"), "reach"),
    ] {
        let refused = world.post_json(Role::Agent, "/cases", &case).await?;
        assert_eq!(refused.status, 422, "{}", refused.body);
        let errors = refused.json()?["errors"].clone();
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors}");
        assert_eq!(errors[0]["field"], field, "{errors}");
    }
    Ok(())
}

async fn one_phone_number_is_one_customer_however_it_is_written(world: World) -> Result<()> {
    let mut customers = Vec::new();
    for reach in ["+43 664 1234567", "0043 664 1234567", "0664/123 45 67", "+43 (0)664 1234567"] {
        let new =
            serde_json::json!({"channel": "phone", "reach": reach, "subject": "Lampe", "text": "Hallo"});
        let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
        let number = logged["number"].as_str().context("a number")?;
        customers.push(cases::by_number(&mut world.read().await?, number).await?.customer);
    }

    customers.dedup();
    assert_eq!(customers.len(), 1, "{customers:?}");
    Ok(())
}

async fn nobody_waits_for_a_day_that_was_mistyped(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    for (until, message) in [
        ("9999-12-31T10:00", "mehr als zehn Jahre"),
        ("2020-01-01T10:00", "liegt in der Vergangenheit"),
        ("1900-01-01T10:00", "Prüf das Jahr"),
        ("morgen", "nicht die richtige Form"),
    ] {
        let path = format!("/cases/{number}/wait");
        let refused = world.post_form(Role::Agent, &path, &[("until", until)]).await?;
        assert_eq!(refused.status, 422, "{until}");
        assert!(refused.body.contains(message), "{until}: {}", refused.body);
    }
    Ok(())
}

async fn no_text_can_hold_a_nul(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let note = cases::note(&world.app, &world.agent, case, "Kein\0 Ende", Vec::new()).await?;

    assert_eq!(cases::contact(&mut world.read().await?, note).await?.text, "Kein Ende");
    Ok(())
}

async fn who_takes_a_case_over_owns_it(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    let form = page
        .split("<form")
        .find(|form| form.contains(&format!("id=\"take-{number}\"")))
        .context("no form")?;
    assert_eq!(
        form.split("</form>").next().map(|form| form.matches("name=\"owner\"").count()),
        Some(1),
        "{form}"
    );
    let me = form.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).context("nobody")?;

    let taken = world.post_form(Role::Agent, &format!("/cases/{number}/assignee"), &[("owner", me)]).await?;

    assert_eq!((taken.status.as_u16(), taken.location()), (303, format!("/cases/{number}").as_str()));
    let line = cases::line(&mut world.read().await?, case).await?;
    assert_eq!(line.owner_name.as_deref(), Some("Eva Agent"));
    Ok(())
}

async fn no_day_is_too_far_away_without_a_word(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let path = format!("/cases/{}/wait", world.number(case).await?);

    for (until, word) in [("9999-12-31T23:00", "mehr als zehn Jahre"), ("bald", "nicht die richtige Form")] {
        let answer = world.post_form(Role::Agent, &path, &[("until", until)]).await?;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(
            answer.body.contains("data-field=\"until\"") && answer.body.contains(word),
            "{}",
            answer.body
        );
    }
    Ok(())
}
