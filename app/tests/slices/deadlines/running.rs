//! Clocks that run: what they run against, and when they stand still.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Case, Channel, Direction, DueClock, Logged, Split, Status, Then, To, attributes, undo};
use kitt::deadlines;
use kitt::deadlines::{Conditions, Goals, PolicySettings};
use kitt::people;
use kitt::platform::{Actor, CaseId, Role, Timestamp, TokenId, Who, sql};

use super::{HOUR, goal, office, quick};
use crate::world::{World, both};

both!(
    a_calendar_moves_the_deadlines_of_open_cases,
    lunch_and_holidays_do_not_count,
    the_first_policy_that_fits_counts,
    a_customers_group_brings_its_own_deadline,
    a_kind_brings_its_own_deadline_as_soon_as_it_is_known,
    waiting_for_the_customer_stops_the_solution,
    who_closes_waits_or_takes_back_gains_no_time,
    who_is_called_is_answered,
    whoever_calls_is_answered_by_being_heard,
    an_answer_that_never_left_answered_nobody,
    the_deadline_of_what_is_left_counts_since_that,
    a_queue_that_takes_a_case_brings_its_own_deadline,
    a_walk_over_many_cases_ends_where_it_should,
    a_case_that_was_imported_has_one_deadline_everywhere,
);

impl World {
    /// Changes of the settings reach all cases.
    async fn reach(&self) -> Result<()> {
        self.hear().await?;
        self.forward(deadlines::SETTLED);
        self.settle().await
    }
}

async fn a_calendar_moves_the_deadlines_of_open_cases(world: World) -> Result<()> {
    let monday = world.now();
    let case = world.write_in("Die Lampe flackert").await?.0;
    let waiting = world.write_in("Der Stuhl wackelt").await?.0;
    cases::wait(&world.app, &world.agent, waiting, None).await?;
    let before = world.clocked(case).await?.due_at;

    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    world.reach().await?;

    // Eight hours from Monday 9:00: until 17:00, and with a lunch break until 9:00 on Tuesday.
    assert_eq!(before, Some(monday + 8 * HOUR));
    let row = world.clocked(case).await?;
    assert_eq!((row.due_at, row.due_clock), (Some(monday + 24 * HOUR), Some(DueClock::First)));
    assert_eq!(world.clocked(waiting).await?.due_at, None);
    Ok(())
}

async fn lunch_and_holidays_do_not_count(world: World) -> Result<()> {
    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    let tuesday = (2026, 12, 8);
    // Monday, 7 December 2026, 16:00; the next day is a holiday in Austria.
    world.forward(Timestamp::days(21) + 7 * HOUR);
    let case = world.write_in("Die Lampe flackert").await?.0;

    let due = world.clocked(case).await?.due_at.context("due")?;
    let local = due.moment().to_zoned(world.app.zone());
    assert_eq!((local.day(), local.hour()), (9, 16), "{tuesday:?} does not count");
    Ok(())
}

async fn the_first_policy_that_fits_counts(world: World) -> Result<()> {
    let high = Conditions { priorities: vec!["high".into()], ..Conditions::default() };
    let urgent = PolicySettings { name: "Dringend".into(), conditions: high, ..quick() };
    let urgent = world.promise(urgent).await?;
    let all =
        PolicySettings { name: "Alle".into(), goals: Goals { first: goal(240), ..quick().goals }, ..quick() };
    let all = world.promise(all).await?;
    let monday = world.now();
    let case = world.write_in("Die Lampe flackert").await?.0;
    let normal = world.clocked(case).await?.due_at;

    deadlines::move_policy(&world.app, &world.admin, all, true).await?;
    deadlines::move_policy(&world.app, &world.admin, all, false).await?;
    deadlines::remove_policy(&world.app, &world.admin, all).await?;
    world.reach().await?;
    let otherwise = world.clocked(case).await?.due_at;

    assert_eq!(normal, Some(monday + 4 * HOUR));
    assert_eq!(otherwise, Some(monday + 8 * HOUR), "the queue's own time");
    let left = deadlines::policies(&mut world.read().await?).await?;
    assert_eq!(left.iter().map(|policy| policy.id).collect::<Vec<_>>(), [urgent]);
    let wrong = PolicySettings {
        goals: Goals { first: None, next: None, solution: None, ..quick().goals },
        ..quick()
    };
    assert!(matches!(world.promise(wrong).await, Err(error) if error.to_string().contains("invalid")));
    Ok(())
}

async fn a_customers_group_brings_its_own_deadline(world: World) -> Result<()> {
    let gold = Conditions { groups: vec!["Gold".into()], ..Conditions::default() };
    world.promise(PolicySettings { conditions: gold, ..quick() }).await?;
    let monday = world.now();
    let case = world.write_in("Die Lampe flackert").await?.0;
    let customer = world.clocked(case).await?.customer;
    let before = world.clocked(case).await?.due_at;

    let answer =
        world.form(Role::Agent, &format!("/customers/{customer}/group"), &[("group", "gold")]).await?;
    world.reach().await?;

    assert_eq!(answer.status, 303, "{answer:?}");
    assert_eq!(before, Some(monday + 8 * HOUR));
    assert_eq!(world.clocked(case).await?.due_at, Some(monday + 2 * HOUR));
    let next = world.write_in("Noch eine Lampe").await?.0;
    assert_eq!(world.clocked(next).await?.due_at, Some(world.now() + 2 * HOUR));
    Ok(())
}

async fn a_kind_brings_its_own_deadline_as_soon_as_it_is_known(world: World) -> Result<()> {
    let kinds = attributes::kinds(&mut world.read().await?).await?;
    let kind = kinds.iter().find(|kind| kind.active && !kind.complaint).context("a kind")?.id;
    let (name, monday) = (format!("kind_{kind}"), world.now());
    let policy = [("name", "Schnell"), ("first", "2 h"), ("warning", "30"), (name.as_str(), "yes")];
    let saved = world.form(Role::Admin, "/settings/deadlines", &policy).await?;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.body);
    world.reach().await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let before = world.clocked(case).await?.due_at.context("due")?;

    attributes::set_kind(&world.app, &world.agent, case, Some(kind)).await?;
    let with_kind = world.clocked(case).await?.due_at.context("due")?;
    attributes::set_kind(&world.app, &world.agent, case, None).await?;

    assert!(monday + 7 * HOUR < before, "the queue's own time: {before:?}");
    assert_eq!(with_kind + 6 * HOUR, before);
    assert_eq!(world.clocked(case).await?.due_at, Some(before));
    let path = format!("/settings/deadlines?queue={}&kind={kind}", world.queue);
    assert_eq!(world.get_json(Role::Admin, &path).await?.json()?["trial"]["policy"], "Schnell");
    Ok(())
}

async fn waiting_for_the_customer_stops_the_solution(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let monday = world.now();
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.forward(HOUR);
    world.says(case, Then::Wait).await?;
    let waiting = world.clocked(case).await?;

    // The customer writes a day later; nine of ten hours are left.
    world.forward(Timestamp::days(1));
    world.write_to(case).await?;
    let again = world.clocked(case).await?;
    world.says(case, Then::StayOpen).await?;
    let answered = world.clocked(case).await?;

    assert_eq!((waiting.due_at, waiting.due_clock), (None, None));
    assert_eq!((again.due_at, again.due_clock), (Some(world.now() + HOUR), Some(DueClock::Next)));
    // Tuesday 10:00 and nine hours: eight until 18:00, one on Wednesday morning.
    let solution = Some(monday + Timestamp::days(2));
    assert_eq!((answered.due_at, answered.due_clock), (solution, Some(DueClock::Solution)));
    Ok(())
}

async fn who_closes_waits_or_takes_back_gains_no_time(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let kept = |row: Case| (row.due_at, row.due_clock, row.clocks, row.status);
    let before = kept(world.clocked(case).await?);
    world.forward(HOUR);

    for step in 0..4 {
        match step {
            0 => drop(cases::withdraw(app, agent, world.says(case, Then::Wait).await?).await?),
            1 => drop(cases::withdraw(app, agent, world.says(case, Then::Close).await?).await?),
            2 => cases::close(app, agent, case).await?,
            _ => cases::wait(app, agent, case, None).await?,
        }
        if 2 <= step {
            let offer = undo::newest(&mut world.read().await?, agent, world.now()).await?;
            undo::take_back(app, agent, offer.context("nothing is offered")?.id).await?;
        }
        assert_eq!(kept(world.clocked(case).await?), before, "step {step}");
    }

    // Put away over the deadline and brought back: whoever chose the day gains nothing either.
    cases::wait(app, agent, case, Some(world.now() + 2 * HOUR)).await?;
    world.forward(2 * HOUR);
    cases::wake(app).await?;
    let woken = world.clocked(case).await?;
    assert_eq!((woken.due_at, woken.due_clock), (before.0, Some(DueClock::First)));
    world.says(case, Then::StayOpen).await?;
    Ok(())
}

/// What an agent says on the phone to the customer of a case.
fn call(case: CaseId) -> Logged {
    Logged {
        channel: Channel::Phone,
        direction: Direction::Outbound,
        customer: None,
        reach: String::new(),
        name: String::new(),
        subject: String::new(),
        text: "Zurückgerufen, Lampe kommt neu.".into(),
        into: Some(case),
        queue: None,
        minutes: 0,
        done: false,
    }
}

async fn who_is_called_is_answered(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent, monday) = (&world.app, &world.agent, world.now());
    let open = world.write_in("Die Lampe flackert").await?.0;
    let waiting = world.write_in("Der Stuhl wackelt").await?.0;
    cases::wait(app, agent, waiting, None).await?;

    world.forward(HOUR);
    cases::log(app, agent, call(open)).await?;
    cases::log(app, agent, call(waiting)).await?;
    world.forward(2 * HOUR);

    assert_eq!(cases::alarm(app).await?, 0, "nobody waits for an answer any more");
    let (called, waits) = (world.clocked(open).await?, world.clocked(waiting).await?);
    // Ten working hours from Monday 9:00: one of them on Tuesday.
    let solution = Some(monday + Timestamp::days(1));
    assert_eq!((called.status, called.due_at), (Status::Open, solution), "it still is to be solved");
    assert_eq!(called.due_clock, Some(DueClock::Solution));
    assert_eq!((waits.status, waits.due_at), (Status::Waiting, None), "for the customer");
    let results: Vec<(String, bool)> =
        sql("SELECT clock, kept FROM deadline_results ORDER BY id").all(&mut world.read().await?).await?;
    assert_eq!(results, [("first".to_owned(), true), ("first".to_owned(), true)]);
    Ok(())
}

async fn whoever_calls_is_answered_by_being_heard(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent, monday) = (&world.app, &world.agent, world.now());
    let letter = world.write_in("Die Lampe flackert").await?.0;
    let heard = |channel: Channel, into: Option<CaseId>| Logged {
        channel,
        direction: Direction::Inbound,
        reach: "+43 664 1234567".into(),
        name: "Anna Neu".into(),
        text: "Der Sessel knarrt, meldet sich mit einem Foto.".into(),
        into,
        ..call(letter)
    };
    world.forward(HOUR);

    let called = cases::log(app, agent, heard(Channel::Phone, None)).await?;
    let wrote = cases::log(app, agent, heard(Channel::Letter, None)).await?;
    cases::log(app, agent, heard(Channel::Visit, Some(letter))).await?;

    let by_number = async |number: &str| {
        Ok::<_, anyhow::Error>(cases::by_number(&mut world.read().await?, number).await?)
    };
    let (called, wrote) = (by_number(&called).await?, by_number(&wrote).await?);
    assert_eq!(
        (called.status, called.due_clock),
        (Status::Open, Some(DueClock::Solution)),
        "it is to be solved"
    );
    assert_eq!(wrote.due_clock, Some(DueClock::First), "nobody spoke with who wrote on paper");
    let visited = world.clocked(letter).await?;
    assert_eq!(
        (visited.due_at, visited.due_clock),
        (Some(monday + Timestamp::days(1)), Some(DueClock::Solution))
    );
    let kept: Vec<(String, bool)> =
        sql("SELECT clock, kept FROM deadline_results ORDER BY id").all(&mut world.read().await?).await?;
    assert_eq!(kept, [("first".to_owned(), true), ("first".to_owned(), true)]);

    // Nobody is owed anything when it is opened again either.
    cases::close(app, agent, called.id).await?;
    cases::reopen(app, agent, called.id).await?;
    assert_eq!(world.clocked(called.id).await?.due_clock, Some(DueClock::Solution));
    Ok(())
}

async fn an_answer_that_never_left_answered_nobody(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let answered = async || -> Result<Option<Timestamp>> {
        let answered = sql("SELECT answered_at FROM cases WHERE id = $1").bind(case);
        Ok(answered.value(&mut world.read().await?).await?)
    };
    // The telephone system notes a call that nobody took.
    world.forward(HOUR);
    let program = Actor { who: Who::Token(TokenId(1)), ..agent.clone() };
    cases::log(
        app,
        &program,
        Logged { direction: Direction::Inbound, reach: "+43 664 1234567".into(), ..call(case) },
    )
    .await?;
    assert_eq!(answered().await?, None);
    world.forward(HOUR);

    let first = world.says(case, Then::Wait).await?;
    let at = answered().await?;
    cases::withdraw(app, agent, first).await?;
    assert_eq!((at, answered().await?), (Some(world.now()), None));

    // It is owed since the customer wrote, also when the case is closed in between.
    cases::close(app, agent, case).await?;
    cases::reopen(app, agent, case).await?;
    assert_eq!(world.clocked(case).await?.due_clock, Some(DueClock::First));
    let results: i64 = sql("SELECT COUNT(*) FROM deadline_results WHERE clock = 'first'")
        .value(&mut world.read().await?)
        .await?;
    assert_eq!(results, 0, "no figure counts it");

    // Of two answers the one that left counts, whichever is taken back.
    let taken_back = world.says(case, Then::StayOpen).await?;
    world.forward(HOUR);
    world.says(case, Then::StayOpen).await?;
    cases::withdraw(app, agent, taken_back).await?;
    assert_eq!(answered().await?, Some(world.now()));
    Ok(())
}

async fn the_deadline_of_what_is_left_counts_since_that(world: World) -> Result<()> {
    world.promise(quick()).await?;
    let (app, agent, monday) = (&world.app, &world.agent, world.now());
    let (case, first) = world.write_in("Die Lampe flackert").await?;
    world.forward(HOUR);
    world.write_to(case).await?;

    cases::split(app, agent, case, &Split { contacts: vec![first], ..Split::default() }).await?;
    let left = world.clocked(case).await?;
    let offer = undo::newest(&mut world.read().await?, agent, world.now()).await?;
    undo::take_back(app, agent, offer.context("nothing is offered")?.id).await?;

    // Two hours each, from 10:00 and from 9:00.
    assert_eq!((left.due_at, left.due_clock), (Some(monday + 3 * HOUR), Some(DueClock::First)));
    let whole = world.clocked(case).await?;
    assert_eq!((whole.due_at, whole.due_clock), (Some(monday + 2 * HOUR), Some(DueClock::First)));
    Ok(())
}

async fn a_queue_that_takes_a_case_brings_its_own_deadline(world: World) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    let rescue = people::add_queue(&mut tx, "Rettung", None, None, 60).await?;
    tx.commit().await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let mut member = world.lead.clone();
    member.queues = vec![rescue];

    let to = To::Queue(rescue);
    let handoff = cases::hand_off(&world.app, &world.agent, case, to, "Das eilt.", None).await?;
    let before = world.clocked(case).await?.due_at;
    cases::accept_handoff(&world.app, &member, handoff).await?;

    assert_eq!(before, Some(world.now() + 8 * HOUR));
    assert_eq!(world.clocked(case).await?.due_at, Some(world.now() + HOUR));
    Ok(())
}

async fn a_walk_over_many_cases_ends_where_it_should(world: World) -> Result<()> {
    for number in 0..7 {
        world.write_in(&format!("Anliegen {number}")).await?;
    }
    world.promise(quick()).await?;
    world.reach().await?;
    let first = deadlines::runs::newest(&mut world.read().await?).await?.context("a run")?;
    world.promise(quick()).await?;
    world.promise(quick()).await?;
    world.reach().await?;
    let last = deadlines::runs::newest(&mut world.read().await?).await?.context("a run")?;

    assert_eq!((first.done, first.total, first.ended_at.is_some()), (7, 7, true));
    assert_eq!((last.done, last.ended_at.is_some()), (7, true));
    assert_eq!(world.work().await?, 0, "nothing is left to do");
    Ok(())
}

async fn a_case_that_was_imported_has_one_deadline_everywhere(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let row = world.clocked(case).await?;
    // As histories are brought in: a deadline in the row, and no course of clocks.
    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET clocks = '' WHERE id = $1").bind(case).run(&mut tx).await?;
    tx.commit().await?;

    let said = world.get_json(Role::Agent, &format!("/cases/{}/deadlines", row.number)).await?.json()?;

    let due = row.due_at.context("the list has a deadline")?;
    assert_eq!(said["clocks"][0]["due_at"], serde_json::json!(due), "{said}");
    let page = world.get(Role::Agent, &format!("/cases/{}", row.number)).await?.body;
    assert!(!page.contains("kein Ziel"), "{page}");
    Ok(())
}
