//! What hardly ever changes is kept in the memory of each node: people, queues, settings.
//!
//! A page asks for a dozen of such lists, and of a large house each has hundreds of rows. Whoever changes one of
//! [`TABLES`] counts a version up in their transaction; a reader asks for that number once, and what was kept under
//! it is exactly what the database says. So nothing is out of date, on no node, and nobody has to remember to forget.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;

use super::{Tx, sql};
use crate::platform::error::Result;

/// The tables that may be kept. A load reads no other one.
const TABLES: [&str; 25] = [
    "answer_frames",
    "calendar_days",
    "calendars",
    "case_fields",
    "case_kinds",
    "checklist_items",
    "checklists",
    "deadline_policies",
    "departments",
    "finance_rates",
    "goodwill_policies",
    "goodwill_policy_versions",
    "own_states",
    "people",
    "people_departments",
    "people_roles",
    "queue_calendars",
    "queue_mail",
    "queue_patience",
    "queues",
    "sending_rules",
    "stations",
    "teams",
    "views",
    "writing_rules",
];

type Load<T> = for<'a> fn(&'a mut Tx) -> BoxFuture<'a, Result<T>>;

/// Something that is loaded once and kept until it changes.
pub struct Kept<T> {
    name: &'static str,
    load: Load<T>,
}

/// What a node keeps, by name, with the version that it is of.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<&'static str, (i64, Thing)>>);

type Thing = Arc<dyn Any + Send + Sync>;

/// What a transaction knows of versions.
#[derive(Default)]
pub(super) struct Versions {
    seen: Option<i64>,
    /// It changed one of the tables itself: until the commit only it may see that.
    changed: bool,
    /// It loads something to be kept.
    loads: bool,
    /// It asks each time: what it decides on may change while it waits for a lock.
    asks_again: bool,
}

impl Versions {
    /// Of a transaction that writes. On SQLite nobody else does meanwhile.
    pub fn of_write(on_postgres: bool) -> Self {
        Self { asks_again: on_postgres, ..Self::default() }
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// `name`: of its own among all that is kept. `load` reads nothing but [`TABLES`].
    pub const fn new(name: &'static str, load: Load<T>) -> Self {
        Self { name, load }
    }

    /// It, as `tx` sees it.
    pub async fn get(&self, tx: &mut Tx) -> Result<Arc<T>> {
        if tx.versions.changed {
            return Ok(Arc::new((self.load)(tx).await?));
        }
        let version = tx.version().await?;
        if let Some(known) = tx.memory.find(self.name, version) {
            return Ok(known);
        }
        tx.versions.loads = true;
        let loaded = (self.load)(tx).await;
        tx.versions.loads = false;
        let loaded = Arc::new(loaded?);
        tx.memory.keep(self.name, version, loaded.clone());
        Ok(loaded)
    }
}

impl Memory {
    fn find<T: Send + Sync + 'static>(&self, name: &str, version: i64) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, known) = kept.get(name)?;
        if *of == version { known.clone().downcast().ok() } else { None }
    }

    fn keep(&self, name: &'static str, version: i64, loaded: Thing) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A transaction that began long ago must not replace what is newer.
        if kept.get(name).is_none_or(|(of, _)| *of < version) {
            kept.insert(name, (version, loaded));
        }
    }
}

impl Tx {
    /// What a statement told beside what it was asked for.
    pub fn saw_version(&mut self, version: i64) {
        self.versions.seen = Some(version);
    }

    /// Counts up with every change of what is kept, and of what else is remembered under it, see
    /// [`Self::count_up`].
    pub async fn version(&mut self) -> Result<i64> {
        if let Some(seen) = self.versions.seen.filter(|_| !self.versions.asks_again) {
            return Ok(seen);
        }
        let version = sql("SELECT version FROM kept_version WHERE id = 1").value(self).await?;
        self.versions.seen = Some(version);
        Ok(version)
    }

    /// With the commit nothing that was remembered before holds, on any node.
    pub const fn count_up(&mut self) {
        self.versions.changed = true;
    }

    /// Looks at a statement before it runs.
    pub(super) fn heed(&mut self, statement: &str) {
        debug_assert!(!self.versions.loads || reads_kept_only(statement), "not to be kept: {statement}");
        self.versions.changed |= changed_table(statement).is_some_and(|table| TABLES.contains(&table));
    }

    /// Counts a change, so that all nodes load anew what they kept.
    pub(super) async fn count_change(&mut self) -> Result<()> {
        if self.versions.changed {
            sql("UPDATE kept_version SET version = version + 1 WHERE id = 1").on(self).await?;
        }
        Ok(())
    }
}

/// The table that a statement inserts into, updates or deletes from.
fn changed_table(statement: &str) -> Option<&str> {
    let mut words = statement.split_ascii_whitespace();
    match words.next()? {
        "UPDATE" => words.next(),
        "INSERT" | "DELETE" => words.nth(1),
        _ => None,
    }
}

/// Does it read from nothing but what may be kept?
fn reads_kept_only(statement: &str) -> bool {
    let mut words = statement.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        if matches!(word, "FROM" | "JOIN") {
            let table = words.peek().map_or("", |next| next.trim_end_matches([')', ',']));
            if !TABLES.contains(&table) && table != "kept_version" {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{changed_table, reads_kept_only};

    #[test]
    fn a_change_is_told_by_its_table() {
        assert_eq!(changed_table("UPDATE people SET name = $2"), Some("people"));
        assert_eq!(changed_table("INSERT INTO  queues (name) VALUES ($1)"), Some("queues"));
        assert_eq!(changed_table("DELETE FROM views WHERE id = $1"), Some("views"));
        assert_eq!(changed_table("SELECT id FROM people"), None);
    }

    #[test]
    fn what_is_kept_reads_nothing_that_changes_all_day() {
        assert!(reads_kept_only("SELECT p.id FROM people p JOIN people_roles r ON r.person_id = p.id"));
        assert!(!reads_kept_only("SELECT q.id FROM queues q JOIN cases c ON c.queue_id = q.id"));
    }
}
