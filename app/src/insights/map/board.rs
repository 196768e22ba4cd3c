//! The pieces in memory, brought up to date from the journal before each use.

use std::collections::{BTreeSet, HashMap};

use futures::future::BoxFuture;
use money::Money;
use tokio::sync::Mutex;

use super::{Piece, Pieces, store};
use crate::findings::Kind;
use crate::journal;
use crate::journal::Fact;
use crate::platform::{App, CaseId, Result, Timestamp, Tx};

/// So many news are worked off one by one; after more, all is read again.
const NEWS: i64 = 1000;

/// What a case cost in service; `None` where that is not computable.
pub type Price = Option<Money>;

/// What cases cost.
#[derive(Debug, Clone, Default)]
pub struct CasePrices {
    pub of: HashMap<CaseId, Price>,
    /// What a case costs that is not listed: nothing was spent on it.
    pub others: Price,
}

/// Prices these cases, all of them for `None`, as things are at this moment.
pub type Load = for<'a> fn(&'a mut Tx, Option<&'a [CaseId]>, Timestamp) -> BoxFuture<'a, Result<CasePrices>>;

/// Where prices come from. Costs are not this slice's matter, so that who shows the map brings them along.
#[derive(Clone, Copy)]
pub struct Prices {
    /// Prices these cases, all of them for `None`.
    pub load: Load,
    /// The listener that books costs: news that it has not heard yet are not priced yet.
    pub booked_by: Option<&'static str>,
}

/// One per node; [`board`] reads it.
#[derive(Default)]
pub struct Board(Mutex<State>);

#[derive(Default)]
struct State {
    pieces: Pieces,
    /// Where in the journal it is up to date; `None` before it was ever read.
    cursor: Option<journal::Cursor>,
    newest: i64,
}

/// All standing findings, those of a case together, with the news up to now.
pub async fn board(app: &App, tx: &mut Tx, prices: Prices) -> Result<Pieces> {
    let board = app.part::<Board>();
    let mut state = board.0.lock().await;
    let newest = store::newest(tx).await?;
    let booked = booked(app, tx, prices).await?;
    let news = match state.cursor {
        Some(cursor) => Some(journal::after(tx, cursor, NEWS).await?),
        None => None,
    };
    match news {
        Some(news) if can_follow(&news, booked, newest == state.newest) => {
            follow(tx, &mut state, &news, booked, (prices, app.now())).await?;
        }
        _ => {
            // The end comes first: what is written meanwhile is then read twice, not never.
            state.cursor = Some(journal::end(tx).await?.min(booked));
            let all = (prices.load)(tx, None, app.now()).await?;
            state.pieces = Pieces::new(priced(store::pieces(tx).await?, &all));
        }
    }
    state.newest = newest;
    Ok(state.pieces.clone())
}

/// Takes up what the news changed, as far as its costs are booked; the rest waits for the next use.
async fn follow(
    tx: &mut Tx,
    state: &mut State,
    news: &[journal::Entry],
    booked: journal::Cursor,
    prices: (Prices, Timestamp),
) -> Result<()> {
    let news = || news.iter().filter(|entry| entry.cursor() <= booked);
    let changed: BTreeSet<CaseId> =
        news().filter(|entry| concerns(&entry.fact)).filter_map(|entry| entry.about.case).collect();
    let changed: Vec<CaseId> = changed.into_iter().collect();
    replace(tx, state, &changed, prices).await?;
    if let Some(last) = news().next_back() {
        state.cursor = Some(last.cursor());
    }
    Ok(())
}

/// Up to where in the journal costs are booked.
async fn booked(app: &App, tx: &mut Tx, prices: Prices) -> Result<journal::Cursor> {
    match prices.booked_by {
        Some(listener) => journal::heard(app, tx, listener).await,
        None => Ok(journal::Cursor { xid: i64::MAX, id: i64::MAX }),
    }
}

/// Imports add findings without news; new rates change every price, and a moved insight takes all its findings along.
fn can_follow(news: &[journal::Entry], booked: journal::Cursor, nothing_new: bool) -> bool {
    let told = |entry: &journal::Entry| matches!(entry.fact, Fact::FindingDocumented { .. });
    // The news of a new finding may still wait for its costs.
    let explained = nothing_new || news.iter().any(|entry| told(entry) || booked < entry.cursor());
    let all_change =
        news.iter().any(|entry| matches!(entry.fact, Fact::RatesChanged | Fact::InsightMoved { .. }));
    i64::try_from(news.len()).is_ok_and(|count| count < NEWS) && !all_change && explained
}

const fn concerns(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::FindingDocumented { .. }
            | Fact::FindingRevised { .. }
            | Fact::FindingWithdrawn { .. }
            | Fact::TimeSpent { .. }
            | Fact::TimeCorrected { .. }
            | Fact::GoodwillGranted { .. }
            | Fact::RefundEntered { .. }
    )
}

async fn replace(
    tx: &mut Tx,
    state: &mut State,
    changed: &[CaseId],
    (prices, now): (Prices, Timestamp),
) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let fresh = store::pieces_of(tx, changed).await?;
    let fresh = priced(fresh, &(prices.load)(tx, Some(changed), now).await?);
    state.pieces.replace(|piece| changed.binary_search(&piece.case).is_ok(), fresh);
    Ok(())
}

/// Splits each case's price between its causes by their shares, to the cent.
fn priced(mut pieces: Vec<Piece>, prices: &CasePrices) -> Vec<Piece> {
    pieces.sort_by_key(|piece| (piece.at, piece.case));
    for case in pieces.chunk_by_mut(|a, b| a.case == b.case) {
        let Some(price) = prices.of.get(&case[0].case).copied().unwrap_or(prices.others) else { continue };
        let shares: Vec<u32> = case.iter().map(share_of_cause).collect();
        // A case without causes has nothing to split.
        let Ok(parts) = money::allocate(price, &shares) else { continue };
        // What is no cause costs nothing that could be computed, which is not the same as 0.
        for (piece, part) in case.iter_mut().zip(parts).filter(|(piece, _)| piece.kind == Kind::Cause) {
            piece.cost = Some(part);
        }
    }
    pieces
}

fn share_of_cause(piece: &Piece) -> u32 {
    if piece.kind == Kind::Cause { u32::try_from(piece.share).unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::*;
    use crate::cases::Channel;
    use crate::platform::CustomerId;

    fn piece(case: i64, kind: Kind, share: i64) -> Piece {
        Piece {
            case: CaseId(case),
            customer: CustomerId(1),
            insight: None,
            kind,
            station: 0,
            department: None,
            product: None,
            channel: Channel::Phone,
            share,
            at: Timestamp(0),
            cost: None,
        }
    }

    #[test]
    fn the_causes_of_a_case_share_its_price_to_the_cent() {
        let pieces = vec![
            piece(1, Kind::Cause, 334),
            piece(1, Kind::Wish, 0),
            piece(1, Kind::Cause, 333),
            piece(1, Kind::Cause, 333),
            piece(2, Kind::Praise, 0),
            piece(3, Kind::Cause, 1000),
        ];
        let euros = |cents| Some(Money::new(cents, Currency::Eur));
        let of = HashMap::from([(CaseId(1), euros(100)), (CaseId(2), euros(50)), (CaseId(3), None)]);
        let prices = CasePrices { of, others: euros(0) };

        let costs: Vec<Option<i64>> =
            priced(pieces, &prices).iter().map(|piece| piece.cost.map(|cost| cost.cents)).collect();

        assert_eq!(costs, [Some(34), None, Some(33), Some(33), None, None]);
    }
}
