//! How the house writes: how long an answer can be taken back, and what must not stay open in it.

use std::time::Duration;

use super::store;
use crate::journal;
use crate::journal::{About, Fact};
use crate::platform::{Actor, App, Error, Result, Right, Tx};

/// The longest undo time that a house can choose.
pub const LONGEST_UNDO: Duration = Duration::from_mins(1);

/// How long a written answer can be taken back.
pub async fn undo_time(tx: &mut Tx) -> Result<Duration> {
    let seconds = u64::try_from(store::undo_seconds(tx).await?).unwrap_or(0);
    Ok(Duration::from_secs(seconds).min(LONGEST_UNDO))
}

/// Sets how long a written answer can be taken back, from none to a minute.
///
/// # Errors
///
/// [`Error::Invalid`] of `undo_seconds` for anything else.
pub async fn set_undo_time(app: &App, actor: &Actor, seconds: i64) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    if !(0..=60).contains(&seconds) {
        return Err(Error::invalid("undo_seconds", "sending-rule-range"));
    }
    let mut tx = app.db.write().await?;
    store::set_undo(&mut tx, seconds).await?;
    record(app, &mut tx, actor, "undo_seconds")?;
    tx.commit().await
}

fn record(app: &App, tx: &mut Tx, actor: &Actor, name: &str) -> Result<()> {
    journal::record(app, tx, actor, About::house(), Fact::SettingChanged { name: name.to_owned(), of: None })
}

/// Is something left in the text that was to be filled in, as `{{customer.name}}`?
pub fn has_hole(text: &str) -> bool {
    text.split("{{").skip(1).any(|rest| {
        let name = rest.split_once("}}").map(|(name, _)| name.trim());
        name.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_' | '-'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::has_hole;

    #[test]
    fn what_was_to_be_filled_in_is_found() {
        for (text, hole) in [
            ("Guten Tag {{customer.name}},", true),
            ("{{ date }}", true),
            ("{{", false),
            ("f({{1}})", false),
            ("{customer}", false),
        ] {
            assert_eq!(has_hole(text), hole, "{text}");
        }
    }
}
