//! Are all mails still what they were when they were acknowledged?

use futures::future::BoxFuture;

use super::raw;
use super::store;
use crate::platform::check::{Check, Checked};
use crate::platform::{App, ReceivedId, Result};

pub static RAW_MAILS: Check = Check { name: "raw mails", run };

/// Mails in memory at a time.
const PAGE: i64 = 200;

fn run(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::of(app);
        let mut last = ReceivedId(0);
        loop {
            let page = store::kept_after(&mut app.db.read().await?, last, PAGE).await?;
            let Some(end) = page.last() else { return Ok(checked) };
            last = end.id;
            for mail in page {
                let id = mail.id;
                let fault = match raw::load(app, mail.raw, mail.blob.as_deref()).await {
                    Ok(bytes) if blake3::hash(&bytes).to_hex().as_str() == mail.hash => None,
                    Ok(_) => Some(format!("the bytes of received mail {id} are not those that arrived")),
                    Err(_) => Some(format!("the bytes of received mail {id} cannot be read")),
                };
                checked.saw(fault);
            }
        }
    })
}
