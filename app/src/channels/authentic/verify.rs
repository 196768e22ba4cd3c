//! The checks themselves, each with its own time.
//!
//! A check that gets no answer counts as such and does not take the others along: whoever forges a sender also
//! chooses the domains of its signatures and its envelope, and could otherwise have a slow one excuse the rest.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use futures::future::join_all;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{
    ArcOutput, AuthenticatedMessage, DkimOutput, DkimResult, DmarcOutput, DmarcResult, DnsError, Error,
    MessageAuthenticator, SpfOutput, SpfResult, dmarc,
};
use tokio::time::timeout;

use super::results;
use super::verdict::{Authentication, Check, Outcome, Policy};
use crate::cases::SenderProof;

/// For SPF, ARC and each signature, all at the same time.
const CHECK: Duration = Duration::from_secs(3);
/// For DMARC, afterwards.
const ALIGNMENT: Duration = Duration::from_secs(2);
/// Signatures that are looked at.
const SIGNATURES: usize = 10;
/// Ours in explanations that domains may publish; nobody reads them here.
const HOST: &str = "kitt.invalid";

/// A mail and how it came.
pub struct Letter {
    pub raw: Bytes,
    /// `None`: nobody whose right to send could be asked for.
    pub peer: Option<IpAddr>,
    pub helo: String,
    /// The envelope's sender; empty for bounces.
    pub sender: String,
    /// Servers whose seals are believed.
    pub trusted: Vec<String>,
}

/// What a trusted server wrote into a mail.
pub fn told(raw: &[u8], trusted: &[String]) -> Option<Authentication> {
    let mut told = results::by_trusted(raw, trusted)?;
    let (from, several) = senders(&results::fields(raw, "from").collect::<Vec<_>>());
    // It checked another sender than the one that is shown.
    if !told.from.is_empty() && ascii(&told.from) != from {
        told.dmarc = None;
    }
    Some(Authentication { from, several, ..told })
}

/// Asks the DNS about everything; at most five seconds.
pub async fn verify(dns: &MessageAuthenticator, letter: &Letter) -> Option<Authentication> {
    let message = AuthenticatedMessage::parse(&letter.raw)?;
    let (domain, several) = distinct(&message.from);
    let single: Vec<AuthenticatedMessage<'_>> =
        (0..message.dkim_headers.len().min(SIGNATURES)).map(|at| with_signature(&message, at)).collect();
    let (spf, dkim, arc) =
        tokio::join!(spf(dns, letter), join_all(single.iter().map(|one| dkim(dns, one))), arc(dns, &message));
    let dkim: Vec<DkimOutput<'_>> = dkim.into_iter().flatten().collect();
    let sender_domain = spf.domain().to_owned();
    let asked = DmarcParameters::new(&message, &dkim, &sender_domain, &spf);
    let dmarc = timeout(ALIGNMENT, dns.verify_dmarc(asked)).await;
    let mut found = Authentication {
        from: domain,
        several,
        direct: letter.peer.is_some(),
        spf: letter.peer.map(|_| Check::new(of_spf(spf.result()), spf.domain())),
        dkim: dkim.iter().filter_map(signed).collect(),
        dmarc: Some(Outcome::Temperror),
        ..Authentication::default()
    };
    if let Ok(dmarc) = dmarc {
        found.dmarc = of_dmarc(&dmarc);
        found.policy = dmarc.dmarc_record().map(|_| of_policy(dmarc.policy()));
    }
    found.arc = arc.sets().last().map(|set| Check::new(of_dkim(arc.result()), &set.seal.header.d));
    found.forwarded = forwarded(&arc, &found, &letter.trusted);
    Some(found)
}

/// The message as if it had only this signature.
fn with_signature<'x>(message: &AuthenticatedMessage<'x>, at: usize) -> AuthenticatedMessage<'x> {
    AuthenticatedMessage {
        dkim_headers: message.dkim_headers.get(at).cloned().into_iter().collect(),
        errors: Vec::new(),
        ..message.clone()
    }
}

async fn spf(dns: &MessageAuthenticator, letter: &Letter) -> SpfOutput {
    let sender = letter.sender.as_str();
    let domain = sender.rsplit_once('@').map_or(letter.helo.as_str(), |(_, domain)| domain);
    let output = SpfOutput::new(domain.to_owned());
    let Some(ip) = letter.peer else { return output.with_result(SpfResult::None) };
    // A bounce has no sender but the server itself.
    let asked = if sender.contains('@') {
        SpfParameters::verify_mail_from(ip, &letter.helo, HOST, sender)
    } else {
        SpfParameters::verify_ehlo(ip, &letter.helo, HOST)
    };
    timeout(CHECK, dns.verify_spf(asked)).await.unwrap_or_else(|_| output.with_result(SpfResult::TempError))
}

async fn dkim<'x>(dns: &MessageAuthenticator, one: &'x AuthenticatedMessage<'x>) -> Option<DkimOutput<'x>> {
    if let Ok(outputs) = timeout(CHECK, dns.verify_dkim(one)).await {
        return outputs.into_iter().next();
    }
    let signature = &one.dkim_headers.first()?.header;
    Some(DkimOutput::temp_err(unanswered()).with_signature(signature))
}

async fn arc<'x>(dns: &MessageAuthenticator, message: &'x AuthenticatedMessage<'x>) -> ArcOutput<'x> {
    let none = || ArcOutput::default().with_result(DkimResult::TempError(unanswered()));
    timeout(CHECK, dns.verify_arc(message)).await.unwrap_or_else(|_| none())
}

fn unanswered() -> Error {
    Error::Dns(DnsError::Resolver("no answer in time".into()))
}

/// A forwarder that is believed found the sender to be right before it forwarded.
fn forwarded(arc: &ArcOutput<'_>, found: &Authentication, trusted: &[String]) -> bool {
    let Some(last) = arc.sets().last().filter(|_| *arc.result() == DkimResult::Pass) else { return false };
    let sealer = last.seal.header.d.to_lowercase();
    let known = trusted.iter().any(|id| {
        id.strip_suffix(sealer.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    let value = String::from_utf8_lossy(last.results.value);
    // Its number comes first: `i=1; mx.example; dmarc=pass …`.
    let Some((_, value)) = value.split_once(';').filter(|_| known) else { return false };
    let told = Authentication { from: found.from.clone(), ..results::read(&unfolded(value)) };
    told.proof() == SenderProof::Verified
}

fn unfolded(value: &str) -> String {
    value.replace(['\r', '\n'], "")
}

fn signed(output: &DkimOutput<'_>) -> Option<Check> {
    output.signature().map(|signature| Check::new(of_dkim(output.result()), &signature.d))
}

/// The domain of the sender, and whether there are several.
fn senders(values: &[String]) -> (String, bool) {
    let raw = format!("From: {}\r\n\r\n", values.join("\r\nFrom: "));
    AuthenticatedMessage::parse(raw.as_bytes()).map(|message| distinct(&message.from)).unwrap_or_default()
}

fn distinct(addresses: &[String]) -> (String, bool) {
    let domains = addresses.iter().filter_map(|address| address.rsplit_once('@'));
    let domains: BTreeSet<String> = domains.map(|(_, domain)| ascii(domain)).collect();
    let several = 1 < domains.len();
    (domains.into_iter().next().unwrap_or_default(), several)
}

/// A domain as the DNS knows it.
pub fn ascii(domain: &str) -> String {
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain)) => domain,
        _ => domain.to_lowercase(),
    }
}

const fn of_spf(result: SpfResult) -> Outcome {
    match result {
        SpfResult::Pass => Outcome::Pass,
        SpfResult::Fail => Outcome::Fail,
        SpfResult::SoftFail => Outcome::Softfail,
        SpfResult::Neutral => Outcome::Neutral,
        SpfResult::TempError => Outcome::Temperror,
        SpfResult::PermError => Outcome::Permerror,
        SpfResult::None => Outcome::Absent,
    }
}

const fn of_dkim(result: &DkimResult) -> Outcome {
    match result {
        DkimResult::Pass => Outcome::Pass,
        // Changed on its way, or too old: no more than a signature that is not right.
        DkimResult::Fail(_) | DkimResult::Neutral(_) => Outcome::Fail,
        DkimResult::PermError(_) => Outcome::Permerror,
        DkimResult::TempError(_) => Outcome::Temperror,
        DkimResult::None => Outcome::Absent,
    }
}

fn of_dmarc(output: &DmarcOutput) -> Option<Outcome> {
    match output.result() {
        DmarcResult::Pass => Some(Outcome::Pass),
        DmarcResult::Fail(_) => Some(Outcome::Fail),
        DmarcResult::TempError(_) => Some(Outcome::Temperror),
        DmarcResult::PermError(_) => Some(Outcome::Permerror),
        DmarcResult::None => None,
    }
}

const fn of_policy(policy: dmarc::Policy) -> Policy {
    match policy {
        dmarc::Policy::Reject => Policy::Reject,
        dmarc::Policy::Quarantine => Policy::Quarantine,
        dmarc::Policy::None | dmarc::Policy::Unspecified => Policy::Nothing,
    }
}
