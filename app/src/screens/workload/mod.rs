//! The workload: what comes in, what waits and for how long, and which deadlines are kept, by queue, team, channel and
//! hour.
//!
//! For those who lead, about queues that they may see. No figure is about a person, and figures of how people work are
//! shown of groups only ([`board`]). Every chart is a table, too, and every table a file; counts lead to their cases.

mod board;
mod query;
mod staff;
mod table;

use std::ops::Range;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::board::{Board, Left, NO_TEAM, Point, Row, Sums, Waits};
use self::query::{Span, WorkloadQuery};
use super::chart::{Svg, trend};
use crate::cases::figures;
use crate::cases::{Channel, Condition, Field, Filter, Status, Test};
use crate::platform::{Actor, App, Area, Page, Query, Result, Right, Timestamp, Wants};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(table::table))
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "screens/workload/views/workload.html")]
struct WorkloadView {
    #[serde(skip)]
    page: Page,
    #[serde(skip)]
    query: WorkloadQuery,
    #[serde(skip)]
    queues_offered: Vec<(String, String)>,
    #[serde(skip)]
    heat: Vec<HeatRow>,
    /// The hours that the map shows: from the first in which something came to the last.
    #[serde(skip)]
    hours_shown: Range<usize>,
    #[serde(skip)]
    flow: Svg,
    #[serde(skip)]
    backlog: Option<Svg>,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    sums: Sums,
    /// As many days before; for today the same weekday a week ago up to the same hour.
    before: Sums,
    now: Left,
    /// Days, or hours of today.
    points: Vec<Point>,
    queues: Vec<Row>,
    /// Empty where no team has several queues.
    teams: Vec<Row>,
    channels: Vec<Row>,
    /// Opened cases by weekday, Monday first, and hour.
    week: [[i64; 24]; 7],
    /// Fewer than eight people work on what is looked at: how long things took and when is not shown.
    small: bool,
    /// Fewer than eight people work in some of it: it is in no such figure.
    partly: bool,
    /// Former days are still being counted.
    is_counting: bool,
}

/// A weekday of the map of hours.
struct HeatRow {
    name: String,
    /// Of each hour that is shown: opened cases, and the step of colour from 0 to 6.
    cells: Vec<(i64, i64)>,
}

/// What happened in the work, and what is left of it.
#[utoipa::path(get, path = "/workload", tag = "cases", params(WorkloadQuery), responses((status = 200, body = WorkloadView)))]
async fn show(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<WorkloadQuery>,
) -> Result<Response> {
    actor.may(Right::LeadPeople)?;
    let mut tx = app.db.read().await?;
    let board = Board::load(&app, &mut tx, &actor, &query).await?;
    let page = wants.page(&app, &actor, Area::Workload);
    wants.answer(&WorkloadView::new(page, query, board))
}

impl WorkloadView {
    fn new(page: Page, query: WorkloadQuery, board: Board) -> Self {
        let label = |point: &Point| {
            point.at.parse::<Date>().map_or_else(|_| point.at.clone(), |day| page.day_of_year(day))
        };
        let labels: Vec<String> = match query.span() {
            Span::Today => (0..24).map(quarter_of_day).collect(),
            Span::Week | Span::Month | Span::Quarter => board.points.iter().map(label).collect(),
        };
        let opened: Vec<i64> = board.points.iter().map(|point| point.opened).collect();
        let name = page.n("workload-opened-name", board.sums.opened);
        let flow = trend(&opened, &labels, "plum", None, &name);
        let left: Vec<i64> = board.points.iter().filter_map(|point| point.left).collect();
        let name = page.n("workload-left-name", board.now.all());
        let backlog = (!left.is_empty()).then(|| trend(&left, &labels, "gold-2", None, &name));
        let hours_shown = hours_with_cases(&board.week);
        let word = |channel: &str| page.t(&format!("channel-{channel}")).into_owned();
        let mut channels = board.channels;
        for row in &mut channels {
            row.name = word(&row.code);
        }
        let mut teams = board.teams;
        for row in teams.iter_mut().filter(|row| row.code == NO_TEAM) {
            row.name = page.t("workload-no-team").into_owned();
        }
        Self {
            heat: heat(&page, &board.week, &hours_shown),
            hours_shown,
            queues_offered: board.choices.iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
            flow,
            backlog,
            from: board.from.to_string(),
            to: board.to.yesterday().unwrap_or(board.from).to_string(),
            sums: board.sums,
            before: board.before,
            now: board.now,
            points: board.points,
            queues: board.queues,
            teams,
            channels,
            week: board.week,
            small: board.small,
            partly: board.partly,
            is_counting: board.is_counting,
            page,
            query,
        }
    }

    /// What is to change for these figures to be others.
    fn topics(&self) -> String {
        self.query.queue().map_or_else(|| "queue".to_owned(), |queue| format!("queue:{queue}"))
    }

    fn is_today(&self) -> bool {
        self.query.span() == Span::Today
    }

    /// "3 Std. 20 Min.", and of more than two days in days, as `days` says it.
    fn lasted(&self, minutes: i64, days: &str) -> String {
        const TWO_DAYS: i64 = 2 * 24 * 60;
        if minutes < TWO_DAYS {
            return self.page.minutes(minutes);
        }
        self.page.n(days, (minutes + 12 * 60) / (24 * 60)).into_owned()
    }

    fn median(&self, waits: Option<&Waits>) -> String {
        waits.map_or_else(|| "–".to_owned(), |waits| self.lasted(waits.median_minutes, "span-days"))
    }

    /// As it stands behind "in".
    fn most(&self, waits: Option<&Waits>) -> String {
        waits.map_or_else(|| "–".to_owned(), |waits| self.lasted(waits.most_minutes, "workload-in-days"))
    }

    /// A count, or a dash where it would tell of single people.
    fn count(&self, count: Option<&i64>) -> String {
        count.map_or_else(|| "–".to_owned(), |count| self.page.number(count))
    }

    fn kept(sums: &Sums) -> String {
        sums.deadlines
            .as_ref()
            .map_or_else(|| "–".to_owned(), |deadlines| format!("{} %", deadlines.percent()))
    }

    /// What a figure was before; nothing where it was a dash.
    fn was(&self, before: String) -> Option<String> {
        (before != "–").then(|| self.page.with("workload-before", "n", before).into_owned())
    }

    /// The page of one queue or channel alone; a team has none.
    fn narrowed(&self, of: &str, row: &Row) -> Option<String> {
        match of {
            "queues" => Some(self.query.with_queue(&row.code).url()),
            "channels" => Some(self.query.with_channel(&row.code).url()),
            _ => None,
        }
    }

    /// A point's day or hour as it is read.
    fn at(&self, point: &Point) -> String {
        match point.at.parse::<Date>() {
            Ok(day) => self.page.civil(day),
            Err(_) => self.page.with("workload-hour", "hour", &point.at).into_owned(),
        }
    }

    /// The list of cases behind a count of all that is looked at.
    fn list(&self, what: &str) -> String {
        self.cases(what, None)
    }

    /// The list of cases behind a count of a queue, team or channel; nothing names the queues that are no team's.
    fn list_of(&self, what: &str, of: &str, row: &Row) -> Option<String> {
        let field = match of {
            "queues" => Field::Queue,
            "teams" if row.code == NO_TEAM => return None,
            "teams" => Field::Team,
            _ => Field::Channel,
        };
        Some(self.cases(what, Some((field, &row.code))))
    }

    fn cases(&self, what: &str, part: Option<(Field, &str)>) -> String {
        let zone = self.page.zone();
        let bound = |day: &str, later: i32| {
            let day = day.parse::<Date>().unwrap_or_default();
            figures::begin(zone, day.saturating_add(jiff::Span::new().days(later)))
        };
        let (from, to) = (bound(&self.from, 0), bound(&self.to, 1));
        let within = |field: Field| {
            let at = |test: Test, at: Timestamp| Condition::new(field, test, &[&at.to_string()]);
            vec![at(Test::After, from), at(Test::Before, to)]
        };
        let mut conditions = match what {
            "opened" => within(Field::Created),
            "closed" => [within(Field::Closed), vec![Condition::is(Field::Status, Status::Closed)]].concat(),
            "overdue" => vec![
                Condition::new(Field::Status, Test::IsNot, &["closed"]),
                Condition::new(Field::Due, Test::Before, &[&self.page.now().to_string()]),
            ],
            "unassigned" => vec![
                Condition::new(Field::Status, Test::IsNot, &["closed"]),
                Condition::is(Field::Owner, "none"),
            ],
            _ => vec![Condition::new(Field::Status, Test::IsNot, &["closed"])],
        };
        let chosen =
            [(Field::Queue, self.query.queue.as_str()), (Field::Channel, self.query.channel.as_str())];
        let chosen = chosen.into_iter().filter(|(field, value)| {
            !value.is_empty() && part.is_none_or(|(narrower, _)| narrower != *field)
        });
        conditions.extend(chosen.chain(part).map(|(field, value)| Condition::is(field, value)));
        let filter = Filter::all(conditions).write().unwrap_or_default();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("as", "table").append_pair("filter", &filter);
        format!("/cases?{}", query.finish())
    }
}

/// The hours at which quarters of a day begin are told below a chart, others are not.
fn quarter_of_day(hour: usize) -> String {
    if hour.is_multiple_of(6) { hour.to_string() } else { String::new() }
}

/// From the first hour in which anything came to the last; nobody wants to pass by empty nights.
fn hours_with_cases(week: &[[i64; 24]; 7]) -> Range<usize> {
    let is_any = |hour: &usize| week.iter().any(|day| day[*hour] != 0);
    let first = (0..24).find(is_any).unwrap_or(0);
    let end = (0..24).rfind(is_any).map_or(24, |last| last + 1);
    first..end
}

fn heat(page: &Page, week: &[[i64; 24]; 7], shown: &Range<usize>) -> Vec<HeatRow> {
    let highest = week.iter().flatten().copied().max().unwrap_or(0).max(1);
    let cell = |opened: &i64| (*opened, (opened * 6 + highest - 1) / highest);
    week.iter()
        .enumerate()
        .map(|(day, hours)| HeatRow {
            name: page.t(&format!("workload-weekday-{}", day + 1)).into_owned(),
            cells: hours[shown.clone()].iter().map(cell).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_of_hours_begins_and_ends_with_what_came() {
        let mut week = [[0; 24]; 7];
        assert_eq!(hours_with_cases(&week), 0..24, "nothing came: the whole day");
        week[0][7] = 2;
        week[6][19] = 1;
        assert_eq!(hours_with_cases(&week), 7..20);
        week[3][0] = 1;
        assert_eq!(hours_with_cases(&week), 0..20);
    }
}
