//! The way back that pages offer: of what somebody did last, on whatever page they are by now.

use crate::cases::undo;
use crate::people;
use crate::platform::{Actor, Page, Result, Timestamp, Tx};

/// Does the page confirm that something was taken back? An offer of what was done before it, in its place, would look
/// as if nothing had been.
pub fn tells_of_taking_back(page: &Page) -> bool {
    ["case-withdrawn", "case-taken-back"].into_iter().any(|word| page.tells(word))
}

/// Offers to take back what the actor did last.
pub async fn offer_undo(page: &mut Page, tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<()> {
    if tells_of_taking_back(page) {
        return Ok(());
    }
    let Some(offer) = undo::newest(tx, actor, now).await? else { return Ok(()) };
    page.offer_undo(&offer.word, format!("/undos/{}", offer.id), offer.until);
    if let Some(owner) = offer.owner {
        let name = people::person(tx, owner).await?.name;
        let text = page.with("case-assigned-now", "name", name);
        if let Some(toast) = page.toast.as_mut() {
            toast.text = Some(text.to_string());
        }
    }
    Ok(())
}
