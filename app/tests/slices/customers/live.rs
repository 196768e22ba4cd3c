//! Who has a customer's file open sees at once what others change in it.

use std::time::Duration;

use anyhow::{Context, Result};
use kitt::cases;
use kitt::customers;
use kitt::deadlines;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::NewInsight;
use kitt::journal::listeners;
use kitt::platform::live::Topic;
use kitt::platform::{CustomerId, Role};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both!(
    every_tile_of_a_file_listens_to_its_customer,
    the_life_line_listens_to_the_causes_that_it_shows,
    what_is_changed_in_a_file_is_told_to_those_who_have_it_open,
);

async fn every_tile_of_a_file_listens_to_its_customer(world: World) -> Result<()> {
    let anna = world.customer("Anna", "anna@example.org").await?;

    let page = world.get(Role::Agent, &format!("/customers/{anna}")).await?.body;

    for tile in [
        "customer-head",
        "life",
        "know",
        "promises",
        "contacts",
        "points",
        "objections",
        "service",
        "purchases",
    ] {
        let listens = format!("id=\"{tile}\" data-live=\"customer:{anna}\"");
        assert!(page.contains(&listens), "{tile}: {page}");
    }
    Ok(())
}

async fn the_life_line_listens_to_the_causes_that_it_shows(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let insight = NewInsight {
        kind: Kind::Cause,
        title: "Kabel zu kurz".into(),
        description: String::new(),
        station: "delivery".into(),
        department: Some(world.product),
        competitor: None,
    };
    let mut tx = world.app.db.write().await?;
    let insight = insights::propose(&world.app, &mut tx, &world.agent, &insight).await?.id;
    let said = NewFinding { insight: Some(insight), ..NewFinding::new(Kind::Cause, "delivery") };
    findings::document(&world.app, &mut tx, &world.agent, case, vec![said]).await?;
    tx.commit().await?;

    let page = world.get(Role::Agent, &format!("/customers/{customer}")).await?.body;

    let listens = format!("id=\"life\" data-live=\"customer:{customer} insight:{insight}\"");
    assert!(page.contains(&listens), "a insight that was mended is shown as such: {page}");
    Ok(())
}

/// Open pages are told that something of this customer changed.
async fn hears(live: &mut Receiver<Vec<Topic>>, customer: CustomerId, what: &str) -> Result<()> {
    let wanted = format!("customer:{customer}");
    loop {
        let told = tokio::time::timeout(Duration::from_secs(20), live.recv()).await;
        let told = told.with_context(|| format!("nobody heard of {what}"))??;
        if told.iter().any(|topic| topic.name == wanted) {
            return Ok(());
        }
    }
}

async fn what_is_changed_in_a_file_is_told_to_those_who_have_it_open(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let anna = world.customer("Anna", "anna@example.org").await?;
    let other = world.customer("Berta", "berta@example.org").await?;
    let sofa = json!({"name": "Sofa Linde", "group": "Sofas"});
    let sofa = world.post_json(Role::Agent, "/api/v1/products", &sofa).await?.json()?["id"].clone();
    let (mut live, stop) = (app.live.listen(), CancellationToken::new());
    let broadcast = listeners::broadcast(app.clone(), cases::sight::places, stop.clone());
    let broadcast = tokio::spawn(broadcast);
    // It begins at the end of the journal, once it runs.
    for _ in 0..200 {
        customers::note(app, agent, other, "Läuft es schon?").await?;
        if tokio::time::timeout(Duration::from_millis(300), live.recv()).await.is_ok() {
            break;
        }
    }

    customers::note(app, agent, anna, "Hat zwei Hunde").await?;
    hears(&mut live, anna, "a note").await?;
    let order = json!({
        "number": "118-4471", "product": sofa, "cents": 124_900, "currency": "EUR", "at": "2026-11-01T10:00:00Z",
    });
    let bought = world.post_json(Role::Agent, &format!("/api/v1/customers/{anna}/purchases"), &order).await?;
    assert_eq!(bought.status, 200, "{}", bought.body);
    hears(&mut live, anna, "an order").await?;
    deadlines::set_group(app, &world.admin, anna, "Gold").await?;
    hears(&mut live, anna, "a group").await?;

    stop.cancel();
    broadcast.await?;
    Ok(())
}
