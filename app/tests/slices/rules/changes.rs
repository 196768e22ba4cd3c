//! What is a change: of the status by answers, mails and hand-offs; and what a change may name.

use anyhow::Result;
use axum::http::StatusCode;
use kitt::cases::{self, Answer, Incoming, To};
use kitt::journal::Fact;
use kitt::platform::Role;
use kitt::rules::{Aspect, Deed, Definition};
use serde_json::json;

use super::{all, change};
use crate::world::{World, both};

both!(answers_mails_and_hand_offs_change_how_a_case_stands, what_a_change_cannot_become_is_told_at_its_row,);

async fn answers_mails_and_hand_offs_change_how_a_case_stands(world: World) -> Result<()> {
    let me = world.agent.person()?.to_string();
    for (of, from, to, tag) in [
        (Aspect::Status, "open", "waiting", "wartet"),
        (Aspect::Status, "waiting", "open", "weiter"),
        (Aspect::Owner, "none", me.as_str(), "genommen"),
    ] {
        let changes = vec![change(of, &[from], &[to])];
        let definition = Definition { changes, actions: all(&[(Deed::Tag, tag)]), ..Definition::default() };
        world.rule(tag, definition).await?;
    }
    let (case, other) =
        (world.write_in("Die Lampe flackert").await?.0, world.write_in("Der Stuhl wackelt").await?.0);
    let answer = || Answer { text: "Gern.".into(), ..Answer::default() };

    cases::reply(&world.app, &world.agent, case, answer()).await?;
    cases::reply(&world.app, &world.agent, case, answer()).await?;
    world.settle().await?;
    assert_eq!(world.tags(case).await?, ["genommen", "wartet"]);

    let away = Incoming { automatic: true, ..world.incoming(Some(case), "Bin im Urlaub").await? };
    world.receive(away).await?;
    world.settle().await?;
    assert_eq!(world.tags(case).await?, ["genommen", "wartet"], "a machine's mail opens nothing");

    world.write_to(case).await?;
    cases::hand_off(&world.app, &world.agent, other, To::Department(world.product), "Bitte ansehen", None)
        .await?;
    world.settle().await?;
    assert_eq!(world.tags(case).await?, ["genommen", "wartet", "weiter"]);
    assert_eq!(world.tags(other).await?, ["wartet"]);

    let facts = world.facts_of(case).await?;
    let count = |is: fn(&Fact) -> bool| facts.iter().filter(|fact| is(fact)).count();
    let counts = [
        count(|fact| matches!(fact, Fact::CaseAssigned { .. })),
        count(|fact| matches!(fact, Fact::CaseSetWaiting { .. })),
        count(|fact| matches!(fact, Fact::CaseResumed)),
    ];
    assert_eq!(counts, [1, 1, 1], "each is recorded once: {facts:?}");
    Ok(())
}

async fn what_a_change_cannot_become_is_told_at_its_row(world: World) -> Result<()> {
    let many: Vec<String> = vec!["none".into(); 101];
    let queue = world.queue.to_string();
    for (of, to, taken) in [
        ("status", json!(["weg"]), false),
        ("priority", json!(["urgent"]), false),
        ("queue", json!(["999"]), false),
        ("owner", json!(["999"]), false),
        ("kind", json!(["999"]), false),
        ("owner", json!(many), false),
        ("owner", json!(["none"]), true),
        ("queue", json!([queue]), true),
    ] {
        let changes = json!([{"of": "status", "to": ["closed"]}, {"of": of, "to": to}]);
        let rule = json!({"kind": "trigger", "name": "x",
            "definition": {"changes": changes, "actions": [{"does": "tag", "value": "x"}]}});
        let answer = world.post_json(Role::Admin, "/api/v1/settings/rules", &rule).await?;
        let told = answer.body.contains("\"changes-1\"");
        assert_eq!((answer.status == StatusCode::OK, told), (taken, !taken), "{rule}: {}", answer.body);
    }
    let form = [
        ("kind", "trigger"),
        ("name", "x"),
        ("join", "all"),
        ("c0", "queue"),
        ("cd0", "queue"),
        ("ct0", "999"),
        ("a0", "close"),
        ("ad0", "close"),
    ];
    let page = world.post_form(Role::Admin, "/settings/rules", &form).await?;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("data-field=\"cf0\">Änderung 1: Das gibt es nicht"), "{}", page.body);
    Ok(())
}
