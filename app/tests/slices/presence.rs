//! Colleagues see each other in a case.

use std::time::Duration;

use anyhow::Result;
use kitt::platform::Role;
use kitt::platform::live::Topic;

use crate::world::{World, both};

both!(who_opens_a_case_is_seen_there_and_who_leaves_is_not, only_news_is_told, the_page_names_who_is_there);

async fn be(world: &World, role: Role, url: &str, doing: &str) -> Result<serde_json::Value> {
    let api = format!("/api/v1{url}");
    world.post_json(role, &api, &serde_json::json!({ "doing": doing })).await?.json()
}

async fn who_opens_a_case_is_seen_there_and_who_leaves_is_not(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/cases/{}/presence", world.number(case).await?);
    let alone = be(&world, Role::Agent, &url, "writing").await?;
    let lead = be(&world, Role::Lead, &url, "reading").await?;
    assert_eq!(alone["others"], serde_json::json!([]));
    assert_eq!(
        (&lead["others"][0]["name"], &lead["others"][0]["doing"]),
        (&"Eva Agent".into(), &"writing".into())
    );

    be(&world, Role::Agent, &url, "gone").await?;
    assert_eq!(be(&world, Role::Lead, &url, "reading").await?["others"], serde_json::json!([]));

    be(&world, Role::Agent, &url, "reading").await?;
    world.forward(Duration::from_secs(51));
    assert_eq!(be(&world, Role::Lead, &url, "reading").await?["others"], serde_json::json!([]));
    Ok(())
}

async fn only_news_is_told(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/cases/{}/presence", world.number(case).await?);
    let mut told = world.app.live.listen();

    be(&world, Role::Agent, &url, "reading").await?;
    be(&world, Role::Agent, &url, "reading").await?;
    be(&world, Role::Agent, &url, "writing").await?;

    let topic = vec![Topic::from(format!("presence:{case}"))];
    assert_eq!((told.try_recv()?, told.try_recv()?), (topic.clone(), topic));
    assert!(told.try_recv().is_err());
    Ok(())
}

async fn the_page_names_who_is_there(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    be(&world, Role::Agent, &format!("/cases/{number}/presence"), "writing").await?;

    let page = world.get(Role::Lead, &format!("/cases/{number}")).await?.body;
    let own = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;

    assert!(page.contains("Eva Agent schreibt gerade"), "{page}");
    assert!(!own.contains("Eva Agent schreibt gerade"), "{own}");
    Ok(())
}
