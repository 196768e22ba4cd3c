//! What makes somebody be looked for: cases that open, move, open again; and people who have room again.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::model::{Cause, Mode};
use super::{ask, ask_all, lock, store};
use crate::cases;
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{App, CaseId, QueueId, Result, Timestamp, Tx};

pub static LISTENER: Listener = Listener { name: "assignment", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::CaseOpened { .. }
            | Fact::CaseMoved { .. }
            | Fact::CaseReopened
            | Fact::CaseWoken
            | Fact::CaseRestored
            | Fact::CaseAssigned { .. }
            | Fact::CaseClosed
            | Fact::CaseSetWaiting { .. }
            | Fact::CaseBinned { .. }
    )
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    async move {
        let Some(case) = entry.about.case else { return Ok(()) };
        match entry.fact {
            Fact::CaseOpened { queue, .. } => look(app, tx, (case, queue), Cause::Opened, entry.at).await,
            Fact::CaseMoved { queue } => look(app, tx, (case, queue), Cause::Moved, entry.at).await,
            Fact::CaseReopened => {
                let queue = cases::case(tx, case).await?.queue;
                look(app, tx, (case, queue), Cause::Reopened, entry.at).await
            }
            Fact::CaseAssigned { to: Some(_), .. } => {
                store::forget(tx, case).await?;
                ask_all(app, tx).await
            }
            _ => ask_all(app, tx).await,
        }
    }
    .boxed()
}

/// Somebody is looked for, if the queue's cases find somebody by themselves.
async fn look(
    app: &App,
    tx: &mut Tx,
    (case, queue): (CaseId, QueueId),
    why: Cause,
    at: Timestamp,
) -> Result<()> {
    if store::mode(tx, queue).await? == Mode::Hand {
        // Only what moved here may have waited elsewhere.
        return if why == Cause::Moved { store::forget(tx, case).await } else { Ok(()) };
    }
    lock(tx).await?;
    store::wait(tx, case, queue, why, at).await?;
    ask(app, tx, queue).await
}
