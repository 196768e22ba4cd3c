//! Watches over what waits to leave: a queue that nobody works off, or that grows, is told to whoever can see to it.
//!
//! That a mail waits is no trouble: a mailbox is full, a server asks for patience. It is one if our own mail server
//! takes nothing, if nobody hands mails over, if many are late, or if there are more at every look. Judged once a
//! minute; a banner says so until it is over, the log once at each change. What a node remembers of earlier looks
//! is its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::relay;
use super::store;
use crate::platform::banners::Banner;
use crate::platform::{App, Result, Right, Timestamp, Tx};

const EVERY: Duration = Duration::from_mins(1);
/// A mail that could have left so long ago is late.
const LATE: Duration = Duration::from_mins(15);
/// So many late ones are too many; fewer have reasons of their own.
const MANY: i64 = 10;
/// Mails could leave and none did for so long.
const SILENT: Duration = Duration::from_mins(10);
/// So many looks in a row found more than the one before, in a queue of at least so many.
const LOOKS: usize = 5;
const CROWD: i64 = 20;

/// How sending fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stand {
    #[default]
    Well,
    /// Nothing leaves.
    Stuck,
    /// Many mails are late.
    Late,
    /// Mails come faster than they leave.
    Growing,
}

impl Stand {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Well => None,
            Self::Stuck => Some("sending-stuck"),
            Self::Late => Some("sending-late"),
            Self::Growing => Some("sending-growing"),
        }
    }
}

/// What a look into the queue finds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Mails that could have left.
    pub waiting: i64,
    /// Those of them that were written to one person: mail to many keeps step for longer.
    pub people: i64,
    /// Those of these that are late.
    pub late: i64,
    /// How long the oldest has waited.
    pub oldest: Duration,
    /// How long a mail has been ready that nobody takes.
    pub ready: Duration,
    /// Since the last mail left; longer than anything if none ever did.
    pub silent: Duration,
    /// Our own mail server takes nothing for now, or none is set up.
    pub no_server: bool,
}

/// Looks into the queue.
pub async fn look(app: &App, tx: &mut Tx) -> Result<Look> {
    let now = app.now();
    let (waiting, oldest) = store::overdue(tx, now).await?;
    if waiting == 0 {
        return Ok(Look::default());
    }
    let since = |at: Option<Timestamp>| at.map(|at| super::queue::span(at, now));
    Ok(Look {
        waiting,
        people: store::overdue_people(tx, now).await?,
        late: store::overdue_people(tx, now - LATE).await?,
        oldest: since(oldest).unwrap_or_default(),
        ready: since(store::ready_since(tx).await?).unwrap_or_default(),
        silent: since(store::last_sent(tx).await?).unwrap_or(Duration::MAX),
        no_server: relay::configured(app.settings()).is_none()
            || 0 < store::domain(tx, super::queue::RELAY).await?.deferrals,
    })
}

/// What the look means, after earlier ones that found so many mails each.
pub fn judge(look: &Look, earlier: &[i64]) -> Stand {
    let nobody = SILENT <= look.ready;
    let refused = look.no_server && SILENT <= look.oldest && SILENT <= look.silent;
    if nobody || refused {
        Stand::Stuck
    } else if MANY <= look.late {
        Stand::Late
    } else if CROWD <= look.people && has_grown(look.people, earlier) {
        Stand::Growing
    } else {
        Stand::Well
    }
}

/// Did each of the last looks find more than the one before?
fn has_grown(now: i64, earlier: &[i64]) -> bool {
    let Some(at) = earlier.len().checked_sub(LOOKS) else { return false };
    let counts = [&earlier[at..], &[now]].concat();
    counts.windows(2).all(|pair| pair[0] < pair[1])
}

/// What this node saw before.
#[derive(Default)]
struct Memory(Mutex<(Vec<i64>, Stand)>);

/// Looks once a minute, as long as the server runs.
pub fn run(app: App, stop: CancellationToken) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            // Not at once: what waited while nobody was there leaves now.
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = watch(&app).await {
                tracing::warn!(error = format!("{error:?}"), "cannot look after the sending queue");
            }
        }
    })
}

/// One look, told to whom it concerns.
pub async fn watch(app: &App) -> Result<Stand> {
    let look = look(app, &mut app.db.read().await?).await?;
    let memory = app.part::<Memory>();
    let (before, stand) = {
        let mut memory = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stand = judge(&look, &memory.0);
        let surplus = (memory.0.len() + 1).saturating_sub(LOOKS);
        memory.0.drain(..surplus);
        memory.0.push(look.people);
        (std::mem::replace(&mut memory.1, stand), stand)
    };
    if before != stand {
        let (mails, minutes) = (look.waiting, look.oldest.as_secs() / 60);
        if stand == Stand::Well {
            tracing::info!(mails, "the sending queue is well again");
        } else {
            tracing::warn!(?stand, mails, minutes, "the sending queue needs a look");
        }
    }
    show(app, stand, look.waiting);
    Ok(stand)
}

/// Who runs the house can see to it; who writes should know.
fn show(app: &App, stand: Stand, mails: i64) {
    let banner = |right, url, link_word| {
        let word = stand.word()?;
        Some(Banner { right, alarm: true, word, n: mails, url, link_word })
    };
    let admin = banner(Right::ManageSettings, "/settings/sending", "sending-look");
    app.banners().set("sending", admin);
    app.banners().set("sending-people", banner(Right::WorkCases, "/sent", "sending-look-sent"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn what_others_put_off_is_no_trouble_and_what_nobody_takes_is() {
        let patient =
            Look { waiting: 3, late: 3, oldest: 60 * MINUTE, silent: 60 * MINUTE, ..Look::default() };
        let refused = Look { no_server: true, ..patient };
        for (look, stand) in [
            (Look::default(), Stand::Well),
            (patient, Stand::Well),
            (refused, Stand::Stuck),
            (Look { oldest: 9 * MINUTE, ..refused }, Stand::Well),
            (Look { silent: MINUTE, ..refused }, Stand::Well),
            (Look { ready: 11 * MINUTE, ..patient }, Stand::Stuck),
            (Look { waiting: 12, late: 10, ..patient }, Stand::Late),
        ] {
            assert_eq!(judge(&look, &[]), stand, "{look:?}");
        }
    }

    #[test]
    fn a_queue_grows_if_every_look_finds_more() {
        let look = Look { waiting: 60, people: 60, ..Look::default() };
        for (earlier, stand) in [
            (vec![10, 20, 30, 40, 50], Stand::Growing),
            (vec![90, 10, 20, 30, 40, 50], Stand::Growing),
            (vec![10, 20, 30, 30, 50], Stand::Well),
            (vec![10, 20, 30, 40, 60], Stand::Well),
            (vec![20, 30, 40, 50], Stand::Well),
        ] {
            assert_eq!(judge(&look, &earlier), stand, "{earlier:?}");
        }
        assert_eq!(judge(&Look { people: 6, ..look }, &[1, 2, 3, 4, 5]), Stand::Well, "a handful is none");
    }
}
