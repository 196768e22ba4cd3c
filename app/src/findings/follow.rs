//! Findings go along when their case is merged into another one, and come back when the two are taken apart.
//!
//! Where both cases are documented each keeps what was said about it: two people looked, and both are evidence.

use futures::future::BoxFuture;

use super::store;
use crate::journal;
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{Actor, App, CaseId, Result, Tx};

pub static LISTENERS: [&Listener; 1] = [&Listener { name: "findings.follow", wants, hear }];

const fn wants(fact: &Fact) -> bool {
    matches!(fact, Fact::CasesJoined { .. } | Fact::CasesParted { .. })
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        match entry.fact {
            // Recorded about both cases, heard once.
            Fact::CasesJoined { from, into } if entry.about.case == Some(from) => {
                let documented =
                    !store::of_case(tx, into).await?.is_empty() || store::is_unknown(tx, into).await?;
                if documented {
                    return Ok(());
                }
                store::move_findings(tx, from, into).await?;
                shown(app, tx, from, into).await
            }
            Fact::CasesParted { from, into } if entry.about.case == Some(from) => {
                store::return_findings(tx, from, into).await?;
                shown(app, tx, into, from).await
            }
            _ => Ok(()),
        }
    })
}

/// Both cases show what they have now, and the map of causes hears of it.
async fn shown(app: &App, tx: &mut Tx, left: CaseId, holds: CaseId) -> Result<()> {
    let moved = store::of_case(tx, holds).await?;
    if moved.is_empty() {
        return Ok(());
    }
    super::show(tx, left).await?;
    super::show(tx, holds).await?;
    for finding in moved {
        let fact = Fact::FindingRevised { finding: finding.id, share: finding.share };
        for case in [left, holds] {
            let about = super::about(case, finding.insight).of(finding.customer);
            journal::record(app, tx, &Actor::kitt("findings"), about, fact.clone())?;
        }
    }
    Ok(())
}
