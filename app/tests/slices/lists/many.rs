//! The same done to many cases of a list.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::http::{Method, StatusCode};
use kitt::cases;
use kitt::cases::attributes::NewState;
use kitt::cases::bulk::{self, Change, Chosen, Step};
use kitt::cases::{Condition, Field, Filter, OwnState, Priority, Status, View, attributes, bins};
use kitt::deadlines;
use kitt::deadlines::{Conditions, Goal, Goals, PolicySettings, Time, WarningSetting, WarningUnit};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{Bilingual, CaseId, Error, OwnStateId, PersonId, Role, sql};
use serde_json::json;

use crate::world::{World, both};

both!(
    many_cases_are_changed_and_taken_back_at_once,
    a_change_of_many_leads_back_to_its_list,
    a_look_beforehand_names_the_cases,
    what_somebody_did_since_is_not_taken_back,
    what_is_taken_back_has_its_deadline_and_its_own_state_again,
    a_large_run_goes_on_where_it_was,
);

impl World {
    async fn stand(&self, cases: &[CaseId]) -> Result<Vec<(Status, Option<PersonId>, String)>> {
        let mut stand = Vec::new();
        for case in cases {
            let case = cases::case(&mut self.read().await?, *case).await?;
            stand.push((case.status, case.owner, case.priority.to_string()));
        }
        Ok(stand)
    }
}

async fn a_change_of_many_leads_back_to_its_list(world: World) -> Result<()> {
    let case = world.cases(1).await?[0];
    let number = world.number_of(case).await?;
    let body = format!("case={number}&priority=high");
    let ask = async |list: &str| {
        let from = format!("http://kitt.test{list}");
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("referer", from.as_str()),
        ];
        world.ask(Role::Agent, Method::POST, "/bulk/preview", &headers, body.clone()).await
    };
    let preview = ask("/cases?view=unassigned&as=table").await?.body;
    let strange = ask("/account").await?.body;
    let form = [("case", number.as_str()), ("priority", "high"), ("back", "/cases?view=unassigned&as=table")];
    let done = world.post_form(Role::Agent, "/bulk", &form).await?;
    let page = world.get(Role::Agent, done.location()).await?.body;

    assert!(preview.contains("name=\"back\" value=\"/cases?view=unassigned&#38;as=table\""), "{preview}");
    assert!(strange.contains("name=\"back\" value=\"/cases?as=table\""), "{strange}");
    assert!(page.contains("href=\"/cases?view=unassigned&#38;as=table\""), "{page}");
    Ok(())
}

async fn a_look_beforehand_names_the_cases(world: World) -> Result<()> {
    let all = world.cases(24).await?;
    cases::close(&world.app, &world.agent, all[0]).await?;
    let closed = world.number_of(all[0]).await?;
    let mut numbers = Vec::new();
    for case in &all {
        numbers.push(world.number_of(*case).await?);
    }
    let mut form: Vec<(&str, &str)> = numbers.iter().map(|number| ("case", number.as_str())).collect();
    form.push(("step", "close"));

    let page = world.post_form(Role::Agent, "/bulk/preview", &form).await?.body;
    let sent = json!({ "cases": numbers, "change": { "step": "close" } });
    let told = world.post_json(Role::Agent, "/api/v1/bulk/preview", &sent).await?.json()?;

    let named = page.split("id=\"bulk-would\"").nth(1).and_then(|rest| rest.split("</ul>").next());
    let named = named.context("a list")?;
    assert!(named.contains("Anliegen 1</span>"), "{named}");
    assert!(!named.contains(&closed), "what is closed already stays: {named}");
    assert!(named.contains("und 3 weitere"), "{named}");
    let listed = told["would"].as_array().context("a list")?;
    assert_eq!((listed.len(), &told["changed"]), (20, &json!(23)), "{told}");
    assert!(listed.iter().all(|one| one["number"] != json!(closed)), "{told}");
    Ok(())
}

async fn many_cases_are_changed_and_taken_back_at_once(world: World) -> Result<()> {
    let all = world.cases(4).await?;
    cases::close(&world.app, &world.agent, all[3]).await?;
    let numbers =
        [world.number_of(all[0]).await?, world.number_of(all[1]).await?, world.number_of(all[3]).await?];
    let lead = world.lead.person()?.to_string();
    let mut form: Vec<(&str, &str)> = numbers.iter().map(|number| ("case", number.as_str())).collect();
    form.extend([("owner", lead.as_str()), ("step", "close"), ("priority", "high"), ("bin", "")]);

    let preview = world.post_form(Role::Agent, "/bulk/preview", &form).await?;
    assert!(preview.body.contains("3 Fälle sind gemeint"), "{}", preview.body);
    for becomes in ["<dd>Abschließen</dd>", "<dd>hoch</dd>"] {
        assert!(preview.body.contains(becomes), "what changes is said: {}", preview.body);
    }
    let before = world.stand(&all).await?;
    let done = world.post_form(Role::Agent, "/bulk", &form).await?;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = world.get(Role::Agent, done.location()).await?;
    assert!(page.body.contains("Fertig."), "{}", page.body);

    let owner = world.lead.person_id();
    let after = world.stand(&all).await?;
    assert_eq!(after[0], (Status::Closed, owner, "high".into()));
    assert_eq!(after[1], (Status::Closed, owner, "high".into()));
    assert_eq!(after[2], before[2], "it was not marked");
    assert_eq!(after[3], (Status::Closed, owner, "high".into()));
    let facts = kitt::journal::of_case(&mut world.read().await?, all[0]).await?;
    let told: Vec<String> = facts.iter().skip(2).map(|entry| format!("{:?}", entry.fact)).collect();
    assert_eq!(told.len(), 3, "{told:?}");

    let undo = format!("{}/undo", done.location().split('?').next().unwrap_or_default());
    let other = world.post_form(Role::Lead, &undo, &[]).await?;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "it is somebody else's");
    let back = world.post_form(Role::Agent, &undo, &[]).await?;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(world.stand(&all).await?, before);
    let again = world.post_form(Role::Agent, &undo, &[]).await?;
    assert_eq!(again.status, StatusCode::CONFLICT);

    for (form, word) in [
        (vec![("case", numbers[0].as_str())], "nothing to do"),
        (vec![("step", "close")], "no case"),
        (vec![("case", numbers[0].as_str()), ("bin", "moon")], "no such bin"),
        (
            vec![("case", numbers[0].as_str()), ("step", "wait"), ("until", "2020-01-01T00:00")],
            "it has passed",
        ),
    ] {
        let refused = world.post_form(Role::Agent, "/bulk", &form).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{word}");
    }
    Ok(())
}

async fn what_somebody_did_since_is_not_taken_back(world: World) -> Result<()> {
    let all = world.cases(3).await?;
    let change = Change { bin: Some("trash".into()), ..Change::default() };
    let open = Chosen::All(cases::filter_of(View::Team, &world.agent));
    let preview = bulk::preview(&world.app, &world.agent, &open, &change).await?;
    assert_eq!((preview.cases, preview.changed), (3, 3));
    let run = bulk::start(&world.app, &world.agent, &open, &change).await?;
    bins::put(&world.app, &world.lead, all[1], None).await?;

    bulk::take_back(&world.app, &world.agent, run).await?;

    let outcome = bulk::run(&mut world.read().await?, &world.agent, run).await?.1;
    assert_eq!((outcome.back, outcome.kept), (2, 1));
    let mut binned = Vec::new();
    for case in &all {
        binned.push(cases::case(&mut world.read().await?, *case).await?.bin);
    }
    assert_eq!(binned, [None, None, None]);
    // What is so already is refused, with its reason.
    let change = Change { bin: Some("none".into()), ..Change::default() };
    let run = bulk::start(&world.app, &world.agent, &open, &change).await?;
    let reasons = bulk::reasons(&mut world.read().await?, run).await?;
    assert_eq!(reasons, [("bulk-same".to_owned(), 3)]);
    Ok(())
}

/// All that says when something is due in a case, and what is said of it.
async fn due_in(world: &World, all: &[CaseId]) -> Result<Vec<String>> {
    let mut due = Vec::new();
    for case in all {
        let row = cases::case(&mut world.read().await?, *case).await?;
        let stands = (row.status, row.own_state, row.wait_until);
        due.push(format!("{:?}", (stands, row.due_at, row.due_clock, row.soon_at, row.clocks)));
    }
    Ok(due)
}

/// Eight working hours for the first answer, ten for the solution.
fn policy() -> PolicySettings {
    let goal = |minutes| Some(Goal { minutes, time: Time::Working });
    PolicySettings {
        name: "Alle".into(),
        active: true,
        conditions: Conditions::default(),
        calendar: None,
        goals: Goals {
            first: goal(480),
            next: None,
            solution: goal(600),
            warning: WarningSetting { amount: 30, unit: WarningUnit::Minutes },
            steps: Vec::new(),
        },
    }
}

async fn what_is_taken_back_has_its_deadline_and_its_own_state_again(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    deadlines::set_policy(app, &world.admin, None, &policy()).await?;
    let all = world.cases(2).await?;
    let numbers = [world.number_of(all[0]).await?, world.number_of(all[1]).await?];
    let name = Bilingual::new("Wartet auf Lieferant", "Waits for supplier");
    let state = OwnState { id: OwnStateId(0), name, base: Status::Waiting, place: 0, active: true };
    let state = attributes::set_up_state(app, &world.admin, None, &state).await?;
    attributes::set_state(app, agent, all[1], NewState::Own(state)).await?;
    let before = due_in(&world, &all).await?;

    let step = |step| Change { step: Some(step), ..Change::default() };
    let urgent = Change { priority: Some(Priority::High), ..Change::default() };
    for change in [step(Step::Close), step(Step::Wait), step(Step::Reopen), urgent] {
        let run = bulk::start(app, agent, &Chosen::Marked(numbers.to_vec()), &change).await?;
        bulk::take_back(app, agent, run).await?;
        assert_eq!(due_in(&world, &all).await?, before, "{change:?}");
    }

    let results: i64 = sql("SELECT COUNT(*) FROM deadline_results").value(&mut world.read().await?).await?;
    assert_eq!(results, 0, "nothing was solved");
    let facts = journal::of_case(&mut world.read().await?, all[0]).await?;
    let reopened = facts.iter().filter(|entry| entry.fact == Fact::CaseReopened).count();
    assert_eq!(reopened, 2, "after closing and waiting, not after it was urgent");
    // Eight working hours after the first mail.
    world.forward(Duration::from_hours(6));
    assert_eq!(cases::alarm(app).await?, 1, "the open one is missed, the waiting one is not");
    Ok(())
}

async fn a_large_run_goes_on_where_it_was(world: World) -> Result<()> {
    world.fill(260).await?;
    let agent = &world.agent;
    let open = Chosen::All(Filter::all([Condition::is(Field::Status, "closed")]));
    let change = Change { step: Some(Step::Reopen), ..Change::default() };
    let run = bulk::start(&world.app, agent, &open, &change).await?;
    let waiting = bulk::run(&mut world.read().await?, agent, run).await?.1;
    assert_eq!(waiting.done, 0, "a large run is a job");
    ensure!(100 < waiting.waiting, "{waiting:?}");

    // Two nodes work on it at once.
    let (one, two) = tokio::join!(bulk::work(&world.app, run), bulk::work(&world.app, run));
    one?;
    two?;
    let (row, outcome) = bulk::run(&mut world.read().await?, agent, run).await?;
    assert_eq!((row.state.as_str(), outcome.done, outcome.waiting), ("done", row.total, 0));
    world.settle().await?;

    bulk::take_back(&world.app, agent, run).await?;
    world.settle().await?;
    let (row, outcome) = bulk::run(&mut world.read().await?, agent, run).await?;
    assert_eq!((row.state.as_str(), outcome.back, outcome.done), ("undone", row.total, 0));
    let refused = bulk::take_back(&world.app, agent, run).await;
    assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    Ok(())
}
