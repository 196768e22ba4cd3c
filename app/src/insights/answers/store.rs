//! SQL of the tables `answer_runs`, `answer_run_files` and `answer_run_cases`.

use super::model::{CaseState, Progress, Run, RunCase, RunFile, RunState, Texts};
use crate::cases::NewAttachment;
use crate::platform::{
    CaseId, Column, ContactId, InsightId, PersonId, Result, Timestamp, Tx, key_lists, sql,
};

/// Where something of a contact may stand, see [`Tx::look`].
pub const OF_CONTACT: [Column; 1] = [("answer_run_cases", "contact_id")];

const RUN: &str = "SELECT id, insight_id, state, text_de, text_de_informal, text_en, afterwards, person_id, at, \
                   sent_by, sent_at, ended_at, version FROM answer_runs ";
const CASE: &str = "SELECT case_id, state, why, text, seen_id, contact_id, looked FROM answer_run_cases ";

pub async fn run(tx: &mut Tx, run: i64) -> Result<Run> {
    sql(RUN).push("WHERE id = ").push_bind(run).one(tx).await
}

/// The newest run of an insight.
pub async fn newest(tx: &mut Tx, insight: InsightId) -> Result<Option<Run>> {
    let of = sql(RUN).push("WHERE insight_id = ").push_bind(insight);
    of.push(" ORDER BY id DESC LIMIT 1").maybe(tx).await
}

/// The newest runs of an insight.
pub async fn runs(tx: &mut Tx, insight: InsightId, limit: i64) -> Result<Vec<Run>> {
    let of = sql(RUN).push("WHERE insight_id = ").push_bind(insight);
    of.push(" ORDER BY id DESC LIMIT ").push_bind(limit).all(tx).await
}

pub async fn insert(tx: &mut Tx, insight: InsightId, person: PersonId, now: Timestamp) -> Result<i64> {
    sql("INSERT INTO answer_runs (insight_id, state, text_de, text_en, afterwards, person_id, at, version)
         VALUES ($1, 'draft', '', '', 'wait', $2, $3, 1) RETURNING id")
    .bind(insight)
    .bind(person)
    .bind(now)
    .value(tx)
    .await
}

/// Puts cases on the list that are not there; how many.
pub async fn insert_cases(tx: &mut Tx, run: i64, cases: &[CaseId]) -> Result<u64> {
    let mut added = 0;
    for case in cases {
        added += sql("INSERT INTO answer_run_cases (run_id, case_id, state) VALUES ($1, $2, 'open')
                      ON CONFLICT (run_id, case_id) DO NOTHING")
        .bind(run)
        .bind(*case)
        .run(tx)
        .await?;
    }
    Ok(added)
}

pub async fn set_texts(tx: &mut Tx, run: i64, texts: &Texts) -> Result<()> {
    sql("UPDATE answer_runs SET text_de = $2, text_de_informal = $3, text_en = $4, afterwards = $5,
                                version = version + 1
         WHERE id = $1")
    .bind(run)
    .bind(texts.de.trim())
    .bind(texts.de_informal.trim())
    .bind(texts.en.trim())
    .bind(texts.afterwards)
    .run(tx)
    .await?;
    Ok(())
}

/// Another text has to be looked at again, except where a case has its own.
pub async fn reopen_shared(tx: &mut Tx, run: i64) -> Result<()> {
    sql("UPDATE answer_run_cases SET state = 'open' WHERE run_id = $1 AND state = 'approved' AND text IS NULL")
        .bind(run)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn start(tx: &mut Tx, run: i64, person: PersonId, now: Timestamp) -> Result<()> {
    sql(
        "UPDATE answer_runs SET state = 'sending', sent_by = $2, sent_at = $3, ended_at = NULL WHERE id = $1",
    )
    .bind(run)
    .bind(person)
    .bind(now)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_state(tx: &mut Tx, run: i64, state: RunState, ended: Option<Timestamp>) -> Result<()> {
    sql("UPDATE answer_runs SET state = $2, ended_at = $3 WHERE id = $1")
        .bind(run)
        .bind(state)
        .bind(ended)
        .run(tx)
        .await?;
    Ok(())
}

/// All cases of a run.
pub async fn cases(tx: &mut Tx, run: i64) -> Result<Vec<RunCase>> {
    sql(CASE).push("WHERE run_id = ").push_bind(run).push(" ORDER BY case_id").all(tx).await
}

pub async fn case(tx: &mut Tx, run: i64, case: CaseId) -> Result<RunCase> {
    let of = sql(CASE).push("WHERE run_id = ").push_bind(run);
    of.push(" AND case_id = ").push_bind(case).one(tx).await
}

/// Cases that a run of the insight answered and in which the customer said nothing since. An answer that did not get
/// there is none.
pub async fn answered(tx: &mut Tx, insight: InsightId) -> Result<Vec<CaseId>> {
    sql("SELECT DISTINCT c.case_id FROM answer_run_cases c
         JOIN answer_runs r ON r.id = c.run_id
         JOIN contacts a ON a.id = c.contact_id
         WHERE r.insight_id = $1 AND c.state IN ('sent', 'left')
           AND a.state NOT IN ('withdrawn', 'failed', 'suppressed')
           AND NOT EXISTS (SELECT 1 FROM contacts n
                           WHERE n.case_id = c.case_id AND n.direction = 'in' AND n.talk_id IS NULL AND a.id < n.id)")
    .bind(insight)
    .values(tx)
    .await
}

/// The first case of a run in this state.
pub async fn first(tx: &mut Tx, run: i64, state: CaseState) -> Result<Option<RunCase>> {
    let of = sql(CASE).push("WHERE run_id = ").push_bind(run).push(" AND state = ").push_bind(state);
    of.push(" ORDER BY case_id LIMIT 1").maybe(tx).await
}

/// What somebody decided about a case after a look at it.
pub async fn decide(tx: &mut Tx, run: i64, case: &RunCase, person: Option<PersonId>) -> Result<()> {
    sql("UPDATE answer_run_cases SET state = $3, why = NULL, text = $4, seen_id = $5, person_id = $6, looked = $7
         WHERE run_id = $1 AND case_id = $2")
    .bind(run)
    .bind(case.case)
    .bind(case.state)
    .bind(case.text.clone())
    .bind(case.seen.map(|seen| seen.0))
    .bind(person)
    .bind(case.looked.clone())
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_sent(tx: &mut Tx, run: i64, case: CaseId, contact: ContactId) -> Result<()> {
    sql("UPDATE answer_run_cases SET state = 'sent', contact_id = $3 WHERE run_id = $1 AND case_id = $2")
        .bind(run)
        .bind(case)
        .bind(contact)
        .run(tx)
        .await?;
    Ok(())
}

/// Nothing is sent to a case for now; `why` is a word of the pages.
pub async fn hold(tx: &mut Tx, run: i64, case: CaseId, why: &str) -> Result<()> {
    sql("UPDATE answer_run_cases SET state = 'held', why = $3
         WHERE run_id = $1 AND case_id = $2 AND state = 'approved'")
    .bind(run)
    .bind(case)
    .bind(why)
    .run(tx)
    .await?;
    Ok(())
}

/// Moves cases of a run from one state to another; all of them, or one.
pub async fn turn(
    tx: &mut Tx,
    run: i64,
    case: Option<CaseId>,
    from: CaseState,
    to: CaseState,
) -> Result<u64> {
    let turned = sql("UPDATE answer_run_cases SET why = NULL, state = ").push_bind(to);
    let mut turned = turned.push(" WHERE run_id = ").push_bind(run).push(" AND state = ").push_bind(from);
    if let Some(case) = case {
        turned = turned.push(" AND case_id = ").push_bind(case);
    }
    turned.run(tx).await
}

pub async fn progress(tx: &mut Tx, run: i64) -> Result<Progress> {
    let counted: Vec<(CaseState, i64)> =
        sql("SELECT state, COUNT(*) FROM answer_run_cases WHERE run_id = $1 GROUP BY state")
            .bind(run)
            .all(tx)
            .await?;
    let mut progress = Progress::default();
    for (state, cases) in counted {
        progress.add(state, cases);
    }
    Ok(progress)
}

pub async fn insert_file(tx: &mut Tx, run: i64, file: &NewAttachment) -> Result<()> {
    sql("INSERT INTO answer_run_files (run_id, name, content_type, size, blob) VALUES ($1, $2, $3, $4, $5)")
        .bind(run)
        .bind(&file.name)
        .bind(&file.content_type)
        .bind(file.size)
        .bind(&file.blob)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn files(tx: &mut Tx, run: i64) -> Result<Vec<RunFile>> {
    sql("SELECT id, name, content_type, size, blob FROM answer_run_files WHERE run_id = $1 ORDER BY id")
        .bind(run)
        .all(tx)
        .await
}

pub async fn delete_file(tx: &mut Tx, run: i64, file: i64) -> Result<()> {
    sql("DELETE FROM answer_run_files WHERE run_id = $1 AND id = $2").bind(run).bind(file).run(tx).await?;
    Ok(())
}

/// The insights in whose runs these contacts were written.
pub async fn insights_of(tx: &mut Tx, contacts: &[ContactId]) -> Result<Vec<(ContactId, InsightId, String)>> {
    let mut found = Vec::new();
    let asked: Vec<ContactId> =
        contacts.iter().copied().filter(|contact| !tx.has_none(&OF_CONTACT, contact.0)).collect();
    for contacts in key_lists(&asked) {
        let rows: Vec<(ContactId, InsightId, String)> =
            sql("SELECT c.contact_id, r.insight_id, i.title FROM answer_run_cases c
             JOIN answer_runs r ON r.id = c.run_id JOIN insights i ON i.id = r.insight_id
             WHERE c.contact_id IN ")
            .push_list(contacts.iter().copied())
            .all(tx)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
