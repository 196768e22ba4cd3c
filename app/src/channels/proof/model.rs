//! What a proof says: where each mail is, and what does not add up.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{ReceivedId, Timestamp, codes};

codes! {
    /// What does not add up.
    pub enum Fault {
        /// Acknowledged or fetched, and not in the database.
        Missing = "missing",
        /// In the database with other bytes.
        Changed = "changed",
        /// Said to be filed, and its contact is not there.
        NoContact = "no_contact",
        /// A line of the list of receipts.
        Unreadable = "unreadable",
        /// A mail server holds it among mails that were fetched, and Kitt never took it.
        Overlooked = "overlooked",
    }
}

/// Where a mail server holds a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtServer {
    pub uidvalidity: u32,
    pub uid: u32,
    /// It was there when the proof was made, so that it can be fetched again.
    pub held: bool,
}

/// A mail, or a receipt, that does not add up; named as far as anything is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    pub fault: Fault,
    pub received: Option<ReceivedId>,
    /// BLAKE3 of the raw mail, by which it is found in an archive; of a receipt that cannot be read its day.
    pub hash: String,
    #[serde(default)]
    pub at_server: Option<AtServer>,
    #[serde(default)]
    pub message_id: Option<String>,
    #[serde(default)]
    pub sender: Option<String>,
    #[serde(default)]
    pub subject: Option<String>,
    /// What the mail says of its date.
    #[serde(default)]
    pub date: Option<Timestamp>,
}

/// What is shown of a mail that is lost.
const LONGEST: usize = 300;

impl Difference {
    pub const fn new(fault: Fault, received: Option<ReceivedId>, hash: String) -> Self {
        let (at_server, message_id, sender, subject, date) = (None, None, None, None, None);
        Self { fault, received, hash, at_server, message_id, sender, subject, date }
    }

    /// Tells it from the others of its source, also when it is found again.
    pub fn key(&self) -> String {
        if self.fault == Fault::Unreadable {
            return format!("{} {}", self.fault, self.hash);
        }
        let received = self.received.map(|id| id.0).unwrap_or_default();
        let (uidvalidity, uid) = self.at_server.as_ref().map_or((0, 0), |at| (at.uidvalidity, at.uid));
        format!("{} {received} {uidvalidity}/{uid}", self.fault)
    }

    /// Takes over what the mail's head says of it.
    pub fn name(&mut self, message: &mail::Message) {
        let short = |text: &str| -> Option<String> {
            let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            Some(text).filter(|text| !text.is_empty())
        };
        self.message_id = message.message_id.as_deref().and_then(short);
        self.sender = message.from.first().and_then(|from| short(&from.address));
        self.subject = short(&message.subject);
        self.date = message.date.map(Timestamp::from_seconds);
    }

    /// Is anything known that a person would recognise?
    pub const fn is_named(&self) -> bool {
        self.message_id.is_some() || self.sender.is_some() || self.subject.is_some()
    }
}

/// A difference that somebody knows about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Settlement {
    #[serde(skip)]
    pub source: String,
    /// As [`Difference::key`].
    pub difference: String,
    pub at: Timestamp,
    /// Who settled it.
    pub person: String,
    pub reason: String,
}

/// What became of one day's mails of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proof {
    /// 0 until it is kept.
    pub id: i64,
    #[schema(value_type = String)]
    pub day: Date,
    /// A code that stays: `listener`, `api`, `import`, `imap`, or that of a mailbox's folder.
    pub source: String,
    /// The mailbox and its folder; empty where the code says it.
    pub label: String,
    pub at: Timestamp,
    /// Mails that the source handed over or holds.
    pub receipts: i64,
    pub filed: i64,
    pub duplicates: i64,
    pub own: i64,
    pub unprocessable: i64,
    /// Left on the server on purpose: too large.
    pub refused: i64,
    pub waiting: i64,
    /// Why the source could not be looked at; then nothing is known of what it still holds.
    pub unproven: Option<String>,
    /// Since when it could not be.
    pub unproven_at: Option<Timestamp>,
    pub differences: Vec<Difference>,
    pub settled: Vec<Settlement>,
}

impl Proof {
    pub fn of(day: Date, source: &str, at: Timestamp) -> Self {
        Self {
            id: 0,
            day,
            source: source.to_owned(),
            label: String::new(),
            at,
            receipts: 0,
            filed: 0,
            duplicates: 0,
            own: 0,
            unprocessable: 0,
            refused: 0,
            waiting: 0,
            unproven: None,
            unproven_at: None,
            differences: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// Is everything there, and was everything looked at?
    pub fn is_sound(&self) -> bool {
        self.unproven.is_none() && self.open().next().is_none()
    }

    /// Differences that nobody settled.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|one| self.settlement(one).is_none())
    }

    pub fn settlement(&self, difference: &Difference) -> Option<&Settlement> {
        let key = difference.key();
        self.settled.iter().find(|one| one.difference == key)
    }

    pub fn count_open(&self) -> i64 {
        i64::try_from(self.open().count()).unwrap_or(i64::MAX)
    }
}

/// Differences that nobody settled, each once however often it was found, with the newest proof that found it.
pub fn open_once(proofs: &[Proof]) -> Vec<(&Proof, &Difference)> {
    let mut seen = BTreeSet::new();
    let mut newest: Vec<&Proof> = proofs.iter().collect();
    newest.sort_by_key(|proof| std::cmp::Reverse(proof.day));
    let all = newest.into_iter().flat_map(|proof| proof.open().map(move |one| (proof, one)));
    all.filter(|(proof, one)| seen.insert((proof.source.clone(), one.key()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settled_difference_is_open_no_more_and_others_are() {
        let mut proof = Proof::of(jiff::civil::date(2026, 11, 16), "listener", Timestamp(0));
        assert!(proof.is_sound());
        for id in [1, 2] {
            proof.differences.push(Difference::new(Fault::Missing, Some(ReceivedId(id)), String::new()));
        }
        let (person, reason) = ("Ada".to_owned(), "Werbung".to_owned());
        let difference = proof.differences[0].key();
        proof.settled.push(Settlement {
            source: "listener".into(),
            difference,
            at: Timestamp(0),
            person,
            reason,
        });

        let open: Vec<_> = proof.open().map(|one| one.received).collect();
        assert_eq!(open, [Some(ReceivedId(2))]);
        assert!(!proof.is_sound());
    }

    #[test]
    fn a_source_that_was_not_reached_is_neither_sound_nor_lost() {
        let unproven = Some("refused".to_owned());
        let proof =
            Proof { unproven, ..Proof::of(jiff::civil::date(2026, 11, 16), "mailbox:1:1", Timestamp(0)) };
        assert_eq!((proof.is_sound(), proof.count_open()), (false, 0));
    }
}
