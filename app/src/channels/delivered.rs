//! Delivery reports that are good news or no news: a mail of ours arrived, or is still on its way.
//!
//! They change the state of the contact and are no contacts themselves; the raw report is kept as every mail is.
//! Reports of failure are for people to see: they are filed, see [`super::file`].

use mail::{BounceRecipient, Delivery};

use super::bounce;
use super::place;
use super::understand::{Understood, clean};
use crate::cases;
use crate::customers;
use crate::platform::{Actor, App, CaseId, ContactId, Error, Result, Tx};

/// Notes what a report says about a contact of ours; `None` if the mail is no such report.
pub async fn note(app: &App, tx: &mut Tx, mail: &Understood) -> Result<Option<(CaseId, ContactId)>> {
    let message = &mail.message;
    let Some(delivery) = message.delivery else { return Ok(None) };
    let Some(contact) = place::own_contact(app, message.original_message_id.as_deref()) else {
        return Ok(None);
    };
    let contact = match cases::contact(tx, contact).await {
        Ok(contact) => contact,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let actor = Actor::kitt("channels");
    match delivery {
        Delivery::Delivered => {
            // Of several recipients nobody can tell whose server it was.
            if cases::recipients(tx, contact.id).await?.is_empty() {
                cases::delivered(app, tx, &actor, contact.id).await?;
            }
            if let Some(to) = &contact.to_address {
                customers::clear_delay(tx, to).await?;
            }
        }
        // It left our mail server, which is what is known already.
        Delivery::Relayed => {}
        Delivery::Delayed => {
            let report = message.bounce.first();
            let said = report.map(|report| format!("{} {}", report.status, report.diagnostic));
            let said = clean(said.unwrap_or_default().trim(), 500);
            cases::delayed(app, tx, &actor, contact.id, &said).await?;
            if let Some(report) = report {
                let late = BounceRecipient { delayed: true, ..report.clone() };
                let to = contact.to_address.clone().unwrap_or_default();
                bounce::mark(app, tx, &actor, (&contact, &to), mail.at, &late).await?;
            }
        }
    }
    Ok(Some((contact.case, contact.id)))
}
