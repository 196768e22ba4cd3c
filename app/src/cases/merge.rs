//! Cases that are one: what was said, promised, planned and tied in one of them goes into another.
//!
//! The number of a merged case leads to the other for ever. Each contact keeps in mind where it came to first, so
//! that a merge can be taken back at any time: then everything that came from there goes back, and what came to the
//! other case since stays there, because nobody could say where it belongs. Money and time stay booked on the case
//! on which they were spent; findings follow through the journal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::arrive;
use super::clocks::{self, Event};
use super::figures;
use super::links::Stood;
use super::model::{Case, DueClock, Status};
use super::steps::{self, Left, Step};
use super::store::{self, Standing};
use super::{handoffs, involved, relations, sight, undo};
use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, ContactId, Error, PersonId, Result, Right, Timestamp, Tx, dialect,
};

/// Cases merged at once; more are no duplicates but a mistake.
const MOST: usize = 50;
/// Merges shown of one case.
const SHOWN: i64 = 20;

/// How both stood, and what went along.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Together {
    from: Stood,
    into: Stood,
    /// How the merge left the other case.
    left: Stood,
    /// Its newest contact then.
    last: ContactId,
    promises: Vec<i64>,
    brought: Brought,
    /// The course of the other case's clocks before, and which of them was due.
    #[serde(default)]
    clocks: Option<(String, Option<DueClock>)>,
}

/// What the other case did not have before.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Brought {
    people: Vec<(i64, String)>,
    relations: Vec<(i64, i64)>,
}

/// As the migration took over what earlier versions kept: how the two stood.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Together(Box<Together>),
    Before((Stood, Stood)),
}

/// A case that is in another one, as a page and the API show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Merged {
    pub number: String,
    pub subject: String,
    pub customer: String,
    pub at: Timestamp,
    /// Nothing happened since: apart, both are as they were. Else what came since stays where it is.
    pub clean: bool,
}

/// Moves everything of the cases `from` into one; their numbers lead there from then on.
///
/// # Errors
///
/// [`Error::Invalid`] for no case, too many, or the case itself; [`Error::Stale`] if one was merged meanwhile.
pub async fn merge(app: &App, actor: &Actor, into: CaseId, from: &[CaseId]) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut from = from.to_vec();
    from.sort_unstable();
    from.dedup();
    if from.is_empty() || MOST < from.len() || from.contains(&into) {
        return Err(Error::invalid("cases", "case-merge-choose"));
    }
    let mut tx = app.db.write().await?;
    dialect::lock_all(&mut tx, "case", from.iter().map(|case| case.0).chain([into.0])).await?;
    for case in &from {
        merge_in(app, &mut tx, actor, *case, into).await?;
    }
    steps::offer(app, &mut tx, actor, into, "case-merged", Step::Merge { cases: from }).await?;
    let case = store::case(&mut tx, into).await?;
    tx.commit().await?;
    Ok(case)
}

/// As [`merge`] of one case, within a transaction of the caller, who holds both locks.
pub(super) async fn merge_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    from: CaseId,
    into: CaseId,
) -> Result<Case> {
    let from = sight::seen(tx, actor, from).await?;
    let into = sight::seen(tx, actor, into).await?;
    if from.moved_to.is_some() || into.moved_to.is_some() {
        return Err(Error::Stale);
    }
    // Else what was said in private would be open to all, or what all work on would be gone for them.
    if from.private != into.private {
        return Err(Error::invalid("cases", "case-merge-private"));
    }
    let now = app.now();
    let owed_since = store::unanswered_since(tx, from.id).await?;
    let moved = store::move_contacts(tx, from.id, into.id).await?;
    store::set_moved(tx, from.id, into.id, i64::try_from(moved).unwrap_or_default()).await?;
    store::move_along(tx, from.id, into.id).await?;
    let promises = customers::promises::bring(tx, from.id, into.id).await?;
    handoffs::withdraw_all(app, tx, actor, &from).await?;
    let brought = Brought {
        people: involved::bring(tx, from.id, into.id, now).await?,
        relations: relations::bring(tx, from.id, into.id, now).await?,
    };
    let shell = Standing { status: Status::Closed, due: None, wait_until: None, closed_at: Some(now) };
    store::set_standing(tx, from.id, shell, figures::today(app)).await?;
    if from.status == Status::Open {
        take_over(app, tx, &into, owed_since).await?;
    }
    let left = Stood::of(&store::case(tx, into.id).await?);
    let last = store::last_contact(tx, into.id).await?;
    let clocks = Some((into.clocks.clone(), into.due_clock));
    let kept =
        Together { from: Stood::of(&from), into: Stood::of(&into), left, last, promises, brought, clocks };
    store::insert_merge(tx, from.id, into.id, actor.person_id(), now, &serde_json::to_string(&kept)?).await?;
    record(app, tx, actor, &from, &into)?;
    Ok(into)
}

/// Records what [`merge_in`] did to both cases.
fn record(app: &App, tx: &mut Tx, actor: &Actor, from: &Case, into: &Case) -> Result<()> {
    // Before it is in the other one, or nobody could tell that this is what closed it.
    if from.status != Status::Closed {
        journal::record(app, tx, actor, About::case(from.id).of(from.customer), Fact::CaseClosed)?;
    }
    let fact = Fact::CasesJoined { from: from.id, into: into.id };
    for case in [from, into] {
        journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact.clone())?;
    }
    if from.status == Status::Open
        && let Some(fact) = arrive::opens(into.status)
    {
        journal::record(app, tx, actor, About::case(into.id).of(into.customer), fact)?;
    }
    Ok(())
}

/// The case is open, and its clocks count since the first of all who wait for an answer wrote.
async fn take_over(app: &App, tx: &mut Tx, into: &Case, owed_since: Option<Timestamp>) -> Result<()> {
    if into.status == Status::Closed {
        store::forget_complaint_end(tx, into.id).await?;
    }
    let turned = clocks::turn(app, tx, into, Event::TookOver { owed_since }).await?;
    let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
    store::set_standing(tx, into.id, standing, figures::today(app)).await?;
    store::set_clocks(tx, into.id, &turned.clocked).await
}

/// Takes a merge back: the case has again what it brought along.
///
/// What came to the other case since stays there. If nothing did, both are as they were.
///
/// # Errors
///
/// [`Error::NotFound`] if the case is in no other one.
pub async fn unmerge(app: &App, actor: &Actor, case: CaseId) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let into = unmerge_in(app, &mut tx, actor, case).await?;
    offer_again(app, &mut tx, actor, (case, into)).await?;
    let row = store::case(&mut tx, case).await?;
    tx.commit().await?;
    Ok(row)
}

/// Offers to merge two cases again that were just taken apart.
pub(super) async fn offer_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, into): (CaseId, CaseId),
) -> Result<()> {
    let left = Left::of(tx, &[case, into]).await?;
    steps::offer(app, tx, actor, case, "case-parted", Step::Unmerge { case, into, left }).await
}

/// Two cases that were taken apart are one after all.
///
/// # Errors
///
/// [`undo::late`] if anything happened in one of them since.
pub(super) async fn merge_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, into): (CaseId, CaseId),
    left: &Left,
) -> Result<()> {
    if !left.is_still(tx).await? {
        return Err(undo::late());
    }
    merge_in(app, tx, actor, case, into).await.map(drop)
}

/// As [`unmerge`], within a transaction of the caller; the case that it was in.
pub(super) async fn unmerge_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<CaseId> {
    let (merge, into) = locked(tx, case).await?;
    sight::check(tx, actor, &into).await?;
    let family = store::family(tx, case).await?;
    let moved = i64::try_from(store::moved_back(tx, case, into.id, &family).await?).unwrap_or_default();
    store::clear_moved(tx, case, into.id, moved).await?;
    store::move_along_back(tx, case, into.id, &family).await?;
    let stood = [store::case(tx, case).await?, into.clone()];
    restore(app, tx, &merge, case, &into).await?;
    store::delete_merge(tx, case).await?;
    let fact = Fact::CasesParted { from: case, into: into.id };
    for was in stood {
        let row = store::case(tx, was.id).await?;
        let about = About::case(row.id).of(row.customer);
        journal::record(app, tx, actor, about, fact.clone())?;
        if row.status != was.status {
            journal::record(app, tx, actor, about, undo::stands(Stood::of(&row)))?;
        }
    }
    Ok(into.id)
}

/// A merge and the case in which its contacts are now, which may be another one; all are locked.
///
/// # Errors
///
/// [`Error::NotFound`] if the case is in no other one, [`Error::Stale`] if somebody moved any of them just now.
async fn locked(tx: &mut Tx, case: CaseId) -> Result<(store::Merge, Case)> {
    let before = store::merge(tx, case).await?.ok_or(Error::NotFound)?;
    let at = super::current(tx, before.into).await?.id;
    dialect::lock_all(tx, "case", [case.0, before.into.0, at.0]).await?;
    // Whoever was faster has it changed by now.
    let merge = store::merge(tx, case).await?.ok_or(Error::NotFound)?;
    let into = super::current(tx, merge.into).await?;
    if merge.into == before.into && into.id == at { Ok((merge, into)) } else { Err(Error::Stale) }
}

/// Gives both cases back how they stood, as far as nobody changed it since, and what one brought to the other.
async fn restore(app: &App, tx: &mut Tx, merge: &store::Merge, case: CaseId, into: &Case) -> Result<()> {
    let clean = is_clean(tx, merge, into).await?;
    let (from, stood, along) = match serde_json::from_str::<Kept>(&merge.stood)? {
        Kept::Together(kept) => (kept.from, kept.into, Some(kept)),
        Kept::Before((from, stood)) => (from, stood, None),
    };
    store::set_standing(tx, case, from.standing(), figures::today(app)).await?;
    clocks::changed(app, tx, case).await?;
    if clean {
        store::set_standing(tx, into.id, stood.standing(), figures::today(app)).await?;
    }
    let Some(along) = along else { return Ok(()) };
    if let Some(kept) = along.clocks.clone().filter(|_| clean) {
        clocks::restore(app, tx, into.id, kept).await?;
    }
    customers::promises::bring_back(tx, &along.promises, case).await?;
    for (person, part) in &along.brought.people {
        store::remove_person(tx, into.id, PersonId(*person), part).await?;
    }
    for (one, other) in &along.brought.relations {
        store::delete_relation(tx, CaseId(*one), CaseId(*other)).await?;
    }
    Ok(())
}

/// Did nothing happen in the other case since?
async fn is_clean(tx: &mut Tx, merge: &store::Merge, into: &Case) -> Result<bool> {
    let Ok(Kept::Together(kept)) = serde_json::from_str::<Kept>(&merge.stood) else { return Ok(false) };
    let same = into.id == merge.into && kept.left.is_of(into);
    Ok(same && store::last_contact(tx, into.id).await? <= kept.last)
}

/// Takes a merge back only as long as nothing else happened.
///
/// # Errors
///
/// [`Error::Invalid`] once something did.
pub(super) async fn unmerge_clean(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<CaseId> {
    let (merge, into) = locked(tx, case).await?;
    if !is_clean(tx, &merge, &into).await? {
        return Err(Error::invalid("case", "case-part-late"));
    }
    unmerge_in(app, tx, actor, case).await
}

/// The case that this one was merged into, and whether that can be taken back as if it had not been.
pub(super) async fn merged_into(tx: &mut Tx, case: CaseId) -> Result<Option<(CaseId, bool)>> {
    let Some(merge) = store::merge(tx, case).await? else { return Ok(None) };
    let into = store::case(tx, merge.into).await?;
    Ok(Some((merge.into, is_clean(tx, &merge, &into).await?)))
}

/// The cases that were merged into this one, the newest last.
pub async fn merged(tx: &mut Tx, case: &Case) -> Result<Vec<Merged>> {
    let mut merged = Vec::new();
    for merge in store::merges_into(tx, case.id, SHOWN).await? {
        let from = store::line(tx, merge.case).await?;
        let clean = is_clean(tx, &merge, case).await?;
        let (number, subject, customer) = (from.case.number, from.case.subject, from.customer_name);
        merged.push(Merged { number, subject, customer, at: merge.at, clean });
    }
    Ok(merged)
}

/// Other cases of the same customer that are not closed: the first to look at when two are one.
pub async fn suggestions(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<Vec<Case>> {
    store::unfinished(tx, actor, case, 8).await
}
