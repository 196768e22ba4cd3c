//! What dry runs and logs of rules tell, and to whom; what rules hear of moves and merges; lines of long heads.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases::{self, Condition, Field, Filter, Test, bins, undo};
use kitt::channels::{self, Delivery, Route};
use kitt::journal::{self, Fact};
use kitt::people;
use kitt::platform::{Actor, CaseId, Error, Role, Timestamp, jobs, sql};
use kitt::rules::{
    self, Action, Aspect, Change, Deed, Definition, Draft, Dry, DryState, Event, MailCondition, MailPart,
    MailTest, RuleKind, times,
};
use serde_json::json;

use crate::world::{World, both};

both!(
    a_dry_run_counts_only_what_its_reader_may_know_of,
    a_dry_run_is_for_who_began_it_also_if_that_is_a_program,
    a_dry_run_keeps_few_cases_and_is_forgotten,
    cases_that_are_found_again_are_counted_once,
    more_cases_than_are_counted_are_said_to_be_more,
    a_dry_run_that_is_stuck_says_so_and_what_to_do,
    a_dry_run_of_a_rule_that_is_not_there_is_not_found,
    a_table_of_a_rule_holds_all_its_runs_the_newest_first,
    a_log_reads_on_until_its_page_is_full,
    figures_of_rules_leave_private_cases_out,
    who_loses_a_case_by_a_move_is_heard_of_and_so_is_who_gets_it_back,
    a_case_that_another_takes_in_is_closed_and_its_customer_is_told_nothing,
    a_rule_notes_nothing_in_a_case_that_another_takes_in,
    a_line_of_the_head_is_found_behind_those_of_many_relays,
);

fn draft(kind: RuleKind, definition: Definition) -> Draft {
    Draft { kind, name: "Probe".into(), definition, active: true, team: None }
}

fn tag(name: &str) -> Vec<Action> {
    vec![Action::new(Deed::Tag, name)]
}

/// When a case with this in its subject is opened.
fn opened(subject: &str) -> Definition {
    let filter = Filter::all([Condition::new(Field::Subject, Test::Contains, &[subject])]);
    Definition { events: vec![Event::Opened], filter, actions: tag("x"), ..Definition::default() }
}

async fn ask(world: &World, subject: &str) -> Result<CaseId> {
    let anna = world.customer("Anna Kundin", "anna@kundin.example").await?;
    let author = ("Anna Kundin", Some("anna@kundin.example"));
    world.writes(anna, author, cases::Channel::Email, subject, "Bitte!").await
}

/// A case of the lead's that nobody else may know of.
async fn ask_in_private(world: &World, subject: &str) -> Result<CaseId> {
    let case = ask(world, subject).await?;
    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, case, true).await?;
    Ok(case)
}

async fn save(world: &World, kind: RuleKind, definition: Definition) -> Result<i64> {
    Ok(rules::save(&world.app, &world.admin, None, &draft(kind, definition)).await?)
}

async fn tags(world: &World, case: CaseId) -> Result<Vec<String>> {
    let mut tx = world.read().await?;
    let row = cases::case(&mut tx, case).await?;
    let attributes = cases::attributes::attributes(&mut tx, &row).await?;
    let mut names: Vec<String> = attributes.badges.tags.into_iter().map(|tag| tag.name).collect();
    names.sort();
    Ok(names)
}

async fn facts(world: &World, case: CaseId) -> Result<Vec<Fact>> {
    let entries = journal::of_case(&mut world.read().await?, case).await?;
    Ok(entries.into_iter().map(|entry| entry.fact).collect())
}

async fn count(world: &World, what: &'static str) -> Result<i64> {
    Ok(sql("SELECT COUNT(*) FROM ").push(what).value(&mut world.read().await?).await?)
}

/// What is kept of a dry run becomes as `change` says.
async fn become_of(world: &World, change: &'static str) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    sql(change).bind(i64::MAX).run(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn tried(world: &World, actor: &Actor) -> Result<(i64, Dry)> {
    let dry = rules::dry_run(&world.app, actor, None, &draft(RuleKind::Trigger, opened("Rechnung"))).await?;
    Ok((dry.id.context("it is kept")?, dry))
}

async fn a_dry_run_counts_only_what_its_reader_may_know_of(world: World) -> Result<()> {
    ask(&world, "Rechnung offen").await?;
    ask_in_private(&world, "Rechnung vertraulich").await?;

    let mut counts = Vec::new();
    for kind in [RuleKind::Trigger, RuleKind::Time, RuleKind::Macro] {
        for (actor, team) in [(&world.admin, None), (&world.lead, Some(world.team))] {
            let draft = Draft { team, ..draft(kind, opened("Rechnung")) };
            let dry = rules::dry_run(&world.app, actor, None, &draft).await?;
            counts.push((dry.matches, dry.cases, dry.examples.len()));
        }
    }
    let body = serde_json::to_value(draft(RuleKind::Trigger, opened("Rechnung")))?;
    let told = world.post_json(Role::Admin, "/api/v1/settings/rules/draft", &body).await?.json()?;

    assert_eq!(counts, [(1, 1, 1), (2, 2, 2)].repeat(3), "the admin, then the lead");
    assert_eq!((&told["matches"], &told["cases"]), (&json!(1), &json!(1)), "{told}");
    Ok(())
}

async fn a_dry_run_is_for_who_began_it_also_if_that_is_a_program(world: World) -> Result<()> {
    ask(&world, "Rechnung").await?;
    people::create_token(&world.app, &world.admin, "Bericht", Role::Admin).await?;
    let mut tx = world.read().await?;
    let token = people::tokens(&mut tx).await?[0].id;
    let program = people::program(&mut tx, token).await?;
    drop(tx);

    let (first, _) = tried(&world, &program).await?;
    become_of(&world, "UPDATE rule_trials SET state = 'running', before_id = $1").await?;
    let (second, _) = tried(&world, &program).await?;
    become_of(&world, "UPDATE rule_trials SET state = 'running', before_id = $1 WHERE state = 'done'")
        .await?;
    world.forward(Duration::from_secs(10));
    world.settle().await?;

    let state = |id| rules::trial_found(&world.app, &program, id);
    assert_eq!(state(first).await?.state, DryState::Stopped, "who looks anew");
    assert_eq!(state(second).await?.state, DryState::Done, "its job goes on with what a program may");
    let others = rules::trial_found(&world.app, &world.admin, second).await;
    assert!(matches!(others, Err(Error::NotFound)), "{others:?}");
    Ok(())
}

async fn a_dry_run_keeps_few_cases_and_is_forgotten(world: World) -> Result<()> {
    for number in 0..55 {
        ask(&world, &format!("Rechnung {number}")).await?;
    }
    let (_, dry) = tried(&world, &world.admin).await?;

    assert_eq!((dry.state, dry.matches, dry.cases, dry.over), (DryState::Done, 55, 55, false), "{dry:?}");
    assert_eq!((dry.examples.len(), count(&world, "rule_trial_cases").await?), (50, 50));
    world.forward(Duration::from_hours(8 * 24));
    times::round(&world.app).await?;
    assert_eq!((count(&world, "rule_trial_cases").await?, count(&world, "rule_trials").await?), (0, 0));
    Ok(())
}

async fn cases_that_are_found_again_are_counted_once(world: World) -> Result<()> {
    ask(&world, "Rechnung eins").await?;
    let (id, _) = tried(&world, &world.admin).await?;
    ask(&world, "Rechnung zwei").await?;

    // As if what it has looked at were another page.
    become_of(&world, "UPDATE rule_trials SET state = 'running', before_id = $1").await?;
    world.forward(Duration::from_secs(10));
    world.settle().await?;

    let dry = rules::trial_found(&world.app, &world.admin, id).await?;
    let mut times: Vec<i64> = dry.examples.iter().map(|one| one.times).collect();
    times.sort_unstable();
    assert_eq!((dry.matches, dry.cases, times), (3, 2, vec![1, 2]), "{dry:?}");
    Ok(())
}

async fn more_cases_than_are_counted_are_said_to_be_more(world: World) -> Result<()> {
    let (id, _) = tried(&world, &world.admin).await?;
    ask(&world, "Rechnung").await?;
    become_of(
        &world,
        "UPDATE rule_trials SET state = 'running', before_id = $1, matches = 10000, cases = 10000",
    )
    .await?;
    world.forward(Duration::from_secs(10));
    world.settle().await?;

    let dry = rules::trial_found(&world.app, &world.admin, id).await?;
    assert_eq!((dry.matches, dry.cases, dry.over), (10_001, 10_000, true), "{dry:?}");
    assert_eq!(count(&world, "rule_trial_cases").await?, 0, "there was no room for it");
    let page = world.get(Role::Admin, &format!("/settings/rules/trials/{id}")).await?.body;
    assert!(page.contains("10.001-mal zugetroffen, in Fällen: über 10.000"), "{page}");
    Ok(())
}

async fn a_dry_run_that_is_stuck_says_so_and_what_to_do(world: World) -> Result<()> {
    let (id, _) = tried(&world, &world.admin).await?;
    world.forward(Duration::from_secs(10));
    world.settle().await?;
    become_of(&world, "UPDATE rule_trials SET state = 'running', before_id = $1").await?;
    let mut tx = world.app.db.write().await?;
    let job = jobs::enqueue(&mut tx, "rule_trial", &id, world.now()).await?;
    sql("UPDATE jobs SET state = 'dead' WHERE id = $1").bind(job).run(&mut tx).await?;
    tx.commit().await?;

    let path = format!("/settings/rules/trials/{id}");
    let (page, told) = (world.get(Role::Admin, &path).await?.body, world.get_json(Role::Admin, &path).await?);
    let list = world.get(Role::Admin, "/settings/rules").await?.body;

    assert!(page.contains("Der Probelauf ist stehen geblieben") && page.contains("/settings/jobs"), "{page}");
    assert!(!page.contains("every 2s"), "nobody waits for it: {page}");
    let told = told.json()?;
    assert_eq!((&told["state"], &told["stuck"]), (&json!("failed"), &json!(true)));
    assert!(list.contains("gescheitert") && !list.contains("läuft noch"), "{list}");

    let mut tx = world.app.db.write().await?;
    jobs::retry(&mut tx, job, world.now()).await?;
    tx.commit().await?;
    world.settle().await?;
    assert_eq!(rules::trial_found(&world.app, &world.admin, id).await?.state, DryState::Done);
    Ok(())
}

async fn a_dry_run_of_a_rule_that_is_not_there_is_not_found(world: World) -> Result<()> {
    let houses = save(&world, RuleKind::Trigger, opened("Rechnung")).await?;
    let form = [
        ("kind", "trigger"),
        ("name", "x"),
        ("event", "opened"),
        ("join", "all"),
        ("a0", "close"),
        ("ad0", "close"),
        ("do", "dry"),
    ];
    let team = world.team.to_string();
    let of_lead = [&form[..], &[("team", team.as_str())]].concat();
    let body =
        serde_json::to_value(Draft { team: Some(world.team), ..draft(RuleKind::Trigger, opened("x")) })?;
    for (role, id, form) in [(Role::Admin, 999, &form[..]), (Role::Lead, houses, &of_lead[..])] {
        let page = world.post_form(role, &format!("/settings/rules/draft?id={id}"), form).await?;
        let told = world.post_json(role, &format!("/api/v1/settings/rules/draft?id={id}"), &body).await?;
        assert_eq!((page.status, told.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{id}");
    }
    assert_eq!(count(&world, "rule_trials").await?, 0, "nothing was begun");
    let own = world.post_form(Role::Admin, &format!("/settings/rules/draft?id={houses}"), &form).await?;
    assert_eq!(own.status, StatusCode::OK);
    Ok(())
}

/// Runs of a rule on cases, the oldest first.
async fn runs(world: &World, rule: i64, cases: &[CaseId]) -> Result<Vec<i64>> {
    let mut tx = world.app.db.write().await?;
    let mut ids = Vec::new();
    for case in cases {
        let id: i64 = sql("INSERT INTO rule_runs (rule_id, version, case_id, event, at, outcome, did, reason, chain)
                           VALUES ($1, 1, $2, 'opened', $3, 'unheard', '[0]', '7 status 503', '') RETURNING id")
            .bind(rule)
            .bind(*case)
            .bind(world.now())
            .value(&mut tx)
            .await?;
        ids.push(id);
    }
    tx.commit().await?;
    Ok(ids)
}

async fn a_table_of_a_rule_holds_all_its_runs_the_newest_first(world: World) -> Result<()> {
    let rule = save(&world, RuleKind::Trigger, opened("nie")).await?;
    let (early, late) = (ask(&world, "Früh").await?, ask(&world, "Spät").await?);
    let secret = ask_in_private(&world, "Vertraulich").await?;
    runs(&world, rule, &[&[early][..], &[secret; 3], &[late; 1_200]].concat()).await?;

    let table = world.get(Role::Admin, &format!("/settings/rules/{rule}/csv")).await?;

    let mut numbers = Vec::new();
    for case in [early, late] {
        numbers.push(cases::case(&mut world.read().await?, case).await?.number);
    }
    let lines: Vec<&str> = table.body.lines().collect();
    assert_eq!(lines[0], "\u{feff}at;case;version;event;outcome;did;reason");
    assert_eq!(lines.len(), 1 + 1_201);
    assert!(lines[1].contains(&numbers[1]) && lines[1_201].contains(&numbers[0]), "{}", lines[1_201]);
    assert!(lines[1].ends_with("Schlagwort dazu: x;Das andere Programm antwortete mit 503."), "{}", lines[1]);
    assert!(table.header("content-disposition").contains("rule.csv"));
    Ok(())
}

async fn a_log_reads_on_until_its_page_is_full(world: World) -> Result<()> {
    let rule = save(&world, RuleKind::Trigger, opened("nie")).await?;
    let (open, secret) = (ask(&world, "Offen").await?, ask_in_private(&world, "Vertraulich").await?);
    let ids = runs(&world, rule, &[&[open; 60][..], &[secret; 300], &[open; 10], &[secret]].concat()).await?;

    let first = world.get_json(Role::Admin, &format!("/settings/rules/{rule}/log")).await?.json()?;
    let next = first["next"].as_str().context("there is more")?.to_owned();
    let second = world.get_json(Role::Admin, &next).await?.json()?;

    let lines = |page: &serde_json::Value| page["items"].as_array().map(Vec::len);
    assert_eq!((lines(&first), lines(&second), &second["next"]), (Some(50), Some(20), &json!(null)));
    assert!(next.ends_with(&format!("before={}", ids[20])), "a run that the reader may know of: {next}");
    Ok(())
}

async fn figures_of_rules_leave_private_cases_out(world: World) -> Result<()> {
    let closed = Definition { events: vec![Event::Closed], actions: tag("zu"), ..Definition::default() };
    let rule = save(&world, RuleKind::Trigger, closed).await?;
    let (open, secret) = (ask(&world, "Offen").await?, ask_in_private(&world, "Vertraulich").await?);
    let figures = async || -> Result<(i64, bool)> {
        let mut tx = world.read().await?;
        let days = rules::days_since(&world.app, &mut tx, world.now() - Timestamp::days(3)).await?;
        let last = rules::rule(&mut tx, &world.admin, rule).await?.last_at;
        Ok((days.iter().map(|day| day.changed + day.same + day.failed).sum(), last.is_some()))
    };

    cases::close(&world.app, &world.lead, secret).await?;
    world.settle().await?;
    assert_eq!((tags(&world, secret).await?, figures().await?), (vec!["zu".to_owned()], (0, false)));
    cases::close(&world.app, &world.lead, open).await?;
    world.settle().await?;
    assert_eq!(figures().await?, (1, true));
    Ok(())
}

async fn who_loses_a_case_by_a_move_is_heard_of_and_so_is_who_gets_it_back(world: World) -> Result<()> {
    let me = world.agent.person()?;
    for (from, to, name) in
        [(me.to_string(), "none".into(), "frei"), ("none".into(), me.to_string(), "genommen")]
    {
        let changes = vec![Change { of: Aspect::Owner, from: vec![from], to: vec![to] }];
        save(&world, RuleKind::Trigger, Definition { changes, actions: tag(name), ..Definition::default() })
            .await?;
    }
    let mut tx = world.app.db.write().await?;
    let other = people::add_queue(&mut tx, "Technik", None, None, 60).await?;
    tx.commit().await?;
    let case = ask(&world, "Lampe").await?;
    cases::assign(&world.app, &world.agent, case, Some(me)).await?;
    world.settle().await?;
    let before = facts(&world, case).await?.len();

    cases::move_to(&world.app, &world.agent, case, other).await?;
    world.settle().await?;
    let owned = |fact: &Fact| matches!(fact, Fact::CaseMoved { .. } | Fact::CaseAssigned { .. });
    let moved: Vec<Fact> = facts(&world, case).await?.into_iter().skip(before).filter(owned).collect();
    let let_go = Fact::CaseAssigned { to: None, from: Some(me) };
    assert_eq!(moved, [Fact::CaseMoved { queue: other }, let_go], "each is told once");
    assert_eq!(tags(&world, case).await?, ["frei", "genommen"], "the second is of the first assignment");

    let offer = undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
    undo::take_back(&world.app, &world.agent, offer.context("it can be taken back")?.id).await?;
    world.settle().await?;
    let back = Fact::CaseAssigned { to: Some(me), from: None };
    let all = facts(&world, case).await?;
    assert_eq!(all.iter().filter(|fact| **fact == back).count(), 2, "{all:?}");
    let runs = rules::runs_of_case(&mut world.read().await?, case, 10).await?;
    assert_eq!(runs.len(), 3, "it was heard once more: {runs:?}");
    Ok(())
}

async fn a_case_that_another_takes_in_is_closed_and_its_customer_is_told_nothing(world: World) -> Result<()> {
    let fields = [("name", "Ende"), ("shortcut", "ende"), ("body_de", "Erledigt!"), ("body_en", "")];
    world.post_form(Role::Lead, "/snippets", &fields).await?;
    let changes = vec![Change { of: Aspect::Status, from: Vec::new(), to: vec!["closed".into()] }];
    let actions = vec![Action::new(Deed::Tag, "zu"), Action::new(Deed::Reply, "1")];
    save(&world, RuleKind::Trigger, Definition { changes, actions, ..Definition::default() }).await?;
    let (into, from) = (ask(&world, "Lampe").await?, ask(&world, "Lampe noch einmal").await?);
    let done = ask(&world, "Lampe zum dritten").await?;
    cases::merge(&world.app, &world.agent, into, &[from]).await?;
    world.settle().await?;

    assert_eq!((tags(&world, from).await?, tags(&world, into).await?.len()), (vec!["zu".to_owned()], 0));
    let closed = |facts: Vec<Fact>| facts.iter().filter(|fact| **fact == Fact::CaseClosed).count();
    assert_eq!((closed(facts(&world, from).await?), closed(facts(&world, into).await?)), (1, 0));
    let mut tx = world.read().await?;
    let said = (cases::contacts(&mut tx, from).await?.len(), cases::contacts(&mut tx, into).await?.len());
    assert_eq!(said, (0, 2), "the work goes on in the other case");
    drop(tx);

    cases::close(&world.app, &world.agent, done).await?;
    world.settle().await?;
    assert_eq!(cases::contacts(&mut world.read().await?, done).await?.len(), 2, "one that is really done");
    let before = closed(facts(&world, done).await?);
    cases::merge(&world.app, &world.agent, into, &[done]).await?;
    assert_eq!(closed(facts(&world, done).await?), before, "it was closed already");
    Ok(())
}

async fn a_rule_notes_nothing_in_a_case_that_another_takes_in(world: World) -> Result<()> {
    let changes = vec![Change { of: Aspect::Status, from: Vec::new(), to: vec!["closed".into()] }];
    let note = Action { text: "Erledigt.".into(), ..Action::new(Deed::Note, "") };
    let actions = vec![Action::new(Deed::Tag, "zu"), note];
    save(&world, RuleKind::Trigger, Definition { changes, actions, ..Definition::default() }).await?;
    let (into, from) = (ask(&world, "Lampe").await?, ask(&world, "Lampe noch einmal").await?);

    cases::merge(&world.app, &world.agent, into, &[from]).await?;
    world.settle().await?;

    assert_eq!(tags(&world, from).await?, ["zu"], "what else it does is done");
    let mut tx = world.read().await?;
    let said = (cases::contacts(&mut tx, from).await?.len(), cases::contacts(&mut tx, into).await?.len());
    assert_eq!(said, (0, 2), "nobody would see it there");
    Ok(())
}

async fn a_line_of_the_head_is_found_behind_those_of_many_relays(world: World) -> Result<()> {
    let has_line = MailCondition {
        name: "X-Shop".into(),
        ..MailCondition::new(MailPart::Header, MailTest::Contains, "möbel")
    };
    let definition = Definition { mail: vec![has_line], actions: tag("Shop"), ..Definition::default() };
    save(&world, RuleKind::Mail, definition).await?;
    world.forward(Duration::from_secs(5));
    let relays = "Received: from a.example by b.example; Mon, 16 Nov 2026 08:00:00 +0100\r\n".repeat(150);
    let raw = format!(
        "{relays}From: anna@kundin.example\r\nTo: service@haus.example\r\nSubject: Lampe\r\nMessage-ID: <1@k.example>\r\n\
         X-Shop: =?utf-8?Q?M=C3=B6bel?=\r\n\r\nBitte!\r\n"
    );
    let delivery = Delivery {
        route: Route::Smtp,
        from: Some("anna@kundin.example".into()),
        to: vec!["service@haus.example".into()],
        peer: Some("192.0.2.7".into()),
        raw: raw.into(),
        queue: None,
    };

    let received = channels::intake::keep(&world.app, delivery).await?;
    channels::worker::work_off(&world.app).await?;
    world.settle().await?;

    let case = channels::received(&mut world.read().await?, received).await?.case.context("it was filed")?;
    assert_eq!(tags(&world, case).await?, ["Shop"]);
    Ok(())
}
