//! SQL of tags, and of the cases that have them.

use crate::cases::attributes::model::{Tag, TagUse};
use crate::cases::store::of_case::TAGS;
use crate::platform::{CaseId, Error, Result, TagId, Tx, key_lists, sql};

/// The tags of these cases, by name.
pub async fn tags_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<(CaseId, TagId, String)>> {
    let mut tags: Vec<(CaseId, TagId, String)> = Vec::new();
    let asked: Vec<CaseId> = cases.iter().copied().filter(|case| !tx.has_none(&TAGS, case.0)).collect();
    for cases in key_lists(&asked) {
        let some = sql("SELECT ct.case_id, t.id, t.name FROM case_tags ct JOIN tags t ON t.id = ct.tag_id
                        WHERE ct.case_id IN ")
        .push_list(cases)
        .push(" ORDER BY t.folded, t.id");
        tags.extend::<Vec<(CaseId, TagId, String)>>(some.all(tx).await?);
    }
    Ok(tags)
}

pub async fn tag(tx: &mut Tx, tag: TagId) -> Result<Tag> {
    sql("SELECT id, name FROM tags WHERE id = $1").bind(tag).one(tx).await
}

pub async fn tag_named(tx: &mut Tx, folded: &str) -> Result<Option<Tag>> {
    sql("SELECT id, name FROM tags WHERE folded = $1").bind(folded).maybe(tx).await
}

/// Up to `limit` tags whose folded names contain `part`; those that begin with it first.
pub async fn tags_like(tx: &mut Tx, part: &str, limit: i64) -> Result<Vec<Tag>> {
    let escaped = part.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    sql("SELECT id, name FROM tags WHERE folded LIKE $1 ESCAPE '!'
         ORDER BY CASE WHEN folded LIKE $2 ESCAPE '!' THEN 0 ELSE 1 END, folded LIMIT $3")
    .bind(format!("%{escaped}%"))
    .bind(format!("{escaped}%"))
    .bind(limit)
    .all(tx)
    .await
}

/// All tags with how many cases have them, counted up to `limit`.
pub async fn tag_uses(tx: &mut Tx, limit: i64) -> Result<Vec<TagUse>> {
    sql("SELECT t.id, t.name, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM case_tags WHERE tag_id = t.id LIMIT $1) AS found) AS cases
         FROM tags t ORDER BY t.folded")
    .bind(limit)
    .all(tx)
    .await
}

/// The tag of this name, made if there is none yet, also if somebody else makes it at this moment.
pub async fn make_tag(tx: &mut Tx, name: &str, folded: &str) -> Result<Tag> {
    if let Some(tag) = tag_named(tx, folded).await? {
        return Ok(tag);
    }
    sql("INSERT INTO tags (name, folded) VALUES ($1, $2) ON CONFLICT (folded) DO NOTHING")
        .bind(name)
        .bind(folded)
        .run(tx)
        .await?;
    tag_named(tx, folded).await?.ok_or(Error::NotFound)
}

/// Whether the case did not have it yet.
pub async fn insert_tag(tx: &mut Tx, case: CaseId, tag: TagId) -> Result<bool> {
    let added = sql("INSERT INTO case_tags (case_id, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(case)
        .bind(tag)
        .run(tx)
        .await?;
    Ok(added != 0)
}

/// Whether the case had it.
pub async fn delete_tag(tx: &mut Tx, case: CaseId, tag: TagId) -> Result<bool> {
    let removed = sql("DELETE FROM case_tags WHERE case_id = $1 AND tag_id = $2").bind(case).bind(tag);
    Ok(removed.run(tx).await? != 0)
}

pub async fn count_tags(tx: &mut Tx, case: CaseId) -> Result<i64> {
    sql("SELECT COUNT(*) FROM case_tags WHERE case_id = $1").bind(case).value(tx).await
}

pub async fn rename_tag(tx: &mut Tx, tag: TagId, name: &str, folded: &str) -> Result<()> {
    let renamed =
        sql("UPDATE tags SET name = $2, folded = $3 WHERE id = $1").bind(tag).bind(name).bind(folded);
    if renamed.run(tx).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Cases of the first tag have the second one.
pub async fn move_tag(tx: &mut Tx, from: TagId, into: TagId) -> Result<()> {
    sql("INSERT INTO case_tags (case_id, tag_id) SELECT case_id, $2 FROM case_tags WHERE tag_id = $1
         ON CONFLICT DO NOTHING")
    .bind(from)
    .bind(into)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn tagged(tx: &mut Tx, tag: TagId) -> Result<Vec<i64>> {
    sql("SELECT case_id FROM case_tags WHERE tag_id = $1").bind(tag).values(tx).await
}

pub async fn forget_tag(tx: &mut Tx, tag: TagId) -> Result<()> {
    sql("DELETE FROM case_tags WHERE tag_id = $1").bind(tag).run(tx).await?;
    sql("DELETE FROM tags WHERE id = $1").bind(tag).run(tx).await?;
    Ok(())
}
