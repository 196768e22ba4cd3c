//! What happened with a customer, on all channels, newest first.

use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases;
use crate::cases::{Channel, Direction, PastContact};
use crate::customers::{File, Promise, Purchase};
use crate::goodwill;
use crate::goodwill::Grant;
use crate::platform::parts;
use crate::platform::{Actor, ContactId, Result, Right, Timestamp, Tx};

/// Contacts on one page; orders, promises and goodwill of the same time come along.
const LINES: i64 = 40;

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub struct Moment {
    pub at: Timestamp,
    #[serde(flatten)]
    pub what: What,
}

/// What it was.
#[derive(Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    Contact {
        case: String,
        subject: String,
        /// Kinds of the case's findings, separated by spaces.
        signals: String,
        direction: Direction,
        channel: Channel,
        author: String,
        text: String,
    },
    Purchase {
        number: String,
        product: String,
        #[schema(value_type = Object)]
        price: Money,
    },
    Promise {
        text: String,
        due_at: Timestamp,
        kept: Option<bool>,
        made_by: Option<String>,
    },
    Goodwill {
        /// Translation key of its kind.
        word: &'static str,
        #[schema(value_type = Object)]
        sum: Money,
        note: String,
    },
}

impl Moment {
    pub fn icon(&self) -> &'static str {
        match &self.what {
            What::Contact { direction: Direction::Note, .. } => "note",
            What::Contact { channel, .. } => channel.icon(),
            What::Purchase { .. } => "cart",
            What::Promise { .. } => "clock",
            What::Goodwill { .. } => "coins",
        }
    }
}

/// A page of moments.
pub struct Timeline {
    pub moments: Vec<Moment>,
    pub next: Option<String>,
}

impl Timeline {
    /// Contacts only for those who may read cases. `cursor` is what [`Timeline::next`] was.
    pub async fn load(
        tx: &mut Tx,
        actor: &Actor,
        file: &File,
        channel: Option<Channel>,
        cursor: Option<&str>,
    ) -> Result<Self> {
        let before = cursor.and_then(parts::read_cursor).map(|(at, id)| (at, ContactId(id)));
        let mut contacts = Vec::new();
        let mut grants = Vec::new();
        if actor.can(Right::ReadCases) {
            contacts =
                cases::contacts_of_customer(tx, actor, file.customer.id, channel, before, LINES + 1).await?;
            grants = goodwill::of_customer(tx, file.customer.id).await?;
            let of: Vec<_> = grants.iter().map(|grant| grant.case).collect();
            let unseen = cases::sight::unseen(tx, actor, &of).await?;
            grants.retain(|grant| !unseen.contains(&grant.case));
        }
        let (contacts, last) = parts::cut(contacts, LINES, |contact| (contact.at, contact.id));
        let mut moments: Vec<Moment> = contacts.into_iter().map(Moment::from).collect();
        if channel.is_none() {
            let (from, until) = (last.map(|(at, _)| at), before.map(|(at, _)| at));
            let inside = |moment: &Moment| {
                from.is_none_or(|from| from <= moment.at) && until.is_none_or(|until| moment.at < until)
            };
            let others =
                file.purchases.iter().map(Moment::from).chain(file.promises.iter().map(Moment::from));
            moments.extend(others.chain(grants.iter().map(Moment::from)).filter(inside));
        }
        moments.sort_by_key(|moment| std::cmp::Reverse(moment.at));
        Ok(Self { moments, next: last.map(|(at, id)| parts::cursor(at, id)) })
    }
}

impl From<PastContact> for Moment {
    fn from(contact: PastContact) -> Self {
        let what = What::Contact {
            case: contact.number,
            subject: contact.subject,
            signals: contact.signals,
            direction: contact.direction,
            channel: contact.channel,
            author: contact.author,
            text: cases::snippet(&contact.text),
        };
        Self { at: contact.at, what }
    }
}

impl From<&Purchase> for Moment {
    fn from(purchase: &Purchase) -> Self {
        let (number, product) = (purchase.number.clone(), purchase.product.clone());
        Self { at: purchase.at, what: What::Purchase { number, product, price: purchase.price } }
    }
}

impl From<&Promise> for Moment {
    fn from(promise: &Promise) -> Self {
        let what = What::Promise {
            text: promise.text.clone(),
            due_at: promise.due_at,
            kept: promise.kept,
            made_by: promise.made_by.clone(),
        };
        Self { at: promise.made_at, what }
    }
}

impl From<&Grant> for Moment {
    fn from(grant: &Grant) -> Self {
        let what = What::Goodwill { word: grant.payment.word(), sum: grant.sum, note: grant.note.clone() };
        Self { at: grant.at, what }
    }
}
