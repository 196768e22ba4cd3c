//! Macros.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Condition, Field, Filter, Priority, Status, undo};
use kitt::platform::{Error, Role, Timestamp};
use kitt::rules;
use kitt::rules::{Deed, Definition, Outcome, RuleKind, macros};
use serde_json::json;

use super::all;
use crate::world::{World, both};

both!(
    a_macro_acts_as_its_person_and_is_taken_back_at_once,
    the_page_offers_the_way_back_of_a_macro,
    a_macro_is_taken_back_as_a_whole_or_not_at_all,
    a_macro_that_cannot_end_does_nothing,
    a_macro_on_marked_cases_is_taken_back_as_one,
);

async fn a_macro_acts_as_its_person_and_is_taken_back_at_once(world: World) -> Result<()> {
    let me = world.agent.person()?.to_string();
    let actions =
        all(&[(Deed::Owner, &me), (Deed::Priority, "high"), (Deed::Tag, "VIP"), (Deed::Wait, "3d")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    let before = world.case_now(case).await?;

    let outcome = macros::run(&world.app, &world.agent, id, case).await?;

    let after = world.case_now(case).await?;
    assert_eq!(outcome, Outcome::Changed);
    assert_eq!(
        (after.owner, after.priority, after.status, after.wait_until),
        (world.agent.person_id(), Priority::High, Status::Waiting, Some(world.now() + Timestamp::days(3)))
    );
    let run = &rules::runs_of_case(&mut world.read().await?, case, 10).await?[0];
    assert_eq!((run.person, run.done()), (world.agent.person_id(), vec![0, 1, 2, 3]));
    let log = world.get_json(Role::Admin, &format!("/settings/rules/{id}/log")).await?.body;
    assert!(log.contains("\"outcome\"") && !log.contains("\"person\""), "what each person does: {log}");
    let offer =
        undo::newest(&mut world.read().await?, &world.agent, world.now()).await?.context("it is offered")?;
    undo::take_back(&world.app, &world.agent, offer.id).await?;
    let back = world.case_now(case).await?;
    assert_eq!(
        (back.owner, back.priority, back.status, back.due_at),
        (before.owner, before.priority, before.status, before.due_at)
    );
    assert!(world.tags(case).await?.is_empty());
    Ok(())
}

async fn the_page_offers_the_way_back_of_a_macro(world: World) -> Result<()> {
    let actions = all(&[(Deed::Priority, "high"), (Deed::Tag, "VIP"), (Deed::Close, "")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    let before = world.case_now(case).await?;
    let path = format!("/cases/{}/macros", before.number);
    let ran = world.post_form(Role::Agent, &path, &[("macro", &id.to_string())]).await?;
    assert_eq!(ran.status, StatusCode::SEE_OTHER, "{}", ran.body);
    assert_eq!(world.case_now(case).await?.status, Status::Closed);

    let page = world.get(Role::Agent, "/cases").await?.body;
    let undo = page.split_once("action=\"/undos/").and_then(|(_, rest)| rest.split_once('"'));
    let (undo, _) = undo.with_context(|| format!("no way back: {page}"))?;
    assert!(page.contains("Makro ausgeführt."), "one thing, by its name: {page}");
    world.post_form(Role::Agent, &format!("/undos/{undo}"), &[]).await?;

    let back = world.case_now(case).await?;
    assert_eq!((back.priority, back.status, back.due_at), (before.priority, before.status, before.due_at));
    assert!(world.tags(case).await?.is_empty());
    Ok(())
}

async fn a_macro_is_taken_back_as_a_whole_or_not_at_all(world: World) -> Result<()> {
    let me = world.agent.person()?.to_string();
    let actions = all(&[(Deed::Owner, &me), (Deed::Priority, "high")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    macros::run(&world.app, &world.agent, id, case).await?;
    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;

    let offer = undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
    let late = undo::take_back(&world.app, &world.agent, offer.context("it is offered")?.id).await;

    assert!(matches!(late, Err(Error::Invalid(_))), "somebody else has it by now: {late:?}");
    let after = world.case_now(case).await?;
    assert_eq!((after.owner, after.priority), (world.lead.person_id(), Priority::High));
    Ok(())
}

async fn a_macro_that_cannot_end_does_nothing(world: World) -> Result<()> {
    let actions = all(&[(Deed::Tag, "VIP"), (Deed::Close, "")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    cases::complaint::mark(&world.app, &world.agent, case, true).await?;

    let refused = macros::run(&world.app, &world.agent, id, case).await;

    assert!(matches!(refused, Err(Error::Invalid(_))), "nobody said how the complaint ended: {refused:?}");
    assert_eq!(world.case_now(case).await?.status, Status::Open);
    assert!(world.tags(case).await?.is_empty());
    assert!(rules::runs_of_case(&mut world.read().await?, case, 10).await?.is_empty());
    Ok(())
}

async fn a_macro_on_marked_cases_is_taken_back_as_one(world: World) -> Result<()> {
    let definition = Definition {
        filter: Filter::all([Condition::is(Field::Status, Status::Open)]),
        actions: all(&[(Deed::Tag, "Sammlung"), (Deed::Priority, "low")]),
        ..Definition::default()
    };
    let id = world.rule_of(RuleKind::Macro, definition).await?.to_string();
    let mut numbers = Vec::new();
    for name in ["Eins", "Zwei", "Drei"] {
        numbers.push(world.case_now(world.asked(name).await?).await?.number);
    }
    cases::close(&world.app, &world.agent, cases::by_number(&mut world.read().await?, &numbers[2]).await?.id)
        .await?;

    let fields =
        [("macro", id.as_str()), ("case", &numbers[0]), ("case", &numbers[1]), ("case", &numbers[2])];
    let table = world.get(Role::Agent, "/cases?view=all&as=table").await?.body;
    let nothing =
        world.post_form(Role::Agent, "/macros/runs", &[("macro", ""), ("case", &numbers[0])]).await?;
    let page = world.post_form(Role::Agent, "/macros/runs", &fields).await?;

    assert!(table.contains("<option value=\"\">Makro …</option>"), "none is chosen beforehand: {table}");
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nothing.body);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Das Makro ist für diesen Fall nicht gedacht."), "{}", page.body);
    let undos = page.body.split("name=\"undos\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let undos = undos.context("it can be taken back")?;
    assert_eq!(undos.split(',').count(), 2);
    let back = world.post_json(Role::Agent, "/api/v1/macros/undo", &json!({"undos": undos})).await?.json()?;
    assert_eq!((&back["cases"], &back["kept"]), (&json!(2), &json!(0)));
    for number in &numbers {
        let case = cases::by_number(&mut world.read().await?, number).await?;
        assert_eq!((case.priority, world.tags(case.id).await?.len()), (Priority::Normal, 0));
    }
    Ok(())
}
