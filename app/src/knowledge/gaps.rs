//! What was looked for and not found: the words and how often, so that those who write articles know what is missing.
//!
//! Nobody's name is kept, neither of who searched nor, as far as words can tell, of whom they searched for: what looks
//! like a number or an address is not counted, words that somebody typed once are not shown, and all are forgotten.

use super::model::Gap;
use super::search;
use super::search::Wanted;
use super::store;
use crate::platform::{Actor, App, Result, Right, Timestamp, Tx};

/// Characters of what is counted: longer texts were pasted.
const LONGEST: usize = 60;
const SHORTEST: usize = 3;
/// Searches after which words are shown.
const SHOWN_AFTER: i64 = 2;
/// Words shown at once.
const MOST: i64 = 20;
/// Days after the last search until words are forgotten.
const KEPT_DAYS: i64 = 90;

/// Counts what somebody looked for, if there is no article about it.
pub async fn missed(app: &App, actor: &Actor, typed: &str) -> Result<()> {
    actor.may(Right::ReadKnowledge)?;
    let Some(words) = counted(typed) else { return Ok(()) };
    if !app.search().state().is_some_and(|state| state.complete) {
        return Ok(());
    }
    let wanted = Wanted { words: words.clone(), ..Wanted::default() };
    let found = search::find(app, actor, &wanted, 0, 1).await?;
    if found.is_none_or(|found| found.total != 0) {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    store::forget_gaps_before(&mut tx, app.now() - Timestamp::days(KEPT_DAYS)).await?;
    store::count_gap(&mut tx, &words, app.now()).await?;
    tx.commit().await
}

/// What was looked for in vain, most often first; for those who write articles.
pub async fn gaps(app: &App, tx: &mut Tx, actor: &Actor) -> Result<Vec<Gap>> {
    if !actor.can(Right::WriteKnowledge) {
        return Ok(Vec::new());
    }
    let mut gaps = store::gaps(tx, SHOWN_AFTER, MOST).await?;
    gaps.retain(|gap| app.now() - Timestamp::days(KEPT_DAYS) <= gap.last_at);
    Ok(gaps)
}

/// Counts words from the beginning: there is an article now, or none is needed.
pub async fn forget(app: &App, actor: &Actor, words: &str) -> Result<()> {
    actor.may(Right::WriteKnowledge)?;
    let mut tx = app.db.write().await?;
    store::forget_gap(&mut tx, words).await?;
    tx.commit().await
}

/// The words as they are counted; `None` for what could be somebody's number or address, or is no search.
fn counted(typed: &str) -> Option<String> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let personal = |c: char| c.is_ascii_digit() || matches!(c, '@' | ':' | '/' | '"');
    let length = words.chars().count();
    ((SHORTEST..=LONGEST).contains(&length) && !words.contains(personal)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn numbers_and_addresses_are_not_kept() {
        for (typed, kept) in [
            ("  Altgerät   mitnehmen ", Some("altgerät mitnehmen")),
            ("ingrid@example.org", None),
            ("26-10042", None),
            ("+43 664 123", None),
            ("kunde:sommerauer", None),
            ("ab", None),
            ("", None),
        ] {
            assert_eq!(counted(typed).as_deref(), kept, "{typed}");
        }
    }
}
