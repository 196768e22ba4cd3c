//! Addresses that a mail of ours came back from, or took long to: shown before somebody writes there, spared by machines.
//!
//! Kept by address and not by customer: people also write to addresses that nobody has entered. Whoever writes
//! from an address again has shown that it works.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{PointKind, fold_point};
use super::{by_point, store};
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, ContactId, CustomerId, Result, Right, Timestamp, Tx};

/// Why the last mail to an address came back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Bounce {
    pub at: Timestamp,
    /// RFC 3463, as in `5.1.1`.
    pub status: String,
    /// A stable word, as in `userunknown`.
    pub reason: String,
    /// It will not work later either.
    pub permanent: bool,
    /// It did not come back, it only took long: a server on the way still tried.
    pub delayed: bool,
}

/// Marks an address that `contact` came back from; a lasting failure is not replaced by a passing one, and none by
/// a delay.
pub async fn set_bounced(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (about, contact): (About, ContactId),
    address: &str,
    bounce: &Bounce,
) -> Result<()> {
    store::insert_bounce(tx, &fold_point(PointKind::Email, address), bounce).await?;
    if bounce.delayed {
        // Nothing came back; that the contact is late is recorded with it.
        return Ok(());
    }
    let fact = Fact::AddressBounced { contact, status: bounce.status.clone(), permanent: bounce.permanent };
    journal::record(app, tx, actor, about, fact)
}

/// Why the last mail to this address came back, if nobody wrote from there since.
pub async fn bounce(tx: &mut Tx, address: &str) -> Result<Option<Bounce>> {
    store::bounce(tx, &fold_point(PointKind::Email, address)).await
}

/// The newest marked addresses as they are compared, up to `limit`.
pub async fn bounced(tx: &mut Tx, limit: i64) -> Result<Vec<String>> {
    store::bounced(tx, limit).await
}

/// Somebody wrote from this address, so it works.
pub async fn clear_bounce(app: &App, tx: &mut Tx, actor: &Actor, address: &str) -> Result<()> {
    if store::delete_bounce(tx, &fold_point(PointKind::Email, address)).await?
        && let Some(customer) = by_point(tx, PointKind::Email, address).await?
    {
        changed(app, tx, actor, customer)?;
    }
    Ok(())
}

/// What was late arrived: the address is as good as any.
pub async fn clear_delay(tx: &mut Tx, address: &str) -> Result<()> {
    store::delete_delay(tx, &fold_point(PointKind::Email, address)).await
}

/// Forgets delays from before a moment: they say nothing any more.
pub async fn forget_delays(tx: &mut Tx, before: Timestamp) -> Result<()> {
    store::delete_delays(tx, before).await
}

/// A person knows that this address works.
pub async fn forget_bounce(app: &App, actor: &Actor, customer: CustomerId, point: i64) -> Result<()> {
    actor.may(Right::EditCustomers)?;
    let mut tx = app.db.write().await?;
    let address = store::point_folded(&mut tx, customer, point).await?;
    if store::delete_bounce(&mut tx, &address).await? {
        changed(app, &mut tx, actor, customer)?;
    }
    tx.commit().await
}

fn changed(app: &App, tx: &mut Tx, actor: &Actor, customer: CustomerId) -> Result<()> {
    let fact = Fact::CustomerChanged { field: "bounce".into() };
    journal::record(app, tx, actor, About::customer(customer), fact)
}
