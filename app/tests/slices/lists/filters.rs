//! What filters find, in which order, and how many.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::filter::{Group, Item, Join};
use kitt::cases::{Condition, Cursor, Eyes, Field, Filter, Sort, Status, Test, counts};
use kitt::customers;
use kitt::deadlines;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::NewInsight;
use kitt::people;
use kitt::platform::{CaseId, Role, Timestamp, sql};

use crate::world::{World, both};

both!(
    every_field_finds_what_it_says,
    cases_are_found_by_what_other_slices_know,
    who_is_called_finds_the_case_until_it_is_read_and_done,
    conditions_are_joined_as_they_are_written,
    every_order_goes_through_all_cases_once,
    a_list_of_several_queues_goes_by_what_is_due_in_any_of_them,
    lists_walk_along_their_index,
    what_is_overdue_is_found_where_its_order_begins,
    a_group_with_few_cases_is_found_from_its_customers,
    a_count_is_remembered_for_five_seconds_but_not_for_who_changed_something,
);

impl World {
    async fn set(&self, case: CaseId, column: &'static str) -> Result<()> {
        let mut tx = self.app.db.write().await?;
        sql("UPDATE cases SET ").push(column).push(" WHERE id = ").push_bind(case).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    async fn found(&self, filter: &Filter) -> Result<Vec<CaseId>> {
        self.found_by(Sort::Oldest, filter).await
    }

    async fn found_by(&self, sort: Sort, filter: &Filter) -> Result<Vec<CaseId>> {
        let eyes = Eyes::of(&self.app, &self.agent);
        let lines = cases::list(&mut self.read().await?, &eyes, filter, sort, None, 1000).await?;
        Ok(lines.iter().map(|line| line.case.id).collect())
    }

    /// All cases are of four hundred customers; the one in the group "Gold".
    async fn in_groups(&self) -> Result<String> {
        let mut tx = self.app.db.write().await?;
        sql("INSERT INTO customers (name, name_folded, language, since, created_at, version)
             SELECT 'Kundin', 'kundin', 'de', 1, 1, 1 FROM (WITH RECURSIVE numbers(id) AS (
                SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < 400) SELECT id FROM numbers) n")
        .run(&mut tx)
        .await?;
        sql("UPDATE cases SET customer_id = (SELECT MAX(id) FROM customers) - id % 400").run(&mut tx).await?;
        let last: i64 = sql("SELECT MAX(id) FROM customers").value(&mut tx).await?;
        sql("INSERT INTO service_groups (customer_id, name)
             SELECT id, CASE WHEN id = $1 THEN 'Gold' ELSE 'Silber' END FROM customers")
        .bind(last)
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        let mut tx = self.app.db.write().await?;
        sql("ANALYZE").run(&mut tx).await?;
        tx.commit().await?;
        Ok(last.to_string())
    }

    async fn plan(&self, text: &str) -> Result<String> {
        let url = &self.app.settings().database;
        if self.is_postgres() {
            let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await?;
            let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN {text}")))
                .fetch_all(&mut connection)
                .await?;
            return Ok(rows.into_iter().map(|row| row.0 + "\n").collect());
        }
        let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(url).await?;
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
                .fetch_all(&mut connection)
                .await?;
        Ok(rows.into_iter().map(|row| row.3 + "\n").collect())
    }
}

async fn every_field_finds_what_it_says(world: World) -> Result<()> {
    let [one, two, three] = world.cases(3).await?[..] else { anyhow::bail!("three cases") };
    let (app, agent) = (&world.app, &world.agent);
    cases::assign(app, agent, one, agent.person_id()).await?;
    cases::close(app, agent, two).await?;
    cases::wait(app, agent, three, Some(world.now() + Timestamp::days(2))).await?;
    world.set(two, "priority = 'high', channel = 'phone', signals = 'cause wish', documented = TRUE").await?;
    world.set(three, "suspicious = TRUE, subject = 'Ärger 100 %'").await?;
    let (queue, team) = (world.queue.to_string(), world.team.to_string());
    let customer = cases::case(&mut world.read().await?, one).await?.customer;
    deadlines::set_group(app, &world.admin, customer, "Gold").await?;
    let customer = customer.to_string();
    let me = agent.person()?.to_string();

    for (field, test, values, found) in [
        (Field::Status, Test::Is, vec!["open"], vec![one]),
        (Field::Status, Test::IsNot, vec!["open"], vec![two, three]),
        (Field::Status, Test::Is, vec!["closed", "waiting"], vec![two, three]),
        (Field::Queue, Test::Is, vec![queue.as_str()], vec![one, two, three]),
        (Field::Team, Test::Is, vec!["mine"], vec![one, two, three]),
        (Field::Team, Test::Is, vec![team.as_str()], vec![one, two, three]),
        (Field::Team, Test::IsNot, vec!["mine"], vec![]),
        (Field::Owner, Test::Is, vec!["me"], vec![one]),
        (Field::Owner, Test::Is, vec![me.as_str(), "none"], vec![one, two, three]),
        (Field::Owner, Test::IsNot, vec!["me"], vec![two, three]),
        (Field::Owner, Test::Is, vec!["none"], vec![two, three]),
        (Field::Deputy, Test::Is, vec!["me"], vec![]),
        (Field::Follower, Test::IsNot, vec!["me"], vec![one, two, three]),
        (Field::Customer, Test::Is, vec![customer.as_str()], vec![one, two, three]),
        (Field::Company, Test::Is, vec!["1"], vec![]),
        (Field::Language, Test::Is, vec!["de"], vec![one, two, three]),
        (Field::Language, Test::Is, vec!["en"], vec![]),
        (Field::Group, Test::Is, vec!["Gold", "Silber"], vec![one, two, three]),
        (Field::Group, Test::Is, vec!["Silber"], vec![]),
        (Field::Group, Test::IsNot, vec!["Silber"], vec![one, two, three]),
        (Field::Group, Test::Set, vec![], vec![one, two, three]),
        (Field::Group, Test::Unset, vec![], vec![]),
        (Field::Keeper, Test::Is, vec!["none"], vec![one, two, three]),
        (Field::Channel, Test::Is, vec!["phone"], vec![two]),
        (Field::Priority, Test::Is, vec!["high"], vec![two]),
        (Field::Subject, Test::Contains, vec!["anliegen"], vec![one, two]),
        (Field::Subject, Test::Contains, vec!["100 %"], vec![three]),
        (Field::Subject, Test::Contains, vec!["Ärger"], vec![three]),
        (Field::Subject, Test::Contains, vec!["%"], vec![three]),
        (Field::Subject, Test::NotContains, vec!["liegen 1"], vec![one, three]),
        (Field::Created, Test::Within, vec!["150m"], vec![two, three]),
        (Field::Created, Test::Older, vec!["150m"], vec![one]),
        (Field::Created, Test::Before, vec!["2026-11-16T10:30"], vec![one, two]),
        (Field::Created, Test::After, vec!["2026-11-16T09:30:00Z"], vec![three]),
        (Field::Updated, Test::Within, vec!["1m"], vec![one, two, three]),
        // The third is put away, but its customer waits for an answer all the same.
        (Field::Due, Test::Set, vec![], vec![one, three]),
        (Field::Due, Test::Unset, vec![], vec![two]),
        (Field::Wait, Test::Ahead, vec!["3d"], vec![three]),
        (Field::Wait, Test::Ahead, vec!["1d"], vec![]),
        (Field::Closed, Test::Within, vec!["1h"], vec![two]),
        (Field::Promise, Test::Set, vec![], vec![]),
        (Field::Promise, Test::Unset, vec![], vec![one, two, three]),
        (Field::Product, Test::Is, vec!["1"], vec![]),
        (Field::Documented, Test::Is, vec!["yes"], vec![two]),
        (Field::Documented, Test::Is, vec!["no"], vec![one, three]),
        (Field::Signal, Test::Is, vec!["wish"], vec![two]),
        (Field::Signal, Test::IsNot, vec!["cause"], vec![one, three]),
        (Field::Contacts, Test::AtLeast, vec!["2"], vec![]),
        (Field::Contacts, Test::AtMost, vec!["1"], vec![one, two, three]),
        (Field::Attachment, Test::Is, vec!["no"], vec![one, two, three]),
        (Field::Suspicious, Test::Is, vec!["yes"], vec![three]),
        (Field::Private, Test::Is, vec!["no"], vec![one, two, three]),
        (Field::Merged, Test::Is, vec!["no"], vec![one, two, three]),
        (Field::Failed, Test::Is, vec!["yes"], vec![]),
        (Field::Planned, Test::Is, vec!["no"], vec![one, two, three]),
        (Field::Bin, Test::Is, vec!["spam"], vec![]),
    ] {
        let filter = Filter::all([Condition::new(field, test, &values)]);
        filter.check()?;
        assert_eq!(world.found(&filter).await?, found, "{field} {test} {values:?}");
    }
    let tried: BTreeSet<Field> = Field::ALL.iter().copied().collect();
    // Those of attributes, risk and cost are in their own stories, those of other slices below.
    assert_eq!(tried.len(), 31 + 4 + 8, "a new field belongs into the table above");
    Ok(())
}

async fn cases_are_found_by_what_other_slices_know(world: World) -> Result<()> {
    let [one, two, three] = world.cases(3).await?[..] else { anyhow::bail!("three cases") };
    let (app, agent) = (&world.app, &world.agent);
    let insight = NewInsight {
        kind: Kind::Cause,
        title: "Kabel zu kurz".into(),
        description: String::new(),
        station: "delivery".into(),
        department: Some(world.product),
        competitor: None,
    };
    let lamp = customers::add_product(app, &world.admin, "Lampe", "Licht").await?;
    let mut tx = app.db.write().await?;
    let insight = insights::propose(app, &mut tx, agent, &insight).await?.id;
    let said = |insight, station| NewFinding {
        insight,
        department: Some(world.logistics),
        ..NewFinding::new(Kind::Cause, station)
    };
    findings::document(app, &mut tx, agent, one, vec![said(Some(insight), "delivery")]).await?;
    findings::document(app, &mut tx, agent, two, vec![said(None, "use")]).await?;
    let customer = cases::case(&mut tx, one).await?.customer;
    sql("INSERT INTO purchases (customer_id, number, product_id, cents, currency, at) VALUES ($1, '1', $2, 19999, 'EUR', 1), ($1, '2', $2, 99999, 'CHF', 1)")
        .bind(customer)
        .bind(lamp)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    let (insight, logistics) = (insight.to_string(), world.logistics.to_string());
    let product = world.product.to_string();

    for (field, test, values, found) in [
        (Field::Insight, Test::Is, vec![insight.as_str()], vec![one]),
        (Field::Insight, Test::IsNot, vec![insight.as_str()], vec![two, three]),
        (Field::Insight, Test::Is, vec!["4711"], vec![]),
        (Field::Insight, Test::Set, vec![], vec![one]),
        (Field::Insight, Test::Unset, vec![], vec![two, three]),
        (Field::Station, Test::Is, vec!["delivery", "use"], vec![one, two]),
        (Field::Station, Test::IsNot, vec!["use"], vec![one, three]),
        (Field::Department, Test::Is, vec![logistics.as_str()], vec![one, two]),
        (Field::Department, Test::Is, vec![product.as_str()], vec![]),
        (Field::Revenue, Test::AtLeast, vec!["199"], vec![one, two, three]),
        (Field::Revenue, Test::AtLeast, vec!["200"], vec![]),
        (Field::Revenue, Test::AtMost, vec!["199"], vec![one, two, three]),
        (Field::Revenue, Test::AtMost, vec!["198"], vec![]),
        (Field::Revenue, Test::Is, vec!["199"], vec![one, two, three]),
    ] {
        let filter = Filter::all([Condition::new(field, test, &values)]);
        filter.check()?;
        assert_eq!(world.found(&filter).await?, found, "{field} {test} {values:?}");
    }
    Ok(())
}

async fn who_is_called_finds_the_case_until_it_is_read_and_done(world: World) -> Result<()> {
    let [one, two, _] = world.cases(3).await?[..] else { anyhow::bail!("three cases") };
    let app = &world.app;
    for case in [one, two] {
        cases::note(app, &world.lead, case, "@Eva Agent kennst du das?", Vec::new()).await?;
        cases::close(app, &world.lead, case).await?;
    }
    let mentions = async || -> Result<Vec<String>> {
        let list = world.get_json(Role::Agent, "/cases?view=mentions&sort=oldest").await?.json()?;
        let items = list["items"].as_array().context("a list")?;
        Ok(items.iter().filter_map(|one| one["number"].as_str()).map(str::to_owned).collect())
    };
    let number = world.number_of(one).await?;

    assert_eq!(mentions().await?, [number.clone(), world.number_of(two).await?], "closed, but not read yet");
    cases::see(app, &world.agent, one).await?;
    cases::see(app, &world.agent, two).await?;
    assert_eq!(mentions().await?, Vec::<String>::new(), "read and done");
    cases::reopen(app, &world.lead, one).await?;
    assert_eq!(mentions().await?, [number], "there is something to do again");
    let page = world.get(Role::Agent, "/cases").await?.body;
    assert!(page.contains("/cases?view=mentions"), "{page}");
    let of_lead = world.get_json(Role::Lead, "/cases?view=mentions").await?.json()?;
    assert_eq!(of_lead["items"].as_array().map(Vec::len), Some(0));
    Ok(())
}

async fn conditions_are_joined_as_they_are_written(world: World) -> Result<()> {
    let [one, two, three] = world.cases(3).await?[..] else { anyhow::bail!("three cases") };
    cases::close(&world.app, &world.agent, two).await?;
    world.set(three, "priority = 'high'").await?;
    let open = Condition::is(Field::Status, "open");
    let high = Condition::is(Field::Priority, "high");
    let closed = Condition::is(Field::Status, "closed");
    let group =
        |not: bool, join: Join| Item::Group(Group { join, not, of: vec![high.clone(), closed.clone()] });
    for (join, of, found) in [
        (Join::All, vec![Item::Condition(open.clone()), Item::Condition(high.clone())], vec![three]),
        (Join::Any, vec![Item::Condition(closed.clone()), Item::Condition(high.clone())], vec![two, three]),
        (Join::All, vec![group(false, Join::Any)], vec![two, three]),
        (Join::All, vec![group(true, Join::Any)], vec![one]),
        (Join::All, vec![group(false, Join::All)], vec![]),
        (Join::Any, vec![group(true, Join::All), Item::Condition(open.clone())], vec![one, two, three]),
        (Join::Any, vec![], vec![one, two, three]),
    ] {
        let filter = Filter { join, of, also: Vec::new() };
        assert_eq!(world.found(&filter).await?, found, "{filter:?}");
        let asked = url::form_urlencoded::byte_serialize(filter.write()?.as_bytes()).collect::<String>();
        let list = world.get_json(Role::Agent, &format!("/cases?filter={asked}")).await?.json()?;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(found.len()), "the API says the same");
    }
    let wrong = world.get_json(Role::Agent, "/cases?filter=%7B%22of%22%3A1%7D").await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = world.get_json(Role::Agent, "/cases?view=nothing").await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

async fn every_order_goes_through_all_cases_once(world: World) -> Result<()> {
    let all = world.cases(7).await?;
    world.set(all[3], "priority = 'high'").await?;
    world.set(all[5], "priority = 'low'").await?;
    cases::note(&world.app, &world.agent, all[2], "Nachgefragt", Vec::new()).await?;
    cases::close(&world.app, &world.agent, all[6]).await?;
    let eyes = Eyes::of(&world.app, &world.agent);
    for (sort, first) in [
        (Sort::Due, all[0]),
        (Sort::Newest, all[6]),
        (Sort::Oldest, all[0]),
        (Sort::Updated, all[6]),
        (Sort::Quiet, all[0]),
        (Sort::Priority, all[3]),
    ] {
        let whole = world.found_by(sort, &Filter::default()).await?;
        let mut paged = Vec::new();
        let mut cursor: Option<Cursor> = None;
        loop {
            let mut tx = world.read().await?;
            let page = cases::list(&mut tx, &eyes, &Filter::default(), sort, cursor.as_ref(), 2).await?;
            let Some(last) = page.last() else { break };
            let next = Cursor::after(last, sort).to_string();
            cursor = Some(Cursor::read(&next, sort).context("it is read as it was written")?);
            paged.extend(page.iter().map(|line| line.case.id));
        }
        assert_eq!(paged, whole, "{sort}");
        assert_eq!(whole.len(), 7, "{sort}");
        assert_eq!(whole[0], first, "{sort}: {whole:?}");
    }
    Ok(())
}

async fn a_list_of_several_queues_goes_by_what_is_due_in_any_of_them(world: World) -> Result<()> {
    let all = world.cases(7).await?;
    let (second, mut tx) = (world.other_queue().await?, world.app.db.write().await?);
    let third = people::add_queue(&mut tx, "Garten", None, None, 480).await?;
    tx.commit().await?;
    for (at, queue) in [(1, second), (4, second), (5, third)] {
        cases::move_to(&world.app, &world.agent, all[at], queue).await?;
    }
    // What came first is due last.
    world.set(all[0], "sort_at = 9000000000000000").await?;
    let [one, two] = [world.queue.to_string(), second.to_string()];
    let filter = Filter::all([Condition::new(Field::Queue, Test::Is, &[one.as_str(), two.as_str()])]);

    let eyes = Eyes::of(&world.app, &world.agent);
    let mut paged = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let mut tx = world.read().await?;
        let page = cases::list(&mut tx, &eyes, &filter, Sort::Due, cursor.as_ref(), 2).await?;
        let Some(last) = page.last() else { break };
        cursor = Some(Cursor::after(last, Sort::Due));
        paged.extend(page.iter().map(|line| line.case.id));
    }
    assert_eq!(paged, [all[1], all[2], all[3], all[4], all[6], all[0]]);
    Ok(())
}

/// What the database would do for each list: no sorting, no walk through the whole table.
async fn lists_walk_along_their_index(world: World) -> Result<()> {
    let queue = world.queue;
    world.fill(4_000).await?;
    let unfinished = "c.bin IS NULL AND c.status <> 'closed'";
    let rank = "(CASE c.priority WHEN 'high' THEN 1 WHEN 'normal' THEN 2 WHEN 'low' THEN 3 ELSE 0 END)";
    let mut wrong = Vec::new();
    for (filter, order) in [
        ("c.bin IS NULL AND c.status = 'open'".to_owned(), "c.sort_at, c.id".to_owned()),
        ("c.bin IS NULL AND c.owner_id = 1 AND c.status = 'open'".into(), "c.sort_at, c.id".into()),
        (
            format!("c.bin IS NULL AND c.queue_id = {queue} AND c.status = 'waiting'"),
            "c.sort_at, c.id".into(),
        ),
        (format!("c.bin IS NULL AND c.queue_id = {queue}"), "c.sort_at, c.id".into()),
        ("c.bin IS NULL".into(), "c.sort_at, c.id".into()),
        ("c.bin IS NULL".into(), "c.created_at DESC, c.id DESC".into()),
        ("c.bin IS NULL".into(), "c.updated_at DESC, c.id DESC".into()),
        ("c.bin IS NULL".into(), "c.updated_at, c.id".into()),
        ("c.bin IS NULL".into(), format!("{rank}, c.sort_at, c.id")),
        (unfinished.into(), "c.created_at, c.id".into()),
        (unfinished.into(), "c.updated_at DESC, c.id DESC".into()),
        (unfinished.into(), format!("{rank}, c.sort_at, c.id")),
        ("c.bin = 'spam'".into(), "c.updated_at DESC, c.id DESC".into()),
    ] {
        let text = format!("SELECT c.id, c.subject FROM cases c WHERE {filter} ORDER BY {order} LIMIT 50");
        let plan = world.plan(&text).await?;
        let bad = ["SCAN c\n", "USE TEMP B-TREE", "Seq Scan", "Sort"].iter().find(|bad| plan.contains(*bad));
        if let Some(bad) = bad {
            wrong.push(format!("{bad} in {text}:\n{plan}"));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

/// As the filter of what is late is told to the database: however many cases wait, the late ones alone are read.
async fn what_is_overdue_is_found_where_its_order_begins(world: World) -> Result<()> {
    world.fill(4_000).await?;
    let queue = format!("c.queue_id = {} AND ", world.queue);
    for of_queue in ["", queue.as_str()] {
        let text = format!(
            "SELECT c.id FROM cases c WHERE {of_queue}c.bin IS NULL AND c.status <> 'closed' AND c.sort_at < 10
             AND NOT COALESCE(c.status = 'closed', FALSE) AND c.due_at < 10 ORDER BY c.sort_at, c.id LIMIT 51"
        );
        let plan = world.plan(&text).await?;
        let begins = ["sort_at<?", "sort_at < 10"].iter().any(|bound| plan.contains(bound));
        let walks = ["SCAN c", "Seq Scan"].iter().any(|walk| plan.contains(walk));
        ensure!(begins && !walks, "{text}:\n{plan}");
    }
    Ok(())
}

/// A rare group would else be looked for in all cases; of a large one a page is soon found along its order.
async fn a_group_with_few_cases_is_found_from_its_customers(world: World) -> Result<()> {
    world.fill(5_600).await?;
    let gold = world.in_groups().await?;
    let queue = format!("c.queue_id = {} AND ", world.queue);
    for of in ["", "c.status = 'closed' AND ", queue.as_str()] {
        for order in ["c.sort_at, c.id", "c.created_at DESC, c.id DESC"] {
            let text = format!(
                "SELECT c.id FROM service_groups led CROSS JOIN cases x CROSS JOIN cases c
                 WHERE x.customer_id = led.customer_id AND c.id = x.id AND led.name IN ('Gold') AND {of}c.bin IS NULL
                 AND EXISTS (SELECT 1 FROM service_groups g WHERE g.customer_id = c.customer_id AND g.name IN ('Gold'))
                 ORDER BY {order} LIMIT 51"
            );
            let plan = world.plan(&text).await?;
            let walks = ["SCAN c", "SCAN x", "Seq Scan on cases"].iter().any(|walk| plan.contains(walk));
            ensure!(plan.contains("cases_customer") && !walks, "{text}:\n{plan}");
        }
    }

    let group = |test: Test, name: &str| Filter::all([Condition::new(Field::Group, test, &[name])]);
    let rare = world.found(&group(Test::Is, "Gold")).await?;
    let large = world.found(&group(Test::Is, "Silber")).await?;

    assert_eq!(rare, world.found(&Filter::all([Condition::is(Field::Customer, gold)])).await?);
    assert_eq!(large, world.found(&group(Test::IsNot, "Gold")).await?);
    assert!(!rare.is_empty() && rare.len() < 20 && large.len() == 1_000, "{} {}", rare.len(), large.len());
    let eyes = Eyes::of(&world.app, &world.agent);
    let counted = cases::count(&mut world.read().await?, &eyes, &group(Test::Is, "Gold"), 1_000).await?;
    assert_eq!(usize::try_from(counted)?, rare.len());
    Ok(())
}

async fn a_count_is_remembered_for_five_seconds_but_not_for_who_changed_something(
    world: World,
) -> Result<()> {
    let open = Filter::all([Condition::is(Field::Status, Status::Open)]);
    let count = async |role: Role| -> Result<i64> {
        let actor = world.person(role);
        let eyes = Eyes::of(&world.app, actor);
        Ok(counts::of(&world.app, &mut world.read().await?, &eyes, &open).await?)
    };
    let case = world.write_in("Die Lampe flackert").await?.0;
    assert_eq!((count(Role::Agent).await?, count(Role::Manager).await?), (1, 1));

    cases::close(&world.app, &world.lead, case).await?;
    assert_eq!(count(Role::Manager).await?, 1, "remembered");
    assert_eq!(count(Role::Lead).await?, 0, "who closed it sees that at once");
    assert_eq!(count(Role::Manager).await?, 0, "and so do all who ask after them");

    world.write_in("Noch eine Lampe").await?;
    assert_eq!(count(Role::Manager).await?, 0, "remembered");
    world.forward(std::time::Duration::from_secs(5));
    assert_eq!(count(Role::Manager).await?, 1, "counted again");

    world.write_in("Eine dritte Lampe").await?;
    world.forward(std::time::Duration::from_secs(4));
    counts::renew(&world.app).await?;
    assert_eq!(count(Role::Manager).await?, 2, "counted ahead, before it was too old");
    world.write_in("Eine vierte Lampe").await?;
    world.forward(std::time::Duration::from_mins(1));
    counts::renew(&world.app).await?;
    world.forward(std::time::Duration::from_secs(1));
    assert_eq!(
        count(Role::Manager).await?,
        3,
        "what nobody looks at is not counted ahead, but when it is asked for"
    );
    assert_eq!((counts::shown(999), counts::shown(1000)), ("999".into(), "999+".into()));
    Ok(())
}
