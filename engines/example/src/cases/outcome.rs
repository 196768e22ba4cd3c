//! How a case stands in the end: status, deadlines, hours, and what was documented.

use crate::chance::Chance;
use crate::house;
use crate::model::{Case, Channel, Direction, Finding, Kind, Matter, Priority, Status};
use crate::moment::{after_work, date_of, plus, seconds, weekday_from};
use crate::themes::all;

/// The queue of deliveries.
const DELIVERY: usize = 1;

/// Sets status, owner and dates of a case whose contacts end at `now` at the latest: when it was closed if it was, and
/// whether it was seen to that nothing in it is overdue.
pub fn settle(
    case: &mut Case,
    me: usize,
    (closed_at, on_time): (Option<i64>, bool),
    now: i64,
    chance: &mut Chance,
) {
    let worked = 1 < case.contacts.len();
    // Who picks up the phone has the case.
    let taken = closed_at.is_some() || worked || case.channel == Channel::Phone;
    case.owner = (taken || chance.percent(45)).then_some(me);
    case.closed_at = closed_at;
    if closed_at.is_some() {
        case.status = Status::Closed;
        return;
    }
    // What is paid back is entered when a case is closed.
    case.refund_cents = 0;
    let spoken = case.contacts.iter().rev().find(|contact| contact.direction != Direction::Note);
    let Some(last) = spoken else { return };
    // Whoever called was heard; some of them are called back.
    let heard = last.direction == Direction::In && last.channel == Channel::Phone;
    if heard && chance.percent(60) {
        case.status = Status::Waiting;
        let (days, hour) = (chance.between(1, 3), chance.between(8, 16));
        case.wait_until = Some(seconds(weekday_from(plus(date_of(now), days)), hour, 0));
    } else if last.direction == Direction::Out && chance.percent(75) {
        let newest = case.contacts.last().map_or(now, |newest| newest.at);
        case.status = Status::Waiting;
        // A few came up again this morning; of the others half wait for the customer, however long that takes.
        let (days, hour) = (chance.between(0, 9), chance.between(8, 16));
        let at = |days| seconds(weekday_from(plus(date_of(now), days)), hour, 0);
        let too_early = at(days) <= newest || (on_time && at(days) <= now);
        let until = if too_early { at(days + 1) } else { at(days) };
        case.wait_until = (until <= now || chance.percent(50)).then_some(until);
    } else if let Some(since) = owed_since(case) {
        case.due_at = Some(after_work(since, allowed(case)));
    }
}

/// Since when the customer waits to hear from us. Whoever called was heard.
pub fn owed_since(case: &Case) -> Option<i64> {
    case.contacts.iter().fold(None, |since: Option<i64>, contact| {
        match (contact.direction, contact.channel) {
            (Direction::Note, _) => since,
            (Direction::Out, _) | (Direction::In, Channel::Phone) => None,
            (Direction::In, _) => since.or(Some(contact.at)),
        }
    })
}

/// Working minutes until the customer should hear from us.
pub fn allowed(case: &Case) -> i64 {
    match (case.matter, case.channel) {
        _ if case.queue == DELIVERY && case.priority == Priority::High => 120,
        (Matter::Complaint, _) | (_, Channel::Post) => 240,
        (_, Channel::Phone) => 120,
        (_, Channel::Chat) => 60,
        (_, Channel::Email | Channel::Web) => house::queues()[case.queue].answer_minutes,
        (_, Channel::Letter) => 1200,
    }
}

/// Sums up the work per person, in the order in which they came in.
pub fn hours(case: &mut Case, work: &[(usize, i64, i64)]) {
    for (person, seconds, _) in work {
        match case.active_seconds.iter_mut().find(|entry| entry.0 == *person) {
            Some(entry) => entry.1 += seconds,
            None => case.active_seconds.push((*person, *seconds)),
        }
    }
    if case.owner.is_none() {
        case.active_seconds.clear();
    }
}

/// Closed cases mostly are; of the others hardly any.
pub fn is_documented(case: &Case, chance: &mut Chance) -> bool {
    chance.permille(if case.status == Status::Closed { 942 } else { 40 })
}

/// One finding per theme that was spoken of; the shares of causes sum to 1000.
pub fn findings(quotes: &[(usize, String)], product: Option<usize>, chance: &mut Chance) -> Vec<Finding> {
    let causes = quotes.iter().filter(|quote| all()[quote.0].kind == Kind::Cause).count();
    let main = if causes == 2 { [800, 700, 600, 500][chance.below(4)] } else { 1000 };
    let mut left = 1000;
    let mut findings = Vec::new();
    for (theme, quote) in quotes {
        let about = &all()[*theme];
        let share = match about.kind {
            Kind::Cause if left == 1000 => main,
            Kind::Cause => left,
            _ => 0,
        };
        left -= share;
        // "Weiss ich nicht" is an honest answer.
        let known = about.kind != Kind::Cause || !chance.permille(30);
        findings.push(Finding {
            kind: about.kind,
            insight: known.then_some(*theme),
            station: about.station as usize,
            department: known.then_some(about.owner as usize),
            quote: quote.clone(),
            product,
            share_permille: share,
        });
    }
    findings
}
