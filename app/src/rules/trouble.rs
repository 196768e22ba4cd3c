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

    /// What was kept, in words: of a webhook, or a line of each that a run called.
    pub fn said(words: &Words, kept: &str) -> String {
        kept.lines().map(|line| Self::line(words, line)).collect::<Vec<_>>().join(" ")
    }

    /// What an earlier version kept is a sentence already.
    fn line(words: &Words, kept: &str) -> String {
        let kept = split(kept).map_or(kept, |(_, trouble)| trouble);
        let (code, detail) = kept.split_once(' ').unwrap_or((kept, ""));
        match CODES.iter().find(|known| **known == code) {
            Some(code) => words.with(&format!("rules-trouble-{code}"), "detail", detail).into_owned(),
            None => kept.to_owned(),
        }
    }
}

/// A line of a run: the webhook, and what went wrong there.
fn split(line: &str) -> Option<(i64, &str)> {
    let (webhook, trouble) = line.split_once(' ')?;
    let code = trouble.split_once(' ').map_or(trouble, |(code, _)| code);
    Some((webhook.parse().ok()?, trouble)).filter(|_| CODES.contains(&code))
}

/// What is to be kept with a run once a webhook has answered, or has not: the troubles of the others stay. Nothing is
/// left when all have listened.
pub fn after(kept: &str, webhook: i64, trouble: Option<&Trouble>) -> String {
    let others = kept.lines().filter(|line| split(line).is_some_and(|(of, _)| of != webhook));
    let own = trouble.map(|trouble| format!("{webhook} {trouble}").replace(['\n', '\r'], " "));
    others.map(ToOwned::to_owned).chain(own).collect::<Vec<_>>().join("\n")
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
    use super::*;

    #[test]
    fn what_one_webhook_says_hides_no_trouble_of_another() {
        let (late, status) = (Trouble::plain("late"), Trouble::new("status", "503"));
        let both = after(&after("", 3, Some(&status)), 4, Some(&late));
        assert_eq!(both, "3 status 503\n4 late");
        assert_eq!(after(&both, 4, None), "3 status 503");
        assert_eq!(after(&both, 3, Some(&late)), "4 late\n3 late");
        assert_eq!(after(&after(&both, 4, None), 3, None), "");
        assert_eq!(after("status 503", 3, None), "", "kept before troubles had their webhook");
    }
}
