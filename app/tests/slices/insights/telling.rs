//! What customers are told that something was fixed: in words for them, and not by mistake.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::findings::Kind;
use kitt::insights;
use kitt::insights::Decision;
use kitt::insights::tell::{self, Templates};
use kitt::platform::{Actor, CustomerId, Error, InsightId, Role};
use serde_json::json;

use super::{template, templates};
use crate::world::{World, both};

both!(
    what_is_no_placeholder_never_reaches_customers,
    an_approval_is_asked_once_more,
    an_english_customer_never_reads_the_houses_own_title,
    who_is_addressed_with_du_is_told_so,
);

async fn what_is_no_placeholder_never_reaches_customers(world: World) -> Result<()> {
    let (late, telling, customer) = world.prepared().await?;
    let wrong = "{anrede}, {gibtsnicht} {fall <b>{was}</b>";
    let insight = late.to_string();
    let form = [("insight", insight.as_str()), ("de", wrong), ("en", "{greeting}"), ("what_de", "{was}")];
    let path = format!("/tellings/{telling}/templates");

    let page = world.post_form(Role::Lead, &path, &form).await?;
    let program =
        world.post_json(Role::Lead, &path, &json!({"insight": late, "de": wrong, "en": "x}"})).await?;
    let own = tell::edit(&world.app, &world.lead, telling, customer, "Hallo {name}").await;

    assert_eq!(page.status, 422, "{}", page.body);
    assert!(
        page.body.contains("{gibtsnicht} {fall &#60;b&#62;{wa")
            || page.body.contains("{gibtsnicht} {fall &lt;b"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("id=\"tpl-de-e\"") && page.body.contains("id=\"tpl-what_de-e\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("id=\"tpl-en-e\""), "{}", page.body);
    let fields = program.json()?["errors"].as_array().map(Vec::len);
    assert_eq!((program.status.as_u16(), fields), (422, Some(2)), "{}", program.body);
    assert!(matches!(own, Err(Error::Invalid(_))), "{own:?}");
    Ok(())
}

async fn an_approval_is_asked_once_more(world: World) -> Result<()> {
    let (late, telling, _) = world.prepared().await?;
    let path = format!("/tellings/{telling}/approval");

    let page = world.get(Role::Manager, &format!("/insights/{late}/tell")).await?;
    let unasked = world.post_form(Role::Manager, &path, &[]).await?;
    let changed = world.post_form(Role::Manager, &format!("{path}?customers=2"), &[]).await?;
    let sure = world.post_form(Role::Manager, &format!("{path}?customers=1"), &[]).await?;

    let dialog = page.body.split("dlg-approve\"").nth(2).context("a dialog")?;
    assert!(dialog.contains("customers=1") && dialog.contains("Guten Tag Ingrid Sommerauer"), "{dialog}");
    assert_eq!((unasked.status, changed.status), (422.try_into()?, 422.try_into()?), "{}", unasked.body);
    assert_eq!(sure.status, 303, "{}", sure.body);
    Ok(())
}

async fn an_english_customer_never_reads_the_houses_own_title(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Kein Anruf vor der Ankunft").await?;
    let (customer, _) = world.said("Ann Miller", "ann@example.org", late, "Nobody called").await?;
    let form = json!({"version": 1, "name": "Ann Miller", "language": "en"});
    let answer = world.post_json(Role::Agent, &format!("/customers/{customer}"), &form).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    let prepared = world.post_json(Role::Agent, &format!("/insights/{late}/tell"), &json!({})).await?;
    let telling = prepared.json()?["telling"].as_i64().context("its id")?;

    let early = tell::approve(&world.app, &world.lead, telling).await;
    let page = world.get_json(Role::Lead, &format!("/insights/{late}/tell")).await?.json()?;
    let rewritten = Templates {
        de: template(page["telling"]["template_de"].as_str().context("text")?, "Anruf"),
        en: template(page["telling"]["template_en"].as_str().context("text")?, "a call before we arrive"),
        ..templates()
    };
    tell::rewrite(&world.app, &world.lead, telling, &rewritten).await?;
    let page = world.get_json(Role::Lead, &format!("/insights/{late}/tell")).await?.json()?;
    tell::approve(&world.app, &world.manager, telling).await?;

    assert!(matches!(&early, Err(Error::Invalid(fields)) if fields[0].field == "what_en"), "{early:?}");
    let text = page["items"][0]["text"].as_str().context("text")?;
    assert!(text.contains("about “a call before we arrive”") && !text.contains("Anruf"), "{text}");
    Ok(())
}

impl World {
    /// A mended insight with one customer to be told.
    async fn prepared(&self) -> Result<(InsightId, i64, CustomerId)> {
        let late = self.insight(Kind::Cause, "Termin nicht gehalten").await?;
        let (customer, _) = self.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
        insights::decide(&self.app, &self.manager, late, Decision::Fix { reason: None }).await?;
        Ok((late, tell::prepare(&self.app, &self.agent, late, templates()).await?, customer))
    }
}

async fn who_is_addressed_with_du_is_told_so(world: World) -> Result<()> {
    let (late, telling, customer) = world.prepared().await?;
    let eyes = Actor::kitt("insights");
    let case = cases::of_customer(&mut world.read().await?, &eyes, customer, 1).await?[0].id;
    world.address(case, "informal").await?;
    let path = format!("/insights/{late}/tell");
    let items = async || anyhow::Ok(world.get_json(Role::Lead, &path).await?.json()?["items"][0].clone());

    let formal = items().await?;
    let page = world.get(Role::Lead, &path).await?.body;
    let form = json!({
        "insight": late, "de": templates().de.text, "en": templates().en.text, "what_de": "der Termin",
        "what_en": "it", "de_informal": "{anrede}, „{was}“ ist für dich behoben.",
    });
    world.post_json(Role::Lead, &format!("/tellings/{telling}/templates"), &form).await?;
    let informal = items().await?;
    tell::approve(&world.app, &world.manager, telling).await?;
    world.work().await?;

    assert_eq!((&formal["tone"], &formal["other_tone"]), (&json!("formal"), &json!(true)), "{formal}");
    assert!(page.contains("Dieser Text ist per Sie, hier gilt das Du."), "{page}");
    assert!(formal["text"].as_str().is_some_and(|text| text.starts_with("Guten Tag Ingrid")), "{formal}");
    assert_eq!(informal["text"], "Hallo Ingrid, „der Termin“ ist für dich behoben.");
    assert_eq!(informal["other_tone"], false);
    let told = cases::contacts(&mut world.read().await?, case).await?.pop().context("the message")?;
    assert_eq!(told.text, "Hallo Ingrid, „der Termin“ ist für dich behoben.");
    Ok(())
}
