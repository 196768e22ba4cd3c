//! `kitt demo`: fills the house if it is empty, then serves it.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use example::{Company, Size};
use jiff::civil::Date;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStdout;

use super::folder::Folder;
use super::progress::Far;
use super::waiting::Waiting;
use super::{Part, Progress, live, logins};
use crate::insights;
use crate::node;
use crate::platform::search;
use crate::platform::{App, Clock, Given, Settings, sql};

/// Keeps what people write to themselves: nothing leaves this machine.
const SINK: &str = "sink:";

/// How often it is looked how far the search is.
const LOOK: Duration = Duration::from_millis(200);

/// How the demo is run.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Which example company; the same number gives the same one
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// How many customers it has, at least 50
    #[arg(long, default_value_t = 3_000, value_name = "N")]
    pub customers: usize,
    /// How many cases they had
    #[arg(long, default_value_t = 12_000, value_name = "N")]
    pub cases: usize,
    /// Let new mail arrive every few seconds
    #[arg(long)]
    pub live: bool,
    #[command(flatten)]
    pub given: Given,
}

impl Options {
    const fn size(&self) -> Size {
        Size { customers: self.customers, cases: self.cases }
    }

    /// What the example company is called and how it mails, unless somebody said otherwise.
    fn settings(self, folder: &Folder) -> anyhow::Result<Settings> {
        let company = name_card(self.seed);
        let mut given = self.given;
        given.data = Some(folder.path().to_owned());
        given.house.get_or_insert_with(|| company.name.to_owned());
        given.time_zone.get_or_insert_with(|| "Europe/Vienna".to_owned());
        given.mail_from.get_or_insert_with(|| company.queues[0].email.to_owned());
        given.smtp_relay.get_or_insert_with(|| SINK.to_owned());
        given.complete()
    }
}

/// The company without customers and history: its people, queues and names do not depend on the day.
pub fn name_card(seed: u64) -> Company {
    Company::of_size(seed, Date::constant(2026, 1, 1), Size { customers: 0, cases: 0 })
}

/// Runs the demo until the process is asked to stop.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let folder = match options.given.data.clone() {
        Some(path) => Folder::given(path),
        None if options.given.database.is_some() => {
            bail!("--database needs --data as well: attachments and the search index are kept there")
        }
        None => Folder::temporary()?,
    };
    let (seed, size, live) = (options.seed, options.size(), options.live);
    let settings = options.settings(&folder)?;
    let _lock = node::lock_folder(&settings.data)?;
    let waiting = Waiting::open(&settings).await?;
    if !load_apart(&settings, (seed, size), &waiting).await? {
        return Ok(());
    }
    let app = node::open(settings, Clock::real()).await?;
    waiting.close().await?;
    let running = node::start(app.clone()).await?;
    println!("{} is open: {}\n", app.settings().house, app.settings().link("/"));
    println!("{}", logins::table(&name_card(seed)));
    println!("Mail for it: {} (SMTP). What it answers stays here.", app.settings().smtp_listen);
    let customers = live.then(|| tokio::spawn(live::deliver(app, seed, size)));
    let ended = running.until_asked().await;
    if let Some(customers) = customers {
        customers.abort();
    }
    ended
}

/// Loads in a process of its own, so that this one never holds the memory that loading takes.
///
/// False if it was asked to stop meanwhile.
async fn load_apart(
    settings: &Settings,
    (seed, size): (u64, Size),
    waiting: &Waiting,
) -> anyhow::Result<bool> {
    let mut child = tokio::process::Command::new(std::env::current_exe()?)
        .args(["demo-load", "--seed", &seed.to_string()])
        .args(["--customers", &size.customers.to_string(), "--cases", &size.cases.to_string()])
        .env("KITT_DATA", &settings.data)
        .env("KITT_DATABASE", &settings.database)
        .env("KITT_TIME_ZONE", &settings.time_zone)
        .env("KITT_HOUSE", &settings.house)
        .env("KITT_MAIL_FROM", &settings.mail_from)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the loading of the example company")?;
    let said = child.stdout.take().context("what the loading says cannot be read")?;
    let ended: ExitStatus = tokio::select! {
        ended = listened(said, waiting) => { ended?; child.wait().await? }
        asked = node::asked_to_stop() => {
            asked?;
            child.kill().await?;
            return Ok(false);
        }
    };
    if !ended.success() {
        bail!("the example company was not loaded");
    }
    Ok(true)
}

/// Hands on how far the loading is, until it says nothing any more.
async fn listened(said: ChildStdout, waiting: &Waiting) -> std::io::Result<()> {
    let mut lines = BufReader::new(said).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(far) = Far::read(&line) {
            waiting.reached(far);
        }
    }
    Ok(())
}

/// Loads the example company into an empty house; leaves one that is already there as it is.
///
/// # Errors
///
/// If the house is somebody else's.
pub async fn load(options: Options) -> anyhow::Result<()> {
    let (seed, size) = (options.seed, options.size());
    let app = node::open(options.given.complete()?, Clock::real()).await?;
    let (progress, begun) = (Progress::visible(), Instant::now());
    if super::is_empty(&app).await? {
        eprintln!("Making up a company with 400 days of history; this happens once.");
    }
    if super::fill_once(&app, seed, size, &progress).await? {
        Box::pin(find_out(&app, &progress)).await?;
        progress.done();
        eprintln!("Done in {:.1} s.", begun.elapsed().as_secs_f32());
    }
    app.db.close().await;
    Ok(())
}

/// Teaches the learner and fills the search index, both at once. The server would do so at its start: better here, where
/// the memory goes away.
async fn find_out(app: &App, progress: &Progress) -> anyhow::Result<()> {
    let documents = sql("SELECT (SELECT COUNT(*) FROM cases) + (SELECT COUNT(*) FROM customers)
                             + (SELECT COUNT(*) FROM insights) + (SELECT COUNT(*) FROM articles)");
    let documents: i64 = documents.value(&mut app.db.read().await?).await?;
    let documents = u64::try_from(documents).unwrap_or(0);
    progress.part(Part::Search, usize::try_from(documents).unwrap_or(0));
    let indexed = async {
        let sources = crate::search_sources();
        search::Feeder::open(app, &sources).await?.catch_up().await
    };
    let done = async { tokio::try_join!(insights::keep_up(app), indexed) };
    tokio::select! {
        done = done => {
            done?;
        }
        () = watch(app, documents, progress) => {}
    }
    Ok(())
}

/// Shows how far both are, for as long as it is waited for.
async fn watch(app: &App, documents: u64, progress: &Progress) {
    loop {
        tokio::time::sleep(LOOK).await;
        let (taught, to_teach) = insights::taught(app);
        let done = usize::try_from(app.search().written().min(documents) + taught).unwrap_or(0);
        progress.reach(done, usize::try_from(documents + to_teach).unwrap_or(0));
    }
}
