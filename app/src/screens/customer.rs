//! One customer: life line, everything that was said on all channels, what is good to know.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::lifeline::{Event, Lifeline, Mark, Stop};
use super::timeline::{Moment, Timeline, What};
use crate::cases;
use crate::cases::web::offer_undo;
use crate::cases::{Case, Channel, Direction, Status};
use crate::channels;
use crate::customers;
use crate::customers::{
    ContactPoint, Customer, File, Note, Objection, PointKind, Promise, Purchase, Purpose,
};
use crate::deadlines;
use crate::findings;
use crate::findings::Finding;
use crate::insights;
use crate::insights::InsightState;
use crate::people;
use crate::platform::{
    Actor, App, Area, CustomerId, Id, InsightId, Page, Query, Result, Right, Timestamp, Tone, Tx, Wants,
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(customer))
}

/// Cases that the life line looks at.
const CASES: i64 = 200;

#[derive(Deserialize, IntoParams)]
struct CustomerQuery {
    /// How far the life line looks back: `all`, `3y` or `1y`.
    #[serde(default)]
    span: String,
    /// Only contacts of this channel.
    channel: Option<Channel>,
    /// Only what was before.
    cursor: Option<String>,
}

/// A sum of orders.
#[derive(Serialize, ToSchema)]
struct Turnover {
    #[schema(value_type = Object)]
    sum: Money,
    orders: i64,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/views/customer.html")]
struct CustomerView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    customer: Customer,
    company: Option<String>,
    keeper_name: Option<String>,
    /// The group or contract by which deadlines are chosen.
    service_group: Option<String>,
    points: Vec<ContactPoint>,
    notes: Vec<Note>,
    promises: Vec<Promise>,
    /// Messages that the customer does not want.
    objections: Vec<Objection>,
    purchases: Vec<Purchase>,
    /// What was sold, before returns, per currency.
    turnover: Vec<Turnover>,
    /// What happened, newest first.
    timeline: Vec<Moment>,
    /// Where the timeline goes on.
    next: Option<String>,
    #[serde(skip)]
    line: Option<Lifeline>,
    /// What the life line shows the state of, besides the customer.
    #[serde(skip)]
    insights: BTreeSet<InsightId>,
    #[serde(skip)]
    span: Span,
    #[serde(skip)]
    channel: Option<Channel>,
    #[serde(skip)]
    keepers: Vec<people::Person>,
}

/// How far the life line looks back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    All,
    Years,
    Year,
}

impl Span {
    const ALL: [Self; 3] = [Self::All, Self::Years, Self::Year];

    fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|span| span.code() == code).unwrap_or(Self::All)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Years => "3y",
            Self::Year => "1y",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "life-all",
            Self::Years => "life-years",
            Self::Year => "life-year",
        }
    }

    fn start(self, now: Timestamp) -> Timestamp {
        match self {
            Self::All => Timestamp(i64::MIN),
            Self::Years => now - Timestamp::days(3 * 365),
            Self::Year => now - Timestamp::days(365),
        }
    }
}

/// Channels that the contacts can be narrowed to.
const CHANNELS: [Channel; 6] =
    [Channel::Email, Channel::Phone, Channel::Chat, Channel::Letter, Channel::Visit, Channel::Social];

impl CustomerView {
    fn url(&self, span: &str, channel: &str) -> String {
        let channel = if channel.is_empty() { String::new() } else { format!("&channel={channel}") };
        format!("/customers/{}?span={span}{channel}", self.customer.id)
    }

    /// What changes the life line: the customer's own, and a cause of theirs that was mended.
    fn life_topics(&self) -> String {
        let insights = self.insights.iter().map(|insight| format!(" insight:{insight}"));
        std::iter::once(format!("customer:{}", self.customer.id)).chain(insights).collect()
    }

    fn of_channel(&self, channel: &Channel) -> String {
        self.url(self.span.code(), channel.code())
    }

    fn of_span(&self, span: &Span) -> String {
        self.url(span.code(), self.channel.map_or("", Channel::code))
    }

    fn more(&self) -> Option<String> {
        let channel = self.channel.map_or("", Channel::code);
        Some(format!("{}&cursor={}", self.url(self.span.code(), channel), self.next.as_ref()?))
    }

    /// What can be declined and was not.
    fn wanted(&self) -> impl Iterator<Item = Purpose> {
        let declined = |purpose: &Purpose| self.objections.iter().any(|one| one.purpose == *purpose);
        Purpose::ALL.iter().copied().filter(move |purpose| purpose.is_optional() && !declined(purpose))
    }

    /// How many promises were kept, of those that came due.
    fn kept(&self) -> Option<String> {
        let due = |promise: &&Promise| promise.kept.is_some() || promise.is_broken(self.page.now());
        let due: Vec<_> = self.promises.iter().filter(due).collect();
        let kept = due.iter().filter(|promise| promise.kept == Some(true)).count();
        let words = || self.page.with2("life-kept-of", ("kept", kept), ("due", due.len())).into_owned();
        (!due.is_empty()).then(words)
    }

    /// How they are addressed, where somebody said so and their language knows it.
    fn own_tone(&self) -> Option<Tone> {
        self.customer.tone.filter(|_| self.customer.language.has_tones())
    }

    fn is_addressed(&self, tone: &str) -> bool {
        self.customer.tone.is_some_and(|own| own.code() == tone)
    }

    fn is_keeper(&self, person: &people::Person) -> bool {
        self.customer.keeper == Some(person.id)
    }

    fn first(&self, kind: PointKind) -> Option<&ContactPoint> {
        self.points.iter().find(|point| point.kind == kind)
    }

    fn address(&self) -> String {
        let customer = &self.customer;
        let town = [customer.postcode.as_deref(), customer.town.as_deref()];
        let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let parts = [customer.street.clone(), Some(town), customer.country.clone()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Everything about one customer.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = i64, Path), CustomerQuery),
    responses((status = 200, body = CustomerView), (status = 404)))]
async fn customer(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<CustomerQuery>,
) -> Result<Response> {
    actor.may(Right::ReadCustomers)?;
    let now = app.now();
    let span = Span::of(&query.span);
    let mut page = wants.page(&app, &actor, Area::Customers);
    let mut tx = app.db.read().await?;
    if page.toast.is_none() || cases::promises::WORDS.iter().any(|word| page.tells(word)) {
        offer_undo(&mut page, &mut tx, &actor, now).await?;
    }
    let file = cases::promises::file(&mut tx, &actor, CustomerId(id), now).await?;
    let keeper_name = match file.customer.keeper {
        Some(keeper) => Some(people::person(&mut tx, keeper).await?.name),
        None => None,
    };
    let (events, insights) = events(&mut tx, &actor, &file, span.start(now), &page).await?;
    let stations = findings::stations(&mut tx).await?;
    let stop = |station: findings::Station| Stop {
        name: station.name_in(&page),
        icon: station.icon(),
        code: station.code,
    };
    let stops = stations.into_iter().map(stop).collect();
    let timeline = Timeline::load(&mut tx, &actor, &file, query.channel, query.cursor.as_deref()).await?;
    let turnover = customers::turnover(&mut tx, CustomerId(id)).await?;
    let keepers = cases::web::owners(&mut tx).await?;
    let service_group = deadlines::group_of(&mut tx, CustomerId(id)).await?;
    let File { customer, company, points, notes, purchases, promises, objections } = file;
    wants.answer(&CustomerView {
        line: Lifeline::draw(events, stops, now, page.zone()),
        insights,
        page,
        customer,
        company,
        keeper_name,
        service_group,
        points,
        notes,
        promises,
        objections,
        purchases,
        turnover: turnover.into_iter().map(|(sum, orders)| Turnover { sum, orders }).collect(),
        timeline: timeline.moments,
        next: timeline.next,
        span,
        channel: query.channel,
        keepers,
    })
}

/// What happened at which station, and the insights that it belongs to.
async fn events(
    tx: &mut Tx,
    actor: &Actor,
    file: &File,
    start: Timestamp,
    page: &Page,
) -> Result<(Vec<Event>, BTreeSet<InsightId>)> {
    let mut events: Vec<Event> = file.purchases.iter().map(bought).collect();
    let mut insights = BTreeSet::new();
    if actor.can(Right::ReadCases) {
        let mut findings = findings::of_customer(tx, file.customer.id, CASES).await?;
        let of: Vec<_> = findings.iter().map(|finding| finding.case).collect();
        let unseen = cases::sight::unseen(tx, actor, &of).await?;
        findings.retain(|finding| !unseen.contains(&finding.case));
        let cases = cases::of_customer(tx, actor, file.customer.id, CASES).await?;
        let mended = mended(tx).await?;
        insights.extend(findings.iter().filter_map(|finding| finding.insight));
        events.extend(findings.iter().map(|finding| said(finding, &mended, page)));
        events.extend(cases.iter().map(served));
    }
    if events.is_empty() {
        let label = page.t("life-first").into_owned();
        let (at, station) = (file.customer.since, "awareness".to_owned());
        events.push(Event { at, station, mark: Mark::Was, label, cents: 0 });
    }
    events.retain(|event| start <= event.at);
    Ok((events, insights))
}

fn bought(purchase: &Purchase) -> Event {
    Event {
        at: purchase.at,
        station: "purchase".into(),
        mark: Mark::Was,
        label: purchase.product.clone(),
        cents: purchase.price.cents,
    }
}

/// What a case said about a station: its causes are cracks until they are mended.
fn said(finding: &Finding, mended: &BTreeSet<InsightId>, page: &Page) -> Event {
    let mark = match finding.kind {
        findings::Kind::Cause if finding.insight.is_some_and(|insight| mended.contains(&insight)) => {
            Mark::Mended
        }
        findings::Kind::Cause => Mark::Crack,
        findings::Kind::Praise => Mark::Good,
        findings::Kind::Wish => Mark::Wish,
        findings::Kind::Competitor => Mark::Rival,
        findings::Kind::Unclear | findings::Kind::Hindrance => Mark::Was,
    };
    let label =
        finding.quote.clone().unwrap_or_else(|| page.t(&format!("kind-{}", finding.kind)).into_owned());
    Event { at: finding.at, station: finding.station.clone(), mark, label, cents: 0 }
}

/// The insights whose cause is gone.
async fn mended(tx: &mut Tx) -> Result<BTreeSet<InsightId>> {
    let done =
        |insight: &insights::Insight| matches!(insight.state, InsightState::Fixed | InsightState::Verified);
    Ok(insights::all(tx).await?.iter().filter(|insight| done(insight)).map(|insight| insight.id).collect())
}

/// A case is a stop at the service, whatever brought the customer there.
fn served(case: &Case) -> Event {
    Event {
        at: case.created_at,
        station: "service".into(),
        mark: Mark::Was,
        label: if case.status == Status::Closed { String::new() } else { case.subject.clone() },
        cents: 0,
    }
}
