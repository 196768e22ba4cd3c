//! What was just given or entered is taken back by an opposite entry, as every mistake is.

use futures::future::BoxFuture;
use serde_json::Value;

use super::model::{Grant, Payment};
use super::reverse_in;
use crate::cases::undo::{self, Inverse, Undoer};
use crate::platform::{Actor, App, CaseId, Error, Result, Right, Tx};

const NAME: &str = "goodwill";

pub static UNDOERS: [Undoer; 1] =
    [Undoer { name: NAME, right: Right::GrantGoodwill, page: |_| "/cases".to_owned(), take_back }];

/// Offers to take back what was just given.
pub(super) async fn offer(app: &App, tx: &mut Tx, actor: &Actor, grant: &Grant, id: i64) -> Result<()> {
    let word = match grant.payment {
        Payment::Goodwill(_) => "goodwill-given",
        Payment::Due => "goodwill-entered",
    };
    let inverse = Inverse::elsewhere(NAME, &(grant.case, id))?;
    undo::offer(app, tx, actor, grant.case, word, &inverse).await
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (case, grant): (CaseId, i64) = serde_json::from_value(what)?;
        match reverse_in(app, tx, actor, case, grant).await {
            Err(Error::Stale | Error::NotFound) => Err(undo::late()),
            reversed => reversed.map(drop),
        }
    })
}
