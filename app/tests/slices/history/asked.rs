//! What the audit log can be asked for.

use anyhow::Result;
use axum::http::StatusCode;
use kitt::platform::Role;
use serde_json::json;

use crate::world::{World, both};

both!(the_audit_log_says_what_it_cannot_be_asked_for);

async fn the_audit_log_says_what_it_cannot_be_asked_for(world: World) -> Result<()> {
    world.post_form(Role::Admin, "/settings/teams", &[("name", "Werkstatt")]).await?;

    for (query, field, message) in [
        ("by=eva", "by", "„Wer“ muss die Nummer einer Person sein."),
        (
            "kind=teams",
            "kind",
            "Diesen Bereich gibt es nicht. Möglich sind people, settings, rules, texts, lists und mail.",
        ),
        ("from=01.11.", "from", "„Vom“ muss ein Tag sein, wie 2026-11-01."),
        ("until=morgen", "until", "„Bis einschließlich“ muss ein Tag sein, wie 2026-11-30."),
    ] {
        let program = world.get_json(Role::Admin, &format!("/settings/audit?{query}")).await?;
        assert_eq!(program.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", program.body);
        assert_eq!(program.json()?["errors"], json!([{ "field": field, "message": message }]));
        let page = world.get(Role::Admin, &format!("/settings/audit?{query}")).await?;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(page.body.contains(message) && !page.body.contains("Werkstatt"), "{query}: {}", page.body);
        let file = world.get(Role::Admin, &format!("/exports/audit?{query}&format=csv")).await?;
        assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY, "a file of all is not what was asked for");
    }
    let several = world.get_json(Role::Admin, "/settings/audit?by=eva&from=x&until=").await?.json()?;
    assert_eq!(several["errors"].as_array().map(Vec::len), Some(2), "{several}");
    Ok(())
}
