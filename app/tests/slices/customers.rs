//! The customer's file.

mod live;
mod promises;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::customers;
use kitt::customers::{NewCustomer, PointKind};
use kitt::platform::{Error, Language, Right, Role, Timestamp};
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    an_address_in_any_case_is_the_same_customer,
    a_contact_point_stays_with_its_first_owner,
    a_note_is_kept_with_its_source_and_can_be_forgotten,
    what_is_too_long_is_refused_and_never_cut,
    a_promise_is_made_for_a_day_that_comes,
    a_promise_is_broken_once_its_time_is_over,
    a_list_goes_on_where_it_ended,
    a_new_customer_has_a_page_with_everything_and_its_json_twin,
    who_edits_an_old_version_is_told_so,
    a_contact_point_of_somebody_else_is_refused_by_hand,
    a_promise_is_ended_by_the_page_of_its_customer_only,
    unknown_ids_are_errors_of_the_form,
    a_purchase_needs_a_known_product_and_an_order,
    the_list_is_paged_by_name_and_searched,
    the_sum_of_orders_is_called_sales_and_nothing_is_invented,
    an_order_says_how_it_stands_and_is_at_hand_in_the_answer,
    a_disclosure_has_all_that_is_stored_for_those_who_may_edit,
    a_disclosure_has_every_purchase_however_many,
    what_was_said_is_shown_to_those_who_may_read_cases_only,
);

async fn an_address_in_any_case_is_the_same_customer(world: World) -> Result<()> {
    let first = world.customer("Ingrid Sommerauer", "Ingrid@Example.org").await?;
    let second = world.customer("I. S.", " ingrid@example.ORG").await?;

    assert_eq!(first, second);
    let mut tx = world.read().await?;
    let file = customers::file(&mut tx, first, world.now()).await?;
    assert_eq!((file.customer.name.as_str(), file.points.len()), ("Ingrid Sommerauer", 1));
    assert_eq!(customers::email(&mut tx, first).await?.as_deref(), Some("Ingrid@Example.org"));
    Ok(())
}

async fn a_contact_point_stays_with_its_first_owner(world: World) -> Result<()> {
    let first = world.customer("Anna", "familie@example.org").await?;
    let mut tx = world.app.db.write().await?;
    let points =
        vec![(PointKind::Email, "FAMILIE@example.org".into()), (PointKind::Phone, "+43 1 23 45".into())];
    let new = NewCustomer { name: "Ben".into(), points, ..NewCustomer::default() };
    let second = customers::add(&world.app, &mut tx, &world.agent, &new).await?;

    assert_eq!(customers::by_point(&mut tx, PointKind::Email, "familie@example.org").await?, Some(first));
    assert_eq!(customers::by_point(&mut tx, PointKind::Phone, "+4312345").await?, Some(second));
    Ok(())
}

async fn a_note_is_kept_with_its_source_and_can_be_forgotten(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let (app, agent) = (&world.app, &world.agent);

    customers::note(app, agent, customer, "  hat einen Hund ").await?;
    let empty = customers::note(app, agent, customer, " ").await;
    let stranger = customers::note(app, &world.department_member, customer, "x").await;
    let notes = customers::file(&mut world.read().await?, customer, world.now()).await?.notes;
    customers::forget_note(app, agent, customer, notes[0].id).await?;
    let again = customers::forget_note(app, agent, customer, notes[0].id).await;

    assert_eq!((notes[0].text.as_str(), notes[0].source.as_str()), ("hat einen Hund", "Eva Agent"));
    assert!(matches!(empty, Err(Error::Invalid(_))));
    assert!(matches!(stranger, Err(Error::Forbidden(Right::EditCustomers))));
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    assert!(customers::file(&mut world.read().await?, customer, world.now()).await?.notes.is_empty());
    Ok(())
}

async fn what_is_too_long_is_refused_and_never_cut(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let (long, kept) = ("x".repeat(10_000), "x".repeat(1500));
    let path = format!("/customers/{customer}");
    for (path, body, field) in [
        (format!("{path}/notes"), json!({"text": long}), "text"),
        (format!("{path}/promises"), json!({"text": long, "due": "2026-11-20T12:00"}), "text"),
        (path.clone(), json!({"version": 1, "name": long}), "name"),
        (path.clone(), json!({"version": 1, "name": "Anna", "town": long}), "town"),
        ("/customers".to_owned(), json!({"name": "Ben", "street": long}), "street"),
    ] {
        let refused = world.post_json(Role::Agent, &path, &body).await?;
        assert_eq!(refused.status, 422, "{path}");
        let errors = refused.json()?["errors"].clone();
        assert_eq!(
            (&errors[0]["field"], &errors[0]["message"]),
            (&json!(field), &json!("Das ist zu lang.")),
            "{path}"
        );
    }
    world.post_json(Role::Agent, &format!("{path}/notes"), &json!({"text": kept})).await?;
    let notes = customers::file(&mut world.read().await?, customer, world.now()).await?.notes;
    assert_eq!(notes.iter().map(|note| note.text.len()).collect::<Vec<_>>(), [1500]);
    Ok(())
}

async fn a_promise_is_made_for_a_day_that_comes(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    for due in ["1900-01-01T12:00", "9999-12-31T12:00", "2050-01-01T00:00:00Z"] {
        let form = [("text", "Wir rufen an"), ("due", due)];
        let refused = world.post_form(Role::Agent, &format!("/customers/{customer}/promises"), &form).await?;
        assert_eq!(refused.status, 422, "{due}");
    }
    assert!(customers::file(&mut world.read().await?, customer, world.now()).await?.promises.is_empty());
    Ok(())
}

async fn a_promise_is_broken_once_its_time_is_over(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let due = world.now() + Timestamp::days(2);
    cases::promise(&world.app, &world.agent, customer, None, "Wir rufen an", due).await?;
    let promise = customers::file(&mut world.read().await?, customer, world.now()).await?.promises.remove(0);

    assert!(!promise.is_broken(world.now()) && !promise.is_broken(due));
    assert!(promise.is_broken(due + Timestamp::days(1)));
    cases::end_promise(&world.app, &world.agent, customer, promise.id, true).await?;
    let kept = customers::file(&mut world.read().await?, customer, world.now()).await?.promises.remove(0);
    assert!(!kept.is_broken(due + Timestamp::days(1)));
    assert_eq!(kept.made_by.as_deref(), Some("Eva Agent"));
    Ok(())
}

async fn a_list_goes_on_where_it_ended(world: World) -> Result<()> {
    for (name, local) in [("Özlem", "o"), ("anton", "a"), ("Zoe", "z"), ("Berta", "b")] {
        world.customer(name, &format!("{local}@example.org")).await?;
    }
    let mut tx = world.read().await?;
    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let page = customers::list(&mut tx, "", cursor, 3).await?;
        names.extend(page.iter().map(|customer| customer.name.clone()));
        let Some(last) = page.last().filter(|_| page.len() == 3) else { break };
        cursor = Some((customers::fold(&last.name), last.id));
    }

    assert_eq!(names, ["anton", "Berta", "Özlem", "Zoe"]);
    assert_eq!(customers::list(&mut tx, "özl", None, 10).await?.len(), 1);
    Ok(())
}

async fn a_new_customer_has_a_page_with_everything_and_its_json_twin(world: World) -> Result<()> {
    let form = [("name", "Ingrid Sommerauer"), ("email", "ingrid@mail.example"), ("town", "Graz")];
    let answer = world.post_form(Role::Agent, "/customers", &form).await?;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let path = answer.location().to_owned();
    world.post_form(Role::Agent, &format!("{path}/notes"), &[("text", "Mag Anrufe nach 17 Uhr")]).await?;
    let point = [("kind", "phone"), ("value", "+43 664 1234567")];
    world.post_form(Role::Agent, &format!("{path}/points"), &point).await?;
    let promise = [("text", "Rückruf"), ("due", "2026-11-20T12:00")];
    world.post_form(Role::Agent, &format!("{path}/promises"), &promise).await?;

    let page = world.get(Role::Agent, &path).await?;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in ["Ingrid Sommerauer", "Graz", "Mag Anrufe nach 17 Uhr", "+43 664 1234567", "Rückruf", "<svg"]
    {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    let data = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(data["name"], "Ingrid Sommerauer");
    assert_eq!(data["notes"][0]["source"], "Eva Agent");
    assert_eq!(data["points"].as_array().map(Vec::len), Some(2));
    assert_eq!(data["promises"][0]["due_at"], "2026-11-20T11:00:00Z", "Vienna is an hour ahead");
    assert_eq!(data["timeline"][0]["what"], "promise");
    assert_eq!(world.get(Role::Agent, "/customers/999999").await?.status, 404);
    assert_eq!(world.get_json(Role::Department, &path).await?.status, 403);
    Ok(())
}

async fn who_edits_an_old_version_is_told_so(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let path = format!("/customers/{customer}");
    let first = [("version", "1"), ("name", "Anna Neubauer"), ("language", "en"), ("town", "Wels")];
    assert_eq!(world.post_form(Role::Agent, &path, &first).await?.status, 303);
    let second = [("version", "1"), ("name", "Anna Altbauer"), ("language", "de")];
    assert_eq!(world.post_form(Role::Lead, &path, &second).await?.status, 409);
    let empty = serde_json::json!({ "version": 2, "name": " " });
    assert_eq!(world.post_json(Role::Agent, &path, &empty).await?.status, 422);

    let row = customers::customer(&mut world.read().await?, customer).await?;
    assert_eq!((row.name.as_str(), row.version), ("Anna Neubauer", 2));
    assert_eq!((row.language, row.town.as_deref()), (Language::En, Some("Wels")));
    Ok(())
}

async fn a_contact_point_of_somebody_else_is_refused_by_hand(world: World) -> Result<()> {
    world.customer("Anna", "familie@example.org").await?;
    let ben = world.customer("Ben", "ben@example.org").await?;
    for value in ["familie@EXAMPLE.org", "kein Komma", ""] {
        let form = [("kind", "email"), ("value", value)];
        let answer = world.post_form(Role::Agent, &format!("/customers/{ben}/points"), &form).await?;
        assert_eq!(answer.status, 422, "{value}");
    }
    let points = customers::file(&mut world.read().await?, ben, world.now()).await?.points;
    let other = world.customer("Anna", "familie@example.org").await?;
    let foreign = format!("/customers/{other}/points/{}/remove", points[0].id);
    assert_eq!(world.post_form(Role::Agent, &foreign, &[]).await?.status, 404, "not her address");
    let own = format!("/customers/{ben}/points/{}/remove", points[0].id);
    assert_eq!(world.post_form(Role::Agent, &own, &[]).await?.status, 303);
    assert!(customers::file(&mut world.read().await?, ben, world.now()).await?.points.is_empty());
    Ok(())
}

async fn a_promise_is_ended_by_the_page_of_its_customer_only(world: World) -> Result<()> {
    let anna = world.customer("Anna", "anna@example.org").await?;
    let ben = world.customer("Ben", "ben@example.org").await?;
    let due = world.now() + Timestamp::days(2);
    cases::promise(&world.app, &world.agent, anna, None, "Wir rufen an", due).await?;
    let id = customers::file(&mut world.read().await?, anna, world.now()).await?.promises[0].id;
    let foreign = format!("/customers/{ben}/promises/{id}");
    assert_eq!(world.post_form(Role::Agent, &foreign, &[("kept", "true")]).await?.status, 404);
    let own = format!("/customers/{anna}/promises/{id}");
    assert_eq!(world.post_form(Role::Agent, &own, &[("kept", "vielleicht")]).await?.status, 422);
    assert_eq!(world.post_form(Role::Agent, &own, &[("kept", "false")]).await?.status, 303);
    let promise = customers::file(&mut world.read().await?, anna, world.now()).await?.promises.remove(0);
    assert_eq!(promise.kept, Some(false));
    let again = world.post_form(Role::Agent, &own, &[("kept", "true")]).await?;
    assert_eq!(again.status, 404, "it is ended once");
    Ok(())
}

async fn unknown_ids_are_errors_of_the_form(world: World) -> Result<()> {
    let anna = world.customer("Anna", "anna@example.org").await?;
    let promise = [("text", "Wir rufen an"), ("due", "2026-11-20T09:00")];
    let nobody = world.post_form(Role::Agent, "/customers/999/promises", &promise).await?;
    assert_eq!(nobody.status, 404);
    let keeper = json!({"version": 1, "name": "Anna", "keeper": 999});
    for path in ["/api/v1/customers".to_owned(), format!("/api/v1/customers/{anna}")] {
        let refused = world.post_json(Role::Agent, &path, &keeper).await?;
        assert_eq!(refused.status, 422, "{path}: {}", refused.body);
        assert_eq!(refused.json()?["errors"][0]["field"], "keeper");
    }
    Ok(())
}

async fn a_purchase_needs_a_known_product_and_an_order(world: World) -> Result<()> {
    let anna = world.customer("Anna", "anna@example.org").await?;
    let sofa = json!({"name": "Sofa Linde", "group": "Sofas"});
    let product = world.post_json(Role::Agent, "/api/v1/products", &sofa).await?.json()?["id"].clone();
    let again = world.post_json(Role::Agent, "/api/v1/products", &sofa).await?.json()?["id"].clone();
    assert_eq!(product, again, "a product is added once");
    let path = format!("/api/v1/customers/{anna}/purchases");
    let order = |product: &Value, cents: i64, currency: &str, at: &str| json!({"number": "118-4471", "product": product, "cents": cents, "currency": currency, "at": at});
    let day = "2026-11-01T10:00:00Z";

    for (wrong, field) in [
        (order(&json!(999), 100, "EUR", day), "product"),
        (order(&product, -1, "EUR", day), "price"),
        (order(&product, 1, "TALER", day), "currency"),
        (order(&product, 1, "EUR", "gestern"), "at"),
    ] {
        let refused = world.post_json(Role::Agent, &path, &wrong).await?;
        assert_eq!(
            (refused.status.as_u16(), refused.json()?["errors"][0]["field"].clone()),
            (422, json!(field))
        );
    }
    let mut wordy = order(&product, 1, "EUR", day);
    wordy["state"] = json!("x".repeat(201));
    let refused = world.post_json(Role::Agent, &path, &wordy).await?;
    assert_eq!(
        (refused.status.as_u16(), refused.json()?["errors"][0]["field"].clone()),
        (422, json!("state"))
    );
    let taken = world.post_json(Role::Agent, &path, &order(&product, 124_900, "EUR", day)).await?;

    assert_eq!(taken.status, 200, "{}", taken.body);
    let file = customers::file(&mut world.read().await?, anna, world.now()).await?;
    assert_eq!((file.purchases.len(), file.purchases[0].product.as_str()), (1, "Sofa Linde"));
    Ok(())
}

async fn the_list_is_paged_by_name_and_searched(world: World) -> Result<()> {
    for (name, local) in [("Özlem", "o"), ("anton", "a"), ("Zoe_X", "z"), ("Berta", "b")] {
        world.customer(name, &format!("{local}@example.org")).await?;
    }
    let mut names = Vec::new();
    let mut next = String::new();
    loop {
        let page = world.get_json(Role::Agent, &format!("/customers?limit=2&cursor={next}")).await?.json()?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        cursor.clone_into(&mut next);
    }
    assert_eq!(names, ["anton", "Berta", "Özlem", "Zoe_X"]);
    let found = world.get(Role::Agent, "/customers?q=oezl").await?;
    assert!(found.body.contains("Özlem") && !found.body.contains("Berta"));
    assert_eq!(world.get(Role::Department, "/customers").await?.status, 403);
    Ok(())
}

async fn the_sum_of_orders_is_called_sales_and_nothing_is_invented(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let path = format!("/customers/{customer}");
    let before = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(before["turnover"], serde_json::json!([]), "nothing bought is not zero");
    let mut tx = world.app.db.write().await?;
    let sofa = customers::product(&mut tx, "Sofa Linde", "Möbel").await?;
    for (number, cents) in [("118-1", 124_900), ("118-2", 100)] {
        let price = money::Money::new(cents, money::Currency::Eur);
        customers::add_purchase(&mut tx, customer, number, sofa, price, world.now()).await?;
    }
    tx.commit().await?;
    let data = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(data["turnover"][0]["sum"]["cents"], 125_000);
    assert_eq!(data["turnover"][0]["orders"], 2);
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Umsatz") && page.contains("1.250"), "{page}");
    Ok(())
}

async fn an_order_says_how_it_stands_and_is_at_hand_in_the_answer(world: World) -> Result<()> {
    let case = world.write_in("Wo bleibt sie?").await?.0;
    let row = kitt::cases::case(&mut world.read().await?, case).await?;
    let (customer, number) = (row.customer, row.number);
    let product = json!({ "name": "Lampe", "group": "Licht" });
    let product = world.post_json(Role::Admin, "/products", &product).await?.json()?["id"].clone();
    let order = json!({ "number": "118-<b>7", "product": product, "cents": 4900, "currency": "EUR", "state": "bestellt" });
    let path = format!("/customers/{customer}");
    world.post_json(Role::Admin, &format!("{path}/purchases"), &order).await?;
    let state = json!({ "number": "118-<b>7", "state": "versandt" });

    let said = world.post_json(Role::Admin, &format!("{path}/orders/state"), &state).await?;
    let unknown = json!({ "number": "119", "state": "versandt" });
    let unknown = world.post_json(Role::Admin, &format!("{path}/orders/state"), &unknown).await?;

    assert_eq!((said.status.as_u16(), unknown.status.as_u16()), (200, 404), "{said:?}");
    let file = world.get_json(Role::Agent, &path).await?.json()?;
    assert_eq!(file["purchases"][0]["state"], "versandt");
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains("data-insert-text=\"118-&#60;b&#62;7\"") && page.contains("versandt"), "{page}");
    Ok(())
}

async fn a_disclosure_has_all_that_is_stored_for_those_who_may_edit(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    customers::note(&world.app, &world.agent, customer, "hat einen Hund").await?;
    let new = serde_json::json!({ "channel": "phone", "reach": "anna@example.org", "subject": "Frage", "text": "Wann?" });
    world.post_json(Role::Agent, "/cases", &new).await?;
    let path = format!("/customers/{customer}/export");
    let answer = world.get(Role::DataProtection, &path).await?;
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let data = answer.json()?;
    assert_eq!(data["notes"][0]["text"], "hat einen Hund");
    assert_eq!(data["cases"][0]["contacts"][0]["text"], "Wann?");
    assert_eq!(world.get_json(Role::Manager, &path).await?.status, 403);
    Ok(())
}

async fn a_disclosure_has_every_purchase_however_many(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let mut tx = world.app.db.write().await?;
    let lamp = customers::product(&mut tx, "Lampe", "Licht").await?;
    for ago in 0..60 {
        let (price, at) =
            (money::Money::new(4_900, money::Currency::Eur), world.now() - Timestamp::days(ago));
        customers::add_purchase(&mut tx, customer, &format!("118-{ago}"), lamp, price, at).await?;
    }
    tx.commit().await?;

    let path = format!("/customers/{customer}/export");
    let data = world.get_json(Role::DataProtection, &path).await?.json()?;

    let purchases = data["purchases"].as_array().context("a list")?;
    let numbers: Vec<&str> = purchases.iter().filter_map(|one| one["number"].as_str()).collect();
    assert_eq!(numbers, (0..60).map(|ago| format!("118-{ago}")).collect::<Vec<_>>(), "down to the oldest");
    Ok(())
}

async fn what_was_said_is_shown_to_those_who_may_read_cases_only(world: World) -> Result<()> {
    let customer = world.customer("Anna", "anna@example.org").await?;
    let new = serde_json::json!({ "channel": "phone", "reach": "anna@example.org", "subject": "Sofa", "text": "Wo bleibt es?" });
    world.post_json(Role::Agent, "/cases", &new).await?;
    let path = format!("/customers/{customer}");
    assert!(world.get(Role::Agent, &path).await?.body.contains("Wo bleibt es?"));
    assert!(world.get(Role::Agent, &format!("{path}?channel=phone")).await?.body.contains("Wo bleibt es?"));
    assert!(!world.get(Role::Agent, &format!("{path}?channel=letter")).await?.body.contains("Wo bleibt es?"));
    let guard = world.get(Role::DataProtection, &path).await?;
    assert!(guard.status.is_success() && !guard.body.contains("Wo bleibt es?"));
    Ok(())
}
