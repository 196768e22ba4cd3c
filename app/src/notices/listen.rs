//! Hears what happens, and keeps notices for those who are to know.

use futures::future::{BoxFuture, FutureExt};

use super::{store, whom};
use crate::journal::{Entry, Listener};
use crate::platform::{App, Result, Timestamp, Tx};

/// What is older is no news: after an import, or a stop of days, nobody wants a thousand lines.
const OLDEST: i64 = 2;

pub static LISTENER: Listener = Listener { name: "notices", wants: whom::wants, hear };

fn hear<'a>(app: &'a App, tx: &'a mut Tx, entry: &'a Entry) -> BoxFuture<'a, Result<()>> {
    notice(app, tx, entry).boxed()
}

async fn notice(app: &App, tx: &mut Tx, entry: &Entry) -> Result<()> {
    if entry.at < app.now() - Timestamp::days(OLDEST) {
        return Ok(());
    }
    if let Some(proposal) = whom::settled(&entry.fact) {
        for person in store::asked(tx, proposal).await? {
            store::mark(tx, person).await?;
        }
    }
    let told = whom::of(tx, entry).await?;
    for (person, news) in whom::who_may_know(tx, told).await? {
        if !whom::is_known(tx, person, &news).await? {
            super::tell(app, tx, person, &news).await?;
        }
    }
    Ok(())
}
