//! Why a run came to nothing, and why another program was not heard: codes that are kept, and words that each reader
//! gets in their language.

use std::error::Error as _;
use std::fmt;

use serde::{Serialize, Serializer};

use super::model::Outcome;
use crate::platform::Words;

/// Characters of what is kept beside the code.
const LONGEST: usize = 300;

/// A code, and what makes it more exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub code: &'static str,
    pub detail: String,
}

/// All codes; each has its words.
const CODES: [&str; 12] = [
    "status",
    "address",
    "nowhere",
    "inside",
    "late",
    "unreachable",
    "certificate",
    "certificates",
    "secret",
    "gone",
    "broken",
    "other",
];

impl Trouble {
    pub fn new(code: &'static str, detail: &str) -> Self {
        Self { code, detail: detail.chars().take(LONGEST).collect() }
    }

    pub const fn plain(code: &'static str) -> Self {
        Self { code, detail: String::new() }
    }

    /// Why a request came to nothing.
    pub fn of(error: &reqwest::Error) -> Self {
        let mut causes = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        let why = causes.last().map_or("", String::as_str);
        if error.is_timeout() {
            Self::plain("late")
        } else if causes.iter().any(|cause| cause.contains("certificate")) {
            Self::new("certificate", why)
        } else if error.is_connect() {
            Self::new("unreachable", why)
        } else {
            Self::new("other", why)
        }
    }

    /// What was kept of it. What an earlier version kept is a sentence already.
    pub fn read(kept: &str) -> Self {
        let (code, detail) = kept.split_once(' ').unwrap_or((kept, ""));
        match known(code) {
            Some(code) => Self::new(code, detail),
            None => Self::new("other", kept),
        }
    }

    /// In words.
    pub fn said(&self, words: &Words) -> String {
        words.with(&format!("rules-trouble-{}", self.code), "detail", self.detail.as_str()).into_owned()
    }
}

fn known(code: &str) -> Option<&'static str> {
    CODES.into_iter().find(|known| *known == code)
}

/// Why a run came to nothing, or not to all that it should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reason {
    #[default]
    Nothing,
    /// It failed: a translation key.
    Word(String),
    /// Other programs did not listen.
    Unheard(Vec<Unheard>),
}

/// A webhook that did not listen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// Of what an earlier version kept nobody knows which one it was.
    pub webhook: Option<i64>,
    pub trouble: Trouble,
}

impl Reason {
    /// What was kept of a run: its outcome says what it is.
    pub fn read(outcome: Outcome, kept: &str) -> Self {
        match outcome {
            _ if kept.is_empty() => Self::Nothing,
            Outcome::Unheard => Self::Unheard(kept.lines().map(Unheard::read).collect()),
            _ => Self::Word(kept.to_owned()),
        }
    }

    /// What it is once a webhook has answered, or has not: the troubles of the others stay. Nothing is left when all
    /// have listened.
    #[must_use]
    pub fn after(self, webhook: i64, trouble: Option<&Trouble>) -> Self {
        let mut all = match self {
            Self::Unheard(all) => all,
            Self::Nothing | Self::Word(_) => Vec::new(),
        };
        all.retain(|one| one.webhook.is_some_and(|of| of != webhook));
        all.extend(trouble.map(|trouble| Unheard { webhook: Some(webhook), trouble: trouble.clone() }));
        if all.is_empty() { Self::Nothing } else { Self::Unheard(all) }
    }

    /// In words; empty for nothing.
    pub fn said(&self, words: &Words) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Word(word) => words.t(word).into_owned(),
            Self::Unheard(all) => all.iter().map(|one| one.trouble.said(words)).collect::<Vec<_>>().join(" "),
        }
    }
}

impl Unheard {
    /// `3 status 503`
    fn read(line: &str) -> Self {
        let with_webhook = || {
            let (webhook, rest) = line.split_once(' ')?;
            let code = rest.split(' ').next().and_then(known);
            Some((webhook.parse().ok()?, rest)).filter(|_| code.is_some())
        };
        match with_webhook() {
            Some((webhook, rest)) => Self { webhook: Some(webhook), trouble: Trouble::read(rest) },
            None => Self { webhook: None, trouble: Trouble::read(line) },
        }
    }
}

/// As it is kept, and as programs are told it: a translation key, or a line for each webhook.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Word(word) => f.write_str(word),
            Self::Unheard(all) => {
                let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trouble = self.trouble.to_string().replace(['\n', '\r'], " ");
        match self.webhook {
            Some(webhook) => write!(f, "{webhook} {trouble}"),
            None => f.write_str(&trouble),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.detail.is_empty() {
            f.write_str(self.code)
        } else {
            write!(f, "{} {}", self.code, self.detail)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::platform::{Language, Timestamp};

    fn unheard(kept: &str) -> Reason {
        Reason::read(Outcome::Unheard, kept)
    }

    #[test]
    fn what_one_webhook_says_hides_no_trouble_of_another() {
        let (late, status) = (Trouble::plain("late"), Trouble::new("status", "503"));
        let both = Reason::Nothing.after(3, Some(&status)).after(4, Some(&late));
        assert_eq!(both.to_string(), "3 status 503\n4 late");
        assert_eq!(unheard("3 status 503\n4 late"), both, "it is read as it was kept");
        assert_eq!(both.clone().after(4, None).to_string(), "3 status 503");
        assert_eq!(both.clone().after(3, Some(&late)).to_string(), "4 late\n3 late");
        assert_eq!(both.after(4, None).after(3, None), Reason::Nothing);
        let old = unheard("status 503");
        assert_eq!(old.after(3, None), Reason::Nothing, "kept before troubles had their webhook");
    }

    #[test]
    fn what_went_wrong_is_said_in_words_whoever_kept_it() {
        let words = Words::new(Language::En, TimeZone::UTC, Timestamp(0));
        for (outcome, kept, said) in [
            (Outcome::Changed, "", ""),
            (Outcome::Failed, "rules-action-wrong", &*words.t("rules-action-wrong")),
            (
                Outcome::Unheard,
                "3 late\n4 status 503",
                "No answer within 20 seconds. The other program answered 503.",
            ),
            (Outcome::Unheard, "status 503", "The other program answered 503."),
            (Outcome::Unheard, "404 Not Found", "It did not work: 404 Not Found"),
        ] {
            assert_eq!(Reason::read(outcome, kept).said(&words), said, "{kept}");
        }
        let broken = Trouble::new("other", "eine Zeile\nund noch eine");
        assert_eq!(Reason::Nothing.after(7, Some(&broken)).to_string(), "7 other eine Zeile und noch eine");
    }
}
