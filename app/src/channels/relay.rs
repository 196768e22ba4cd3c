//! The mail server that takes our mail, and what its answers mean for a message.
//!
//! Connections are kept for the next mail and shared: at most [`MOST`] at a time, so that a burst of answers
//! does not look like an attack. Deliberately absent: delivery to the recipients' own servers.

mod link;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use url::Url;

use super::compose::Letter;
use crate::cases::Problem;
use crate::platform::{App, Settings};
use link::Link;

/// For all of a message; shorter than the time for which a mail is taken, so that nobody else takes it meanwhile.
const AT_MOST: Duration = Duration::from_mins(4);
/// Connections to the mail server at a time, from this node.
const MOST: usize = 4;
/// Mails over one connection: servers distrust endless ones.
const MAILS_PER_LINK: u32 = 100;
/// A connection without mails is closed after this.
const IDLE: Duration = Duration::from_secs(15);
/// Reasons are shown; servers may say much.
const LONGEST_REASON: usize = 500;

/// Where mail goes.
pub enum Relay {
    /// Nowhere: it counts as sent and is shown under "sent". For demonstrations and the test mode.
    Sink,
    Smtp {
        url: String,
        /// How we introduce ourselves.
        name: String,
        /// Test mode: everything goes to this address.
        only_to: Option<String>,
    },
}

/// How far a delivery came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Until we are welcome: connection, greeting, encryption, login.
    Connect,
    Sender,
    Recipient,
    /// From `DATA` to the last byte of the message.
    Content,
    /// The answer to the message.
    End,
}

/// What was said or happened instead of success.
#[derive(Debug, Clone)]
pub struct Reply {
    pub problem: Problem,
    /// The server's words, or a technical cause; one line.
    pub said: String,
    /// `None` if no server said anything.
    pub code: Option<u16>,
}

impl Reply {
    /// Something that went wrong on our side of the line.
    pub fn own(problem: Problem, said: &str) -> Self {
        Self { problem, said: one_line(said), code: None }
    }

    pub fn is_permanent(&self) -> bool {
        // A refused login is our set-up's fault and not the message's.
        self.code.is_some_and(|code| (500..600).contains(&code) && !matches!(code, 530 | 534 | 535 | 538))
    }
}

fn one_line(said: &str) -> String {
    let words = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_REASON).collect()
}

/// What became of a message.
pub enum Outcome {
    Accepted,
    /// Of several recipients only these were accepted, for which it was handed over; the others were refused.
    Partly {
        accepted: Vec<String>,
        refused: Vec<(String, Reply)>,
    },
    /// For good.
    Refused(Reply),
    /// Worth another attempt.
    Later(Step, Reply),
    /// The whole message was handed over and no answer came: it may have been accepted.
    Doubt(Reply),
}

/// The relay that is set up, if any.
pub fn configured(settings: &Settings) -> Option<Relay> {
    let only_to = match settings.mail_test_mode.as_deref() {
        Some("nobody") => return Some(Relay::Sink),
        address => address.map(str::to_owned),
    };
    let url = settings.smtp_relay.as_deref()?;
    if url.starts_with("sink:") {
        return Some(Relay::Sink);
    }
    let name = settings.public_url.host_str().unwrap_or("localhost").to_owned();
    Some(Relay::Smtp { url: with_tls(url), name, only_to })
}

/// `smtp://` means STARTTLS where the server offers it, except on the same machine; `?tls=…` says otherwise.
fn with_tls(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    let near = matches!(parsed.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let said = parsed.query_pairs().any(|(name, _)| name == "tls");
    if parsed.scheme() == "smtp" && !near && !said {
        parsed.query_pairs_mut().append_pair("tls", "opportunistic");
    }
    parsed.into()
}

/// Connections of this node that wait for their next mail.
pub struct Pool {
    seats: Semaphore,
    idle: Mutex<Vec<Link>>,
}

impl Default for Pool {
    fn default() -> Self {
        Self { seats: Semaphore::new(MOST), idle: Mutex::default() }
    }
}

impl Pool {
    fn take(&self) -> Option<Link> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, link: Link) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(link);
    }

    fn take_idle(&self) -> Vec<Link> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extract_if(.., |link| IDLE <= link.idle_for()).collect()
    }
}

impl Relay {
    /// The largest message that the mail server takes, if it can be reached and says so.
    pub async fn largest(&self, app: &App) -> Option<usize> {
        let Self::Smtp { url, name, .. } = self else { return None };
        let pool = app.part::<Pool>();
        let _seat = pool.seats.acquire().await;
        let link = match pool.take() {
            Some(link) => link,
            // The message waits for it next, and says what is wrong.
            None => Link::open(url, name).await.ok()?,
        };
        let largest = link.largest();
        pool.put(link);
        close_later(app);
        largest
    }

    /// Hands a message over.
    pub async fn deliver(&self, app: &App, letter: &Letter) -> Outcome {
        let Self::Smtp { url, name, only_to } = self else { return Outcome::Accepted };
        let pool = app.part::<Pool>();
        let delivery = async {
            // The pool is never closed; without a seat there would be none to return.
            let _seat = pool.seats.acquire().await;
            let recipients = match only_to {
                Some(address) => std::slice::from_ref(address),
                None => letter.recipients.as_slice(),
            };
            hand_over(&pool, url, name, letter, recipients).await
        };
        let outcome = tokio::time::timeout(AT_MOST, delivery).await;
        close_later(app);
        outcome.unwrap_or_else(|_| {
            // It may have been in the middle of the message.
            Outcome::Doubt(Reply::own(Problem::ServerUnreachable, "no answer within four minutes"))
        })
    }
}

async fn hand_over(pool: &Pool, url: &str, name: &str, letter: &Letter, recipients: &[String]) -> Outcome {
    if let Some(mut link) = pool.take() {
        let outcome = link.send(letter, recipients).await;
        // The server may have closed a connection that waited; nothing of this mail was said then.
        let stale = matches!(&outcome, Outcome::Later(Step::Sender, reply)
            if reply.code.is_none() || reply.code == Some(421));
        if !stale {
            keep(pool, link);
            return outcome;
        }
    }
    match Link::open(url, name).await {
        Ok(mut link) => {
            let outcome = link.send(letter, recipients).await;
            keep(pool, link);
            outcome
        }
        Err(reply) => Outcome::Later(Step::Connect, reply),
    }
}

fn keep(pool: &Pool, link: Link) {
    if link.is_usable() && link.mails() < MAILS_PER_LINK {
        pool.put(link);
    }
}

/// Says goodbye on connections that nobody needs any more.
fn close_later(app: &App) {
    let pool = app.part::<Pool>();
    tokio::spawn(async move {
        tokio::time::sleep(IDLE + Duration::from_secs(1)).await;
        for link in pool.take_idle() {
            link.quit().await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::with_tls;

    #[test]
    fn passwords_travel_encrypted_unless_told_otherwise() {
        for (url, used) in [
            ("smtp://a:b@mail.example:587", "smtp://a:b@mail.example:587?tls=opportunistic"),
            ("smtp://mail.example?tls=required", "smtp://mail.example?tls=required"),
            ("smtp://127.0.0.1:2500", "smtp://127.0.0.1:2500"),
            ("smtps://mail.example", "smtps://mail.example"),
        ] {
            assert_eq!(with_tls(url), used);
        }
    }
}
