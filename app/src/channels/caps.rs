//! Keeps machines from writing to each other for ever: what nobody wrote by hand leaves only where a person may
//! read it, and only so often.
//!
//! Asked when a contact is claimed for sending. What people write is never held. What is held stays in its case
//! with its reason, is listed for the administration, and a person can send it all the same. The numbers are the
//! engine's, see [`mail::loops`].

use std::time::Duration;

use mail::{loops, threading};

use super::directory::Directory;
use super::model::Stage;
use super::place;
use super::store::{self, Suppressed};
use super::unsubscribe;
use crate::cases;
use crate::cases::{Contact, Direction};
use crate::customers;
use crate::people;
use crate::platform::{Actor, App, ContactId, Error, Result, Right, Timestamp, Tx, codes, dialect};

/// How long machines leave an address alone that mail came back from.
const BOUNCED: Duration = Duration::from_hours(60 * 24);
const DAY: Duration = Duration::from_hours(24);
/// The longest of the engine's windows.
const WINDOW: Duration = Duration::from_hours(10);

codes! {
    /// Why an automatic mail was kept from leaving.
    pub enum Suppression {
        Declined = "declined",
        OwnAddress = "own-address",
        NoReply = "no-reply",
        AutoReplies = "auto-replies",
        Forged = "forged",
        Bounced = "bounced",
        AddressCap = "address-cap",
        CaseCap = "case-cap",
    }
}

impl Suppression {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declined => "suppressed-declined",
            Self::OwnAddress => "suppressed-own-address",
            Self::NoReply => "suppressed-no-reply",
            Self::AutoReplies => "suppressed-auto-replies",
            Self::Forged => "suppressed-forged",
            Self::Bounced => "suppressed-bounced",
            Self::AddressCap => "suppressed-address-cap",
            Self::CaseCap => "suppressed-case-cap",
        }
    }
}

/// Keeps a claimed contact from leaving if a machine must not send it; true if it was held.
///
/// What may leave is counted, once however often it is tried.
pub async fn holds(app: &App, contact: &Contact) -> Result<bool> {
    // What a person wrote is known without a look into the database.
    if !contact.automatic && contact.person.is_some() && !contact.purpose.is_optional() {
        return Ok(false);
    }
    let Some(to) = contact.to_address.clone() else { return Ok(false) };
    let mut tx = app.db.write().await?;
    if unsubscribe::is_declined(&mut tx, contact).await? {
        hold(app, &mut tx, contact, to, Suppression::Declined).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let many = contact.person.is_none() && cases::is_aside(&mut tx, contact.id).await?;
    if !contact.automatic && !many {
        return Ok(false);
    }
    // Two that leave together must not both be the last.
    dialect::lock(&mut tx, "automatic", place::key(&to)).await?;
    dialect::lock(&mut tx, "automatic-case", contact.case.0).await?;
    let counted = store::is_counted(&mut tx, contact.id).await?;
    let reason = if counted { None } else { reason(app, &mut tx, contact, &to).await? };
    if let Some(reason) = reason {
        hold(app, &mut tx, contact, to, reason).await?;
    } else {
        let folded = people::fold_email(&to);
        store::count_automatic(&mut tx, contact.id, contact.case, &folded, app.now()).await?;
    }
    tx.commit().await?;
    Ok(reason.is_some())
}

/// Why a machine must not write there now.
async fn reason(app: &App, tx: &mut Tx, contact: &Contact, to: &str) -> Result<Option<Suppression>> {
    if store::is_released(tx, contact.id).await? {
        return Ok(None);
    }
    let directory = Directory::load(app, tx).await?;
    if directory.is_own(to) || threading::read_reply_address(to, app.secret()).is_some() {
        return Ok(Some(Suppression::OwnAddress));
    }
    if loops::is_unread(to) {
        return Ok(Some(Suppression::NoReply));
    }
    // What customers are told once is no answer, and starts no conversation of machines.
    if contact.automatic && cases::is_unanswerable(tx, contact.case, to).await? {
        return Ok(Some(Suppression::AutoReplies));
    }
    if contact.automatic && cases::is_forged(tx, contact.case, to).await? {
        return Ok(Some(Suppression::Forged));
    }
    let now = app.now();
    let bounce = customers::bounce(tx, to).await?;
    if bounce.is_some_and(|bounce| bounce.permanent && now < bounce.at + BOUNCED) {
        return Ok(Some(Suppression::Bounced));
    }
    is_too_much(tx, contact, to, now).await
}

async fn is_too_much(
    tx: &mut Tx,
    contact: &Contact,
    to: &str,
    now: Timestamp,
) -> Result<Option<Suppression>> {
    let today = store::automatic_to(tx, &people::fold_email(to), now - DAY).await?;
    if usize::try_from(today).is_ok_and(|today| loops::PER_ADDRESS <= today) {
        return Ok(Some(Suppression::AddressCap));
    }
    let sent = store::automatic_in(tx, contact.case, now - WINDOW).await?;
    let ages: Vec<i64> = sent.iter().map(|at| now.seconds() - at.seconds()).collect();
    Ok(loops::is_case_full(&ages).then_some(Suppression::CaseCap))
}

async fn hold(app: &App, tx: &mut Tx, contact: &Contact, to: String, reason: Suppression) -> Result<()> {
    let suppressed = Suppressed {
        contact: contact.id,
        case: contact.case,
        address: to,
        reason,
        at: app.now(),
        released_at: None,
    };
    store::insert_suppression(tx, &suppressed).await?;
    cases::suppress(app, tx, &Actor::kitt("channels"), contact.id, reason.code()).await?;
    store::end_outgoing(tx, contact.id, Stage::Suppressed, Some(reason.code()), app.now()).await
}

/// Sends all the same what was held.
///
/// # Errors
///
/// [`Error::Stale`] if it is not held any more, [`Error::Invalid`] as long as its reader wants none of its kind.
pub async fn release(app: &App, actor: &Actor, contact: ContactId) -> Result<Contact> {
    actor.may(Right::WorkCases)?;
    let mut tx = app.db.write().await?;
    let row = cases::contact(&mut tx, contact).await?;
    if row.direction != Direction::Outbound {
        return Err(Error::NotFound);
    }
    if unsubscribe::is_declined(&mut tx, &row).await? {
        return Err(Error::invalid("contact", "suppressed-declined-still"));
    }
    store::set_released(&mut tx, contact, app.now()).await?;
    let released = cases::release(app, &mut tx, actor, contact).await?;
    tx.commit().await?;
    Ok(released)
}
