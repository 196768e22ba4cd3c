//! The settings page of the rates: what has to be entered once so that service can be priced.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use money::{Currency, Hours, MinuteRateInputs, Money, Notation, ParseError, Percent};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::finance;
use crate::finance::{Needed, Rates, RatesVersion};
use crate::people;
use crate::platform::web::{Corrections, day, zoned};
use crate::platform::{
    Actor, App, Area, Error, FieldError, Input, Language, Page, Result, Right, Timestamp, Wants, Words,
};

/// Hours that a full-time position is paid in a year; all else was mistyped.
const FEWEST_HOURS: Hours = Hours::whole(1000);
const MOST_HOURS: Hours = Hours::whole(3000);
const MOST_OVERHEAD: Percent = Percent::whole(300);

/// A version of the rates. What was not entered is null.
#[derive(Serialize, ToSchema)]
struct RatesJson {
    version: i64,
    valid_from: Timestamp,
    #[schema(value_type = Option<Object>)]
    yearly_cost: Option<Money>,
    overhead_percent: Option<f64>,
    paid_hours: Option<f64>,
    shrinkage_percent: Option<f64>,
    vat_percent: Option<f64>,
    redemption_percent: Option<f64>,
    author: Option<String>,
    at: Timestamp,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "finance/views/rates.html")]
struct RatesView {
    #[serde(skip)]
    page: Page,
    /// What an hour of active handling costs by the newest version; null: not computable.
    #[schema(value_type = Option<Object>)]
    hour_rate: Option<Money>,
    /// What a minute costs, in cents with fractions.
    minute_rate_cents: Option<f64>,
    #[serde(skip)]
    minute_rate: Option<Money>,
    /// What has to be entered before handling can be priced.
    missing: Vec<Needed>,
    /// Newest first.
    versions: Vec<RatesJson>,
    #[serde(skip)]
    form: RatesForm,
    #[serde(skip)]
    errors: Corrections,
}

/// Texts as people type them; empty for what is not known.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct RatesForm {
    yearly_cost: String,
    overhead_percent: String,
    paid_hours: String,
    shrinkage_percent: String,
    vat_percent: String,
    redemption_percent: String,
    /// As in 2026-11-16; empty for today. The first version is valid from the beginning.
    valid_from: String,
}

/// The rates: their versions, and the price of an hour and a minute that follows.
#[utoipa::path(get, path = "/settings/rates", tag = "finance", responses((status = 200, body = RatesView)))]
pub async fn page(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::EditRates)?;
    let mut tx = app.db.read().await?;
    let versions = finance::rates(&mut tx).await?;
    let form = versions.last().map(|version| RatesForm::of(&version.rates, &wants.words)).unwrap_or_default();
    drop(tx);
    show(&app, &actor, &wants, StatusCode::OK, form, Corrections::default()).await
}

/// Enters a new version of the rates.
#[utoipa::path(post, path = "/settings/rates", tag = "finance", request_body = RatesForm,
    responses((status = 200, body = RatesView), (status = 422)))]
pub async fn set(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<RatesForm>,
) -> Result<Response> {
    actor.may(Right::EditRates)?;
    match form.parse(&app, wants.notation()) {
        Ok((rates, valid_from)) => {
            let version = finance::set_rates(&app, &actor, &rates, valid_from).await?;
            wants.done("/settings/rates", "saved", &serde_json::json!({ "version": version }))
        }
        Err(errors) if wants.json => Err(Error::Invalid(errors)),
        Err(errors) => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: RatesForm,
    errors: Corrections,
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let versions = finance::rates(&mut tx).await?;
    let people = people::all(&mut tx).await?;
    let handling = versions.last().map(|version| version.rates.handling).unwrap_or_default();
    let (rate, missing) = match handling.minute_rate() {
        Ok(rate) => (Some(rate), Vec::new()),
        Err(missing) => {
            (None, missing.empty.into_iter().chain(missing.impossible).map(Needed::from).collect())
        }
    };
    let hour = rate.and_then(|rate| rate.per_hour().ok());
    let minute = rate.and_then(|rate| rate.per_minute().ok());
    let json = |version: RatesVersion| {
        let author = people.iter().find(|one| Some(one.id) == version.person).map(|one| one.name.clone());
        RatesJson::of(&version, author)
    };
    let view = RatesView {
        page: wants.page(app, actor, Area::Settings),
        hour_rate: hour.and_then(|exact| exact.round().ok()),
        minute_rate_cents: minute.map(money::Exact::cents),
        minute_rate: minute.and_then(|exact| exact.round().ok()),
        missing,
        versions: versions.into_iter().rev().map(json).collect(),
        form,
        errors,
    };
    wants.answer_as(status, &view)
}

impl RatesJson {
    fn of(version: &RatesVersion, author: Option<String>) -> Self {
        let rates = &version.rates;
        Self {
            version: version.id,
            valid_from: version.valid_from,
            yearly_cost: rates.handling.yearly_cost,
            overhead_percent: rates.handling.overhead_percent.map(f64::from),
            paid_hours: rates.handling.paid_hours.map(f64::from),
            shrinkage_percent: rates.handling.shrinkage_percent.map(f64::from),
            vat_percent: rates.vat.map(f64::from),
            redemption_percent: rates.redemption.map(f64::from),
            author,
            at: version.at,
        }
    }

    /// Overhead, hours, shrinkage, VAT and redemption as the table shows them.
    fn figures(&self, words: &Words) -> [String; 5] {
        let figures = [
            self.overhead_percent,
            self.paid_hours,
            self.shrinkage_percent,
            self.vat_percent,
            self.redemption_percent,
        ];
        figures.map(|figure| figure.map_or_else(|| "–".to_owned(), |figure| words.figure(figure)))
    }

    /// Nobody entered what Kitt brought along.
    fn is_entered(&self) -> bool {
        Timestamp(0) < self.at
    }

    /// Was it there from the beginning?
    fn is_first(&self) -> bool {
        self.valid_from == Timestamp(0)
    }
}

impl RatesForm {
    fn of(rates: &Rates, words: &Words) -> Self {
        let percent =
            |share: Option<Percent>| share.map(|share| typed(share.hundredths(), words)).unwrap_or_default();
        Self {
            yearly_cost: rates.handling.yearly_cost.map(|cost| words.money(&cost)).unwrap_or_default(),
            overhead_percent: percent(rates.handling.overhead_percent),
            paid_hours: rates
                .handling
                .paid_hours
                .map(|hours| typed(hours.hundredths(), words))
                .unwrap_or_default(),
            shrinkage_percent: percent(rates.handling.shrinkage_percent),
            vat_percent: percent(rates.vat),
            redemption_percent: percent(rates.redemption),
            valid_from: String::new(),
        }
    }

    /// All wrong fields at once; empty ones are simply not known.
    fn parse(&self, app: &App, notation: Notation) -> Result<(Rates, Timestamp), Vec<FieldError>> {
        let mut wrong = Wrong::default();
        let percent = |text: &str| Percent::parse(text, notation);
        let yearly =
            wrong.read("yearly_cost", &self.yearly_cost, |text| Money::parse(text, Currency::Eur, notation));
        if yearly.is_some_and(|cost| cost.cents < 0) {
            wrong.say("yearly_cost", "finance-not-negative");
        }
        let hours = wrong.read("paid_hours", &self.paid_hours, |text| Hours::parse(text, notation));
        if hours.is_some_and(|hours| !(FEWEST_HOURS..=MOST_HOURS).contains(&hours)) {
            wrong.say("paid_hours", "finance-hours-wrong");
        }
        let shrinkage = wrong.read("shrinkage_percent", &self.shrinkage_percent, percent);
        if shrinkage.is_some_and(|share| Percent::whole(100) <= share) {
            wrong.say("shrinkage_percent", "finance-shrinkage-all");
        }
        let redemption = wrong.read("redemption_percent", &self.redemption_percent, percent);
        if redemption.is_some_and(|share| Percent::whole(100) < share) {
            wrong.say("redemption_percent", "finance-redemption-all");
        }
        let overhead = wrong.read("overhead_percent", &self.overhead_percent, percent);
        if overhead.is_some_and(|share| MOST_OVERHEAD < share) {
            wrong.say("overhead_percent", "finance-overhead-much");
        }
        let vat = wrong.read("vat_percent", &self.vat_percent, percent);
        if vat.is_some_and(|share| Percent::whole(100) < share) {
            wrong.say("vat_percent", "finance-vat-all");
        }
        let rates = Rates {
            handling: MinuteRateInputs {
                yearly_cost: yearly,
                overhead_percent: overhead,
                paid_hours: hours,
                shrinkage_percent: shrinkage,
            },
            currency: yearly.map_or(Currency::Eur, |cost| cost.currency),
            vat,
            redemption,
        };
        let valid_from = wrong.day(app, &self.valid_from);
        if wrong.0.is_empty() { Ok((rates, valid_from)) } else { Err(wrong.0) }
    }
}

/// The fields that have to be corrected.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn say(&mut self, field: &'static str, word: &'static str) {
        self.0.push(FieldError { field, word });
    }

    fn read<T>(
        &mut self,
        field: &'static str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, ParseError>,
    ) -> Option<T> {
        if text.trim().is_empty() {
            return None;
        }
        let read = parse(text);
        if read.is_err() {
            self.say(field, "finance-not-a-number");
        }
        read.ok()
    }

    /// The start of the day; now for an empty text.
    fn day(&mut self, app: &App, text: &str) -> Timestamp {
        if text.trim().is_empty() {
            return app.now();
        }
        let malformed = || Error::invalid("valid_from", "error-field-malformed");
        let start =
            day(text).ok_or_else(malformed).and_then(|day| zoned(app, "valid_from", day.at(0, 0, 0, 0)));
        match start {
            Ok(start) => start,
            Err(Error::Invalid(errors)) => {
                self.0.extend(errors);
                app.now()
            }
            Err(_) => app.now(),
        }
    }
}

/// Hundredths as people type them: "20", "12,5".
fn typed(hundredths: u32, words: &Words) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    let point = if words.language == Language::De { ',' } else { '.' };
    match (rest / 10, rest % 10) {
        (0, 0) => whole.to_string(),
        (tenth, 0) => format!("{whole}{point}{tenth}"),
        (tenth, hundredth) => format!("{whole}{point}{tenth}{hundredth}"),
    }
}
