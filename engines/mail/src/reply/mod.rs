//! What the customer newly wrote, apart from what they quoted and signed with.
//!
//! Works on text alone, line by line: every line gets one role, so no word is ever lost, and when in
//! doubt a line stays in the reply. Answers between quoted lines keep those lines as their context; a
//! quotation that only stands above or below the answer goes. A forwarded mail without own words is
//! the message, so it stays.

pub mod forwarded;
mod lists;
mod quote;
mod signature;

use quote::Header;

/// The three parts of a text. Together they hold every line of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// What was newly written, with quotations only where it answers them one by one.
    pub reply: String,
    /// Earlier messages and the lines that introduce them.
    pub quoted: String,
    /// Signature, device line and legal notice.
    pub signature: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Blank,
    Own,
    /// Behind a `>`.
    Marked,
    Quoted,
    Signature,
}

/// Longer texts are not looked at line by line; they stay whole.
const MAX_LINES: usize = 50_000;

/// Takes the text apart.
#[must_use]
pub fn split(text: &str) -> Split {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if MAX_LINES < lines.len() {
        return Split { reply: text.trim().to_owned(), ..Split::default() };
    }
    let mut roles: Vec<Role> = lines.iter().map(|line| first_role(line)).collect();
    mark_armour(&lines, &mut roles);
    mark_wrapped(&lines, &mut roles);
    mark_history(&lines, &mut roles);
    mark_signatures(&lines, &mut roles);
    keep_answered_quotes(&mut roles);
    collect(&lines, &roles)
}

fn first_role(line: &str) -> Role {
    if line.trim().is_empty() {
        Role::Blank
    } else if quote::is_marked(line) {
        Role::Marked
    } else {
        Role::Own
    }
}

/// What PGP writes around a text that it signed.
fn mark_armour(lines: &[&str], roles: &mut [Role]) {
    let Some(head) = lines.iter().position(|line| *line == "-----BEGIN PGP SIGNED MESSAGE-----") else {
        return;
    };
    let body = lines[head..].iter().position(|line| line.is_empty()).map_or(head + 1, |gap| head + gap);
    fill(&mut roles[head..body], Role::Signature);
    let from = lines[body..].iter().position(|line| *line == "-----BEGIN PGP SIGNATURE-----");
    let to = lines[body..].iter().position(|line| *line == "-----END PGP SIGNATURE-----");
    if let (Some(from), Some(to)) = (from, to)
        && from < to
    {
        fill(&mut roles[body + from..=body + to], Role::Signature);
    }
}

/// The rest of a quoted line that a client wrapped without a mark. Counts only in the middle of a
/// quotation and of a sentence: a terse answer between two questions looks almost the same.
fn mark_wrapped(lines: &[&str], roles: &mut [Role]) {
    for at in 1..lines.len().max(2) - 1 {
        let between =
            roles[at - 1] == Role::Marked && roles[at] == Role::Own && roles[at + 1] == Role::Marked;
        let (before, line) = (lines[at - 1], lines[at].trim());
        let goes_on = before.ends_with(|c: char| c.is_alphanumeric() || c == ',');
        // A sentence may end where the line does; then only the width of the page speaks for it.
        let first_word = line.split(' ').next().unwrap_or_default().chars().count();
        let is_full = 70 <= before.chars().count() + 1 + first_word && !before.ends_with('?');
        let broken = if goes_on { 65 <= before.chars().count() } else { is_full };
        if between && broken && line.chars().count() < 60 && line.starts_with(char::is_lowercase) {
            roles[at] = Role::Marked;
        }
    }
}

/// Finds the lines that introduce earlier messages, and with them those messages.
fn mark_history(lines: &[&str], roles: &mut [Role]) {
    let mut at = 0;
    let mut own_before = false;
    while at < lines.len() {
        if roles[at] != Role::Own {
            at += 1;
            continue;
        }
        let Some(header) = quote::header_at(lines, at) else {
            own_before |= !quote::is_rule(lines[at]);
            at += 1;
            continue;
        };
        let end = header.end();
        let quote_follows = roles[end..].iter().find(|role| **role != Role::Blank) == Some(&Role::Marked);
        if own_before && !quote_follows {
            let from = rule_above(lines, at);
            fill(&mut roles[from..], Role::Quoted);
            return;
        }
        // Without own words before it the rest may be all there is: a forwarded mail, a reply below.
        fill(&mut roles[at..end], Role::Quoted);
        if let Header::Block { .. } = header
            && !quote_follows
        {
            return;
        }
        at = end;
    }
}

/// The ruled line over a header belongs to it.
fn rule_above(lines: &[&str], at: usize) -> usize {
    let above = lines[..at].iter().rposition(|line| !line.trim().is_empty());
    above.filter(|&above| quote::is_rule(lines[above])).unwrap_or(at)
}

/// Looks for a signature at the end of the own words; behind a pure signature, at the words before.
fn mark_signatures(lines: &[&str], roles: &mut [Role]) {
    let mut end = roles.len();
    while let Some(last) = roles[..end].iter().rposition(|role| *role == Role::Own) {
        let first = roles[..last]
            .iter()
            .rposition(|role| !matches!(role, Role::Own | Role::Blank))
            .map_or(0, |at| at + 1);
        let Some(start) = signature::start(&lines[first..=last]) else { return };
        fill(&mut roles[first + start..=last], Role::Signature);
        let is_all = roles[first..first + start].iter().all(|role| *role == Role::Blank);
        // A mail that consists of a signature only has been misread: keep it.
        if is_all && !roles[..first].contains(&Role::Own) {
            fill(&mut roles[first + start..=last], Role::Own);
            return;
        }
        if !is_all {
            return;
        }
        end = first;
    }
}

fn fill(roles: &mut [Role], role: Role) {
    for slot in roles {
        if *slot != Role::Blank {
            *slot = role;
        }
    }
}

/// Marked lines stay where own words answer them: between own words, in several pieces, or picked by
/// hand, which is what the lack of an introduction shows. All others are history.
fn keep_answered_quotes(roles: &mut [Role]) {
    if roles.iter().all(|role| matches!(role, Role::Marked | Role::Blank)) {
        // Somebody marks their own lines; there is nothing else they could have meant.
        return fill(roles, Role::Own);
    }
    let last_own = roles.iter().rposition(|role| *role == Role::Own);
    let blocks = marked_blocks(roles);
    let answered = blocks.iter().filter(|&&(from, _)| last_own.is_some_and(|last| from < last)).count();
    let first_own = roles.iter().position(|role| *role == Role::Own);
    for (from, to) in blocks {
        let is_answered = last_own.is_some_and(|last| from < last);
        let has_words_before = first_own.is_some_and(|first| first < from);
        let introduced = roles[..from].iter().rfind(|role| **role != Role::Blank) == Some(&Role::Quoted);
        let stays = is_answered && (has_words_before || 1 < answered || !introduced);
        fill(&mut roles[from..to], if stays { Role::Own } else { Role::Quoted });
    }
}

/// Runs of marked lines; blank lines between do not end a run, own words do.
fn marked_blocks(roles: &[Role]) -> Vec<(usize, usize)> {
    let mut blocks: Vec<(usize, usize)> = Vec::new();
    let mut open = false;
    for (at, role) in roles.iter().enumerate() {
        match role {
            Role::Marked if open => blocks.last_mut().expect("a block is open").1 = at + 1,
            Role::Marked => {
                blocks.push((at, at + 1));
                open = true;
            }
            Role::Blank | Role::Quoted => {}
            Role::Own | Role::Signature => open = false,
        }
    }
    blocks
}

fn collect(lines: &[&str], roles: &[Role]) -> Split {
    let mut split = Split::default();
    let mut current = Role::Own;
    for (line, role) in lines.iter().zip(roles) {
        // A blank line belongs to what stands before it.
        if *role != Role::Blank {
            current = *role;
        }
        let part = match current {
            Role::Own | Role::Blank => &mut split.reply,
            Role::Marked | Role::Quoted => &mut split.quoted,
            Role::Signature => &mut split.signature,
        };
        part.push_str(line);
        part.push('\n');
    }
    for part in [&mut split.reply, &mut split.quoted, &mut split.signature] {
        *part = part.trim_matches('\n').trim_end().to_owned();
    }
    split
}
