//! Text modules: written once, filled in for each case, in the customer's language.

use anyhow::Result;
use kitt::cases;
use kitt::cases::Channel;
use kitt::customers;
use kitt::people;
use kitt::platform::{CaseId, Role, sql};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    a_snippet_is_filled_in_for_the_case_in_the_customers_language,
    an_order_is_named_only_where_it_is_known_which,
    leads_keep_shared_ones_and_agents_their_own,
    a_table_brings_snippets_in_and_out,
    a_text_is_kept_shown_and_inserted_as_it_was_typed,
    a_table_changes_nothing_when_it_comes_back,
    a_table_that_does_not_fit_is_refused_by_row_and_column,
    an_answer_begins_and_ends_as_its_queue_wants,
    a_snippet_says_sie_or_du_as_its_customer_is_addressed,
    a_text_in_the_other_form_is_used_for_want_of_one_and_said,
    nobody_is_greeted_informally_by_mistake,
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

    /// Notes at the customer of a case how they are addressed: `formal`, `informal`, or empty for nothing.
    pub async fn address(&self, case: CaseId, tone: &str) -> Result<()> {
        let mut tx = self.read().await?;
        let id = cases::case(&mut tx, case).await?.customer;
        let customer = customers::customer(&mut tx, id).await?;
        drop(tx);
        let (version, name, language) = (customer.version, customer.name, customer.language);
        let form = json!({ "version": version, "name": name, "language": language, "tone": tone });
        let changed = self.post_json(Role::Agent, &format!("/customers/{id}"), &form).await?;
        anyhow::ensure!(changed.status == 200, "{}", changed.body);
        Ok(())
    }

    /// How the queue addresses those of whom nobody said.
    pub async fn usual_tone(&self, tone: &str) -> Result<()> {
        let queue = people::queue(&mut self.read().await?, self.queue).await?;
        let form = json!({
            "id": queue.id.to_string(), "name": queue.name, "answer_minutes": queue.answer_minutes.to_string(),
            "team": queue.team.map(|team| team.to_string()).unwrap_or_default(),
            "address": queue.address.unwrap_or_default(),
            "tone": tone,
        });
        let set = self.post_json(Role::Admin, "/settings/queues", &form).await?;
        anyhow::ensure!(set.json()?["tone"] == tone, "{}", set.body);
        Ok(())
    }

    async fn one_offered(&self, number: &str) -> Result<Value> {
        Ok(self.offered(Role::Agent, number, "dank").await?[0].clone())
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

async fn an_order_is_named_only_where_it_is_known_which(world: World) -> Result<()> {
    let number = world.case_number().await?;
    world.post_json(Role::Lead, "/snippets", &thanks(&json!({}))).await?;
    let customer = cases::by_number(&mut world.read().await?, &number).await?.customer;
    let mut said = Vec::new();
    for order in ["118-4471", "118-2035"] {
        let mut tx = world.app.db.write().await?;
        let sofa = customers::product(&mut tx, "Sofa Linde", "Möbel").await?;
        let price = money::Money::new(124_900, money::Currency::Eur);
        customers::add_purchase(&mut tx, customer, order, sofa, price, world.now()).await?;
        tx.commit().await?;
        said.push(world.one_offered(&number).await?["html"].to_string());
    }
    let mut tx = world.app.db.write().await?;
    sql("UPDATE cases SET subject = 'Zu 118-4471'").run(&mut tx).await?;
    tx.commit().await?;
    said.push(world.one_offered(&number).await?["html"].to_string());

    assert!(said[0].contains("118-4471"), "the only one: {said:?}");
    assert!(said[1].contains("{{order.number}}"), "which of two is not known: {said:?}");
    assert!(said[2].contains("118-4471"), "the case names it: {said:?}");
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
    let both = "shortcut,name,folder,language,body,informal\ngruss,Gruß,,de,Guten Tag,\"Hallo, du\"\n";
    world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": both })).await?;
    let csv = world.get(Role::Agent, "/snippets/csv").await?.body;
    let again = world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": csv })).await?;
    assert_eq!(again.json()?["snippets"], 1, "what was exported is read again");
    let all = world.get_json(Role::Agent, "/snippets").await?.json()?;
    let text = &all["items"][0]["texts"][0];
    assert!(text["informal"].as_str().is_some_and(|text| text.contains("Hallo, du")), "{text}");
    world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": table })).await?;
    let all = world.get_json(Role::Agent, "/snippets").await?.json()?;
    assert!(all.to_string().contains("Hallo, du"), "a table of before there were informal texts: {all}");
    let wrong = world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": "a,b\n1,2" })).await?;
    assert_eq!(wrong.status, 422);
    Ok(())
}

async fn a_text_is_kept_shown_and_inserted_as_it_was_typed(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let texts = json!({ "body_de": "Zeile 1 & <Preis>\r\na<b und <Betrag eintragen> bitte" });
    let added = world.post_json(Role::Lead, "/snippets", &thanks(&texts)).await?.json()?;
    let edit = format!("/snippets?edit={}", added["id"]);

    let first = world.get(Role::Lead, &edit).await?.body;
    let shown = "Zeile 1 &#38; &#60;Preis&#62;\na&#60;b und &#60;Betrag eintragen&#62; bitte</textarea>";
    assert!(first.contains(shown), "{first}");
    assert!(
        first.contains("{{customer.salutation}}, thank you!</textarea>"),
        "no more than a paragraph: {first}"
    );
    let path = format!("/snippets/{}", added["id"]);
    world.post_json(Role::Lead, &path, &thanks(&texts)).await?;
    assert!(world.get(Role::Lead, &edit).await?.body.contains(shown), "saved again");

    let found = world.one_offered(&number).await?;
    let html = "<p>Zeile 1 &amp; &lt;Preis&gt;<br>a&lt;b und &lt;Betrag eintragen&gt; bitte</p>";
    assert_eq!(found["html"], html);
    Ok(())
}

async fn a_table_changes_nothing_when_it_comes_back(world: World) -> Result<()> {
    let texts = json!({
        "queue": world.queue.to_string(), "body_de": "Kasten & Licht grüßt.\n\n  <Preis>", "body_en": "<p>a <b>b</b></p>",
    });
    world.post_json(Role::Lead, "/snippets", &thanks(&texts)).await?;
    let csv = world.get(Role::Agent, "/snippets/csv").await?.body;
    assert!(csv.contains("Kasten & Licht grüßt.\n\n  <Preis>"), "as people write it: {csv}");
    let all = world.get_json(Role::Agent, "/snippets").await?.json()?["items"].clone();

    world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": csv })).await?;

    assert_eq!(world.get(Role::Agent, "/snippets/csv").await?.body, csv);
    assert_eq!(world.get_json(Role::Agent, "/snippets").await?.json()?["items"], all, "queue and HTML, too");
    Ok(())
}

async fn a_table_that_does_not_fit_is_refused_by_row_and_column(world: World) -> Result<()> {
    let table = "shortcut,name,folder,language,body\n\
        gut,Gut,,de,Guten Tag\n\
        böse kürzel!,Böse,,de,Guten Tag\n\
        leer,,,de,Guten Tag\n\
        fremd,Fremd,,fr,Bonjour\n\
        offen,Offen,,de,\"Guten Tag\n";
    let refused = world.post_json(Role::Lead, "/snippets/imports", &json!({ "table": table })).await?;
    assert_eq!(refused.status, 422);
    for told in [
        "Zeile 3, shortcut: Ein Kürzel hat",
        "Zeile 4, name: Bitte ausfüllen.",
        "Zeile 5, language: Diese Sprache",
        "Zeile 6: Ein Anführungszeichen",
    ] {
        assert!(refused.body.contains(told), "{told}: {}", refused.body);
    }
    let all = world.get_json(Role::Agent, "/snippets").await?.json()?;
    assert_eq!(all["items"], json!([]), "none is kept");
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

async fn a_snippet_says_sie_or_du_as_its_customer_is_addressed(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let case = cases::by_number(&mut world.read().await?, &number).await?.id;
    let texts = json!({
        "body_de": "{{customer.salutation}}, danke Ihnen!",
        "body_de_informal": "{{customer.salutation}}, danke dir, {{customer.first_name}}!",
    });
    world.post_json(Role::Lead, "/snippets", &thanks(&texts)).await?;
    let (formal, informal) =
        ("Guten Tag Ingrid Sommerauer, danke Ihnen!", "Hallo Ingrid, danke dir, Ingrid!");

    let mut said = vec![("nothing is noted anywhere", formal, world.one_offered(&number).await?)];
    world.usual_tone("informal").await?;
    said.push(("the queue uses Du", informal, world.one_offered(&number).await?));
    world.address(case, "formal").await?;
    said.push(("her own form counts", formal, world.one_offered(&number).await?));
    world.usual_tone("formal").await?;
    world.address(case, "informal").await?;
    said.push(("she wants Du", informal, world.one_offered(&number).await?));

    for (why, text, found) in said {
        let tone = if text == formal { "formal" } else { "informal" };
        assert!(found["begins"].as_str().is_some_and(|begins| begins.contains(text)), "{why}: {found}");
        assert_eq!((&found["tone"], &found["other_tone"]), (&json!(tone), &json!(false)), "{why}");
    }
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let page = world.get(Role::Agent, &format!("/customers/{customer}")).await?.body;
    assert!(page.contains("spricht Deutsch, per Du"), "{page}");
    let unaware = json!({ "version": 3, "name": "Ingrid Sommerauer", "language": "de" });
    world.post_json(Role::Agent, &format!("/customers/{customer}"), &unaware).await?;
    assert_eq!(world.one_offered(&number).await?["tone"], "informal", "a program without it changes nothing");
    world.address(case, "").await?;
    assert_eq!(world.one_offered(&number).await?["tone"], "formal", "nothing is noted any more");
    Ok(())
}

async fn a_text_in_the_other_form_is_used_for_want_of_one_and_said(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let case = cases::by_number(&mut world.read().await?, &number).await?.id;
    let added = world.post_json(Role::Lead, "/snippets", &thanks(&json!({}))).await?.json()?;
    let preview = format!("/snippets?edit={}&case={number}", added["id"]);
    world.address(case, "informal").await?;

    let formal = world.one_offered(&number).await?;
    assert_eq!((&formal["tone"], &formal["other_tone"]), (&json!("formal"), &json!(true)), "{formal}");
    let html = formal["html"].as_str().unwrap_or_default();
    assert!(html.starts_with("<p>Guten Tag Ingrid"), "a letter has one tone: {html}");
    let page = world.get(Role::Lead, &preview).await?.body;
    assert!(page.contains("Dieser Text ist per Sie, hier gilt das Du."), "{page}");

    let only_informal = json!({ "body_de": "", "body_de_informal": "Danke dir!" });
    let path = format!("/snippets/{}", added["id"]);
    world.post_json(Role::Lead, &path, &thanks(&only_informal)).await?;
    assert_eq!(world.one_offered(&number).await?["other_tone"], false);
    world.address(case, "formal").await?;
    let found = world.one_offered(&number).await?;
    assert_eq!((&found["tone"], &found["other_tone"]), (&json!("informal"), &json!(true)), "{found}");
    let mut tx = world.app.db.write().await?;
    sql("UPDATE customers SET language = 'en'").run(&mut tx).await?;
    tx.commit().await?;
    let english = world.one_offered(&number).await?;
    assert_eq!((&english["tone"], &english["other_tone"]), (&json!(null), &json!(false)), "{english}");
    Ok(())
}

async fn nobody_is_greeted_informally_by_mistake(world: World) -> Result<()> {
    let number = world.case_number().await?;
    let case = cases::by_number(&mut world.read().await?, &number).await?.id;
    let frame = json!({
        "queue": world.queue, "closing_de": "Freundliche Grüße",
        "greeting_de_informal": "{{customer.salutation}}!", "closing_de_informal": "Bis bald",
    });
    world.post_json(Role::Lead, "/snippets/frames", &frame).await?;
    let path = format!("/cases/{number}");

    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("&#60;p&#62;Freundliche Grüße") && page.contains("per Sie"), "{page}");
    assert!(!page.contains("Hallo Ingrid") && !page.contains("Bis bald"), "{page}");
    world.address(case, "informal").await?;
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("&#60;p&#62;Hallo Ingrid!&#60;/p&#62;") && page.contains("Bis bald"), "{page}");
    let said = "<span class=\"err t12\" role=\"note\">Dieser Text ist per Sie, hier gilt das Du.";
    assert!(!page.contains(said), "{page}");

    let formal_only = json!({
        "queue": world.queue, "closing_de": "Wir danken Ihnen",
        "greeting_de_informal": "", "closing_de_informal": "",
    });
    world.post_json(Role::Lead, "/snippets/frames", &formal_only).await?;
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Wir danken Ihnen") && page.contains(said), "who writes sees it: {page}");
    Ok(())
}
