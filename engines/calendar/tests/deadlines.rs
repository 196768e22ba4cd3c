//! Deadlines through the days that go wrong most often: changes of daylight saving, year ends, lunch
//! breaks, closed weeks and waiting for the customer.

use calendar::{
    Due, Interval, NeverOpen, OpeningHours, Pause, deadline, deadline_with_pauses, working_minutes_between,
    working_minutes_between_with_pauses,
};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// A moment in Berlin, such as `2026-11-23 08:00`.
fn berlin(local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().expect("a local time");
    local.in_tz("Europe/Berlin").expect("a known zone").timestamp()
}

fn intervals(texts: &[&str]) -> Vec<Interval> {
    texts.iter().map(|text| text.parse().expect("an interval")).collect()
}

fn office() -> OpeningHours {
    OpeningHours::weekdays("Europe/Berlin", &intervals(&["08:00-12:00", "13:00-17:00"])).expect("valid")
}

#[test]
fn only_working_time_counts() {
    for (opened, minutes, due) in [
        ("2026-11-23 09:00", 60, "2026-11-23 10:00"),
        ("2026-11-23 09:00", 180, "2026-11-23 12:00"), // not 13:00
        ("2026-11-23 09:00", 181, "2026-11-23 13:01"), // lunch
        ("2026-11-23 12:30", 30, "2026-11-23 13:30"),
        ("2026-11-23 16:30", 60, "2026-11-24 08:30"), // over night
        ("2026-11-27 18:00", 480, "2026-11-30 17:00"), // Friday evening
        ("2026-11-28 09:00", 0, "2026-11-30 08:00"),
        ("2026-11-23 09:00", 0, "2026-11-23 09:00"),
        ("2026-11-23 17:00", 0, "2026-11-23 17:00"),
        ("2026-11-23 09:00:30", 60, "2026-11-23 10:00:30"),
        ("2026-11-23 08:00", 2400, "2026-11-27 17:00"), // exactly one week
        ("2026-11-23 08:00", 2401, "2026-11-30 08:01"),
    ] {
        let answer = deadline(berlin(opened), minutes, &office());
        assert_eq!(answer, Ok(berlin(due)), "{minutes} min from {opened}");
    }
}

#[test]
fn an_hour_stays_an_hour_when_the_clocks_change() {
    let always = OpeningHours::around_the_clock("Europe/Berlin").expect("valid");
    let opened = berlin("2026-03-29 01:30");
    assert_eq!(deadline(opened, 60, &always), Ok(berlin("2026-03-29 03:30")));
    let opened = berlin("2026-10-25 01:30");
    assert_eq!(deadline(opened, 120, &always), Ok(opened + SignedDuration::from_hours(2)));

    let whole_day = |from: &str, to: &str| working_minutes_between(berlin(from), berlin(to), &always);
    assert_eq!(whole_day("2026-03-29 00:00", "2026-03-30 00:00"), 23 * 60);
    assert_eq!(whole_day("2026-10-25 00:00", "2026-10-26 00:00"), 25 * 60);
}

#[test]
fn opening_times_in_the_skipped_hour_shrink_to_what_exists() {
    let nights = |texts: &[&str]| {
        let night = intervals(texts);
        OpeningHours::new("Europe/Berlin", std::array::from_fn(|_| night.clone())).expect("valid")
    };
    let minutes = |hours: &OpeningHours| {
        working_minutes_between(berlin("2026-03-29 00:00"), berlin("2026-03-30 00:00"), hours)
    };
    // On 29 March 2026, 02:00 is followed by 03:00.
    assert_eq!(minutes(&nights(&["01:00-02:30"])), 60);
    assert_eq!(minutes(&nights(&["02:30-04:00"])), 60);
    assert_eq!(minutes(&nights(&["02:15-02:45"])), 0);
}

#[test]
fn the_same_local_time_is_another_moment_in_summer() {
    let due = |opened: &str| deadline(berlin(opened), 60, &office()).expect("opens");
    assert_eq!(due("2026-03-27 16:30").to_string(), "2026-03-30T06:30:00Z");
    assert_eq!(due("2026-10-23 16:30").to_string(), "2026-10-26T07:30:00Z");
}

#[test]
fn holidays_around_the_year_end_are_skipped() {
    let hours = office().with_holidays("DE-BW".parse().expect("known"), 2026..=2027);
    for (opened, minutes, due) in [
        // Thursday, then Friday 25 and Saturday 26 December.
        ("2026-12-24 16:00", 120, "2026-12-28 09:00"),
        // Friday 1 January 2027; Wednesday 6 January is Epiphany.
        ("2026-12-31 16:00", 120, "2027-01-04 09:00"),
        ("2027-01-05 16:00", 120, "2027-01-07 09:00"),
    ] {
        let answer = deadline(berlin(opened), minutes, &hours);
        assert_eq!(answer, Ok(berlin(due)), "{minutes} min from {opened}");
    }
}

#[test]
fn weeks_of_company_holidays_are_skipped_and_half_days_count_half() {
    let mut hours = office();
    for day in 0..14 {
        hours = hours.with_day_off(date(2026, 8, 3).saturating_add(SignedDuration::from_hours(24 * day)));
    }
    let hours = hours.with_day(date(2026, 8, 17), intervals(&["8-12"])).expect("valid");
    let answer = deadline(berlin("2026-07-31 16:00"), 60 + 300, &hours);
    assert_eq!(answer, Ok(berlin("2026-08-18 09:00")));
}

#[test]
fn hours_that_never_open_have_no_deadline() {
    let closed = OpeningHours::weekdays("Europe/Berlin", &[]).expect("valid");
    let opened = berlin("2026-11-23 09:00");
    assert_eq!(deadline(opened, 1, &closed), Err(NeverOpen { after: opened }));

    let one_day = closed.with_day(date(2026, 11, 24), intervals(&["8-9"])).expect("valid");
    assert_eq!(deadline(opened, 60, &one_day), Ok(berlin("2026-11-24 09:00")));
    let used_up = NeverOpen { after: berlin("2026-11-24 09:00") };
    assert_eq!(deadline(opened, 61, &one_day), Err(used_up));
}

#[test]
fn the_clock_stands_still_while_the_customer_is_asked() {
    let opened = berlin("2026-11-23 09:00");
    let pause = |from: &str, to: &str| Pause { from: berlin(from), to: Some(berlin(to)) };
    let lasting = |from: &str| Pause { from: berlin(from), to: None };
    let at = |local: &str| Due::At(berlin(local));
    for (pauses, due) in [
        (vec![], at("2026-11-23 11:00")),
        (vec![pause("2026-11-23 10:00", "2026-11-23 11:00")], at("2026-11-23 12:00")),
        (vec![pause("2026-11-23 10:00", "2026-11-24 08:00")], at("2026-11-24 09:00")),
        // Over night and lunch no working time passes anyway.
        (vec![pause("2026-11-23 17:00", "2026-11-24 08:00")], at("2026-11-23 11:00")),
        // Overlapping and unordered.
        (
            vec![
                pause("2026-11-23 10:30", "2026-11-23 11:00"),
                pause("2026-11-23 10:00", "2026-11-23 10:45"),
            ],
            at("2026-11-23 12:00"),
        ),
        // Begins after the deadline.
        (vec![lasting("2026-11-23 11:30")], at("2026-11-23 11:00")),
        (vec![lasting("2026-11-23 10:00")], Due::Paused { left: SignedDuration::from_mins(60) }),
        (vec![lasting("2026-11-22 10:00")], Due::Paused { left: SignedDuration::from_mins(120) }),
        // Ended before it began.
        (vec![pause("2026-11-23 11:00", "2026-11-23 10:00")], at("2026-11-23 11:00")),
    ] {
        let answer = deadline_with_pauses(opened, 120, &office(), &pauses);
        assert_eq!(answer, Ok(due), "{pauses:?}");
    }
}

#[test]
fn working_time_between_two_moments_is_signed_and_leaves_pauses_out() {
    let (friday, monday) = (berlin("2026-11-27 16:00"), berlin("2026-11-30 09:30"));
    assert_eq!(working_minutes_between(friday, monday, &office()), 150);
    assert_eq!(working_minutes_between(monday, friday, &office()), -150);
    assert_eq!(working_minutes_between(friday, friday, &office()), 0);
    let pause = Pause { from: berlin("2026-11-27 16:30"), to: Some(berlin("2026-11-30 08:30")) };
    assert_eq!(working_minutes_between_with_pauses(friday, monday, &office(), &[pause]), 90);
}

/// Any week, in zones that change their clocks at different hours, with some days off.
fn any_hours() -> impl Strategy<Value = OpeningHours> {
    let zone = prop::sample::select(vec!["Europe/Berlin", "Europe/Zurich", "America/Sao_Paulo", "UTC"]);
    let cuts = prop::collection::btree_set(0u16..=1440, 0..7);
    let day = cuts.prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|cut| Interval::new(cut[0], cut[1]).expect("ascending")).collect::<Vec<_>>()
    });
    let days_off = prop::collection::vec(0i64..800, 0..40);
    (zone, prop::array::uniform7(day), days_off).prop_map(|(zone, week, days_off)| {
        let hours = OpeningHours::new(zone, week).expect("no overlap");
        days_off.into_iter().fold(hours, |hours, day| {
            hours.with_day_off(date(2026, 1, 1).saturating_add(SignedDuration::from_hours(24 * day)))
        })
    })
}

fn any_moment() -> impl Strategy<Value = Timestamp> {
    // 2026 and 2027.
    (1_767_225_600i64..1_830_297_600).prop_map(|second| Timestamp::from_second(second).expect("in range"))
}

/// Open, or the closing moment itself.
fn is_within(moment: Timestamp, hours: &OpeningHours) -> bool {
    hours.is_open(moment) || hours.is_open(moment - SignedDuration::from_nanos(1))
}

proptest! {
    #[test]
    fn a_deadline_never_lies_outside_opening_hours(
        hours in any_hours(), opened in any_moment(), minutes in 0u32..20_000,
    ) {
        if let Ok(due) = deadline(opened, minutes, &hours) {
            prop_assert!(opened <= due);
            prop_assert!(is_within(due, &hours), "{}", due);
            prop_assert_eq!(working_minutes_between(opened, due, &hours), i64::from(minutes));
        }
    }

    #[test]
    fn opening_later_or_allowing_more_never_makes_it_due_earlier(
        hours in any_hours(), opened in any_moment(), later in 0i64..1_000_000, minutes in 0u32..20_000,
        more in 0u32..5000,
    ) {
        if let Ok(due) = deadline(opened, minutes, &hours) {
            if let Ok(second) = deadline(opened + SignedDuration::from_secs(later), minutes, &hours) {
                prop_assert!(due <= second);
            }
            if let Ok(second) = deadline(opened, minutes + more, &hours) {
                prop_assert!(due <= second);
            }
        }
    }

    #[test]
    fn pauses_never_bring_a_deadline_forward_and_leave_the_allowed_time(
        hours in any_hours(), opened in any_moment(), minutes in 0u32..20_000,
        pauses in prop::collection::vec((any_moment(), 0i64..2_000_000), 0..5),
    ) {
        let pauses: Vec<Pause> = pauses
            .into_iter()
            .map(|(from, length)| Pause { from, to: Some(from + SignedDuration::from_secs(length)) })
            .collect();
        let plain = deadline(opened, minutes, &hours);
        let paused = deadline_with_pauses(opened, minutes, &hours, &pauses);
        if let (Ok(plain), Ok(Due::At(paused))) = (plain, paused) {
            prop_assert!(plain <= paused);
            let worked = working_minutes_between_with_pauses(opened, paused, &hours, &pauses);
            prop_assert_eq!(worked, i64::from(minutes));
        }
    }

    #[test]
    fn an_open_moment_shows_a_local_time_inside_an_interval(hours in any_hours(), moment in any_moment()) {
        let local = hours.time_zone().to_datetime(moment);
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        let shown = hours.on(Date::from(local)).iter().any(|i| i.from() <= minute && minute < i.to());
        let twice = hours.time_zone().to_ambiguous_timestamp(local).is_ambiguous();
        prop_assert!(twice || shown == hours.is_open(moment));
    }
}
