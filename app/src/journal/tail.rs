//! The end of the journal in memory, read and decoded once for all who follow it on this node.
//!
//! Entries below the horizon never change and nothing appears between them, so what was read once stays right.
//! Whoever lags farther behind than what is kept reads the database.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::store::{self, Cursor, Entry};
use crate::platform::{App, Result};

/// Entries that are kept; some 200 bytes each.
const KEPT: usize = 4000;
/// Entries read from the database at once.
const READ: i64 = 1000;

/// All entries after one cursor, up to the newest that somebody asked for.
#[derive(Default)]
struct Tail(Mutex<Option<Kept>>);

struct Kept {
    after: Cursor,
    entries: VecDeque<Arc<Entry>>,
}

impl Kept {
    fn end(&self) -> Cursor {
        self.entries.back().map_or(self.after, |entry| entry.cursor())
    }

    fn since(&self, cursor: Cursor, limit: usize) -> Vec<Arc<Entry>> {
        let first = self.entries.partition_point(|entry| entry.cursor() <= cursor);
        self.entries.range(first..).take(limit).cloned().collect()
    }

    fn extend(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.entries.extend(entries.into_iter().map(Arc::new));
        while KEPT < self.entries.len() {
            self.after = self.entries.pop_front().map_or(self.after, |entry| entry.cursor());
        }
    }
}

/// Up to `limit` entries after `cursor`, as [`store::after`] has them, but of committed transactions only.
pub async fn after(app: &App, cursor: Cursor, limit: usize) -> Result<Vec<Arc<Entry>>> {
    let tail = app.part::<Tail>();
    // Held while it reads, so that those who follow together read once.
    let mut tail = tail.0.lock().await;
    let kept = match tail.as_mut() {
        Some(kept) if cursor < kept.after => {
            drop(tail);
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let entries = store::after(&mut app.db.read().await?, cursor, limit).await?;
            return Ok(entries.into_iter().map(Arc::new).collect());
        }
        Some(kept) if cursor <= kept.end() => kept,
        _ => tail.insert(Kept { after: cursor, entries: VecDeque::new() }),
    };
    if cursor == kept.end() {
        let fresh = store::after(&mut app.db.read().await?, cursor, READ).await?;
        kept.extend(fresh);
    }
    Ok(kept.since(cursor, limit))
}
