//! Pages and API: set up, try, change; and secrets that nobody ever sees again.

use anyhow::{Context, Result};
use kitt::platform::{Role, sql};
use serde_json::json;

use super::{ANNA, annas_server, mail};
use crate::support::dovecot::Dovecot;
use crate::world::{World, both};

both!(
    a_mailbox_is_set_up_with_a_form_and_tried_before,
    a_test_says_what_is_wrong,
    what_is_refused_keeps_what_was_typed_except_the_password,
    secrets_are_nowhere_to_be_seen,
    a_password_goes_to_no_other_server_than_it_was_meant_for,
    what_was_done_to_mailboxes_is_in_the_audit_log,
);

fn form(world: &World, server: &Dovecot) -> Vec<(&'static str, String)> {
    vec![
        ("name", "Anna".into()),
        ("queue", world.queue.to_string()),
        ("provider", "password".into()),
        ("host", "127.0.0.1".into()),
        ("port", server.port.to_string()),
        ("security", "none".into()),
        ("login", ANNA.into()),
        ("secret", "ganz geheim".into()),
        ("folders", "INBOX\r\n".into()),
    ]
}

fn with<'a>(
    form: &'a [(&'static str, String)],
    field: &'static str,
    value: &'a str,
) -> Vec<(&'static str, &'a str)> {
    form.iter().map(|(name, said)| (*name, if *name == field { value } else { said.as_str() })).collect()
}

async fn a_mailbox_is_set_up_with_a_form_and_tried_before(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver_into(ANNA, "R&APw-ckfragen", &mail(1))?;
    let form = form(&world, &server);
    let empty = world.get(Role::Admin, "/settings/mailboxes").await?.body;
    assert!(empty.contains("Noch kein E-Mail-Konto"), "{empty}");

    let tried = world.post_form(Role::Admin, "/settings/mailboxes/test", &with(&form, "", "")).await?;
    let added = world.post_form(Role::Admin, "/settings/mailboxes", &with(&form, "", "")).await?;
    let _fetching = world.fetch();
    server.deliver(ANNA, &mail(2))?;
    world.cases_open(1).await?;

    for part in ["Die Anmeldung klappt.", "Rückfragen"] {
        assert!(tried.body.contains(part), "{part} in {}", tried.body);
    }
    assert!(!tried.body.contains("ganz geheim"));
    let page = world.get(Role::Admin, added.location()).await?.body;
    for part in ["Anna", "Verbindung testen", "Anhalten", "127.0.0.1"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    Ok(())
}

async fn a_test_says_what_is_wrong(world: World) -> Result<()> {
    let server = annas_server().await?;
    let form = form(&world, &server);
    for (field, value, trouble) in [
        ("secret", "falsch", "password"),
        ("host", "gibts.nicht.invalid", "host"),
        ("port", "1", "refused"),
        ("folders", "Gibtsnicht", "folder"),
        ("security", "tls", "tls"),
    ] {
        let security = if field == "host" { "tls" } else { "none" };
        let mut data = json!({ "name": "Anna", "queue": world.queue.to_string(), "login": ANNA, "host": "127.0.0.1",
            "port": server.port.to_string(), "security": security, "secret": "ganz geheim", "folders": "INBOX" });
        data[field] = json!(value);
        let answer = world.post_json(Role::Admin, "/settings/mailboxes/test", &data).await?.json()?;
        assert_eq!(answer["problem"]["trouble"], trouble, "{field}: {answer}");
        assert!(answer["problem"]["todo"].as_str().is_some_and(|todo| 20 < todo.len()));
    }
    let unwanted = world.post_form(Role::Agent, "/settings/mailboxes/test", &with(&form, "", "")).await?;
    assert_eq!(unwanted.status.as_u16(), 403);
    Ok(())
}

async fn what_is_refused_keeps_what_was_typed_except_the_password(world: World) -> Result<()> {
    let server = annas_server().await?;
    let form = form(&world, &server);

    let refused =
        world.post_form(Role::Admin, "/settings/mailboxes", &with(&form, "host", "imap.example.org")).await?;

    assert_eq!(refused.status.as_u16(), 422);
    for part in ["Ohne Verschlüsselung geht es nur", "imap.example.org", ANNA] {
        assert!(refused.body.contains(part), "{part} in {}", refused.body);
    }
    assert!(!refused.body.contains("ganz geheim"));
    Ok(())
}

async fn secrets_are_nowhere_to_be_seen(world: World) -> Result<()> {
    let server = annas_server().await?;
    let form = form(&world, &server);
    let data: serde_json::Value = form
        .iter()
        .map(|(name, said)| ((*name).to_owned(), json!(said)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let added = world.post_json(Role::Admin, "/settings/mailboxes", &data).await?;
    let id = added.json()?["id"].as_i64().context("it has an id")?;
    let page = format!("/settings/mailboxes/{id}");

    let mut seen = vec![added.body];
    for path in ["/settings/mailboxes", &page, "/settings/audit"] {
        seen.push(world.get(Role::Admin, path).await?.body);
        seen.push(world.get_json(Role::Admin, path).await?.body);
    }
    let facts: Vec<String> = sql("SELECT fact FROM journal").values(&mut world.read().await?).await?;
    seen.extend(facts);

    for text in &seen {
        assert!(!text.contains("ganz geheim"), "{text}");
    }
    let sealed: Vec<u8> = sql("SELECT secret FROM mailboxes").value(&mut world.read().await?).await?;
    assert!(!String::from_utf8_lossy(&sealed).contains("geheim"), "encrypted at rest");
    Ok(())
}

async fn a_password_goes_to_no_other_server_than_it_was_meant_for(world: World) -> Result<()> {
    let server = annas_server().await?;
    let id = world.add(&world.draft(server.port)).await?;
    let form = form(&world, &server);
    let page = format!("/settings/mailboxes/{id}");
    let silent = with(&form, "secret", "");
    let elsewhere: Vec<_> =
        silent.iter().map(|(name, said)| (*name, if *name == "host" { "127.0.0.2" } else { said })).collect();
    let tried: Vec<_> = elsewhere.iter().copied().chain([("id", "1")]).collect();
    let id_text = id.to_string();
    let tried: Vec<_> = tried
        .into_iter()
        .map(|(name, said)| (name, if name == "id" { id_text.as_str() } else { said }))
        .collect();

    let same = world.post_form(Role::Admin, &page, &silent).await?;
    let other = world.post_form(Role::Admin, &page, &elsewhere).await?;
    let tried = world.post_form(Role::Admin, "/settings/mailboxes/test", &tried).await?;

    assert_eq!([same.status.as_u16(), other.status.as_u16(), tried.status.as_u16()], [303, 422, 422]);
    assert!(other.body.contains("gib das Passwort bitte noch einmal ein"), "{}", other.body);
    Ok(())
}

async fn what_was_done_to_mailboxes_is_in_the_audit_log(world: World) -> Result<()> {
    let server = annas_server().await?;
    let id = world.add(&world.draft(server.port)).await?;
    kitt::mailboxes::set_paused(&world.app, &world.admin, id, true).await?;
    kitt::mailboxes::remove(&world.app, &world.admin, id).await?;

    let audit = world.get_json(Role::Admin, "/settings/audit").await?.json()?;

    let facts: Vec<&str> =
        audit["items"].as_array().context("items")?.iter().filter_map(|item| item["fact"].as_str()).collect();
    assert_eq!(facts, ["mailbox_removed", "mailbox_changed", "mailbox_added"]);
    Ok(())
}
