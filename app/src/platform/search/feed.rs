//! Keeps the index up with the journal, and rebuilds it from the stores when it cannot be trusted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::SearchSource;
use super::index::{Index, Mark, Reached};
use crate::journal;
use crate::journal::Cursor;
use crate::platform::{App, Result};

/// Commits are at least so far apart; each one costs some fsyncs.
const PAUSE: Duration = Duration::from_secs(1);
/// Other nodes' changes are seen at least so soon.
const POLL: Duration = Duration::from_secs(1);
/// Entries of the journal per commit; several about one case are one document.
const ENTRIES: usize = 2000;
/// Documents loaded at once.
const PAGE: u32 = 100;
/// Documents of a rebuild per commit.
const REBUILT: u64 = 2000;

/// Runs the search of a server until `stop`.
pub async fn run(app: App, sources: Vec<&'static SearchSource>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let fed = tokio::select! {
            () = stop.cancelled() => break,
            fed = feed(&app, &sources) => fed,
        };
        if let Err(error) = fed {
            tracing::error!(error = format!("{error:?}"), "the search index cannot be kept up");
            app.search().close();
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(10)) => {}
            }
        }
    }
    app.search().close();
}

async fn feed(app: &App, sources: &[&'static SearchSource]) -> Result<()> {
    let mut news = app.db.news();
    let mut feeder = Feeder::open(app, sources).await?;
    loop {
        news.mark_unchanged();
        if feeder.step().await? != 0 {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        tokio::select! {
            _ = news.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// What a commit says of the index.
enum State {
    Complete,
    /// It is filled, and so far already.
    Rebuilding(Option<Reached>),
}

/// The one writer of this node's index.
pub struct Feeder {
    app: App,
    sources: Vec<&'static SearchSource>,
    index: Arc<Index>,
    house: String,
    cursor: Cursor,
}

impl Feeder {
    /// Opens the index and makes it searchable; a new one is filled from the stores first.
    pub async fn open(app: &App, sources: &[&'static SearchSource]) -> Result<Self> {
        let folder = Index::folder(&app.settings().data);
        let index = blocking(move || Index::open(&folder)).await?;
        let mut feeder = Self {
            app: app.clone(),
            sources: sources.to_vec(),
            index: Arc::new(index),
            house: house(app),
            cursor: Cursor::START,
        };
        app.search().set(Some(feeder.index.clone()));
        let mut tx = app.db.read().await?;
        let end = journal::settled(&mut tx).await?;
        drop(tx);
        match feeder.index.mark() {
            // A cursor beyond the end belongs to a database that was since restored.
            Some(mark)
                if mark.is_of(&feeder.house) && mark.cursor() <= end && feeder.index.documents() != 0 =>
            {
                feeder.cursor = mark.cursor();
            }
            Some(mark) if mark.is_under_way(&feeder.house) && mark.cursor() <= end => {
                feeder.cursor = mark.cursor();
                feeder.rebuild(mark.reached).await?;
            }
            _ => {
                feeder.cursor = end;
                feeder.index.clear()?;
                feeder.commit(State::Rebuilding(None)).await?;
                feeder.rebuild(None).await?;
            }
        }
        Ok(feeder)
    }

    /// Reads the journal until nothing is new.
    ///
    /// Waits for the writers that hold entries back, so the caller must not be one of them.
    pub async fn catch_up(&mut self) -> Result<()> {
        loop {
            // Asked first: what appears between the two questions is heard in the next round.
            let held = journal::holds_back(&mut self.app.db.read().await?).await?;
            if self.step().await? != 0 {
                continue;
            }
            if !held {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Indexes what up to [`ENTRIES`] entries changed; how many there were.
    async fn step(&mut self) -> Result<usize> {
        let entries = self.hear().await?;
        if entries != 0 {
            self.commit(State::Complete).await?;
        }
        Ok(entries)
    }

    async fn hear(&mut self) -> Result<usize> {
        let entries = journal::tail::after(&self.app, self.cursor, ENTRIES).await?;
        if entries.is_empty() {
            return Ok(0);
        }
        let mut tx = self.app.db.read().await?;
        let mut changed: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
        for entry in &entries {
            for (index, source) in self.sources.iter().enumerate() {
                let ids = (source.changed)(&mut tx, entry).await?;
                changed.entry(index).or_default().extend(ids);
            }
        }
        drop(tx);
        for (index, ids) in changed {
            let ids: Vec<i64> = ids.into_iter().collect();
            for ids in ids.chunks(PAGE as usize) {
                self.put(self.sources[index], ids.to_vec()).await?;
            }
        }
        if let Some(last) = entries.last() {
            self.cursor = last.cursor();
        }
        Ok(entries.len())
    }

    async fn put(&self, source: &'static SearchSource, ids: Vec<i64>) -> Result<()> {
        let mut tx = self.app.db.read().await?;
        let documents = (source.load)(&mut tx, &ids).await?;
        drop(tx);
        let index = self.index.clone();
        blocking(move || index.put(source.kind, &ids, &documents)).await
    }

    async fn commit(&self, state: State) -> Result<()> {
        let index = self.index.clone();
        let mut mark = Mark::new(&self.house, self.cursor, matches!(state, State::Complete));
        if let State::Rebuilding(reached) = state {
            mark.reached = reached;
        }
        blocking(move || index.commit(&mark)).await
    }

    /// Fills the index from the stores, newest first, and hears meanwhile what is new. One that was interrupted goes
    /// on where it was: a million cases take a quarter of an hour.
    async fn rebuild(&mut self, reached: Option<Reached>) -> Result<()> {
        let begun = Instant::now();
        let mut done = 0;
        let after = |reached: &Reached| self.sources.iter().position(|source| source.kind == reached.kind);
        let first = reached.as_ref().and_then(after).unwrap_or(0);
        let mut from = reached.map(|reached| reached.below);
        for source in self.sources.clone().into_iter().skip(first) {
            let mut below = from.take().unwrap_or(i64::MAX);
            loop {
                let page = Instant::now();
                let mut tx = self.app.db.read().await?;
                let ids = (source.page)(&mut tx, below, i64::from(PAGE)).await?;
                drop(tx);
                let Some(last) = ids.last() else { break };
                below = *last;
                let before = done;
                done += ids.len() as u64;
                self.put(source, ids).await?;
                if before / REBUILT != done / REBUILT {
                    self.hear().await?;
                    let reached = Reached { kind: source.kind.to_owned(), below };
                    self.commit(State::Rebuilding(Some(reached))).await?;
                    tracing::info!(kind = source.kind, documents = done, "search: building the index");
                }
                // Half of one core at most: people work meanwhile.
                tokio::time::sleep(page.elapsed().min(Duration::from_millis(200))).await;
            }
        }
        self.commit(State::Complete).await?;
        if done != 0 {
            let seconds = begun.elapsed().as_secs_f32();
            tracing::info!(documents = done, seconds, "search: the index is built");
        }
        Ok(())
    }
}

/// Tells the index of this house from others'.
pub fn house(app: &App) -> String {
    blake3::hash(app.secret()).to_hex()[..16].to_owned()
}

pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)??)
}
