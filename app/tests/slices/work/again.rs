//! Cases that come again and again.

use anyhow::{Context, Result};
use jiff::civil::{date, time};
use kitt::cases::{Status, bins};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{EntryId, Error, Role, Timestamp};
use kitt::recurring;
use kitt::recurring::{Draft, Rhythm, Unit};

use super::{LATE, me, refused};
use crate::world::{World, both};

both!(
    a_case_comes_again_and_what_was_missed_comes_once,
    what_comes_again_can_be_changed,
    what_comes_again_is_paused_skipped_and_removed,
    what_was_done_with_a_template_is_taken_back,
    what_others_did_with_a_template_stays,
    a_mistyped_year_is_refused,
    a_template_names_no_case_that_one_may_not_know_of,
);

/// Every Monday at eight, since this one.
fn weekly(world: &World) -> Result<Draft> {
    Ok(Draft {
        subject: "Lager prüfen".into(),
        text: "Regal 3 und 4".into(),
        customer: None,
        queue: world.queue,
        owner: Some(me(world)?),
        checklist: None,
        rhythm: Rhythm { every: 1, unit: Unit::Week, first: date(2026, 11, 16), time: time(8, 0, 0, 0) },
    })
}

async fn a_case_comes_again_and_what_was_missed_comes_once(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let template = recurring::save(app, agent, None, &weekly(&world)?).await?;
    // It is Monday, nine o'clock: the next time is in a week.
    assert_eq!(recurring::open_due(app).await?, 0);

    world.forward(Timestamp::days(24));
    assert_eq!(recurring::open_due(app).await?, 1);
    assert_eq!(recurring::open_due(app).await?, 0, "three weeks are one case");

    let row = recurring::one(&mut world.read().await?, &world.agent, template).await?;
    let case = world.case_row(row.last_case.context("a case")?).await?;
    assert_eq!(
        (case.subject.as_str(), case.owner, case.status),
        ("Lager prüfen", agent.person_id(), Status::Open)
    );
    assert_eq!(world.texts_in(case.id).await?, ["Regal 3 und 4"]);
    assert!(world.has(case.id, &Fact::CaseRecurred { recurring: template }).await?);
    world.forward(Timestamp::days(4));
    assert_eq!(recurring::open_due(app).await?, 1);
    let second = recurring::save(app, agent, None, &weekly(&world)?).await?;
    let second = recurring::one(&mut world.read().await?, &world.agent, second).await?;
    assert_eq!(second.customer, row.customer, "the house is one customer");
    Ok(())
}

async fn what_comes_again_can_be_changed(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let template = recurring::save(app, agent, None, &weekly(&world)?).await?;

    let rhythm = Rhythm { every: 2, ..weekly(&world)?.rhythm };
    let other = Draft { subject: "Keller prüfen".into(), owner: None, rhythm, ..weekly(&world)? };
    recurring::save(app, agent, Some(template), &other).await?;

    let row = recurring::one(&mut world.read().await?, &world.agent, template).await?;
    assert_eq!((row.subject.as_str(), row.owner, row.every), ("Keller prüfen", None, 2));
    assert_eq!(recurring::all(&mut world.read().await?, &world.agent).await?.len(), 1, "it is still one");
    Ok(())
}

async fn what_comes_again_is_paused_skipped_and_removed(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let form = [
        ("subject", "Lager prüfen"),
        ("text", "Regal 3"),
        ("queue", &world.queue.to_string()),
        ("every", "1"),
        ("unit", "week"),
        ("first_day", "2026-11-23"),
        ("time", "08:00"),
    ];
    let saved = world.post_form(Role::Agent, "/recurring", &form).await?;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.body);
    let page = world.get(Role::Agent, "/recurring").await?.body;
    for day in ["23.11.2026, 08:00", "30.11.2026, 08:00", "07.12.2026, 08:00"] {
        assert!(page.contains(day), "{day} is announced: {page}");
    }
    let template = recurring::all(&mut world.read().await?, &world.agent).await?[0].id;

    let told = async || -> Result<usize> {
        let facts = journal::of_house(
            &mut world.read().await?,
            EntryId(i64::MAX),
            &kitt::journal::Among::default(),
            100,
        )
        .await?;
        let changed = Fact::SettingChanged { name: "recurring".into(), of: Some(template) };
        Ok(facts.iter().filter(|entry| entry.fact == changed).count())
    };
    let before = told().await?;
    recurring::skip(app, agent, template).await?;
    assert_eq!(told().await?, before + 1);
    world.forward(Timestamp::days(8));
    assert_eq!(recurring::open_due(app).await?, 0, "left out");
    recurring::pause(app, agent, template, true).await?;
    world.forward(Timestamp::days(30));
    assert_eq!(recurring::open_due(app).await?, 0, "paused");
    let row = recurring::pause(app, agent, template, false).await?;
    assert_eq!(told().await?, before + 3, "who left a date out, paused it and let it go on is known");
    assert!(world.now() < row.next_at, "what was paused is not made up");
    recurring::remove(app, agent, template).await?;
    assert!(recurring::all(&mut world.read().await?, &world.agent).await?.is_empty());
    let never = Draft { rhythm: Rhythm { every: 0, ..weekly(&world)?.rhythm }, ..weekly(&world)? };
    assert_eq!(refused(recurring::save(app, agent, None, &never).await), Some("recurring-every"));
    Ok(())
}

async fn what_was_done_with_a_template_is_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let template = recurring::save(app, &world.lead, None, &weekly(&world)?).await?;
    let now = async || -> Result<serde_json::Value> {
        Ok(serde_json::to_value(recurring::one(&mut world.read().await?, agent, template).await?)?)
    };
    let before = now().await?;
    let rhythm = Rhythm { every: 2, ..weekly(&world)?.rhythm };
    let other = Draft { subject: "Keller prüfen".into(), owner: None, rhythm, ..weekly(&world)? };

    for step in 0..5 {
        match step {
            0 => {
                recurring::save(app, agent, Some(template), &other).await?;
            }
            1 => {
                recurring::pause(app, agent, template, true).await?;
            }
            2 => {
                recurring::skip(app, agent, template).await?;
            }
            3 => {
                recurring::pause(app, &world.lead, template, true).await?;
                recurring::pause(app, agent, template, false).await?;
                world.undo_last().await?;
                assert_eq!(now().await?["paused"], true, "it rests again");
                recurring::pause(app, &world.lead, template, false).await?;
                continue;
            }
            _ => {
                recurring::remove(app, agent, template).await?;
                assert!(recurring::all(&mut world.read().await?, agent).await?.is_empty());
            }
        }
        world.undo_last().await?;
        assert_eq!(now().await?, before, "step {step}");
    }

    let added = recurring::save(app, agent, None, &other).await?;
    assert_ne!(added, template, "the number of the other is its own");
    let page = world.get(Role::Agent, "/recurring").await?.body;
    let undo = page.split("action=\"/undos/").nth(1).and_then(|rest| rest.split('"').next());
    let undo = format!("/undos/{}", undo.context("the page offers it")?);
    assert!(page.contains("data-live=\"recurring\""), "others see it at once: {page}");
    let back = world.post_form(Role::Agent, &undo, &[]).await?;
    assert_eq!((back.status.as_u16(), back.location()), (303, "/recurring"));
    assert_eq!(recurring::all(&mut world.read().await?, agent).await?.len(), 1);
    let facts =
        journal::of_house(&mut world.read().await?, EntryId(i64::MAX), &kitt::journal::Among::default(), 100)
            .await?;
    let is_of = |fact: &Fact| matches!(fact, Fact::SettingChanged { name, .. } if name == "recurring");
    let told = facts.iter().filter(|entry| is_of(&entry.fact)).count();
    assert_eq!(told, 15, "each way there and back");
    Ok(())
}

async fn what_others_did_with_a_template_stays(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let template = recurring::save(app, agent, None, &weekly(&world)?).await?;

    recurring::pause(app, lead, template, true).await?;
    assert_eq!(world.why_kept().await?, LATE, "a colleague counts on it");
    recurring::pause(app, agent, template, false).await?;
    recurring::remove(app, lead, template).await?;
    assert_eq!(world.why_kept().await?, LATE, "it is gone");

    let second = recurring::save(app, agent, None, &weekly(&world)?).await?;
    recurring::remove(app, agent, second).await?;
    let mut moved = agent.clone();
    moved.roles = vec![Role::Manager];
    let may_not = world.undo_of(&moved).await?;
    assert!(matches!(may_not, Err(Error::Forbidden(_))), "{may_not:?}");
    moved.roles.clone_from(&agent.roles);
    moved.sight.hidden = vec![world.queue];
    let hidden = world.undo_of(&moved).await?;
    assert!(matches!(hidden, Err(Error::NotFound)), "its queue is hidden by now: {hidden:?}");
    world.undo_last().await?;
    assert_eq!(recurring::all(&mut world.read().await?, agent).await?.len(), 1);
    Ok(())
}

async fn a_mistyped_year_is_refused(world: World) -> Result<()> {
    let number = world.number(world.write_in("Lampe").await?.0).await?;
    let queue = world.queue.to_string();
    let form = |day: &'static str| {
        [("subject", "Lager"), ("text", "Regal"), ("every", "1"), ("unit", "week"), ("time", "08:00")]
            .into_iter()
            .chain([("first_day", day), ("queue", queue.as_str())])
            .collect::<Vec<_>>()
    };
    let tasks = format!("/cases/{number}/tasks");

    for day in ["0026-11-23", "9999-01-01"] {
        let again = world.post_form(Role::Agent, "/recurring", &form(day)).await?;
        assert!(again.status == 422 && again.body.contains("Prüf das Jahr"), "{day}: {}", again.body);
    }
    let task = [("title", "Nachsehen"), ("due", "0001-01-01T00:00")];
    let task = world.post_form(Role::Agent, &tasks, &task).await?;

    assert!(task.status == 422 && task.body.contains("Prüf das Jahr"), "{}", task.body);
    Ok(())
}

async fn a_template_names_no_case_that_one_may_not_know_of(world: World) -> Result<()> {
    let (app, lead) = (&world.app, &world.lead);
    let draft = Draft { owner: lead.person_id(), ..weekly(&world)? };
    let template = recurring::save(app, lead, None, &draft).await?;
    world.forward(Timestamp::days(7));
    recurring::open_due(app).await?;
    let row = recurring::one(&mut world.read().await?, lead, template).await?;
    bins::set_private(app, lead, row.last_case.context("a case")?, true).await?;

    let names = async |role: Role| -> Result<bool> {
        let all = world.get_json(role, "/recurring").await?.json()?;
        Ok(all["items"][0]["last_number"].is_string())
    };
    assert!(names(Role::Lead).await?, "whose case it is");
    assert!(!names(Role::Agent).await?, "the template is for all, its case is not");
    Ok(())
}
