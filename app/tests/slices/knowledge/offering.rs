//! Articles are offered where somebody answers a customer.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::Channel;
use kitt::platform::{Role, sql};
use serde_json::{Value, json};

use super::{BODY, TITLE, encoded, form, open, proposed, published};
use crate::world::{World, both};

both!(
    an_answer_gets_an_article_in_the_customers_language,
    articles_that_fit_are_offered_before_anything_is_typed,
);

/// The number of a case in which somebody writes this.
async fn case_about(world: &World, subject: &str, text: &str) -> Result<String> {
    let customer = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let author = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world.writes(customer, author, Channel::Email, subject, text).await?;
    Ok(cases::case(&mut world.read().await?, case).await?.number)
}

async fn offered(world: &World, number: &str, typed: &str) -> Result<Vec<Value>> {
    let path = format!("/cases/{number}/articles?{}", encoded("q", typed));
    let list = world.get_json(Role::Agent, &path).await?.json()?;
    list["items"].as_array().cloned().with_context(|| list.to_string())
}

async fn an_answer_gets_an_article_in_the_customers_language(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let number = case_about(&world, "Die Lampe", "Sie flackert.").await?;
    let id = published(&world, &json!({})).await?;
    let english = json!({ "version": "1", "language": "en", "title": "Returns", "body": "Free of charge." });
    world.post_json(Role::Lead, &format!("/knowledge/{id}"), &form(&english)).await?;
    published(&world, &json!({ "title": "Rücksendung im Winter" })).await?;
    proposed(&world, Role::Agent, &json!({ "title": "Rücksendung, Entwurf" })).await?;
    feeder.catch_up().await?;

    let found = offered(&world, &number, "rücksendung möbel").await?;
    let html = format!("<p>{BODY}</p>");
    assert_eq!(
        (found.len(), &found[0]["html"], &found[0]["other_language"]),
        (1, &json!(html), &json!(false))
    );
    assert_eq!(offered(&world, &number, "rücksendung").await?.len(), 2, "drafts go to no customer");
    let page = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(page.contains(&format!("data-articles-url=\"/cases/{number}/articles\"")), "{page}");

    let mut tx = world.app.db.write().await?;
    sql("UPDATE customers SET language = 'en'").run(&mut tx).await?;
    tx.commit().await?;
    let found = offered(&world, &number, "rücksendung").await?;
    let by_title = |title: &str| found.iter().find(|one| one["title"] == title);
    assert_eq!(by_title("Returns").context("the English text")?["html"], "<p>Free of charge.</p>");
    let german = by_title("Rücksendung im Winter").context("for want of an English one")?;
    assert_eq!(german["other_language"], true, "and that is said");
    Ok(())
}

async fn articles_that_fit_are_offered_before_anything_is_typed(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    published(&world, &json!({})).await?;
    published(&world, &json!({ "title": "Garantie", "body": "Zwei Jahre auf jede Lampe." })).await?;
    published(&world, &json!({ "title": "Gutscheine", "body": "Sie gelten drei Jahre." })).await?;
    let text = "Guten Tag, wie geht die Rücksendung? Das Sofa ist zu groß. Freundliche Grüße";
    let number = case_about(&world, "Mein Sofa", text).await?;
    let other = case_about(&world, "Hallo", "Bitte um Rückruf, danke.").await?;
    feeder.catch_up().await?;

    let near = offered(&world, &number, "").await?;
    assert_eq!(near.iter().map(|one| &one["title"]).collect::<Vec<_>>(), [TITLE]);
    assert!(
        offered(&world, &other, "").await?.is_empty(),
        "a suggestion that does not fit costs more than none"
    );
    Ok(())
}
