//! The index itself: its fields, opening, changing, searching.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::{
    DocId, DocSet, IndexReader, IndexWriter, ReloadPolicy, Score, SegmentReader, TERMINATED, TantivyDocument,
    Term,
};

use super::snippet::{Marker, snippet};
use super::{Document, Hit, Request, analysis, query};
use crate::journal::Cursor;
use crate::platform::Timestamp;

/// Counted up when fields or analysis change: an index of another version is rebuilt.
const VERSION: u32 = 2;
/// Bytes that new documents may take before they are written; the least that the library allows.
const HEAP: usize = 15_000_000;
/// Blocks of stored texts kept in memory, of 16 kB each.
const BLOCKS: usize = 20;
/// Fewer hits are worth a second attempt with typing errors in mind.
const FEW: usize = 5;
/// A document's bonus for being new halves in so many days.
const HALF_LIFE: f32 = 90.0;

/// The fields of a document.
#[derive(Clone, Copy)]
pub struct Fields {
    key: Field,
    kind: Field,
    access: Field,
    updated: Field,
    title: Field,
    detail: Field,
    text: Field,
    url: Field,
    pub exact: Field,
    /// Folded words of title and detail.
    pub head: Field,
    /// Folded words of the text.
    pub raw: Field,
    /// Stems of title and text.
    pub german: Field,
    pub english: Field,
}

fn schema() -> (Schema, Fields) {
    let words = |tokenizer: &str, record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        kind: builder.add_text_field("kind", STRING | STORED),
        access: builder.add_text_field("access", STRING),
        updated: builder.add_i64_field("updated", FAST | STORED),
        title: builder.add_text_field("title", STORED),
        detail: builder.add_text_field("detail", STORED),
        text: builder.add_text_field("text", STORED),
        url: builder.add_text_field("url", STORED),
        exact: builder.add_text_field("exact", STRING),
        head: builder.add_text_field("head", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        raw: builder.add_text_field("raw", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        german: builder.add_text_field("de", words("german", IndexRecordOption::WithFreqs)),
        english: builder.add_text_field("en", words("english", IndexRecordOption::WithFreqs)),
    };
    (builder.build(), fields)
}

/// Committed together with the documents: what the index knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub version: u32,
    /// Which house's documents these are.
    pub house: String,
    pub xid: i64,
    pub id: i64,
    /// False while a rebuild is under way.
    pub complete: bool,
}

impl Mark {
    pub fn new(house: &str, cursor: Cursor, complete: bool) -> Self {
        Self { version: VERSION, house: house.to_owned(), xid: cursor.xid, id: cursor.id, complete }
    }

    pub const fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, id: self.id }
    }

    /// Can the index of `house` go on from here?
    pub fn is_of(&self, house: &str) -> bool {
        self.version == VERSION && self.house == house && self.complete
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    pub items: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// Found only with typing errors in mind.
    pub fuzzy: bool,
}

/// The ids of the documents of each kind.
pub type Keys = BTreeMap<String, BTreeSet<i64>>;

pub struct Index {
    fields: Fields,
    files: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

impl Index {
    /// Opens the index in `folder`; one that cannot be read is thrown away.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let (schema, fields) = schema();
        let index = match tantivy::Index::open_in_dir(folder) {
            Ok(index) if index.schema() == schema => index,
            _ => {
                if folder.exists() {
                    std::fs::remove_dir_all(folder)?;
                }
                std::fs::create_dir_all(folder)?;
                tantivy::Index::create_in_dir(folder, schema)?
            }
        };
        index.tokenizers().register("folded", analysis::folded());
        index.tokenizers().register("german", analysis::german());
        index.tokenizers().register("english", analysis::english());
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(BLOCKS)
            .try_into()?;
        let writer = index
            .writer_with_num_threads(1, HEAP)
            .with_context(|| format!("cannot write the search index in {}", folder.display()))?;
        Ok(Self { fields, files: index, reader, writer: Mutex::new(writer) })
    }

    /// The folder of the index below the data folder.
    pub fn folder(data: &Path) -> PathBuf {
        data.join("search")
    }

    /// What is in the index in `folder`, by kind, and what it knows; `None` if there is none that can be read.
    /// Another process may write it meanwhile.
    pub fn keys(folder: &Path) -> anyhow::Result<Option<(Mark, Keys)>> {
        let Ok(index) = tantivy::Index::open_in_dir(folder) else { return Ok(None) };
        let (schema, fields) = schema();
        let payload = index.load_metas()?.payload;
        let mark: Option<Mark> = payload.and_then(|payload| serde_json::from_str(&payload).ok());
        let Some(mark) = mark.filter(|_| index.schema() == schema) else { return Ok(None) };
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let mut keys = Keys::new();
        for segment in reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(fields.key)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let mut documents =
                    inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                // Replaced documents stay in their segment until it is merged.
                while documents.doc() != TERMINATED && segment.is_deleted(documents.doc()) {
                    documents.advance();
                }
                let key = std::str::from_utf8(terms.key())?;
                if documents.doc() != TERMINATED
                    && let Some((kind, id)) = key.rsplit_once(':')
                {
                    keys.entry(kind.to_owned()).or_default().insert(id.parse()?);
                }
            }
        }
        Ok(Some((mark, keys)))
    }

    /// What was committed last; `None` in a new index.
    pub fn mark(&self) -> Option<Mark> {
        serde_json::from_str(&self.files.load_metas().ok()?.payload?).ok()
    }

    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Takes everything out with the next commit.
    pub fn clear(&self) -> anyhow::Result<()> {
        self.writer().delete_all_documents()?;
        Ok(())
    }

    /// Replaces the documents `ids` of `kind` by `documents`; those that are missing there leave.
    pub fn put(&self, kind: &str, ids: &[i64], documents: &[Document]) -> anyhow::Result<()> {
        let writer = self.writer();
        for id in ids {
            writer.delete_term(Term::from_field_text(self.fields.key, &key(kind, *id)));
        }
        for document in documents {
            writer.add_document(self.entry(kind, document))?;
        }
        Ok(())
    }

    fn entry(&self, kind: &str, document: &Document) -> TantivyDocument {
        let fields = &self.fields;
        let mut entry = TantivyDocument::default();
        entry.add_text(fields.key, key(kind, document.id));
        entry.add_text(fields.kind, kind);
        for access in &document.access {
            entry.add_text(fields.access, access);
        }
        entry.add_i64(fields.updated, document.updated.0);
        entry.add_text(fields.url, &document.url);
        for exact in &document.exact {
            entry.add_text(fields.exact, analysis::compact(exact));
        }
        for (field, text) in [(fields.title, &document.title), (fields.detail, &document.detail)] {
            entry.add_text(field, text);
            entry.add_text(fields.head, text);
        }
        entry.add_text(fields.text, &document.text);
        entry.add_text(fields.raw, &document.text);
        for text in [&document.title, &document.text] {
            entry.add_text(fields.german, text);
            entry.add_text(fields.english, text);
        }
        entry
    }

    /// Makes everything so far findable and durable, together with `mark`.
    pub fn commit(&self, mark: &Mark) -> anyhow::Result<()> {
        let mut writer = self.writer();
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(mark)?);
        commit.commit()?;
        drop(writer);
        self.reader.reload()?;
        Ok(())
    }

    /// A writer that panicked holds at worst an unfinished commit, which the next one completes.
    fn writer(&self) -> std::sync::MutexGuard<'_, IndexWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is allowed by `access` and fits, best first; typing errors count only if little is found without.
    pub fn find(&self, request: &Request, access: &[String], now: Timestamp) -> anyhow::Result<Hits> {
        let typed: String = request.text.chars().take(200).collect();
        let strict = self.attempt(&typed, request, access, now, false)?;
        if FEW <= strict.total {
            return Ok(strict);
        }
        let tolerant = self.attempt(&typed, request, access, now, true)?;
        Ok(if strict.total < tolerant.total { tolerant } else { strict })
    }

    fn attempt(
        &self,
        typed: &str,
        request: &Request,
        access: &[String],
        now: Timestamp,
        fuzzy: bool,
    ) -> anyhow::Result<Hits> {
        let Some(words) = query::build(&self.fields, typed, fuzzy) else { return Ok(Hits::default()) };
        let query = self.allowed(words, request.kind.as_deref(), access);
        let top = TopDocs::with_limit(request.limit.max(1)).and_offset(request.offset).tweak_score(
            move |segment: &SegmentReader| {
                let updated = segment.fast_fields().i64("updated").ok();
                move |doc: DocId, score: Score| {
                    let at = updated.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
                    score * freshness(Timestamp(at), now)
                }
            },
        );
        let searcher = self.reader.searcher();
        let (found, total) = searcher.search(&query, &(top, Count))?;
        let mut marker = Marker::new(typed, fuzzy);
        let mut items = Vec::with_capacity(found.len());
        for (_, address) in found {
            items.push(self.hit(&searcher.doc(address)?, &mut marker));
        }
        Ok(Hits { items, total, fuzzy })
    }

    fn allowed(&self, words: Box<dyn Query>, kind: Option<&str>, access: &[String]) -> BooleanQuery {
        let access = access.iter().map(|value| Term::from_field_text(self.fields.access, value));
        let free = |query: Box<dyn Query>| Box::new(ConstScoreQuery::new(query, 0.0)) as Box<dyn Query>;
        let mut needed = vec![(Occur::Must, words), (Occur::Must, free(Box::new(TermSetQuery::new(access))))];
        if let Some(kind) = kind {
            let term = Term::from_field_text(self.fields.kind, kind);
            needed.push((Occur::Must, free(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))));
        }
        BooleanQuery::new(needed)
    }

    fn hit(&self, entry: &TantivyDocument, marker: &mut Marker) -> Hit {
        let text = |field| entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        Hit {
            kind: text(self.fields.kind).to_owned(),
            title: text(self.fields.title).to_owned(),
            detail: text(self.fields.detail).to_owned(),
            url: text(self.fields.url).to_owned(),
            snippet: snippet(text(self.fields.text), marker),
            updated: Timestamp(
                entry.get_first(self.fields.updated).and_then(|value| value.as_i64()).unwrap_or(0),
            ),
        }
    }
}

fn key(kind: &str, id: i64) -> String {
    format!("{kind}:{id}")
}

/// Between 2 for what changed just now and 1 for what is old.
fn freshness(updated: Timestamp, now: Timestamp) -> f32 {
    let days = u16::try_from((now.0 - updated.0).max(0) / 86_400_000_000).unwrap_or(u16::MAX);
    1.0 + 0.5f32.powf(f32::from(days) / HALF_LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_counts_twice_and_old_things_once() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let old = |days| freshness(now - Timestamp::days(days), now);
        assert!((old(0) - 2.0).abs() < 1e-6);
        assert!((old(90) - 1.5).abs() < 1e-6);
        assert!(old(4000) < 1.001);
    }
}
