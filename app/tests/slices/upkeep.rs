//! A house's data is looked after: checked, saved, brought back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::channels;
use kitt::channels::{Delivery, Route};
use kitt::people;
use kitt::platform::search::Feeder;
use kitt::platform::{Actor, App, Clock, Db, Given, Settings, migrate_but_the_last, pending, sql};
use kitt::{node, upkeep};

use crate::support;
use crate::world::{World, both};

both!(
    a_sound_house_is_said_to_be_sound,
    what_was_changed_behind_kitts_back_is_named,
    a_backup_is_restored_with_every_mail_and_file,
    a_second_backup_copies_only_what_is_new,
    a_backup_that_is_not_whole_is_not_restored,
    a_house_is_never_overwritten,
    a_backup_goes_where_it_does_no_harm,
    a_receipt_without_its_mail_is_named,
    the_search_index_is_compared_both_ways,
    a_house_is_saved_before_it_becomes_a_newer_one,
    without_a_backup_nothing_is_changed,
);

/// Larger than what is kept in a row.
const FILE: &[u8] = &[b'k'; 70_000];

impl World {
    /// A mail with a file that arrives and is filed.
    async fn receives(&self, subject: &str, file: &[u8]) -> Result<()> {
        let file = String::from_utf8_lossy(file);
        let raw = format!(
            "From: Ingrid Sommerauer <ingrid@example.org>\r\nTo: service@haus.example\r\nSubject: {subject}\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nGuten Tag.\r\n--b\r\n\
             Content-Type: text/plain; name=rechnung.txt\r\n\
             Content-Disposition: attachment; filename=rechnung.txt\r\n\r\n{file}\r\n--b--\r\n"
        );
        let delivery = Delivery {
            route: Route::Smtp,
            from: Some("ingrid@example.org".into()),
            to: vec!["service@haus.example".into()],
            peer: None,
            raw: raw.into_bytes(),
            queue: None,
        };
        channels::intake::keep(&self.app, delivery).await?;
        channels::worker::work_off(&self.app).await?;
        Ok(())
    }

    async fn change(&self, statement: &'static str) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql(statement).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// An empty place for a house with the same kind of database.
    fn elsewhere(&self, folder: &Path) -> Result<Settings> {
        let database = if self.is_postgres() { Some(support::postgres::database()?.url) } else { None };
        Given { data: Some(folder.join("house")), database, ..Given::default() }.complete()
    }
}

async fn restored(folder: &Path, settings: Settings) -> Result<App> {
    let _lock = node::lock_folder(&settings.data)?;
    upkeep::restore(folder, settings).await
}

async fn subjects(app: &App) -> Result<Vec<String>> {
    let mut tx = app.db.read().await?;
    let kitt = Actor::kitt("test");
    let eyes = cases::Eyes::of(app, &kitt);
    let all = cases::list(&mut tx, &eyes, &cases::Filter::default(), cases::Sort::Due, None, 100).await?;
    let mut subjects: Vec<String> = all.into_iter().map(|line| line.case.subject).collect();
    subjects.sort();
    Ok(subjects)
}

/// The only blob of that content.
fn blob(root: &Path, content: &[u8]) -> Result<PathBuf> {
    let name = blake3::hash(content).to_hex().to_string();
    let path = root.join("blobs").join(&name[..2]).join(&name[2..]);
    anyhow::ensure!(path.exists(), "{} is not there", path.display());
    Ok(path)
}

async fn a_sound_house_is_said_to_be_sound(world: World) -> Result<()> {
    world.receives("Lampe", FILE).await?;

    let report = upkeep::check(&world.app).await?;

    assert!(report.is_sound(), "{report}");
    let text = report.to_string();
    for line in
        ["database     sound", "raw mails    sound  1", "attachments  sound  1", "receipts     sound  1"]
    {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    Ok(())
}

async fn what_was_changed_behind_kitts_back_is_named(world: World) -> Result<()> {
    world.receives("Lampe", FILE).await?;
    world.change("UPDATE received SET hash = 'other'").await?;
    world
        .change("INSERT INTO journal (at, actor, fact) VALUES (1, 'kitt', '{\"fact\":\"unheard_of\"}')")
        .await?;
    world
        .change("INSERT INTO journal_parked (name, entry_id, reason, at) VALUES ('ledger', 1, 'no', 1)")
        .await?;
    fs::remove_file(blob(&world.app.settings().data, FILE)?)?;

    let report = upkeep::check(&world.app).await?;

    assert!(!report.is_sound());
    let text = report.to_string();
    for fault in [
        "the bytes of received mail 1 are not those that arrived",
        "the bytes of attachment 1 are missing or changed",
        "cannot be read: unknown variant `unheard_of`",
        "ledger could not take up journal entry 1",
    ] {
        assert!(text.contains(fault), "{fault} in\n{text}");
    }
    Ok(())
}

async fn a_backup_is_restored_with_every_mail_and_file(world: World) -> Result<()> {
    let place = tempfile::tempdir()?;
    let backup = place.path().join("backup");
    world.receives("Lampe", FILE).await?;
    upkeep::backup(&world.app, &backup).await?;
    world.receives("Danach", b"zu spaet").await?;

    let house = restored(&backup, world.elsewhere(place.path())?).await?;

    assert_eq!(subjects(&house).await?, ["Lampe"]);
    assert!(upkeep::check(&house).await?.is_sound());
    blob(&house.settings().data, FILE)?;
    assert_eq!(house.secret(), world.app.secret(), "answers to old reply addresses still find their cases");
    house.db.close().await;
    Ok(())
}

async fn a_second_backup_copies_only_what_is_new(world: World) -> Result<()> {
    let place = tempfile::tempdir()?;
    world.receives("Lampe", FILE).await?;
    assert_eq!(upkeep::backup(&world.app, place.path()).await?.new_blobs, 1);
    world.receives("Tisch", &"f".repeat(70_000).into_bytes()).await?;
    world.forward(Duration::from_secs(1));

    let second = upkeep::backup(&world.app, place.path()).await?;

    assert_eq!(second.new_blobs, 1);
    let databases = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("database-");
    let kept: Vec<_> =
        fs::read_dir(place.path())?.flatten().filter(databases).map(|entry| entry.path()).collect();
    assert_eq!(kept, [second.file], "the earlier one is gone");
    let elsewhere = tempfile::tempdir()?;
    let house = restored(place.path(), world.elsewhere(elsewhere.path())?).await?;
    assert_eq!(subjects(&house).await?, ["Lampe", "Tisch"]);
    house.db.close().await;
    Ok(())
}

async fn a_backup_that_is_not_whole_is_not_restored(world: World) -> Result<()> {
    let place = tempfile::tempdir()?;
    let backup = place.path().join("backup");
    let saved = upkeep::backup(&world.app, &backup).await?;
    let bytes = fs::read(&saved.file)?;
    fs::write(&saved.file, &bytes[..bytes.len() / 2])?;

    let damaged = restored(&backup, world.elsewhere(place.path())?).await;
    fs::remove_file(backup.join("backup.json"))?;
    let without_card = restored(&backup, world.elsewhere(place.path())?).await;

    let why = |ended: Result<App>| ended.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(why(damaged).contains("is not as it was when the backup was made"));
    assert!(why(without_card).contains("is not a whole backup"));
    Ok(())
}

async fn a_house_is_never_overwritten(world: World) -> Result<()> {
    let backup = tempfile::tempdir()?;
    upkeep::backup(&world.app, backup.path()).await?;
    let settings = world.app.settings().clone();

    let beside = restored(backup.path(), settings.clone()).await;
    let _server = node::lock_folder(&settings.data)?;
    let beside_a_server = restored(backup.path(), settings).await;

    let why = |ended: Result<App>| ended.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(why(beside).contains("please restore into an empty"));
    assert!(why(beside_a_server).contains("another kitt already uses the data folder"));
    Ok(())
}

async fn a_backup_goes_where_it_does_no_harm(world: World) -> Result<()> {
    let inside = world.app.settings().data.join("backup");
    let used = tempfile::tempdir()?;
    fs::write(used.path().join("letter.txt"), "Guten Tag")?;

    for (folder, reason) in
        [(inside.as_path(), "inside the data folder"), (used.path(), "neither empty nor a backup")]
    {
        let refused = upkeep::backup(&world.app, folder).await.err().context("it is refused")?;
        assert!(refused.to_string().contains(reason), "{refused:#}");
    }
    assert!(used.path().join("letter.txt").exists());
    Ok(())
}

async fn a_receipt_without_its_mail_is_named(world: World) -> Result<()> {
    world.receives("Lampe", FILE).await?;
    world.change("DELETE FROM received_raw").await?;
    world.change("DELETE FROM received").await?;

    let report = upkeep::check(&world.app).await?;

    assert!(!report.is_sound());
    let text = report.to_string();
    for part in ["received mail 1 of 2026-11-16 is missing", "To do: see /settings/proof"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    Ok(())
}

async fn the_search_index_is_compared_both_ways(world: World) -> Result<()> {
    world.receives("Lampe", FILE).await?;
    assert!(upkeep::check(&world.app).await?.is_sound(), "an index that is not there yet is no fault");
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    feeder.catch_up().await?;
    world.receives("Tisch", &"f".repeat(70_000).into_bytes()).await?;
    let report = upkeep::check(&world.app).await?;
    assert!(report.is_sound(), "what the index did not hear of yet is no fault: {report}");
    feeder.catch_up().await?;
    let text = upkeep::check(&world.app).await?.to_string();
    assert!(text.contains("search index sound  "), "{text}");
    let gone = world.customer("Geht", "geht@example.org").await?;
    feeder.catch_up().await?;
    // Behind its back one goes and another one comes.
    world.change("DELETE FROM contact_points WHERE customer_id = (SELECT MAX(id) FROM customers)").await?;
    world.change("DELETE FROM customers WHERE id = (SELECT MAX(id) FROM customers)").await?;
    let new = world.customer("Kommt", "kommt@example.org").await?;
    world.change("DELETE FROM journal").await?;

    let report = upkeep::check(&world.app).await?;

    let text = report.to_string();
    for part in [
        &format!("customer {new} is not in the search index"),
        &format!("customer {gone} is in the search index and not in the database"),
        "To do: stop the server and remove",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    Ok(())
}

/// A house as the version before this one left it, with a team; and how to open it.
async fn older(world: &World, folder: &Path) -> Result<Settings> {
    let settings = world.elsewhere(folder)?;
    fs::create_dir_all(settings.data.join("blobs/ab"))?;
    fs::write(settings.data.join("blobs/ab").join("c".repeat(62)), FILE)?;
    let db = Db::connect(&settings.database).await?;
    migrate_but_the_last(&db).await?;
    let mut tx = db.write().await?;
    people::add_team(&mut tx, "Von früher").await?;
    tx.commit().await?;
    assert!(pending(&db).await?.is_some());
    db.close().await;
    Ok(settings)
}

async fn teams(app: &App) -> Result<Vec<String>> {
    let teams = people::teams(&mut app.db.read().await?).await?;
    Ok(teams.into_iter().map(|team| team.name).collect())
}

async fn a_house_is_saved_before_it_becomes_a_newer_one(world: World) -> Result<()> {
    let place = tempfile::tempdir()?;
    let settings = older(&world, place.path()).await?;
    let backups = settings.data.join("backups");

    let house = node::open(settings.clone(), Clock::real()).await?;
    assert_eq!(teams(&house).await?, ["Von früher"]);
    assert!(pending(&house.db).await?.is_none(), "it is a newer one now");
    house.db.close().await;
    node::open(settings, Clock::real()).await?.db.close().await;

    let saved: Vec<PathBuf> =
        fs::read_dir(&backups)?.map(|one| one.map(|one| one.path())).collect::<Result<_, _>>()?;
    let [saved] = saved.as_slice() else { anyhow::bail!("one backup: {saved:?}") };
    assert!(saved.to_string_lossy().contains("before-00"), "{}", saved.display());
    let other = tempfile::tempdir()?;
    let back = restored(saved, world.elsewhere(other.path())?).await?;
    assert_eq!(teams(&back).await?, ["Von früher"]);
    let blob = back.settings().data.join("blobs/ab").join("c".repeat(62));
    assert_eq!(fs::read(blob)?, FILE, "files, too");
    back.db.close().await;
    Ok(())
}

async fn without_a_backup_nothing_is_changed(world: World) -> Result<()> {
    let place = tempfile::tempdir()?;
    let settings = older(&world, place.path()).await?;
    // Where the backup should go is something else.
    fs::write(settings.data.join("backups"), "in the way")?;

    let refused = node::open(settings.clone(), Clock::real()).await.err().context("it is refused")?;

    let said = format!("{refused:#}");
    assert!(said.contains("cannot be saved before that: nothing was changed"), "{said}");
    assert!(said.contains("--backup-before-migration false"), "{said}");
    let db = Db::connect(&settings.database).await?;
    assert!(pending(&db).await?.is_some(), "and nothing was");
    db.close().await;
    let house = node::open(Settings { backup_before_migration: false, ..settings }, Clock::real()).await?;
    assert!(pending(&house.db).await?.is_none(), "who does not want a backup gets none");
    house.db.close().await;
    Ok(())
}
