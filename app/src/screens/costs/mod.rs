//! What cases cost in service, as the map wants it, and what insights cost, as lists and rules want it.

mod spent;

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::finance;
use crate::finance::Spent;
use crate::insights;
use crate::insights::map::{CasePrices, Prices};
use crate::platform::{App, CaseId, InsightId, Result, Timestamp, Tx};

/// Class A (cash spent), in the book of the present rates.
pub const PRICES: Prices = Prices { load: of_cases, booked_by: Some(finance::LEDGER) };

/// Between two looks at what insights cost: conditions of lists may be so much behind the map.
const ROUND: Duration = Duration::from_mins(15);

/// Tells insights what they cost, which finance knows, for as long as the server runs.
pub fn weigher(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !stop.is_cancelled() {
            if let Err(error) = weigh(&app).await {
                tracing::error!(error = format!("{error:?}"), "cannot say what insights cost");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
    })
}

/// Prices all insights once; what cannot be priced keeps its figure.
pub async fn weigh(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let prices = finance::Prices::load(&mut tx, app.now()).await?;
    let spent = spent::on_insights(app, &mut tx).await?;
    drop(tx);
    let price = |(insight, parts): (&InsightId, &Vec<Spent>)| {
        prices.total(parts).ok().map(|total| (*insight, total.cents))
    };
    let costs: Vec<(InsightId, i64)> = spent.iter().filter_map(price).collect();
    let standing: BTreeSet<InsightId> = spent.keys().copied().collect();
    insights::costs::keep(app, &costs, &standing).await
}

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
