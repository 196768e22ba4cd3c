//! New mail for a running demo: from customers in the file, from strangers, and replies to us.

use crate::cases::{Shelf, theme_of_day, voice};
use crate::chance::Chance;
use crate::customers;
use crate::fill::Scene;
use crate::house;
use crate::mime::Message;
use crate::model::{Channel, Company, Customer, Order};
use crate::moment::date_of;
use crate::themes::all;

/// A case that a customer can answer.
#[derive(Debug, Clone)]
pub struct Answerable {
    /// As it stands in the subject, like 26-48213.
    pub case_number: String,
    pub subject: String,
    /// The signed address that our mail asked to reply to.
    pub reply_address: String,
    /// Of our last mail, without angle brackets.
    pub message_id: String,
    /// Index into [`Company::customers`].
    pub customer: usize,
}

impl Company {
    /// Mail number `n` at `now` (unix seconds), as raw RFC 5322 bytes with CRLF line ends.
    ///
    /// About a third answers one of `open`, if there is one; the others are new, some of them from
    /// people who are in no file yet. The same arguments give the same bytes.
    pub fn live_mail(&self, n: u64, now: i64, open: &[Answerable]) -> Vec<u8> {
        let mut chance = Chance::new(self.seed, 900_000_000 + n);
        if !open.is_empty() && chance.percent(30) {
            let answered = &open[chance.below(open.len())];
            return self.reply(n, now, answered, &mut chance);
        }
        let theme = theme_of_day(date_of(now), 0, &mut chance);
        let (customer, order) = Shelf::new(self).order(self, &all()[theme], now, &mut chance);
        if chance.percent(25) {
            let stranger = customers::stranger(date_of(now), &mut chance);
            let order = Order {
                product: self.customers[customer].orders[order].product,
                ..stranger.orders[0].clone()
            };
            return self.write(n, now, theme, &stranger, &order, &mut chance);
        }
        let customer = &self.customers[customer];
        self.write(n, now, theme, customer, &customer.orders[order], &mut chance)
    }

    fn write(
        &self,
        n: u64,
        now: i64,
        theme: usize,
        from: &Customer,
        order: &Order,
        chance: &mut Chance,
    ) -> Vec<u8> {
        let agent = &self.people[chance.below(house::AGENTS)];
        let scene = Scene::new(from, order, agent, now, chance);
        let said = voice::first(&scene, theme, None, Channel::Email, chance);
        let about = &all()[theme];
        let subjects = if from.language == "en" { about.english_subjects } else { about.subjects };
        Message {
            from_name: format!("{} {}", from.first, from.last),
            from: from.emails[0].clone(),
            to: self.queues[0].email.to_owned(),
            subject: voice::capital(&scene.say(subjects, chance)),
            at: now,
            id: format!("live-{n}-{}@{}", chance.between(100_000, 999_999), host(&from.emails[0])),
            answers: None,
            text: said.text,
            html: chance.percent(40),
            attachments: Vec::new(),
        }
        .bytes()
    }

    fn reply(&self, n: u64, now: i64, answered: &Answerable, chance: &mut Chance) -> Vec<u8> {
        let customer = &self.customers[answered.customer.min(self.customers.len() - 1)];
        let agent = &self.people[chance.below(house::AGENTS)];
        let scene = Scene::new(customer, &customer.orders[0], agent, now, chance);
        let words = voice::phrases(&scene);
        let from =
            [words.thanks, words.still, words.details, words.chases][chance.weighted(&[35, 30, 20, 15])];
        let text = voice::later(&scene, from, None, chance);
        let quoted = "\n\n> Kasten & Licht:\n> ...";
        Message {
            from_name: format!("{} {}", customer.first, customer.last),
            from: customer.emails[0].clone(),
            to: answered.reply_address.clone(),
            subject: format!("Re: {}", answered.subject),
            at: now,
            id: format!("live-{n}-{}@{}", chance.between(100_000, 999_999), host(&customer.emails[0])),
            answers: Some(answered.message_id.clone()),
            text: format!("{text}{quoted}"),
            html: false,
            attachments: Vec::new(),
        }
        .bytes()
    }
}

/// What follows the @.
pub fn host(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or("example.org")
}
