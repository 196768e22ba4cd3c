//! A case's conversation as a page shows it: of long messages of customers the beginning.
//!
//! Two hundred mails of a hundred kilobytes would be a page of many megabytes that nobody reads. The newest messages
//! are shown at length, and any other when somebody asks for it.

use super::model::{Contact, Direction};
use super::store;
use crate::platform::{CaseId, ContactId, Result, Timestamp, Tx};

/// All that was said in a case, when it was read already.
pub(super) const WHOLE_CASE: &str = "all contacts";
/// Characters of an earlier message: a page of a letter.
const GLIMPSE: i64 = 1_500;
/// Characters of the newest ones.
const AT_LENGTH: i64 = 20_000;
/// Characters of one that somebody wants whole; no longer text is kept.
const WHOLE: i64 = 1_000_000;
/// How many are shown at length.
const NEWEST: usize = 3;

/// A part of a conversation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part {
    /// Only what is older than this contact.
    pub before: Option<(Timestamp, ContactId)>,
    /// Whose texts are wanted whole.
    pub whole: Option<ContactId>,
}

/// The last `limit` contacts of a part, oldest first, and which of them go on longer than is told here.
pub async fn conversation(tx: &mut Tx, case: CaseId, part: Part, limit: i64) -> Result<Vec<(Contact, bool)>> {
    let contacts = store::glimpses(tx, case, part.before, limit, GLIMPSE + 1).await?;
    let all = part.before.is_none() && i64::try_from(contacts.len()).is_ok_and(|found| found < limit);
    if all && !contacts.iter().any(|contact| goes_on(contact, GLIMPSE)) {
        tx.know(WHOLE_CASE, case.0, contacts.clone());
    }
    let newest = contacts.len().saturating_sub(if part.before.is_none() { NEWEST } else { 0 });
    let mut shown = Vec::with_capacity(contacts.len());
    for (at, mut contact) in contacts.into_iter().enumerate() {
        let longest = match (part.whole == Some(contact.id), newest <= at) {
            (true, _) => WHOLE,
            (false, true) => AT_LENGTH,
            (false, false) => GLIMPSE,
        };
        if longest != GLIMPSE && goes_on(&contact, GLIMPSE) {
            (contact.text, contact.quoted) = store::beginning(tx, contact.id, longest + 1).await?;
        }
        let cut = goes_on(&contact, longest);
        if cut {
            contact.text = beginning(&contact.text, longest);
            contact.quoted = contact.quoted.map(|quoted| beginning(&quoted, longest));
        }
        shown.push((contact, cut));
    }
    Ok(shown)
}

/// Is there more of a text of a customer than `longest` characters?
fn goes_on(contact: &Contact, longest: i64) -> bool {
    let Ok(longest) = usize::try_from(longest) else { return false };
    let mut texts = [Some(&contact.text), contact.quoted.as_ref()].into_iter().flatten();
    contact.direction == Direction::Inbound
        && texts.any(|text| longest < text.len() && text.chars().nth(longest).is_some())
}

fn beginning(text: &str, longest: i64) -> String {
    text.chars().take(usize::try_from(longest).unwrap_or(usize::MAX)).collect()
}
