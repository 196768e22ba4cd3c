//! The example company: `kitt demo` fills an empty house with 400 days of history and serves it.
//!
//! Everything goes through the doors of the slices, as their past and not as news: nothing is answered,
//! learnt or counted a second time by those who listen. What happened in the history is written into the journal as
//! commands would have recorded it, and deadlines are what the clocks of cases say. What the company is like is decided
//! in the engine `example`; here is only where it goes. Like `node`, this puts the slices together and is used by none.

mod command;
mod fill;
mod folder;
mod hours;
mod live;
mod logins;
mod progress;
mod scenes;
mod waiting;

pub use command::{Options, load, run};
pub use logins::PASSWORD;
pub use progress::{Part, Progress};

use anyhow::bail;
use example::{Company, Size};

use self::scenes::Stage;
use crate::SLICES;
use crate::journal::listeners;
use crate::people;
use crate::platform::{App, Result, Tx, sql};

/// The people worth being, one per line: `  mail@address  password  role: what they see`.
pub fn logins() -> String {
    logins::table(&command::name_card(0))
}

/// Fills an empty house; leaves one that is the example company's already as it is. True if it filled it.
///
/// # Errors
///
/// If the house is somebody's own.
pub async fn fill_once(app: &App, seed: u64, size: Size, progress: &Progress) -> anyhow::Result<bool> {
    let loaded: Option<String> =
        sql("SELECT value FROM settings WHERE name = 'demo'").maybe_value(&mut app.db.read().await?).await?;
    if loaded.is_some() {
        return Ok(false);
    }
    if !is_empty(app).await? {
        bail!(
            "{} holds another house: choose an empty folder with --data for the example company",
            place(app)
        );
    }
    fill(app, seed, size, progress).await?;
    Ok(true)
}

/// Does nobody work here yet?
async fn is_empty(app: &App) -> Result<bool> {
    Ok(people::all(&mut app.db.read().await?).await?.is_empty())
}

fn place(app: &App) -> String {
    if app.db.is_postgres() { "the database".into() } else { app.settings().data.display().to_string() }
}

/// Fills an empty house with the company of `seed`, whose history ends now, by the app's clock.
///
/// What was is one transaction: what is interrupted leaves nothing. What is going on comes after it, each scene as its
/// commands commit it.
async fn fill(app: &App, seed: u64, size: Size, progress: &Progress) -> anyhow::Result<()> {
    let today = app.now().moment().to_zoned(app.zone()).date();
    progress.part(Part::House, 2);
    let company = Company::of_size(seed, today, size);
    progress.step();
    let mut tx = app.db.write().await?;
    let filled = fill::everything(app, &mut tx, &company, progress).await?;
    sql("INSERT INTO settings (name, value) VALUES ('demo', $1)").bind(seed.to_string()).run(&mut tx).await?;
    pass_over(&mut tx).await?;
    tx.commit().await?;
    let mut stage = Stage::set(app, &company, &filled).await?;
    scenes::play(&mut stage, progress).await?;
    let mut tx = app.db.write().await?;
    pass_over(&mut tx).await?;
    tx.commit().await?;
    scenes::present(&mut stage).await;
    progress.step();
    Ok(())
}

/// Nobody hears of a past that is made up: it is answered, counted, learnt and told already.
async fn pass_over(tx: &mut Tx) -> Result<()> {
    let all: Vec<_> = SLICES.iter().flat_map(|slice| slice.listeners.iter().copied()).collect();
    listeners::pass_over(tx, &all).await
}
