//! Counts over time: per week, and what is said more often than before.
//!
//! Deliberately absent: any claim of significance. Few cases vary by chance; the page says so.

use std::collections::HashMap;

use super::{Filter, Piece};
use crate::findings::Kind;
use crate::platform::{CaseId, InsightId, Timestamp};

/// Weeks before this one that it is compared with.
const WEEKS_BEFORE: i64 = 8;
/// Fewer cases in a week are not pointed out.
const FEWEST: i64 = 4;
/// So many times the usual number is pointed out.
const MORE: f64 = 1.5;

/// An insight that is said more often than before.
#[derive(Debug, Clone, PartialEq)]
pub struct Emerging {
    pub insight: InsightId,
    /// Cases of the last seven days.
    pub cases: i64,
    /// Cases of each of the nine weeks that end now, oldest first.
    pub weeks: Vec<i64>,
    /// This week over the mean of the weeks before; `None` if nobody said it then.
    pub times: Option<f64>,
}

/// What the last seven days hold at least half as often again as the eight weeks before, most cases first.
///
/// `filter`'s times are ignored: this is always about now.
pub fn emerging(pieces: &[Piece], filter: &Filter, now: Timestamp) -> Vec<Emerging> {
    // What happens at this very moment counts.
    let end = Timestamp(now.0 + 1);
    let begin = end - Timestamp::days(7 * (WEEKS_BEFORE + 1));
    let mut weeks: HashMap<InsightId, (Vec<i64>, Option<CaseId>)> = HashMap::new();
    let filter = filter.between(begin, end);
    for piece in filter.of(pieces).filter(|piece| is_trouble(piece)) {
        let Some(insight) = piece.insight else { continue };
        let (weeks, last) = weeks.entry(insight).or_insert_with(|| (vec![0; 9], None));
        if last.replace(piece.case) != Some(piece.case) {
            let week = usize::try_from((piece.at.0 - begin.0) / WEEK).unwrap_or(0).min(8);
            weeks[week] += 1;
        }
    }
    let mut emerging: Vec<Emerging> =
        weeks.into_iter().filter_map(|(insight, (weeks, _))| noticed(insight, weeks)).collect();
    emerging.sort_by_key(|one| (-one.cases, one.insight));
    emerging
}

const WEEK: i64 = 7 * 86_400 * 1_000_000;

fn is_trouble(piece: &Piece) -> bool {
    matches!(piece.kind, Kind::Cause | Kind::Unclear | Kind::Hindrance)
}

#[expect(clippy::cast_precision_loss, reason = "cases of a week")]
fn noticed(insight: InsightId, weeks: Vec<i64>) -> Option<Emerging> {
    let (cases, before) = weeks.split_last()?;
    let cases = *cases;
    let before: i64 = before.iter().sum();
    let times = (before != 0).then(|| cases as f64 * WEEKS_BEFORE as f64 / before as f64);
    let more = times.is_none_or(|times| MORE <= times);
    (FEWEST <= cases && more).then_some(Emerging { insight, cases, weeks, times })
}

/// Cases of `insight` in each of the `count` weeks that end at `end`, included, oldest first.
pub fn weekly(pieces: &[Piece], insight: InsightId, end: Timestamp, count: usize) -> Vec<i64> {
    let span = i64::try_from(count).unwrap_or(0) * WEEK;
    let mut weeks = vec![0; count];
    let mut last = None;
    for piece in pieces.iter().filter(|piece| piece.insight == Some(insight)) {
        let week = (piece.at.0 - 1 - (end.0 - span)).div_euclid(WEEK);
        let Some(week) = usize::try_from(week).ok().and_then(|week| weeks.get_mut(week)) else { continue };
        if last != Some(piece.case) {
            *week += 1;
            last = Some(piece.case);
        }
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_clearly_more_frequent_is_noticed() {
        for (this_week, each_before, times) in [
            (3, 0, None),
            (4, 0, Some(None)),
            (6, 4, Some(Some(1.5))),
            (5, 4, None),
            (15, 3, Some(Some(5.0))),
        ] {
            let mut weeks = vec![each_before; 8];
            weeks.push(this_week);
            let found = noticed(InsightId(1), weeks).map(|emerging| emerging.times);
            assert_eq!(found, times, "{this_week} after {each_before} a week");
        }
    }
}
