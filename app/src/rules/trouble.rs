//! Why another program was not heard, as a code that is kept and words that each reader gets in their language.

use std::error::Error as _;
use std::fmt;

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

    /// What was kept, in words. What an earlier version kept is a sentence already.
    pub fn said(words: &Words, kept: &str) -> String {
        let (code, detail) = kept.split_once(' ').unwrap_or((kept, ""));
        match CODES.iter().find(|known| **known == code) {
            Some(code) => words.with(&format!("rules-trouble-{code}"), "detail", detail).into_owned(),
            None => kept.to_owned(),
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
