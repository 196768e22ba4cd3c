//! One connection to the mail server, and one message over it.
//!
//! Commands are given one by one instead of through the library's transport, because a delivery report has to
//! be asked for (RFC 3461), and because it matters at which step something goes wrong.

use std::error::Error as _;
use std::time::{Duration, Instant};

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter, RcptParameter};
use lettre::transport::smtp::response::Response;
use url::Url;

use super::{Outcome, Reply, Step};
use crate::cases::Problem;
use crate::channels::compose::Letter;

/// For each answer of the server.
const PATIENCE: Duration = Duration::from_mins(1);
/// For the connection itself.
const KNOCK: Duration = Duration::from_secs(20);
/// Longer envelope ids are not allowed (RFC 3461, 4.4).
const LONGEST_ENVELOPE_ID: usize = 100;

/// An open connection.
pub struct Link {
    connection: AsyncSmtpConnection,
    /// Offers delivery reports.
    reports: bool,
    /// The largest message it takes, in bytes.
    largest: Option<usize>,
    mails: u32,
    since: Instant,
    /// Nothing more can be said over it.
    broken: bool,
}

impl Link {
    /// Connects, encrypts and logs in as `url` says.
    pub async fn open(url: &str, name: &str) -> Result<Self, Reply> {
        let bad = |said: &str| Reply::own(Problem::ServerUnreachable, said);
        let url = Url::parse(url).map_err(|error| bad(&format!("--smtp-relay: {error}")))?;
        let host = url.host_str().ok_or_else(|| bad("--smtp-relay names no host"))?.to_owned();
        let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (wrapped, default_port) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", _) => (true, 465),
            ("smtp", None) => (false, 25),
            ("smtp", Some("required" | "opportunistic")) => (false, 587),
            _ => return Err(bad("--smtp-relay must look like smtp://… or smtps://…")),
        };
        let tls = || TlsParameters::new(host.clone()).map_err(|error| reply(&error, Problem::Encryption));
        let hello = ClientId::Domain(name.to_owned());
        let socket = (host.trim_matches(['[', ']']), url.port().unwrap_or(default_port));
        let first_tls = if wrapped { Some(tls()?) } else { None };
        let connecting = AsyncSmtpConnection::connect_tokio1(socket, Some(KNOCK), &hello, first_tls, None);
        let mut connection = patient(connecting, Problem::ServerUnreachable).await?;
        let offered = connection.server_info().supports_feature(Extension::StartTls);
        if wanted.as_deref() == Some("required") || (wanted.is_some() && offered) {
            patient(connection.starttls(tls()?, &hello), Problem::Encryption).await?;
        }
        if let Some(password) = url.password() {
            let credentials = Credentials::new(decode(url.username()), decode(password));
            patient(connection.auth(DEFAULT_MECHANISMS, &credentials), Problem::Login).await?;
        }
        // Once more, because the library does not tell all that is offered.
        let offers = patient(connection.command(Ehlo::new(hello)), Problem::ServerUnreachable).await?;
        let (reports, largest) = read_offers(&offers);
        Ok(Self { connection, reports, largest, mails: 0, since: Instant::now(), broken: false })
    }

    /// Hands one message over.
    pub async fn send(&mut self, letter: &Letter, recipients: &[String]) -> Outcome {
        let outcome = match self.envelope(letter, recipients).await {
            Ok(refused) if refused.len() == recipients.len() => {
                Outcome::Partly { accepted: Vec::new(), refused }
            }
            Ok(refused) => self.hand_over(letter, recipients, refused).await,
            Err(outcome) => outcome,
        };
        self.mails += 1;
        self.since = Instant::now();
        // After a refusal the server still has half an envelope in mind; a fresh connection is the safe way.
        self.broken |= !matches!(outcome, Outcome::Accepted) || self.connection.has_broken();
        outcome
    }

    /// The message itself, for those who were not refused.
    async fn hand_over(
        &mut self,
        letter: &Letter,
        recipients: &[String],
        refused: Vec<(String, Reply)>,
    ) -> Outcome {
        if let Err(outcome) = self.say(Step::Content, Data).await {
            return outcome;
        }
        match self.content(&letter.raw).await {
            Outcome::Accepted if !refused.is_empty() => {
                let is_refused = |one: &String| refused.iter().any(|(address, _)| address == one);
                let accepted = recipients.iter().filter(|one| !is_refused(one)).cloned().collect();
                Outcome::Partly { accepted, refused }
            }
            outcome => outcome,
        }
    }

    /// Who it is from and for. A refusal of the only recipient is one of the message; of several, those who were
    /// refused come back.
    async fn envelope(
        &mut self,
        letter: &Letter,
        recipients: &[String],
    ) -> Result<Vec<(String, Reply)>, Outcome> {
        let bad = |said: &str| Outcome::Refused(Reply::own(Problem::BadAddress, said));
        // The null sender: whatever becomes of it, nobody is told.
        let sender = match letter.sender.as_str() {
            "" => None,
            sender => Some(sender.parse::<Address>().map_err(|_| bad(sender))?),
        };
        if self.largest.is_some_and(|largest| largest < letter.raw.len()) {
            let said = format!("{} bytes, the server takes {}", letter.raw.len(), self.largest.unwrap_or(0));
            return Err(Outcome::Refused(Reply::own(Problem::TooLarge, &said)));
        }
        let ascii = letter.sender.is_ascii() && recipients.iter().all(|one| one.is_ascii());
        if !ascii && !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(bad("the mail server takes no addresses with letters beyond ASCII"));
        }
        let mut mail = Vec::new();
        if !ascii {
            mail.push(MailParameter::SmtpUtfEight);
        }
        if self.reports {
            ask_for_reports(&mut mail, &letter.message_id);
        }
        self.say(Step::Sender, Mail::new(sender, mail)).await?;
        let mut refused = Vec::new();
        for recipient in recipients {
            match self.recipient(recipient).await {
                Ok(()) => {}
                Err(Outcome::Refused(reply) | Outcome::Later(_, reply))
                    if 1 < recipients.len() && !self.connection.has_broken() =>
                {
                    refused.push((recipient.clone(), reply));
                }
                Err(outcome) => return Err(outcome),
            }
        }
        Ok(refused)
    }

    async fn recipient(&mut self, recipient: &str) -> Result<(), Outcome> {
        let bad = |said: &str| Outcome::Refused(Reply::own(Problem::BadAddress, said));
        let address: Address = recipient.parse().map_err(|_| bad(recipient))?;
        let mut rcpt = Vec::new();
        if self.reports {
            ask_for_report(&mut rcpt, &address);
        }
        self.say(Step::Recipient, Rcpt::new(address, rcpt)).await
    }

    async fn say(&mut self, step: Step, command: impl std::fmt::Display) -> Result<(), Outcome> {
        match patient(self.connection.command(command), Problem::ServerUnreachable).await {
            Ok(_) => Ok(()),
            Err(reply) => Err(judge(step, reply)),
        }
    }

    async fn content(&mut self, raw: &[u8]) -> Outcome {
        let mut whole = false;
        // The library asks for the next piece once all before it went out; after the last comes the end mark.
        let pieces = std::iter::once(raw).chain(std::iter::from_fn(|| {
            whole = true;
            None
        }));
        let answer = patient(self.connection.message_iter(pieces), Problem::ServerUnreachable).await;
        match answer {
            Ok(_) => Outcome::Accepted,
            Err(reply) if reply.code.is_none() && whole => Outcome::Doubt(reply),
            Err(reply) if whole => judge(Step::End, reply),
            Err(reply) => judge(Step::Content, reply),
        }
    }

    pub const fn is_usable(&self) -> bool {
        !self.broken
    }

    /// The largest message that the server takes, in bytes.
    pub const fn largest(&self) -> Option<usize> {
        self.largest
    }

    pub const fn mails(&self) -> u32 {
        self.mails
    }

    pub fn idle_for(&self) -> Duration {
        self.since.elapsed()
    }

    pub async fn quit(mut self) {
        // Whoever does not answer a goodbye is gone all the same.
        let _ = tokio::time::timeout(Duration::from_secs(5), self.connection.quit()).await;
    }
}

fn parameter(keyword: &str, value: &str) -> (String, Option<String>) {
    (keyword.to_owned(), Some(value.to_owned()))
}

/// Of a message that is reported on, only its header comes back.
fn ask_for_reports(mail: &mut Vec<MailParameter>, envelope_id: &str) {
    let (keyword, value) = parameter("RET", "HDRS");
    mail.push(MailParameter::Other { keyword, value });
    if envelope_id.len() <= LONGEST_ENVELOPE_ID {
        let (keyword, value) = parameter("ENVID", envelope_id);
        mail.push(MailParameter::Other { keyword, value });
    }
}

/// Success, failure and delay with this recipient are to be reported to the sender.
fn ask_for_report(rcpt: &mut Vec<RcptParameter>, recipient: &Address) {
    let (keyword, value) = parameter("NOTIFY", "SUCCESS,FAILURE,DELAY");
    rcpt.push(RcptParameter::Other { keyword, value });
    let recipient: &str = recipient.as_ref();
    if recipient.is_ascii() {
        let (keyword, value) = parameter("ORCPT", &format!("rfc822;{recipient}"));
        rcpt.push(RcptParameter::Other { keyword, value });
    }
}

fn read_offers(offers: &Response) -> (bool, Option<usize>) {
    let lines = || offers.message().map(str::trim);
    let reports = lines().any(|line| line.eq_ignore_ascii_case("DSN"));
    let size = lines().find_map(|line| {
        let (keyword, value) = line.split_once(' ')?;
        keyword.eq_ignore_ascii_case("SIZE").then(|| value.trim().parse().ok()).flatten()
    });
    // Zero means: no limit.
    (reports, size.filter(|size| *size != 0))
}

/// A refusal for good, or for now.
fn judge(step: Step, reply: Reply) -> Outcome {
    if reply.is_permanent() { Outcome::Refused(reply) } else { Outcome::Later(step, reply) }
}

/// Waits for an answer, but not for ever; `otherwise` is the problem if the server said nothing about it.
async fn patient<T>(answer: impl Future<Output = Result<T, Error>>, otherwise: Problem) -> Result<T, Reply> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(reply(&error, otherwise)),
        Err(_) => Err(Reply::own(otherwise, "no answer within a minute")),
    }
}

fn reply(error: &Error, otherwise: Problem) -> Reply {
    let said = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let Some(code) = error.status() else { return Reply::own(otherwise, &said) };
    let code: u16 = code.to_string().parse().unwrap_or(0);
    let said = format!("{code} {said}");
    let problem = match (otherwise, code) {
        (Problem::Login, _) | (_, 530 | 534 | 535 | 538) => Problem::Login,
        (Problem::Encryption, _) => Problem::Encryption,
        // Refused for now: "blocked" and "unknown" are what servers say to newcomers, too.
        (_, 400..500) => match Problem::of_server(&said) {
            kept @ (Problem::MailboxFull | Problem::MailboxBlocked | Problem::Unreachable) => kept,
            _ => Problem::Busy,
        },
        (_, 552) if Problem::of_server(&said) == Problem::Refused => Problem::TooLarge,
        _ => Problem::of_server(&said),
    };
    Reply { code: Some(code), ..Reply::own(problem, &said) }
}

/// User names and passwords of a URL.
fn decode(text: &str) -> String {
    let text = format!("v={}", text.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_may_hold_anything() {
        for (written, meant) in [("a%40b", "a@b"), ("a+b", "a+b"), ("p%26q=r&s", "p&q=r&s"), ("%C3%BC", "ü")]
        {
            assert_eq!(decode(written), meant);
        }
    }
}
