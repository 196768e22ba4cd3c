//! Cases that the house opens itself, without anybody having written.

use super::arrive;
use super::hours;
use super::model::{Channel, Priority, Status};
use super::store::{self, NewCase};
use crate::journal;
use crate::journal::{About, Fact};
use crate::people;
use crate::platform::{Actor, App, CaseId, CustomerId, PersonId, QueueId, Result, Tx};

/// What the house wants to be done.
#[derive(Debug, Clone)]
pub struct HouseCase {
    pub customer: CustomerId,
    pub queue: QueueId,
    pub owner: Option<PersonId>,
    pub subject: String,
    /// A note: customers never see it.
    pub text: String,
}

/// Opens a case for something that is to be done; it is due as an answer would be.
pub async fn open_for_house(app: &App, tx: &mut Tx, actor: &Actor, new: &HouseCase) -> Result<CaseId> {
    let now = app.now();
    let queue = people::queue(tx, new.queue).await?;
    // Who left meanwhile does not keep it from being done.
    let owner = match new.owner {
        Some(owner) => people::person(tx, owner).await?.active.then_some(owner),
        None => None,
    };
    let row = NewCase {
        owner,
        status: Status::Open,
        created_at: now,
        updated_at: now,
        due: Some((now, hours::due(app, now, queue.answer_minutes))),
        wait_until: None,
        closed_at: None,
        answered_at: None,
        subject: new.subject.clone(),
        customer: new.customer,
        queue: queue.id,
        channel: Channel::Api,
        priority: Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    };
    let case = store::insert(tx, &row, now.moment().to_zoned(app.zone()).year()).await?;
    let fact = Fact::CaseOpened { queue: queue.id, channel: Channel::Api.code().into() };
    journal::record(app, tx, actor, About::case(case).of(new.customer), fact)?;
    arrive::note_in(app, tx, actor, case, &new.text, Vec::new()).await?;
    Ok(case)
}
