//! A real browser logs in and walks every page in light, dark and on a phone; axe-core must find nothing, with
//! every dialog, menu and error open. A new page is one line in [`PAGES`].

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use example::Size;
use kitt::demo;
use kitt::node;
use kitt::people;
use kitt::platform::{App, Role, sql};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::{PATIENCE, POLL, go, log_in, open};
use crate::support::browser;
use crate::world;

/// Whose page it is, where it is, and what can be open on it: `click SELECTOR`, `press KEY`, `type SELECTOR TEXT`,
/// several joined by `then`. `{case}`, `{insight}`, `{customer}` and `{policy}` are ones of the example company.
pub const PAGES: &[(Role, &str, &[&str])] = &[
    (Role::Agent, "/cases", &["press ?", "press c", "press Control+k", "click [data-open=cmd]"]),
    (Role::Agent, "/cases?view=closed", &[]),
    (
        Role::Agent,
        "/cases?view=all&as=table",
        &[
            "click tbody input",
            "click tbody input then click #bulk-more summary",
            "click [popovertarget=exports]",
        ],
    ),
    (Role::Agent, "/views", &[]),
    (Role::Agent, "/views/new", &[]),
    (
        Role::Agent,
        "/cases/{case}",
        &[
            "press r", "press n", "press a", "press h", "press u", "press g", "press y", "press s",
            "press p", "press l",
        ],
    ),
    (Role::Agent, "/cases/{case}", &["press r", "press n", "press a", "press h", "press u", "press g"]),
    (
        Role::Agent,
        "/cases/{case}",
        &["press m", "press X", "press L", "press o", "press t", "press .", "click [popovertarget^=menu]"],
    ),
    (Role::Agent, "/cases/{case}/print?notes=yes", &[]),
    (Role::Agent, "/attendance", &["try [popovertarget=attendance]"]),
    (Role::Agent, "/tasks", &[]),
    (Role::Agent, "/handoffs", &[]),
    (Role::Agent, "/recurring", &[]),
    (Role::Agent, "/cases/26-99999", &[]),
    (Role::Agent, "/account", &[]),
    (Role::Agent, "/notices", &[]),
    (Role::Agent, "/notices/settings", &[]),
    (Role::Agent, "/cases/{case}/document", &[]),
    (Role::Agent, "/customers", &["press c"]),
    (
        Role::Agent,
        "/customers/{customer}",
        &["press e", "press n", "click [data-open=dlg-promise]", "click [data-open=dlg-point]"],
    ),
    (Role::Agent, "/search?q=lieferung", &[]),
    (Role::Agent, "/unprocessable", &[]),
    (Role::Agent, "/sent", &[]),
    (Role::Agent, "/hub", &[]),
    (Role::Agent, "/insights", &[]),
    (Role::Agent, "/insights/{insight}", &[]),
    (Role::Agent, "/insights/{insight}/tell", &[]),
    (Role::Agent, "/policies", &[]),
    (Role::Agent, "/knowledge", &[]),
    (Role::Agent, "/knowledge/new", &[]),
    (Role::Agent, "/knowledge/1", &[]),
    (Role::Department, "/department", &[]),
    (Role::Department, "/insights/{insight}", &[]),
    (
        Role::Department,
        "/insights/{theirs}",
        &[
            "click [data-open=dlg-owner]",
            "click [data-open=dlg-plan]",
            "click [data-open=dlg-dispute]",
            "click [data-open=dlg-decline]",
        ],
    ),
    // Not theirs: the error's page.
    (Role::Department, "/cases", &[]),
    (Role::Manager, "/hub", &["click [popovertarget=pick-time]", "click .k-eur"]),
    (Role::Manager, "/hub/words", &[]),
    (Role::Manager, "/exposure", &[]),
    (Role::Manager, "/finance/ledger", &[]),
    (Role::Manager, "/settings/rates", &[]),
    (Role::Admin, "/settings", &[]),
    (Role::Admin, "/settings/assignment", &[]),
    (Role::Admin, "/settings/attributes", &[]),
    (Role::Admin, "/settings/attributes/states", &[]),
    (Role::Admin, "/settings/attributes/tags?edit=1", &[]),
    (Role::Admin, "/settings/attributes/fields", &[]),
    (Role::Admin, "/settings/attributes/fields/3?try=damaged", &[]),
    (Role::Admin, "/settings/audit", &[]),
    (Role::Admin, "/staff?edit=1", &[]),
    (Role::Admin, "/settings/checklists", &[]),
    (Role::Admin, "/settings/departments", &[]),
    (Role::Admin, "/start", &[]),
    (Role::Admin, "/settings/patience", &[]),
    (Role::Admin, "/settings/notices", &[]),
    (Role::Admin, "/settings/proof", &[]),
    (Role::Admin, "/settings/jobs", &[]),
    (Role::Admin, "/settings/mail", &[]),
    (Role::Admin, "/settings/mailboxes", &[]),
    (Role::Admin, "/settings/mailboxes?add=microsoft", &[]),
    (Role::Admin, "/settings/people", &[]),
    (Role::Admin, "/settings/queues", &[]),
    (Role::Admin, "/settings/teams", &[]),
    (Role::Admin, "/settings/tokens", &[]),
    (Role::Admin, "/policies", &[]),
    (Role::Admin, "/knowledge?show=due", &[]),
    (Role::Admin, "/knowledge/1?language=en", &[]),
    (Role::Admin, "/knowledge/1/edit?language=en", &[]),
    (Role::Admin, "/knowledge/1/versions", &[]),
    (Role::Admin, "/api", &["click summary"]),
];

/// Pages of somebody who is not logged in.
const DOORS: &[(&str, &[&str])] = &[
    ("/login", &["type #email nobody@haus.example then type #password something then click button.pri"]),
    ("/welcome/unknown", &[]),
    ("/api", &[]),
];

/// Width, height, and the colour scheme that the system asks for.
const LOOKS: [(&str, u32, u32, &str); 3] =
    [("light", 1440, 900, "light"), ("dark", 1440, 900, "dark"), ("phone", 390, 844, "light")];

/// The running house, and what of it the pages need.
pub struct Site {
    origin: String,
    case: String,
    insight: i64,
    /// One that the department in [`PAGES`] has to decide about.
    theirs: i64,
    customer: i64,
    policy: i64,
    people: Vec<people::Person>,
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_of_any_page() -> Result<()> {
    let findings = in_the_example_company(walk).await?;
    ensure!(findings.is_empty(), "axe-core found:\n{}", findings.join("\n"));
    Ok(())
}

/// What somebody finds who goes through the pages of the example company.
pub async fn in_the_example_company(
    go_through: impl AsyncFnOnce(&WebDriver, &Site) -> Result<Vec<String>>,
) -> Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let app = world::open(&format!("sqlite:{}/kitt.sqlite", folder.path().display()), folder.path()).await?;
    let few = Size { customers: 80, cases: 400 };
    demo::fill_once(&app, 7, few, &demo::Progress::hidden()).await?;
    let running = node::start(app.clone()).await?;
    let site = Site::of(&app, format!("http://{}", running.address)).await?;
    let driver = open().await?;
    let found = go_through(&driver, &site).await;
    driver.quit().await?;
    running.stop().await;
    found
}

impl Site {
    async fn of(app: &App, origin: String) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let people = people::all(&mut tx).await?;
        let head = email_of(&people, Role::Department)?;
        Ok(Self {
            origin,
            theirs: sql("SELECT MIN(i.id) FROM insights i
                         JOIN people_departments m ON m.department_id = i.department_id
                         JOIN people p ON p.id = m.person_id
                         WHERE i.state = 'open' AND p.email = $1")
            .bind(head)
            .value(&mut tx)
            .await?,
            case: sql("SELECT MAX(number) FROM cases WHERE status = 'open' AND bin IS NULL")
                .value(&mut tx)
                .await?,
            insight: sql("SELECT MIN(id) FROM insights").value(&mut tx).await?,
            customer: sql("SELECT MIN(customer_id) FROM cases").value(&mut tx).await?,
            policy: sql("SELECT MIN(id) FROM goodwill_policies").value(&mut tx).await?,
            people,
        })
    }

    pub fn url(&self, path: &str) -> String {
        let path = path.replace("{case}", &self.case).replace("{insight}", &self.insight.to_string());
        let path = path.replace("{customer}", &self.customer.to_string());
        let path = path.replace("{theirs}", &self.theirs.to_string());
        format!("{}{}", self.origin, path.replace("{policy}", &self.policy.to_string()))
    }

    fn email(&self, role: Role) -> Result<&str> {
        email_of(&self.people, role)
    }

    /// Somebody of this role logs in.
    pub async fn enter(&self, driver: &WebDriver, role: Role) -> Result<()> {
        log_in(driver, &self.origin, self.email(role)?, demo::PASSWORD).await
    }
}

/// Somebody who is this and nothing else.
fn email_of(people: &[people::Person], role: Role) -> Result<&str> {
    let person = people.iter().find(|person| person.roles == [role] && person.active);
    person.map(|person| person.email.as_str()).with_context(|| format!("nobody is {role}"))
}

async fn walk(driver: &WebDriver, site: &Site) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (look, width, height, scheme) in LOOKS {
        dress(driver, width, height, scheme).await?;
        driver.delete_all_cookies().await?;
        for (path, states) in DOORS {
            examine(driver, site, path, states, look, &mut findings).await?;
        }
        let mut who = None;
        for (role, path, states) in PAGES {
            if who != Some(*role) {
                site.enter(driver, *role).await?;
                who = Some(*role);
            }
            examine(driver, site, path, states, look, &mut findings).await?;
        }
    }
    Ok(findings)
}

/// The page as it comes, then with each of its `states` open.
async fn examine(
    driver: &WebDriver,
    site: &Site,
    path: &str,
    states: &[&str],
    look: &str,
    findings: &mut Vec<String>,
) -> Result<()> {
    for state in std::iter::once(&"").chain(states) {
        go(driver, &site.url(path)).await?;
        for step in state.split(" then ").filter(|step| !step.is_empty()) {
            act(driver, step).await.with_context(|| format!("{path}, {look}: {step}"))?;
        }
        let found = axe(driver).await.with_context(|| format!("{path}, {look}, {state}"))?;
        findings.extend(found.into_iter().map(|finding| format!("{path} ({look}) {state}: {finding}")));
    }
    Ok(())
}

async fn act(driver: &WebDriver, step: &str) -> Result<()> {
    let (verb, rest) = step.split_once(' ').context("a verb and its object")?;
    match verb {
        "click" => {
            let element = driver.query(By::Css(rest)).wait(PATIENCE, POLL).first().await?;
            // On a phone the navigation covers the lower edge.
            element.scroll_into_view().await?;
            element.click().await?;
        }
        // What a phone has no room for.
        "try" => {
            let element = driver.query(By::Css(rest)).wait(PATIENCE, POLL).first().await?;
            if element.is_displayed().await? {
                element.click().await?;
            }
        }
        "type" => {
            let (field, text) = rest.split_once(' ').context("a field and its text")?;
            driver.query(By::Css(field)).wait(PATIENCE, POLL).first().await?.send_keys(text).await?;
        }
        "press" => {
            let body = driver.find(By::Tag("body")).await?;
            match rest.strip_prefix("Control+") {
                Some(key) => body.send_keys(Key::Control + key).await?,
                None => body.send_keys(rest).await?,
            }
        }
        _ => anyhow::bail!("no such step: {step}"),
    }
    // Dialogs glide in; colours half way would be measured.
    tokio::time::sleep(Duration::from_millis(350)).await;
    Ok(())
}

/// What axe-core finds on the page as it is.
async fn axe(driver: &WebDriver) -> Result<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(&file)
        .with_context(|| format!("{}: `make assets` gets it", file.display()))?;
    driver.execute(source, vec![]).await?;
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(
            ({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
                nodes.map((node) => `${id}: ${help}: ${node.target} ${node.html.slice(0, 200)}`))),
            (error) => done([String(error)]));";
    let found = driver.execute_async(script, vec![]).await?;
    let found = found.json().as_array().context("a list of findings")?;
    Ok(found.iter().map(|one| one.as_str().unwrap_or("?").to_owned()).collect())
}

pub async fn dress(driver: &WebDriver, width: u32, height: u32, scheme: &str) -> Result<()> {
    let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
    emulate(driver, "setDeviceMetricsOverride", screen).await?;
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    emulate(driver, "setEmulatedMedia", media).await
}

async fn emulate(driver: &WebDriver, command: &str, params: Value) -> Result<()> {
    devtools(driver, &format!("Emulation.{command}"), params).await?;
    Ok(())
}

/// Chromium's own commands, which the standard does not have.
pub async fn devtools(driver: &WebDriver, command: &str, params: Value) -> Result<Value> {
    let url = format!("{}/session/{}/goog/cdp/execute", browser::webdriver()?, driver.session_id());
    let command = json!({ "cmd": command, "params": params });
    let answer = reqwest::Client::new().post(url).json(&command).send().await?.error_for_status()?;
    Ok(answer.json::<Value>().await?["value"].take())
}
