//! Who proposes, publishes and changes an article, and what it was.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::platform::Role;
use serde_json::json;

use super::{BODY, TITLE, form, proposed, published, titles, way_back};
use crate::world::{World, both};

both!(
    who_works_on_cases_proposes_and_a_lead_publishes,
    a_published_article_is_changed_by_those_who_write_articles_only,
    every_save_is_a_version_that_can_be_compared_and_brought_back,
    whoever_writes_at_the_same_time_sees_both_texts,
    another_language_is_in_nobodys_way,
    what_a_program_leaves_out_stays_as_it_is,
    publishing_and_putting_away_are_taken_back,
    what_somebody_else_published_and_put_away_again_stays,
    the_audit_log_names_articles,
    what_is_typed_stays_harmless,
);

async fn who_works_on_cases_proposes_and_a_lead_publishes(world: World) -> Result<()> {
    let id = proposed(&world, Role::Agent, &json!({})).await?;
    let path = format!("/knowledge/{id}");

    for role in [Role::Agent, Role::Lead, Role::Admin] {
        assert_eq!(titles(&world, role, "show=drafts").await?, [TITLE], "{role}");
        assert!(world.get(role, &path).await?.body.contains("Ein Entwurf:"), "{role}");
    }
    assert!(titles(&world, Role::Department, "show=drafts").await?.is_empty(), "a draft of somebody else");
    assert_eq!(world.get(Role::Department, &path).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get_json(Role::Manager, &format!("/articles/{id}")).await?.status, 404);
    let state = json!({ "state": "published" });
    let refused = world.post_json(Role::Agent, &format!("{path}/state"), &state).await?;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let at_once = form(&json!({ "then": "publish" }));
    assert_eq!(world.post_json(Role::Agent, "/knowledge", &at_once).await?.status, StatusCode::FORBIDDEN);

    let done = world.post_form(Role::Lead, &format!("{path}/state"), &[("state", "published")]).await?;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, path.as_str()));

    let page = world.get(Role::Department, &path).await?.body;
    assert!(page.contains(TITLE) && page.contains(BODY), "{page}");
    assert!(!page.contains("Artikel bearbeiten"), "who only reads is offered nothing else: {page}");
    assert_eq!(titles(&world, Role::Manager, "").await?, [TITLE]);
    assert_eq!(world.get(Role::Partner, "/knowledge").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn a_published_article_is_changed_by_those_who_write_articles_only(world: World) -> Result<()> {
    let id = proposed(&world, Role::Agent, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    let own = form(&json!({ "version": "1", "title": "Besser" }));
    assert_eq!(world.post_json(Role::Agent, &path, &own).await?.json()?["version"], 2, "one's own draft");
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "published" })).await?;

    for (to, body) in [
        (path.clone(), form(&json!({ "version": "2" }))),
        (format!("{path}/state"), json!({ "state": "archived" })),
        (format!("{path}/version"), json!({ "version": 1 })),
    ] {
        assert_eq!(world.post_json(Role::Agent, &to, &body).await?.status, StatusCode::FORBIDDEN, "{to}");
    }
    assert_eq!(world.get(Role::Department, &format!("{path}/edit")).await?.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post_json(Role::Department, "/knowledge", &form(&json!({}))).await?.status, 403);
    let edit = world.get(Role::Lead, &format!("{path}/edit")).await?.body;
    assert!(edit.contains("value=\"Besser\"") && edit.contains("data-editor=\"body\""), "{edit}");

    let draft = proposed(&world, Role::Agent, &json!({ "title": "Doch nicht" })).await?;
    let archived = json!({ "state": "archived" });
    let gone = world.post_json(Role::Agent, &format!("/knowledge/{draft}/state"), &archived).await?;
    assert_eq!(gone.json()?["state"], "archived", "one's own draft can be put away");
    for (wrong, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "body": "<p> </p>", "body_format": "html" }), "body"),
        (json!({ "review_on": "31.02.2027" }), "review_on"),
        (json!({ "tags": "1,2,3,4,5,6,7,8,9,10,11" }), "tags"),
    ] {
        let refused = world.post_json(Role::Lead, "/knowledge", &form(&wrong)).await?;
        assert_eq!(
            (refused.status, &refused.json()?["errors"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field))
        );
    }
    Ok(())
}

async fn every_save_is_a_version_that_can_be_compared_and_brought_back(world: World) -> Result<()> {
    let id = proposed(&world, Role::Agent, &json!({ "body": "Eins.\n\nZwei.\n\nDrei." })).await?;
    let path = format!("/knowledge/{id}");
    let change = json!({ "version": "1", "body": "Eins.\n\nZwei, neu.\n\nDrei.", "tags": "Abholung" });
    world.post_json(Role::Lead, &path, &form(&change)).await?;
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "published" })).await?;

    let page = world.get(Role::Department, &format!("{path}/versions")).await?.body;
    for told in [
        "Von Fassung 1 zu Fassung 2",
        "<del dir=\"auto\">Zwei.</del>",
        "<ins dir=\"auto\">Zwei, neu.</ins>",
        "<ins dir=\"auto\">Schlagwörter: Abholung</ins>",
        "Eva Agent",
        "Tom Lead",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("Wiederherstellen"), "who only reads changes nothing: {page}");
    let same = world.get_json(Role::Agent, &format!("{path}/versions?from=2&to=2")).await?.json()?;
    assert_eq!(same["compared"]["parts"], json!([]));

    let back = world.post_json(Role::Lead, &format!("{path}/version"), &json!({ "version": 1 })).await?;
    let back = back.json()?;
    assert_eq!((&back["version"], &back["tags"]), (&json!(3), &json!([])), "{back}");
    assert!(back["texts"][0]["body"].as_str().is_some_and(|body| body.contains("<p>Zwei.</p>")), "{back}");
    let versions = world.get_json(Role::Agent, &format!("{path}/versions?limit=2")).await?.json()?;
    assert_eq!((&versions["items"][0]["restored"], &versions["next"]), (&json!(1), &json!("2")));
    let rest = world.get_json(Role::Agent, &format!("{path}/versions?cursor=2")).await?.json()?;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1), "{rest}");
    let again = world.post_json(Role::Lead, &format!("{path}/version"), &json!({ "version": 3 })).await?;
    assert_eq!(again.json()?["version"], 3, "what holds already is no new version");
    Ok(())
}

async fn whoever_writes_at_the_same_time_sees_both_texts(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    let theirs = form(&json!({ "version": "1", "body": "Ada war schneller." }));
    world.post_json(Role::Admin, &path, &theirs).await?;

    let mine = |version: &'static str| {
        [("version", version), ("language", "de"), ("title", TITLE), ("body", "Tom war später.")]
    };
    let beside = world.post_form(Role::Lead, &path, &mine("1")).await?;
    assert_eq!(beside.status, StatusCode::CONFLICT);
    for told in [
        "Inzwischen hat Ada Admin diesen Artikel geändert",
        "<del dir=\"auto\">Ada war schneller.</del>",
        "<ins dir=\"auto\">Tom war später.</ins>",
        "name=\"version\" value=\"2\" data-draft-base=\"now\"",
        "&#60;p&#62;Tom war später.&#60;/p&#62;</textarea>",
    ] {
        assert!(beside.body.contains(told), "{told}: {}", beside.body);
    }
    let program = form(&json!({ "version": "1", "body": "Ein Programm." }));
    assert_eq!(world.post_json(Role::Lead, &path, &program).await?.status, StatusCode::CONFLICT);
    let now = world.get_json(Role::Lead, &path).await?.json()?;
    assert!(
        now["texts"][0]["body"].as_str().is_some_and(|body| body.contains("Ada")),
        "nothing is lost: {now}"
    );

    let saved = world.post_form(Role::Lead, &path, &mine("2")).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(world.get(Role::Agent, &path).await?.body.contains("Tom war später."));
    Ok(())
}

async fn another_language_is_in_nobodys_way(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    world.post_json(Role::Admin, &path, &form(&json!({ "version": "1", "body": "Neu." }))).await?;

    let english = json!({ "version": "1", "language": "en", "title": "Returns", "body": "Free of charge." });
    let saved = world.post_json(Role::Lead, &path, &form(&english)).await?;

    let article = saved.json()?;
    assert_eq!((&article["version"], article["texts"].as_array().map(Vec::len)), (&json!(3), Some(2)));
    assert_eq!(article["texts"][0]["body"], "<p>Neu.</p>");
    let page = world.get(Role::Agent, &format!("{path}?language=en")).await?.body;
    assert!(page.contains("Free of charge.") && !page.contains("Neu."), "{page}");
    let edit = world.get(Role::Lead, &format!("{path}/edit?language=en")).await?.body;
    assert!(
        edit.contains("Der Text auf Deutsch") && edit.contains("<p>Neu.</p>"),
        "to translate from: {edit}"
    );
    Ok(())
}

async fn what_a_program_leaves_out_stays_as_it_is(world: World) -> Result<()> {
    let owner = world.lead.person_id().context("a person")?;
    let full = json!({ "tags": "Abholung", "owner": owner.to_string(), "review_on": "2027-05-01" });
    let path = format!("/api/v1/knowledge/{}", published(&world, &full).await?);

    let title = json!({ "version": "1", "title": "Besser" });
    let article = world.post_json(Role::Lead, &path, &title).await?.json()?;

    assert_eq!((&article["version"], &article["tags"]), (&json!(2), &json!(["Abholung"])), "{article}");
    assert_eq!((&article["owner"], &article["review_on"]), (&json!(owner), &json!("2027-05-01")));
    let text = &article["texts"][0];
    assert_eq!((&text["title"], &text["body"]), (&json!("Besser"), &json!(format!("<p>{BODY}</p>"))));
    let none = json!({ "version": "2", "tags": "", "owner": "", "review_on": "" });
    let article = world.post_json(Role::Lead, &path, &none).await?.json()?;
    let rest = (&article["tags"], &article["owner"], &article["review_on"]);
    assert_eq!(rest, (&json!([]), &json!(null), &json!(null)), "what is empty is meant");
    let english = json!({ "version": "3", "language": "en", "title": "Better" });
    let refused = world.post_json(Role::Lead, &path, &english).await?;
    assert_eq!(refused.json()?["errors"][0]["field"], "body", "there is none in English to keep");
    Ok(())
}

async fn publishing_and_putting_away_are_taken_back(world: World) -> Result<()> {
    let id = proposed(&world, Role::Agent, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    let state = async |role: Role| -> Result<String> {
        let article = world.get_json(role, &path).await?.json()?;
        Ok(article["state"].as_str().unwrap_or_default().to_owned())
    };
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "published" })).await?;
    let page = world.get(Role::Lead, &path).await?.body;
    assert!(page.contains("Veröffentlicht.") && page.contains("data-key=\"z\""), "{page}");

    let back = way_back(&page)?;
    assert_eq!(world.post_form(Role::Agent, &back, &[]).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post_form(Role::Lead, &back, &[]).await?.location(), "/knowledge");
    assert_eq!(state(Role::Lead).await?, "draft");
    assert_eq!(world.get(Role::Department, &path).await?.status, StatusCode::NOT_FOUND);

    world.post_json(Role::Agent, &format!("{path}/state"), &json!({ "state": "archived" })).await?;
    let back = way_back(&world.get(Role::Agent, &path).await?.body)?;
    world.post_form(Role::Agent, &back, &[]).await?;
    assert_eq!(state(Role::Agent).await?, "draft", "one's own draft");

    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "published" })).await?;
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "archived" })).await?;
    let back = way_back(&world.get(Role::Lead, &path).await?.body)?;
    world.post_json(Role::Admin, &format!("{path}/state"), &json!({ "state": "published" })).await?;
    let late = world.post_form(Role::Lead, &back, &[]).await?;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "what somebody else did meanwhile stays");
    assert_eq!(state(Role::Lead).await?, "published");
    Ok(())
}

async fn what_somebody_else_published_and_put_away_again_stays(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "archived" })).await?;
    let back = way_back(&world.get(Role::Lead, &path).await?.body)?;
    for state in ["published", "archived"] {
        world.post_json(Role::Admin, &format!("{path}/state"), &json!({ "state": state })).await?;
    }

    let late = world.post_form(Role::Lead, &back, &[]).await?;

    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "it is in the archive by somebody else");
    assert_eq!(world.get_json(Role::Lead, &path).await?.json()?["state"], "archived");
    Ok(())
}

async fn the_audit_log_names_articles(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    world.post_json(Role::Lead, &path, &form(&json!({ "version": "1", "body": "Neu." }))).await?;
    world.post_json(Role::Lead, &format!("{path}/version"), &json!({ "version": 1 })).await?;
    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "archived" })).await?;

    let log = world.get_json(Role::Admin, "/settings/audit").await?.json()?;

    let items = log["items"].as_array().context("a list")?;
    let told: Vec<(&str, &str)> = items
        .iter()
        .filter(|item| item["by"] == "Tom Lead")
        .filter_map(|item| Some((item["what"].as_str()?, item["subject"].as_str()?)))
        .collect();
    let named = |version: &str| format!("{TITLE}, Fassung {version}");
    assert_eq!(
        told,
        [
            ("Artikel ins Archiv gelegt", TITLE),
            ("Frühere Fassung eines Artikels wiederhergestellt", named("1").as_str()),
            ("Artikel geändert", named("2").as_str()),
            ("Artikel veröffentlicht", TITLE),
            ("Artikel begonnen", TITLE),
        ]
    );
    Ok(())
}

async fn what_is_typed_stays_harmless(world: World) -> Result<()> {
    let html = "<p>Ja <b>gern</b></p><script>alert(1)</script><p onclick=\"x()\">Nein</p>";
    let typed = json!({ "title": "<b>Titel</b>", "body": html, "body_format": "html" });
    let id = published(&world, &typed).await?;

    let page = world.get(Role::Agent, &format!("/knowledge/{id}")).await?.body;

    assert!(page.contains("<p>Ja <b>gern</b></p><p>Nein</p>"), "{page}");
    assert!(page.contains("&#60;b&#62;Titel&#60;/b&#62;") && !page.contains("alert(1)"), "{page}");
    Ok(())
}
