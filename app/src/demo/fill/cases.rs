//! Cases with all their contacts, times and promises, and with what happened in them.

use bytes::Bytes;
use example::{Author, Case, Company, Contact, Customer, Matter};

use super::super::{Part, Progress};
use super::attributes::{Attributes, Said, order_of};
use super::chronicle::{By, Chronicle};
use super::customers::name;
use super::life::{Life, last, turns};
use super::{Ids, at, insights, spending};
use crate::cases;
use crate::cases::complaint;
use crate::cases::complaint::Outcome;
use crate::cases::{Channel, Direction, NewAttachment, NewCase, NewContact, Past, Priority, State, Status};
use crate::channels::acknowledge;
use crate::customers;
use crate::journal::{About, Fact};
use crate::people;
use crate::people::Queue;
use crate::platform::{App, CaseId, Result, Timestamp, Tx};

/// A case that is not closed: what is played afterwards happens in such ones.
pub struct Unfinished {
    pub id: CaseId,
    pub case: Case,
    pub status: Status,
    /// When something happened in it last.
    pub since: Timestamp,
}

/// Who has a case and did nothing yet took it after so many minutes of work, and one more for each of so many cases.
const TAKEN: (i64, i64) = (7, 40);
/// The queue of deliveries, as an index of the company, and what those write there who have not got anything yet.
const DELIVERY: usize = 1;
const AWAITED: [&str; 4] = ["termin", "niemand gekommen", "wo bleibt", "nicht erfolgt"];
/// The arrival of a mail is acknowledged after so many seconds.
const ACKNOWLEDGED: i64 = 20;

/// Everything that a case needs beside itself.
struct Filling<'a> {
    app: &'a App,
    company: &'a Company,
    ids: &'a Ids,
    attributes: Attributes,
    queues: Vec<Queue>,
    now: i64,
}

pub async fn fill(
    app: &App,
    tx: &mut Tx,
    company: &Company,
    ids: &Ids,
    chronicle: &mut Chronicle,
    progress: &Progress,
) -> Result<Vec<Unfinished>> {
    let now = app.now().seconds();
    let attributes = Attributes::fill(tx).await?;
    // Asked once: until the commit nothing of it is kept in memory.
    let queues = people::queues(tx).await?;
    let filling = Filling { app, company, ids, attributes, queues, now };
    progress.part(Part::Cases, company.case_count());
    let mut unfinished = Vec::new();
    for case in company.cases(now) {
        let (id, since) = filling.add(tx, &case, chronicle).await?;
        let status = filling.status(&case);
        if status != Status::Closed {
            filling.on_its_way(tx, &case).await?;
            unfinished.push(Unfinished { id, case, status, since });
        }
        progress.step();
    }
    Ok(unfinished)
}

impl Filling<'_> {
    /// Adds a case; which it is, and when something happened in it last.
    async fn add(&self, tx: &mut Tx, case: &Case, chronicle: &mut Chronicle) -> Result<(CaseId, Timestamp)> {
        let (app, company, ids) = (self.app, self.company, self.ids);
        let queue = self.queue(case);
        let kind = self.attributes.kind_of(case);
        let turns = turns(case, self.now);
        let past = cases::add_past(app, tx, self.history(case), (queue, kind), &turns).await?;
        let id = past.case;
        let mut contacts = Vec::with_capacity(case.contacts.len());
        for contact in &case.contacts {
            let files = attachments(app, tx, contact).await?;
            let row = row(company, ids, case, id, contact);
            contacts.push(cases::add_past_contact(tx, &row, &files).await?);
        }
        // Time, refund and documentation are entered when the work is done.
        let ended = case.closed_at.unwrap_or_else(|| last(case).at);
        for (person, seconds) in &case.active_seconds {
            cases::add_past_time(tx, id, Some(ids.people[*person]), at(ended), *seconds).await?;
        }
        let standing = (id, at(ended), self.status(case));
        let said = self.attributes.of_case(tx, company, case, standing).await?;
        let taken = cases::due(app, at(case.created_at), TAKEN.0 + id.0 % TAKEN.1);
        Life::of(chronicle, ids, (id, case), self.now).goes_on(&contacts, &said, taken);
        self.acknowledge(tx, case, &past, chronicle).await?;
        self.promises(tx, case, id, chronicle).await?;
        spending::of_case(tx, ids, case, id, at(ended), chronicle).await?;
        let facts = insights::document(tx, company, ids, case, (id, &contacts), at(ended)).await?;
        let by = By::of(case.owner.map(|owner| ids.people[owner]));
        for (about, fact) in facts {
            chronicle.tell(at(ended), by, about, fact);
        }
        self.complaint(tx, case, id, &said, chronicle).await?;
        Life::of(chronicle, ids, (id, case), self.now).ends(&said);
        let about = About::case(id).of(ids.customers[case.customer]);
        let woken = case.wait_until.filter(|until| *until <= self.now);
        let mut since = at(woken.unwrap_or(ended)).max(at(ended));
        for (when, fact) in past.told {
            since = since.max(when);
            chronicle.tell(when, By::Kitt, about, fact);
        }
        Ok((id, since))
    }

    /// What somebody still waits for has not been delivered, however long ago it was ordered.
    async fn on_its_way(&self, tx: &mut Tx, case: &Case) -> Result<()> {
        let subject = case.subject.to_lowercase();
        let awaited = case.matter == Matter::Order || AWAITED.iter().any(|words| subject.contains(words));
        let order = order_of(self.company, case).filter(|_| case.queue == DELIVERY && awaited);
        let Some(order) = order else { return Ok(()) };
        let customer = self.ids.customers[case.customer];
        customers::add_order_state(tx, customer, order, "Termin offen").await
    }

    fn queue(&self, case: &Case) -> &Queue {
        let id = self.ids.queues[case.queue];
        self.queues.iter().find(|queue| queue.id == id).expect("the queues were filled in first")
    }

    /// How the case stands now: what was put away until this morning is open again.
    fn status(&self, case: &Case) -> Status {
        match case.status {
            example::Status::Waiting if case.wait_until.is_none_or(|until| self.now < until) => {
                Status::Waiting
            }
            example::Status::Open | example::Status::Waiting => Status::Open,
            example::Status::Closed => Status::Closed,
        }
    }

    fn history(&self, case: &Case) -> NewCase {
        let ids = self.ids;
        let status = self.status(case);
        let answered =
            case.contacts.iter().find(|one| one.direction == example::Direction::Out || is_heard(one));
        let woken = case.wait_until.filter(|_| status == Status::Open);
        let acknowledged = i64::from(self.is_acknowledged(case));
        let is_note = |contact: &&Contact| contact.direction == example::Direction::Note;
        NewCase {
            owner: case.owner.map(|owner| ids.people[owner]),
            status,
            created_at: at(case.created_at),
            updated_at: at(woken.unwrap_or_else(|| last(case).at)),
            // What its clocks say.
            due: None,
            wait_until: case.wait_until.filter(|_| status == Status::Waiting).map(at),
            closed_at: case.closed_at.map(at),
            answered_at: answered.map(|contact| at(contact.at)),
            subject: case.subject.clone(),
            customer: ids.customers[case.customer],
            queue: ids.queues[case.queue],
            channel: channel(case.channel),
            priority: priority(case.priority),
            contacts: acknowledged + i64::try_from(case.contacts.len()).unwrap_or(0),
            internal: i64::try_from(case.contacts.iter().filter(is_note).count()).unwrap_or(0),
            snippet: last(case).text.clone(),
            speaker: Some(direction(last(case).direction)),
        }
    }

    /// Did its queue say by itself that the mail has arrived?
    fn is_acknowledged(&self, case: &Case) -> bool {
        case.channel == example::Channel::Email && self.company.queues[case.queue].informal
    }

    async fn acknowledge(
        &self,
        tx: &mut Tx,
        case: &Case,
        past: &Past,
        chronicle: &mut Chronicle,
    ) -> Result<()> {
        let Some(due) = past.first_due.filter(|_| self.is_acknowledged(case)) else { return Ok(()) };
        let when = at((case.created_at + ACKNOWLEDGED).min(self.now));
        let contact = acknowledge::past::acknowledge(self.app, tx, past.case, (when, due)).await?;
        let about = About::case(past.case).of(self.ids.customers[case.customer]);
        let channel = Channel::Email.code().to_owned();
        for fact in [
            Fact::ContactWritten { contact, channel },
            Fact::CaseAcknowledged { contact },
            Fact::ContactSent { contact },
        ] {
            chronicle.tell(when, By::Kitt, about, fact);
        }
        Ok(())
    }

    async fn promises(&self, tx: &mut Tx, case: &Case, id: CaseId, chronicle: &mut Chronicle) -> Result<()> {
        let customer = self.ids.customers[case.customer];
        let about = About::case(id).of(customer);
        for promise in &case.promises {
            let person = Some(self.ids.people[promise.person]);
            let (due, made) = (at(promise.due_at), at(promise.at));
            let kept = promise.kept;
            let number =
                customers::promises::add(tx, customer, Some(id), &promise.text, due, kept, person, made)
                    .await?;
            chronicle.tell(made, By::of(person), about, Fact::PromiseMade { promise: number });
            if let Some(kept) = kept {
                chronicle.tell(due, By::of(person), about, Fact::PromiseEnded { promise: number, kept });
            }
        }
        Ok(())
    }

    /// A complaint ends with the customer's word: who was refused something was told where to turn.
    async fn complaint(
        &self,
        tx: &mut Tx,
        case: &Case,
        id: CaseId,
        said: &Said,
        chronicle: &mut Chronicle,
    ) -> Result<()> {
        if !said.at_first.contains(&Fact::ComplaintMarked { complaint: true }) {
            return Ok(());
        }
        let refused = case.requests.iter().any(|request| !request.granted);
        let outcome = if refused { Outcome::Escalation } else { Outcome::Accepted };
        let person = case.owner.map(|owner| self.ids.people[owner]);
        let ended = case.closed_at.map(|closed| (outcome, person, at(closed)));
        complaint::add_past(tx, id, ended).await?;
        if let Some((outcome, person, when)) = ended {
            let about = About::case(id).of(self.ids.customers[case.customer]);
            let fact = Fact::ComplaintEnded { outcome: outcome.code().to_owned() };
            chronicle.tell(when, By::of(person), about, fact);
        }
        Ok(())
    }
}

/// Whoever called was spoken with.
fn is_heard(contact: &Contact) -> bool {
    contact.direction == example::Direction::In && contact.channel == example::Channel::Phone
}

fn row(company: &Company, ids: &Ids, case: &Case, id: CaseId, contact: &Contact) -> NewContact {
    let customer = &company.customers[case.customer];
    let (from, to) = addresses(company, case, contact, customer);
    let (person, author) = match contact.author {
        Author::Person(person) => (Some(ids.people[person]), company.people[person].name.to_owned()),
        Author::Customer(customer) => (None, name(&company.customers[customer])),
    };
    NewContact {
        case: id,
        customer: ids.customers[case.customer],
        direction: direction(contact.direction),
        channel: channel(contact.channel),
        at: at(contact.at),
        person,
        author,
        from_address: from,
        to_address: to,
        subject: (contact.channel == example::Channel::Email).then(|| case.subject.clone()),
        text: contact.text.clone(),
        quoted: None,
        signature: None,
        html: None,
        state: if contact.direction == example::Direction::Out { State::Sent } else { State::Received },
        send_at: None,
        automatic: false,
        stranger: false,
        received: None,
        shortened: false,
        talk: None,
        heard: is_heard(contact),
    }
}

/// From and to, as far as the channel has addresses.
fn addresses(
    company: &Company,
    case: &Case,
    contact: &Contact,
    customer: &Customer,
) -> (Option<String>, Option<String>) {
    let theirs = match contact.channel {
        example::Channel::Email | example::Channel::Web => Some(customer.emails[0].clone()),
        example::Channel::Phone => Some(customer.phone.clone()),
        _ => None,
    };
    let ours =
        (contact.channel == example::Channel::Email).then(|| company.queues[case.queue].email.to_owned());
    match contact.direction {
        example::Direction::In => (theirs, ours),
        example::Direction::Out => (ours, theirs),
        example::Direction::Note => (None, None),
    }
}

async fn attachments(app: &App, tx: &mut Tx, contact: &Contact) -> Result<Vec<NewAttachment>> {
    let mut files = Vec::with_capacity(contact.attachments.len());
    for file in &contact.attachments {
        files.push(NewAttachment {
            name: file.name.clone(),
            content_type: file.content_type.into(),
            size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            blob: app.blobs.put_in(tx, Bytes::from(file.bytes.clone())).await?,
            inline: false,
            content_id: None,
        });
    }
    Ok(files)
}

pub const fn channel(channel: example::Channel) -> Channel {
    match channel {
        example::Channel::Email => Channel::Email,
        example::Channel::Phone => Channel::Phone,
        example::Channel::Letter => Channel::Letter,
        example::Channel::Chat => Channel::Chat,
        example::Channel::Web => Channel::Form,
        example::Channel::Post => Channel::Social,
    }
}

pub const fn priority(priority: example::Priority) -> Priority {
    match priority {
        example::Priority::Low => Priority::Low,
        example::Priority::Normal => Priority::Normal,
        example::Priority::High => Priority::High,
    }
}

const fn direction(direction: example::Direction) -> Direction {
    match direction {
        example::Direction::In => Direction::Inbound,
        example::Direction::Out => Direction::Outbound,
        example::Direction::Note => Direction::Note,
    }
}
