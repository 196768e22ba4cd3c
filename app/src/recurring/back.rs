//! What was done with a template is taken back, as long as it is as that left it.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::record;
use super::store::{self, Kept};
use crate::cases::undo::{self, Inverse, Undoer};
use crate::platform::{Actor, App, Error, Result, Right, Tx, dialect};

const NAME: &str = "recurring";

pub static UNDOERS: [Undoer; 1] =
    [Undoer { name: NAME, right: Right::WorkCases, page: |_| "/recurring".to_owned(), take_back }];

/// What was done with a template.
#[derive(Serialize, Deserialize)]
struct Done {
    recurring: i64,
    /// How it was; `None`: there was none.
    was: Option<Kept>,
    /// The version it was left with; `None`: it was removed.
    left: Option<i64>,
}

/// Offers to take back what was just done with a template that was like this before.
pub(super) async fn offer(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    word: &'static str,
    (recurring, was): (i64, Option<Kept>),
) -> Result<()> {
    let left = store::kept(tx, recurring).await?.map(|kept| kept.version);
    let inverse = Inverse::elsewhere(NAME, &Done { recurring, was, left })?;
    undo::offer_of_house(app, tx, actor, word, &inverse).await
}

fn take_back<'a>(app: &'a App, tx: &'a mut Tx, actor: &'a Actor, what: Value) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Done { recurring, was, left } = serde_json::from_value(what)?;
        dialect::lock(tx, "recurring", recurring).await?;
        let is = store::kept(tx, recurring).await?;
        if is.as_ref().map(|is| is.version) != left {
            return Err(undo::late());
        }
        if [&was, &is].into_iter().flatten().any(|kept| actor.sight.hidden.contains(&kept.queue)) {
            return Err(Error::NotFound);
        }
        match was {
            Some(was) if is.is_some() => store::put_back(tx, &was).await?,
            Some(was) => store::bring_back(tx, &was).await?,
            None => store::delete(tx, recurring).await?,
        }
        record(app, tx, actor, recurring)
    })
}
