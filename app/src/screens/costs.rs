//! What cases cost in service, as the map wants it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::finance;
use crate::finance::Spent;
use crate::insights;
use crate::insights::map::{CasePrices, Prices};
use crate::platform::{App, CaseId, InsightId, Result, Timestamp, Tx, sql};

/// Class A (cash spent), in the book of the present rates.
pub const PRICES: Prices = Prices { load: of_cases, booked_by: Some(finance::LEDGER) };

/// Between two looks at what insights cost: conditions of lists may be so much behind the map.
const ROUND: Duration = Duration::from_mins(15);

/// What was spent on the cases of each insight, by the shares of their causes.
const SPENT: &str = "SELECT f.insight_id, k.rates_id, k.currency,
        CAST(SUM(f.share * k.active_seconds) AS bigint) AS seconds,
        CAST(SUM(f.share * k.goodwill_cents) AS bigint) AS goodwill,
        CAST(SUM(f.share * k.voucher_cents) AS bigint) AS vouchers,
        CAST(SUM(f.share * k.refund_cents) AS bigint) AS refunds
    FROM findings f JOIN finance_case_costs k ON k.case_id = f.case_id
    WHERE f.withdrawn_at IS NULL AND f.kind = 'cause' AND f.insight_id IS NOT NULL
    GROUP BY f.insight_id, k.rates_id, k.currency ORDER BY f.insight_id";

#[derive(sqlx::FromRow)]
struct SpentRow {
    insight_id: InsightId,
    #[sqlx(flatten)]
    spent: Spent,
}

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
    let spent: Vec<SpentRow> = sql(SPENT).all(&mut tx).await?;
    drop(tx);
    let mut costs = Vec::new();
    let standing: BTreeSet<InsightId> = spent.iter().map(|row| row.insight_id).collect();
    for rows in spent.chunk_by(|a, b| a.insight_id == b.insight_id) {
        let parts: Vec<Spent> = rows.iter().map(|row| row.spent).collect();
        costs.extend(prices.total(&parts).ok().map(|total| (rows[0].insight_id, total.cents)));
    }
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
