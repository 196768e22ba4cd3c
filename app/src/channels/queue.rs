//! Which mail leaves next, and which has to wait: for the pace of its domain, or until a server is well again.
//!
//! What was written to one person goes before what was written to many. Paces and rests are rows, so that
//! several nodes keep to them together, and a restart forgets none.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::model::{Domain, Outgoing};
use super::outgoing;
use super::pace::{self, Scope};
use super::relay::{self, Relay, Reply};
use super::store;
use crate::cases;
use crate::cases::{Problem, Trouble};
use crate::platform::jump::Late;
use crate::platform::{App, ContactId, Jump, Result, Timestamp, Tx, dialect};

/// A mail that was taken belongs to its taker for so long; less than a job does, so that the job that comes
/// back after a crash finds it.
const TAKEN: Duration = Duration::from_secs(280);
/// Where the state of our own mail server is kept.
pub const RELAY: &str = "*";
/// When the clock goes back, what was to leave so soon after counts as due: an answer within its undo time.
const SOON: Duration = cases::LONGEST_UNDO;

/// Mails that this process is sending. Their rows say so, too, but only for a time, which a clock that jumps ahead
/// ends at once: then a second copy would leave.
#[derive(Default)]
struct InHand(Mutex<HashSet<ContactId>>);

/// A mail is in hand until this is dropped.
pub struct Held {
    all: Arc<InHand>,
    contact: ContactId,
}

impl Held {
    /// `None` if this process has it in hand already.
    fn new(app: &App, contact: ContactId) -> Option<Self> {
        let all = app.part::<InHand>();
        let fresh = all.0.lock().unwrap_or_else(PoisonError::into_inner).insert(contact);
        fresh.then_some(Self { all, contact })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.contact);
    }
}

/// The next mail, taken; `None` if none is due, or if the next one has to wait.
pub async fn take(app: &App) -> Result<Option<(Outgoing, Held)>> {
    let now = app.now();
    let mut tx = app.db.write().await?;
    let Some(mail) = store::due(&mut tx, now).await? else { return Ok(None) };
    let Some(in_hand) = Held::new(app, mail.contact) else {
        store::set_next(&mut tx, mail.contact, now + TAKEN, mail.paced).await?;
        tx.commit().await?;
        return Ok(None);
    };
    let held = hold(app, &mut tx, &mail, now).await?;
    let (until, paced) = held.as_ref().map_or((now + TAKEN, mail.paced), |hold| (hold.until, hold.paced));
    store::set_next(&mut tx, mail.contact, until, paced).await?;
    if let Some(trouble) = held.as_ref().and_then(|hold| hold.trouble.as_ref()) {
        cases::unclaim(&mut tx, mail.contact, trouble).await?;
    }
    tx.commit().await?;
    Ok(held.is_none().then_some((mail, in_hand)))
}

struct Hold {
    until: Timestamp,
    /// Its time is given out, nobody has to ask again.
    paced: bool,
    /// What the contact shows meanwhile; nothing while it only keeps step.
    trouble: Option<Trouble>,
}

async fn hold(app: &App, tx: &mut Tx, mail: &Outgoing, now: Timestamp) -> Result<Option<Hold>> {
    if matches!(relay::configured(app.settings()), None | Some(Relay::Sink)) {
        return Ok(None);
    }
    let relay = store::domain(tx, RELAY).await?;
    if now < relay.slow_until {
        let trouble = trouble(&relay, relay.slow_until);
        return Ok(Some(Hold { until: relay.slow_until, paced: mail.paced, trouble: Some(trouble) }));
    }
    if mail.domain.is_empty() {
        return Ok(None);
    }
    dialect::lock(tx, "mail domain", key(&mail.domain)).await?;
    let mut domain = store::domain(tx, &mail.domain).await?;
    let rules = store::rules(tx).await?;
    let rests = now < domain.slow_until;
    if rests || !mail.paced {
        let given = if mail.bulk { &mut domain.bulk_at } else { &mut domain.person_at };
        let per_minute = if mail.bulk { rules.bulk_per_minute } else { rules.person_per_minute };
        let (when, until) = pace::slot(*given, now.max(domain.slow_until), per_minute);
        *given = until;
        store::set_domain(tx, &mail.domain, &domain).await?;
        if now < when {
            let trouble = rests.then(|| trouble(&domain, when));
            return Ok(Some(Hold { until: when, paced: true, trouble }));
        }
    }
    let crowded = rules.together <= store::in_hand(tx, &mail.domain, now).await?;
    let until = now + Duration::from_secs(1);
    Ok(crowded.then_some(Hold { until, paced: true, trouble: None }))
}

/// Why mail to this domain rests.
fn trouble(domain: &Domain, until: Timestamp) -> Trouble {
    Trouble {
        problem: domain.problem.unwrap_or(Problem::Busy),
        said: domain.said.clone().unwrap_or_default(),
        next_at: Some(until),
    }
}

/// A server put a mail off: how long the mail, its domain or everything rests.
pub async fn rest(
    tx: &mut Tx,
    mail: &Outgoing,
    scope: Scope,
    reply: &Reply,
    now: Timestamp,
) -> Result<Timestamp> {
    let since_first = mail.first_at.map_or(Duration::ZERO, |first| span(first, now));
    let own = now + pace::pause(since_first, rand::random());
    let name = match scope {
        Scope::Mail => return Ok(own),
        Scope::Domain => mail.domain.as_str(),
        Scope::Relay => RELAY,
    };
    dialect::lock(tx, "mail domain", key(name)).await?;
    let mut domain = store::domain(tx, name).await?;
    // Mails that were under way together are one refusal.
    if domain.slow_until <= now {
        domain.deferrals += 1;
        domain.slow_until = now + pace::rest(domain.deferrals);
    }
    domain.problem = Some(reply.problem);
    domain.said = Some(reply.said.clone());
    store::set_domain(tx, name, &domain).await?;
    // Trouble of our own server is not this mail's: it does not wait longer for it each time.
    Ok(if scope == Scope::Relay { domain.slow_until } else { own.max(domain.slow_until) })
}

/// The clock went back: what was due stays due, and paces and rests last no longer than they would have.
pub async fn clock_went_back(tx: &mut Tx, jump: Jump) -> Result<()> {
    let soon = jump.was + SOON;
    store::leave_now(tx, jump.now, jump.now, soon).await?;
    store::cut_taken(tx, jump.now + TAKEN).await?;
    // The jobs that would have come for them come in the hour that was.
    for (contact, at) in store::shift_put_off(tx, soon, jump.micros()).await? {
        outgoing::come_at(tx, contact, at).await?;
    }
    store::shift_paces(tx, jump).await
}

/// What was under way then has ended with times of before, and may have written the paces of before.
pub async fn came_late(tx: &mut Tx, late: Late) -> Result<()> {
    store::leave_now(tx, late.now, late.after, late.jump.was + SOON).await?;
    store::cut_taken(tx, late.now + TAKEN).await?;
    store::shift_paces_beyond(tx, late.after, late.jump.micros()).await
}

/// From one moment to a later one.
pub fn span(from: Timestamp, to: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(to.0 - from.0).unwrap_or(0))
}

/// A number for locking by name.
fn key(name: &str) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..8]);
    i64::from_le_bytes(first) & i64::MAX
}
