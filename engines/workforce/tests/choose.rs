//! Who gets a piece of work: by tables, and whatever people and work there are.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use workforce::{Attendance, Candidate, KeeperAway, Mode, Need, Outcome, Rejection, Rule, Why, choose};

const FAIR: Rule = Rule { mode: Mode::FairLoad, keeper: None };

fn person(id: i64) -> Candidate {
    Candidate {
        id,
        attendance: Attendance::There,
        in_team: true,
        admitted: true,
        skills: BTreeSet::new(),
        languages: BTreeSet::new(),
        load: 0,
        capacity: 10,
        turn: 0,
        replacement: None,
    }
}

fn chosen(person: i64, why: Why) -> Outcome {
    Outcome::Chosen { person, why }
}

#[test]
fn who_has_least_for_what_they_can_have_gets_it() {
    for (loads, person_id) in [
        ([(3, 10), (2, 10)], 2),
        ([(2, 10), (2, 10)], 1),
        // Half a week, half the work.
        ([(4, 10), (2, 5)], 1),
        ([(5, 10), (2, 5)], 2),
        ([(10, 10), (9, 10)], 2),
    ] {
        let [(a, of_a), (b, of_b)] = loads;
        let people = [
            Candidate { load: a, capacity: of_a, ..person(1) },
            Candidate { load: b, capacity: of_b, ..person(2) },
        ];
        let decision = choose(FAIR, &Need::default(), &people);
        assert_eq!(decision.outcome, chosen(person_id, Why::FairLoad), "{loads:?}");
    }
}

#[test]
fn turns_go_round_whatever_people_have() {
    let rule = Rule { mode: Mode::Turns, keeper: None };
    let people = [
        Candidate { turn: 7, ..person(1) },
        Candidate { turn: 3, load: 9, ..person(2) },
        Candidate { turn: 1, attendance: Attendance::Busy, ..person(3) },
    ];
    assert_eq!(choose(rule, &Need::default(), &people).outcome, chosen(2, Why::Turn));
}

#[test]
fn the_keeper_comes_first_and_has_a_way_of_being_away() {
    use KeeperAway::{Replacement, Team, Wait};

    let need = Need { keeper: Some(1), ..Need::default() };
    let away = |rule, attendance, load, replacement| {
        let keeper = Candidate { in_team: false, attendance, load, replacement, ..person(1) };
        let stand_in = Candidate { in_team: false, ..person(3) };
        choose(Rule { keeper: Some(rule), ..FAIR }, &need, &[keeper, person(2), stand_in]).outcome
    };
    for (rule, attendance, load, replacement, outcome) in [
        (Team, Attendance::There, 9, None, chosen(1, Why::Keeper)),
        (Team, Attendance::Away, 0, Some(3), chosen(2, Why::FairLoad)),
        (Team, Attendance::There, 10, None, chosen(2, Why::FairLoad)),
        (Wait, Attendance::Away, 0, Some(3), Outcome::Waits),
        (Replacement, Attendance::Away, 0, Some(3), chosen(3, Why::KeeperReplacement)),
        (Replacement, Attendance::Busy, 0, Some(3), chosen(3, Why::KeeperReplacement)),
        (Replacement, Attendance::Away, 0, None, chosen(2, Why::FairLoad)),
        // They stand in for each other.
        (Replacement, Attendance::Away, 0, Some(1), chosen(2, Why::FairLoad)),
    ] {
        assert_eq!(away(rule, attendance, load, replacement), outcome, "{rule:?} {attendance:?} {load}");
    }
}

#[test]
fn nobody_waits_for_a_keeper_who_will_never_fit() {
    let need = Need { keeper: Some(1), refused: BTreeSet::from([1]), ..Need::default() };
    let rule = Rule { keeper: Some(KeeperAway::Wait), ..FAIR };
    assert_eq!(choose(rule, &need, &[person(1), person(2)]).outcome, chosen(2, Why::FairLoad));
    let gone = Need { keeper: Some(9), ..Need::default() };
    assert_eq!(choose(rule, &gone, &[person(2)]).outcome, chosen(2, Why::FairLoad));
}

#[test]
fn who_stands_in_for_who_stands_in_gets_the_owners_work() {
    let people = [
        Candidate { attendance: Attendance::Away, replacement: Some(2), ..person(1) },
        Candidate { attendance: Attendance::Away, replacement: Some(3), ..person(2) },
        Candidate { load: 8, ..person(3) },
        person(4),
    ];
    let need = Need { owner: Some(1), ..Need::default() };
    assert_eq!(choose(FAIR, &need, &people).outcome, chosen(3, Why::OwnerReplacement));
}

#[test]
fn everybody_who_cannot_hears_why() {
    use Rejection::{Away, Busy, Full, Language, Refused, Skill, Unadmitted};

    let skilled = Need {
        skills: BTreeSet::from([1]),
        language: Some("it".into()),
        refused: BTreeSet::from([1]),
        ..Need::default()
    };
    let able = |id| Candidate {
        skills: BTreeSet::from([1]),
        languages: BTreeSet::from(["it".to_owned()]),
        ..person(id)
    };
    let people = [
        able(1),
        Candidate { admitted: false, ..able(2) },
        Candidate { skills: BTreeSet::new(), ..able(3) },
        Candidate { languages: BTreeSet::new(), ..able(4) },
        Candidate { attendance: Attendance::Away, ..able(5) },
        Candidate { attendance: Attendance::Busy, ..able(6) },
        Candidate { load: 10, ..able(7) },
        Candidate { in_team: false, ..able(8) },
    ];
    let decision = choose(FAIR, &skilled, &people);
    assert_eq!(decision.outcome, Outcome::Nobody);
    let said: Vec<_> = decision.rejected.into_iter().collect();
    let reasons = [Refused, Unadmitted, Skill, Language, Away, Busy, Full];
    assert_eq!(said, (1..).zip(reasons).collect::<Vec<_>>(), "who is not of the team is not asked");
}

fn codes() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(select(vec!["de".to_owned(), "en".to_owned(), "it".to_owned()]), 0..3)
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let attendance = select(vec![Attendance::There, Attendance::There, Attendance::Busy, Attendance::Away]);
    let what = (btree_set(0..3_i64, 0..3), codes(), 0..6_u32, 0..6_u32, 0..5_i64);
    let one = (attendance, any::<(bool, bool)>(), what, option::of(0..8_i64));
    vec(one, 0..8).prop_map(|all| {
        let people = (0..).zip(all);
        let made = people.map(|(id, (attendance, (in_team, admitted), what, replacement))| {
            let (skills, languages, load, capacity, turn) = what;
            Candidate {
                id,
                attendance,
                in_team,
                admitted,
                skills,
                languages,
                load,
                capacity,
                turn,
                replacement,
            }
        });
        made.collect()
    })
}

fn needs() -> impl Strategy<Value = Need> {
    let language = option::of(select(vec!["de".to_owned(), "it".to_owned()]));
    let people = (option::of(0..9_i64), option::of(0..9_i64), btree_set(0..8_i64, 0..2));
    (btree_set(0..3_i64, 0..2), language, people).prop_map(|(skills, language, (keeper, owner, refused))| {
        Need { skills, language, keeper, owner, refused }
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    let away = select(vec![KeeperAway::Replacement, KeeperAway::Wait, KeeperAway::Team]);
    (select(vec![Mode::FairLoad, Mode::Turns]), option::of(away))
        .prop_map(|(mode, keeper)| Rule { mode, keeper })
}

proptest! {
    #[test]
    fn nobody_gets_what_they_cannot_take(rule in rules(), need in needs(), people in candidates()) {
        let decision = choose(rule, &need, &people);
        if let Outcome::Chosen { person, .. } = decision.outcome {
            let one = people.iter().find(|one| one.id == person).expect("one of the people");
            prop_assert!(one.attendance == Attendance::There && one.load < one.capacity);
            prop_assert!(one.admitted && need.skills.is_subset(&one.skills));
            prop_assert!(need.language.as_ref().is_none_or(|language| one.languages.contains(language)));
            prop_assert!(!need.refused.contains(&person) && !decision.rejected.contains_key(&person));
        }
    }

    #[test]
    fn nobody_is_left_over_when_somebody_could(rule in rules(), need in needs(), people in candidates()) {
        let decision = choose(rule, &need, &people);
        if decision.outcome == Outcome::Nobody {
            for one in people.iter().filter(|one| one.in_team) {
                prop_assert!(decision.rejected.contains_key(&one.id), "{one:?} hears no reason");
            }
        }
    }

    #[test]
    fn the_order_of_people_is_the_same_to_it(
        rule in rules(), need in needs(), (people, mixed) in candidates().prop_flat_map(|people| {
            (Just(people.clone()), Just(people).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(choose(rule, &need, &people), choose(rule, &need, &mixed));
    }

    #[test]
    fn many_equal_pieces_are_shared_out_equally(mode in select(vec![Mode::FairLoad, Mode::Turns]), count in 1..6_i64, pieces in 0..60_i64) {
        let mut people: Vec<Candidate> =
            (0..count).map(|id| Candidate { capacity: 1000, ..person(id) }).collect();
        for turn in 1..=pieces {
            let rule = Rule { mode, keeper: None };
            let Outcome::Chosen { person, .. } = choose(rule, &Need::default(), &people).outcome else {
                return Err(TestCaseError::fail("nobody"));
            };
            let one = people.iter_mut().find(|one| one.id == person).expect("one of the people");
            (one.load, one.turn) = (one.load + 1, turn);
        }
        let loads: Vec<u32> = people.iter().map(|one| one.load).collect();
        prop_assert!(loads.iter().max().zip(loads.iter().min()).is_some_and(|(most, least)| most - least <= 1), "{loads:?}");
    }
}
