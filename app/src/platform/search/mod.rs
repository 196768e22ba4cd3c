//! Full text search: an index per node in the data folder, fed from the journal. Never the truth.
//!
//! Slices hand out documents ([`SearchSource`]); [`Feeder`] reads the journal from its own cursor, fetches the
//! documents of what changed and commits both together, so that index and cursor never disagree. An index that
//! is missing, empty, of another version or of another house is rebuilt from the stores. Rights are part of the
//! query: what somebody may not read is neither found nor counted.
//!
//! Deliberately absent: attachments' contents, and sharing one index between nodes.

mod analysis;
mod check;
mod feed;
mod index;
mod parts;
mod query;
mod snippet;

use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;

pub use check::check;
pub use feed::{Feeder, run};
pub use index::Hits;
use index::Index;

use super::{Actor, App, Result, Timestamp, Tx};
use crate::journal::Entry;

/// What the functions of a source return.
pub type Found<'a, T> = BoxFuture<'a, Result<Vec<T>>>;

/// What a slice makes findable: one kind of document.
pub struct SearchSource {
    /// "case": part of the document's key, shown by the API and understood by the palette.
    pub kind: &'static str,
    /// The values of [`Document::access`] that this actor may find; empty: nothing of this kind.
    pub access: fn(&Actor) -> Vec<String>,
    /// The ids of the documents that an entry of the journal changes.
    pub changed: for<'a> fn(&'a mut Tx, &'a Entry) -> Found<'a, i64>,
    /// The documents of these ids. One that is asked for and not handed out leaves the index.
    pub load: for<'a> fn(&'a mut Tx, &'a [i64]) -> Found<'a, Document>,
    /// Up to this many ids below an id, highest first: a rebuild begins with what is new.
    pub page: for<'a> fn(&'a mut Tx, i64, i64) -> Found<'a, i64>,
}

/// What can be found. Texts are plain; an empty one is fine.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub id: i64,
    /// Who may find it: any of what [`SearchSource::access`] says for an actor.
    pub access: Vec<String>,
    /// Numbers and addresses that are found as a whole only: case and order numbers, e-mail, phone.
    pub exact: Vec<String>,
    /// Shown as the hit's name; counts more than the text.
    pub title: String,
    /// Shown below the title; counts as much.
    pub detail: String,
    pub text: String,
    pub url: String,
    /// Newer documents rank higher.
    pub updated: Timestamp,
}

/// What somebody looks for.
#[derive(Debug, Clone)]
pub struct Request {
    /// As typed: words are all needed, the last one may be unfinished, `"…"` is a phrase.
    pub text: String,
    /// Only this kind.
    pub kind: Option<String>,
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
}

/// A found document.
#[derive(Debug, Clone)]
pub struct Hit {
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub url: String,
    /// HTML: escaped text in which found words are `<mark>`ed; empty when nothing in the text was found.
    pub snippet: String,
    pub updated: Timestamp,
}

/// The index of this node; closed in programs that are not the server.
#[derive(Default)]
pub struct Search {
    index: RwLock<Option<Arc<Index>>>,
}

impl Search {
    fn index(&self) -> Option<Arc<Index>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, index: Option<Arc<Index>>) {
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
    }

    /// Lets go of the index, so that another process may open it.
    pub fn close(&self) {
        self.set(None);
    }

    /// What `actor` may find; `None` while the index is not open.
    pub async fn find(
        &self,
        app: &App,
        sources: &[&'static SearchSource],
        actor: &Actor,
        request: Request,
    ) -> Result<Option<Hits>> {
        let Some(index) = self.index() else { return Ok(None) };
        let access: Vec<String> = sources.iter().flat_map(|source| (source.access)(actor)).collect();
        let now = app.now();
        let found = tokio::task::spawn_blocking(move || index.find(&request, &access, now)).await;
        Ok(Some(found.map_err(anyhow::Error::from)??))
    }
}
