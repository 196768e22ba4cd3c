//! Days off from calendars of other programs (iCalendar, RFC 5545).
//!
//! Only whole days are read, single ones, several in a row, and those that come back every year: that is what
//! calendars of holidays consist of. Meetings and other repetitions are counted, so that people learn of them.

use jiff::ToSpan;
use jiff::civil::Date;

/// Days of one entry; longer ones are no holiday.
const LONGEST: i32 = 366;
/// Days of one calendar.
const MOST: usize = 2_000;

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDay {
    pub date: Date,
    /// Every year on this day, from then on.
    pub yearly: bool,
    pub name: String,
}

/// What a calendar of another program says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    pub days: Vec<ImportedDay>,
    /// Entries that are no whole days, or repeat in other ways than every year.
    pub skipped: usize,
}

/// This is no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an iCalendar file: it has no BEGIN:VCALENDAR")]
pub struct NoCalendar;

/// Reads the whole days of a calendar, in the order of their dates.
///
/// # Errors
///
/// [`NoCalendar`] for anything else.
pub fn read_ical(text: &str) -> Result<Imported, NoCalendar> {
    let lines = unfolded(text);
    if !lines.iter().any(|line| line.trim().eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err(NoCalendar);
    }
    let mut imported = Imported::default();
    let mut event: Option<Event> = None;
    for line in &lines {
        match line.trim().to_ascii_uppercase().as_str() {
            "BEGIN:VEVENT" => event = Some(Event::default()),
            "END:VEVENT" => match event.take().map(Event::days) {
                Some(Some(days)) => imported.days.extend(days),
                Some(None) => imported.skipped += 1,
                None => {}
            },
            _ => {
                if let Some(event) = &mut event {
                    event.note(line);
                }
            }
        }
    }
    imported.days.sort_by(|a, b| (a.date, &a.name).cmp(&(b.date, &b.name)));
    imported.days.dedup();
    imported.days.truncate(MOST);
    Ok(imported)
}

#[derive(Default)]
struct Event {
    start: Option<Date>,
    /// The day after the last one.
    end: Option<Date>,
    name: String,
    yearly: bool,
    /// Not a whole day, called off, or repeated in a way that is not understood.
    wrong: bool,
    depth: usize,
}

impl Event {
    fn note(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else { return };
        let (name, parameters) = name.split_once(';').unwrap_or((name, ""));
        match name.to_ascii_uppercase().as_str() {
            // Alarms within an entry have lines of the same names.
            "BEGIN" => self.depth += 1,
            "END" => self.depth = self.depth.saturating_sub(1),
            _ if self.depth != 0 => {}
            "DTSTART" => {
                self.start = day(value);
                self.wrong |= self.start.is_none() || parameters.to_ascii_uppercase().contains("DATE-TIME");
            }
            "DTEND" => self.end = day(value),
            "SUMMARY" => self.name = plain(value),
            "STATUS" => self.wrong |= value.trim().eq_ignore_ascii_case("CANCELLED"),
            "RRULE" => {
                self.yearly = is_yearly(value);
                self.wrong |= !self.yearly;
            }
            _ => {}
        }
    }

    fn days(self) -> Option<Vec<ImportedDay>> {
        let start = self.start.filter(|_| !self.wrong)?;
        let end = self.end.filter(|end| start < *end).or_else(|| start.tomorrow().ok())?;
        let length = start.until(end).ok()?.get_days();
        let days = (0..length.min(LONGEST)).filter_map(|day| start.checked_add(i64::from(day).days()).ok());
        let named = |date| ImportedDay { date, yearly: self.yearly, name: self.name.clone() };
        Some(days.map(named).collect())
    }
}

/// `FREQ=YEARLY`, as far as that means the same day of every year.
fn is_yearly(rule: &str) -> bool {
    let mut yearly = false;
    for part in rule.trim().to_ascii_uppercase().split(';') {
        match part.split_once('=') {
            Some(("FREQ", frequency)) => yearly = frequency == "YEARLY",
            Some(("INTERVAL", "1") | ("BYMONTH" | "BYMONTHDAY" | "WKST", _)) => {}
            _ => return false,
        }
    }
    yearly
}

/// `20261224`; a moment is no day.
fn day(value: &str) -> Option<Date> {
    let value = value.trim();
    if value.len() != 8 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| value[from..to].parse::<i16>().ok();
    let (month, day) = (i8::try_from(number(4, 6)?).ok()?, i8::try_from(number(6, 8)?).ok()?);
    Date::new(number(0, 4)?, month, day).ok()
}

/// A text without its escapes, on one line, of a length that fits into a list.
fn plain(value: &str) -> String {
    let mut text = String::new();
    let mut chars = value.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') | None => text.push(' '),
                Some(c) => text.push(c),
            },
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
    }
    text.chars().take(100).collect()
}

/// Lines that were broken for their length (RFC 5545, 3.1) in one piece again.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.trim_start_matches('\u{feff}').to_owned()),
        }
    }
    lines
}
