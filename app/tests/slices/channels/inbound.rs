//! From raw bytes to a contact of a case.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::{Method, StatusCode};
use kitt::cases;
use kitt::cases::{Answer, Direction, Status};
use kitt::channels;
use kitt::channels::State;
use kitt::customers;
use kitt::platform::{Role, sql};
use serde_json::json;

use super::{delivery, mail, mail_of};
use crate::world::{World, both};

both!(
    a_mail_becomes_a_case_of_its_sender,
    attachments_and_html_come_along,
    a_large_mail_is_a_blob_and_filed_like_any_other,
    a_text_that_is_too_long_says_so_and_can_be_read_whole,
    each_mail_of_a_case_leads_to_its_headers_and_its_source,
    names_and_subjects_cannot_turn_the_writing_around,
    the_same_mail_twice_is_one_contact,
    a_mail_without_an_id_is_known_again_by_its_bytes,
    one_mail_to_two_queues_is_two_contacts,
    what_a_machine_wrote_owes_no_answer,
    what_is_no_mail_waits_for_a_person,
    zero_bytes_and_endless_fields_are_filed_too,
    a_mail_that_cannot_be_filed_takes_no_other_along,
    the_backlog_goes_on_after_a_restart,
    who_was_alone_in_hand_at_two_deaths_is_given_up,
    the_company_of_a_deadly_mail_is_not_blamed,
    a_program_delivers_and_hears_the_case_number,
    mails_that_arrive_at_the_same_moment_are_all_there_once,
    two_first_mails_at_the_same_moment_make_one_customer,
    real_mails_are_all_filed_and_known_the_second_time,
);

async fn a_mail_becomes_a_case_of_its_sender(world: World) -> Result<()> {
    let received = world.arrive(mail("AW: Die Lampe", "Message-ID: <1@example.org>\r\n")).await?;

    let case = world.case(received.case).await?;
    let contact = world.contact(received.contact).await?;
    let customer = customers::customer(&mut world.read().await?, case.customer).await?;
    assert_eq!(received.state, State::Done);
    assert_eq!((case.subject.as_str(), case.status, case.queue), ("Die Lampe", Status::Open, world.queue));
    assert!(case.due_at.is_some());
    assert_eq!(customer.name, "Ingrid Sommerauer");
    assert_eq!(
        (contact.direction, contact.text.as_str()),
        (Direction::Inbound, "Guten Tag, die Lampe flackert.")
    );
    assert_eq!(contact.from_address.as_deref(), Some("ingrid@example.org"));
    assert_eq!(contact.received, Some(received.id));
    Ok(())
}

async fn attachments_and_html_come_along(world: World) -> Result<()> {
    let raw = "From: a@example.org\r\nSubject: Foto\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
        <p onclick=evil()>Hier <b>das</b> Foto<script>evil()</script></p>\r\n--b\r\nContent-Type: image/png\r\n\
        Content-Disposition: attachment; filename=\"../lampe.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        aGFsbG8=\r\n--b--\r\n";
    let received = world.arrive(raw).await?;

    let contact = world.contact(received.contact).await?;
    let files = cases::attachments(&mut world.read().await?, contact.id).await?;
    let html = contact.html.unwrap_or_default();
    assert!(html.contains("<b>das</b>") && !html.contains("evil"), "{html}");
    assert_eq!((files.len(), files[0].name.as_str(), files[0].size), (1, "_lampe.png", 5));
    assert_eq!(world.app.blobs.get(&files[0].blob).await?, "hallo");
    Ok(())
}

async fn a_large_mail_is_a_blob_and_filed_like_any_other(world: World) -> Result<()> {
    let line = "Sehr viel Text, der sich wiederholt und nie endet.\r\n";
    let raw = mail("Lang", "") + line.repeat(300_000 / line.len()).as_str();

    let received = world.arrive(raw.clone()).await?;

    assert!(received.blob.is_some());
    assert_eq!(received.size, i64::try_from(raw.len())?);
    assert_eq!(world.case(received.case).await?.subject, "Lang");
    let path = format!("/received/{}/raw", received.id);
    let answer = world.get(Role::Agent, &path).await?;
    assert!(answer.body == raw, "the bytes are as they came");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    Ok(())
}

async fn a_text_that_is_too_long_says_so_and_can_be_read_whole(world: World) -> Result<()> {
    let short = world.arrive(mail("Kurz", "")).await?;
    let novel = format!("{}\r\n", "Der Techniker kam nicht.\r\n".repeat(10_000));
    let long = world.arrive(mail("Lang", "").replace("Guten Tag, die Lampe flackert.", &novel)).await?;
    let contact = world.contact(long.contact).await?;
    let number = world.case(long.case).await?.number;

    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    let api = world.get_json(Role::Agent, &format!("/cases/{number}")).await?.json()?;
    let path = format!("/contacts/{}/raw", contact.id);
    let whole = world.get(Role::Agent, &path).await?;

    assert!(contact.shortened && !world.contact(short.contact).await?.shortened);
    assert!(
        page.body.contains(&path) && page.body.contains("hier gekürzt"),
        "a hint with a way to the whole"
    );
    assert_eq!(api["messages"][0]["shortened"], true);
    assert!(contact.text.len() < whole.body.len() && whole.body.contains(novel.trim()));
    assert!(whole.header("content-disposition").starts_with("attachment"));
    assert_eq!(world.get(Role::Department, &path).await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn each_mail_of_a_case_leads_to_its_headers_and_its_source(mut world: World) -> Result<()> {
    world.use_relay("sink:").await?;
    let head = "Message-ID: <1@example.org>\r\nX-Strange: <b>bold</b>\r\n";
    let received = world.arrive(mail("Die Lampe", head)).await?;
    let case = world.case(received.case).await?;
    let arrived = received.contact.context("a contact")?;
    let answer = Answer { text: "Wir sehen nach.".into(), ..Answer::default() };
    let left = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    let path = format!("/cases/{}", case.number);
    let before = world.get(Role::Agent, &path).await?.body;
    assert!(
        before.contains("Quelltext und Kopfzeilen") && !before.contains(&format!("/contacts/{left}/source"))
    );
    assert_eq!(
        world.get(Role::Agent, &format!("/contacts/{left}/source")).await?.status,
        StatusCode::NOT_FOUND
    );
    world.after(Duration::from_secs(11)).await?;

    let page = world.get(Role::Manager, &path).await?.body;
    for contact in [arrived, left] {
        assert!(page.contains(&format!("href=\"/contacts/{contact}/source\"")), "{contact}: {page}");
    }
    let source = world.get(Role::Manager, &format!("/contacts/{arrived}/source")).await?.body;
    assert!(source.contains("X-Strange") && source.contains("Guten Tag, die Lampe flackert."), "{source}");
    assert!(!source.contains("<b>bold</b>"), "it is text: {source}");
    let sent = world.get_json(Role::Agent, &format!("/contacts/{left}/source")).await?.json()?;
    assert_eq!((&sent["case"], &sent["cut"]), (&json!(case.number), &json!(false)), "{sent}");
    assert!(
        sent["headers"].as_array().context("headers")?.iter().any(|one| one["name"] == "Subject"),
        "{sent}"
    );
    let raw = world.get(Role::Agent, &format!("/contacts/{left}/raw")).await?;
    assert!(raw.body.contains("Wir sehen nach.") && raw.header("content-disposition").contains(".eml"));
    assert_eq!(
        world.get(Role::Department, &format!("/contacts/{arrived}/source")).await?.status,
        StatusCode::FORBIDDEN
    );
    Ok(())
}

async fn names_and_subjects_cannot_turn_the_writing_around(world: World) -> Result<()> {
    let raw = mail_of("Ingrid \u{202e}gnp.exe <ingrid@example.org>", "Rechnung \u{202e}gnp.exe Test", "");
    let received = world.arrive(raw).await?;

    let case = world.case(received.case).await?;
    let customer = customers::customer(&mut world.read().await?, case.customer).await?;
    assert_eq!((case.subject.as_str(), customer.name.as_str()), ("Rechnung gnp.exe Test", "Ingrid gnp.exe"));
    Ok(())
}

async fn the_same_mail_twice_is_one_contact(world: World) -> Result<()> {
    let raw = mail("Lampe", "Message-ID: <1@example.org>\r\n");
    let first = world.arrive(raw.clone()).await?;

    let second = world.arrive(raw.clone()).await?;
    let other = world.arrive(raw.replace("flackert", "brennt")).await?;

    assert_eq!((second.state, second.reason.as_deref()), (State::Done, Some("duplicate")));
    assert_eq!((second.case, second.contact), (first.case, first.contact));
    // Another text under the same id is another mail, and nothing that was sent in is lost.
    assert_ne!(other.contact, first.contact);
    Ok(())
}

async fn a_mail_without_an_id_is_known_again_by_its_bytes(world: World) -> Result<()> {
    let raw = mail("Lampe", "Date: Mon, 16 Nov 2026 08:59:00 +0100\r\n");
    let first = world.arrive(raw.clone()).await?;
    let again = world.arrive(raw).await?;
    let other = world.arrive(mail("Lampe", "Date: Mon, 16 Nov 2026 08:59:01 +0100\r\n")).await?;

    assert_eq!((again.reason.as_deref(), again.contact), (Some("duplicate"), first.contact));
    assert_ne!(other.contact, first.contact);
    // Without a date the same words may have been written twice.
    let dateless = (world.arrive(mail("Lampe", "")).await?, world.arrive(mail("Lampe", "")).await?);
    assert_ne!(dateless.0.contact, dateless.1.contact);
    Ok(())
}

async fn one_mail_to_two_queues_is_two_contacts(world: World) -> Result<()> {
    world.name_queue("service@haus.example").await?;
    let mut tx = world.app.db.write().await?;
    let second =
        kitt::people::add_queue(&mut tx, "Technik", Some(world.team), Some("technik@haus.example"), 60)
            .await?;
    tx.commit().await?;

    let mut both = delivery(mail("Lampe", "Message-ID: <1@example.org>\r\n"), "service@haus.example");
    both.to.push("Technik+lampen@haus.example".into());
    channels::intake::keep(&world.app, both).await?;
    channels::worker::work_off(&world.app).await?;

    let mut tx = world.read().await?;
    let queues: Vec<i64> = sql("SELECT queue_id FROM cases ORDER BY queue_id").values(&mut tx).await?;
    assert_eq!(queues, [world.queue.0, second.0]);
    Ok(())
}

async fn what_a_machine_wrote_owes_no_answer(world: World) -> Result<()> {
    let received = world.arrive(mail("Abwesend", "Auto-Submitted: auto-replied\r\n")).await?;

    assert!(world.contact(received.contact).await?.automatic);
    assert_eq!(world.case(received.case).await?.due_at, None);
    Ok(())
}

async fn what_is_no_mail_waits_for_a_person(world: World) -> Result<()> {
    let received = world.arrive(b" \r\n".to_vec()).await?;
    assert_eq!((received.state, received.reason.as_deref()), (State::Unprocessable, Some("empty")));

    let page = world.get(Role::Agent, "/unprocessable").await?;
    let list = world.get_json(Role::Agent, "/unprocessable").await?.json()?;
    let path = format!("/unprocessable/{}/retry", received.id);
    let retried = world.post_form(Role::Agent, &path, &[]).await?;

    assert!(page.body.contains("Nicht verarbeitbar") && page.body.contains("Die Mail ist leer."));
    assert_eq!(list["items"][0]["id"], received.id.0);
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    channels::worker::work_off(&world.app).await?;
    assert_eq!(world.received(received.id).await?.state, State::Unprocessable);
    assert_eq!(world.get(Role::Department, "/unprocessable").await?.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn zero_bytes_and_endless_fields_are_filed_too(world: World) -> Result<()> {
    let id = "x".repeat(20_000);
    let from = format!("\"Null\0 Null\" <{}@example.org>", "a".repeat(400));
    let raw = mail_of(
        &from,
        "Nu\0ll",
        &format!("Message-ID: <{id}@x>\r\nReferences: <{id}@x>\r\nReply-To: b@example.org\r\n"),
    ) + "\0\0";

    let received = world.arrive(raw).await?;

    assert_eq!(received.state, State::Done, "{:?}", received.reason);
    assert_eq!(world.contact(received.contact).await?.from_address.as_deref(), Some("b@example.org"));
    Ok(())
}

async fn a_mail_that_cannot_be_filed_takes_no_other_along(world: World) -> Result<()> {
    let before = world.keep(mail("Davor", ""), "x@y.example").await?;
    let broken = world.keep(mail("Kaputt", ""), "x@y.example").await?;
    let after = world.keep(mail("Danach", ""), "x@y.example").await?;
    world.tamper("UPDATE received SET blob = 'gone' WHERE id = (SELECT MAX(id) - 1 FROM received)").await?;

    channels::worker::work_off(&world.app).await?;
    assert_eq!(world.received(broken).await?.state, State::Received);
    for _ in 0..5 {
        world.forward(std::time::Duration::from_hours(1));
        channels::worker::work_off(&world.app).await?;
    }

    assert_eq!(world.received(before).await?.state, State::Done);
    assert_eq!(world.received(after).await?.state, State::Done);
    let broken = world.received(broken).await?;
    assert_eq!((broken.state, broken.reason.as_deref()), (State::Unprocessable, Some("failing")));
    Ok(())
}

/// What a process leaves behind that died with these mails in hand.
async fn die_with_all(world: &World) -> Result<()> {
    world.tamper("UPDATE received SET attempts = attempts + 1, next_at = 9000000000000000 WHERE state = 'received'").await
}

/// The same, with the node's name as a worker writes it.
async fn restart(world: &World) -> Result<()> {
    world.tamper("UPDATE received SET next_at = 0 WHERE state = 'received'").await?;
    Ok(channels::worker::release(&world.app).await?)
}

async fn the_backlog_goes_on_after_a_restart(world: World) -> Result<()> {
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(world.keep(mail(&format!("Mail {number}"), ""), "x@y.example").await?);
    }
    die_with_all(&world).await?;
    assert_eq!(channels::worker::work_off(&world.app).await?, 0);

    restart(&world).await?;
    channels::worker::work_off(&world.app).await?;

    for id in ids {
        assert_eq!(world.received(id).await?.state, State::Done);
    }
    Ok(())
}

async fn who_was_alone_in_hand_at_two_deaths_is_given_up(world: World) -> Result<()> {
    let deadly = world.keep(mail("Tödlich", ""), "x@y.example").await?;
    // Alone at first: that attempt counts twice; the second death is one more.
    die_with_all(&world).await?;
    die_with_all(&world).await?;
    die_with_all(&world).await?;
    restart(&world).await?;

    channels::worker::work_off(&world.app).await?;

    let deadly = world.received(deadly).await?;
    assert_eq!((deadly.state, deadly.reason.as_deref()), (State::Unprocessable, Some("deadly")));
    Ok(())
}

async fn the_company_of_a_deadly_mail_is_not_blamed(world: World) -> Result<()> {
    let company = world.keep(mail("Harmlos", ""), "x@y.example").await?;
    world.keep(mail("Tödlich", ""), "x@y.example").await?;
    die_with_all(&world).await?;
    restart(&world).await?;
    world.tamper("UPDATE received SET attempts = 3 WHERE id = (SELECT MAX(id) FROM received)").await?;

    channels::worker::work_off(&world.app).await?;

    assert_eq!(world.received(company).await?.state, State::Done);
    Ok(())
}

async fn a_program_delivers_and_hears_the_case_number(world: World) -> Result<()> {
    let filing =
        tokio::spawn(channels::worker::run(world.app.clone(), tokio_util::sync::CancellationToken::new()));
    let body = mail("Über HTTP", "");
    let headers = [("content-type", "message/rfc822")];

    let answer = world.ask(Role::Agent, Method::POST, "/api/v1/mail", &headers, body).await?;
    let empty = world.ask(Role::Agent, Method::POST, "/api/v1/mail", &headers, "").await?;
    let forbidden = world.ask(Role::Manager, Method::POST, "/api/v1/mail", &headers, "x").await?;

    filing.abort();
    assert_eq!(answer.status, StatusCode::OK);
    let number = answer.json()?["case"]["number"].as_str().unwrap_or_default().to_owned();
    assert_eq!(cases::by_number(&mut world.read().await?, &number).await?.subject, "Über HTTP");
    assert_eq!((empty.status, forbidden.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::FORBIDDEN));
    Ok(())
}

async fn mails_that_arrive_at_the_same_moment_are_all_there_once(world: World) -> Result<()> {
    let keeping = (0..100).map(|number| {
        let raw = mail_of(&format!("k{number}@example.org"), &format!("Mail {number}"), "");
        channels::intake::keep(&world.app, delivery(raw, "x@y.example"))
    });
    let kept = futures::future::try_join_all(keeping).await?;
    let filing = (0..3).map(|_| channels::worker::work_off(&world.app));
    futures::future::try_join_all(filing).await?;

    let mut tx = world.read().await?;
    let cases: i64 = sql("SELECT COUNT(DISTINCT subject) FROM cases").value(&mut tx).await?;
    let contacts: i64 = sql("SELECT COUNT(*) FROM contacts").value(&mut tx).await?;
    let distinct: std::collections::BTreeSet<_> = kept.iter().collect();
    assert_eq!((distinct.len(), cases, contacts), (100, 100, 100));
    Ok(())
}

async fn two_first_mails_at_the_same_moment_make_one_customer(world: World) -> Result<()> {
    for number in 0..20 {
        world.keep(mail(&format!("Mail {number}"), ""), "x@y.example").await?;
    }
    let filing = (0..4).map(|_| channels::worker::work_off(&world.app));
    futures::future::try_join_all(filing).await?;

    let mut tx = world.read().await?;
    let customers: i64 = sql("SELECT COUNT(DISTINCT customer_id) FROM cases").value(&mut tx).await?;
    assert_eq!(customers, 1);
    Ok(())
}

async fn real_mails_are_all_filed_and_known_the_second_time(world: World) -> Result<()> {
    let data = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    if !data.is_dir() {
        println!("skipped: {} is not there", data.display());
        return Ok(());
    }
    let folders = ["mime", "bounce", "spamassassin"].map(|name| data.join(name));
    let (sources, problems) = channels::import::find(&folders);
    assert!(problems.is_empty() && 500 < sources.len(), "{} files", sources.len());

    let filing =
        tokio::spawn(channels::worker::run(world.app.clone(), tokio_util::sync::CancellationToken::new()));
    let first = channels::import::import(&world.app, &sources).await?;
    let second = channels::import::import(&world.app, &sources).await?;
    filing.abort();

    let mut tx = world.read().await?;
    let failed: Vec<String> =
        sql("SELECT reason FROM received WHERE reason IS NOT NULL AND reason NOT IN ('empty', 'not_a_message', 'duplicate', 'own')")
            .values(&mut tx)
            .await?;
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!((first.waiting, first.unreadable), (0, 0), "{first}");
    assert_eq!(
        u64::try_from(first.outcome.done + first.outcome.unprocessable)?,
        first.read - first.known,
        "{first}"
    );
    assert_eq!((second.known, second.outcome.done), (second.read, 0), "{second}");
    Ok(())
}
