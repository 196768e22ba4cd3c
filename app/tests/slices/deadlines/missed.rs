//! Deadlines that come near and are missed, and what follows.

use std::time::Duration;

use anyhow::Result;
use kitt::cases;
use kitt::cases::bulk;
use kitt::cases::{Bin, DueClock, Priority, Split, Status, Then, To, attributes, bins};
use kitt::deadlines::{Goals, PolicySettings, Step};
use kitt::journal;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{CaseId, Timestamp, sql};
use kitt::rules;
use kitt::rules::{Action, Aspect, Change, Deed, Definition, Draft, RuleKind};

use super::{HOUR, quick};
use crate::world::{World, both};

both!(
    a_deadline_warns_once_and_is_missed_once,
    an_escalation_makes_urgent_moves_and_goes_on_after_a_restart,
    what_the_house_puts_away_warns_and_is_missed,
    what_was_split_off_is_missed_there_only,
    results_are_kept_by_queue_and_name_nobody,
);

impl World {
    /// The codes of what was told about a case's deadlines.
    async fn told(&self, case: CaseId) -> Result<Vec<String>> {
        let entries = journal::of_case(&mut self.read().await?, case).await?;
        let told = |fact: Fact| match fact {
            Fact::DeadlineNear { clock } => Some(format!("near {clock}")),
            Fact::DeadlineMissed { clock, .. } => Some(format!("missed {clock}")),
            Fact::CaseEscalated { step, raised, .. } => Some(format!("step {step} {raised}")),
            _ => None,
        };
        let mut told: Vec<String> = entries.into_iter().filter_map(|entry| told(entry.fact)).collect();
        told.sort();
        Ok(told)
    }
}

async fn a_deadline_warns_once_and_is_missed_once(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let soon = world.clocked(case).await?.soon_at;
    let mut rounds = Vec::new();
    for minutes in [89, 1, 0, 30, 0] {
        world.forward(Duration::from_mins(minutes));
        rounds.push(cases::alarm(&world.app).await?);
    }

    assert_eq!(soon, Some(world.now() - Duration::from_mins(30)));
    assert_eq!(rounds, [0, 1, 0, 1, 0]);
    assert_eq!(world.told(case).await?, ["missed first", "near first"]);
    // What is closed has nothing to warn of, whatever its clocks said.
    cases::close(&world.app, &world.agent, case).await?;
    world.forward(Timestamp::days(30));
    assert_eq!(cases::alarm(&world.app).await?, 0);
    Ok(())
}

async fn an_escalation_makes_urgent_moves_and_goes_on_after_a_restart(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    let rescue = people::add_queue(&mut tx, "Rettung", None, None, 60).await?;
    tx.commit().await?;
    let step = |after, raise, queue| Step { after, raise, queue, lead: true };
    let steps = vec![step(0, true, None), step(60, false, Some(rescue))];
    world
        .promise(PolicySettings { goals: Goals { steps, solution: None, ..quick().goals }, ..quick() })
        .await?;
    let change = Change { of: Aspect::Priority, from: vec!["normal".into()], to: vec!["high".into()] };
    let actions = vec![Action::new(Deed::Tag, "dringend")];
    let definition = Definition { changes: vec![change], actions, ..Definition::default() };
    let rule =
        Draft { kind: RuleKind::Trigger, name: "Dringend".into(), definition, active: true, team: None };
    rules::save(&world.app, &world.admin, None, &rule).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    cases::assign(&world.app, &world.agent, case, world.agent.person_id()).await?;

    world.forward(2 * HOUR);
    let both = futures_of(&world).await?;
    let urgent = world.clocked(case).await?;
    world.forward(HOUR);
    cases::alarm(&world.app).await?;
    cases::alarm(&world.app).await?;
    let moved = world.clocked(case).await?;
    world.forward(Timestamp::days(3));
    cases::alarm(&world.app).await?;

    assert_eq!(both, 1, "two nodes tell it once");
    assert_eq!((urgent.priority, urgent.queue, urgent.escalated), (Priority::High, world.queue, 1));
    assert_eq!((moved.queue, moved.owner, moved.escalated), (rescue, None, 2));
    assert_eq!(world.told(case).await?, ["missed first", "step 1 true", "step 2 false"]);
    world.settle().await?;
    let row = world.clocked(case).await?;
    let tags = attributes::attributes(&mut world.read().await?, &row).await?.badges.tags;
    assert_eq!(
        tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(),
        ["dringend"],
        "a rule hears of it"
    );
    Ok(())
}

/// Two nodes look at the same moment; about how many cases they told something.
async fn futures_of(world: &World) -> Result<usize> {
    let node = || {
        let app = world.app.clone();
        tokio::spawn(async move { cases::alarm(&app).await })
    };
    let (one, other) = (node(), node());
    Ok(one.await?? + other.await??)
}

async fn what_the_house_puts_away_warns_and_is_missed(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent, monday) = (&world.app, &world.agent, world.now());
    let tomorrow = Some(monday + Timestamp::days(1));
    let mut all = Vec::new();
    for subject in ["Lampe", "Stuhl", "Regal", "Tisch", "Sofa"] {
        all.push(world.write_in(subject).await?.0);
    }
    let [chosen, handed, customers, answered, thrown] = all[..] else { anyhow::bail!("five cases") };

    cases::wait(app, agent, chosen, None).await?;
    cases::wait(app, agent, chosen, tomorrow).await?;
    cases::hand_off(app, agent, handed, To::Department(world.product), "Ab wann?", None).await?;
    cases::wait(app, agent, customers, None).await?;
    world.says(answered, Then::StayOpen).await?;
    cases::wait(app, agent, answered, tomorrow).await?;
    cases::wait(app, agent, thrown, tomorrow).await?;
    bins::put(app, agent, thrown, Some(Bin::Trash)).await?;
    for minutes in [90, 30] {
        world.forward(Duration::from_mins(minutes));
        cases::alarm(app).await?;
    }

    for case in [chosen, handed] {
        let row = world.clocked(case).await?;
        assert_eq!((row.status, row.due_at), (Status::Waiting, Some(monday + 2 * HOUR)));
        assert_eq!(world.told(case).await?, ["missed first", "near first"]);
    }
    for case in [customers, answered] {
        assert_eq!(world.clocked(case).await?.due_at, None, "the customer is waited for");
        assert!(world.told(case).await?.is_empty());
    }
    assert!(world.told(thrown).await?.is_empty(), "what is no work warns nobody");
    // The same chosen for many at once.
    let change = bulk::Change { step: Some(bulk::Step::Wait), until: tomorrow, ..bulk::Change::default() };
    let number = world.clocked(world.write_in("Bett").await?.0).await?.number;
    bulk::start(app, agent, &bulk::Chosen::Marked(vec![number.clone()]), &change).await?;
    let row = cases::by_number(&mut world.read().await?, &number).await?;
    assert_eq!((row.status, row.due_at), (Status::Waiting, Some(world.now() + 2 * HOUR)));
    Ok(())
}

async fn what_was_split_off_is_missed_there_only(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.says(case, Then::StayOpen).await?;
    world.forward(HOUR);
    let other = world.write_to(case).await?.1;

    let split = Split { contacts: vec![other], ..Split::default() };
    let new = cases::split(&world.app, &world.agent, case, &split).await?;
    let left = world.clocked(case).await?;
    world.forward(2 * HOUR);
    cases::alarm(&world.app).await?;

    assert_eq!(left.due_clock, Some(DueClock::Solution), "it is answered, but not solved");
    assert!(left.due_at.is_some() && new.due_at.is_some(), "{left:?}, {new:?}");
    assert!(world.told(case).await?.is_empty(), "nobody waits there for an answer");
    assert_eq!(world.told(new.id).await?, ["missed next"]);
    Ok(())
}

async fn results_are_kept_by_queue_and_name_nobody(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let late = world.write_in("Die Lampe flackert").await?.0;
    world.forward(3 * HOUR);
    world.says(late, Then::Wait).await?;
    let quick = world.write_in("Der Stuhl wackelt").await?.0;
    let taken_back = world.says(quick, Then::Close).await?;
    cases::withdraw(&world.app, &world.agent, taken_back).await?;
    let unanswered = world.write_in("Das Regal wackelt").await?.0;
    cases::close(&world.app, &world.agent, unanswered).await?;
    world.says(quick, Then::Close).await?;

    let rows: Vec<(i64, String, bool)> =
        sql("SELECT case_id, clock, kept FROM deadline_results ORDER BY case_id, clock")
            .all(&mut world.read().await?)
            .await?;

    let row = |case: CaseId, clock: &str, kept| (case.0, clock.to_owned(), kept);
    let expected = [
        row(late, "first", false),
        row(quick, "first", true),
        row(quick, "solution", true),
        // Solved, but never answered.
        row(unanswered, "solution", true),
    ];
    assert_eq!(rows, expected);
    Ok(())
}
