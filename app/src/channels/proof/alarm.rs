//! How the proof stands as a whole: for the banner on every page and for monitoring.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::ToSpan;

use super::{PAUSED, Proof, open_once, since};
use crate::channels::receipts;
use crate::platform::banners::Banner;
use crate::platform::{App, Result, Right, Timestamp, Tx};

/// Sources that were not proven for longer than this are an alarm: a day and what a proof takes.
const LONGEST: Duration = Duration::from_hours(26);
/// Days that count.
const DAYS: i64 = 30;

/// How the proof stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Differences that nobody settled.
    pub differences: i64,
    /// Sources that could not be looked at for more than 26 hours.
    pub unproven: i64,
    /// When the last proof was made; `None` before the first.
    pub last: Option<Timestamp>,
}

/// How the proof stands now.
pub async fn standing(app: &App, tx: &mut Tx) -> Result<Standing> {
    let today = receipts::day_of(app, app.now());
    let first = today.checked_sub(DAYS.days()).map_err(anyhow::Error::from)?;
    Ok(weigh(&since(tx, first).await?, app.now()))
}

fn weigh(proofs: &[Proof], now: Timestamp) -> Standing {
    let mut latest: BTreeMap<&str, &Proof> = BTreeMap::new();
    for proof in proofs {
        let known = latest.entry(&proof.source).or_insert(proof);
        if known.at < proof.at {
            *known = proof;
        }
    }
    let long_ago = now - LONGEST;
    let is_unproven = |proof: &&&Proof| {
        let wanted = proof.unproven.as_deref().is_some_and(|why| why != PAUSED);
        // A source that nobody looks at any more was removed.
        wanted && long_ago <= proof.at && proof.unproven_at.is_some_and(|at| at < long_ago)
    };
    let unproven = latest.values().filter(is_unproven).count();
    let last = proofs.iter().map(|proof| proof.at).max();
    let stalled = last.is_some_and(|last| last < long_ago);
    Standing {
        differences: i64::try_from(open_once(proofs).len()).unwrap_or(i64::MAX),
        unproven: i64::try_from(unproven).unwrap_or(i64::MAX) + i64::from(stalled),
        last,
    }
}

/// Puts the banner up or takes it down.
pub async fn look(app: &App) -> Result<()> {
    let standing = standing(app, &mut app.db.read().await?).await?;
    let (right, url, link_word) = (Right::ManageSettings, "/settings/proof", "settings-proof");
    let banner = |alarm, word, n| Banner { right, alarm, word, n, url, link_word };
    let banner = match (standing.differences, standing.unproven) {
        (0, 0) => None,
        (0, sources) => Some(banner(true, "proof-banner-unproven", sources)),
        (differences, _) => Some(banner(true, "proof-banner-differences", differences)),
    };
    app.banners().set("proof", banner);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn proof(source: &str, at: i64, unproven: Option<(&str, i64)>) -> Proof {
        let day = jiff::civil::date(2026, 11, 16);
        let (why, since) = unproven.unzip();
        Proof {
            unproven: why.map(str::to_owned),
            unproven_at: since.map(|hours| Timestamp(hours * HOUR)),
            ..Proof::of(day, source, Timestamp(at * HOUR))
        }
    }

    #[test]
    fn only_what_nobody_could_look_at_for_long_is_an_alarm() {
        let now = Timestamp(100 * HOUR);
        for (proofs, unproven) in [
            (vec![proof("a", 99, None)], 0),
            (vec![proof("a", 99, Some(("refused", 73)))], 1),
            (vec![proof("a", 99, Some(("refused", 75)))], 0),
            (vec![proof("a", 99, Some((PAUSED, 10)))], 0),
            (vec![proof("a", 90, Some(("refused", 10))), proof("a", 99, None)], 0),
            // The mailbox was removed, and others are proven.
            (vec![proof("a", 60, Some(("refused", 10))), proof("b", 99, None)], 0),
            // Nothing is proven any more.
            (vec![proof("a", 60, None)], 1),
            (vec![], 0),
        ] {
            assert_eq!(weigh(&proofs, now).unproven, unproven, "{proofs:?}");
        }
    }
}
