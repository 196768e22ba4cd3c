//! Operators that ask for something of the house by name: tags, kinds, states, insights, stations, departments, people.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::attributes;
use kitt::cases::attributes::NewState;
use kitt::cases::{OwnState, Status};
use kitt::findings;
use kitt::findings::{Kind, NewFinding};
use kitt::platform::{Bilingual, CaseId, OwnStateId, Role};
use serde_json::json;

use super::{found, offers, open, titles, two_cases};
use crate::world::{World, both};

both! {
    cases_are_found_by_their_tags_also_after_these_are_renamed_and_merged,
    cases_are_found_by_their_kind_and_the_houses_own_state,
    cases_are_found_by_the_insights_stations_and_departments_of_their_findings,
    cases_are_found_by_who_was_called_into_them,
    names_that_nobody_has_are_said_and_find_nothing,
    the_box_offers_what_the_house_has_by_name,
    chips_and_help_name_the_operators_of_the_house,
}

const SOFA: &[&str] = &["Sofa Linde"];
const LAMPE: &[&str] = &["Lampe Ahorn"];
const BOTH: &[&str] = &["Lampe Ahorn", "Sofa Linde"];
const NONE: &[&str] = &[];

async fn all_find(world: &World, table: &[(&str, &[&str])]) -> Result<()> {
    for (typed, expected) in table {
        assert_eq!(titles(world, typed).await?, *expected, "{typed}");
    }
    Ok(())
}

async fn document(world: &World, case: CaseId, said: Vec<NewFinding>) -> Result<()> {
    let mut tx = world.app.db.write().await?;
    findings::document(&world.app, &mut tx, &world.agent, case, said).await?;
    Ok(tx.commit().await?)
}

async fn cases_are_found_by_their_tags_also_after_these_are_renamed_and_merged(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let mut feeder = open(&world).await?;
    let (sofa, lampe) = two_cases(&world).await?;
    let early = attributes::add_tag(app, agent, sofa, "Größe").await?;
    let late = attributes::add_tag(app, agent, lampe, "Falsche Größe").await?;
    attributes::add_tag(app, agent, lampe, "Versand").await?;
    feeder.catch_up().await?;
    all_find(
        &world,
        &[
            ("tag:versand", LAMPE),
            ("schlagwort:Vers", LAMPE),
            ("tag:#groesse", SOFA),
            ("tag:\"falsche größe\"", LAMPE),
            ("tag:größ", BOTH),
            ("-tag:versand", SOFA),
            ("tag:versand ODER tag:größe", BOTH),
            ("tag:versand sofa", NONE),
            ("tag:keine", NONE),
        ],
    )
    .await?;

    attributes::rename_tag(app, &world.admin, early, "Maße").await?;
    all_find(&world, &[("tag:masse", SOFA), ("tag:größe", LAMPE)]).await?;

    attributes::merge_tags(app, &world.admin, late, early).await?;
    feeder.catch_up().await?;
    all_find(&world, &[("tag:maße", BOTH), ("tag:größe", NONE)]).await?;

    attributes::remove_tag(app, agent, sofa, early).await?;
    feeder.catch_up().await?;
    all_find(&world, &[("tag:maße", LAMPE), ("tag:keine", SOFA), ("-tags:none", LAMPE)]).await?;

    // In quotation marks it is a name, as any other.
    attributes::add_tag(app, agent, lampe, "Keine").await?;
    feeder.catch_up().await?;
    all_find(&world, &[("tag:keine", SOFA), ("tag:\"Keine\"", LAMPE)]).await
}

async fn cases_are_found_by_their_kind_and_the_houses_own_state(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let mut feeder = open(&world).await?;
    let (sofa, lampe) = two_cases(&world).await?;
    let kinds = attributes::kinds(&mut world.read().await?).await?;
    let complaint = kinds.iter().find(|kind| kind.name.de == "Beschwerde").context("complaints")?.id;
    let name = Bilingual::new("Wartet auf Lieferant", "Waits for supplier");
    let state = OwnState { id: OwnStateId(0), name, base: Status::Waiting, place: 0, active: true };
    let state = attributes::set_up_state(app, &world.admin, None, &state).await?;
    attributes::set_kind(app, agent, sofa, Some(complaint)).await?;
    attributes::set_state(app, agent, lampe, NewState::Own(state)).await?;
    feeder.catch_up().await?;
    all_find(
        &world,
        &[
            ("art:beschwerde", SOFA),
            ("kind:Complaint", SOFA),
            ("art:keine", LAMPE),
            ("art:lob", NONE),
            ("zustand:\"Wartet auf Lieferant\"", LAMPE),
            ("state:supplier", LAMPE),
            ("zustand:keiner", SOFA),
            // No state of the house's own is called so.
            ("zustand:offen", SOFA),
            ("state:waiting", LAMPE),
        ],
    )
    .await?;

    attributes::set_kind(app, agent, sofa, None).await?;
    cases::close(app, agent, lampe).await?;
    feeder.catch_up().await?;
    all_find(&world, &[("art:beschwerde", NONE), ("art:keine", BOTH), ("state:supplier", NONE)]).await
}

async fn cases_are_found_by_the_insights_stations_and_departments_of_their_findings(
    world: World,
) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, lampe) = two_cases(&world).await?;
    let insight = world.insight(Kind::Cause, "Kabel der Lampe zu kurz").await?;
    let of_insight = NewFinding { insight: Some(insight), ..NewFinding::new(Kind::Cause, "delivery") };
    document(&world, lampe, vec![of_insight]).await?;
    let in_use = NewFinding { department: Some(world.logistics), ..NewFinding::new(Kind::Wish, "use") };
    document(&world, sofa, vec![in_use]).await?;
    feeder.catch_up().await?;
    let (number, marked) = (format!("insight:{insight}"), format!("erkenntnis:#{insight}"));
    all_find(
        &world,
        &[
            (number.as_str(), LAMPE),
            (marked.as_str(), LAMPE),
            ("erkenntnis:kabel", LAMPE),
            ("insight:\"kurz kabel\"", LAMPE),
            ("insight:4711", NONE),
            ("erkenntnis:keine", SOFA),
            ("station:Lieferung", LAMPE),
            ("station:delivery", LAMPE),
            ("station:use", SOFA),
            ("abteilung:logistik", SOFA),
            ("department:Produkt", NONE),
            ("-station:use", LAMPE),
        ],
    )
    .await?;

    let elsewhere = NewFinding { department: Some(world.product), ..NewFinding::new(Kind::Wish, "billing") };
    document(&world, lampe, vec![elsewhere]).await?;
    feeder.catch_up().await?;
    all_find(
        &world,
        &[
            (number.as_str(), NONE),
            ("erkenntnis:keine", BOTH),
            ("station:delivery", NONE),
            ("station:billing department:Produkt", LAMPE),
        ],
    )
    .await
}

async fn cases_are_found_by_who_was_called_into_them(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, lampe) = two_cases(&world).await?;
    cases::note(&world.app, &world.lead, sofa, "@Eva Agent kennst du das?", Vec::new()).await?;
    cases::note(&world.app, &world.agent, lampe, "@Tom Lead bitte ansehen", Vec::new()).await?;
    feeder.catch_up().await?;
    all_find(
        &world,
        &[
            ("erwähnt:ich", SOFA),
            ("mentioned:me", SOFA),
            ("erwaehnt:eva", SOFA),
            ("mentioned:\"Tom Lead\"", LAMPE),
            ("-erwähnt:ich", LAMPE),
            ("erwähnt:ich ODER erwähnt:tom", BOTH),
            ("erwähnt:petra", NONE),
        ],
    )
    .await?;
    let leads = found(&world, Role::Lead, &[("q", "erwähnt:ich"), ("kind", "case")]).await?;
    assert_eq!((&leads["total"], &leads["items"][0]["title"]), (&json!(1), &json!("Lampe Ahorn")), "{leads}");
    Ok(())
}

async fn names_that_nobody_has_are_said_and_find_nothing(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    two_cases(&world).await?;
    feeder.catch_up().await?;
    for name in ["tag", "art", "zustand", "erkenntnis", "station", "abteilung", "erwähnt"] {
        let list = found(&world, Role::Agent, &[("q", &format!("{name}:quatsch"))]).await?;
        let said =
            format!("„quatsch“ gibt es für „{}:“ nicht.", if name == "tag" { "schlagwort" } else { name });
        assert_eq!((&list["total"], &list["notes"]), (&json!(0), &json!([said])), "{name}: {list}");
    }
    Ok(())
}

async fn the_box_offers_what_the_house_has_by_name(world: World) -> Result<()> {
    let (sofa, _) = two_cases(&world).await?;
    attributes::add_tag(&world.app, &world.agent, sofa, "Falsche Größe").await?;
    let name = Bilingual::new("Wartet auf Lieferant", "Waits for supplier");
    let state = OwnState { id: OwnStateId(0), name, base: Status::Waiting, place: 0, active: true };
    attributes::set_up_state(&world.app, &world.admin, None, &state).await?;
    let insight = world.insight(Kind::Cause, "Kabel \"rot\" zu kurz").await?;
    attributes::add_tag(&world.app, &world.agent, sofa, "None").await?;
    let (number, marked) = (format!("erkenntnis:{insight}"), format!("-insight:#{insight}"));
    for (typed, expected) in [
        ("Sofa schlag", "Sofa schlagwort:"),
        ("erwä", "erwähnt:"),
        ("tag:groe", "tag:\"Falsche Größe\" "),
        ("art:besch", "art:Beschwerde "),
        ("kind:compl", "kind:Beschwerde "),
        ("zustand:lief", "zustand:\"Wartet auf Lieferant\" "),
        ("erkenntnis:kab", "erkenntnis:\"Kabel rot zu kurz\" "),
        ("erkenntnis:\"kabel zu", "erkenntnis:\"Kabel rot zu kurz\" "),
        (number.as_str(), "erkenntnis:\"Kabel rot zu kurz\" "),
        (marked.as_str(), "-insight:\"Kabel rot zu kurz\" "),
        ("zustand:off", "zustand:offen "),
        ("state:waiti", "state:wartend "),
        ("tag:kei", "tag:keine "),
        ("art:kei", "art:keine "),
        ("zustand:kei", "zustand:keiner "),
        ("bearbeiter:nie", "bearbeiter:niemand "),
        ("-station:lief", "-station:Lieferung "),
        ("abteilung:logi", "abteilung:Logistik "),
        ("erwähnt:eva", "erwähnt:\"Eva Agent\" "),
    ] {
        assert_eq!(offers(&world, Role::Agent, typed).await?, [expected], "{typed}");
    }
    // What everybody has stands before what the house has; a name that means something else is quoted.
    let states = ["keiner", "offen", "wartend", "geschlossen", "\"Wartet auf Lieferant\""];
    let states = states.map(|state| format!("zustand:{state} "));
    assert_eq!(offers(&world, Role::Agent, "zustand:").await?, states);
    assert_eq!(offers(&world, Role::Agent, "tag:none").await?, ["tag:keine ", "tag:\"None\" "]);
    let list = found(&world, Role::Agent, &[("q", "erkenntnis:\"Kabel rot zu kurz\"")]).await?;
    assert_eq!(list["notes"], json!([]), "what was offered is understood: {list}");
    for typed in ["tag:groe", "art:besch", "zustand:lief", "station:lief", "abteilung:logi", "erwähnt:eva"] {
        assert!(offers(&world, Role::Department, typed).await?.is_empty(), "{typed}");
    }
    Ok(())
}

async fn chips_and_help_name_the_operators_of_the_house(world: World) -> Result<()> {
    let page = world.get(Role::Agent, "/search?q=tag%3AVersand+mentioned%3Ame+-kind%3Anone").await?;
    for shown in ["schlagwort: Versand", "erwähnt: ich", "nicht art: keine", "q=mentioned%3Ame+-kind%3Anone"]
    {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let help = world.get(Role::Agent, "/search").await?;
    for operator in ["schlagwort:", "art:", "zustand:", "erkenntnis:", "station:", "abteilung:", "erwähnt:"]
    {
        assert!(help.body.contains(operator), "{operator}: {}", help.body);
    }
    Ok(())
}
