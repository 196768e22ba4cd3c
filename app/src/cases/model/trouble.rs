//! Why a contact has not arrived.

use crate::platform::{Timestamp, codes};

codes! {
    /// Why a contact has not arrived. Shown in the reader's language; beside it stand the other side's words.
    pub enum Problem {
        MailboxUnknown = "mailbox-unknown",
        MailboxFull = "mailbox-full",
        /// It exists, but takes nothing.
        MailboxBlocked = "mailbox-blocked",
        DomainUnknown = "domain-unknown",
        Spam = "spam",
        /// The other side does not trust our server or our domain.
        SenderRefused = "sender-refused",
        TooLarge = "too-large",
        /// The recipient's server does not answer.
        Unreachable = "unreachable",
        /// "Come back later": greylists, load, repairs.
        Busy = "busy",
        /// Our mail server does not send for us to others.
        NotRelayed = "not-relayed",
        Refused = "refused",
        BadAddress = "bad-address",
        /// Its files do not fit into a mail, and links would lead nowhere.
        NoPublicUrl = "no-public-url",
        /// No mail server is set up.
        NoServer = "no-server",
        /// Our own mail server does not answer.
        ServerUnreachable = "server-unreachable",
        Login = "login",
        Encryption = "encryption",
        Interrupted = "interrupted",
        /// Interrupted twice: it may have arrived.
        Unsure = "unsure",
        /// Tried for four days.
        Expired = "expired",
        /// Trouble in Kitt itself.
        Internal = "internal",
        /// No trouble: in test mode it went to nobody, or to the test address only.
        TestMode = "test-mode",
    }
}

impl Problem {
    /// What a mail server's words mean; `mail::reason_of` knows the languages of servers.
    pub fn of_server(said: &str) -> Self {
        match mail::reason_of(said).as_str() {
            "userunknown" | "hasmoved" => Self::MailboxUnknown,
            "mailboxfull" => Self::MailboxFull,
            "suspend" => Self::MailboxBlocked,
            "hostunknown" | "notaccept" => Self::DomainUnknown,
            "filtered" | "spamdetected" | "virusdetected" | "blocked" | "contenterror" => Self::Spam,
            "authfailure" | "requireptr" | "policyviolation" | "rejected" => Self::SenderRefused,
            "norelaying" | "securityerror" => Self::NotRelayed,
            "mesgtoobig" | "exceedlimit" => Self::TooLarge,
            "networkerror" | "expired" => Self::Unreachable,
            "toomanyconn" | "systemerror" | "systemfull" | "mailererror" | "onhold" => Self::Busy,
            _ => Self::Refused,
        }
    }
}

/// What stands in a contact's way.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub problem: Problem,
    /// The other side's words, or ours about the technical cause; may be empty.
    pub said: String,
    /// When it is tried again; `None`: not any more, or not by us.
    pub next_at: Option<Timestamp>,
}

impl Trouble {
    pub const fn lasting(problem: Problem, said: String) -> Self {
        Self { problem, said, next_at: None }
    }
}
