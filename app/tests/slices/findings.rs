//! Cases are documented, insights begin, and the house learns to propose.

use std::time::Duration;

use anyhow::Result;
use kitt::cases;
use kitt::cases::{Case, Channel};
use kitt::findings;
use kitt::findings::{Finding, Kind, NewFinding};
use kitt::insights;
use kitt::insights::{Documentation, Insight, InsightState, Item, NewInsight, What};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{App, CaseId, Clock, Error, InsightId, ProductId, Right, Role, Timestamp};
use serde_json::json;

use crate::world::{World, both};

both!(
    the_causes_of_a_case_sum_to_one_and_the_case_shows_what_was_found,
    documenting_again_withdraws_what_is_not_said_again,
    a_case_may_honestly_have_no_known_cause,
    a_customer_who_comes_again_within_a_week_repeats_the_contact,
    a_case_that_is_documented_late_is_still_repeated,
    a_withdrawn_finding_repeats_nothing,
    what_is_withdrawn_between_two_contacts_leaves_their_repetition,
    the_dialog_sent_back_as_it_is_changes_nothing,
    a_second_cause_comes_with_its_words_and_its_share,
    a_wrong_form_comes_back_with_everything_typed,
    what_was_unticked_goes_even_if_nobody_knows_the_cause,
    a_new_wish_goes_to_the_department_that_was_chosen,
    a_product_is_what_the_customer_bought,
    what_makes_no_sense_is_refused,
    a_new_insight_begins_while_documenting_and_is_found_again_by_its_title,
    only_literal_words_become_a_quote,
    the_house_learns_from_confirmed_cases_and_corrections,
    a_restart_remembers_what_was_learnt,
    a_past_without_journal_teaches_as_well,
    the_page_proposes_and_one_click_documents,
    the_page_searches_other_causes_and_says_what_is_missing,
    programs_document_with_shares,
    an_insights_evidence_is_read_page_by_page,
    departments_and_managers_do_not_document,
);

impl World {
    async fn case_of(&self, customer: &str, subject: &str, text: &str) -> Result<CaseId> {
        let address = format!("{}@example.org", customer.to_lowercase());
        let customer = self.customer(customer, &address).await?;
        let author = ("Ingrid Sommerauer", Some(address.as_str()));
        let case = self.writes(customer, author, Channel::Email, subject, text).await?;
        Ok(case)
    }

    async fn a_case(&self) -> Result<CaseId> {
        self.case_of("Ingrid", "Sofa", "Wieder kam niemand. Kein Anruf, keine Nachricht.").await
    }

    async fn begins(&self, kind: Kind, title: &str, station: &str) -> Result<InsightId> {
        let mut tx = self.app.db.write().await?;
        let new = NewInsight {
            kind,
            title: title.into(),
            description: String::new(),
            station: station.into(),
            department: Some(self.logistics),
            competitor: None,
        };
        let insight = insights::propose(&self.app, &mut tx, &self.agent, &new).await?;
        tx.commit().await?;
        Ok(insight.id)
    }

    async fn find(&self, case: CaseId, findings: Vec<NewFinding>) -> kitt::platform::Result<()> {
        let mut tx = self.app.db.write().await?;
        findings::document(&self.app, &mut tx, &self.agent, case, findings).await?;
        tx.commit().await
    }

    async fn say(&self, case: CaseId, items: Vec<Item>) -> kitt::platform::Result<()> {
        insights::document(&self.app, &self.agent, case, Documentation { unknown: false, items }).await
    }

    async fn findings(&self, case: CaseId) -> Result<Vec<Finding>> {
        Ok(findings::of_case(&mut self.read().await?, case).await?)
    }

    async fn row(&self, case: CaseId) -> Result<Case> {
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn facts(&self, case: CaseId) -> Result<Vec<Fact>> {
        Ok(journal::of_case(&mut self.read().await?, case)
            .await?
            .into_iter()
            .map(|entry| entry.fact)
            .collect())
    }

    async fn repeats(&self, case: CaseId) -> Result<usize> {
        Ok(self.facts(case).await?.iter().filter(|fact| matches!(fact, Fact::ContactRepeated { .. })).count())
    }

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

    /// The same house on a node that was just started.
    fn restarted(&self) -> Result<App> {
        let (app, clock) = (&self.app, Clock::fixed(self.now()));
        App::new(app.db.clone(), app.blobs.clone(), app.settings().clone(), *app.secret(), clock)
    }

    /// Ten cases of late sofas and ten of scratched tables, documented.
    async fn experience(&self, late: InsightId, scratched: InsightId) -> Result<()> {
        for round in 0..10 {
            let text = format!("Der Liefertermin für mein Sofa wurde nicht eingehalten, Spedition {round}.");
            let case = self.case_of("Anna", "Liefertermin verpasst", &text).await?;
            self.find(case, vec![cause(late)]).await?;
            let text = format!("Die Tischplatte hat einen tiefen Kratzer, Karton {round}.");
            let case = self.case_of("Bert", "Kratzer im Tisch", &text).await?;
            self.find(case, vec![cause(scratched)]).await?;
            let text = format!("Vielen Dank, die Beratung war wunderbar, Filiale {round}.");
            let case = self.case_of("Cleo", "Danke", &text).await?;
            self.find(case, vec![NewFinding::new(Kind::Praise, "advice")]).await?;
        }
        Ok(())
    }

    async fn best(&self, case: CaseId) -> Result<Option<(Insight, f32)>> {
        let suggestions = insights::suggest(&self.app, &mut self.read().await?, case).await?;
        Ok(suggestions.causes.into_iter().next().map(|best| (best.insight, best.p)))
    }
}

fn cause(insight: InsightId) -> NewFinding {
    NewFinding { insight: Some(insight), ..NewFinding::new(Kind::Cause, "delivery") }
}

fn item(kind: Kind, what: What) -> Item {
    Item { kind, what, station: None, product: None, words: None, share: None }
}

fn titled(title: &str) -> What {
    What::Titled { title: title.into(), description: String::new(), department: None, competitor: None }
}

fn is_invalid<T: std::fmt::Debug>(result: kitt::platform::Result<T>, word: &str) -> bool {
    matches!(result, Err(Error::Invalid(fields)) if fields[0].word == word)
}

async fn the_causes_of_a_case_sum_to_one_and_the_case_shows_what_was_found(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    assert!(!world.row(case).await?.documented);

    let wish = NewFinding { quote: Some("Kein Anruf".into()), ..NewFinding::new(Kind::Wish, "delivery") };
    world.find(case, vec![cause(late), wish, cause(silent)]).await?;

    let shares: Vec<_> = world.findings(case).await?.iter().map(|one| (one.kind, one.share)).collect();
    assert_eq!(shares, [(Kind::Cause, 500), (Kind::Wish, 0), (Kind::Cause, 500)]);
    let row = world.row(case).await?;
    assert_eq!((row.documented, row.signals.as_str()), (true, "cause wish"));
    let documented = world.facts(case).await?;
    assert_eq!(documented.iter().filter(|fact| matches!(fact, Fact::FindingDocumented { .. })).count(), 3);
    Ok(())
}

async fn documenting_again_withdraws_what_is_not_said_again(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    world.find(case, vec![cause(late), cause(silent)]).await?;
    let before = world.findings(case).await?;

    world.find(case, vec![cause(late)]).await?;

    let after = world.findings(case).await?;
    assert_eq!(after.len(), 1);
    assert_eq!((after[0].id, after[0].share), (before[0].id, 1000));
    let facts = world.facts(case).await?;
    assert!(facts.contains(&Fact::FindingRevised { finding: before[0].id, share: 1000 }), "{facts:?}");
    assert!(facts.contains(&Fact::FindingWithdrawn { finding: before[1].id }), "{facts:?}");
    let history = findings::history(&mut world.read().await?, case).await?;
    assert_eq!(history.iter().map(|one| one.stands).collect::<Vec<_>>(), [true, false]);

    let count = facts.len();
    world.find(case, vec![cause(late)]).await?;
    assert_eq!(world.facts(case).await?.len(), count, "saying the same again is no news");
    Ok(())
}

async fn a_case_may_honestly_have_no_known_cause(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    world.find(case, vec![cause(late), NewFinding::new(Kind::Praise, "advice")]).await?;

    let praise = Item { station: Some("advice".into()), ..item(Kind::Praise, What::Unnamed) };
    let said = Documentation { unknown: true, items: vec![item(Kind::Cause, What::Known(late)), praise] };
    insights::document(&world.app, &world.agent, case, said).await?;

    let kinds: Vec<_> = world.findings(case).await?.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Kind::Praise]);
    assert!(world.row(case).await?.documented);
    assert!(findings::is_unknown(&mut world.read().await?, case).await?);
    assert!(world.facts(case).await?.contains(&Fact::CauseUnknown));

    let said = Documentation { unknown: true, items: Vec::new() };
    insights::document(&world.app, &world.agent, case, said).await?;
    assert_eq!(world.findings(case).await?.len(), 0, "nothing but that nobody knows");
    assert!(world.row(case).await?.documented);

    world.find(case, vec![cause(late)]).await?;
    assert!(!findings::is_unknown(&mut world.read().await?, case).await?, "now somebody knows");
    Ok(())
}

async fn a_customer_who_comes_again_within_a_week_repeats_the_contact(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let first = world.a_case().await?;
    world.find(first, vec![cause(late)]).await?;

    world.forward(Timestamp::days(7));
    let second = world.a_case().await?;
    world.find(second, vec![cause(late)]).await?;
    assert_eq!((world.repeats(first).await?, world.repeats(second).await?), (0, 1));

    world.forward(Timestamp::days(7) + Duration::from_secs(1));
    let third = world.a_case().await?;
    world.find(third, vec![cause(late)]).await?;
    let other = world.case_of("Thomas", "Sofa", "Kommt nicht").await?;
    world.find(other, vec![cause(late)]).await?;
    assert_eq!((world.repeats(third).await?, world.repeats(other).await?), (0, 0));
    Ok(())
}

async fn a_case_that_is_documented_late_is_still_repeated(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let first = world.a_case().await?;
    world.forward(Timestamp::days(2));
    let second = world.a_case().await?;

    world.find(second, vec![cause(late)]).await?;
    assert_eq!(world.repeats(second).await?, 0);
    world.find(first, vec![cause(late)]).await?;

    let earlier = world.findings(first).await?[0].id;
    assert!(world.facts(second).await?.contains(&Fact::ContactRepeated { earlier: earlier.0 }));
    Ok(())
}

async fn a_withdrawn_finding_repeats_nothing(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let first = world.a_case().await?;
    world.find(first, vec![cause(late)]).await?;
    let second = world.a_case().await?;
    world.find(second, vec![cause(late)]).await?;
    world.find(second, vec![cause(silent)]).await?;

    let repeats = insights::repeats(&mut world.read().await?, late).await?;
    assert_eq!(repeats, 0);
    Ok(())
}

async fn what_is_withdrawn_between_two_contacts_leaves_their_repetition(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let silent = world.begins(Kind::Cause, "Keine Nachricht unterwegs", "delivery").await?;
    let mut cases = Vec::new();
    for _ in 0..3 {
        let case = world.a_case().await?;
        world.find(case, vec![cause(late)]).await?;
        cases.push(case);
        world.forward(Timestamp::days(1));
    }

    world.find(cases[1], vec![cause(silent)]).await?;

    assert_eq!(insights::repeats(&mut world.read().await?, late).await?, 1, "the third repeats the first");
    let first = world.findings(cases[0]).await?[0].id;
    assert!(world.facts(cases[2]).await?.contains(&Fact::ContactRepeated { earlier: first.0 }));
    Ok(())
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

async fn what_makes_no_sense_is_refused(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let wish = world.begins(Kind::Wish, "Zwei-Stunden-Fenster", "delivery").await?;
    let share = |share| NewFinding { share: Some(share), ..cause(late) };

    assert!(is_invalid(world.find(case, vec![]).await, "finding-nothing"));
    assert!(is_invalid(world.find(case, vec![cause(late), cause(late)]).await, "finding-twice"));
    assert!(is_invalid(world.find(case, vec![share(900)]).await, "finding-shares"));
    let nowhere = NewFinding { station: "moon".into(), ..cause(late) };
    assert!(is_invalid(world.find(case, vec![nowhere]).await, "finding-station"));
    let wrong = world.say(case, vec![item(Kind::Cause, What::Known(wish))]).await;
    assert!(is_invalid(wrong, "insight-other-kind"));
    let gone = world.say(case, vec![item(Kind::Cause, What::Known(InsightId(999)))]).await;
    assert!(is_invalid(gone, "insight-unknown"));
    let nowhere = world.say(case, vec![item(Kind::Cause, titled("Etwas Neues"))]).await;
    assert!(is_invalid(nowhere, "finding-station"));
    assert!(!world.row(case).await?.documented, "nothing of it was kept");
    Ok(())
}

async fn a_new_insight_begins_while_documenting_and_is_found_again_by_its_title(world: World) -> Result<()> {
    let new = Item {
        station: Some("billing".into()),
        ..item(Kind::Cause, titled("  Rechnung doppelt abgebucht "))
    };
    let first = world.a_case().await?;
    world.say(first, vec![new.clone()]).await?;
    let second = world.case_of("Paul", "Rechnung", "Zweimal abgebucht").await?;
    let spelled = Item { what: titled("RECHNUNG DOPPELT ABGEBUCHT"), ..new };
    world.say(second, vec![spelled]).await?;

    let all = insights::all(&mut world.read().await?).await?;
    assert_eq!(all.len(), 1);
    let insight = &all[0];
    assert_eq!(
        (insight.title.as_str(), insight.state),
        ("Rechnung doppelt abgebucht", InsightState::Proposed)
    );
    assert_eq!((insight.station.as_str(), insight.created_by), ("billing", world.agent.person_id()));
    for case in [first, second] {
        assert_eq!(world.findings(case).await?[0].insight, Some(insight.id));
    }
    let found =
        insights::search(&mut world.read().await?, "abgebucht rechnung", Some(Kind::Cause), 10).await?;
    assert_eq!(found.len(), 1);
    assert_eq!(insights::search(&mut world.read().await?, "100%", None, 10).await?.len(), 0);
    Ok(())
}

async fn only_literal_words_become_a_quote(world: World) -> Result<()> {
    let case = world.a_case().await?;
    let said = |words: &str| {
        let station = Some("delivery".to_owned());
        Item { station, words: Some(words.into()), ..item(Kind::Wish, What::Unnamed) }
    };

    world.say(case, vec![said("„Kein Anruf, keine Nachricht“")]).await?;
    let quoted = world.findings(case).await?.remove(0);
    assert_eq!((quoted.quote.as_deref(), quoted.note), (Some("Kein Anruf, keine Nachricht"), None));
    assert!(quoted.contact.is_some());

    world.say(case, vec![said("Möchte vorher angerufen werden")]).await?;
    let noted = world.findings(case).await?.remove(0);
    assert_eq!((noted.quote, noted.note.as_deref()), (None, Some("Möchte vorher angerufen werden")));
    Ok(())
}

async fn the_house_learns_from_confirmed_cases_and_corrections(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let scratched = world.begins(Kind::Cause, "Kratzer im Tisch", "use").await?;
    let case = world
        .case_of("Dora", "Sofa", "Der Liefertermin für mein Sofa wurde wieder nicht eingehalten.")
        .await?;
    insights::keep_up(&world.app).await?;
    assert!(world.best(case).await?.is_none(), "no proposal without experience");

    world.experience(late, scratched).await?;
    insights::keep_up(&world.app).await?;

    let (insight, p) = world.best(case).await?.expect("a proposal");
    assert_eq!(insight.id, late);
    assert!((0.5..=1.0).contains(&p), "{p}");
    let suggestions = insights::suggest(&world.app, &mut world.read().await?, case).await?;
    let quote = suggestions.causes[0].quote.as_ref().expect("a quote");
    assert_eq!(quote.text, "Der Liefertermin für mein Sofa wurde wieder nicht eingehalten.");
    let thanks = world.case_of("Emil", "Danke", "Vielen Dank, die Beratung war wunderbar.").await?;
    let suggestions = insights::suggest(&world.app, &mut world.read().await?, thanks).await?;
    assert!(suggestions.causes.is_empty(), "{suggestions:?}");
    assert!(suggestions.others.iter().any(|hint| hint.kind == Kind::Praise), "{suggestions:?}");

    let broken = world.begins(Kind::Cause, "Lampe flackert", "use").await?;
    for round in 0..6 {
        let lamp = world.case_of("Finn", "Lampe", &format!("Die Lampe flackert, Fassung {round}.")).await?;
        world.find(lamp, vec![cause(scratched)]).await?;
        world.find(lamp, vec![cause(broken)]).await?;
    }
    insights::keep_up(&world.app).await?;
    let lamp = world.case_of("Gustav", "Lampe", "Die Lampe flackert schon wieder.").await?;
    assert_eq!(world.best(lamp).await?.map(|best| best.0.id), Some(broken));
    Ok(())
}

async fn a_restart_remembers_what_was_learnt(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let scratched = world.begins(Kind::Cause, "Kratzer im Tisch", "use").await?;
    world.experience(late, scratched).await?;
    insights::keep_up(&world.app).await?;
    let case = world.case_of("Dora", "Tisch", "Die Tischplatte hat einen Kratzer.").await?;
    let before = world.best(case).await?;
    world.find(case, vec![cause(scratched)]).await?;

    let again = world.restarted()?;
    insights::keep_up(&again).await?;

    let suggestions = insights::suggest(&again, &mut again.db.read().await?, case).await?;
    let (insight, p) = before.expect("a proposal");
    assert_eq!(suggestions.causes[0].insight.id, insight.id);
    assert!(p <= suggestions.causes[0].p, "what was confirmed meanwhile was learnt as well");
    Ok(())
}

async fn a_past_without_journal_teaches_as_well(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let scratched = world.begins(Kind::Cause, "Kratzer im Tisch", "use").await?;
    for round in 0..10 {
        for (insight, text) in
            [(late, "Liefertermin für das Sofa verpasst"), (scratched, "Kratzer in der Tischplatte")]
        {
            let case = world.case_of("Anna", text, &format!("{text}, Nummer {round}.")).await?;
            let mut tx = world.app.db.write().await?;
            findings::add_past(&mut tx, case, &[cause(insight)], None, world.now()).await?;
            tx.commit().await?;
            let documented = world.facts(case).await?;
            assert!(!documented.iter().any(|fact| matches!(fact, Fact::FindingDocumented { .. })));
        }
    }
    let case = world.case_of("Dora", "Sofa", "Wieder den Liefertermin verpasst.").await?;

    insights::keep_up(&world.app).await?;

    assert_eq!(world.best(case).await?.map(|best| best.0.id), Some(late));
    Ok(())
}

async fn the_page_proposes_and_one_click_documents(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let scratched = world.begins(Kind::Cause, "Kratzer im Tisch", "use").await?;
    world.experience(late, scratched).await?;
    insights::keep_up(&world.app).await?;
    let case =
        world.case_of("Dora", "Sofa", "Der Liefertermin für mein Sofa wurde nicht eingehalten.").await?;
    let number = world.row(case).await?.number;

    let strip = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(strip.contains("Riss: Lieferung") && strip.contains("data-key=\"u\""), "{strip}");
    let page = world.get(Role::Agent, &format!("/cases/{number}/document")).await?.body;
    assert!(page.contains("Was ist passiert?") && page.contains("Liefertermin nicht gehalten"), "{page}");
    let proposed = world.get_json(Role::Agent, &format!("/cases/{number}/document")).await?.json()?;
    assert_eq!(proposed["causes"][0]["insight"], json!(late));
    assert_eq!(proposed["causes"][0]["chosen"], json!(true));

    let id = late.to_string();
    let form =
        [("cause", id.as_str()), ("station", "delivery"), ("station_shown", "delivery"), ("praise", "")];
    let answer = world.post_form(Role::Agent, &format!("/cases/{number}/findings"), &form).await?;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("/cases/{number}").as_str()));
    let found = world.findings(case).await?;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].insight, found[0].department), (Some(late), Some(world.logistics)));
    let strip = world.get(Role::Agent, &format!("/cases/{number}")).await?.body;
    assert!(strip.contains("festgehalten"), "{strip}");
    Ok(())
}

async fn the_page_searches_other_causes_and_says_what_is_missing(world: World) -> Result<()> {
    let scratched = world.begins(Kind::Cause, "Kratzer im Tisch", "use").await?;
    world.begins(Kind::Wish, "Kratzfeste Tische", "use").await?;
    let case = world.a_case().await?;
    let number = world.row(case).await?.number;

    let page = world.get(Role::Agent, &format!("/cases/{number}/document?q=tisch")).await?.body;
    assert!(page.contains(&format!("name=\"cause\" value=\"{scratched}\"")), "{page}");
    let found = world.get_json(Role::Agent, "/insights/search?q=KRATZER").await?.json()?;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));

    let nothing =
        world.post_form(Role::Agent, &format!("/cases/{number}/findings"), &[("cause", "")]).await?;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.body.contains("role=\"alert\""), "{}", nothing.body);

    // A case without a word on its cause is not one in which nothing cracked.
    let silent = [("station_shown", ""), ("hindrance", "1")];
    let silent = world.post_form(Role::Agent, &format!("/cases/{number}/findings"), &silent).await?;
    assert_eq!(silent.status.as_u16(), 422);
    assert!(!page.contains("name=\"cause\" value=\"\" checked"), "{page}");

    // Another station was chosen than the page had shown.
    let id = scratched.to_string();
    let moved = [("cause", id.as_str()), ("station", "delivery"), ("station_shown", "")];
    world.post_form(Role::Agent, &format!("/cases/{number}/findings"), &moved).await?;
    assert_eq!(world.findings(case).await?[0].station, "delivery");
    let unknown =
        world.post_form(Role::Agent, &format!("/cases/{number}/findings"), &[("unknown", "1")]).await?;
    assert_eq!(unknown.status.as_u16(), 303);
    assert!(findings::is_unknown(&mut world.read().await?, case).await?);
    Ok(())
}

async fn programs_document_with_shares(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let case = world.a_case().await?;
    let path = format!("/api/v1/cases/{}/findings", world.row(case).await?.number);
    let sent = json!({"findings": [
        {"kind": "cause", "insight": late, "share": 700, "quote": "Wieder kam niemand."},
        {"kind": "cause", "title": "Keine Nachricht unterwegs", "station": "delivery", "share": 300},
        {"kind": "competitor", "station": "purchase", "quote": "sagt, Zimmerfein ruft an"},
    ]});

    let answer = world.post_json(Role::Agent, &path, &sent).await?.json()?;

    let shares: Vec<_> =
        answer["findings"].as_array().into_iter().flatten().map(|one| one["share"].clone()).collect();
    assert_eq!(shares, [json!(700), json!(300), json!(0)]);
    assert_eq!(answer["findings"][2]["note"], json!("sagt, Zimmerfein ruft an"));
    assert_eq!(answer["unknown"], json!(false));
    let wrong = json!({"findings": [{"kind": "cause", "insight": late, "share": 700}]});
    let refused = world.post_json(Role::Agent, &path, &wrong).await?;
    assert_eq!(
        (refused.status.as_u16(), refused.json()?["errors"][0]["field"].clone()),
        (422, json!("share"))
    );
    Ok(())
}

async fn an_insights_evidence_is_read_page_by_page(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let mut documented = Vec::new();
    for _ in 0..5 {
        let case = world.a_case().await?;
        world.find(case, vec![cause(late)]).await?;
        documented.push(case);
        world.forward(Duration::from_mins(1));
    }
    let mut tx = world.read().await?;
    let mut read = Vec::new();
    let mut cursor = None;
    loop {
        let page = findings::of_insight(&mut tx, late, cursor, 2).await?;
        let Some(last) = page.last() else { break };
        cursor = Some((last.finding.at, last.finding.id));
        read.extend(page.into_iter().map(|one| one.finding.case));
    }
    read.reverse();
    assert_eq!(read, documented);
    assert_eq!(findings::counts(&mut tx, &[late]).await?[&late], 5);
    Ok(())
}

async fn departments_and_managers_do_not_document(world: World) -> Result<()> {
    let late = world.begins(Kind::Cause, "Liefertermin nicht gehalten", "delivery").await?;
    let case = world.a_case().await?;
    let said = Documentation { unknown: false, items: vec![item(Kind::Cause, What::Known(late))] };
    for actor in [&world.department_member, &world.manager] {
        let refused = insights::document(&world.app, actor, case, said.clone()).await;
        assert!(matches!(refused, Err(Error::Forbidden(Right::Document))), "{refused:?}");
    }
    let number = world.row(case).await?.number;
    let page = world.get(Role::Manager, &format!("/cases/{number}")).await?;
    assert_eq!(page.status.as_u16(), 200);
    assert!(!page.body.contains("dlg-document"), "nothing that may not be done is offered");
    Ok(())
}
