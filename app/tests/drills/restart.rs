//! PostgreSQL restarts in the middle of the work: politely, at once, and by `kill -9`.

use std::time::Duration;

use anyhow::{Context, Result};

use super::drill::Drill;
use super::house::{House, On};
use super::load::Load;
use super::report;

#[test]
fn restarts_of_postgres_lose_and_double_nothing() -> Result<()> {
    let mut drill = Drill::new("database restarts", On::Postgres, 3)?;
    let mut house = House::build(On::Postgres, None)?;
    house.start()?;
    let load = Load::start(&house);
    while drill.goes_on() {
        house.work_comes_in(drill.size(10), drill.size(10))?;
        drill.pause(Duration::from_millis(1), Duration::from_secs(2));
        let database = house.postgres.as_ref().context("it is on PostgreSQL")?;
        match drill.rounds % 3 {
            1 => database.stop("fast")?,
            2 => database.stop("immediate")?,
            _ => database.kill()?,
        }
        drill.pause(Duration::from_millis(1), Duration::from_secs(2));
        database.up()?;
        load.goes_on(20)?;
        house.still_runs()?;
    }
    report::end(&drill, &mut house, load)
}
