//! Can everything that happened still be read, and was it heard?

use futures::future::BoxFuture;

use super::{Fact, store};
use crate::platform::check::{Check, Checked};
use crate::platform::{App, EntryId, Result};

pub static JOURNAL: Check = Check { name: "journal", run };

const PAGE: i64 = 2000;

fn run(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::of(app);
        let mut tx = app.db.read().await?;
        for (listener, entry) in store::parked(&mut tx).await? {
            checked.saw(Some(format!("{listener} could not take up journal entry {entry}: it was parked")));
        }
        drop(tx);
        let mut last = EntryId(0);
        loop {
            let page = store::facts_after(&mut app.db.read().await?, last, PAGE).await?;
            let Some((end, _)) = page.last() else { return Ok(checked) };
            last = *end;
            for (id, fact) in page {
                let read = serde_json::from_str::<Fact>(&fact);
                checked.saw(read.err().map(|error| format!("journal entry {id} cannot be read: {error}")));
            }
        }
    })
}
