//! Calendars as other programs write them.

use calendar::{NoCalendar, read_ical};

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}\r\nEND:VCALENDAR\r\n")
}

fn days(text: &str) -> Vec<String> {
    let imported = read_ical(text).expect("a calendar");
    let shown = imported.days.iter().map(|day| {
        let yearly = if day.yearly { " *" } else { "" };
        format!("{}{yearly} {}", day.date, day.name)
    });
    shown.collect()
}

#[test]
fn whole_days_are_read_however_they_are_written() {
    for (event, expected) in [
        ("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Heiligabend", vec!["2026-12-24 Heiligabend"]),
        ("DTSTART:20261224\r\nDTEND:20261225\r\nSUMMARY:Heiligabend", vec!["2026-12-24 Heiligabend"]),
        (
            "DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270102\r\nSUMMARY:Betriebs\r\n ferien\\, kurz",
            vec![
                "2026-12-30 Betriebsferien, kurz",
                "2026-12-31 Betriebsferien, kurz",
                "2027-01-01 Betriebsferien, kurz",
            ],
        ),
        (
            "DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29\r\nSUMMARY:Schalttag",
            vec!["2024-02-29 * Schalttag"],
        ),
        (
            "DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Heiligabend\r\nBEGIN:VALARM\r\nSUMMARY:Wecker\r\nEND:VALARM",
            vec!["2026-12-24 Heiligabend"],
        ),
    ] {
        let text = calendar(&format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT"));
        assert_eq!(days(&text), expected, "{event}");
    }
}

#[test]
fn what_is_no_day_off_is_counted_and_left_out() {
    for event in [
        "DTSTART:20261224T090000Z\r\nSUMMARY:Treffen",
        "DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=WEEKLY",
        "DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY;BYDAY=1MO",
        "DTSTART;VALUE=DATE:20261224\r\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20261324",
        "SUMMARY:ohne Tag",
    ] {
        let read = read_ical(&calendar(&format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT"))).expect("read");
        assert_eq!((read.days.len(), read.skipped), (0, 1), "{event}");
    }
}

#[test]
fn anything_else_is_no_calendar() {
    for text in ["", "Hallo", "<html>", "BEGIN:VEVENT\nDTSTART:20261224\nEND:VEVENT"] {
        assert_eq!(read_ical(text), Err(NoCalendar), "{text}");
    }
    assert_eq!(days("\u{feff}BEGIN:VCALENDAR\nEND:VCALENDAR\n"), Vec::<String>::new());
}

#[test]
fn a_calendar_of_a_hundred_years_does_not_fill_the_house() {
    let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:21200101\nEND:VEVENT\n";
    assert!(days(&calendar(&event.repeat(50))).len() <= 2_000);
}
