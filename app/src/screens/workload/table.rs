//! Every table of the page as a file.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::board::{Board, Point, Row, Waits};
use super::query::WorkloadQuery;
use super::{HeatRow, WorkloadView};
use crate::journal::Fact;
use crate::platform::{Actor, App, Area, Query, Result, Right, Wants, codes};
use crate::screens::export;
use crate::screens::export::{ExportQuery, Table};

codes! {
    /// A table of the page.
    pub enum Of {
        Times = "times",
        Queues = "queues",
        Teams = "teams",
        Channels = "channels",
        Hours = "hours",
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TableQuery {
    /// `times`, `queues`, `teams`, `channels` or `hours`; otherwise `times`
    #[param(inline)]
    of: Option<Of>,
}

/// One of the tables as a file.
#[utoipa::path(get, path = "/workload/table", tag = "cases", params(TableQuery, ExportQuery, WorkloadQuery),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn table(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(table): Query<TableQuery>,
    Query(as_file): Query<ExportQuery>,
    Query(query): Query<WorkloadQuery>,
) -> Result<Response> {
    actor.may(Right::LeadPeople)?;
    let mut tx = app.db.read().await?;
    let board = Board::load(&app, &mut tx, &actor, &query).await?;
    let view = WorkloadView::new(wants.page(&app, &actor, Area::Workload), query, board);
    drop(tx);
    let of = table.of.unwrap_or(Of::Times);
    let (head, rows) = match of {
        Of::Times => view.times(),
        Of::Queues => view.parts(&view.queues),
        Of::Teams => view.parts(&view.teams),
        Of::Channels => view.parts(&view.channels),
        Of::Hours => view.hours(),
    };
    let fact = Fact::ListExported { list: "workload".into(), format: as_file.format.code().into() };
    export::record(&app, &actor, fact).await?;
    let name = format!("{}-{of}", view.from);
    Ok(export::answer(&app, &wants, (&name, as_file.format), Table { head, rows: Some(rows) }))
}

impl WorkloadView {
    fn words<const N: usize>(&self, keys: [&str; N]) -> Vec<String> {
        keys.map(|key| self.page.t(key).into_owned()).to_vec()
    }

    fn times(&self) -> (Vec<String>, Vec<Vec<String>>) {
        // What is left at the end of a day is said of days.
        let columns = if self.is_today() { 3 } else { 4 };
        let first = |mut cells: Vec<String>| {
            cells.truncate(columns);
            cells
        };
        let row = |point: &Point| {
            let [closed, left] = [point.closed, point.left].map(cell);
            first(vec![point.at.clone(), point.opened.to_string(), closed, left])
        };
        let head = ["workload-time", "workload-opened", "workload-closed", "workload-left-over-time"];
        (first(self.words(head)), self.points.iter().map(row).collect())
    }

    fn parts(&self, rows: &[Row]) -> (Vec<String>, Vec<Vec<String>>) {
        let head = self.words([
            "workload-part",
            "workload-opened",
            "workload-closed",
            "workload-left-now",
            "workload-overdue-now",
            "workload-first-minutes",
            "workload-first-most-minutes",
            "workload-solution-minutes",
            "workload-solution-most-minutes",
            "workload-kept",
            "workload-missed",
        ]);
        let minutes = |waits: Option<&Waits>, of: fn(&Waits) -> i64| {
            waits.map_or_else(String::new, |waits| of(waits).to_string())
        };
        let row = |row: &Row| {
            let deadlines = row.sums.deadlines.as_ref();
            let [kept, missed] = [deadlines.map(|all| all.kept), deadlines.map(|all| all.missed)].map(cell);
            vec![
                row.name.clone(),
                row.sums.opened.to_string(),
                cell(row.sums.closed),
                row.now.all().to_string(),
                row.now.overdue.to_string(),
                minutes(row.sums.first.as_ref(), |waits| waits.median_minutes),
                minutes(row.sums.first.as_ref(), |waits| waits.most_minutes),
                minutes(row.sums.solution.as_ref(), |waits| waits.median_minutes),
                minutes(row.sums.solution.as_ref(), |waits| waits.most_minutes),
                kept,
                missed,
            ]
        };
        (head, rows.iter().map(row).collect())
    }

    fn hours(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut head = self.words(["workload-weekday"]);
        head.extend((0..24).map(|hour| hour.to_string()));
        let row = |(row, hours): (&HeatRow, &[i64; 24])| {
            std::iter::once(row.name.clone()).chain(hours.iter().map(ToString::to_string)).collect()
        };
        (head, self.heat.iter().zip(&self.week).map(row).collect())
    }
}

/// A count in a file; empty where it is not told.
fn cell(count: Option<i64>) -> String {
    count.map_or_else(String::new, |count| count.to_string())
}
