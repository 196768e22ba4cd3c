//! Who gets which case, why, and what happens when people come and go.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::http::StatusCode;
use kitt::assignment;
use kitt::assignment::{Absent, Because, KeeperAway, Mode, NewAbsence, Profile, Refusal, Rule};
use kitt::cases;
use kitt::customers;
use kitt::customers::Change;
use kitt::journal::Fact;
use kitt::people;
use kitt::people::{NewPerson, QueueSettings};
use kitt::platform::{Actor, Attendance, CaseId, EntryId, Error, Language, PersonId, Role, Timestamp, Words};
use serde_json::json;

use crate::world::{World, both};

both!(
    a_queue_is_shared_out_by_hand_until_it_is_told,
    new_cases_go_to_whoever_has_least,
    turns_go_round_whoever_has_how_much,
    nobody_gets_what_they_cannot_do,
    the_keeper_comes_first_and_is_stood_in_for,
    a_case_waits_for_its_keeper_as_long_as_it_is_told,
    what_is_due_first_goes_first_when_somebody_has_room_again,
    two_nodes_never_give_somebody_more_than_they_can_have,
    cases_of_who_goes_away_go_to_who_stands_in_and_back_with_one_click,
    cases_of_who_goes_away_go_back_to_the_queue_and_on,
    a_planned_absence_begins_and_ends_by_itself_and_leaves_nothing,
    a_case_that_opens_again_finds_somebody_who_is_there,
    who_gives_a_case_back_does_not_get_it_again,
    a_lead_says_it_for_their_team_and_nobody_else_for_others,
    a_case_says_why_it_is_where_it_is,
    a_restricted_queue_goes_to_nobody_outside_its_team,
    a_rule_is_tried_out_without_naming_anybody,
    the_pages_of_attendance_do_what_they_say,
    a_skill_that_is_removed_is_needed_by_nobody,
);

impl World {
    /// Another agent of the team.
    async fn colleague(&self, name: &str) -> Result<Actor> {
        let mut tx = self.app.db.write().await?;
        let new = NewPerson {
            name: name.into(),
            email: format!("{name}@haus.example"),
            roles: vec![Role::Agent],
            team: Some(self.team),
            departments: Vec::new(),
        };
        let person = people::add_person(&mut tx, &new, "-", self.now()).await?;
        tx.commit().await?;
        Ok(people::actor(&mut self.read().await?, person).await?)
    }

    /// The queue's cases find somebody by themselves.
    async fn hands_out_by(&self, mode: Mode) -> Result<Rule> {
        let rule = Rule { mode, ..Rule::of(self.queue) };
        assignment::set_rule(&self.app, &self.admin, &rule).await?;
        Ok(rule)
    }

    /// A new case, after everybody looked at it.
    async fn arrives(&self, subject: &str) -> Result<CaseId> {
        let case = self.write_in(subject).await?.0;
        self.settle().await?;
        Ok(case)
    }

    async fn owner(&self, case: CaseId) -> Result<Option<PersonId>> {
        Ok(cases::case(&mut self.read().await?, case).await?.owner)
    }

    async fn owned(&self, person: &Actor, cases: &[CaseId]) -> Result<usize> {
        let mut owned = 0;
        for case in cases {
            owned += usize::from(self.owner(*case).await? == person.person_id());
        }
        Ok(owned)
    }

    /// Why the case is where it is, as `reader` reads it.
    async fn why(&self, reader: &Actor, case: CaseId) -> Result<assignment::Why> {
        let mut tx = self.read().await?;
        let case = cases::case(&mut tx, case).await?;
        let words = Words::new(Language::De, self.app.zone(), self.now());
        Ok(assignment::why(&mut tx, reader, &words, &case).await?)
    }

    async fn can(
        &self,
        person: &Actor,
        skills: &[i64],
        languages: &[&str],
        capacity: Option<i64>,
    ) -> Result<()> {
        let profile = Profile {
            capacity,
            languages: languages.iter().map(|code| (*code).to_owned()).collect(),
            skills: skills.iter().copied().collect(),
        };
        Ok(assignment::set_profile(&self.app, &self.admin, id(person)?, &profile).await?)
    }

    async fn attendance(&self, person: &Actor) -> Result<Attendance> {
        Ok(people::person(&mut self.read().await?, id(person)?).await?.attendance)
    }

    /// Frau Sommerauer has a personal contact person.
    async fn give_keeper(&self, keeper: &Actor) -> Result<()> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let known = customers::customer(&mut self.read().await?, customer).await?;
        let change = Change {
            name: known.name,
            salutation: known.salutation,
            street: None,
            postcode: None,
            town: None,
            country: None,
            language: known.language,
            keeper: keeper.person_id(),
            version: known.version,
        };
        Ok(customers::change(&self.app, &self.admin, customer, &change).await?)
    }
}

fn id(actor: &Actor) -> Result<PersonId> {
    actor.person_id().context("a person")
}

async fn a_queue_is_shared_out_by_hand_until_it_is_told(world: World) -> Result<()> {
    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);
    world.hands_out_by(Mode::Load).await?;
    world.hands_out_by(Mode::Hand).await?;
    let other = world.arrives("Vase").await?;
    assert_eq!(world.owner(other).await?, None);
    let why = world.why(&world.agent, other).await?;
    assert!(why.steps.is_empty() && why.looked_for_since.is_none());
    Ok(())
}

async fn new_cases_go_to_whoever_has_least(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let before = world.arrives("Von Hand").await?;
    cases::assign(&world.app, &world.agent, before, world.agent.person_id()).await?;
    world.hands_out_by(Mode::Load).await?;

    let mut all = vec![before];
    for subject in ["eins", "zwei", "drei"] {
        all.push(world.arrives(subject).await?);
    }

    let (eva, mia) = (world.owned(&world.agent, &all).await?, world.owned(&mia, &all).await?);
    assert_eq!((eva, mia), (2, 2), "with the one that Eva had before");
    let mut tx = world.read().await?;
    let facts = kitt::journal::of_case(&mut tx, all[1]).await?;
    let by_kitt = facts.iter().any(|entry| matches!(entry.fact, Fact::CaseAssigned { to: Some(_), .. }));
    assert!(by_kitt, "{facts:?}");
    Ok(())
}

async fn turns_go_round_whoever_has_how_much(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    world.hands_out_by(Mode::Turn).await?;
    let mut owners = Vec::new();
    for subject in ["eins", "zwei", "drei", "vier"] {
        let case = world.arrives(subject).await?;
        owners.push(world.owner(case).await?);
        // What is done does not bring anybody forward.
        cases::close(&world.app, &world.admin, case).await?;
    }
    let (eva, mia) = (world.agent.person_id(), mia.person_id());
    assert_eq!(owners, [eva, mia, eva, mia]);
    Ok(())
}

async fn nobody_gets_what_they_cannot_do(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let skill = assignment::save_skill(&world.app, &world.admin, None, "Elektronik").await?;
    let rule =
        Rule { mode: Mode::Load, speaks: true, skills: BTreeSet::from([skill]), ..Rule::of(world.queue) };
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    world.can(&world.agent, &[skill], &[], None).await?;
    world.can(&mia, &[], &["de"], None).await?;

    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);
    let why = world.why(&world.agent, case).await?;
    assert_eq!(why.steps[0].because, Because::Nobody);
    let said = why.steps[0].sentences.join(" ");
    assert!(
        said.contains("Einer Person fehlt eine Fähigkeit") && said.contains("spricht die Sprache nicht"),
        "{said}"
    );
    assert_eq!(assignment::lacking(&mut world.read().await?).await?, [(world.queue, 1)]);
    assignment::tick(&world.app).await?;
    let page = world.get(Role::Lead, "/staff").await?.body;
    assert!(page.contains("Ein Fall wartet auf jemanden") && page.contains("Kundenservice: Fälle"), "{page}");

    world.can(&mia, &[skill], &["de"], None).await?;
    world.settle().await?;
    assert_eq!(world.owner(case).await?, mia.person_id());
    assert_eq!(assignment::lacking(&mut world.read().await?).await?, []);
    Ok(())
}

async fn the_keeper_comes_first_and_is_stood_in_for(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let lead = &world.lead;
    world.give_keeper(&mia).await?;
    world.hands_out_by(Mode::Load).await?;
    for _ in 0..2 {
        let case = world.arrives("Lampe").await?;
        assert_eq!(world.owner(case).await?, mia.person_id(), "also when others have less");
    }
    // Who leads gets nothing by themselves, but can stand in.
    assignment::be_away(&world.app, &mia, id(&mia)?, None, lead.person_id()).await?;
    let case = world.arrives("Vase").await?;
    assert_eq!(world.owner(case).await?, lead.person_id());
    assert_eq!(world.why(lead, case).await?.steps[0].because, Because::KeeperReplacement);
    Ok(())
}

async fn a_case_waits_for_its_keeper_as_long_as_it_is_told(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    world.give_keeper(&mia).await?;
    let rule =
        Rule { mode: Mode::Load, keeper_away: KeeperAway::Wait, wait_hours: 4, ..Rule::of(world.queue) };
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    assignment::attend(&world.app, &mia, id(&mia)?, true).await?;
    let (early, late) = (world.arrives("Lampe").await?, world.arrives("Vase").await?);
    assert_eq!(world.why(&mia, late).await?.steps[0].because, Because::Waits);

    world.forward(Duration::from_hours(3));
    assignment::tick(&world.app).await?;
    world.settle().await?;
    assert_eq!(world.owner(early).await?, None);
    assignment::attend(&world.app, &mia, id(&mia)?, false).await?;
    world.settle().await?;
    assert_eq!((world.owner(early).await?, world.owner(late).await?), (mia.person_id(), mia.person_id()));

    assignment::attend(&world.app, &mia, id(&mia)?, true).await?;
    let third = world.arrives("Uhr").await?;
    world.forward(Duration::from_hours(4));
    assignment::tick(&world.app).await?;
    world.settle().await?;
    assert_eq!(world.owner(third).await?, world.agent.person_id());
    Ok(())
}

async fn what_is_due_first_goes_first_when_somebody_has_room_again(world: World) -> Result<()> {
    world.hands_out_by(Mode::Load).await?;
    world.can(&world.agent, &[], &[], Some(1)).await?;
    let first = world.arrives("eins").await?;
    world.forward(Duration::from_mins(1));
    let urgent = world.arrives("zwei").await?;
    world.forward(Duration::from_mins(1));
    let third = world.arrives("drei").await?;
    let me = world.agent.person_id();
    assert_eq!((world.owner(first).await?, world.owner(third).await?), (me, None));
    let said = world.why(&world.agent, third).await?.steps[0].sentences.join(" ");
    assert!(said.contains("hat keinen Platz"), "{said}");

    cases::close(&world.app, &world.agent, first).await?;
    world.settle().await?;
    assert_eq!((world.owner(urgent).await?, world.owner(third).await?), (me, None));
    // What waits for a customer is no load.
    cases::wait(&world.app, &world.agent, urgent, None).await?;
    world.settle().await?;
    assert_eq!(world.owner(third).await?, me);
    Ok(())
}

async fn two_nodes_never_give_somebody_more_than_they_can_have(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    world.hands_out_by(Mode::Load).await?;
    for person in [&world.agent, &mia] {
        world.can(person, &[], &[], Some(3)).await?;
    }
    let mut all = Vec::new();
    for number in 0..12 {
        all.push(world.write_in(&format!("Fall {number}")).await?.0);
    }
    world.hear().await?;

    let nodes = (0..4).map(|_| assignment::hand_out(&world.app, world.queue));
    for done in futures::future::join_all(nodes).await {
        done?;
    }
    let owned = (world.owned(&world.agent, &all).await?, world.owned(&mia, &all).await?);
    assert_eq!(owned, (3, 3));
    Ok(())
}

/// Eva has two cases, and her queue has a rule for absences.
async fn holding(world: &World, mode: Mode, absent: Absent) -> Result<[CaseId; 2]> {
    let rule = Rule { mode, absent, ..Rule::of(world.queue) };
    let cases = [world.arrives("Lampe").await?, world.arrives("Vase").await?];
    for case in cases {
        cases::assign(&world.app, &world.agent, case, world.agent.person_id()).await?;
    }
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    world.settle().await?;
    Ok(cases)
}

async fn cases_of_who_goes_away_go_to_who_stands_in_and_back_with_one_click(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let [lamp, vase] = holding(&world, Mode::Hand, Absent::Replacement).await?;
    let me = id(&world.agent)?;
    assignment::be_away(&world.app, &world.agent, me, None, mia.person_id()).await?;
    world.settle().await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (mia.person_id(), mia.person_id()));

    // What Mia touched since is hers.
    cases::wait(&world.app, &mia, vase, None).await?;
    let absence = assignment::absences_of(&mut world.read().await?, me).await?.pop().context("it")?;
    let run = absence.runs().next().context("a run")?.parse()?;
    cases::bulk::take_back(&world.app, &world.agent, run).await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (Some(me), mia.person_id()));
    Ok(())
}

async fn cases_of_who_goes_away_go_back_to_the_queue_and_on(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let [lamp, vase] = holding(&world, Mode::Load, Absent::Queue).await?;
    world.can(&mia, &[], &[], Some(1)).await?;
    let me = id(&world.agent)?;
    // The lead says it: Eva is ill.
    assignment::be_away(&world.app, &world.lead, me, None, None).await?;
    world.settle().await?;
    assert_eq!((world.owner(lamp).await?, world.owner(vase).await?), (mia.person_id(), None));
    let why = world.why(&mia, lamp).await?;
    assert!(why.steps[0].sentences.join(" ").contains("ist abwesend"), "{why:?}");

    assignment::attend(&world.app, &world.lead, me, false).await?;
    world.settle().await?;
    assert_eq!(world.owner(vase).await?, Some(me), "who comes back gets what waits");
    Ok(())
}

async fn a_planned_absence_begins_and_ends_by_itself_and_leaves_nothing(world: World) -> Result<()> {
    world.hands_out_by(Mode::Load).await?;
    let (me, now) = (id(&world.agent)?, world.now());
    let new = NewAbsence {
        from: now + Timestamp::days(2),
        until: Some(now + Timestamp::days(5)),
        replacement: None,
    };
    assignment::plan(&world.app, &world.agent, me, new).await?;
    assignment::tick(&world.app).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::There);
    for (from, until, fits) in [(1, Some(3), false), (4, None, false), (5, Some(9), true), (1, Some(2), true)]
    {
        let until = until.map(|days| now + Timestamp::days(days));
        let other = NewAbsence { from: now + Timestamp::days(from), until, replacement: None };
        let planned = assignment::plan(&world.app, &world.agent, me, other).await;
        assert_eq!(planned.is_ok(), fits, "from {from} until {until:?}");
        if let Ok(other) = planned {
            assignment::cancel(&world.app, &world.agent, other).await?;
        }
    }

    world.forward(Timestamp::days(2));
    assignment::tick(&world.app).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::Away);
    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);

    world.forward(Timestamp::days(3));
    assignment::tick(&world.app).await?;
    world.settle().await?;
    assert_eq!(
        (world.attendance(&world.agent).await?, world.owner(case).await?),
        (Attendance::There, Some(me))
    );
    let mut tx = world.read().await?;
    assert!(assignment::absences(&mut tx).await?.is_empty(), "nobody can look it up");
    let facts = kitt::journal::of_house(&mut tx, EntryId(i64::MAX), 100).await?;
    assert!(!facts.iter().any(|entry| matches!(entry.fact, Fact::AttendanceSet { .. })), "{facts:?}");
    Ok(())
}

async fn a_case_that_opens_again_finds_somebody_who_is_there(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let [lamp, vase] = holding(&world, Mode::Load, Absent::Queue).await?;
    for case in [lamp, vase] {
        cases::close(&world.app, &world.agent, case).await?;
    }
    world.settle().await?;
    world.write_to(lamp).await?;
    world.settle().await?;
    assert_eq!(world.owner(lamp).await?, world.agent.person_id(), "who is there keeps what was theirs");

    cases::close(&world.app, &world.agent, lamp).await?;
    assignment::be_away(&world.app, &world.agent, id(&world.agent)?, None, None).await?;
    world.settle().await?;
    world.write_to(vase).await?;
    world.settle().await?;
    assert_eq!(world.owner(vase).await?, mia.person_id());
    assert_eq!(world.owner(lamp).await?, world.agent.person_id(), "what is done is nobody's work");
    Ok(())
}

async fn who_gives_a_case_back_does_not_get_it_again(world: World) -> Result<()> {
    world.hands_out_by(Mode::Load).await?;
    let case = world.arrives("Lampe").await?;
    let number = world.number(case).await?;
    let stranger = assignment::hand_back(&world.app, &world.lead, case, Refusal::Time).await;
    assert!(matches!(stranger, Err(Error::Invalid(_))), "{stranger:?}");
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("Bin befangen") && page.contains("Warum ich?"), "{page}");
    let path = format!("/cases/{number}/refusal");
    let done = world.post_form(Role::Agent, &path, &[("reason", "bias")]).await?;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    world.settle().await?;
    assert_eq!(world.owner(case).await?, None, "there is nobody else");
    assert_eq!(world.why(&world.agent, case).await?.steps[0].because, Because::Nobody);

    let mia = world.colleague("Mia").await?;
    world.can(&mia, &[], &[], None).await?;
    world.settle().await?;
    assert_eq!(world.owner(case).await?, mia.person_id());
    Ok(())
}

async fn a_lead_says_it_for_their_team_and_nobody_else_for_others(world: World) -> Result<()> {
    let mia = world.colleague("Mia").await?;
    let (me, her) = (id(&world.agent)?, id(&mia)?);
    let other = assignment::attend(&world.app, &world.agent, her, true).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    let admin = assignment::attend(&world.app, &world.lead, id(&world.admin)?, true).await;
    assert!(matches!(admin, Err(Error::NotFound)), "not of the lead's team: {admin:?}");
    let wrong = assignment::be_away(&world.app, &world.agent, me, None, Some(me)).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "nobody stands in for themselves: {wrong:?}");

    assignment::be_away(&world.app, &world.lead, me, None, Some(her)).await?;
    let mut tx = world.read().await?;
    let facts = kitt::journal::of_house(&mut tx, EntryId(i64::MAX), 10).await?;
    let told = |fact: &Fact| matches!(fact, Fact::AttendanceSet { person, .. } if *person == me);
    assert!(facts.iter().any(|entry| told(&entry.fact)), "{facts:?}");
    let page = world.get(Role::Agent, "/attendance").await?.body;
    assert!(page.contains("eingetragen von Tom Lead") && page.contains("Vertretung: Mia"), "{page}");
    let profile = world.post_json(Role::Agent, &format!("/api/v1/staff/{her}"), &json!({})).await?;
    assert_eq!(profile.status, StatusCode::FORBIDDEN);
    Ok(())
}

async fn a_case_says_why_it_is_where_it_is(world: World) -> Result<()> {
    let skill = assignment::save_skill(&world.app, &world.admin, None, "Elektronik").await?;
    let rule =
        Rule { mode: Mode::Load, speaks: true, skills: BTreeSet::from([skill]), ..Rule::of(world.queue) };
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    world.can(&world.agent, &[skill], &["de"], None).await?;
    let case = world.arrives("Lampe").await?;
    let number = world.number(case).await?;

    let own = world.why(&world.agent, case).await?.steps.remove(0);
    let sentences = [
        "Der Fall war neu.",
        "Du warst da und hattest, gemessen an deiner Grenze, am wenigsten offene Fälle.",
        "Gebraucht wurde, was du kannst: Elektronik.",
        "Du sprichst die Sprache: Deutsch.",
    ];
    assert_eq!((own.mine, own.sentences), (true, sentences.map(str::to_owned).to_vec()));
    let path = format!("/api/v1/cases/{number}/assignment");
    let json = world.get_json(Role::Lead, &path).await?.json()?;
    let text = json["steps"][0]["sentences"].to_string();
    ensure!(text.contains("Regel: Wer passt") && !text.contains("Du "), "{text}");
    assert_eq!(json["can_hand_back"], false);

    cases::assign(&world.app, &world.agent, case, world.lead.person_id()).await?;
    assert!(world.why(&world.agent, case).await?.by_hand_since);
    world.forward(Timestamp::days(181));
    assignment::tick(&world.app).await?;
    assert!(world.why(&world.agent, case).await?.steps.is_empty(), "nothing is kept for ever");
    Ok(())
}

async fn a_restricted_queue_goes_to_nobody_outside_its_team(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    let elsewhere = people::add_team(&mut tx, "Andere").await?;
    let new = NewPerson {
        name: "Olga".into(),
        email: "olga@haus.example".into(),
        roles: vec![Role::Agent],
        team: Some(elsewhere),
        departments: Vec::new(),
    };
    let olga = people::add_person(&mut tx, &new, "-", world.now()).await?;
    tx.commit().await?;
    let olga = people::actor(&mut world.read().await?, olga).await?;
    world.give_keeper(&olga).await?;
    world.hands_out_by(Mode::Load).await?;
    let open = world.arrives("Lampe").await?;
    assert_eq!(world.owner(open).await?, olga.person_id(), "keepers may be of any team");

    let set = QueueSettings {
        name: "Kundenservice".into(),
        team: Some(world.team),
        address: None,
        answer_minutes: 480,
        reopening: None,
        restricted: Some(true),
    };
    people::set_queue(&world.app, &world.admin, Some(world.queue), &set).await?;
    let hidden = world.arrives("Geheim").await?;
    assert_eq!(world.owner(hidden).await?, world.agent.person_id());
    Ok(())
}

async fn a_rule_is_tried_out_without_naming_anybody(world: World) -> Result<()> {
    for subject in ["eins", "zwei", "drei"] {
        world.arrives(subject).await?;
    }
    let skill = assignment::save_skill(&world.app, &world.admin, None, "Elektronik").await?;
    let (queue, needed) = (world.queue.to_string(), format!("skill_{skill}"));
    let fields = [("queue", queue.as_str()), ("mode", "load"), ("wait_hours", "4"), (needed.as_str(), "yes")];
    let saved = world.post_form(Role::Admin, "/settings/assignment", &fields).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let path = format!("/settings/assignment?try={}", world.queue);
    let trial = world.get_json(Role::Admin, &path).await?.json()?["trial"].clone();
    assert_eq!(trial, json!({ "cases": 3, "given": {}, "left": { "skill": 3 } }));
    world.can(&world.agent, &[skill], &[], None).await?;
    let page = world.get(Role::Admin, &path).await?.body;
    assert!(page.contains("Zugeteilt worden wären 3 von 3") && !page.contains("Eva"), "{page}");
    world.settle().await?;
    assert_eq!(assignment::lacking(&mut world.read().await?).await?, [], "trying changes nothing");

    let wrong = [("queue", queue.as_str()), ("mode", "load"), ("wait_hours", "0")];
    let refused = world.post_form(Role::Admin, "/settings/assignment", &wrong).await?;
    assert!(refused.status.as_u16() == 422 && refused.body.contains("data-field=\"wait_hours\""));
    Ok(())
}

async fn the_pages_of_attendance_do_what_they_say(world: World) -> Result<()> {
    let busy = world.post_form(Role::Agent, "/attendance", &[("attendance", "busy")]).await?;
    assert_eq!(busy.status, StatusCode::SEE_OTHER, "{}", busy.body);
    assert_eq!(world.attendance(&world.agent).await?, Attendance::Busy);
    let page = world.get(Role::Agent, "/cases").await?.body;
    assert!(page.contains("Anwesenheit: Keine neuen Fälle"), "it shows above every page");
    let case = world.arrives("Lampe").await?;
    let page = world.get(Role::Lead, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("Eva Agent (Keine neuen Fälle)"), "who gives a case away sees it");

    let fields = [("from", "2026-11-20"), ("until", "2026-11-19")];
    let wrong = world.post_form(Role::Agent, "/absences", &fields).await?;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("data-field=\"until\""), "{}", wrong.body);
    let fields = [("from", "2026-12-24"), ("until", "2027-01-04")];
    world.post_form(Role::Agent, "/absences", &fields).await?;
    let json = world.get_json(Role::Agent, "/api/v1/attendance").await?.json()?;
    assert_eq!(json["absences"][0]["until_at"], "2027-01-03T23:00:00Z");
    let absence = json["absences"][0]["id"].as_i64().context("an id")?;
    let path = format!("/absences/{absence}/removal");
    assert_eq!(world.post_form(Role::Manager, &path, &[]).await?.status, StatusCode::FORBIDDEN);
    world.post_form(Role::Agent, &path, &[]).await?;
    assert!(assignment::absences(&mut world.read().await?).await?.is_empty());

    let person = id(&world.agent)?.to_string();
    world.post_form(Role::Lead, "/attendance", &[("person", &person), ("attendance", "there")]).await?;
    assert_eq!(world.attendance(&world.agent).await?, Attendance::There);
    let page = world.get(Role::Lead, &format!("/staff?edit={person}")).await?.body;
    assert!(page.contains("Eva Agent") && !page.contains("Olga"), "{page}");
    Ok(())
}

async fn a_skill_that_is_removed_is_needed_by_nobody(world: World) -> Result<()> {
    let skill = assignment::save_skill(&world.app, &world.admin, None, "Elektronik").await?;
    let twice = assignment::save_skill(&world.app, &world.admin, None, "elektronik").await;
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
    let rule = Rule { mode: Mode::Load, skills: BTreeSet::from([skill]), ..Rule::of(world.queue) };
    assignment::set_rule(&world.app, &world.admin, &rule).await?;
    let case = world.arrives("Lampe").await?;
    assert_eq!(world.owner(case).await?, None);

    assignment::remove_skill(&world.app, &world.admin, skill, true).await?;
    world.settle().await?;
    assert_eq!(world.owner(case).await?, world.agent.person_id());
    Ok(())
}
