//! The journal loses nothing and tells nothing twice, whatever its writers do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::future::BoxFuture;
use kitt::journal;
use kitt::journal::listeners;
use kitt::journal::{About, Entry, Fact, Listener};
use kitt::platform::{Actor, App, Error, Tx, sql};
use serde_json::{Map, Value};

use crate::world::{World, both};

both!(
    listeners_hear_in_order_exactly_once,
    an_older_transaction_that_journals_last_is_heard,
    an_older_transaction_that_journals_first_and_commits_last_is_heard,
    nothing_is_missed_while_many_write_at_the_same_time,
    two_nodes_that_listen_at_the_same_time_hear_each_fact_once,
    what_a_listener_cannot_digest_is_parked_and_the_rest_is_heard,
    a_fact_of_a_transaction_that_was_rolled_back_never_happened,
    a_listener_that_panics_parks_the_fact_and_goes_on,
    after_a_move_to_another_server_everything_is_heard_once,
    a_full_disk_parks_no_fact,
);

/// Keeps the names of the settings that changed, in the order of hearing.
static KEEPS: Listener = Listener { name: "test-keeps", wants: |_| true, hear: keep };
/// As [`KEEPS`], but "bad" disagrees with it, and "panic" more so.
static CHOKES: Listener = Listener { name: "test-chokes", wants: |_| true, hear: choke };

/// As [`KEEPS`] on a disk without room, and once there is room again.
static STARVES: Listener = Listener { name: "test-starves", wants: |_| true, hear: starve };
static RECOVERS: Listener = Listener { name: "test-starves", wants: |_| true, hear: keep };

fn starve<'a>(_: &'a App, _: &'a mut Tx, _: &'a Entry) -> BoxFuture<'a, kitt::platform::Result<()>> {
    Box::pin(async { Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into()) })
}

fn keep<'a>(_: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, kitt::platform::Result<()>> {
    Box::pin(async move {
        if let Fact::SettingChanged { name, .. } = &entry.fact {
            sql("INSERT INTO heard (name) VALUES ($1)").bind(name).run(tx).await?;
        }
        Ok(())
    })
}

fn choke<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, kitt::platform::Result<()>> {
    Box::pin(async move {
        keep(app, tx, entry).await?;
        if matches!(&entry.fact, Fact::SettingChanged { name, .. } if name == "bad") {
            return Err(Error::NotFound);
        }
        assert!(!matches!(&entry.fact, Fact::SettingChanged { name, .. } if name == "panic"));
        Ok(())
    })
}

async fn listeners_hear_in_order_exactly_once(world: World) -> Result<()> {
    be_ready(&world).await?;
    for name in ["one", "two", "three"] {
        change(&world, name).await?;
    }

    for _ in 0..2 {
        listeners::catch_up(&world.app, &[&KEEPS]).await?;
    }

    assert_eq!(heard(&world).await?, ["one", "two", "three"]);
    Ok(())
}

/// A cursor over the transactions' numbers alone would pass it by.
async fn an_older_transaction_that_journals_last_is_heard(world: World) -> Result<()> {
    be_ready(&world).await?;
    if !world.is_postgres() {
        return Ok(()); // one writer: nobody can be overtaken
    }
    let mut older = world.app.db.write().await?;
    // Its number is given at its first write.
    sql("INSERT INTO settings (name, value) VALUES ('older', '1')").run(&mut older).await?;
    change(&world, "younger").await?;
    listen_once(&world).await?;

    record(&world, &mut older, "older").await?;
    older.commit().await?;
    listeners::catch_up(&world.app, &[&KEEPS]).await?;

    assert_eq!(heard(&world).await?, ["older", "younger"]);
    Ok(())
}

/// A cursor over the entries' numbers alone would pass it by.
async fn an_older_transaction_that_journals_first_and_commits_last_is_heard(world: World) -> Result<()> {
    be_ready(&world).await?;
    if !world.is_postgres() {
        return Ok(()); // one writer: nobody can be overtaken
    }
    let mut older = world.app.db.write().await?;
    record(&world, &mut older, "older").await?;
    change(&world, "younger").await?;
    listen_once(&world).await?;

    older.commit().await?;
    listeners::catch_up(&world.app, &[&KEEPS]).await?;

    assert_eq!(heard(&world).await?, ["older", "younger"]);
    Ok(())
}

async fn nothing_is_missed_while_many_write_at_the_same_time(world: World) -> Result<()> {
    be_ready(&world).await?;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let app = world.app.clone();
            tokio::spawn(async move {
                for turn in 0..15 {
                    let mut tx = app.db.write().await?;
                    let fact =
                        |half| Fact::SettingChanged { name: format!("{writer}-{turn}-{half}"), of: None };
                    journal::record(&app, &mut tx, &kitt(), About::house(), fact('a'))?;
                    tokio::task::yield_now().await;
                    journal::record(&app, &mut tx, &kitt(), About::house(), fact('b'))?;
                    tx.commit().await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        listen_once(&world).await?;
    }
    for writer in writers {
        writer.await??;
    }
    listeners::catch_up(&world.app, &[&KEEPS]).await?;

    let heard = heard(&world).await?;
    let distinct: BTreeSet<_> = heard.iter().collect();
    assert_eq!((heard.len(), distinct.len()), (240, 240));
    Ok(())
}

async fn two_nodes_that_listen_at_the_same_time_hear_each_fact_once(world: World) -> Result<()> {
    be_ready(&world).await?;
    for number in 0..60 {
        change(&world, &number.to_string()).await?;
    }

    let listen = || {
        let app = world.app.clone();
        tokio::spawn(async move { listeners::catch_up(&app, &[&KEEPS]).await })
    };
    for node in [listen(), listen(), listen()] {
        node.await??;
    }

    let expected: Vec<String> = (0..60).map(|number: i32| number.to_string()).collect();
    assert_eq!(heard(&world).await?, expected);
    Ok(())
}

async fn what_a_listener_cannot_digest_is_parked_and_the_rest_is_heard(world: World) -> Result<()> {
    be_ready(&world).await?;
    for name in ["before", "bad", "after"] {
        change(&world, name).await?;
    }

    let mut failures = 0;
    while heard(&world).await?.len() < 2 {
        // An error is what this listener is here for.
        let _: Result<usize, ()> = listeners::attempt(&world.app, &CHOKES, &mut failures).await;
    }

    assert_eq!(heard(&world).await?, ["before", "after"], "half an effect must not stay");
    let parked: Vec<String> = sql("SELECT fact FROM journal JOIN journal_parked ON journal.id = entry_id")
        .values(&mut world.read().await?)
        .await?;
    assert!(parked.len() == 1 && parked[0].contains("\"bad\""), "{parked:?}");
    Ok(())
}

async fn a_fact_of_a_transaction_that_was_rolled_back_never_happened(world: World) -> Result<()> {
    be_ready(&world).await?;
    let mut tx = world.app.db.write().await?;
    record(&world, &mut tx, "undone").await?;
    drop(tx);
    change(&world, "done").await?;

    listeners::catch_up(&world.app, &[&KEEPS]).await?;

    assert_eq!(heard(&world).await?, ["done"]);
    Ok(())
}

async fn a_listener_that_panics_parks_the_fact_and_goes_on(world: World) -> Result<()> {
    be_ready(&world).await?;
    for name in ["panic", "after"] {
        change(&world, name).await?;
    }

    let mut failures = 0;
    while heard(&world).await?.is_empty() {
        // An error is what this listener is here for.
        let _: Result<usize, ()> = listeners::attempt(&world.app, &CHOKES, &mut failures).await;
    }

    assert_eq!(heard(&world).await?, ["after"]);
    Ok(())
}

async fn a_full_disk_parks_no_fact(world: World) -> Result<()> {
    be_ready(&world).await?;
    change(&world, "promise").await?;
    // Older transactions of the same server, whosever they are, hold it back.
    while journal::holds_back(&mut world.read().await?).await? {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let mut failures = 0;
    for _ in 0..30 {
        ensure!(listeners::attempt(&world.app, &STARVES, &mut failures).await.is_err(), "the disk is full");
    }
    // There is room again.
    listeners::attempt(&world.app, &RECOVERS, &mut failures).await.expect("it hears");

    assert_eq!(heard(&world).await?, ["promise"]);
    Ok(())
}

/// A dump brings the transaction numbers of its own server; a new one starts to count again.
async fn after_a_move_to_another_server_everything_is_heard_once(world: World) -> Result<()> {
    be_ready(&world).await?;
    change(&world, "heard").await?;
    listeners::catch_up(&world.app, &[&KEEPS]).await?;
    change(&world, "not yet").await?;
    if world.is_postgres() {
        let mut tx = world.app.db.write().await?;
        sql("UPDATE journal SET xid = xid + 1000000000000").run(&mut tx).await?;
        sql("UPDATE journal_cursors SET xid = xid + 1000000000000").run(&mut tx).await?;
        tx.commit().await?;
    }

    kitt::platform::migrate(&world.app.db).await?;
    change(&world, "new").await?;
    listeners::catch_up(&world.app, &[&KEEPS]).await?;

    assert_eq!(heard(&world).await?, ["heard", "not yet", "new"]);
    Ok(())
}

/// What was once recorded must be readable for ever: each line of `golden/facts.json` is such an entry.
/// A new kind of fact adds a line; no line is ever changed.
#[test]
fn every_fact_ever_recorded_can_still_be_read() -> Result<()> {
    let app = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = std::fs::read_to_string(app.join("tests/golden/facts.json"))?;
    let lines: Vec<Map<String, Value>> = serde_json::from_str(&golden)?;
    let mut recorded = BTreeMap::new();
    for line in lines {
        let fact: Fact =
            serde_json::from_value(Value::Object(line.clone())).with_context(|| format!("{line:?}"))?;
        let written = serde_json::to_value(&fact)?;
        for (field, value) in &line {
            ensure!(written.get(field) == Some(value), "{line:?} is written as {written} today");
        }
        recorded.insert(line["fact"].as_str().context("a tag")?.to_owned(), fact);
    }
    let source = std::fs::read_to_string(app.join("src/journal/fact.rs"))?;
    let known: BTreeSet<String> = variants(&source).map(snake).collect();
    let golden: BTreeSet<String> = recorded.into_keys().collect();
    assert_eq!(known, golden, "left: facts of the code, right: lines of golden/facts.json");
    Ok(())
}

fn variants(source: &str) -> impl Iterator<Item = &str> {
    let body = source.split_once("pub enum Fact {").map_or("", |(_, body)| body);
    body.lines().filter_map(|line| {
        let line = line.strip_prefix("    ").filter(|line| line.starts_with(char::is_uppercase))?;
        line.split([' ', ',', '(']).next()
    })
}

fn snake(variant: &str) -> String {
    let mut text = String::new();
    for c in variant.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

/// Makes the table of what was heard, and passes by what the house was furnished with.
async fn be_ready(world: &World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    // The order of hearing, and no name twice.
    let number = if world.is_postgres() { "BIGSERIAL" } else { "INTEGER" };
    sql("CREATE TABLE heard (number ")
        .push(number)
        .push(" PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn change(world: &World, name: &str) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    record(world, &mut tx, name).await?;
    tx.commit().await?;
    Ok(())
}

/// Records a fact at once: who looks into the journal finds what the transaction recorded before.
async fn record(world: &World, tx: &mut Tx, name: &str) -> Result<()> {
    let fact = Fact::SettingChanged { name: name.into(), of: None };
    journal::record(&world.app, tx, &kitt(), About::house(), fact)?;
    journal::end(tx).await?;
    Ok(())
}

/// Hears what can be heard while somebody still writes.
async fn listen_once(world: &World) -> Result<()> {
    let heard = listeners::attempt(&world.app, &KEEPS, &mut 0).await;
    ensure!(heard.is_ok(), "the listener failed");
    Ok(())
}

async fn heard(world: &World) -> Result<Vec<String>> {
    Ok(sql("SELECT name FROM heard ORDER BY number").values(&mut world.read().await?).await?)
}

fn kitt() -> Actor {
    Actor::kitt("test")
}
