//! An answer that is a part of something else, such as a macro, is taken back with it, as long as it has not left.

use super::{Answer, reply_in, with_case};
use crate::cases::model::{Case, State};
use crate::cases::sight;
use crate::cases::steps::{self, Before, Look, Step};
use crate::cases::store;
use crate::cases::undo::{self, Inverse};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, ContactId, Error, PersonId, Result, Tx, dialect};

/// As [`reply_in`], with an offer to take it back that leaves the case exactly as it was. An answer alone needs none:
/// it is taken back by [`super::withdraw`].
pub async fn reply_as_part(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    answer: Answer,
) -> Result<ContactId> {
    dialect::lock(tx, "case", case.0).await?;
    let row = sight::at_hand(tx, actor, case).await?;
    let look = Look::at(tx, &row).await?;
    let contact = reply_in(app, tx, actor, case, answer).await?;
    // Who answers a case that nobody has takes it.
    let taken = store::case(tx, case).await?.owner.filter(|_| row.owner.is_none());
    let before = look.before(tx, &row).await?;
    steps::offer(app, tx, actor, case, "case-replied", Step::Reply { contact, before, taken }).await?;
    Ok(contact)
}

/// The answer does not leave: its text waits in the case, withdrawn, and the case is as it was before.
///
/// # Errors
///
/// [`Error::Invalid`] if it has left, or if the case is no longer as the answer left it.
pub(in crate::cases) async fn unreply(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    contact: ContactId,
    (before, taken): (Before, Option<PersonId>),
) -> Result<()> {
    let message = with_case(tx, contact).await?;
    if message.case != case.id || message.state == State::Withdrawn {
        return Err(undo::late());
    }
    if !store::advance(tx, contact, &[State::Queued], State::Withdrawn, None).await? {
        return Err(Error::invalid("undo", "case-taken-back-sent"));
    }
    store::uncount_contact(tx, case.id, app.now()).await?;
    store::forget_answered(tx, case.id, message.at).await?;
    let fact = Fact::ContactWithdrawn { contact };
    journal::record(app, tx, actor, About::case(case.id).of(case.customer), fact)?;
    before.again(app, tx, actor, case).await?;
    match taken {
        // One of the things that are taken back calls this one.
        Some(_) => {
            let inverse = Inverse::Owner { was: None, is: taken };
            Box::pin(undo::invert(app, tx, actor, case, inverse)).await
        }
        None => Ok(()),
    }
}
