//! Who gets where: every route of the house for every role, and for somebody who is not logged in.
//!
//! [`TABLE`] is read by people. A route that it lacks fails here, so does a line without a route.

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
const TABLE: &str = "
    GET  /                                       own_account
    GET  /live                                   own_account
    GET  /assets/{*path}                         public
    GET  /api                                    public
    GET  /api/openapi.json                       public
    GET  /healthz                                public
    GET  /readyz                                 public
    GET  /metrics                                manage_settings

    GET  /login                                  public
    POST /login                                  public
    POST /logout                                 own_account
    GET  /welcome/{token}                        public
    POST /welcome/{token}                        public
    GET  /account                                own_account
    POST /account/password                       own_account
    POST /account/keys                           own_account
    POST /account/language                       own_account
    POST /account/sessions/{id}/end              own_account

    GET  /cases                                  read_cases
    POST /cases                                  work_cases
    GET  /cases/export                           read_cases
    GET  /cases/pane                             read_cases
    GET  /workload                               lead_people
    GET  /workload/table                         lead_people
    POST /bulk                                   work_cases
    POST /bulk/preview                           work_cases
    GET  /bulk/value                             work_cases
    GET  /bulk/{id}                              work_cases
    POST /bulk/{id}/undo                         work_cases
    GET  /cases/{number}                         read_cases
    POST /cases/{number}/active                  work_cases
    GET  /cases/{number}/addressees              work_cases
    GET  /cases/{number}/colleagues              work_cases
    POST /cases/{number}/drafts                  work_cases
    GET  /cases/{number}/snippets                work_cases
    POST /cases/{number}/talks                   work_cases
    POST /cases/{number}/uploads                 work_cases
    POST /contacts/{id}/redirects                work_cases
    POST /drafts/{id}/discard                    work_cases
    POST /drafts/{id}/owner                      work_cases
    POST /drafts/{id}/restore                    work_cases
    GET  /uploads/{id}                           read_cases
    GET  /snippets                               work_cases
    POST /snippets                               work_cases
    POST /snippets/{id}                          work_cases
    POST /snippets/{id}/remove                   work_cases
    POST /snippets/{id}/uses                     work_cases
    GET  /snippets/csv                           work_cases
    POST /snippets/frames                        edit_policies
    POST /snippets/imports                       edit_policies
    GET  /cases/{number}/articles                work_cases
    GET  /articles                               read_knowledge
    GET  /articles/{id}                          read_knowledge
    GET  /knowledge                              read_knowledge
    POST /knowledge                              work_cases
    GET  /knowledge/new                          work_cases
    GET  /knowledge/gaps                         read_knowledge
    POST /knowledge/gaps                         read_knowledge
    POST /knowledge/gaps/removal                 write_knowledge
    GET  /knowledge/proposals/{id}               work_cases
    POST /knowledge/proposals/{id}/decision      write_knowledge
    POST /knowledge/proposals/{id}/withdrawal    work_cases
    GET  /knowledge/{id}                         read_knowledge
    POST /knowledge/{id}                         work_cases
    GET  /knowledge/{id}/edit                    work_cases
    POST /knowledge/{id}/feedback                read_knowledge
    POST /knowledge/{id}/proposals               work_cases
    POST /knowledge/{id}/state                   work_cases
    POST /knowledge/{id}/version                 work_cases
    GET  /knowledge/{id}/versions                read_knowledge
    GET  /attendance                             work_cases
    POST /attendance                             work_cases
    POST /absences                               work_cases
    POST /absences/{id}/removal                  work_cases
    GET  /staff                                  lead_people
    POST /staff/{id}                             lead_people
    GET  /settings/assignment                    manage_settings
    POST /settings/assignment                    manage_settings
    POST /settings/assignment/capacity           manage_settings
    POST /settings/assignment/kinds              manage_settings
    POST /settings/assignment/skills             manage_settings
    POST /settings/assignment/skills/{id}/remove manage_settings
    POST /settings/assignment/skills/{id}/restored manage_settings
    GET  /cases/{number}/assignment              read_cases
    POST /cases/{number}/refusal                 work_cases
    POST /cases/{number}/assignee                work_cases
    POST /cases/{number}/bin                     work_cases
    POST /cases/{number}/close                   work_cases
    POST /cases/{number}/fields/{key}            work_cases
    POST /cases/{number}/kind                    work_cases
    POST /cases/{number}/priority                work_cases
    POST /cases/{number}/state                   work_cases
    POST /cases/{number}/tags                    work_cases
    POST /cases/{number}/tags/{id}/remove        work_cases
    GET  /attributes                             read_cases
    GET  /tags                                   read_cases
    POST /cases/{number}/complaint               work_cases
    POST /cases/{number}/complaint/end           work_cases
    GET  /cases/{number}/deadlines               read_cases
    POST /cases/{number}/checklist               work_cases
    POST /cases/{number}/close                   work_cases
    POST /cases/{number}/handoffs                work_cases
    GET  /cases/{number}/history                 read_cases
    POST /cases/{number}/merge                   work_cases
    POST /cases/{number}/people                  work_cases
    POST /cases/{number}/people/removal          work_cases
    GET  /cases/{number}/pdf                     read_cases
    GET  /cases/{number}/print                   read_cases
    POST /cases/{number}/relations               work_cases
    POST /cases/{number}/relations/removal       work_cases
    POST /cases/{number}/split                   work_cases
    POST /cases/{number}/tasks                   work_cases
    GET  /cases/{number}/time                    work_cases
    POST /cases/{number}/time                    work_cases
    POST /cases/{number}/unmerge                 work_cases
    GET  /handoffs                               own_account
    POST /handoffs/{id}/acceptance               own_account
    POST /handoffs/{id}/answer                   own_account
    POST /handoffs/{id}/withdrawal               work_cases
    GET  /pick/cases                             read_cases
    GET  /pick/customers                         read_customers
    GET  /tasks                                  read_cases
    POST /tasks/{id}                             work_cases
    POST /tasks/{id}/end                         work_cases
    POST /tasks/{id}/reopening                   work_cases
    POST /tasks/{id}/removal                     work_cases
    GET  /recurring                              work_cases
    POST /recurring                              work_cases
    POST /recurring/{id}/pause                   work_cases
    POST /recurring/{id}/removal                 work_cases
    POST /recurring/{id}/resumption              work_cases
    POST /recurring/{id}/skip                    work_cases
    GET  /settings/checklists                    manage_settings
    POST /settings/checklists                    manage_settings
    GET  /settings/patience                      manage_settings
    POST /settings/patience                      manage_settings
    POST /cases/{number}/join                    work_cases
    POST /cases/{number}/notes                   work_cases
    POST /cases/{number}/part                    work_cases
    POST /cases/{number}/privacy                 work_cases
    POST /cases/{number}/queue                   work_cases
    GET  /cases/{number}/presence                read_cases
    POST /cases/{number}/presence                read_cases
    POST /cases/{number}/reopen                  work_cases
    POST /cases/{number}/replies                 work_cases
    POST /cases/{number}/wait                    work_cases
    POST /contacts/{id}/anyway                   work_cases
    POST /contacts/{id}/participant              work_cases
    POST /contacts/{id}/retry                    work_cases
    POST /contacts/{id}/time                     work_cases
    POST /contacts/{id}/undo                     work_cases
    POST /undos/{id}                             own_account
    GET  /contacts/{id}/html                     read_cases
    GET  /contacts/{id}/raw                      read_cases
    GET  /contacts/{id}/source                   read_cases
    GET  /attachments/{id}                       read_cases
    POST /attachments/{id}/link/end              work_cases
    POST /attachments/{id}/link/extension        work_cases

    GET  /notices                                own_account
    GET  /notices/bell                           own_account
    GET  /notices/{id}                           own_account
    POST /notices/{id}/reading                   own_account
    POST /notices/reading                        own_account
    GET  /notices/settings                       own_account
    POST /notices/settings                       own_account
    POST /notices/settings/reset                 own_account
    POST /notices/browsers                       own_account
    POST /notices/browsers/removal               own_account
    POST /notices/browsers/{id}/removal          own_account
    POST /notices/browsers/{id}/trial            own_account
    GET  /notices/mail/{token}/end               public
    POST /notices/mail/{token}/end               public
    GET  /settings/notices                       manage_settings
    POST /settings/notices                       manage_settings
    GET  /sw.js                                  public

    GET  /files/{token}                          public
    GET  /files/{token}/content                  public
    GET  /unsubscribe/{token}                    public
    POST /unsubscribe/{token}                    public

    GET  /exports/{list}                         own_account

    GET  /search                                 own_account
    GET  /search/export                          own_account
    GET  /search/suggestions                     own_account
    GET  /settings/search                        manage_settings

    GET  /cases/{number}/rules                   read_cases
    POST /cases/{number}/macros                  work_cases
    GET  /macros                                 work_cases
    POST /macros/runs                            work_cases
    POST /macros/undo                            work_cases
    GET  /settings/rules                         keep_rules
    POST /settings/rules                         keep_rules
    GET  /settings/rules/new                     keep_rules
    POST /settings/rules/draft                   keep_rules
    GET  /settings/rules/export                  manage_settings
    POST /settings/rules/import                  manage_settings
    GET  /settings/rules/{id}                    keep_rules
    POST /settings/rules/{id}                    keep_rules
    GET  /settings/rules/{id}/csv                keep_rules
    GET  /settings/rules/{id}/log                keep_rules
    POST /settings/rules/{id}/place              keep_rules
    POST /settings/rules/{id}/removal            keep_rules
    POST /settings/rules/{id}/restored           keep_rules
    POST /settings/rules/{id}/switch             keep_rules
    POST /settings/rules/{id}/version            keep_rules
    GET  /settings/rules/trials/{id}             keep_rules
    POST /settings/rules/trials/{id}/stop        keep_rules
    GET  /settings/webhooks                      manage_settings
    POST /settings/webhooks                      manage_settings
    POST /settings/webhooks/{id}                 manage_settings
    POST /settings/webhooks/{id}/removal         manage_settings
    POST /settings/webhooks/{id}/restored        manage_settings
    POST /settings/webhooks/{id}/test            manage_settings
    GET  /views                                  read_cases
    POST /views                                  read_cases
    GET  /views/new                              read_cases
    POST /views/draft                            read_cases
    GET  /views/{id}                             read_cases
    POST /views/{id}                             read_cases
    POST /views/{id}/copy                        read_cases
    POST /views/{id}/removal                     read_cases
    POST /views/{id}/restored                    read_cases

    GET  /customers                              read_customers
    POST /customers                              edit_customers
    GET  /customers/{id}                         read_customers
    POST /customers/{id}                         edit_customers
    GET  /customers/{id}/export                  edit_customers
    POST /customers/{id}/group                   edit_customers
    POST /customers/{id}/notes                   edit_customers
    POST /customers/{id}/objections              edit_customers
    POST /customers/{id}/objections/lift         edit_customers
    POST /customers/{id}/notes/{note}/remove     edit_customers
    POST /customers/{id}/points                  edit_customers
    POST /customers/{id}/points/{point}/remove   edit_customers
    POST /customers/{id}/points/{point}/works    edit_customers
    POST /customers/{id}/promises                work_cases
    POST /customers/{id}/promises/{promise}      work_cases
    POST /customers/{id}/purchases               edit_customers
    POST /customers/{id}/orders/state            edit_customers
    POST /products                               edit_customers

    GET  /cases/{number}/goodwill                read_cases
    POST /cases/{number}/goodwill                grant_goodwill
    POST /cases/{number}/goodwill/{id}/reversal  grant_goodwill
    POST /cases/{number}/refunds                 grant_goodwill
    POST /cases/{number}/requests                grant_goodwill
    GET  /policies                               read_insights
    POST /policies                               edit_policies
    GET  /policies/{id}                          read_insights
    POST /policies/{id}                          edit_policies

    POST /mail                                   deliver_mail
    GET  /unprocessable                          read_unprocessable
    POST /unprocessable/{id}/retry               read_unprocessable
    POST /unprocessable/retries                  read_unprocessable
    GET  /received/{id}/raw                      read_unprocessable
    GET  /suppressions                           read_unprocessable
    GET  /sent                                   read_unprocessable
    GET  /sent/{id}                              read_unprocessable
    GET  /sent/{id}/raw                          read_unprocessable

    GET  /hub                                    read_insights
    GET  /hub/map.csv                            read_insights
    GET  /hub/words                              read_insights
    GET  /department                             decide_insights
    GET  /cases/{number}/document                document
    POST /cases/{number}/findings                document
    GET  /insights                               read_insights
    GET  /insights/search                        read_insights
    GET  /insights/{id}                          read_insights
    POST /insights/{id}/comments                 read_insights
    POST /insights/{id}/decision                 decide_insights
    POST /insights/{id}/department               settle_disputes
    POST /insights/{id}/owner                    decide_insights
    GET  /insights/{id}/answers                  work_cases
    POST /insights/{id}/answers                  work_cases
    POST /answers/{id}/again                     work_cases
    POST /answers/{id}/approvals                 work_cases
    POST /answers/{id}/cases                     work_cases
    POST /answers/{id}/cases/{number}            work_cases
    POST /answers/{id}/end                       work_cases
    POST /answers/{id}/files                     work_cases
    POST /answers/{id}/files/{file}/removal      work_cases
    POST /answers/{id}/sending                   work_cases
    POST /answers/{id}/texts                     work_cases
    GET  /insights/{id}/tell                     tell_customers|approve_telling
    POST /insights/{id}/tell                     tell_customers
    POST /tellings/{id}/approval                 approve_telling
    POST /tellings/{id}/customers/{customer}     tell_customers
    POST /tellings/{id}/end                      tell_customers
    POST /tellings/{id}/templates                tell_customers

    GET  /exposure                               report_exposure
    POST /exposure                               report_exposure
    GET  /finance/ledger                         edit_rates
    GET  /settings/rates                         edit_rates
    POST /settings/rates                         edit_rates

    GET  /start                                  manage_settings
    GET  /settings                               own_account
    GET  /settings/attributes                    manage_settings
    POST /settings/attributes                    manage_settings
    GET  /settings/attributes/fields             manage_settings
    POST /settings/attributes/fields             manage_settings
    GET  /settings/attributes/fields/{id}        manage_settings
    POST /settings/attributes/fields/{id}        manage_settings
    GET  /settings/attributes/states             manage_settings
    POST /settings/attributes/states             manage_settings
    GET  /settings/attributes/tags               manage_settings
    POST /settings/attributes/tags               manage_settings
    POST /settings/attributes/tags/{id}/merge    manage_settings
    POST /settings/attributes/tags/{id}/remove   manage_settings
    GET  /settings/acknowledgements              manage_settings
    POST /settings/acknowledgements/{id}         manage_settings
    GET  /settings/audit                         manage_settings
    POST /settings/complaints                    manage_settings
    GET  /settings/calendars                     manage_settings
    POST /settings/calendars                     manage_settings
    GET  /settings/calendars/{id}                manage_settings
    POST /settings/calendars/{id}                manage_settings
    POST /settings/calendars/{id}/days           manage_settings
    POST /settings/calendars/{id}/days/{day}/remove manage_settings
    POST /settings/calendars/{id}/import         manage_settings
    POST /settings/calendars/{id}/remove         manage_settings
    GET  /settings/deadlines                     manage_settings
    POST /settings/deadlines                     manage_settings
    POST /settings/deadlines/{id}/place          manage_settings
    POST /settings/deadlines/{id}/remove         manage_settings
    GET  /settings/departments                   manage_settings
    POST /settings/departments                   manage_settings
    GET  /settings/proof                         manage_settings
    POST /settings/proof                         manage_settings
    GET  /settings/proof/csv                     manage_settings
    POST /settings/proof/report                  manage_settings
    GET  /settings/proof/{id}                    manage_settings
    GET  /settings/proof/{id}/csv                manage_settings
    POST /settings/proof/{id}/again              manage_settings
    POST /settings/proof/{id}/settle             manage_settings
    GET  /settings/jobs                          manage_settings
    POST /settings/jobs/{id}/retry               manage_settings
    GET  /settings/mail                          manage_settings
    GET  /settings/queues                        manage_settings
    POST /settings/queues                        manage_settings
    GET  /settings/sending                       manage_settings
    POST /settings/sending/keys                  manage_settings
    POST /settings/sending/keys/{id}/check       manage_settings
    POST /settings/sending/keys/{id}/remove      manage_settings
    POST /settings/sending/keys/{id}/signs       manage_settings
    POST /settings/sending/queues/{id}           manage_settings
    POST /settings/sending/rules                 manage_settings
    POST /settings/sending/undo                  manage_settings
    GET  /settings/teams                         manage_settings
    POST /settings/teams                         manage_settings
    GET  /settings/mailboxes                     manage_settings
    POST /settings/mailboxes                     manage_settings
    GET  /settings/mailboxes/oauth               manage_settings
    POST /settings/mailboxes/test                manage_settings
    GET  /settings/mailboxes/{id}                manage_settings
    POST /settings/mailboxes/{id}                manage_settings
    POST /settings/mailboxes/{id}/attempt        manage_settings
    GET  /settings/mailboxes/{id}/connect        manage_settings
    POST /settings/mailboxes/{id}/pause          manage_settings
    POST /settings/mailboxes/{id}/remove         manage_settings
    GET  /settings/people                        manage_people
    POST /settings/people                        manage_people
    GET  /settings/people/{id}                   manage_people
    POST /settings/people/{id}                   manage_people
    POST /settings/people/{id}/link              manage_people
    GET  /settings/tokens                        manage_people
    POST /settings/tokens                        manage_people
    POST /settings/tokens/{id}/revoke            manage_people
";

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
        Right::WriteKnowledge => "write, publish and archive articles; who works on cases proposes drafts",
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
