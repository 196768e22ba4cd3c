//! Why a mail was not delivered: the status code and one word for it.

use super::BounceRecipient;
use super::phrases::{REASONS, phrases};

/// What is known of one recipient: `said` by the remote server, `told` around it by who reports.
pub(super) fn entry(recipient: &str, declared: &str, said: &str, told: &str) -> BounceRecipient {
    let declared = status_in(declared);
    let status = status(declared.as_deref(), said, told);
    let reason = reason(status.as_deref(), said, told);
    let status = status.unwrap_or_else(|| if is_warning(told) { "4.0.0" } else { "5.0.0" }.to_owned());
    // Only a dead address is lasting: a policy, a full mailbox or a listed server may change tomorrow.
    let dead = matches!(reason, "userunknown" | "hostunknown" | "hasmoved" | "notaccept");
    BounceRecipient {
        recipient: recipient.to_owned(),
        permanent: dead && !status.starts_with('4'),
        status,
        reason: reason.to_owned(),
        diagnostic: if said.is_empty() { shortened(told) } else { said.to_owned() },
        delayed: false,
    }
}

/// On one line, up to 500 characters.
fn shortened(told: &str) -> String {
    told.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect()
}

/// The code the remote server gave is more exact than the one its client declares.
fn status(declared: Option<&str>, said: &str, told: &str) -> Option<String> {
    let exact = |status: &String| !status.ends_with(".0.0");
    let declared = declared.map(str::to_owned);
    status_in(said)
        .filter(exact)
        .or_else(|| declared.clone().filter(exact))
        .or_else(|| status_in(told).filter(exact))
        .or(declared)
        .or_else(|| status_in(said))
        .or_else(|| reply_code(said))
        .or_else(|| status_in(told))
        .or_else(|| reply_code(told))
}

/// The first enhanced status code, `4.x.y` or `5.x.y`.
fn status_in(text: &str) -> Option<String> {
    let bounds = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '@');
    let pieces = text.split(bounds).flat_map(|piece| piece.split('-'));
    let mut tokens = pieces.map(|token| token.trim_matches('.'));
    tokens.find(|token| is_status(token)).map(str::to_owned)
}

fn is_status(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let number =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && matches!(parts[0], "4" | "5") && parts[1..].iter().all(number)
}

/// `550` as `5.0.0`.
fn reply_code(text: &str) -> Option<String> {
    let mut tokens = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '@');
    let code = tokens.find(|token| {
        token.len() == 3
            && token.bytes().all(|byte| byte.is_ascii_digit())
            && matches!(&token[..2], "42" | "45" | "50" | "55")
    })?;
    Some(format!("{}.0.0", &code[..1]))
}

/// Whether the server still tries.
fn is_warning(told: &str) -> bool {
    let told = told.to_lowercase();
    [
        "warning message only",
        "this is a warning",
        "will be retried",
        "will continue to try",
        "will keep trying",
        "not yet been delivered",
        "has been delayed",
    ]
    .iter()
    .any(|words| told.contains(words))
}

fn reason(status: Option<&str>, said: &str, told: &str) -> &'static str {
    let by_status = status.and_then(of_status);
    let words = of_words(said)
        .or_else(|| if by_status.is_some() && !said.is_empty() { None } else { of_words(told) });
    match words.or(by_status).or_else(|| of_words(told)) {
        // Nobody refuses a whole message for an unknown user: the server knows them and turns the mail away.
        Some("userunknown")
            if !said.contains('@') && (refused_after_data(said) || refused_after_data(told)) =>
        {
            "filtered"
        }
        // "Unknown" is said of much; a code that says more is meant.
        Some("userunknown") if by_status.is_some_and(|reason| EXACT.contains(&reason)) => {
            by_status.unwrap_or("userunknown")
        }
        Some(reason) => reason,
        None => status.and_then(of_class).unwrap_or("undefined"),
    }
}

/// Reasons that a code gives only on purpose.
const EXACT: &[&str] =
    &["hasmoved", "hostunknown", "mailboxfull", "notaccept", "requireptr", "authfailure", "contenterror"];

/// Whether the refusal came after the message was sent: `in reply to end of DATA`, or `>>> DATA` as the last
/// command of a transcript before the refusing `<<<`.
fn refused_after_data(text: &str) -> bool {
    let text = text.to_lowercase();
    // With pipelining the answer to an address may come that late; then it names the address.
    if text.lines().any(|line| line.contains("550") && line.contains("unknown") && line.contains('@')) {
        return false;
    }
    if ["end of data", "in reply to data", "after data"].iter().any(|words| text.contains(words)) {
        return true;
    }
    let before = text.find("<<< 5").map_or("", |at| &text[..at]);
    before.rsplit(">>> ").next().is_some_and(|command| before.contains(">>> ") && command.starts_with("data"))
}

/// The word for what a server says, if it is one of the known sentences.
pub(super) fn of_words(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return None;
    }
    let lower = text.to_lowercase();
    // Servers break their sentences over lines, each with its code; an address is no word of theirs.
    let words: Vec<&str> =
        lower.split_whitespace().filter(|word| !is_line_code(word) && !word.contains('@')).collect();
    let said = words.join(" ");
    let found = REASONS.iter().find(|(_, list)| phrases(list).any(|phrase| said.contains(phrase)));
    found.map(|(reason, _)| *reason)
}

/// `550-5.7.1` and the like within a reply of several lines.
fn is_line_code(word: &str) -> bool {
    let code = word.get(..4).filter(|start| start.ends_with('-'));
    code.is_some_and(|code| code[..3].bytes().all(|byte| byte.is_ascii_digit())) || is_status(word)
}

/// RFC 3463 and what large providers made of it.
fn of_status(status: &str) -> Option<&'static str> {
    Some(match status.get(1..)? {
        ".1.0" | ".1.1" | ".1.3" | ".1.10" => "userunknown",
        ".1.2" | ".4.4" => "hostunknown",
        ".1.6" => "hasmoved",
        ".1.7" | ".1.8" => "rejected",
        ".1.9" | ".3.2" => "notaccept",
        ".2.0" | ".2.1" => "filtered",
        ".2.2" => "mailboxfull",
        ".2.3" => "exceedlimit",
        ".3.1" => "systemfull",
        ".3.4" => "mesgtoobig",
        ".3.5" => "systemerror",
        ".4.0" | ".4.2" | ".4.3" | ".4.6" => "networkerror",
        ".4.1" | ".4.7" => "expired",
        ".5.2" | ".5.4" => "syntaxerror",
        ".7.9" => "policyviolation",
        ".7.20" | ".7.21" | ".7.22" | ".7.23" | ".7.24" | ".7.26" | ".7.27" | ".7.509" => "authfailure",
        ".7.25" => "requireptr",
        other if other.starts_with(".6.") => "contenterror",
        _ => return None,
    })
}

/// A guess from the subject of the code alone.
fn of_class(status: &str) -> Option<&'static str> {
    match status.get(1..4)? {
        ".1." => Some("userunknown"),
        ".2." => Some("filtered"),
        ".3." => Some("systemerror"),
        ".4." => Some("networkerror"),
        ".7." => Some("rejected"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_decide_before_codes() {
        for (declared, said, reason, status, permanent) in [
            ("5.1.1", "550 5.1.1 <a@b>: User unknown", "userunknown", "5.1.1", true),
            ("5.0.0", "552 5.2.2 Mailbox full", "mailboxfull", "5.2.2", false),
            ("5.1.1", "550 5.7.1 IP listed in a blacklist", "blocked", "5.7.1", false),
            ("4.4.7", "", "expired", "4.4.7", false),
            ("4.1.1", "450 4.1.1 User unknown", "userunknown", "4.1.1", false),
            ("", "554 no words we know", "undefined", "5.0.0", false),
            ("", "553 sorry, 1.2.3.4 is not welcome", "undefined", "5.0.0", false),
            ("", "", "undefined", "5.0.0", false),
            ("5.2.1", "550 5.2.1 The account has been disabled", "suspend", "5.2.1", false),
            (
                "5.0.0",
                "550-5.7.26 mail that is un-\n550-5.7.26 signed does not pass DMARC",
                "authfailure",
                "5.7.26",
                false,
            ),
        ] {
            let entry = entry("a@b", declared, said, "");
            assert_eq!(
                (entry.reason.as_str(), entry.status.as_str(), entry.permanent),
                (reason, status, permanent),
                "{said}"
            );
        }
    }
}
