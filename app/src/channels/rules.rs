//! What a house wants of sending: how fast, how large, and for how long files wait behind a link.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::platform::{Actor, App, Error, FieldError, Result, Right};

/// Bytes of a megabyte, as pages show sizes.
pub const MEGABYTE: i64 = 1_000_000;

/// One house's rules.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, Serialize, ToSchema)]
pub struct Rules {
    /// Mails that people write, to one domain.
    pub person_per_minute: i64,
    /// Mails to many, to one domain.
    pub bulk_per_minute: i64,
    /// Mails to one domain at the same time.
    pub together: i64,
    /// The largest message as it travels, in MB: files that do not fit go as links.
    pub largest_mb: i64,
    /// How long such a link is valid.
    pub link_days: i64,
}

impl Rules {
    /// Bytes of the largest message.
    pub const fn largest(&self) -> i64 {
        self.largest_mb * MEGABYTE
    }

    fn check(&self) -> Result<()> {
        let bounds = [
            ("person_per_minute", self.person_per_minute, 1, 6_000),
            ("bulk_per_minute", self.bulk_per_minute, 1, 6_000),
            ("together", self.together, 1, 50),
            ("largest_mb", self.largest_mb, 1, 150),
            ("link_days", self.link_days, 1, 366),
        ];
        let outside = bounds.iter().filter(|(_, value, least, most)| value < least || most < value);
        let wrong: Vec<FieldError> =
            outside.map(|(field, ..)| FieldError { field, word: "sending-rule-range" }).collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Sets the rules; what waits already keeps to them from its next attempt on.
///
/// # Errors
///
/// [`Error::Invalid`] for numbers that nobody can mean.
pub async fn set(app: &App, actor: &Actor, rules: &Rules) -> Result<()> {
    actor.may(Right::ManageSettings)?;
    rules.check()?;
    let mut tx = app.db.write().await?;
    store::set_rules(&mut tx, rules).await?;
    super::record_setting(app, &mut tx, actor, "sending_rules")?;
    tx.commit().await
}
