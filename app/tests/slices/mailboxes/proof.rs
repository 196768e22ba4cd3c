//! Of every mail that a server holds or held it is clear where it is.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::channels::proof::{self, Fault, Proof};
use kitt::mailboxes::{Afterwards, Draft};
use kitt::platform::{Role, Timestamp, sql};

use super::{ANNA, annas_server, mail};
use crate::world::{World, both};

both!(
    what_the_server_holds_is_what_kitt_has,
    what_was_deleted_on_the_server_is_proven_by_what_was_read,
    a_mail_that_was_lost_is_named_and_fetched_again,
    a_server_that_cannot_be_reached_proves_nothing_and_loses_nothing,
);

const MONDAY: jiff::civil::Date = jiff::civil::date(2026, 11, 16);

impl World {
    /// The proof of Anna's inbox.
    async fn inbox(&self) -> Result<Proof> {
        let proofs = proof::prove(&self.app, MONDAY).await?;
        proofs.into_iter().find(|proof| proof.label == "Anna · INBOX").context("it is a source")
    }

    async fn lose(&self, statement: &'static str) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql(statement).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

async fn what_the_server_holds_is_what_kitt_has(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in [1, 2, 3] {
        server.deliver(ANNA, &mail(number))?;
    }
    // The same mail once more, and one that is too large.
    server.deliver(ANNA, &format!("X-Way: other\r\n{}", mail(1)))?;
    server.deliver(ANNA, &format!("{}{}", mail(4), "Guten Tag.\r\n".repeat(110_000)))?;
    let id = world.add(&Draft { largest: 1 << 20, ..world.draft(server.port) }).await?;
    let fetching = world.fetch();
    world.cases_open(3).await?;
    world.until("five accounts", async || Ok(world.accounted(id).await?.len() == 5)).await?;
    world.waits(id).await?;
    world
        .until("all filed", async || {
            let open: i64 = sql("SELECT COUNT(*) FROM received WHERE state = 'received'")
                .value(&mut world.read().await?)
                .await?;
            Ok(open == 0)
        })
        .await?;
    fetching.end().await;
    // Nobody fetches it any more.
    server.deliver(ANNA, &mail(5))?;

    let proof = world.inbox().await?;

    assert_eq!((proof.receipts, proof.refused, proof.waiting), (6, 1, 1), "{proof:?}");
    assert_eq!(proof.filed + proof.duplicates, 4, "{proof:?}");
    assert!(proof.is_sound(), "{proof:?}");
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(page.contains("Anna · INBOX"), "{page}");
    Ok(())
}

async fn what_was_deleted_on_the_server_is_proven_by_what_was_read(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in [1, 2] {
        server.deliver(ANNA, &mail(number))?;
    }
    let id = world.add(&Draft { afterwards: Afterwards::Delete, ..world.draft(server.port) }).await?;
    let fetching = world.fetch();
    world.cases_open(2).await?;
    world.waits(id).await?;
    world.until("deleted", async || Ok(server.mails(ANNA, "INBOX")?.is_empty())).await?;
    fetching.end().await;
    assert_eq!(world.inbox().await?.filed, 2);

    world.lose("UPDATE received SET contact_id = 4711 WHERE id = 1").await?;
    let proof = world.inbox().await?;

    let faults: Vec<Fault> = proof.differences.iter().map(|one| one.fault).collect();
    assert_eq!(faults, [Fault::NoContact]);
    let one = &proof.differences[0];
    assert!(one.subject.as_deref().is_some_and(|subject| subject.starts_with("Lampe")), "{one:?}");
    Ok(())
}

async fn a_mail_that_was_lost_is_named_and_fetched_again(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in [1, 2, 3] {
        server.deliver(ANNA, &mail(number))?;
    }
    let id = world.add(&world.draft(server.port)).await?;
    let fetching = world.fetch();
    world.cases_open(3).await?;
    world.waits(id).await?;
    fetching.end().await;
    assert!(world.inbox().await?.is_sound());
    // One is gone from the database, and of another one nobody knows that it was there.
    world.lose("DELETE FROM received_raw WHERE received_id = (SELECT received_id FROM mailbox_mails WHERE uid = 1)").await?;
    world
        .lose("DELETE FROM received WHERE id = (SELECT received_id FROM mailbox_mails WHERE uid = 1)")
        .await?;
    world.lose("DELETE FROM mailbox_mails WHERE uid = 2").await?;

    let proof = world.inbox().await?;

    let mut named: Vec<_> = proof
        .differences
        .iter()
        .map(|one| (one.fault, one.message_id.as_deref(), one.sender.as_deref(), one.subject.as_deref()))
        .collect();
    named.sort();
    let expected = [
        (Fault::Missing, Some("1@example.org"), Some("ingrid1@example.org"), Some("Lampe 1")),
        (Fault::Overlooked, Some("2@example.org"), Some("ingrid2@example.org"), Some("Lampe 2")),
    ];
    assert_eq!(named, expected);
    let sent: Timestamp = "2026-11-16T07:00:00Z".parse::<jiff::Timestamp>()?.into();
    assert!(proof.differences.iter().all(|one| one.date == Some(sent)), "{proof:?}");
    let page = world.get(Role::Admin, &format!("/settings/proof/{}", proof.id)).await?.body;
    for part in
        ["Die Mail mit der UID 2 liegt auf dem Mailserver", "ingrid1@example.org", "„Lampe 2“", "16.11.2026"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }

    world.post_form(Role::Admin, &format!("/settings/proof/{}/again", proof.id), &[]).await?;
    let fetching = world.fetch();
    world.until("all accounts", async || Ok(world.accounted(id).await?.len() == 3)).await?;
    world.waits(id).await?;
    world.until("all filed", async || Ok(world.inbox().await?.waiting == 0)).await?;
    fetching.end().await;

    let proof = world.inbox().await?;
    assert!(proof.is_sound(), "{proof:?}");
    assert_eq!(world.count_cases().await?, 3, "what was there already made no second case");
    assert!(!world.get(Role::Admin, "/account").await?.body.contains("data-banner"));
    Ok(())
}

async fn a_server_that_cannot_be_reached_proves_nothing_and_loses_nothing(world: World) -> Result<()> {
    let mut server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let id = world.add(&world.draft(server.port)).await?;
    let fetching = world.fetch();
    world.cases_open(1).await?;
    world.waits(id).await?;
    fetching.end().await;
    assert!(world.inbox().await?.is_sound());
    server.down();

    let proof = world.inbox().await?;
    assert_eq!(
        (proof.unproven.as_deref(), proof.is_sound(), proof.count_open()),
        (Some("refused"), false, 0)
    );
    assert_eq!(proof.filed, 1, "what was read is proven all the same");
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(page.contains("Nicht geprüft.") && page.contains("Nicht jede Quelle war zu erreichen"), "{page}");
    let quiet = world.get(Role::Admin, "/account").await?.body;
    assert!(!quiet.contains("data-banner"), "not yet an alarm");

    world.forward(Duration::from_hours(27));
    proof::catch_up(&world.app).await?;
    proof::look(&world.app).await?;
    let loud = world.get(Role::Admin, "/account").await?.body;
    assert!(loud.contains("Eine Quelle von Mails konnte seit über einem Tag nicht geprüft werden"), "{loud}");

    server.up()?;
    world.forward(Duration::from_hours(3));
    proof::catch_up(&world.app).await?;
    proof::look(&world.app).await?;
    let again = world.get(Role::Admin, "/account").await?.body;
    assert!(!again.contains("data-banner"), "{again}");
    Ok(())
}
