//! Says on every page of who sets Kitt up that rules switched themselves off.

use super::store;
use crate::platform::banners::Banner;
use crate::platform::{App, Result, Right};

/// Puts the banner up while there is such a rule.
pub async fn look(app: &App) -> Result<()> {
    let n = store::count_halted(&mut app.db.read().await?).await?;
    let banner = Banner {
        right: Right::ManageSettings,
        alarm: true,
        word: "rules-halted-banner",
        n,
        url: "/settings/rules",
        link_word: "rules-halted-look",
    };
    app.banners().set("rules", (0 < n).then_some(banner));
    Ok(())
}
