//! What a server does to its mails, and what becomes of them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use kitt::channels;
use kitt::mailboxes;
use kitt::mailboxes::{Activity, Afterwards, Draft, Outcome, Security, Since, Trouble};
use kitt::platform::{Role, sql};

use super::{ANNA, annas_server, mail};
use crate::support::smtp;
use crate::world::{World, both};

both!(
    a_mail_in_a_mailbox_is_a_case_within_seconds,
    tls_and_starttls_are_used_and_certificates_looked_at,
    who_wants_new_mails_only_gets_no_old_ones,
    folders_have_the_names_that_people_know,
    after_a_restart_of_the_server_fetching_goes_on,
    when_the_server_counts_anew_no_mail_comes_twice,
    who_wants_new_mails_only_gets_no_old_ones_when_the_server_counts_anew,
    a_crash_between_keeping_and_noting_makes_no_second_case,
    what_others_move_or_delete_does_not_matter,
    kept_mails_are_moved_to_a_folder,
    kept_mails_are_deleted_where_that_is_wanted,
    moves_that_a_crash_prevented_are_made_up_for,
    a_mail_that_is_too_large_stays_and_its_sender_is_told,
    robots_are_not_told_that_their_mail_is_too_large,
    mail_for_no_known_address_goes_to_the_mailboxs_queue,
    the_same_mail_in_two_mailboxes_is_two_deliveries,
    a_backlog_is_fetched_once_and_shows_its_progress,
);

async fn a_mail_in_a_mailbox_is_a_case_within_seconds(world: World) -> Result<()> {
    let server = annas_server().await?;
    let id = world.add(&world.draft(server.port)).await?;
    let fetching = world.fetch();
    world.waits(id).await?;

    let start = Instant::now();
    server.deliver(ANNA, &mail(1))?;
    world.cases_open(1).await?;

    ensure!(start.elapsed() < Duration::from_secs(10), "IDLE told after {:?}", start.elapsed());
    ensure!(!server.any_seen(ANNA, "INBOX")?, "nothing is marked as read");
    fetching.end().await;
    let accounted = world.accounted(id).await?;
    assert_eq!(accounted.len(), 1);
    let received = accounted[0].received.context("it was kept")?;
    let received = channels::received(&mut world.read().await?, received).await?;
    assert_eq!((received.route, received.peer), (channels::Route::Imap, Some(format!("mailbox:{id}"))));
    assert_eq!(accounted[0].hash.as_deref(), Some(received.hash.as_str()));
    Ok(())
}

async fn tls_and_starttls_are_used_and_certificates_looked_at(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let tls = Draft { host: "localhost".into(), security: Security::Tls, ..world.draft(server.tls_port) };
    let starttls = Draft { security: Security::Starttls, port: server.port, ..tls.clone() };
    // The certificate is for another name.
    let wrong = Draft { host: "127.0.0.1".into(), ..tls.clone() };
    let plain = Draft { port: server.port, ..tls.clone() };

    let mut ids = Vec::new();
    for draft in [&tls, &starttls, &wrong, &plain] {
        ids.push(world.add(draft).await?);
    }
    let _fetching = world.fetch();

    world.waits(ids[0]).await?;
    world.waits(ids[1]).await?;
    world.is_in(ids[2], Trouble::Certificate).await?;
    world.is_in(ids[3], Trouble::Tls).await?;
    assert_eq!(world.count_received().await?, 2);
    Ok(())
}

async fn who_wants_new_mails_only_gets_no_old_ones(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let id = world.add(&Draft { since: Since::New, ..world.draft(server.port) }).await?;
    let _fetching = world.fetch();
    world.waits(id).await?;

    server.deliver(ANNA, &mail(2))?;
    world.cases_open(1).await?;

    world.waits(id).await?;
    assert_eq!(world.count_received().await?, 1);
    Ok(())
}

async fn folders_have_the_names_that_people_know(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    server.deliver_into(ANNA, "R&APw-ckfragen", &mail(2))?;
    let folders = vec!["INBOX".into(), "Rückfragen".into()];
    let draft = Draft {
        folders,
        afterwards: Afterwards::Move,
        move_to: "Erledigt & weg".into(),
        ..world.draft(server.port)
    };
    let id = world.add(&draft).await?;
    let _fetching = world.fetch();
    world.cases_open(2).await?;

    server.deliver_into(ANNA, "R&APw-ckfragen", &mail(3))?;
    world.cases_open(3).await?;

    let moved = || Ok(server.mails(ANNA, "Erledigt &- weg")?.len() == 3);
    world.until("moves", async || moved()).await?;
    let mut found: Vec<String> = world.accounted(id).await?.into_iter().map(|mail| mail.folder).collect();
    found.sort();
    assert_eq!(found, ["INBOX", "Rückfragen", "Rückfragen"]);
    Ok(())
}

async fn after_a_restart_of_the_server_fetching_goes_on(world: World) -> Result<()> {
    let mut server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let id = world.add(&world.draft(server.port)).await?;
    let _fetching = world.fetch();
    world.cases_open(1).await?;
    world.waits(id).await?;

    server.down();
    world.is_in(id, Trouble::Refused).await?;
    server.deliver(ANNA, &mail(2))?;
    server.up()?;
    world.cases_open(2).await?;

    world.waits(id).await?;
    let status = world.status_of(id).await?;
    assert_eq!((status.trouble, status.kept), (None, 2));
    assert_eq!(world.count_received().await?, 2);
    Ok(())
}

async fn when_the_server_counts_anew_no_mail_comes_twice(world: World) -> Result<()> {
    let mut server = annas_server().await?;
    for number in 1..=5 {
        server.deliver(ANNA, &mail(number))?;
    }
    let id = world.add(&world.draft(server.port)).await?;
    let _fetching = world.fetch();
    world.cases_open(5).await?;
    world.waits(id).await?;

    server.down();
    world.is_in(id, Trouble::Refused).await?;
    server.renumber(ANNA, "INBOX")?;
    server.deliver(ANNA, &mail(6))?;
    server.up()?;
    world.cases_open(6).await?;

    world.waits(id).await?;
    assert_eq!((world.count_received().await?, world.status_of(id).await?.kept), (6, 6));
    let accounted = world.accounted(id).await?;
    assert_eq!(accounted.len(), 11, "five under the old numbers, six under the new ones");
    assert!(accounted.iter().all(|mail| mail.received.is_some()));
    Ok(())
}

async fn who_wants_new_mails_only_gets_no_old_ones_when_the_server_counts_anew(world: World) -> Result<()> {
    let mut server = annas_server().await?;
    server.deliver_at(ANNA, &mail(1), 1_700_000_000)?;
    let id = world.add(&Draft { since: Since::New, ..world.draft(server.port) }).await?;
    let _fetching = world.fetch();
    world.waits(id).await?;

    server.down();
    world.is_in(id, Trouble::Refused).await?;
    server.renumber(ANNA, "INBOX")?;
    server.deliver_at(ANNA, &mail(2), 1_800_000_000)?;
    server.up()?;
    world.cases_open(1).await?;

    world.waits(id).await?;
    assert_eq!(world.count_received().await?, 1);
    let outcomes: Vec<Outcome> = world.accounted(id).await?.into_iter().map(|mail| mail.outcome).collect();
    assert_eq!(outcomes, [Outcome::Before, Outcome::Kept]);
    Ok(())
}

async fn a_crash_between_keeping_and_noting_makes_no_second_case(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in 1..=3 {
        server.deliver(ANNA, &mail(number))?;
    }
    let id = world.add(&world.draft(server.port)).await?;
    let fetching = world.fetch();
    world.cases_open(3).await?;
    world.waits(id).await?;
    fetching.end().await;

    // What was committed after the mails were kept is lost.
    let mut tx = world.app.db.write().await?;
    sql("DELETE FROM mailbox_mails").run(&mut tx).await?;
    sql("UPDATE mailbox_folders SET last_uid = 0").run(&mut tx).await?;
    tx.commit().await?;
    let _fetching = world.fetch();
    server.deliver(ANNA, &mail(4))?;
    world.cases_open(4).await?;

    world.waits(id).await?;
    assert_eq!(world.count_received().await?, 4);
    assert_eq!(world.accounted(id).await?.len(), 4);
    Ok(())
}

async fn what_others_move_or_delete_does_not_matter(world: World) -> Result<()> {
    let server = annas_server().await?;
    let draft = Draft { afterwards: Afterwards::Move, move_to: "Fertig".into(), ..world.draft(server.port) };
    let id = world.add(&draft).await?;
    let _fetching = world.fetch();
    world.waits(id).await?;

    // In the middle of fetching, somebody takes mails away and puts some back.
    for number in 1..=30 {
        server.deliver(ANNA, &mail(number))?;
        if number % 3 == 0 {
            // It may have been moved by Kitt meanwhile.
            drop(server.move_first(ANNA, "INBOX", "Privat"));
        }
    }
    let settled = async || {
        Ok(server.mails(ANNA, "INBOX")?.is_empty()
            && world.status_of(id).await?.activity == Activity::Waiting)
    };
    world.until("an empty inbox", settled).await?;

    let (moved, taken) = (server.mails(ANNA, "Fertig")?.len(), server.mails(ANNA, "Privat")?.len());
    assert_eq!(moved + taken, 30, "{moved} moved by Kitt, {taken} by others");
    let received = world.count_received().await?;
    assert!(i64::try_from(moved)? <= received && received <= 30, "{moved} moved, {received} received");
    assert_eq!(world.status_of(id).await?.trouble, None);
    Ok(())
}

async fn kept_mails_are_moved_to_a_folder(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in 1..=7 {
        server.deliver(ANNA, &mail(number))?;
    }
    let draft =
        Draft { afterwards: Afterwards::Move, move_to: "Übernommen".into(), ..world.draft(server.port) };
    let id = world.add(&draft).await?;
    let _fetching = world.fetch();
    world.cases_open(7).await?;
    world.waits(id).await?;

    assert_eq!(server.mails(ANNA, "INBOX")?.len(), 0);
    assert_eq!(server.mails(ANNA, "&ANw-bernommen")?.len(), 7);
    Ok(())
}

async fn kept_mails_are_deleted_where_that_is_wanted(world: World) -> Result<()> {
    let server = annas_server().await?;
    for number in 1..=7 {
        server.deliver(ANNA, &mail(number))?;
    }
    let id = world.add(&Draft { afterwards: Afterwards::Delete, ..world.draft(server.port) }).await?;
    let _fetching = world.fetch();
    world.cases_open(7).await?;
    world.waits(id).await?;

    assert_eq!(server.mails(ANNA, "INBOX")?.len(), 0);
    assert_eq!(world.count_received().await?, 7);
    Ok(())
}

async fn moves_that_a_crash_prevented_are_made_up_for(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.deliver(ANNA, &mail(1))?;
    let draft = world.draft(server.port);
    let id = world.add(&draft).await?;
    let fetching = world.fetch();
    world.cases_open(1).await?;
    fetching.end().await;
    let mut tx = world.app.db.write().await?;
    sql("UPDATE mailbox_mails SET pending = TRUE").run(&mut tx).await?;
    tx.commit().await?;

    let moving = Draft { afterwards: Afterwards::Move, move_to: "Fertig".into(), ..draft };
    mailboxes::change(&world.app, &world.admin, id, &moving).await?;
    let _fetching = world.fetch();

    // The server adds it there before it is gone here.
    let there = async || Ok(server.mails(ANNA, "Fertig")?.len() == 1);
    world.until("the move", there).await?;
    world.until("an empty inbox", async || Ok(server.mails(ANNA, "INBOX")?.is_empty())).await?;
    Ok(())
}

fn large(number: usize, fields: &str) -> String {
    mail(number).replace("\r\n\r\n", &format!("\r\n{fields}\r\n")) + &"x".repeat(78).repeat(20_000)
}

async fn a_mail_that_is_too_large_stays_and_its_sender_is_told(mut world: World) -> Result<()> {
    let outgoing = smtp::Server::start()?;
    world.use_relay(&format!("smtp://{}", outgoing.address)).await?;
    let server = annas_server().await?;
    server.deliver(ANNA, &large(1, ""))?;
    server.deliver(ANNA, &mail(2))?;
    let draft = Draft { largest: 1 << 20, ..world.draft(server.port) };
    let id = world.add(&draft).await?;
    let fetching = world.fetch();
    world.cases_open(1).await?;
    world.waits(id).await?;
    world.settle().await?;

    let answers = outgoing.wait_for(1, super::PATIENCE)?;
    assert_eq!(answers[0].to, ["ingrid1@example.org"]);
    let answer = String::from_utf8_lossy(&answers[0].raw);
    for part in ["Auto-Submitted: auto-replied", "In-Reply-To: <1@example.org>", "From: Haus & Heim"] {
        assert!(answer.contains(part) || part.starts_with("From"), "{part} in {answer}");
    }
    let page = world.get(Role::Admin, &format!("/settings/mailboxes/{id}")).await?.body;
    for part in ["Lampe 1", "ingrid1@example.org", "zu groß", "1 MB"] {
        assert!(page.contains(part), "{part}");
    }
    fetching.end().await;

    // It comes when it may, and nobody is told twice.
    mailboxes::change(&world.app, &world.admin, id, &Draft { largest: 5 << 20, secret: None, ..draft })
        .await?;
    let _fetching = world.fetch();
    world.cases_open(2).await?;
    world.settle().await?;
    assert_eq!(outgoing.mails()?.len(), 1);
    assert!(mailboxes::left(&mut world.read().await?, id, 10).await?.is_empty());
    Ok(())
}

async fn robots_are_not_told_that_their_mail_is_too_large(world: World) -> Result<()> {
    let server = annas_server().await?;
    for (number, fields) in (1..).zip([
        "Auto-Submitted: auto-generated\r\n",
        "List-Id: <news.example.org>\r\nPrecedence: bulk\r\n",
        "Return-Path: <>\r\n",
        "Reply-To: service@haus.example\r\n",
        "Reply-To: noreply@example.org\r\n",
    ]) {
        server.deliver(ANNA, &large(number, fields))?;
    }
    let id = world.add(&Draft { largest: 1 << 20, ..world.draft(server.port) }).await?;
    let _fetching = world.fetch();
    world.waits(id).await?;

    assert_eq!(mailboxes::left(&mut world.read().await?, id, 10).await?.len(), 5);
    let told: Vec<String> = sql("SELECT recipient FROM notices").values(&mut world.read().await?).await?;
    assert_eq!(told, Vec::<String>::new());
    Ok(())
}

async fn mail_for_no_known_address_goes_to_the_mailboxs_queue(world: World) -> Result<()> {
    let server = annas_server().await?;
    let mut tx = world.app.db.write().await?;
    let spare = kitt::people::add_queue(&mut tx, "Ersatzteile", None, None, 60).await?;
    let named = kitt::people::add_queue(&mut tx, "Rechnung", None, Some("rechnung@haus.example"), 60).await?;
    tx.commit().await?;
    server.deliver(ANNA, &mail(1))?;
    server.deliver(ANNA, &mail(2).replace("To: anna@", "To: rechnung@"))?;
    let id = world.add(&Draft { queue: spare, ..world.draft(server.port) }).await?;
    let _fetching = world.fetch();
    world.cases_open(2).await?;
    world.waits(id).await?;

    let queues: Vec<i64> =
        sql("SELECT queue_id FROM cases ORDER BY subject").values(&mut world.read().await?).await?;
    assert_eq!(queues, [spare.0, named.0]);
    Ok(())
}

async fn the_same_mail_in_two_mailboxes_is_two_deliveries(world: World) -> Result<()> {
    let server = annas_server().await?;
    server.add_user("bert@haus.example", "auch geheim")?;
    server.deliver(ANNA, &mail(1))?;
    server.deliver("bert@haus.example", &mail(1))?;
    let mut tx = world.app.db.write().await?;
    let other = kitt::people::add_queue(&mut tx, "Ersatzteile", None, None, 60).await?;
    tx.commit().await?;
    let anna = world.draft(server.port);
    let bert = Draft {
        queue: other,
        login: "bert@haus.example".into(),
        secret: Some("auch geheim".into()),
        ..anna.clone()
    };
    world.add(&anna).await?;
    world.add(&bert).await?;
    let _fetching = world.fetch();

    world.cases_open(2).await?;

    let hashes: Vec<String> =
        sql("SELECT DISTINCT hash FROM received").values(&mut world.read().await?).await?;
    assert_eq!((world.count_received().await?, hashes.len()), (2, 1));
    Ok(())
}

async fn a_backlog_is_fetched_once_and_shows_its_progress(world: World) -> Result<()> {
    backlog(&world, 400).await
}

/// The whole measure: `cargo test -p kitt --test slices five_thousand -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; prints its figures"]
async fn five_thousand_mails_are_fetched_once() -> Result<()> {
    backlog(&World::on_sqlite().await?, 5_000).await?;
    backlog(&World::on_postgres().await?, 5_000).await
}

async fn backlog(world: &World, count: usize) -> Result<()> {
    let server = annas_server().await?;
    for number in 1..=count {
        server.deliver(ANNA, &(mail(number) + &"Noch eine Zeile.\r\n".repeat(400)))?;
    }
    let id = world
        .add(&Draft { afterwards: Afterwards::Move, move_to: "Fertig".into(), ..world.draft(server.port) })
        .await?;
    let mut live = world.app.live.listen();
    let start = Instant::now();
    let fetching = world.fetch();
    let mut seen = Vec::new();
    let total = i64::try_from(count)?;
    let mut most = 0;
    while world.status_of(id).await?.activity != Activity::Waiting {
        // A busy fetcher tells; the wait is for the machine's sake.
        drop(tokio::time::timeout(Duration::from_millis(100), live.recv()).await);
        let status = world.status_of(id).await?;
        if status.activity == Activity::Fetching && 0 < status.total {
            seen.push((status.done, status.total));
        }
        most = most.max(memory());
        ensure!(start.elapsed() < Duration::from_mins(10), "{:?}", world.status_of(id).await?);
    }
    let fetched = start.elapsed();
    while world.count_cases().await? < total {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ensure!(start.elapsed() < Duration::from_mins(10), "{} cases", world.count_cases().await?);
    }
    let filed = start.elapsed();
    println!(
        "{count} mails: fetched in {fetched:.1?} ({:.0}/s), filed after {filed:.1?}, {most} MB resident at most",
        f64::from(u32::try_from(count)?) / fetched.as_secs_f64()
    );
    fetching.end().await;

    assert!(seen.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{seen:?}");
    assert!(seen.iter().any(|(done, all)| *all == total && *done < total), "{seen:?}");
    assert_eq!((world.count_received().await?, world.count_cases().await?), (total, total));
    assert_eq!((server.mails(ANNA, "INBOX")?.len(), server.mails(ANNA, "Fertig")?.len()), (0, count));
    let accounted = world.accounted(id).await?;
    assert_eq!(accounted.len(), count);
    Ok(())
}

/// What this process holds, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or_default() / 1024
}
