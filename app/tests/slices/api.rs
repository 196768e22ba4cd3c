//! What programs rely on: the description, keys against repetition, figures, and where a day begins.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures::StreamExt;
use kitt::cases;
use kitt::cases::{Eyes, Filter};
use kitt::people;
use kitt::platform::{Role, Timestamp};
use serde_json::{Value, json};

use crate::world::{Answer, World, both};

both!(
    a_repeated_post_with_a_key_happens_once,
    racing_posts_with_one_key_happen_once,
    a_key_for_something_else_is_refused,
    a_key_belongs_to_its_sender_and_is_forgotten_after_a_day,
    after_an_error_the_key_may_try_again,
    a_sender_that_hangs_up_finds_its_answer,
    open_pages_hear_only_what_their_reader_may_see,
    figures_are_for_the_administration,
    everybody_begins_the_day_where_their_work_is,
    errors_are_problems_in_the_readers_language,
);

async fn a_repeated_post_with_a_key_happens_once(world: World) -> Result<()> {
    let first = post(&world, Role::Agent, "key-1", &call("Lampe")).await?;
    let second = post(&world, Role::Agent, "key-1", &call("Lampe")).await?;

    assert_eq!((first.status, &first.body), (StatusCode::OK, &second.body));
    assert_eq!(second.header("content-type"), "application/json");
    assert_eq!(count(&world).await?, 1);
    post(&world, Role::Agent, "key-2", &call("Lampe")).await?;
    assert_eq!(count(&world).await?, 2);
    Ok(())
}

async fn racing_posts_with_one_key_happen_once(world: World) -> Result<()> {
    world.session(Role::Agent).await?;
    let body = call("Lampe");
    let answers =
        futures::future::try_join_all((0..6).map(|_| post(&world, Role::Agent, "key", &body))).await?;

    assert_eq!(count(&world).await?, 1);
    for answer in answers {
        assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&answer.status), "{}", answer.body);
    }
    Ok(())
}

async fn a_key_for_something_else_is_refused(world: World) -> Result<()> {
    post(&world, Role::Agent, "key", &call("Lampe")).await?;
    let other = post(&world, Role::Agent, "key", &call("Sessel")).await?;

    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()?["errors"][0]["field"], "idempotency-key");
    assert_eq!(count(&world).await?, 1);
    Ok(())
}

async fn a_key_belongs_to_its_sender_and_is_forgotten_after_a_day(world: World) -> Result<()> {
    post(&world, Role::Agent, "key", &call("Lampe")).await?;
    post(&world, Role::Lead, "key", &call("Lampe")).await?;
    assert_eq!(count(&world).await?, 2);

    world.forward(Timestamp::days(1));
    post(&world, Role::Agent, "key", &call("Lampe")).await?;
    assert_eq!(count(&world).await?, 3);
    Ok(())
}

async fn after_an_error_the_key_may_try_again(world: World) -> Result<()> {
    let wrong = post(&world, Role::Agent, "key", &call(" ")).await?;
    let right = post(&world, Role::Agent, "key", &call("Lampe")).await?;

    assert_eq!((wrong.status, right.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::OK));
    Ok(())
}

async fn a_sender_that_hangs_up_finds_its_answer(world: World) -> Result<()> {
    let headers = [("content-type", "message/rfc822"), ("idempotency-key", "key")];
    let mail = "From: ingrid@example.org\r\nSubject: Lampe\r\n\r\nSie flackert.\r\n";
    let post = || world.ask(Role::Agent, Method::POST, "/api/v1/mail", &headers, mail);
    world.session(Role::Agent).await?;

    // Nobody files it yet, so there is no answer so soon.
    let hung_up = tokio::time::timeout(std::time::Duration::from_secs(2), post()).await;
    assert!(hung_up.is_err(), "{hung_up:?}");
    let mut again = post().await?;
    for _ in 0..300 {
        if again.status != StatusCode::CONFLICT {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        again = post().await?;
    }

    assert!(again.status.is_success(), "{}", again.body);
    kitt::channels::worker::work_off(&world.app).await?;
    assert_eq!(count(&world).await?, 1);
    Ok(())
}

async fn open_pages_hear_only_what_their_reader_may_see(world: World) -> Result<()> {
    let stream = world.send(Role::Department, Method::GET, "/live", &[], Body::empty()).await?;
    let mut events = stream.into_body().into_data_stream();
    let hello = events.next().await.context("a greeting")??;
    assert!(hello.ends_with(b": live\n\n"), "{hello:?}");

    world.app.live.tell(vec!["case:7".into(), "queue".into()]);
    world.app.live.tell(vec!["customer:7".into(), "insight:7".into()]);

    let event = events.next().await.context("an event")??;
    assert!(String::from_utf8_lossy(&event).contains(r#"{"topics":["insight:7"]}"#), "{event:?}");
    Ok(())
}

async fn figures_are_for_the_administration(world: World) -> Result<()> {
    let figures = world.get(Role::Admin, "/metrics").await?;

    assert_eq!(figures.status, StatusCode::OK);
    for name in ["kitt_jobs_waiting 0", "kitt_mails_backlog 0", "# TYPE kitt_http_request_seconds histogram"]
    {
        assert!(figures.body.contains(name), "{name} in {}", figures.body);
    }
    assert_eq!(world.get(Role::Lead, "/metrics").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn everybody_begins_the_day_where_their_work_is(world: World) -> Result<()> {
    for (role, page) in [
        (Role::Agent, "/cases"),
        (Role::Lead, "/cases"),
        (Role::Admin, "/start"),
        (Role::Department, "/department"),
        (Role::Manager, "/hub"),
        (Role::Finance, "/account"),
    ] {
        assert_eq!(world.get(role, "/").await?.location(), page, "{role}");
    }
    assert_eq!(world.get(None, "/").await?.location(), "/login?next=%2F");
    Ok(())
}

async fn errors_are_problems_in_the_readers_language(world: World) -> Result<()> {
    for (language, detail) in
        [("de", "Bitte prüfe deine Angaben."), ("en-GB", "Please check what you entered.")]
    {
        let token = people::create_token(&world.app, &world.admin, "shop", Role::Agent).await?;
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept-language", language),
            ("content-type", "application/json"),
        ];
        let answer = world.ask(None, Method::POST, "/api/v1/cases", &headers, call(" ").to_string()).await?;
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json()?;
        assert_eq!((&problem["status"], &problem["detail"]), (&json!(422), &json!(detail)));
    }
    Ok(())
}

#[test]
fn the_description_names_the_bearer_and_the_problem() -> Result<()> {
    let api = serde_json::to_value(kitt::openapi())?;
    assert_eq!(api["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    assert!(api["components"]["schemas"]["Problem"]["properties"]["detail"].is_object());
    let reference = json!("#/components/schemas/Problem");
    for item in api["paths"].as_object().context("paths")?.values() {
        for operation in item.as_object().context("an item")?.values() {
            let problem =
                &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(*problem, reference, "{operation}");
        }
    }
    Ok(())
}

/// Every reference leads somewhere, or generators of clients stumble.
#[test]
fn the_description_refers_to_nothing_that_is_missing() -> Result<()> {
    let api = serde_json::to_value(kitt::openapi())?;
    let mut missing = BTreeSet::new();
    let mut open = vec![&api];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(name) = fields.get("$ref").and_then(Value::as_str)
                    && api.pointer(&name[1..]).is_none()
                {
                    missing.insert(name);
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}

/// Two types of one name would overwrite each other, silently.
#[test]
fn no_two_types_share_a_name_in_the_description() -> Result<()> {
    let mut places: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                for name in described(&std::fs::read_to_string(&path)?) {
                    places.entry(name).or_default().insert(path.clone());
                }
            }
        }
    }
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "say `#[schema(as = …)]` at one of {places:#?}");
    Ok(())
}

/// The names of the types that derive `ToSchema`, or what they are described as.
fn described(source: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    let derives = source
        .split("#[derive(")
        .skip(1)
        .filter(|rest| rest.split(")]").next().is_some_and(|derives| derives.contains("ToSchema")));
    derives
        .filter_map(|rest| {
            let (head, after) = ["struct ", "enum "]
                .iter()
                .filter_map(|word| rest.split_once(word))
                .min_by_key(|(head, _)| head.len())?;
            let alias = head.split_once("#[schema(as = ").map(|(_, alias)| name(alias));
            Some(alias.unwrap_or_else(|| name(after)))
        })
        .collect()
}

#[tokio::test]
async fn the_page_of_the_api_names_every_route_and_no_other_host() -> Result<()> {
    let page = World::on_sqlite().await?.get(None, "/api").await?;
    let api = serde_json::to_value(kitt::openapi())?;
    for path in api["paths"].as_object().context("paths")?.keys() {
        assert!(page.body.contains(&format!("<code>{path}</code>")), "{path}");
    }
    assert!(!page.body.contains("//"), "a link to another host");
    Ok(())
}

async fn post(world: &World, role: Role, key: &str, body: &Value) -> Result<Answer> {
    let headers =
        [("accept", "application/json"), ("content-type", "application/json"), ("idempotency-key", key)];
    world.ask(role, Method::POST, "/cases", &headers, body.to_string()).await
}

/// A call that somebody writes down.
fn call(subject: &str) -> Value {
    json!({ "channel": "phone", "reach": "+43 1 234", "name": "Ingrid", "subject": "", "text": subject })
}

async fn count(world: &World) -> Result<i64> {
    Ok(cases::count(&mut world.read().await?, &Eyes::of(&world.app, &world.agent), &Filter::default(), 100)
        .await?)
}
