//! Which queue a mail is for, and which case it belongs to.
//!
//! Proof comes first: a signed reply address among the recipients, or a signed message id that it answers;
//! only who got our mail knows them. A case number in the subject and the ids of other people's mails can be
//! guessed or read over a shoulder, so they count only from somebody who takes part in that case. Everything
//! else opens a new case.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use mail::threading;

use super::known::Known;
use super::model::Received;
use super::store;
use super::talk;
use super::thread::{self, Found, Proof};
use super::understand::Understood;
use crate::cases;
use crate::cases::{Case, SenderProof, Why};
use crate::customers;
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, ContactId, CustomerId, Error, QueueId, Result, Tx};

/// Ids looked up per mail: the latest are the ones that matter.
const MOST_IDS: usize = 12;

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
    fn queue_of(&self, address: &str) -> Option<QueueId> {
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

/// The deliveries of one mail: usually one, several if it went to several queues.
pub fn targets(
    app: &App,
    directory: &Directory,
    received: &Received,
    mail: &Understood,
) -> Vec<(Target, Option<String>)> {
    let message = &mail.message;
    let mut addresses = received.recipients();
    if addresses.is_empty() {
        let headers = message.to.iter().chain(&message.cc).map(|address| &address.address);
        addresses = message.delivered_to.iter().chain(headers).cloned().collect();
    }
    let found = addresses.into_iter().filter_map(|address| {
        let target = directory.target(&address, app.secret())?;
        // A mailbox has a queue of its own; only what is said clearly leads elsewhere.
        let clear = matches!(target, Target::Reply(_)) || directory.queue_of(&address).is_some();
        (received.queue.is_none() || clear).then_some((target, Some(address)))
    });
    let mut targets: Vec<(Target, Option<String>)> = Vec::new();
    for (target, address) in found {
        if !targets.iter().any(|(known, _)| *known == target) {
            targets.push((target, address));
        }
    }
    // A reply is one reply, however many of our addresses are in copy.
    if targets.iter().any(|(target, _)| matches!(target, Target::Reply(_))) {
        targets.retain(|(target, _)| matches!(target, Target::Reply(_)));
    }
    if targets.is_empty() {
        let to = message.to.first().map(|address| address.address.clone());
        let of_mailbox = received.queue.filter(|queue| directory.queue(*queue).is_ok());
        let queue = of_mailbox.or(directory.first().ok().map(|queue| queue.id));
        targets.extend(queue.map(|queue| (Target::Queue(queue), to)));
    }
    targets
}

/// Where a mail belongs.
pub enum Place {
    Case {
        case: CaseId,
        queue: QueueId,
        customer: CustomerId,
        /// Proven to belong here, but written by nobody who took part: shown with a mark.
        stranger: bool,
        /// The side conversation that it goes on with.
        talk: Option<i64>,
    },
    /// A new case in this queue.
    New(Queue),
    /// A new case that follows an earlier one.
    Later { queue: Queue, earlier: CaseId, why: Why },
}

impl Place {
    pub const fn in_case(case: &Case, stranger: bool) -> Self {
        Self::Case { case: case.id, queue: case.queue, customer: case.customer, stranger, talk: None }
    }

    /// Which case a new one follows, and why it is a new one.
    pub const fn follows(&self) -> Option<(CaseId, Why)> {
        match self {
            Self::Later { earlier, why, .. } => Some((*earlier, *why)),
            Self::Case { .. } | Self::New(_) => None,
        }
    }

    /// A new case opens in this queue instead; one that is there stays where it is.
    #[must_use]
    pub fn moved(self, to: Queue) -> Self {
        match self {
            Self::Case { .. } => self,
            Self::New(_) => Self::New(to),
            Self::Later { earlier, why, .. } => Self::Later { queue: to, earlier, why },
        }
    }

    pub const fn queue(&self) -> QueueId {
        match self {
            Self::Case { queue, .. } => *queue,
            Self::New(queue) | Self::Later { queue, .. } => queue.id,
        }
    }
}

/// Where a mail goes that belongs to a case; `None` if it belongs to none.
pub async fn find(
    app: &App,
    tx: &mut Tx,
    directory: &Directory,
    known: &Known,
    target: &Target,
    mail: &Understood,
) -> Result<Option<Place>> {
    match find_case(app, tx, known, target, mail).await? {
        Some(found) => thread::place(tx, directory, target, mail, found).await.map(Some),
        None => Ok(None),
    }
}

async fn find_case(
    app: &App,
    tx: &mut Tx,
    known: &Known,
    target: &Target,
    mail: &Understood,
) -> Result<Option<Found>> {
    if let Target::Reply(thread) = target
        && let (number, talk) = talk::split(thread)
        && let Some(case) = known.by_number(tx, number).await?
    {
        let found = proven(tx, known, case, Proof::Named, mail).await?;
        return Ok(Some(Found { talk, ..found }));
    }
    let ids = answered_ids(mail);
    for id in &ids {
        if let Some(own) = threading::read_message_id(id, app.secret())
            && let (number, talk) = talk::split(&own.case_number)
            && let Some(case) = known.by_number(tx, number).await?
        {
            let found = proven(tx, known, case, Proof::Reference, mail).await?;
            return Ok(Some(Found { talk, ..found }));
        }
    }
    if let Some(number) = threading::find_case_number(&mail.message.subject)
        && let Some(case) = known.by_number(tx, number).await?
        && takes_part(tx, known, case.id, mail).await?
    {
        return Ok(Some(Found { case, stranger: false, proof: Proof::Named, talk: None }));
    }
    for id in &ids {
        for message in known.by_message_id(id) {
            let case = known.case(tx, message.case).await?;
            let case = cases::resolve(tx, case).await?;
            if takes_part(tx, known, case.id, mail).await? {
                return Ok(Some(Found { case, stranger: false, proof: Proof::Reference, talk: None }));
            }
        }
    }
    Ok(None)
}

async fn proven(tx: &mut Tx, known: &Known, case: Case, proof: Proof, mail: &Understood) -> Result<Found> {
    let stranger = !mail.automatic && !takes_part(tx, known, case.id, mail).await?;
    Ok(Found { case, stranger, proof, talk: None })
}

/// Only the address that an answer would go to counts: `From` beside a `Reply-To` is nobody's proof,
/// nor is an address whose own domain says that it did not write.
async fn takes_part(tx: &mut Tx, known: &Known, case: CaseId, mail: &Understood) -> Result<bool> {
    let forged = mail.proof == SenderProof::Suspicious;
    Ok(!forged && known.takes_part(tx, case, &mail.sender.answer_to).await?)
}

/// What the mail says it answers, the latest first.
pub fn answered_ids(mail: &Understood) -> Vec<String> {
    let message = &mail.message;
    let bounced = message.original_message_id.iter();
    let all = bounced.chain(&message.in_reply_to).chain(message.references.iter().rev());
    let mut ids: Vec<String> = Vec::new();
    for id in all {
        if !ids.contains(id) && ids.len() < MOST_IDS {
            ids.push(id.clone());
        }
    }
    ids
}

/// The written contact that came back to us in this mail, as a bounce or as itself.
pub fn own_contact(app: &App, message_id: Option<&str>) -> Option<ContactId> {
    let own = threading::read_message_id(message_id?, app.secret())?;
    own.contact_id.parse().ok().map(ContactId)
}

/// A number for locking by address.
pub fn key(address: &str) -> i64 {
    let hash = blake3::hash(people::fold_email(address).as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(first) & i64::MAX
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
