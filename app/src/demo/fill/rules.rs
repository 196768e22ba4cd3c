//! The rules that everybody is offered as examples: those that only mark something are on.

use super::super::hours;
use crate::platform::{App, Language, Result, Tx, Words};
use crate::rules;
use crate::rules::{Draft, RuleKind};

pub async fn fill(app: &App, tx: &mut Tx) -> Result<()> {
    let words = Words::new(Language::De, app.zone(), app.now());
    for (code, draft) in rules::examples(&words) {
        let active = draft.kind == RuleKind::Macro || code == "invoice";
        rules::add_past(tx, &Draft { active, ..draft }, hours::back(app, 88, (10, 20))).await?;
    }
    Ok(())
}
