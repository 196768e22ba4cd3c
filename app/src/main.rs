//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Parser, Subcommand};
use indicatif::ProgressBar;
use kitt::channels;
use kitt::demo;
use kitt::node;
use kitt::people;
use kitt::platform::{Actor, App, Clock, Given, Role, Settings};
use kitt::upkeep;

/// Gives back what threads freed for each other: with three hundred open pages a third less than the system's.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Customer service that closes the circle: from the contact to the cause to the customer who is told.
#[derive(Parser)]
#[command(name = "kitt", version, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server: pages, API, mail listener, everything in one process
    ///
    /// Without a flag it keeps its data in ./data and answers on `http://127.0.0.1:8080`; mail is taken on
    /// 127.0.0.1:2525. The first start prints a one-time link that sets the administrator's password.
    /// Every flag can also be an environment variable (`KITT_LISTEN` …) or a line of DIR/kitt.toml.
    Serve {
        #[command(flatten)]
        given: Given,
    },
    /// Serve a lively example company, to look around
    ///
    /// Makes up a furniture and electronics retailer with 400 days of history, in a temporary folder that
    /// goes away at the end, or in a given one that keeps it. Prints the address and logins. Answers to its
    /// customers stay on this machine.
    Demo {
        #[command(flatten)]
        options: demo::Options,
    },
    /// The part of `demo` that loads, in a process of its own
    #[command(hide = true)]
    DemoLoad {
        #[command(flatten)]
        options: demo::Options,
    },
    /// API tokens for programs
    #[command(subcommand)]
    Token(Token),
    /// Bring in what was collected elsewhere
    #[command(subcommand)]
    Import(Import),
    /// Look at raw mails
    #[command(subcommand)]
    Mail(Mail),
    /// Save everything into a folder, while the server runs
    ///
    /// The folder is created, or holds an earlier backup, of which only what is new is copied. With PostgreSQL
    /// its program `pg_dump` is needed.
    Backup {
        /// Where to
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[command(flatten)]
        given: Given,
    },
    /// Bring a house back from its backup, into an empty data folder
    ///
    /// Refused beside a running server and where there is a house already. With PostgreSQL the database must be
    /// empty, and its program `pg_restore` is needed.
    Restore {
        /// The backup
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[command(flatten)]
        given: Given,
    },
    /// Look whether everything is there and as it was; works while the server runs
    ///
    /// Looks at the database, the journal, raw mails, receipts, attachments and the search index. Ends with 0 if all
    /// is sound, and with 1 if something is wrong or could not be looked at.
    Check {
        #[command(flatten)]
        given: Given,
    },
}

impl Command {
    /// What is logged unless `KITT_LOG` says otherwise: where a bar shows the progress, only trouble.
    const fn log_filter(&self) -> &'static str {
        match self {
            Self::Serve { .. } => "kitt=info,warn",
            _ => "warn",
        }
    }
}

#[derive(Subcommand)]
enum Import {
    /// File mails as contacts and cases, on the same path as live mail
    ///
    /// Takes .eml files, mbox files, Maildirs and folders of these. Can be interrupted and repeated: what was
    /// imported before is recognised. Works while the server runs (with the same --data or --database).
    Mail {
        /// Files and folders
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        given: Given,
    },
}

#[derive(Subcommand)]
enum Mail {
    /// Print as JSON what Kitt makes of mails: one object for one file, one line each for several
    Inspect {
        /// Raw messages; - is the standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Token {
    /// Create a token and print it, and nothing else, on standard output; works while the server runs
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        /// agent, lead, department, manager, admin, partner, finance, `works_council` or `data_protection`
        #[arg(long)]
        role: Role,
        #[command(flatten)]
        given: Given,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Cli::parse().command;
    let filter = tracing_subscriber::EnvFilter::try_from_env("KITT_LOG")
        .unwrap_or_else(|_| command.log_filter().into())
        // It would log passwords and mails, if asked to log everything.
        .add_directive("async_imap=off".parse().expect("this is a directive"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Box::pin(run(command)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kitt: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve { given } => serve(given.complete()?).await,
        Command::Demo { options } => demo::run(options).await,
        Command::DemoLoad { options } => demo::load(options).await,
        Command::Token(Token::Create { name, role, given }) => {
            let app = node::open(given.complete()?, Clock::real()).await?;
            println!("{}", people::create_token(&app, &Actor::kitt("cli"), &name, role).await?);
            Ok(())
        }
        Command::Import(Import::Mail { paths, given }) => {
            let summary = channels::import::run(given.complete()?, &paths).await?;
            println!("{summary}");
            ensure!(summary.unreadable == 0, "not everything could be read");
            Ok(())
        }
        Command::Backup { folder, given } => {
            let app = node::open(given.complete()?, Clock::real()).await?;
            let saved = upkeep::backup(&app, &folder).await?;
            println!("Saved: {} and {} new blobs.", saved.file.display(), saved.new_blobs);
            Ok(())
        }
        Command::Restore { folder, given } => {
            let settings = given.complete()?;
            let _lock = node::lock_folder(&settings.data)?;
            let app = upkeep::restore(&folder, settings).await?;
            report(&app).await
        }
        Command::Check { given } => report(&node::open(given.complete()?, Clock::real()).await?).await,
        Command::Mail(Mail::Inspect { files }) => {
            let unread = channels::inspect(&files, &mut std::io::stdout().lock())?;
            ensure!(unread == 0, "{unread} of {} files could not be read", files.len());
            Ok(())
        }
    }
}

/// Prints what `kitt check` finds.
async fn report(app: &App) -> anyhow::Result<()> {
    let bar = ProgressBar::new_spinner();
    let report = upkeep::check_telling(app, |name, count| {
        bar.set_message(format!("{name}: {count} looked at"));
        bar.tick();
    });
    let report = report.await;
    bar.finish_and_clear();
    let report = report?;
    print!("{report}");
    ensure!(report.is_sound(), "not everything is as it should be");
    Ok(())
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let _lock = node::lock_folder(&settings.data)?;
    let app = node::open(settings, Clock::real()).await?;
    let running = node::start(app.clone()).await?;
    println!("Kitt is ready: {}", app.settings().link("/"));
    if let Some(link) = node::first_link(&app, running.address).await? {
        println!("\nOpen this link once to set the administrator's password:\n\n    {link}\n");
    }
    running.until_asked().await
}
