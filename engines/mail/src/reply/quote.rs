//! The lines by which mail clients introduce an earlier message, in the languages and eras we meet.
//!
//! Three shapes: an introduction ("Am … schrieb …:", up to five lines), a block of header lines
//! ("Von: … Gesendet: … An: …"), and a ruled title ("-----Ursprüngliche Nachricht-----"). A shape
//! counts only with its evidence (a date or an address), so that ordinary sentences pass.

use super::lists::{BARE_TITLES, LABELS, Label, OPENINGS, TITLES, VERBS};

/// Lines that introduce an earlier message; `end` is the line behind the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// "Am 3. Mai schrieb …:"
    Introduction { end: usize },
    /// "Von: …" and so on, or a ruled title.
    Block { end: usize },
}

impl Header {
    /// The line with which the earlier message begins.
    pub fn end(self) -> usize {
        match self {
            Self::Introduction { end } | Self::Block { end } => end,
        }
    }
}

/// What introduces an earlier message at line `at`, if anything does.
pub(super) fn header_at(lines: &[&str], at: usize) -> Option<Header> {
    if is_title(lines[at]) {
        return Some(Header::Block { end: title_end(lines, at) });
    }
    if let Some(end) = introduction_end(lines, at) {
        return Some(Header::Introduction { end });
    }
    block_end(lines, at).map(|end| Header::Block { end })
}

/// `> text`, also behind a name's initials: `HH> text`.
pub(super) fn is_marked(line: &str) -> bool {
    let line = line.trim_start();
    let initials = line.bytes().take_while(u8::is_ascii_uppercase).count();
    line.as_bytes().get(if initials <= 3 { initials } else { 0 }) == Some(&b'>')
}

/// A line drawn with signs, at least three of them.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let drawn = line.chars().filter(|c| !c.is_whitespace()).all(|c| "-_=*~#+—–─━".contains(c));
    drawn && 3 <= line.chars().count()
}

pub(super) fn is_title(line: &str) -> bool {
    let line = line.trim().trim_matches('*').trim().to_lowercase();
    let inner = line.trim_matches(|c: char| "-_=—–─ ".contains(c));
    let ruled =
        line.starts_with("--") || line.starts_with("__") || line.starts_with("==") || line.starts_with("—");
    (ruled && TITLES.iter().any(|title| inner.starts_with(title))) || BARE_TITLES.contains(&line.as_str())
}

/// Behind the title and the header lines or introduction that may follow it.
fn title_end(lines: &[&str], at: usize) -> usize {
    let next = lines[at + 1..].iter().position(|line| !line.trim().is_empty()).map(|gap| at + 1 + gap);
    next.and_then(|next| introduction_end(lines, next).or_else(|| block_end(lines, next))).unwrap_or(at + 1)
}

/// Lines an introduction may be wrapped into.
const MAX_INTRODUCTION: usize = 5;

fn introduction_end(lines: &[&str], at: usize) -> Option<usize> {
    let first = bare(lines[at]);
    if is_dated_sender(first) || is_ruled_sender(first) {
        return Some(at + 1);
    }
    let mut joined = String::new();
    for (count, line) in lines[at..].iter().take(MAX_INTRODUCTION).enumerate() {
        let line = bare(line);
        if line.is_empty() || 600 < joined.len() + line.len() {
            return None;
        }
        // Later lines join only what began as an introduction, or a customer's own line would go with it.
        if count == 1 && !opens_introduction(first) {
            return None;
        }
        joined.push_str(line);
        if is_introduction(&joined) {
            return Some(at + count + 1);
        }
        joined.push(' ');
    }
    None
}

/// Without the signs that may surround it.
fn bare(line: &str) -> &str {
    line.trim().trim_start_matches(['>', '*', '_', ' ']).trim_end_matches(['*', '_', ' '])
}

fn is_introduction(joined: &str) -> bool {
    let ends = joined.ends_with([':', '：', '>']) || joined.ends_with("----") || joined.ends_with("wrote");
    let lower = joined.to_lowercase();
    if is_dated_address(joined) {
        return true;
    }
    ends && has_verb(&lower) && (has_date(joined) || joined.contains('@')) && ends_with_introduction(&lower)
}

/// "30.09.2017, 18:30, Hans <hans@example.de>:", as Yandex and Mail.ru write, without a verb.
fn is_dated_address(joined: &str) -> bool {
    let ends = joined.ends_with(">:") || joined.ends_with(">：");
    ends && joined.contains('<') && joined.contains('@') && has_date(joined) && joined.len() < 250
}

fn has_verb(lower: &str) -> bool {
    VERBS.iter().any(|verb| {
        lower.match_indices(verb).any(|(at, _)| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + verb.len()..].chars().next();
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c.is_ascii());
            !is_word(before) && !is_word(after)
        })
    })
}

/// Between the verb and the end stand only names, addresses and dates: no second sentence.
fn ends_with_introduction(lower: &str) -> bool {
    let after_verb = VERBS.iter().filter_map(|verb| lower.rfind(verb).map(|at| &lower[at + verb.len()..]));
    after_verb.min_by_key(|rest| rest.len()).is_some_and(|rest| {
        rest.len() < 250 && !rest.contains(['?', '!']) && (lower.ends_with([':', '：']) || rest.len() < 60)
    })
}

fn opens_introduction(first: &str) -> bool {
    let lower = first.to_lowercase();
    let opening = OPENINGS
        .iter()
        .any(|word| lower.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ',', '.', '\u{a0}'])));
    let begins_dated = first.starts_with(|c: char| c.is_ascii_digit()) || first.starts_with("----");
    (opening && has_digit(first))
        || (begins_dated && has_date(first))
        || (first.contains('<') && (has_verb(&lower) || (first.contains('@') && has_date(first))))
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// A year, a time of day, or day and month as numbers.
fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| {
        let starts = digit(at) && (at == 0 || !digit(at - 1));
        let year = starts && digit(at + 3) && !digit(at + 4) && matches!(&bytes[at..at + 2], b"19" | b"20");
        let time = starts
            && (bytes.get(at + 1) == Some(&b':') || bytes.get(at + 2) == Some(&b':'))
            && (digit(at + 2) || digit(at + 3));
        let day = starts && bytes.get(at + 2) == Some(&b'.') && digit(at + 3);
        year || time || day
    })
}

/// "---- Anna Huber schrieb ----", as phones write.
fn is_ruled_sender(line: &str) -> bool {
    line.starts_with("---") && line.ends_with("---") && line.len() < 120 && has_verb(&line.to_lowercase())
}

/// "2013/7/20 Sam via Forum <info@example.org>": old Gmail, without a verb.
fn is_dated_sender(line: &str) -> bool {
    let date: String = line.chars().take_while(|c| c.is_ascii_digit() || "-/".contains(*c)).collect();
    let is_date = 8 <= date.len() && date.starts_with("20") && 2 == date.matches(['-', '/']).count();
    is_date
        && line.len() < 200
        && (line.contains(" GMT") || (line.contains('<') && line.ends_with(['>', ':'])))
}

pub(super) fn label(line: &str) -> Option<Label> {
    let (name, _) = bare(line).split_once([':', '：'])?;
    let name = name.trim_end_matches(['*', ' ', '\u{a0}']).trim().to_lowercase();
    LABELS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(label, _)| *label)
}

/// Behind a block of header lines; some of them may be wrapped.
pub(super) fn block_end(lines: &[&str], at: usize) -> Option<usize> {
    let first = label(lines[at])?;
    let mut seen = vec![first];
    let mut end = at + 1;
    let mut wrapped = 0;
    for (offset, line) in lines[at + 1..].iter().take(14).enumerate() {
        if line.trim().is_empty() && seen.len() < 3 && wrapped == 0 {
            wrapped += 1;
            continue;
        }
        if let Some(label) = label(line) {
            seen.push(label);
            end = at + offset + 2;
            wrapped = 0;
        } else if line.trim().is_empty() || 2 <= wrapped {
            break;
        } else {
            wrapped += 1;
        }
    }
    let kinds = [Label::Date, Label::To, Label::Subject].iter().filter(|label| seen.contains(label)).count();
    let evident = lines[at..end].iter().any(|line| line.contains('@') || has_date(line));
    (seen.contains(&Label::From) && 2 <= kinds && evident).then_some(end)
}
