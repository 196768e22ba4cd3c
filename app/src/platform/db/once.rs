//! What several parts of a page ask for is read once.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::Tx;
use crate::platform::error::Result;

/// Rows that a transaction read, by what they are and their key.
pub(super) type Known = HashMap<(&'static str, i64), Arc<dyn Any + Send + Sync>>;

/// A page asks for few; a job that reads thousands in one transaction must not keep them all.
const MOST: usize = 100;

type Load<T> = for<'a> fn(&'a mut Tx, i64) -> BoxFuture<'a, Result<T>>;

impl Tx {
    /// As `load` finds it; a transaction that only reads asks once. `what` is of its own among all that is read so.
    pub async fn once<T>(&mut self, what: &'static str, key: i64, load: Load<T>) -> Result<T>
    where
        T: Clone + Send + Sync + 'static,
    {
        if let Some(known) = self.known(what, key) {
            return Ok(known);
        }
        let loaded = load(self, key).await?;
        self.know(what, key, loaded.clone());
        Ok(loaded)
    }

    /// What was remembered, if anything was.
    pub fn known<T: Clone + 'static>(&self, what: &'static str, key: i64) -> Option<T> {
        self.known.get(&(what, key)).and_then(|known| known.downcast_ref()).cloned()
    }

    /// Remembers what was found in another way.
    pub fn know<T: Send + Sync + 'static>(&mut self, what: &'static str, key: i64, row: T) {
        if self.reads {
            if MOST <= self.known.len() {
                self.known.clear();
            }
            self.known.insert((what, key), Arc::new(row));
        }
    }
}
