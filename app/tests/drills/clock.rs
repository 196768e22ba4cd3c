//! The system's clock jumps: ahead by a day, back by an hour, back by the rest.

use std::time::Duration;

use anyhow::Result;

use super::drill::Drill;
use super::house::{House, On};
use super::judge;
use super::load::Load;
use super::report;

const DAY: i64 = 24 * 60 * 60;
const HOUR: i64 = 60 * 60;

#[test]
fn on_sqlite_a_clock_that_jumps_loses_and_doubles_nothing() -> Result<()> {
    drill(On::Sqlite)
}

#[test]
fn on_postgres_a_clock_that_jumps_loses_and_doubles_nothing() -> Result<()> {
    drill(On::Postgres)
}

fn drill(on: On) -> Result<()> {
    let mut drill = Drill::new("clock jumps", on, 3)?;
    let mut house = House::build(on, None)?;
    house.start()?;
    let load = Load::start(&house);
    while drill.goes_on() {
        house.work_comes_in(drill.size(8), drill.size(8))?;
        drill.pause(Duration::from_millis(1), Duration::from_millis(1500));
        house.clock.by([-(DAY - HOUR), DAY, -HOUR][drill.rounds % 3])?;
        load.goes_on(20)?;
        if drill.rounds % 3 == 2 {
            // While the server does not run, it cannot see the jump.
            house.stop()?;
            house.clock.by(-HOUR)?;
            house.start()?;
            house.clock.by(HOUR)?;
        }
        house.still_runs()?;
    }
    // Nothing waits for a time that was there already.
    load.end()?;
    judge::at_rest(&house)?;
    let load = Load::start(&house);
    report::end(&drill, &mut house, load)
}
