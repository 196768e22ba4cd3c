//! Rules: triggers, time rules, macros, webhooks, dry runs, and what keeps them from running wild.

mod changes;
mod hidden;
mod hooks;
mod keeping;
mod trials;

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Condition, Field, Filter, Priority, Status, Test, undo};
use kitt::channels;
use kitt::channels::{Delivery, Route};
use kitt::journal;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{CaseId, QueueId, Role, Timestamp};
use kitt::rules;
use kitt::rules::webhook::{self, WebhookDraft};
use kitt::rules::{
    Action, Aspect, Change, Deed, Definition, Draft, Event, MailCondition, MailPart, MailTest, Outcome,
    Place, RuleKind, macros, times,
};
use serde_json::json;

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
    each_version_is_kept_and_can_be_taken_again,
    a_macro_acts_as_its_person_and_is_taken_back_at_once,
    a_macro_on_marked_cases_is_taken_back_as_one,
    a_dry_run_says_what_would_have_happened_and_changes_nothing,
    a_rule_answers_customers_but_no_machines,
    the_pages_of_rules_work_without_a_script,
    rules_go_from_house_to_house,
    what_cannot_work_is_refused_at_its_field,
    what_rules_did_stands_with_the_case,
    a_mail_filter_decides_before_a_case_exists,
    a_filtered_mail_that_comes_twice_is_one_contact,
    a_broken_mail_filter_stops_no_mail,
);

fn draft(kind: RuleKind, name: &str, definition: Definition) -> Draft {
    Draft { kind, name: name.into(), definition, active: true, team: None }
}

/// When `event`, then `actions`.
fn trigger(event: Event, actions: &[(Deed, &str)]) -> Definition {
    Definition { events: vec![event], actions: all(actions), ..Definition::default() }
}

fn all(actions: &[(Deed, &str)]) -> Vec<Action> {
    actions.iter().map(|(does, value)| Action::new(*does, value)).collect()
}

fn change(of: Aspect, from: &[&str], to: &[&str]) -> Change {
    let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Change { of, from: owned(from), to: owned(to) }
}

impl World {
    async fn rule(&self, name: &str, definition: Definition) -> Result<i64> {
        Ok(rules::save(&self.app, &self.admin, None, &draft(RuleKind::Trigger, name, definition)).await?)
    }

    async fn rule_of(&self, kind: RuleKind, definition: Definition) -> Result<i64> {
        Ok(rules::save(&self.app, &self.admin, None, &draft(kind, "Regel", definition)).await?)
    }

    async fn asked(&self, subject: &str) -> Result<CaseId> {
        let address = format!("{}@kundin.example", subject.to_lowercase().replace(' ', "."));
        let customer = self.customer("Anna Kundin", &address).await?;
        self.writes(customer, ("Anna Kundin", Some(&address)), cases::Channel::Email, subject, "Bitte!").await
    }

    async fn case_now(&self, case: CaseId) -> Result<cases::Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn tags(&self, case: CaseId) -> Result<Vec<String>> {
        let row = self.case_now(case).await?;
        let attributes = cases::attributes::attributes(&mut self.read().await?, &row).await?;
        let mut names: Vec<String> = attributes.badges.tags.into_iter().map(|tag| tag.name).collect();
        names.sort();
        Ok(names)
    }

    async fn outcomes(&self, case: CaseId) -> Result<Vec<Outcome>> {
        let runs = rules::runs_of_case(&mut self.read().await?, case, 100).await?;
        Ok(runs.into_iter().rev().map(|run| run.outcome).collect())
    }

    async fn facts_of(&self, case: CaseId) -> Result<Vec<Fact>> {
        Ok(journal::of_case(&mut self.read().await?, case)
            .await?
            .into_iter()
            .map(|entry| entry.fact)
            .collect())
    }
}

fn subject(word: &str) -> Filter {
    Filter::all([Condition::new(Field::Subject, Test::Contains, &[word])])
}

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
    assert_eq!(runs.iter().map(|run| run.reason.as_str()).collect::<Vec<_>>(), ["case-handoff-same"; 5]);
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

async fn each_version_is_kept_and_can_be_taken_again(world: World) -> Result<()> {
    let rule = world.rule("Eins", trigger(Event::Opened, &[(Deed::Tag, "eins")])).await?;
    let second = draft(RuleKind::Trigger, "Zwei", trigger(Event::Opened, &[(Deed::Tag, "zwei")]));
    rules::save(&world.app, &world.admin, Some(rule), &second).await?;
    rules::restore(&world.app, &world.admin, rule, 1).await?;

    let mut tx = world.read().await?;
    let now = rules::rule(&mut tx, &world.admin, rule).await?;
    let versions = rules::versions(&mut tx, rule).await?;
    drop(tx);
    assert_eq!((now.version, now.name.as_str()), (3, "Eins"));
    let kept: Vec<_> = versions.iter().map(|one| (one.version, one.name.as_str(), one.person)).collect();
    let admin = world.admin.person_id();
    assert_eq!(kept, [(3, "Eins", admin), (2, "Zwei", admin), (1, "Eins", admin)]);
    rules::remove(&world.app, &world.admin, rule, true).await?;
    assert!(rules::all(&mut world.read().await?, &world.admin).await?.is_empty());
    rules::remove(&world.app, &world.admin, rule, false).await?;
    let back = rules::all(&mut world.read().await?, &world.admin).await?;
    assert_eq!((back.len(), back[0].active), (1, false), "back, but off");
    Ok(())
}

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
    let page = world.post_form(Role::Agent, "/macros/runs", &fields).await?;

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

async fn a_dry_run_says_what_would_have_happened_and_changes_nothing(world: World) -> Result<()> {
    let old = world.asked("Rechnung alt").await?;
    world.forward(Timestamp::days(40));
    let (one, _) = (world.asked("Rechnung neu").await?, world.asked("Frage").await?);
    cases::close(&world.app, &world.agent, one).await?;
    cases::reopen(&world.app, &world.agent, one).await?;
    cases::close(&world.app, &world.agent, old).await?;
    world.settle().await?;
    let before = (world.facts_of(one).await?.len(), world.case_now(one).await?.version);

    let definition = Definition {
        events: vec![Event::Opened, Event::Closed],
        filter: subject("Rechnung"),
        ..trigger(Event::Opened, &[(Deed::Priority, "high")])
    };
    let dry = rules::dry_run(&world.app, &world.admin, None, &draft(RuleKind::Trigger, "Probe", definition))
        .await?;

    assert_eq!((dry.matches, dry.cases, dry.more, dry.examples.len()), (3, 2, false, 2), "{dry:?}");
    assert_eq!((world.facts_of(one).await?.len(), world.case_now(one).await?.version), before);
    assert!(rules::all(&mut world.read().await?, &world.admin).await?.is_empty());
    let now = Definition { filter: subject("Rechnung"), ..Definition::default() };
    let dry = rules::dry_run(&world.app, &world.admin, None, &draft(RuleKind::Time, "Probe", now)).await?;
    assert_eq!((dry.matches, dry.examples.len()), (2, 2));
    Ok(())
}

async fn a_rule_answers_customers_but_no_machines(world: World) -> Result<()> {
    let fields =
        [("name", "Danke"), ("shortcut", "danke"), ("body_de", "Danke, {{customer.name}}!"), ("body_en", "")];
    let page = world.post_form(Role::Lead, "/snippets", &fields).await?;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    world.rule("Danken", trigger(Event::Opened, &[(Deed::Reply, "1")])).await?;
    let case = world.asked("Lob").await?;
    world.settle().await?;

    let contacts = cases::contacts(&mut world.read().await?, case).await?;
    let last = contacts.last().context("two contacts")?;
    assert_eq!((contacts.len(), last.text.as_str(), last.automatic), (2, "Danke, Anna Kundin!", true));
    assert_eq!(world.case_now(case).await?.status, Status::Open, "somebody still has to look");
    Ok(())
}

async fn the_pages_of_rules_work_without_a_script(world: World) -> Result<()> {
    let page = world.get(Role::Admin, "/settings/rules/new?example=complaint").await?;
    assert!(page.body.contains("Wenn der Fall zur Beschwerde wird → Dringlichkeit: hoch"), "{}", page.body);
    let mut fields = vec![
        ("kind", "trigger"),
        ("name", "VIP"),
        ("active", "yes"),
        ("event", "opened"),
        ("join", "all"),
        ("f0", "subject"),
        ("t0", "contains"),
        ("v0", "VIP"),
        ("a0", "priority"),
        ("ad0", "priority"),
        ("av0", "high"),
    ];
    let more = world
        .post_form(Role::Admin, "/settings/rules/draft", &[&fields[..], &[("do", "add-action")]].concat())
        .await?;
    assert!(more.body.contains("name=\"a1\""), "one row more");
    let dry = world
        .post_form(Role::Admin, "/settings/rules/draft", &[&fields[..], &[("do", "dry")]].concat())
        .await?;
    assert!(dry.body.contains("Hätte in dieser Zeit 0-mal zugetroffen"), "{}", dry.body);
    fields[5] = ("f0", "status");
    let saved =
        world.post_form(Role::Admin, "/settings/rules", &[&fields[..5], &fields[8..]].concat()).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);

    world.asked("Hallo").await?;
    world.settle().await?;
    let list = world.get(Role::Admin, "/settings/rules").await?;
    assert!(list.body.contains("1-mal geändert"), "{}", list.body);
    let rule = rules::all(&mut world.read().await?, &world.admin).await?[0].id;
    let log = world.get(Role::Admin, &format!("/settings/rules/{rule}/log")).await?;
    assert!(
        log.body.contains("Dringlichkeit: hoch") && log.body.contains("ein Fall eröffnet wird"),
        "{}",
        log.body
    );
    let csv = world.get(Role::Admin, &format!("/settings/rules/{rule}/csv")).await?;
    assert!(
        csv.body.starts_with("at,case,version,event,outcome,did,reason\n")
            && csv.body.contains(",opened,changed,")
    );
    let edit = world.get(Role::Admin, &format!("/settings/rules/{rule}")).await?;
    assert!(edit.body.contains("Fassung 1"));
    Ok(())
}

async fn rules_go_from_house_to_house(world: World) -> Result<()> {
    world.rule("Mit", trigger(Event::Opened, &[(Deed::Tag, "mit")])).await?;
    let json = world.get_json(Role::Admin, "/api/v1/settings/rules/export").await?.body;

    let page = world.post_form(Role::Admin, "/settings/rules/import", &[("rules", &json)]).await?;
    let wrong = world.post_form(Role::Admin, "/settings/rules/import", &[("rules", "[]")]).await?;

    assert_eq!((page.status, wrong.status), (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY));
    let all = rules::all(&mut world.read().await?, &world.admin).await?;
    assert_eq!(
        all.iter().map(|rule| (rule.name.as_str(), rule.active)).collect::<Vec<_>>(),
        [("Mit", true), ("Mit", false)]
    );
    assert_eq!(all[0].definition, all[1].definition);
    Ok(())
}

async fn what_cannot_work_is_refused_at_its_field(world: World) -> Result<()> {
    for (data, field) in [
        (
            json!({"kind": "trigger", "name": "", "definition": {"events": ["opened"], "actions": [{"does": "close"}]}}),
            "name",
        ),
        (json!({"kind": "trigger", "name": "x", "definition": {"actions": [{"does": "close"}]}}), "events"),
        (json!({"kind": "trigger", "name": "x", "definition": {"events": ["opened"]}}), "actions"),
        (json!({"kind": "time", "name": "x", "definition": {"actions": [{"does": "close"}]}}), "filter"),
        (
            json!({"kind": "macro", "name": "x", "definition": {"actions": [{"does": "queue", "value": "999"}]}}),
            "actions-0",
        ),
        (json!({"kind": "macro", "name": "x", "definition": {"actions": [{"does": "note"}]}}), "actions-0"),
        (
            json!({"kind": "macro", "name": "x", "definition": {"actions": [{"does": "webhook", "value": "1"}]}}),
            "actions-0",
        ),
    ] {
        let answer = world.post_json(Role::Admin, "/api/v1/settings/rules", &data).await?;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{data}");
        assert!(answer.body.contains(&format!("\"{field}\"")), "{data}: {}", answer.body);
    }
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

impl World {
    /// A mail arrives and is filed.
    async fn mail_from(&self, from: &str, subject: &str, id: &str) -> Result<kitt::channels::Received> {
        let raw = format!(
            "From: {from}\r\nTo: service@haus.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@kunde.example>\r\n\r\nBitte beachten.\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("anna@kunde.example".into()),
            to: vec!["service@haus.example".into()],
            peer: Some("192.0.2.7".into()),
            raw: raw.into(),
            queue: None,
        };
        let received = channels::intake::keep(&self.app, delivery).await?;
        channels::worker::work_off(&self.app).await?;
        Ok(channels::received(&mut self.read().await?, received).await?)
    }

    /// A queue for bills, and a filter that brings them there.
    async fn bills(&self, more: &[(Deed, &str)]) -> Result<(QueueId, i64)> {
        let mut tx = self.app.db.write().await?;
        let queue = people::add_queue(&mut tx, "Buchhaltung", Some(self.team), None, 60).await?;
        tx.commit().await?;
        let condition = MailCondition::new(MailPart::Subject, MailTest::Contains, "Rechnung, Mahnung");
        let id = queue.to_string();
        let first = [(Deed::Queue, id.as_str())];
        let actions = [&first[..], more].concat();
        let definition =
            Definition { mail: vec![condition], actions: all(&actions), ..Definition::default() };
        Ok((queue, self.rule_of(RuleKind::Mail, definition).await?))
    }
}

async fn a_mail_filter_decides_before_a_case_exists(world: World) -> Result<()> {
    for queue in [1, 2] {
        let fields = [("is_on", "yes"), ("text_de", ""), ("text_en", "")];
        world.post_form(Role::Admin, &format!("/settings/acknowledgements/{queue}"), &fields).await?;
    }
    let (queue, rule) =
        world.bills(&[(Deed::Quiet, ""), (Deed::Priority, "low"), (Deed::Tag, "Rechnung")]).await?;
    world.forward(Duration::from_secs(5));

    let bill =
        world.mail_from("anna@kunde.example", "Ihre RECHNUNG 7", "eins").await?.case.context("filed")?;
    let other = world.mail_from("anna@kunde.example", "Frage", "zwei").await?.case.context("filed")?;
    let arrived = world.case_now(bill).await?.queue;
    world.settle().await?;

    assert_eq!(arrived, queue, "at once, before any job");
    assert_eq!(
        (world.case_now(bill).await?.priority, world.tags(bill).await?),
        (Priority::Low, vec!["Rechnung".to_owned()])
    );
    assert_eq!((world.case_now(other).await?.queue, world.tags(other).await?.len()), (world.queue, 0));
    let mut said = Vec::new();
    for case in [bill, other] {
        said.push(cases::contacts(&mut world.read().await?, case).await?.len());
    }
    assert_eq!(said, [1, 2], "only the other one is acknowledged");
    let moved = world.facts_of(bill).await?.into_iter().filter(|fact| matches!(fact, Fact::CaseMoved { .. }));
    assert_eq!(moved.count(), 0, "it was never anywhere else");
    let run = rules::runs_of_rule(&mut world.read().await?, rule, None, 10).await?;
    assert_eq!((run.len(), run[0].case, run[0].done()), (1, bill, vec![0, 1, 2, 3]));
    Ok(())
}

async fn a_filtered_mail_that_comes_twice_is_one_contact(world: World) -> Result<()> {
    let (queue, rule) = world.bills(&[]).await?;
    let first = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?.case.context("filed")?;
    let second = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?;
    rules::switch(&world.app, &world.admin, rule, false).await?;
    let third = world.mail_from("anna@kunde.example", "Rechnung", "gleich").await?;

    assert_eq!(world.case_now(first).await?.queue, queue);
    assert_eq!((second.case, third.case), (Some(first), Some(first)), "also when the filter is off by now");
    assert_eq!(cases::contacts(&mut world.read().await?, first).await?.len(), 1);
    Ok(())
}

async fn a_broken_mail_filter_stops_no_mail(world: World) -> Result<()> {
    let hook = WebhookDraft { name: "x".into(), url: "https://x.example/".into(), private: String::new() };
    let hook = webhook::save(&world.app, &world.admin, None, &hook).await?;
    world.bills(&[(Deed::Webhook, &hook.to_string()), (Deed::Tag, "halb")]).await?;
    webhook::remove(&world.app, &world.admin, hook, true).await?;

    let case = world
        .mail_from("anna@kunde.example", "Rechnung", "kaputt")
        .await?
        .case
        .context("filed all the same")?;
    world.settle().await?;

    assert_eq!(world.outcomes(case).await?, [Outcome::Failed]);
    assert!(world.tags(case).await?.is_empty());
    Ok(())
}
