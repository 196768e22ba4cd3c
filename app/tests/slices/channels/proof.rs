//! Of every mail that was acknowledged it is clear where it is, and somebody is told if not.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::channels;
use kitt::channels::State;
use kitt::channels::proof::{self, Fault, Proof, report};
use kitt::people;
use kitt::platform::{Language, Role, sql};

use super::mail;
use crate::support::smtp;
use crate::world::{World, both};

both!(
    every_acknowledged_mail_has_a_receipt_and_is_accounted_for,
    a_mail_that_is_gone_changed_or_without_its_contact_is_an_alarm_by_name,
    the_day_that_is_over_is_proven_once_and_old_receipts_go,
    all_unprocessable_mails_are_read_again_at_once,
    what_is_still_there_is_brought_in_again,
    a_difference_is_settled_by_a_person_with_a_reason,
    one_proof_runs_at_a_time_and_begins_anew_after_a_crash,
    proofs_are_downloaded_as_tables_and_data,
    the_morning_report_tells_administrators_in_their_language,
    a_report_that_comes_back_makes_no_case,
    a_house_chooses_when_it_is_told,
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
    world.work().await?;
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    // Of the mail that is in the database with another hash the bytes are still there.
    assert!(page.contains("ingrid@example.org · „Anders“"), "{page}");
    let home = world.get(Role::Admin, "/account").await?.body;
    assert!(home.contains("4 Mails fehlen oder stimmen nicht"), "on every page: {home}");
    let others = world.get(Role::Agent, "/account").await?.body;
    assert!(!others.contains("data-banner"), "only for those who can do something about it");
    let figures = world.get(Role::Admin, "/metrics").await?.body;
    assert!(figures.contains("\nkitt_proof_differences 4\n"), "{figures}");
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

impl World {
    /// The listener's proof of Monday as it is kept, by its number.
    async fn as_data(&self, proof: &Proof) -> Result<serde_json::Value> {
        let answer = self.get_json(Role::Admin, &format!("/settings/proof/{}", proof.id)).await?;
        Ok(answer.json()?["proof"].clone())
    }

    async fn count(&self, statement: &'static str) -> Result<i64> {
        Ok(sql(statement).value(&mut self.read().await?).await?)
    }
}

async fn what_is_still_there_is_brought_in_again(world: World) -> Result<()> {
    world.arrive(mail("Ohne Kontakt", DATED)).await?;
    // Large enough for a blob, which outlives its row.
    let large = format!("{}{}", mail("Aus dem Blob", ""), "Guten Tag. \r\n".repeat(30_000));
    world.arrive(large).await?;
    world.tamper("UPDATE messages SET contact_id = 4711 WHERE contact_id = 1").await?;
    world.tamper("UPDATE received SET contact_id = 4711 WHERE id = 1").await?;
    world.tamper("DELETE FROM received WHERE id = 2").await?;
    let proof = world.monday().await?;
    assert_eq!(proof.differences.len(), 2);
    let lost = proof.differences.iter().find(|one| one.fault == Fault::Missing).context("one is missing")?;
    assert_eq!(lost.subject.as_deref(), Some("Aus dem Blob"), "named by what is left of it");

    let page = format!("/settings/proof/{}", proof.id);
    assert!(world.get(Role::Admin, &page).await?.body.contains("Noch einmal holen"));
    let answer = world.post_form(Role::Admin, &format!("{page}/again"), &[]).await?;
    assert_eq!(answer.location(), page);
    channels::worker::work_off(&world.app).await?;

    let proof = world.monday().await?;
    assert!(proof.is_sound(), "{:?}", proof.differences);
    assert_eq!(world.count("SELECT COUNT(*) FROM received").await?, 2);
    let fact: String = sql("SELECT fact FROM journal WHERE fact LIKE '%proof_repaired%'")
        .value(&mut world.read().await?)
        .await?;
    assert!(fact.contains("\"mails\":2"), "{fact}");
    Ok(())
}

async fn a_difference_is_settled_by_a_person_with_a_reason(world: World) -> Result<()> {
    world.arrive(mail("Werbung", "")).await?;
    world.tamper("DELETE FROM received_raw").await?;
    world.tamper("DELETE FROM received").await?;
    let proof = world.monday().await?;
    let settle = format!("/settings/proof/{}/settle", proof.id);

    let silent = world.post_form(Role::Admin, &settle, &[("reason", " ")]).await?;
    assert_eq!(silent.status.as_u16(), 422, "a reason is needed");
    let agent = world.post_form(Role::Agent, &settle, &[("reason", "egal")]).await?;
    assert_eq!(agent.status.as_u16(), 403);
    assert!(world.get(Role::Admin, "/account").await?.body.contains("data-banner"));
    world.post_form(Role::Admin, &settle, &[("reason", "War Werbung, gelöscht.")]).await?;

    assert!(!world.get(Role::Admin, "/account").await?.body.contains("data-banner"), "the alarm ends");
    let page = world.get(Role::Admin, &format!("/settings/proof/{}", proof.id)).await?.body;
    assert!(page.contains("Geklärt von Ada Admin") && page.contains("War Werbung, gelöscht."), "{page}");
    assert!(world.monday().await?.is_sound(), "also when it is found again");
    let facts: Vec<String> = sql("SELECT fact FROM journal WHERE fact LIKE '%proof_settled%'")
        .values(&mut world.read().await?)
        .await?;
    assert_eq!(facts.len(), 1);
    assert!(!facts[0].contains("Werbung"), "facts carry no words of people");
    // One that comes later is an alarm again.
    world.arrive(mail("Echt", "")).await?;
    world.tamper("DELETE FROM received_raw").await?;
    world.tamper("DELETE FROM received").await?;
    assert_eq!(world.monday().await?.count_open(), 1);
    Ok(())
}

async fn one_proof_runs_at_a_time_and_begins_anew_after_a_crash(world: World) -> Result<()> {
    world.arrive(mail("Lampe", "")).await?;
    let begin =
        async || world.post_json(Role::Admin, "/settings/proof", &serde_json::json!({})).await?.json();
    assert_eq!(begin().await?["begun"], true);
    assert_eq!(begin().await?["begun"], false, "a second press starts no other");
    assert_eq!(world.count("SELECT COUNT(*) FROM jobs WHERE kind = 'channels.prove'").await?, 1);
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(
        page.contains("Es wird geprüft: bisher 0 Mails.") && page.contains("data-live=\"proof\""),
        "{page}"
    );
    // Who had taken it died on the way.
    let mut tx = world.app.db.write().await?;
    sql("UPDATE jobs SET attempts = 1, lease_until = $1 WHERE kind = 'channels.prove'")
        .bind(world.now() + Duration::from_mins(5))
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    assert_eq!(world.work().await?, 0, "it is in dead hands");

    world.forward(Duration::from_mins(6));
    world.work().await?;

    let answer = world.get_json(Role::Admin, "/settings/proof").await?.json()?;
    assert!(answer["run"].is_null(), "it ended: {answer}");
    let monday = answer["items"].as_array().and_then(|all| all.iter().find(|one| one["day"] == "2026-11-16"));
    assert_eq!(monday.context("Monday was proven")?["filed"], 1);
    assert_eq!(begin().await?["begun"], true, "and another may begin");
    Ok(())
}

async fn proofs_are_downloaded_as_tables_and_data(world: World) -> Result<()> {
    world.arrive(mail("Da", DATED)).await?;
    world.arrive(mail("Weg", "")).await?;
    world.tamper("UPDATE received SET hash = 'x' WHERE id = 2").await?;
    let proof = world.monday().await?;

    let history = world.get(Role::Admin, "/settings/proof/csv").await?;
    let one = world.get(Role::Admin, &format!("/settings/proof/{}/csv", proof.id)).await?;
    let data = world.as_data(&proof).await?;

    assert!(history.header("content-disposition").contains("proofs.csv"));
    assert!(history.body.contains("2026-11-16,listener,Mail-Anschluss,"), "{}", history.body);
    assert!(
        one.body.contains("2026-11-16,listener,changed,2,") && one.body.contains(",Weg,"),
        "{}",
        one.body
    );
    assert_eq!((&data["receipts"], &data["differences"][0]["fault"]), (&2.into(), &"changed".into()));
    Ok(())
}

const SEVEN: Duration = Duration::from_hours(22);

async fn the_morning_report_tells_administrators_in_their_language(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    people::choose_language(&world.app, &world.admin, Some(Language::En)).await?;
    world.arrive(mail("Da", DATED)).await?;
    world.arrive(mail("Weg & fort", "")).await?;
    world.tamper("UPDATE received SET hash = 'x' WHERE id = 2").await?;
    world.forward(Duration::from_mins(22 * 60 - 1));
    proof::catch_up(&world.app).await?;
    assert_eq!(report::send_if_due(&world.app).await?, 0, "too early");
    world.forward(Duration::from_mins(1));

    assert_eq!(report::send_if_due(&world.app).await?, 1, "one person administers the house");
    assert_eq!(report::send_if_due(&world.app).await?, 0, "once a day");
    world.settle().await?;

    let sent = server.wait_for(1, Duration::from_secs(20))?;
    assert_eq!(
        (sent[0].from.as_str(), sent[0].to.as_slice()),
        ("<>", &["admin@haus.example".to_owned()][..])
    );
    let raw = String::from_utf8_lossy(&sent[0].raw);
    assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
    let read = mail::parse(&sent[0].raw)?;
    assert_eq!(read.subject, "Proof for 16/11/2026: one difference");
    for part in
        ["Mail port: 2 mails: one contact, one difference", "„Weg & fort“", "http://kitt.test/settings/proof"]
    {
        assert!(read.text.contains(part), "{part} in {}", read.text);
    }
    let html = read.html.unwrap_or_default();
    assert!(html.contains("Weg &amp; fort") && html.contains("<h1"), "{html}");
    Ok(())
}

async fn a_report_that_comes_back_makes_no_case(mut world: World) -> Result<()> {
    let server = smtp::Server::start()?;
    world.use_server(&server).await?;
    world.forward(SEVEN);
    proof::catch_up(&world.app).await?;
    report::send_if_due(&world.app).await?;
    world.settle().await?;
    let sent = server.wait_for(1, Duration::from_secs(20))?;
    let id = mail::parse(&sent[0].raw)?.message_id.context("it has an id")?;

    let absent = format!("Auto-Submitted: auto-replied\r\nIn-Reply-To: <{id}>\r\n");
    let absent = world.arrive(mail("Abwesend", &absent)).await?;
    let itself = world.arrive(sent[0].raw.clone()).await?;
    let forged =
        format!("Auto-Submitted: auto-replied\r\nIn-Reply-To: <{}>\r\n", id.replace("report.2", "report.1"));
    let forged = world.arrive(mail("Nicht unserer", &forged)).await?;

    for mail in [&absent, &itself] {
        ensure!(mail.state == State::Unprocessable && mail.case.is_none(), "{mail:?}");
    }
    assert!(forged.case.is_some(), "only our own reports are known");
    let page = world.get(Role::Admin, "/unprocessable").await?.body;
    assert!(page.contains("auf den Morgenbericht"), "{page}");
    Ok(())
}

async fn a_house_chooses_when_it_is_told(mut world: World) -> Result<()> {
    let page = world.get(Role::Admin, "/settings/proof").await?.body;
    assert!(page.contains("Noch hat das Haus keinen Weg für ausgehende Mail"), "{page}");
    let choose = async |world: &World, when: &str| {
        world.post_form(Role::Admin, "/settings/proof/report", &[("report", when)]).await
    };
    assert_eq!(choose(&world, "sometimes").await?.status.as_u16(), 422);
    world.use_relay("sink:").await?;
    world.forward(SEVEN);
    for (when, differs, told) in
        [("never", true, 0), ("differences", false, 0), ("differences", true, 1), ("daily", false, 1)]
    {
        choose(&world, when).await?;
        world.tamper("DELETE FROM proof_settlements").await?;
        world.tamper("UPDATE proofs SET differences = '[]'").await?;
        proof::catch_up(&world.app).await?;
        if differs {
            world.tamper("UPDATE proofs SET differences = '[{\"fault\":\"unreadable\",\"received\":null,\"hash\":\"\"}]'").await?;
        }
        assert_eq!(report::send_if_due(&world.app).await?, told, "{when}, {differs}");
        world.forward(DAY);
    }
    Ok(())
}
