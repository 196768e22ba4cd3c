//! What the example company promises: the same for ever, complete, believable in its numbers.

use example::{
    Author, Case, Channel, Company, Direction, GoodwillKind, Kind, Matter, Priority, Role, Size, State,
    Status,
};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

const TODAY: Date = date(2026, 11, 24);
const SIZE: Size = Size { customers: 3_000, cases: 12_000 };

static COMPANY: LazyLock<Company> = LazyLock::new(|| Company::new(1, TODAY));
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| COMPANY.cases(at(TODAY, 14, 30)).collect());

fn at(day: Date, hour: i8, minute: i8) -> i64 {
    let vienna = TimeZone::get("Europe/Vienna").expect("a zone that exists");
    day.at(hour, minute, 0, 0).to_zoned(vienna).expect("a time that exists").timestamp().as_second()
}

/// The moment in Vienna.
fn clock(at: i64) -> jiff::civil::DateTime {
    let vienna = TimeZone::get("Europe/Vienna").expect("a zone that exists");
    jiff::Timestamp::from_second(at).expect("a moment of this century").to_zoned(vienna).datetime()
}

fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[test]
fn the_same_seed_and_day_give_the_same_bytes() {
    let small = Size { customers: 200, cases: 400 };
    let print = |seed| {
        let company = Company::of_size(seed, TODAY, small);
        let cases: Vec<Case> = company.cases(at(TODAY, 14, 30)).collect();
        fingerprint(&format!("{company:?}{cases:?}"))
    };
    assert_eq!(print(7), print(7));
    assert_ne!(print(7), print(8));
}

#[test]
fn what_is_planned_is_announced_for_a_later_day_and_fixed_after_it_was_planned() {
    for insight in &COMPANY.insights {
        let days: Vec<i64> = insight.history.iter().map(|change| change.at / 86_400).collect();
        assert!(days.is_sorted(), "{}: {days:?}", insight.title);
        for (change, day) in insight.history.iter().zip(&days) {
            let due = change.due.map(|due| at(due, 23, 59) / 86_400);
            assert!(due.is_none_or(|due| *day < due), "{}: {:?}", insight.title, change);
        }
        let planned = insight.history.iter().position(|change| change.state == State::Planned);
        let fixed = insight.history.iter().position(|change| change.state == State::Fixed);
        if let (Some(planned), Some(fixed)) = (planned, fixed) {
            assert!(days[planned] < days[fixed], "{}: {days:?}", insight.title);
        }
    }
}

#[test]
fn counts_are_as_stated() {
    assert_eq!((COMPANY.customers.len(), CASES.len()), (SIZE.customers, SIZE.cases));
    assert!(45 <= COMPANY.insights.len());
    assert_eq!((COMPANY.stations.len(), COMPANY.departments.len(), COMPANY.queues.len()), (8, 7, 5));
    let agents = COMPANY.people.iter().filter(|person| matches!(person.role, Role::Agent | Role::Lead));
    assert_eq!(agents.count(), 12);
    for department in 0..7 {
        assert!(COMPANY.people.iter().any(|person| person.department == Some(department)));
    }
    let days: BTreeSet<Date> = COMPANY.exposure.iter().map(|day| day.date).collect();
    assert_eq!(days.len(), 401);
}

#[test]
fn cases_are_ordered_and_span_four_hundred_days() {
    assert!(CASES.is_sorted_by_key(|case| case.created_at));
    let days = (CASES[CASES.len() - 1].created_at - CASES[0].created_at) / 86_400;
    assert!((398..=400).contains(&days), "{days}");
}

#[test]
fn every_quote_is_literally_in_an_inbound_contact() {
    for case in CASES.iter() {
        for finding in &case.findings {
            let inbound = case.contacts.iter().filter(|contact| contact.direction == Direction::In);
            assert!(!finding.quote.is_empty());
            assert!(inbound.into_iter().any(|contact| contact.text.contains(&finding.quote)), "{case:#?}");
        }
    }
}

#[test]
fn the_shares_of_causes_sum_to_one() {
    for case in CASES.iter().filter(|case| case.findings.iter().any(|finding| finding.kind == Kind::Cause)) {
        let sum: u16 = case.findings.iter().map(|finding| finding.share_permille).sum();
        assert_eq!(sum, 1000, "{:#?}", case.findings);
    }
}

#[test]
fn nothing_lies_after_now_and_nothing_before_its_case() {
    for (day, hour) in [(TODAY, 14), (date(2026, 3, 29), 0), (date(2027, 1, 4), 7), (date(2026, 11, 22), 23)]
    {
        let company = Company::of_size(3, day, Size { customers: 300, cases: 1500 });
        let now = at(day, hour, 30);
        for customer in &company.customers {
            assert!(customer.since < day);
            assert!(customer.orders.iter().all(|order| order.at < now));
            assert!(customer.facts.iter().all(|fact| fact.at < now));
        }
        for change in company.insights.iter().flat_map(|insight| &insight.history) {
            assert!(change.at < now, "{change:?}");
        }
        for case in company.cases(now) {
            let times = case.contacts.iter().map(|contact| contact.at);
            let times = times.chain(case.closed_at).chain(case.goodwill.iter().map(|given| given.at));
            let times = times.chain(case.requests.iter().map(|request| request.at));
            let times = times.chain(case.promises.iter().map(|promise| promise.at));
            assert!(times.into_iter().all(|at| case.created_at <= at && at <= now), "{now} {case:#?}");
            assert!(case.promises.iter().all(|promise| promise.kept.is_none() || promise.due_at <= now));
            assert!(case.contacts.is_sorted_by_key(|contact| contact.at));
        }
    }
}

#[test]
fn every_host_is_reserved_and_every_slot_filled() {
    let text = format!("{:?}{:?}", *COMPANY, *CASES);
    for (index, _) in text.match_indices('@') {
        let host: String = text[index + 1..]
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'))
            .collect();
        let host = host.trim_end_matches('.');
        let reserved = ["example", "example.org", "example.com", "example.net"];
        let under = |name: &&str| host == *name || host.ends_with(&format!(".{name}"));
        assert!(!host.contains('.') || reserved.iter().any(under), "{host}");
    }
    for contact in CASES.iter().flat_map(|case| &case.contacts) {
        assert!(!contact.text.contains(['{', '}']), "{}", contact.text);
        assert!(!contact.text.contains("  "), "{}", contact.text);
    }
    assert!(CASES.iter().all(|case| !case.subject.contains(['{', '}'])));
}

#[test]
fn no_two_cases_begin_with_the_same_words() {
    let first: HashSet<&str> = CASES.iter().map(|case| case.contacts[0].text.as_str()).collect();
    assert_eq!(first.len(), CASES.len());
}

#[test]
fn every_kind_state_and_channel_occurs() {
    let kinds: BTreeSet<Kind> =
        CASES.iter().flat_map(|case| &case.findings).map(|finding| finding.kind).collect();
    assert_eq!(kinds.len(), 6);
    let states: BTreeSet<State> = COMPANY.insights.iter().map(|insight| insight.state).collect();
    assert_eq!(states.len(), 7);
    let channels: BTreeSet<Channel> = CASES.iter().map(|case| case.channel).collect();
    assert_eq!(channels.len(), 6);
    let statuses: BTreeSet<Status> = CASES.iter().map(|case| case.status).collect();
    assert_eq!(statuses.len(), 3);
    let priorities: BTreeSet<Priority> = CASES.iter().map(|case| case.priority).collect();
    assert_eq!(priorities.len(), 3);
    let goodwill: BTreeSet<GoodwillKind> =
        CASES.iter().flat_map(|case| &case.goodwill).map(|given| given.kind).collect();
    assert_eq!(goodwill.len(), 5);
    let insights: BTreeSet<usize> =
        CASES.iter().flat_map(|case| &case.findings).filter_map(|finding| finding.insight).collect();
    assert_eq!(insights.len(), COMPANY.insights.len(), "every insight has findings");
    for insight in &COMPANY.insights {
        assert_eq!(insight.history.last().map(|change| change.state), Some(insight.state));
    }
}

#[test]
fn the_shares_are_those_of_a_real_service() {
    let share = |part: usize, whole: usize| part * 1000 / whole.max(1);
    let closed: Vec<&Case> = CASES.iter().filter(|case| case.status == Status::Closed).collect();
    let documented = closed.iter().filter(|case| !case.findings.is_empty()).count();
    assert!((930..=952).contains(&share(documented, closed.len())), "documented {documented}");
    let english = CASES.iter().filter(|case| COMPANY.customers[case.customer].language == "en").count();
    assert!((90..=150).contains(&share(english, CASES.len())), "english {english}");
    let causes = |case: &&Case| case.findings.iter().any(|finding| finding.kind == Kind::Cause);
    let with_cause = CASES.iter().filter(causes).count();
    let repeats = CASES.iter().filter(|case| case.repeats.is_some()).count();
    assert!((110..=190).contains(&share(repeats, with_cause)), "repeats {repeats} of {with_cause}");
    let long = CASES.iter().filter(|case| 3 <= case.contacts.len()).count();
    assert!((150..=400).contains(&share(long, CASES.len())), "long {long}");
}

#[test]
fn a_repeat_is_of_the_same_customer_within_seven_days() {
    for case in CASES.iter() {
        let Some(earlier) = case.repeats.map(|position| &CASES[position]) else { continue };
        assert_eq!(earlier.customer, case.customer);
        assert!(earlier.created_at < case.created_at && case.created_at - earlier.created_at <= 7 * 86_400);
    }
}

#[test]
fn some_dozens_are_open_on_any_day_and_hour() {
    for (day, hour) in
        [(TODAY, 14), (TODAY, 8), (date(2026, 11, 22), 10), (date(2026, 11, 23), 9), (date(2026, 7, 3), 19)]
    {
        let company = Company::new(2, day);
        let now = at(day, hour, 10);
        let open: Vec<Case> = company.cases(now).filter(|case| case.status != Status::Closed).collect();
        let overdue = open.iter().filter(|case| case.due_at.is_some_and(|due| due < now)).count();
        let later = open.iter().filter(|case| case.due_at.is_some_and(|due| now < due)).count();
        let waiting = open.iter().filter(|case| case.status == Status::Waiting).count();
        println!("{day} {hour}: {} open, {overdue} overdue, {later} later, {waiting} waiting", open.len());
        assert!((36..=115).contains(&open.len()), "{day} {hour}: {}", open.len());
        assert!(0 < overdue && 0 < later && 0 < waiting);
        assert!(overdue * 100 <= open.len() * 12, "{day} {hour}: {overdue} of {} overdue", open.len());
    }
}

#[test]
fn new_issues_rise_and_fixed_ones_fall() {
    let now = at(TODAY, 14, 30);
    let count = |title: &str, from: i64, to: i64| {
        let said = |case: &&Case| {
            let age = (now - case.created_at) / 86_400;
            let about = |insight: usize| COMPANY.insights[insight].title.contains(title);
            from <= age && age < to && case.findings.iter().any(|finding| finding.insight.is_some_and(about))
        };
        CASES.iter().filter(said).count()
    };
    for (title, rises) in
        [("Schritt 7", true), ("Pakete fehlen", true), ("„Birke“ falsch", false), ("Warteschleife", false)]
    {
        let (before, lately) = match title {
            "Schritt 7" => (count(title, 8, 15), count(title, 0, 7)),
            "Pakete fehlen" => (count(title, 60, 90), count(title, 0, 30)),
            _ => (count(title, 70, 100), count(title, 0, 30)),
        };
        println!("{title}: {before} -> {lately}");
        assert!(2 * before.min(lately) < before.max(lately), "{title}: {before} -> {lately}");
        assert_eq!(before < lately, rises, "{title}: {before} -> {lately}");
    }
}

#[test]
fn the_showcase_waits_for_an_answer() {
    let now = at(TODAY, 14, 30);
    let case =
        CASES.iter().find(|case| case.subject.starts_with("Sofa „Linde“: dritter")).expect("the showcase");
    let customer = &COMPANY.customers[case.customer];
    assert_eq!((customer.first, customer.last), ("Ingrid", "Sommerauer"));
    assert!(customer.orders.iter().any(|order| order.number == "118-4471"));
    assert_eq!((case.status, case.contacts.len(), case.promises.len()), (Status::Open, 7, 3));
    assert_eq!((case.matter, case.priority), (Matter::Complaint, Priority::High));
    assert!(case.due_at.is_some_and(|due| now < due && due < now + 3600));
    let others = CASES.iter().filter(|other| other.customer == case.customer).count();
    assert_eq!(others, 1);
}

#[test]
fn nobody_of_the_house_talks_about_the_showcase_at_night() {
    for (day, hour) in
        [(TODAY, 8), (TODAY, 14), (TODAY, 21), (date(2026, 11, 22), 10), (date(2026, 12, 8), 11)]
    {
        let company = Company::of_size(1, day, Size { customers: 60, cases: 60 });
        let now = at(day, hour, 32);
        let case = company.cases(now).find(|case| case.subject.starts_with("Sofa „Linde“: dritter"));
        let case = case.expect("the showcase");
        let promised = case.promises.iter().flat_map(|promise| [promise.at, promise.due_at]);
        let worked = case.contacts.iter().filter(|contact| contact.direction != Direction::In);
        for moment in promised.chain(worked.map(|contact| contact.at)) {
            let clock = clock(moment);
            assert!((8..=18).contains(&clock.hour()), "{clock} by {day} {hour}");
        }
        assert!(case.due_at.is_some_and(|due| now < due), "{day} {hour}");
        assert!(case.promises.iter().all(|promise| promise.at < promise.due_at));
        for (before, after) in case.promises.iter().zip(&case.promises[1..]) {
            assert!(before.due_at < after.at, "what was promised before was over by then");
        }
    }
}

#[test]
fn cases_are_about_what_their_customers_say() {
    let open: Vec<&Case> = CASES.iter().filter(|case| case.status != Status::Closed).collect();
    let questions = open.iter().filter(|case| case.matter == Matter::Question).count();
    assert!(questions * 3 < open.len(), "{questions} of {} are questions", open.len());
    let matters: BTreeSet<Matter> = CASES.iter().map(|case| case.matter).collect();
    assert_eq!(matters.len(), 7);
    for case in CASES.iter().filter(|case| !case.findings.is_empty() && case.matter == Matter::Praise) {
        assert_eq!(case.findings[0].kind, Kind::Praise, "{}", case.subject);
    }
}

#[test]
fn on_holidays_of_austria_nobody_picks_up_the_phone() {
    let calls = |day: Date| {
        CASES
            .iter()
            .filter(|case| case.channel == Channel::Phone && clock(case.created_at).date() == day)
            .count()
    };
    for holiday in [date(2026, 10, 26), date(2026, 4, 6), date(2026, 6, 4), date(2026, 5, 14)] {
        assert_eq!(calls(holiday), 0, "{holiday}");
    }
    assert!(0 < calls(date(2026, 10, 27)));
}

#[test]
fn order_numbers_and_addresses_are_unique() {
    let orders: Vec<&str> = COMPANY
        .customers
        .iter()
        .flat_map(|customer| &customer.orders)
        .map(|order| order.number.as_str())
        .collect();
    assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len());
    let emails: Vec<&String> = COMPANY.customers.iter().flat_map(|customer| &customer.emails).collect();
    assert_eq!(emails.iter().collect::<HashSet<_>>().len(), emails.len());
}

#[test]
fn only_people_of_the_house_answer() {
    for contact in CASES.iter().flat_map(|case| &case.contacts) {
        assert_eq!(contact.direction == Direction::In, matches!(contact.author, Author::Customer(_)));
    }
}
