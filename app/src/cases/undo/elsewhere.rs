//! What other slices do can be taken back, too. They know how, and declare it in their `Slice`: this one may not use
//! them.

use futures::future::BoxFuture;
use serde_json::Value;

use super::Inverse;
use crate::platform::{Actor, App, Error, Result, Right, Tx};

/// How a slice takes back what was done there.
pub struct Undoer {
    /// What its ways back are kept under, see [`Inverse::elsewhere`].
    pub name: &'static str,
    pub right: Right,
    /// Where pages go on if it is about no case.
    pub page: fn(&Value) -> String,
    pub take_back: TakeBack,
}

/// Takes back what was kept; it says [`late`](super::late) once that is no longer as it was left.
pub type TakeBack = for<'a> fn(&'a App, &'a mut Tx, &'a Actor, Value) -> BoxFuture<'a, Result<()>>;

/// # Errors
///
/// [`Error::NotFound`] if no slice has this name any more.
pub(super) fn undoer(name: &str) -> Result<&'static Undoer> {
    let mut all = crate::SLICES.iter().flat_map(|slice| slice.undoers);
    all.find(|undoer| undoer.name == name).ok_or(Error::NotFound)
}

/// Takes back what is about no case; the page that shows it.
pub(super) async fn take_back(app: &App, tx: &mut Tx, actor: &Actor, inverse: Inverse) -> Result<String> {
    let Inverse::Elsewhere { of, what } = inverse else { return Err(Error::NotFound) };
    let undoer = undoer(&of)?;
    let page = (undoer.page)(&what);
    (undoer.take_back)(app, tx, actor, what).await?;
    Ok(page)
}
