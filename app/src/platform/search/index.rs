//! The index itself: its fields, opening, changing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    DocSet, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TERMINATED, TantivyDocument, Term,
};

use super::folder::Folder;
use super::{Document, Hit, access, analysis, pieces};
use crate::journal::Cursor;

/// Counted up when fields, codes of documents or analysis change: an index of another version is rebuilt.
const VERSION: u32 = 7;
/// Bytes that new documents may take before they are written; the least that the library allows.
const HEAP: usize = 15_000_000;
/// Blocks of stored texts kept in memory, of 16 kB each.
const BLOCKS: usize = 20;

/// The fields of a document.
#[derive(Clone, Copy)]
pub struct Fields {
    pub key: Field,
    pub kind: Field,
    pub access: Field,
    pub updated: Field,
    pub title: Field,
    pub detail: Field,
    pub text: Field,
    pub url: Field,
    pub exact: Field,
    /// Folded words of title and detail.
    pub head: Field,
    /// Folded words of the text.
    pub raw: Field,
    /// Stems of title and text.
    pub german: Field,
    pub english: Field,
    /// What can be narrowed by, each as a whole.
    pub codes: Field,
    /// Folded words in one place only.
    pub from: Field,
    pub to: Field,
    pub subject: Field,
    pub customer: Field,
    pub file: Field,
    /// Microseconds since 1970.
    pub said: Field,
    pub due: Field,
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
        codes: builder.add_text_field("codes", STRING),
        from: builder.add_text_field("from", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        to: builder.add_text_field("to", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        subject: builder.add_text_field("subject", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        customer: builder
            .add_text_field("customer", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        file: builder.add_text_field("file", words("folded", IndexRecordOption::WithFreqsAndPositions)),
        said: builder.add_i64_field("said", FAST),
        due: builder.add_i64_field("due", FAST),
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
    /// How far that is.
    #[serde(default)]
    pub reached: Option<Reached>,
}

/// Documents of this kind from `below` on are in the index, and those of the kinds before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub kind: String,
    pub below: i64,
}

impl Mark {
    pub fn new(house: &str, cursor: Cursor, complete: bool) -> Self {
        let (house, reached) = (house.to_owned(), None);
        Self { version: VERSION, house, xid: cursor.xid, id: cursor.id, complete, reached }
    }

    pub const fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, id: self.id }
    }

    /// Can the index of `house` go on from here?
    pub fn is_of(&self, house: &str) -> bool {
        self.is_readable(house) && self.complete
    }

    /// Can a rebuild of it?
    pub fn is_under_way(&self, house: &str) -> bool {
        self.is_readable(house) && !self.complete && self.reached.is_some()
    }

    fn is_readable(&self, house: &str) -> bool {
        self.version == VERSION && self.house == house
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    pub items: Vec<Hit>,
    /// How many there are in all, exact up to [`super::EXACT`]; beyond it at least so many.
    pub total: usize,
    /// Found only with typing errors in mind.
    pub fuzzy: bool,
    /// For words that nothing was found with: what stands in the hits instead.
    pub instead: Vec<(String, String)>,
}

/// How far the index is.
#[derive(Debug, Clone, Copy)]
pub struct State {
    pub documents: u64,
    /// False while it is being built.
    pub complete: bool,
}

/// The ids of the documents of each kind.
pub type Keys = BTreeMap<String, BTreeSet<i64>>;

pub struct Index {
    pub fields: Fields,
    files: tantivy::Index,
    pub reader: IndexReader,
    writer: Mutex<IndexWriter>,
    /// Documents that were handed to the writer since the index was opened.
    written: AtomicU64,
    pub known: Arc<access::Known>,
}

fn in_folder(folder: &Path) -> anyhow::Result<tantivy::Index> {
    Ok(tantivy::Index::open(Folder::open(folder)?)?)
}

impl Index {
    /// Opens the index in `folder`; one that cannot be read is thrown away.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let (schema, fields) = schema();
        let index = match in_folder(folder) {
            Ok(index) if index.schema() == schema => index,
            _ => {
                if folder.exists() {
                    std::fs::remove_dir_all(folder)?;
                }
                std::fs::create_dir_all(folder)?;
                tantivy::Index::create(Folder::open(folder)?, schema, IndexSettings::default())?
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
        let (writer, written) = (Mutex::new(writer), AtomicU64::default());
        Ok(Self { fields, files: index, reader, writer, written, known: Arc::default() })
    }

    /// The folder of the index below the data folder.
    pub fn folder(data: &Path) -> PathBuf {
        data.join("search")
    }

    /// What is in the index in `folder`, by kind, and what it knows; `None` if there is none that can be read.
    /// Another process may write it meanwhile.
    pub fn keys(folder: &Path) -> anyhow::Result<Option<(Mark, Keys)>> {
        let Ok(index) = in_folder(folder) else { return Ok(None) };
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

    pub fn state(&self) -> State {
        State { documents: self.documents(), complete: self.mark().is_some_and(|mark| mark.complete) }
    }

    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// How many documents were written since the index was opened, whether they can be found yet or not.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
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
        self.written.fetch_add(documents.len() as u64, Ordering::Relaxed);
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
        entry.add_text(fields.subject, &document.title);
        entry.add_text(fields.text, pieces::pack(&document.text, &document.pieces));
        let texts = document.pieces.iter().flat_map(|piece| [&piece.name, &piece.text]);
        for text in texts.chain([&document.text]) {
            entry.add_text(fields.raw, text);
        }
        let texts = document.pieces.iter().map(|piece| &piece.text);
        for text in texts.chain([&document.title, &document.text]) {
            entry.add_text(fields.german, text);
            entry.add_text(fields.english, text);
        }
        self.narrowing(document, &mut entry);
        entry
    }

    /// What a document can be narrowed by.
    fn narrowing(&self, document: &Document, entry: &mut TantivyDocument) {
        let fields = &self.fields;
        for (field, texts) in
            [(fields.codes, &document.codes), (fields.from, &document.from), (fields.to, &document.to)]
        {
            for text in texts {
                entry.add_text(field, text);
            }
        }
        entry.add_text(fields.customer, &document.customer);
        for file in document.pieces.iter().filter(|piece| piece.is_file) {
            entry.add_text(fields.file, &file.name);
            entry.add_text(fields.file, &file.text);
        }
        for at in &document.said {
            entry.add_i64(fields.said, at.0);
        }
        if let Some(due) = document.due {
            entry.add_i64(fields.due, due.0);
        }
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
}

pub fn key(kind: &str, id: i64) -> String {
    format!("{kind}:{id}")
}
