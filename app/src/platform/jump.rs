//! Notices that the system's clock went back, so that nothing waits for a time that was there already.
//!
//! Work that waits is kept with the moment from which it may be done. When an hour comes a second time, what was due
//! would rest for an hour: mail would stay, and paces would be given out far ahead. A clock that jumps ahead needs no
//! care here: things become due. Deliberately absent: what people planned, deadlines and logins keep to the clock.
//!
//! What is under way just then has read the old time and ends after the look: on PostgreSQL nobody sees its rows before.
//! So the minute around the jump is looked at again, when such work has ended.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{App, Result, Timestamp, Tx};

/// Smaller corrections are everyday's.
const WORTH_IT: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_secs(1);
/// So long after a jump what came late is looked for.
const AGAIN: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(10), Duration::from_mins(1)];
/// What is under way has read the clock at most so long ago; nobody's answer can be taken back for longer, either.
const UNDER_WAY: Duration = Duration::from_mins(1);

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

    /// What is looked for at `now`, some time after the jump. Nothing so near to the time of before that it cannot be
    /// told from what is to happen soon: then it does not wait for long, either.
    pub fn late(self, now: Timestamp) -> Option<Late> {
        let after = self.was - UNDER_WAY;
        (now + UNDER_WAY <= after).then_some(Late { jump: self, after, now })
    }
}

/// A time of before the jump, on what was under way when the clock went back and has ended since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    pub jump: Jump,
    /// Moments beyond this, up to somewhat beyond the jump, are of before.
    pub after: Timestamp,
    pub now: Timestamp,
}

/// How what waits in the tables of a slice is put right.
pub struct Waiting {
    pub went_back: for<'a> fn(&'a mut Tx, Jump) -> BoxFuture<'a, Result<()>>,
    /// Done several times.
    pub came_late: for<'a> fn(&'a mut Tx, Late) -> BoxFuture<'a, Result<()>>,
}

/// Watches until `stop`. `last` is when something happened last in this house: the clock may have gone back while
/// the program did not run.
pub async fn watch(app: App, last: Option<Timestamp>, all: &'static [Waiting], stop: CancellationToken) {
    let mut before = last.unwrap_or_else(|| app.now()).max(app.now());
    let mut looked = Instant::now();
    let mut again: Vec<(Instant, Jump)> = Vec::new();
    while !stop.is_cancelled() {
        let (now, passed) = (app.now(), looked.elapsed());
        let jump = Jump::between(before, passed, now);
        let done = match jump {
            Some(jump) => put_right(&app, jump, all).await,
            None => Ok(()),
        };
        match done {
            Ok(()) => {
                (before, looked) = (now, looked + passed);
                again.extend(
                    jump.into_iter().flat_map(|jump| AGAIN.map(|after| (Instant::now() + after, jump))),
                );
            }
            // Looked at again, from the same moment.
            Err(error) => tracing::error!(error = format!("{error:?}"), "cannot put right what waits"),
        }
        look_again(&app, &mut again, all).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn put_right(app: &App, jump: Jump, all: &[Waiting]) -> Result<()> {
    let seconds = Duration::from_micros(jump.micros().unsigned_abs()).as_secs();
    tracing::warn!(seconds, "the system's clock went back: what was due stays due");
    let mut tx = app.db.write().await?;
    for waiting in all {
        (waiting.went_back)(&mut tx, jump).await?;
    }
    tx.commit().await
}

/// Does what is due of `again`; what fails stays in it.
async fn look_again(app: &App, again: &mut Vec<(Instant, Jump)>, all: &[Waiting]) {
    let due: Vec<_> = again.extract_if(.., |(at, _)| *at <= Instant::now()).collect();
    for (at, jump) in due {
        if let Err(error) = catch_up(app, jump, all).await {
            tracing::error!(error = format!("{error:?}"), "cannot put right what came late");
            again.push((at, jump));
        }
    }
}

async fn catch_up(app: &App, jump: Jump, all: &[Waiting]) -> Result<()> {
    let Some(late) = jump.late(app.now()) else { return Ok(()) };
    let mut tx = app.db.write().await?;
    for waiting in all {
        (waiting.came_late)(&mut tx, late).await?;
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

    #[test]
    fn only_the_minute_before_a_large_jump_is_looked_at_again() {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let hour = Jump { was: at(10_000), now: at(6_400) };
        assert_eq!(hour.late(at(6_402)), Some(Late { jump: hour, after: at(9_940), now: at(6_402) }));
        assert_eq!(Jump { was: at(10_000), now: at(9_900) }.late(at(9_902)), None);
        assert_eq!(hour.late(at(10_002)), None, "the clock was put right");
    }
}
