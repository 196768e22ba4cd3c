//! Views that people made, and the pages that show them.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures::StreamExt;
use kitt::cases;
use kitt::cases::{Eyes, Filter, View};
use kitt::platform::{Role, sql};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    a_view_is_seen_by_those_it_is_shared_with,
    a_view_is_made_tried_changed_copied_and_brought_back,
    the_form_of_a_view_works_without_a_script,
    a_table_shows_the_columns_of_its_view_and_marks_cases,
    what_becomes_of_marked_cases_stands_below_the_table,
    a_list_leaves_as_a_file,
    no_case_is_missing_in_a_file_because_somebody_worked_on_it,
    every_empty_list_speaks_for_itself,
);

async fn a_view_is_seen_by_those_it_is_shared_with(world: World) -> Result<()> {
    let view = |shared: &str| json!({ "name": shared, "filter": {}, "shared": shared });
    let team = format!("team:{}", world.team);
    for (role, shared, status) in [
        (Role::Lead, "private", StatusCode::OK),
        (Role::Lead, "all", StatusCode::OK),
        (Role::Lead, "role:agent", StatusCode::OK),
        (Role::Lead, team.as_str(), StatusCode::OK),
        (Role::Manager, "private", StatusCode::OK),
        (Role::Agent, "all", StatusCode::UNPROCESSABLE_ENTITY),
        (Role::Lead, "moon", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let made = world.post_json(role, "/views", &view(shared)).await?;
        assert_eq!(made.status, status, "{shared}: {}", made.body);
    }
    for (role, seen) in [
        (Role::Lead, vec!["private", "all", "role:agent", &team]),
        (Role::Agent, vec!["all", "role:agent", &team]),
        (Role::Manager, vec!["all", "private"]),
        (Role::Admin, vec!["all", "role:agent", &team]),
    ] {
        let list = world.get_json(role, "/views").await?.json()?;
        let names: Vec<&str> = list["items"]
            .as_array()
            .context("a list")?
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        let (mut names, mut seen) = (names, seen);
        names.sort_unstable();
        seen.sort_unstable();
        assert_eq!(names, seen, "{role}");
    }
    let list = world.get_json(Role::Agent, "/views").await?.json()?;
    let id = &list["items"][0]["id"];
    let changed = world.post_json(Role::Agent, &format!("/views/{id}"), &view("private")).await?;
    assert_eq!(changed.status, StatusCode::FORBIDDEN, "only who made it changes it");
    let unknown = world.get(Role::Agent, "/cases?view=v1").await?;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "the lead's own");
    Ok(())
}

async fn a_view_is_made_tried_changed_copied_and_brought_back(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    world.write_in("Das Sofa wackelt").await?;
    let filter = json!({ "of": [{ "field": "subject", "test": "contains", "values": ["Lampe"] }] });
    let view =
        json!({ "name": "Lampen", "filter": filter, "sort": "newest", "columns": ["number", "subject"] });
    let tried = world.post_json(Role::Agent, "/views/draft", &view).await?.json()?;
    assert_eq!(tried["count"], 1);
    let made = world.post_json(Role::Agent, "/views", &view).await?.json()?;
    let id = made["id"].as_i64().context("an id")?;

    let page = world.get(Role::Agent, &format!("/cases?view=v{id}")).await?;
    assert!(page.body.contains("Die Lampe flackert") && !page.body.contains("Das Sofa wackelt"));
    assert!(page.body.contains("Lampen"), "its name is in the menu");
    let list = world.get_json(Role::Agent, &format!("/cases?view=v{id}")).await?.json()?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));

    let copied = world.post_form(Role::Agent, &format!("/views/{id}/copy"), &[]).await?;
    assert_eq!(copied.status, StatusCode::SEE_OTHER);
    let form = world.get(Role::Agent, copied.location()).await?;
    assert!(form.body.contains("Kopie von Lampen") && form.body.contains("value=\"Lampe\""), "{}", form.body);

    let removed = world.post_form(Role::Agent, &format!("/views/{id}/removal"), &[]).await?;
    let list = world.get(Role::Agent, removed.location()).await?;
    assert!(list.body.contains(&format!("action=\"/views/{id}/restored\"")), "{}", list.body);
    assert_eq!(world.get(Role::Agent, &format!("/cases?view=v{id}")).await?.status, StatusCode::NOT_FOUND);
    world.post_form(Role::Agent, &format!("/views/{id}/restored"), &[]).await?;
    assert_eq!(world.get(Role::Agent, &format!("/cases?view=v{id}")).await?.status, StatusCode::OK);

    let wrong =
        json!({ "name": "", "filter": { "of": [{ "field": "owner", "test": "is", "values": ["x"] }] } });
    let refused = world.post_json(Role::Agent, "/views", &wrong).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("name") && refused.body.contains("filter"), "{}", refused.body);
    Ok(())
}

async fn the_form_of_a_view_works_without_a_script(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    let fresh = world.get(Role::Agent, "/views/new").await?;
    assert!(fresh.status.is_success(), "{}", fresh.body);
    let rows = [("name", "Lampen"), ("join", "all"), ("f0", "status"), ("t0", "is"), ("v0", "open")];
    let draft = async |more: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = rows.iter().chain(more).copied().collect();
        world.post_form(Role::Agent, "/views/draft", &fields).await
    };

    let added = draft(&[("do", "add")]).await?;
    assert!(added.body.contains("name=\"f1\"") && added.body.contains("value=\"Lampen\""), "{}", added.body);
    let other = draft(&[("f1", "created"), ("t1", "is"), ("do", "update")]).await?;
    assert!(other.body.contains("name=\"u1\""), "a moment is compared with a length of time: {}", other.body);
    let removed = draft(&[("f1", "created"), ("t1", "within"), ("do", "remove-0")]).await?;
    assert!(!removed.body.contains("name=\"f1\""));
    let tried = draft(&[("do", "try")]).await?;
    assert!(
        tried.body.contains("Gefunden: 1") && tried.body.contains("Die Lampe flackert"),
        "{}",
        tried.body
    );
    let wrong = draft(&[("f1", "subject"), ("t1", "contains"), ("do", "try")]).await?;
    assert!(wrong.body.contains("data-field=\"v1\""), "what is wrong is told at its row: {}", wrong.body);

    let fields: Vec<(&str, &str)> = rows
        .iter()
        .copied()
        .chain([("column", "number"), ("sort", "quiet"), ("shared", "private")])
        .collect();
    let saved = world.post_form(Role::Agent, "/views", &fields).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = world.get(Role::Agent, saved.location()).await?;
    assert!(page.body.contains("Die Lampe flackert"), "{}", page.body);
    Ok(())
}

async fn a_table_shows_the_columns_of_its_view_and_marks_cases(world: World) -> Result<()> {
    let all = world.cases(3).await?;
    let number = world.number_of(all[0]).await?;
    let page = world.get(Role::Agent, "/cases?view=all&as=table&limit=2").await?;
    assert!(page.status.is_success(), "{}", page.body);
    assert!(page.body.contains(&format!("name=\"case\" value=\"{number}\"")), "{}", page.body);
    assert!(page.body.contains("id=\"cases-more\""), "there is another page");
    assert!(page.body.contains("aria-sort=\"ascending\""), "it says how it is sorted");
    let sorted = world.get(Role::Agent, "/cases?view=all&as=table&sort=newest").await?;
    let at = |subject: &str| sorted.body.find(subject).unwrap_or_default();
    assert!(at("Anliegen 2") < at("Anliegen 0"), "the newest first");
    let reader = world.get(Role::Manager, "/cases?view=all&as=table").await?;
    assert!(!reader.body.contains("name=\"case\""), "who only reads marks nothing");
    Ok(())
}

async fn what_becomes_of_marked_cases_stands_below_the_table(world: World) -> Result<()> {
    world.cases(2).await?;

    let page = world.get(Role::Agent, "/cases?view=all&as=table").await?.body;
    let reader = world.get(Role::Manager, "/cases?view=all&as=table").await?.body;

    let mut at = 0;
    for part in [
        "Alle 2 dieser Ansicht",
        "id=\"cases-rows\"",
        "data-marks-count=\"{n} markiert\"",
        "name=\"owner\"",
        "name=\"step\"",
        "name=\"until\"",
        "name=\"tag\"",
        "Mehr ändern</summary>",
        "name=\"priority\"",
        "name=\"unfollow\"",
        "Ansehen, was sich ändert",
    ] {
        let found =
            page[at..].find(part).with_context(|| format!("{part} after what comes first: {page}"))?;
        at += found;
    }
    assert!(!page.contains("data-marks-needs=\"change\" disabled"), "without a script it can be pressed");
    assert!(!reader.contains("k-bulk"), "who only reads changes nothing");
    Ok(())
}

async fn a_list_leaves_as_a_file(world: World) -> Result<()> {
    world.fill(2_300).await?;
    world.write_in("=1+1").await?;
    let count = cases::count(
        &mut world.read().await?,
        &Eyes::of(&world.app, &world.agent),
        &Filter::default(),
        10_000,
    )
    .await?;

    let csv = world.get(Role::Agent, "/cases/export?view=all&format=csv").await?;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.body.starts_with("\u{feff}Nummer;Betreff;"), "{}", &csv.body[..60]);
    assert!(csv.body.contains(";'=1+1;"), "no formula leaves");
    let rows = csv.body.lines().count();
    assert_eq!(i64::try_from(rows)?, count + 1, "every case once, and the heading");
    let program = world.get(Role::Agent, "/api/v1/cases/export?view=all&format=csv").await?;
    assert!(program.body.starts_with("Nummer,Betreff,"));

    let lines = world.get(Role::Agent, "/cases/export?view=all&format=jsonl&sort=newest").await?;
    let numbers: BTreeSet<String> = lines
        .body
        .lines()
        .map(|line| Ok(serde_json::from_str::<Value>(line)?["number"].to_string()))
        .collect::<Result<_>>()?;
    assert_eq!(i64::try_from(numbers.len())?, count);
    let sheet = world.get(Role::Agent, "/cases/export?view=all&format=xlsx").await?;
    assert!(sheet.body.starts_with("PK"), "a spreadsheet is an archive");
    assert_eq!(
        world.get(Role::Agent, "/cases/export?format=pdf").await?.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let empty = world.get(Role::Agent, "/cases/export?view=trash&format=csv").await?;
    assert_eq!(empty.body.lines().count(), 1);
    Ok(())
}

async fn no_case_is_missing_in_a_file_because_somebody_worked_on_it(world: World) -> Result<()> {
    world.fill(1_500).await?;
    let eyes = Eyes::of(&world.app, &world.agent);
    let count = cases::count(&mut world.read().await?, &eyes, &Filter::default(), 10_000).await?;
    let path = "/cases/export?view=all&format=jsonl&sort=updated";
    let response = world.send(Role::Agent, Method::GET, path, &[], Body::empty()).await?;
    let mut body = response.into_body().into_data_stream();
    let mut file = Vec::new();
    while file.is_empty() {
        file.extend_from_slice(&body.next().await.context("a first page")??);
    }

    // What would have come last is first now.
    let mut tx = world.app.db.write().await?;
    let now = world.now();
    sql("UPDATE cases SET updated_at = $1 WHERE number = 'x1'").bind(now).run(&mut tx).await?;
    tx.commit().await?;
    while let Some(more) = body.next().await {
        file.extend_from_slice(&more?);
    }

    let numbers: BTreeSet<String> = String::from_utf8(file)?
        .lines()
        .map(|line| Ok(serde_json::from_str::<Value>(line)?["number"].to_string()))
        .collect::<Result<_>>()?;
    assert_eq!(i64::try_from(numbers.len())?, count);
    assert!(numbers.contains("\"x1\""));
    Ok(())
}

async fn every_empty_list_speaks_for_itself(world: World) -> Result<()> {
    let mut said = BTreeSet::new();
    for view in View::ALL {
        for shape in ["", "&as=table"] {
            let page = world.get(Role::Agent, &format!("/cases?view={view}{shape}")).await?.body;
            let heading = page.split("k-empty").nth(1).and_then(|rest| rest.split("<b>").nth(1));
            let heading =
                heading.and_then(|rest| rest.split('<').next()).context("an empty list has words")?;
            ensure!(!heading.contains("cases-"), "{view}: {heading}");
            said.insert(heading.to_owned());
        }
    }
    assert_eq!(said.len(), View::ALL.len(), "each list has its own: {said:?}");
    Ok(())
}
