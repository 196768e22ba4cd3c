//! People of a case beside the one who is responsible: a deputy, and those who follow it.
//!
//! Who follows a case hears of it through the journal; how, is for notifications to say.

use serde::Serialize;
use utoipa::ToSchema;

use super::sight;
use super::steps::{self, Step};
use super::store;
use super::undo;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, Error, PersonId, Result, Right, Timestamp, Tx, codes, dialect};

codes! {
    /// What somebody is to a case.
    pub enum Involvement {
        /// Responsible as well, at most one of a case.
        Deputy = "deputy",
        Follower = "follower",
    }
}

/// Somebody who is involved in a case.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Involved {
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    pub name: String,
    pub part: Involvement,
}

/// Involves somebody; there is one deputy at most.
///
/// # Errors
///
/// [`Error::Invalid`] for somebody who does not work on cases, or no longer.
pub async fn involve(
    app: &App,
    actor: &Actor,
    case: CaseId,
    person: PersonId,
    part: Involvement,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    sight::at_hand(&mut tx, actor, case).await?;
    involve_in(app, &mut tx, actor, case, (person, part)).await?;
    tx.commit().await
}

/// As [`involve`], within a transaction of the caller.
pub async fn involve_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
) -> Result<()> {
    actor.may(Right::WorkCases)?;
    dialect::lock(tx, "case", case.0).await?;
    sight::seen(tx, actor, case).await?;
    if !can_be(tx, person).await? {
        return Err(Error::invalid("person", "case-person-cannot"));
    }
    let was = if part == Involvement::Deputy { deputy(tx, case).await? } else { None };
    let was = was.filter(|was| *was != person);
    if let Some(was) = was {
        release_in(app, tx, actor, case, (was, part)).await?;
    }
    if join(app, tx, actor, case, (person, part)).await? {
        let step = Step::Involve { case, person, part, was };
        steps::offer(app, tx, actor, case, "case-involved", step).await?;
    }
    Ok(())
}

/// Whether somebody works here who may read cases.
pub(super) async fn can_be(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let who = people::person(tx, person).await?;
    Ok(who.active && who.can(Right::ReadCases))
}

/// Somebody is involved, whoever else is; false if they were it already.
pub(super) async fn join(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
) -> Result<bool> {
    let joined = store::add_person(tx, case, person, part, app.now()).await?;
    if joined {
        record(app, tx, actor, case, Fact::PersonInvolved { person, part: part.code().into() }).await?;
    }
    Ok(joined)
}

async fn record(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, fact: Fact) -> Result<()> {
    let customer = store::case(tx, case).await?.customer;
    journal::record(app, tx, actor, About::case(case).of(customer), fact)
}

async fn deputy(tx: &mut Tx, case: CaseId) -> Result<Option<PersonId>> {
    let all = store::involved(tx, case).await?;
    Ok(all.into_iter().find(|one| one.part == Involvement::Deputy).map(|one| one.person))
}

/// Somebody has no longer anything to do with a case.
pub async fn release(
    app: &App,
    actor: &Actor,
    case: CaseId,
    person: PersonId,
    part: Involvement,
) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    if release_in(app, &mut tx, actor, case, (person, part)).await? {
        let step = Step::Release { case, person, part };
        steps::offer(app, &mut tx, actor, case, "case-released", step).await?;
    }
    tx.commit().await
}

/// As [`release`], within a transaction of the caller; false if they had nothing to do with it.
pub(super) async fn release_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
) -> Result<bool> {
    let released = store::remove_person(tx, case, person, part.code()).await? != 0;
    if released {
        record(app, tx, actor, case, Fact::PersonReleased { person, part: part.code().into() }).await?;
    }
    Ok(released)
}

/// Somebody has to do with a case after all.
///
/// # Errors
///
/// [`undo::late`] if they are it again, or somebody else is deputy.
pub(super) async fn involve_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
) -> Result<()> {
    let row = store::case(tx, case).await?;
    let taken = part == Involvement::Deputy && deputy(tx, case).await?.is_some();
    if taken || row.moved_to.is_some() || !store::add_person(tx, case, person, part, app.now()).await? {
        return Err(undo::late());
    }
    let fact = Fact::PersonInvolved { person, part: part.code().into() };
    journal::record(app, tx, actor, About::case(case).of(row.customer), fact)
}

/// Takes back that somebody is involved: who was it before is it again.
///
/// # Errors
///
/// [`undo::late`] if they are it no longer.
pub(super) async fn take_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
    was: Option<PersonId>,
) -> Result<()> {
    if !release_in(app, tx, actor, case, (person, part)).await? {
        return Err(undo::late());
    }
    match was {
        Some(was) => involve_again(app, tx, actor, case, (was, part)).await,
        None => Ok(()),
    }
}

/// Somebody is involved again, unless there is another deputy by now.
pub(super) async fn join_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    (person, part): (PersonId, Involvement),
) -> Result<()> {
    if part != Involvement::Deputy || deputy(tx, case).await?.is_none() {
        join(app, tx, actor, case, (person, part)).await?;
    }
    Ok(())
}

/// Who is involved in a case, the deputy first.
pub async fn involved(tx: &mut Tx, case: CaseId) -> Result<Vec<Involved>> {
    store::involved(tx, case).await
}

/// Who follows `from` follows `into`, too; those who are new.
pub(super) async fn bring(
    tx: &mut Tx,
    from: CaseId,
    into: CaseId,
    at: Timestamp,
) -> Result<Vec<(i64, String)>> {
    let mut brought = Vec::new();
    let has_deputy = deputy(tx, into).await?.is_some();
    for one in store::involved(tx, from).await? {
        let part = if has_deputy { Involvement::Follower } else { one.part };
        if store::add_person(tx, into, one.person, part, at).await? {
            brought.push((one.person.0, part.code().to_owned()));
        }
    }
    Ok(brought)
}
