//! Spam and trash: cases that are no work. They are in no other list, count, search or deadline, and whole again when
//! they are taken out.
//!
//! Deliberately absent: emptying. Nothing is thrown away by itself, and what must go is deleted on purpose, by rules
//! for personal data. Spam teaches nothing yet.

use super::model::{Bin, Case};
use super::sight;
use super::store;
use super::undo::{self, Inverse};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Tx, dialect};

/// Puts a case into a bin, or takes it out.
pub async fn put(app: &App, actor: &Actor, case: CaseId, bin: Option<Bin>) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    if move_in(app, &mut tx, actor, &row, bin).await? { tx.commit().await } else { Ok(()) }
}

/// As [`put`], of a case that is locked, within a transaction of the caller; false if it was there already.
pub async fn move_in(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, bin: Option<Bin>) -> Result<bool> {
    if case.bin == bin {
        return Ok(false);
    }
    put_in(app, tx, actor, case, bin).await?;
    let inverse = Inverse::Bin { was: case.bin, is: bin };
    undo::offer(app, tx, actor, case.id, word(bin), &inverse).await?;
    Ok(true)
}

/// What was done, as a word of the pages.
pub const fn word(bin: Option<Bin>) -> &'static str {
    match bin {
        Some(Bin::Spam) => "case-is-spam",
        Some(Bin::Trash) => "case-is-trash",
        None => "case-restored",
    }
}

/// As [`move_in`], with no way back of its own.
pub async fn put_in(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, bin: Option<Bin>) -> Result<()> {
    store::set_bin(tx, case.id, bin, app.now()).await?;
    let fact = match bin {
        Some(bin) => Fact::CaseBinned { bin: bin.code().into() },
        None => Fact::CaseRestored,
    };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)
}

/// A customer wrote to a case in the trash: it is work again. Spam stays what it is.
pub async fn rescue(app: &App, tx: &mut Tx, case: &Case) -> Result<()> {
    if case.bin == Some(Bin::Trash) {
        put_in(app, tx, &Actor::kitt("cases"), case, None).await?;
    }
    Ok(())
}

/// Makes a case private, or open to all who may see its queue.
///
/// A private case always has somebody: who makes one private that nobody owns takes it over.
pub async fn set_private(app: &App, actor: &Actor, case: CaseId, private: bool) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::at_hand(&mut tx, actor, case).await?;
    if row.private == private {
        return Ok(());
    }
    let mut owner = row.owner;
    if private && owner.is_none() {
        owner = actor.person_id();
        if owner.is_none() {
            return Err(Error::invalid("private", "case-private-nobody"));
        }
        store::set_owner(&mut tx, case, owner, app.now()).await?;
    }
    store::set_private(&mut tx, case, private, app.now()).await?;
    let inverse = Inverse::Private { was: row.private, is: private, owner: row.owner, has: owner };
    let word = if private { "case-made-private" } else { "case-made-open" };
    undo::offer(app, &mut tx, actor, case, word, &inverse).await?;
    let about = About::case(case).of(row.customer);
    if owner != row.owner {
        journal::record(app, &mut tx, actor, about, Fact::CaseAssigned { to: owner, from: row.owner })?;
    }
    journal::record(app, &mut tx, actor, about, Fact::CaseVeiled { private })?;
    tx.commit().await
}
