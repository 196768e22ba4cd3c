//! What was done with a link is taken back, as long as it is as that left it.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FileLink;
use crate::cases;
use crate::cases::undo::{self, Inverse, Undoer};
use crate::channels::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Timestamp, Tx, dialect};

const NAME: &str = "file_links";

pub static UNDOERS: [Undoer; 1] =
    [Undoer { name: NAME, right: Right::WorkCases, page: |_| "/cases".to_owned(), take_back }];

/// Until when a link is valid, and since when it is not any more.
type Valid = (Timestamp, Option<Timestamp>);

#[derive(Serialize, Deserialize)]
struct Done {
    attachment: i64,
    was: Valid,
    is: Valid,
}

const fn valid(link: &FileLink) -> Valid {
    (link.until, link.withdrawn_at)
}

/// Offers to take back what was just done with a link.
pub(super) async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (case, word): (CaseId, &'static str),
    (was, is): (&FileLink, &FileLink),
) -> Result<()> {
    let done = Done { attachment: is.attachment, was: valid(was), is: valid(is) };
    undo::offer(app, tx, actor, case, word, &Inverse::elsewhere(NAME, &done)?).await
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Done { attachment, was, is } = serde_json::from_value(what)?;
        dialect::lock(tx, "file-link", attachment).await?;
        let mut link = store::link(tx, attachment).await?.ok_or(Error::NotFound)?;
        if valid(&link) != is {
            return Err(undo::late());
        }
        (link.until, link.withdrawn_at) = was;
        store::set_link(tx, &link).await?;
        let (contact, until) = (link.contact, link.until);
        let fact = match link.withdrawn_at {
            Some(_) => Fact::FileLinkWithdrawn { contact, attachment },
            None => Fact::FileLinkExtended { contact, attachment, until },
        };
        let row = cases::contact(tx, contact).await?;
        journal::record(app, tx, actor, About::case(row.case).of(row.customer), fact)
    })
}
