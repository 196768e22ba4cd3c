//! SQL of cases one by one; that of lists of them is in [`lists`], of how they stand in [`standing`], of their contacts
//! in [`contacts`], of what ties cases in [`links`].

mod attachments;
mod bins;
pub mod bulk;
mod clocks;
mod contacts;
mod drafts;
mod figures;
mod filter;
mod handoffs;
mod involved;
mod links;
mod lists;
mod loads;
mod marks;
mod mentions;
mod merge;
pub mod of_case;
mod opening;
mod participants;
mod patience;
mod recipients;
mod relations;
mod search;
mod sight;
mod standing;
mod talks;
mod tasks;
mod texts;
mod time;
mod undos;
mod wordings;
mod writing;

pub use attachments::{
    attachment, attachments, attachments_in, attachments_of, blobs_after, insert_attachments,
};
pub use bins::{set_bin, set_private};
pub use contacts::{
    advance, beginning, contact, contacts, contacts_of_customer, existing, fates, glimpses, insert_contact,
    is_aside, last_inbound, note_sender, redirect, said_since, set_aside, set_heard, set_signature,
    unanswered_since, uncount_contact,
};
pub use drafts::{
    Draft, delete_draft, draft, drafts, insert_draft, insert_upload, is_discarded_since, set_discarded,
    take_draft, update_draft, upload, uploads,
};
pub use figures::{
    DayRow, Stretch, add_grown, case_days, closed_late, closed_on, days_counted, first_late, first_opened,
    forget_late, grown_on, insert_case_day, insert_late, late_on, opened_late, opened_on, reopened_by_part,
    results_late, results_on, set_days_counted, take_late, unfinished_by_part,
};
pub use handoffs::{
    answer_handoff, handed_to, handoff, handoff_sender, handoffs, insert_handoff, reopen_handoff,
};
pub use involved::{add_person, involved, involved_in, remove_person};
pub use links::{Link, followers, insert_link, links};
pub use lists::{all_ids, all_of_customer, count, line, lines, list, list_ids, matching, of_customer};
pub use loads::{held_by, loads};
pub use marks::{
    accept_sender, count_from, exclude, last_from, set_purpose, set_reason, set_unanswerable, strangers,
    subjects,
};
pub use mentions::{
    Mention, called_into, follow_case, forget_mentions, insert_mention, mentions_of, see_mentions,
};
pub use merge::{
    Merge, clear_moved, contacts_in, delete_merge, family, insert_merge, last_contact, merge, merges_into,
    move_all, move_along, move_along_back, move_contacts, move_some, moved_back, set_customer_of, set_moved,
    show_last, unfinished,
};
pub use opening::{NewCase, insert, insert_clocked};
pub use participants::{is_participant, last_address_written_to, last_sender, participants};
pub use patience::{
    forget_patience, patience, save_patience, set_reminded, to_close, to_remind, wait_on, waits,
};
pub use recipients::{
    addresses_of_case, fail_recipients, insert_recipients, readdress, recipients, requeue_recipients,
    set_progress,
};
pub use relations::{
    RelationRow, delete_relation, insert_relation, open_children, parents, relation, relations,
};
pub use search::{
    FileText, Said, Searched, file_texts_of, ids_below, ids_of_customer, planned, said, searched,
};
pub use sight::{
    Name, cases_of, is_named, is_named_on_veiled, named_by, people_of, places, promises_in_sight, seen_of,
    veiled,
};
pub use standing::{
    Standing, Today, count_automatic_contact, count_contact, count_owed_contact, due_to_wake, set_standing,
};
pub use talks::{Talk, insert_talk, set_resends, talk, talk_contacts, talks};
pub use tasks::{
    KeptTask, checklist, checklists, count_waiting, delete_task, insert_task, kept_task, restore_task,
    save_checklist, set_task_done, task, task_person, tasks, tasks_due, tasks_of, update_task,
};
pub use texts::{
    FileTexts, Unread, UnreadableFile, claim_unread, file_counts, give_up_reading, is_reading, keep_text,
    set_read, unread, unreadable,
};
pub use time::{insert_time, time_of};
pub use undos::{forget_undos, insert_undo, newest_undo, take_undos, undo, use_undo};
pub use wordings::{Wording, insert_wording, wordings};
pub use writing::{set_undo, undo_seconds};

pub use clocks::{
    Clocked, ComplaintEnd, Ended, PastEnd, alarming, complaint_end, complaint_settings, delete_result,
    end_complaint, forget_complaint_end, hold_alarm, insert_past_result, insert_result, last_outbound,
    next_alarm, open_after, open_of, raise, set_clocks, set_complaint, set_complaint_settings, set_due,
    working,
};

use super::model::Case;
use crate::platform::{CaseId, PersonId, ProductId, QueueId, Result, Timestamp, Tx, key_lists, sql};
pub use filter::time;

/// The first case's number is one above.
const FIRST_NUMBER: i64 = 10_000;

const CASE: &str = "c.id, c.number, c.subject, c.customer_id, c.queue_id, c.owner_id, c.status, c.channel, c.priority,
    c.created_at, c.updated_at, c.due_at, c.due_from, c.wait_until, c.closed_at, c.contacts, c.internal, c.snippet, c.documented,
    c.signals, c.product_id, c.active_seconds, c.version, c.moved_to, c.suspicious,
    c.private, c.bin, c.kind_id, c.own_state_id, c.speaker,
    c.due_clock, c.soon_at, c.clocks, c.escalated, c.complaint";

pub async fn case(tx: &mut Tx, case: CaseId) -> Result<Case> {
    tx.once("case", case.0, |tx, id| Box::pin(by_id(tx, id))).await
}

async fn by_id(tx: &mut Tx, id: i64) -> Result<Case> {
    sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.id = ").push_bind(id).one(tx).await
}

pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Case>> {
    let found: Option<Case> =
        sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.number = ").push_bind(number).maybe(tx).await?;
    if let Some(case) = &found {
        tx.know("case", case.id.0, case.clone());
    }
    Ok(found)
}

/// Cases whose number ends with these digits, the newest first.
pub async fn by_digits(tx: &mut Tx, number: i64, limit: i64) -> Result<Vec<Case>> {
    sql("SELECT ")
        .push(CASE)
        .push(" FROM cases c WHERE c.id = ")
        .push_bind(number - FIRST_NUMBER)
        .push(" LIMIT ")
        .push_bind(limit)
        .all(tx)
        .await
}

/// The cases with these numbers, as far as they exist.
pub async fn by_numbers(tx: &mut Tx, numbers: &[String]) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    for numbers in key_lists(numbers) {
        let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.number IN ");
        cases.extend::<Vec<Case>>(statement.push_list(numbers.iter().cloned()).all(tx).await?);
    }
    Ok(cases)
}

/// These cases, as far as they exist.
pub async fn some(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    for ids in key_lists(ids) {
        let statement = sql("SELECT ").push(CASE).push(" FROM cases c WHERE c.id IN ");
        cases.extend::<Vec<Case>>(statement.push_list(ids.iter().copied()).all(tx).await?);
    }
    Ok(cases)
}

/// Are there private cases at all?
pub async fn any_private(tx: &mut Tx) -> Result<bool> {
    let found: Option<CaseId> = sql("SELECT id FROM cases WHERE private LIMIT 1").maybe_value(tx).await?;
    Ok(found.is_some())
}

pub async fn set_owner(tx: &mut Tx, case: CaseId, owner: Option<PersonId>, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET owner_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(owner)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

pub async fn set_queue(tx: &mut Tx, case: CaseId, queue: QueueId, now: Timestamp) -> Result<()> {
    sql("UPDATE cases SET queue_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
        .bind(case)
        .bind(queue)
        .bind(now)
        .run(tx)
        .await?;
    Ok(())
}

/// What the findings of a case say, for lists: `signals` are kinds separated by spaces.
pub async fn set_signals(
    tx: &mut Tx,
    case: CaseId,
    documented: bool,
    signals: &str,
    product: Option<ProductId>,
) -> Result<()> {
    sql("UPDATE cases SET documented = $2, signals = $3, product_id = COALESCE($4, product_id), version = version + 1
         WHERE id = $1")
    .bind(case)
    .bind(documented)
    .bind(signals)
    .bind(product)
    .run(tx)
    .await?;
    Ok(())
}

pub async fn set_answered(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<()> {
    sql("UPDATE cases SET answered_at = COALESCE(answered_at, $2) WHERE id = $1")
        .bind(case)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// An answer written at `at` never left: if it was the first, the one after it is, or there is none yet. Who was spoken
/// with since was answered by that.
pub async fn forget_answered(tx: &mut Tx, case: CaseId, at: Timestamp) -> Result<()> {
    sql("UPDATE cases SET answered_at = (
             SELECT MIN(o.at) FROM contacts o WHERE o.case_id = $1 AND o.talk_id IS NULL AND (
                 (o.direction = 'out' AND NOT o.aside AND o.state NOT IN ('withdrawn', 'failed', 'suppressed'))
                 OR (o.heard AND $2 <= o.at)))
         WHERE id = $1 AND answered_at = $2")
    .bind(case)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Is there any case at all?
pub async fn any(tx: &mut Tx) -> Result<bool> {
    Ok(sql("SELECT 1 FROM cases LIMIT 1").maybe_value::<i64>(tx).await?.is_some())
}

/// How many cases were opened at or after `from` and before `to`.
pub async fn opened_between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<i64> {
    sql("SELECT COUNT(*) FROM cases WHERE bin IS NULL AND created_at >= $1 AND created_at < $2")
        .bind(from)
        .bind(to)
        .value(tx)
        .await
}
