//! Who gets where: every route of the house for every role, and for somebody who is not logged in.
//!
//! [`TABLE`] (`routes/table.txt`) is read by people. A route that it lacks fails here, so does a line without a route.

#[path = "routes/knock.rs"]
mod knock;
#[path = "support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;
#[path = "support/world.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "uses a part of the support code")]
mod world;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use axum::http::{Method, StatusCode};
use kitt::platform::{Right, Role};
use knock::knock;
use world::World;

/// Method, path, and the right it needs, or several of which one is enough. `public`: for everybody. `own_account`: for everybody who is logged in.
const TABLE: &str = include_str!("routes/table.txt");

/// Registered by hand, so not in the description.
const BY_HAND: [&str; 9] = [
    "/",
    "/live",
    "/assets/{*path}",
    "/api",
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/sw.js",
];

#[derive(Debug)]
struct Route {
    method: Method,
    path: String,
    /// Any of these; empty: public.
    rights: Vec<Right>,
}

impl Route {
    fn is_page(&self) -> bool {
        !BY_HAND[2..].contains(&self.path.as_str())
    }

    /// The path with something in its holes that no house has.
    fn url(&self) -> String {
        let holes = self.path.split('/').map(|part| match part {
            "{*path}" => "app.css",
            "{id}" | "{file}" | "{customer}" | "{day}" | "{note}" | "{point}" | "{promise}" => "4711",
            part if part.starts_with('{') => "unknown",
            part => part,
        });
        holes.collect::<Vec<_>>().join("/")
    }
}

#[test]
fn the_table_names_every_route_and_no_other() -> Result<()> {
    let mut real: BTreeSet<String> = BY_HAND.iter().map(|path| format!("GET {path}")).collect();
    let api = serde_json::to_value(kitt::openapi())?;
    for (path, item) in api["paths"].as_object().context("paths")? {
        let path = path.strip_prefix("/api/v1").context("every route is below /api/v1")?;
        real.extend(
            item.as_object()
                .context("an item")?
                .keys()
                .map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    let named = table()?.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(real, named, "left: routes of the program, right: lines of the table");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_where_it_may_and_nowhere_else() -> Result<()> {
    let world = World::on_sqlite().await?;
    let mut wrong = Vec::new();
    for route in table()? {
        for role in Role::ALL {
            let status = knock(&world, &route, Some(*role), &[]).await?.0;
            let may =
                route.rights.is_empty() || route.rights.iter().any(|right| right.roles().contains(role));
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
            let fine =
                if may { !refused && !status.is_server_error() } else { status == StatusCode::FORBIDDEN };
            if !fine {
                wrong.push(format!("{} {} as {role}: {status}", route.method, route.path));
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_logged_out_gets_the_login_page_or_a_problem() -> Result<()> {
    let world = World::on_sqlite().await?;
    let mut wrong = Vec::new();
    for route in table()? {
        let (page, location) = knock(&world, &route, None, &[("accept", "text/html")]).await?;
        let (data, _) = knock(&world, &route, None, &[("accept", "application/json")]).await?;
        let fine = match route.rights.as_slice() {
            [] => {
                page != StatusCode::UNAUTHORIZED
                    && !page.is_server_error()
                    && !location.starts_with("/login?")
            }
            _ => {
                page == StatusCode::SEE_OTHER
                    && location.starts_with("/login?next=")
                    && data == StatusCode::UNAUTHORIZED
            }
        };
        if !fine {
            wrong.push(format!("{} {}: {page} {location}, as JSON {data}", route.method, route.path));
        }
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_change_nothing() -> Result<()> {
    let world = World::on_sqlite().await?;
    let mut wrong = Vec::new();
    for route in table()?.into_iter().filter(|route| route.method != Method::GET) {
        for foreign in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let (status, _) = knock(&world, &route, Some(Role::Admin), &[foreign]).await?;
            if status != StatusCode::FORBIDDEN {
                wrong.push(format!("{} {} with {foreign:?}: {status}", route.method, route.path));
            }
        }
    }
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn the_rights_in_the_docs_are_those_of_the_code() -> Result<()> {
    let mut table = String::from("| right |");
    for role in Role::ALL {
        write!(table, " {} |", role.code().replace('_', " "))?;
    }
    writeln!(table, "\n| --- |{}", " :-: |".repeat(Role::ALL.len()))?;
    for right in Right::ALL {
        write!(table, "| `{right}`: {} |", allows(*right))?;
        for role in Role::ALL {
            table += if right.roles().contains(role) { " ✓ |" } else { "  |" };
        }
        table += "\n";
    }
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rights.md"))?;
    ensure!(docs.contains(&table), "docs/rights.md should have this table:\n\n{table}");
    Ok(())
}

/// For people: what somebody with this right can do.
const fn allows(right: Right) -> &'static str {
    match right {
        Right::ReadCases => "see cases and contacts",
        Right::WorkCases => "answer, note, assign, wait, close",
        Right::ReadCustomers => "see customers' files",
        Right::EditCustomers => "change what is known about customers",
        Right::Document => "say where it cracked and why",
        Right::ReadInsights => "see hub and insights",
        Right::DecideInsights => "accept, dispute, plan, fix for a department",
        Right::SettleDisputes => "say whose a disputed insight is",
        Right::TellCustomers => "prepare what affected customers are told",
        Right::ApproveTelling => "let it go out",
        Right::GrantGoodwill => "grant and refuse requests, give goodwill",
        Right::EditPolicies => "write the policies that requests are decided by",
        Right::LeadPeople => "enter what the team's people can do, and that they are away; see the workload",
        Right::EditRates => "set minute rates",
        Right::ReportExposure => "report orders, deliveries, active customers",
        Right::DeliverMail => "hand mails in by API",
        Right::ReadUnprocessable => "see and retry what could not be read",
        Right::ManagePeople => "invite people, give roles and tokens",
        Right::KeepRules => "keep rules and macros: leads those of their teams",
        Right::ReadKnowledge => "read articles, say whether they helped",
        Right::WriteKnowledge => {
            "write, publish and archive articles; who works on cases proposes drafts and changes"
        }
        Right::ManageSettings => "set the house up, see metrics",
        Right::OwnAccount => "own password, language, logins",
    }
}

fn table() -> Result<Vec<Route>> {
    let lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().with_context(|| format!("three words, please: {line}"));
            let (method, path, right) = (word()?, word()?, word()?);
            let known = |code| Right::from_code(code).with_context(|| format!("no such right: {code}"));
            let rights =
                right.split('|').filter(|code| *code != "public").map(known).collect::<Result<_>>()?;
            Ok(Route { method: method.parse()?, path: path.to_owned(), rights })
        })
        .collect()
}
