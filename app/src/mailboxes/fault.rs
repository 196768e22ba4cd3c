//! What went wrong with a mailbox, from errors and servers' answers to a [`Trouble`] that has words; and how long
//! to wait before the next attempt.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use tokio_rustls::rustls;

use super::model::Trouble;
use crate::platform::Error;

/// Servers may say much.
const LONGEST_SAID: usize = 300;
/// No server's wish to be left alone is heeded for longer.
const LONGEST_WISH: Duration = Duration::from_hours(1);
/// What a person or a crowded server has to mend is tried less often.
const SLOWER: u32 = 12;

/// Why an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub trouble: Trouble,
    /// In the server's words.
    pub said: Option<String>,
    /// How long the server wants to be left alone.
    pub wish: Option<Duration>,
}

/// What the server was asked for when it refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Password,
    Token,
    Folder,
    Target,
    Other,
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, said: None, wish: None }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        tracing::error!(error = format!("{error:?}"), "a mailbox cannot go on for a reason of ours");
        Trouble::Kitt.into()
    }
}

impl Fault {
    pub fn saying(trouble: Trouble, said: &str) -> Self {
        let said: String = said.chars().filter(|c| !c.is_control()).take(LONGEST_SAID).collect();
        Self { said: Some(said.trim().to_owned()).filter(|said| !said.is_empty()), ..trouble.into() }
    }

    /// The server said no.
    pub fn of_answer(step: Step, said: &str) -> Self {
        let lower = said.to_lowercase();
        let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
        let trouble = if has(&THROTTLED) {
            Trouble::Throttled
        } else if has(&["overquota", "over quota", "quota exceeded"]) {
            Trouble::Quota
        } else if has(&UNAVAILABLE) {
            Trouble::Unavailable
        } else {
            match step {
                Step::Password => Trouble::Password,
                Step::Token => Trouble::TokenRefused,
                Step::Folder => Trouble::Folder,
                Step::Target => Trouble::Target,
                Step::Other => Trouble::Protocol,
            }
        };
        Self { wish: wish(&lower), ..Self::saying(trouble, said) }
    }

    /// The connection failed.
    pub fn of_io(error: &io::Error) -> Self {
        if let Some(tls) = cause::<rustls::Error>(error) {
            let trouble = match tls {
                rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                    Trouble::Certificate
                }
                _ => Trouble::Tls,
            };
            return Self::saying(trouble, &tls.to_string());
        }
        let trouble = match error.kind() {
            io::ErrorKind::ConnectionRefused => Trouble::Refused,
            io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                Trouble::Timeout
            }
            // What cannot be parsed arrives as "other".
            io::ErrorKind::Other | io::ErrorKind::InvalidData => Trouble::Protocol,
            _ => Trouble::Lost,
        };
        trouble.into()
    }

    /// How long to wait, after `failures` in a row. `chance` between 0 and 1 keeps mailboxes apart that fell
    /// into trouble together.
    pub fn pause(&self, first: Duration, longest: Duration, failures: u32, chance: f64) -> Duration {
        let slow = matches!(
            self.trouble,
            Trouble::Password
                | Trouble::Consent
                | Trouble::Client
                | Trouble::TokenRefused
                | Trouble::Throttled
                | Trouble::Quota
        );
        let first = if slow { first * SLOWER } else { first };
        let grown = first.saturating_mul(3_u32.saturating_pow(failures.saturating_sub(1).min(12)));
        let spread = grown.min(longest).mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0));
        spread.max(self.wish.unwrap_or_default().min(LONGEST_WISH))
    }
}

const THROTTLED: [&str; 8] = [
    "throttl",
    "bandwidth limit",
    "command or bandwidth",
    "too many",
    "[limit]",
    "rate limit",
    "suggested backoff",
    "simultaneous connections",
];

const UNAVAILABLE: [&str; 8] = [
    "unavailable",
    "[inuse]",
    "[serverbug]",
    "temporar",
    "try again",
    "try later",
    "not connected",
    "internal error",
];

/// Microsoft's "Suggested Backoff Time: 286455 milliseconds".
fn wish(said: &str) -> Option<Duration> {
    let (_, rest) = said.split_once("backoff time:")?;
    let rest = rest.trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..digits].parse().ok()?;
    let millis = rest[digits..].trim_start().starts_with("milli");
    Some(if millis { Duration::from_millis(number) } else { Duration::from_secs(number) })
}

/// The error of this type behind `error`, however deep.
fn cause<T: StdError + 'static>(error: &io::Error) -> Option<&T> {
    let mut next: Option<&(dyn StdError + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as _),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_words_become_troubles() {
        for (step, said, trouble) in [
            (Step::Password, "[AUTHENTICATIONFAILED] Authentication failed.", Trouble::Password),
            (Step::Token, "AUTHENTICATE failed.", Trouble::TokenRefused),
            (Step::Password, "[ALERT] Too many simultaneous connections. (Failure)", Trouble::Throttled),
            (
                Step::Other,
                "Request is throttled. Suggested Backoff Time: 286455 milliseconds",
                Trouble::Throttled,
            ),
            (Step::Other, "[OVERQUOTA] Account exceeded command or bandwidth limits", Trouble::Throttled),
            (Step::Target, "[OVERQUOTA] Quota exceeded (mailbox for user is full)", Trouble::Quota),
            (Step::Token, "User is authenticated but not connected.", Trouble::Unavailable),
            (Step::Password, "[UNAVAILABLE] Temporary authentication failure.", Trouble::Unavailable),
            (Step::Folder, "[NONEXISTENT] Mailbox doesn't exist: Foo", Trouble::Folder),
            (Step::Target, "[TRYCREATE] Mailbox doesn't exist: Foo", Trouble::Target),
            (Step::Other, "Unknown command", Trouble::Protocol),
        ] {
            assert_eq!(Fault::of_answer(step, said).trouble, trouble, "{said}");
        }
    }

    #[test]
    fn pauses_grow_and_a_servers_wish_is_heeded() {
        let (first, longest) = (Duration::from_secs(5), Duration::from_mins(15));
        let pause = |fault: &Fault, failures| fault.pause(first, longest, failures, 0.5).as_secs();
        let lost = Fault::from(Trouble::Lost);
        assert_eq!([1, 2, 3, 4, 9].map(|failures| pause(&lost, failures)), [5, 15, 45, 135, 900]);
        assert_eq!(pause(&Trouble::Password.into(), 1), 60);
        let throttled = Fault::of_answer(
            Step::Other,
            "Request is throttled. Suggested Backoff Time: 286455 milliseconds",
        );
        assert_eq!(pause(&throttled, 1), 286);
        let never = Fault::of_answer(Step::Other, "Suggested Backoff Time: 999999999 milliseconds");
        assert_eq!(pause(&never, 1), 3600);
    }

    #[test]
    fn what_the_server_says_is_short_and_harmless() {
        let fault = Fault::saying(Trouble::Lost, &format!("a\r\nb{}", "x".repeat(1000)));
        assert_eq!(fault.said.map(|said| (said.len(), said.starts_with("abx"))), Some((300, true)));
    }
}
