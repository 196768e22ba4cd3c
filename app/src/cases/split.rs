//! One case that is two: some of its contacts go into a new case, of the same or of another customer.
//!
//! Taking that back is a merge without memory: the new number leads to the old case from then on.

use super::clocks::{self, Event};
use super::figures;
use super::model::{Case, Contact, Direction, Priority, Status};
use super::relations::{self, Relation};
use super::sight;
use super::steps::{self, Step};
use super::store::{self, NewCase, Standing};
use super::{handoffs, involved};
use crate::customers;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{
    Actor, App, CaseId, ContactId, CustomerId, Error, Result, Right, Timestamp, Tx, dialect,
};

/// Contacts that are moved at once.
const MOST: usize = 200;
/// Characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// What becomes a case of its own.
#[derive(Debug, Clone, Default)]
pub struct Split {
    pub contacts: Vec<ContactId>,
    /// Empty: what the first of them is about.
    pub subject: String,
    /// `None`: the same customer.
    pub customer: Option<CustomerId>,
}

/// Moves contacts of a case into a new one in the same queue, and says that both belong together.
///
/// # Errors
///
/// [`Error::Invalid`] for none or all of its contacts, or those of another case.
pub async fn split(app: &App, actor: &Actor, case: CaseId, split: &Split) -> Result<Case> {
    actor.may(Right::WorkCases)?;
    Error::unless_short("subject", &split.subject, LONGEST_SUBJECT)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let from = sight::at_hand(&mut tx, actor, case).await?;
    let contacts = chosen(&mut tx, &from, &split.contacts).await?;
    if let Some(customer) = split.customer {
        customers::customer(&mut tx, customer).await?;
    }
    let before: Vec<(ContactId, CustomerId)> = contacts.iter().map(|one| (one.id, one.customer)).collect();
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id).collect();
    let new = new_case(app, &from, &contacts, split);
    let year = app.now().moment().to_zoned(app.zone()).year();
    let into = store::insert(&mut tx, &new, year).await?;
    // It waits to be inserted until somebody asks for it; contacts refer to it.
    store::case(&mut tx, into).await?;
    if from.private {
        store::set_private(&mut tx, into, true, app.now()).await?;
        involved::bring(&mut tx, case, into, app.now()).await?;
    }
    move_between(&mut tx, case, into, &ids).await?;
    if let Some(customer) = split.customer.filter(|customer| *customer != from.customer) {
        store::set_customer_of(&mut tx, &ids, customer).await?;
    }
    for one in [case, into] {
        let since = store::unanswered_since(&mut tx, one).await?;
        owe(app, &mut tx, one, Event::Owed { since }).await?;
    }
    relations::insert(&mut tx, actor, into, case, Relation::Related, app.now()).await?;
    record(app, &mut tx, actor, &from, (into, &new))?;
    let step = Step::Split { case: into, from: case, contacts: before };
    steps::offer(app, &mut tx, actor, into, "case-was-split", step).await?;
    let row = store::case(&mut tx, into).await?;
    tx.commit().await?;
    Ok(row)
}

/// Records what [`split`] did to both cases.
fn record(app: &App, tx: &mut Tx, actor: &Actor, from: &Case, (into, new): (CaseId, &NewCase)) -> Result<()> {
    let fact = Fact::CaseOpened { queue: from.queue, channel: new.channel.code().into() };
    let about = About::case(into).of(new.customer);
    journal::record(app, tx, actor, about, fact)?;
    if new.owner.is_some() {
        let fact = Fact::CaseAssigned { to: new.owner, from: None };
        journal::record(app, tx, actor, about, fact)?;
    }
    if from.private {
        journal::record(app, tx, actor, about, Fact::CaseVeiled { private: true })?;
    }
    let fact = Fact::CaseSplit { from: from.id, into };
    for (case, customer) in [(from.id, from.customer), (into, new.customer)] {
        journal::record(app, tx, actor, About::case(case).of(customer), fact.clone())?;
    }
    Ok(())
}

async fn chosen(tx: &mut Tx, case: &Case, contacts: &[ContactId]) -> Result<Vec<Contact>> {
    if contacts.is_empty() || MOST < contacts.len() {
        return Err(Error::invalid("contacts", "case-split-choose"));
    }
    let found = store::contacts_in(tx, case.id, contacts).await?;
    if found.len() < contacts.len() {
        return Err(Error::Stale);
    }
    if i64::try_from(found.len()).is_ok_and(|count| case.contacts <= count) {
        return Err(Error::invalid("contacts", "case-split-all"));
    }
    let mut chosen = Vec::with_capacity(found.len());
    for contact in found {
        chosen.push(store::contact(tx, contact).await?);
    }
    Ok(chosen)
}

fn new_case(app: &App, from: &Case, contacts: &[Contact], split: &Split) -> NewCase {
    let first = contacts.first();
    let said = contacts.iter().find(|contact| contact.direction == Direction::Inbound).or(first);
    let subject = Some(split.subject.trim().to_owned()).filter(|subject| !subject.is_empty());
    NewCase {
        owner: from.owner,
        status: Status::Open,
        created_at: app.now(),
        updated_at: app.now(),
        due: None,
        wait_until: None,
        closed_at: None,
        answered_at: None,
        subject: subject
            .or_else(|| said.and_then(|contact| contact.subject.clone()))
            .unwrap_or_else(|| from.subject.clone()),
        customer: split.customer.unwrap_or(from.customer),
        queue: from.queue,
        channel: said.map_or(from.channel, |contact| contact.channel),
        priority: Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    }
}

async fn move_between(tx: &mut Tx, from: CaseId, into: CaseId, contacts: &[ContactId]) -> Result<i64> {
    let moved = i64::try_from(store::move_some(tx, from, into, contacts).await?).unwrap_or_default();
    store::show_last(tx, from, -moved).await?;
    store::show_last(tx, into, moved).await?;
    Ok(moved)
}

/// An answer is owed where somebody still waits for one, and nowhere else. What is closed or waits stays so.
async fn owe(app: &App, tx: &mut Tx, case: CaseId, event: Event) -> Result<()> {
    let row = store::case(tx, case).await?;
    if row.status == Status::Closed {
        return Ok(());
    }
    let turned = clocks::turn(app, tx, &row, event).await?;
    if row.status == Status::Open {
        let standing = Standing { status: Status::Open, due: turned.due, wait_until: None, closed_at: None };
        store::set_standing(tx, case, standing, figures::today(app)).await?;
    } else {
        store::set_due(tx, &row, turned.due).await?;
    }
    store::set_clocks(tx, case, &turned.clocked).await
}

/// What went away comes back to a case: nobody gains time by that.
async fn owe_again(app: &App, tx: &mut Tx, case: CaseId) -> Result<()> {
    let owed_since = store::unanswered_since(tx, case).await?;
    let is_open = store::case(tx, case).await?.status == Status::Open;
    let event = if is_open { Event::TookOver { owed_since } } else { Event::Owed { since: owed_since } };
    owe(app, tx, case, event).await
}

/// What was added to the new case meanwhile goes along: in an empty case, whose page leads elsewhere, nobody would find
/// it.
async fn bring_back(app: &App, tx: &mut Tx, actor: &Actor, case: &Case, into: CaseId) -> Result<()> {
    store::move_all(tx, case.id, into).await?;
    customers::promises::bring(tx, case.id, into).await?;
    handoffs::withdraw_all(app, tx, actor, case).await?;
    involved::bring(tx, case.id, into, app.now()).await?;
    relations::bring(tx, case.id, into, app.now()).await?;
    Ok(())
}

/// Takes a split back: its contacts are in the first case again, and the new number leads there.
///
/// # Errors
///
/// [`Error::Invalid`] once more was said in the new case.
pub(super) async fn unsplit_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, from): (CaseId, CaseId),
    contacts: &[(ContactId, CustomerId)],
) -> Result<()> {
    dialect::lock_all(tx, "case", [case.0, from.0]).await?;
    let row = store::case(tx, case).await?;
    let ids: Vec<ContactId> = contacts.iter().map(|(contact, _)| *contact).collect();
    let more = i64::try_from(ids.len()).is_ok_and(|count| count < row.contacts);
    if more || row.moved_to.is_some() {
        return Err(Error::invalid("case", "case-unsplit-late"));
    }
    move_between(tx, case, from, &ids).await?;
    for (contact, customer) in contacts {
        store::set_customer_of(tx, &[*contact], *customer).await?;
    }
    store::set_moved(tx, case, from, 0).await?;
    store::delete_relation(tx, case.min(from), case.max(from)).await?;
    bring_back(app, tx, actor, &row, from).await?;
    let closed_at: Option<Timestamp> = Some(app.now());
    let shell = Standing { status: Status::Closed, due: None, wait_until: None, closed_at };
    store::set_standing(tx, case, shell, figures::today(app)).await?;
    owe_again(app, tx, from).await?;
    if row.status != Status::Closed {
        journal::record(app, tx, actor, About::case(case).of(row.customer), Fact::CaseClosed)?;
    }
    let fact = Fact::CasesJoined { from: case, into: from };
    for case in [case, from] {
        let customer = store::case(tx, case).await?.customer;
        journal::record(app, tx, actor, About::case(case).of(customer), fact.clone())?;
    }
    Ok(())
}
