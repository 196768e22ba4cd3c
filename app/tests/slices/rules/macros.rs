//! Macros.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Bin, Condition, Field, Filter, Priority, State, Status, undo};
use kitt::journal::Fact;
use kitt::platform::{Error, Role, Timestamp};
use kitt::rules;
use kitt::rules::{Deed, Definition, Outcome, RuleKind, macros};
use serde_json::json;

use super::all;
use super::running::thanks;
use crate::world::{World, both};

both!(
    a_macro_acts_as_its_person_and_is_taken_back_at_once,
    the_page_offers_the_way_back_of_a_macro,
    a_macro_is_taken_back_as_a_whole_or_not_at_all,
    a_macro_that_cannot_end_does_nothing,
    a_macro_on_marked_cases_is_taken_back_as_one,
    the_answer_of_a_macro_is_taken_back_with_the_rest,
    a_macro_whose_answer_has_left_stays_and_says_so,
    what_a_macro_calls_spam_is_taken_back,
    what_a_macro_did_names_it_in_the_history,
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

async fn what_a_macro_did_names_it_in_the_history(world: World) -> Result<()> {
    let actions = all(&[(Deed::Priority, "high")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    macros::run(&world.app, &world.agent, id, case).await?;

    let number = world.case_now(case).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}/history")).await?.body;

    assert!(page.contains("Eva Agent · Makro „Regel“<"), "{page}");
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

impl World {
    /// A macro that thanks and marks was run on a new case: the case as it was before, and how that is taken back.
    async fn thanked_by_macro(&self) -> Result<(cases::Case, undo::Offer)> {
        thanks(self).await?;
        let actions = all(&[(Deed::Priority, "high"), (Deed::Reply, "1"), (Deed::Tag, "Lob")]);
        let id = self.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
        let case = self.asked("Makro").await?;
        let before = self.case_now(case).await?;
        macros::run(&self.app, &self.agent, id, case).await?;
        let offer = undo::newest(&mut self.read().await?, &self.agent, self.now()).await?;
        Ok((before, offer.context("it is offered")?))
    }
}

async fn the_answer_of_a_macro_is_taken_back_with_the_rest(world: World) -> Result<()> {
    let (before, offer) = world.thanked_by_macro().await?;
    let (case, path) = (before.id, format!("/cases/{}", before.number));
    let answer = cases::contacts(&mut world.read().await?, case).await?.pop().context("an answer")?;
    let ran = world.case_now(case).await?;
    assert_eq!((ran.owner, ran.status), (world.agent.person_id(), Status::Waiting));
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains(&format!("action=\"/undos/{}\"", offer.id)), "the whole of it is offered: {page}");

    undo::take_back(&world.app, &world.agent, offer.id).await?;

    let back = world.case_now(case).await?;
    let stood = |case: &cases::Case| (case.owner, case.priority, case.status, case.due_at, case.contacts);
    assert_eq!(stood(&back), stood(&before));
    assert!(world.tags(case).await?.is_empty());
    assert_eq!(cases::contact(&mut world.read().await?, answer.id).await?.state, State::Withdrawn);
    let facts = world.facts_of(case).await?;
    assert!(facts.contains(&Fact::ContactWithdrawn { contact: answer.id }), "{facts:?}");
    let page = world.get(Role::Agent, &path).await?.body;
    let (_, composer) = page.split_once("name=\"body\" rows=\"5\"").context("a composer")?;
    let written = composer.split("</textarea>").next().context("its text")?;
    assert!(written.contains("Danke, Anna Kundin!"), "it can be sent after all: {written}");
    Ok(())
}

async fn a_macro_whose_answer_has_left_stays_and_says_so(world: World) -> Result<()> {
    let (before, offer) = world.thanked_by_macro().await?;
    let answer = cases::contacts(&mut world.read().await?, before.id).await?.pop().context("an answer")?;
    world.forward(Duration::from_secs(11));
    cases::claim(&world.app, answer.id).await?.context("it leaves")?;

    let late = world.post_form(Role::Agent, &format!("/undos/{}", offer.id), &[]).await?;

    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "Zu spät: Die Antwort ist schon unterwegs. Darum bleibt auch alles andere, wie es ist.";
    assert!(late.body.contains(said), "{}", late.body);
    let after = world.case_now(before.id).await?;
    assert_eq!((after.priority, after.status), (Priority::High, Status::Waiting));
    assert_eq!(world.tags(before.id).await?, ["Lob"]);
    Ok(())
}

async fn what_a_macro_calls_spam_is_taken_back(world: World) -> Result<()> {
    let actions = all(&[(Deed::Tag, "Werbung"), (Deed::Spam, "")]);
    let id = world.rule_of(RuleKind::Macro, Definition { actions, ..Definition::default() }).await?;
    let case = world.asked("Makro").await?;
    macros::run(&world.app, &world.agent, id, case).await?;
    assert_eq!(world.case_now(case).await?.bin, Some(Bin::Spam));

    let offer = undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
    undo::take_back(&world.app, &world.agent, offer.context("it is offered")?.id).await?;

    assert_eq!(world.case_now(case).await?.bin, None);
    assert!(world.tags(case).await?.is_empty());
    Ok(())
}
