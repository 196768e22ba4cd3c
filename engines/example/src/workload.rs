//! A stream of mails for benchmarks and crash tests.
//!
//! Same seed, same bytes. Replies come from the sender of an earlier mail and refer to it, so that each
//! of them belongs to exactly one case.

use crate::cases::voice;
use crate::chance::Chance;
use crate::customers;
use crate::fill::Scene;
use crate::house;
use crate::live::host;
use crate::mime::Message;
use crate::model::{Channel, Customer, Person};
use crate::moment::{date_of, seconds};
use crate::themes::all;
use jiff::civil::date;

/// One mail of a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadMail {
    /// RFC 5322 bytes with CRLF line ends.
    pub raw: Vec<u8>,
    /// For the envelope.
    pub from: String,
    pub to: &'static str,
    /// Without angle brackets.
    pub message_id: String,
    /// The position of the mail that this one answers.
    pub answers: Option<usize>,
}

/// `count` mails of which `reply_percent` of 100 answer an earlier one.
pub fn mails(seed: u64, count: usize, reply_percent: usize) -> Workload {
    Workload { seed, count, reply_percent, made: 0, begun: Vec::new(), people: house::people() }
}

/// See [`mails`].
pub struct Workload {
    seed: u64,
    count: usize,
    reply_percent: usize,
    made: usize,
    /// The mails so far that started something.
    begun: Vec<Begun>,
    people: Vec<Person>,
}

#[derive(Debug, Clone)]
struct Begun {
    /// Position in the stream.
    at: usize,
    message_id: String,
    subject: String,
}

impl Iterator for Workload {
    type Item = WorkloadMail;

    fn next(&mut self) -> Option<WorkloadMail> {
        if self.count <= self.made {
            return None;
        }
        let mut chance = Chance::new(self.seed, 500_000_000 + self.made as u64);
        let reply = !self.begun.is_empty() && chance.percent(self.reply_percent);
        let answered = reply.then(|| self.begun[chance.below(self.begun.len())].clone());
        let (mail, subject) = self.write(answered, &mut chance);
        if mail.answers.is_none() {
            let message_id = mail.message_id.clone();
            self.begun.push(Begun { at: self.made, message_id, subject });
        }
        self.made += 1;
        Some(mail)
    }
}

impl Workload {
    /// A mail and its subject.
    fn write(&self, answered: Option<Begun>, chance: &mut Chance) -> (WorkloadMail, String) {
        let at = seconds(date(2026, 3, 2), 8, 0) + i64::try_from(self.made).unwrap_or(0) * 30;
        // The sender follows from the position of the mail that began the exchange.
        let begun = answered.as_ref().map_or(self.made, |answered| answered.at);
        let customer = sender(self.seed, begun);
        let order = &customer.orders[0];
        let scene = Scene::new(&customer, order, &self.people[chance.below(house::AGENTS)], at, chance);
        let theme = chance.below(all().len());
        let (text, subject) = if let Some(answered) = &answered {
            let from = [voice::phrases(&scene).still, voice::phrases(&scene).thanks][chance.below(2)];
            (voice::later(&scene, from, None, chance), format!("Re: {}", answered.subject))
        } else {
            let said = voice::first(&scene, theme, None, Channel::Email, chance);
            let subjects =
                if customer.language == "en" { all()[theme].english_subjects } else { all()[theme].subjects };
            (said.text, scene.say(subjects, chance))
        };
        let message_id = format!("w{}-{}@{}", self.seed, self.made, host(&customer.emails[0]));
        let message = Message {
            from_name: format!("{} {}", customer.first, customer.last),
            from: customer.emails[0].clone(),
            to: house::SERVICE.to_owned(),
            subject: subject.clone(),
            at,
            id: message_id.clone(),
            answers: answered.as_ref().map(|answered| answered.message_id.clone()),
            text: long(text, chance),
            html: chance.percent(45),
            attachments: files(chance),
        };
        let from = message.from.clone();
        let answers = answered.map(|answered| answered.at);
        (WorkloadMail { raw: message.bytes(), from, to: house::SERVICE, message_id, answers }, subject)
    }
}

fn sender(seed: u64, position: usize) -> Customer {
    let mut chance = Chance::new(seed, 700_000_000 + position as u64);
    let mut customer = customers::stranger(date_of(seconds(date(2026, 3, 2), 8, 0)), &mut chance);
    // Unique, so that no two exchanges share a sender by accident.
    customer.emails[0] = format!("w{position}.{}", customer.emails[0]);
    customer
}

/// Now and then somebody pastes a whole correspondence.
fn long(text: String, chance: &mut Chance) -> String {
    if !chance.percent(12) {
        return text;
    }
    let quoted = text.replace('\n', "\n> ");
    let times = 1 + chance.below(12);
    format!("{text}\n\n{}", format!("> {quoted}\n").repeat(times))
}

/// Nothing mostly; else a picture-sized or a scan-sized file of noise.
fn files(chance: &mut Chance) -> Vec<(String, &'static str, Vec<u8>)> {
    let size = match chance.below(100) {
        0..8 => chance.between(4_000, 60_000),
        8..9 => chance.between(60_000, 520_000),
        _ => return Vec::new(),
    };
    let mut bytes = Vec::new();
    while i64::try_from(bytes.len()).unwrap_or(i64::MAX) < size {
        bytes.extend(chance.next().to_le_bytes());
    }
    vec![(format!("IMG_{}.jpg", chance.between(1000, 9999)), "image/jpeg", bytes)]
}
