//! What was found about a sender, in sentences that need no knowledge of mail servers.

use super::verdict::{Authentication, Check, Outcome, Policy};

/// A sentence: its word, and the domain or server that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub word: &'static str,
    pub domain: String,
}

/// The reasons, the most important first.
pub fn explain(found: &Authentication) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut say = |word, domain: &str| sentences.push(Sentence { word, domain: domain.to_owned() });
    if found.several {
        say("sender-several", "");
    }
    if let Some(word) = found.dmarc.and_then(|outcome| of_domain(outcome, found.policy)) {
        say(word, &found.from);
    }
    for check in &found.dkim {
        say(of_signature(check.outcome), &check.domain);
    }
    if found.dkim.is_empty() {
        say("sender-dkim-none", "");
    }
    if let Some(Check { outcome, domain }) = &found.spf {
        say(of_server(*outcome), domain);
    }
    if let Some(arc) = &found.arc {
        let valid = arc.outcome == Outcome::Pass;
        say(if valid { "sender-arc-pass" } else { "sender-arc-fail" }, &arc.domain);
    }
    if found.forwarded {
        say("sender-forwarded", "");
    }
    if let Some(by) = &found.by {
        say("sender-by", by);
    }
    sentences
}

const fn of_domain(outcome: Outcome, policy: Option<Policy>) -> Option<&'static str> {
    match (outcome, policy) {
        (Outcome::Pass, _) => Some("sender-dmarc-pass"),
        (Outcome::Fail, Some(Policy::Reject)) => Some("sender-dmarc-reject"),
        (Outcome::Fail, Some(Policy::Quarantine)) => Some("sender-dmarc-quarantine"),
        (Outcome::Fail, _) => Some("sender-dmarc-fail"),
        (Outcome::Temperror, _) => Some("sender-dmarc-open"),
        _ => None,
    }
}

const fn of_signature(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "sender-dkim-pass",
        Outcome::Temperror => "sender-dkim-open",
        _ => "sender-dkim-fail",
    }
}

const fn of_server(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "sender-spf-pass",
        Outcome::Fail | Outcome::Softfail => "sender-spf-fail",
        Outcome::Temperror => "sender-spf-open",
        Outcome::Neutral | Outcome::Absent | Outcome::Permerror => "sender-spf-none",
    }
}
