//! SQL of the tables `finance_*`.

use jiff::civil::Date;
use money::{Hours, MinuteRateInputs, Money, Percent};

use super::costs::Spent;
use super::model::{Book, Booking, Entry, Exposure, Item, Rates, RatesVersion};
use crate::platform::{CaseId, Kept, PersonId, Result, Sql, Timestamp, Tx, sql};

#[derive(sqlx::FromRow)]
struct RatesRow {
    id: i64,
    valid_from: Timestamp,
    #[sqlx(try_from = "String")]
    currency: Book,
    yearly_cents: Option<i64>,
    overhead: Option<i64>,
    paid_hours: Option<i64>,
    shrinkage: Option<i64>,
    vat: Option<i64>,
    redemption: Option<i64>,
    person_id: Option<PersonId>,
    at: Timestamp,
}

impl RatesRow {
    fn read(self) -> RatesVersion {
        let percent =
            |hundredths: i64| Percent::from_hundredths(u32::try_from(hundredths).unwrap_or(u32::MAX));
        let hours = |hundredths: i64| Hours::from_hundredths(u32::try_from(hundredths).unwrap_or(u32::MAX));
        let currency = self.currency.0;
        let handling = MinuteRateInputs {
            yearly_cost: self.yearly_cents.map(|cents| Money::new(cents, currency)),
            overhead_percent: self.overhead.map(percent),
            paid_hours: self.paid_hours.map(hours),
            shrinkage_percent: self.shrinkage.map(percent),
        };
        let rates = Rates {
            handling,
            currency,
            vat: self.vat.map(percent),
            redemption: self.redemption.map(percent),
        };
        RatesVersion { id: self.id, valid_from: self.valid_from, rates, person: self.person_id, at: self.at }
    }
}

static RATES: Kept<Vec<RatesVersion>> = Kept::new("rates", |tx| Box::pin(load_rates(tx)));

/// All versions, in the order in which they became valid; the last one is valid now or soon.
pub async fn rates(tx: &mut Tx) -> Result<Vec<RatesVersion>> {
    Ok(RATES.get(tx).await?.to_vec())
}

async fn load_rates(tx: &mut Tx) -> Result<Vec<RatesVersion>> {
    let rows: Vec<RatesRow> = sql(
        "SELECT id, valid_from, currency, yearly_cents, overhead, paid_hours, shrinkage, vat, redemption, person_id, at
         FROM finance_rates ORDER BY valid_from, id",
    )
    .all(tx)
    .await?;
    Ok(rows.into_iter().map(RatesRow::read).collect())
}

pub async fn insert_rates(
    tx: &mut Tx,
    rates: &Rates,
    valid_from: Timestamp,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<i64> {
    sql("INSERT INTO finance_rates (valid_from, currency, yearly_cents, overhead, paid_hours, shrinkage, vat, redemption,
                                    person_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id")
    .bind(valid_from)
    .bind(rates.currency.code())
    .bind(rates.handling.yearly_cost.map(|cost| cost.cents))
    .bind(rates.handling.overhead_percent.map(Percent::hundredths))
    .bind(rates.handling.paid_hours.map(Hours::hundredths))
    .bind(rates.handling.shrinkage_percent.map(Percent::hundredths))
    .bind(rates.vat.map(Percent::hundredths))
    .bind(rates.redemption.map(Percent::hundredths))
    .bind(person)
    .bind(at)
    .value(tx)
    .await
}

/// Writes `booking` into the ledger.
pub async fn insert_entry(tx: &mut Tx, booking: &Booking) -> Result<()> {
    let item = booking.spending.item();
    let sum = booking.spending.sum();
    sql("INSERT INTO finance_ledger (at, class, item, basis, case_id, customer_id, seconds, cents, currency, source_id)
         VALUES ($1, 'A', $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(booking.at)
    .bind(item)
    .bind(item.basis())
    .bind(booking.case)
    .bind(booking.customer)
    .bind(booking.spending.seconds())
    .bind(sum.map_or(0, |sum| sum.cents))
    .bind(sum.map(|sum| sum.currency.code()))
    .bind(booking.source.map(|entry| entry.0))
    .run(tx)
    .await?;
    Ok(())
}

/// Adds `booking` to the sums of its case.
pub async fn add_to_case(tx: &mut Tx, booking: &Booking) -> Result<()> {
    let cents = |item: Item| match booking.spending.sum() {
        Some(sum) if booking.spending.item() == item => sum.cents,
        _ => 0,
    };
    sql("INSERT INTO finance_case_costs (case_id, rates_id, currency, active_seconds, goodwill_cents, voucher_cents,
                                         refund_cents)
         VALUES ($1,
                 COALESCE((SELECT id FROM finance_rates WHERE valid_from <= $2 ORDER BY valid_from DESC, id DESC LIMIT 1), 0),
                 COALESCE($3, (SELECT currency FROM finance_rates WHERE valid_from <= $2
                               ORDER BY valid_from DESC, id DESC LIMIT 1), 'EUR'),
                 $4, $5, $6, $7)
         ON CONFLICT (case_id, rates_id, currency) DO UPDATE SET
            active_seconds = finance_case_costs.active_seconds + excluded.active_seconds,
            goodwill_cents = finance_case_costs.goodwill_cents + excluded.goodwill_cents,
            voucher_cents = finance_case_costs.voucher_cents + excluded.voucher_cents,
            refund_cents = finance_case_costs.refund_cents + excluded.refund_cents")
    .bind(booking.case)
    .bind(booking.at)
    .bind(booking.spending.sum().map(|sum| sum.currency.code()))
    .bind(booking.spending.seconds())
    .bind(cents(Item::Goodwill))
    .bind(cents(Item::Voucher))
    .bind(cents(Item::Refund))
    .run(tx)
    .await?;
    Ok(())
}

/// Sums the whole ledger again, after a version of the rates became valid in the past.
pub async fn rebuild_case_costs(tx: &mut Tx) -> Result<()> {
    sql("DELETE FROM finance_case_costs").run(tx).await?;
    // PostgreSQL sums bigint as numeric, hence the casts.
    sql("INSERT INTO finance_case_costs (case_id, rates_id, currency, active_seconds, goodwill_cents, voucher_cents,
                                         refund_cents)
         SELECT entries.case_id, entries.rates_id, COALESCE(entries.currency, rates.currency, 'EUR'),
                CAST(SUM(entries.seconds) AS bigint),
                CAST(SUM(CASE WHEN entries.item = 'goodwill' THEN entries.cents ELSE 0 END) AS bigint),
                CAST(SUM(CASE WHEN entries.item = 'voucher' THEN entries.cents ELSE 0 END) AS bigint),
                CAST(SUM(CASE WHEN entries.item = 'refund' THEN entries.cents ELSE 0 END) AS bigint)
         FROM (SELECT l.case_id, l.item, l.seconds, l.cents, l.currency,
                      COALESCE((SELECT r.id FROM finance_rates r WHERE r.valid_from <= l.at
                                ORDER BY r.valid_from DESC, r.id DESC LIMIT 1), 0) AS rates_id
               FROM finance_ledger l) entries
         LEFT JOIN finance_rates rates ON rates.id = entries.rates_id
         GROUP BY entries.case_id, entries.rates_id, COALESCE(entries.currency, rates.currency, 'EUR')")
    .run(tx)
    .await?;
    Ok(())
}

pub async fn spent_by_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Spent>> {
    sql("SELECT rates_id, currency, active_seconds * 1000 AS seconds, goodwill_cents * 1000 AS goodwill,
                voucher_cents * 1000 AS vouchers, refund_cents * 1000 AS refunds
         FROM finance_case_costs WHERE case_id = $1 ORDER BY rates_id, currency")
    .bind(case)
    .all(tx)
    .await
}

#[derive(sqlx::FromRow)]
struct SpentRow {
    case_id: CaseId,
    #[sqlx(flatten)]
    spent: Spent,
}

pub async fn spent(tx: &mut Tx, cases: Option<&[CaseId]>) -> Result<Vec<(CaseId, Spent)>> {
    let mut query = sql("SELECT case_id, rates_id, currency, active_seconds * 1000 AS seconds,
            goodwill_cents * 1000 AS goodwill, voucher_cents * 1000 AS vouchers, refund_cents * 1000 AS refunds
         FROM finance_case_costs");
    if let Some(cases) = cases {
        query = query.push(" WHERE case_id IN ").push_list(cases.iter().copied());
    }
    let rows: Vec<SpentRow> = query.push(" ORDER BY case_id, rates_id, currency").all(tx).await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.spent)).collect())
}

const ENTRY: &str =
    "SELECT l.id, l.at, l.class, l.item, l.basis, l.case_id, l.seconds, l.cents, l.currency, l.source_id,
        COALESCE((SELECT r.id FROM finance_rates r WHERE r.valid_from <= l.at
                  ORDER BY r.valid_from DESC, r.id DESC LIMIT 1), 0) AS rates_id
    FROM finance_ledger l";

/// Up to `limit` entries of the ledger after entry `after`, oldest first.
pub async fn entries(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Entry>> {
    let entries = sql(ENTRY).push(" WHERE l.id > ").push_bind(after);
    entries.push(" ORDER BY l.id LIMIT ").push_bind(limit).all(tx).await
}

/// Up to `limit` entries by their time, newest first, after entry `after`.
pub async fn newest_entries(tx: &mut Tx, after: Option<i64>, limit: i64) -> Result<Vec<Entry>> {
    let mut entries = sql(ENTRY);
    if let Some(after) = after {
        // By its id alone: to the microsecond, times would tell when somebody works.
        entries = entries
            .push(" WHERE (l.at, l.id) < (SELECT at, id FROM finance_ledger WHERE id = ")
            .push_bind(after)
            .push(")");
    }
    entries.push(" ORDER BY l.at DESC, l.id DESC LIMIT ").push_bind(limit).all(tx).await
}

/// Writes one day of one product group; what was known of it before is replaced.
pub async fn put_exposure(
    tx: &mut Tx,
    row: &Exposure,
    person: Option<PersonId>,
    at: Timestamp,
) -> Result<()> {
    sql("INSERT INTO finance_exposure (day, product_group, orders, deliveries, active_customers, person_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (day, product_group) DO UPDATE SET orders = excluded.orders, deliveries = excluded.deliveries,
            active_customers = excluded.active_customers, person_id = excluded.person_id, at = excluded.at")
    .bind(row.day.to_string())
    .bind(&row.product_group)
    .bind(row.orders)
    .bind(row.deliveries)
    .bind(row.active_customers)
    .bind(person)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ExposureRow {
    day: String,
    product_group: String,
    orders: i64,
    deliveries: i64,
    active_customers: i64,
}

impl ExposureRow {
    fn read(self) -> Result<Exposure> {
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Exposure {
            day: self.day.parse().map_err(anyhow::Error::from)?,
            product_group: self.product_group,
            orders: count(self.orders),
            deliveries: count(self.deliveries),
            active_customers: count(self.active_customers),
        })
    }
}

/// Up to `limit` rows of the days from `from` to `to`, newest first, after the row `(day, product group)`.
pub async fn exposure(
    tx: &mut Tx,
    (from, to): (Option<Date>, Option<Date>),
    after: Option<(Date, String)>,
    limit: i64,
) -> Result<Vec<Exposure>> {
    let mut query: Sql = sql(
        "SELECT day, product_group, orders, deliveries, active_customers FROM finance_exposure WHERE 1 = 1",
    );
    if let Some(from) = from {
        query = query.push(" AND day >= ").push_bind(from.to_string());
    }
    if let Some(to) = to {
        query = query.push(" AND day <= ").push_bind(to.to_string());
    }
    if let Some((day, group)) = after {
        let day = day.to_string();
        query = query.push(" AND (day < ").push_bind(&day).push(" OR (day = ").push_bind(&day);
        query = query.push(" AND product_group > ").push_bind(group).push("))");
    }
    let rows: Vec<ExposureRow> =
        query.push(" ORDER BY day DESC, product_group LIMIT ").push_bind(limit).all(tx).await?;
    rows.into_iter().map(ExposureRow::read).collect()
}
