//! What a case is besides its messages: kind, priority, states of the house's own, tags, fields.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::attributes;
use kitt::cases::attributes::{FieldDraft, FieldType, NewState, Written};
use kitt::cases::{Answer, Condition, Eyes, Field, Filter, Priority, Sort, Status, Test, Then, undo};
use kitt::journal;
use kitt::platform::{
    Actor, Bilingual, CaseFieldId, CaseId, CaseKindId, Error, Language, OwnStateId, QueueId, Role,
};
use money::Notation;
use serde_json::{Value, json};

use crate::world::{World, both};

both!(
    every_attribute_can_be_set_and_taken_back,
    what_somebody_else_set_meanwhile_stays,
    a_state_of_ones_own_does_what_it_means,
    a_state_of_ones_own_comes_back_with_what_it_meant,
    a_tag_is_one_however_it_is_typed,
    two_people_make_one_tag,
    merged_tags_leave_no_case_behind,
    what_is_missing_is_asked_for_before_closing,
    who_writes_after_somebody_else_sees_what_stands_there,
    a_field_is_shown_where_it_belongs,
    a_standard_holds_until_it_is_emptied,
    fields_are_set_up_by_a_form_and_tried_out,
    a_field_cannot_depend_on_itself,
    kinds_and_states_are_set_up_by_forms,
    programs_read_and_write_every_attribute,
    the_list_shows_kind_state_and_tags,
    cases_are_found_by_what_they_are,
    fields_of_the_house_are_conditions_of_a_view,
    a_list_reads_its_badges_at_once,
);

fn draft(name: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        key: String::new(),
        name: Bilingual::same(name),
        help: Bilingual::default(),
        field_type,
        required: false,
        standard: String::new(),
        notation: Notation::German,
        queues: Vec::new(),
        kinds: Vec::new(),
        only_if: None,
        choices: Vec::new(),
        place: 0,
        archived: false,
    }
}

fn choice(name: &str) -> attributes::Choice {
    attributes::Choice { key: String::new(), name: Bilingual::same(name), gone: false }
}

impl World {
    async fn field(&self, draft: FieldDraft) -> Result<CaseFieldId> {
        Ok(attributes::set_up_field(&self.app, &self.admin, None, &draft).await?)
    }

    /// A state that means `base`.
    async fn own_state(&self, name: &str, base: Status) -> Result<OwnStateId> {
        let (id, name) = (OwnStateId(0), Bilingual::same(name));
        let state = attributes::OwnState { id, name, base, place: 0, active: true };
        Ok(attributes::set_up_state(&self.app, &self.admin, None, &state).await?)
    }

    async fn kind_named(&self, name: &str) -> Result<CaseKindId> {
        let kinds = attributes::kinds(&mut self.read().await?).await?;
        Ok(kinds.iter().find(|kind| kind.name.de == name).context("no such kind")?.id)
    }

    async fn write_field(&self, case: CaseId, key: &str, text: &str) -> Result<()> {
        Ok(attributes::set_field(&self.app, &self.agent, case, key, Written::plain(text)).await?)
    }

    /// What the case is, in one value.
    async fn what_is(&self, case: CaseId) -> Result<Value> {
        let mut tx = self.read().await?;
        let row = cases::case(&mut tx, case).await?;
        let own = attributes::attributes(&mut tx, &row).await?;
        let json = attributes::web::AttributesJson::of(&own, Language::De);
        Ok(json!([row.status.code(), serde_json::to_value(json)?]))
    }

    async fn take_back(&self, actor: &Actor) -> Result<Result<cases::Case, Error>> {
        let offer =
            undo::newest(&mut self.read().await?, actor, self.now()).await?.context("nothing is offered")?;
        Ok(undo::take_back(&self.app, actor, offer.id).await)
    }
}

/// Which fields are refused, and with which word.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::OwnFields(fields)) => fields.into_iter().map(|field| (field.field, field.word)).collect(),
        other => panic!("{other:?}"),
    }
}

async fn every_attribute_can_be_set_and_taken_back(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let complaint = world.kind_named("Beschwerde").await?;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    world.field(draft("Order number", FieldType::Reference)).await?;
    let tag = attributes::add_tag(app, agent, case, "VIP").await?;
    world.write_field(case, "order_number", "B 16").await?;
    let facts = journal::of_case(&mut world.read().await?, case).await?.len();

    for step in 0..6 {
        let before = world.what_is(case).await?;
        match step {
            0 => attributes::set_priority(app, agent, case, Priority::High).await?,
            1 => attributes::set_kind(app, agent, case, Some(complaint)).await?,
            2 => attributes::set_state(app, agent, case, NewState::Own(supplier)).await?,
            3 => drop(attributes::add_tag(app, agent, case, "Eilt").await?),
            4 => attributes::remove_tag(app, agent, case, tag).await?,
            _ => world.write_field(case, "order_number", "B 17").await?,
        }
        assert_ne!(before, world.what_is(case).await?, "step {step} did nothing");
        world.take_back(agent).await??;
        assert_eq!(before, world.what_is(case).await?, "step {step}");
    }
    // Each step is a fact, and so is taking it back; waiting and becoming a complaint or none are facts of their own.
    let after = journal::of_case(&mut world.read().await?, case).await?.len();
    assert_eq!(after - facts, 15);
    Ok(())
}

async fn what_somebody_else_set_meanwhile_stays(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.field(draft("Ort", FieldType::Text)).await?;
    attributes::set_priority(app, agent, case, Priority::High).await?;
    attributes::set_priority(app, lead, case, Priority::Low).await?;
    let late = world.take_back(agent).await?;
    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");

    world.write_field(case, "ort", "Linz").await?;
    attributes::set_field(app, lead, case, "ort", Written::plain("Graz")).await?;
    let late = world.take_back(agent).await?;

    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
    assert_eq!(world.what_is(case).await?[1]["fields"]["ort"], "Graz");
    Ok(())
}

async fn a_state_of_ones_own_does_what_it_means(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    let solved = world.own_state("gelöst", Status::Closed).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    let stands = async || -> Result<(Status, Option<OwnStateId>, bool)> {
        let row = cases::case(&mut world.read().await?, case).await?;
        Ok((row.status, row.own_state, row.due_at.is_some()))
    };

    attributes::set_state(app, agent, case, NewState::Own(supplier)).await?;
    assert_eq!(stands().await?, (Status::Waiting, Some(supplier), false));
    cases::wait(app, agent, case, Some(world.now() + kitt::platform::Timestamp::days(2))).await?;
    assert_eq!(stands().await?, (Status::Waiting, Some(supplier), false), "it still waits");
    world.write_to(case).await?;
    assert_eq!(stands().await?, (Status::Open, None, true), "the customer wrote");
    attributes::set_state(app, agent, case, NewState::Own(solved)).await?;
    assert_eq!(stands().await?, (Status::Closed, Some(solved), false));
    attributes::set_state(app, agent, case, NewState::Base(Status::Open)).await?;

    assert_eq!(stands().await?, (Status::Open, None, true), "who was not answered still waits");
    Ok(())
}

async fn a_state_of_ones_own_comes_back_with_what_it_meant(world: World) -> Result<()> {
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    attributes::set_state(&world.app, &world.agent, case, NewState::Own(supplier)).await?;
    let before = world.what_is(case).await?;

    cases::close(&world.app, &world.agent, case).await?;
    assert_eq!(world.what_is(case).await?[1]["own_state"], Value::Null);
    world.take_back(&world.agent).await??;

    assert_eq!(world.what_is(case).await?, before);
    Ok(())
}

async fn a_tag_is_one_however_it_is_typed(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let first = attributes::add_tag(app, agent, case, "Größe  XL").await?;
    for typed in ["größe xl", "#GROESSE XL", " Größe XL "] {
        assert_eq!(attributes::add_tag(app, agent, case, typed).await?, first, "{typed}");
    }
    let empty = attributes::add_tag(app, agent, case, " # ").await;
    let long = attributes::add_tag(app, agent, case, &"x".repeat(61)).await;

    assert!(matches!(empty, Err(Error::Invalid(_))) && matches!(long, Err(Error::Invalid(_))));
    let tags = attributes::tags_like(&mut world.read().await?, "oesse", 10).await?;
    assert_eq!(tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["Größe XL"]);
    assert!(attributes::tags_like(&mut world.read().await?, "%", 10).await?.is_empty());
    Ok(())
}

async fn two_people_make_one_tag(world: World) -> Result<()> {
    let mut making = Vec::new();
    for number in 0..6 {
        let case = world.write_in(&format!("Fall {number}")).await?.0;
        let (app, agent) = (world.app.clone(), world.agent.clone());
        making.push(tokio::spawn(async move { attributes::add_tag(&app, &agent, case, "Messe").await }));
    }
    let mut tags = Vec::new();
    for made in making {
        tags.push(made.await??);
    }

    tags.dedup();
    assert_eq!(tags.len(), 1, "{tags:?}");
    Ok(())
}

async fn merged_tags_leave_no_case_behind(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let (one, two) = (world.write_in("Eins").await?.0, world.write_in("Zwei").await?.0);
    let from = attributes::add_tag(app, agent, one, "Reklamation").await?;
    attributes::add_tag(app, agent, two, "Reklamation").await?;
    let into = attributes::add_tag(app, agent, one, "Beanstandung").await?;
    let url = format!("/settings/attributes/tags/{from}/merge");

    let unknown =
        world.post_json(Role::Admin, &format!("/api/v1{url}"), &json!({"into": "Unbekannt"})).await?;
    let merged = world.post_form(Role::Admin, &url, &[("into", "beanstandung")]).await?;

    assert_eq!((unknown.status.as_u16(), merged.status.as_u16()), (422, 303));
    for case in [one, two] {
        assert_eq!(world.what_is(case).await?[1]["tags"], json!([{"id": into, "name": "Beanstandung"}]));
    }
    let uses = attributes::tag_uses(&mut world.read().await?, 1000).await?;
    assert_eq!(uses.iter().map(|tag| (tag.id, tag.cases)).collect::<Vec<_>>(), [(into, 2)]);
    let taken = attributes::rename_tag(app, &world.admin, into, "Reklamation").await;
    taken.context("the other name is free again")?;
    attributes::forget_tag(app, &world.admin, into).await?;
    assert_eq!(world.what_is(one).await?[1]["tags"], json!([]));
    Ok(())
}

async fn what_is_missing_is_asked_for_before_closing(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let number = world.number(case).await?;
    let fault = world.kind_named("Störung").await?;
    let serial = draft("Seriennummer", FieldType::Reference);
    world.field(FieldDraft { required: true, kinds: vec![fault], ..serial }).await?;
    let solved = world.own_state("gelöst", Status::Closed).await?;
    let answer = || Answer { text: "Gern.".into(), then: Then::Close, ..Answer::default() };
    let missing = vec![("seriennummer".to_owned(), "attr-missing")];

    attributes::set_kind(app, agent, case, Some(fault)).await?;
    assert_eq!(refused(cases::close(app, agent, case).await), missing);
    assert_eq!(refused(attributes::set_state(app, agent, case, NewState::Own(solved)).await), missing);
    assert_eq!(refused(cases::reply(app, agent, case, answer()).await), missing);
    assert_eq!(cases::contacts(&mut world.read().await?, case).await?.len(), 1, "nothing was written");
    let url = format!("/cases/{number}/close");
    let page = world.post_form(Role::Agent, &url, &[]).await?;
    let problem = world.post_json(Role::Agent, &format!("/api/v1{url}"), &json!({})).await?;

    assert_eq!((page.status.as_u16(), problem.status.as_u16()), (422, 422));
    assert!(page.body.contains("data-field=\"seriennummer\""), "{}", page.body);
    let told = problem.json()?["errors"][0].clone();
    assert_eq!(told["field"], "seriennummer");
    assert!(told["message"].as_str().is_some_and(|said| said.contains("„Seriennummer“ fehlt")), "{told}");
    assert_eq!(world.what_is(case).await?[1]["missing"], json!(["seriennummer"]));
    world.write_field(case, "seriennummer", "L-17").await?;
    cases::close(app, agent, case).await?;
    assert_eq!(world.status(case).await?, Status::Closed);

    // Of another kind nothing is missing, and Kitt itself asks nobody.
    let other = world.write_in("Eine Frage").await?.0;
    cases::close(app, agent, other).await?;
    let third = world.write_in("Noch eine Störung").await?.0;
    attributes::set_kind(app, agent, third, Some(fault)).await?;
    cases::close(app, &Actor::kitt("cases"), third).await?;
    Ok(())
}

async fn who_writes_after_somebody_else_sees_what_stands_there(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/cases/{}/fields/preis", world.number(case).await?);
    world.field(draft("Preis", FieldType::Money)).await?;
    let post = async |value: &str, seen: Option<&str>| {
        let fields: Vec<(&str, &str)> =
            [("value", value)].into_iter().chain(seen.map(|seen| ("seen", seen))).collect();
        world.post_form(Role::Agent, &url, &fields).await
    };

    assert_eq!(post("12,50", Some("")).await?.status.as_u16(), 303);
    let late = post("13,00 €", Some("")).await?;
    assert_eq!(late.status.as_u16(), 409);
    assert!(
        late.body.contains("12,50\u{a0}€") && late.body.contains("data-field=\"preis\""),
        "{}",
        late.body
    );
    // The same is no conflict, and whoever has seen it may go on.
    assert_eq!(post("12,5", Some("")).await?.status.as_u16(), 303);
    assert_eq!(post("13,00 €", Some("12.50 EUR")).await?.status.as_u16(), 303);
    assert_eq!(post("14", None).await?.status.as_u16(), 303);
    let wrong = post("viel", None).await?;

    assert_eq!(wrong.status.as_u16(), 422);
    assert_eq!(world.what_is(case).await?[1]["fields"]["preis"], json!({"cents": 1400, "currency": "EUR"}));
    assert_eq!(post("", Some("14.00 EUR")).await?.status.as_u16(), 303);
    assert_eq!(world.what_is(case).await?[1]["fields"]["preis"], Value::Null);
    Ok(())
}

async fn a_field_is_shown_where_it_belongs(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let fault = world.kind_named("Störung").await?;
    let device = FieldDraft {
        kinds: vec![fault],
        choices: vec![choice("Lampe"), choice("Sofa")],
        ..draft("Gerät", FieldType::Choice)
    };
    let device = world.field(device).await?;
    let lamp = Some((device, "Lampe".to_owned()));
    world.field(FieldDraft { only_if: lamp, ..draft("Watt", FieldType::Number) }).await?;
    world.field(FieldDraft { queues: vec![QueueId(4711)], ..draft("Woanders", FieldType::Text) }).await?;
    let shown = async || -> Result<Vec<String>> {
        let fields = world.what_is(case).await?[1]["fields"].clone();
        Ok(fields.as_object().context("fields")?.keys().cloned().collect())
    };

    assert!(shown().await?.is_empty());
    attributes::set_kind(app, agent, case, Some(fault)).await?;
    assert_eq!(shown().await?, ["geraet"]);
    world.write_field(case, "geraet", "Sofa").await?;
    assert_eq!(shown().await?, ["geraet"]);
    world.write_field(case, "geraet", "lampe").await?;

    assert_eq!(shown().await?, ["geraet", "watt"]);
    let page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(page.contains("data-own-field=\"watt\"") && !page.contains("data-own-field=\"woanders\""));
    // Who may only look is shown the values.
    let looked = world.get(Role::Manager, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(looked.contains("Lampe</dd>") && !looked.contains("data-own-field"));
    Ok(())
}

async fn a_standard_holds_until_it_is_emptied(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let before = draft("Land", FieldType::Text);
    let id = world.field(FieldDraft { standard: "Österreich".into(), ..before.clone() }).await?;
    let says = async || -> Result<Value> { Ok(world.what_is(case).await?[1]["fields"]["land"].clone()) };

    assert_eq!(says().await?, "Österreich");
    let changed = FieldDraft { standard: "Schweiz".into(), ..before };
    attributes::set_up_field(&world.app, &world.admin, Some(id), &changed).await?;
    assert_eq!(says().await?, "Schweiz", "a new standard holds at once");
    world.write_field(case, "land", "").await?;
    assert_eq!(says().await?, Value::Null);
    world.take_back(&world.agent).await??;

    assert_eq!(says().await?, "Schweiz");
    Ok(())
}

async fn fields_are_set_up_by_a_form_and_tried_out(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = "/settings/attributes/fields";
    let fields = [
        ("name_de", "Farbe"),
        ("name_en", "Colour"),
        ("field_type", "choices"),
        ("new_choices", "Rot | Red\r\nGrün | Green\r\n\r\n"),
        ("required", "yes"),
    ];
    let added = world.post_form(Role::Admin, url, &fields).await?;
    assert_eq!(added.status.as_u16(), 303, "{}", added.body);
    let page = added.location().to_owned();
    let none = world.post_form(Role::Admin, url, &[("name_de", "Leer"), ("field_type", "choice")]).await?;
    assert_eq!(none.status.as_u16(), 422);
    assert!(none.body.contains("mindestens eine Möglichkeit"), "{}", none.body);
    let again = world.post_form(Role::Admin, url, &fields).await?;
    assert_eq!(again.status.as_u16(), 422, "the name is taken");

    world.write_field(case, "colour", "Grün,Rot").await?;
    let tried = world.get(Role::Admin, &format!("{page}?try=Gr%C3%BCn")).await?.body;
    assert!(tried.contains("Wird so gezeigt: Grün"), "{tried}");
    let tried = world.get(Role::Admin, &format!("{page}?try=Blau")).await?.body;
    assert!(tried.contains("steht nicht zur Auswahl"), "{tried}");
    let change = [
        ("name_de", "Farben"),
        ("name_en", "Colours"),
        ("choice_de_red", "Hellrot"),
        ("choice_en_red", "Light red"),
        ("choice_at_red", "2"),
        ("choice_de_green", "Grün"),
        ("choice_at_green", "1"),
        ("choice_gone_green", "yes"),
        ("new_choices", "Blau | Blue"),
    ];
    let changed = world.post_form(Role::Admin, &page, &change).await?;
    assert_eq!(changed.status.as_u16(), 303, "{}", changed.body);

    let now = world.what_is(case).await?;
    assert_eq!(now[1]["fields"]["colour"], json!(["red", "green"]), "values stay when names change");
    let case_page = world.get(Role::Agent, &format!("/cases/{}", world.number(case).await?)).await?.body;
    assert!(case_page.contains("Hellrot, Grün") && case_page.contains("choice_blue"), "{case_page}");
    let number = world.number(case).await?;
    let form = [("seen", "red,green"), ("choice_blue", "yes"), ("choice_red", "yes")];
    world.post_form(Role::Agent, &format!("/cases/{number}/fields/colour"), &form).await?;
    assert_eq!(world.what_is(case).await?[1]["fields"]["colour"], json!(["red", "blue"]));
    let archived: Vec<_> = change.into_iter().chain([("archived", "yes")]).collect();
    world.post_form(Role::Admin, &page, &archived).await?;
    assert_eq!(world.what_is(case).await?[1]["fields"], json!({}));
    assert_eq!(
        refused(attributes::set_field(&world.app, &world.agent, case, "colour", Written::plain("")).await),
        [("colour".to_owned(), "attr-archived")]
    );
    Ok(())
}

async fn a_field_cannot_depend_on_itself(world: World) -> Result<()> {
    let first = world.field(draft("Eins", FieldType::YesNo)).await?;
    let on = |field| Some((field, "ja".to_owned()));
    let second = world.field(FieldDraft { only_if: on(first), ..draft("Zwei", FieldType::YesNo) }).await?;
    let third = world.field(FieldDraft { only_if: on(second), ..draft("Drei", FieldType::Text) }).await?;
    for other in [first, second] {
        let circle = FieldDraft { only_if: on(other), ..draft("Eins", FieldType::YesNo) };
        let refused = attributes::set_up_field(&world.app, &world.admin, Some(first), &circle).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(wrong)) if wrong[0].word == "attr-condition-circle"),
            "{refused:?}"
        );
    }

    let nonsense = FieldDraft { only_if: Some((first, "blau".into())), ..draft("Vier", FieldType::Text) };
    let refused = attributes::set_up_field(&world.app, &world.admin, None, &nonsense).await;

    assert!(matches!(&refused, Err(Error::Invalid(wrong)) if wrong[0].field == "only_value"), "{refused:?}");
    assert!(attributes::field(&mut world.read().await?, third).await?.only_if.is_some());
    let no_right =
        attributes::set_up_field(&world.app, &world.agent, None, &draft("Fünf", FieldType::Text)).await;
    assert!(matches!(no_right, Err(Error::Forbidden(_))));
    Ok(())
}

async fn kinds_and_states_are_set_up_by_forms(world: World) -> Result<()> {
    let url = "/settings/attributes";
    let added = world.post_form(Role::Admin, url, &[("name_de", "Garantie"), ("icon", "shield")]).await?;
    let taken = world.post_form(Role::Admin, url, &[("name_de", "garantie")]).await?;
    assert_eq!((added.status.as_u16(), taken.status.as_u16()), (303, 422));
    assert!(taken.body.contains("aria-invalid"), "{}", taken.body);
    let kind = world.kind_named("Garantie").await?;
    let case = world.write_in("Die Lampe flackert").await?.0;
    attributes::set_kind(&world.app, &world.agent, case, Some(kind)).await?;
    let id = kind.to_string();
    world.post_form(Role::Admin, url, &[("id", &id), ("name_de", "Gewähr"), ("name_en", "Warranty")]).await?;

    assert_eq!(
        world.what_is(case).await?[1]["kind"]["name"],
        "Gewähr",
        "renamed, and kept although out of use"
    );
    let other = world.write_in("Eine Frage").await?.0;
    let unused = attributes::set_kind(&world.app, &world.agent, other, Some(kind)).await;
    assert!(
        matches!(&unused, Err(Error::Invalid(wrong)) if wrong[0].word == "attr-out-of-use"),
        "{unused:?}"
    );
    let states = "/settings/attributes/states";
    world.post_form(Role::Admin, states, &[("name_de", "beim Lieferanten"), ("base", "waiting")]).await?;
    let listed = world.get(Role::Admin, states).await?.body;
    assert!(listed.contains("beim Lieferanten") && listed.contains("wartet"), "{listed}");
    for page in ["", "/tags", "/fields"] {
        assert_eq!(world.get(Role::Admin, &format!("{url}{page}")).await?.status.as_u16(), 200, "{page}");
    }
    Ok(())
}

async fn programs_read_and_write_every_attribute(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let url = format!("/api/v1/cases/{}", world.number(case).await?);
    let kind = world.kind_named("Frage").await?;
    let supplier = world.own_state("wartet auf Lieferant", Status::Waiting).await?;
    world.field(draft("Watt", FieldType::Number)).await?;
    world.field(draft("Fertig", FieldType::YesNo)).await?;
    for (path, body) in [
        ("kind", json!({"kind": kind})),
        ("priority", json!({"priority": "low"})),
        ("state", json!({"state": supplier})),
        ("tags", json!({"name": "VIP"})),
        ("fields/watt", json!({"value": 12.5})),
        ("fields/fertig", json!({"value": true})),
    ] {
        let done = world.post_json(Role::Agent, &format!("{url}/{path}"), &body).await?;
        assert_eq!(done.status.as_u16(), 200, "{path}: {}", done.body);
    }
    for (path, body, status) in [
        ("state", json!({"state": "gone"}), 422),
        ("state", json!({"state": 4711}), 404),
        ("kind", json!({"kind": 4711}), 404),
        ("priority", json!({"priority": "urgent"}), 422),
        ("fields/none", json!({"value": 1}), 404),
        ("fields/watt", json!({"value": "1,5"}), 422),
    ] {
        let done = world.post_json(Role::Agent, &format!("{url}/{path}"), &body).await?;
        assert_eq!(done.status.as_u16(), status, "{path} {body}: {}", done.body);
    }

    let own = world.get_json(Role::Agent, &url).await?.json()?["attributes"].clone();
    assert_eq!(own["kind"], json!({"id": kind, "name": "Frage"}));
    assert_eq!(
        (&own["priority"], &own["own_state"]["name"]),
        (&json!("low"), &json!("wartet auf Lieferant"))
    );
    assert_eq!(
        (&own["fields"], &own["tags"][0]["name"]),
        (&json!({"watt": 12.5, "fertig": true}), &json!("VIP"))
    );
    let offered = world.get_json(Role::Agent, "/api/v1/attributes").await?.json()?;
    assert_eq!(
        (offered["kinds"].as_array().map(Vec::len), &offered["fields"][0]["key"]),
        (Some(7), &json!("watt"))
    );
    let tags = world.get_json(Role::Agent, "/api/v1/tags?q=vi").await?.json()?;
    assert_eq!(tags["items"][0]["name"], "VIP");
    let tag = tags["items"][0]["id"].as_i64().context("an id")?;
    let removed = world.post_json(Role::Agent, &format!("{url}/tags/{tag}/remove"), &json!({})).await?;
    assert_eq!(removed.json()?["tags"], json!([]));
    let empty = world.post_json(Role::Agent, &format!("{url}/kind"), &json!({"kind": ""})).await?;
    assert_eq!(empty.json()?["kind"], Value::Null);
    Ok(())
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

impl World {
    async fn counted(&self, filter: &Filter) -> Result<usize> {
        let eyes = Eyes::of(&self.app, &self.agent);
        let count = cases::count(&mut self.read().await?, &eyes, filter, 1000).await?;
        Ok(usize::try_from(count)?)
    }
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
