//! Who decides about a new mail before its case exists: a slice that knows such rules declares a [`Sieve`] in its
//! `Slice`, as it declares jobs and checks. So `channels` obeys filters without using their slice.
//!
//! A sieve chooses a queue and whether the customer is told that the mail arrived; what else is to happen, it does by
//! itself once the case is there. It never throws a mail away, and what it cannot decide it leaves as it is.

use futures::future::BoxFuture;
use mail::Head;

use super::model::Received;
use super::understand::Understood;
use crate::cases::SenderProof;
use crate::platform::{App, CaseId, QueueId, Result, Tx};

/// A mail that would open a case.
pub struct Arriving<'a> {
    /// Where an answer would go.
    pub from: &'a str,
    /// The address of ours that it came to.
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    /// Names of its files.
    pub files: Vec<&'a str>,
    /// Bytes of the whole mail.
    pub size: i64,
    /// Written by a machine, or to a list.
    pub automatic: bool,
    /// Its sender is probably forged.
    pub suspicious: bool,
    /// What it is written in, as a code: `de`; `other` if that cannot be told.
    pub language: &'a str,
    /// The lines of its head.
    pub head: &'a Head,
}

impl<'a> Arriving<'a> {
    pub fn of(received: &Received, mail: &'a Understood, to: Option<&'a str>) -> Self {
        let message = &mail.message;
        Self {
            from: &mail.sender.answer_to,
            to: to.unwrap_or_default(),
            subject: &message.subject,
            text: &message.text,
            files: mail.attachments.iter().map(|file| file.name.as_str()).collect(),
            size: received.size,
            automatic: mail.automatic || !message.auto.may_be_answered(),
            suspicious: mail.proof == SenderProof::Suspicious,
            language: message.language.code(),
            head: &mail.head,
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Default)]
pub struct Sieved {
    pub queue: Option<QueueId>,
    /// The customer is not told that the mail arrived.
    pub quiet: bool,
    /// Who decided, as the sieve names it.
    pub by: Vec<i64>,
}

/// What is decided about a mail, if anything is.
pub type Judgement<'a> = BoxFuture<'a, Result<Option<Sieved>>>;

/// Decides about mails.
pub struct Sieve {
    /// `None`: nothing is said about this mail.
    pub judge: for<'a> fn(&'a App, &'a mut Tx, &'a Arriving<'a>) -> Judgement<'a>,
    /// The case is there; must only write through `tx`.
    pub opened: for<'a> fn(&'a App, &'a mut Tx, CaseId, &'a Sieved) -> BoxFuture<'a, Result<()>>,
}

fn sieve() -> Option<&'static Sieve> {
    crate::SLICES.iter().find_map(|slice| slice.sieve)
}

/// What is decided about a mail that would open a case.
pub async fn judge(app: &App, tx: &mut Tx, arriving: &Arriving<'_>) -> Result<Option<Sieved>> {
    match sieve() {
        Some(sieve) => (sieve.judge)(app, tx, arriving).await,
        None => Ok(None),
    }
}

/// What else follows, once the case is there.
pub async fn opened(app: &App, tx: &mut Tx, case: CaseId, sieved: &Sieved) -> Result<()> {
    match sieve() {
        Some(sieve) => (sieve.opened)(app, tx, case, sieved).await,
        None => Ok(()),
    }
}
