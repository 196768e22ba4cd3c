//! The ledger, to read and to take along.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use money::{Currency, Exact};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::cases;
use crate::finance;
use crate::finance::{Basis, Entry, Item, Prices};
use crate::platform::parts;
use crate::platform::{Actor, App, Area, CaseId, EntryId, Page, Query, Result, Right, Timestamp, Tx, Wants};

/// Entries of one page unless asked otherwise.
const LINES: i64 = 100;
/// Entries read at once for the CSV file.
const BATCH: i64 = 5000;

#[derive(Deserialize, IntoParams)]
pub struct LedgerQuery {
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<i64>,
    /// "csv" for the whole ledger as a file.
    format: Option<String>,
}

/// An entry: what was spent, on which basis, and its price by the rates valid then.
#[derive(Serialize, ToSchema)]
struct LedgerEntry {
    id: i64,
    /// For handling, the day it was in.
    at: Timestamp,
    /// A: cash spent.
    class: String,
    item: Item,
    basis: Basis,
    /// The case's number.
    case: String,
    seconds: i64,
    /// The cost in cents, with fractions; null: not computable, since rates are missing.
    cents: Option<f64>,
    currency: Option<String>,
    /// The version of the rates; 0 for none.
    rates: i64,
    /// The journal's entry; null for handling and imports.
    source: Option<EntryId>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "finance/views/ledger.html")]
struct LedgerView {
    #[serde(skip)]
    page: Page,
    items: Vec<LedgerEntry>,
    next: Option<String>,
}

/// The ledger, newest entries first; as CSV in the order in which it was booked. EUR and CHF are separate books.
#[utoipa::path(get, path = "/finance/ledger", tag = "finance", params(LedgerQuery),
    responses((status = 200, body = LedgerView)))]
pub async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<LedgerQuery>,
) -> Result<Response> {
    actor.may(Right::EditRates)?;
    let mut tx = app.db.read().await?;
    let zone = app.zone();
    let prices = Prices::load(&mut tx, app.now()).await?;
    if query.format.as_deref() == Some("csv") {
        return csv_file(&mut tx, &prices, &zone).await;
    }
    let limit = parts::limit(query.limit, LINES);
    let entries = finance::newest_entries(&mut tx, query.cursor, limit + 1).await?;
    let (entries, next) = parts::cut(entries, limit, |entry| entry.id.to_string());
    let items = lines(&mut tx, entries, &prices, &zone).await?;
    wants.answer(&LedgerView { page: wants.page(&app, &actor, Area::Settings), items, next })
}

async fn lines(
    tx: &mut Tx,
    entries: Vec<Entry>,
    prices: &Prices,
    zone: &TimeZone,
) -> Result<Vec<LedgerEntry>> {
    let cases: Vec<CaseId> = entries.iter().map(|entry| entry.case).collect();
    let numbers = cases::numbers(tx, &cases).await?;
    let number = |entry: &Entry| numbers.get(&entry.case).cloned().unwrap_or_default();
    Ok(entries.into_iter().map(|entry| LedgerEntry::of(number(&entry), entry, prices, zone)).collect())
}

impl LedgerEntry {
    fn of(case: String, entry: Entry, prices: &Prices, zone: &TimeZone) -> Self {
        let price = prices.entry(&entry).ok();
        let currency = price.map(|price| price.currency().code().to_owned()).or(entry.currency);
        Self {
            id: entry.id,
            at: if entry.item == Item::Handling { day_of(entry.at, zone) } else { entry.at },
            class: entry.class,
            item: entry.item,
            basis: entry.basis,
            case,
            seconds: entry.seconds,
            cents: price.map(Exact::cents),
            currency,
            rates: entry.rates,
            // The journal would tell the minute again.
            source: entry.source.filter(|_| entry.item != Item::Handling),
        }
    }

    /// Handling is known to the day only.
    fn is_day(&self) -> bool {
        self.item == Item::Handling
    }

    /// The cost in whole cents, for the page.
    fn sum(&self) -> Option<money::Money> {
        let currency: Currency = self.currency.as_deref()?.parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "cents of one entry")]
        self.cents.map(|cents| money::Money::new(cents.round() as i64, currency))
    }
}

/// Its beginning: to the minute, the times of handling would tell when somebody works.
fn day_of(at: Timestamp, zone: &TimeZone) -> Timestamp {
    at.moment().to_zoned(zone.clone()).start_of_day().map_or(at, |day| day.timestamp().into())
}

/// The whole ledger as CSV; amounts with four decimals, since a minute costs fractions of a cent.
async fn csv_file(tx: &mut Tx, prices: &Prices, zone: &TimeZone) -> Result<Response> {
    let mut file = csv::Writer::from_writer(Vec::new());
    let header = [
        "id",
        "at",
        "class",
        "item",
        "basis",
        "case",
        "seconds",
        "amount",
        "currency",
        "rates_version",
        "source",
    ];
    file.write_record(header).map_err(anyhow::Error::from)?;
    let mut after = 0;
    loop {
        let entries = finance::ledger(tx, after, BATCH).await?;
        let Some(last) = entries.last() else { break };
        after = last.id;
        for line in lines(tx, entries, prices, zone).await? {
            let amount = line.cents.map(|cents| format!("{:.4}", cents / 100.0)).unwrap_or_default();
            let fields = [
                line.id.to_string(),
                line.at.to_string(),
                line.class,
                line.item.code().to_owned(),
                line.basis.code().to_owned(),
                line.case,
                line.seconds.to_string(),
                amount,
                line.currency.unwrap_or_default(),
                line.rates.to_string(),
                line.source.map(|source| source.to_string()).unwrap_or_default(),
            ];
            file.write_record(fields).map_err(anyhow::Error::from)?;
        }
    }
    let bytes = file.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.csv\""),
    ];
    Ok((headers, bytes).into_response())
}
