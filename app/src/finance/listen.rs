//! Books what the journal says was spent on cases.

use futures::future::BoxFuture;
use money::Money;

use super::model::{Booking, Spending};
use super::store;
use crate::journal;
use crate::journal::Fact;
use crate::platform::{App, Result, Timestamp, Tx};

/// The name under which the ledger is locked, too.
pub const LEDGER: &str = "finance";

pub static LISTENERS: [&journal::Listener; 1] = [&journal::Listener { name: LEDGER, wants, hear }];

const fn wants(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::TimeSpent { .. }
            | Fact::TimeCorrected { .. }
            | Fact::GoodwillGranted { .. }
            | Fact::RefundEntered { .. }
    )
}

fn hear<'a>(_: &'a App, tx: &'a mut Tx, entry: &'a journal::Entry) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let (Some(case), Some(spending)) = (entry.about.case, spending(&entry.fact)?) else { return Ok(()) };
        let at = priced_at(&entry.fact).unwrap_or(entry.at);
        let booking = Booking { at, case, customer: entry.about.customer, spending, source: Some(entry.id) };
        store::insert_entry(tx, &booking).await?;
        store::add_to_case(tx, &booking).await
    })
}

/// What a fact spent; reversals carry the opposite sum.
fn spending(fact: &Fact) -> Result<Option<Spending>> {
    Ok(match fact {
        Fact::TimeSpent { seconds } | Fact::TimeCorrected { seconds, .. } => {
            Some(Spending::Time { seconds: *seconds })
        }
        Fact::GoodwillGranted { kind, cents, currency, .. } => Some(goodwill(kind, sum(*cents, currency)?)),
        Fact::RefundEntered { cents, currency, .. } => Some(Spending::Refund { sum: sum(*cents, currency)? }),
        _ => None,
    })
}

/// A reversal takes back what was booked then, whatever the rates are by now.
const fn priced_at(fact: &Fact) -> Option<Timestamp> {
    match fact {
        Fact::GoodwillGranted { priced_at, .. } | Fact::RefundEntered { priced_at, .. } => *priced_at,
        Fact::TimeCorrected { priced_at, .. } => Some(*priced_at),
        _ => None,
    }
}

/// Vouchers only cost when they are redeemed; everything else costs its amount.
pub fn goodwill(kind: &str, sum: Money) -> Spending {
    if kind == "voucher" { Spending::Voucher { sum } } else { Spending::Goodwill { sum } }
}

fn sum(cents: i64, currency: &str) -> Result<Money> {
    let currency = currency.parse().map_err(|error: money::UnknownCurrency| anyhow::Error::from(error))?;
    Ok(Money::new(cents, currency))
}
