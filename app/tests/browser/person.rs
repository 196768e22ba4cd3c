//! Somebody before a browser; everything waits for what it needs.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use kitt::platform::Role;
use thirtyfour::prelude::*;

use super::{PATIENCE, POLL, go, log_in, open};
use crate::world::{PASSWORD, email};

/// Whether keys do what they do on this page.
const AT_REST: &str = "return document.readyState === 'complete' \
    && document.querySelector('[data-htmx-powered]') !== null \
    && document.querySelector('.htmx-request, .htmx-swapping') === null";

/// Chromium before one house.
pub struct Browser {
    pub driver: WebDriver,
    pub origin: String,
}

impl Browser {
    pub async fn open(origin: &str) -> Result<Self> {
        Ok(Self { driver: open().await?, origin: origin.to_owned() })
    }

    pub async fn enter(&self, role: Role, path: &str) -> Result<()> {
        log_in(&self.driver, &self.origin, &email(role), PASSWORD).await?;
        go(&self.driver, &format!("{}{path}", self.origin)).await
    }

    /// Waits until an element of `css` shows `text`.
    pub async fn see(&self, css: &str, text: &str) -> Result<()> {
        let shown = format!("{css} showing {text:?}");
        let text = text.to_owned();
        let found = self.driver.query(By::Css(css)).with_filter(move |element: WebElement| {
            let text = text.clone();
            async move { Ok(element.text().await.unwrap_or_default().contains(&text)) }
        });
        found.wait(PATIENCE, POLL).first().await.context(shown)?;
        Ok(())
    }

    /// Waits until no element of `css` is there any more.
    pub async fn miss(&self, css: &str) -> Result<()> {
        let gone = self.driver.query(By::Css(css)).wait(PATIENCE, POLL).not_exists().await?;
        ensure!(gone, "{css} is still there");
        Ok(())
    }

    pub async fn find(&self, css: &str) -> Result<WebElement> {
        let found = self.driver.query(By::Css(css)).and_displayed().and_clickable();
        found.wait(PATIENCE, POLL).first().await.with_context(|| css.to_owned())
    }

    pub async fn click(&self, css: &str) -> Result<()> {
        Ok(self.find(css).await?.click().await?)
    }

    pub async fn write(&self, css: &str, text: &str) -> Result<()> {
        Ok(self.find(css).await?.send_keys(text).await?)
    }

    pub async fn choose(&self, css: &str, option: &str) -> Result<()> {
        let select = thirtyfour::components::SelectElement::new(&self.find(css).await?).await?;
        Ok(select.select_by_visible_text(option).await?)
    }

    /// Waits until the scripts have run and nothing is fetched.
    async fn rests(&self) -> Result<()> {
        // J and K wait a moment before they fetch.
        tokio::time::sleep(Duration::from_millis(150)).await;
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            // While a page gives way to another one, nothing runs in it.
            let state = self.driver.execute(AT_REST, vec![]).await.ok();
            if state.and_then(|rests| rests.json().as_bool()) == Some(true) {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
        bail!("the page never came to rest")
    }

    /// Types where the keyboard is, once what was pressed before is done.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        self.rests().await?;
        let element = self.driver.active_element().await?;
        Ok(element.send_keys(keys).await?)
    }

    /// Presses several keys, one after the other.
    pub async fn press_all(&self, keys: &[&str]) -> Result<()> {
        for key in keys {
            self.press(*key).await?;
        }
        Ok(())
    }

    /// A key together with Shift.
    pub async fn shift(&self, key: &str) -> Result<()> {
        self.press(Key::Shift + key).await
    }

    /// Sends what is being written.
    pub async fn send(&self) -> Result<()> {
        self.press(Key::Control + Key::Enter).await
    }

    /// Whether the keyboard is at `css`.
    pub async fn is_at(&self, css: &str) -> Result<bool> {
        let at = self.driver.execute("return document.activeElement.matches(arguments[0])", vec![css.into()]);
        Ok(at.await?.json() == &serde_json::Value::Bool(true))
    }

    /// Goes to `css` as people without a mouse do: Tab by Tab.
    pub async fn tab_to(&self, css: &str) -> Result<()> {
        for _ in 0..80 {
            if self.is_at(css).await? {
                return Ok(());
            }
            self.driver.active_element().await?.send_keys(Key::Tab).await?;
        }
        anyhow::bail!("Tab never came to {css}")
    }

    /// Chooses a command of the palette by the beginning of its name.
    pub async fn command(&self, name: &str) -> Result<()> {
        self.press(Key::Control + "k").await?;
        self.press(name).await?;
        self.see("#cmd [role=option].on", name).await?;
        self.press(Key::Enter).await
    }

    /// Opens a page of this house.
    pub async fn visit(&self, path: &str) -> Result<()> {
        go(&self.driver, &format!("{}{path}", self.origin)).await
    }

    /// Where the page is, what it tells and where the keyboard is: for whoever reads why a story failed.
    pub async fn says(&self) -> Result<String> {
        let script = "const told = [...document.querySelectorAll('.k-toast, .err, [role=alert]')];
            const at = document.activeElement.outerHTML.slice(0, 120);
            return [location.pathname, ...told.filter((one) => one.checkVisibility()).map((one) => one.innerText), at];";
        Ok(self.driver.execute(script, vec![]).await?.json().to_string())
    }
}
