//! What was spent on the cases of each insight, by the shares of their causes, in the memory of this node.
//!
//! Summing a million findings every quarter of an hour would be work for nothing, since hardly any of them changes. So sums
//! are kept by insight and stretch of time, and only those are read again in which something happened since. It is never
//! the truth: it can be dropped at any moment, and once a day all of it is read anew.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::finance::Spent;
use crate::journal;
use crate::journal::{Cursor, Fact};
use crate::platform::{App, CaseId, FindingId, InsightId, Result, Timestamp, Tx, sql};

/// Microseconds of a stretch: thirty days. The statements below have the same number.
const STRETCH: i64 = 2_592_000_000_000;
/// After more news of a kind than this, all is read again.
const NEWS: i64 = 10_000;
/// So many entries of the journal are read at once, and rows asked about.
const PAGE: i64 = 1_000;
const DAY: Duration = Timestamp::days(1);

/// One per node; [`on_insights`] reads it.
#[derive(Default)]
struct Sums(Mutex<State>);

#[derive(Default)]
struct State {
    /// When all of it was read; `None` before it ever was.
    read_at: Option<Timestamp>,
    seen: Seen,
    spent: BTreeMap<Place, Vec<Spent>>,
}

/// An insight in a stretch of time.
type Place = (InsightId, i64);

/// Up to where the news are in the sums.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Findings change with a fact.
    cursor: Cursor,
    /// The newest finding: those of imports have none.
    finding: i64,
    /// The newest entry of the ledger: whatever was spent is there.
    entry: i64,
    /// The newest rates: with them all may have been booked anew.
    rates: i64,
}

impl Default for Seen {
    fn default() -> Self {
        Self { cursor: Cursor::START, finding: 0, entry: 0, rates: 0 }
    }
}

/// What was spent on each insight up to now; insights without any case that cost something are missing.
pub async fn on_insights(app: &App, tx: &mut Tx) -> Result<BTreeMap<InsightId, Vec<Spent>>> {
    let sums = app.part::<Sums>();
    let mut state = sums.0.lock().await;
    match news(tx, &state, app.now()).await? {
        Some((seen, places)) => {
            for place in places {
                state.take_up(place, of_place(tx, place).await?);
            }
            state.seen = seen;
        }
        None => *state = State::read(tx, app.now()).await?,
    }
    Ok(state.by_insight())
}

impl State {
    async fn read(tx: &mut Tx, now: Timestamp) -> Result<Self> {
        // The ends come first: what is written meanwhile is then read twice, not never.
        let seen = Seen {
            cursor: journal::settled(tx).await?,
            finding: newest(tx, "findings").await?,
            entry: newest(tx, "finance_ledger").await?,
            rates: newest(tx, "finance_rates").await?,
        };
        let mut spent: BTreeMap<Place, Vec<Spent>> = BTreeMap::new();
        for row in everything(tx).await? {
            spent.entry((row.insight_id, row.stretch)).or_default().push(row.spent);
        }
        Ok(Self { read_at: Some(now), seen, spent })
    }

    fn take_up(&mut self, place: Place, spent: Vec<Spent>) {
        if spent.is_empty() {
            self.spent.remove(&place);
        } else {
            self.spent.insert(place, spent);
        }
    }

    fn by_insight(&self) -> BTreeMap<InsightId, Vec<Spent>> {
        let mut all: BTreeMap<InsightId, Vec<Spent>> = BTreeMap::new();
        for ((insight, _), spent) in &self.spent {
            let sums = all.entry(*insight).or_default();
            for one in spent {
                add(sums, one);
            }
        }
        all
    }
}

fn add(sums: &mut Vec<Spent>, one: &Spent) {
    let same = |sum: &&mut Spent| sum.rates == one.rates && sum.currency == one.currency;
    match sums.iter_mut().find(same) {
        Some(sum) => {
            sum.seconds += one.seconds;
            sum.goodwill += one.goodwill;
            sum.vouchers += one.vouchers;
            sum.refunds += one.refunds;
        }
        None => sums.push(*one),
    }
}

/// Where something happened since, and up to where that was looked at; `None` if all is to be read.
async fn news(tx: &mut Tx, state: &State, now: Timestamp) -> Result<Option<(Seen, BTreeSet<Place>)>> {
    let is_fresh = state.read_at.is_some_and(|at| now < at + DAY);
    if !is_fresh || newest(tx, "finance_rates").await? != state.seen.rates {
        return Ok(None);
    }
    let mut seen = state.seen;
    let Some(mut findings) = changed(tx, &mut seen).await? else { return Ok(None) };
    let fresh: Vec<FindingId> = sql("SELECT id FROM findings WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(seen.finding)
        .bind(NEWS)
        .values(tx)
        .await?;
    let booked: Vec<(i64, CaseId)> =
        sql("SELECT id, case_id FROM finance_ledger WHERE id > $1 ORDER BY id LIMIT $2")
            .bind(seen.entry)
            .bind(NEWS)
            .all(tx)
            .await?;
    if is_much(fresh.len()) || is_much(booked.len()) {
        return Ok(None);
    }
    seen.finding = fresh.last().map_or(seen.finding, |last| last.0);
    seen.entry = booked.last().map_or(seen.entry, |last| last.0);
    findings.extend(fresh);
    let cases: BTreeSet<CaseId> = booked.into_iter().map(|(_, case)| case).collect();
    Ok(Some((seen, places(tx, findings, cases).await?)))
}

fn is_much(count: usize) -> bool {
    i64::try_from(count).is_ok_and(|count| NEWS <= count)
}

/// The findings that were documented, revised or withdrawn since; `None` if they are too many.
async fn changed(tx: &mut Tx, seen: &mut Seen) -> Result<Option<BTreeSet<FindingId>>> {
    let mut findings = BTreeSet::new();
    loop {
        let page = journal::after(tx, seen.cursor, PAGE).await?;
        findings.extend(page.iter().filter_map(|entry| match entry.fact {
            Fact::FindingDocumented { finding, .. }
            | Fact::FindingRevised { finding, .. }
            | Fact::FindingWithdrawn { finding } => Some(finding),
            _ => None,
        }));
        if is_much(findings.len()) {
            return Ok(None);
        }
        let Some(last) = page.last() else { return Ok(Some(findings)) };
        seen.cursor = last.cursor();
    }
}

/// Where these findings are, withdrawn or not, and those that stand in these cases.
async fn places(
    tx: &mut Tx,
    findings: BTreeSet<FindingId>,
    cases: BTreeSet<CaseId>,
) -> Result<BTreeSet<Place>> {
    let (findings, cases): (Vec<_>, Vec<_>) = (findings.into_iter().collect(), cases.into_iter().collect());
    let page = usize::try_from(PAGE).unwrap_or(1);
    let mut places = BTreeSet::new();
    for some in findings.chunks(page) {
        let found: Vec<Place> = sql("SELECT DISTINCT insight_id, at / 2592000000000 FROM findings
             WHERE kind = 'cause' AND insight_id IS NOT NULL AND id IN ")
        .push_list(some.iter().copied())
        .all(tx)
        .await?;
        places.extend(found);
    }
    for some in cases.chunks(page) {
        let found: Vec<Place> = sql("SELECT DISTINCT insight_id, at / 2592000000000 FROM findings
             WHERE withdrawn_at IS NULL AND kind = 'cause' AND insight_id IS NOT NULL AND case_id IN ")
        .push_list(some.iter().copied())
        .all(tx)
        .await?;
        places.extend(found);
    }
    Ok(places)
}

async fn newest(tx: &mut Tx, table: &'static str) -> Result<i64> {
    sql("SELECT CAST(COALESCE(MAX(id), 0) AS bigint) FROM ").push(table).value(tx).await
}

#[derive(sqlx::FromRow)]
struct SpentRow {
    insight_id: InsightId,
    stretch: i64,
    #[sqlx(flatten)]
    spent: Spent,
}

async fn everything(tx: &mut Tx) -> Result<Vec<SpentRow>> {
    // PostgreSQL sums bigint as numeric, hence the casts.
    sql("SELECT f.insight_id, f.at / 2592000000000 AS stretch, k.rates_id, k.currency,
            CAST(SUM(f.share * k.active_seconds) AS bigint) AS seconds,
            CAST(SUM(f.share * k.goodwill_cents) AS bigint) AS goodwill,
            CAST(SUM(f.share * k.voucher_cents) AS bigint) AS vouchers,
            CAST(SUM(f.share * k.refund_cents) AS bigint) AS refunds
         FROM findings f JOIN finance_case_costs k ON k.case_id = f.case_id
         WHERE f.withdrawn_at IS NULL AND f.kind = 'cause' AND f.insight_id IS NOT NULL
         GROUP BY f.insight_id, f.at / 2592000000000, k.rates_id, k.currency")
    .all(tx)
    .await
}

async fn of_place(tx: &mut Tx, (insight, stretch): Place) -> Result<Vec<Spent>> {
    sql("SELECT k.rates_id, k.currency,
            CAST(SUM(f.share * k.active_seconds) AS bigint) AS seconds,
            CAST(SUM(f.share * k.goodwill_cents) AS bigint) AS goodwill,
            CAST(SUM(f.share * k.voucher_cents) AS bigint) AS vouchers,
            CAST(SUM(f.share * k.refund_cents) AS bigint) AS refunds
         FROM findings f JOIN finance_case_costs k ON k.case_id = f.case_id
         WHERE f.withdrawn_at IS NULL AND f.kind = 'cause' AND f.insight_id = $1 AND f.at >= $2 AND f.at < $3
         GROUP BY k.rates_id, k.currency")
    .bind(insight)
    .bind(stretch * STRETCH)
    .bind((stretch + 1) * STRETCH)
    .all(tx)
    .await
}
