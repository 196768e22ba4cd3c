//! Full text search: an index per node in the data folder, fed from the journal. Never the truth.
//!
//! Slices hand out documents ([`SearchSource`]); [`Feeder`] reads the journal from its own cursor, fetches the
//! documents of what changed and commits both together, so that index and cursor never disagree. An index that
//! is missing, empty, of another version or of another house is rebuilt from the stores. Rights are part of the
//! query: what somebody may not read is neither found nor counted.
//!
//! What was typed is understood by `searchbox`; who or what a name stands for is known to the caller, who hands over
//! a [`Request`]. Deliberately absent: sharing one index between nodes.

mod access;
mod analysis;
mod check;
mod collect;
mod feed;
mod find;
mod folder;
mod index;
mod near;
mod pieces;
mod query;
mod snippet;

use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;
use searchbox::{Operator, Text};

pub use check::check;
pub use feed::{Feeder, run};
pub use find::EXACT;
use find::Places;
use index::Index;
pub use index::{Hits, State};

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
    /// Texts that a hit names, such as its contacts and files; beside `text`.
    pub pieces: Vec<Piece>,
    pub url: String,
    /// Newer documents rank higher.
    pub updated: Timestamp,
    /// What it can be narrowed by, as in "status:open" and "queue:3".
    pub codes: Vec<String>,
    /// Names and addresses of who wrote something in it, and to whom.
    pub from: Vec<String>,
    pub to: Vec<String>,
    /// The customer's name and company.
    pub customer: String,
    /// When something was said or happened.
    pub said: Vec<Timestamp>,
    /// Until when something is owed.
    pub due: Option<Timestamp>,
}

/// A text with a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// Who said it, or what the file is called.
    pub name: String,
    pub at: Timestamp,
    /// Where on the page it is: appended to the document's address.
    pub anchor: String,
    pub is_file: bool,
    pub text: String,
}

/// What somebody looks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// All are needed, of each at least one.
    pub parts: Vec<Vec<Need>>,
    /// As typed: all of it may be one number, "+43 664 123 45 67".
    pub whole: String,
    /// The last word may be unfinished.
    pub unfinished: bool,
    /// By time instead of by fit.
    pub newest: bool,
    /// Slips of the finger are not forgiven, however little is found: nobody typed these words to find something.
    pub strict: bool,
}

/// Which part of what is found is wanted.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Only this kind.
    pub kind: Option<String>,
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
}

impl Request {
    /// All of these words, the last of which may be unfinished; without operators.
    pub fn words(typed: &str) -> Self {
        let need = |word: &str| {
            let text = Text { text: word.to_owned(), exact: false, wild: false };
            vec![Need { not: false, want: Want::Words(text) }]
        };
        Self {
            parts: typed.split_whitespace().map(need).collect(),
            whole: typed.to_owned(),
            unfinished: true,
            ..Self::default()
        }
    }
}

#[derive(Debug, Clone)]
pub struct Need {
    /// Must not be.
    pub not: bool,
    pub want: Want,
}

#[derive(Debug, Clone)]
pub enum Want {
    Words(Text),
    /// In one place only.
    In(Operator, Text),
    /// One of these of [`Document::codes`]; none: nothing fits.
    Codes(Vec<String>),
    /// Something was said at or after the first moment and before the second.
    Said(Option<Timestamp>, Option<Timestamp>),
    /// Something was owed until before this moment.
    DueBefore(Timestamp),
    /// One of these documents of a kind, by their ids: what changes as time passes, the stores know better.
    These(&'static str, Vec<i64>),
}

/// A found document.
#[derive(Debug, Clone)]
pub struct Hit {
    pub kind: String,
    pub title: String,
    /// All words that were looked for stand in the title.
    pub named: bool,
    pub detail: String,
    pub url: String,
    /// HTML: escaped text in which found words are `<mark>`ed; empty when nothing in the text was found.
    pub snippet: String,
    /// Where the snippet is from; its text is left out.
    pub piece: Option<Piece>,
    pub updated: Timestamp,
}

/// All that somebody found, in the index as it was then.
pub struct Whole {
    index: Arc<Index>,
    request: Arc<Request>,
    places: Arc<Places>,
}

impl Whole {
    /// How many they are.
    pub fn count(&self) -> usize {
        self.places.count()
    }

    /// Some of them, in their order.
    pub async fn read(&self, part: Range<usize>) -> Result<Vec<Hit>> {
        let (index, request, places) = (self.index.clone(), self.request.clone(), self.places.clone());
        let read = tokio::task::spawn_blocking(move || index.read(&places, &request, part)).await;
        Ok(read.map_err(anyhow::Error::from)??)
    }
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

    /// How far the index is; `None` while it is not open.
    pub fn state(&self) -> Option<State> {
        self.index().map(|index| index.state())
    }

    /// How many documents were written since it was opened, for whoever waits for a new index.
    pub fn written(&self) -> u64 {
        self.index().map_or(0, |index| index.written())
    }

    /// All of one kind that `actor` may find, to be read part by part; `None` while the index is not open.
    pub async fn whole(
        &self,
        app: &App,
        sources: &[&'static SearchSource],
        actor: &Actor,
        request: Request,
        kind: String,
    ) -> Result<Option<Whole>> {
        let Some(index) = self.index() else { return Ok(None) };
        let access: Vec<String> = sources.iter().flat_map(|source| (source.access)(actor)).collect();
        let now = app.now();
        let found = tokio::task::spawn_blocking(move || {
            let places = Arc::new(index.whole(&request, &kind, &access, now)?);
            Ok::<_, anyhow::Error>(Whole { index, request: Arc::new(request), places })
        });
        Ok(Some(found.await.map_err(anyhow::Error::from)??))
    }

    /// What `actor` may find, for each wish; `None` while the index is not open.
    pub async fn find(
        &self,
        app: &App,
        sources: &[&'static SearchSource],
        actor: &Actor,
        request: Request,
        wishes: Vec<Wish>,
    ) -> Result<Option<Vec<Hits>>> {
        let Some(index) = self.index() else { return Ok(None) };
        let access: Vec<String> = sources.iter().flat_map(|source| (source.access)(actor)).collect();
        let now = app.now();
        let found = tokio::task::spawn_blocking(move || index.find(&request, &wishes, &access, now)).await;
        Ok(Some(found.map_err(anyhow::Error::from)??))
    }
}
