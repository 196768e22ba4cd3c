//! What cases cost in service, as the map wants it.

use futures::future::BoxFuture;

use crate::finance;
use crate::finance::Spent;
use crate::insights::map::{CasePrices, Prices};
use crate::platform::{CaseId, Result, Timestamp, Tx};

/// Class A (cash spent), in the book of the present rates.
pub const PRICES: Prices = Prices { load: of_cases, booked_by: Some(finance::LEDGER) };

fn of_cases<'a>(
    tx: &'a mut Tx,
    cases: Option<&'a [CaseId]>,
    now: Timestamp,
) -> BoxFuture<'a, Result<CasePrices>> {
    Box::pin(async move {
        let prices = finance::Prices::load(tx, now).await?;
        let spent = finance::spent(tx, cases).await?;
        let mut found = CasePrices { others: prices.total(&[]).ok(), ..CasePrices::default() };
        for case in spent.chunk_by(|a, b| a.0 == b.0) {
            let parts: Vec<Spent> = case.iter().map(|(_, spent)| *spent).collect();
            found.of.insert(case[0].0, prices.total(&parts).ok());
        }
        Ok(found)
    })
}
