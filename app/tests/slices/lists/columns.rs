//! Columns of tables and files: what every case has, and what the house made itself.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::attributes::{FieldDraft, FieldType, NewState};
use kitt::cases::{Status, Written, attributes};
use kitt::deadlines;
use kitt::platform::{CaseId, Role};
use serde_json::{Value, json};

use super::set::draft;
use crate::world::{World, both};

both!(
    a_table_shows_what_the_house_says_of_its_cases,
    a_long_text_takes_two_lines_and_a_date_one,
    a_file_has_the_columns_of_its_view_or_all,
    a_field_is_empty_where_it_does_not_belong,
    columns_are_chosen_from_what_there_is,
    columns_stand_as_somebody_ordered_them,
);

/// A case of a kind, in a state, with tags, of a customer in a group, with a price; and one without any of that.
async fn two_cases(world: &World) -> Result<[CaseId; 2]> {
    let (app, agent) = (&world.app, &world.agent);
    let case = world.write_in("Die Lampe flackert").await?.0;
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    deadlines::set_group(app, &world.admin, customer, "Gold").await?;
    attributes::set_kind(app, agent, case, Some(world.kind_called("Störung").await?)).await?;
    let supplier = world.has_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::set_state(app, agent, case, NewState::Own(supplier)).await?;
    for tag in ["VIP", "Messe"] {
        attributes::add_tag(app, agent, case, tag).await?;
    }
    world.has_field(draft("Preis", FieldType::Money)).await?;
    world.has_field(FieldDraft { standard: "1".into(), ..draft("Stück", FieldType::Number) }).await?;
    attributes::set_field(app, agent, case, "preis", Written::plain("1249.50")).await?;
    attributes::set_field(app, agent, case, "stueck", Written::plain("2000.5")).await?;
    Ok([case, world.write_in("Eine Frage").await?.0])
}

/// A view of all cases with these columns, the oldest first; its id.
async fn view(world: &World, columns: &[&str]) -> Result<i64> {
    let view = json!({ "name": "Alles", "filter": {}, "sort": "oldest", "columns": columns });
    let made = world.post_json(Role::Agent, "/views", &view).await?;
    made.json()?["id"].as_i64().with_context(|| made.body.clone())
}

const COLUMNS: [&str; 7] = ["number", "kind", "own-state", "tags", "group", "own:preis", "own:stueck"];

async fn a_table_shows_what_the_house_says_of_its_cases(world: World) -> Result<()> {
    two_cases(&world).await?;
    let view = view(&world, &COLUMNS).await?;

    let table = world.get(Role::Agent, &format!("/cases?view=v{view}&as=table")).await?.body;

    for head in ["Art", "Eigener Zustand", "Schlagwörter", "Gruppe oder Vertrag", "Preis", "Stück"] {
        assert!(table.contains(&format!("<th>{head}</th>")), "{head} sorts nothing: {table}");
    }
    let cells = |texts: &[&str]| -> String {
        texts.iter().map(|text| format!("<td dir=\"auto\">{text}</td>")).collect::<Vec<_>>().concat()
    };
    let first = ["Störung", "wartet auf Lieferant", "Messe, VIP", "Gold", "1.249,50\u{a0}€", "2.000,5"];
    assert!(table.contains(&cells(&first)), "{table}");
    // Nobody said how many: then the standard holds.
    assert!(table.contains(&cells(&["", "", "", "Gold", "", "1"])), "{table}");
    Ok(())
}

async fn a_long_text_takes_two_lines_and_a_date_one(world: World) -> Result<()> {
    let long = "Die Lampe flackert, seit der Monteur da war, und jetzt brummt sie auch noch";
    world.write_in(long).await?;
    world.write_in("Eine Frage").await?;
    let view = view(&world, &["number", "subject", "created", "updated"]).await?;

    let table = world.get(Role::Agent, &format!("/cases?view=v{view}&as=table")).await?.body;

    assert!(table.contains(&format!("class=\"lk clip2\" title=\"{long}\"")), "{table}");
    assert!(table.contains("<td dir=\"auto\"><a class=\"lk\" href="), "a short one is as it was: {table}");
    assert_eq!(table.matches("<td class=\"nowrap\">heute, ").count(), 4, "{table}");
    Ok(())
}

async fn a_file_has_the_columns_of_its_view_or_all(world: World) -> Result<()> {
    let [one, two] = two_cases(&world).await?;
    let (one, two) = (world.number_of(one).await?, world.number_of(two).await?);
    let view = view(&world, &COLUMNS).await?;
    let file = async |path: &str| world.get(Role::Agent, &format!("{path}?view=v{view}")).await;

    let csv = file("/cases/export").await?.body;
    let head = "\u{feff}Nummer;Art;Eigener Zustand;Schlagwörter;Gruppe oder Vertrag;Preis;Stück";
    let first = format!("{one};Störung;wartet auf Lieferant;Messe, VIP;Gold;1249,50 EUR;2000,5");
    let second = format!("{two};;;;Gold;;1");
    assert_eq!(csv.lines().collect::<Vec<_>>(), [head, first.as_str(), second.as_str()]);
    let program = file("/api/v1/cases/export").await?.body;
    let first = format!("{one},Störung,wartet auf Lieferant,\"Messe, VIP\",Gold,1249.50 EUR,2000.5");
    assert_eq!(program.lines().nth(1), Some(first.as_str()));

    let all = world.get(Role::Agent, "/cases/export?view=all&sort=oldest&columns=all").await?.body;
    let head = all.lines().next().context("a heading")?;
    assert!(head.starts_with("\u{feff}Nummer;Betreff;") && head.ends_with("Gruppe oder Vertrag;Preis;Stück"));
    assert!(all.contains("Die Lampe flackert") && all.contains("1249,50 EUR"), "{all}");
    let sheet = world.get(Role::Agent, "/cases/export?view=all&format=xlsx&columns=all").await?.body;
    assert!(sheet.starts_with("PK"), "a spreadsheet is an archive");
    let lines = world.get(Role::Agent, "/cases/export?view=all&sort=oldest&format=jsonl").await?.body;
    let first: Value = serde_json::from_str(lines.lines().next().context("a line")?)?;
    assert_eq!((&first["number"], &first["kind_name"]), (&json!(one), &json!("Störung")), "{first}");
    assert_eq!((&first["tags"], &first["group"]), (&json!(["Messe", "VIP"]), &json!("Gold")), "{first}");
    assert_eq!(
        (&first["fields"]["stueck"], &first["fields"]["preis"]["cents"]),
        (&json!(2000.5), &json!(124_950))
    );
    let page = world.get(Role::Agent, "/cases?view=all&as=table").await?.body;
    let menu = page.split("id=\"exports\"").nth(1).and_then(|rest| rest.split("</div>").next());
    let menu = menu.context("one menu of files")?;
    assert_eq!(menu.matches(" download ").count(), 5, "{menu}");
    assert!(menu.contains("CSV, alle Spalten"), "{menu}");
    assert!(page.contains("format=csv&#38;columns=all") || page.contains("format=csv&columns=all"), "{page}");
    Ok(())
}

async fn a_field_is_empty_where_it_does_not_belong(world: World) -> Result<()> {
    let case = world.write_in("Die Lampe flackert").await?.0;
    let fault = world.kind_called("Störung").await?;
    world.has_field(FieldDraft { kinds: vec![fault], ..draft("Seriennummer", FieldType::Reference) }).await?;
    attributes::set_kind(&world.app, &world.agent, case, Some(fault)).await?;
    attributes::set_field(&world.app, &world.agent, case, "seriennummer", Written::plain("L-17")).await?;
    let view = view(&world, &["number", "own:seriennummer"]).await?;
    let table = async || world.get(Role::Agent, &format!("/cases?view=v{view}&as=table")).await;

    assert!(table().await?.body.contains("<td dir=\"auto\">L-17</td>"));
    attributes::set_kind(&world.app, &world.agent, case, None).await?;
    assert!(!table().await?.body.contains("L-17"), "as on the page of the case");
    Ok(())
}

async fn columns_are_chosen_from_what_there_is(world: World) -> Result<()> {
    world.has_field(draft("Preis", FieldType::Money)).await?;
    let form = world.get(Role::Agent, "/views/new").await?.body;
    for offered in ["value=\"kind\"", "value=\"tags\"", "value=\"group\"", "value=\"own:preis\""] {
        assert!(form.contains(&format!("name=\"column\" {offered}")), "{offered}: {form}");
    }
    let sent = [
        ("name", "Preise"),
        ("join", "all"),
        ("f0", "status"),
        ("t0", "is"),
        ("v0", "open"),
        ("column", "number"),
        ("column", "own:preis"),
        ("shared", "private"),
    ];
    let saved = world.post_form(Role::Agent, "/views", &sent).await?;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let list = world.get_json(Role::Agent, "/views").await?.json()?;
    assert_eq!(list["items"][0]["columns"], json!(["number", "own:preis"]));

    for columns in [json!(["own:moon"]), json!(["moon"]), json!(["own:1 OR 1"])] {
        let view = json!({ "name": "Mond", "filter": {}, "columns": columns });
        let refused = world.post_json(Role::Agent, "/views", &view).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{columns}: {}", refused.body);
    }
    Ok(())
}

async fn columns_stand_as_somebody_ordered_them(world: World) -> Result<()> {
    world.has_field(draft("Preis", FieldType::Money)).await?;
    world.write_in("Die Lampe flackert").await?;
    let sent = async |path: &str, columns: &[&str], more: (&'static str, &'static str)| {
        let mut fields = vec![("name", "Preise"), ("join", "all"), ("shared", "private"), more];
        fields.extend(columns.iter().map(|column| ("column", *column)));
        world.post_form(Role::Agent, path, &fields).await
    };
    // What is chosen stands before what is not, in the order of the table.
    let order = |page: &str| -> Vec<String> {
        let boxes = page.split("name=\"column\" value=\"").skip(1);
        boxes.take(3).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };

    let first = sent("/views/draft", &["number", "subject", "own:preis"], ("do", "update")).await?.body;
    let moved = sent("/views/draft", &["number", "subject", "own:preis"], ("do", "up-own:preis")).await?.body;
    let saved = sent("/views", &["own:preis", "subject", "number"], ("sort", "oldest")).await?;
    let table = world.get(Role::Agent, &format!("{}&as=table", saved.location())).await?.body;
    let list = world.get(Role::Agent, "/views").await?.body;
    let form = world.get_json(Role::Agent, "/views").await?.json()?["items"][0]["id"].to_string();
    let form = world.get(Role::Agent, &format!("/views/{form}")).await?.body;

    assert_eq!(order(&first), ["number", "subject", "own:preis"]);
    assert!(first.contains("aria-label=\"Preis weiter nach vorn\""), "{first}");
    assert!(!first.contains("value=\"up-number\""), "the first one goes nowhere: {first}");
    assert!(!first.contains("value=\"down-own:preis\""), "nor does the last: {first}");
    assert_eq!(order(&moved), ["number", "own:preis", "subject"]);
    let (price, number) = (table.find("<th>Preis</th>"), table.find("<th>Nummer</th>"));
    assert!(price.is_some() && price < number, "{table}");
    assert_eq!(order(&form), ["own:preis", "subject", "number"], "it is kept");
    let change = "aria-label=\"Preise ändern\">";
    let said = list.split(change).nth(1).and_then(|rest| rest.split("</a>").next()).context("a link")?;
    assert!(said.ends_with("Ändern"), "what is read aloud says what stands there: {said}");
    Ok(())
}
