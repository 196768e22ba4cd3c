//! What belongs together is done together or not at all, and is taken back as one.

use anyhow::Result;
use kitt::cases;
use kitt::cases::complaint;
use kitt::cases::tasks::{self, NewTask};
use kitt::cases::{Answer, Ending, Involvement, Split, Status, Tie, To, bins};
use kitt::journal::Fact;
use kitt::platform::{CaseId, Error, Timestamp, sql};

use super::{colleague, me, refused};
use crate::world::{World, both};

both!(
    a_whole_is_closed_at_once_or_not_at_all,
    what_one_may_not_know_of_keeps_no_whole_open,
    a_duplicate_that_cannot_be_closed_is_tied_to_nothing,
    what_a_split_gained_goes_along_when_it_is_taken_back,
    a_case_waits_as_before_when_a_hand_off_is_taken_back,
    the_former_deputy_comes_back,
    what_is_done_to_a_case_that_is_gone_is_refused,
    a_merge_is_taken_apart_once_however_many_want_to,
);

const ALL: Ending = Ending { tasks: Some(true), children: Some(true) };

impl World {
    /// A case with an open task and an open part.
    async fn whole(&self) -> Result<(CaseId, CaseId)> {
        let (whole, part) = (self.write_in("Umzug").await?.0, self.write_in("Lampe").await?.0);
        cases::relate(&self.app, &self.lead, whole, part, Tie::Child).await?;
        let task = NewTask { title: "Lager fragen".into(), ..NewTask::default() };
        tasks::add(&self.app, &self.lead, whole, &task).await?;
        Ok((whole, part))
    }

    /// How a whole and its part stand, and whether its task is open.
    async fn of_whole(&self, (whole, part): (CaseId, CaseId)) -> Result<(Status, Status, bool)> {
        let open = tasks::tasks(&mut self.read().await?, whole).await?[0].done_at.is_none();
        Ok((self.status(whole).await?, self.status(part).await?, open))
    }
}

async fn a_whole_is_closed_at_once_or_not_at_all(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let all = world.whole().await?;
    complaint::mark(app, agent, all.1, true).await?;

    let lacks = cases::end(app, agent, all.0, ALL).await;
    assert_eq!(refused(lacks), Some("case-end-part-lacks"), "nobody said how the complaint ended");
    assert_eq!(world.of_whole(all).await?, (Status::Open, Status::Open, true), "nothing was done");
    complaint::mark(app, agent, all.1, false).await?;
    cases::end(app, agent, all.0, ALL).await?;
    assert_eq!(world.of_whole(all).await?, (Status::Closed, Status::Closed, false));
    world.undo_last().await?;

    assert_eq!(world.of_whole(all).await?, (Status::Open, Status::Open, true), "all of it is as it was");
    Ok(())
}

async fn what_one_may_not_know_of_keeps_no_whole_open(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let all = world.whole().await?;
    cases::assign(app, &world.lead, all.1, Some(colleague(&world)?)).await?;
    bins::set_private(app, &world.lead, all.1, true).await?;

    cases::end(app, agent, all.0, ALL).await?;

    assert_eq!(world.of_whole(all).await?, (Status::Closed, Status::Open, false));
    Ok(())
}

async fn a_duplicate_that_cannot_be_closed_is_tied_to_nothing(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (original, case) = (world.write_in("Lampe").await?.0, world.write_in("Noch einmal: Lampe").await?.0);
    complaint::mark(app, agent, case, true).await?;
    let tied = Fact::CaseRelated { other: original, tie: "original".into() };

    let refusal = cases::close_as_duplicate(app, agent, case, original).await;
    assert_eq!(refused(refusal), Some("complaint-outcome-needed"));
    assert!(!world.has(case, &tied).await?, "it is tied to nothing");
    complaint::mark(app, agent, case, false).await?;
    cases::close_as_duplicate(app, agent, case, original).await?;
    assert!(world.has(case, &tied).await?);
    world.undo_last().await?;

    assert_eq!(world.status(case).await?, Status::Open);
    assert!(world.has(case, &Fact::CaseUnrelated { other: original }).await?, "both were one step");
    Ok(())
}

async fn what_a_split_gained_goes_along_when_it_is_taken_back(world: World) -> Result<()> {
    let (app, lead) = (&world.app, &world.lead);
    let case = world.write_in("Lampe").await?.0;
    let contacts = vec![world.write_to(case).await?.1];
    let new = cases::split(app, &world.agent, case, &Split { contacts, ..Split::default() }).await?;
    tasks::add(app, lead, new.id, &NewTask { title: "Lager fragen".into(), ..NewTask::default() }).await?;
    let soon = world.now() + Timestamp::days(2);
    cases::promise(app, lead, new.customer, Some(new.id), "Rückruf", soon).await?;
    cases::involve(app, lead, new.id, colleague(&world)?, Involvement::Follower).await?;
    let to = To::Queue(world.other_queue().await?);
    let handoff = cases::hand_off(app, lead, new.id, to, "Ist eher eures.", None).await?;

    world.undo_last().await?;

    let mut tx = world.read().await?;
    assert_eq!(tasks::tasks(&mut tx, case).await?.len(), 1);
    assert_eq!(cases::involved(&mut tx, case).await?.len(), 1);
    let promised: Vec<CaseId> = sql("SELECT case_id FROM promises").values(&mut tx).await?;
    assert_eq!(promised, [case]);
    assert!(world.has(new.id, &Fact::HandoffWithdrawn { handoff }).await?);
    assert_eq!(world.stands(new.id).await?, [Fact::CaseClosed]);
    Ok(())
}

async fn a_case_waits_as_before_when_a_hand_off_is_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let tomorrow = world.now() + Timestamp::days(1);
    for until in [None, Some(tomorrow)] {
        let case = world.write_in("Lampe").await?.0;
        cases::wait(app, agent, case, until).await?;
        for to in [To::Department(world.product), To::Person(colleague(&world)?)] {
            let before = world.case_row(case).await?;

            let handoff = cases::hand_off(app, agent, case, to, "Ab wann?", None).await?;
            world.undo_last().await?;

            let after = world.case_row(case).await?;
            assert_eq!(
                (before.status, before.wait_until, before.due_at),
                (after.status, after.wait_until, after.due_at)
            );
            assert!(world.has(case, &Fact::HandoffWithdrawn { handoff }).await?);
        }
    }
    Ok(())
}

async fn the_former_deputy_comes_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Lampe").await?.0;
    let (first, second) = (me(&world)?, colleague(&world)?);
    cases::involve(app, agent, case, first, Involvement::Deputy).await?;

    cases::involve(app, agent, case, second, Involvement::Deputy).await?;
    assert!(world.has(case, &Fact::PersonReleased { person: first, part: "deputy".into() }).await?);
    world.undo_last().await?;

    let people = cases::involved(&mut world.read().await?, case).await?;
    assert_eq!(people.iter().map(|one| one.person).collect::<Vec<_>>(), [first]);
    Ok(())
}

async fn what_is_done_to_a_case_that_is_gone_is_refused(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (into, gone) = (world.write_in("Lampe").await?.0, world.write_in("Nachtrag").await?.0);
    let answer = Answer { text: "Sie kommt morgen.".into(), ..Answer::default() };
    let task = NewTask { title: "Lager fragen".into(), ..NewTask::default() };
    cases::merge(app, &world.lead, into, &[gone]).await?;

    let done = [
        ("reply", cases::reply(app, agent, gone, answer).await.map(drop)),
        ("note", cases::note(app, agent, gone, "Bald.", Vec::new()).await.map(drop)),
        ("task", tasks::add(app, agent, gone, &task).await.map(drop)),
        ("wait", cases::wait(app, agent, gone, None).await),
        ("reopen", cases::reopen(app, agent, gone).await),
        ("assign", cases::assign(app, agent, gone, Some(me(&world)?)).await),
        ("move", cases::move_to(app, agent, gone, world.other_queue().await?).await),
    ];
    let arrived = world.write_to(gone).await?.0;

    for (what, done) in done {
        assert!(matches!(done, Err(Error::Stale)), "{what}: {done:?}");
    }
    assert_eq!(arrived, into, "a mail goes where the others went");
    assert_eq!(world.texts_in(into).await?.len(), 3);
    assert_eq!((world.status(gone).await?, world.texts_in(gone).await?.len()), (Status::Closed, 0));
    Ok(())
}

async fn a_merge_is_taken_apart_once_however_many_want_to(world: World) -> Result<()> {
    let (into, other) = (world.write_in("Lampe").await?.0, world.write_in("Tisch").await?.0);
    cases::merge(&world.app, &world.agent, into, &[other]).await?;
    let part = || {
        let (app, agent) = (world.app.clone(), world.agent.clone());
        tokio::spawn(async move { cases::unmerge(&app, &agent, other).await })
    };

    let (first, second) = (part(), part());
    let done = [first.await?.is_ok(), second.await?.is_ok()];

    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    assert!(world.has(other, &Fact::CasesParted { from: other, into }).await?);
    let told = kitt::journal::of_case(&mut world.read().await?, other).await?;
    let parted = told.iter().filter(|entry| matches!(entry.fact, Fact::CasesParted { .. })).count();
    assert_eq!(parted, 1);
    Ok(())
}
