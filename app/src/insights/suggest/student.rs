//! Keeps this node's learner up to the journal: loads what was stored, learns what is new, stores it now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Mutex, RwLock};
use tokio_util::sync::CancellationToken;

use super::learner::{Learner, Lesson};
use super::lessons;
use super::store as kept;
use crate::findings;
use crate::insights::store;
use crate::journal;
use crate::journal::Cursor;
use crate::platform::{App, CaseId, Result};

/// A new learner is taught by the newest documented cases only: what the house was years ago helps little, and a
/// start without a stored learner shall take seconds of one core.
const REMEMBERED: i64 = 4_000;
/// Cases that are read before they are learnt.
const CHUNK: usize = 100;
/// Entries of the journal read at once.
const BATCH: usize = 1_000;
/// Stored after so many lessons; a restart repeats the rest from the journal.
const UNSAVED: usize = 400;
/// Taught anew after so many examples that were taken back.
const STALE: u32 = 50;

/// The learner of this node.
#[derive(Default)]
pub struct Student {
    learner: Arc<RwLock<Learner>>,
    /// How often it learnt.
    lessons: AtomicU64,
    /// Of how many cases a new learner is taught, and of how many it was.
    to_teach: AtomicU64,
    taught: AtomicU64,
    /// Held while learning; `None` before the first lesson.
    place: Mutex<Option<Place>>,
}

/// How far the journal was read.
struct Place {
    cursor: Cursor,
    unsaved: usize,
    stale: u32,
}

impl Student {
    /// Asks the learner.
    pub async fn ask<T>(&self, question: impl FnOnce(&Learner) -> T) -> T {
        question(&*self.learner.read().await)
    }

    /// Grows whenever the learner may answer differently from before.
    pub fn lessons(&self) -> u64 {
        self.lessons.load(Ordering::Acquire)
    }

    /// Of how many cases a new learner was taught so far, and of how many it is to be.
    fn far(&self) -> (u64, u64) {
        (self.taught.load(Ordering::Relaxed), self.to_teach.load(Ordering::Relaxed))
    }

    fn has_learnt(&self) {
        self.lessons.fetch_add(1, Ordering::Release);
    }

    /// Learns in a thread of its own: a hundred cases take a tenth of a second.
    async fn learn(&self, lessons: Vec<Lesson>) -> Result<()> {
        let mut learner = Arc::clone(&self.learner).write_owned().await;
        let learning =
            tokio::task::spawn_blocking(move || lessons.iter().for_each(|lesson| learner.learn(lesson)));
        learning.await.map_err(anyhow::Error::from)?;
        self.has_learnt();
        Ok(())
    }
}

/// Learns everything that was recorded until now, for tests and imports.
///
/// Waits for the writers that hold entries back, so the caller must not be one of them.
pub async fn keep_up(app: &App) -> Result<()> {
    loop {
        // Asked first: what appears between the two questions is learnt in the next round.
        let held = journal::holds_back(&mut app.db.read().await?).await?;
        go_on(app).await?;
        if !held {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Of how many cases this node was taught, and of how many it is to be, while [`keep_up`] teaches it for the first time.
pub fn taught(app: &App) -> (u64, u64) {
    app.part::<Student>().far()
}

/// Learns what is new; the first call loads or teaches the learner.
async fn go_on(app: &App) -> Result<()> {
    let student = app.part::<Student>();
    let mut place = student.place.lock().await;
    if place.is_none() {
        *place = Some(wake(app, &student).await?);
    }
    let Some(at) = place.as_mut() else { return Ok(()) };
    loop {
        let entries = journal::tail::after(app, at.cursor, BATCH).await?;
        let Some(last) = entries.last() else { break };
        at.cursor = last.cursor();
        if !entries.iter().any(|entry| lessons::is_lesson(&entry.fact)) {
            continue;
        }
        let mut tx = app.db.read().await?;
        let news = lessons::of_entries(&mut tx, &entries).await?;
        drop(tx);
        at.unsaved += news.lessons.len();
        at.stale += news.stale;
        if !news.lessons.is_empty() {
            student.learn(news.lessons).await?;
        }
    }
    if STALE <= at.stale {
        *at = teach(app, &student).await?;
    }
    if UNSAVED <= at.unsaved { save(app, &student, at).await } else { Ok(()) }
}

/// Loads what was stored, or teaches a learner from the documented cases.
async fn wake(app: &App, student: &Student) -> Result<Place> {
    let mut tx = app.db.read().await?;
    let stored = kept::learnt(&mut tx).await?;
    drop(tx);
    if let Some((parts, cursor)) = stored {
        match Learner::from_bytes(&parts) {
            Ok(learner) => {
                *student.learner.write().await = learner;
                student.has_learnt();
                return Ok(Place { cursor, unsaved: 0, stale: 0 });
            }
            Err(error) => tracing::warn!(%error, "what was learnt cannot be read and is learnt anew"),
        }
    }
    let mut place = teach(app, student).await?;
    if place.unsaved != 0 {
        save(app, student, &mut place).await?;
    }
    Ok(place)
}

/// Teaches a new learner from the insights and the documented cases.
async fn teach(app: &App, student: &Student) -> Result<Place> {
    let mut tx = app.db.read().await?;
    // Taken first: what is documented while it learns is learnt again rather than missed.
    let cursor = journal::settled(&mut tx).await?;
    let known = store::all(&mut tx).await?;
    let cases = findings::last_documented(&mut tx, REMEMBERED).await?;
    drop(tx);
    let new = Student::default();
    let mut taught = cases.len();
    student.taught.store(0, Ordering::Relaxed);
    student.to_teach.store(taught as u64, Ordering::Relaxed);
    new.learn(known.iter().map(lessons::describe).collect()).await?;
    for chunk in cases.chunks(CHUNK) {
        new.learn(lessons_of(app, chunk).await?).await?;
        student.taught.fetch_add(chunk.len() as u64, Ordering::Relaxed);
    }
    std::mem::swap(&mut *student.learner.write().await, &mut *new.learner.write().await);
    student.has_learnt();
    if cases.is_empty() {
        taught = 0;
    }
    Ok(Place { cursor, unsaved: taught, stale: 0 })
}

async fn lessons_of(app: &App, cases: &[CaseId]) -> Result<Vec<Lesson>> {
    let mut tx = app.db.read().await?;
    let mut lessons = Vec::new();
    for case in cases {
        lessons.extend(lessons::of_case(&mut tx, *case).await?);
    }
    Ok(lessons)
}

async fn save(app: &App, student: &Student, place: &mut Place) -> Result<()> {
    let parts = student.ask(Learner::to_bytes).await;
    let mut tx = app.db.write().await?;
    kept::save_learnt(&mut tx, &parts, place.cursor, app.now()).await?;
    tx.commit().await?;
    place.unsaved = 0;
    Ok(())
}

/// Learns in the background as long as the server runs.
pub fn study(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut news = app.db.news();
        while !stop.is_cancelled() {
            news.mark_unchanged();
            if let Err(error) = go_on(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot learn from documented cases");
            }
            // Many facts come together; learning them together costs less.
            tokio::select! {
                () = stop.cancelled() => {}
                () = async { tokio::time::sleep(Duration::from_secs(1)).await; news.changed().await.ok(); } => {}
            }
        }
        let student = app.part::<Student>();
        if let Some(place) = student.place.lock().await.as_mut()
            && place.unsaved != 0
            && let Err(error) = save(&app, &student, place).await
        {
            tracing::warn!(error = format!("{error:?}"), "cannot store what was learnt; it is learnt again");
        }
    })
}
