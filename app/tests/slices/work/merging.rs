//! Cases that become one, that become two, and that have to do with each other.

use anyhow::Result;
use kitt::cases;
use kitt::cases::tasks::{self, NewTask};
use kitt::cases::{
    Answer, Channel, DraftKind, Involvement, NewTalk, Place, Recipient, Split, Status, Tie, Typed,
};
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{CaseId, Error, Role, Timestamp, sql};

use super::{colleague, refused};
use crate::world::{World, both};

both!(
    everything_goes_along_when_cases_are_merged,
    an_answer_after_a_merge_goes_to_the_cases_own_customer,
    findings_go_along_and_come_back,
    what_is_being_written_goes_along_and_comes_back,
    what_was_typed_while_its_case_went_into_another_is_found_there,
    a_case_that_went_into_another_is_not_offered_beside_it,
    nobody_waits_longer_because_two_cases_became_one,
    a_conversation_aside_is_split_off_as_a_whole,
    a_merge_that_nothing_followed_is_taken_back_as_if_it_had_not_been,
    what_came_after_a_merge_stays_when_it_is_taken_apart,
    cases_are_merged_once_however_many_want_to,
    some_contacts_become_a_case_of_their_own_and_come_back,
    a_split_leaves_something_and_takes_something,
    cases_are_related_both_ways_and_never_in_a_circle,
    a_parent_asks_about_its_open_parts,
);

impl World {
    /// A case of somebody else.
    async fn of_karl(&self, subject: &str) -> Result<CaseId> {
        let karl = self.customer("Karl Huber", "karl@example.net").await?;
        self.writes(karl, ("Karl Huber", Some("karl@example.net")), Channel::Email, subject, "Hallo").await
    }
}

async fn everything_goes_along_when_cases_are_merged(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Lampe, Nachtrag").await?);
    let third = world.write_in("Lampe, die dritte").await?.0;
    let karl = world.case_row(other).await?.customer;
    let soon = world.now() + Timestamp::days(2);
    cases::promise(app, agent, karl, Some(other), "Rückruf", soon).await?;
    tasks::add(app, agent, other, &NewTask { title: "Lager fragen".into(), ..NewTask::default() }).await?;
    cases::involve(app, agent, other, colleague(&world)?, Involvement::Follower).await?;
    let elsewhere = world.write_in("Anderes").await?.0;
    cases::relate(app, agent, other, elsewhere, Tie::Related).await?;

    let numbers = format!("{}, {}", world.case_row(other).await?.number, world.case_row(third).await?.number);
    let path = format!("/cases/{}/merge", world.case_row(into).await?.number);
    let merged = world.post_form(Role::Agent, &path, &[("cases", &numbers)]).await?;

    assert_eq!(merged.status.as_u16(), 303, "{}", merged.body);
    let mut tx = world.read().await?;
    assert_eq!(cases::contacts(&mut tx, into).await?.len(), 3);
    assert_eq!(tasks::tasks(&mut tx, into).await?.len(), 1);
    assert_eq!(cases::involved(&mut tx, into).await?.len(), 1);
    assert_eq!(cases::relations(&mut tx, &world.agent, into).await?.len(), 1);
    let shell = cases::case(&mut tx, other).await?;
    assert_eq!((shell.moved_to, shell.status, shell.contacts), (Some(into), Status::Closed, 0));
    let row = cases::case(&mut tx, into).await?;
    assert_eq!((row.contacts, cases::merged(&mut tx, &row).await?.len()), (3, 2));
    drop(tx);
    assert!(world.has(into, &Fact::CasesJoined { from: other, into }).await?);
    let page = world.get(Role::Agent, merged.location()).await?.body;
    assert!(page.contains("Karl Huber") && page.contains("Lampe, Nachtrag"), "{page}");
    Ok(())
}

async fn an_answer_after_a_merge_goes_to_the_cases_own_customer(world: World) -> Result<()> {
    let into = world.write_in("Lampe").await?.0;
    world.forward(std::time::Duration::from_mins(1));
    let other = world.of_karl("Lampe, Nachtrag").await?;
    let ours = cases::recipient(&mut world.read().await?, &world.case_row(into).await?).await?;
    cases::merge(&world.app, &world.agent, into, &[other]).await?;

    let after = cases::recipient(&mut world.read().await?, &world.case_row(into).await?).await?;
    assert_eq!(after, ours, "Karl wrote last, but elsewhere");
    let third = world.write_in("Lampe, die dritte").await?.0;
    cases::merge(&world.app, &world.agent, third, &[into]).await?;
    let karl = world.case_row(other).await?.customer;
    assert_ne!(world.case_row(third).await?.customer, karl);
    let ever = cases::recipient(&mut world.read().await?, &world.case_row(third).await?).await?;
    assert_eq!(ever, ours, "what came first elsewhere came elsewhere, however often it moved");
    Ok(())
}

async fn findings_go_along_and_come_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Lampe kaputt").await?);
    let praise = NewFinding::new(Kind::Praise, "use");
    let mut tx = app.db.write().await?;
    findings::document(app, &mut tx, agent, other, vec![praise]).await?;
    tx.commit().await?;
    let signals = |case| {
        let world = &world;
        async move { anyhow::Ok(world.case_row(case).await?.signals) }
    };

    cases::merge(app, agent, into, &[other]).await?;
    world.hear().await?;
    assert_eq!((signals(into).await?.as_str(), signals(other).await?.as_str()), ("praise", ""));
    cases::unmerge(app, agent, other).await?;
    world.hear().await?;

    assert_eq!((signals(into).await?.as_str(), signals(other).await?.as_str()), ("", "praise"));
    Ok(())
}

async fn what_is_being_written_goes_along_and_comes_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Lampe, Nachtrag").await?);
    cases::save(app, agent, other, &typed()).await?;
    let talk = NewTalk { text: "Habt ihr sie?".into(), recipients: to_the_store(), ..NewTalk::default() };
    cases::say(app, agent, other, talk).await?;
    let name = people::person(&mut world.read().await?, colleague(&world)?).await?.name;
    cases::note(app, agent, other, &format!("@{name} bitte ansehen"), Vec::new()).await?;
    let there = |case| {
        let world = &world;
        async move {
            let mut tx = world.read().await?;
            let mentions: i64 =
                sql("SELECT COUNT(*) FROM mentions WHERE case_id = $1").bind(case).value(&mut tx).await?;
            anyhow::Ok((
                cases::drafts(&mut tx, case).await?.len(),
                cases::talks(&mut tx, case).await?.len(),
                mentions,
            ))
        }
    };

    cases::merge(app, agent, into, &[other]).await?;
    assert_eq!((there(into).await?, there(other).await?), ((1, 1, 1), (0, 0, 0)));
    cases::unmerge(app, agent, other).await?;

    assert_eq!((there(into).await?, there(other).await?), ((0, 0, 0), (1, 1, 1)));
    Ok(())
}

fn typed() -> Typed {
    Typed {
        kind: DraftKind::Reply,
        body: "Ihre Lampe".into(),
        to: String::new(),
        cc: String::new(),
        bcc: String::new(),
        draft: None,
        version: None,
    }
}

async fn what_was_typed_while_its_case_went_into_another_is_found_there(world: World) -> Result<()> {
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Lampe, Nachtrag").await?);
    cases::merge(&world.app, &world.lead, into, &[other]).await?;

    cases::save(&world.app, &world.agent, other, &typed()).await?;

    let mut tx = world.read().await?;
    let there = (cases::drafts(&mut tx, into).await?.len(), cases::drafts(&mut tx, other).await?.len());
    assert_eq!(there, (1, 0), "nobody opens the empty one");
    Ok(())
}

async fn a_case_that_went_into_another_is_not_offered_beside_it(world: World) -> Result<()> {
    let (into, other) = (world.write_in("Lampe").await?.0, world.write_in("Lampe, Nachtrag").await?.0);
    let third = world.write_in("Tisch").await?.0;
    cases::merge(&world.app, &world.agent, into, &[other]).await?;
    let [into, other, third] =
        [world.number(into).await?, world.number(other).await?, world.number(third).await?];

    let page = world.get(Role::Agent, &format!("/cases/{into}")).await?.body;

    let beside = page.split_once(">Andere Fälle<").and_then(|(_, rest)| rest.split_once("</aside>"));
    let (beside, _) = beside.unwrap_or_default();
    assert!(beside.contains(&format!("href=\"/cases/{third}\"")), "{page}");
    assert!(!beside.contains(&format!("href=\"/cases/{other}\"")), "it leads back to where one is: {beside}");
    Ok(())
}

async fn nobody_waits_longer_because_two_cases_became_one(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let early = world.of_karl("Tisch").await?;
    let owed = world.case_row(early).await?.due_at;
    world.forward(Timestamp::days(1));
    let into = world.write_in("Lampe").await?.0;
    cases::reply(app, agent, into, Answer { text: "Kommt morgen.".into(), ..Answer::default() }).await?;
    world.forward(Timestamp::days(1));
    let before = world.case_row(into).await?;
    assert_eq!((before.status, before.due_at), (Status::Waiting, None));

    cases::merge(app, agent, into, &[early]).await?;
    let merged = world.case_row(into).await?;
    assert!(merged.due_at.is_some() && owed.is_some() && merged.due_at <= owed, "{merged:?}, {owed:?}");
    world.undo_last().await?;

    let after = world.case_row(into).await?;
    assert_eq!((after.status, after.due_at, after.clocks), (before.status, before.due_at, before.clocks));
    assert_eq!(world.case_row(early).await?.due_at, owed, "what was owed there still is");
    Ok(())
}

async fn a_conversation_aside_is_split_off_as_a_whole(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let new = NewTalk { text: "Habt ihr sie?".into(), recipients: to_the_store(), ..NewTalk::default() };
    let first = cases::say(app, agent, case, new.clone()).await?;
    let talk = cases::talks(&mut world.read().await?, case).await?.first().map(|talk| talk.id);
    cases::say(app, agent, case, NewTalk { talk, text: "Und wann?".into(), ..new }).await?;

    let split = Split { contacts: vec![first], ..Split::default() };
    let new = cases::split(app, agent, case, &split).await?.id;

    assert_eq!((world.texts_in(case).await?.len(), world.texts_in(new).await?.len()), (1, 2));
    assert_eq!(cases::talks(&mut world.read().await?, new).await?.len(), 1);
    world.undo_last().await?;
    assert_eq!(cases::talks(&mut world.read().await?, case).await?.len(), 1);
    Ok(())
}

fn to_the_store() -> Vec<Recipient> {
    vec![Recipient { place: Place::To, name: "Lager".into(), address: "lager@example.net".into() }]
}

async fn a_merge_that_nothing_followed_is_taken_back_as_if_it_had_not_been(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Tisch").await?);
    tasks::add(app, agent, other, &NewTask { title: "Lager fragen".into(), ..NewTask::default() }).await?;
    cases::involve(app, agent, other, colleague(&world)?, Involvement::Deputy).await?;
    cases::close(app, agent, into).await?;
    let before = (world.case_row(into).await?, world.case_row(other).await?);

    cases::merge(app, agent, into, &[other]).await?;
    assert_eq!(world.status(into).await?, Status::Open, "an answer is owed");
    world.undo_last().await?;
    assert_eq!(world.stands(into).await?, [Fact::CaseClosed, Fact::CaseReopened, Fact::CaseClosed]);
    assert_eq!(
        world.stands(other).await?,
        [Fact::CaseClosed, Fact::CaseReopened],
        "it was closed while it was in the other one"
    );

    let after = (world.case_row(into).await?, world.case_row(other).await?);
    for (before, after) in [(before.0, after.0), (before.1, after.1)] {
        assert_eq!(
            (
                before.status,
                before.due_at,
                before.closed_at,
                before.contacts,
                before.snippet,
                before.moved_to
            ),
            (after.status, after.due_at, after.closed_at, after.contacts, after.snippet, after.moved_to),
        );
    }
    let mut tx = world.read().await?;
    assert_eq!(tasks::tasks(&mut tx, other).await?.len(), 1);
    assert!(cases::involved(&mut tx, into).await?.is_empty());
    assert_eq!(cases::involved(&mut tx, other).await?.len(), 1);
    Ok(())
}

async fn what_came_after_a_merge_stays_when_it_is_taken_apart(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Tisch").await?);
    cases::merge(app, agent, into, &[other]).await?;
    world.forward(Timestamp::days(3));
    world.write_to(into).await?;
    let answer = Answer { text: "Beides kommt morgen.".into(), ..Answer::default() };
    cases::reply(app, agent, into, answer).await?;
    let number = world.case_row(into).await?.number;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("was seither kam, bleibt"), "it says what stays: {page}");

    let path = format!("/cases/{}/unmerge", world.case_row(other).await?.number);
    let apart = world.post_form(Role::Agent, &path, &[]).await?;

    assert_eq!(apart.location(), format!("/cases/{}", world.case_row(other).await?.number));
    assert_eq!(
        (world.texts_in(into).await?.len(), world.texts_in(other).await?),
        (3, vec!["Hallo".to_owned()])
    );
    assert_eq!((world.status(into).await?, world.status(other).await?), (Status::Waiting, Status::Open));
    assert_eq!(world.stands(into).await?, [Fact::waits(None)], "it stays as it is");
    assert_eq!(world.stands(other).await?, [Fact::CaseClosed, Fact::CaseReopened]);
    let twice = cases::unmerge(app, agent, other).await;
    assert!(matches!(twice, Err(Error::NotFound)), "{twice:?}");
    Ok(())
}

async fn cases_are_merged_once_however_many_want_to(world: World) -> Result<()> {
    let (one, two) = (world.write_in("Lampe").await?.0, world.write_in("Tisch").await?.0);
    let merge = |into, from| {
        let (app, agent) = (world.app.clone(), world.agent.clone());
        tokio::spawn(async move { cases::merge(&app, &agent, into, &[from]).await })
    };

    let (first, second) = (merge(one, two), merge(two, one));
    let done = [first.await?.is_ok(), second.await?.is_ok()];

    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    let itself = cases::merge(&world.app, &world.agent, one, &[one]).await;
    assert_eq!(refused(itself), Some("case-merge-choose"));
    Ok(())
}

async fn some_contacts_become_a_case_of_their_own_and_come_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let second = world.write_to(case).await?.1;
    let karl = world.customer("Karl Huber", "karl@example.net").await?;

    cases::assign(app, agent, case, Some(colleague(&world)?)).await?;
    let split = Split { contacts: vec![second], subject: "Rechnung".into(), customer: Some(karl) };
    let new = cases::split(app, agent, case, &split).await?;
    let assigned = Fact::CaseAssigned { to: Some(colleague(&world)?), from: None };
    assert!(new.owner.is_some() && world.has(new.id, &assigned).await?, "it is known who has it");

    assert_eq!(
        (new.subject.as_str(), new.customer, new.contacts, new.status),
        ("Rechnung", karl, 1, Status::Open)
    );
    assert!(new.due_at.is_some(), "an answer is owed");
    assert_eq!(world.case_row(case).await?.contacts, 1);
    assert_eq!(cases::contact(&mut world.read().await?, second).await?.customer, karl);
    assert_eq!(cases::relations(&mut world.read().await?, &world.agent, case).await?[0].number, new.number);

    world.undo_last().await?;

    let (old, shell) = (world.case_row(case).await?, world.case_row(new.id).await?);
    assert_eq!((old.contacts, shell.contacts, shell.moved_to), (2, 0, Some(case)));
    assert_eq!(cases::contact(&mut world.read().await?, second).await?.customer, old.customer);
    assert_eq!(cases::by_number(&mut world.read().await?, &new.number).await?.id, case);
    Ok(())
}

async fn a_split_leaves_something_and_takes_something(world: World) -> Result<()> {
    let (case, contact) = world.write_in("Lampe").await?;
    let foreign = world.write_in("Tisch").await?.1;
    for (contacts, word) in [(vec![], "case-split-choose"), (vec![contact], "case-split-all")] {
        let split = Split { contacts, ..Split::default() };
        assert_eq!(refused(cases::split(&world.app, &world.agent, case, &split).await), Some(word));
    }
    let split = Split { contacts: vec![foreign], ..Split::default() };
    let other = cases::split(&world.app, &world.agent, case, &split).await;
    assert!(matches!(other, Err(Error::Stale)), "{other:?}");
    Ok(())
}

async fn cases_are_related_both_ways_and_never_in_a_circle(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (whole, part) = (world.write_in("Umzug").await?.0, world.write_in("Lampe").await?.0);
    let smaller = world.write_in("Birne").await?.0;
    let ties = |case| {
        let world = &world;
        async move {
            let found = cases::relations(&mut world.read().await?, &world.agent, case).await?;
            anyhow::Ok(found.into_iter().map(|one| one.tie).collect::<Vec<_>>())
        }
    };

    cases::relate(app, agent, part, whole, Tie::Parent).await?;
    cases::relate(app, agent, part, smaller, Tie::Child).await?;

    assert_eq!((ties(whole).await?, ties(smaller).await?), (vec![Tie::Child], vec![Tie::Parent]));
    let circle = cases::relate(app, agent, whole, smaller, Tie::Parent).await;
    assert_eq!(refused(circle), Some("case-relate-circle"));
    cases::relate(app, agent, whole, part, Tie::Related).await?;
    assert_eq!(ties(whole).await?, [Tie::Related], "what was said before no longer holds");
    world.undo_last().await?;
    assert_eq!(ties(whole).await?, [Tie::Child], "what was said before holds again");
    cases::close_as_duplicate(app, agent, smaller, whole).await?;
    let both = vec![Tie::Child, Tie::Duplicate];
    assert_eq!((world.status(smaller).await?, ties(whole).await?), (Status::Closed, both));
    Ok(())
}

async fn a_parent_asks_about_its_open_parts(world: World) -> Result<()> {
    let (whole, part) = (world.write_in("Umzug").await?.0, world.write_in("Lampe").await?.0);
    cases::relate(&world.app, &world.agent, whole, part, Tie::Child).await?;
    let path = format!("/cases/{}/close", world.number(whole).await?);

    let asked = world.post_form(Role::Agent, &path, &[]).await?;
    assert!(asked.status.as_u16() == 422 && asked.body.contains("data-field=\"children\""), "{}", asked.body);
    let page = world.get(Role::Agent, path.trim_end_matches("/close")).await?.body;
    assert!(page.contains("id=\"dlg-end\""), "the page asks before");
    world.post_form(Role::Agent, &path, &[("children", "close")]).await?;

    assert_eq!((world.status(whole).await?, world.status(part).await?), (Status::Closed, Status::Closed));
    Ok(())
}
