//! "Not for me": an agent gives a case back, and the rule chooses without them.

use super::model::{Cause, Mode, Refusal};
use super::{ask, lock, store};
use crate::cases;
use crate::cases::sight;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, dialect};

/// Gives one's own case back to its queue; whoever is chosen next, it is not the same person.
///
/// # Errors
///
/// [`Error::Invalid`] of `owner` if it is not the actor's, or private: nobody else would know of it.
pub async fn hand_back(app: &App, actor: &Actor, case: CaseId, reason: Refusal) -> Result<()> {
    actor.may(Right::WorkCases)?;
    let me = actor.person()?;
    let mut tx = app.db.write().await?;
    lock(&mut tx).await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let row = sight::seen(&mut tx, actor, case).await?;
    if row.owner != Some(me) {
        return Err(Error::invalid("owner", "assignment-not-yours"));
    }
    store::refuse(&mut tx, case, me, reason, app.now()).await?;
    cases::assign_in(app, &mut tx, actor, &row, None).await?;
    let fact = Fact::CaseHandedBack { reason: reason.code().into() };
    journal::record(app, &mut tx, actor, About::case(case).of(row.customer), fact)?;
    if store::mode(&mut tx, row.queue).await? != Mode::Hand {
        store::wait(&mut tx, case, row.queue, Cause::Back, app.now()).await?;
        ask(app, &mut tx, row.queue).await?;
    }
    tx.commit().await
}
