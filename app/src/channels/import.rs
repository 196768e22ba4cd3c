//! `kitt import mail`: files and mailboxes become contacts and cases on the same path as live mail.
//!
//! Every message is kept first, like one that arrives, and filed afterwards; so an interrupted import goes on
//! where it was, and a second one finds everything known by its hash. While a server holds the data folder its
//! worker does the filing, and only it: this process hands over through the table of received mail, which needs
//! neither the server's port nor a password. Otherwise this process files.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

pub use super::boxes::{Source, find};
use super::intake;
use super::model::{Delivery, Route};
use super::store::{self, Outcome};
use super::worker;
use crate::node;
use crate::people;
use crate::platform::{App, Clock, ReceivedId, Settings};

/// Messages in one commit.
const AT_ONCE: usize = 128;
/// Bytes after which a group is full.
const LARGEST_GROUP: usize = 16 * 1024 * 1024;
/// Without progress for so long, the server is left to file the rest.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came of it.
#[derive(Debug, Default)]
pub struct Summary {
    pub read: u64,
    /// Received before, byte for byte.
    pub known: u64,
    pub outcome: Outcome,
    /// Kept, but not filed yet.
    pub waiting: i64,
    /// Files and messages that could not be read.
    pub unreadable: u64,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { read, known, outcome, waiting, unreadable } = self;
        write!(
            f,
            "{read} mails read: {} filed in {} cases, {known} known already",
            outcome.done, outcome.cases
        )?;
        for (count, words) in [
            (outcome.unprocessable, "not processable (see /unprocessable)"),
            (*waiting, "still to be filed by the server"),
            (i64::try_from(*unreadable).unwrap_or(i64::MAX), "files not readable"),
        ] {
            if 0 < count {
                write!(f, ", {count} {words}")?;
            }
        }
        Ok(())
    }
}

/// Imports `paths` into the house that `settings` describe.
pub async fn run(settings: Settings, paths: &[PathBuf]) -> anyhow::Result<Summary> {
    let (sources, problems) = find(paths);
    for (path, error) in &problems {
        eprintln!("kitt: cannot read {}: {error}", path.display());
    }
    let lock = node::lock_folder(&settings.data);
    let app = node::open(settings, Clock::real()).await?;
    if lock.is_ok() {
        found(&app).await?;
    }
    let stop = CancellationToken::new();
    let filing = lock.is_ok().then(|| tokio::spawn(worker::run(app.clone(), stop.clone())));
    let summary = import(&app, &sources).await;
    stop.cancel();
    if let Some(filing) = filing {
        filing.await.context("filing panicked")?;
    }
    app.db.close().await;
    drop(lock);
    let mut summary = summary?;
    summary.unreadable += problems.len() as u64;
    Ok(summary)
}

/// A house that was never started has no queue yet that the mails could go to.
///
/// The administrator's link is not shown here: the first start prints a fresh one.
async fn found(app: &App) -> anyhow::Result<()> {
    let queues = {
        let mut tx = app.db.read().await?;
        people::queues(&mut tx).await?
    };
    if queues.is_empty() {
        people::found_house(app).await?;
    }
    Ok(())
}

/// Keeps all messages and waits until they are filed.
pub async fn import(app: &App, sources: &[Source]) -> anyhow::Result<Summary> {
    let first = {
        let mut tx = app.db.read().await?;
        store::last(&mut tx).await?
    };
    let bar = ProgressBar::new(sources.iter().map(|source| source.size).sum());
    bar.set_style(ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} read, {eta} left")?);
    let mut summary = Summary::default();
    let mut seen = HashSet::new();
    for source in sources {
        if let Err(error) = keep_all(app, source, &mut seen, &mut summary, &bar).await {
            bar.suspend(|| eprintln!("kitt: {error:#}"));
            summary.unreadable += 1;
        }
    }
    bar.finish_and_clear();
    summary.waiting = wait(app, first).await?;
    let mut tx = app.db.read().await?;
    summary.outcome = store::outcome(&mut tx, first).await?;
    Ok(summary)
}

async fn keep_all(
    app: &App,
    source: &Source,
    seen: &mut HashSet<blake3::Hash>,
    summary: &mut Summary,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let named = || format!("cannot read {}", source.path.display());
    let messages = source.messages().with_context(named)?;
    let mut known = 0;
    let fresh = messages.filter_map(|message| {
        let message = match message {
            Ok(message) => message,
            Err(error) => return Some(Err(error)),
        };
        summary.read += 1;
        if seen.insert(blake3::hash(&message)) {
            return Some(Ok(message));
        }
        summary.known += 1;
        None
    });
    for group in groups(fresh) {
        let group = group.with_context(named)?;
        let size: usize = group.iter().map(Vec::len).sum();
        let given = group.len();
        let kept = intake::keep_group(app, group.into_iter().map(delivery).collect()).await?;
        known += u64::try_from(given - kept).unwrap_or(0);
        bar.inc(size as u64);
    }
    summary.known += known;
    Ok(())
}

fn delivery(raw: Vec<u8>) -> Delivery {
    Delivery { route: Route::Import, from: None, to: Vec::new(), peer: None, raw, queue: None }
}

/// Messages that are kept together; a group ends before what cannot be read.
fn groups(
    messages: impl Iterator<Item = io::Result<Vec<u8>>>,
) -> impl Iterator<Item = io::Result<Vec<Vec<u8>>>> {
    let mut messages = messages.peekable();
    std::iter::from_fn(move || {
        let mut group: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        while group.len() < AT_ONCE && size < LARGEST_GROUP {
            match messages.next_if(|message| message.is_ok() || group.is_empty()) {
                Some(Ok(message)) => {
                    size += message.len();
                    group.push(message);
                }
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!group.is_empty()).then_some(Ok(group))
    })
}

/// Waits until everything is filed, or nothing moves any more; how many are left.
async fn wait(app: &App, first: ReceivedId) -> anyhow::Result<i64> {
    let mut tx = app.db.read().await?;
    let last = store::last(&mut tx).await?;
    drop(tx);
    let bar = ProgressBar::new(u64::try_from(last.0 - first.0).unwrap_or(0));
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} filed, {eta} left")?);
    let mut left = i64::MAX;
    let mut moved = Instant::now();
    loop {
        let mut tx = app.db.read().await?;
        let now = store::backlog(&mut tx, first, last).await?;
        drop(tx);
        if now < left {
            (left, moved) = (now, Instant::now());
            bar.set_position(u64::try_from(last.0 - first.0 - left).unwrap_or(0));
        }
        if left == 0 || PATIENCE < moved.elapsed() {
            bar.finish_and_clear();
            return Ok(left);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
