//! Text modules: written once, filled in for each case, in the customer's language.

use anyhow::Result;
use kitt::cases;
use kitt::cases::Channel;
use kitt::platform::{Role, sql};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    a_snippet_is_filled_in_for_the_case_in_the_customers_language,
    leads_keep_shared_ones_and_agents_their_own,
    a_table_brings_snippets_in_and_out,
    an_answer_begins_and_ends_as_its_queue_wants,
);

fn thanks(more: &Value) -> Value {
    let mut form = json!({
        "name": "Dank", "shortcut": "dank", "folder": "Allgemein",
        "body_de": "<p>{{customer.salutation}}, danke! Fall {{case.number}}, {{order.number}}</p>",
        "body_en": "<p>{{customer.salutation}}, thank you!</p>",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        form[key] = value.clone();
    }
    form
}

impl World {
    async fn case_number(&self) -> Result<String> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let author = ("Ingrid Sommerauer", Some("ingrid@example.org"));
        let case = self.writes(customer, author, Channel::Email, "Die Lampe", "Sie flackert.").await?;
        Ok(cases::case(&mut self.read().await?, case).await?.number)
    }

    async fn offered(&self, role: Role, number: &str, typed: &str) -> Result<Value> {
        let found = self.get_json(role, &format!("/cases/{number}/snippets?q={typed}")).await?;
        Ok(found.json()?["items"].clone())
    }
}

async fn a_snippet_is_filled_in_for_the_case_in_the_customers_language(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let added = world.post_json(Role::Lead, "/snippets", &thanks(&json!({}))).await?;
    assert_eq!(added.status, 200, "{}", added.body);

    let found = world.offered(Role::Agent, &number, "dank").await?;
    let html = found[0]["html"].as_str().unwrap_or_default();
    let filled = format!("<p>Guten Tag Ingrid Sommerauer, danke! Fall {number}, {{{{order.number}}}}</p>");
    assert_eq!(html, filled);
    assert_eq!(found[0]["missing"], json!(["order.number"]));
    world.post_json(Role::Agent, &format!("/snippets/{}/uses", found[0]["id"]), &json!({})).await?;
    let all = world.get_json(Role::Agent, "/snippets").await?.json()?;
    assert_eq!(all["items"][0]["used"], 1);

    let mut tx = world.app.db.write().await?;
    sql("UPDATE customers SET language = 'en', salutation = 'Frau'").run(&mut tx).await?;
    tx.commit().await?;
    let found = world.offered(Role::Agent, &number, "DANK").await?;
    assert_eq!(found[0]["html"], "<p>Dear Ms Sommerauer, thank you!</p>");
    let page = world.get(Role::Lead, &format!("/snippets?edit={}&case={number}", found[0]["id"])).await?;
    assert!(page.body.contains("Dear Ms Sommerauer"), "{}", page.body);
    Ok(())
}

async fn leads_keep_shared_ones_and_agents_their_own(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let own = world.post_json(Role::Agent, "/snippets", &thanks(&json!({}))).await?.json()?;
    assert!(own["owner"].is_number(), "{own}");
    assert_eq!(world.offered(Role::Lead, &number, "").await?, json!([]));
    let shared = world.post_json(Role::Lead, "/snippets", &thanks(&json!({}))).await?.json()?;
    assert!(shared["owner"].is_null(), "{shared}");
    assert_eq!(world.offered(Role::Agent, &number, "").await?.as_array().map(Vec::len), Some(2));

    let id = &shared["id"];
    let changed = world.post_json(Role::Agent, &format!("/snippets/{id}"), &thanks(&json!({}))).await?;
    assert_eq!(changed.status, 403);
    for wrong in [
        json!({ "shortcut": "zwei worte" }),
        json!({ "shortcut": "dank" }),
        json!({ "shortcut": "neu", "body_de": "{{customr}}" }),
        json!({ "shortcut": "neu", "body_de": "", "body_en": "" }),
    ] {
        let refused = world.post_json(Role::Lead, "/snippets", &thanks(&wrong)).await?;
        assert_eq!(refused.status, 422, "{wrong}");
    }
    Ok(())
}

async fn a_table_brings_snippets_in_and_out(world: World) -> Result<()> {
    let table = "shortcut,name,folder,language,body\ngruss,Gruß,,de,\"Guten Tag, {{customer.name}}\"\ngruss,Gruß,,en,Hello\n";
    for _ in 0..2 {
        let done = world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": table })).await?;
        assert_eq!(done.json()?["snippets"], 1);
    }
    let csv = world.get(Role::Agent, "/snippets/csv").await?.body;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("Guten Tag, {{customer.name}}"), "{csv}");
    let wrong = world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": "a,b\n1,2" })).await?;
    assert_eq!(wrong.status, 422);
    Ok(())
}

async fn an_answer_begins_and_ends_as_its_queue_wants(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let frame =
        json!({ "queue": world.queue, "greeting_de": "{{customer.salutation}},", "closing_de": "Bis bald" });
    let done = world.post_json(Role::Lead, "/snippets/frames", &frame).await?;
    assert_eq!(done.status, 200, "{}", done.body);

    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("&#60;p&#62;Guten Tag Ingrid Sommerauer,&#60;/p&#62;"), "{page}");
    assert!(page.contains("&#60;p&#62;Bis bald&#60;/p&#62;"), "{page}");
    Ok(())
}
