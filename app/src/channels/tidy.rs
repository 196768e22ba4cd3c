//! Forgets what no rule asks for any more, every hour: counted automatic mails, and delays of addresses.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::store;
use crate::customers;
use crate::platform::{App, Result};

/// Longer than any window of the caps, and longer than a mail is tried.
const KEPT: Duration = Duration::from_hours(7 * 24);
const EVERY: Duration = Duration::from_hours(1);

/// Runs as long as the server.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            if let Err(error) = tidy(&app).await {
                tracing::warn!(error = format!("{error:?}"), "cannot tidy up");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    })
}

/// Forgets what is older than a week.
pub async fn tidy(app: &App) -> Result<()> {
    let before = app.now() - KEPT;
    let mut tx = app.db.write().await?;
    store::forget_automatic(&mut tx, before).await?;
    customers::forget_delays(&mut tx, before).await?;
    tx.commit().await
}
