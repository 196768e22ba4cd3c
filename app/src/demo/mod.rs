//! The example company: `kitt demo` fills an empty house with 400 days of history and serves it.
//!
//! Everything goes through the doors of the slices, as their past and not as news: nothing is answered,
//! learnt or counted a second time by those who listen. What the company is like is decided in the engine
//! `example`; here is only where it goes. Like `node`, this puts the slices together and is used by none.

mod command;
mod fill;
mod folder;
mod logins;
mod progress;

pub use command::{Options, load, run};
pub use logins::PASSWORD;
pub use progress::Progress;

use example::{Company, Size};

use crate::people;
use crate::platform::{App, sql};

/// Where an app stands with the example company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum House {
    /// Nobody works here yet.
    Empty,
    Example,
    /// Somebody's own.
    Other,
}

/// Whose house this is.
pub async fn house(app: &App) -> anyhow::Result<House> {
    let mut tx = app.db.read().await?;
    let seed: Option<String> =
        sql("SELECT value FROM settings WHERE name = 'demo'").maybe_value(&mut tx).await?;
    let anybody = !people::all(&mut tx).await?.is_empty();
    Ok(match (seed, anybody) {
        (Some(_), _) => House::Example,
        (None, true) => House::Other,
        (None, false) => House::Empty,
    })
}

/// Fills an empty house with the company of `seed`, in one transaction: what is interrupted leaves nothing.
///
/// The history ends now, by the app's clock.
pub async fn fill(app: &App, seed: u64, size: Size, progress: &Progress) -> anyhow::Result<()> {
    let today = app.now().moment().to_zoned(app.zone()).date();
    let company = Company::of_size(seed, today, size);
    let mut tx = app.db.write().await?;
    fill::everything(app, &mut tx, &company, progress).await?;
    sql("INSERT INTO settings (name, value) VALUES ('demo', $1)").bind(seed.to_string()).run(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
