//! One insight: evidence, trend, numbers, decision, talk.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::history::{self, CommentJson, DecisionJson, Waiting};
use super::inbox::{DepartmentJson, InsightList, readable};
use super::numbers::{self, Numbers, Part};
use crate::customers;
use crate::insights;
use crate::insights::answers;
use crate::insights::map::{Filter, Piece, Pieces, Wanted, board, weekly};
use crate::insights::tell;
use crate::insights::{Insight, InsightState, Step};
use crate::people;
use crate::people::Person;
use crate::platform::{Actor, App, Area, Id, InsightId, Page, PersonId, Result, Right, Timestamp, Tx, Wants};
use crate::screens::chart::{Mark, Svg, trend};
use crate::screens::costs;
use crate::screens::hub::{House, Reader, Voice, voices};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(insight))
}

/// Answers to many cases that are shown.
const RUNS: i64 = 3;
/// Weeks of the trend.
const WEEKS: usize = 18;

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/department/views/insight.html")]
struct InsightView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    list: InsightList,
    #[serde(flatten)]
    insight: Insight,
    /// As the house calls it.
    station_name: String,
    department_name: Option<String>,
    owner_name: Option<String>,
    reported_by: Option<String>,
    numbers: Numbers,
    waiting: Waiting,
    /// What the reader can decide now.
    steps: Vec<Step>,
    decisions: Vec<DecisionJson>,
    comments: Vec<CommentJson>,
    /// Cases per week, oldest first; the last week ends now.
    weeks: Vec<Week>,
    #[serde(skip)]
    trend: Svg,
    voices: Vec<Voice>,
    products: Vec<Part>,
    channels: Vec<Part>,
    /// Customers who said it and know that it is fixed.
    told: i64,
    untold: i64,
    /// Open cases that the reader may answer, up to 501.
    open_cases: i64,
    /// The newest answers to many of its cases.
    #[serde(skip)]
    runs: Vec<(answers::Run, answers::Progress)>,
    #[serde(skip)]
    choices: Choices,
    #[serde(skip)]
    stations: Vec<(&'static str, String)>,
}

#[derive(Serialize, ToSchema)]
struct Week {
    /// "16.11.2026"
    #[serde(skip)]
    label: String,
    /// "16.11."
    #[serde(skip)]
    tick: String,
    begin: Timestamp,
    cases: i64,
}

/// Whom the dialogs offer.
struct Choices {
    arbiters: Vec<(PersonId, String)>,
    members: Vec<(PersonId, String)>,
    departments: Vec<DepartmentJson>,
    may_settle: bool,
    /// The first day that can be announced.
    today: String,
}

/// One insight with its evidence, decisions and talk.
#[utoipa::path(get, path = "/insights/{id}", tag = "insights", params(("id" = i64, Path)),
    responses((status = 200, body = InsightView), (status = 404)))]
async fn insight(actor: Actor, wants: Wants, State(app): State<App>, Id(id): Id<i64>) -> Result<Response> {
    actor.may(Right::ReadInsights)?;
    let mut tx = app.db.read().await?;
    let insight = insights::insight(&mut tx, InsightId(id)).await?;
    let area = if actor.can(Right::DecideInsights) { Area::Department } else { Area::Hub };
    let page = wants.page(&app, &actor, area);
    let pieces = board(&app, &mut tx, costs::PRICES).await?;
    let mut view = InsightView::load(&mut tx, page, &actor, &pieces, insight).await?;
    if actor.can(Right::WorkCases) {
        view.open_cases = answers::count_open(&app, &mut tx, &actor, InsightId(id)).await?;
        view.runs = answers::runs(&mut tx, InsightId(id), RUNS).await?;
    }
    wants.answer(&view)
}

impl InsightView {
    /// "Verschickt · heute, 9:30: 23 beantwortet"
    fn run_line(&self, (run, progress): &(answers::Run, answers::Progress)) -> String {
        let (when, sent) = (self.page.when(&run.at), self.page.number(progress.sent));
        let how = self.page.with2("answers-run-of", ("when", when), ("sent", sent));
        format!("{} · {how}", self.page.t(&format!("answers-state-{}", run.state)))
    }

    async fn load(tx: &mut Tx, page: Page, actor: &Actor, pieces: &Pieces, insight: Insight) -> Result<Self> {
        let now = page.now();
        let house = House::load(tx).await?;
        let people = people::all(tx).await?;
        let may_decide = insights::may_decide(actor, &insight);
        let weeks = weeks(&page, pieces, insight.id);
        let (told, untold) = tell::told(tx, insight.id).await?;
        let products: HashMap<_, _> =
            customers::products(tx).await?.into_iter().map(|product| (product.id, product.name)).collect();
        let channel = |channel| page.t(&format!("channel-{channel}")).into_owned();
        let ever = Filter { to: Timestamp(i64::MAX), ..Filter::default() };
        let wanted = Wanted { insight: Some(insight.id), filter: ever, ..Wanted::default() };
        let reader = Reader::load(tx, actor).await?;
        let numbers = Numbers::load(tx, pieces, insight.id, now).await?;
        Ok(Self {
            list: InsightList::load(tx, &page, actor, pieces, readable(actor, insight.department)).await?,
            station_name: house
                .stations
                .iter()
                .find(|station| station.code == insight.station)
                .map_or_else(String::new, |station| station.name_in(&page)),
            department_name: insight.department.map(|department| house.department(&page, Some(department))),
            owner_name: name_of(&people, insight.owner),
            reported_by: name_of(&people, insight.created_by),
            waiting: Waiting::new(&insight, now),
            steps: if may_decide { possible(insight.state) } else { Vec::new() },
            decisions: history::decisions(tx, &page, &insight).await?,
            comments: history::comments(tx, &insight).await?,
            trend: draw(&page, &insight, &weeks),
            voices: voices(tx, &reader, &wanted, 3).await?,
            products: numbers::by_product(pieces, insight.id, now, &products),
            channels: numbers::by_channel(pieces, insight.id, now, channel),
            choices: choices(tx, &page, actor, &people, &insight, may_decide).await?,
            open_cases: 0,
            runs: Vec::new(),
            stations: stations(&page, &house, &insight),
            numbers,
            weeks,
            told,
            untold,
            insight,
            page,
        })
    }

    /// Where all that was ever said about it is had as a file; `format=…` goes behind it.
    fn quotes(&self) -> String {
        let (insight, today) = (self.insight.id, &self.choices.today);
        format!("/exports/quotes?insight={insight}&time=custom&from=2000-01-01&to={today}&")
    }

    fn can(&self, step: &str) -> bool {
        self.steps.iter().any(|one| one.code() == step)
    }

    fn is_open(&self, id: &InsightId) -> bool {
        self.insight.id == *id
    }

    /// On narrow screens the page comes first, and the list is a page of its own.
    #[expect(clippy::unused_self, reason = "the list asks its page")]
    const fn list_style(&self) -> &'static str {
        ""
    }

    fn is_owner(&self, id: &PersonId) -> bool {
        self.insight.owner == Some(*id)
    }

    fn is_kind(&self, kind: &str) -> bool {
        self.insight.kind.code() == kind
    }

    fn is(&self, state: &str) -> bool {
        self.insight.state.code() == state
    }

    /// Of those who said it, in percent.
    fn part_told(&self) -> i64 {
        self.told * 100 / (self.told + self.untold).max(1)
    }

    fn may_tell(&self) -> bool {
        self.page.can("tell_customers") || self.page.can("approve_telling")
    }

    const fn is_mended(&self) -> bool {
        self.insight.is_mended()
    }
}

fn name_of(people: &[Person], id: Option<PersonId>) -> Option<String> {
    people.iter().find(|person| Some(person.id) == id).map(|person| person.name.clone())
}

fn possible(state: InsightState) -> Vec<Step> {
    Step::ALL.iter().copied().filter(|step| insights::next(state, *step).is_some()).collect()
}

async fn choices(
    tx: &mut Tx,
    page: &Page,
    actor: &Actor,
    people: &[Person],
    insight: &Insight,
    may_decide: bool,
) -> Result<Choices> {
    let pair = |person: &Person| (person.id, person.name.clone());
    let member = |person: &&Person| {
        may_decide && person.active && insight.department.is_some_and(|own| person.belongs_to(&own))
    };
    let disputed = insight.state == InsightState::Disputed;
    Ok(Choices {
        arbiters: insights::arbiters(tx).await?.iter().map(pair).collect(),
        members: people.iter().filter(member).map(pair).collect(),
        departments: people::departments(tx)
            .await?
            .iter()
            .filter(|one| disputed || Some(one.id) != insight.department)
            .map(DepartmentJson::from)
            .collect(),
        may_settle: insights::may_settle(tx, actor, insight).await?,
        today: page.now().moment().to_zoned(page.zone().clone()).date().to_string(),
    })
}

/// The classes of the eight dots: what lies before, and the crack.
fn stations(page: &Page, house: &House, insight: &Insight) -> Vec<(&'static str, String)> {
    let here = house.stations.iter().position(|station| station.code == insight.station);
    let mended =
        matches!(insight.state, InsightState::Planned | InsightState::Fixed | InsightState::Verified);
    let class = |place: usize| match here {
        Some(here) if place < here => "was",
        Some(here) if place == here && mended => "mended",
        Some(here) if place == here => "crack",
        _ => "",
    };
    house.stations.iter().enumerate().map(|(place, station)| (class(place), station.name_in(page))).collect()
}

fn weeks(page: &Page, pieces: &[Piece], insight: InsightId) -> Vec<Week> {
    let counts = weekly(pieces, insight, page.now(), WEEKS);
    let begin = |index: usize| page.now() - Timestamp::days(7 * i64::try_from(WEEKS - index).unwrap_or(0));
    let week = |(index, cases)| {
        let begin = begin(index);
        let date = begin.moment().to_zoned(page.zone().clone()).date();
        Week { label: page.civil(date), tick: page.day_of_year(date), begin, cases }
    };
    counts.into_iter().enumerate().map(week).collect()
}

fn draw(page: &Page, insight: &Insight, weeks: &[Week]) -> Svg {
    let counts: Vec<i64> = weeks.iter().map(|week| week.cases).collect();
    let labels: Vec<String> = weeks.iter().map(|week| week.tick.clone()).collect();
    let mark = insight.decided_at.filter(|_| insight.is_mended()).and_then(|at| {
        let index = weeks.iter().rposition(|week| week.begin <= at)?;
        Some(Mark { index, text: page.with("insight-fixed-on", "day", page.day(&at)).into_owned() })
    });
    let (first, last) = (counts.first().copied().unwrap_or(0), counts.last().copied().unwrap_or(0));
    let most = counts.iter().copied().max().unwrap_or(0);
    let name = page.with2("insight-trend-name", ("range", format!("{first}, {last}")), ("most", most));
    trend(&counts, &labels, "bad", mark.as_ref(), &name)
}
