//! `kitt check`: is everything there, and as it was?

use std::fmt;

use futures::future::BoxFuture;

use crate::SLICES;
use crate::journal;
use crate::platform::check::{Check, Checked};
use crate::platform::{App, Result, dialect};

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
        }
        Ok(())
    }
}

static DATABASE: Check = Check { name: "database", run: database };

/// Looks at everything; works while the server runs.
pub async fn check(app: &App) -> Result<Report> {
    let ground = [&DATABASE, &journal::JOURNAL];
    let mut report = Vec::new();
    for check in ground.into_iter().chain(SLICES.iter().flat_map(|slice| slice.checks.iter().copied())) {
        report.push((check.name, (check.run)(app).await?));
    }
    Ok(Report(report))
}

/// Its tables and, on SQLite, the file's structure.
fn database(app: &App) -> BoxFuture<'_, Result<Checked>> {
    Box::pin(async move {
        let mut checked = Checked::default();
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
