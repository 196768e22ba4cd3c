//! What of an article can be searched: titles, tags and texts in all its languages; and the search among articles.

use std::collections::HashMap;

use futures::future::BoxFuture;

use super::model::{Article, ArticleState, fold, plain};
use super::store;
use crate::journal::{Entry, Fact};
use crate::platform::search::{Document, Need, Piece, Request, Want, Wish};
use crate::platform::{Actor, App, Language, Result, Right, SearchSource, Tx};

pub static SEARCH: SearchSource = SearchSource { kind: "article", access, changed, load, page };

/// Where articles are.
const URL: &str = "/knowledge/";

/// Drafts are found by those who write articles; their authors find them in the list.
fn access(actor: &Actor) -> Vec<String> {
    let mut access = Vec::new();
    if actor.can(Right::ReadKnowledge) {
        access.push("article".to_owned());
    }
    if actor.can(Right::WriteKnowledge) {
        access.push("article-draft".to_owned());
    }
    access
}

fn changed<'a>(_: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<Vec<i64>>> {
    let changed = match entry.fact {
        Fact::ArticleCreated { article }
        | Fact::ArticleChanged { article, .. }
        | Fact::ArticlePublished { article }
        | Fact::ArticleArchived { article }
        | Fact::ArticleDrafted { article }
        | Fact::ArticleChangeAccepted { article, .. }
        | Fact::ArticleRestored { article, .. } => vec![article],
        _ => Vec::new(),
    };
    Box::pin(async move { Ok(changed) })
}

fn page(tx: &mut Tx, below: i64, limit: i64) -> BoxFuture<'_, Result<Vec<i64>>> {
    Box::pin(store::ids_below(tx, below, limit))
}

fn load<'a>(tx: &'a mut Tx, ids: &'a [i64]) -> BoxFuture<'a, Result<Vec<Document>>> {
    Box::pin(async move { Ok(store::some(tx, ids).await?.iter().filter_map(document).collect()) })
}

/// What is archived leaves the index.
fn document(article: &Article) -> Option<Document> {
    let access = match article.state {
        ArticleState::Draft => "article-draft",
        ArticleState::Published => "article",
        ArticleState::Archived => return None,
    };
    let languages = article.texts.iter().map(|text| language_code(text.language));
    let tags = article.tags.iter().map(|tag| tag_code(tag));
    let codes = languages.chain(tags).chain(["article".to_owned()]).collect();
    let (first, others) = article.texts.split_first()?;
    let pieces = others.iter().map(|text| Piece {
        name: text.title.clone(),
        at: article.changed_at,
        anchor: format!("?language={}", text.language),
        is_file: false,
        text: plain(&text.body),
    });
    Some(Document {
        id: article.id,
        access: vec![access.to_owned()],
        title: first.title.clone(),
        detail: article.tags.join(" · "),
        text: plain(&first.body),
        pieces: pieces.collect(),
        url: format!("{URL}{}", article.id),
        updated: article.changed_at,
        codes,
        said: vec![article.created_at],
        ..Document::default()
    })
}

fn language_code(language: Language) -> String {
    format!("article-language:{language}")
}

fn tag_code(tag: &str) -> String {
    format!("article-tag:{}", fold(tag))
}

/// What somebody looks for among articles.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub words: String,
    /// Only what is said in this language.
    pub language: Option<Language>,
    /// Only with this tag; empty: all.
    pub tag: String,
}

/// A part of what was found, best first.
#[derive(Debug, Clone)]
pub struct Found {
    pub items: Vec<Article>,
    /// How many there are in all.
    pub total: usize,
    /// How many stand before the next part, if there is one.
    pub next: Option<usize>,
}

/// Articles that the actor may find; `None` while the index is not open.
pub async fn find(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    offset: usize,
    limit: usize,
) -> Result<Option<Found>> {
    let mut request = Request::words(&wanted.words);
    let mut codes = vec!["article".to_owned()];
    codes.extend(wanted.language.map(language_code));
    if !wanted.tag.trim().is_empty() {
        codes.push(tag_code(&wanted.tag));
    }
    // Before the words: the last of all may be unfinished.
    let words = std::mem::take(&mut request.parts);
    request.parts = codes.into_iter().map(with_code).chain(words).collect();
    let wish = Wish { kind: Some(SEARCH.kind.to_owned()), limit, offset };
    search(app, actor, request, wish).await
}

/// Only documents with this code: so that the words of a question are looked up in few of them.
pub(super) fn with_code(code: String) -> Vec<Need> {
    vec![Need { not: false, want: Want::Codes(vec![code]) }]
}

/// Asks the index, and reads what it found.
pub(super) async fn search(app: &App, actor: &Actor, request: Request, wish: Wish) -> Result<Option<Found>> {
    let offset = wish.offset;
    let found = app.search().find(app, &[&SEARCH], actor, request, vec![wish]).await?;
    let Some(hits) = found.and_then(|mut found| found.pop()) else { return Ok(None) };
    let id = |url: &str| url.strip_prefix(URL)?.parse::<i64>().ok();
    let ids: Vec<i64> = hits.items.iter().filter_map(|hit| id(&hit.url)).collect();
    let all = store::some(&mut app.db.read().await?, &ids).await?;
    let mut all: HashMap<i64, Article> = all.into_iter().map(|article| (article.id, article)).collect();
    // The index may not have heard yet that one became a draft again or went.
    let items = ids.iter().filter_map(|id| all.remove(id)).filter(|article| article.is_seen_by(actor));
    let end = offset + hits.items.len();
    let next = (end < hits.total).then_some(end);
    Ok(Some(Found { items: items.collect(), total: hits.total, next }))
}
