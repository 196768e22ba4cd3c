//! Who may know of a case, asked of the database: the rule itself is [`crate::platform::sight`].
//!
//! Lists have it in their statements ([`Filter`](super::Filter)), requests with a case, contact or file in their path
//! are stopped at the door (`web/guard.rs`), commands ask [`seen`]. What names cases in another way, such as the
//! other case of a merge, has to ask here: who may not know of a case is told that there is none.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::future::BoxFuture;

use super::model::Case;
use super::store;
use crate::platform::live::{Place, Topic};
use crate::platform::sight::Veil;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Tx, Who};

/// A case that the actor works on.
///
/// # Errors
///
/// [`Error::NotFound`] also for one that the actor may not know of.
pub async fn seen(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Case> {
    let row = store::case(tx, case).await?;
    check(tx, actor, &row).await?;
    Ok(row)
}

/// As [`seen`], of a case that is locked and about to change.
///
/// # Errors
///
/// [`Error::Stale`] if it went into another one meanwhile: what is done to it now, nobody would ever see.
pub async fn at_hand(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Case> {
    let row = seen(tx, actor, case).await?;
    if row.moved_to.is_some() { Err(Error::Stale) } else { Ok(row) }
}

/// # Errors
///
/// [`Error::NotFound`] if the actor may not know of this case.
pub async fn check(tx: &mut Tx, actor: &Actor, case: &Case) -> Result<()> {
    if sees(actor, case) || store::is_named(tx, actor, case.id).await? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// What the row itself tells. Most cases are open to all, so that nothing else is asked.
fn sees(actor: &Actor, case: &Case) -> bool {
    if matches!(actor.who, Who::Kitt(_)) || (case.owner.is_some() && case.owner == actor.person_id()) {
        return true;
    }
    let hidden = actor.sight.hidden.contains(&case.queue);
    !hidden && (!case.private || actor.sight.led.contains(&case.queue))
}

/// Those of these cases that the actor may not know of.
pub async fn unseen(tx: &mut Tx, actor: &Actor, cases: &[CaseId]) -> Result<HashSet<CaseId>> {
    if cases.is_empty() {
        return Ok(HashSet::new());
    }
    let mut unseen: HashSet<CaseId> = cases.iter().copied().collect();
    for case in store::seen_of(tx, actor, cases).await? {
        unseen.remove(&case);
    }
    Ok(unseen)
}

/// Those of these contacts whose cases the actor may not know of.
pub async fn unseen_contacts(
    tx: &mut Tx,
    actor: &Actor,
    contacts: &[ContactId],
) -> Result<HashSet<ContactId>> {
    let of: HashMap<ContactId, CaseId> = store::cases_of(tx, contacts).await?.into_iter().collect();
    let cases: Vec<CaseId> = of.values().copied().collect();
    let unseen = unseen(tx, actor, &cases).await?;
    Ok(of.into_iter().filter(|(_, case)| unseen.contains(case)).map(|(contact, _)| contact).collect())
}

/// Of these cases, those that not everybody may know of.
pub async fn veils(tx: &mut Tx, cases: &[CaseId]) -> Result<HashMap<CaseId, Veil>> {
    let mut veils = HashMap::new();
    for row in store::veiled(tx, cases).await? {
        let named = row.owner.into_iter().collect();
        let veil = Veil { team: row.team, restricted: row.restricted, private: row.private, named };
        veils.insert(row.case, veil);
    }
    let hidden: Vec<CaseId> = veils.keys().copied().collect();
    for (case, person) in store::people_of(tx, &hidden).await? {
        veils.entry(case).and_modify(|veil| veil.named.push(person));
    }
    Ok(veils)
}

/// In which lists these cases may be, and who may know of them, as live updates ask for it.
pub fn places<'a>(tx: &'a mut Tx, cases: &'a [CaseId]) -> BoxFuture<'a, Result<HashMap<CaseId, Place>>> {
    Box::pin(async move {
        let mut veils = veils(tx, cases).await?;
        let place = |(case, queue, owner)| (case, Place { queue, owner, veil: veils.remove(&case) });
        Ok(store::places(tx, cases).await?.into_iter().map(place).collect())
    })
}

/// Tells open pages that something of a case is new which is no fact, such as why a mail waits: `what` is the kind of
/// the topic.
pub async fn tell(app: &App, what: &str, case: CaseId) -> Result<()> {
    let veil = veils(&mut app.db.read().await?, &[case]).await?.remove(&case).map(Arc::new);
    app.live.tell(vec![Topic { name: format!("{what}:{case}"), veil }]);
    Ok(())
}
