//! What happened to cases becomes work for the rules that wait for it.
//!
//! Hearing only notes it, in the transaction that moves the cursor: so nothing is forgotten and nothing heard twice,
//! and a rule that fails keeps no other from working.

use futures::future::BoxFuture;

use super::kept;
use super::model::Event;
use super::run::{ANSWER, Happened};
use crate::journal;
use crate::journal::{Entry, Fact};
use crate::platform::{App, Result, Tx, jobs};

pub static LISTENERS: [&journal::Listener; 1] = [&journal::Listener { name: "rules", wants, hear }];

const fn wants(fact: &Fact) -> bool {
    Event::of(fact).is_some()
}

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (Some(case), Some(event)) = (entry.about.case, Event::of(&entry.fact)) else { return Ok(()) };
        let waits = kept::triggers(app, tx).await?.iter().any(|rule| rule.may_answer(event, entry.at));
        if !waits {
            return Ok(());
        }
        let happened = Happened { entry: entry.id, case, event, at: entry.at, cause: entry.cause };
        jobs::enqueue(tx, ANSWER.name, &happened, app.now()).await?;
        Ok(())
    })
}
