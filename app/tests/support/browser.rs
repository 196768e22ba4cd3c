//! A real browser: Debian's Chromium, driven over WebDriver.
//!
//! One driver per test process; each session gets a fresh profile from it. Choosing what to click is
//! left to the tests and their WebDriver client.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::Result;

use super::guard::{self, Guard};

/// What makes Chromium fit for tests: no window, as root, and no traffic of its own.
pub const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

#[derive(Debug)]
struct Driver {
    url: String,
    _guard: Guard,
}

static DRIVER: Mutex<Option<Driver>> = Mutex::new(None);

/// The browser's program, to be named in the session's capabilities.
pub fn chromium() -> Result<String> {
    guard::find("Chromium", &["chromium", "chromium-browser", "google-chrome"])
}

/// Where the WebDriver of this test process listens; starts it at the first call.
pub fn webdriver() -> Result<String> {
    // The WebDriver client can do TLS, and wants to know whose.
    drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
    let mut driver = DRIVER.lock().expect("starting the driver does not panic");
    if let Some(driver) = driver.as_ref() {
        return Ok(driver.url.clone());
    }
    let started = start()?;
    let url = started.url.clone();
    *driver = Some(started);
    Ok(url)
}

fn start() -> Result<Driver> {
    let chromedriver = guard::find("ChromeDriver", &["chromedriver"])?;
    let folder = tempfile::Builder::new().prefix("kitt-browser-").tempdir()?.keep();
    let guard = Guard::running(&chromedriver, &["--port=0"], &folder)?;
    // "ChromeDriver was started successfully on port 41233."
    let port = guard::wait_for(&folder.join("log"), Duration::from_secs(20), |log| {
        let (_, rest) = log.split_once("successfully on port ")?;
        rest.split_once('.').and_then(|(port, _)| port.parse::<u16>().ok())
    })?;
    Ok(Driver { url: format!("http://127.0.0.1:{port}"), _guard: guard })
}
