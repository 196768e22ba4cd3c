//! A real browser logs in and walks every page in light, dark and on a phone; axe-core must find nothing, with
//! every dialog, menu and error open. A new page is one line in [`PAGES`].

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;
#[path = "../support/world.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "uses a part of the support code")]
mod world;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::node;
use kitt::platform::Role;
use serde_json::{Value, json};
use support::browser;
use thirtyfour::prelude::*;
use world::{PASSWORD, World, email};

/// Whose page it is, where it is, and what can be open on it: `click SELECTOR` or `press KEY`, steps apart by
/// `then`. `{case}` is a case with a customer.
const PAGES: &[(Role, &str, &[&str])] = &[
    (Role::Agent, "/cases", &["press ?", "press Control+k", "click [data-open=cmd]"]),
    (Role::Agent, "/cases/{case}", &["press r", "press n", "press a", "press h"]),
    (Role::Agent, "/cases/26-99999", &[]),
    (Role::Agent, "/account", &[]),
    (Role::Agent, "/unprocessable", &[]),
    (Role::Admin, "/api", &["click summary"]),
    (Role::Department, "/cases", &[]),
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

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_of_any_page() -> Result<()> {
    let world = World::on_sqlite().await?;
    let case = furnish(&world).await?;
    let running = node::start(world.app.clone()).await?;
    let origin = format!("http://{}", running.address);
    let driver = open().await?;
    let walked = walk(&driver, &origin, &case).await;
    driver.quit().await?;
    running.stop().await;
    let findings = walked?;
    ensure!(findings.is_empty(), "axe-core found:\n{}", findings.join("\n"));
    Ok(())
}

/// A case that somebody wrote down; its number.
async fn furnish(world: &World) -> Result<String> {
    let call = json!({
        "channel": "phone", "reach": "ingrid@example.org", "name": "Ingrid Sommerauer",
        "subject": "Die Lampe flackert", "text": "Seit gestern flackert sie.",
    });
    let logged = world.post_json(Role::Agent, "/cases", &call).await?;
    ensure!(logged.status.is_success(), "{}", logged.body);
    world.settle().await?;
    let list = world.get_json(Role::Agent, "/cases").await?.json()?;
    list["items"][0]["number"].as_str().map(str::to_owned).with_context(|| format!("a number in {list}"))
}

async fn walk(driver: &WebDriver, origin: &str, case: &str) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (look, width, height, scheme) in LOOKS {
        dress(driver, width, height, scheme).await?;
        let mut who = None;
        driver.delete_all_cookies().await?;
        for (path, states) in DOORS {
            examine(driver, origin, path, states, look, &mut findings).await?;
        }
        for (role, path, states) in PAGES {
            if who != Some(*role) {
                driver.delete_all_cookies().await?;
                log_in(driver, origin, *role).await?;
                who = Some(*role);
            }
            examine(driver, origin, &path.replace("{case}", case), states, look, &mut findings).await?;
        }
    }
    Ok(findings)
}

/// The page as it comes, then with each of its `states` open.
async fn examine(
    driver: &WebDriver,
    origin: &str,
    path: &str,
    states: &[&str],
    look: &str,
    findings: &mut Vec<String>,
) -> Result<()> {
    for state in std::iter::once(&"").chain(states) {
        go(driver, &format!("{origin}{path}")).await?;
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
        "click" => driver.query(By::Css(rest)).wait(PATIENCE, POLL).first().await?.click().await?,
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

const POLL: Duration = Duration::from_millis(50);

async fn log_in(driver: &WebDriver, origin: &str, role: Role) -> Result<()> {
    go(driver, &format!("{origin}/login?next=/account")).await?;
    driver.find(By::Id("email")).await?.send_keys(email(role)).await?;
    driver.find(By::Id("password")).await?.send_keys(PASSWORD).await?;
    driver.find(By::Css("form button.pri")).await?.click().await?;
    driver
        .query(By::Css(".k-bar"))
        .wait(PATIENCE, POLL)
        .first()
        .await
        .context("the login did not lead in")?;
    Ok(())
}

async fn go(driver: &WebDriver, url: &str) -> Result<()> {
    driver.goto(url).await?;
    // The scripts are modules: they run after the page is there.
    for _ in 0..200 {
        let ready = driver.execute("return document.readyState === 'complete'", vec![]).await?;
        if ready.json() == &Value::Bool(true) {
            return Ok(());
        }
        tokio::time::sleep(POLL).await;
    }
    anyhow::bail!("{url} never came")
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

async fn dress(driver: &WebDriver, width: u32, height: u32, scheme: &str) -> Result<()> {
    let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
    emulate(driver, "setDeviceMetricsOverride", screen).await?;
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    emulate(driver, "setEmulatedMedia", media).await
}

/// Chromium's own commands, which the standard does not have.
async fn emulate(driver: &WebDriver, command: &str, params: Value) -> Result<()> {
    let url = format!("{}/session/{}/goog/cdp/execute", browser::webdriver()?, driver.session_id());
    let command = json!({ "cmd": format!("Emulation.{command}"), "params": params });
    reqwest::Client::new().post(url).json(&command).send().await?.error_for_status()?;
    Ok(())
}

async fn open() -> Result<WebDriver> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&browser::chromium()?)?;
    for argument in browser::ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg("--lang=de")?;
    let driver = WebDriver::new(browser::webdriver()?, capabilities).await?;
    driver.set_script_timeout(PATIENCE).await?;
    Ok(driver)
}
