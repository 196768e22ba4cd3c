//! Articles are found: in search and palette, in lists, by programs; and what is not found is counted.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::platform::{Role, Timestamp};
use serde_json::{Value, json};

use super::{TITLE, encoded, form, open, proposed, published, titles};
use crate::world::{World, both};

both!(
    search_and_palette_find_articles_and_forget_what_is_archived,
    lists_show_what_is_due_and_what_has_a_tag_or_a_language,
    programs_read_articles_in_parts,
    what_is_searched_in_vain_is_counted_without_a_name,
    nobody_is_kept_with_whether_an_article_helped,
    an_empty_house_is_told_what_articles_are_for,
);

/// The addresses of what a search finds.
async fn found(world: &World, role: Role, typed: &str) -> Result<Vec<String>> {
    let list = world.get_json(role, &format!("/api/v1/search?{}", encoded("q", typed))).await?.json()?;
    let items = list["items"].as_array().with_context(|| list.to_string())?;
    Ok(items.iter().filter_map(|item| item["url"].as_str()).map(str::to_owned).collect())
}

async fn search_and_palette_find_articles_and_forget_what_is_archived(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let english = json!({ "version": "1", "language": "en", "title": "Returns", "body": "Collection is free.", "tags": "Abholung" });
    let id = published(&world, &json!({ "tags": "Abholung" })).await?;
    let path = format!("/knowledge/{id}");
    world.post_json(Role::Lead, &path, &form(&english)).await?;
    let draft = proposed(&world, Role::Agent, &json!({ "title": "Rücksendung nach Graz" })).await?;
    feeder.catch_up().await?;

    for typed in ["Rücksendung großer", "rücksendungen möbel", "abholung", "moebel"] {
        assert_eq!(found(&world, Role::Department, typed).await?, [path.as_str()], "{typed}");
    }
    assert_eq!(found(&world, Role::Agent, "collection free").await?, [format!("{path}?language=en")]);
    assert!(found(&world, Role::Finance, "rücksendung").await?.is_empty());
    assert!(found(&world, Role::Lead, "graz").await?.contains(&format!("/knowledge/{draft}")));
    assert!(found(&world, Role::Department, "graz").await?.is_empty(), "a draft");
    let page = world.get(Role::Agent, "/search?q=abholung").await?.body;
    assert!(page.contains("<h2 id=\"found-article\">Artikel</h2>"), "{page}");
    assert!(page.contains("data-h-kind-article=\"Artikel\""), "the palette's own group: {page}");
    assert_eq!(titles(&world, Role::Agent, "q=abholung").await?, [TITLE]);
    assert_eq!(titles(&world, Role::Agent, "q=abholung&tag=ABHOLUNG&language=en").await?, [TITLE]);
    assert!(titles(&world, Role::Agent, "q=abholung&tag=garten").await?.is_empty());

    world.post_json(Role::Lead, &format!("{path}/state"), &json!({ "state": "archived" })).await?;
    feeder.catch_up().await?;
    assert!(found(&world, Role::Department, "abholung").await?.is_empty());
    assert!(world.get(Role::Department, &path).await?.body.contains("ist im Archiv"), "its address stays");
    Ok(())
}

async fn lists_show_what_is_due_and_what_has_a_tag_or_a_language(world: World) -> Result<()> {
    let owner = world.lead.person_id().context("a person")?.to_string();
    let tomorrow = json!({
        "title": "Morgen fällig", "review_on": "2026-11-17", "tags": "Lieferung, Abholung", "owner": owner,
    });
    let id = published(&world, &tomorrow).await?;
    published(&world, &json!({ "title": "In English", "language": "en", "review_on": "2027-05-01" })).await?;

    assert!(titles(&world, Role::Agent, "show=due").await?.is_empty());
    assert_eq!(titles(&world, Role::Agent, "language=en").await?, ["In English"]);
    assert_eq!(titles(&world, Role::Agent, "tag=lieferung").await?, ["Morgen fällig"]);
    world.forward(Timestamp::days(1));
    assert_eq!(titles(&world, Role::Agent, "show=due").await?, ["Morgen fällig"]);
    let page = world.get(Role::Agent, "/knowledge?show=due").await?.body;
    for told in ["Tom Lead", "17.11.2026", "Zu überprüfen <span class=\"num mut\">1</span>"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let beside = world.get(Role::Agent, &format!("/knowledge/{id}")).await?.body;
    for told in [
        "<a href=\"/knowledge?tag=Abholung\" aria-current=\"true\">",
        "<a href=\"/knowledge?tag=Lieferung\">",
        "aria-current=\"page\" dir=\"auto\">Morgen fällig</a>",
    ] {
        assert!(beside.contains(told), "{told}: {beside}");
    }
    let narrowed = world.get(Role::Agent, "/knowledge?tag=garten").await?.body;
    assert!(narrowed.contains("So eingeschränkt ist keiner dabei."), "{narrowed}");
    Ok(())
}

async fn programs_read_articles_in_parts(world: World) -> Result<()> {
    let mut ids = Vec::new();
    for title in ["Eins", "Zwei", "Drei"] {
        ids.push(published(&world, &json!({ "title": title })).await?);
    }

    let first = world.get_json(Role::Agent, "/api/v1/articles?limit=2").await?.json()?;
    let next = first["next"].as_str().context("there is more")?;
    let rest =
        world.get_json(Role::Agent, &format!("/api/v1/articles?limit=2&cursor={next}")).await?.json()?;

    let read = |list: &Value| -> Vec<Option<i64>> {
        list["items"].as_array().into_iter().flatten().map(|item| item["id"].as_i64()).collect()
    };
    assert_eq!([read(&first), read(&rest)].concat(), [Some(ids[2]), Some(ids[1]), Some(ids[0])]);
    assert!(rest["next"].is_null(), "{rest}");
    let one = world.get_json(Role::Agent, &format!("/api/v1/articles/{}", ids[0])).await?.json()?;
    assert_eq!((&one["texts"][0]["title"], &one["state"]), (&json!("Eins"), &json!("published")));
    let api = serde_json::to_value(kitt::openapi())?;
    for path in ["/api/v1/articles", "/api/v1/articles/{id}"] {
        assert_eq!(api["paths"][path]["get"]["tags"], json!(["knowledge"]), "{path}");
    }
    Ok(())
}

async fn what_is_searched_in_vain_is_counted_without_a_name(world: World) -> Result<()> {
    let _feeder = open(&world).await?;
    let search = format!("/knowledge?{}", encoded("q", "Altgerät mitnehmen"));
    let shown = async || -> Result<Value> {
        Ok(world.get_json(Role::Lead, "/knowledge").await?.json()?["gaps"].clone())
    };

    let none = world.get(Role::Agent, &search).await?.body;
    assert!(none.contains("Dazu gibt es noch keinen Artikel."), "{none}");
    assert_eq!(shown().await?, json!([]), "what somebody typed once may be anything");
    world.get(Role::Department, &search).await?;
    for typed in ["Teppichreinigung", "teppichreinigung ", "Teppichreinigung", "26-10042", "i@example.org"] {
        let told = world.post_json(Role::Agent, "/knowledge/gaps", &json!({ "q": typed })).await?;
        assert_eq!(told.status, StatusCode::NO_CONTENT);
    }

    let gaps = shown().await?;
    let words: Vec<_> =
        gaps.as_array().into_iter().flatten().map(|gap| (&gap["words"], &gap["searches"])).collect();
    assert_eq!(words, [(&json!("teppichreinigung"), &json!(3)), (&json!("altgerät mitnehmen"), &json!(2))]);
    let page = world.get(Role::Lead, "/knowledge").await?.body;
    assert!(page.contains("Fragen ohne Artikel") && page.contains("3-mal"), "{page}");
    assert!(!world.get(Role::Agent, "/knowledge").await?.body.contains("Fragen ohne Artikel"));
    let id = published(&world, &json!({})).await?;
    let beside = world.get(Role::Lead, &format!("/knowledge/{id}")).await?.body;
    assert!(beside.contains("Fragen ohne Artikel") && beside.contains("teppichreinigung"), "{beside}");
    assert!(!world.get(Role::Agent, &format!("/knowledge/{id}")).await?.body.contains("Fragen ohne Artikel"));
    let typed = world.get(Role::Agent, "/knowledge/gaps").await?;
    assert_eq!((typed.status, typed.location()), (StatusCode::SEE_OTHER, "/knowledge"), "by its address");
    let gone = json!({ "words": "teppichreinigung" });
    world.post_json(Role::Lead, "/knowledge/gaps/removal", &gone).await?;
    assert_eq!(shown().await?.as_array().map(Vec::len), Some(1));
    world.forward(Timestamp::days(91));
    assert_eq!(shown().await?, json!([]), "all is forgotten");
    Ok(())
}

async fn nobody_is_kept_with_whether_an_article_helped(world: World) -> Result<()> {
    let id = published(&world, &json!({})).await?;
    let path = format!("/knowledge/{id}");
    for (role, helped) in [(Role::Agent, "yes"), (Role::Agent, "yes"), (Role::Department, "no")] {
        let said = world.post_form(role, &format!("{path}/feedback"), &[("helped", helped)]).await?;
        assert_eq!(said.location(), path);
    }

    let page = world.get(Role::Manager, &path).await?.body;

    assert!(page.contains("Hat 2-mal geholfen, 1-mal nicht."), "{page}");
    let wrong = world.post_json(Role::Agent, &format!("{path}/feedback"), &json!({ "helped": "?" })).await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let log = world.get_json(Role::Admin, "/settings/audit").await?.body;
    assert!(!log.contains("Eva Agent"), "{log}");
    Ok(())
}

async fn an_empty_house_is_told_what_articles_are_for(world: World) -> Result<()> {
    let page = world.get(Role::Agent, "/knowledge").await?.body;
    assert!(page.contains("Hier sammelt ihr, was alle wissen sollten"), "{page}");
    assert!(page.contains("Den ersten Artikel schreiben") && page.contains("data-key=\"g s\""), "{page}");
    let reader = world.get(Role::Manager, "/knowledge").await?.body;
    assert!(!reader.contains("Den ersten Artikel schreiben"), "{reader}");
    Ok(())
}
