//! Everything enlarged fourfold: a window of 1280 × 1024 then shows 320 × 256 (WCAG 1.4.10). Pages scroll in one
//! direction only, nothing is cut off, and nothing that stays in place covers what the keyboard is at.

use anyhow::{Context, Result, ensure};
use kitt::platform::Role;
use thirtyfour::prelude::*;

use super::go;
use super::walk::{PAGES, Site, dress, in_the_example_company};

const LOOK: &str = r"
    const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
    const inBox = (element) => {
        for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
            if (scrolls(up)) return true;
        return false;
    };
    const name = (element) => `${element.localName}#${element.id}.${element.className}`.slice(0, 90);
    const found = [];
    if (innerWidth < document.documentElement.scrollWidth) found.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('body *')) {
        const { width, right } = element.getBoundingClientRect();
        if (!width || right <= innerWidth + 1 || element.closest('.sr, .clip, svg') || inBox(element)) continue;
        if (element.checkVisibility()) found.push(`cut off: ${name(element)}`);
    }
    const controls = 'main :is(a[href], button, select, textarea, input:not([type=hidden]), summary, [contenteditable])';
    for (const element of document.querySelectorAll(controls)) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
        // A form's first button, that Enter means: nobody gets there.
        if (element.matches('[tabindex][aria-hidden]')) continue;
        element.focus();
        element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { left, top, width, height } = element.getBoundingClientRect();
        if (!width || !height || document.activeElement !== element) continue;
        const at = document.elementFromPoint(left + Math.min(width, innerWidth) / 2, top + Math.min(height / 2, 12));
        const meant = at && (element.contains(at) || at.contains(element) || element.closest('label')?.contains(at));
        if (!meant) found.push(`covered: ${name(element)} by ${at ? name(at) : 'nothing'}`);
    }
    return found.slice(0, 12);
";

#[tokio::test(flavor = "multi_thread")]
async fn fourfold_enlarged_every_page_can_be_read_and_used() -> Result<()> {
    let findings = in_the_example_company(look).await?;
    ensure!(findings.is_empty(), "enlarged:\n{}", findings.join("\n"));
    Ok(())
}

async fn look(driver: &WebDriver, site: &Site) -> Result<Vec<String>> {
    dress(driver, 320, 256, "light").await?;
    let mut findings = Vec::new();
    let mut who: Option<Role> = None;
    let mut seen = Vec::new();
    for (role, path, _) in PAGES {
        if seen.contains(&(role, path)) {
            continue;
        }
        seen.push((role, path));
        if who != Some(*role) {
            site.enter(driver, *role).await?;
            who = Some(*role);
        }
        go(driver, &site.url(path)).await?;
        let found = driver.execute(LOOK, vec![]).await?;
        let found = found.json().as_array().context("a list")?.clone();
        findings.extend(found.iter().map(|one| format!("{role} {path}: {}", one.as_str().unwrap_or("?"))));
    }
    Ok(findings)
}
