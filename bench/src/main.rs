//! Measures Kitt as its users meet it: the release binary, over its sockets, with durable writes.
//!
//! `make bench` runs everything and prints a table for `docs/performance.md`.

mod house;
mod import;
mod lmtp;
mod mails;
mod node;
mod pages;
mod postgres;
mod steps;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    /// The binary under test [default: beside this one]
    #[arg(long)]
    kitt: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand, Clone)]
enum What {
    /// Mails per second over LMTP, until their cases exist
    Mails {
        #[arg(long, default_value_t = 20_000)]
        count: usize,
        #[arg(long, default_value_t = 8)]
        connections: usize,
    },
    /// Server time of pages with many cases
    Pages {
        #[arg(long, default_value_t = 100_000)]
        cases: usize,
        #[arg(long, default_value_t = 500)]
        requests: usize,
    },
    /// What people of a large house wait for: lists, cases, search, live pages
    House {
        #[arg(long, default_value_t = 100_000)]
        cases: usize,
        #[arg(long, default_value_t = 500)]
        requests: usize,
        /// Keep the house here, and go on with what is there
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
        /// On PostgreSQL only; otherwise on both, one after the other
        #[arg(long)]
        postgres: bool,
        /// On SQLite only
        #[arg(long, conflicts_with = "postgres")]
        sqlite: bool,
        /// Only what has this in its name: "list", "case", "live"
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
    },
    /// Mails per second of an import from an mbox
    Import {
        #[arg(long, default_value_t = 100_000)]
        count: usize,
    },
    /// Opening a case with many large HTML mails
    Thread {
        #[arg(long, default_value_t = 200)]
        mails: usize,
        #[arg(long, default_value_t = 500)]
        requests: usize,
    },
    /// One mail to its case, start to first page, idle memory
    Small,
    /// Everything at its full size, for hours; a part that was measured is not measured again
    Full {
        /// Where houses and figures are kept
        #[arg(long, value_name = "DIR")]
        keep: PathBuf,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The client can do TLS, and wants to know whose, although nothing here uses it.
    drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
    let cli = Cli::parse();
    let kitt = cli.kitt.map_or_else(node::beside, Ok)?;
    if let Some(what) = cli.what {
        return run(&kitt, what).await;
    }
    // Of everything as much as fits into ten minutes.
    run(&kitt, What::Small).await?;
    run(&kitt, What::Mails { count: 5_000, connections: 8 }).await?;
    run(&kitt, What::Import { count: 10_000 }).await?;
    run(&kitt, What::Thread { mails: 200, requests: 100 }).await?;
    let house =
        What::House { cases: 100_000, requests: 100, keep: None, postgres: false, sqlite: false, only: None };
    run(&kitt, house).await
}

async fn run(kitt: &std::path::Path, what: What) -> anyhow::Result<()> {
    match what {
        What::Mails { count, connections } => {
            mails::measure(kitt, None, count, connections).await?;
            let cluster = postgres::Cluster::start()?;
            mails::measure(kitt, Some(&cluster), count, connections).await
        }
        What::Import { count } => import::measure(kitt, count),
        What::Thread { mails, requests } => pages::thread(kitt, mails, requests).await,
        What::Pages { cases, requests } => pages::measure(kitt, cases, requests).await,
        What::House { cases, requests, keep, postgres, sqlite, only } => {
            let asked = house::Asked { requests, only };
            if !postgres {
                house::measure(kitt, keep.clone(), cases, &asked, false).await?;
            }
            if sqlite {
                return Ok(());
            }
            house::measure(kitt, keep, cases, &asked, true).await
        }
        What::Small => pages::small(kitt).await,
        What::Full { keep } => steps::all(kitt, &keep),
    }
}
