//! Cases and contacts as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::model::{
    Attachment, Bin, Channel, Contact, Direction, DueClock, Line, Priority, Problem, SenderProof,
    State as ContactState, Status,
};
use crate::cases::recipients::Addressee;
use crate::platform::{CaseKindId, ContactId, CustomerId, OwnStateId, PersonId, QueueId, Timestamp};

/// A name with its id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named<T> {
    pub id: T,
    pub name: String,
}

/// A case as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "facts of a case that do not exclude each other")]
pub struct CaseJson {
    pub number: String,
    pub subject: String,
    pub status: Status,
    pub queue: Named<QueueId>,
    pub owner: Option<Named<PersonId>>,
    pub customer: Named<CustomerId>,
    pub channel: Channel,
    pub priority: Priority,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub due_at: Option<Timestamp>,
    /// What is due then: an answer, the solution, or the case was put away until then.
    pub due_clock: Option<DueClock>,
    pub wait_until: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// What the customer and the house said to each other: no notes, no side conversations.
    pub contacts: i64,
    pub snippet: String,
    pub documented: bool,
    /// The sender of one of its contacts is probably forged.
    pub suspicious: bool,
    /// Only for those who are named on it, and their leads.
    pub private: bool,
    /// `spam`, `trash` or nothing.
    pub bin: Option<Bin>,
    /// Ids; `/attributes` has the names.
    pub kind: Option<CaseKindId>,
    pub own_state: Option<OwnStateId>,
    /// Steps of the escalation that were taken.
    pub escalated: i64,
    pub complaint: bool,
}

impl CaseJson {
    pub fn of(line: &Line) -> Self {
        let case = &line.case;
        let owner = case.owner.zip(line.owner_name.clone()).map(|(id, name)| Named { id, name });
        Self {
            number: case.number.clone(),
            subject: case.subject.clone(),
            status: case.status,
            queue: Named { id: case.queue, name: line.queue_name.clone() },
            owner,
            customer: Named { id: case.customer, name: line.customer_name.clone() },
            channel: case.channel,
            priority: case.priority,
            created_at: case.created_at,
            updated_at: case.updated_at,
            due_at: case.due_at,
            due_clock: case.due_clock.filter(|_| case.due_at.is_some()),
            wait_until: case.wait_until,
            closed_at: case.closed_at,
            contacts: case.exchanged(),
            snippet: case.snippet.clone(),
            documented: case.documented,
            suspicious: case.suspicious,
            private: case.private,
            bin: case.bin,
            kind: case.kind,
            own_state: case.own_state,
            escalated: case.escalated,
            complaint: case.complaint,
        }
    }
}

/// A contact as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactJson {
    pub id: ContactId,
    pub direction: Direction,
    pub channel: Channel,
    pub at: Timestamp,
    pub author: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub subject: Option<String>,
    pub text: String,
    pub quoted: Option<String>,
    pub signature: Option<String>,
    pub state: ContactState,
    /// Why it has not arrived.
    pub problem: Option<Problem>,
    /// The other side's words about it.
    pub reason: Option<String>,
    /// When it leaves, or left at the earliest.
    pub send_at: Option<Timestamp>,
    /// The next attempt, while one is to come.
    pub next_at: Option<Timestamp>,
    pub automatic: bool,
    pub stranger: bool,
    pub sender_proof: SenderProof,
    /// The texts are cut; `/contacts/{id}/raw` has them whole.
    pub shortened: bool,
    pub attachments: Vec<Attachment>,
    /// Whom it names, if they are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<Addressee>,
    /// The side conversation it belongs to; missing: said with the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<i64>,
}

impl ContactJson {
    pub fn of(contact: Contact, attachments: Vec<Attachment>) -> Self {
        Self {
            id: contact.id,
            direction: contact.direction,
            channel: contact.channel,
            at: contact.at,
            author: contact.author,
            from: contact.from_address,
            to: contact.to_address,
            subject: contact.subject,
            text: contact.text,
            quoted: contact.quoted,
            signature: contact.signature,
            state: contact.state,
            problem: contact.problem,
            reason: contact.reason,
            send_at: contact.send_at,
            next_at: contact.next_at,
            automatic: contact.automatic,
            stranger: contact.stranger,
            sender_proof: contact.sender_proof,
            shortened: contact.shortened,
            attachments,
            recipients: Vec::new(),
            talk: contact.talk,
        }
    }
}
