//! How long a queue waits for its customers.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Answer, Bin, Patience, Status, Then, bins};
use kitt::platform::{CaseId, Role, Timestamp};
use serde_json::json;

use crate::world::{World, both};

both!(
    who_does_not_answer_is_reminded_once_and_then_left_in_peace,
    a_reminder_says_du_where_that_is_usual,
    an_answer_stops_the_reminder,
    nobody_is_reminded_of_what_is_in_the_trash,
    a_queue_waits_for_ever_unless_it_is_told,
);

/// A case that waits for its customer in a queue that reminds after five days and closes after seven more.
async fn patient(world: &World) -> Result<CaseId> {
    let patience = Patience { active: true, ..Patience::of(world.queue) };
    cases::set_patience(&world.app, &world.admin, &patience).await?;
    let case = world.write_in("Lampe").await?.0;
    let answer = Answer { text: "Welche Farbe?".into(), then: Then::Wait, ..Answer::default() };
    cases::reply(&world.app, &world.agent, case, answer).await?;
    Ok(case)
}

async fn who_does_not_answer_is_reminded_once_and_then_left_in_peace(world: World) -> Result<()> {
    let case = patient(&world).await?;
    world.forward(Duration::from_mins(5 * 24 * 60 - 1));
    assert_eq!(cases::lose_patience(&world.app).await?, 0);

    world.forward(Duration::from_mins(2));
    assert_eq!(cases::lose_patience(&world.app).await?, 1);
    assert_eq!(cases::lose_patience(&world.app).await?, 0, "once");
    let reminder = world.texts_in(case).await?.pop().context("a reminder")?;
    assert!(reminder.contains("„Lampe“ fehlt uns noch Ihre Antwort"), "{reminder}");
    let last = cases::contacts(&mut world.read().await?, case).await?.pop().context("it")?;
    assert!(last.automatic && last.to_address.as_deref() == Some("ingrid@example.org"), "{last:?}");
    assert_eq!(world.status(case).await?, Status::Waiting);

    world.forward(Timestamp::days(7));
    assert_eq!(cases::lose_patience(&world.app).await?, 1);
    assert_eq!(world.status(case).await?, Status::Closed);
    assert_eq!(cases::lose_patience(&world.app).await?, 0);
    Ok(())
}

async fn a_reminder_says_du_where_that_is_usual(world: World) -> Result<()> {
    let case = patient(&world).await?;
    let form = json!({
        "queue": world.queue.to_string(), "active": "yes", "remind_days": "5", "close_days": "7",
        "text_de_informal": "{name}, magst du noch antworten?",
    });
    let set = world.post_json(Role::Admin, "/settings/patience", &form).await?;
    assert_eq!(set.status, 200, "{}", set.body);
    world.address(case, "informal").await?;
    world.forward(Timestamp::days(6));
    cases::lose_patience(&world.app).await?;

    let reminder = world.texts_in(case).await?.pop().context("a reminder")?;
    assert!(reminder.ends_with(", magst du noch antworten?"), "{reminder}");
    Ok(())
}

async fn an_answer_stops_the_reminder(world: World) -> Result<()> {
    let case = patient(&world).await?;
    world.forward(Timestamp::days(6));
    cases::lose_patience(&world.app).await?;
    world.write_to(case).await?;
    let answer = Answer { text: "Danke, und welche Größe?".into(), then: Then::Wait, ..Answer::default() };
    cases::reply(&world.app, &world.agent, case, answer).await?;

    world.forward(Timestamp::days(4));
    assert_eq!(cases::lose_patience(&world.app).await?, 0, "the days count anew");
    world.forward(Timestamp::days(2));
    assert_eq!(cases::lose_patience(&world.app).await?, 1, "reminded again, not closed");
    assert_eq!(world.status(case).await?, Status::Waiting);
    Ok(())
}

async fn nobody_is_reminded_of_what_is_in_the_trash(world: World) -> Result<()> {
    let (thrown, reminded) = (patient(&world).await?, patient(&world).await?);
    bins::put(&world.app, &world.agent, thrown, Some(Bin::Trash)).await?;
    world.forward(Timestamp::days(5));
    assert_eq!(cases::lose_patience(&world.app).await?, 1, "the one that is work");
    assert_eq!(world.texts_in(thrown).await?.len(), 2);

    bins::put(&world.app, &world.agent, reminded, Some(Bin::Spam)).await?;
    world.forward(Timestamp::days(8));
    assert_eq!(cases::lose_patience(&world.app).await?, 0);
    assert_eq!(world.status(reminded).await?, Status::Waiting, "it is as it was when it is taken out");
    Ok(())
}

async fn a_queue_waits_for_ever_unless_it_is_told(world: World) -> Result<()> {
    let case = patient(&world).await?;
    let off = Patience { active: false, ..Patience::of(world.queue) };
    cases::set_patience(&world.app, &world.admin, &off).await?;
    world.forward(Timestamp::days(40));

    assert_eq!(cases::lose_patience(&world.app).await?, 0);
    assert_eq!(world.status(case).await?, Status::Waiting);
    let wrong = world
        .post_form(
            Role::Admin,
            "/settings/patience",
            &[("queue", &world.queue.to_string()), ("remind_days", "0"), ("close_days", "7")],
        )
        .await?;
    assert!(
        wrong.status.as_u16() == 422 && wrong.body.contains("data-field=\"remind_days\""),
        "{}",
        wrong.body
    );
    Ok(())
}
