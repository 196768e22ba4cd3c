//! The life of a case as the commands of the program would have recorded it, and what turned its clocks.

use example::{Author, Case, Channel, Contact, Direction, Status};

use super::attributes::Said;
use super::chronicle::{By, Chronicle};
use super::{Ids, at};
use crate::cases::{ClockEvent, Turn};
use crate::journal::{About, Fact};
use crate::platform::{CaseId, ContactId, PersonId, Timestamp};

/// A mail leaves when its undo time is over.
const UNDO: i64 = 11;
/// Who takes a case looks at it for so many seconds before the first thing is written.
const READING: i64 = 45;

/// What turned the clocks of a case since it was opened.
pub fn turns(case: &Case, now: i64) -> Vec<Turn> {
    let mut turns = Vec::new();
    for (index, contact) in case.contacts.iter().enumerate() {
        let when = at(contact.at);
        let waits = waits_after(case, index);
        match contact.direction {
            Direction::In => {
                turns.extend((index != 0).then_some((when, ClockEvent::Wrote { at: when })));
                // Whoever called was heard.
                let heard = ClockEvent::Answered { leaves: when, waits: false, closes: false };
                turns.extend((contact.channel == Channel::Phone).then_some((when, heard)));
            }
            Direction::Out => {
                turns.push((when, ClockEvent::Answered { leaves: when, waits, closes: false }));
            }
            Direction::Note => {}
        }
    }
    if let Some(until) = case.wait_until {
        turns.push((at(last(case).at), ClockEvent::Waits { for_customer: true }));
        if until <= now {
            turns.push((at(until), ClockEvent::Woken { since: at(until) }));
        }
    }
    turns.extend(case.closed_at.map(|closed| (at(closed), ClockEvent::Closed)));
    turns
}

/// The newest contact.
pub fn last(case: &Case) -> &Contact {
    case.contacts.last().expect("a case of the example company begins with a contact")
}

/// Is it the customer's turn after this answer?
fn waits_after(case: &Case, index: usize) -> bool {
    let next = case.contacts[index + 1..].iter().find(|contact| contact.direction != Direction::Note);
    match next {
        Some(next) => next.direction == Direction::In,
        None => case.status == Status::Waiting && case.wait_until.is_none(),
    }
}

/// Tells the life of one case.
pub struct Life<'a> {
    chronicle: &'a mut Chronicle,
    ids: &'a Ids,
    case: &'a Case,
    about: About,
    /// Its owner in the end.
    owner: Option<PersonId>,
    /// Whose it is so far.
    has: Option<PersonId>,
    waits: bool,
    now: i64,
}

impl<'a> Life<'a> {
    pub fn of(chronicle: &'a mut Chronicle, ids: &'a Ids, (id, case): (CaseId, &'a Case), now: i64) -> Self {
        let about = About::case(id).of(ids.customers[case.customer]);
        let owner = case.owner.map(|owner| ids.people[owner]);
        Self { chronicle, ids, case, about, owner, has: None, waits: false, now }
    }

    fn tell(&mut self, when: i64, by: By, fact: Fact) {
        self.chronicle.tell(at(when.min(self.now)), by, self.about, fact);
    }

    /// It came, was taken and written to and fro. `taken` is when somebody took it who did nothing else yet.
    pub fn goes_on(&mut self, contacts: &[ContactId], said: &Said, taken: Timestamp) {
        let case = self.case;
        let first = &case.contacts[0];
        let by = self.brings(first);
        let channel = super::cases::channel(case.channel).code().to_owned();
        let queue = self.ids.queues[case.queue];
        self.tell(case.created_at, by, Fact::CaseOpened { queue, channel });
        self.received(first, contacts[0]);
        let begun = self.begun(taken);
        self.understood(said, begun);
        if first.channel == example::Channel::Phone || !self.is_worked_on() {
            self.take(begun, self.owner);
        }
        for (index, (contact, id)) in case.contacts.iter().zip(contacts).enumerate().skip(1) {
            match contact.direction {
                Direction::In => self.received(contact, *id),
                Direction::Out => self.wrote(contact, *id, waits_after(case, index)),
                Direction::Note => self.noted(contact, *id),
            }
        }
        self.put_away();
    }

    /// The work was done: what was learnt was said before.
    pub fn ends(&mut self, said: &Said) {
        let by = By::of(self.owner);
        let ended = self.case.closed_at.unwrap_or_else(|| last(self.case).at);
        for fact in &said.at_last {
            self.tell(ended, by, fact.clone());
        }
        if let Some(closed) = self.case.closed_at {
            self.tell(closed, by, Fact::CaseClosed);
        }
    }

    /// Did somebody of the house do anything in it?
    fn is_worked_on(&self) -> bool {
        self.case.contacts.iter().any(|contact| contact.direction != Direction::In)
    }

    /// When somebody took it: at once on the phone, else when something was written or noted first.
    fn begun(&self, taken: Timestamp) -> i64 {
        let worked = self.case.contacts.iter().find(|contact| contact.direction != Direction::In);
        match worked {
            _ if self.case.channel == example::Channel::Phone => self.case.created_at,
            Some(first) => (first.at - READING).max(self.case.created_at),
            None => taken.seconds(),
        }
    }

    /// What it is about and how urgent; without an owner the lead says only the latter.
    fn understood(&mut self, said: &Said, begun: i64) {
        let by = By::of(self.owner.or(self.ids.lead));
        let priority = super::cases::priority(self.case.priority);
        if priority != crate::cases::Priority::Normal {
            self.tell(begun, by, Fact::CasePrioritised { priority: priority.code().to_owned() });
        }
        for fact in &said.at_first {
            self.tell(begun, by, fact.clone());
        }
    }

    fn take(&mut self, when: i64, to: Option<PersonId>) {
        if to.is_some() && self.has != to {
            let from = self.has;
            self.tell(when, By::of(to), Fact::CaseAssigned { to, from });
            self.has = to;
        }
    }

    /// Who brings a message of the customer into the house.
    fn brings(&self, contact: &Contact) -> By {
        match contact.channel {
            example::Channel::Phone => By::of(self.owner),
            example::Channel::Email => By::Kitt,
            _ => By::Program,
        }
    }

    fn received(&mut self, contact: &Contact, id: ContactId) {
        let by = self.brings(contact);
        let channel = super::cases::channel(contact.channel).code().to_owned();
        self.tell(contact.at, by, Fact::ContactReceived { contact: id, channel });
        if self.waits {
            self.tell(contact.at, by, Fact::CaseResumed);
            self.waits = false;
        }
    }

    fn author(&self, contact: &Contact) -> Option<PersonId> {
        match contact.author {
            Author::Person(person) => Some(self.ids.people[person]),
            Author::Customer(_) => None,
        }
    }

    fn wrote(&mut self, contact: &Contact, id: ContactId, waits: bool) {
        let author = self.author(contact);
        let channel = super::cases::channel(contact.channel).code().to_owned();
        if contact.channel == example::Channel::Email {
            self.tell(contact.at, By::of(author), Fact::ContactWritten { contact: id, channel });
            if self.has.is_none() || author == self.owner {
                self.take(contact.at, author);
            }
            self.tell(contact.at + UNDO, By::Kitt, Fact::ContactSent { contact: id });
        } else {
            self.take(contact.at, author);
            self.tell(contact.at, By::of(author), Fact::ContactLogged { contact: id, channel });
        }
        if waits {
            self.tell(contact.at, By::of(author), Fact::waits(None));
            self.waits = true;
        }
    }

    fn noted(&mut self, contact: &Contact, id: ContactId) {
        let author = self.author(contact);
        if author == self.owner {
            self.take(contact.at, author);
        }
        self.tell(contact.at, By::of(author), Fact::NoteAdded { contact: id });
    }

    /// Until a day, which may have come.
    fn put_away(&mut self) {
        let Some(until) = self.case.wait_until else { return };
        self.tell(last(self.case).at, By::of(self.owner), Fact::waits(Some(at(until))));
        if until <= self.now {
            self.tell(until, By::Kitt, Fact::CaseWoken);
        }
    }
}
