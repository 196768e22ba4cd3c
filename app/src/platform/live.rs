//! Tells open pages what changed, so that nobody reloads.
//!
//! Browsers hold one event stream each; a message names topics ("queue", "case:17"), never content: the page
//! fetches again what it shows, with the reader's own rights.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::StreamExt;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::Instant;

use super::sight::Veil;
use super::{Actor, App, PersonId, QueueId, Result, Right};

/// Messages that a slow browser may lag behind before it refreshes as a whole.
const BACKLOG: usize = 256;
/// The topic that concerns all that is shown.
const EVERYTHING: &str = "*";
/// The topic of all lists.
const LISTS: &str = "queue";
/// News are gathered so long for a reader who heard some just now, in milliseconds: of twenty changes a second each
/// would be told to hundreds of pages, and they fetch no more often than this anyway. Not as long for each: all would
/// fetch at the same moment and wait for one another.
const GATHER: RangeInclusive<u64> = 50..=130;
/// A stream ends after this time at the latest.
const LONGEST: Duration = Duration::from_mins(15);

/// Where a case is, as far as open pages want to know: in which lists it may stand, and who may know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub queue: QueueId,
    pub owner: Option<PersonId>,
    /// `None`: everybody who reads cases.
    pub veil: Option<Veil>,
}

/// Something that changed, and who may know that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// "case:17"; "queue:3" and "owner:5" for lists with such cases, "queue" for all lists; …
    pub name: String,
    /// Of a case that not everybody may know of.
    pub veil: Option<Arc<Veil>>,
}

impl From<&str> for Topic {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<String> for Topic {
    fn from(name: String) -> Self {
        Self { name, veil: None }
    }
}

#[derive(Clone)]
pub struct Live {
    sender: broadcast::Sender<Vec<Topic>>,
    told: Arc<Mutex<Told>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG), told: Arc::default() }
    }
}

/// When lists were told of last, counted.
#[derive(Default)]
struct Told {
    count: u64,
    /// By topic of a list: "queue:3", "owner:5".
    of: HashMap<String, u64>,
    /// Any of them.
    of_any: u64,
    /// All of them: "queue".
    of_all: u64,
}

impl Told {
    fn note(&mut self, topics: &[Topic]) {
        self.count += 1;
        for Topic { name, .. } in topics {
            if name == LISTS {
                self.of_all = self.count;
            } else if name.starts_with("queue:") || name.starts_with("owner:") {
                self.of.insert(name.clone(), self.count);
                self.of_any = self.count;
            }
        }
    }

    fn last_of(&self, topic: &str) -> u64 {
        let own = if topic == LISTS { self.of_any } else { self.of.get(topic).copied().unwrap_or(0) };
        own.max(self.of_all)
    }
}

impl Live {
    /// Tells everybody that these topics changed. Nobody listening is fine.
    pub fn tell(&self, topics: Vec<Topic>) {
        // First noted: who is told asks anew.
        self.noted().note(&topics);
        drop(self.sender.send(topics));
    }

    /// How often something was told until now.
    pub fn told(&self) -> u64 {
        self.noted().count
    }

    /// As [`Self::told`], until one of these topics of lists was told last; 0 if that never happened.
    pub fn told_of(&self, topics: &[String]) -> u64 {
        let noted = self.noted();
        topics.iter().map(|topic| noted.last_of(topic)).max().unwrap_or(0)
    }

    fn noted(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn listen(&self) -> broadcast::Receiver<Vec<Topic>> {
        self.sender.subscribe()
    }
}

/// `GET /live`: one stream of changes for all tabs of a browser, of what the reader may see.
///
/// It ends after a while and the browser asks again: so that a login that was ended hears no more.
pub async fn stream(
    actor: Actor,
    State(app): State<App>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    actor.may(Right::OwnAccount)?;
    let reader = Reader { receiver: app.live.listen(), actor, told: None };
    let events = futures::stream::unfold(reader, |mut reader| async move {
        let topics = reader.news().await?;
        // What changed for some may have changed for all, too.
        let names: BTreeSet<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
        let data = serde_json::json!({ "topics": names }).to_string();
        Some((Ok(Event::default().event("change").data(data)), reader))
    });
    let events = events.take_until(tokio::time::sleep(LONGEST));
    let hello =
        futures::stream::once(async { Ok(Event::default().retry(Duration::from_secs(3)).comment("live")) });
    Ok(Sse::new(hello.chain(events)).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}

/// Somebody who listens.
struct Reader {
    receiver: broadcast::Receiver<Vec<Topic>>,
    actor: Actor,
    /// When they heard something last.
    told: Option<Instant>,
}

impl Reader {
    /// What changed since the last time, of what the reader may know; `None` at the end.
    async fn news(&mut self) -> Option<Vec<Topic>> {
        let mut topics = Vec::new();
        while topics.is_empty() {
            let told = self.receiver.recv().await;
            self.add(&mut topics, told)?;
        }
        if let Some(told) = self.told {
            tokio::time::sleep_until(told + Duration::from_millis(rand::random_range(GATHER))).await;
        }
        loop {
            match self.receiver.try_recv() {
                Ok(told) => self.add(&mut topics, Ok(told))?,
                Err(TryRecvError::Lagged(missed)) => self.add(&mut topics, Err(RecvError::Lagged(missed)))?,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.told = Some(Instant::now());
        Some(topics)
    }

    fn add(&self, topics: &mut Vec<Topic>, told: std::result::Result<Vec<Topic>, RecvError>) -> Option<()> {
        let told = match told {
            Ok(told) => told,
            Err(RecvError::Lagged(_)) => vec![EVERYTHING.into()],
            Err(RecvError::Closed) => return None,
        };
        topics.extend(told.into_iter().filter(|topic| concerns(topic, &self.actor)));
        Some(())
    }
}

/// May `actor` know that something happened to `topic`?
fn concerns(topic: &Topic, actor: &Actor) -> bool {
    if topic.veil.as_ref().is_some_and(|veil| !veil.lets(actor)) {
        return false;
    }
    let (kind, of) = topic.name.split_once(':').unwrap_or((&topic.name, ""));
    match kind {
        // Each hears of their own.
        "notices" => actor.person_id().is_some_and(|person| of == person.to_string()),
        "queue" | "owner" | "case" | "presence" => actor.can(Right::ReadCases),
        "customer" => actor.can(Right::ReadCustomers),
        "insight" => actor.can(Right::ReadInsights),
        "unprocessable" => actor.can(Right::ReadUnprocessable),
        "mailboxes" => actor.can(Right::ManageSettings),
        "recurring" => actor.can(Right::WorkCases),
        _ => true,
    }
}
