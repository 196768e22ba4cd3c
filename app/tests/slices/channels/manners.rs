//! Small things that a well-mannered sender does.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases::State;
use kitt::channels;
use kitt::platform::{Role, sql};

use super::mail;
use crate::world::{World, both};

both!(
    a_mailboxs_own_address_gets_no_automatic_mail,
    whoever_did_not_write_is_not_answered_by_machines,
    what_was_counted_is_forgotten_after_a_week,
);

async fn a_mailboxs_own_address_gets_no_automatic_mail(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    assert_eq!(world.notice(case, "office@elsewhere.example").await?.state, State::Sent);
    let form = serde_json::json!({
        "name": "Office", "queue": world.queue.to_string(), "provider": "password", "host": "imap.elsewhere.example",
        "port": "993", "security": "tls", "login": "Office@elsewhere.example", "secret": "geheim",
        "folders": "INBOX", "afterwards": "keep", "since": "new", "largest_mb": "35",
    });

    let added = world.post_json(Role::Admin, "/settings/mailboxes", &form).await?;
    assert!(added.status.is_success(), "{}", added.body);
    let held = world.notice(case, "office+x@elsewhere.example").await?;
    assert_eq!((held.state, held.reason.as_deref()), (State::Suppressed, Some("own-address")));

    let id: i64 = sql("SELECT id FROM mailboxes").value(&mut world.read().await?).await?;
    world.post_json(Role::Admin, &format!("/settings/mailboxes/{id}/remove"), &serde_json::json!({})).await?;
    assert_eq!(world.notice(case, "office@elsewhere.example").await?.state, State::Sent);
    Ok(())
}

async fn whoever_did_not_write_is_not_answered_by_machines(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    world.tamper("UPDATE contacts SET sender_proof = 'suspicious'").await?;

    let held = world.notice(case, "ingrid@example.org").await?;

    assert_eq!((held.state, held.reason.as_deref()), (State::Suppressed, Some("forged")));
    let page = world.get(Role::Admin, "/suppressions").await?.body;
    assert!(page.contains("vermutlich gefälscht"), "{page}");
    Ok(())
}

async fn what_was_counted_is_forgotten_after_a_week(world: World) -> Result<()> {
    let world = world.with_sink().await?;
    let case = world.arrive(mail("Lampe", "")).await?.case.context("a case")?;
    world.notice(case, "ingrid@example.org").await?;
    let mut counts = Vec::new();
    for _ in 0..2 {
        channels::tidy(&world.app).await?;
        let count: i64 = sql("SELECT COUNT(*) FROM automatic_mails").value(&mut world.read().await?).await?;
        counts.push(count);
        world.forward(Duration::from_hours(8 * 24));
    }
    assert_eq!(counts, [1, 0]);
    Ok(())
}
