//! Is in the index what should be in it, and nothing else? Reads beside a running server; changes nothing.
//!
//! An index that is missing, unfinished or of another house is no fault: the next start builds it. Deliberately
//! absent: comparing the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::SearchSource;
use super::feed::{blocking, house};
use super::index::Index;
use crate::journal;
use crate::journal::Cursor;
use crate::platform::check::Checked;
use crate::platform::{App, Result};

/// Documents looked up at a time.
const PAGE: i64 = 1000;
/// Entries of the journal read at a time.
const ENTRIES: i64 = 2000;
/// What changed just now is in the index by then.
const MEANWHILE: Duration = Duration::from_secs(3);

/// Compares the index of this node with the stores, both ways.
pub async fn check(app: &App, sources: &[&'static SearchSource]) -> Result<Checked> {
    let first = look(app, sources).await?;
    if first.is_sound() {
        return Ok(first);
    }
    tokio::time::sleep(MEANWHILE).await;
    look(app, sources).await
}

async fn look(app: &App, sources: &[&'static SearchSource]) -> Result<Checked> {
    let mut checked = Checked::of(app);
    let folder = Index::folder(&app.settings().data);
    let shown = folder.display().to_string();
    let Some((mark, keys)) = blocking(move || Index::keys(&folder)).await? else { return Ok(checked) };
    if !mark.is_of(&house(app)) {
        return Ok(checked);
    }
    let mut wrong = BTreeMap::new();
    for source in sources {
        let found = compare(app, source, keys.get(source.kind), &mut checked).await?;
        wrong.insert(source.kind, found);
    }
    // Asked last: whatever changed since the index was read is among it.
    let unheard = unheard(app, sources, mark.cursor()).await?;
    for (kind, (missing, left)) in wrong {
        let heard = |id: &&i64| !unheard.contains(&(kind, **id));
        for id in missing.iter().filter(heard) {
            checked.saw(Some(format!("{kind} {id} is not in the search index")));
        }
        for id in left.iter().filter(heard) {
            checked.saw(Some(format!("{kind} {id} is in the search index and not in the database")));
        }
    }
    if !checked.is_sound() {
        checked.todo =
            Some(format!("stop the server and remove {shown}: the next start builds the index anew"));
    }
    Ok(checked)
}

/// Ids that are missing in the index, and those that are only there.
type Wrong = (Vec<i64>, Vec<i64>);

async fn compare(
    app: &App,
    source: &SearchSource,
    indexed: Option<&BTreeSet<i64>>,
    checked: &mut Checked,
) -> Result<Wrong> {
    let mut only = indexed.cloned().unwrap_or_default();
    let mut missing = Vec::new();
    let mut below = i64::MAX;
    loop {
        let mut tx = app.db.read().await?;
        let ids = (source.page)(&mut tx, below, PAGE).await?;
        let Some(last) = ids.last() else { break };
        below = *last;
        let absent: Vec<i64> = ids.iter().copied().filter(|id| !only.remove(id)).collect();
        (absent.len()..ids.len()).for_each(|_| checked.saw(None));
        if !absent.is_empty() {
            // Not all that there is can be found.
            let wanted = (source.load)(&mut tx, &absent).await?;
            missing.extend(wanted.into_iter().map(|document| document.id));
        }
    }
    Ok((missing, only.into_iter().collect()))
}

/// What entries after `cursor` changed: the index hears of it later.
async fn unheard(
    app: &App,
    sources: &[&'static SearchSource],
    mut cursor: Cursor,
) -> Result<BTreeSet<(&'static str, i64)>> {
    let mut unheard = BTreeSet::new();
    loop {
        let mut tx = app.db.read().await?;
        let entries = journal::after(&mut tx, cursor, ENTRIES).await?;
        let Some(last) = entries.last() else { return Ok(unheard) };
        cursor = last.cursor();
        for entry in &entries {
            for source in sources {
                let ids = (source.changed)(&mut tx, entry).await?;
                unheard.extend(ids.into_iter().map(|id| (source.kind, id)));
            }
        }
    }
}
