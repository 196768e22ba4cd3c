//! Reports that a mail service writes as JSON within a mail, as Amazon's does.
//!
//! Read by the names of their fields, not as JSON: mailers wrap their lines.

use super::{MAX_RECIPIENTS, Report, reason};
use crate::classify::Kind;

/// Reads such a report, if the text is one.
pub(super) fn read(text: &str, report: &mut Report) {
    let start = text.trim_start();
    if !start.starts_with('{') {
        return;
    }
    // Some put the whole notification into a string of another one.
    let unwrapped = if start.contains("\\\"notificationType") || start.contains("\\\"eventType") {
        start.replace("\\\"", "\"").into()
    } else {
        std::borrow::Cow::Borrowed(start)
    };
    let start = unwrapped.as_ref();
    let kind = strings(start, "notificationType").or_else(|| strings(start, "eventType"));
    report.kind = match kind.map(|(kind, _)| kind) {
        Some("Bounce") => Some(Kind::Bounce),
        Some("Complaint") => Some(Kind::Feedback),
        Some("Delivery") => Some(Kind::Receipt),
        _ => None,
    };
    if report.kind != Some(Kind::Bounce) {
        return;
    }
    let mut rest = start.split_once("\"bouncedRecipients\"").map_or("", |(_, rest)| rest);
    while report.recipients.len() < MAX_RECIPIENTS
        && let Some((recipient, after)) = strings(rest, "emailAddress")
    {
        let own = after.split('}').next().unwrap_or_default();
        let diagnostic = strings(own, "diagnosticCode").map_or("", |(said, _)| said);
        let diagnostic = diagnostic.split_once(';').map_or(diagnostic, |(_, said)| said).trim();
        let declared = strings(own, "status").map_or("", |(status, _)| status);
        report.recipients.push(reason::entry(recipient, declared, diagnostic, ""));
        if after.trim_start_matches(|c: char| c != '}' && c != ']').starts_with(']') {
            break;
        }
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
        if !rest.trim_start().starts_with(',') {
            break;
        }
    }
}

/// The first string behind this name, and what follows it.
fn strings<'a>(json: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (_, after) = json.split_once(&format!("\"{name}\""))?;
    let (_, after) = after.split_once(':').filter(|(before, _)| before.trim().is_empty())?;
    after.trim_start().strip_prefix('"')?.split_once('"')
}
