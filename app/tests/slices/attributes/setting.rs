//! Kind, own state, tags and fields as they are set on a case.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::attributes::{FieldType, NewState, Written};
use kitt::cases::{Priority, Status, attributes};
use kitt::journal;
use kitt::platform::{Error, OwnStateId, Role};
use serde_json::{Value, json};

use super::draft;
use crate::world::{World, both};

both!(
    every_attribute_can_be_set_and_taken_back,
    what_somebody_else_set_meanwhile_stays,
    a_state_of_ones_own_does_what_it_means,
    a_state_of_ones_own_comes_back_with_what_it_meant,
    a_tag_is_one_however_it_is_typed,
    two_people_make_one_tag,
    merged_tags_leave_no_case_behind,
    programs_read_and_write_every_attribute,
);

async fn every_attribute_can_be_set_and_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let complaint = world.kind_named("Beschwerde").await?;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    world.field(draft("Order number", FieldType::Reference)).await?;
    let tag = attributes::add_tag(app, agent, case, "VIP").await?;
    world.write_field(case, "order_number", "B 16").await?;
    let facts = journal::of_case(&mut world.read().await?, case).await?.len();

    for step in 0..6 {
        let before = world.what_is(case).await?;
        match step {
            0 => attributes::set_priority(app, agent, case, Priority::High).await?,
            1 => attributes::set_kind(app, agent, case, Some(complaint)).await?,
            2 => attributes::set_state(app, agent, case, NewState::Own(supplier)).await?,
            3 => drop(attributes::add_tag(app, agent, case, "Eilt").await?),
            4 => attributes::remove_tag(app, agent, case, tag).await?,
            _ => world.write_field(case, "order_number", "B 17").await?,
        }
        assert_ne!(before, world.what_is(case).await?, "step {step} did nothing");
        world.take_back(agent).await??;
        assert_eq!(before, world.what_is(case).await?, "step {step}");
    }
    // Each step is a fact, and so is taking it back; waiting and becoming a complaint or none are facts of their own.
    let after = journal::of_case(&mut world.read().await?, case).await?.len();
    assert_eq!(after - facts, 15);
    Ok(())
}

async fn what_somebody_else_set_meanwhile_stays(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.field(draft("Ort", FieldType::Text)).await?;
    attributes::set_priority(app, agent, case, Priority::High).await?;
    attributes::set_priority(app, lead, case, Priority::Low).await?;
    let late = world.take_back(agent).await?;
    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");

    world.write_field(case, "ort", "Linz").await?;
    attributes::set_field(app, lead, case, "ort", Written::plain("Graz")).await?;
    let late = world.take_back(agent).await?;

    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    assert_eq!(world.what_is(case).await?[1]["fields"]["ort"], "Graz");
    Ok(())
}

async fn a_state_of_ones_own_does_what_it_means(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    let solved = world.own_state("gelöst", Status::Closed).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let stands = async || -> Result<(Status, Option<OwnStateId>, bool)> {
        let row = cases::case(&mut world.read().await?, case).await?;
        Ok((row.status, row.own_state, row.due_at.is_some()))
    };

    attributes::set_state(app, agent, case, NewState::Own(supplier)).await?;
    assert_eq!(stands().await?, (Status::Waiting, Some(supplier), false));
    cases::wait(app, agent, case, Some(world.now() + kitt::platform::Timestamp::days(2))).await?;
    assert_eq!(
        stands().await?,
        (Status::Waiting, Some(supplier), true),
        "it still waits, and so does the customer"
    );
    world.write_to(case).await?;
    assert_eq!(stands().await?, (Status::Open, None, true), "the customer wrote");
    attributes::set_state(app, agent, case, NewState::Own(solved)).await?;
    assert_eq!(stands().await?, (Status::Closed, Some(solved), false));
    attributes::set_state(app, agent, case, NewState::Base(Status::Open)).await?;

    assert_eq!(stands().await?, (Status::Open, None, true), "who was not answered still waits");
    Ok(())
}

async fn a_state_of_ones_own_comes_back_with_what_it_meant(world: World) -> Result<()> {
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    attributes::set_state(&world.app, &world.agent, case, NewState::Own(supplier)).await?;
    let before = world.what_is(case).await?;

    cases::close(&world.app, &world.agent, case).await?;
    assert_eq!(world.what_is(case).await?[1]["own_state"], Value::Null);
    world.take_back(&world.agent).await??;

    assert_eq!(world.what_is(case).await?, before);
    Ok(())
}

async fn a_tag_is_one_however_it_is_typed(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let first = attributes::add_tag(app, agent, case, "Größe  XL").await?;
    for typed in ["größe xl", "#GROESSE XL", " Größe XL "] {
        assert_eq!(attributes::add_tag(app, agent, case, typed).await?, first, "{typed}");
    }
    let empty = attributes::add_tag(app, agent, case, " # ").await;
    let long = attributes::add_tag(app, agent, case, &"x".repeat(61)).await;

    assert!(matches!(empty, Err(Error::Invalid(_))) && matches!(long, Err(Error::Invalid(_))));
    let tags = attributes::tags_like(&mut world.read().await?, "oesse", 10).await?;
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["Größe XL"]);
    assert!(attributes::tags_like(&mut world.read().await?, "%", 10).await?.is_empty());
    Ok(())
}

async fn two_people_make_one_tag(world: World) -> Result<()> {
    let mut making = Vec::new();
    for number in 0..6 {
        let case = world.write_in(&format!("Fall {number}")).await?.0;
        let (app, agent) = (world.app.clone(), world.agent.clone());
        making.push(tokio::spawn(async move { attributes::add_tag(&app, &agent, case, "Messe").await }));
    }
    let mut tags = Vec::new();
    for made in making {
        tags.push(made.await??);
    }

    tags.dedup();
    assert_eq!(tags.len(), 1, "{tags:?}");
    Ok(())
}

async fn merged_tags_leave_no_case_behind(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (one, two) = (world.write_in("Eins").await?.0, world.write_in("Zwei").await?.0);
    let from = attributes::add_tag(app, agent, one, "Reklamation").await?;
    attributes::add_tag(app, agent, two, "Reklamation").await?;
    let into = attributes::add_tag(app, agent, one, "Beanstandung").await?;
    let url = format!("/settings/attributes/tags/{from}/merge");

    let unknown =
        world.post_json(Role::Admin, &format!("/api/v1{url}"), &json!({"into": "Unbekannt"})).await?;
    let merged = world.post_form(Role::Admin, &url, &[("into", "beanstandung")]).await?;

    assert_eq!((unknown.status.as_u16(), merged.status.as_u16()), (422, 303));
    for case in [one, two] {
        assert_eq!(world.what_is(case).await?[1]["tags"], json!([{"id": into, "name": "Beanstandung"}]));
    }
    let uses = attributes::tag_uses(&mut world.read().await?, 1000).await?;
    assert_eq!(uses.iter().map(|tag| (tag.id, tag.cases)).collect::<Vec<_>>(), [(into, 2)]);
    let taken = attributes::rename_tag(app, &world.admin, into, "Reklamation").await;
    taken.context("the other name is free again")?;
    attributes::forget_tag(app, &world.admin, into).await?;
    assert_eq!(world.what_is(one).await?[1]["tags"], json!([]));
    Ok(())
}

async fn programs_read_and_write_every_attribute(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/api/v1/cases/{}", world.number(case).await?);
    let kind = world.kind_named("Frage").await?;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    world.field(draft("Watt", FieldType::Number)).await?;
    world.field(draft("Fertig", FieldType::YesNo)).await?;
    for (path, body) in [
        ("kind", json!({"kind": kind})),
        ("priority", json!({"priority": "low"})),
        ("state", json!({"state": supplier})),
        ("tags", json!({"name": "VIP"})),
        ("fields/watt", json!({"value": 12.5})),
        ("fields/fertig", json!({"value": true})),
    ] {
        let done = world.post_json(Role::Agent, &format!("{url}/{path}"), &body).await?;
        assert_eq!(done.status.as_u16(), 200, "{path}: {}", done.body);
    }
    for (path, body, status) in [
        ("state", json!({"state": "gone"}), 422),
        ("state", json!({"state": 4711}), 404),
        ("kind", json!({"kind": 4711}), 404),
        ("priority", json!({"priority": "urgent"}), 422),
        ("fields/none", json!({"value": 1}), 404),
        ("fields/watt", json!({"value": "1,5"}), 422),
    ] {
        let done = world.post_json(Role::Agent, &format!("{url}/{path}"), &body).await?;
        assert_eq!(done.status.as_u16(), status, "{path} {body}: {}", done.body);
    }

    let own = world.get_json(Role::Agent, &url).await?.json()?["attributes"].clone();
    assert_eq!(own["kind"], json!({"id": kind, "name": "Frage"}));
    assert_eq!(
        (&own["priority"], &own["own_state"]["name"]),
        (&json!("low"), &json!("wartet auf Lieferant"))
    );
    assert_eq!(
        (&own["fields"], &own["tags"][0]["name"]),
        (&json!({"watt": 12.5, "fertig": true}), &json!("VIP"))
    );
    let offered = world.get_json(Role::Agent, "/api/v1/attributes").await?.json()?;
    assert_eq!(
        (offered["kinds"].as_array().map(Vec::len), &offered["fields"][0]["key"]),
        (Some(7), &json!("watt"))
    );
    let tags = world.get_json(Role::Agent, "/api/v1/tags?q=vi").await?.json()?;
    assert_eq!(tags["items"][0]["name"], "VIP");
    let tag = tags["items"][0]["id"].as_i64().context("an id")?;
    let removed = world.post_json(Role::Agent, &format!("{url}/tags/{tag}/remove"), &json!({})).await?;
    assert_eq!(removed.json()?["tags"], json!([]));
    let empty = world.post_json(Role::Agent, &format!("{url}/kind"), &json!({"kind": ""})).await?;
    assert_eq!(empty.json()?["kind"], Value::Null);
    Ok(())
}
