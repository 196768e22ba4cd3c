//! Colleagues see each other in a case.

use std::time::Duration;

use anyhow::Result;
use kitt::platform::Role;
use kitt::platform::live::Topic;
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    who_opens_a_case_is_seen_there_and_who_leaves_is_not,
    only_news_is_told,
    the_page_names_who_is_there,
    what_somebody_writes_stands_where_it_will_stand,
    a_shared_draft_is_seen_as_it_grows,
    a_contact_of_another_case_is_not_told_of,
);

async fn be(world: &World, role: Role, url: &str, doing: &str) -> Result<Value> {
    say(world, role, url, &json!({ "doing": doing })).await
}

async fn say(world: &World, role: Role, url: &str, what: &Value) -> Result<Value> {
    world.post_json(role, &format!("/api/v1{url}"), what).await?.json()
}

async fn who_opens_a_case_is_seen_there_and_who_leaves_is_not(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/cases/{}/presence", world.number(case).await?);
    let alone = be(&world, Role::Agent, &url, "writing").await?;
    let lead = be(&world, Role::Lead, &url, "reading").await?;
    assert_eq!(alone["others"], json!([]));
    assert_eq!(
        (&lead["others"][0]["name"], &lead["others"][0]["doing"]),
        (&"Eva Agent".into(), &"writing".into())
    );

    be(&world, Role::Agent, &url, "gone").await?;
    assert_eq!(be(&world, Role::Lead, &url, "reading").await?["others"], json!([]));

    be(&world, Role::Agent, &url, "reading").await?;
    world.forward(Duration::from_secs(51));
    assert_eq!(be(&world, Role::Lead, &url, "reading").await?["others"], json!([]));
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

async fn what_somebody_writes_stands_where_it_will_stand(world: World) -> Result<()> {
    let (case, contact) = world.write_in("Die Lampe flackert").await?;
    let number = world.number(case).await?;
    let (path, url) = (format!("/cases/{number}"), format!("/cases/{number}/presence"));
    let own = world.get(Role::Agent, &path).await?.body;
    assert!(own.contains(&format!("data-writes=\"reply\" data-about=\"{contact}\"")), "{own}");

    for (kind, told) in [
        ("reply", "Eva Agent schreibt eine Antwort"),
        ("note", "Eva Agent schreibt eine Notiz"),
        ("forward", "Eva Agent leitet eine Nachricht weiter"),
        ("talk", "Eva Agent schreibt in einem Nebengespräch"),
    ] {
        let what = json!({ "doing": "writing", "kind": kind, "about": contact });
        say(&world, Role::Agent, &url, &what).await?;
        let page = world.get(Role::Lead, &path).await?.body;
        let (before, after) = page.split_once("class=\"coming\"").unwrap_or_default();
        assert!(before.contains(&format!("id=\"m-{contact}\"")), "behind what was said: {page}");
        assert!(before.contains(told) && after.contains(told), "in the head and in the course: {page}");
        assert!(after.contains(&format!("href=\"#m-{contact}\">zu ")), "{page}");
        let own = world.get(Role::Agent, &path).await?.body;
        assert!(!own.contains("class=\"coming\""), "nobody is told what they write themselves: {own}");
    }

    // Who reads is said to write nothing, whatever a page adds.
    say(&world, Role::Agent, &url, &json!({ "doing": "reading", "kind": "reply" })).await?;
    let page = world.get(Role::Lead, &path).await?.body;
    assert!(page.contains("Eva Agent liest mit") && !page.contains("class=\"coming\""), "{page}");
    Ok(())
}

async fn a_shared_draft_is_seen_as_it_grows(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let (url, drafts) = (format!("/cases/{number}/presence"), format!("/cases/{number}/drafts"));
    be(&world, Role::Lead, &url, "reading").await?;
    say(&world, Role::Agent, &url, &json!({ "doing": "writing", "kind": "reply" })).await?;
    assert!(!world.get(Role::Lead, &url).await?.body.contains("Entwurf ansehen"), "nothing is kept yet");

    let kept =
        world.post_json(Role::Agent, &drafts, &json!({ "kind": "reply", "body": "Gut" })).await?.json()?;
    let mut told = world.app.live.listen();
    let typed = json!({
        "kind": "reply", "body": "Guten Morgen", "draft": kept["draft"], "version": kept["version"]
    });
    world.post_json(Role::Agent, &drafts, &typed).await?;

    assert_eq!(told.try_recv()?, vec![Topic::from(format!("presence:{case}"))]);
    let seen = world.get(Role::Lead, &url).await?.body;
    assert!(seen.contains("Entwurf ansehen") && seen.contains("Guten Morgen"), "{seen}");
    let other = world.get(Role::Manager, &url).await?.body;
    assert!(other.contains("schreibt eine Antwort") && !other.contains("Guten Morgen"), "{other}");
    say(&world, Role::Agent, &url, &json!({ "doing": "writing", "kind": "note" })).await?;
    let noting = world.get(Role::Lead, &url).await?.body;
    assert!(!noting.contains("Guten Morgen"), "the draft of an answer is no note: {noting}");
    Ok(())
}

async fn a_contact_of_another_case_is_not_told_of(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let other = world.write_in("Das Sofa knarzt").await?.1;
    let url = format!("/cases/{}/presence", world.number(case).await?);

    for about in [other.0, 987_654] {
        let what = json!({ "doing": "writing", "kind": "reply", "about": about });
        say(&world, Role::Agent, &url, &what).await?;

        let seen = world.get(Role::Lead, &url).await?.body;
        assert!(seen.contains("schreibt eine Antwort") && !seen.contains("#m-"), "{seen}");
    }
    Ok(())
}
