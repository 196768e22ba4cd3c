//! SQL of the tables `article*` and `knowledge_gaps`.

pub mod proposals;

use std::collections::HashMap;

use super::model::{Article, ArticleState, ArticleText, ArticleVersion, Content, Gap, Show, fold};
use crate::platform::{Error, Language, PersonId, Result, Sql, Timestamp, Tx, portions, sql};

#[derive(sqlx::FromRow)]
struct ArticleRow {
    id: i64,
    state: ArticleState,
    version: i64,
    author_id: Option<PersonId>,
    owner_id: Option<PersonId>,
    review_on: Option<String>,
    helped: i64,
    not_helped: i64,
    created_at: Timestamp,
    changed_at: Timestamp,
}

const ARTICLE: &str =
    "SELECT id, state, version, author_id, owner_id, review_on, helped, not_helped, created_at, changed_at
     FROM articles ";

/// Which articles a list shows.
#[derive(Debug, Clone)]
pub struct Filter {
    pub show: Show,
    /// Today in the house's zone, as in 2026-11-16.
    pub today: String,
    /// Only those that say something in this language.
    pub language: Option<Language>,
    /// Only those with this tag; empty: all.
    pub tag: String,
    /// Only those that this person began, or proposes to change.
    pub author: Option<PersonId>,
}

/// A part of a list, what was changed last first.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    before: Option<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<Article>> {
    let mut statement = filtered(sql(ARTICLE), filter);
    if let Some((at, id)) = before {
        statement =
            statement.push(" AND (changed_at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    whole(tx, statement.push(" ORDER BY changed_at DESC, id DESC LIMIT ").push_bind(limit)).await
}

/// How many articles a list shows in all.
pub async fn count(tx: &mut Tx, filter: &Filter) -> Result<i64> {
    filtered(sql("SELECT COUNT(*) FROM articles "), filter).value(tx).await
}

fn filtered(statement: Sql, filter: &Filter) -> Sql {
    let mut statement = statement.push("WHERE state = ").push_bind(filter.show.state());
    if filter.show == Show::Due {
        statement = statement.push(" AND review_on <= ").push_bind(&filter.today);
    }
    if filter.show == Show::Proposed {
        statement = statement.push(
            " AND EXISTS (SELECT 1 FROM article_proposals
              WHERE article_id = articles.id AND article_proposals.state = 'open'",
        );
        if let Some(person) = filter.author {
            statement = statement.push(" AND person_id = ").push_bind(person);
        }
        statement = statement.push(")");
    } else if let Some(author) = filter.author {
        statement = statement.push(" AND author_id = ").push_bind(author);
    }
    if let Some(language) = filter.language {
        statement = statement
            .push(" AND EXISTS (SELECT 1 FROM article_texts WHERE article_id = articles.id AND language = ")
            .push_bind(language)
            .push(")");
    }
    if !filter.tag.is_empty() {
        statement = statement
            .push(" AND EXISTS (SELECT 1 FROM article_tags WHERE article_id = articles.id AND folded = ")
            .push_bind(fold(&filter.tag))
            .push(")");
    }
    statement
}

pub async fn article(tx: &mut Tx, article: i64) -> Result<Article> {
    let found = whole(tx, sql(ARTICLE).push("WHERE id = ").push_bind(article)).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Those of these ids that exist.
pub async fn some(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Article>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in portions(ids) {
        let found = sql(ARTICLE).push("WHERE id IN ").push_list(ids.iter().copied());
        all.extend(whole(tx, found).await?);
    }
    Ok(all)
}

/// Up to `limit` ids below `below`, highest first.
pub async fn ids_below(tx: &mut Tx, below: i64, limit: i64) -> Result<Vec<i64>> {
    sql("SELECT id FROM articles WHERE id < $1 ORDER BY id DESC LIMIT $2")
        .bind(below)
        .bind(limit)
        .values(tx)
        .await
}

/// Is there any article that is not archived?
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let first: Option<i64> =
        sql("SELECT id FROM articles WHERE state <> 'archived' LIMIT 1").maybe_value(tx).await?;
    Ok(first.is_some())
}

/// The tags of published articles, each as it is written somewhere, with how many have it.
pub async fn tags(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    sql("SELECT MIN(article_tags.tag), COUNT(*) FROM article_tags
         JOIN articles ON articles.id = article_tags.article_id
         WHERE articles.state = 'published' GROUP BY article_tags.folded ORDER BY article_tags.folded")
    .all(tx)
    .await
}

async fn whole(tx: &mut Tx, statement: Sql) -> Result<Vec<Article>> {
    let rows: Vec<ArticleRow> = statement.all(tx).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut texts: HashMap<i64, Vec<ArticleText>> = HashMap::new();
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for ids in portions(&ids) {
        let found: Vec<(i64, Language, String, String)> =
            sql("SELECT article_id, language, title, body FROM article_texts WHERE article_id IN ")
                .push_list(ids.iter().copied())
                .push(" ORDER BY language")
                .all(tx)
                .await?;
        for (article, language, title, body) in found {
            texts.entry(article).or_default().push(ArticleText { language, title, body });
        }
        let found: Vec<(i64, String)> = sql("SELECT article_id, tag FROM article_tags WHERE article_id IN ")
            .push_list(ids.iter().copied())
            .push(" ORDER BY folded")
            .all(tx)
            .await?;
        for (article, tag) in found {
            tags.entry(article).or_default().push(tag);
        }
    }
    let with = |row: ArticleRow| Article {
        texts: texts.remove(&row.id).unwrap_or_default(),
        tags: tags.remove(&row.id).unwrap_or_default(),
        id: row.id,
        state: row.state,
        version: row.version,
        author: row.author_id,
        owner: row.owner_id,
        review_on: row.review_on,
        helped: row.helped,
        not_helped: row.not_helped,
        created_at: row.created_at,
        changed_at: row.changed_at,
    };
    Ok(rows.into_iter().map(with).collect())
}

/// An article without anything said in it, which [`save`] is for.
pub async fn insert(
    tx: &mut Tx,
    state: ArticleState,
    author: Option<PersonId>,
    now: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO articles (state, version, author_id, created_at, changed_at)
         VALUES ($1, 0, $2, $3, $3) RETURNING id")
    .bind(state)
    .bind(author)
    .bind(now)
    .value(tx)
    .await
}

/// Keeps what an article says now as its next version, whose number it tells.
pub async fn save(
    tx: &mut Tx,
    article: i64,
    content: &Content,
    restored: Option<i64>,
    person: Option<PersonId>,
    now: Timestamp,
) -> Result<i64> {
    let version: i64 = sql("UPDATE articles SET owner_id = $2, review_on = $3, changed_at = $4,
                            version = version + 1 WHERE id = $1 RETURNING version")
    .bind(article)
    .bind(content.owner)
    .bind(content.review_on.clone())
    .bind(now)
    .value(tx)
    .await?;
    set_texts(tx, article, &content.texts).await?;
    set_tags(tx, article, &content.tags).await?;
    sql("INSERT INTO article_versions (article_id, version, content, person_id, restored, at)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(article)
    .bind(version)
    .bind(serde_json::to_string(content)?)
    .bind(person)
    .bind(restored)
    .bind(now)
    .run(tx)
    .await?;
    Ok(version)
}

async fn set_texts(tx: &mut Tx, article: i64, texts: &[ArticleText]) -> Result<()> {
    sql("DELETE FROM article_texts WHERE article_id = $1").bind(article).run(tx).await?;
    for text in texts {
        sql("INSERT INTO article_texts (article_id, language, title, body) VALUES ($1, $2, $3, $4)")
            .bind(article)
            .bind(text.language)
            .bind(&text.title)
            .bind(&text.body)
            .run(tx)
            .await?;
    }
    Ok(())
}

async fn set_tags(tx: &mut Tx, article: i64, tags: &[String]) -> Result<()> {
    sql("DELETE FROM article_tags WHERE article_id = $1").bind(article).run(tx).await?;
    for tag in tags {
        sql("INSERT INTO article_tags (article_id, folded, tag) VALUES ($1, $2, $3)
             ON CONFLICT (article_id, folded) DO NOTHING")
        .bind(article)
        .bind(fold(tag))
        .bind(tag)
        .run(tx)
        .await?;
    }
    Ok(())
}

/// An article is this from now on; the moment since when, which no other state of it has.
pub async fn set_state(tx: &mut Tx, article: i64, state: ArticleState, now: Timestamp) -> Result<Timestamp> {
    sql("UPDATE articles SET state = $2,
             changed_at = CASE WHEN changed_at < $3 THEN $3 ELSE changed_at + 1 END
         WHERE id = $1 RETURNING changed_at")
    .bind(article)
    .bind(state)
    .bind(now)
    .value(tx)
    .await
}

pub async fn count_helped(tx: &mut Tx, article: i64) -> Result<()> {
    sql("UPDATE articles SET helped = helped + 1 WHERE id = $1").bind(article).run(tx).await?;
    Ok(())
}

pub async fn count_not_helped(tx: &mut Tx, article: i64) -> Result<()> {
    sql("UPDATE articles SET not_helped = not_helped + 1 WHERE id = $1").bind(article).run(tx).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    version: i64,
    content: String,
    person_id: Option<PersonId>,
    restored: Option<i64>,
    at: Timestamp,
}

impl VersionRow {
    fn version(self) -> Result<ArticleVersion> {
        Ok(ArticleVersion {
            version: self.version,
            content: serde_json::from_str(&self.content)?,
            person: self.person_id,
            restored: self.restored,
            at: self.at,
        })
    }
}

const VERSION: &str = "SELECT version, content, person_id, restored, at FROM article_versions ";

/// Up to `limit` versions below `below`, the newest first.
pub async fn versions(tx: &mut Tx, article: i64, below: i64, limit: i64) -> Result<Vec<ArticleVersion>> {
    let rows: Vec<VersionRow> = sql(VERSION)
        .push("WHERE article_id = ")
        .push_bind(article)
        .push(" AND version < ")
        .push_bind(below)
        .push(" ORDER BY version DESC LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(VersionRow::version).collect()
}

pub async fn version(tx: &mut Tx, article: i64, version: i64) -> Result<ArticleVersion> {
    let row: VersionRow = sql(VERSION)
        .push("WHERE article_id = ")
        .push_bind(article)
        .push(" AND version = ")
        .push_bind(version)
        .one(tx)
        .await?;
    row.version()
}

/// Somebody looked for these words in vain once more.
pub async fn count_gap(tx: &mut Tx, words: &str, now: Timestamp) -> Result<()> {
    sql("INSERT INTO knowledge_gaps (words, searches, last_at) VALUES ($1, 1, $2)
         ON CONFLICT (words) DO UPDATE SET searches = knowledge_gaps.searches + 1, last_at = excluded.last_at")
    .bind(words)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

/// What was looked for in vain at least `times`, most often first.
pub async fn gaps(tx: &mut Tx, times: i64, limit: i64) -> Result<Vec<Gap>> {
    sql("SELECT words, searches, last_at FROM knowledge_gaps WHERE $1 <= searches
         ORDER BY searches DESC, last_at DESC, words LIMIT $2")
    .bind(times)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn forget_gap(tx: &mut Tx, words: &str) -> Result<()> {
    sql("DELETE FROM knowledge_gaps WHERE words = $1").bind(words).run(tx).await?;
    Ok(())
}

pub async fn forget_gaps_before(tx: &mut Tx, before: Timestamp) -> Result<()> {
    sql("DELETE FROM knowledge_gaps WHERE last_at < $1").bind(before).run(tx).await?;
    Ok(())
}
