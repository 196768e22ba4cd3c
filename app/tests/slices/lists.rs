//! Lists of cases: filters, orders, views of one's own, counts, tables, files, and the same done to many.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::bulk::{self, Change, Chosen, Step};
use kitt::cases::filter::{Group, Item, Join};
use kitt::cases::{Condition, Cursor, Eyes, Field, Filter, Sort, Status, Test, View, bins, counts};
use kitt::findings::{Kind, NewFinding};
use kitt::insights::NewInsight;
use kitt::platform::{CaseId, Error, PersonId, Role, Timestamp, sql};
use kitt::{customers, findings, insights};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    every_field_finds_what_it_says,
    cases_are_found_by_what_other_slices_know,
    who_is_called_finds_the_case_until_it_is_read_and_done,
    conditions_are_joined_as_they_are_written,
    every_order_goes_through_all_cases_once,
    lists_walk_along_their_index,
    a_count_is_remembered_for_five_seconds_but_not_for_who_changed_something,
    a_view_is_seen_by_those_it_is_shared_with,
    a_view_is_made_tried_changed_copied_and_brought_back,
    the_form_of_a_view_works_without_a_script,
    a_table_shows_the_columns_of_its_view_and_marks_cases,
    a_list_leaves_as_a_file,
    every_empty_list_speaks_for_itself,
    many_cases_are_changed_and_taken_back_at_once,
    what_somebody_did_since_is_not_taken_back,
    a_large_run_goes_on_where_it_was,
);

impl World {
    /// Cases that differ in everything that lists look at, the oldest first.
    async fn cases(&self, number: usize) -> Result<Vec<CaseId>> {
        let mut cases = Vec::new();
        for at in 0..number {
            cases.push(self.write_in(&format!("Anliegen {at}")).await?.0);
            self.forward(Timestamp::days(1) / 24);
        }
        Ok(cases)
    }

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

    async fn number_of(&self, case: CaseId) -> Result<String> {
        Ok(cases::case(&mut self.read().await?, case).await?.number)
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
    let customer = cases::case(&mut world.read().await?, one).await?.customer.to_string();
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
        (Field::Due, Test::Set, vec![], vec![one]),
        (Field::Due, Test::Unset, vec![], vec![two, three]),
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
        (Field::Bin, Test::Is, vec!["spam"], vec![]),
    ] {
        let filter = Filter::all([Condition::new(field, test, &values)]);
        filter.check()?;
        assert_eq!(world.found(&filter).await?, found, "{field} {test} {values:?}");
    }
    let tried: BTreeSet<Field> = Field::ALL.iter().copied().collect();
    // Those of attributes, risk and cost are in their own stories, those of other slices below.
    assert_eq!(tried.len(), 27 + 4 + 8, "a new field belongs into the table above");
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

impl World {
    /// Many cases, so that an index is worth it.
    async fn fill(&self, number: i64) -> Result<()> {
        let case = self.write_in("Vorlage").await?.0;
        let mut tx = self.app.db.write().await?;
        sql("INSERT INTO cases (number, subject, customer_id, queue_id, owner_id, status, channel, priority, created_at,
                updated_at, due_at, sort_at, contacts, snippet, documented, signals, active_seconds, version, bin)
             SELECT 'x' || n.id, 'Fall', c.customer_id, c.queue_id, CASE WHEN n.id % 5 = 0 THEN 1 END,
                CASE n.id % 10 WHEN 0 THEN 'open' WHEN 1 THEN 'waiting' ELSE 'closed' END, 'email',
                CASE n.id % 7 WHEN 0 THEN 'high' ELSE 'normal' END, n.id, n.id * 2, NULL, n.id * 3, 1, '', FALSE, '', 0, 1,
                CASE WHEN n.id % 50 = 0 THEN 'spam' END
             FROM cases c, (WITH RECURSIVE numbers(id) AS (
                SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < $2) SELECT id FROM numbers) n WHERE c.id = $1")
        .bind(case)
        .bind(number)
        .run(&mut tx)
        .await?;
        tx.commit().await?;
        let mut tx = self.app.db.write().await?;
        sql("ANALYZE").run(&mut tx).await?;
        Ok(tx.commit().await?)
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
    assert_eq!((counts::shown(999), counts::shown(1000)), ("999".into(), "999+".into()));
    Ok(())
}

async fn a_view_is_seen_by_those_it_is_shared_with(world: World) -> Result<()> {
    let view = |shared: &str| json!({ "name": shared, "filter": {}, "shared": shared });
    let team = format!("team:{}", world.team);
    for (role, shared, status) in [
        (Role::Lead, "private", StatusCode::OK),
        (Role::Lead, "all", StatusCode::OK),
        (Role::Lead, "role:agent", StatusCode::OK),
        (Role::Lead, team.as_str(), StatusCode::OK),
        (Role::Manager, "private", StatusCode::OK),
        (Role::Agent, "all", StatusCode::UNPROCESSABLE_ENTITY),
        (Role::Lead, "moon", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let made = world.post_json(role, "/views", &view(shared)).await?;
        assert_eq!(made.status, status, "{shared}: {}", made.body);
    }
    for (role, seen) in [
        (Role::Lead, vec!["private", "all", "role:agent", &team]),
        (Role::Agent, vec!["all", "role:agent", &team]),
        (Role::Manager, vec!["all", "private"]),
        (Role::Admin, vec!["all", "role:agent", &team]),
    ] {
        let list = world.get_json(role, "/views").await?.json()?;
        let names: Vec<&str> = list["items"]
            .as_array()
            .context("a list")?
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        let (mut names, mut seen) = (names, seen);
        names.sort_unstable();
        seen.sort_unstable();
        assert_eq!(names, seen, "{role}");
    }
    let list = world.get_json(Role::Agent, "/views").await?.json()?;
    let id = &list["items"][0]["id"];
    let changed = world.post_json(Role::Agent, &format!("/views/{id}"), &view("private")).await?;
    assert_eq!(changed.status, StatusCode::FORBIDDEN, "only who made it changes it");
    let unknown = world.get(Role::Agent, "/cases?view=v1").await?;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "the lead's own");
    Ok(())
}

async fn a_view_is_made_tried_changed_copied_and_brought_back(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    world.write_in("Das Sofa wackelt").await?;
    let filter = json!({ "of": [{ "field": "subject", "test": "contains", "values": ["Lampe"] }] });
    let view =
        json!({ "name": "Lampen", "filter": filter, "sort": "newest", "columns": ["number", "subject"] });
    let tried = world.post_json(Role::Agent, "/views/draft", &view).await?.json()?;
    assert_eq!(tried["count"], 1);
    let made = world.post_json(Role::Agent, "/views", &view).await?.json()?;
    let id = made["id"].as_i64().context("an id")?;

    let page = world.get(Role::Agent, &format!("/cases?view=v{id}")).await?;
    assert!(page.body.contains("Die Lampe flackert") && !page.body.contains("Das Sofa wackelt"));
    assert!(page.body.contains("Lampen"), "its name is in the menu");
    let list = world.get_json(Role::Agent, &format!("/cases?view=v{id}")).await?.json()?;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));

    let copied = world.post_form(Role::Agent, &format!("/views/{id}/copy"), &[]).await?;
    assert_eq!(copied.status, StatusCode::SEE_OTHER);
    let form = world.get(Role::Agent, copied.location()).await?;
    assert!(form.body.contains("Kopie von Lampen") && form.body.contains("value=\"Lampe\""), "{}", form.body);

    let removed = world.post_form(Role::Agent, &format!("/views/{id}/removal"), &[]).await?;
    let list = world.get(Role::Agent, removed.location()).await?;
    assert!(list.body.contains(&format!("action=\"/views/{id}/restored\"")), "{}", list.body);
    assert_eq!(world.get(Role::Agent, &format!("/cases?view=v{id}")).await?.status, StatusCode::NOT_FOUND);
    world.post_form(Role::Agent, &format!("/views/{id}/restored"), &[]).await?;
    assert_eq!(world.get(Role::Agent, &format!("/cases?view=v{id}")).await?.status, StatusCode::OK);

    let wrong =
        json!({ "name": "", "filter": { "of": [{ "field": "owner", "test": "is", "values": ["x"] }] } });
    let refused = world.post_json(Role::Agent, "/views", &wrong).await?;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("name") && refused.body.contains("filter"), "{}", refused.body);
    Ok(())
}

async fn the_form_of_a_view_works_without_a_script(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    let fresh = world.get(Role::Agent, "/views/new").await?;
    assert!(fresh.status.is_success(), "{}", fresh.body);
    let rows = [("name", "Lampen"), ("join", "all"), ("f0", "status"), ("t0", "is"), ("v0", "open")];
    let draft = async |more: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> = rows.iter().chain(more).copied().collect();
        world.post_form(Role::Agent, "/views/draft", &fields).await
    };

    let added = draft(&[("do", "add")]).await?;
    assert!(added.body.contains("name=\"f1\"") && added.body.contains("value=\"Lampen\""), "{}", added.body);
    let other = draft(&[("f1", "created"), ("t1", "is"), ("do", "update")]).await?;
    assert!(other.body.contains("name=\"u1\""), "a moment is compared with a length of time: {}", other.body);
    let removed = draft(&[("f1", "created"), ("t1", "within"), ("do", "remove-0")]).await?;
    assert!(!removed.body.contains("name=\"f1\""));
    let tried = draft(&[("do", "try")]).await?;
    assert!(
        tried.body.contains("Gefunden: 1") && tried.body.contains("Die Lampe flackert"),
        "{}",
        tried.body
    );
    let wrong = draft(&[("f1", "subject"), ("t1", "contains"), ("do", "try")]).await?;
    assert!(wrong.body.contains("data-field=\"v1\""), "what is wrong is told at its row: {}", wrong.body);

    let fields: Vec<(&str, &str)> = rows
        .iter()
        .copied()
        .chain([("column", "number"), ("sort", "quiet"), ("shared", "private")])
        .collect();
    let saved = world.post_form(Role::Agent, "/views", &fields).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = world.get(Role::Agent, saved.location()).await?;
    assert!(page.body.contains("Die Lampe flackert"), "{}", page.body);
    Ok(())
}

async fn a_table_shows_the_columns_of_its_view_and_marks_cases(world: World) -> Result<()> {
    let all = world.cases(3).await?;
    let number = world.number_of(all[0]).await?;
    let page = world.get(Role::Agent, "/cases?view=all&as=table&limit=2").await?;
    assert!(page.status.is_success(), "{}", page.body);
    assert!(page.body.contains(&format!("name=\"case\" value=\"{number}\"")), "{}", page.body);
    assert!(page.body.contains("id=\"cases-more\""), "there is another page");
    assert!(page.body.contains("aria-sort=\"ascending\""), "it says how it is sorted");
    let sorted = world.get(Role::Agent, "/cases?view=all&as=table&sort=newest").await?;
    let at = |subject: &str| sorted.body.find(subject).unwrap_or_default();
    assert!(at("Anliegen 2") < at("Anliegen 0"), "the newest first");
    let reader = world.get(Role::Manager, "/cases?view=all&as=table").await?;
    assert!(!reader.body.contains("name=\"case\""), "who only reads marks nothing");
    Ok(())
}

async fn a_list_leaves_as_a_file(world: World) -> Result<()> {
    world.fill(2_300).await?;
    world.write_in("=1+1").await?;
    let count = cases::count(
        &mut world.read().await?,
        &Eyes::of(&world.app, &world.agent),
        &Filter::default(),
        10_000,
    )
    .await?;

    let csv = world.get(Role::Agent, "/cases/export?view=all&format=csv").await?;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.body.starts_with("\u{feff}Nummer;Betreff;"), "{}", &csv.body[..60]);
    assert!(csv.body.contains(";'=1+1;"), "no formula leaves");
    let rows = csv.body.lines().count();
    assert_eq!(i64::try_from(rows)?, count + 1, "every case once, and the heading");
    let program = world.get(Role::Agent, "/api/v1/cases/export?view=all&format=csv").await?;
    assert!(program.body.starts_with("Nummer,Betreff,"));

    let lines = world.get(Role::Agent, "/cases/export?view=all&format=jsonl&sort=newest").await?;
    let numbers: BTreeSet<String> = lines
        .body
        .lines()
        .map(|line| Ok(serde_json::from_str::<Value>(line)?["number"].to_string()))
        .collect::<Result<_>>()?;
    assert_eq!(i64::try_from(numbers.len())?, count);
    let sheet = world.get(Role::Agent, "/cases/export?view=all&format=xlsx").await?;
    assert!(sheet.body.starts_with("PK"), "a spreadsheet is an archive");
    assert_eq!(
        world.get(Role::Agent, "/cases/export?format=pdf").await?.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let empty = world.get(Role::Agent, "/cases/export?view=trash&format=csv").await?;
    assert_eq!(empty.body.lines().count(), 1);
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

    let other = world.post_form(Role::Lead, &format!("{}/undo", done.location()), &[]).await?;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "it is somebody else's");
    let back = world.post_form(Role::Agent, &format!("{}/undo", done.location()), &[]).await?;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(world.stand(&all).await?, before);
    let again = world.post_form(Role::Agent, &format!("{}/undo", done.location()), &[]).await?;
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

async fn every_empty_list_speaks_for_itself(world: World) -> Result<()> {
    let mut said = BTreeSet::new();
    for view in View::ALL {
        for shape in ["", "&as=table"] {
            let page = world.get(Role::Agent, &format!("/cases?view={view}{shape}")).await?.body;
            let heading = page.split("k-empty").nth(1).and_then(|rest| rest.split("<b>").nth(1));
            let heading =
                heading.and_then(|rest| rest.split('<').next()).context("an empty list has words")?;
            ensure!(!heading.contains("cases-"), "{view}: {heading}");
            said.insert(heading.to_owned());
        }
    }
    assert_eq!(said.len(), View::ALL.len(), "each list has its own: {said:?}");
    Ok(())
}
