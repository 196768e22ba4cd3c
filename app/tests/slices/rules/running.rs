//! Rules that run: in their order, once, and never without end.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Condition, Field, Filter, Priority, Status, Test};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Role, Timestamp};
use kitt::rules;
use kitt::rules::{Action, Deed, Definition, Event, Outcome, Place, RuleKind, times};
use serde_json::json;

use super::{subject, trigger};
use crate::world::{World, both};

both!(
    a_rule_answers_what_happens_to_cases_as_it_says,
    what_happened_before_a_rule_was_on_is_no_concern_of_it,
    rules_run_in_their_order_until_one_says_stop,
    two_rules_that_call_each_other_end,
    a_rule_that_runs_too_often_on_a_case_pauses,
    a_rule_that_keeps_failing_switches_itself_off_and_says_so,
    an_answer_that_is_worked_on_twice_is_done_once,
    a_time_rule_acts_once_while_a_case_stays_as_it_is,
    a_time_rule_can_act_again_after_some_days,
    a_rule_answers_customers_but_no_machines,
    a_rule_says_du_to_whom_that_is_usual_with,
    a_rule_says_du_to_nobody_for_want_of_a_text,
    what_rules_did_stands_with_the_case,
);

async fn a_rule_answers_what_happens_to_cases_as_it_says(world: World) -> Result<()> {
    let definition = Definition {
        filter: subject("Rechnung"),
        ..trigger(
            Event::Opened,
            &[(Deed::Priority, "high"), (Deed::Tag, "Buchhaltung"), (Deed::Notify, "role:lead")],
        )
    };
    let rule = world.rule("Rechnungen", definition).await?;

    let (bill, other) = (world.asked("Rechnung falsch").await?, world.asked("Frage").await?);
    world.settle().await?;

    let case = world.case_now(bill).await?;
    assert_eq!((case.priority, world.tags(bill).await?), (Priority::High, vec!["Buchhaltung".to_owned()]));
    assert_eq!(
        (world.case_now(other).await?.priority, world.tags(other).await?.len()),
        (Priority::Normal, 0)
    );
    assert_eq!((world.outcomes(bill).await?, world.outcomes(other).await?), (vec![Outcome::Changed], vec![]));
    let facts = world.facts_of(bill).await?;
    let lead = world.lead.person()?;
    assert!(facts.contains(&Fact::RuleNotified { rule, person: lead }), "{facts:?}");
    assert!(
        facts
            .iter()
            .any(|fact| matches!(fact, Fact::RuleApplied { rule: one, version: 1, .. } if *one == rule))
    );
    let entries = journal::of_case(&mut world.read().await?, bill).await?;
    let prioritised = entries.iter().find(|entry| matches!(entry.fact, Fact::CasePrioritised { .. }));
    let run = rules::runs_of_case(&mut world.read().await?, bill, 1).await?[0].id;
    assert_eq!(prioritised.context("it was")?.cause, Some(run), "its cause is the run");
    Ok(())
}

async fn what_happened_before_a_rule_was_on_is_no_concern_of_it(world: World) -> Result<()> {
    let before = world.asked("Vorher").await?;
    world.forward(Duration::from_secs(5));
    let rule = world.rule("Alle", trigger(Event::Opened, &[(Deed::Tag, "gesehen")])).await?;
    world.settle().await?;
    rules::switch(&world.app, &world.admin, rule, false).await?;
    let off = world.asked("Ausgeschaltet").await?;
    world.forward(Duration::from_secs(5));
    rules::switch(&world.app, &world.admin, rule, true).await?;
    world.settle().await?;
    let after = world.asked("Nachher").await?;
    world.settle().await?;

    let mut tags = Vec::new();
    for case in [before, off, after] {
        tags.push(world.tags(case).await?.len());
    }
    assert_eq!(tags, [0, 0, 1]);
    Ok(())
}

async fn rules_run_in_their_order_until_one_says_stop(world: World) -> Result<()> {
    world.rule("a", trigger(Event::Opened, &[(Deed::Tag, "a")])).await?;
    let stop = Definition { stop: true, ..trigger(Event::Opened, &[(Deed::Tag, "b")]) };
    let second = world.rule("b", stop).await?;
    world.rule("c", trigger(Event::Opened, &[(Deed::Tag, "c")])).await?;

    let one = world.asked("Eins").await?;
    world.settle().await?;
    rules::shift(&world.app, &world.admin, second, Place::Up).await?;
    let two = world.asked("Zwei").await?;
    world.settle().await?;

    assert_eq!(world.tags(one).await?, ["a", "b"]);
    assert_eq!(world.tags(two).await?, ["b"], "now it is the first");
    Ok(())
}

async fn two_rules_that_call_each_other_end(world: World) -> Result<()> {
    world.rule("hoch", trigger(Event::Prioritised, &[(Deed::Priority, "high")])).await?;
    world.rule("tief", trigger(Event::Prioritised, &[(Deed::Priority, "low")])).await?;

    let case = world.asked("Pingpong").await?;
    cases::set_priority(&world.app, &world.agent, case, Priority::High).await?;
    world.settle().await?;

    let runs = world.outcomes(case).await?;
    assert!(runs.len() <= 4, "they end: {runs:?}");
    // A chain of rules of which none answers itself is cut, too.
    let me = world.agent.person()?.to_string();
    for (event, action) in [
        (Event::Opened, (Deed::Tag, "neu")),
        (Event::Tagged, (Deed::Wait, "1d")),
        (Event::Waits, (Deed::Follower, me.as_str())),
        (Event::Waits, (Deed::Owner, me.as_str())),
        (Event::Assigned, (Deed::State, "open")),
        (Event::Reopened, (Deed::Close, "")),
        (Event::Closed, (Deed::Untag, "neu")),
    ] {
        let definition = Definition { filter: subject("Kette"), ..trigger(event, &[action]) };
        world.rule("Glied", definition).await?;
    }
    let chain = world.asked("Kette").await?;
    world.settle().await?;

    assert_eq!(world.outcomes(chain).await?.last(), Some(&Outcome::Deep));
    assert_eq!(world.tags(chain).await?, ["neu"], "the seventh link did nothing");
    Ok(())
}

async fn a_rule_that_runs_too_often_on_a_case_pauses(world: World) -> Result<()> {
    world
        .rule(
            "Notiz",
            Definition {
                actions: vec![Action { text: "gesehen".into(), ..Action::new(Deed::Note, "") }],
                ..trigger(Event::Assigned, &[])
            },
        )
        .await?;
    let case = world.asked("Oft").await?;
    for _ in 0..7 {
        cases::assign(&world.app, &world.agent, case, world.agent.person_id()).await?;
        cases::assign(&world.app, &world.agent, case, None).await?;
    }
    world.settle().await?;

    let mut runs = world.outcomes(case).await?;
    assert_eq!((runs.len(), runs.pop()), (11, Some(Outcome::Paused)), "said once");
    world.forward(Duration::from_hours(2));
    cases::assign(&world.app, &world.agent, case, None).await?;
    world.settle().await?;
    assert_eq!(world.outcomes(case).await?.last(), Some(&Outcome::Changed), "an hour later it works again");
    Ok(())
}

async fn a_rule_that_keeps_failing_switches_itself_off_and_says_so(world: World) -> Result<()> {
    let hand_off =
        Action { text: "bitte".into(), ..Action::new(Deed::HandOff, &format!("queue:{}", world.queue)) };
    let broken =
        Definition { actions: vec![Action::new(Deed::Tag, "halb"), hand_off], ..trigger(Event::Opened, &[]) };
    let rule = world.rule("An sich selbst", broken).await?;
    let fine = world.rule("Gut", trigger(Event::Opened, &[(Deed::Tag, "gut")])).await?;

    let mut last = None;
    for at in 0..6 {
        last = Some(world.asked(&format!("Fall {at}")).await?);
        world.settle().await?;
    }

    let last = last.context("six cases")?;
    let mut tx = world.read().await?;
    let (broken, fine) =
        (rules::rule(&mut tx, &world.admin, rule).await?, rules::rule(&mut tx, &world.admin, fine).await?);
    drop(tx);
    assert_eq!((broken.active, broken.halted_at.is_some(), fine.active), (false, true, true));
    assert_eq!(world.tags(last).await?, ["gut"], "what failed left nothing half done");
    let runs = rules::runs_of_rule(&mut world.read().await?, rule, None, 10).await?;
    assert_eq!(runs.iter().map(|run| run.reason.to_string()).collect::<Vec<_>>(), ["case-handoff-same"; 5]);
    let page = world.get(Role::Admin, "/settings/rules").await?;
    assert!(page.body.contains("Regel hat sich ausgeschaltet"), "a banner");
    assert!(!world.get(Role::Agent, "/account").await?.body.contains("Regel hat sich ausgeschaltet"));

    rules::switch(&world.app, &world.admin, rule, true).await?;
    let page = world.get(Role::Admin, "/settings/rules").await?;
    assert!(!page.body.contains("Regel hat sich ausgeschaltet"), "somebody looked");
    Ok(())
}

async fn an_answer_that_is_worked_on_twice_is_done_once(world: World) -> Result<()> {
    let note = Action { text: "einmal".into(), ..Action::new(Deed::Note, "") };
    world.rule("Notiz", Definition { actions: vec![note], ..trigger(Event::Closed, &[]) }).await?;
    let case = world.asked("Einmal").await?;
    world.settle().await?;
    cases::close(&world.app, &world.agent, case).await?;
    world.hear().await?;
    let entries = journal::of_case(&mut world.read().await?, case).await?;
    let closed = entries.iter().find(|entry| entry.fact == Fact::CaseClosed).context("closed")?;
    // The node died between the work and the end of its job.
    let again = json!({"entry": closed.id, "case": case, "event": "closed", "at": closed.at, "cause": null});

    for kind in rules::JOBS.iter().filter(|kind| kind.name == "rules") {
        (kind.run)(world.app.clone(), again.clone()).await?;
        (kind.run)(world.app.clone(), again.clone()).await?;
    }
    world.settle().await?;

    let notes = world.facts_of(case).await?.into_iter().filter(|fact| matches!(fact, Fact::NoteAdded { .. }));
    assert_eq!(notes.count(), 1);
    Ok(())
}

async fn a_time_rule_acts_once_while_a_case_stays_as_it_is(world: World) -> Result<()> {
    let quiet = Condition::new(Field::Created, Test::Older, &["3d"]);
    let filter = Filter::all([Condition::is(Field::Status, Status::Open), quiet]);
    let note = Action { text: "Seit drei Tagen offen.".into(), ..Action::new(Deed::Note, "") };
    world
        .rule_of(RuleKind::Time, Definition { filter, actions: vec![note], ..Definition::default() })
        .await?;
    let case = world.asked("Liegt").await?;

    let mut done = vec![times::round(&world.app).await?];
    world.forward(Timestamp::days(4));
    done.extend([times::round(&world.app).await?, times::round(&world.app).await?]);
    cases::close(&world.app, &world.agent, case).await?;
    done.push(times::round(&world.app).await?);
    cases::reopen(&world.app, &world.agent, case).await?;
    done.push(times::round(&world.app).await?);

    assert_eq!(done, [0, 1, 0, 0, 1], "a case that became so again is a new cause");
    Ok(())
}

async fn a_time_rule_can_act_again_after_some_days(world: World) -> Result<()> {
    let filter = Filter::all([Condition::is(Field::Status, Status::Open)]);
    let note = Action { text: "Noch offen.".into(), ..Action::new(Deed::Note, "") };
    let definition = Definition { filter, actions: vec![note], again_days: Some(2), ..Definition::default() };
    world.rule_of(RuleKind::Time, definition).await?;
    world.asked("Offen").await?;

    let mut done = Vec::new();
    for _ in 0..5 {
        done.push(times::round(&world.app).await?);
        world.forward(Timestamp::days(1));
    }

    assert_eq!(done, [1, 0, 1, 0, 1]);
    Ok(())
}

async fn a_rule_answers_customers_but_no_machines(world: World) -> Result<()> {
    thanks(&world).await?;
    world.rule("Danken", trigger(Event::Opened, &[(Deed::Reply, "1")])).await?;
    let case = world.asked("Lob").await?;
    world.settle().await?;

    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    let last = contacts.last().context("two contacts")?;
    assert_eq!((contacts.len(), last.text.as_str(), last.automatic), (2, "Danke, Anna Kundin!", true));
    assert_eq!(world.case_now(case).await?.status, Status::Open, "somebody still has to look");
    Ok(())
}

async fn a_rule_says_du_to_whom_that_is_usual_with(world: World) -> Result<()> {
    thanks(&world).await?;
    let before = world.asked("Lob").await?;
    world.settle().await?;
    world.address(before, "informal").await?;
    world.rule("Danken", trigger(Event::Opened, &[(Deed::Reply, "1")])).await?;
    let case = world.asked("Lob").await?;
    world.settle().await?;

    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    assert_eq!(contacts.last().context("an answer")?.text, "Danke dir!");
    Ok(())
}

async fn a_rule_says_du_to_nobody_for_want_of_a_text(world: World) -> Result<()> {
    let fields = [
        ("name", "Danke"),
        ("shortcut", "danke"),
        ("body_de", ""),
        ("body_de_informal", "Danke dir!"),
        ("body_en", ""),
    ];
    let page = world.post_form(Role::Lead, "/snippets", &fields).await?;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    world.rule("Danken", trigger(Event::Opened, &[(Deed::Reply, "1")])).await?;

    let case = world.asked("Lob").await?;
    world.settle().await?;

    assert_eq!(cases::contacts(&mut world.read().await?, case).await?.len(), 1, "nothing was written");
    assert_eq!(world.outcomes(case).await?, [Outcome::Failed]);
    let run = &rules::runs_of_case(&mut world.read().await?, case, 10).await?[0];
    assert_eq!(run.reason.to_string(), "rules-only-informal");
    Ok(())
}

/// A text module for both forms of address.
pub(super) async fn thanks(world: &World) -> Result<()> {
    let fields = [
        ("name", "Danke"),
        ("shortcut", "danke"),
        ("body_de", "Danke, {{customer.name}}!"),
        ("body_de_informal", "Danke dir!"),
        ("body_en", ""),
    ];
    let page = world.post_form(Role::Lead, "/snippets", &fields).await?;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    Ok(())
}

async fn what_rules_did_stands_with_the_case(world: World) -> Result<()> {
    let definition =
        Definition { filter: subject("Lob"), ..trigger(Event::Opened, &[(Deed::Tag, "Freude")]) };
    world.rule("Freude merken", definition).await?;
    let case = world.asked("Lob").await?;
    world.settle().await?;
    let number = world.case_now(case).await?.number;

    let page = world.get(Role::Agent, &format!("/cases/{number}/rules")).await?;

    for words in [
        "Freude merken",
        "Fassung 1",
        "Schlagwort dazu: Freude",
        "ein Fall eröffnet wird und Betreff enthält Lob",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(
        world
            .get(Role::Agent, &format!("/cases/{number}"))
            .await?
            .body
            .contains(&format!("/cases/{number}/rules"))
    );
    Ok(())
}
