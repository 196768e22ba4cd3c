//! The dialog in which causes are documented.

use anyhow::Result;
use kitt::findings::{Finding, Kind, NewFinding};
use kitt::insights;
use kitt::insights::{Documentation, What};
use kitt::platform::{ProductId, Role};
use serde_json::json;

use super::{cause, item};
use crate::world::{World, both};

both!(
    the_dialog_sent_back_as_it_is_changes_nothing,
    a_second_cause_comes_with_its_words_and_its_share,
    a_wrong_form_comes_back_with_everything_typed,
    what_was_unticked_goes_even_if_nobody_knows_the_cause,
    a_new_wish_goes_to_the_department_that_was_chosen,
    a_product_is_what_the_customer_bought,
    what_is_alike_is_counted_as_findings,
);

impl World {
    /// A browser sends the form; the answer's status.
    async fn send_form<T: AsRef<str>>(&self, path: &str, fields: &[(T, T)]) -> Result<u16> {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        Ok(self.post_form(Role::Agent, path, &fields).await?.status.as_u16())
    }

    /// What the shop reports.
    async fn bought(&self, customer: &str, product: &str) -> Result<ProductId> {
        let address = format!("{}@example.org", customer.to_lowercase());
        let customer = self.customer(customer, &address).await?;
        let product = json!({"name": product, "group": "Sofas"});
        let added = self.post_json(Role::Agent, "/api/v1/products", &product).await?.json()?;
        let product = added["id"].as_i64().expect("an id");
        let purchase = json!({"number": "118-4471", "product": product, "cents": 124_900, "currency": "EUR"});
        let path = format!("/api/v1/customers/{customer}/purchases");
        let bought = self.post_json(Role::Agent, &path, &purchase).await?;
        assert_eq!(bought.status.as_u16(), 200, "{}", bought.body);
        Ok(ProductId(product))
    }
}

async fn the_dialog_sent_back_as_it_is_changes_nothing(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "use").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let sofa = world.bought("Ingrid", "Sofa Linde").await?;
    let case = world.a_case().await?;
    let path = format!("/cases/{}/findings", world.row(case).await?.number);
    let sent = json!({"findings": [
        {"kind": "cause", "insight": late, "station": "delivery", "share": 700, "quote": "Wieder kam niemand.", "product": sofa},
        {"kind": "cause", "insight": silent, "share": 300, "quote": "sagt, niemand rief an"},
        {"kind": "wish", "station": "purchase", "quote": "Möchte ein Fenster"},
        {"kind": "wish", "station": "billing", "quote": "Möchte eine Rechnung"},
    ]});
    let answer = world.post_json(Role::Agent, &format!("/api/v1{path}"), &sent).await?;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let before = world.findings(case).await?;

    let page = world.get(Role::Agent, &path.replace("findings", "document")).await?.body;
    let answer = world.send_form(&path, &fields_of(&page)).await?;

    assert_eq!(answer, 303);
    let after = world.findings(case).await?;
    let ids = |all: &[Finding]| all.iter().map(|one| (one.id, one.share)).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before), "{page}");
    Ok(())
}

async fn a_second_cause_comes_with_its_words_and_its_share(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let case = world.a_case().await?;
    let path = format!("/cases/{}/findings", world.row(case).await?.number);
    let words = format!("words_{late}");
    let (late_id, share) = (late.to_string(), format!("share_{late}"));
    let form = [
        ("cause", late_id.as_str()),
        (&words, "Wieder kam niemand."),
        (&share, "66.6"),
        ("station", "delivery"),
        ("title", "Keine Nachricht unterwegs"),
        ("new_words", "Kein Anruf,\r\nkeine Nachricht"),
        ("new_also", "1"),
    ];

    let answer = world.post_form(Role::Agent, &path, &form).await?;

    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    let found = world.findings(case).await?;
    let told: Vec<_> =
        found.iter().map(|one| (one.share, one.quote.as_deref(), one.note.as_deref())).collect();
    assert_eq!(
        told,
        [(666, Some("Wieder kam niemand."), None), (334, None, Some("Kein Anruf,\nkeine Nachricht"))]
    );
    Ok(())
}

async fn a_wrong_form_comes_back_with_everything_typed(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let case = world.a_case().await?;
    let path = format!("/cases/{}/findings", world.row(case).await?.number);
    let names =
        [late, silent].map(|id| (format!("cause_{id}"), format!("share_{id}"), format!("words_{id}")));
    let form = [
        (names[0].0.as_str(), "1"),
        (&names[0].1, "70"),
        (&names[1].0, "1"),
        (&names[1].1, "20"),
        (&names[1].2, "Sie rief dreimal an"),
        ("wish", "1"),
        ("wish_title", "Ein Zeitfenster"),
        ("station", "delivery"),
    ];

    let answer = world.post_form(Role::Agent, &path, &form).await?;

    assert_eq!(answer.status.as_u16(), 422);
    for typed in ["100 Prozent", "value=\"70\"", "Sie rief dreimal an", "value=\"Ein Zeitfenster\""] {
        assert!(answer.body.contains(typed), "{typed}: {}", answer.body);
    }
    assert!(!world.row(case).await?.documented);
    Ok(())
}

async fn what_was_unticked_goes_even_if_nobody_knows_the_cause(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let case = world.a_case().await?;
    world.find(case, vec![cause(late), NewFinding::new(Kind::Wish, "delivery")]).await?;

    let said = Documentation { unknown: true, items: vec![item(Kind::Cause, What::Known(late))] };
    insights::document(&world.app, &world.agent, case, said).await?;

    assert_eq!(world.findings(case).await?.len(), 0);
    Ok(())
}

async fn a_new_wish_goes_to_the_department_that_was_chosen(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let path = format!("/cases/{}/findings", world.row(case).await?.number);
    let department = world.logistics.to_string();
    let form = [
        ("station", "delivery"),
        ("wish", "1"),
        ("wish_title", "Ein Zeitfenster"),
        ("wish_department", department.as_str()),
    ];

    assert_eq!(world.send_form(&path, &form).await?, 303);

    let wish = insights::all(&mut world.read().await?).await?.remove(0);
    assert_eq!((wish.kind, wish.department), (Kind::Wish, Some(world.logistics)));
    Ok(())
}

async fn a_product_is_what_the_customer_bought(world: World) -> Result<()> {
    let sofa = world.bought("Ingrid", "Sofa Linde").await?;
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let case = world.a_case().await?;
    let path = format!("/cases/{}/findings", world.row(case).await?.number);
    let page = world.get(Role::Agent, &path.replace("findings", "document")).await?.body;
    assert!(page.contains("Sofa Linde"), "{page}");

    let (late, product) = (late.to_string(), sofa.to_string());
    let form = [("cause", late.as_str()), ("station", "delivery"), ("product", product.as_str())];
    assert_eq!(world.send_form(&path, &form).await?, 303);

    assert_eq!(world.findings(case).await?[0].product, Some(sofa));
    let unknown = json!({"findings": [{"kind": "praise", "station": "use", "product": 999}]});
    let refused = world.post_json(Role::Agent, &format!("/api/v1{path}"), &unknown).await?;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    Ok(())
}

async fn what_is_alike_is_counted_as_findings(world: World) -> Result<()> {
    let window = world.begins(Kind::Wish, "Ein Zeitfenster", "delivery").await?;
    let wish = || NewFinding { insight: Some(window), ..NewFinding::new(Kind::Wish, "delivery") };
    let case = world.a_case().await?;
    let path = format!("/cases/{}/document", world.row(case).await?.number);

    world.find(case, vec![wish()]).await?;
    let one = world.get(Role::Agent, &path).await?.body;
    let other = world.case_of("Anna", "Lampe", "Bitte nur am Abend liefern.").await?;
    world.find(other, vec![wish()]).await?;
    let two = world.get(Role::Agent, &path).await?.body;

    assert!(one.contains("zählt zu 1 gleichen Befund<"), "{one}");
    assert!(two.contains("zählt zu 2 gleichen Befunden<"), "{two}");
    Ok(())
}

/// The fields that a browser would send for the form of a page, as far as this page needs it.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form =
        page.split("data-document").nth(1).and_then(|rest| rest.split("</form>").next()).unwrap_or_default();
    let attribute = |tag: &str, name: &str| {
        let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        Some(tag[from..].split('"').next()?.replace("&quot;", "\""))
    };
    let mut fields = Vec::new();
    let mut select = None;
    for part in form.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = attribute(tag, "name");
        let value = attribute(tag, "value").unwrap_or_default();
        let boxed = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
        match name {
            Some(name) if tag.starts_with("input") && (!boxed || tag.contains(" checked")) => {
                fields.push((name, value));
            }
            Some(name) if tag.starts_with("textarea") => fields.push((name, text.to_owned())),
            Some(name) if tag.starts_with("select") => select = Some(name),
            None if tag.starts_with("option") && tag.contains(" selected") => {
                fields.extend(select.clone().map(|name| (name, value)));
            }
            _ => {}
        }
    }
    fields
}
