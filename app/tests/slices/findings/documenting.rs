//! What is documented on a case, by people and by programs.

use std::time::Duration;

use anyhow::Result;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::{Documentation, InsightState, Item, What};
use kitt::journal::Fact;
use kitt::platform::{CaseId, Error, InsightId, Right, Role};
use serde_json::json;

use super::{cause, item};
use crate::world::{World, both};

both!(
    the_causes_of_a_case_sum_to_one_and_the_case_shows_what_was_found,
    documenting_again_withdraws_what_is_not_said_again,
    a_case_may_honestly_have_no_known_cause,
    what_makes_no_sense_is_refused,
    a_new_insight_begins_while_documenting_and_is_found_again_by_its_title,
    only_literal_words_become_a_quote,
    programs_document_with_shares,
    an_insights_evidence_is_read_page_by_page,
    departments_and_managers_do_not_document,
);

impl World {
    async fn say(&self, case: CaseId, items: Vec<Item>) -> kitt::platform::Result<()> {
        insights::document(&self.app, &self.agent, case, Documentation { unknown: false, items }).await
    }
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
