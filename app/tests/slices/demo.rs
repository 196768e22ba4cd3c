//! The example company moves in, once, and is complete.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use example::Size;
use kitt::SLICES;
use kitt::cases;
use kitt::cases::{Priority, View};
use kitt::demo;
use kitt::demo::Progress;
use kitt::insights;
use kitt::insights::InsightState;
use kitt::journal;
use kitt::journal::{About, Fact, listeners};
use kitt::people;
use kitt::platform::{Actor, App, CaseId, Role, Timestamp, Tone, jobs, sql};
use kitt::rules::Aspect;
use tower::ServiceExt;

use crate::support;
use crate::world;
use crate::world::{World, both};

both!(a_house_of_somebody_else_is_refused_and_stays_as_it_is);

const SMALL: Size = Size { customers: 60, cases: 200 };

/// A house where nobody works yet.
struct Empty {
    app: App,
    _folder: tempfile::TempDir,
    _database: Option<support::postgres::Database>,
}

async fn on_sqlite() -> Result<Empty> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("kitt.sqlite").display());
    Ok(Empty { app: world::open(&url, folder.path()).await?, _folder: folder, _database: None })
}

async fn on_postgres() -> Result<Empty> {
    let folder = tempfile::tempdir()?;
    let database = tokio::task::spawn_blocking(support::postgres::database).await??;
    let app = world::open(&database.url, folder.path()).await?;
    Ok(Empty { app, _folder: folder, _database: Some(database) })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_company_is_complete_on_sqlite() -> Result<()> {
    is_complete(&on_sqlite().await?.app).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_company_is_complete_on_postgresql() -> Result<()> {
    is_complete(&on_postgres().await?.app).await
}

async fn is_complete(app: &App) -> Result<()> {
    assert!(demo::fill_once(app, 1, SMALL, &Progress::hidden()).await?);

    let counts = Counts::of(app).await?;
    // Besides the company's own: who sent spam, the house itself, and what scenes add.
    assert!((60..=62).contains(&counts.customers) && (200..=202).contains(&counts.cases), "{counts:?}");
    assert!(counts.cases < counts.contacts && counts.cases / 2 < counts.findings, "{counts:?}");
    assert!(0 < counts.purchases && 0 < counts.promises && 0 < counts.exposure, "{counts:?}");
    assert!(0 < counts.seconds && 0 < counts.spent && 0 < counts.requests, "{counts:?}");
    assert!(counts.causes_not_whole == 0 && counts.quotes_from_nowhere == 0, "{counts:?}");
    every_state_is_there(app).await?;
    lists_are_lively(app).await?;
    the_journal_says_how_cases_stand(app).await?;
    every_part_of_the_workplace_is_in_use(app).await?;
    it_looks_like_years_of_office_work(app).await?;
    nobody_hears_of_the_past(app).await?;
    deadlines_are_those_of_the_clocks(app).await
}

/// What the facts of a case say last is how it stands, and they are in the order of time.
async fn the_journal_says_how_cases_stand(app: &App) -> Result<()> {
    let mut tx = app.db.read().await?;
    let cases: Vec<CaseId> =
        sql("SELECT id FROM cases WHERE bin IS NULL ORDER BY id").values(&mut tx).await?;
    for case in cases {
        let row = cases::case(&mut tx, case).await?;
        let facts = journal::of_case(&mut tx, case).await?;
        let first = facts.first().context("each case has a history")?;
        assert!(matches!(first.fact, Fact::CaseOpened { .. }), "{} begins with {first:?}", row.number);
        assert!(facts.iter().all(|entry| entry.at <= app.now()), "{}: something is to come", row.number);
        let or_none = |id: Option<i64>| id.map_or_else(|| "none".to_owned(), |id| id.to_string());
        for (aspect, is) in [
            (Aspect::Status, row.status.code().to_owned()),
            (Aspect::Priority, row.priority.code().to_owned()),
            (Aspect::Queue, row.queue.to_string()),
            (Aspect::Owner, or_none(row.owner.map(|owner| owner.0))),
            (Aspect::Kind, or_none(row.kind.map(|kind| kind.0))),
        ] {
            let said = facts.iter().rev().find_map(|entry| aspect.after(entry));
            let said = said.unwrap_or_else(|| aspect.at_first().to_owned());
            assert_eq!(said, is, "{} {aspect} by {facts:#?}", row.number);
        }
    }
    // What was filled in was written down in the order of time; scenes came after it.
    let ats: Vec<i64> = sql("SELECT at FROM journal ORDER BY id LIMIT 500").values(&mut tx).await?;
    assert!(ats.is_sorted());
    Ok(())
}

async fn every_part_of_the_workplace_is_in_use(app: &App) -> Result<()> {
    for (part, statement) in [
        ("hand-offs", "SELECT COUNT(*) FROM case_handoffs WHERE state = 'asked'"),
        ("answered hand-offs", "SELECT COUNT(*) FROM case_handoffs WHERE state = 'done'"),
        (
            "side conversations",
            "SELECT COUNT(*) FROM contacts WHERE talk_id IS NOT NULL AND direction = 'in'",
        ),
        ("merges", "SELECT COUNT(*) FROM case_merges"),
        ("private cases", "SELECT COUNT(*) FROM cases WHERE private"),
        ("complaints", "SELECT COUNT(*) FROM cases WHERE complaint AND status <> 'closed'"),
        ("tasks for a day", "SELECT COUNT(*) FROM case_tasks WHERE done_at IS NULL AND due_at IS NOT NULL"),
        ("tasks that are done", "SELECT COUNT(*) FROM case_tasks WHERE done_at IS NOT NULL"),
        ("checklists", "SELECT COUNT(*) FROM checklists"),
        ("people of cases", "SELECT COUNT(*) FROM case_people"),
        ("mentions", "SELECT COUNT(*) FROM mentions"),
        ("relations", "SELECT COUNT(*) FROM case_relations"),
        ("drafts", "SELECT COUNT(*) FROM case_drafts"),
        ("planned answers", "SELECT COUNT(*) FROM contacts WHERE state = 'queued'"),
        ("mails that came back", "SELECT COUNT(*) FROM contacts WHERE state = 'failed'"),
        ("addresses that do not work", "SELECT COUNT(*) FROM address_bounces"),
        ("spam", "SELECT COUNT(*) FROM cases WHERE bin = 'spam'"),
        ("cases that come again", "SELECT COUNT(*) FROM recurring_cases"),
        ("absences", "SELECT COUNT(*) FROM assignment_absences"),
        ("views", "SELECT COUNT(*) FROM views"),
        ("calendars", "SELECT COUNT(*) FROM calendars WHERE house"),
        ("acknowledged mails", "SELECT COUNT(*) FROM acknowledgements"),
        ("promises to keep", "SELECT COUNT(*) FROM promises WHERE kept IS NULL"),
    ] {
        let found: i64 = sql(statement).value(&mut app.db.read().await?).await?;
        assert!(0 < found, "no {part}");
    }
    Ok(())
}

/// What people set up was set up by somebody, one after the other, and not in the night.
async fn it_looks_like_years_of_office_work(app: &App) -> Result<()> {
    let mut tx = app.db.read().await?;
    let everybody = people::all(&mut tx).await?;
    let petra = everybody.iter().find(|person| person.name == "Petra Gschwandtner").context("the admin")?;
    let by_herself: i64 = sql("SELECT COUNT(*) FROM journal WHERE person_id = $1 AND fact LIKE $2")
        .bind(petra.id)
        .bind(format!("%\"person_invited\",\"person\":{},%", petra.id))
        .value(&mut tx)
        .await?;
    assert_eq!(by_herself, 0, "nobody invites herself");
    let set: Vec<Timestamp> = sql("SELECT at FROM journal WHERE fact LIKE $1 OR fact LIKE $2 ORDER BY at")
        .bind("%\"person_invited\"%")
        .bind("%\"setting_changed\"%")
        .values(&mut tx)
        .await?;
    assert!(30 < set.len(), "{}", set.len());
    let minutes: BTreeSet<i64> = set.iter().map(|at| at.seconds() / 60).collect();
    assert!(set.len() * 2 / 3 < minutes.len(), "{} in {} minutes", set.len(), minutes.len());
    for at in &set {
        let clock = at.moment().to_zoned(app.zone());
        assert!((8..18).contains(&clock.hour()), "{clock}");
    }
    for (part, statement) in [
        ("articles with a past", "SELECT COUNT(*) FROM articles WHERE 1 < version"),
        ("orders that are awaited", "SELECT COUNT(*) FROM purchases WHERE state = 'Termin offen'"),
        ("holidays", "SELECT COUNT(*) FROM calendars WHERE region = 'AT-9'"),
    ] {
        let found: i64 = sql(statement).value(&mut tx).await?;
        assert!(0 < found, "no {part}");
    }
    Ok(())
}

/// Whoever listens goes on behind what was made up: nothing is told, booked or sent because of it.
async fn nobody_hears_of_the_past(app: &App) -> Result<()> {
    let spent = Counts::of(app).await?.spent;
    hear(app).await?;

    assert_eq!((cases::wake(app).await?, cases::alarm(app).await?), (0, 0), "told already");
    assert_eq!(Counts::of(app).await?.spent, spent, "booked already");
    let notices: i64 = sql("SELECT COUNT(*) FROM person_notices").value(&mut app.db.read().await?).await?;
    assert_eq!(notices, 0);
    let leaving: i64 = sql("SELECT COUNT(*) FROM outgoing").value(&mut app.db.read().await?).await?;
    assert_eq!(leaving, 1, "the answer that is planned, and nothing else");
    Ok(())
}

async fn deadlines_are_those_of_the_clocks(app: &App) -> Result<()> {
    let before = Standing::of(app).await?;
    let overdue = before.iter().filter(|one| one.due_at.is_some_and(|due| due < app.now().0)).count();
    assert!(1 < before.len() && overdue * 2 < before.len(), "{overdue} of {} are overdue", before.len());

    let mut tx = app.db.write().await?;
    let fact = Fact::SettingChanged { name: "deadlines".into(), of: None };
    journal::record(app, &mut tx, &Actor::kitt("test"), About::house(), fact)?;
    tx.commit().await?;
    hear(app).await?;
    app.clock().advance(Duration::from_secs(30));
    let kinds: Vec<_> = SLICES.iter().flat_map(|slice| slice.jobs.iter().copied()).collect();
    while jobs::work_now(app, &kinds).await? != 0 {}

    let runs: i64 = sql("SELECT COUNT(*) FROM deadline_runs WHERE ended_at IS NOT NULL")
        .value(&mut app.db.read().await?)
        .await?;
    assert_eq!(runs, 1, "all were computed again");
    assert_eq!(Standing::of(app).await?, before);
    a_changed_priority_leaves_the_deadline(app).await
}

/// Of other queues than that of deliveries no policy asks for the priority.
async fn a_changed_priority_leaves_the_deadline(app: &App) -> Result<()> {
    let mut tx = app.db.read().await?;
    let deliveries = people::queues(&mut tx).await?[1].id;
    let case: CaseId =
        sql("SELECT MAX(id) FROM cases WHERE due_clock IN ('first', 'next') AND status = 'open'
                            AND queue_id <> $1 AND bin IS NULL AND priority = 'normal'")
        .bind(deliveries)
        .value(&mut tx)
        .await?;
    let due = cases::case(&mut tx, case).await?.due_at;
    drop(tx);

    cases::set_priority(app, &Actor::kitt("test"), case, Priority::High).await?;

    assert_eq!(cases::case(&mut app.db.read().await?, case).await?.due_at, due);
    Ok(())
}

async fn hear(app: &App) -> Result<()> {
    let all: Vec<_> = SLICES.iter().flat_map(|slice| slice.listeners.iter().copied()).collect();
    Ok(listeners::catch_up(app, &all).await?)
}

/// How the clocks of an unfinished case stand.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Standing {
    id: i64,
    clocks: String,
    due_at: Option<i64>,
    due_from: Option<i64>,
    due_clock: Option<String>,
    soon_at: Option<i64>,
    alarm_at: Option<i64>,
    sort_at: i64,
}

impl Standing {
    async fn of(app: &App) -> Result<Vec<Self>> {
        let all = sql("SELECT id, clocks, due_at, due_from, due_clock, soon_at, alarm_at, sort_at FROM cases
                       WHERE status <> 'closed' ORDER BY id")
        .all(&mut app.db.read().await?)
        .await?;
        Ok(all)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_of_a_case_reads_in_both_languages() -> Result<()> {
    let house = on_sqlite().await?;
    demo::fill_once(&house.app, 1, SMALL, &Progress::hidden()).await?;
    let number: String = sql("SELECT number FROM cases WHERE subject LIKE 'Sofa „Linde“: dritter%'")
        .value(&mut house.app.db.read().await?)
        .await?;

    let german = page(&house.app, &format!("/cases/{number}/history"), "de").await?;
    let english = page(&house.app, &format!("/cases/{number}/history"), "en").await?;

    for said in [
        "Zuständigkeit geändert: <span dir=\"auto\">Dario Lenz → Miriam Kofler</span>",
        "Zusage gegeben: <b dir=\"auto\">Rückruf mit neuem Termin</b>",
        "Frist versäumt: <b dir=\"auto\">Erste Antwort</b>",
        "Antwort geschrieben</a>: <b dir=\"auto\">E-Mail</b>",
        "Henrik Paulsen",
    ] {
        assert!(german.contains(said), "{said} in {german}");
    }
    for said in ["Dario Lenz → Miriam Kofler", "Promise made", "Deadline missed", "Answer written"] {
        assert!(english.contains(said), "{said} in {english}");
    }
    Ok(())
}

/// A page as Miriam sees it.
async fn page(app: &App, path: &str, language: &str) -> Result<String> {
    let email = "miriam.kofler@kastenundlicht.example";
    let session = people::log_in(app, email, demo::PASSWORD.into(), "test", "192.0.2.1").await?;
    let request = Request::get(path)
        .header(header::HOST, "kitt.test")
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, language)
        .header(header::COOKIE, format!("kitt-session={session}"))
        .body(Body::empty())?;
    let answer = kitt::router(app.clone()).oneshot(request).await?;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    Ok(String::from_utf8_lossy(&to_bytes(answer.into_body(), 1 << 20).await?).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_queue_says_du_and_the_others_do_not() -> Result<()> {
    let house = on_sqlite().await?;
    demo::fill_once(&house.app, 1, SMALL, &Progress::hidden()).await?;
    let mut tx = house.app.db.read().await?;

    let queues = people::queues(&mut tx).await?;
    let informal: Vec<_> = queues.iter().filter(|queue| queue.tone == Tone::Informal).collect();
    assert_eq!(informal.iter().map(|queue| queue.name.as_str()).collect::<Vec<_>>(), ["Nestwerk"]);
    let written: Vec<(String, bool)> =
        sql("SELECT t.text, t.automatic FROM contacts t JOIN cases c ON c.id = t.case_id
             WHERE c.queue_id = $1 AND t.direction = 'out'")
        .bind(informal[0].id)
        .all(&mut tx)
        .await?;
    assert!(written.iter().any(|(text, automatic)| *automatic && text.contains("deine Nachricht „")));
    for (text, _) in &written {
        let formal = text.split(|c: char| !c.is_alphanumeric()).any(|word| ["Ihnen", "Ihre"].contains(&word));
        assert!(!formal && !text.contains('{'), "{text}");
    }
    let snippets: i64 = sql("SELECT COUNT(*) FROM snippet_texts WHERE language = 'de' AND informal = ''")
        .value(&mut tx)
        .await?;
    assert_eq!(snippets, 0, "each is written for Du, too");
    let frames: i64 = sql("SELECT COUNT(*) FROM answer_frames WHERE informal_closing LIKE '%Nestwerk%'")
        .value(&mut tx)
        .await?;
    assert_eq!(frames, 1);
    Ok(())
}

async fn every_state_is_there(app: &App) -> Result<()> {
    let all = insights::all(&mut app.db.read().await?).await?;
    let states: BTreeSet<InsightState> = all.iter().map(|insight| insight.state).collect();
    let decided: BTreeSet<InsightState> = InsightState::ALL.iter().copied().collect();
    let missing: Vec<_> = decided.difference(&states).copied().collect();
    assert_eq!(missing, [InsightState::Verified], "nobody measures effects yet");
    let owned = all.iter().filter(|insight| insight.state == InsightState::Planned);
    assert!(owned.clone().all(|insight| insight.owner.is_some() && insight.due_at.is_some()));
    Ok(())
}

async fn lists_are_lively(app: &App) -> Result<()> {
    let mut tx = app.db.read().await?;
    let everybody = people::all(&mut tx).await?;
    let miriam = everybody.iter().find(|person| person.name == "Miriam Kofler").expect("she is in the table");
    let miriam = people::actor(&mut tx, miriam.id).await?;
    let eyes = cases::Eyes::of(app, &miriam);
    for view in &[View::Mine, View::Team, View::Unassigned, View::Waiting, View::Closed, View::All] {
        let lines =
            cases::list(&mut tx, &eyes, &cases::filter_of(*view, &miriam), cases::Sort::Due, None, 5).await?;
        assert!(!lines.is_empty(), "{view}");
    }
    for role in [Role::Agent, Role::Lead, Role::Department, Role::Manager, Role::Admin] {
        assert!(everybody.iter().any(|person| person.is(&role) && person.joined), "{role}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_finds_the_company_and_the_same_seed_makes_the_same_one() -> Result<()> {
    let (one, same, other) = (on_sqlite().await?, on_sqlite().await?, on_sqlite().await?);
    for (house, seed) in [(&one, 1), (&same, 1), (&other, 2)] {
        demo::fill_once(&house.app, seed, SMALL, &Progress::hidden()).await?;
    }
    let counts = Counts::of(&one.app).await?;

    assert!(!demo::fill_once(&one.app, 7, SMALL, &Progress::hidden()).await?);

    assert_eq!(Counts::of(&one.app).await?, counts);
    assert_eq!(Counts::of(&same.app).await?, counts);
    assert_ne!(Counts::of(&other.app).await?, counts);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_named_in_the_table_can_log_in() -> Result<()> {
    let house = on_sqlite().await?;
    demo::fill_once(&house.app, 1, SMALL, &Progress::hidden()).await?;

    let table = demo::logins();
    assert!(5 <= table.lines().count());
    for line in table.lines() {
        let mut words = line.split_whitespace();
        let (email, password) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        people::log_in(&house.app, email, password.into(), "test", "192.0.2.1").await?;
    }
    Ok(())
}

async fn a_house_of_somebody_else_is_refused_and_stays_as_it_is(world: World) -> Result<()> {
    let before = Counts::of(&world.app).await?;

    let refused = demo::fill_once(&world.app, 1, SMALL, &Progress::hidden()).await;

    let refusal = refused.expect_err("the world has people").to_string();
    assert!(refusal.contains("holds another house"), "{refusal}");
    assert_eq!(Counts::of(&world.app).await?, before);
    Ok(())
}

/// The house in numbers.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Counts {
    customers: i64,
    purchases: i64,
    promises: i64,
    cases: i64,
    contacts: i64,
    /// A fingerprint of the texts.
    letters: i64,
    seconds: i64,
    findings: i64,
    /// Cases whose causes do not sum to one.
    causes_not_whole: i64,
    /// Quotes that are not literally in the contact they are from.
    quotes_from_nowhere: i64,
    requests: i64,
    spent: i64,
    exposure: i64,
}

impl Counts {
    async fn of(app: &App) -> Result<Self> {
        // PostgreSQL sums bigint as numeric, hence the casts.
        let counts = sql("SELECT
            (SELECT COUNT(*) FROM customers) AS customers,
            (SELECT COUNT(*) FROM purchases) AS purchases,
            (SELECT COUNT(*) FROM promises) AS promises,
            (SELECT COUNT(*) FROM cases) AS cases,
            (SELECT COUNT(*) FROM contacts) AS contacts,
            (SELECT CAST(COALESCE(SUM(LENGTH(text)), 0) AS bigint) FROM contacts) AS letters,
            (SELECT CAST(COALESCE(SUM(active_seconds), 0) AS bigint) FROM cases) AS seconds,
            (SELECT COUNT(*) FROM findings) AS findings,
            (SELECT COUNT(*) FROM (SELECT case_id FROM findings WHERE kind = 'cause'
                                   GROUP BY case_id HAVING SUM(share) <> 1000) AS uneven) AS causes_not_whole,
            (SELECT COUNT(*) FROM findings LEFT JOIN contacts ON contacts.id = findings.contact_id
             WHERE contacts.id IS NULL OR REPLACE(contacts.text, findings.quote, '') = contacts.text)
                AS quotes_from_nowhere,
            (SELECT COUNT(*) FROM goodwill_requests) AS requests,
            (SELECT CAST(COALESCE(SUM(cents), 0) AS bigint) FROM finance_ledger) AS spent,
            (SELECT COUNT(*) FROM finance_exposure) AS exposure")
        .one(&mut app.db.read().await?)
        .await?;
        Ok(counts)
    }
}
