//! The history: one case after the other, each made when it is asked for.
//!
//! The days share the cases among them by season and weekday; every case then draws from a stream of
//! its own, so that the same seed gives the same case wherever the iteration stops.

mod answer;
mod attach;
mod grants;
mod matter;
mod nestwerk;
mod outcome;
mod pick;
mod script;
mod showcase;
mod steps;
pub(crate) mod voice;

pub(crate) use pick::{Shelf, theme as theme_of_day};

use crate::chance::Chance;
use crate::insights::HISTORY;
use crate::model::{Case, Channel, Company, Kind, Status};
use crate::moment::{date_of, local, opening, plus, seconds};
use crate::themes::all;
use jiff::civil::Weekday;
use script::Plan;
use std::collections::{HashSet, VecDeque};

const WEEK: i64 = 7 * 86_400;
/// In one of so many unfinished cases something is overdue, at most.
const LATE: usize = 12;

/// The cases of a company, oldest first, as they stand at one moment.
pub struct Cases<'a> {
    company: &'a Company,
    shelf: Shelf,
    now: i64,
    /// How many cases each day brings, the first day first.
    per_day: Vec<usize>,
    day: usize,
    /// Moment and channel of the rest of the day, the last first.
    moments: Vec<(i64, Channel)>,
    made: usize,
    /// What is not made up by lot, the oldest first.
    by_hand: VecDeque<Case>,
    /// Causes of the last seven days that may come up again.
    recent: VecDeque<(usize, Plan)>,
    /// How many are not closed, and in how many of those something is overdue.
    unfinished: usize,
    late: usize,
    /// Hashes of the first messages so far; no two cases begin with the same words.
    seen: HashSet<u64>,
}

impl<'a> Cases<'a> {
    /// `now` (unix seconds) must lie on the company's `today`.
    pub fn new(company: &'a Company, now: i64) -> Self {
        let clock = local(now);
        let elapsed =
            ((i64::from(clock.hour()) * 60 + i64::from(clock.minute()) - 360) * 100 / 960).clamp(1, 100);
        let mut by_hand = nestwerk::cases(company, now);
        by_hand.push(showcase::case(company, now));
        by_hand.sort_by_key(|case| case.created_at);
        let regular = company.cases.saturating_sub(by_hand.len());
        Self {
            company,
            shelf: Shelf::new(company),
            now,
            per_day: pick::per_day(company.seed, company.today, HISTORY, regular, elapsed),
            day: 0,
            moments: Vec::new(),
            made: 0,
            by_hand: by_hand.into(),
            recent: VecDeque::new(),
            unfinished: 0,
            late: 0,
            seen: HashSet::new(),
        }
    }

    fn next_moment(&mut self) -> Option<(i64, Channel)> {
        while self.moments.is_empty() {
            let count = *self.per_day.get(self.day)?;
            self.moments = self.moments_of_day(count);
            self.day += 1;
        }
        self.moments.pop()
    }

    fn moments_of_day(&self, count: usize) -> Vec<(i64, Channel)> {
        let ago = HISTORY - 1 - i64::try_from(self.day).expect("a few hundred days");
        let date = plus(self.company.today, -ago);
        let mut chance = Chance::new(self.company.seed, 10_000 + self.day as u64);
        let mut moments: Vec<(i64, Channel)> = (0..count)
            .map(|_| {
                let channel = channel(date.weekday(), opening(date).is_some(), &mut chance);
                let at =
                    seconds(date, 0, minute(channel, opening(date), &mut chance)) + chance.between(0, 59);
                if at < self.now - 300 {
                    return (at, channel);
                }
                // Today has only come so far; whatever is early is an e-mail.
                let midnight = seconds(date, 0, 0);
                (chance.between(midnight, (self.now - 300).max(midnight)), Channel::Email)
            })
            .collect();
        moments.sort_unstable_by(|a, b| b.cmp(a));
        moments
    }

    /// The plan of the case number `made`, for one of several attempts.
    fn plan(&self, at: i64, channel: Channel, chance: &mut Chance) -> Plan {
        let from_end = self.company.cases - 1 - self.made.min(self.company.cases - 1);
        let lingers = chance.permille(lingering(from_end) * self.under_way() / 100);
        let on_time = self.unfinished < (self.late + 1) * LATE;
        if let Some((position, earlier)) = self.repeatable(at, chance) {
            let repeats = Some((position, earlier.at));
            return Plan { channel, at, repeats, lingers, on_time, also: None, ..earlier };
        }
        let ago = i64::from(date_of(at).until(self.company.today).map_or(0, |span| span.get_days()));
        let theme = pick::theme(date_of(at), ago, chance);
        let (customer, order) = self.shelf.order(self.company, &all()[theme], at, chance);
        let product = self.company.customers[customer].orders[order].product;
        let also =
            chance.percent(30).then(|| pick::companion(theme, product, (date_of(at), ago), chance)).flatten();
        Plan { customer, order, theme, also, channel, at, repeats: None, lingers, on_time }
    }

    /// Percent of the usual that linger: where many cases come each day, enough of them are under way anyway.
    const fn under_way(&self) -> usize {
        if 4_000 <= self.company.cases { 30 } else { 100 }
    }

    /// Counts what is not closed at `now`.
    fn count(&mut self, case: &Case) {
        let woken = case.status == Status::Waiting && case.wait_until.is_some_and(|until| until <= self.now);
        let overdue = case.due_at.is_some_and(|due| due < self.now);
        self.unfinished += usize::from(case.status != Status::Closed);
        self.late += usize::from(woken || overdue);
    }

    /// An earlier case whose cause comes up again now, for about one in seven.
    fn repeatable(&self, at: i64, chance: &mut Chance) -> Option<(usize, Plan)> {
        if !chance.permille(112) || self.recent.is_empty() {
            return None;
        }
        let (position, plan) = self.recent[chance.below(self.recent.len())];
        (plan.at + 5 * 3600 < at && at - plan.at < WEEK).then_some((position, plan))
    }

    fn remember(&mut self, plan: Plan) {
        if let Some((position, _)) = plan.repeats {
            self.recent.retain(|(other, _)| *other != position);
        }
        while self.recent.front().is_some_and(|(_, old)| old.at < plan.at - WEEK) {
            self.recent.pop_front();
        }
        if all()[plan.theme].kind == Kind::Cause {
            self.recent.push_back((self.made, plan));
        }
    }

    fn make(&mut self, at: i64, channel: Channel) -> Case {
        let mut attempt = 0;
        loop {
            let stream = 1_000_000 + (self.made as u64) * 64 + attempt;
            let mut chance = Chance::new(self.company.seed, stream);
            let plan = self.plan(at, channel, &mut chance);
            let case = script::play(self.company, plan, self.now, &mut chance);
            attempt += 1;
            if self.seen.insert(hash(&case.contacts[0].text)) || 60 < attempt {
                self.remember(plan);
                return case;
            }
        }
    }
}

impl Iterator for Cases<'_> {
    type Item = Case;

    fn next(&mut self) -> Option<Case> {
        let Some((at, channel)) = self.next_moment() else {
            return self.by_hand.pop_front();
        };
        if self.by_hand.front().is_some_and(|next| next.created_at <= at) {
            self.moments.push((at, channel));
            self.made += 1;
            let case = self.by_hand.pop_front()?;
            self.count(&case);
            return Some(case);
        }
        let case = self.make(at, channel);
        self.count(&case);
        self.made += 1;
        Some(case)
    }
}

/// Permille of the cases that still wait for something, by how many came after them.
fn lingering(from_end: usize) -> usize {
    match from_end {
        0..25 => 700,
        25..70 => 450,
        70..200 => 110,
        200..700 => 12,
        _ => 0,
    }
}

fn channel(weekday: Weekday, open: bool, chance: &mut Chance) -> Channel {
    use Channel::{Chat, Email, Letter, Phone, Post, Web};
    let weights = match (open, weekday) {
        (true, Weekday::Saturday) => [44, 20, 0, 16, 12, 8],
        (true, _) => [40, 28, 4, 13, 10, 5],
        (false, _) => [58, 0, 0, 10, 21, 11],
    };
    [Email, Phone, Letter, Chat, Web, Post][chance.weighted(&weights)]
}

/// The minute of the day at which something arrives on the channel.
fn minute(channel: Channel, open: Option<(i64, i64)>, chance: &mut Chance) -> i64 {
    let (from, to) = open.unwrap_or((9 * 60, 18 * 60));
    match channel {
        Channel::Phone => {
            chance.between(from, i64::midpoint(from, to) + 40).max(chance.between(from, to - 15)).min(to - 15)
        }
        Channel::Letter => chance.between(9 * 60, 11 * 60),
        Channel::Chat => chance.between(from, 21 * 60),
        // Two waves: at lunch and in the evening.
        _ if chance.percent(55) => chance.between(7 * 60, 13 * 60 + 30),
        _ => chance.between(11 * 60, 22 * 60 + 40),
    }
}

/// FNV-1a, stable for ever.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
