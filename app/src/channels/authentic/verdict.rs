//! What the single checks of a sender amount to. Pure.
//!
//! Only what speaks for the domain in `From` counts, for that is what people see: a valid signature of another
//! domain says nothing about it. A domain that publishes a DMARC policy says itself what may come in its name;
//! for one that does not, a signature or a permitted server of exactly that domain, or of one above or below it,
//! is as good. DNS that does not answer proves nothing, neither way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::SenderProof;
use crate::platform::codes;

codes! {
    /// The result of one check, named as in RFC 8601.
    pub enum Outcome {
        Pass = "pass",
        Fail = "fail",
        Softfail = "softfail",
        Neutral = "neutral",
        /// There is nothing to check.
        Absent = "none",
        /// The DNS did not answer.
        Temperror = "temperror",
        Permerror = "permerror",
    }
}

codes! {
    /// What a domain asks to be done with mail that is not from it.
    pub enum Policy { Nothing = "none", Quarantine = "quarantine", Reject = "reject" }
}

/// One check and the domain that it spoke of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    pub outcome: Outcome,
    pub domain: String,
}

impl Check {
    pub fn new(outcome: Outcome, domain: impl AsRef<str>) -> Self {
        Self { outcome, domain: domain.as_ref().to_lowercase() }
    }
}

/// What was found out about who sent a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Authentication {
    /// The domain that the mail says it comes from; empty if it says none.
    pub from: String,
    /// It says several, which no program of people does.
    pub several: bool,
    /// The server that checked, if not this program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// May the server that handed it over send for the envelope's domain?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spf: Option<Check>,
    /// Its signatures.
    pub dkim: Vec<Check>,
    /// Does the domain in `From` stand by it?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// Who forwarded it last and sealed what they had found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arc: Option<Check>,
    /// That forwarder is believed, and had found the sender to be right.
    pub forwarded: bool,
    /// The server that handed it over was known: without it, a permitted server cannot be told from another.
    pub direct: bool,
}

impl Authentication {
    pub fn proof(&self) -> SenderProof {
        if self.several {
            return SenderProof::Suspicious;
        }
        match self.dmarc {
            Some(Outcome::Pass) => SenderProof::Verified,
            Some(Outcome::Fail) if self.is_disowned() => SenderProof::Suspicious,
            Some(Outcome::Temperror) => SenderProof::Unchecked,
            Some(Outcome::Fail | Outcome::Permerror) => SenderProof::Unverified,
            _ if self.speaks_for_itself() => SenderProof::Verified,
            _ if self.is_open() => SenderProof::Unchecked,
            _ => SenderProof::Unverified,
        }
    }

    /// Its domain asks not to take such mail, and nobody who is believed says that it was right before.
    fn is_disowned(&self) -> bool {
        let asks = matches!(self.policy, Some(Policy::Quarantine | Policy::Reject));
        asks && self.direct && !self.forwarded
    }

    fn speaks_for_itself(&self) -> bool {
        self.checks().any(|check| check.outcome == Outcome::Pass && is_related(&check.domain, &self.from))
    }

    /// A check that could have said yes got no answer.
    fn is_open(&self) -> bool {
        self.checks()
            .any(|check| check.outcome == Outcome::Temperror && is_related(&check.domain, &self.from))
    }

    fn checks(&self) -> impl Iterator<Item = &Check> {
        self.spf.iter().chain(&self.dkim)
    }
}

/// The same domain, or one within the other; never a whole top level domain.
fn is_related(one: &str, other: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        outer.contains('.')
            && inner.strip_suffix(outer).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    within(one, other) || within(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Authentication {
        Authentication { from: "bank.example".into(), direct: true, ..Authentication::default() }
    }

    fn check(outcome: Outcome, domain: &str) -> Check {
        Check::new(outcome, domain)
    }

    #[test]
    fn what_the_domain_says_of_itself_decides() {
        let reject = Some(Policy::Reject);
        for (dmarc, policy, proof) in [
            (Some(Outcome::Pass), reject, SenderProof::Verified),
            (Some(Outcome::Fail), reject, SenderProof::Suspicious),
            (Some(Outcome::Fail), Some(Policy::Quarantine), SenderProof::Suspicious),
            (Some(Outcome::Fail), Some(Policy::Nothing), SenderProof::Unverified),
            (Some(Outcome::Fail), None, SenderProof::Unverified),
            (Some(Outcome::Temperror), reject, SenderProof::Unchecked),
            (None, None, SenderProof::Unverified),
        ] {
            assert_eq!(Authentication { dmarc, policy, ..mail() }.proof(), proof, "{dmarc:?} {policy:?}");
        }
    }

    #[test]
    fn without_a_policy_only_the_domain_itself_counts() {
        for (domain, outcome, proof) in [
            ("bank.example", Outcome::Pass, SenderProof::Verified),
            ("news.bank.example", Outcome::Pass, SenderProof::Verified),
            ("example", Outcome::Pass, SenderProof::Unverified),
            ("evilbank.example", Outcome::Pass, SenderProof::Unverified),
            ("sender.example", Outcome::Pass, SenderProof::Unverified),
            ("bank.example", Outcome::Fail, SenderProof::Unverified),
            ("bank.example", Outcome::Temperror, SenderProof::Unchecked),
            ("sender.example", Outcome::Temperror, SenderProof::Unverified),
        ] {
            let signed = Authentication { dkim: vec![check(outcome, domain)], ..mail() };
            let sent = Authentication { spf: Some(check(outcome, domain)), ..mail() };
            assert_eq!((signed.proof(), sent.proof()), (proof, proof), "{domain} {outcome}");
        }
    }

    #[test]
    fn a_forwarder_who_is_believed_excuses_and_several_senders_do_not() {
        let failed = Authentication { dmarc: Some(Outcome::Fail), policy: Some(Policy::Reject), ..mail() };
        let forwarded = Authentication { forwarded: true, ..failed.clone() };
        let handed = Authentication { direct: false, ..failed.clone() };
        let several = Authentication { several: true, dmarc: Some(Outcome::Pass), ..mail() };

        assert_eq!(failed.proof(), SenderProof::Suspicious);
        assert_eq!(forwarded.proof(), SenderProof::Unverified);
        assert_eq!(handed.proof(), SenderProof::Unverified, "its server may have been right");
        assert_eq!(several.proof(), SenderProof::Suspicious);
    }
}
