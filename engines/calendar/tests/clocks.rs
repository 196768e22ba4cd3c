//! The clocks of a case on days that are told like stories: Monday, 23 November 2026, in an office with a lunch break.

use calendar::{Alarm, Allowed, ClockName, Clocks, Interval, OpeningHours, Targets, Warning};
use jiff::Timestamp;

fn at(local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().expect("a local time");
    local.in_tz("Europe/Berlin").expect("a known zone").timestamp()
}

fn office() -> OpeningHours {
    let day: Vec<Interval> = ["8-12", "13-17"].map(|text| text.parse().expect("an interval")).to_vec();
    OpeningHours::weekdays("Europe/Berlin", &day).expect("valid")
}

/// Four hours for the first answer, two for the next, sixteen (two days) for the solution.
fn targets(hours: &OpeningHours) -> Targets<'_> {
    let allowed = |minutes| Some(Allowed { minutes, hours });
    Targets {
        first: allowed(240),
        next: allowed(120),
        solution: allowed(960),
        warning: Warning::Minutes(60),
        steps: vec![0, 120],
    }
}

fn opened(hours: &OpeningHours) -> Clocks {
    let mut clocks = Clocks::default();
    clocks.wrote(at("2026-11-23 09:00"));
    clocks.set(&targets(hours), at("2026-11-23 09:00"));
    clocks
}

fn due(clocks: &Clocks) -> Option<(ClockName, Timestamp)> {
    clocks.due().map(|(name, _, due)| (name, due))
}

#[test]
fn the_first_answer_is_due_first_then_the_solution() {
    let hours = office();
    let mut clocks = opened(&hours);
    assert_eq!(due(&clocks), Some((ClockName::First, at("2026-11-23 14:00"))));

    clocks.answered(at("2026-11-23 10:00"));
    clocks.set(&targets(&hours), at("2026-11-23 09:00"));
    assert_eq!(due(&clocks), Some((ClockName::Solution, at("2026-11-25 09:00"))));
}

#[test]
fn waiting_stops_the_clocks_and_the_rest_goes_on() {
    let hours = office();
    let opened_at = at("2026-11-23 09:00");
    let mut clocks = opened(&hours);
    clocks.answered(at("2026-11-23 10:00"));
    clocks.wait(at("2026-11-23 10:00"));
    clocks.set(&targets(&hours), opened_at);
    assert!(clocks.is_paused());
    assert_eq!(due(&clocks), None);

    // Three days later the customer writes: two hours for the answer, fifteen are left of sixteen.
    clocks.wrote(at("2026-11-26 09:00"));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!(due(&clocks), Some((ClockName::Next, at("2026-11-26 11:00"))));
    let solution = clocks.solution.as_ref().and_then(|clock| clock.due);
    assert_eq!(solution, Some(at("2026-11-27 17:00")));
}

#[test]
fn an_owed_answer_that_was_put_away_keeps_the_rest_of_its_time() {
    let hours = office();
    let opened_at = at("2026-11-23 09:00");
    let mut clocks = opened(&hours);
    clocks.wait(at("2026-11-23 10:00"));
    clocks.go_on(at("2026-11-24 08:00"));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!(due(&clocks), Some((ClockName::First, at("2026-11-24 11:00"))));
}

#[test]
fn a_second_message_does_not_restart_a_clock() {
    let hours = office();
    let mut clocks = opened(&hours);
    let before = clocks.clone();
    clocks.wrote(at("2026-11-23 11:00"));
    clocks.set(&targets(&hours), at("2026-11-23 09:00"));
    assert_eq!(clocks, before);
}

#[test]
fn a_clock_goes_where_the_message_goes_that_it_runs_for() {
    let hours = office();
    let (opened_at, later) = (at("2026-11-23 09:00"), at("2026-11-23 10:00"));
    let mut clocks = opened(&hours);
    clocks.wrote(later);
    clocks.owed(at("2026-11-23 11:00"), Some(later));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!(due(&clocks), Some((ClockName::First, at("2026-11-23 15:00"))), "the first message went");
    clocks.owed(at("2026-11-23 11:00"), Some(opened_at));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!(
        due(&clocks),
        Some((ClockName::First, at("2026-11-23 15:00"))),
        "nobody waits less than before"
    );

    clocks.owed(at("2026-11-23 11:00"), None);
    clocks.set(&targets(&hours), opened_at);
    assert_eq!((clocks.owes_answer(), &clocks.first), (false, &None));
    assert_eq!(due(&clocks), Some((ClockName::Solution, at("2026-11-25 09:00"))), "it is still to be solved");

    clocks.wait(at("2026-11-23 11:00"));
    clocks.owed(at("2026-11-23 12:00"), Some(opened_at));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!((clocks.is_paused(), due(&clocks)), (true, None), "what waits goes on waiting");
}

#[test]
fn who_takes_an_answer_back_gains_no_time() {
    let hours = office();
    let opened_at = at("2026-11-23 09:00");
    for closes in [false, true] {
        let mut clocks = opened(&hours);
        let before = clocks.clone();
        let answered = at("2026-11-23 11:00");
        clocks.answered(answered);
        if closes {
            clocks.close(answered);
        } else {
            clocks.wait(answered);
        }
        clocks.set(&targets(&hours), opened_at);

        clocks.take_back(opened_at);
        clocks.set(&targets(&hours), opened_at);
        assert_eq!(clocks, before, "closed: {closes}");
    }
}

#[test]
fn closing_and_opening_again_owes_what_was_owed() {
    let hours = office();
    let opened_at = at("2026-11-23 09:00");
    let mut clocks = opened(&hours);
    clocks.close(at("2026-11-23 10:00"));
    clocks.set(&targets(&hours), opened_at);
    assert!(clocks.first.as_ref().is_some_and(|first| first.void));
    assert!(clocks.solution.as_ref().is_some_and(|solution| !solution.void));
    assert_eq!(due(&clocks), None);

    clocks.reopen(at("2026-11-24 10:00"), Some(opened_at));
    clocks.set(&targets(&hours), opened_at);
    assert_eq!(due(&clocks), Some((ClockName::First, at("2026-11-23 14:00"))));
    // One hour was used before the end.
    let solution = clocks.solution.as_ref().and_then(|clock| clock.due);
    assert_eq!(solution, Some(at("2026-11-26 09:00")));
}

#[test]
fn every_alarm_is_given_once_and_in_order() {
    let hours = office();
    let targets = targets(&hours);
    let mut clocks = opened(&hours);
    let first = |alarm| vec![(ClockName::First, alarm)];
    for (now, expected, next) in [
        ("2026-11-23 12:59", vec![], "2026-11-23 13:00"),
        ("2026-11-23 13:00", first(Alarm::Near), "2026-11-23 14:00"),
        ("2026-11-23 13:30", vec![], "2026-11-23 14:00"),
        (
            "2026-11-23 14:00",
            vec![(ClockName::First, Alarm::Missed), (ClockName::First, Alarm::Step(0))],
            "2026-11-23 16:00",
        ),
        ("2026-11-23 16:00", first(Alarm::Step(1)), "2026-11-25 08:00"),
        ("2026-11-23 17:00", vec![], "2026-11-25 08:00"),
    ] {
        assert_eq!(clocks.alarms(&targets, at(now)), expected, "{now}");
        assert_eq!(clocks.next_alarm(&targets), Some(at(next)), "after {now}");
    }
}

#[test]
fn what_was_slept_through_is_told_without_the_warning() {
    let hours = office();
    let mut clocks = opened(&hours);
    let told = clocks.alarms(&targets(&hours), at("2026-11-24 08:00"));
    let alarms: Vec<Alarm> = told.into_iter().map(|(_, alarm)| alarm).collect();
    assert_eq!(alarms, [Alarm::Missed, Alarm::Step(0), Alarm::Step(1)]);
}

#[test]
fn a_deadline_that_is_put_off_can_be_missed_again_but_escalates_once() {
    let hours = office();
    let slow = Targets { first: Some(Allowed { minutes: 480, hours: &hours }), ..targets(&hours) };
    let mut clocks = opened(&hours);
    clocks.alarms(&targets(&hours), at("2026-11-23 16:30"));
    clocks.set(&slow, at("2026-11-23 09:00"));

    assert_eq!(clocks.alarms(&slow, at("2026-11-23 16:31")), []);
    let again = clocks.alarms(&slow, at("2026-11-24 12:00"));
    assert_eq!(again, [(ClockName::First, Alarm::Missed)]);
}

#[test]
fn a_share_of_the_time_is_measured_in_working_time() {
    let hours = office();
    let targets = Targets { warning: Warning::Percent(75), solution: None, ..targets(&hours) };
    let clocks = opened(&hours);
    assert_eq!(clocks.near_at(&targets), Some(at("2026-11-23 12:00")));
}

#[test]
fn without_a_target_nothing_is_due_and_a_new_one_counts_from_the_start() {
    let hours = office();
    let none = Targets { first: None, next: None, solution: None, ..targets(&hours) };
    let opened_at = at("2026-11-23 09:00");
    let mut clocks = Clocks::default();
    clocks.wrote(opened_at);
    clocks.set(&none, opened_at);
    assert_eq!((due(&clocks), clocks.next_alarm(&none)), (None, None));

    clocks.set(&targets(&hours), opened_at);
    assert_eq!(clocks, opened(&hours));
}

#[test]
fn a_solution_that_is_set_while_waiting_waits_too() {
    let hours = office();
    let none = Targets { solution: None, ..targets(&hours) };
    let opened_at = at("2026-11-23 09:00");
    let mut clocks = Clocks::default();
    clocks.wrote(opened_at);
    clocks.wait(at("2026-11-23 10:00"));
    clocks.set(&none, opened_at);
    clocks.set(&targets(&hours), opened_at);
    assert!(clocks.solution.as_ref().is_some_and(calendar::Clock::is_paused));
    assert_eq!(due(&clocks), None);
}

#[test]
fn the_kept_form_is_short_and_reads_back() {
    let hours = office();
    let mut clocks = opened(&hours);
    clocks.wait(at("2026-11-23 10:00"));
    clocks.set(&targets(&hours), at("2026-11-23 09:00"));
    let json = serde_json::to_string(&clocks).expect("plain data");
    assert!(json.len() < 160, "{json}");
    assert_eq!(serde_json::from_str::<Clocks>(&json).expect("as written"), clocks);
}

#[test]
fn clocks_run_through_the_night_of_the_change_and_the_year_end() {
    let always = OpeningHours::around_the_clock("Europe/Berlin").expect("valid");
    let office = office().with_holidays("DE-BY".parse().expect("known"), 2026..=2028);
    for (hours, from, minutes, expected) in [
        // 29 March 2026: 02:00 does not exist. 25 October: twice.
        (&always, "2026-03-29 01:00", 120, "2026-03-29 04:00"),
        (&always, "2026-10-25 01:00", 180, "2026-10-25 03:00"),
        (&always, "2026-12-31 23:00", 120, "2027-01-01 01:00"),
        (&always, "2028-02-28 12:00", 1440, "2028-02-29 12:00"),
        (&office, "2026-12-31 16:00", 120, "2027-01-04 09:00"),
        // Thursday; 1 May 2026 is a Friday.
        (&office, "2026-04-30 16:00", 120, "2026-05-04 09:00"),
    ] {
        let allowed = Allowed { minutes, hours };
        let targets = Targets { first: Some(allowed), next: None, solution: None, ..targets(hours) };
        let mut clocks = Clocks::default();
        clocks.wrote(at(from));
        clocks.set(&targets, at(from));
        assert_eq!(due(&clocks), Some((ClockName::First, at(expected))), "{minutes} min from {from}");
    }
}

#[test]
fn what_another_case_brought_counts_since_its_customer_wrote() {
    let hours = office();
    let since = at("2026-11-23 08:00");
    let mut owing = opened(&hours);
    owing.take_over(at("2026-11-23 10:00"), Some(since));
    owing.set(&targets(&hours), at("2026-11-23 09:00"));
    assert_eq!(due(&owing), Some((ClockName::First, at("2026-11-23 12:00"))), "it began before our own");

    let mut answered = opened(&hours);
    answered.answered(at("2026-11-23 09:30"));
    answered.wait(at("2026-11-23 09:30"));
    answered.take_over(at("2026-11-23 10:00"), Some(since));
    answered.set(&targets(&hours), at("2026-11-23 09:00"));
    assert_eq!(due(&answered), Some((ClockName::Next, at("2026-11-23 10:00"))), "we had answered, they wait");

    let mut nothing_owed = opened(&hours);
    nothing_owed.take_over(at("2026-11-23 10:00"), None);
    assert_eq!(due(&nothing_owed), due(&opened(&hours)));
}
