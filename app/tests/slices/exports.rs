//! Any list leaves as a file: whole, as its page shows it, for whom its page is.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Channel, bins};
use kitt::findings::Kind;
use kitt::platform::search::Feeder;
use kitt::platform::{Role, sql};
use kitt::rules;
use kitt::rules::{Action, Deed, Definition, Draft, Event, RuleKind};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    a_list_leaves_whole_in_each_format,
    a_file_is_for_whom_its_page_is,
    a_page_leads_to_its_file_with_its_filters,
    departments_take_no_names_along,
    a_history_leaves_for_those_who_may_know_of_the_case,
    a_long_log_leaves_whole,
    a_search_leaves_whole,
    tables_of_the_workload_leave_in_each_format,
    who_took_what_along_is_in_the_audit_log,
);

/// Lists that ask for nothing, and where they are read.
const LISTS: [(&str, &str); 19] = [
    ("customers", "/customers"),
    ("insights", "/insights"),
    ("quotes", "/hub/words"),
    ("tasks", "/tasks"),
    ("handoffs", "/handoffs"),
    ("recurring", "/recurring"),
    ("snippets", "/snippets"),
    ("articles", "/articles"),
    ("notices", "/notices"),
    ("audit", "/settings/audit"),
    ("unprocessable", "/unprocessable"),
    ("suppressed", "/suppressions"),
    ("sent", "/sent"),
    ("jobs", "/settings/jobs"),
    ("ledger", "/finance/ledger"),
    ("exposure", "/exposure"),
    ("policies", "/policies"),
    ("people", "/settings/people"),
    ("tags", "/settings/attributes/tags"),
];

impl World {
    /// What somebody takes along, line by line.
    async fn taken(&self, role: Role, path: &str) -> Result<Vec<Value>> {
        let file = self.get(role, path).await?;
        assert_eq!(file.header("content-type"), "application/jsonl", "{path}: {}", file.body);
        file.body.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}

async fn a_list_leaves_whole_in_each_format(world: World) -> Result<()> {
    // More than two pages.
    for number in 0..410 {
        world.customer(&format!("Kundin {number}"), &format!("k{number}@example.org")).await?;
    }
    world.customer("=1+1", "formel@example.org").await?;

    let csv = world.get(Role::Agent, "/exports/customers").await?;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("customers.csv"));
    assert!(csv.body.starts_with("\u{feff}Nummer;Name;Anrede;"), "{}", &csv.body[..60]);
    assert_eq!(csv.body.lines().count(), 412, "every customer once, and the heading");
    assert!(
        csv.body.contains(";'=1+1;") && csv.body.contains(";Deutsch;2026-11-16 09:00"),
        "no formula leaves"
    );
    let program = world.get_json(Role::Agent, "/api/v1/exports/customers?format=csv").await?;
    assert!(program.body.starts_with("Nummer,Name,Anrede,"), "{}", &program.body[..60]);

    let lines = world.taken(Role::Agent, "/exports/customers?format=jsonl").await?;
    let names: BTreeSet<String> = lines.iter().map(|line| line["name"].to_string()).collect();
    assert_eq!((lines.len(), names.len()), (411, 411));
    let one =
        world.taken(Role::Agent, "/exports/customers?format=jsonl&q=Kundin+17&cursor=0_kundin+9").await?;
    let names: Vec<_> = one.iter().filter_map(|line| line["name"].as_str()).collect();
    assert!(names.contains(&"Kundin 17") && !names.contains(&"Kundin 9"), "with its filter: {names:?}");
    let sheet = world.get(Role::Agent, "/exports/customers?format=xlsx").await?;
    assert!(sheet.body.starts_with("PK"), "a spreadsheet is an archive");
    for (path, status) in [
        ("/exports/customers?format=pdf", StatusCode::UNPROCESSABLE_ENTITY),
        ("/exports/passwords", StatusCode::NOT_FOUND),
        ("/exports/case-history", StatusCode::NOT_FOUND),
        ("/exports/rule-log?rule=1/../..", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.get(Role::Admin, path).await?.status, status, "{path}");
    }
    Ok(())
}

async fn a_file_is_for_whom_its_page_is(world: World) -> Result<()> {
    for (list, url) in LISTS {
        for role in Role::ALL {
            let page = world.get_json(*role, &format!("{url}?limit=200")).await?;
            let file = world.get_json(*role, &format!("/exports/{list}?format=jsonl")).await?;
            assert_eq!(file.status, page.status, "{list} as {role}: {}", file.body);
            if page.status == StatusCode::OK {
                let items = page.json()?["items"].as_array().context("a list")?.len();
                assert_eq!(file.body.lines().count(), items, "{list} as {role}: {}", file.body);
            }
        }
    }
    assert_eq!(world.get(Role::Department, "/exports/customers").await?.status, StatusCode::FORBIDDEN);
    assert!(world.get(None, "/exports/customers").await?.location().starts_with("/login?next="));
    Ok(())
}

async fn a_page_leads_to_its_file_with_its_filters(world: World) -> Result<()> {
    world.customer("Kundin", "k@example.org").await?;
    let wish = world.insight(Kind::Wish, "Zwei-Stunden-Fenster").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", wish, "Ein Fenster").await?;
    let number = world.number(case).await?;
    let product = world.product;
    let quotes = format!("/exports/quotes?insight={wish}&time=custom&");
    let history = format!("/exports/case-history?number={number}&");
    for (role, page, file) in [
        (Role::Agent, "/customers?q=Kund&limit=1", "/exports/customers?q=Kund&format=xlsx"),
        (Role::Agent, "/cases?view=all&as=table", "/cases/export?view=all&sort=due&format=xlsx"),
        (Role::Manager, "/insights?kind=wish&q=", "/exports/insights?kind=wish&format=csv"),
        (Role::Manager, "/hub/words?kind=wish&time=30", "/exports/quotes?kind=wish&time=30&format=csv"),
        (Role::Department, "/department", &format!("/exports/insights?department={product}&format=csv")),
        (Role::Department, &format!("/insights/{wish}"), &quotes),
        (Role::Agent, &format!("/cases/{number}/history"), &history),
        (Role::Admin, "/settings/people", "/exports/people?format=jsonl"),
    ] {
        let body = world.get(role, page).await?.body.replace("&#38;", "&").replace("&amp;", "&");
        assert!(body.contains(&format!("href=\"{file}")), "{page}: {file} in {body}");
        let link = body.split("href=\"").find(|rest| rest.starts_with(file)).context("a link")?;
        let link = link.split('"').next().context("its end")?;
        assert_eq!(world.get(role, link).await?.status, StatusCode::OK, "{link}");
    }
    Ok(())
}

async fn departments_take_no_names_along(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let said = "Ich bin Ingrid Sommerauer, 0664 1234567.";
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, said).await?;
    let number = world.number(case).await?;
    world.hear().await?;

    for (role, shown) in [(Role::Department, false), (Role::Finance, false), (Role::Agent, true)] {
        for format in ["csv", "jsonl"] {
            let path = format!("/exports/quotes?insight={late}&format={format}");
            let file = world.get(role, &path).await?.body;
            assert!(file.contains("Ich bin"), "{role}: {file}");
            for told in ["Sommerauer", "1234567", &number] {
                assert_eq!(file.contains(told), shown, "{told} for {role}: {file}");
            }
        }
    }
    let own = world.get(Role::Department, "/exports/insights?kind=cause").await?.body;
    assert!(own.contains(";Termin nicht gehalten;Ursache;"), "{own}");
    Ok(())
}

async fn a_history_leaves_for_those_who_may_know_of_the_case(world: World) -> Result<()> {
    let case = world.write_in("Vertraulich").await?.0;
    let number = world.number(case).await?;
    let path = format!("/exports/case-history?number={number}");
    let open = world.get(Role::Agent, &path).await?.body;
    assert!(open.starts_with("\u{feff}Zeit;Durch;Wer;Was;") && open.contains("Fall eröffnet"), "{open}");

    cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, case, true).await?;

    assert_eq!(world.get(Role::Agent, &path).await?.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(Role::Lead, &path).await?.status, StatusCode::OK);
    Ok(())
}

async fn a_long_log_leaves_whole(world: World) -> Result<()> {
    let definition = Definition {
        events: vec![Event::Opened],
        actions: vec![Action::new(Deed::Tag, "x")],
        ..Definition::default()
    };
    let draft = Draft { kind: RuleKind::Trigger, name: "Alle".into(), active: true, definition, team: None };
    let rule = rules::save(&world.app, &world.admin, None, &draft).await?;
    let case = world.write_in("Offen").await?.0;
    let mut tx = world.app.db.write().await?;
    sql("INSERT INTO rule_runs (rule_id, version, case_id, event, at, outcome, did, reason, chain)
         SELECT $1, 1, $2, '', $3, 'same', '[]', '', '' FROM
         (WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 450) SELECT n FROM many) AS all_of_them")
        .bind(rule)
        .bind(case)
        .bind(world.now())
        .run(&mut tx)
        .await?;
    tx.commit().await?;

    let lines = world.taken(Role::Admin, &format!("/exports/rule-log?rule={rule}&format=jsonl")).await?;

    let runs: BTreeSet<i64> = lines.iter().filter_map(|line| line["id"].as_i64()).collect();
    assert_eq!((lines.len(), runs.len()), (450, 450));
    Ok(())
}

async fn a_search_leaves_whole(world: World) -> Result<()> {
    let mut feeder = Feeder::open(&world.app, &kitt::search_sources()).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let mut hidden = None;
    for number in 0..30 {
        let subject = format!("Lampe {number}");
        let text = "Sie flackert.";
        let case = world.writes(customer, ("Kundin", None), Channel::Email, &subject, text).await?;
        hidden = Some(case);
    }
    let hidden = hidden.context("a case")?;
    cases::assign(&world.app, &world.lead, hidden, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, hidden, true).await?;
    feeder.catch_up().await?;

    let found = world.taken(Role::Agent, "/search/export?q=flackert&format=jsonl").await?;

    let titles: BTreeSet<&str> = found.iter().filter_map(|line| line["title"].as_str()).collect();
    assert_eq!((found.len(), titles.len()), (29, 29), "all but the private one: {titles:?}");
    let csv = world.get(Role::Agent, "/search/export?q=Sommerauer&kind=customer").await?.body;
    assert!(csv.starts_with("\u{feff}Art;Titel;") && csv.contains("Ingrid Sommerauer"), "{csv}");
    assert!(world.taken(Role::Department, "/search/export?q=flackert&format=jsonl").await?.is_empty());
    let nothing = world.get(Role::Agent, "/search/export?q=flackert&kind=passwords").await?;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = world.get(Role::Agent, "/search?q=flackert&kind=case").await?.body.replace("&#38;", "&");
    assert!(page.contains("/search/export?q=flackert&kind=case&format=csv"), "{page}");
    Ok(())
}

async fn tables_of_the_workload_leave_in_each_format(world: World) -> Result<()> {
    world.write_in("Die Lampe flackert").await?;
    let lines = world.taken(Role::Lead, "/workload/table?of=queues&format=jsonl").await?;
    assert_eq!(
        (&lines[0]["Teil"], &lines[0]["Neue Fälle"]),
        (&json!("Kundenservice"), &json!("1")),
        "{lines:?}"
    );
    let sheet = world.get(Role::Lead, "/workload/table?of=times&format=xlsx").await?;
    assert!(sheet.body.starts_with("PK"));
    Ok(())
}

async fn who_took_what_along_is_in_the_audit_log(world: World) -> Result<()> {
    world.get(Role::Agent, "/exports/customers?format=xlsx").await?;
    world.get(Role::Department, "/exports/customers").await?;

    let audit = world.get_json(Role::Admin, "/settings/audit").await?.json()?;

    let items = audit["items"].as_array().context("a list")?;
    let told: Vec<_> = items.iter().filter(|line| line["fact"] == "list_exported").collect();
    let [one] = told.as_slice() else { anyhow::bail!("what was refused is none: {told:?}") };
    assert_eq!((&one["by"], &one["subject"]), (&json!("Eva Agent"), &json!("Kundinnen und Kunden, XLSX")));
    assert_eq!(one["what"], "Liste als Datei geholt");
    Ok(())
}
