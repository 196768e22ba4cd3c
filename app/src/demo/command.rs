//! `kitt demo`: fills the house if it is empty, then serves it.

use std::process::ExitStatus;

use anyhow::{Context, bail};
use clap::Args;
use example::{Company, Size};
use jiff::civil::Date;

use super::folder::Folder;
use super::{Progress, live, logins};
use crate::insights;
use crate::node;
use crate::platform::search;
use crate::platform::{Clock, Given, Settings};

/// Keeps what people write to themselves: nothing leaves this machine.
const SINK: &str = "sink:";

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
    if !load_apart(&settings, seed, size).await? {
        return Ok(());
    }
    let app = node::open(settings, Clock::real()).await?;
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
async fn load_apart(settings: &Settings, seed: u64, size: Size) -> anyhow::Result<bool> {
    let mut child = tokio::process::Command::new(std::env::current_exe()?)
        .args(["demo-load", "--seed", &seed.to_string()])
        .args(["--customers", &size.customers.to_string(), "--cases", &size.cases.to_string()])
        .env("KITT_DATA", &settings.data)
        .env("KITT_DATABASE", &settings.database)
        .env("KITT_TIME_ZONE", &settings.time_zone)
        .env("KITT_HOUSE", &settings.house)
        .env("KITT_MAIL_FROM", &settings.mail_from)
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the loading of the example company")?;
    let ended: ExitStatus = tokio::select! {
        ended = child.wait() => ended?,
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

/// Loads the example company into an empty house; leaves one that is already there as it is.
///
/// # Errors
///
/// If the house is somebody else's.
pub async fn load(options: Options) -> anyhow::Result<()> {
    let (seed, size) = (options.seed, options.size());
    let app = node::open(options.given.complete()?, Clock::real()).await?;
    let progress = Progress::visible();
    if super::fill_once(&app, seed, size, &progress).await? {
        // The server would do both at its start: better here, where the memory goes away.
        progress.part("Learning", 1);
        insights::keep_up(&app).await?;
        progress.part("Index", 1);
        search::Feeder::open(&app, &crate::search_sources()).await?.catch_up().await?;
        progress.done();
    }
    app.db.close().await;
    Ok(())
}
