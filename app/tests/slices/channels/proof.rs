//! Of every mail that was acknowledged it is clear where it is, and somebody is told if not.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use kitt::channels;
use kitt::channels::State;
use kitt::channels::proof::{self, Fault, Proof};
use kitt::platform::Role;

use super::mail;
use crate::world::{World, both};

both!(
    every_acknowledged_mail_has_a_receipt_and_is_accounted_for,
    a_mail_that_is_gone_changed_or_without_its_contact_is_an_alarm_by_name,
    the_day_that_is_over_is_proven_once_and_old_receipts_go,
    all_unprocessable_mails_are_read_again_at_once,
);

const DATED: &str = "Message-ID: <1@example.org>\r\n";
const DAY: Duration = Duration::from_hours(24);

impl World {
    fn receipts(&self) -> PathBuf {
        self.app.settings().data.join("receipts/2026-11-16.log")
    }

    /// The listener's proof of Monday.
    async fn monday(&self) -> Result<Proof> {
        let proofs = proof::prove(&self.app, jiff::civil::date(2026, 11, 16)).await?;
        proofs.into_iter().find(|proof| proof.source == "listener").context("the listener is always there")
    }
}

async fn every_acknowledged_mail_has_a_receipt_and_is_accounted_for(world: World) -> Result<()> {
    world.arrive(mail("Lampe", DATED)).await?;
    world.arrive(mail("Lampe", DATED)).await?;
    world.arrive(b" ").await?;
    world.keep(mail("Gleich", ""), "service@haus.example").await?;

    let proof = world.monday().await?;

    assert_eq!((proof.receipts, proof.filed, proof.duplicates), (4, 1, 1));
    assert_eq!((proof.unprocessable, proof.waiting, proof.own), (1, 1, 0));
    assert!(proof.is_sound(), "{proof:?}");
    assert_eq!(std::fs::read_to_string(world.receipts())?.lines().count(), 4);
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(page.contains("Alles da") && page.contains("vollständig"), "{page}");
    Ok(())
}

async fn a_mail_that_is_gone_changed_or_without_its_contact_is_an_alarm_by_name(world: World) -> Result<()> {
    for subject in ["Weg", "Anders", "Ohne Kontakt", "Gut"] {
        world.arrive(mail(subject, "")).await?;
    }
    world.tamper("DELETE FROM received_raw WHERE received_id = 1").await?;
    world.tamper("DELETE FROM received WHERE id = 1").await?;
    world.tamper("UPDATE received SET hash = 'x' WHERE id = 2").await?;
    world.tamper("UPDATE received SET contact_id = 4711 WHERE id = 3").await?;
    OpenOptions::new().append(true).open(world.receipts())?.write_all(b"half a li")?;
    // What comes after a line that was cut off is read.
    world.forward(Duration::from_secs(1));
    let after = world.arrive(mail("Danach", "")).await?;

    let proof = world.monday().await?;

    let mut faults: Vec<(Fault, Option<i64>)> =
        proof.differences.iter().map(|one| (one.fault, one.received.map(|id| id.0))).collect();
    faults.sort();
    let expected = [
        (Fault::Missing, Some(1)),
        (Fault::Changed, Some(2)),
        (Fault::NoContact, Some(3)),
        (Fault::Unreadable, None),
    ];
    assert_eq!(faults, expected);
    assert!(proof.filed == 2 || proof.filed == 1, "{after:?}");
    let answer = world.post_form(Role::Admin, "/settings/proof", &[]).await?;
    assert_eq!(answer.location(), "/settings/proof");
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(page.contains("Mail 1 fehlt in der Datenbank") && page.contains("4 Abweichungen"), "{page}");
    Ok(())
}

async fn the_day_that_is_over_is_proven_once_and_old_receipts_go(world: World) -> Result<()> {
    world.arrive(mail("Lampe", "")).await?;
    proof::catch_up(&world.app).await?;
    let early = world.monday().await?;
    world.forward(DAY);
    proof::catch_up(&world.app).await?;
    let list = async || world.get_json(Role::Admin, "/settings/proof").await?.json();
    let first = list().await?;
    world.forward(Duration::from_hours(1));
    proof::catch_up(&world.app).await?;

    let monday =
        first["items"].as_array().and_then(|all| all.iter().find(|one| one["day"] == "2026-11-16").cloned());
    let monday = monday.context("Monday was proven")?;
    assert_eq!((monday["receipts"].as_i64(), monday["filed"].as_i64()), (Some(1), Some(1)));
    assert_ne!(monday["at"], serde_json::to_value(early.at)?, "once more, after it was over");
    assert_eq!(list().await?, first, "and no more");
    world.forward(61 * DAY);
    proof::catch_up(&world.app).await?;
    assert!(!world.receipts().exists());
    Ok(())
}

async fn all_unprocessable_mails_are_read_again_at_once(world: World) -> Result<()> {
    let mut mails = Vec::new();
    for subject in ["Erste", "Zweite"] {
        mails.push(world.arrive(mail(subject, "")).await?.id);
    }
    world.tamper("UPDATE received SET state = 'unprocessable', reason = 'panic', case_id = NULL, contact_id = NULL").await?;
    let page = world.get(Role::Admin, "/unprocessable").await?.body;
    assert!(page.contains("Zweite") && page.contains("Ingrid Sommerauer"), "{page}");

    let answer = world.post_form(Role::Admin, "/unprocessable/retries", &[]).await?;
    assert_eq!(answer.location(), "/unprocessable");
    channels::worker::work_off(&world.app).await?;

    for id in mails {
        assert_eq!(world.received(id).await?.state, State::Done);
    }
    assert_eq!(
        world.get_json(Role::Admin, "/unprocessable").await?.json()?["items"].as_array().map(Vec::len),
        Some(0)
    );
    Ok(())
}
