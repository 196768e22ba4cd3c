//! The history of a case says what stood in a field and what stands there since.

use anyhow::{Context, Result};
use kitt::cases::attributes::{FieldDraft, FieldType};
use kitt::cases::{bins, undo};
use kitt::platform::{CaseId, Role};
use serde_json::{Value, json};

use super::{choice, draft};
use crate::world::{World, both};

both!(
    a_field_is_told_with_what_stood_there,
    a_field_that_is_taken_back_says_so,
    choices_and_standards_are_told_by_name,
    what_stood_in_a_private_case_is_told_to_nobody_else,
);

impl World {
    /// From what to what fields of a case were changed, the newest first.
    async fn turns(&self, case: CaseId) -> Result<Vec<[Value; 3]>> {
        let path = format!("/cases/{}/history", self.number(case).await?);
        let json = self.get_json(Role::Agent, &path).await?.json()?;
        let items = json["items"].as_array().context("a list")?;
        let fields = items.iter().filter(|item| item["fact"] == "case_field_set");
        Ok(fields.map(|item| ["subject", "from", "to"].map(|side| item[side].clone())).collect())
    }
}

async fn a_field_is_told_with_what_stood_there(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.field(draft("Bestellnummer", FieldType::Reference)).await?;
    for text in ["4711", "4712", ""] {
        world.write_field(case, "bestellnummer", text).await?;
    }

    let turns = world.turns(case).await?;

    let nothing = "„keine Angabe“";
    let expected = [["4712", nothing], ["4711", "4712"], [nothing, "4711"]];
    let expected: Vec<[Value; 3]> =
        expected.iter().map(|[from, to]| [json!("Bestellnummer"), json!(from), json!(to)]).collect();
    assert_eq!(turns, expected);
    let page = world.get(Role::Agent, &format!("/cases/{}/history", world.number(case).await?)).await?.body;
    assert!(page.contains("Bestellnummer</b>: <span dir=\"auto\">4711 → 4712</span>"), "{page}");
    Ok(())
}

async fn a_field_that_is_taken_back_says_so(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    world.field(draft("Bestellnummer", FieldType::Reference)).await?;
    world.write_field(case, "bestellnummer", "4711").await?;
    world.write_field(case, "bestellnummer", "4712").await?;
    let offer = undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
    undo::take_back(&world.app, &world.agent, offer.context("nothing is offered")?.id).await?;

    let turns = world.turns(case).await?;

    assert_eq!(turns[0], [json!("Bestellnummer"), json!("4712"), json!("4711")]);
    Ok(())
}

async fn choices_and_standards_are_told_by_name(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let choices = vec![choice("Lampe"), choice("Sofa")];
    let device = FieldDraft { choices, standard: "Lampe".into(), ..draft("Gerät", FieldType::Choice) };
    world.field(device).await?;
    world.write_field(case, "geraet", "Sofa").await?;

    let turns = world.turns(case).await?;

    assert_eq!(turns, [[json!("Gerät"), json!("Lampe"), json!("Sofa")]]);
    Ok(())
}

async fn what_stood_in_a_private_case_is_told_to_nobody_else(world: World) -> Result<()> {
    let case = world.write_in("Kündigung").await?.0;
    world.field(draft("Bestellnummer", FieldType::Reference)).await?;
    world.write_field(case, "bestellnummer", "4711").await?;
    world.write_field(case, "bestellnummer", "4712").await?;
    kitt::cases::assign(&world.app, &world.lead, case, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, case, true).await?;

    let path = format!("/cases/{}/history", world.number(case).await?);
    for (role, told) in [(Role::Agent, false), (Role::Lead, true)] {
        let body = world.get_json(role, &path).await?.body;
        assert_eq!(body.contains("4711"), told, "{role}: {body}");
    }
    Ok(())
}
