//! Causes that are proposed, and what the house learns from what people make of them.

use anyhow::Result;
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::Insight;
use kitt::journal::Fact;
use kitt::platform::{App, CaseId, Clock, InsightId, Role};
use serde_json::json;

use super::cause;
use crate::world::{World, both};

both!(
    the_house_learns_from_confirmed_cases_and_corrections,
    a_restart_remembers_what_was_learnt,
    a_past_without_journal_teaches_as_well,
    the_page_proposes_and_one_click_documents,
    the_page_searches_other_causes_and_says_what_is_missing,
);

impl World {
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
