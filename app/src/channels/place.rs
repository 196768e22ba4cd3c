//! Which queue a mail is for, and which case it belongs to.
//!
//! Proof comes first: a signed reply address among the recipients, or a signed message id that it answers;
//! only who got our mail knows them. A case number in the subject and the ids of other people's mails can be
//! guessed or read over a shoulder, so they count only from somebody who takes part in that case. Everything
//! else opens a new case.

use mail::threading;

use super::directory::{Directory, Target};
use super::known::Known;
use super::model::Received;
use super::talk;
use super::thread::{self, Found, Proof};
use super::understand::Understood;
use crate::cases;
use crate::cases::{Case, SenderProof, Why};
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, ContactId, CustomerId, QueueId, Result, Tx};

/// Ids looked up per mail: the latest are the ones that matter.
const MOST_IDS: usize = 12;

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
