//! Steps of the work are taken back: tasks, ties, people, complaints, merges.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::complaint;
use kitt::cases::tasks::{self, NewTask};
use kitt::cases::{Bin, Channel, Direction, Involvement, Logged, Status, Tie};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{CaseId, Error, Role, Timestamp};

use super::{LATE, colleague, me};
use crate::world::{World, both};

both!(
    a_task_says_again_what_it_said,
    a_task_that_was_done_is_done_again,
    a_task_that_was_removed_is_back_as_it_was,
    what_a_colleague_did_with_a_task_stays,
    two_cases_are_tied_again,
    who_was_taken_out_is_in_again,
    a_mark_as_a_complaint_is_taken_back,
    cases_that_were_taken_apart_are_one_again,
    a_join_is_taken_back,
    a_case_that_was_written_down_goes_into_the_trash,
    whoever_may_not_work_on_cases_any_more_takes_nothing_back,
    the_list_of_tasks_offers_it_and_goes_on,
);

impl World {
    /// A task of the agent, due tomorrow.
    async fn asked_of_me(&self, case: CaseId) -> Result<(i64, NewTask)> {
        let due = Some(self.now() + Timestamp::days(1));
        let task = NewTask { title: "Lager fragen".into(), person: Some(me(self)?), due };
        Ok((tasks::add(&self.app, &self.agent, case, &task).await?, task))
    }

    async fn task_says(&self, task: i64) -> Result<NewTask> {
        let row = tasks::task(&mut self.read().await?, task).await?;
        Ok(NewTask { title: row.title, person: row.person, due: row.due_at })
    }
}

async fn a_task_says_again_what_it_said(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (task, first) = world.asked_of_me(case).await?;
    let other = NewTask { title: "Werk fragen".into(), person: Some(colleague(&world)?), due: None };

    tasks::change(app, agent, task, &other).await?;
    assert_eq!(world.task_says(task).await?, other);
    world.undo_last().await?;

    assert_eq!(world.task_says(task).await?, first, "title, person and day");
    let facts = journal::of_case(&mut world.read().await?, case).await?;
    let says = |fact: &Fact| matches!(fact, Fact::TaskChanged { task: of, .. } if *of == task);
    assert_eq!(facts.iter().filter(|entry| says(&entry.fact)).count(), 2);
    Ok(())
}

async fn a_task_that_was_done_is_done_again(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (task, _) = world.asked_of_me(case).await?;
    tasks::end(app, &world.lead, task).await?;
    let done = tasks::task(&mut world.read().await?, task).await?;
    world.forward(Duration::from_secs(5));

    tasks::reopen(app, agent, task).await?;
    world.undo_last().await?;

    let row = tasks::task(&mut world.read().await?, task).await?;
    assert_eq!((row.done_at, row.done_by), (done.done_at, done.done_by), "since then, and by whom it was");
    assert_eq!(world.times(case, &Fact::TaskDone { task }).await?, 2);
    Ok(())
}

async fn a_task_that_was_removed_is_back_as_it_was(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (task, first) = world.asked_of_me(case).await?;

    tasks::remove(app, agent, task).await?;
    assert!(tasks::tasks(&mut world.read().await?, case).await?.is_empty());
    world.undo_last().await?;

    assert_eq!(world.task_says(task).await?, first);
    assert!(world.has(case, &Fact::TaskRestored { task }).await?);
    let mine = tasks::tasks_of(&mut world.read().await?, agent, None, 9).await?;
    assert_eq!(mine.iter().map(|one| one.id).collect::<Vec<_>>(), [task], "it is listed as before");
    let next = world.asked_of_me(case).await?.0;
    assert_ne!(next, task, "its number is its own");
    Ok(())
}

async fn what_a_colleague_did_with_a_task_stays(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    let (task, first) = world.asked_of_me(case).await?;
    let by = |title: &str| NewTask { title: title.into(), ..first.clone() };

    tasks::change(app, lead, task, &by("Werk fragen")).await?;
    assert_eq!(world.why_kept().await?, LATE, "the task that was added says something else");
    tasks::change(app, agent, task, &by("Herrn Adler fragen")).await?;
    tasks::change(app, lead, task, &by("Frau Adler fragen")).await?;
    assert_eq!(world.why_kept().await?, LATE);
    assert_eq!(world.task_says(task).await?.title, "Frau Adler fragen");

    tasks::end(app, agent, task).await?;
    tasks::reopen(app, lead, task).await?;
    assert_eq!(world.why_kept().await?, LATE, "it is open already");
    world.forward(Duration::from_secs(1));
    tasks::end(app, lead, task).await?;
    assert_eq!(world.why_kept().await?, LATE, "who ended it meanwhile means it");
    tasks::reopen(app, agent, task).await?;
    tasks::remove(app, lead, task).await?;
    assert_eq!(world.why_kept().await?, LATE, "it is gone");
    Ok(())
}

async fn two_cases_are_tied_again(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let (whole, part) = (world.write_in("Umzug").await?.0, world.write_in("Lampe").await?.0);
    let ties = async || -> Result<Vec<Tie>> {
        let found = cases::relations(&mut world.read().await?, agent, whole).await?;
        Ok(found.into_iter().map(|one| one.tie).collect())
    };
    cases::relate(app, lead, whole, part, Tie::Child).await?;

    cases::unrelate(app, agent, part, whole).await?;
    assert!(ties().await?.is_empty());
    world.undo_last().await?;

    assert_eq!(ties().await?, [Tie::Child]);
    assert_eq!(world.times(whole, &Fact::CaseRelated { other: part, tie: "child".into() }).await?, 2);
    cases::unrelate(app, agent, whole, part).await?;
    cases::relate(app, lead, whole, part, Tie::Related).await?;
    assert_eq!(world.why_kept().await?, LATE);
    cases::relate(app, agent, whole, part, Tie::Parent).await?;
    cases::relate(app, lead, whole, part, Tie::Related).await?;
    assert_eq!(world.why_kept().await?, LATE);
    assert_eq!(ties().await?, [Tie::Related], "what the colleague said holds");
    Ok(())
}

async fn who_was_taken_out_is_in_again(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    let (me, tom) = (me(&world)?, colleague(&world)?);
    for part in [Involvement::Follower, Involvement::Deputy] {
        cases::involve(app, lead, case, tom, part).await?;

        cases::release_person(app, agent, case, tom, part).await?;
        world.undo_last().await?;

        let people = cases::involved(&mut world.read().await?, case).await?;
        assert!(people.iter().any(|one| (one.person, one.part) == (tom, part)), "{part}");
        let fact = Fact::PersonInvolved { person: tom, part: part.code().into() };
        assert_eq!(world.times(case, &fact).await?, 2, "{part}");
    }
    cases::release_person(app, agent, case, tom, Involvement::Deputy).await?;
    cases::involve(app, lead, case, me, Involvement::Deputy).await?;
    assert_eq!(world.why_kept().await?, LATE, "somebody else is deputy");
    cases::involve(app, agent, case, me, Involvement::Follower).await?;
    cases::release_person(app, lead, case, me, Involvement::Follower).await?;
    assert_eq!(world.why_kept().await?, LATE, "somebody took them out");
    Ok(())
}

async fn a_mark_as_a_complaint_is_taken_back(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Ich beschwere mich").await?.0;
    let before = world.case_row(case).await?;

    for marked in [true, false] {
        complaint::mark(app, agent, case, marked).await?;
        world.undo_last().await?;
        assert_eq!(world.case_row(case).await?.complaint, !marked);
        let fact = Fact::ComplaintMarked { complaint: !marked };
        assert!(world.has(case, &fact).await?, "{marked}");
        complaint::mark(app, lead, case, marked).await?;
    }

    let after = world.case_row(case).await?;
    assert_eq!((after.due_at, after.due_clock), (before.due_at, before.due_clock));
    complaint::mark(app, agent, case, true).await?;
    complaint::mark(app, lead, case, false).await?;
    assert_eq!(world.why_kept().await?, LATE);
    Ok(())
}

async fn cases_that_were_taken_apart_are_one_again(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, other) = (world.write_in("Lampe").await?.0, world.write_in("Tisch").await?.0);
    for clean in [true, false] {
        cases::merge(app, &world.lead, into, &[other]).await?;
        if !clean {
            world.write_to(into).await?;
        }
        cases::unmerge(app, agent, other).await?;
        world.undo_last().await?;

        let (shell, whole) = (world.case_row(other).await?, world.case_row(into).await?);
        assert_eq!((shell.moved_to, shell.contacts), (Some(into), 0), "clean: {clean}");
        assert_eq!(whole.contacts, if clean { 2 } else { 3 });
        cases::unmerge(app, &world.lead, other).await?;
    }
    assert_eq!(world.times(other, &Fact::CasesJoined { from: other, into }).await?, 4);

    cases::merge(app, &world.lead, into, &[other]).await?;
    cases::unmerge(app, agent, other).await?;
    world.write_to(other).await?;
    assert_eq!(world.why_kept().await?, LATE, "somebody wrote");
    assert_eq!(world.case_row(other).await?.moved_to, None);
    Ok(())
}

async fn a_join_is_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (earlier, later) = (world.write_in("Lampe").await?.0, world.write_in("Rechnung").await?.0);
    let mut tx = app.db.write().await?;
    cases::follow(app, &mut tx, agent, later, earlier, cases::Why::Subject).await?;
    tx.commit().await?;

    cases::join(app, agent, later).await?;
    assert_eq!(world.case_row(later).await?.moved_to, Some(earlier));
    world.undo_last().await?;
    assert_eq!((world.case_row(later).await?.moved_to, world.status(later).await?), (None, Status::Open));
    assert!(world.has(later, &Fact::CasesParted { from: later, into: earlier }).await?);

    cases::join(app, agent, later).await?;
    cases::part(app, &world.lead, later).await?;
    assert_eq!(world.why_kept().await?, LATE, "they are apart already");
    Ok(())
}

async fn a_case_that_was_written_down_goes_into_the_trash(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let called = |done| Logged {
        channel: Channel::Phone,
        direction: Direction::Inbound,
        customer: None,
        reach: "+43 664 1234567".into(),
        name: "Anna Neu".into(),
        subject: String::new(),
        text: "Fragt nach der Lampe.".into(),
        into: None,
        queue: None,
        minutes: 0,
        done,
    };
    for done in [false, true] {
        let number = cases::log(app, agent, called(done)).await?;
        world.undo_last().await?;
        let case = cases::by_number(&mut world.read().await?, &number).await?;
        assert_eq!(case.bin, Some(Bin::Trash), "done: {done}");
        assert!(world.has(case.id, &Fact::CaseBinned { bin: "trash".into() }).await?);
    }

    let number = cases::log(app, agent, called(false)).await?;
    let case = cases::by_number(&mut world.read().await?, &number).await?.id;
    cases::assign(app, &world.lead, case, Some(colleague(&world)?)).await?;
    assert_eq!(world.why_kept().await?, LATE, "somebody works on it");
    Ok(())
}

async fn whoever_may_not_work_on_cases_any_more_takes_nothing_back(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let (task, _) = world.asked_of_me(case).await?;
    tasks::remove(&world.app, &world.agent, task).await?;
    let mut moved = world.agent.clone();
    moved.roles = vec![Role::Department];

    let refused = world.undo_of(&moved).await?;

    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert!(tasks::tasks(&mut world.read().await?, case).await?.is_empty());
    Ok(())
}

async fn the_list_of_tasks_offers_it_and_goes_on(world: World) -> Result<()> {
    let case = world.write_in("Lampe").await?.0;
    let (task, _) = world.asked_of_me(case).await?;
    world.post_form(Role::Agent, &format!("/tasks/{task}/end"), &[]).await?;

    let page = world.get(Role::Agent, "/tasks").await?.body;
    let undo = page.split("action=\"/undos/").nth(1).and_then(|rest| rest.split('"').next());
    let undo = undo.context("the list offers it")?;
    assert!(page.contains("Erledigt."), "{page}");
    let headers =
        [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("referer", "http://kitt.test/tasks")];
    let path = format!("/undos/{undo}");
    let back = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, "").await?;

    assert_eq!((back.status.as_u16(), back.location()), (303, "/tasks"));
    assert!(tasks::task(&mut world.read().await?, task).await?.done_at.is_none());
    Ok(())
}
