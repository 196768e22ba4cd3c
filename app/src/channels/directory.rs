//! The addresses of the house: which queue has which, and whom mail came back from.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use mail::threading;

use super::store;
use crate::customers;
use crate::people;
use crate::people::Queue;
use crate::platform::{App, Error, QueueId, Result, Tx};

/// Addresses that mail came back from are known up to this many; of more every one may be among them.
const MOST_BOUNCED: i64 = 5_000;

/// The addresses of the house, and those that mail came back from.
pub struct Directory {
    queues: Vec<Queue>,
    house: String,
    bounced: HashSet<String>,
    /// Folded: further addresses of the house, whose mail is fetched from elsewhere.
    others: Vec<String>,
    /// These say at once that a mail has arrived.
    acknowledging: Vec<QueueId>,
}

/// Where a mail to an address goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Queue(QueueId),
    /// A signed reply address: the number of its case.
    Reply(String),
}

/// The directory as this node read it last.
#[derive(Default)]
struct Latest(Mutex<Option<Reading>>);

#[derive(Clone)]
struct Reading {
    /// What this node had committed by then.
    news: u64,
    at: Instant,
    directory: Arc<Directory>,
}

/// How long another node's change may go unnoticed.
const FRESH: Duration = Duration::from_secs(1);

impl Directory {
    /// Does the queue acknowledge new mails?
    pub fn acknowledges(&self, queue: QueueId) -> bool {
        self.acknowledging.contains(&queue)
    }

    pub async fn load(app: &App, tx: &mut Tx) -> Result<Self> {
        let bounced = customers::bounced(tx, MOST_BOUNCED).await?.into_iter().collect();
        let others = store::own_addresses(tx).await?;
        Ok(Self {
            queues: people::queues(tx).await?,
            house: app.settings().mail_from.clone(),
            bounced,
            others,
            acknowledging: store::acknowledging(tx).await?,
        })
    }

    /// The directory of this moment; that of other nodes' changes up to a second ago.
    ///
    /// Asked for every recipient of every mail, and changed a few times in a year.
    pub async fn latest(app: &App) -> Result<Arc<Self>> {
        let latest = app.part::<Latest>();
        // Before reading, so that a change meanwhile makes the reading an old one.
        let (news, at) = (*app.db.news().borrow(), Instant::now());
        let known = latest.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.news == news && known.at.elapsed() < FRESH) {
            return Ok(known.directory);
        }
        let directory = Arc::new(Self::load(app, &mut app.db.read().await?).await?);
        let reading = Reading { news, at, directory: directory.clone() };
        *latest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        Ok(directory)
    }

    /// May mail have come back from this address? So that the usual mail costs no question to the database.
    pub fn may_have_bounced(&self, address: &str) -> bool {
        let all = i64::try_from(self.bounced.len()).is_ok_and(|known| known < MOST_BOUNCED);
        !all || self.bounced.contains(&people::fold_email(address))
    }

    /// Where mail to `address` goes; `None` if nobody has it.
    ///
    /// Until any queue has an address of its own, the first queue has them all.
    pub fn target(&self, address: &str, secret: &[u8; 32]) -> Option<Target> {
        if let Some(number) = threading::read_reply_address(address, secret) {
            return Some(Target::Reply(number));
        }
        let open = self.queues.iter().all(|queue| queue.address.is_none());
        let own = self.queue_of(address);
        let first = self.queues.first().filter(|_| open || self.is_house(address)).map(|queue| queue.id);
        own.or(first).map(Target::Queue)
    }

    /// The queue with this address, with or without a `+detail`.
    pub fn queue_of(&self, address: &str) -> Option<QueueId> {
        let has = |queue: &&Queue| queue.address.as_deref().is_some_and(|own| is_same(own, address));
        self.queues.iter().find(has).map(|queue| queue.id)
    }

    /// The address that answers of queues without one come from, and the one that every host has (RFC 5321, 4.5.1).
    fn is_house(&self, address: &str) -> bool {
        let local = address.split('@').next().unwrap_or_default();
        is_same(&self.house, address) || local.eq_ignore_ascii_case("postmaster")
    }

    /// Is this an address of ours?
    pub fn is_own(&self, address: &str) -> bool {
        let other = || self.others.iter().any(|own| is_same(own, address));
        is_same(&self.house, address) || self.queue_of(address).is_some() || other()
    }

    /// The address of ours that this one is, as it is set up: a reply address or a `+detail` is its queue's.
    pub fn own_address(&self, address: &str) -> Option<&str> {
        let has = |queue: &&Queue| queue.address.as_deref().is_some_and(|own| is_same(own, address));
        let queue = self.queues.iter().find(has).and_then(|queue| queue.address.as_deref());
        queue.or_else(|| is_same(&self.house, address).then_some(self.house.as_str()))
    }

    /// Where mail goes that is for nobody else.
    pub fn first(&self) -> Result<Queue> {
        Ok(self.queues.first().context("there is no queue")?.clone())
    }

    pub fn queue(&self, id: QueueId) -> Result<Queue> {
        self.queues.iter().find(|queue| queue.id == id).cloned().ok_or(Error::NotFound)
    }

    /// The address that answers of this queue come from.
    pub fn address_of(&self, queue: QueueId) -> &str {
        let queue = self.queues.iter().find(|known| known.id == queue);
        queue.and_then(|queue| queue.address.as_deref()).unwrap_or(&self.house)
    }
}

fn is_same(own: &str, address: &str) -> bool {
    let own = people::fold_email(own);
    let address = people::fold_email(address);
    if own == address {
        return true;
    }
    let plain = address.split_once('+').and_then(|(local, rest)| {
        let (_, host) = rest.rsplit_once('@')?;
        Some(format!("{local}@{host}"))
    });
    plain == Some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(id: i64, address: Option<&str>) -> Queue {
        Queue {
            id: QueueId(id),
            name: id.to_string(),
            team: None,
            address: address.map(Into::into),
            answer_minutes: 60,
            reopen_days: None,
            restricted: false,
            tone: crate::platform::Tone::Formal,
        }
    }

    fn directory(queues: Vec<Queue>) -> Directory {
        Directory {
            queues,
            house: "info@haus.example".into(),
            bounced: HashSet::new(),
            others: Vec::new(),
            acknowledging: Vec::new(),
        }
    }

    #[test]
    fn unknown_recipients_are_refused_once_a_queue_has_an_address() {
        let key = [7; 32];
        let reply = threading::reply_address("service@haus.example", "26-10042", &key);
        let forged = threading::reply_address("service@haus.example", "26-10042", &[8; 32]);
        let open = directory(vec![queue(1, None), queue(2, None)]);
        let named = directory(vec![queue(1, None), queue(2, Some("Service@haus.example"))]);

        for (directory, address, target) in [
            (&open, "anybody@anywhere.example", Some(Target::Queue(QueueId(1)))),
            (&open, reply.as_str(), Some(Target::Reply("26-10042".into()))),
            (&named, "anybody@anywhere.example", None),
            (&named, "SERVICE@haus.example", Some(Target::Queue(QueueId(2)))),
            (&named, "service+lamps@haus.example", Some(Target::Queue(QueueId(2)))),
            (&named, "info@haus.example", Some(Target::Queue(QueueId(1)))),
            (&named, "postmaster", Some(Target::Queue(QueueId(1)))),
            (&named, reply.as_str(), Some(Target::Reply("26-10042".into()))),
            (&named, "other+k26-10042.abcdefghijklmnop@haus.example", None),
            // Not a valid code: no more than a +detail of the queue's address.
            (&named, forged.as_str(), Some(Target::Queue(QueueId(2)))),
        ] {
            assert_eq!(directory.target(address, &key), target, "{address}");
        }
    }
}
