//! The tiles beside the map: newly noticed, wishes, competitors, praise, mended.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::Counted;
use super::house::House;
use super::voices::{self, Reader, Voice};
use crate::insights::map::{Counts, Emerging, Filter, Tally, Wanted, quotes};
use crate::insights::tell;
use crate::insights::{Insight, InsightState, Kind};
use crate::platform::{InsightId, Page, Result, Timestamp, Tx};
use crate::screens::chart::{self, Svg};

/// An insight that is said more often than before.
#[derive(Serialize, ToSchema)]
pub struct EmergingJson {
    pub insight: InsightId,
    pub title: String,
    pub department: String,
    /// Cases of the last seven days.
    pub cases: i64,
    /// This week over the mean of the eight weeks before; null if nobody said it then.
    pub times: Option<f64>,
    /// Cases of each of the last nine weeks, oldest first.
    pub weeks: Vec<i64>,
    pub quote: Option<String>,
    #[serde(skip)]
    pub shown_times: String,
    #[serde(skip)]
    pub spark: Svg,
}

/// More at once is a day on which everything is new.
const MOST_EMERGING: usize = 30;

/// The rest is folded, and its words are on its own page.
pub const UNFOLDED: usize = 4;

pub async fn emerging(
    tx: &mut Tx,
    reader: &Reader,
    page: &Page,
    house: &House,
    found: &[Emerging],
) -> Result<Vec<EmergingJson>> {
    let said = newest(tx, reader, found.iter().take(UNFOLDED).map(|one| one.insight)).await?;
    let mut shown = Vec::new();
    for one in found.iter().take(MOST_EMERGING) {
        let Some(insight) = house.insights.get(&one.insight) else { continue };
        let times = one.times.map(|times| {
            if times < 10.0 { format!("×{}", page.decimal(times)) } else { format!("×{times:.0}") }
        });
        shown.push(EmergingJson {
            insight: one.insight,
            title: insight.title.clone(),
            department: house.department(page, insight.department),
            cases: one.cases,
            times: one.times,
            weeks: one.weeks.clone(),
            quote: said.get(&one.insight).cloned(),
            shown_times: times.unwrap_or_else(|| page.t("hub-times-new").into_owned()),
            spark: chart::spark(&one.weeks, "bad"),
        });
    }
    Ok(shown)
}

/// What was said last about these insights, at any time.
async fn newest(
    tx: &mut Tx,
    reader: &Reader,
    insights: impl Iterator<Item = InsightId>,
) -> Result<HashMap<InsightId, String>> {
    let mut found = Vec::new();
    for insight in insights {
        let wanted = Wanted { insight: Some(insight), filter: always(), ..Wanted::default() };
        found.extend(quotes(tx, &wanted, 1).await?);
    }
    let voices = voices::shown(tx, reader, &found).await?;
    Ok(voices.into_iter().filter_map(|voice| Some((voice.insight?, voice.quote))).collect())
}

fn always() -> Filter {
    Filter { to: Timestamp(i64::MAX), ..Filter::default() }
}

#[derive(Serialize, ToSchema)]
pub struct WishJson {
    pub insight: InsightId,
    pub title: String,
    pub state: InsightState,
    /// In the period.
    pub cases: i64,
    /// What becomes of it, in words.
    pub note: String,
    /// Of the most frequent one, in percent.
    #[serde(skip)]
    pub part: i64,
}

/// Wishes of the period, the most frequent first.
pub fn wishes(page: &Page, house: &House, tallies: &HashMap<InsightId, Tally>) -> Vec<WishJson> {
    let mut wishes: Vec<(&Insight, i64)> = tallies
        .iter()
        .filter_map(|(id, tally)| Some((house.insights.get(id)?, tally.cases)))
        .filter(|(insight, _)| insight.kind == Kind::Wish)
        .collect();
    wishes.sort_by_key(|(insight, cases)| (-cases, insight.id));
    let most = wishes.first().map_or(1, |(_, cases)| *cases).max(1);
    let json = |(insight, cases): (&Insight, i64)| WishJson {
        insight: insight.id,
        title: insight.title.clone(),
        state: insight.state,
        cases,
        note: wish_note(page, house, insight),
        part: cases * 100 / most,
    };
    wishes.into_iter().map(json).collect()
}

/// "Logistik plant", "neu", "abgelehnt"
fn wish_note(page: &Page, house: &House, insight: &Insight) -> String {
    let department = house.department(page, insight.department);
    page.with(&format!("hub-wish-{}", insight.state), "department", department).into_owned()
}

#[derive(Serialize, ToSchema)]
pub struct RivalJson {
    pub competitor: String,
    /// Cases of the period.
    pub cases: i64,
    pub insight: InsightId,
    pub quote: Option<String>,
}

/// What competitors do, by their mentions in the period.
pub async fn competitors(
    tx: &mut Tx,
    reader: &Reader,
    house: &House,
    tallies: &HashMap<InsightId, Tally>,
) -> Result<Vec<RivalJson>> {
    let mut rivals: BTreeMap<&str, (i64, i64, InsightId)> = BTreeMap::new();
    for (id, tally) in tallies {
        let Some(insight) = house.insights.get(id).filter(|insight| insight.kind == Kind::Competitor) else {
            continue;
        };
        let name = insight.competitor.as_deref().unwrap_or(&insight.title);
        let entry = rivals.entry(name).or_insert((0, 0, *id));
        entry.0 += tally.cases;
        // The quote comes from what is said most.
        if (entry.1, entry.2) < (tally.cases, *id) {
            (entry.1, entry.2) = (tally.cases, *id);
        }
    }
    let mut by_size: Vec<_> = rivals.into_iter().map(|(name, (cases, _, id))| (-cases, name, id)).collect();
    by_size.sort_unstable();
    by_size.truncate(3);
    let said = newest(tx, reader, by_size.iter().map(|(_, _, insight)| *insight)).await?;
    let json = |(cases, name, insight): (i64, &str, InsightId)| RivalJson {
        competitor: name.to_owned(),
        cases: -cases,
        insight,
        quote: said.get(&insight).cloned(),
    };
    Ok(by_size.into_iter().map(json).collect())
}

/// Cases in which something was said that is no cause.
#[derive(Default, Serialize, ToSchema)]
pub struct Said {
    pub wishes: i64,
    pub competitors: i64,
    pub praise: i64,
}

impl Said {
    pub fn new(counts: &Counts) -> Self {
        Self {
            wishes: counts.of_kind(Kind::Wish),
            competitors: counts.of_kind(Kind::Competitor),
            praise: counts.of_kind(Kind::Praise),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct PraiseJson {
    pub quote: String,
    pub insight: Option<InsightId>,
    pub about: Option<String>,
}

/// The newest praise of the period.
pub async fn praise(tx: &mut Tx, reader: &Reader, house: &House, filter: &Filter) -> Result<Vec<PraiseJson>> {
    let wanted = Wanted { kind: Some(Kind::Praise), filter: filter.clone(), ..Wanted::default() };
    let voices = voices::voices(tx, reader, &wanted, 3).await?;
    let json = |voice: Voice| PraiseJson {
        about: voice.insight.and_then(|id| house.insights.get(&id)).map(|insight| insight.title.clone()),
        insight: voice.insight,
        quote: voice.quote,
    };
    Ok(voices.into_iter().map(json).collect())
}

#[derive(Serialize, ToSchema)]
pub struct MendedJson {
    pub insight: InsightId,
    pub title: String,
    pub department: String,
    pub since: Option<Timestamp>,
    /// Customers who said it and know that it is fixed.
    pub told: i64,
    pub untold: i64,
}

/// What was fixed last by the end of the period, of what the filters hold. Its effect is not measured yet, and the
/// page says so.
pub async fn mended(tx: &mut Tx, page: &Page, house: &House, counted: &Counted) -> Result<Vec<MendedJson>> {
    let holds = |insight: &&Insight| {
        insight.is_mended()
            && insight.decided_at.is_none_or(|at| at < counted.filter.to)
            && counted.said.as_ref().is_none_or(|said| said.contains(&insight.id))
    };
    let mut fixed: Vec<&Insight> = house.insights.values().filter(holds).collect();
    fixed.sort_by_key(|insight| (std::cmp::Reverse(insight.decided_at), insight.id));
    let mut shown = Vec::new();
    for insight in fixed.into_iter().take(3) {
        let (told, untold) = tell::told(tx, insight.id).await?;
        shown.push(MendedJson {
            insight: insight.id,
            title: insight.title.clone(),
            department: house.department(page, insight.department),
            since: insight.decided_at,
            told,
            untold,
        });
    }
    Ok(shown)
}
