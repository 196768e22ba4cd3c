//! How many cases lists have, for three hundred people who all look at dozens of lists.
//!
//! A count is exact up to 999 and at most five seconds old. It is counted once for all who would get the same, and by
//! one request at a time. What somebody changed themselves shows at once: a count from before is none for them.
//! It is this node's memory, never the truth: what decides something counts for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::filter::{Eyes, Field, Filter};
use super::store;
use crate::platform::{App, OwnChanges, Result, Timestamp, Tx, Who};

/// Beyond this lists are "999+".
pub const EXACT: i64 = 999;
const OLDEST: Duration = Duration::from_secs(5);
/// More remembered counts than any house asks for; then all are forgotten.
const MOST: usize = 20_000;

/// What this node counted last.
#[derive(Default)]
struct Counted {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

/// Held while somebody counts: others wait for that and do not count, too.
type Slot = tokio::sync::Mutex<Option<Known>>;

#[derive(Clone, Copy)]
struct Known {
    count: i64,
    at: Timestamp,
    /// The newest change that it may know of.
    change: u64,
}

impl Counted {
    fn slot(&self, key: String) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= slots.len() {
            slots.clear();
        }
        slots.entry(key).or_default().clone()
    }
}

/// How many cases a filter finds, up to one more than [`EXACT`].
pub async fn of(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter) -> Result<i64> {
    let key = key(app, tx, eyes, filter).await?;
    remembered(app, tx, eyes, key.text, Asked::Cases(filter)).await
}

/// As [`of`], of several lists.
pub async fn all(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, filters: &[Filter]) -> Result<Vec<i64>> {
    let mut counts = Vec::with_capacity(filters.len());
    for filter in filters {
        counts.push(of(app, tx, eyes, filter).await?);
    }
    Ok(counts)
}

/// As it is shown.
pub fn shown(count: i64) -> String {
    if EXACT < count { format!("{EXACT}+") } else { count.to_string() }
}

/// What decides about a list beside the cases: the same for as many people as possible.
pub(super) struct Key {
    pub text: String,
    /// Nobody else has this key.
    pub own: bool,
    /// Those who see other private cases have another one.
    pub by_private: bool,
}

pub(super) async fn key(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter) -> Result<Key> {
    let has =
        |value: &str| filter.conditions().any(|condition| condition.values.iter().any(|one| one == value));
    let actor = eyes.actor;
    let by_private = remembered(app, tx, eyes, "private".into(), Asked::Private).await? != 0;
    let veils = by_private || !actor.sight.hidden.is_empty();
    let named = veils && is_named(app, tx, eyes, filter).await?;
    let person = (named || has("me")).then(|| actor.person_id());
    let team = has("mine").then_some((&actor.queues, &actor.teams));
    let led = by_private.then_some(&actor.sight.led);
    let sight = (matches!(actor.who, Who::Kitt(_)), &actor.sight.hidden, led);
    let text = format!("{filter:?} {sight:?} {person:?} {team:?}");
    Ok(Key { text, own: person.flatten().is_some(), by_private })
}

/// May the actor find cases that others with the same sight of queues may not know of?
async fn is_named(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter) -> Result<bool> {
    let Some(person) = eyes.actor.person_id() else { return Ok(false) };
    // Few look at what was put away, and no index tells whose that was.
    let binned = filter.conditions().any(|condition| condition.field == Field::Bin);
    Ok(binned || remembered(app, tx, eyes, format!("named {person}"), Asked::Named).await? != 0)
}

#[derive(Clone, Copy)]
enum Asked<'a> {
    /// How many cases are found.
    Cases(&'a Filter),
    /// Are there private cases?
    Private,
    /// Is the actor named on a case that others may not know of?
    Named,
}

async fn remembered(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, key: String, asked: Asked<'_>) -> Result<i64> {
    let slot = app.part::<Counted>().slot(key);
    let mut known = slot.lock().await;
    let changes = app.part::<OwnChanges>();
    let own = changes.last_of(eyes.actor);
    let fresh = |known: &Known| {
        let age = eyes.now.0 - known.at.0;
        own <= known.change && 0 <= age && eyes.now < known.at + OLDEST
    };
    if let Some(known) = known.filter(fresh) {
        return Ok(known.count);
    }
    let change = changes.newest();
    let count = match asked {
        Asked::Cases(filter) => store::count(tx, eyes, filter, EXACT + 1).await?,
        Asked::Private => i64::from(store::any_private(tx).await?),
        Asked::Named => i64::from(store::is_named_on_veiled(tx, eyes.actor).await?),
    };
    *known = Some(Known { count, at: eyes.now, change });
    Ok(count)
}
