//! Calendars and policies, the clocks of cases, and what happens when a deadline comes and goes.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::attributes;
use kitt::cases::complaint::{End, Outcome};
use kitt::cases::{Answer, Case, DueClock, Priority, Status, Then, undo};
use kitt::deadlines;
use kitt::deadlines::{
    CalendarSettings, Conditions, Goal, Goals, PolicySettings, Step, Time, WarningSetting, WarningUnit,
};
use kitt::journal;
use kitt::journal::Fact;
use kitt::people;
use kitt::platform::{CaseId, Error, Role, Timestamp, sql};
use kitt::rules;
use kitt::rules::{Action, Aspect, Change, Deed, Definition, Draft, RuleKind};

use crate::world::{World, both};

both!(
    a_calendar_moves_the_deadlines_of_open_cases,
    lunch_and_holidays_do_not_count,
    the_first_policy_that_fits_counts,
    a_customers_group_brings_its_own_deadline,
    a_kind_brings_its_own_deadline_as_soon_as_it_is_known,
    waiting_for_the_customer_stops_the_solution,
    who_closes_waits_or_takes_back_gains_no_time,
    a_deadline_warns_once_and_is_missed_once,
    an_escalation_makes_urgent_moves_and_goes_on_after_a_restart,
    results_are_kept_by_queue_and_name_nobody,
    a_walk_over_many_cases_ends_where_it_should,
    a_complaint_says_how_it_ended,
    silence_closes_a_complaint_only_after_days,
    calendars_and_policies_are_set_up_on_their_pages,
    the_try_out_shows_what_would_count,
    another_calendar_brings_its_days_off,
    a_case_that_was_imported_has_one_deadline_everywhere,
    a_case_explains_its_deadlines_and_offers_the_end_of_a_complaint,
);

const HOUR: Duration = Duration::from_hours(1);

/// As a house with a lunch break; in Vienna, where 8 December is a holiday.
fn office(world: &World) -> CalendarSettings {
    let day = ["08:00-12:00", "13:00-17:00"].map(|hours| hours.parse().expect("hours")).to_vec();
    CalendarSettings {
        name: "Büro".into(),
        time_zone: "Europe/Vienna".into(),
        region: "AT-9".parse().ok(),
        local_days: Vec::new(),
        week: std::array::from_fn(|weekday| if weekday < 5 { day.clone() } else { Vec::new() }),
        house: false,
        queues: vec![world.queue],
    }
}

#[expect(clippy::unnecessary_wraps, reason = "policies may have a goal or none")]
const fn goal(minutes: u32) -> Option<Goal> {
    Some(Goal { minutes, time: Time::Working })
}

/// Two hours for the first answer, one for the next, ten for the solution.
fn quick() -> PolicySettings {
    PolicySettings {
        name: "Schnell".into(),
        active: true,
        conditions: Conditions::default(),
        calendar: None,
        goals: Goals {
            first: goal(120),
            next: goal(60),
            solution: goal(600),
            warning: WarningSetting { amount: 30, unit: WarningUnit::Minutes },
            steps: Vec::new(),
        },
    }
}

impl World {
    async fn clocked(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn promise(&self, set: PolicySettings) -> Result<i64> {
        Ok(deadlines::set_policy(&self.app, &self.admin, None, &set).await?)
    }

    /// Changes of the settings reach all cases.
    async fn reach(&self) -> Result<()> {
        self.hear().await?;
        self.forward(deadlines::SETTLED);
        self.settle().await
    }

    async fn says(&self, case: CaseId, then: Then) -> Result<kitt::platform::ContactId> {
        let answer = Answer { text: "Gern.".into(), then, ..Answer::default() };
        Ok(cases::reply(&self.app, &self.agent, case, answer).await?)
    }

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

    /// An agent sends a form of a case's page.
    async fn form(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Result<crate::world::Answer> {
        self.post_form(role, path, fields).await
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

    // Put away for an hour and brought back: the rest of the time goes on.
    cases::wait(app, agent, case, Some(world.now() + HOUR)).await?;
    world.forward(HOUR);
    cases::wake(app).await?;
    let woken = world.clocked(case).await?.due_at;
    assert_eq!(woken, before.0.map(|due| due.min(world.now())), "the wake-up itself is due");
    world.says(case, Then::StayOpen).await?;
    Ok(())
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

async fn a_complaint_says_how_it_ended(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let closed = cases::close(app, agent, case).await;
    let answered = world.says(case, Then::Close).await;
    let end = |outcome, letter: &str| End { outcome, note: String::new(), letter: letter.into() };
    let untold = cases::complaint::end(app, agent, case, end(Outcome::Escalation, " ")).await;
    cases::complaint::end(
        app,
        agent,
        case,
        end(Outcome::Escalation, "Sie können sich an die Schlichtung wenden."),
    )
    .await?;

    assert!(matches!(&closed, Err(Error::Invalid(errors)) if errors[0].word == "complaint-outcome-needed"));
    assert!(answered.is_err() && matches!(&untold, Err(Error::Invalid(_))), "{untold:?}");
    assert_eq!(world.status(case).await?, Status::Closed);
    let ended = cases::complaint::ended(&mut world.read().await?, case).await?;
    assert_eq!(ended.map(|ended| ended.outcome), Some(Outcome::Escalation));
    let letter = cases::contacts(&mut world.read().await?, case).await?.pop().context("a letter")?;
    assert!(letter.text.contains("Schlichtung"), "{}", letter.text);

    // The customer takes the offer: the end no longer counts.
    world.write_to(case).await?;
    assert_eq!(world.status(case).await?, Status::Open);
    assert!(cases::complaint::ended(&mut world.read().await?, case).await?.is_none());
    assert!(cases::close(app, agent, case).await.is_err());
    cases::complaint::mark(app, agent, case, false).await?;
    cases::close(app, agent, case).await?;
    Ok(())
}

async fn silence_closes_a_complaint_only_after_days(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    cases::complaint::mark(app, agent, case, true).await?;
    let silent = || End { outcome: Outcome::Silent, note: String::new(), letter: String::new() };
    let mut early = Vec::new();
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.says(case, Then::Wait).await?;
    world.forward(Timestamp::days(13));
    early.push(cases::complaint::end(app, agent, case, silent()).await.is_err());
    world.forward(Timestamp::days(1));
    cases::complaint::end(app, agent, case, silent()).await?;

    assert_eq!(early, [true, true]);
    assert_eq!(world.status(case).await?, Status::Closed);
    Ok(())
}

async fn calendars_and_policies_are_set_up_on_their_pages(world: World) -> Result<()> {
    let admin = Role::Admin;
    let created = world.form(admin, "/settings/calendars", &[("name", "Wien")]).await?;
    let url = created.location().to_owned();
    let queue = format!("queue_{}", world.queue);
    let week = [
        ("mo", "8-12, 13-17"),
        ("tu", "8-12"),
        ("we", ""),
        ("th", ""),
        ("fr", "9-13"),
        ("sa", ""),
        ("su", ""),
    ];
    let mut fields =
        vec![("name", "Wien"), ("time_zone", "Europe/Vienna"), ("region", "AT-9"), ("local_leopold", "yes")];
    fields.extend(week);
    fields.push((&queue, "yes"));
    let saved = world.form(admin, &url, &fields).await?;
    let day = [("from", "2026-12-24"), ("hours", "8-12"), ("name", "Heiligabend"), ("yearly", "yes")];
    world.form(admin, &format!("{url}/days"), &day).await?;
    let page = world.get(admin, &url).await?;
    let wrong = world
        .form(admin, &url, &[("name", "Wien"), ("time_zone", "Europe/Atlantis"), ("mo", "bald")])
        .await?;

    assert_eq!((created.status.as_u16(), saved.status.as_u16(), wrong.status.as_u16()), (303, 303, 422));
    for text in ["Heiligabend", "24.12.2026", "Mariä Empfängnis", "08:00-12:00, 13:00-17:00"] {
        assert!(page.body.contains(text), "{text} is missing: {}", page.body);
    }
    assert!(wrong.body.contains("mo-e"), "{}", wrong.body);

    let policy = [
        ("name", "Schnell"),
        ("first", "2 h"),
        ("first_time", "working"),
        ("warning", "30"),
        ("step1", "0"),
        ("step1_lead", "yes"),
        ("priority_high", "yes"),
    ];
    let saved = world.form(admin, "/settings/deadlines", &policy).await?;
    let wrong = world
        .form(admin, "/settings/deadlines", &[("name", "X"), ("first", "bald"), ("warning", "30")])
        .await?;
    let list = world.get_json(admin, "/settings/deadlines").await?.json()?;
    assert_eq!((saved.status.as_u16(), wrong.status.as_u16()), (303, 422));
    assert_eq!(list["items"][0]["goals"]["first"]["minutes"], 120);
    assert_eq!(list["items"][0]["goals"]["steps"][0]["lead"], true);
    assert_eq!(list["items"][0]["conditions"]["priorities"][0], "high");
    let edit = world.get(admin, &format!("/settings/deadlines?edit={}", list["items"][0]["id"])).await?;
    assert!(edit.body.contains("value=\"2 h\"") && edit.body.contains("Schnell"), "{}", edit.body);
    Ok(())
}

async fn the_try_out_shows_what_would_count(world: World) -> Result<()> {
    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    world.promise(quick()).await?;
    let path = format!("/settings/deadlines?queue={}&at=2026-12-07T16:00", world.queue);
    let trial = world.get_json(Role::Admin, &path).await?.json()?["trial"].clone();
    let page = world.get(Role::Admin, &path).await?;

    // One hour on Monday, one on Wednesday: Tuesday is a holiday.
    assert_eq!(trial["first"], "2026-12-09T08:00:00Z");
    assert_eq!(trial["next"], "2026-12-07T16:00:00Z");
    assert_eq!((&trial["policy"], &trial["calendar"]), (&"Schnell".into(), &"Büro".into()));
    assert!(page.body.contains("09.12.2026, 09:00"), "{}", page.body);
    Ok(())
}

async fn another_calendar_brings_its_days_off(world: World) -> Result<()> {
    let calendar = deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261116\nDTEND;VALUE=DATE:20261118\nSUMMARY:Umzug\nEND:VEVENT\nEND:VCALENDAR\n";
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"frei.ics\"\r\n\r\n{ics}\r\n--b--\r\n"
    );
    let headers = [
        ("content-type", "multipart/form-data; boundary=b"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
    ];
    let path = format!("/settings/calendars/{calendar}/import");
    let taken = world.ask(Role::Admin, axum::http::Method::POST, &path, &headers, form).await?;
    let wrong = deadlines::import_days(&world.app, &world.admin, calendar, "Hallo").await;
    let case = world.write_in("Die Lampe flackert").await?.0;

    assert_eq!(taken.status, 303, "{taken:?}");
    assert!(matches!(wrong, Err(Error::Invalid(_))));
    let due = world.clocked(case).await?.due_at.context("due")?.moment().to_zoned(world.app.zone());
    // Monday and Tuesday are off: the whole of Wednesday.
    assert_eq!((due.day(), due.hour()), (18, 17));
    Ok(())
}

async fn a_case_explains_its_deadlines_and_offers_the_end_of_a_complaint(world: World) -> Result<()> {
    deadlines::set_calendar(&world.app, &world.admin, None, &office(&world)).await?;
    world.promise(quick()).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.clocked(case).await?.number;
    world.says(case, Then::Wait).await?;
    let clocks = world.get_json(Role::Agent, &format!("/cases/{number}/deadlines")).await?.json()?;
    let listed = world.get_json(Role::Agent, &format!("/cases/{number}")).await?.json()?;
    world.form(Role::Agent, &format!("/cases/{number}/complaint"), &[("complaint", "yes")]).await?;
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?;
    let refused = world.form(Role::Agent, &format!("/cases/{number}/close"), &[]).await?;
    let end = [("outcome", "accepted"), ("letter", "Danke"), ("note", "am Telefon"), ("send", "no")];
    let closed = world.form(Role::Agent, &format!("/cases/{number}/complaint/end"), &end).await?;

    assert_eq!((&clocks["policy"], &clocks["calendar"]), (&"Schnell".into(), &"Büro".into()));
    assert_eq!(
        (&clocks["clocks"][0]["clock"], &clocks["clocks"][0]["is_late"]),
        (&"first".into(), &false.into())
    );
    assert_eq!(clocks["clocks"][1]["paused_since"], "2026-11-16T08:00:00Z");
    assert_eq!(listed["deadlines"]["clocks"][1]["clock"], "solution");
    for text in ["Schnell", "Büro", "steht still", "dlg-complaint", "Beschwerde abschließen"] {
        assert!(page.body.contains(text), "{text} is missing");
    }
    assert_ne!(refused.status, 200);
    assert_eq!((closed.status.as_u16(), world.status(case).await?), (303, Status::Closed));
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
