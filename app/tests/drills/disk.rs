//! A disk that is full, that refuses writes in the middle of the work, or that was read-only from the start.
//!
//! A disk that is mounted cannot be made read-only while files are open for writing: the kernel refuses. What a
//! program sees when the kernel does so by itself, after an error of the disk, is that writes fail with `EROFS`:
//! that is done to the running server by `strace`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::drill::Drill;
use super::house::{House, On, raw};
use super::load::Load;
use super::report;
use crate::support::tmpfs::Tmpfs;

const FULL: &str = "full disk";
const REFUSES: &str = "disk refuses writes";
/// Room for the database, its log, blobs and the search index of a small drill.
const MEGABYTES: u32 = 160;
/// And of one that goes on.
const MEGABYTES_LONG: u32 = 1024;
const NO_MOUNT: &str = "only root may mount a disk in memory";

#[test]
fn on_sqlite_a_full_disk_loses_and_doubles_nothing() -> Result<()> {
    full(On::Sqlite)
}

/// The database is elsewhere: blobs, receipts and the search index have no room.
#[test]
fn on_postgres_a_full_data_folder_loses_and_doubles_nothing() -> Result<()> {
    full(On::Postgres)
}

fn full(on: On) -> Result<()> {
    let mut drill = Drill::new(FULL, on, 1)?;
    let size = if drill.is_long { MEGABYTES_LONG } else { MEGABYTES };
    let Some(disk) = Tmpfs::of_megabytes(size)? else { return report::skipped(FULL, NO_MOUNT) };
    let mut house = House::build(on, Some(&disk.path().join("data")))?;
    house.start()?;
    let load = Load::start(&house);
    while drill.goes_on() {
        house.work_comes_in(drill.size(10), drill.size(10))?;
        drill.pause(Duration::from_millis(500), Duration::from_secs(2));
        disk.fill()?;
        load.is_refused(3)?;
        says_what_is_wrong(&house, "the disk is full", "disk is full")?;
        drill.pause(Duration::from_secs(1), Duration::from_secs(3));
        house.still_runs()?;
        disk.empty()?;
        load.goes_on(20)?;
    }
    report::end(&drill, &mut house, load)
}

#[test]
fn on_sqlite_a_disk_that_refuses_writes_loses_and_doubles_nothing() -> Result<()> {
    let mut drill = Drill::new(REFUSES, On::Sqlite, 2)?;
    let mut house = House::build(On::Sqlite, None)?;
    house.start()?;
    let load = Load::start(&house);
    while drill.goes_on() {
        house.work_comes_in(drill.size(8), drill.size(8))?;
        drill.pause(Duration::from_millis(1), Duration::from_millis(1500));
        let Some(refusal) = Refusal::of(house.pid()?)? else {
            return report::skipped(REFUSES, "strace is missing or may not trace here");
        };
        load.is_refused(3)?;
        says_what_is_wrong(&house, "read-only", "read-only")?;
        drill.pause(Duration::from_secs(1), Duration::from_secs(3));
        house.still_runs()?;
        refusal.end()?;
        load.goes_on(20)?;
    }
    report::end(&drill, &mut house, load)
}

#[test]
fn on_a_read_only_disk_a_server_does_not_start_and_says_why() -> Result<()> {
    let Some(disk) = Tmpfs::of_megabytes(MEGABYTES)? else {
        return report::skipped("read-only disk", NO_MOUNT);
    };
    let house = House::build(On::Sqlite, Some(&disk.path().join("data")))?;
    disk.make_read_only()?;

    let ended = house.command().output()?;

    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    ensure!(!ended.status.success(), "it started");
    ensure!(said.contains("cannot write into the data folder"), "it says: {said}");
    Ok(())
}

/// In the log, and to a program that hands a mail over.
fn says_what_is_wrong(house: &House, in_log: &str, to_client: &str) -> Result<()> {
    let log = house.log()?;
    ensure!(
        log.contains(in_log),
        "the log does not say what is wrong: {}",
        &log[log.len().saturating_sub(2000)..]
    );
    let runtime = tokio::runtime::Runtime::new()?;
    let (status, said) = runtime.block_on(async {
        let client = reqwest::Client::new();
        let url = format!("http://{}/api/v1/mail", house.web);
        // Large, so that it needs the disk of the blobs.
        let asked = client.post(url).bearer_auth(&house.token).header("Accept-Language", "en").body(raw(7));
        let answer = asked.send().await?;
        anyhow::Ok((answer.status(), answer.text().await?))
    })?;
    ensure!(status == 503 && said.contains(to_client), "{status}: {said}");
    Ok(())
}

/// While it lasts, the disk of a process takes nothing.
struct Refusal(Child);

impl Refusal {
    /// `None` where watching is not allowed.
    fn of(pid: u32) -> Result<Option<Self>> {
        let calls = "pwrite64,fsync,fdatasync,ftruncate,fallocate,mkdir";
        let started = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-p", &pid.to_string()])
            .args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error=EROFS")])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut strace) = started else { return Ok(None) };
        let mut said = BufReader::new(strace.stderr.take().context("a pipe")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        if !line.contains("attached") {
            strace.kill()?;
            strace.wait()?;
            return Ok(None);
        }
        // It tells of every thread: somebody has to listen.
        std::thread::spawn(move || drop(said.read_to_end(&mut Vec::new())));
        Ok(Some(Self(strace)))
    }

    fn end(mut self) -> Result<()> {
        Command::new("kill").args(["-INT", &self.0.id().to_string()]).status()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Refusal {
    fn drop(&mut self) {
        // It may have ended in order before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
