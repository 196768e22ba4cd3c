//! Class A of the money model: cash that service has cost (Ist). Formulas: docs/money.md.
//!
//! What was spent is summed in SQL, per version of the rates and per book, from `finance_case_costs`:
//! `SELECT rates_id, currency, SUM(share * active_seconds) AS seconds, SUM(share * goodwill_cents) AS goodwill,
//! SUM(share * voucher_cents) AS vouchers, SUM(share * refund_cents) AS refunds … GROUP BY rates_id, currency`
//! (PostgreSQL needs `CAST(SUM(…) AS bigint)`). It is priced here, exactly, and rounded once at the end.
//!
//! Deliberately absent: expected losses and benefits, which are never added to class A.

use std::collections::BTreeMap;

use money::{Currency, Exact, Money, MoneyError, Percent};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Book, Entry, Item, Missing, Needed, Rates, RatesVersion};
use super::store;
use crate::platform::{CaseId, Result, Timestamp, Tx};

/// One thousandth, as a share.
const THOUSANDTH: Percent = Percent::from_hundredths(10);

/// What cases spent while one version of the rates was valid, in one book.
///
/// In thousandths of seconds and cents, since the shares of causes are thousandths: a cause with a share of
/// 1000 bears the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Spent {
    #[sqlx(rename = "rates_id")]
    pub rates: i64,
    #[sqlx(try_from = "String")]
    pub currency: Book,
    pub seconds: i64,
    pub goodwill: i64,
    pub vouchers: i64,
    pub refunds: i64,
}

/// What it cost, in one book. The parts are rounded each, `total` once at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cost {
    #[schema(value_type = Object)]
    pub handling: Money,
    #[schema(value_type = Object)]
    pub goodwill: Money,
    #[schema(value_type = Object)]
    pub refunds: Money,
    #[schema(value_type = Object)]
    pub total: Money,
}

/// All versions of the rates, to price what was spent.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// Oldest first.
    versions: Vec<RatesVersion>,
    /// The version that is valid now.
    current: Option<i64>,
}

impl Prices {
    pub async fn load(tx: &mut Tx, now: Timestamp) -> Result<Self> {
        Ok(Self::new(store::rates(tx).await?, now))
    }

    /// `versions`, in the order in which they become valid; some may only be announced.
    pub fn new(versions: Vec<RatesVersion>, now: Timestamp) -> Self {
        let current =
            versions.iter().rev().find(|version| version.valid_from <= now).map(|version| version.id);
        Self { versions, current }
    }

    /// Prices `spent`: one cost per book, at least one (of zero if nothing was spent).
    ///
    /// # Errors
    ///
    /// [`Missing`] names the inputs that stand in the way: always those of the minute rate, VAT if there is
    /// goodwill, the redemption if there are vouchers.
    pub fn cost(&self, spent: &[Spent]) -> Result<Vec<Cost>, Missing> {
        let nothing = self.nothing();
        let spent = if spent.is_empty() { std::slice::from_ref(&nothing) } else { spent };
        let mut missing: Vec<Needed> =
            spent.iter().flat_map(|one| needed(&self.rates(one.rates), one)).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            return Err(Missing { missing });
        }
        let mut books: BTreeMap<Currency, Parts> = BTreeMap::new();
        for one in spent {
            add(&mut books, &self.rates(one.rates), one)?;
        }
        books.into_values().map(|parts| parts.round().map_err(Missing::from)).collect()
    }

    /// The cost in the book of the present rates, for overviews that show one sum.
    ///
    /// # Errors
    ///
    /// As [`Prices::cost`]; also if something was spent in another book, which no one sum can say.
    pub fn total(&self, spent: &[Spent]) -> Result<Money, Missing> {
        let currency = self.currency();
        let totals: Vec<Money> = self.cost(spent)?.iter().map(|cost| cost.total).collect();
        if totals.iter().any(|total| total.currency != currency && total.cents != 0) {
            return Err(Missing { missing: Vec::new() });
        }
        let own = totals.into_iter().find(|total| total.currency == currency);
        Ok(own.unwrap_or(Money::zero(currency)))
    }

    /// What one entry of the ledger cost, with fractions of a cent.
    ///
    /// # Errors
    ///
    /// As [`Prices::cost`].
    pub fn entry(&self, entry: &Entry) -> Result<Exact, Missing> {
        let book = entry.currency.as_deref().and_then(|code| code.parse().ok());
        let cents = |item| if entry.item == item { entry.cents * 1000 } else { 0 };
        let spent = Spent {
            rates: entry.rates,
            currency: Book(book.unwrap_or(self.currency())),
            seconds: entry.seconds * 1000,
            goodwill: cents(Item::Goodwill),
            vouchers: cents(Item::Voucher),
            refunds: cents(Item::Refund),
        };
        let rates = self.rates(entry.rates);
        let missing = if entry.item == Item::Refund { Vec::new() } else { needed(&rates, &spent) };
        if !missing.is_empty() {
            return Err(Missing { missing });
        }
        if entry.item == Item::Handling {
            return handling(&rates, spent.seconds);
        }
        let parts = paid(&rates, &spent)?;
        Ok(parts.goodwill.checked_add(parts.refunds)?)
    }

    /// Can handling time be priced by the present rates?
    ///
    /// # Errors
    ///
    /// [`Missing`] names what was not entered.
    pub fn check(&self) -> Result<(), Missing> {
        self.cost(&[]).map(drop)
    }

    /// The book of the present rates.
    pub fn currency(&self) -> Currency {
        self.current.map_or(Currency::Eur, |current| self.rates(current).currency)
    }

    fn rates(&self, id: i64) -> Rates {
        self.versions.iter().find(|version| version.id == id).map(|version| version.rates).unwrap_or_default()
    }

    fn nothing(&self) -> Spent {
        let rates = self.current.unwrap_or(0);
        Spent { rates, currency: Book(self.currency()), seconds: 0, goodwill: 0, vouchers: 0, refunds: 0 }
    }
}

/// What case `case` spent.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Spent>> {
    store::spent_by_case(tx, case).await
}

fn needed(rates: &Rates, spent: &Spent) -> Vec<Needed> {
    let mut missing = match rates.handling.minute_rate() {
        Ok(_) => Vec::new(),
        Err(missing) => missing.empty.into_iter().chain(missing.impossible).map(Needed::from).collect(),
    };
    if rates.vat.is_none() && (spent.goodwill != 0 || spent.vouchers != 0) {
        missing.push(Needed::VatPercent);
    }
    if rates.redemption.is_none() && spent.vouchers != 0 {
        missing.push(Needed::RedemptionPercent);
    }
    missing
}

struct Parts {
    handling: Exact,
    goodwill: Exact,
    refunds: Exact,
}

impl Parts {
    const fn zero(currency: Currency) -> Self {
        let zero = Exact::zero(currency);
        Self { handling: zero, goodwill: zero, refunds: zero }
    }

    fn round(self) -> Result<Cost, MoneyError> {
        let total = money::case_cost(self.handling, self.goodwill, self.refunds)?;
        Ok(Cost {
            handling: self.handling.round()?,
            goodwill: self.goodwill.round()?,
            refunds: self.refunds.round()?,
            total: total.round()?,
        })
    }
}

/// Adds one sum to its book; its time goes to the book of the rates.
fn add(books: &mut BTreeMap<Currency, Parts>, rates: &Rates, spent: &Spent) -> Result<(), Missing> {
    let handling = handling(rates, spent.seconds)?;
    let parts = books.entry(handling.currency()).or_insert(Parts::zero(handling.currency()));
    parts.handling = parts.handling.checked_add(handling)?;
    if spent.goodwill == 0 && spent.vouchers == 0 && spent.refunds == 0 {
        return Ok(());
    }
    let paid = paid(rates, spent)?;
    let parts = books.entry(spent.currency.0).or_insert(Parts::zero(spent.currency.0));
    parts.goodwill = parts.goodwill.checked_add(paid.goodwill)?;
    parts.refunds = parts.refunds.checked_add(paid.refunds)?;
    Ok(())
}

/// Everything but time, in its own book.
fn paid(rates: &Rates, spent: &Spent) -> Result<Parts, MoneyError> {
    let currency = spent.currency.0;
    let sum = |thousandths| Money::new(thousandths, currency);
    let vat = rates.vat.unwrap_or_default();
    let cash = money::goodwill_cost(sum(spent.goodwill), vat, Percent::whole(100))?;
    let vouchers = money::goodwill_cost(sum(spent.vouchers), vat, rates.redemption.unwrap_or_default())?;
    Ok(Parts {
        handling: Exact::zero(currency),
        goodwill: cash.checked_add(vouchers)?.share(THOUSANDTH)?,
        refunds: Exact::from(sum(spent.refunds)).share(THOUSANDTH)?,
    })
}

fn handling(rates: &Rates, thousandths: i64) -> Result<Exact, Missing> {
    let rate = rates.handling.minute_rate().map_err(|missing| Missing {
        missing: missing.empty.into_iter().chain(missing.impossible).map(Needed::from).collect(),
    })?;
    let seconds = |part: i64| u32::try_from(part).map_err(|_| MoneyError::TooLarge);
    let whole = money::handling_cost(seconds(thousandths / 1000)?, rate)?;
    let rest = money::handling_cost(seconds(thousandths % 1000)?, rate)?.share(THOUSANDTH)?;
    Ok(whole.checked_add(rest)?)
}

impl From<MoneyError> for Missing {
    /// A sum beyond what can be counted: nothing that could be entered would help.
    fn from(_: MoneyError) -> Self {
        Self { missing: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use money::{Hours, MinuteRateInputs};

    use super::*;

    fn rates() -> Rates {
        Rates {
            handling: MinuteRateInputs {
                yearly_cost: Some(Money::eur(4_680_000)),
                overhead_percent: Some(Percent::whole(20)),
                paid_hours: Some(Hours::whole(2002)),
                shrinkage_percent: Some(Percent::whole(30)),
            },
            currency: Currency::Eur,
            vat: Some(Percent::whole(19)),
            redemption: Some(Percent::whole(85)),
        }
    }

    fn prices(rates: Rates) -> Prices {
        let version = RatesVersion { id: 1, valid_from: Timestamp(0), rates, person: None, at: Timestamp(0) };
        Prices::new(vec![version], Timestamp(0))
    }

    fn parcel(share: i64) -> Spent {
        Spent {
            rates: 1,
            currency: Book(Currency::Eur),
            seconds: 28 * 60 * share,
            goodwill: 0,
            vouchers: 1500 * share,
            refunds: 2320 * share,
        }
    }

    #[test]
    fn the_lost_parcel_costs_what_the_worked_example_says() {
        let costs = prices(rates()).cost(&[parcel(1000)]).expect("all inputs are there");
        let expected = Cost {
            handling: Money::eur(1870),
            goodwill: Money::eur(1071),
            refunds: Money::eur(2320),
            total: Money::eur(5262),
        };
        assert_eq!(costs, [expected]);
    }

    #[test]
    fn shares_of_a_case_are_priced_exactly() {
        for (share, cents) in [(800, 4209), (200, 1052)] {
            assert_eq!(prices(rates()).total(&[parcel(share)]), Ok(Money::eur(cents)), "{share}");
        }
    }

    #[test]
    fn empty_inputs_are_named_and_never_cost_nothing() {
        use Needed::{
            OverheadPercent, PaidHours, RedemptionPercent, ShrinkagePercent, VatPercent, YearlyCost,
        };
        let handling = vec![YearlyCost, OverheadPercent, PaidHours, ShrinkagePercent];
        assert_eq!(Prices::default().cost(&[]), Err(Missing { missing: handling.clone() }));

        let all = [handling, vec![VatPercent, RedemptionPercent]].concat();
        assert_eq!(prices(Rates::default()).cost(&[parcel(1000)]), Err(Missing { missing: all }));

        let no_vat = Rates { vat: None, ..rates() };
        assert_eq!(prices(no_vat).total(&[Spent { vouchers: 0, ..parcel(1000) }]), Ok(Money::eur(4190)));
        assert_eq!(prices(no_vat).total(&[parcel(1000)]), Err(Missing { missing: vec![VatPercent] }));
    }

    #[test]
    fn francs_and_euros_are_separate_books() {
        let francs = Spent { currency: Book(Currency::Chf), seconds: 0, vouchers: 0, ..parcel(1000) };
        let costs = prices(rates()).cost(&[parcel(1000), francs]).expect("all inputs are there");
        let totals: Vec<_> = costs.iter().map(|cost| cost.total).collect();
        assert_eq!(totals, [Money::eur(5262), Money::chf(2320)]);
    }

    #[test]
    fn one_sum_never_leaves_out_another_book() {
        let francs = Spent { currency: Book(Currency::Chf), seconds: 0, vouchers: 0, ..parcel(1000) };
        assert_eq!(prices(rates()).total(&[parcel(1000), francs]), Err(Missing { missing: Vec::new() }));
    }

    #[test]
    fn rates_that_are_only_announced_price_nothing_yet() {
        let announced = Rates { currency: Currency::Chf, ..Rates::default() };
        let version = |id, valid_from, rates| RatesVersion {
            id,
            valid_from: Timestamp(valid_from),
            rates,
            person: None,
            at: Timestamp(0),
        };
        let prices = Prices::new(vec![version(1, 0, rates()), version(2, 10, announced)], Timestamp(5));
        assert_eq!((prices.currency(), prices.total(&[])), (Currency::Eur, Ok(Money::eur(0))));
    }

    #[test]
    fn time_is_priced_by_the_version_valid_then() {
        let doubled = Rates {
            handling: MinuteRateInputs { yearly_cost: Some(Money::eur(9_360_000)), ..rates().handling },
            ..rates()
        };
        let version =
            |id, rates| RatesVersion { id, valid_from: Timestamp(0), rates, person: None, at: Timestamp(0) };
        let prices = Prices::new(vec![version(1, rates()), version(2, doubled)], Timestamp(0));
        let hour = |rates| Spent { rates, seconds: 3_600_000, vouchers: 0, refunds: 0, ..parcel(0) };
        assert_eq!(prices.total(&[hour(1)]), Ok(Money::eur(4007)));
        assert_eq!(prices.total(&[hour(2)]), Ok(Money::eur(8015)));
        assert_eq!(prices.total(&[hour(1), hour(2)]), Ok(Money::eur(12022)));
    }

    #[test]
    fn nothing_spent_costs_nothing_once_the_rates_are_there() {
        assert_eq!(prices(rates()).total(&[]), Ok(Money::eur(0)));
    }
}
