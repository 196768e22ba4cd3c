//! What a rule does: a list of actions, each a code with a value and maybe a text.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::cases::attributes;
use crate::cases::filter::span;
use crate::cases::{NewState, Priority, Status, To, Written};
use crate::people;
use crate::platform::{
    Actor, CaseKindId, DepartmentId, Error, OwnStateId, PersonId, QueueId, Result, Role, Tx, codes,
};
use crate::snippets;

/// More than one person wants to happen at once.
pub const MOST: usize = 20;
/// Characters of a note, a task's title, a reason, a field's value.
const LONGEST: usize = 2_000;

codes! {
    /// What is done.
    pub enum Deed {
        /// Into a queue: its id.
        Queue = "queue",
        /// To a person: their id, or "none".
        Owner = "owner",
        Priority = "priority",
        /// A kind's id, or "none".
        Kind = "kind",
        /// `open`, `waiting`, `closed`, or the id of a state of the house's own.
        State = "state",
        /// A tag's name.
        Tag = "tag",
        Untag = "untag",
        /// A field's key, and what is written into it.
        Field = "field",
        /// The text of a note.
        Note = "note",
        /// A snippet's id: it is sent to the customer.
        Reply = "reply",
        /// Until after 3d, 12h or 30m; without it until the customer writes.
        Wait = "wait",
        Close = "close",
        Reopen = "reopen",
        /// A person's id.
        Deputy = "deputy",
        /// A person's id.
        Follower = "follower",
        /// Due after 3d, or without a date; and its title.
        Task = "task",
        /// `queue:3`, `person:4` or `department:5`; and the reason.
        HandOff = "hand-off",
        Spam = "spam",
        /// The customer is not told that their mail arrived; mail filters only.
        Quiet = "quiet",
        /// `owner`, `role:lead` or `person:4`.
        Notify = "notify",
        /// A webhook's id.
        Webhook = "webhook",
    }
}

impl Deed {
    /// How its value is chosen in a form: `none`, `choice`, `text`, `span`.
    pub const fn input(self) -> &'static str {
        match self {
            Self::Close | Self::Reopen | Self::Spam | Self::Quiet | Self::Note => "none",
            Self::Tag | Self::Untag => "text",
            Self::Wait | Self::Task => "span",
            _ => "choice",
        }
    }

    /// It has a text beside its value.
    pub const fn has_text(self) -> bool {
        matches!(self, Self::Field | Self::Note | Self::Task | Self::HandOff)
    }
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RuleAction)]
pub struct Action {
    pub does: Deed,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Action {
    pub fn new(does: Deed, value: &str) -> Self {
        Self { does, value: value.to_owned(), text: String::new() }
    }

    /// The value as an id; "none" is nobody or nothing.
    pub fn id(&self) -> Option<i64> {
        self.value.parse().ok()
    }

    pub fn state(&self) -> Option<NewState> {
        let own = || self.id().map(|id| NewState::Own(OwnStateId(id)));
        Status::from_code(&self.value).map(NewState::Base).or_else(own)
    }

    pub fn to(&self) -> Option<To> {
        let (what, id) = self.value.split_once(':')?;
        let id: i64 = id.parse().ok()?;
        match what {
            "queue" => Some(To::Queue(QueueId(id))),
            "person" => Some(To::Person(PersonId(id))),
            "department" => Some(To::Department(DepartmentId(id))),
            _ => None,
        }
    }

    pub fn written(&self) -> Written<'_> {
        Written::plain(&self.text)
    }

    /// # Errors
    ///
    /// [`Error::Invalid`] of `actions` for what is missing, malformed or out of use.
    pub async fn check(&self, tx: &mut Tx, actor: &Actor) -> Result<()> {
        let wrong = |word| Error::invalid("actions", word);
        Error::unless_short("actions", &self.text, LONGEST)?;
        if self.does.has_text() && self.does != Deed::Field && self.text.trim().is_empty() {
            return Err(wrong("rules-action-text-missing"));
        }
        if self.value.trim().is_empty() && matches!(self.does.input(), "choice" | "text") {
            return Err(wrong("rules-action-missing"));
        }
        let none = self.value == "none";
        let fits = match self.does {
            Deed::Close | Deed::Reopen | Deed::Spam | Deed::Quiet | Deed::Note => true,
            Deed::Queue => is_seen(tx, actor, QueueId(self.number())).await?,
            Deed::Owner if none => true,
            Deed::Owner | Deed::Deputy | Deed::Follower => self.is_active(tx).await?,
            Deed::Priority => Priority::from_code(&self.value).is_some(),
            Deed::Kind => {
                none || is_one(&attributes::kinds(tx).await?, |kind| kind.id == CaseKindId(self.number()))
            }
            Deed::State => match self.state() {
                Some(NewState::Own(own)) => {
                    is_one(&attributes::own_states(tx).await?, |state| state.id == own)
                }
                base => base.is_some(),
            },
            Deed::Tag | Deed::Untag => attributes::tag_name(&self.value).is_ok(),
            Deed::Field => {
                is_one(&attributes::fields(tx).await?, |field| field.key == self.value && !field.archived)
            }
            Deed::Reply => is_there(snippets::snippet(tx, actor, self.number()).await)?,
            Deed::Wait | Deed::Task => self.value.is_empty() || span(&self.value).is_some(),
            Deed::HandOff => match self.to() {
                Some(To::Queue(queue)) => is_seen(tx, actor, queue).await?,
                to => to.is_some(),
            },
            Deed::Notify => self.addressee().is_some(),
            Deed::Webhook => is_there(store::webhook(tx, self.number()).await)?,
        };
        if fits { Ok(()) } else { Err(wrong("rules-action-gone")) }
    }

    fn number(&self) -> i64 {
        self.id().unwrap_or(0)
    }

    async fn is_active(&self, tx: &mut Tx) -> Result<bool> {
        match people::person(tx, PersonId(self.number())).await {
            Ok(person) => Ok(person.active),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whom it notifies.
    pub fn addressee(&self) -> Option<Addressee> {
        match self.value.split_once(':') {
            None if self.value == "owner" => Some(Addressee::Owner),
            Some(("role", role)) => Role::from_code(role).map(Addressee::Role),
            Some(("person", person)) => person.parse().ok().map(|id| Addressee::Person(PersonId(id))),
            _ => None,
        }
    }
}

/// Who is told of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    Owner,
    Person(PersonId),
    /// Those with this role; of leads, those of the queue's team.
    Role(Role),
}

/// Is there such a queue, as far as the actor may know?
async fn is_seen(tx: &mut Tx, actor: &Actor, queue: QueueId) -> Result<bool> {
    Ok(!actor.sight.hidden.contains(&queue) && is_there(people::queue(tx, queue).await)?)
}

fn is_there<T>(found: Result<T>) -> Result<bool> {
    match found {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_one<T>(all: &[T], is: impl Fn(&T) -> bool) -> bool {
    all.iter().any(is)
}
