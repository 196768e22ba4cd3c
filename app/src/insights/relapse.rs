//! Hears of new findings: a fixed cause that customers meet again is open again.

use futures::future::BoxFuture;

use super::decide;
use crate::cases;
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{App, Result, Tx};

pub static RELAPSES: Listener = Listener { name: "insights-relapse", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(fact, Fact::FindingDocumented { .. })
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (Some(insight), Some(case)) = (entry.about.insight, entry.about.case) else { return Ok(()) };
        if matches!(entry.fact, Fact::FindingDocumented { .. }) {
            let opened = cases::case(tx, case).await?.created_at;
            decide::notice_relapse(app, tx, insight, opened).await?;
        }
        Ok(())
    })
}
