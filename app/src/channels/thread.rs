//! Whether a mail goes into the case that it answers, or opens another that follows it.
//!
//! People answer old mails to write about something new, and long after all was said. A reply address of ours
//! proves the case and is kept to; a mere reference counts as long as the subject stays. For closed cases their
//! queue says how long they open again. What machines write belongs to its case and opens nothing.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use mail::{loops, topic};

use super::directory::{Directory, Target};
use super::place::Place;
use super::store;
use super::talk;
use super::understand::Understood;
use crate::cases;
use crate::cases::{Case, Status, Why};
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{App, CaseId, QueueId, Result, Timestamp, Tx};

/// Follow-up cases that are gone through until one is still open.
const FARTHEST: usize = 20;
/// The time in which mails of one sender are counted.
const FLOOD: Duration = Duration::from_mins(10);

/// How a mail found its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A signed reply address, or the number in the subject: whatever else it says, it is meant.
    Named,
    /// The id of an earlier mail, which programs add by themselves.
    Reference,
}

/// The case that a mail answers.
pub struct Found {
    pub case: Case,
    /// Proven, but written by nobody who took part.
    pub stranger: bool,
    pub proof: Proof,
    /// The side conversation of the case that it answers.
    pub talk: Option<i64>,
}

/// Where a mail goes that answers a case.
pub async fn place(
    tx: &mut Tx,
    directory: &Directory,
    target: &Target,
    mail: &Understood,
    found: Found,
) -> Result<Place> {
    let Found { case, stranger, proof, talk } = found;
    if let Some(talk) = talk {
        return talk::place(tx, &case, talk, mail.automatic).await;
    }
    if mail.automatic {
        return Ok(Place::in_case(&case, stranger));
    }
    let own_queue = case.queue;
    let (case, why) = match proof {
        Proof::Named => (case, None),
        Proof::Reference => on_topic(tx, case, &mail.message.subject).await?,
    };
    let (case, why) = match why {
        None => still_open(tx, directory, case, mail.at).await?,
        other => (case, other),
    };
    let Some(why) = why else { return Ok(Place::in_case(&case, stranger)) };
    let queue = match (why, target) {
        (Why::Subject, Target::Queue(queue)) => *queue,
        _ => own_queue,
    };
    Ok(Place::Later { queue: queue_of(directory, queue)?, earlier: case.id, why })
}

/// The queue a case is in, or the first if it is gone.
fn queue_of(directory: &Directory, queue: QueueId) -> Result<crate::people::Queue> {
    directory.queue(queue).or_else(|_| directory.first())
}

/// The case, or one that follows it, that is about this subject; else the case, and that it is about another.
async fn on_topic(tx: &mut Tx, case: Case, subject: &str) -> Result<(Case, Option<Why>)> {
    if is_about(tx, &case, subject).await? {
        return Ok((case, None));
    }
    for (later, _) in cases::followers(tx, case.id).await? {
        if is_about(tx, &later, subject).await? {
            return Ok((later, None));
        }
    }
    Ok((case, Some(Why::Subject)))
}

async fn is_about(tx: &mut Tx, case: &Case, subject: &str) -> Result<bool> {
    if topic::is_same(subject, [case.subject.as_str()]) {
        return Ok(true);
    }
    let known = cases::subjects(tx, case).await?;
    Ok(topic::is_same(subject, known.iter().map(String::as_str)))
}

/// The case, or the last that followed it, if a mail of `at` may open it; else that it has been closed for too long.
async fn still_open(
    tx: &mut Tx,
    directory: &Directory,
    case: Case,
    at: Timestamp,
) -> Result<(Case, Option<Why>)> {
    let mut case = case;
    for _ in 0..FARTHEST {
        if takes_mail(directory, &case, at)? {
            return Ok((case, None));
        }
        let followers = cases::followers(tx, case.id).await?;
        let Some((later, _)) = followers.into_iter().find(|(_, why)| *why == Why::Closed) else { break };
        case = later;
    }
    Ok((case, Some(Why::Closed)))
}

fn takes_mail(directory: &Directory, case: &Case, at: Timestamp) -> Result<bool> {
    let Some(closed) = case.closed_at.filter(|_| case.status == Status::Closed) else { return Ok(true) };
    Ok(queue_of(directory, case.queue)?.reopens(closed, at))
}

/// Did this sender write to this case so often within minutes that a machine must be at work?
///
/// Such mails are filed as all are, but as automatic ones: they open nothing and nobody is owed an answer.
pub async fn is_flood(tx: &mut Tx, place: &Place, mail: &Understood) -> Result<bool> {
    let Place::Case { case, .. } = place else { return Ok(false) };
    if mail.automatic {
        return Ok(false);
    }
    let sent = cases::count_from(tx, *case, &mail.sender.answer_to, mail.at - FLOOD, mail.at).await?;
    Ok(usize::try_from(sent).is_ok_and(|sent| loops::PER_SENDER <= sent))
}

/// Hears of contacts that were moved to another case: their message ids lead there, too.
pub static LISTENER: Listener = Listener { name: "channels.thread", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(fact, Fact::CasesJoined { .. } | Fact::CasesParted { .. } | Fact::CaseSplit { .. })
}

fn hear<'a>(_: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    async move {
        match entry.fact {
            // Recorded about both cases, heard once.
            Fact::CasesJoined { from, into } if entry.about.case == Some(from) => {
                store::move_ids(tx, from, into).await
            }
            Fact::CasesParted { from, into } if entry.about.case == Some(from) => {
                take_back(tx, from, into).await
            }
            Fact::CaseSplit { from, into } if entry.about.case == Some(into) => {
                take_back(tx, into, from).await
            }
            _ => Ok(()),
        }
    }
    .boxed()
}

async fn take_back(tx: &mut Tx, from: CaseId, into: CaseId) -> Result<()> {
    let contacts: Vec<_> = cases::contacts(tx, from).await?.into_iter().map(|contact| contact.id).collect();
    store::move_ids_of(tx, into, from, &contacts).await
}
