//! How many cases lists have, for three hundred people who all look at dozens of lists.
//!
//! A count is exact up to 999 and at most five seconds old. It is counted once for all who would get the same, by one
//! request at a time, and ahead of them while people look at it. What somebody changed themselves shows at once: a count
//! from before is none for them.
//! It is this node's memory, never the truth: what decides something counts for itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::filter::{Eyes, Field, Filter};
use super::store;
use crate::platform::{Actor, App, OwnChanges, Result, Timestamp, Tx, Who};

/// Beyond this lists are "999+".
pub const EXACT: i64 = 999;
const OLDEST: Duration = Duration::from_secs(5);
/// What is older is counted ahead while people look at it.
const YOUNG: Duration = Duration::from_secs(3);
/// Who asked longer ago looks at something else by now.
const ASKED_WITHIN: Duration = Duration::from_secs(30);
/// More remembered counts than any house asks for; then all are forgotten.
const MOST: usize = 20_000;

/// What this node counted last.
#[derive(Default)]
struct Counted {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    /// Held while somebody counts: others wait for that and do not count, too.
    known: tokio::sync::Mutex<Option<Known>>,
    question: Mutex<Option<Question>>,
}

#[derive(Clone, Copy)]
struct Known {
    count: i64,
    at: Timestamp,
    /// The newest change that it may know of.
    change: u64,
}

impl Known {
    fn is_within(self, age: Duration, now: Timestamp) -> bool {
        self.at <= now && now < self.at + age
    }
}

/// What was asked, to count it again.
struct Question {
    /// When somebody asked last.
    at: Timestamp,
    actor: Actor,
    asked: Asked,
}

impl Counted {
    fn slot(&self, key: String) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= slots.len() {
            slots.clear();
        }
        slots.entry(key).or_default().clone()
    }

    /// What somebody asked for just now, and may ask for again; the rest is forgotten.
    fn wanted(&self, now: Timestamp) -> Vec<Arc<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, slot| slot.is_wanted(now));
        slots.values().cloned().collect()
    }
}

impl Slot {
    /// Keeps in mind what was asked.
    fn ask(&self, eyes: &Eyes<'_>, asked: &Asked) {
        let mut question = self.question.lock().unwrap_or_else(PoisonError::into_inner);
        match question.as_mut() {
            Some(question) => question.at = eyes.now,
            None => {
                *question = Some(Question { at: eyes.now, actor: eyes.actor.clone(), asked: asked.clone() });
            }
        }
    }

    fn is_wanted(&self, now: Timestamp) -> bool {
        let question = self.question.lock().unwrap_or_else(PoisonError::into_inner);
        question.as_ref().is_some_and(|question| now < question.at + ASKED_WITHIN)
    }

    fn question(&self) -> Option<(Actor, Asked)> {
        let question = self.question.lock().unwrap_or_else(PoisonError::into_inner);
        question.as_ref().map(|question| (question.actor.clone(), question.asked.clone()))
    }
}

/// Counts anew what people are looking at, so that none of them waits until dozens of lists are counted.
pub fn renewer(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(1))).await.is_some() {
            if let Err(error) = renew(&app).await {
                tracing::warn!(%error, "lists are not counted ahead");
            }
        }
    })
}

/// As [`renewer`], once.
pub async fn renew(app: &App) -> Result<()> {
    let now = app.now();
    for slot in app.part::<Counted>().wanted(now) {
        if slot.known.lock().await.is_some_and(|known| known.is_within(YOUNG, now)) {
            continue;
        }
        let Some((actor, asked)) = slot.question() else { continue };
        let change = app.part::<OwnChanges>().newest();
        let eyes = Eyes::of(app, &actor);
        let count = asked.count(&mut app.db.read().await?, &eyes).await?;
        *slot.known.lock().await = Some(Known { count, at: eyes.now, change });
    }
    Ok(())
}

/// How many cases a filter finds, up to one more than [`EXACT`].
pub async fn of(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, filter: &Filter) -> Result<i64> {
    let key = key(app, tx, eyes, filter).await?;
    remembered(app, tx, eyes, key.text, Asked::Cases(filter.clone())).await
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

#[derive(Clone)]
enum Asked {
    /// How many cases are found.
    Cases(Filter),
    /// Are there private cases?
    Private,
    /// Is the actor named on a case that others may not know of?
    Named,
}

impl Asked {
    async fn count(&self, tx: &mut Tx, eyes: &Eyes<'_>) -> Result<i64> {
        Ok(match self {
            Self::Cases(filter) => store::count(tx, eyes, filter, EXACT + 1).await?,
            Self::Private => i64::from(store::any_private(tx).await?),
            Self::Named => i64::from(store::is_named_on_veiled(tx, eyes.actor).await?),
        })
    }
}

async fn remembered(app: &App, tx: &mut Tx, eyes: &Eyes<'_>, key: String, asked: Asked) -> Result<i64> {
    let slot = app.part::<Counted>().slot(key);
    slot.ask(eyes, &asked);
    let mut known = if let Ok(known) = slot.known.try_lock() {
        known
    } else {
        tx.rest();
        slot.known.lock().await
    };
    let changes = app.part::<OwnChanges>();
    let own = changes.last_of(eyes.actor);
    if let Some(known) = known.filter(|known| own <= known.change && known.is_within(OLDEST, eyes.now)) {
        return Ok(known.count);
    }
    let change = changes.newest();
    let count = asked.count(tx, eyes).await?;
    *known = Some(Known { count, at: eyes.now, change });
    Ok(count)
}
