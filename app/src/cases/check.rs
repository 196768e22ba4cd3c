//! Are all attachments still there?

use futures::future::BoxFuture;

use super::store;
use crate::platform::check::{Check, Checked};
use crate::platform::{App, Result};

static ATTACHMENTS: Check = Check { name: "attachments", run };

pub static CHECKS: [&Check; 1] = [&ATTACHMENTS];

/// Names of blobs in memory at a time.
const PAGE: i64 = 1000;

fn run(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::of(app);
        let mut last = String::new();
        loop {
            let page = store::blobs_after(&mut app.db.read().await?, &last, PAGE).await?;
            let Some((end, _)) = page.last() else { return Ok(checked) };
            last.clone_from(end);
            for (blob, attachment) in page {
                let sound = app.blobs.is_sound(&blob).await;
                let fault =
                    || format!("the bytes of attachment {attachment} are missing or changed ({blob})");
                checked.saw((!sound).then(fault));
            }
        }
    })
}
