//! Cases and queues that the keeper of a rule may not know of: the rule says nothing of them.

use anyhow::{Context, Result};
use kitt::cases::{self, bins};
use kitt::people;
use kitt::platform::{Role, sql};
use kitt::rules;
use kitt::rules::{Action, Aspect, Deed, Definition, Draft, Event, RuleKind};
use serde_json::json;

use super::{change, draft, trigger};
use crate::world::{World, both};

both!(
    a_log_is_silent_about_cases_of_others,
    a_log_of_hidden_cases_is_not_read_to_its_end_at_once,
    a_lead_names_no_queue_that_is_hidden_from_them,
);

async fn a_log_is_silent_about_cases_of_others(world: World) -> Result<()> {
    let rule = world.rule("Alle", trigger(Event::Opened, &[(Deed::Tag, "x")])).await?;
    let (open, private) = (world.asked("Offen").await?, world.asked("Vertraulich").await?);
    world.settle().await?;
    cases::assign(&world.app, &world.lead, private, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, private, true).await?;
    let (open, private) = (world.case_now(open).await?.number, world.case_now(private).await?.number);

    for page in ["log", "csv"] {
        let path = format!("/settings/rules/{rule}/{page}");
        let page = world.get(Role::Admin, &path).await?.body;
        assert!(page.contains(&open) && !page.contains(&private), "{path} {private}: {page}");
    }
    let told = world.get_json(Role::Admin, &format!("/settings/rules/{rule}/log")).await?.body;
    assert!(told.contains(&open) && !told.contains(&private), "{told}");
    Ok(())
}

async fn a_log_of_hidden_cases_is_not_read_to_its_end_at_once(world: World) -> Result<()> {
    let rule = world.rule("Alle", trigger(Event::Opened, &[(Deed::Tag, "x")])).await?;
    let open = world.asked("Offen").await?;
    world.settle().await?;
    let private = world.asked("Vertraulich").await?;
    bins::set_private(&world.app, &world.lead, private, true).await?;
    let mut tx = world.app.db.write().await?;
    sql("INSERT INTO rule_runs (rule_id, version, case_id, event, at, outcome, did, reason, chain)
         SELECT $1, 1, $2, '', $3, 'same', '[]', '', '' FROM
         (WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 10000) SELECT n FROM many) AS all_of_them")
        .bind(rule)
        .bind(private)
        .bind(world.now())
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    let open = world.case_now(open).await?.number;

    let path = format!("/settings/rules/{rule}/log");
    let page = world.get(Role::Admin, &path).await?.body;
    assert!(page.contains("Bis hierher ist nichts, das du sehen kannst."), "{page}");
    let first = world.get_json(Role::Admin, &path).await?.json()?;
    assert_eq!(first["items"], json!([]), "{first}");
    let next = first["next"].as_str().context("it goes on")?;
    let rest = world.get_json(Role::Admin, next).await?.json()?;
    assert_eq!((&rest["items"][0]["number"], &rest["next"]), (&json!(open), &json!(null)), "{rest}");
    let table = world.get(Role::Admin, &format!("/settings/rules/{rule}/csv")).await?.body;
    assert!(table.lines().count() == 2 && table.contains(&open), "the table is whole: {table}");
    Ok(())
}

async fn a_lead_names_no_queue_that_is_hidden_from_them(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    let team = people::add_team(&mut tx, "Recht").await?;
    let queue = people::add_queue(&mut tx, "Geheimkammer", Some(team), None, 60).await?;
    sql("UPDATE queues SET restricted = TRUE WHERE id = $1").bind(queue).run(&mut tx).await?;
    tx.commit().await?;
    let id = queue.to_string();
    let lead = people::actor(&mut world.read().await?, world.lead.person()?).await?;
    let hand_off = Action { text: "Bitte".into(), ..Action::new(Deed::HandOff, &format!("queue:{queue}")) };
    let waits = Definition {
        changes: vec![change(Aspect::Queue, &[], &[&id])],
        ..trigger(Event::Opened, &[(Deed::Close, "")])
    };
    for (definition, field) in [
        (trigger(Event::Opened, &[(Deed::Queue, &id)]), "actions-0"),
        (Definition { actions: vec![hand_off], ..trigger(Event::Opened, &[]) }, "actions-0"),
        (waits, "changes-0"),
    ] {
        let rule = Draft { team: Some(world.team), ..draft(RuleKind::Trigger, "Heimlich", definition) };
        let refused = format!("{:?}", rules::save(&world.app, &lead, None, &rule).await);
        assert!(refused.contains(field), "{refused}");
        rules::save(&world.app, &world.admin, None, &rule).await?;
    }
    Ok(())
}
