//! Reports in words: which addresses they are about, and what they say about each.

use super::{BounceRecipient, MAX_RECIPIENTS, reason};
use crate::classify::is_daemon;
use crate::message::Message;
use crate::mime::Part;

/// Recipients for whom the words of a report are searched one by one.
pub(super) const MAX_TOLD: usize = 40;
/// Lines of a report that are read.
const MAX_LINES: usize = 400;
/// Bytes of one of them.
const MAX_LINE: usize = 1_000;
/// Bytes of all of them: each recipient is looked for in them.
const MAX_TEXT: usize = 32 * 1024;

/// The recipients a report names: by a field in its header, else in its words.
pub(super) fn recipients(root: &Part<'_>, message: &Message) -> Vec<BounceRecipient> {
    let declared = root.headers.addresses("x-failed-recipients");
    let declared: Vec<String> = declared.into_iter().map(|mailbox| mailbox.address).collect();
    if declared.iter().any(|address| address.contains('@')) {
        return entries(declared, &message.text);
    }
    // The report goes to who wrote the mail, and often quotes them.
    let writer: Vec<String> =
        message.to.iter().chain(&message.from).map(|mailbox| mailbox.address.to_lowercase()).collect();
    recipients_in(&message.text, &writer)
}

/// The same for addresses that are known already.
pub(super) fn entries(addresses: Vec<String>, text: &str) -> Vec<BounceRecipient> {
    let mut entries: Vec<BounceRecipient> = Vec::new();
    for address in addresses.into_iter().take(MAX_RECIPIENTS) {
        // Beyond that they are all told the same.
        let entry = match entries.last() {
            Some(last) if MAX_TOLD <= entries.len() => BounceRecipient { recipient: address, ..last.clone() },
            _ => reason::entry(&address, "", "", &told_about(text, &address)),
        };
        entries.push(entry);
    }
    entries
}

/// The addresses named before the original message begins; `others` only where no one else is named.
pub(super) fn recipients_in(text: &str, others: &[String]) -> Vec<BounceRecipient> {
    let lines = own_lines(text);
    let mut found: Vec<String> = Vec::new();
    let mut unlikely: Vec<String> = Vec::new();
    for line in lines.iter().filter(|line| !names_sender(line)) {
        let Some(address) = address_in(line) else { continue };
        let is_other = is_daemon(&address) || others.contains(&address.to_lowercase()) || is_help(line);
        let list = if is_other { &mut unlikely } else { &mut found };
        if list.len() < MAX_RECIPIENTS && !list.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            list.push(address);
        }
    }
    entries(if found.is_empty() { unlikely.into_iter().take(1).collect() } else { found }, text)
}

/// The recipients of the original message, where the report holds it as text.
pub(super) fn enclosed_recipients(text: &str) -> Vec<String> {
    let behind = text.lines().skip_while(|line| !begins_original(line)).take(200);
    let to = behind.map(str::trim_start).find(|line| {
        let name = line.split(':').next().unwrap_or_default();
        name.eq_ignore_ascii_case("to") && line.contains('@')
    });
    to.and_then(address_in).into_iter().collect()
}

/// What the report says about an address: the lines at it, else all of its own lines.
pub(super) fn told_about(text: &str, address: &str) -> String {
    let lines = own_lines(text);
    let named: Vec<usize> =
        (0..lines.len()).filter(|&at| contains_ignoring_case(lines[at], address)).take(5).collect();
    // Up to where the next recipient's lines begin.
    let is_other = |line: &str| {
        line.contains('@')
            && !contains_ignoring_case(line, address)
            && address_in(
                line.trim_start_matches(['<', ' ']).split([' ', ':', '>']).next().unwrap_or_default(),
            )
            .is_some()
    };
    let near = named.iter().flat_map(|&at| {
        let behind = lines[at + 1..lines.len().min(at + 6)].iter().copied();
        std::iter::once(lines[at]).chain(behind.take_while(|line| !is_other(line)))
    });
    let mut near = near.collect::<Vec<_>>().join(" ");
    if named.is_empty() || reason::of_words(&near).is_none() {
        near.push('\n');
        near.push_str(&lines.join(" "));
    }
    near.chars().take(3_000).collect()
}

fn contains_ignoring_case(line: &str, address: &str) -> bool {
    !address.is_empty() && line.to_lowercase().contains(&address.to_lowercase())
}

/// The report's own lines, before the original message begins; a long line is cut.
fn own_lines(text: &str) -> Vec<&str> {
    let mut left = MAX_TEXT;
    let lines = text.lines().take(MAX_LINES).map(|line| &line[..line.floor_char_boundary(MAX_LINE)]);
    let lines = lines.take_while(|line| {
        left = left.saturating_sub(line.len());
        0 < left && !begins_original(line)
    });
    lines.collect()
}

fn begins_original(line: &str) -> bool {
    // A field of a message stands at the very beginning of a line; reports indent what they quote of it.
    let is_field = ["received:", "return-path:", "message-id:"]
        .iter()
        .any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
    let line = line.trim().to_lowercase();
    let inner = line.trim_matches(|c: char| "-=_*:. ".contains(c));
    let titled = ["original message", "copy of the message", "copy of your message", "unsent message"];
    let titled =
        titled.iter().any(|title| inner == *title || (line.starts_with("--") && inner.contains(title)));
    let follows = inner.ends_with("follow") || inner.ends_with("follows");
    let follows = inner.split_whitespace().count() <= 5 && follows;
    let follows =
        follows && (inner.contains("message") || inner.contains("header")) && !inner.contains("transcript");
    let ruled = ["returned message", "headers of the message", "message header", "ursprüngliche nachricht"];
    is_field
        || titled
        || follows
        || (line.starts_with("--") && ruled.iter().any(|title| inner.contains(title)))
}

/// A line that names who wrote, not who was written to.
fn names_sender(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    ["from:", "from ", "reply-to:", "sender:", "message-id:", "(envelope-from"]
        .iter()
        .any(|start| lower.starts_with(start))
        || (lower.contains("mail from:") && !lower.contains("rcpt to:"))
        || lower.contains("message identifier")
}

/// "For help write to …"
fn is_help(line: &str) -> bool {
    let lower = line.to_lowercase();
    ["contact", "assistance", "help", "support", "please send mail to"]
        .iter()
        .any(|word| lower.contains(word))
}

fn address_in(line: &str) -> Option<String> {
    let token = line.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c)).find(|token| {
        let token = token.trim_matches([':', '.']);
        token.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains('@') && !token.contains("//")
        })
    })?;
    let address = token.trim_matches([':', '.']);
    let address = address.trim_start_matches("mailto:");
    Some(address.rsplit_once(':').map_or(address, |(_, address)| address).to_owned())
}
