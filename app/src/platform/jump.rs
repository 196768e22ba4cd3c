//! Notices that the system's clock went back, so that nothing waits for a time that was there already.
//!
//! Work that waits is kept with the moment from which it may be done. When an hour comes a second time, what was due
//! would rest for an hour: mail would stay, and paces would be given out far ahead. A clock that jumps ahead needs no
//! care here: things become due. Deliberately absent: what people planned, deadlines and logins keep to the clock.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{App, Result, Timestamp, Tx};

/// Smaller corrections are everyday's.
const WORTH_IT: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_secs(1);

/// The clock went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// What time it would be.
    pub was: Timestamp,
    pub now: Timestamp,
}

impl Jump {
    /// From one look at the clock, and what has passed since, to the next.
    fn between(before: Timestamp, passed: Duration, now: Timestamp) -> Option<Self> {
        let was = before + passed;
        (now + WORTH_IT < was).then_some(Self { was, now })
    }

    /// By how much.
    pub const fn micros(self) -> i64 {
        self.was.0 - self.now.0
    }
}

/// Puts right what waits in the tables of a slice.
pub type PutRight = for<'a> fn(&'a mut Tx, Jump) -> BoxFuture<'a, Result<()>>;

/// Watches until `stop`. `last` is when something happened last in this house: the clock may have gone back while
/// the program did not run.
pub async fn watch(app: App, last: Option<Timestamp>, all: &'static [PutRight], stop: CancellationToken) {
    let mut before = last.unwrap_or_else(|| app.now()).max(app.now());
    let mut looked = Instant::now();
    while !stop.is_cancelled() {
        let (now, passed) = (app.now(), looked.elapsed());
        let done = match Jump::between(before, passed, now) {
            Some(jump) => put_right(&app, jump, all).await,
            None => Ok(()),
        };
        match done {
            Ok(()) => (before, looked) = (now, looked + passed),
            // Looked at again, from the same moment.
            Err(error) => tracing::error!(error = format!("{error:?}"), "cannot put right what waits"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn put_right(app: &App, jump: Jump, all: &[PutRight]) -> Result<()> {
    let seconds = Duration::from_micros(jump.micros().unsigned_abs()).as_secs();
    tracing::warn!(seconds, "the system's clock went back: what was due stays due");
    let mut tx = app.db.write().await?;
    for put_right in all {
        put_right(&mut tx, jump).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clock_that_goes_back_by_more_than_a_trifle_is_a_jump() {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let jump = |passed, now| Jump::between(at(1000), Duration::from_secs(passed), at(now));
        assert_eq!(jump(5, 1005), None);
        assert_eq!(jump(5, 90_000), None);
        assert_eq!(jump(5, 990), None);
        assert_eq!(jump(5, 100), Some(Jump { was: at(1005), now: at(100) }));
    }
}
