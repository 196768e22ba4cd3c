//! What people say about two cases: they belong together, one is a part of the other, one is the other once more.
//!
//! Cases that follow each other are found by Kitt itself, see [`super::links`].

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Case, Status};
use super::sight;
use super::steps::{self, Step};
use super::{stand, store, undo};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, CustomerId, Error, Result, Right, Timestamp, Tx, codes, dialect};

/// Relations shown of one case.
const MOST: i64 = 50;
/// Parents of parents that are looked at for a circle.
const HIGHEST: usize = 20;

codes! {
    /// As it is stored, from the case to the other.
    pub enum Relation {
        Related = "related",
        /// The case is a part of the other.
        Child = "child",
        /// The case is about the same as the other, where it is worked on.
        Duplicate = "duplicate",
    }
}

codes! {
    /// What the other case is, seen from this one.
    pub enum Tie {
        Related = "related",
        Parent = "parent",
        Child = "child",
        /// This one is a duplicate of it.
        Original = "original",
        Duplicate = "duplicate",
    }
}

impl Tie {
    /// How it is stored: the relation, and whether this case comes first.
    const fn stored(self) -> (Relation, bool) {
        match self {
            Self::Related => (Relation::Related, true),
            Self::Parent => (Relation::Child, true),
            Self::Child => (Relation::Child, false),
            Self::Original => (Relation::Duplicate, true),
            Self::Duplicate => (Relation::Duplicate, false),
        }
    }

    const fn seen(relation: Relation, first: bool) -> Self {
        match (relation, first) {
            (Relation::Related, _) => Self::Related,
            (Relation::Child, true) => Self::Parent,
            (Relation::Child, false) => Self::Child,
            (Relation::Duplicate, true) => Self::Original,
            (Relation::Duplicate, false) => Self::Duplicate,
        }
    }
}

/// The other case of a relation, as a page and the API show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Related {
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub tie: Tie,
}

/// Says what `other` is to a case; what was said about the two before no longer holds.
///
/// # Errors
///
/// [`Error::Invalid`] for a case and itself, and where a part would contain its whole.
pub async fn relate(app: &App, actor: &Actor, case: CaseId, other: CaseId, tie: Tie) -> Result<()> {
    let mut tx = app.db.write().await?;
    relate_in(app, &mut tx, actor, (case, other), tie).await?;
    tx.commit().await
}

/// As [`relate`], within a transaction of the caller; the case.
async fn relate_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, other): (CaseId, CaseId),
    tie: Tie,
) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    if case == other {
        return Err(Error::invalid("other", "case-relate-self"));
    }
    dialect::lock_all(tx, "case", [case.0, other.0]).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    let customers = (row.customer, sight::seen(tx, actor, other).await?.customer);
    let (relation, first) = tie.stored();
    let (one, two) = if first { (case, other) } else { (other, case) };
    if relation == Relation::Child && above(tx, two).await?.contains(&one) {
        return Err(Error::invalid("other", "case-relate-circle"));
    }
    let was = said(tx, case, other).await?;
    remove(tx, case, other).await?;
    insert(tx, actor, one, two, relation, app.now()).await?;
    record(app, tx, actor, ((case, other), customers), tie)?;
    let step = Step::Relate { case, other, was, is: Some(tie) };
    steps::offer(app, tx, actor, case, "case-related", step).await?;
    Ok(row)
}

/// Both cases tell what the other one is to them.
fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    ((case, other), customers): ((CaseId, CaseId), (CustomerId, CustomerId)),
    tie: Tie,
) -> Result<()> {
    let (relation, first) = tie.stored();
    let back = Tie::seen(relation, !first);
    for (about, customer, with, tie) in [(case, customers.0, other, tie), (other, customers.1, case, back)] {
        let fact = Fact::CaseRelated { other: with, tie: tie.code().into() };
        journal::record(app, tx, actor, About::case(about).of(customer), fact)?;
    }
    Ok(())
}

/// What is said about two cases, seen from the first; `None`: nothing.
async fn said(tx: &mut Tx, case: CaseId, other: CaseId) -> Result<Option<Tie>> {
    if let Some(relation) = store::relation(tx, case, other).await? {
        return Ok(Some(Tie::seen(relation, true)));
    }
    Ok(store::relation(tx, other, case).await?.map(|relation| Tie::seen(relation, false)))
}

/// A case is about the same as another one, where it is worked on: it is closed. Both are one step: a case that cannot
/// be closed yet is tied to nothing.
pub async fn close_as_duplicate(app: &App, actor: &Actor, case: CaseId, original: CaseId) -> Result<()> {
    let mut tx = app.db.write().await?;
    let before = undo::last(&mut tx, actor).await?;
    let row = relate_in(app, &mut tx, actor, (case, original), Tie::Original).await?;
    stand::close_in(app, &mut tx, actor, &row).await?;
    undo::gather(app, &mut tx, actor, case, "case-closed", before).await?;
    tx.commit().await
}

/// `case` and everything that it is a part of.
async fn above(tx: &mut Tx, case: CaseId) -> Result<Vec<CaseId>> {
    let mut all = vec![case];
    let mut at = 0;
    while let Some(next) = all.get(at).copied().filter(|_| at < HIGHEST) {
        for parent in store::parents(tx, next).await? {
            if !all.contains(&parent) {
                all.push(parent);
            }
        }
        at += 1;
    }
    Ok(all)
}

pub(super) async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    other: CaseId,
    relation: Relation,
    at: Timestamp,
) -> Result<()> {
    let (case, other) =
        if relation == Relation::Related { (case.min(other), case.max(other)) } else { (case, other) };
    store::insert_relation(tx, case, other, relation, actor.person_id(), at).await
}

async fn remove(tx: &mut Tx, case: CaseId, other: CaseId) -> Result<u64> {
    let one = store::delete_relation(tx, case, other).await?;
    Ok(one + store::delete_relation(tx, other, case).await?)
}

/// The two have nothing to do with each other.
///
/// # Errors
///
/// [`Error::NotFound`] if nothing was said about them.
pub async fn unrelate(app: &App, actor: &Actor, case: CaseId, other: CaseId) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock_all(&mut tx, "case", [case.0, other.0]).await?;
    let tie = said(&mut tx, case, other).await?.ok_or(Error::NotFound)?;
    unrelate_in(app, &mut tx, actor, case, other).await?;
    let step = Step::Unrelate { case, other, tie };
    steps::offer(app, &mut tx, actor, case, "case-unrelated", step).await?;
    tx.commit().await
}

/// As [`unrelate`], within a transaction of the caller.
async fn unrelate_in(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, other: CaseId) -> Result<()> {
    dialect::lock_all(tx, "case", [case.0, other.0]).await?;
    if remove(tx, case, other).await? == 0 {
        return Err(Error::NotFound);
    }
    for (about, with) in [(case, other), (other, case)] {
        let customer = store::case(tx, about).await?.customer;
        let fact = Fact::CaseUnrelated { other: with };
        journal::record(app, tx, actor, About::case(about).of(customer), fact)?;
    }
    Ok(())
}

/// Takes back what was said about two cases: what was said before holds again.
///
/// # Errors
///
/// [`undo::late`] if something else is said about them by now.
pub(super) async fn take_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, other): (CaseId, CaseId),
    (was, is): (Option<Tie>, Option<Tie>),
) -> Result<()> {
    let said = said(tx, case, other).await?;
    if said.is_none() || (is.is_some() && said != is) {
        return Err(undo::late());
    }
    unrelate_in(app, tx, actor, case, other).await?;
    let Some(tie) = was else { return Ok(()) };
    say_again(app, tx, actor, (case, other), tie).await
}

/// What was said about two cases holds after all.
///
/// # Errors
///
/// [`undo::late`] if something is said about them by now, or a part would contain its whole.
pub(super) async fn relate_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, other): (CaseId, CaseId),
    tie: Tie,
) -> Result<()> {
    if said(tx, case, other).await?.is_some() {
        return Err(undo::late());
    }
    let (relation, first) = tie.stored();
    let (one, two) = if first { (case, other) } else { (other, case) };
    if relation == Relation::Child && above(tx, two).await?.contains(&one) {
        return Err(undo::late());
    }
    say_again(app, tx, actor, (case, other), tie).await
}

async fn say_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, other): (CaseId, CaseId),
    tie: Tie,
) -> Result<()> {
    let (relation, first) = tie.stored();
    let (one, two) = if first { (case, other) } else { (other, case) };
    let rows = (store::case(tx, case).await?, store::case(tx, other).await?);
    if rows.0.moved_to.or(rows.1.moved_to).is_some() {
        return Err(undo::late());
    }
    insert(tx, actor, one, two, relation, app.now()).await?;
    record(app, tx, actor, ((case, other), (rows.0.customer, rows.1.customer)), tie)
}

/// What people said about a case and others that the actor may know of.
pub async fn relations(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Vec<Related>> {
    let mut rows = store::relations(tx, case, MOST).await?;
    let others: Vec<CaseId> = rows.iter().map(|row| row.other).collect();
    let unseen = sight::unseen(tx, actor, &others).await?;
    rows.retain(|row| !unseen.contains(&row.other));
    let related = |row: store::RelationRow| Related {
        tie: Tie::seen(row.kind, row.first),
        number: row.number,
        subject: row.subject,
        status: row.status,
    };
    Ok(rows.into_iter().map(related).collect())
}

/// The parts of a case that are not closed.
pub async fn open_children(tx: &mut Tx, case: CaseId) -> Result<Vec<Case>> {
    store::open_children(tx, case, MOST).await
}

/// What is said about `from` holds for `into`, too; the rows that are new.
pub(super) async fn bring(tx: &mut Tx, from: CaseId, into: CaseId, at: Timestamp) -> Result<Vec<(i64, i64)>> {
    let mut brought = Vec::new();
    let known: Vec<CaseId> =
        store::relations(tx, into, MOST).await?.into_iter().map(|row| row.other).collect();
    for row in store::relations(tx, from, MOST).await? {
        if row.other == into || known.contains(&row.other) {
            continue;
        }
        let (one, two) = if row.first { (into, row.other) } else { (row.other, into) };
        let (one, two) =
            if row.kind == Relation::Related { (one.min(two), one.max(two)) } else { (one, two) };
        store::insert_relation(tx, one, two, row.kind, None, at).await?;
        brought.push((one.0, two.0));
    }
    Ok(brought)
}
