//! Somebody before a browser; everything waits for what it needs.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use kitt::platform::Role;
use thirtyfour::prelude::*;

use super::{PATIENCE, POLL, go, log_in, open};
use crate::world::{PASSWORD, email};

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

    /// Types where the keyboard is.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        // The scripts take keys as soon as they have run.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let element = self.driver.active_element().await?;
        Ok(element.send_keys(keys).await?)
    }
}
