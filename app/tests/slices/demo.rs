//! The example company moves in, once, and is complete.

use std::collections::BTreeSet;

use anyhow::Result;
use example::Size;
use kitt::cases;
use kitt::cases::View;
use kitt::demo;
use kitt::demo::Progress;
use kitt::insights;
use kitt::insights::InsightState;
use kitt::people;
use kitt::platform::{App, Role, sql};

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
    assert_eq!((counts.customers, counts.cases), (60, 200));
    assert!(counts.cases < counts.contacts && counts.cases / 2 < counts.findings, "{counts:?}");
    assert!(0 < counts.purchases && 0 < counts.promises && 0 < counts.exposure, "{counts:?}");
    assert!(0 < counts.seconds && 0 < counts.spent && 0 < counts.requests, "{counts:?}");
    assert!(counts.causes_not_whole == 0 && counts.quotes_from_nowhere == 0, "{counts:?}");
    every_state_is_there(app).await?;
    lists_are_lively(app).await
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
