//! The hub: the map, the lists and what insights cost.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::finance;
use kitt::finance::Rates;
use kitt::findings::{Kind, NewFinding};
use kitt::insights;
use kitt::insights::Decision;
use kitt::insights::tell;
use kitt::platform::{Role, Timestamp};
use money::{Hours, MinuteRateInputs, Money, Percent};

use super::templates;
use crate::world::{World, both};

both!(
    the_hub_shows_what_is_mended_for_its_filters_only,
    the_hub_lists_everything_that_is_newly_noticed,
    only_causes_cost,
    another_departments_list_is_not_beside_an_insight,
    the_cells_of_the_map_share_the_costs_to_the_cent,
    the_map_follows_what_is_documented_and_withdrawn,
    other_departments_read_quotes_without_names,
    every_page_of_the_hub_answers_in_both_languages_and_as_json,
    an_empty_house_says_what_to_do,
);

async fn the_hub_shows_what_is_mended_for_its_filters_only(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    insights::decide(&world.app, &world.manager, late, Decision::Fix { reason: None }).await?;
    world.hear().await?;

    for (path, shown) in [
        ("/hub", 1),
        ("/hub?channel=email", 1),
        ("/hub?channel=phone", 0),
        ("/hub?product=Quatsch", 0),
        ("/hub?time=2026-10", 0),
    ] {
        let hub = world.get_json(Role::Manager, path).await?.json()?;
        assert_eq!(hub["mended"].as_array().map(Vec::len), Some(shown), "{path}");
    }
    Ok(())
}

async fn the_hub_lists_everything_that_is_newly_noticed(world: World) -> Result<()> {
    for number in 0..6 {
        let cause = world.insight(Kind::Cause, &format!("Riss {number}")).await?;
        for customer in 0..4 {
            let address = format!("kunde{customer}@example.org");
            world.said("Ingrid Sommerauer", &address, cause, "Schon wieder").await?;
        }
    }
    world.hear().await?;

    let page = world.get(Role::Manager, "/hub").await?;
    let hub = world.get_json(Role::Manager, "/hub").await?.json()?;

    assert_eq!(hub["emerging"].as_array().map(Vec::len), Some(6), "{hub}");
    assert!(page.body.contains("2 weitere"), "{}", page.body);
    Ok(())
}

async fn only_causes_cost(world: World) -> Result<()> {
    let wish = world.insight(Kind::Wish, "Ein Zeitfenster").await?;
    let unclear = world.insight(Kind::Unclear, "Wann kommt es").await?;
    world.said("Ingrid Sommerauer", "ingrid@example.org", wish, "Ein Fenster bitte").await?;
    world.said("Adam Alt", "adam@example.org", unclear, "Wann denn?").await?;
    finance::set_rates(&world.app, &world.admin, &rates(), world.now()).await?;
    world.settle().await?;

    for insight in [wish, unclear] {
        let one = world.get_json(Role::Manager, &format!("/insights/{insight}")).await?.json()?;
        assert_eq!(
            (&one["numbers"]["cases"], &one["numbers"]["cost"]),
            (&1.into(), &serde_json::Value::Null)
        );
    }
    Ok(())
}

async fn another_departments_list_is_not_beside_an_insight(world: World) -> Result<()> {
    let theirs = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let other = world.insight(Kind::Cause, "Kratzer im Tisch").await?;
    for (role, beside) in [(Role::Department, true), (Role::Manager, true), (Role::Agent, false)] {
        let page = world.get(role, &format!("/insights/{theirs}")).await?.body;
        assert_eq!(page.contains(&format!("line-{other}")), beside, "{role}");
    }
    insights::settle(&world.app, &world.manager, other, world.logistics).await?;
    let page = world.get(Role::Department, &format!("/insights/{other}")).await?.body;
    assert!(page.contains(&format!("line-{theirs}")), "the reader's own list: {page}");
    assert!(!page.contains(&format!("line-{other}")), "{page}");
    Ok(())
}

async fn the_cells_of_the_map_share_the_costs_to_the_cent(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let (_, case) = world.opened("Ingrid Sommerauer", "ingrid@example.org").await?;
    let one = |station: &str, department, share| NewFinding {
        insight: (station == "delivery").then_some(late),
        department: Some(department),
        share: Some(share),
        ..NewFinding::new(Kind::Cause, station)
    };
    let causes = vec![
        one("delivery", world.logistics, 334),
        one("billing", world.product, 333),
        one("use", world.product, 333),
    ];
    world.document_all(case, causes).await?;
    for _ in 0..14 {
        cases::spend_time(&world.app, &world.agent, case, 120).await?;
    }
    world.settle().await?;

    let without_rates = world.get_json(Role::Manager, "/api/v1/hub").await?.json()?;
    assert!(without_rates["totals"]["cost"].is_null(), "no rates, no EUR: {without_rates}");
    finance::set_rates(&world.app, &world.admin, &rates(), world.now()).await?;
    world.settle().await?;

    let hub = world.get_json(Role::Manager, "/api/v1/hub").await?.json()?;
    // 28 minutes at 40.07 EUR an hour are 18.70 EUR.
    assert_eq!(hub["totals"]["cost"]["cents"], 1870);
    let parts = money::allocate(Money::eur(1870), &[334, 333, 333])?;
    let cents = |station: &str| {
        let cells = hub["cells"].as_array().map(Vec::as_slice).unwrap_or_default();
        cells.iter().find(|cell| cell["station"] == station).and_then(|cell| cell["cost"]["cents"].as_i64())
    };
    assert_eq!(cents("delivery"), Some(parts[0].cents));
    assert_eq!((cents("billing"), cents("use")), (Some(parts[1].cents), Some(parts[2].cents)));
    assert_eq!(hub["totals"]["with_cause"], 1, "a case with three causes is one case");
    Ok(())
}

async fn the_map_follows_what_is_documented_and_withdrawn(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let count = async || -> Result<i64> {
        world.hear().await?;
        let hub = world.get_json(Role::Agent, "/hub").await?.json()?;
        hub["totals"]["with_cause"].as_i64().context("a number")
    };
    assert_eq!(count().await?, 0);

    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, "Niemand da").await?;
    assert_eq!(count().await?, 1);
    world.said("Adam Alt", "adam@example.org", late, "Niemand da").await?;
    assert_eq!(count().await?, 2);
    let mut praise = NewFinding::new(Kind::Praise, "service");
    praise.quote = None;
    world.document_all(case, vec![praise]).await?;
    assert_eq!(count().await?, 1, "the cause of the first case was withdrawn");
    Ok(())
}

async fn other_departments_read_quotes_without_names(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin nicht gehalten").await?;
    let said = "Ich bin Ingrid Sommerauer, 0664 1234567, und Eva Agent weiß das.";
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", late, said).await?;
    let number = cases::case(&mut world.read().await?, case).await?.number;
    world.hear().await?;

    for (role, shown) in [(Role::Department, false), (Role::Finance, false), (Role::Agent, true)] {
        for path in [format!("/insights/{late}"), "/hub/words".to_owned(), "/hub".to_owned()] {
            let page = world.get(role, &path).await?;
            assert_eq!(page.status, 200, "{role} {path}");
            let seen = page.body.contains("Sommerauer") || page.body.contains("1234567");
            assert!(shown || !seen, "{role} {path}");
            assert!(shown || !page.body.contains(&number), "{role} {path}");
            assert!(!shown || path == "/hub" || page.body.contains(&number), "{role} {path}");
        }
    }
    assert_eq!(world.get(Role::Department, &format!("/insights/{late}/tell")).await?.status, 403);
    assert_eq!(
        world.get(Role::Department, &format!("/department?department={}", world.logistics)).await?.status,
        404
    );
    Ok(())
}

async fn every_page_of_the_hub_answers_in_both_languages_and_as_json(world: World) -> Result<()> {
    let late = world.insight(Kind::Cause, "Termin <nicht> gehalten").await?;
    let wish = world.insight(Kind::Wish, "Zwei-Stunden-Fenster").await?;
    for day in 0..5 {
        let address = format!("kunde{day}@example.org");
        world.said("Ingrid Sommerauer", &address, late, "Niemand <b>da</b>").await?;
        world.said("Ingrid Sommerauer", &address, wish, "Ein Fenster").await?;
        world.forward(Timestamp::days(1));
    }
    insights::decide(&world.app, &world.manager, wish, Decision::Fix { reason: None }).await?;
    tell::prepare(&world.app, &world.agent, wish, templates()).await?;
    insights::comment(&world.app, &world.agent, late, "Könnt ihr da etwas tun?").await?;
    world.hear().await?;

    let pages = [
        "/hub".to_owned(),
        "/hub?time=365&channel=email&measure=cost".to_owned(),
        "/hub?time=custom&from=2026-11-01&to=2026-11-20".to_owned(),
        "/hub?time=2026-10".to_owned(),
        "/hub/words?station=3&department=1&time=30".to_owned(),
        format!("/hub/words?insight={late}&time=90"),
        "/department".to_owned(),
        "/insights?kind=wish&state=fixed&department=1&q=fenster".to_owned(),
        "/insights".to_owned(),
        format!("/insights/{late}"),
        format!("/insights/{wish}"),
        format!("/insights/{wish}/tell"),
    ];
    for path in pages {
        for language in ["de", "en"] {
            let headers = [("accept", "text/html"), ("accept-language", language)];
            let page = world.ask(Role::Admin, axum::http::Method::GET, &path, &headers, "").await?;
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(!page.body.contains("<nicht>") && !page.body.contains("<b>da</b>"), "{path} escapes");
            for missing in ["hub-", "insight-", "tell-"] {
                let raw = format!(">{missing}");
                assert!(!page.body.contains(&raw), "{path} {language} lacks a word near {raw}");
            }
        }
        let json = world.get_json(Role::Admin, &format!("/api/v1{path}")).await?;
        assert_eq!(json.status, 200, "{path}");
        json.json()?;
    }
    let table = world.get(Role::Admin, "/hub/map.csv").await?;
    assert!(table.body.contains("Termin <nicht> gehalten;Produkt;5;"), "{}", table.body);
    Ok(())
}

async fn an_empty_house_says_what_to_do(world: World) -> Result<()> {
    let hub = world.get(Role::Agent, "/hub").await?;
    assert!(hub.body.contains("Noch ist nichts festgehalten"), "{}", hub.body);
    let inbox = world.get(Role::Department, "/department").await?;
    assert!(inbox.body.contains("Hier ist noch nichts angekommen"), "{}", inbox.body);
    Ok(())
}

fn rates() -> Rates {
    Rates {
        handling: MinuteRateInputs {
            yearly_cost: Some(Money::eur(4_680_000)),
            overhead_percent: Some(Percent::whole(20)),
            paid_hours: Some(Hours::whole(2002)),
            shrinkage_percent: Some(Percent::whole(30)),
        },
        vat: Some(Percent::whole(20)),
        redemption: Some(Percent::whole(90)),
        ..Rates::default()
    }
}
