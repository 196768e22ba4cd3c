//! Finance: what service costs, and what it is compared with.
//!
//! Keeps the rates that the house entered, the append-only ledger of class A (cash spent: handling, goodwill,
//! refunds) and the exposure per day. It learns of costs through the journal; nobody books by hand. A cost that
//! cannot be computed is [`Missing`] with the inputs that are needed, never zero.
//!
//! Deliberately absent: expected losses (class B) and benefits (class C), and any price that Kitt would assume.

pub mod costs;
mod exposure;
mod listen;
mod model;
mod store;
pub mod web;

pub use costs::{Cost, Prices, Spent};
pub use exposure::{ExposureRow, Known, LineError, read_csv, read_rows};
pub use listen::{LEDGER, LISTENERS};
pub use model::{
    Basis, Book, Booking, Entry, Exposure, Item, Missing, Needed, Rates, RatesVersion, Spending,
};

use std::collections::BTreeSet;

use jiff::civil::Date;
use money::Money;

use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, CustomerId, PersonId, Result, Right, Timestamp, Tx, dialect};

/// Enters a version of the rates, valid from `valid_from`; what was spent since then is priced by it.
///
/// The first version is valid from the beginning: there is nothing else to price the past by.
pub async fn set_rates(app: &App, actor: &Actor, rates: &Rates, valid_from: Timestamp) -> Result<i64> {
    actor.may(Right::EditRates)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, listen::LEDGER, 0).await?;
    let first = store::rates(&mut tx).await?.is_empty();
    let valid_from = if first { Timestamp(0) } else { valid_from };
    let version = store::insert_rates(&mut tx, rates, valid_from, actor.person_id(), app.now()).await?;
    if valid_from < app.now() {
        store::rebuild_case_costs(&mut tx).await?;
    }
    journal::record(app, &mut tx, actor, About::house(), Fact::RatesChanged)?;
    tx.commit().await?;
    Ok(version)
}

/// All versions of the rates, in the order in which they became valid.
pub async fn rates(tx: &mut Tx) -> Result<Vec<RatesVersion>> {
    store::rates(tx).await
}

/// What case `case` cost, per book.
pub async fn case_cost(tx: &mut Tx, case: CaseId, now: Timestamp) -> Result<Result<Vec<Cost>, Missing>> {
    let prices = Prices::load(tx, now).await?;
    Ok(prices.cost(&store::spent_by_case(tx, case).await?))
}

/// What these cases spent, all that spent anything for `None`; the rows of a case together.
pub async fn spent(tx: &mut Tx, cases: Option<&[CaseId]>) -> Result<Vec<(CaseId, Spent)>> {
    store::spent(tx, cases).await
}

/// Up to `limit` entries of the ledger after entry `after`, oldest first.
pub async fn ledger(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Entry>> {
    store::entries(tx, after, limit).await
}

/// Up to `limit` entries of the ledger by their time, newest first, after entry `after`.
pub async fn newest_entries(tx: &mut Tx, after: Option<i64>, limit: i64) -> Result<Vec<Entry>> {
    store::newest_entries(tx, after, limit).await
}

/// Reports what happened on some days; what was known of the same day and product group is replaced.
pub async fn report_exposure(app: &App, actor: &Actor, rows: &[Exposure]) -> Result<()> {
    actor.may(Right::ReportExposure)?;
    let mut tx = app.db.write().await?;
    // Two reports of the same days would wait for each other's rows in different orders.
    dialect::lock(&mut tx, "exposure", 0).await?;
    for row in rows {
        store::put_exposure(&mut tx, row, actor.person_id(), app.now()).await?;
    }
    let days = rows.iter().map(|row| row.day).collect::<BTreeSet<_>>().len();
    let days = i64::try_from(days).unwrap_or(i64::MAX);
    journal::record(app, &mut tx, actor, About::house(), Fact::ExposureReported { days })?;
    tx.commit().await
}

/// Up to `limit` rows of the days `from ..= to`, newest first, after the row `after`.
pub async fn exposure(
    tx: &mut Tx,
    days: (Option<Date>, Option<Date>),
    after: Option<(Date, String)>,
    limit: i64,
) -> Result<Vec<Exposure>> {
    store::exposure(tx, days, after, limit).await
}

/// Rates, spending and exposure of the past, as imports and the example company know them, without news of it.
pub mod past {
    use super::{
        Booking, CaseId, CustomerId, Exposure, Money, PersonId, Rates, Result, Spending, Timestamp, Tx,
        listen, store,
    };

    /// Add the rates before what they price.
    pub async fn rates(
        tx: &mut Tx,
        rates: &Rates,
        valid_from: Timestamp,
        person: Option<PersonId>,
        at: Timestamp,
    ) -> Result<i64> {
        store::insert_rates(tx, rates, valid_from, person, at).await
    }

    pub async fn time(
        tx: &mut Tx,
        case: CaseId,
        customer: CustomerId,
        at: Timestamp,
        seconds: i64,
    ) -> Result<()> {
        book(tx, case, customer, at, Spending::Time { seconds }).await
    }

    /// `kind` as goodwill calls it: "voucher", "discount" …
    pub async fn goodwill(
        tx: &mut Tx,
        case: CaseId,
        customer: CustomerId,
        at: Timestamp,
        kind: &str,
        sum: Money,
    ) -> Result<()> {
        book(tx, case, customer, at, listen::goodwill(kind, sum)).await
    }

    pub async fn refund(
        tx: &mut Tx,
        case: CaseId,
        customer: CustomerId,
        at: Timestamp,
        sum: Money,
    ) -> Result<()> {
        book(tx, case, customer, at, Spending::Refund { sum }).await
    }

    async fn book(
        tx: &mut Tx,
        case: CaseId,
        customer: CustomerId,
        at: Timestamp,
        spending: Spending,
    ) -> Result<()> {
        let booking = Booking { at, case, customer: Some(customer), spending, source: None };
        store::insert_entry(tx, &booking).await?;
        store::add_to_case(tx, &booking).await
    }

    pub async fn exposure(tx: &mut Tx, row: &Exposure, at: Timestamp) -> Result<()> {
        store::put_exposure(tx, row, None, at).await
    }
}
