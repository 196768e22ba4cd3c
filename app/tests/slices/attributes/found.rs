//! Cases found by what they are, and lists that show it.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::attributes::{FieldDraft, FieldType, NewState};
use kitt::cases::{Condition, Eyes, Field, Filter, Sort, Status, Test, attributes};
use kitt::deadlines;
use kitt::platform::{CaseId, Error, Role};
use serde_json::{Value, json};

use super::{choice, draft};
use crate::world::{World, both};

both!(
    the_list_shows_kind_state_and_tags,
    a_complaint_is_said_once,
    cases_are_found_by_what_they_are,
    fields_of_the_house_are_conditions_of_a_view,
    a_list_reads_its_badges_at_once,
    programs_read_of_a_list_what_its_file_has,
);

impl World {
    async fn counted(&self, filter: &Filter) -> Result<usize> {
        let eyes = Eyes::of(&self.app, &self.agent);
        let count = cases::count(&mut self.read().await?, &eyes, filter, 1000).await?;
        Ok(usize::try_from(count)?)
    }
}

async fn the_list_shows_kind_state_and_tags(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::set_kind(app, agent, case, Some(world.kind_named("Störung").await?)).await?;
    attributes::set_state(app, agent, case, NewState::Own(supplier)).await?;
    for tag in ["Aktion", "Messe", "VIP"] {
        attributes::add_tag(app, agent, case, tag).await?;
    }

    let list = world.get(Role::Agent, "/cases?view=all").await?.body;

    for part in ["title=\"Störung\"", "wartet auf Lieferant", ">Aktion<", ">Messe<", "+1"] {
        assert!(list.contains(part), "{part} is missing in {list}");
    }
    Ok(())
}

async fn a_complaint_is_said_once(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Ich beschwere mich").await?.0;
    let path = format!("/cases/{}", world.number(case).await?);
    let (mark, kind) = ("</svg>Beschwerde</span>", "class=\"q-ch\" title=\"Beschwerde\"");

    cases::complaint::mark(app, agent, case, true).await?;
    let marked = world.get(Role::Agent, &path).await?.body;
    attributes::set_kind(app, agent, case, Some(world.kind_named("Beschwerde").await?)).await?;
    let page = world.get(Role::Agent, &path).await?.body;
    let list = world.get(Role::Agent, "/cases?view=all").await?.body;

    assert!(marked.contains(mark), "{marked}");
    assert!(page.contains("Art: Beschwerde") && !page.contains(mark), "its kind says it: {page}");
    assert!(list.contains("class=\"k-dot sig-bad\" title=\"Beschwerde\"") && !list.contains(kind), "{list}");
    Ok(())
}

async fn cases_are_found_by_what_they_are(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (one, two) = (world.write_in("Eins").await?.0, world.write_in("Zwei").await?.0);
    let fault = world.kind_named("Störung").await?;
    attributes::set_kind(app, agent, one, Some(fault)).await?;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::set_state(app, agent, one, NewState::Own(supplier)).await?;
    for tag in ["VIP", "Eilig"] {
        attributes::add_tag(app, agent, one, tag).await?;
    }
    world.field(draft("Watt", FieldType::Number)).await?;
    world.field(draft("Kauf", FieldType::Date)).await?;
    world.field(draft("Ort", FieldType::Text)).await?;
    let colours =
        FieldDraft { choices: vec![choice("Rot"), choice("Grün")], ..draft("Farben", FieldType::Choices) };
    world.field(colours).await?;
    for (key, value) in
        [("watt", "12.5"), ("kauf", "2026-03-01"), ("ort", "Bad_Ischl"), ("farben", "Rot,Grün")]
    {
        world.write_field(one, key, value).await?;
    }
    let (fault, supplier) = (fault.to_string(), supplier.to_string());
    let of = |field: Field, test: Test, values: &[&str]| Condition::new(field, test, values);
    let own = Condition::of_own;

    for (condition, found) in [
        (of(Field::CaseKind, Test::Is, &[&fault]), vec![one]),
        (of(Field::CaseKind, Test::IsNot, &[&fault]), vec![two]),
        (of(Field::CaseKind, Test::Is, &["none"]), vec![two]),
        (of(Field::CaseKind, Test::Is, &["none", &fault]), vec![one, two]),
        (of(Field::OwnState, Test::Is, &[&supplier]), vec![one]),
        (of(Field::OwnState, Test::Is, &["none"]), vec![two]),
        (of(Field::Tag, Test::Has, &["vip"]), vec![one]),
        (of(Field::Tag, Test::Has, &["#VIP", "nie gesehen"]), vec![one]),
        (of(Field::Tag, Test::HasAll, &["VIP", "eilig"]), vec![one]),
        (of(Field::Tag, Test::HasAll, &["VIP", "nie gesehen"]), vec![]),
        (of(Field::Tag, Test::HasNone, &["VIP"]), vec![two]),
        (of(Field::Tag, Test::Set, &[]), vec![one]),
        (of(Field::Tag, Test::Unset, &[]), vec![two]),
        (own("watt", Test::Set, &[]), vec![one]),
        (own("watt", Test::Unset, &[]), vec![two]),
        (own("watt", Test::AtLeast, &["12.5"]), vec![one]),
        (own("watt", Test::AtLeast, &["13"]), vec![]),
        (own("watt", Test::AtMost, &["12.4"]), vec![]),
        (own("kauf", Test::After, &["2026-03-01"]), vec![one]),
        (own("kauf", Test::Before, &["2026-03-01"]), vec![]),
        (own("kauf", Test::Within, &["365d"]), vec![one]),
        (own("kauf", Test::Ahead, &["365d"]), vec![]),
        (own("ort", Test::Is, &["BAD_ISCHL"]), vec![one]),
        (own("ort", Test::IsNot, &["Wien"]), vec![one, two]),
        (own("ort", Test::Contains, &["D_I"]), vec![one]),
        (own("ort", Test::Contains, &["%"]), vec![]),
        (own("ort", Test::NotContains, &["bad"]), vec![two]),
        (own("farben", Test::Has, &["gruen"]), vec![one]),
        (own("farben", Test::Has, &["gru"]), vec![]),
        (own("farben", Test::HasAll, &["gruen", "rot"]), vec![one]),
        (own("farben", Test::HasNone, &["rot"]), vec![two]),
        (own("gibt_es_nicht", Test::Set, &[]), vec![]),
    ] {
        let filter = Filter::all([condition]);
        let kept = Filter::read(&filter.write()?)?;
        let eyes = Eyes::of(app, agent);
        let lines = cases::list(&mut world.read().await?, &eyes, &kept, Sort::Oldest, None, 10).await?;
        let ids: Vec<CaseId> = lines.iter().map(|line| line.case.id).collect();
        assert_eq!(ids, found, "{kept:?}");
        assert_eq!(world.counted(&kept).await?, found.len(), "{kept:?}");
    }
    for (condition, word) in [
        (Condition { own: None, ..own("watt", Test::Set, &[]) }, "filter-own-wrong"),
        (own("watt", Test::AtLeast, &["viel"]), "filter-value-wrong"),
        (Condition { own: Some("watt".into()), ..of(Field::Tag, Test::Set, &[]) }, "filter-own-wrong"),
        (of(Field::CaseKind, Test::Is, &["1 OR 1=1"]), "filter-value-wrong"),
    ] {
        let fault = Filter::all([condition]).check();
        assert!(matches!(&fault, Err(Error::Invalid(errors)) if errors[0].word == word), "{fault:?}");
    }
    Ok(())
}

async fn fields_of_the_house_are_conditions_of_a_view(world: World) -> Result<()> {
    let one = world.write_in("Eins").await?.0;
    let colours =
        FieldDraft { choices: vec![choice("Rot"), choice("Grün")], ..draft("Farben", FieldType::Choices) };
    world.field(colours).await?;
    world.write_field(one, "farben", "Rot").await?;

    let page = world.get(Role::Agent, "/views/new").await?.body;
    assert!(page.contains("<option value=\"own:farben\">Farben</option>"), "{page}");
    let chosen = [("do", "update"), ("join", "all"), ("f0", "own:farben"), ("t0", "is")];
    let page = world.post_form(Role::Agent, "/views/draft", &chosen).await?.body;
    assert!(page.contains("<option value=\"rot\">Rot</option>"), "its choices are offered: {page}");
    let sent = [
        ("name", "Rote"),
        ("shared", "private"),
        ("f0", "own:farben"),
        ("t0", "has"),
        ("v0", "rot"),
        ("f1", "tag"),
        ("t1", "has-none"),
        ("v1", "VIP, eilig"),
    ];
    let kept = world.post_form(Role::Agent, "/views", &sent).await?;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let views = world.get_json(Role::Agent, "/views").await?.json()?;
    assert_eq!(views["items"][0]["count"], 1, "{views}");
    assert_eq!(
        views["items"][0]["filter"]["of"],
        json!([
            {"field": "own", "test": "has", "values": ["rot"], "own": "farben"},
            {"field": "tag", "test": "has-none", "values": ["VIP", "eilig"]},
        ])
    );
    Ok(())
}

async fn a_list_reads_its_badges_at_once(world: World) -> Result<()> {
    let mut rows = Vec::new();
    for number in 0..5 {
        let case = world.write_in(&format!("Fall {number}")).await?.0;
        attributes::add_tag(&world.app, &world.agent, case, &format!("Nr. {number}")).await?;
        rows.push(cases::case(&mut world.read().await?, case).await?);
    }

    let badges = attributes::badges(&mut world.read().await?, rows.iter()).await?;

    for (number, row) in rows.iter().enumerate() {
        let names: Vec<&str> = badges[&row.id].tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, [format!("Nr. {number}")]);
    }
    assert!(attributes::badges(&mut world.read().await?, [].iter()).await?.is_empty());
    Ok(())
}

async fn programs_read_of_a_list_what_its_file_has(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (one, two) = (world.write_in("Eins").await?.0, world.write_in("Zwei").await?.0);
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::set_state(app, agent, one, NewState::Own(supplier)).await?;
    attributes::set_kind(app, agent, one, Some(world.kind_named("Störung").await?)).await?;
    attributes::add_tag(app, agent, two, "VIP").await?;
    world.field(draft("Watt", FieldType::Number)).await?;
    world.write_field(one, "watt", "12.5").await?;
    let customer = cases::case(&mut world.read().await?, one).await?.customer;
    deadlines::set_group(app, &world.admin, customer, "Gold").await?;

    let list = world.get_json(Role::Agent, "/api/v1/cases?view=all").await?.json()?;
    let file = world.get_json(Role::Agent, "/cases/export?view=all&format=jsonl").await?.body;

    let lines = file.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    assert_eq!(list["items"], json!(lines));
    let of = |subject: &str| lines.iter().find(|line| line["subject"] == subject);
    let (one, two) = (of("Eins").context("the first")?, of("Zwei").context("the second")?);
    assert_eq!(
        (&one["own_state_name"], &one["kind_name"]),
        (&json!("wartet auf Lieferant"), &json!("Störung"))
    );
    assert_eq!((&one["group"], &one["fields"]), (&json!("Gold"), &json!({"watt": 12.5})));
    assert_eq!((&two["tags"], &two["fields"]["watt"]), (&json!(["VIP"]), &Value::Null));
    Ok(())
}
