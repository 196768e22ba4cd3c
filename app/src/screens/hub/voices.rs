//! The customers' own words: behind every cell of the map and on every insight's page.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::house::House;
use super::query::HubQuery;
use crate::cases;
use crate::cases::Channel;
use crate::customers;
use crate::customers::Customer;
use crate::insights::map::{Quote, Wanted, quotes};
use crate::insights::{Kind, Names, redact};
use crate::people;
use crate::platform::parts;
use crate::platform::{
    Actor, App, Area, CaseId, CustomerId, DepartmentId, Error, InsightId, Page, Query, Result, Right,
    Timestamp, Tx, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(words))
}

/// Quotes on one page.
const QUOTES: i64 = 30;

/// What a customer said. Outside service without names, addresses and numbers.
#[derive(Serialize, ToSchema)]
pub struct Voice {
    pub quote: String,
    pub channel: Channel,
    pub at: Timestamp,
    pub insight: Option<InsightId>,
    /// The case's number, for those who may read cases.
    pub case: Option<String>,
    /// The year since which we know the customer.
    pub since: i16,
}

/// Who reads: service sees who spoke, as far as they may know of the case, everybody else only what was said.
pub enum Reader {
    Service(Box<Actor>),
    /// With the names of the house's people, to be taken out.
    House(Names),
}

impl Reader {
    pub async fn load(tx: &mut Tx, actor: &Actor) -> Result<Self> {
        if actor.can(Right::ReadCases) {
            return Ok(Self::Service(Box::new(actor.clone())));
        }
        let people = people::all(tx).await?;
        Ok(Self::House(people.iter().map(|person| person.name.as_str()).collect()))
    }
}

/// The newest voices, as this reader may see them.
pub async fn voices(tx: &mut Tx, reader: &Reader, wanted: &Wanted, limit: i64) -> Result<Vec<Voice>> {
    let quotes = quotes(tx, wanted, limit).await?;
    shown(tx, reader, &quotes).await
}

pub async fn shown(tx: &mut Tx, reader: &Reader, quotes: &[Quote]) -> Result<Vec<Voice>> {
    let ids: Vec<CustomerId> = quotes.iter().map(|quote| quote.customer).collect();
    let customers = customers::some(tx, &ids).await?;
    let (numbers, unseen) = match reader {
        Reader::Service(actor) => {
            let ids: Vec<CaseId> = quotes.iter().map(|quote| quote.case).collect();
            (cases::numbers(tx, &ids).await?, cases::sight::unseen(tx, actor, &ids).await?)
        }
        Reader::House(_) => (HashMap::new(), HashSet::new()),
    };
    let mut voices = Vec::new();
    for quote in quotes.iter().filter(|quote| !unseen.contains(&quote.case)) {
        let customer = customers.get(&quote.customer).ok_or(Error::NotFound)?;
        let (said, case) = match reader {
            Reader::Service(_) => (quote.quote.clone(), numbers.get(&quote.case).cloned()),
            Reader::House(names) => (redact(&quote.quote, names, &named(customer)), None),
        };
        voices.push(Voice {
            quote: said,
            channel: quote.channel,
            at: quote.at,
            insight: quote.insight,
            case,
            since: customer.since.moment().to_zoned(jiff::tz::TimeZone::UTC).year(),
        });
    }
    Ok(voices)
}

/// What tells who the customer is, and where they live.
fn named(customer: &Customer) -> String {
    let parts = [Some(&customer.name), customer.street.as_ref(), customer.town.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[derive(Deserialize, IntoParams)]
struct WordsQuery {
    /// The station's place in the customer's life, from 0
    station: Option<i64>,
    /// A department's id, or `none`
    #[serde(default)]
    department: String,
    insight: Option<i64>,
    /// `cause`, `wish`, `competitor`, `praise`, `unclear`, `hindrance`
    #[serde(default)]
    kind: String,
    /// At most 200.
    limit: Option<i64>,
    cursor: Option<String>,
    // The hub's own filters; flattening would make every number a text.
    #[serde(default)]
    time: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    channel: String,
}

impl WordsQuery {
    fn hub(&self) -> HubQuery {
        HubQuery {
            time: self.time.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            product: self.product.clone(),
            channel: self.channel.clone(),
            measure: String::new(),
        }
    }

    async fn wanted(&self, app: &App, tx: &mut Tx) -> Result<Wanted> {
        Ok(Wanted {
            insight: self.insight.map(InsightId),
            // A cell of the map holds causes.
            kind: Kind::from_code(&self.kind).or(self.station.map(|_| Kind::Cause)),
            station: self.station,
            department: match self.department.as_str() {
                "" => None,
                "none" => Some(None),
                id => id.parse().ok().map(|id| Some(DepartmentId(id))),
            },
            filter: self.hub().filter(app, tx).await?,
            before: self.cursor.as_deref().and_then(parts::read_cursor),
        })
    }

    fn next_url(&self, cursor: &str) -> String {
        let mut query =
            url::form_urlencoded::Serializer::new(self.hub().search().trim_start_matches('?').to_owned());
        if let Some(station) = self.station {
            query.append_pair("station", &station.to_string());
        }
        if let Some(insight) = self.insight {
            query.append_pair("insight", &insight.to_string());
        }
        for (name, value) in [("department", &self.department), ("kind", &self.kind)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("cursor", cursor);
        format!("/hub/words?{}", query.finish())
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/hub/views/words.html")]
struct WordsView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    title: String,
    #[serde(skip)]
    time: String,
    #[serde(skip)]
    back: String,
    #[serde(skip)]
    more: Option<String>,
    #[serde(skip)]
    titles: Vec<String>,
    items: Vec<Voice>,
    next: Option<String>,
}

/// What customers said, word for word, newest first.
#[utoipa::path(get, path = "/hub/words", tag = "hub", params(WordsQuery), responses((status = 200, body = WordsView)))]
async fn words(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<WordsQuery>,
) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let page = wants.page(&app, &actor, Area::Hub);
    let wanted = query.wanted(&app, &mut tx).await?;
    let limit = parts::limit(query.limit, QUOTES);
    let found = quotes(&mut tx, &wanted, limit + 1).await?;
    let (found, next) = parts::cut(found, limit, |last| parts::cursor(last.at, last.id));
    let house = House::load(&mut tx).await?;
    let reader = Reader::load(&mut tx, &actor).await?;
    let items = shown(&mut tx, &reader, &found).await?;
    wants.answer(&WordsView {
        title: title(&page, &house, &wanted),
        time: query.hub().choice().title(&page),
        back: format!("/hub{}", query.hub().search()),
        more: next.as_deref().map(|cursor| query.next_url(cursor)),
        titles: items.iter().map(|voice| house.title(&page, voice.insight)).collect(),
        items,
        next,
        page,
    })
}

/// "Lieferung, Logistik", or the insight's title.
fn title(page: &Page, house: &House, wanted: &Wanted) -> String {
    if wanted.insight.is_some() {
        return house.title(page, wanted.insight);
    }
    let station = wanted.station.map(|place| house.station(page, place));
    let department = wanted.department.map(|department| house.department(page, department));
    let parts: Vec<String> = station.into_iter().chain(department).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { page.t("hub-words").into_owned() } else { parts.join(", ") }
}
