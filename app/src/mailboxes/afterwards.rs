//! What happens on the server to mails that Kitt has: only after they are durable, and again after a crash.

use super::fault::Fault;
use super::imap::Session;
use super::model::{Afterwards, Mailbox};
use super::store;
use super::store::mails::Place;
use crate::platform::{App, Result};

/// Mails in one command.
const TOGETHER: i64 = 200;

/// Moves or deletes what is still pending in the open folder. Mails that somebody else moved do not matter.
pub async fn settle(app: &App, session: &mut Session, mailbox: &Mailbox, place: Place) -> Result<(), Fault> {
    loop {
        let pending = store::mails::pending(&mut app.db.read().await?, place, TOGETHER).await?;
        let uids: Vec<u32> = pending.into_iter().filter_map(|uid| u32::try_from(uid).ok()).collect();
        if uids.is_empty() {
            return Ok(());
        }
        match mailbox.afterwards {
            // It was set otherwise when they were fetched.
            Afterwards::Keep => {}
            Afterwards::Move => session.move_to(&uids, &mailbox.move_to).await?,
            Afterwards::Delete => session.delete(&uids).await?,
        }
        let mut tx = app.db.write().await?;
        store::mails::settle(&mut tx, place, &uids).await?;
        tx.commit().await?;
    }
}
