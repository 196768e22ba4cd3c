//! SQL of notices, wishes about them, and browsers.

use super::model::{Browser, News, Notice, NoticeKind, Wishes};
use crate::platform::{CaseId, Error, PersonId, Result, Timestamp, Tx, sql};

const NOTICE: &str =
    "SELECT id, person_id, kind, case_id, insight_id, detail_id, actor_id, many, first_at, at, read_at,
    push_at, mail_at FROM person_notices ";

/// When it leaves on which way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Leaves {
    pub shown: bool,
    pub push_at: Option<Timestamp>,
    pub mail_at: Option<Timestamp>,
}

pub async fn insert(
    tx: &mut Tx,
    person: PersonId,
    news: &News,
    leaves: Leaves,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO person_notices (person_id, kind, case_id, insight_id, detail_id, actor_id, many, first_at, at, shown,
                              push_at, mail_at)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8, $9, $10) RETURNING id")
    .bind(person)
    .bind(news.kind)
    .bind(news.case)
    .bind(news.insight)
    .bind(news.detail)
    .bind(news.actor)
    .bind(at)
    .bind(leaves.shown)
    .bind(leaves.push_at)
    .bind(leaves.mail_at)
    .value(tx)
    .await
}

/// The unread notice that `news` can join: the same of the same case, begun after `since`.
pub async fn same(tx: &mut Tx, person: PersonId, news: &News, since: Timestamp) -> Result<Option<Notice>> {
    sql(NOTICE)
        .push("WHERE person_id = ")
        .push_bind(person)
        .push(" AND case_id = ")
        .push_bind(news.case)
        .push(" AND read_at IS NULL AND kind = ")
        .push_bind(news.kind)
        .push(" AND first_at > ")
        .push_bind(since)
        .push(" ORDER BY id DESC LIMIT 1")
        .maybe(tx)
        .await
}

/// One more of the same.
pub async fn add(tx: &mut Tx, notice: i64, news: &News, leaves: Leaves, at: Timestamp) -> Result<()> {
    sql("UPDATE person_notices SET many = many + 1, at = $2, detail_id = $3, actor_id = $4, push_at = $5, mail_at = $6
         WHERE id = $1")
    .bind(notice)
    .bind(at)
    .bind(news.detail)
    .bind(news.actor)
    .bind(leaves.push_at)
    .bind(leaves.mail_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Was the person told of this task or hand-off of the case?
pub async fn knows(tx: &mut Tx, person: PersonId, news: &News) -> Result<bool> {
    let found: Option<i64> =
        sql("SELECT id FROM person_notices WHERE person_id = $1 AND case_id = $2 AND kind = $3
                                  AND detail_id = $4 LIMIT 1")
        .bind(person)
        .bind(news.case)
        .bind(news.kind)
        .bind(news.detail)
        .maybe_value(tx)
        .await?;
    Ok(found.is_some())
}

/// Has the person still to read that of this proposed change?
pub async fn is_told(tx: &mut Tx, person: PersonId, news: &News) -> Result<bool> {
    // In the words of the index.
    let found: Option<i64> =
        sql("SELECT id FROM person_notices WHERE person_id = $1 AND kind = $2 AND detail_id = $3
             AND case_id IS NULL AND insight_id IS NULL AND detail_id IS NOT NULL AND read_at IS NULL LIMIT 1")
        .bind(person)
        .bind(news.kind)
        .bind(news.detail)
        .maybe_value(tx)
        .await?;
    Ok(found.is_some())
}

/// Who still has to read that somebody proposes this change.
pub async fn asked(tx: &mut Tx, proposal: i64) -> Result<Vec<PersonId>> {
    // In the words of the index.
    sql("SELECT DISTINCT person_id FROM person_notices WHERE kind = 'article_proposed' AND detail_id = $1
         AND case_id IS NULL AND insight_id IS NULL AND detail_id IS NOT NULL AND read_at IS NULL")
    .bind(proposal)
    .values(tx)
    .await
}

pub async fn one(tx: &mut Tx, person: PersonId, notice: i64) -> Result<Notice> {
    sql(NOTICE)
        .push("WHERE id = ")
        .push_bind(notice)
        .push(" AND person_id = ")
        .push_bind(person)
        .one(tx)
        .await
}

pub async fn some(tx: &mut Tx, notices: &[i64]) -> Result<Vec<Notice>> {
    sql(NOTICE).push("WHERE id IN ").push_list(notices.iter().copied()).push(" ORDER BY at, id").all(tx).await
}

/// A page of somebody's list, the newest first.
pub async fn list(
    tx: &mut Tx,
    person: PersonId,
    before: (Timestamp, i64),
    unread: bool,
    limit: i64,
) -> Result<Vec<Notice>> {
    let statement = sql(NOTICE)
        .push("WHERE shown AND person_id = ")
        .push_bind(person)
        .push(" AND (at, id) < (")
        .push_bind(before.0)
        .push(", ")
        .push_bind(before.1);
    let only = if unread { ") AND read_at IS NULL" } else { ")" };
    statement.push(only).push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit).all(tx).await
}

/// Kind, case and detail of each unread notice in somebody's list, up to `limit`.
pub async fn unread(
    tx: &mut Tx,
    person: PersonId,
    limit: i64,
) -> Result<Vec<(NoticeKind, Option<CaseId>, Option<i64>)>> {
    sql("SELECT kind, case_id, detail_id FROM person_notices
         WHERE shown AND read_at IS NULL AND person_id = $1 ORDER BY id DESC LIMIT $2")
    .bind(person)
    .bind(limit)
    .all(tx)
    .await
}

pub async fn has_unread_of(tx: &mut Tx, person: PersonId, case: CaseId) -> Result<bool> {
    let found: Option<i64> = sql(
        "SELECT id FROM person_notices WHERE read_at IS NULL AND person_id = $1 AND case_id = $2 LIMIT 1",
    )
    .bind(person)
    .bind(case)
    .maybe_value(tx)
    .await?;
    Ok(found.is_some())
}

/// What was read leaves no more.
pub async fn read_case(tx: &mut Tx, person: PersonId, case: CaseId, at: Timestamp) -> Result<u64> {
    sql("UPDATE person_notices SET read_at = $3, push_at = NULL, mail_at = NULL
         WHERE read_at IS NULL AND person_id = $1 AND case_id = $2")
    .bind(person)
    .bind(case)
    .bind(at)
    .run(tx)
    .await
}

pub async fn read_all(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<u64> {
    sql("UPDATE person_notices SET read_at = $2, push_at = NULL, mail_at = NULL
         WHERE shown AND read_at IS NULL AND person_id = $1")
    .bind(person)
    .bind(at)
    .run(tx)
    .await
}

pub async fn set_read(tx: &mut Tx, notice: i64, at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE person_notices SET read_at = $2, push_at = NULL, mail_at = NULL WHERE id = $1")
        .bind(notice)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Open pages of the person are to look again.
pub async fn mark(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("INSERT INTO notice_marks (person_id, version) VALUES ($1, 1)
         ON CONFLICT (person_id) DO UPDATE SET version = notice_marks.version + 1")
    .bind(person)
    .run(tx)
    .await?;
    tx.ring_after_commit();
    Ok(())
}

pub async fn marks(tx: &mut Tx) -> Result<Vec<(PersonId, i64)>> {
    sql("SELECT person_id, version FROM notice_marks").all(tx).await
}

pub async fn wishes(tx: &mut Tx, person: PersonId) -> Result<Option<Wishes>> {
    let found: Option<String> =
        sql("SELECT wishes FROM notice_wishes WHERE person_id = $1").bind(person).maybe_value(tx).await?;
    Ok(found.and_then(|text| serde_json::from_str(&text).ok()))
}

pub async fn set_wishes(tx: &mut Tx, person: PersonId, wishes: &Wishes) -> Result<()> {
    sql("INSERT INTO notice_wishes (person_id, wishes) VALUES ($1, $2)
         ON CONFLICT (person_id) DO UPDATE SET wishes = excluded.wishes")
    .bind(person)
    .bind(serde_json::to_string(wishes)?)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn forget_wishes(tx: &mut Tx, person: PersonId) -> Result<()> {
    sql("DELETE FROM notice_wishes WHERE person_id = $1").bind(person).run(tx).await?;
    Ok(())
}

pub async fn state(tx: &mut Tx, name: &'static str) -> Result<Option<String>> {
    sql("SELECT value FROM notice_state WHERE name = $1").bind(name).maybe_value(tx).await
}

pub async fn set_state(tx: &mut Tx, name: &'static str, value: &str) -> Result<()> {
    sql("INSERT INTO notice_state (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    .bind(name)
    .bind(value)
    .run(tx)
    .await?;
    Ok(())
}

/// Who is to get something by mail.
pub async fn mail_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<PersonId>> {
    sql("SELECT DISTINCT person_id FROM person_notices WHERE mail_at IS NOT NULL AND mail_at <= $1 LIMIT $2")
        .bind(now)
        .bind(limit)
        .values(tx)
        .await
}

/// Who is to be pushed something.
pub async fn push_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<PersonId>> {
    sql("SELECT DISTINCT person_id FROM person_notices WHERE push_at IS NOT NULL AND push_at <= $1 LIMIT $2")
        .bind(now)
        .bind(limit)
        .values(tx)
        .await
}

pub async fn mails_of(tx: &mut Tx, person: PersonId, now: Timestamp, limit: i64) -> Result<Vec<Notice>> {
    sql(NOTICE)
        .push("WHERE mail_at IS NOT NULL AND mail_at <= ")
        .push_bind(now)
        .push(" AND person_id = ")
        .push_bind(person)
        .push(" ORDER BY at, id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

pub async fn pushes_of(tx: &mut Tx, person: PersonId, now: Timestamp, limit: i64) -> Result<Vec<Notice>> {
    sql(NOTICE)
        .push("WHERE push_at IS NOT NULL AND push_at <= ")
        .push_bind(now)
        .push(" AND person_id = ")
        .push_bind(person)
        .push(" ORDER BY at, id LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

pub async fn set_mail_at(tx: &mut Tx, notices: &[i64], at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE person_notices SET mail_at = ")
        .push_bind(at)
        .push(" WHERE id IN ")
        .push_list(notices.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_push_at(tx: &mut Tx, notices: &[i64], at: Option<Timestamp>) -> Result<()> {
    sql("UPDATE person_notices SET push_at = ")
        .push_bind(at)
        .push(" WHERE id IN ")
        .push_list(notices.iter().copied())
        .run(tx)
        .await?;
    Ok(())
}

/// Forgets what is older than `before`.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    sql("DELETE FROM person_notices WHERE at < $1").bind(before).run(tx).await
}

const BROWSER: &str =
    "SELECT id, person_id, endpoint, p256dh, auth, device, added_at, used_at FROM notice_browsers ";

/// Whoever uses a browser last gets what is pushed to it.
pub async fn add_browser(
    tx: &mut Tx,
    person: PersonId,
    (endpoint, p256dh, auth): (&str, &str, &str),
    device: &str,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO notice_browsers (person_id, endpoint, p256dh, auth, device, added_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (endpoint) DO UPDATE SET person_id = excluded.person_id, p256dh = excluded.p256dh,
             auth = excluded.auth, device = excluded.device, added_at = excluded.added_at, used_at = NULL
         RETURNING id")
    .bind(person)
    .bind(endpoint)
    .bind(p256dh)
    .bind(auth)
    .bind(device)
    .bind(at)
    .value(tx)
    .await
}

pub async fn browser(tx: &mut Tx, browser: i64) -> Result<Option<Browser>> {
    sql(BROWSER).push("WHERE id = ").push_bind(browser).maybe(tx).await
}

pub async fn browsers(tx: &mut Tx, person: PersonId) -> Result<Vec<Browser>> {
    sql(BROWSER).push("WHERE person_id = ").push_bind(person).push(" ORDER BY id").all(tx).await
}

pub async fn touch_browser(tx: &mut Tx, browser: i64, at: Timestamp) -> Result<()> {
    sql("UPDATE notice_browsers SET used_at = $2 WHERE id = $1").bind(browser).bind(at).run(tx).await?;
    Ok(())
}

pub async fn drop_browser(tx: &mut Tx, browser: i64) -> Result<()> {
    sql("DELETE FROM notice_browsers WHERE id = $1").bind(browser).run(tx).await?;
    Ok(())
}

pub async fn drop_browser_of(tx: &mut Tx, person: PersonId, browser: i64) -> Result<()> {
    let gone = sql("DELETE FROM notice_browsers WHERE id = $1 AND person_id = $2")
        .bind(browser)
        .bind(person)
        .run(tx)
        .await?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// The browser with this endpoint, for who leaves the house on it.
pub async fn drop_endpoint(tx: &mut Tx, person: PersonId, endpoint: &str) -> Result<()> {
    sql("DELETE FROM notice_browsers WHERE endpoint = $1 AND person_id = $2")
        .bind(endpoint)
        .bind(person)
        .run(tx)
        .await?;
    Ok(())
}
