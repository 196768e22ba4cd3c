//! Kill -9 at random moments while mails arrive: every acknowledged mail is there exactly once afterwards.
//!
//! `KITT_DRILL_MAILS` and `KITT_DRILL_ROUNDS` make it larger. Receipts are kept in a file, outside the database.
//! A mail whose acknowledgement never came is sent again, as a mail server would do, so it may have arrived
//! twice; it too must be there exactly once.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use kitt::platform::{Db, sql};

use super::server::{Client, Server, free_port};
use crate::support::postgres;

const CLIENTS: usize = 8;

fn number(name: &str, default: usize) -> Result<usize> {
    std::env::var(name)
        .map_or(Ok(default), |text| text.parse().with_context(|| format!("{name} is not a number")))
}

#[test]
fn on_sqlite_every_acknowledged_mail_survives_kill_9_once() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("kitt-drill-").tempdir()?;
    let database = format!("sqlite:{}", folder.path().join("kitt.sqlite").display());
    drill(folder.path(), &database)
}

#[test]
fn on_postgres_every_acknowledged_mail_survives_kill_9_once() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("kitt-drill-").tempdir()?;
    let database = postgres::durable_database()?;
    drill(folder.path(), &database.url)
}

fn drill(folder: &Path, database: &str) -> Result<()> {
    let mails = number("KITT_DRILL_MAILS", 200)?;
    let rounds = number("KITT_DRILL_ROUNDS", 2)?;
    let smtp = free_port()?;
    let receipts =
        Receipts { file: Mutex::new(File::create(folder.join("receipts"))?), count: AtomicUsize::new(0) };
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| send_all(smtp, mails, &next, &receipts));
        }
        kill_and_restart(folder, database, smtp, mails, rounds, &receipts)
    })?;
    let acknowledged = std::fs::read_to_string(folder.join("receipts"))?;
    let acknowledged: Vec<usize> = acknowledged.lines().map(str::parse).collect::<Result<_, _>>()?;
    ensure!(acknowledged.len() == mails, "{} of {mails} mails were acknowledged", acknowledged.len());
    let found = tokio::runtime::Runtime::new()?.block_on(cases(database))?;
    let times = |mail: &usize| found.get(&subject(*mail)).copied().unwrap_or(0);
    let wrong: Vec<_> =
        acknowledged.iter().map(|mail| (mail, times(mail))).filter(|(_, times)| *times != 1).collect();
    ensure!(wrong.is_empty(), "not there exactly once (mail, times): {wrong:?}");
    println!("{mails} mails, {rounds} kills: every acknowledged mail is there exactly once");
    Ok(())
}

struct Receipts {
    file: Mutex<File>,
    count: AtomicUsize,
}

impl Receipts {
    fn note(&self, mail: usize) -> Result<()> {
        let mut file = self.file.lock().expect("nobody panics while holding it");
        writeln!(file, "{mail}")?;
        self.count.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn subject(mail: usize) -> String {
    format!("drill {mail}")
}

/// Delivers mails until all are acknowledged; connects again whenever the server is gone.
fn send_all(smtp: SocketAddr, mails: usize, next: &AtomicUsize, receipts: &Receipts) {
    let mut client = None;
    loop {
        let mail = next.fetch_add(1, Ordering::SeqCst);
        if mails <= mail {
            return;
        }
        let raw = format!(
            "From: Kunde {mail} <k{mail}@example.org>\r\nMessage-ID: <{mail}@drill.example>\r\nSubject: {}\r\n\r\nText {mail}",
            subject(mail)
        );
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(3) {
            let delivered = match &mut client {
                Some(client) => Client::deliver(client, &raw),
                None => Client::connect(smtp).and_then(|fresh| client.insert(fresh).deliver(&raw)),
            };
            if delivered.is_ok() {
                receipts.note(mail).expect("the receipts can be written");
                break;
            }
            client = None;
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Each kill comes after a random share of the mails was acknowledged, and a random moment later.
fn kill_and_restart(
    folder: &Path,
    database: &str,
    smtp: SocketAddr,
    mails: usize,
    rounds: usize,
    receipts: &Receipts,
) -> Result<()> {
    let mut server = Server::start(&[], folder, database, smtp)?;
    for round in 0..rounds {
        let (from, to) = (mails * round / rounds, mails * (round + 1) / rounds);
        wait_for(receipts, rand::random_range(from..to))?;
        std::thread::sleep(Duration::from_micros(rand::random_range(0..20_000)));
        server.kill()?;
        server = Server::start(&[], folder, database, smtp)?;
    }
    wait_for(receipts, mails)?;
    let empty = tokio::runtime::Runtime::new()?.block_on(until_filed(database));
    server.stop()?;
    empty
}

fn wait_for(receipts: &Receipts, count: usize) -> Result<()> {
    let start = Instant::now();
    while receipts.count.load(Ordering::SeqCst) < count {
        ensure!(start.elapsed() < Duration::from_mins(5), "{:?} of {count} mails", receipts.count);
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

async fn until_filed(database: &str) -> Result<()> {
    let db = Db::connect(database).await?;
    let start = Instant::now();
    loop {
        let mut tx = db.read().await?;
        let left: i64 = sql("SELECT COUNT(*) FROM received WHERE state = 'received'").value(&mut tx).await?;
        drop(tx);
        if left == 0 {
            break;
        }
        ensure!(start.elapsed() < Duration::from_mins(3), "{left} mails are still not filed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    db.close().await;
    Ok(())
}

/// How many contacts there are by subject of their case.
async fn cases(database: &str) -> Result<BTreeMap<String, i64>> {
    let db = Db::connect(database).await?;
    let mut tx = db.read().await?;
    let rows: Vec<(String, i64)> = sql(
        "SELECT cases.subject, COUNT(*) FROM cases JOIN contacts ON contacts.case_id = cases.id GROUP BY cases.subject",
    )
    .all(&mut tx)
    .await?;
    drop(tx);
    db.close().await;
    Ok(rows.into_iter().collect())
}
