//! SQL of snippets and frames.

use std::collections::HashMap;

use super::model::{Draft, Frame, Listed, Snippet, Text};
use crate::platform::{Kept, Language, PersonId, QueueId, Result, Sql, Timestamp, Tx, key_lists, sql};

const SNIPPET: &str = "SELECT id, name, shortcut, folder, person_id, queue_id, used FROM snippets ";

/// Shared ones, and those of this person.
pub async fn all(tx: &mut Tx, person: Option<PersonId>) -> Result<Vec<Snippet>> {
    let statement = sql(SNIPPET)
        .push("WHERE person_id IS NULL OR person_id = ")
        .push_bind(person.map_or(0, |person| person.0))
        .push(" ORDER BY folder, name, id");
    with_texts(tx, statement).await
}

pub async fn snippet(tx: &mut Tx, snippet: i64) -> Result<Snippet> {
    let found = with_texts(tx, sql(SNIPPET).push("WHERE id = ").push_bind(snippet)).await?;
    found.into_iter().next().ok_or(crate::platform::Error::NotFound)
}

async fn with_texts(tx: &mut Tx, statement: Sql) -> Result<Vec<Snippet>> {
    let rows: Vec<Listed> = statement.all(tx).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut texts: HashMap<i64, Vec<Text>> = HashMap::new();
    for ids in key_lists(&ids) {
        let found: Vec<(i64, Language, String, String)> =
            sql("SELECT snippet_id, language, body, informal FROM snippet_texts WHERE snippet_id IN ")
                .push_list(ids.iter().copied())
                .push(" ORDER BY language")
                .all(tx)
                .await?;
        for (snippet, language, body, informal) in found {
            texts.entry(snippet).or_default().push(Text { language, body, informal });
        }
    }
    let whole = |row: Listed| Snippet {
        texts: texts.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        shortcut: row.shortcut,
        folder: row.folder,
        owner: row.owner,
        queue: row.queue,
        used: row.used,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// The snippet with this shortcut among the shared ones, or among those of a person.
pub async fn by_shortcut(tx: &mut Tx, shortcut: &str, owner: Option<PersonId>) -> Result<Option<i64>> {
    sql("SELECT id FROM snippets WHERE shortcut = $1 AND COALESCE(person_id, 0) = $2")
        .bind(shortcut)
        .bind(owner.map_or(0, |person| person.0))
        .maybe_value(tx)
        .await
}

pub async fn insert(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<i64> {
    let id: i64 = sql("INSERT INTO snippets (name, shortcut, folder, person_id, queue_id, used, changed_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6) RETURNING id")
    .bind(&draft.name)
    .bind(&draft.shortcut)
    .bind(&draft.folder)
    .bind(draft.owner)
    .bind(draft.queue)
    .bind(now)
    .value(tx)
    .await?;
    set_texts(tx, id, &draft.texts).await?;
    Ok(id)
}

pub async fn update(tx: &mut Tx, snippet: i64, draft: &Draft, now: Timestamp) -> Result<()> {
    sql("UPDATE snippets SET name = $2, shortcut = $3, folder = $4, person_id = $5, queue_id = $6, changed_at = $7
         WHERE id = $1")
    .bind(snippet)
    .bind(&draft.name)
    .bind(&draft.shortcut)
    .bind(&draft.folder)
    .bind(draft.owner)
    .bind(draft.queue)
    .bind(now)
    .run(tx)
    .await?;
    set_texts(tx, snippet, &draft.texts).await
}

async fn set_texts(tx: &mut Tx, snippet: i64, texts: &[Text]) -> Result<()> {
    sql("DELETE FROM snippet_texts WHERE snippet_id = $1").bind(snippet).run(tx).await?;
    for text in texts {
        sql("INSERT INTO snippet_texts (snippet_id, language, body, informal) VALUES ($1, $2, $3, $4)")
            .bind(snippet)
            .bind(text.language)
            .bind(&text.body)
            .bind(&text.informal)
            .run(tx)
            .await?;
    }
    Ok(())
}

pub async fn delete(tx: &mut Tx, snippet: i64) -> Result<()> {
    sql("DELETE FROM snippet_texts WHERE snippet_id = $1").bind(snippet).run(tx).await?;
    sql("DELETE FROM snippets WHERE id = $1").bind(snippet).run(tx).await?;
    Ok(())
}

pub async fn count_use(tx: &mut Tx, snippet: i64) -> Result<()> {
    sql("UPDATE snippets SET used = used + 1 WHERE id = $1").bind(snippet).run(tx).await?;
    Ok(())
}

static FRAMES: Kept<Vec<Frame>> = Kept::new("frames", |tx| Box::pin(load_frames(tx)));

pub async fn frames(tx: &mut Tx) -> Result<Vec<Frame>> {
    Ok(FRAMES.get(tx).await?.to_vec())
}

async fn load_frames(tx: &mut Tx) -> Result<Vec<Frame>> {
    sql("SELECT queue_id, language, greeting, closing, informal_greeting, informal_closing
         FROM answer_frames ORDER BY queue_id, language")
    .all(tx)
    .await
}

pub async fn frame(tx: &mut Tx, queue: QueueId, language: Language) -> Result<Option<Frame>> {
    let frames = FRAMES.get(tx).await?;
    Ok(frames.iter().find(|frame| frame.queue == queue && frame.language == language).cloned())
}

pub async fn set_frame(tx: &mut Tx, frame: &Frame) -> Result<()> {
    sql("INSERT INTO answer_frames (queue_id, language, greeting, closing, informal_greeting, informal_closing)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (queue_id, language) DO UPDATE
         SET greeting = $3, closing = $4, informal_greeting = $5, informal_closing = $6")
    .bind(frame.queue)
    .bind(frame.language)
    .bind(&frame.greeting)
    .bind(&frame.closing)
    .bind(&frame.informal_greeting)
    .bind(&frame.informal_closing)
    .run(tx)
    .await?;
    Ok(())
}
