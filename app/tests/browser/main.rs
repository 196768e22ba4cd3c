//! A real browser: it walks every page ([`walk`]), people close the circle in it ([`circle`]), and work a whole day
//! without a mouse ([`day`], [`shift`]).

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "uses a part of the support code")]
mod support;
#[path = "../support/world.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "uses a part of the support code")]
mod world;

mod attributes;
mod circle;
mod day;
mod keys;
mod offline;
mod person;
mod picture;
mod post;
mod reflow;
mod shift;
mod tree;
mod two;
mod walk;

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use support::browser;
use thirtyfour::prelude::*;

const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// Whoever was logged in before is logged out.
async fn log_in(driver: &WebDriver, origin: &str, email: &str, password: &str) -> Result<()> {
    driver.delete_all_cookies().await?;
    go(driver, &format!("{origin}/login?next=/account")).await?;
    driver.find(By::Id("email")).await?.send_keys(email).await?;
    driver.find(By::Id("password")).await?.send_keys(password).await?;
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
