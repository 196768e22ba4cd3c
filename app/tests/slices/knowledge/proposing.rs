//! Changes of published articles, proposed by those who may not publish.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::platform::{Role, sql};
use serde_json::{Value, json};

use super::{BODY, TITLE, form, id_of, proposed, published, titles, way_back};
use crate::world::{World, both};

both!(
    a_proposed_change_leaves_the_article_as_it_is,
    who_publishes_compares_and_accepts_and_the_writer_is_told,
    a_declined_change_says_why,
    nobody_accepts_what_they_have_not_seen,
    what_became_of_a_proposal_is_taken_back,
    only_what_is_published_and_says_something_else_is_proposed,
    what_is_proposed_for_an_article_ends_with_it,
    nothing_is_open_for_an_article_that_is_put_away,
    what_is_decided_is_counted_by_no_bell,
);

const BETTER: &str = "Die Abholung kostet innerhalb von vierzig Tagen nichts.";

/// The agent proposes to say this in an article.
async fn suggested(world: &World, article: i64, body: &str) -> Result<i64> {
    let change = form(&json!({ "version": "1", "body": body }));
    id_of(&world.post_json(Role::Agent, &format!("/knowledge/{article}/proposals"), &change).await?)
}

async fn decided(world: &World, proposal: i64, decision: &Value) -> Result<StatusCode> {
    let path = format!("/knowledge/proposals/{proposal}/decision");
    Ok(world.post_json(Role::Lead, &path, decision).await?.status)
}

fn accepted(version: i64) -> Value {
    json!({ "decision": "accepted", "version": version.to_string() })
}

async fn said(world: &World, article: i64) -> Result<String> {
    let article = world.get_json(Role::Department, &format!("/articles/{article}")).await?.json()?;
    Ok(article["texts"][0]["body"].as_str().unwrap_or_default().to_owned())
}

/// Kind, what it is about and where it leads, of somebody's notices.
async fn told(world: &World, role: Role) -> Result<Vec<(String, String, String)>> {
    world.hear().await?;
    let list = world.get_json(role, "/notices").await?.json()?;
    let items = list["items"].as_array().context("a list")?;
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    Ok(items.iter().map(|item| (text(item, "kind"), text(item, "about"), text(item, "url"))).collect())
}

/// What the bell says.
async fn unread(world: &World, role: Role) -> Result<Value> {
    world.hear().await?;
    Ok(world.get_json(role, "/notices/bell").await?.json()?["unread"].clone())
}

async fn a_proposed_change_leaves_the_article_as_it_is(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Änderung vorschlagen") && !page.contains("Artikel bearbeiten"), "{page}");
    let edit = world.get(Role::Agent, &format!("{path}/edit")).await?.body;
    assert!(edit.contains(&format!("action=\"{path}/proposals\"")) && edit.contains("Vorschlagen"), "{edit}");

    let proposal = suggested(&world, id, BETTER).await?;

    let seen = format!("/knowledge/proposals/{proposal}");
    assert!(said(&world, id).await?.contains(BODY), "readers see no change");
    for (role, sees) in [(Role::Agent, true), (Role::Lead, true), (Role::Department, false)] {
        let page = world.get(role, &path).await?.body;
        assert_eq!(page.contains("Vorschlag von Eva Agent"), sees, "{role}: {page}");
    }
    assert_eq!(world.get(Role::Department, &seen).await?.status, StatusCode::FORBIDDEN);
    assert_eq!(titles(&world, Role::Agent, "show=proposed").await?, [TITLE]);
    assert!(titles(&world, Role::Department, "show=proposed").await?.is_empty());

    let again = suggested(&world, id, "Noch besser.").await?;
    assert_eq!(again, proposal, "who proposes again changes what they proposed");
    let edit = world.get(Role::Agent, &format!("{path}/edit")).await?.body;
    assert!(edit.contains("Noch besser."), "{edit}");
    let gone = world.post_form(Role::Agent, &format!("{seen}/withdrawal"), &[]).await?;
    assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, path.as_str()));
    assert!(titles(&world, Role::Lead, "show=proposed").await?.is_empty());
    Ok(())
}

async fn who_publishes_compares_and_accepts_and_the_writer_is_told(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;
    let seen = format!("/knowledge/proposals/{proposal}");
    let news = |kind: &str| vec![(kind.to_owned(), TITLE.to_owned(), seen.clone())];
    assert_eq!(told(&world, Role::Lead).await?, news("article_proposed"));
    assert!(told(&world, Role::Admin).await?.is_empty(), "who only sets Kitt up is asked by nobody");
    let page = world.get(Role::Lead, &seen).await?.body;
    for shown in [format!("<del dir=\"auto\">{BODY}</del>"), format!("<ins dir=\"auto\">{BETTER}</ins>")] {
        assert!(page.contains(&shown), "{shown}: {page}");
    }
    assert!(page.contains("data-key=\"Shift+A\"") && page.contains("Warum nicht?"), "{page}");
    let own = world.get(Role::Agent, &seen).await?.body;
    assert!(!own.contains("Annehmen") && own.contains("Vorschlag zurückziehen"), "{own}");
    let decision = format!("{seen}/decision");
    assert_eq!(world.post_json(Role::Agent, &decision, &accepted(1)).await?.status, StatusCode::FORBIDDEN);

    let done = world.post_form(Role::Lead, &decision, &[("decision", "accepted"), ("version", "1")]).await?;

    assert_eq!(done.location(), format!("/knowledge/{id}"));
    assert!(said(&world, id).await?.contains(BETTER));
    let versions = world.get_json(Role::Lead, &format!("/knowledge/{id}/versions")).await?.json()?;
    let writer = world.agent.person_id().context("a person")?;
    let newest = &versions["items"][0];
    assert_eq!((&newest["version"], &newest["person"]), (&json!(2), &json!(writer)), "who wrote it");
    assert_eq!(told(&world, Role::Agent).await?, news("article_decided"));
    let page = world.get(Role::Agent, &seen).await?.body;
    assert!(page.contains("Angenommen von Tom Lead"), "{page}");
    assert_eq!(decided(&world, proposal, &accepted(2)).await?, StatusCode::UNPROCESSABLE_ENTITY, "once");
    let log = world.get_json(Role::Admin, "/settings/audit").await?.body;
    assert!(log.contains("Vorgeschlagene Änderung angenommen") && !log.contains("vierzig"), "{log}");
    Ok(())
}

async fn a_declined_change_says_why(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;

    let silent = decided(&world, proposal, &json!({ "decision": "declined", "reason": " " })).await?;
    let why = json!({ "decision": "declined", "reason": "Es sind dreißig Tage." });
    let declined = decided(&world, proposal, &why).await?;

    assert_eq!((silent, declined), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::OK));
    assert!(said(&world, id).await?.contains(BODY));
    let page = world.get(Role::Agent, &format!("/knowledge/proposals/{proposal}")).await?.body;
    assert!(page.contains("Abgelehnt von Tom Lead") && page.contains("Es sind dreißig Tage."), "{page}");
    assert_eq!(told(&world, Role::Agent).await?.len(), 1);
    assert_ne!(suggested(&world, id, BETTER).await?, proposal, "it may be proposed anew");
    Ok(())
}

async fn nobody_accepts_what_they_have_not_seen(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;
    let meanwhile = form(&json!({ "version": "1", "body": "Ada war schneller." }));
    world.post_json(Role::Admin, &format!("/knowledge/{id}"), &meanwhile).await?;

    assert_eq!(decided(&world, proposal, &accepted(1)).await?, StatusCode::CONFLICT);

    let page = world.get(Role::Lead, &format!("/knowledge/proposals/{proposal}")).await?.body;
    assert!(page.contains("wurde seit diesem Vorschlag geändert"), "{page}");
    assert!(page.contains("<del dir=\"auto\">Ada war schneller.</del>"), "with what holds now: {page}");
    assert_eq!(decided(&world, proposal, &accepted(2)).await?, StatusCode::OK);
    assert!(said(&world, id).await?.contains(BETTER));
    Ok(())
}

async fn what_became_of_a_proposal_is_taken_back(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;
    let seen = format!("/knowledge/proposals/{proposal}");
    let state =
        async || -> Result<Value> { Ok(world.get_json(Role::Lead, &seen).await?.json()?["state"].clone()) };

    for decision in [accepted(1), json!({ "decision": "declined", "reason": "Nein." })] {
        assert_eq!(decided(&world, proposal, &decision).await?, StatusCode::OK);
        let back = way_back(&world.get(Role::Lead, &seen).await?.body)?;
        world.post_form(Role::Lead, &back, &[]).await?;
        assert_eq!(state().await?, "open", "{decision}");
        assert!(said(&world, id).await?.contains(BODY), "it says again what it said");
    }
    assert_eq!(decided(&world, proposal, &accepted(3)).await?, StatusCode::OK);
    let back = way_back(&world.get(Role::Lead, &seen).await?.body)?;
    let later = form(&json!({ "version": "4", "body": "Ada schrieb weiter." }));
    world.post_json(Role::Admin, &format!("/knowledge/{id}"), &later).await?;
    let late = world.post_form(Role::Lead, &back, &[]).await?;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "what somebody else did meanwhile stays");

    let other = published(&world, &json!({ "title": "Garantie" })).await?;
    let change = form(&json!({ "version": "1", "title": "Garantie", "body": BETTER }));
    world.post_json(Role::Agent, &format!("/knowledge/{other}/proposals"), &change).await?;
    let back = way_back(&world.get(Role::Agent, &format!("/knowledge/{other}")).await?.body)?;
    world.post_form(Role::Agent, &back, &[]).await?;
    assert!(titles(&world, Role::Lead, "show=proposed").await?.is_empty(), "it was never proposed");
    Ok(())
}

async fn only_what_is_published_and_says_something_else_is_proposed(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}/proposals");
    for (change, field) in
        [(json!({ "version": "1" }), "body"), (json!({ "version": "1", "title": " " }), "title")]
    {
        let refused = world.post_json(Role::Agent, &path, &change).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert_eq!(refused.json()?["errors"][0]["field"], field);
    }
    let change = form(&json!({ "version": "1", "body": BETTER }));
    assert_eq!(world.post_json(Role::Department, &path, &change).await?.status, StatusCode::FORBIDDEN);
    let draft = proposed(&world, Role::Agent, &json!({ "title": "Ein Entwurf" })).await?;
    let own = world.post_json(Role::Agent, &format!("/knowledge/{draft}/proposals"), &change).await?;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "a draft is changed");
    Ok(())
}

async fn what_is_proposed_for_an_article_ends_with_it(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;
    let (path, seen) = (format!("/knowledge/{id}"), format!("/knowledge/proposals/{proposal}"));
    let before = world.get_json(Role::Lead, &seen).await?.json()?;

    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "archived" })).await?;

    assert_eq!(world.get_json(Role::Lead, &seen).await?.json()?["state"], "declined");
    assert!(!world.get(Role::Lead, &path).await?.body.contains("Vorschlag von Eva Agent"));
    let page = world.get(Role::Agent, &seen).await?.body;
    assert!(
        page.contains("Der Artikel kam ins Archiv.") && !page.contains("Vorschlag zurückziehen"),
        "{page}"
    );
    let news = ("article_decided".to_owned(), TITLE.to_owned(), seen.clone());
    assert_eq!(told(&world, Role::Agent).await?, [news], "who proposed it hears of it");
    assert_eq!(decided(&world, proposal, &accepted(1)).await?, StatusCode::UNPROCESSABLE_ENTITY);

    let back = way_back(&world.get(Role::Lead, &path).await?.body)?;
    world.post_form(Role::Lead, &back, &[]).await?;
    let after = world.get_json(Role::Lead, &seen).await?.json()?;
    assert_eq!((&after["state"], &after["at"]), (&json!("open"), &before["at"]), "both are as before");
    assert_eq!(told(&world, Role::Agent).await?, [], "nothing is decided");
    assert_eq!(decided(&world, proposal, &accepted(1)).await?, StatusCode::OK);
    assert!(said(&world, id).await?.contains(BETTER));
    Ok(())
}

async fn nothing_is_open_for_an_article_that_is_put_away(world: World) -> Result<()> {
    let id = proposed(&world, Role::Lead, &json!({})).await?;
    let state = format!("/knowledge/{id}/state");
    world.post_json(Role::Lead, &state, &json!({ "state": "published" })).await?;
    let unpublish = way_back(&world.get(Role::Lead, &format!("/knowledge/{id}")).await?.body)?;
    let proposal = suggested(&world, id, BETTER).await?;
    let seen = format!("/knowledge/proposals/{proposal}");
    let late = world.post_form(Role::Lead, &unpublish, &[]).await?;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody proposed a change meanwhile");

    world.post_form(Role::Agent, &format!("{seen}/withdrawal"), &[]).await?;
    let again = way_back(&world.get(Role::Agent, &seen).await?.body)?;
    world.post_json(Role::Lead, &state, &json!({ "state": "archived" })).await?;
    let late = world.post_form(Role::Agent, &again, &[]).await?;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "the article is gone meanwhile");
    assert_eq!(world.get_json(Role::Lead, &seen).await?.json()?["state"], "withdrawn");

    // As a house has them that put articles away before their proposals ended with them.
    let mut tx = world.app.db.write().await?;
    sql("UPDATE article_proposals SET state = 'open' WHERE id = $1").bind(proposal).run(&mut tx).await?;
    tx.commit().await?;
    let page = world.get(Role::Lead, &seen).await?.body;
    assert!(
        page.contains("Der Artikel ist nicht veröffentlicht.") && !page.contains("value=\"accepted\""),
        "{page}"
    );
    assert_eq!(decided(&world, proposal, &accepted(1)).await?, StatusCode::UNPROCESSABLE_ENTITY);
    let why = json!({ "decision": "declined", "reason": "Den Artikel gibt es nicht mehr." });
    assert_eq!(decided(&world, proposal, &why).await?, StatusCode::OK);
    Ok(())
}

async fn what_is_decided_is_counted_by_no_bell(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let proposal = suggested(&world, id, BETTER).await?;
    let seen = format!("/knowledge/proposals/{proposal}");
    assert_eq!(unread(&world, Role::Lead).await?, 1);

    world.post_json(Role::Admin, &format!("{seen}/decision"), &accepted(1)).await?;
    assert_eq!(unread(&world, Role::Agent).await?, 1, "who proposed it hears of it");
    assert_eq!(unread(&world, Role::Lead).await?, 0, "somebody else has decided");
    let all = world.get_json(Role::Lead, "/notices").await?.json()?;
    assert_eq!(
        (&all["items"][0]["kind"], &all["items"][0]["read"]),
        (&json!("article_proposed"), &json!(true))
    );
    let open = world.get_json(Role::Lead, "/notices?unread=yes").await?.json()?;
    assert_eq!(open["items"], json!([]));

    let back = way_back(&world.get(Role::Admin, &seen).await?.body)?;
    world.post_form(Role::Admin, &back, &[]).await?;
    assert_eq!(unread(&world, Role::Agent).await?, 0, "nothing is decided");
    assert_eq!(unread(&world, Role::Lead).await?, 1, "it is open again");
    Ok(())
}
