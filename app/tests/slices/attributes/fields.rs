//! Fields of the house: when they are shown, what they demand, how they are set up.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::attributes::{FieldDraft, FieldType, NewState, Written};
use kitt::cases::{Answer, Status, Then, attributes};
use kitt::platform::{Actor, Error, QueueId, Role};
use serde_json::{Value, json};

use super::{choice, draft};
use crate::world::{World, both};

both!(
    what_is_missing_is_asked_for_before_closing,
    who_writes_after_somebody_else_sees_what_stands_there,
    a_field_is_shown_where_it_belongs,
    a_standard_holds_until_it_is_emptied,
    fields_are_set_up_by_a_form_and_tried_out,
    a_field_cannot_depend_on_itself,
    kinds_and_states_are_set_up_by_forms,
);

/// Which fields are refused, and with which word.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, &'static str)> {
    match result {
        Err(Error::OwnFields(fields)) => fields.into_iter().map(|field| (field.field, field.word)).collect(),
        other => panic!("{other:?}"),
    }
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
