//! Webhooks: told signed until they listen, not where they may not go, and what is said when they do not listen.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::platform::{Role, sql};
use kitt::rules;
use kitt::rules::webhook::{self, WebhookDraft};
use kitt::rules::{Deed, Event, Outcome};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::trigger;
use crate::world::{World, both};

both!(
    a_webhook_is_told_signed_until_it_listens,
    a_webhook_that_never_listens_switches_its_rule_off,
    a_webhook_is_not_led_elsewhere,
    a_webhook_does_not_go_where_it_may_not,
    what_another_program_did_not_hear_is_no_change,
    one_that_listens_does_not_hide_that_another_did_not,
    a_webhook_that_was_removed_comes_back,
);

/// Listens for one request after another and answers each with the next status; what was said.
async fn receiver(
    statuses: &'static [&'static str],
) -> Result<(u16, tokio::task::JoinHandle<Result<Vec<String>>>)> {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = socket.local_addr()?.port();
    let told = tokio::spawn(async move {
        let mut told = Vec::new();
        for status in statuses {
            let (mut stream, _) = socket.accept().await?;
            let mut text = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let read = stream.read(&mut buffer).await?;
                text.extend_from_slice(&buffer[..read]);
                let said = String::from_utf8_lossy(&text).into_owned();
                let length = said
                    .to_lowercase()
                    .split("content-length: ")
                    .nth(1)
                    .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok());
                let body = said.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
                if read == 0 || length.is_some_and(|length| length <= body) {
                    break;
                }
            }
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            told.push(String::from_utf8_lossy(&text).into_owned());
        }
        Ok(told)
    });
    Ok((port, told))
}

async fn a_webhook_is_told_signed_until_it_listens(world: World) -> Result<()> {
    let (port, told) = receiver(&["500 Internal Server Error", "204 No Content"]).await?;
    let hook = hook_at(&world, port).await?;
    world.rule("Rufen", trigger(Event::Opened, &[(Deed::Webhook, &hook.to_string())])).await?;

    let case = world.asked("Paket").await?;
    world.settle().await?;
    let trouble = webhook::all(&mut world.read().await?).await?[0].trouble.clone();
    world.forward(Duration::from_mins(1));
    world.settle().await?;

    assert!(trouble.contains("500"), "{trouble}");
    let known = webhook::all(&mut world.read().await?).await?.remove(0);
    assert_eq!(known.trouble, "", "then it listened");
    let told = tokio::time::timeout(Duration::from_mins(1), told).await???;
    let (head, body) = told[1].split_once("\r\n\r\n").context("a request")?;
    let body: serde_json::Value = serde_json::from_str(body)?;
    assert_eq!(body["case"]["number"], json!(world.case_now(case).await?.number));
    let signature = head.lines().find_map(|line| line.strip_prefix("kitt-signature: ")).context("signed")?;
    let (moment, signed) = signature.split_once(",v1=").context("two parts")?;
    let seconds = moment.strip_prefix("t=").context("a moment")?;
    let secret = webhook::secret_of(&world.app, &world.admin, &known)?;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let text = format!("{seconds}.{}", told[1].split_once("\r\n\r\n").map_or("", |(_, body)| body));
    let bytes = ring::hmac::sign(&key, text.as_bytes());
    let expected = bytes.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!(signed, expected);
    Ok(())
}

/// A webhook of the house itself, at this port.
async fn hook_at(world: &World, port: u16) -> Result<i64> {
    let url = format!("http://127.0.0.1:{port}/kitt");
    let hook = WebhookDraft { name: "Lager".into(), url, private: "yes".into() };
    Ok(webhook::save(&world.app, &world.admin, None, &hook).await?)
}

async fn a_webhook_that_never_listens_switches_its_rule_off(world: World) -> Result<()> {
    let (port, told) = receiver(&["503 Service Unavailable"; 10]).await?;
    let hook = hook_at(&world, port).await?;
    let id = world.rule("Rufen", trigger(Event::Opened, &[(Deed::Webhook, &hook.to_string())])).await?;
    for _ in 0..9 {
        webhook::test(&world.app, &world.admin, hook).await?;
    }
    let before = rules::rule(&mut world.read().await?, &world.admin, id).await?.active;

    world.asked("Paket").await?;
    world.settle().await?;

    let after = rules::rule(&mut world.read().await?, &world.admin, id).await?;
    assert_eq!((before, after.active, after.halted_at.is_some()), (true, false, true), "the tenth in a row");
    let page = world.get(Role::Admin, "/settings/rules").await?;
    assert!(page.body.contains("Regel hat sich ausgeschaltet"), "a banner: {}", page.body);
    tokio::time::timeout(Duration::from_mins(1), told).await???;
    Ok(())
}

async fn a_webhook_is_not_led_elsewhere(world: World) -> Result<()> {
    let (port, told) = receiver(&["302 Found\r\nlocation: /anderswo", "204 No Content"]).await?;
    let hook = hook_at(&world, port).await?;

    let trouble = webhook::test(&world.app, &world.admin, hook).await?.context("it did not listen")?;

    assert_eq!((trouble.code, trouble.detail.as_str()), ("status", "302"));
    // Nobody comes a second time.
    told.abort();
    Ok(())
}

async fn a_webhook_does_not_go_where_it_may_not(world: World) -> Result<()> {
    for (url, private, word) in [
        ("http://shop.example/kitt", "", Some("Bitte eine Adresse mit https.")),
        ("ftp://shop.example", "", Some("Bitte eine vollständige Adresse")),
        ("https://10.0.0.1/kitt", "", Some("„Darf im eigenen Netz liegen“ ankreuzen")),
        ("https://localhost:9/kitt", "", Some("„Darf im eigenen Netz liegen“ ankreuzen")),
        ("https://10.0.0.1/kitt", "yes", None),
        ("https://shop.example/kitt", "", None),
    ] {
        let fields = [("name", "Laden"), ("url", url), ("private", private)];
        let page = world.post_form(Role::Admin, "/settings/webhooks", &fields).await?;
        match word {
            Some(reason) => assert!(page.body.contains(reason), "{url}: {}", page.body),
            None => assert_eq!(page.status, StatusCode::SEE_OTHER, "{url}"),
        }
    }
    // A name that leads inside is told when it is called.
    let mut tx = world.app.db.write().await?;
    sql("UPDATE webhooks SET url = $1, private = FALSE")
        .bind("https://localhost:9/kitt")
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    for hook in webhook::all(&mut world.read().await?).await? {
        let trouble = webhook::test(&world.app, &world.admin, hook.id).await?;
        assert_eq!(trouble.map(|trouble| trouble.code), Some("inside"), "{}", hook.url);
    }
    let list = world.get(Role::Admin, "/settings/webhooks").await?;
    assert!(list.body.contains("Die Adresse führt ins eigene Netz."), "{}", list.body);
    Ok(())
}

async fn what_another_program_did_not_hear_is_no_change(world: World) -> Result<()> {
    let (port, told) = receiver(&["503 Service Unavailable", "204 No Content"]).await?;
    let hook = hook_at(&world, port).await?;
    let rule = world.rule("Rufen", trigger(Event::Opened, &[(Deed::Webhook, &hook.to_string())])).await?;
    let case = world.asked("Paket").await?;

    world.settle().await?;
    let unheard = world.outcomes(case).await?;
    let log = world.get(Role::Admin, &format!("/settings/rules/{rule}/log")).await?.body;
    let list = world.get(Role::Admin, "/settings/rules").await?.body;
    world.forward(Duration::from_mins(1));
    world.settle().await?;

    assert_eq!(unheard, [Outcome::Unheard]);
    assert!(log.contains("nicht gehört") && log.contains("antwortete mit 503"), "{log}");
    assert!(list.contains("0-mal geändert") && list.contains("1-mal gescheitert"), "{list}");
    assert_eq!(world.outcomes(case).await?, [Outcome::Changed], "then it listened");
    let list = world.get(Role::Admin, "/settings/rules").await?.body;
    assert!(list.contains("1-mal geändert") && !list.contains("gescheitert"), "{list}");
    tokio::time::timeout(Duration::from_mins(1), told).await???;
    Ok(())
}

async fn one_that_listens_does_not_hide_that_another_did_not(world: World) -> Result<()> {
    let (deaf, told_deaf) = receiver(&["503 Service Unavailable", "204 No Content"]).await?;
    let (fine, told_fine) = receiver(&["204 No Content"]).await?;
    let mut hooks = Vec::new();
    for (name, port) in [("Lager", deaf), ("Laden", fine)] {
        let url = format!("http://127.0.0.1:{port}/kitt");
        let hook = WebhookDraft { name: name.into(), url, private: "yes".into() };
        hooks.push(webhook::save(&world.app, &world.admin, None, &hook).await?.to_string());
    }
    let actions = [(Deed::Webhook, hooks[0].as_str()), (Deed::Webhook, hooks[1].as_str())];
    let rule = world.rule("Beide rufen", trigger(Event::Opened, &actions)).await?;
    let case = world.asked("Paket").await?;

    world.settle().await?;
    let unheard = world.outcomes(case).await?;
    let log = world.get(Role::Admin, &format!("/settings/rules/{rule}/log")).await?.body;
    world.forward(Duration::from_mins(1));
    world.settle().await?;

    assert_eq!(unheard, [Outcome::Unheard]);
    assert!(log.contains("nicht gehört") && log.contains("antwortete mit 503"), "{log}");
    assert_eq!(world.outcomes(case).await?, [Outcome::Changed], "then both listened");
    for told in [told_deaf, told_fine] {
        tokio::time::timeout(Duration::from_mins(1), told).await???;
    }
    Ok(())
}

async fn a_webhook_that_was_removed_comes_back(world: World) -> Result<()> {
    let hook =
        WebhookDraft { name: "Lager".into(), url: "https://x.example/".into(), private: String::new() };
    let hook = webhook::save(&world.app, &world.admin, None, &hook).await?;
    let removed = world.post_form(Role::Admin, &format!("/settings/webhooks/{hook}/removal"), &[]).await?;
    assert!(webhook::all(&mut world.read().await?).await?.is_empty());

    let page = world.get(Role::Admin, removed.location()).await?;
    assert!(page.body.contains(&format!("/settings/webhooks/{hook}/restored")), "{}", page.body);
    world.post_form(Role::Admin, &format!("/settings/webhooks/{hook}/restored"), &[]).await?;
    assert_eq!(webhook::all(&mut world.read().await?).await?.len(), 1);
    assert!(world.get(Role::Admin, "/settings").await?.body.contains("/settings/webhooks"), "in the menu");
    Ok(())
}
