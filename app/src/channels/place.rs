//! Which queue a mail is for, and which case it belongs to.
//!
//! Proof comes first: a signed reply address among the recipients, or a signed message id that it answers;
//! only who got our mail knows them. A case number in the subject and the ids of other people's mails can be
//! guessed or read over a shoulder, so they count only from somebody who takes part in that case. Everything
//! else opens a new case.

use anyhow::Context;
use mail::threading;

use super::model::Received;
use super::store;
use super::understand::Understood;
use crate::cases;
use crate::cases::{Case, SenderProof};
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, ContactId, CustomerId, Error, QueueId, Result, Tx};

/// Ids looked up per mail: the latest are the ones that matter.
const MOST_IDS: usize = 12;

/// The addresses of the house.
pub struct Directory {
    queues: Vec<Queue>,
    house: String,
}

/// Where a mail to an address goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Queue(QueueId),
    /// A signed reply address: the number of its case.
    Reply(String),
}

impl Directory {
    pub async fn load(app: &App, tx: &mut Tx) -> Result<Self> {
        Ok(Self { queues: people::queues(tx).await?, house: app.settings().mail_from.clone() })
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
        is_same(&self.house, address) || self.queue_of(address).is_some()
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
        Some((target, Some(address)))
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
        targets.extend(directory.first().map(|queue| (Target::Queue(queue.id), to)));
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
    },
    /// A new case in this queue.
    New(Queue),
}

impl Place {
    const fn in_case(case: &Case, stranger: bool) -> Self {
        Self::Case { case: case.id, queue: case.queue, customer: case.customer, stranger }
    }

    pub const fn queue(&self) -> QueueId {
        match self {
            Self::Case { queue, .. } => *queue,
            Self::New(queue) => queue.id,
        }
    }
}

/// The case that a mail belongs to; `None` opens a new one.
pub async fn find(app: &App, tx: &mut Tx, target: &Target, mail: &Understood) -> Result<Option<Place>> {
    if let Target::Reply(number) = target
        && let Some(case) = cases::find_number(tx, number).await?
    {
        return proven(tx, case, mail).await.map(Some);
    }
    let ids = answered_ids(mail);
    for id in &ids {
        if let Some(own) = threading::read_message_id(id, app.secret())
            && let Some(case) = cases::find_number(tx, &own.case_number).await?
        {
            return proven(tx, case, mail).await.map(Some);
        }
    }
    if let Some(number) = threading::find_case_number(&mail.message.subject)
        && let Some(case) = cases::find_number(tx, number).await?
        && takes_part(tx, case.id, mail).await?
    {
        return Ok(Some(Place::in_case(&case, false)));
    }
    for id in &ids {
        for known in store::by_message_id(tx, id).await? {
            if takes_part(tx, known.case, mail).await? {
                let case = cases::case(tx, known.case).await?;
                return Ok(Some(Place::in_case(&case, false)));
            }
        }
    }
    Ok(None)
}

async fn proven(tx: &mut Tx, case: Case, mail: &Understood) -> Result<Place> {
    let known = mail.automatic || takes_part(tx, case.id, mail).await?;
    Ok(Place::in_case(&case, !known))
}

/// Only the address that an answer would go to counts: `From` beside a `Reply-To` is nobody's proof,
/// nor is an address whose own domain says that it did not write.
async fn takes_part(tx: &mut Tx, case: CaseId, mail: &Understood) -> Result<bool> {
    let forged = mail.proof == SenderProof::Suspicious;
    Ok(!forged && cases::is_participant(tx, case, &mail.sender.answer_to).await?)
}

/// What the mail says it answers, the latest first.
fn answered_ids(mail: &Understood) -> Vec<String> {
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
        }
    }

    #[test]
    fn unknown_recipients_are_refused_once_a_queue_has_an_address() {
        let key = [7; 32];
        let reply = threading::reply_address("service@haus.example", "26-10042", &key);
        let forged = threading::reply_address("service@haus.example", "26-10042", &[8; 32]);
        let open =
            Directory { queues: vec![queue(1, None), queue(2, None)], house: "info@haus.example".into() };
        let named =
            Directory { queues: vec![queue(1, None), queue(2, Some("Service@haus.example"))], ..open };
        let open =
            Directory { queues: vec![queue(1, None), queue(2, None)], house: "info@haus.example".into() };

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
