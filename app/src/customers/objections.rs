//! What customers said that they do not want: it holds at once, for every message that is not about their own case.
//!
//! An answer to somebody's own matter is service and always goes. Everything else says how it can be declined, and
//! what was declined is kept here by purpose, with when and how that was said (GDPR 21, UWG 7).

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CustomerId, Error, Result, Right, Timestamp, Tx, codes};

codes! {
    /// What a message is for.
    #[derive(Default)]
    pub enum Purpose {
        /// About the customer's own case: nobody can decline answers.
        #[default]
        Service = "service",
        /// News to all whom something concerned, such as that it was fixed.
        Telling = "telling",
        /// Anything that is to win or keep a customer, surveys too.
        Advertising = "advertising",
    }
}

impl Purpose {
    /// What somebody does not want who does not want this. Whoever wants no news wants no advertising either.
    pub const fn covers(self) -> &'static [Self] {
        match self {
            Self::Service => &[],
            Self::Telling => &[Self::Telling, Self::Advertising],
            Self::Advertising => &[Self::Advertising],
        }
    }

    /// Can it be declined?
    pub const fn is_optional(self) -> bool {
        !matches!(self, Self::Service)
    }
}

codes! {
    /// How somebody said so.
    pub enum Way {
        /// On the page that a mail leads to.
        Page = "page",
        /// By the button of a mail program (RFC 8058).
        OneClick = "one-click",
        /// By a mail that such a button wrote.
        Mail = "mail",
        /// To a person, who noted it.
        Person = "person",
    }
}

/// What a customer does not want.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Objection {
    pub purpose: Purpose,
    pub at: Timestamp,
    pub way: Way,
}

/// Notes that a customer does not want messages of a purpose, and what that covers. Said twice it stays as it was.
pub async fn object(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    about: About,
    customer: CustomerId,
    (purpose, way): (Purpose, Way),
) -> Result<()> {
    for purpose in purpose.covers() {
        let objection = Objection { purpose: *purpose, at: app.now(), way };
        if store::insert_objection(tx, customer, &objection).await? {
            let fact = Fact::ObjectionRaised { purpose: purpose.code().into(), way: way.code().into() };
            journal::record(app, tx, actor, about, fact)?;
        }
    }
    Ok(())
}

/// A person notes it, as they were told.
pub async fn note_objection(app: &App, actor: &Actor, customer: CustomerId, purpose: Purpose) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.write().await?;
    store::customer(&mut tx, customer).await?;
    object(app, &mut tx, actor, About::customer(customer), customer, (purpose, Way::Person)).await?;
    tx.commit().await
}

/// The customer wants such messages again, or it was a mistake.
///
/// # Errors
///
/// [`Error::Stale`] if nothing was declined.
pub async fn lift_objection(app: &App, actor: &Actor, customer: CustomerId, purpose: Purpose) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.write().await?;
    if !store::delete_objection(&mut tx, customer, purpose).await? {
        return Err(Error::Stale);
    }
    let fact = Fact::ObjectionLifted { purpose: purpose.code().into() };
    journal::record(app, &mut tx, actor, About::customer(customer), fact)?;
    tx.commit().await
}

/// Does this customer not want messages of this purpose?
pub async fn objects(tx: &mut Tx, customer: CustomerId, purpose: Purpose) -> Result<bool> {
    Ok(purpose.is_optional()
        && objections(tx, customer).await?.iter().any(|objection| objection.purpose == purpose))
}

/// What this customer does not want.
pub async fn objections(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Objection>> {
    store::objections(tx, customer).await
}
