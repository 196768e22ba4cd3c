//! Cases with all their contacts, times and promises.

use bytes::Bytes;
use example::{Author, Case, Company, Contact, Customer};

use super::super::Progress;
use super::attributes::Attributes;
use super::customers::name;
use super::{Ids, at, insights, spending};
use crate::cases;
use crate::cases::{Channel, Direction, NewAttachment, NewCase, NewContact, Priority, State, Status};
use crate::customers;
use crate::platform::{App, CaseId, Result, Timestamp, Tx};

pub async fn fill(app: &App, tx: &mut Tx, company: &Company, ids: &Ids, progress: &Progress) -> Result<()> {
    let now = app.now().seconds();
    let cases = company.cases(now);
    progress.part("Cases", company.case_count());
    let attributes = Attributes::fill(tx).await?;
    for case in cases {
        let id = add(app, tx, company, ids, &case).await?;
        attributes.of_case(tx, company, &case, (id, at(last(&case).at))).await?;
        progress.step();
    }
    Ok(())
}

async fn add(app: &App, tx: &mut Tx, company: &Company, ids: &Ids, case: &Case) -> Result<CaseId> {
    let id = cases::add_history(app, tx, &history(app, company, ids, case)).await?;
    let mut contacts = Vec::with_capacity(case.contacts.len());
    for contact in &case.contacts {
        let files = attachments(app, tx, contact).await?;
        let row = row(company, ids, case, id, contact);
        contacts.push(cases::add_past_contact(tx, &row, &files).await?);
    }
    // Time, refund and documentation are entered when the work is done.
    let ended = at(case.closed_at.unwrap_or_else(|| last(case).at));
    for (person, seconds) in &case.active_seconds {
        cases::add_past_time(tx, id, Some(ids.people[*person]), ended, *seconds).await?;
    }
    for promise in &case.promises {
        let (customer, person) = (ids.customers[case.customer], ids.people[promise.person]);
        let (due, made) = (at(promise.due_at), at(promise.at));
        customers::add_promise(tx, customer, Some(id), &promise.text, due, promise.kept, Some(person), made)
            .await?;
    }
    spending::of_case(tx, ids, case, id, ended).await?;
    insights::document(tx, company, ids, case, (id, &contacts), ended).await?;
    Ok(id)
}

fn history(app: &App, company: &Company, ids: &Ids, case: &Case) -> NewCase {
    let answered = case.contacts.iter().find(|contact| contact.direction == example::Direction::Out);
    NewCase {
        owner: case.owner.map(|owner| ids.people[owner]),
        status: status(case.status),
        created_at: at(case.created_at),
        updated_at: at(last(case).at),
        due: due(app, company, case),
        wait_until: case.wait_until.map(at),
        closed_at: case.closed_at.map(at),
        answered_at: answered.map(|contact| at(contact.at)),
        subject: case.subject.clone(),
        customer: ids.customers[case.customer],
        queue: ids.queues[case.queue],
        channel: channel(case.channel),
        priority: priority(case.priority),
        contacts: i64::try_from(case.contacts.len()).unwrap_or(i64::MAX),
        snippet: last(case).text.clone(),
        speaker: Some(direction(last(case).direction)),
    }
}

/// The newest contact.
fn last(case: &Case) -> &Contact {
    case.contacts.last().expect("a case of the example company begins with a contact")
}

/// Since when and until when an answer is owed: by this house's own hours, or sooner where that was promised.
fn due(app: &App, company: &Company, case: &Case) -> Option<(Timestamp, Timestamp)> {
    let promised = at(case.due_at?);
    let told = case.contacts.iter().rposition(|contact| contact.direction == example::Direction::Out);
    let mut since = case.contacts.iter().skip(told.map_or(0, |last| last + 1));
    let from = at(since.find(|contact| contact.direction == example::Direction::In)?.at);
    let usual = cases::due(app, from, company.queues[case.queue].answer_minutes);
    Some((from, usual.min(promised)))
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

const fn status(status: example::Status) -> Status {
    match status {
        example::Status::Open => Status::Open,
        example::Status::Waiting => Status::Waiting,
        example::Status::Closed => Status::Closed,
    }
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

const fn priority(priority: example::Priority) -> Priority {
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
