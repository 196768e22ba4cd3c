//! What people say about two cases: they belong together, one is a part of the other, one is the other once more.
//!
//! Cases that follow each other are found by Kitt itself, see [`super::links`].

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Case, Status};
use super::sight;
use super::steps::{self, Step};
use super::{stand, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Timestamp, Tx, codes, dialect};

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
    actor.may(Right::WorkCases)?;
    if case == other {
        return Err(Error::invalid("other", "case-relate-self"));
    }
    let mut tx = app.db.write().await?;
    dialect::lock_all(&mut tx, "case", [case.0, other.0]).await?;
    let (relation, first) = tie.stored();
    let (one, two) = if first { (case, other) } else { (other, case) };
    if relation == Relation::Child {
        let above = above(&mut tx, two).await?;
        if above.contains(&one) {
            return Err(Error::invalid("other", "case-relate-circle"));
        }
    }
    remove(&mut tx, case, other).await?;
    insert(&mut tx, actor, one, two, relation, app.now()).await?;
    let customers = (
        sight::seen(&mut tx, actor, case).await?.customer,
        sight::seen(&mut tx, actor, other).await?.customer,
    );
    for (about, customer, with) in [(case, customers.0, other), (other, customers.1, case)] {
        let tie = if about == case { tie } else { Tie::seen(relation, !first) };
        let fact = Fact::CaseRelated { other: with, tie: tie.code().into() };
        journal::record(app, &mut tx, actor, About::case(about).of(customer), fact)?;
    }
    steps::offer(app, &mut tx, actor, case, "case-related", Step::Relate { case, other }).await?;
    tx.commit().await
}

/// A case is about the same as another one, where it is worked on: it is closed.
pub async fn close_as_duplicate(app: &App, actor: &Actor, case: CaseId, original: CaseId) -> Result<()> {
    relate(app, actor, case, original, Tie::Original).await?;
    stand::close(app, actor, case).await
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
    unrelate_in(app, &mut tx, actor, case, other).await?;
    tx.commit().await
}

/// As [`unrelate`], within a transaction of the caller.
pub(super) async fn unrelate_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    other: CaseId,
) -> Result<()> {
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
