//! Hears of mail that did not arrive: who could not be reached does not count as told, and is on the next list,
//! unless a person sends it all the same.

use futures::future::BoxFuture;

use super::store;
use crate::journal::{Entry, Fact, Listener};
use crate::platform::{App, Result, Tx};

pub static UNDELIVERED: Listener = Listener { name: "insights-undelivered", wants, hear };

const fn wants(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ContactFailed { .. } | Fact::ContactSuppressed { .. } | Fact::SuppressionLifted { .. }
    )
}

fn hear<'a>(_: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        match entry.fact {
            Fact::ContactFailed { contact, permanent: true } | Fact::ContactSuppressed { contact, .. } => {
                store::set_undelivered(tx, contact).await
            }
            Fact::SuppressionLifted { contact } => store::set_delivered(tx, contact).await,
            _ => Ok(()),
        }
    })
}
