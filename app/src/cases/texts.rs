//! Reading the files of contacts, so that they can be searched.
//!
//! New files first, then those that were there before. What a file is read for is marked beforehand: one that takes
//! the whole program along is not read again. The text belongs to the bytes, so the same file is read once.
//! Deliberately absent: pictures, and trying again what could not be read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use texts::Unread as Unreadable;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::store;
use super::store::Unread;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Result, Tx};

/// Files looked for at a time.
const PORTION: i64 = 20;
/// Who reads for longer is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// After a restart, what was begun so long ago was interrupted; by then no other node reads it any more.
const INTERRUPTED: Duration = Duration::from_mins(10);
/// Readers of PDF call themselves for what is nested in a file.
const STACK: usize = 64 << 20;
/// Readers that were given up and still run, at most: each may hold a processor and much memory.
const GIVEN_UP: usize = 2;
/// People work meanwhile.
const PAUSE: Duration = Duration::from_millis(20);

/// Reads files as they come, until `stop`.
pub fn reader(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut news = app.db.news();
        while !stop.is_cancelled() {
            news.mark_unchanged();
            match read_files(&app, &stop).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(error = format!("{error:?}"), "cannot read files"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = news.changed() => tokio::time::sleep(Duration::from_millis(500)).await,
                () = tokio::time::sleep(Duration::from_secs(30)) => {
                    if let Err(error) = give_up(&app).await {
                        tracing::warn!(error = format!("{error:?}"), "cannot look for files that are read too long");
                    }
                }
            }
        }
    })
}

/// Marks files whose reader is gone, see [`INTERRUPTED`]; how many.
pub async fn give_up(app: &App) -> Result<u64> {
    let since = app.now() - INTERRUPTED;
    // A read first: mostly there is none, and writers would wait.
    let mut tx = app.db.read().await?;
    let none = !store::is_reading(&mut tx, since).await?;
    drop(tx);
    if none {
        return Ok(0);
    }
    let mut tx = app.db.write().await?;
    let files = store::give_up_reading(&mut tx, since).await?;
    tx.commit().await?;
    Ok(files)
}

/// How the reading of files stands, and the newest ones that could not be read.
pub async fn file_texts(tx: &mut Tx) -> Result<(store::FileTexts, Vec<store::UnreadableFile>)> {
    Ok((store::file_counts(tx).await?, store::unreadable(tx, 50).await?))
}

/// Reads some of the files that wait; how many.
pub async fn read_files(app: &App, stop: &CancellationToken) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let files = store::unread(&mut tx, PORTION).await?;
    drop(tx);
    for file in &files {
        if stop.is_cancelled() || GIVEN_UP <= STILL_RUNNING.load(Ordering::Relaxed) {
            return Ok(0);
        }
        one(app, file).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(files.len())
}

async fn one(app: &App, file: &Unread) -> Result<()> {
    let mut tx = app.db.write().await?;
    if !store::claim_unread(&mut tx, file.id, app.now()).await? {
        return Ok(());
    }
    if is_picture(file) {
        store::set_read(&mut tx, file.id, "none", None, app.now()).await?;
        return tx.commit().await;
    }
    tx.commit().await?;
    let text = text_of(app, file).await;
    let mut tx = app.db.write().await?;
    match text {
        Ok(text) if text.is_empty() => store::set_read(&mut tx, file.id, "none", None, app.now()).await?,
        Ok(text) => {
            store::keep_text(&mut tx, &file.blob, &text).await?;
            store::set_read(&mut tx, file.id, "read", None, app.now()).await?;
            let about = About::case(file.case).of(file.customer);
            let fact = Fact::FileRead { contact: file.contact, attachment: file.id };
            journal::record(app, &mut tx, &Actor::kitt("texts"), about, fact)?;
        }
        Err(Unreadable::Unknown) => store::set_read(&mut tx, file.id, "none", None, app.now()).await?,
        Err(why) => {
            tracing::info!(attachment = file.id, "a file cannot be read: {why:?}");
            store::set_read(&mut tx, file.id, "failed", Some(problem(&why)), app.now()).await?;
        }
    }
    tx.commit().await
}

/// Pictures, sounds and films have no text that we know of.
fn is_picture(file: &Unread) -> bool {
    ["image/", "audio/", "video/", "font/"].iter().any(|kind| file.content_type.starts_with(kind))
}

fn problem(why: &Unreadable) -> &'static str {
    match why {
        Unreadable::TooLarge => "too-large",
        Unreadable::Locked => "locked",
        Unreadable::Broken(said) if said == SLOW => "slow",
        Unreadable::Broken(_) | Unreadable::Unknown => "broken",
    }
}

const SLOW: &str = "it takes too long";
static STILL_RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Reads on a thread of its own: a library that panics or never ends does so there.
async fn text_of(app: &App, file: &Unread) -> std::result::Result<String, Unreadable> {
    if texts::LARGEST < usize::try_from(file.size).unwrap_or(usize::MAX) {
        return Err(Unreadable::TooLarge);
    }
    let broken = |error: &dyn std::fmt::Display| Unreadable::Broken(error.to_string());
    let bytes = app.blobs.get(&file.blob).await.map_err(|error| broken(&error))?;
    let (name, content_type) = (file.name.clone(), file.content_type.clone());
    let (tell, told) = oneshot::channel();
    let read = move || {
        STILL_RUNNING.fetch_add(1, Ordering::Relaxed);
        let _gone = Gone;
        // Nobody waits any more when it took too long.
        tell.send(texts::text_of(&name, &content_type, &bytes)).unwrap_or_default();
    };
    let thread = std::thread::Builder::new().name("texts".into()).stack_size(STACK);
    thread.spawn(read).map_err(|error| broken(&error))?;
    match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => Err(Unreadable::Broken("its reader panicked".into())),
        Err(_) => Err(Unreadable::Broken(SLOW.into())),
    }
}

/// Counts a reader out, also one that panics.
struct Gone;

impl Drop for Gone {
    fn drop(&mut self) {
        STILL_RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}
