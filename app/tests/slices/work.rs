//! The work on a case: merged and split, related, handed over, waited for, its tasks, its time.

use std::time::Duration;

use anyhow::{Context, Result};
use jiff::civil::{date, time};
use kitt::cases;
use kitt::cases::bins;
use kitt::cases::tasks::{self, Checklist, Item, NewTask};
use kitt::cases::{
    Answer, Case, Channel, Direction, DraftKind, Ending, HandoffState, Involvement, Logged, NewTalk,
    Patience, Place, Recipient, Split, Status, Then, Tie, To, Typed, undo,
};
use kitt::customers;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::journal;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{CaseId, Error, PersonId, Role, Timestamp, sql};
use kitt::recurring;
use kitt::recurring::{Draft, Rhythm, Unit};
use serde_json::json;

use crate::world::{World, both};

both!(
    everything_goes_along_when_cases_are_merged,
    findings_go_along_and_come_back,
    what_is_being_written_goes_along_and_comes_back,
    nobody_waits_longer_because_two_cases_became_one,
    a_conversation_aside_is_split_off_as_a_whole,
    a_merge_that_nothing_followed_is_taken_back_as_if_it_had_not_been,
    what_came_after_a_merge_stays_when_it_is_taken_apart,
    cases_are_merged_once_however_many_want_to,
    some_contacts_become_a_case_of_their_own_and_come_back,
    a_split_leaves_something_and_takes_something,
    cases_are_related_both_ways_and_never_in_a_circle,
    a_parent_asks_about_its_open_parts,
    a_case_has_one_deputy_and_any_number_of_followers,
    who_is_handed_a_case_takes_it_or_says_why_not,
    a_queue_takes_a_case_once_one_of_it_says_yes,
    a_department_answers_without_seeing_cases,
    a_case_that_waits_for_a_department_comes_back_on_its_day,
    who_does_not_answer_is_reminded_once_and_then_left_in_peace,
    an_answer_stops_the_reminder,
    a_queue_waits_for_ever_unless_it_is_told,
    tasks_are_done_undone_and_listed_by_urgency,
    tasks_of_cases_that_one_may_not_know_of_are_listed_nowhere,
    a_checklist_makes_its_tasks_by_one_pick,
    closing_asks_what_becomes_of_open_tasks,
    a_call_is_written_down_in_seconds,
    own_time_is_put_right_and_shown_to_nobody_else,
    a_case_on_paper_keeps_notes_to_itself,
    a_case_as_pdf_is_for_those_who_may_know_of_it,
    a_number_leads_straight_to_its_case,
    what_fits_is_offered_while_one_types,
    the_page_of_a_case_offers_all_of_it,
    a_case_comes_again_and_what_was_missed_comes_once,
    what_comes_again_is_paused_skipped_and_removed,
);

impl World {
    async fn case_row(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    /// A case of somebody else.
    async fn of_karl(&self, subject: &str) -> Result<CaseId> {
        let karl = self.customer("Karl Huber", "karl@example.net").await?;
        self.writes(karl, ("Karl Huber", Some("karl@example.net")), Channel::Email, subject, "Hallo").await
    }

    async fn undo_last(&self) -> Result<()> {
        let offer = undo::newest(&mut self.read().await?, &self.agent, self.now()).await?;
        undo::take_back(&self.app, &self.agent, offer.context("nothing is offered")?.id).await?;
        Ok(())
    }

    async fn has(&self, case: CaseId, fact: &Fact) -> Result<bool> {
        let facts = journal::of_case(&mut self.read().await?, case).await?;
        Ok(facts.iter().any(|entry| entry.fact == *fact))
    }

    async fn texts_in(&self, case: CaseId) -> Result<Vec<String>> {
        let contacts = cases::contacts(&mut self.read().await?, case).await?;
        Ok(contacts.into_iter().map(|contact| contact.text).collect())
    }
}

fn me(world: &World) -> Result<PersonId> {
    world.agent.person_id().context("the agent is a person")
}

fn colleague(world: &World) -> Result<PersonId> {
    world.lead.person_id().context("the lead is a person")
}

fn refused<T>(result: kitt::platform::Result<T>) -> Option<&'static str> {
    match result {
        Err(Error::Invalid(errors)) => errors.first().map(|error| error.word),
        _ => None,
    }
}

async fn everything_goes_along_when_cases_are_merged(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.of_karl("Lampe, Nachtrag").await?);
    let third = world.write_in("Lampe, die dritte").await?.0;
    let karl = world.case_row(other).await?.customer;
    let soon = world.now() + Timestamp::days(2);
    customers::promise(app, agent, karl, Some(other), "Rückruf", soon).await?;
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
    assert_eq!(cases::relations(&mut tx, into).await?.len(), 1);
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
    let typed = Typed {
        kind: DraftKind::Reply,
        body: "Ihre Lampe".into(),
        to: String::new(),
        cc: String::new(),
        bcc: String::new(),
        draft: None,
        version: None,
    };
    cases::save(app, agent, other, &typed).await?;
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

    let split = Split { contacts: vec![second], subject: "Rechnung".into(), customer: Some(karl) };
    let new = cases::split(app, agent, case, &split).await?;

    assert_eq!(
        (new.subject.as_str(), new.customer, new.contacts, new.status),
        ("Rechnung", karl, 1, Status::Open)
    );
    assert!(new.due_at.is_some(), "an answer is owed");
    assert_eq!(world.case_row(case).await?.contacts, 1);
    assert_eq!(cases::contact(&mut world.read().await?, second).await?.customer, karl);
    assert_eq!(cases::relations(&mut world.read().await?, case).await?[0].number, new.number);

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
            let found = cases::relations(&mut world.read().await?, case).await?;
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
    assert!(ties(whole).await?.is_empty());
    cases::close_as_duplicate(app, agent, smaller, whole).await?;
    assert_eq!((world.status(smaller).await?, ties(whole).await?), (Status::Closed, vec![Tie::Duplicate]));
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

async fn a_case_has_one_deputy_and_any_number_of_followers(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (me, lead) = (me(&world)?, colleague(&world)?);
    cases::involve(app, agent, case, me, Involvement::Deputy).await?;
    cases::involve(app, agent, case, lead, Involvement::Deputy).await?;
    let path = format!("/cases/{}/people", world.number(case).await?);
    world.post_form(Role::Agent, &path, &[("part", "follower")]).await?;

    let people = cases::involved(&mut world.read().await?, case).await?;
    let parts: Vec<_> = people.iter().map(|one| (one.person, one.part)).collect();
    assert_eq!(parts, [(lead, Involvement::Deputy), (me, Involvement::Follower)]);
    assert!(world.has(case, &Fact::PersonInvolved { person: me, part: "follower".into() }).await?);
    let outsider = world.person(Role::Partner).person_id().context("a person")?;
    let cannot = cases::involve(app, agent, case, outsider, Involvement::Follower).await;
    assert_eq!(refused(cannot), Some("case-person-cannot"));
    world.post_form(Role::Agent, &format!("{path}/removal"), &[("part", "follower")]).await?;
    assert_eq!(cases::involved(&mut world.read().await?, case).await?.len(), 1);
    Ok(())
}

async fn who_is_handed_a_case_takes_it_or_says_why_not(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    cases::assign(app, agent, case, Some(me(&world)?)).await?;
    let to = To::Person(colleague(&world)?);
    assert_eq!(refused(cases::hand_off(app, agent, case, to, " ", None).await), Some("error-field-required"));

    let first = cases::hand_off(app, agent, case, to, "Kennst du dich aus?", None).await?;
    assert_eq!(world.case_row(case).await?.owner, Some(me(&world)?), "until then it stays");
    assert_eq!(
        refused(cases::hand_off(app, agent, case, to, "Noch einmal", None).await),
        Some("case-handoff-twice")
    );
    let list = world.get(Role::Lead, "/handoffs").await?.body;
    assert!(list.contains("Kennst du dich aus?"), "{list}");
    assert!(!world.get(Role::Manager, "/handoffs").await?.body.contains("Kennst du"));
    let foreign = cases::accept_handoff(app, &world.manager, first).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    cases::decline_handoff(app, lead, first, "Ich bin morgen nicht da.").await?;

    assert_eq!(world.case_row(case).await?.owner, Some(me(&world)?));
    assert!(world.texts_in(case).await?.contains(&"Ich bin morgen nicht da.".to_owned()));
    let second = cases::hand_off(app, agent, case, to, "Dann übermorgen?", None).await?;
    cases::accept_handoff(app, lead, second).await?;
    assert_eq!(world.case_row(case).await?.owner, Some(colleague(&world)?));
    let twice = cases::accept_handoff(app, lead, second).await;
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    Ok(())
}

async fn a_queue_takes_a_case_once_one_of_it_says_yes(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let other = world.other_queue().await?;

    let handoff = cases::hand_off(app, agent, case, To::Queue(other), "Ist eher eures.", None).await?;
    assert_eq!(world.case_row(case).await?.queue, world.queue);
    let mut member = world.lead.clone();
    member.queues = vec![other];
    cases::accept_handoff(app, &member, handoff).await?;

    let row = world.case_row(case).await?;
    assert_eq!((row.queue, row.owner), (other, member.person_id()));
    Ok(())
}

async fn a_department_answers_without_seeing_cases(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let to = To::Department(world.product);
    let handoff = cases::hand_off(app, agent, case, to, "Ab wann ist das behoben?", None).await?;
    assert_eq!(world.status(case).await?, Status::Waiting);

    let list = world.get(Role::Department, "/handoffs").await?.body;
    assert!(list.contains("Ab wann ist das behoben?") && !list.contains("/cases/"), "{list}");
    let accepted = world.post_form(Role::Department, &format!("/handoffs/{handoff}/acceptance"), &[]).await?;
    assert_eq!(accepted.location(), "/handoffs");
    assert_eq!(world.status(case).await?, Status::Waiting, "they are at it");
    let form = [("reason", "Ab Charge 7."), ("state", "done")];
    let answered = world.post_form(Role::Department, &format!("/handoffs/{handoff}/answer"), &form).await?;

    assert_eq!(answered.status.as_u16(), 303, "{}", answered.body);
    let row = world.case_row(case).await?;
    assert!(row.status == Status::Open && row.due_at.is_some(), "{row:?}");
    assert!(world.texts_in(case).await?.contains(&"Ab Charge 7.".to_owned()));
    let states: Vec<_> =
        cases::handoffs(&mut world.read().await?, case).await?.into_iter().map(|one| one.state).collect();
    assert_eq!(states, [HandoffState::Done]);
    Ok(())
}

async fn a_case_that_waits_for_a_department_comes_back_on_its_day(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let due = world.now() + Timestamp::days(2);
    cases::hand_off(app, agent, case, To::Department(world.product), "Wann?", Some(due)).await?;

    assert_eq!(cases::wake(app).await?, 0);
    world.forward(Timestamp::days(2) + Duration::from_mins(1));
    assert_eq!(cases::wake(app).await?, 1);

    assert_eq!(world.status(case).await?, Status::Open);
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("<b class=\"err\">bis "), "the page says that it is late: {page}");
    world.undo_last().await.expect_err("the offer is over");
    Ok(())
}

/// A case that waits for its customer in a queue that reminds after five days and closes after seven more.
async fn patient(world: &World) -> Result<CaseId> {
    let patience = Patience { active: true, ..Patience::of(world.queue) };
    cases::set_patience(&world.app, &world.admin, &patience).await?;
    let case = world.write_in("Lampe").await?.0;
    let answer = Answer { text: "Welche Farbe?".into(), then: Then::Wait, ..Answer::default() };
    cases::reply(&world.app, &world.agent, case, answer).await?;
    Ok(case)
}

async fn who_does_not_answer_is_reminded_once_and_then_left_in_peace(world: World) -> Result<()> {
    let case = patient(&world).await?;
    world.forward(Duration::from_mins(5 * 24 * 60 - 1));
    assert_eq!(cases::lose_patience(&world.app).await?, 0);

    world.forward(Duration::from_mins(2));
    assert_eq!(cases::lose_patience(&world.app).await?, 1);
    assert_eq!(cases::lose_patience(&world.app).await?, 0, "once");
    let reminder = world.texts_in(case).await?.pop().context("a reminder")?;
    assert!(reminder.contains("„Lampe“ fehlt uns noch Ihre Antwort"), "{reminder}");
    let last = cases::contacts(&mut world.read().await?, case).await?.pop().context("it")?;
    assert!(last.automatic && last.to_address.as_deref() == Some("ingrid@example.org"), "{last:?}");
    assert_eq!(world.status(case).await?, Status::Waiting);

    world.forward(Timestamp::days(7));
    assert_eq!(cases::lose_patience(&world.app).await?, 1);
    assert_eq!(world.status(case).await?, Status::Closed);
    assert_eq!(cases::lose_patience(&world.app).await?, 0);
    Ok(())
}

async fn an_answer_stops_the_reminder(world: World) -> Result<()> {
    let case = patient(&world).await?;
    world.forward(Timestamp::days(6));
    cases::lose_patience(&world.app).await?;
    world.write_to(case).await?;
    let answer = Answer { text: "Danke, und welche Größe?".into(), then: Then::Wait, ..Answer::default() };
    cases::reply(&world.app, &world.agent, case, answer).await?;

    world.forward(Timestamp::days(4));
    assert_eq!(cases::lose_patience(&world.app).await?, 0, "the days count anew");
    world.forward(Timestamp::days(2));
    assert_eq!(cases::lose_patience(&world.app).await?, 1, "reminded again, not closed");
    assert_eq!(world.status(case).await?, Status::Waiting);
    Ok(())
}

async fn a_queue_waits_for_ever_unless_it_is_told(world: World) -> Result<()> {
    let case = patient(&world).await?;
    let off = Patience { active: false, ..Patience::of(world.queue) };
    cases::set_patience(&world.app, &world.admin, &off).await?;
    world.forward(Timestamp::days(40));

    assert_eq!(cases::lose_patience(&world.app).await?, 0);
    assert_eq!(world.status(case).await?, Status::Waiting);
    let wrong = world
        .post_form(
            Role::Admin,
            "/settings/patience",
            &[("queue", &world.queue.to_string()), ("remind_days", "0"), ("close_days", "7")],
        )
        .await?;
    assert!(
        wrong.status.as_u16() == 422 && wrong.body.contains("data-field=\"remind_days\""),
        "{}",
        wrong.body
    );
    Ok(())
}

async fn tasks_are_done_undone_and_listed_by_urgency(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let person = Some(me(&world)?);
    let due = |days| Some(world.now() + Timestamp::days(days));
    let mut made = Vec::new();
    for (title, due) in [("später", due(3)), ("irgendwann", None), ("bald", due(1))] {
        made.push(tasks::add(app, agent, case, &NewTask { title: title.into(), person, due }).await?);
    }
    let titles = |cursor, limit| {
        let world = &world;
        async move {
            let mut tx = world.read().await?;
            let found = tasks::tasks_of(&mut tx, &world.agent, cursor, limit).await?;
            anyhow::Ok(
                found.into_iter().map(|task| (task.title, (task.sort_at, task.id))).collect::<Vec<_>>(),
            )
        }
    };

    let first = titles(None, 2).await?;
    let rest = titles(Some(first[1].1), 2).await?;
    let all: Vec<&str> = first.iter().chain(&rest).map(|(title, _)| title.as_str()).collect();
    assert_eq!(all, ["bald", "später", "irgendwann"]);
    world.post_form(Role::Agent, &format!("/tasks/{}/end", made[2]), &[]).await?;
    assert_eq!(titles(None, 9).await?.len(), 2);
    world.undo_last().await?;
    assert_eq!(titles(None, 9).await?.len(), 3);
    world.forward(Timestamp::days(2));
    let page = world.get(Role::Agent, "/tasks").await?.body;
    assert!(page.contains("data-sig=\"bad") && page.contains("bald"), "what is late is marked: {page}");
    Ok(())
}

async fn tasks_of_cases_that_one_may_not_know_of_are_listed_nowhere(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Kündigung von Frau Adler").await?.0;
    let task = NewTask { title: "Akte holen".into(), person: Some(me(&world)?), due: None };
    tasks::add(app, &world.lead, case, &task).await?;
    assert!(world.get(Role::Agent, "/tasks").await?.body.contains("Akte holen"));

    cases::assign(app, &world.lead, case, Some(colleague(&world)?)).await?;
    bins::set_private(app, &world.lead, case, true).await?;

    let page = world.get(Role::Agent, "/tasks").await?.body;
    assert!(!page.contains("Akte holen") && !page.contains("Adler"), "{page}");
    assert_eq!(tasks::count_tasks_of(&mut world.read().await?, agent, 9).await?, 0);
    Ok(())
}

async fn a_checklist_makes_its_tasks_by_one_pick(world: World) -> Result<()> {
    let form = [("name", "Rücksendung"), ("items", "Etikett senden\nRückruf +2\n\n")];
    let saved = world.post_form(Role::Admin, "/settings/checklists", &form).await?;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.body);
    let list: Checklist = tasks::checklists(&mut world.read().await?).await?.remove(0);
    let item = |title: &str, days| Item { title: title.into(), days };
    assert_eq!(list.items, [item("Etikett senden", None), item("Rückruf", Some(2))]);
    let case = world.write_in("Lampe").await?.0;
    let path = format!("/cases/{}/checklist", world.number(case).await?);

    world.post_form(Role::Agent, &path, &[("checklist", &list.id.to_string())]).await?;

    let tasks = tasks::tasks(&mut world.read().await?, case).await?;
    let due: Vec<_> = tasks.iter().map(|task| task.due_at).collect();
    assert_eq!(due, [None, Some(world.now() + Timestamp::days(2))]);
    world.undo_last().await?;
    assert!(tasks::tasks(&mut world.read().await?, case).await?.is_empty());
    let elsewhere = Checklist { queue: Some(world.other_queue().await?), ..list };
    tasks::save_checklist(&world.app, &world.admin, &elsewhere).await?;
    let refused_here = tasks::apply(&world.app, &world.agent, case, elsewhere.id).await;
    assert_eq!(refused(refused_here), Some("checklist-not-here"));
    Ok(())
}

async fn closing_asks_what_becomes_of_open_tasks(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    tasks::add(app, agent, case, &NewTask { title: "Lager fragen".into(), ..NewTask::default() }).await?;

    assert_eq!(refused(cases::end(app, agent, case, Ending::default()).await), Some("case-end-tasks"));
    cases::end(app, agent, case, Ending { tasks: Some(true), children: None }).await?;

    assert_eq!(world.status(case).await?, Status::Closed);
    assert!(tasks::tasks(&mut world.read().await?, case).await?[0].done_at.is_some());
    let plain = world.write_in("Tisch").await?.0;
    let path = format!("/cases/{}/close", world.number(plain).await?);
    let headers = [("accept", "application/json")];
    let closed = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, "").await?;
    assert_eq!((closed.status.as_u16(), world.status(plain).await?), (200, Status::Closed));
    Ok(())
}

async fn a_call_is_written_down_in_seconds(world: World) -> Result<()> {
    let new = json!({"channel": "phone", "reach": "+43 664 1234567", "name": "Anna Neu",
                     "text": "Fragt nach der Lampe.\nRuft wieder an.", "minutes": "4", "done": "yes"});
    let logged = world.post_json(Role::Agent, "/cases", &new).await?.json()?;
    let number = logged["number"].as_str().context("a number")?.to_owned();
    let case = cases::by_number(&mut world.read().await?, &number).await?;
    assert_eq!(
        (case.subject.as_str(), case.status, case.active_seconds),
        ("Fragt nach der Lampe.", Status::Closed, 240)
    );

    let back = json!({"channel": "phone", "direction": "out", "customer": case.customer.to_string(),
                      "case": number, "text": "Zurückgerufen."});
    let into = world.post_json(Role::Agent, "/cases", &back).await?.json()?;
    assert_eq!(into["number"], number.as_str());
    let last = cases::contacts(&mut world.read().await?, case.id).await?.pop().context("the call")?;
    assert_eq!((last.direction, last.text.as_str()), (Direction::Outbound, "Zurückgerufen."));
    assert!(world.has(case.id, &Fact::ContactLogged { contact: last.id, channel: "phone".into() }).await?);

    let outbound = Logged {
        channel: Channel::Phone,
        direction: Direction::Outbound,
        customer: Some(case.customer),
        reach: String::new(),
        name: String::new(),
        subject: String::new(),
        text: "Angerufen, niemand da.".into(),
        into: None,
        queue: None,
        minutes: 0,
        done: false,
    };
    let number = cases::log(&world.app, &world.agent, outbound).await?;
    let row = cases::by_number(&mut world.read().await?, &number).await?;
    assert_eq!((row.status, row.due_at, row.contacts), (Status::Open, None, 1));
    Ok(())
}

async fn own_time_is_put_right_and_shown_to_nobody_else(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    for _ in 0..5 {
        cases::spend_time(app, agent, case, 120).await?;
    }
    cases::spend_time(app, &world.lead, case, 60).await?;
    let path = format!("/cases/{}/time", world.number(case).await?);

    let own = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(own["items"], json!([{"day": "2026-11-16", "seconds": 600}]));
    let corrected = world.post_form(Role::Agent, &path, &[("day", "2026-11-16"), ("minutes", "7")]).await?;

    assert_eq!(corrected.status.as_u16(), 303, "{}", corrected.body);
    assert_eq!(world.case_row(case).await?.active_seconds, 7 * 60 + 60);
    assert_eq!(world.get_json(Role::Lead, &path).await?.json()?["items"][0]["seconds"], 60);
    let facts = journal::of_case(&mut world.read().await?, case).await?;
    assert!(facts.iter().any(|entry| matches!(entry.fact, Fact::TimeCorrected { seconds: -180, .. })));
    world.hear().await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?;
    assert_eq!(page.status.as_u16(), 200);
    world.post_form(Role::Agent, &path, &[("day", "2026-11-16"), ("minutes", "0")]).await?;
    assert_eq!(world.case_row(case).await?.active_seconds, 60);
    Ok(())
}

async fn a_case_on_paper_keeps_notes_to_itself(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    cases::note(&world.app, &world.agent, case, "Kunde ist ungeduldig", Vec::new()).await?;
    let path = format!("/cases/{}/print", world.number(case).await?);

    let plain = world.get(Role::Agent, &path).await?.body;
    let whole = world.get(Role::Agent, &format!("{path}?notes=yes")).await?.body;

    assert!(plain.contains("Ingrid Sommerauer") && !plain.contains("ungeduldig"), "{plain}");
    assert!(whole.contains("ungeduldig"));
    Ok(())
}

async fn a_case_as_pdf_is_for_those_who_may_know_of_it(world: World) -> Result<()> {
    let case = world.write_in("Größe der Lampe").await?.0;
    cases::note(&world.app, &world.agent, case, "Kunde ist ungeduldig", Vec::new()).await?;
    let path = format!("/cases/{}/pdf", world.number(case).await?);

    let plain = world.get(Role::Agent, &path).await?;
    let whole = world.get(Role::Agent, &format!("/api/v1{path}?notes=yes")).await?;
    assert_eq!((plain.header("content-type"), plain.body.get(..7)), ("application/pdf", Some("%PDF-1.")));
    assert!(plain.body.len() < whole.body.len(), "the note is in the other one only");

    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET private = TRUE WHERE id = $1").bind(case).run(&mut tx).await?;
    tx.commit().await?;
    assert_eq!(world.get(Role::Admin, &path).await?.status.as_u16(), 404);
    Ok(())
}

async fn a_number_leads_straight_to_its_case(world: World) -> Result<()> {
    let number = world.number(world.write_in("Lampe").await?.0).await?;

    let there = world.get(Role::Agent, &format!("/search?q={number}")).await?;
    let unknown = world.get(Role::Agent, "/search?q=26-99999").await?;

    assert_eq!(there.location(), format!("/cases/{number}"));
    assert_eq!(unknown.status.as_u16(), 200);
    Ok(())
}

async fn what_fits_is_offered_while_one_types(world: World) -> Result<()> {
    let case = world.case_row(world.write_in("Lampe").await?.0).await?;
    let first = |url: String| {
        let world = &world;
        async move { anyhow::Ok(world.get_json(Role::Agent, &url).await?.json()?["items"][0].clone()) }
    };

    let by_customer = first(format!("/pick/cases?customer={}", case.customer)).await?;
    assert_eq!(by_customer["number"], case.number);
    let digits = case.number.split_once('-').context("a number")?.1;
    for typed in [case.number.as_str(), digits] {
        assert_eq!(first(format!("/pick/cases?q={typed}")).await?["subject"], "Lampe", "{typed}");
    }
    for typed in ["sommer", "ingrid%40exa"] {
        let found = first(format!("/pick/customers?q={typed}")).await?;
        assert_eq!(found["name"], "Ingrid Sommerauer", "{typed}");
    }
    let none = world.get_json(Role::Agent, "/pick/customers?q=niemand").await?.json()?;
    assert_eq!(none["items"], json!([]));
    Ok(())
}

async fn the_page_of_a_case_offers_all_of_it(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    world.write_in("Tisch").await?;
    let url = format!("/cases/{}", world.number(case).await?);
    let page = world.get(Role::Agent, &url).await?.body;
    for dialog in ["merge", "split", "relate", "handoff", "task", "people", "time"] {
        assert!(page.contains(&format!("id=\"dlg-{dialog}\"")), "{dialog}");
        assert!(page.contains(&format!("data-open=\"dlg-{dialog}\"")), "{dialog}");
    }
    let watching = world.get(Role::Manager, &url).await?.body;
    assert!(!watching.contains("dlg-merge"), "who may not work on cases is offered none of it");
    Ok(())
}

/// Every Monday at eight, since this one.
fn weekly(world: &World) -> Result<Draft> {
    Ok(Draft {
        subject: "Lager prüfen".into(),
        text: "Regal 3 und 4".into(),
        customer: None,
        queue: world.queue,
        owner: Some(me(world)?),
        checklist: None,
        rhythm: Rhythm { every: 1, unit: Unit::Week, first: date(2026, 11, 16), time: time(8, 0, 0, 0) },
    })
}

async fn a_case_comes_again_and_what_was_missed_comes_once(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let template = recurring::save(app, agent, None, &weekly(&world)?).await?;
    // It is Monday, nine o'clock: the next time is in a week.
    assert_eq!(recurring::open_due(app).await?, 0);

    world.forward(Timestamp::days(24));
    assert_eq!(recurring::open_due(app).await?, 1);
    assert_eq!(recurring::open_due(app).await?, 0, "three weeks are one case");

    let row = recurring::one(&mut world.read().await?, template).await?;
    let case = world.case_row(row.last_case.context("a case")?).await?;
    assert_eq!(
        (case.subject.as_str(), case.owner, case.status),
        ("Lager prüfen", agent.person_id(), Status::Open)
    );
    assert_eq!(world.texts_in(case.id).await?, ["Regal 3 und 4"]);
    assert!(world.has(case.id, &Fact::CaseRecurred { recurring: template }).await?);
    world.forward(Timestamp::days(4));
    assert_eq!(recurring::open_due(app).await?, 1);
    let second = recurring::save(app, agent, None, &weekly(&world)?).await?;
    let second = recurring::one(&mut world.read().await?, second).await?;
    assert_eq!(second.customer, row.customer, "the house is one customer");
    Ok(())
}

async fn what_comes_again_is_paused_skipped_and_removed(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let form = [
        ("subject", "Lager prüfen"),
        ("text", "Regal 3"),
        ("queue", &world.queue.to_string()),
        ("every", "1"),
        ("unit", "week"),
        ("first_day", "2026-11-23"),
        ("time", "08:00"),
    ];
    let saved = world.post_form(Role::Agent, "/recurring", &form).await?;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.body);
    let page = world.get(Role::Agent, "/recurring").await?.body;
    for day in ["23.11.2026, 08:00", "30.11.2026, 08:00", "07.12.2026, 08:00"] {
        assert!(page.contains(day), "{day} is announced: {page}");
    }
    let template = recurring::all(&mut world.read().await?).await?[0].id;

    recurring::skip(app, agent, template).await?;
    world.forward(Timestamp::days(8));
    assert_eq!(recurring::open_due(app).await?, 0, "left out");
    recurring::pause(app, agent, template, true).await?;
    world.forward(Timestamp::days(30));
    assert_eq!(recurring::open_due(app).await?, 0, "paused");
    let row = recurring::pause(app, agent, template, false).await?;
    assert!(world.now() < row.next_at, "what was paused is not made up");
    recurring::remove(app, agent, template).await?;
    assert!(recurring::all(&mut world.read().await?).await?.is_empty());
    let never = Draft { rhythm: Rhythm { every: 0, ..weekly(&world)?.rhythm }, ..weekly(&world)? };
    assert_eq!(refused(recurring::save(app, agent, None, &never).await), Some("recurring-every"));
    Ok(())
}
