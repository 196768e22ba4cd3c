//! Cases: the piece of service work that contacts belong to, from the first message to the last.
//!
//! Channels bring contacts in ([`receive`]) and take written ones out ([`claim`], [`sent`], [`failed`]); people
//! answer, note, assign, wait, close and reopen. What a customer is told leaves only after ten seconds, in which
//! it can be taken back.

mod alarms;
mod answer;
mod arrive;
pub mod attributes;
pub mod bins;
pub mod bulk;
mod check;
mod clocks;
pub mod complaint;
pub mod counts;
mod delivery;
mod drafts;
mod end;
pub mod figures;
pub mod filter;
mod glimpse;
mod handoffs;
mod hours;
mod house;
mod involved;
mod links;
mod loads;
mod log;
mod marks;
mod mentions;
mod merge;
mod model;
mod numbers;
mod past;
mod patience;
mod pick;
pub mod presence;
pub mod promises;
mod recalculate;
mod recipients;
mod relations;
mod search;
mod shared;
pub mod sight;
mod split;
mod stand;
mod steps;
mod store;
mod talk;
pub mod tasks;
mod texts;
mod time;
pub mod undo;
pub mod web;
mod writing;

use std::collections::{HashMap, HashSet};

pub use alarms::{alarm, next_alarm, watch};
pub use answer::{Answer, Then, UNDO, recipient, reply, reply_as_part, reply_in, withdraw};
pub use arrive::{note, note_by_hand, note_drafted, note_in, note_sender, owe_answer, receive};
pub use attributes::{
    Attributes, Badges, CaseField, CaseKind, Entry, NewState, OwnState, Tag, Written, add_tag, attributes,
    badges, priority_word, remove_tag, set_field, set_kind, set_priority, set_state,
};
pub use check::CHECKS;
pub use clocks::{Event as ClockEvent, Turn};
pub use delivery::{
    claim, delayed, delivered, failed, failed_for, reschedule, send_again, sent, set_signature, unclaim,
};
pub use drafts::{
    Draft, DraftKind, Kept, Typed, discard, drafts, is_discarded_since, restore, save, take_over,
};
pub use end::{Ending, end};
pub use filter::{Condition, Eyes, Field, Filter, Finder, Sort, Test};
pub use glimpse::{Part, conversation};
pub use handoffs::{
    Handoff, HandoffState, To, accept as accept_handoff, answer as answer_handoff,
    decline as decline_handoff, hand_off, hand_off_in, handoffs, sender as handoff_sender,
    withdraw as withdraw_handoff,
};
pub use house::{HouseCase, open_for_house};
pub use involved::{Involved, Involvement, involve, involve_in, involved, release as release_person};
pub use links::{Linked, Why, current, follow, followers, join, links, part, resolve};
pub use loads::{held_by, loads};
pub use log::{Logged, log};
pub use marks::{
    accept, count_from, is_forged, is_unanswerable, release, remark, set_unanswerable, subjects, suppress,
};
pub use mentions::{Mention, called, see};
pub use merge::{Merged, merge, merged, suggestions, unmerge};
pub use model::{
    Attachment, Bin, Case, Channel, Contact, Cursor, Destination, Direction, DueClock, Incoming, Line,
    NewAttachment, NewContact, PastContact, Priority, Problem, SenderProof, State, Status, Trouble, View,
    snippet,
};
pub use numbers::numbers;
pub use past::{Past, add_history, add_past, add_past_aside, add_past_contact, add_past_time, due};
pub use patience::{Patience, lose_patience, patience, set_patience};
pub use pick::{Picked, pick};
pub use promises::{end_promise, move_promise, promise, withdraw_promise};
pub use recipients::{
    Addressee, Place, Progress, Recipient, addresses, is_address, reached, recipients, recipients_of,
    unreached,
};
pub use relations::{Related, Tie, close_as_duplicate, open_children, relate, relations, unrelate};
pub use search::{Codes, SEARCH};
pub use shared::{News, Rows, Stretch, read as rows, share};
pub use split::{Split, split};
pub use stand::{
    assign, assign_in, close, close_in, move_in, move_to, reopen, reopen_in, wait, wait_in, wake, waker,
};
pub use store::of_case::{OF_CASE, OF_CONTACT};
pub use store::{
    FileTexts, NewCase, UnreadableFile, Wording, all_ids, all_of_customer, any, attachment, attachments,
    attachments_of, by_numbers, case, contact, contacts_of_customer, count, handed_to, is_aside,
    last_address_written_to, line, list, of_customer, opened_between, participants,
    set_signals as show_findings, some, wordings,
};
pub use talk::{NewTalk, Talk, partner, pass_on, say, talk, talk_contacts, talks};
pub use texts::{file_texts, give_up, read_files, reader};
pub use time::{OwnTime, correct_time, own_time, spend_time};
pub use writing::{LONGEST_UNDO, set_undo_time, undo_time};

use crate::deadlines;
use crate::journal::Listener;
use crate::people;
use crate::platform::{Actor, CaseId, ContactId, Error, JobKind, Result, Timestamp, Tx};

pub static LISTENERS: [&Listener; 1] = [&recalculate::LISTENER];
pub static JOBS: [&JobKind; 2] = [&recalculate::RECALCULATE, &bulk::RUN];

/// More are not looked for at once.
const MOST_PLANNED: i64 = 10_000;

/// Cases with an answer that leaves later, not just when its undo time is over.
pub async fn planned(tx: &mut Tx, now: Timestamp) -> Result<Vec<CaseId>> {
    store::planned(tx, now + LONGEST_UNDO, MOST_PLANNED).await
}

/// Those of these contacts that there are.
pub async fn existing(tx: &mut Tx, contacts: &[ContactId]) -> Result<HashSet<ContactId>> {
    Ok(store::existing(tx, contacts).await?.into_iter().collect())
}

/// The case with this public number; the one that its contacts were moved to.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Case> {
    find_number(tx, number).await?.ok_or(Error::NotFound)
}

/// The case that was given this public number, even if its contacts were moved.
pub async fn numbered(tx: &mut Tx, number: &str) -> Result<Case> {
    store::by_number(tx, number).await?.ok_or(Error::NotFound)
}

/// As [`by_number`], if there is one.
pub async fn find_number(tx: &mut Tx, number: &str) -> Result<Option<Case>> {
    match store::by_number(tx, number).await? {
        Some(case) => resolve(tx, case).await.map(Some),
        None => Ok(None),
    }
}

/// These cases in this order, as they are now, without those that the actor may not know of by now.
pub async fn lines(tx: &mut Tx, actor: &Actor, cases: &[CaseId]) -> Result<Vec<Line>> {
    let found = store::lines(tx, actor, cases).await?;
    let mut lines: HashMap<CaseId, Line> = found.into_iter().map(|line| (line.case.id, line)).collect();
    Ok(cases.iter().filter_map(|case| lines.remove(case)).collect())
}

/// Those of these cases that a filter finds: what lists ask, of few.
pub async fn matching(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cases: &[CaseId],
) -> Result<HashSet<CaseId>> {
    Ok(store::matching(tx, eyes, filter, cases).await?.into_iter().collect())
}

/// A page of the ids that a filter finds, with where the next one begins.
pub async fn ids(
    tx: &mut Tx,
    eyes: &Eyes<'_>,
    filter: &Filter,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<(Vec<CaseId>, Option<Cursor>)> {
    let found = store::list_ids(tx, eyes, filter, cursor, limit).await?;
    let next = found.last().map(|(at, case)| Cursor(vec![at.0, case.0]));
    Ok((found.into_iter().map(|(_, case)| case).collect(), next))
}

/// The contracts and groups that a list can ask for.
pub async fn customer_groups(tx: &mut Tx) -> Result<Vec<String>> {
    deadlines::groups(tx).await
}

/// What a ready-made view shows to this actor.
pub fn filter_of(view: View, actor: &Actor) -> Filter {
    let status = |status: Status| Condition::is(Field::Status, status);
    let unfinished = Condition::new(Field::Status, Test::IsNot, &[Status::Closed.code()]);
    // Who is in no team looks at all of them.
    let team = Some(Condition::is(Field::Team, "mine")).filter(|_| !actor.queues.is_empty());
    let of_team = |conditions: Vec<Condition>| Filter::all(conditions.into_iter().chain(team.clone()));
    match view {
        View::Mine => Filter::all([status(Status::Open), Condition::is(Field::Owner, "me")]),
        View::Team => of_team(vec![status(Status::Open)]),
        View::Unassigned => of_team(vec![status(Status::Open), Condition::is(Field::Owner, "none")]),
        View::Waiting => of_team(vec![status(Status::Waiting)]),
        View::Overdue => {
            // Also what the house put away itself: its customer goes on waiting.
            of_team(vec![unfinished, Condition::new(Field::Due, Test::Older, &["0m"])])
        }
        View::Promises => of_team(vec![unfinished, Condition::new(Field::Promise, Test::Set, &[])]),
        View::Mentions => mentioned(unfinished),
        View::Followed => followed(unfinished),
        View::Closed => of_team(vec![status(Status::Closed)]),
        View::All => Filter::default(),
        View::Spam => Filter::all([Condition::is(Field::Bin, Bin::Spam)]),
        View::Trash => Filter::all([Condition::is(Field::Bin, Bin::Trash)]),
    }
}

/// Where somebody is deputy or follower.
fn followed(unfinished: Condition) -> Filter {
    let of = vec![Condition::is(Field::Follower, "me"), Condition::is(Field::Deputy, "me")];
    let group = filter::Group { join: filter::Join::Any, not: false, of };
    let of = vec![filter::Item::Condition(unfinished), filter::Item::Group(group)];
    Filter { of, ..Filter::default() }
}

/// Where somebody was called into, as long as there is something to do or to read.
fn mentioned(unfinished: Condition) -> Filter {
    let of = vec![unfinished, Condition::is(Field::Unseen, "me")];
    let group = filter::Group { join: filter::Join::Any, not: false, of };
    let of = vec![filter::Item::Condition(Condition::is(Field::Mention, "me")), filter::Item::Group(group)];
    Filter { of, ..Filter::default() }
}

/// The order of a ready-made view.
pub const fn sort_of(view: View) -> Sort {
    match view {
        View::Mentions | View::Spam | View::Trash => Sort::Updated,
        _ => Sort::Due,
    }
}

/// All contacts of a case, oldest first. Customers' HTML is empty here, see [`contact`].
pub async fn contacts(tx: &mut Tx, case: CaseId) -> Result<Vec<Contact>> {
    store::contacts(tx, case, None, i64::MAX).await
}

/// How these contacts fare on their way.
pub async fn fates(
    tx: &mut Tx,
    contacts: &[ContactId],
) -> Result<HashMap<ContactId, (State, Option<Problem>)>> {
    let fates = if contacts.is_empty() { Vec::new() } else { store::fates(tx, contacts).await? };
    Ok(fates.into_iter().map(|(contact, state, problem)| (contact, (state, problem))).collect())
}

/// As [`contacts`], but the last `limit` before one of them: somebody may send thousands.
pub async fn contacts_before(
    tx: &mut Tx,
    case: CaseId,
    before: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>> {
    store::contacts(tx, case, before, limit).await
}

/// The last `limit` contacts, oldest first, with the first `characters` of what customers wrote.
pub async fn beginnings(tx: &mut Tx, case: CaseId, limit: i64, characters: i64) -> Result<Vec<Contact>> {
    if let Some(mut contacts) = tx.known::<Vec<Contact>>(glimpse::WHOLE_CASE, case.0) {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        contacts.drain(..contacts.len().saturating_sub(most));
        return Ok(contacts);
    }
    store::glimpses(tx, case, None, limit, characters).await
}

/// Does this address belong to somebody who wrote or was written to in this case?
pub async fn is_participant(tx: &mut Tx, case: CaseId, address: &str) -> Result<bool> {
    store::is_participant(tx, case, &people::fold_email(address)).await
}
