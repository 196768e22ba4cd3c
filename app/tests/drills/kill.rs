//! `kill -9` at random moments, while mails arrive, are fetched and leave, and jobs are under way.

use std::time::Duration;

use anyhow::Result;

use super::drill::Drill;
use super::house::{House, On};
use super::load::Load;
use super::report;

#[test]
fn on_sqlite_kill_9_loses_and_doubles_nothing() -> Result<()> {
    drill(On::Sqlite)
}

#[test]
fn on_postgres_kill_9_loses_and_doubles_nothing() -> Result<()> {
    drill(On::Postgres)
}

fn drill(on: On) -> Result<()> {
    let mut drill = Drill::new("kill -9", on, 3)?;
    let mut house = House::build(on, None)?;
    house.start()?;
    let load = Load::start(&house);
    while drill.goes_on() {
        house.work_comes_in(drill.size(10), drill.size(10))?;
        drill.pause(Duration::from_millis(1), Duration::from_millis(2500));
        house.kill()?;
        house.leases_end()?;
        house.start()?;
        load.goes_on(5)?;
    }
    report::end(&drill, &mut house, load)
}
