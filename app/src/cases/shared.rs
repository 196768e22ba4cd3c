//! Pages of lists for many readers at once: after a change all who look at the same list fetch it anew, and it is
//! read once for all of them.
//!
//! What is kept holds until open pages are told that something in such a list changed, at most five seconds; for
//! whoever changed something it must be newer than that. It is this node's memory, never the truth.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::attributes::{self, Badges};
use super::counts;
use super::filter::{Eyes, Filter, Sort};
use super::model::{Case, Cursor, Line};
use super::store;
use crate::platform::{App, CaseId, OwnChanges, Result, Timestamp, Tx};

const OLDEST: Duration = Duration::from_secs(5);
/// Lists kept at once, of some 50 kB each; then those that are too old to be of use are forgotten, or all.
const MOST: usize = 400;

/// Lines of a list with what is shown beside them.
#[derive(Clone, Default)]
pub struct Rows {
    pub lines: Vec<Line>,
    /// Kind, own state and tags.
    pub badges: HashMap<CaseId, Badges>,
}

/// Which part of a list.
pub struct Stretch<'a> {
    pub filter: &'a Filter,
    pub sort: Sort,
    pub cursor: Option<&'a Cursor>,
    pub limit: i64,
}

/// What a reader knew of changes before their transaction began: it sees all of them.
#[derive(Debug, Clone, Copy)]
pub struct News {
    told: u64,
    change: u64,
}

impl News {
    pub fn of(app: &App) -> Self {
        Self { told: app.live.told(), change: app.part::<OwnChanges>().newest() }
    }
}

#[derive(Default)]
struct Lists {
    /// With the moment when somebody asked for it last.
    slots: Mutex<HashMap<String, (Timestamp, Arc<Slot>)>>,
}

/// Held while somebody reads the list: others wait for that and do not read it, too.
type Slot = tokio::sync::Mutex<Option<Known>>;

struct Known {
    rows: Arc<Rows>,
    at: Timestamp,
    news: News,
    /// Counts up when a case becomes private: a count may be of the moment before, lines may not.
    version: i64,
}

impl Lists {
    fn slot(&self, key: String, now: Timestamp) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= slots.len() && !slots.contains_key(&key) {
            slots.retain(|_, (asked, _)| now < *asked + OLDEST);
            if MOST <= slots.len() {
                slots.clear();
            }
        }
        let slot = slots.entry(key).or_insert_with(|| (now, Arc::default()));
        slot.0 = now;
        slot.1.clone()
    }
}

/// As this transaction sees them.
pub async fn read(tx: &mut Tx, eyes: &Eyes<'_>, stretch: &Stretch<'_>) -> Result<Rows> {
    let Stretch { filter, sort, cursor, limit } = *stretch;
    let lines = store::list(tx, eyes, filter, sort, cursor, limit).await?;
    let badges = attributes::badges(tx, lines.iter().map(|line| &line.case)).await?;
    Ok(Rows { lines, badges })
}

/// As others saw them who were told the same; `topics` are told when such a list changes.
pub async fn share(
    app: &App,
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    stretch: &Stretch<'_>,
    topics: &[String],
    news: News,
) -> Result<Arc<Rows>> {
    let list = counts::key(app, tx, eyes, stretch.filter).await?;
    let cursor = stretch.cursor.map(Cursor::to_string);
    let key = format!("{} {} {cursor:?} {}", list.text, stretch.sort, stretch.limit);
    let slot = app.part::<Lists>().slot(key, eyes.now);
    let version = tx.version().await?;
    let mut kept = if let Ok(kept) = slot.try_lock() {
        kept
    } else {
        tx.rest();
        slot.lock().await
    };
    let own = app.part::<OwnChanges>().last_of(eyes.actor);
    if let Some(known) = kept.as_ref()
        && known.at <= eyes.now
        && eyes.now < known.at + OLDEST
        && own <= known.news.change
        && app.live.told_of(topics) <= known.news.told
        && version <= known.version
    {
        return Ok(known.rows.clone());
    }
    let rows = Arc::new(read(tx, eyes, stretch).await?);
    let is_fit = list.own || is_for_all(eyes, &rows, list.by_private);
    *kept = is_fit.then(|| Known { rows: rows.clone(), at: eyes.now, news, version });
    Ok(rows)
}

/// Holds the list nothing that only its reader may know of? What is remembered of private cases and of who is named on
/// them may be older than the list.
fn is_for_all(eyes: &Eyes<'_>, rows: &Rows, by_private: bool) -> bool {
    let sight = &eyes.actor.sight;
    let open = |case: &Case| !case.private || (by_private && sight.led.contains(&case.queue));
    rows.lines.iter().all(|Line { case, .. }| !sight.hidden.contains(&case.queue) && open(case))
}
