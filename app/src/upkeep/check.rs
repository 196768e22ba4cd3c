//! `kitt check`: is everything there, and as it was?

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;

use crate::SLICES;
use crate::journal;
use crate::platform::check::{Check, Checked, Watched};
use crate::platform::{App, Result, dialect, search};

/// What was looked at, and what is wrong with it.
pub struct Report(Vec<(&'static str, Checked)>);

impl Report {
    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|(_, checked)| checked.is_sound())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, checked) in &self.0 {
            let verdict = if checked.is_sound() { "sound" } else { "WRONG" };
            writeln!(out, "{name:<12} {verdict}  {} looked at", checked.count)?;
            for fault in &checked.wrong {
                writeln!(out, "    {fault}")?;
            }
            if checked.untold() != 0 {
                writeln!(out, "    and {} more", checked.untold())?;
            }
            if let Some(todo) = &checked.todo {
                writeln!(out, "    To do: {todo}")?;
            }
        }
        Ok(())
    }
}

static DATABASE: Check = Check { name: "database", run: database };

static SEARCH: Check = Check { name: "search index", run: search_index };

/// Progress is told so often.
const TOLD: Duration = Duration::from_millis(200);

/// Looks at everything; works while the server runs.
pub async fn check(app: &App) -> Result<Report> {
    check_telling(app, |_, _| {}).await
}

/// As [`check`], and tells what is looked at now and how much of it so far.
pub async fn check_telling(app: &App, mut tell: impl FnMut(&str, usize)) -> Result<Report> {
    let ground = [&DATABASE, &journal::JOURNAL];
    let slices = SLICES.iter().flat_map(|slice| slice.checks.iter().copied());
    let watched = app.part::<Watched>();
    let mut report = Vec::new();
    for check in ground.into_iter().chain(slices).chain([&SEARCH]) {
        let mut looking = (check.run)(app);
        let checked = loop {
            match tokio::time::timeout(TOLD, &mut looking).await {
                Ok(checked) => break checked?,
                Err(_) => tell(check.name, watched.count()),
            }
        };
        report.push((check.name, checked));
    }
    Ok(Report(report))
}

fn search_index(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move { search::check(app, &crate::search_sources()).await })
}

/// Its tables and, on SQLite, the file's structure.
fn database(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::of(app);
        let mut tx = app.db.read().await?;
        for _ in dialect::tables(&mut tx).await? {
            checked.saw(None);
        }
        for fault in dialect::faults(&mut tx).await? {
            checked.saw(Some(fault));
        }
        Ok(checked)
    })
}
