//! How an insight begins: somebody says for the first time what many customers may say.

use super::model::{Insight, InsightState, NewInsight, PastDecision, PastInsight};
use super::store;
use crate::findings;
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, Error, InsightId, PersonId, Result, Right, Timestamp, Tx, dialect};

/// Characters of a title.
const LONGEST_TITLE: usize = 120;
/// Characters of a description.
const LONGEST_DESCRIPTION: usize = 4000;

/// Adds an insight for its department to look at; one of the same kind and title is taken instead.
///
/// # Errors
///
/// [`Error::Invalid`] if the title is missing or too long, or station or department are unknown.
pub async fn propose(app: &App, tx: &mut Tx, actor: &Actor, new: &NewInsight) -> Result<Insight> {
    actor.may(Right::Document)?;
    let new = NewInsight { title: new.title.trim().to_owned(), ..new.clone() };
    check(tx, &new).await?;
    // Two agents may have the same idea at once.
    dialect::lock(tx, "insights", 0).await?;
    if let Some(known) = store::by_title(tx, new.kind, &new.title).await? {
        return Ok(known);
    }
    let insight = store::insert(tx, &new, actor.person_id(), app.now()).await?;
    let made = proposal(actor, app.now());
    store::insert_past_decision(tx, insight, &made).await?;
    let fact = Fact::InsightProposed { kind: new.kind.code().into(), department: new.department };
    journal::record(app, tx, actor, About::insight(insight), fact)?;
    store::insight(tx, insight).await
}

const fn proposal(actor: &Actor, at: Timestamp) -> PastDecision {
    PastDecision { state: InsightState::Proposed, reason: None, due: None, person: actor.person_id(), at }
}

async fn check(tx: &mut Tx, new: &NewInsight) -> Result<()> {
    if new.title.is_empty() {
        return Err(Error::invalid("title", "error-field-required"));
    }
    if LONGEST_TITLE < new.title.chars().count() {
        return Err(Error::invalid("title", "error-field-too-long"));
    }
    if LONGEST_DESCRIPTION < new.description.chars().count() {
        return Err(Error::invalid("description", "error-field-too-long"));
    }
    if !findings::stations(tx).await?.iter().any(|station| station.code == new.station) {
        return Err(Error::invalid("station", "finding-station"));
    }
    if let Some(department) = new.department
        && !people::departments(tx).await?.iter().any(|known| known.id == department)
    {
        return Err(Error::invalid("department", "error-field-required"));
    }
    Ok(())
}

/// Adds an insight with its past; no news of it is recorded.
pub async fn add_past(tx: &mut Tx, past: &PastInsight) -> Result<InsightId> {
    let (first, last) = match past.decisions.as_slice() {
        [] => return Err(Error::invalid("decisions", "error-field-required")),
        [first, .., last] => (first, last),
        [only] => (only, only),
    };
    let insight = store::insert(tx, &past.new, first.person, first.at).await?;
    store::set_past(tx, insight, last, past.owner).await?;
    for made in &past.decisions {
        store::insert_past_decision(tx, insight, made).await?;
    }
    Ok(insight)
}

/// Adds what somebody said about an insight in the past; no news of it is recorded.
pub async fn add_past_comment(
    tx: &mut Tx,
    insight: InsightId,
    person: Option<PersonId>,
    text: &str,
    at: Timestamp,
) -> Result<()> {
    store::insert_comment(tx, insight, person, text, at).await
}
