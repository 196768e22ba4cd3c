//! How rules are written, tried out and passed on.

use anyhow::Result;
use axum::http::StatusCode;
use kitt::cases;
use kitt::platform::{Role, Timestamp};
use kitt::rules;
use kitt::rules::{Deed, Definition, Event, RuleKind};
use serde_json::json;

use super::{draft, subject, trigger};
use crate::world::{World, both};

both!(
    each_version_is_kept_and_can_be_taken_again,
    a_dry_run_says_what_would_have_happened_and_changes_nothing,
    the_pages_of_rules_work_without_a_script,
    rules_go_from_house_to_house,
    what_cannot_work_is_refused_at_its_field,
);

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
    rules::remove(&world.app, &world.admin, rule).await?;
    assert!(rules::all(&mut world.read().await?, &world.admin).await?.is_empty());
    rules::bring_back(&world.app, &world.admin, rule).await?;
    let back = rules::all(&mut world.read().await?, &world.admin).await?;
    assert_eq!((back.len(), back[0].active), (1, false), "back, but off");
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
        csv.body.starts_with("\u{feff}at;case;version;event;outcome;did;reason\n")
            && csv.body.contains(";opened;changed;")
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
