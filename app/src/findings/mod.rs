//! Findings: what was learnt in a case, documented by the people who served the customer.
//!
//! A case has causes, whose shares sum to one, and whatever else was in it: wishes, praise, news of competitors.
//! Documenting again replaces what stood; the old rows and the journal keep what was said before. "We do not
//! know" is an honest answer and counts as documented.
//!
//! Deliberately absent: what many findings say together. That is `insights`, which this slice only knows by id.

mod back;
mod finders;
mod follow;
mod model;
mod search;
mod store;

use std::collections::{BTreeSet, HashMap};

pub use back::{Standing, UNDOERS, offer_back};
pub use finders::FINDERS;
pub use follow::LISTENERS;
pub use model::{Cursor, Evidence, Finding, Kind, NewFinding, Past, Station, WrongShares, shares};
pub use search::codes;
pub use store::OF_CASE;

use self::store::Came;
use crate::cases;
use crate::cases::Case;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, CustomerId, Error, FindingId, InsightId, PersonId, Result, Right, Timestamp, Tx,
    dialect,
};

/// Two cases of one customer and cause within this time are a repeated contact.
const REPEAT: std::time::Duration = Timestamp::days(7);

/// Documents a case: what stood and is not said again is withdrawn.
///
/// # Errors
///
/// [`Error::Invalid`] if there is nothing to document, an insight is named twice, a station is unknown or the
/// causes' shares do not sum to 1000.
pub async fn document(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: CaseId,
    findings: Vec<NewFinding>,
) -> Result<Vec<FindingId>> {
    actor.may(Right::Document)?;
    dialect::lock(tx, "case", case.0).await?;
    let row = cases::case(tx, case).await?;
    let shares = check(tx, &findings).await?;
    store::clear_unknown(tx, case).await?;
    let mut before = store::of_case(tx, case).await?;
    let mut ids = Vec::new();
    let mut fresh = Vec::new();
    for (new, share) in findings.iter().zip(shares) {
        if let Some(index) = before.iter().position(|old| new.is_same_as(old)) {
            let old = before.remove(index);
            revise(app, tx, actor, &old, share).await?;
            ids.push(old.id);
        } else {
            fresh.push((new, share));
        }
    }
    for old in &before {
        withdraw(app, tx, actor, old).await?;
    }
    for (new, share) in fresh {
        ids.push(add(app, tx, actor, &row, new, share).await?);
    }
    show(tx, case).await?;
    Ok(ids)
}

async fn check(tx: &mut Tx, findings: &[NewFinding]) -> Result<Vec<i64>> {
    if findings.is_empty() {
        return Err(Error::invalid("findings", "finding-nothing"));
    }
    let mut named = BTreeSet::new();
    if !findings.iter().filter_map(|finding| finding.insight).all(|insight| named.insert(insight)) {
        return Err(Error::invalid("findings", "finding-twice"));
    }
    let stations = store::stations(tx).await?;
    if !findings.iter().all(|finding| stations.iter().any(|station| station.code == finding.station)) {
        return Err(Error::invalid("station", "finding-station"));
    }
    shares(findings).map_err(|WrongShares| Error::invalid("share", "finding-shares"))
}

/// Gives a standing finding another share; the journal keeps all shares it had.
async fn revise(app: &App, tx: &mut Tx, actor: &Actor, old: &Finding, share: i64) -> Result<()> {
    if old.share == share {
        return Ok(());
    }
    store::set_share(tx, old.id, share).await?;
    let fact = Fact::FindingRevised { finding: old.id, share };
    journal::record(app, tx, actor, about(old.case, old.insight).of(old.customer), fact)
}

async fn withdraw(app: &App, tx: &mut Tx, actor: &Actor, old: &Finding) -> Result<()> {
    let repeated_by = store::repeated_by(tx, old.id).await?;
    store::withdraw(tx, old.id, app.now()).await?;
    let fact = Fact::FindingWithdrawn { finding: old.id };
    journal::record(app, tx, actor, about(old.case, old.insight).of(old.customer), fact)?;
    // What came after it may repeat what came before it.
    for later in repeated_by {
        repeat(app, tx, actor, &later).await?;
    }
    Ok(())
}

async fn add(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    new: &NewFinding,
    share: i64,
) -> Result<FindingId> {
    let finding = store::insert(tx, case, new, share, actor.person_id(), app.now()).await?;
    let fact = documented(finding, new, share);
    journal::record(app, tx, actor, about(case.id, new.insight).of(case.customer), fact)?;
    if let Some(came) = came(case, finding, new) {
        repeat(app, tx, actor, &came).await?;
    }
    Ok(finding)
}

fn documented(finding: FindingId, new: &NewFinding, share: i64) -> Fact {
    Fact::FindingDocumented {
        finding,
        kind: new.kind.code().into(),
        station: new.station.clone(),
        department: new.department,
        share,
    }
}

/// Somebody came for a known cause; `None` for everything else, which nobody repeats.
fn came(case: &Case, finding: FindingId, new: &NewFinding) -> Option<Came> {
    let insight = new.insight.filter(|_| new.kind == Kind::Cause)?;
    Some(Came { id: finding, case: case.id, customer: case.customer, insight, at: case.created_at })
}

async fn repeat(app: &App, tx: &mut Tx, actor: &Actor, came: &Came) -> Result<()> {
    for (case, later, earlier) in note_repeats(tx, came).await? {
        tracing::debug!(%later, %earlier, "a customer came again for the same cause");
        let (about, fact) = repeated(came, case, earlier);
        journal::record(app, tx, actor, about, fact)?;
    }
    Ok(())
}

/// What is recorded when somebody came again, in the later case.
const fn repeated(again: &Came, case: CaseId, earlier: FindingId) -> (About, Fact) {
    (about(case, Some(again.insight)).of(again.customer), Fact::ContactRepeated { earlier: earlier.0 })
}

const fn about(case: CaseId, insight: Option<InsightId>) -> About {
    About::case(case).with_insight(insight)
}

/// Notes which earlier finding this one repeats, and which later one repeats it: cases are not documented in the
/// order in which they were opened. Returns the later case and finding, and the earlier finding.
async fn note_repeats(tx: &mut Tx, came: &Came) -> Result<Vec<(CaseId, FindingId, FindingId)>> {
    let neighbours = store::neighbours(tx, came, (came.at - REPEAT, came.at + REPEAT)).await?;
    let (before, after): (Vec<_>, Vec<_>) =
        neighbours.into_iter().partition(|other| (other.at, other.case) < (came.at, came.case));
    let mut repeats = Vec::new();
    if let Some(earlier) = before.last()
        && store::insert_repeat(tx, came.id, earlier.id).await?
    {
        repeats.push((came.case, came.id, earlier.id));
    }
    if let Some(later) = after.first()
        && store::insert_repeat(tx, later.id, came.id).await?
    {
        repeats.push((later.case, later.id, came.id));
    }
    Ok(repeats)
}

/// Shows in the case what its findings say.
async fn show(tx: &mut Tx, case: CaseId) -> Result<()> {
    let standing = store::of_case(tx, case).await?;
    let unknown = store::is_unknown(tx, case).await?;
    let kinds: BTreeSet<Kind> = standing.iter().map(|finding| finding.kind).collect();
    let signals: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    let product = standing.iter().find_map(|finding| finding.product);
    let documented = unknown || !standing.is_empty();
    cases::show_findings(tx, case, documented, &signals.join(" "), product).await
}

/// Nobody knows what caused the case: causes that stood are withdrawn; with `alone` whatever else stood is, too.
pub async fn unknown(app: &App, tx: &mut Tx, actor: &Actor, case: CaseId, alone: bool) -> Result<()> {
    actor.may(Right::Document)?;
    dialect::lock(tx, "case", case.0).await?;
    let row = cases::case(tx, case).await?;
    for old in store::of_case(tx, case).await?.iter().filter(|finding| alone || finding.kind == Kind::Cause) {
        withdraw(app, tx, actor, old).await?;
    }
    store::set_unknown(tx, case, actor.person_id(), app.now()).await?;
    journal::record(app, tx, actor, About::case(case).of(row.customer), Fact::CauseUnknown)?;
    show(tx, case).await
}

/// The standing findings of a case.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Finding>> {
    store::of_case(tx, case).await
}

/// Everything that was ever documented in a case, in that order.
pub async fn history(tx: &mut Tx, case: CaseId) -> Result<Vec<Past>> {
    store::history(tx, case).await
}

/// The last `limit` documented cases, the one that was documented last at the end.
pub async fn last_documented(tx: &mut Tx, limit: i64) -> Result<Vec<CaseId>> {
    store::last_documented(tx, limit).await
}

/// How many standing findings each of `insights` has; those without are missing.
pub async fn counts(tx: &mut Tx, insights: &[InsightId]) -> Result<HashMap<InsightId, i64>> {
    Ok(store::counts(tx, insights).await?.into_iter().collect())
}

/// The standing findings of a customer's cases, newest first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId, limit: i64) -> Result<Vec<Finding>> {
    store::of_customer(tx, customer, limit).await
}

/// Was it documented that nobody knows the cause?
pub async fn is_unknown(tx: &mut Tx, case: CaseId) -> Result<bool> {
    store::is_unknown(tx, case).await
}

/// Up to `limit` standing findings of an insight after `cursor`, newest first.
pub async fn of_insight(
    tx: &mut Tx,
    insight: InsightId,
    cursor: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Evidence>> {
    store::of_insight(tx, insight, cursor, limit).await
}

/// The stops of the customer's life, in their order.
pub async fn stations(tx: &mut Tx) -> Result<Vec<Station>> {
    store::stations(tx).await
}

/// Documents a case of the past; used by imports and the example company, which record no news of it. What would have
/// been recorded is the answer, for whoever writes down what happened.
///
/// Empty `findings` mean that the cause is unknown.
pub async fn add_past(
    tx: &mut Tx,
    case: CaseId,
    findings: &[NewFinding],
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<Vec<(About, Fact)>> {
    let row = cases::case(tx, case).await?;
    let shares = shares(findings).map_err(|WrongShares| Error::invalid("share", "finding-shares"))?;
    let mut facts = Vec::new();
    if findings.is_empty() {
        store::set_unknown(tx, case, person, at).await?;
        facts.push((About::case(case).of(row.customer), Fact::CauseUnknown));
    }
    for (new, share) in findings.iter().zip(shares) {
        let finding = store::insert(tx, &row, new, share, person, at).await?;
        facts.push((about(case, new.insight).of(row.customer), documented(finding, new, share)));
        if let Some(came) = came(&row, finding, new) {
            let repeats = note_repeats(tx, &came).await?;
            facts.extend(repeats.into_iter().map(|(case, _, earlier)| repeated(&came, case, earlier)));
        }
    }
    show(tx, case).await?;
    Ok(facts)
}
