//! Who gets a case, and why.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use axum::http::StatusCode;
use kitt::assignment;
use kitt::assignment::{Absent, Because, KeeperAway, Mode, Refusal, Rule};
use kitt::cases;
use kitt::customers;
use kitt::customers::Change;
use kitt::journal::Fact;
use kitt::people;
use kitt::people::{NewPerson, QueueSettings};
use kitt::platform::{Actor, CaseId, Error, Role, Timestamp};
use serde_json::json;

use super::{holding, id};
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
    a_case_that_opens_again_finds_somebody_who_is_there,
    who_gives_a_case_back_does_not_get_it_again,
    a_case_says_why_it_is_where_it_is,
    a_restricted_queue_goes_to_nobody_outside_its_team,
    a_rule_is_tried_out_without_naming_anybody,
);

impl World {
    async fn owned(&self, person: &Actor, cases: &[CaseId]) -> Result<usize> {
        let mut owned = 0;
        for case in cases {
            owned += usize::from(self.owner(*case).await? == person.person_id());
        }
        Ok(owned)
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
            tone: known.tone,
            keeper: keeper.person_id(),
            version: known.version,
        };
        Ok(customers::change(&self.app, &self.admin, customer, &change).await?)
    }
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
        tone: None,
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
