//! How another attempt or another moment for a message is taken back, as long as it has not left.

use serde::{Deserialize, Serialize};

use super::record;
use crate::cases::answer::{self, UNDO};
use crate::cases::model::{Contact, Problem, State, Trouble};
use crate::cases::recipients::{Addressee, Progress};
use crate::cases::store;
use crate::journal::Fact;
use crate::people;
use crate::platform::{Actor, App, ContactId, Error, Result, Timestamp, Tx};

/// How a message had failed before it was tried again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    to: Option<String>,
    at: Option<Timestamp>,
    problem: Option<Problem>,
    reason: Option<String>,
    /// Of several recipients those who did not get it, and what their servers said.
    missed: Vec<(String, Option<String>)>,
    /// The first of them gets it elsewhere.
    redirected: Option<String>,
    /// When it leaves.
    again: Timestamp,
}

impl Failure {
    pub(in crate::cases) fn of(
        was: Contact,
        several: Vec<Addressee>,
        (to, again): (Option<&str>, Timestamp),
    ) -> Self {
        let missed: Vec<(String, Option<String>)> = several
            .into_iter()
            .filter(|one| one.state == Progress::Failed)
            .map(|one| (one.address, one.said))
            .collect();
        let redirected = to.filter(|_| !missed.is_empty()).map(str::to_owned);
        let Contact { to_address: to, send_at: at, problem, reason, .. } = was;
        Self { to, at, problem, reason, missed, redirected, again }
    }
}

fn left() -> Error {
    Error::invalid("contact", "case-undo-late")
}

/// A message that was to be tried again has failed, as before.
///
/// # Errors
///
/// [`Error::Invalid`] if it is on its way.
pub(in crate::cases) async fn fail_again(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    contact: ContactId,
    failure: Failure,
) -> Result<()> {
    let row = answer::with_case(tx, contact).await?;
    if row.state != State::Queued || row.send_at != Some(failure.again) {
        return Err(left());
    }
    let said = failure.reason.unwrap_or_default();
    let trouble = failure.problem.map(|problem| Trouble::lasting(problem, said.clone()));
    if !store::advance(tx, contact, &[State::Queued], State::Failed, trouble.as_ref()).await? {
        return Err(left());
    }
    if trouble.is_none() && !said.is_empty() {
        store::set_reason(tx, contact, &said).await?;
    }
    store::redirect(tx, contact, failure.to.as_deref(), failure.at).await?;
    if let (Some(to), Some((from, _))) = (&failure.redirected, failure.missed.first()) {
        store::readdress(tx, contact, &people::fold_email(to), from).await?;
    }
    for (address, said) in &failure.missed {
        let folded = people::fold_email(address);
        store::set_progress(tx, contact, &folded, Progress::Failed, said.as_deref()).await?;
    }
    record(app, tx, actor, contact, Fact::ContactWithdrawn { contact }).await
}

/// A message leaves when it was to leave before.
///
/// # Errors
///
/// [`Error::Invalid`] if it is on its way, or was given another moment since.
pub(in crate::cases) async fn reschedule_back(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    contact: ContactId,
    (was, is): (Timestamp, Timestamp),
) -> Result<()> {
    let row = answer::with_case(tx, contact).await?;
    // That moment may have come meanwhile.
    let at = was.max(app.now() + UNDO);
    let waits = row.state == State::Queued && row.send_at == Some(is);
    if !waits || !store::redirect(tx, contact, None, Some(at)).await? {
        return Err(left());
    }
    let fact = Fact::ContactWritten { contact, channel: row.channel.code().into() };
    record(app, tx, actor, contact, fact).await
}
