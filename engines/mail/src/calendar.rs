//! Invitations (RFC 5545, RFC 5546) as a few lines that people can read.
//!
//! For mails that carry nothing else. Recurrence, time zones and alarms are deliberately not interpreted.

/// Lines that are looked at.
const MAX_LINES: usize = 5_000;

/// What an invitation says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Calendar {
    /// `request`, `reply`, `cancel` …
    pub method: Option<String>,
    /// Title, time, place, people and description of the first entry; a line each, without labels.
    pub text: String,
}

/// The methods of RFC 5546.
pub(crate) fn is_method(method: &str) -> bool {
    matches!(
        method,
        "publish" | "request" | "reply" | "add" | "cancel" | "refresh" | "counter" | "declinecounter"
    )
}

/// Reads a calendar object; never fails.
pub(crate) fn read(text: &str) -> Calendar {
    let lines = unfolded(text);
    let field = |wanted: &str| lines.iter().find(|line| line.name == wanted);
    let method = field("METHOD").map(|line| line.value.trim().to_ascii_lowercase());
    let start = lines.iter().position(|line| {
        line.name == "BEGIN" && ["VEVENT", "VTODO", "VJOURNAL"].contains(&line.value.trim())
    });
    let entry = start.map(|start| &lines[start + 1..]).unwrap_or_default();
    let end =
        entry.iter().position(|line| matches!(line.name.as_str(), "BEGIN" | "END")).unwrap_or(entry.len());
    Calendar { method, text: told(&entry[..end]) }
}

fn told(entry: &[Line]) -> String {
    let field = |wanted: &str| entry.iter().find(|line| line.name == wanted);
    let value = |wanted: &str| field(wanted).map(|line| unescaped(&line.value)).unwrap_or_default();
    let end = [value("DTEND"), value("DUE")].concat();
    let times = [time(&value("DTSTART")), time(&end)];
    let times = times.into_iter().filter(|time| !time.is_empty()).collect::<Vec<_>>().join(" – ");
    let mut told = vec![value("SUMMARY"), times, value("LOCATION")];
    told.extend(field("ORGANIZER").map(Line::person));
    told.extend(entry.iter().filter(|line| line.name == "ATTENDEE").take(50).map(Line::person));
    told.push(value("COMMENT"));
    told.push(value("DESCRIPTION"));
    told.retain(|line| !line.trim().is_empty());
    told.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
}

struct Line {
    name: String,
    parameters: String,
    value: String,
}

impl Line {
    /// "Anna Huber (accepted)".
    fn person(&self) -> String {
        let parameter = |wanted: &str| {
            let found = self.parameters.split(';').filter_map(|item| item.split_once('='));
            let mut found = found.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.next().map(|(_, value)| value.trim_matches('"').to_owned())
        };
        let address = self.value.trim().trim_start_matches("mailto:").trim_start_matches("MAILTO:");
        let name = parameter("CN").unwrap_or_else(|| address.to_owned());
        match parameter("PARTSTAT").map(|state| state.to_ascii_lowercase()) {
            Some(state) if state != "needs-action" => format!("{name} ({state})"),
            _ => name,
        }
    }
}

/// A line goes on in the next one that begins with a blank.
fn unfolded(text: &str) -> Vec<Line> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().take(MAX_LINES) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.iter().filter_map(|line| split(line)).collect()
}

/// `NAME;PARAMETER="a:b":value`.
fn split(line: &str) -> Option<Line> {
    let mut in_quotes = false;
    let colon = line.bytes().position(|byte| {
        in_quotes ^= byte == b'"';
        byte == b':' && !in_quotes
    })?;
    let (name, parameters) = line[..colon].split_once(';').unwrap_or((&line[..colon], ""));
    Some(Line {
        name: name.trim().to_ascii_uppercase(),
        parameters: parameters.to_owned(),
        value: line[colon + 1..].to_owned(),
    })
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(c) => text.push(c),
                None => {}
            },
            c => text.push(c),
        }
    }
    text
}

/// `20250619T060000Z` as `2025-06-19 06:00 UTC`; anything else as it is.
fn time(value: &str) -> String {
    let value = value.trim();
    let digits = |from: usize, to: usize| {
        value.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(4, 6), digits(6, 8)) else {
        return value.to_owned();
    };
    let date = format!("{year}-{month}-{day}");
    match (digits(9, 11), digits(11, 13)) {
        (Some(hour), Some(minute)) => {
            format!("{date} {hour}:{minute}{}", if value.ends_with('Z') { " UTC" } else { "" })
        }
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_reads_as_a_few_lines() {
        let read = read(
            "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:1970\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
             SUMMARY:Montage\\, K\r\n üche\r\nDTSTART;TZID=Europe/Vienna:20260504T090000\r\nDTEND:20260504T100000Z\r\n\
             ORGANIZER;CN=\"Huber: Anna\":mailto:anna@example.at\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:hans@example.at\r\n\
             DESCRIPTION:Bitte\\nEG frei\r\nBEGIN:VALARM\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR",
        );
        assert_eq!(read.method.as_deref(), Some("request"));
        assert_eq!(
            read.text,
            "Montage, Küche\n2026-05-04 09:00 – 2026-05-04 10:00 UTC\nHuber: Anna\nhans@example.at (accepted)\nBitte\nEG frei"
        );
        for nothing in ["", "BEGIN:VEVENT", ":\n;:\n\n ", "SUMMARY:x"] {
            assert_eq!(super::read(nothing).text, "", "{nothing}");
        }
    }
}
