//! Cases are worked on without a mouse, one by one and many at once, and one answer goes to all of an insight.

use anyhow::{Context, Result, ensure};
use kitt::cases::attributes::{self, OwnState};
use kitt::cases::tasks::{self, Checklist, Item};
use kitt::cases::{self, Channel, Status};
use kitt::findings::{self, Kind, NewFinding};
use kitt::insights::{self, NewInsight};
use kitt::platform::{Bilingual, CaseId, InsightId, OwnStateId, Role};
use kitt::rules::{self, Action, Deed, Definition, Draft, RuleKind};
use thirtyfour::prelude::*;

use crate::day::without_a_mouse;
use crate::person::Browser;
use crate::world::World;

/// Ingrid asks something; the case's number.
async fn asks(world: &World, subject: &str) -> Result<(CaseId, String)> {
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let from = ("Ingrid Sommerauer", Some("ingrid@example.org"));
    let case = world.writes(ingrid, from, Channel::Email, subject, "Schon das dritte Mal.").await?;
    world.settle().await?;
    Ok((case, cases::case(&mut world.read().await?, case).await?.number))
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_are_worked_on_without_a_mouse() -> Result<()> {
    without_a_mouse(async |world, eva| {
        furnish(world).await?;
        let number = asks(world, "Das Sofa kam nicht").await?.1;
        asks(world, "Noch einmal wegen der Lampe").await?;
        let path = format!("/cases/{number}");
        eva.enter(Role::Agent, &path).await?;
        stand(eva).await.context("where it stands")?;
        plan(eva).await.context("tasks and people")?;
        find_out(eva).await.context("what was the cause")?;
        bind(eva, &path).await.context("merge, link, split")?;
        log(eva).await.context("a call and one's time")?;
        hand_over(eva, &path).await.context("to a colleague")
    })
    .await
}

/// A state and a checklist of the house's own, and a macro.
async fn furnish(world: &World) -> Result<()> {
    let (app, admin) = (&world.app, &world.admin);
    let name = Bilingual::same("Supplier asked");
    let state = OwnState { id: OwnStateId(0), name, base: Status::Waiting, place: 0, active: true };
    attributes::set_up_state(app, admin, None, &state).await?;
    let items = ["Etikett senden", "Rückruf"].map(|title| Item { title: title.into(), days: None });
    let list = Checklist { id: 0, name: "Return".into(), queue: None, active: true, items: items.into() };
    tasks::save_checklist(app, admin, &list).await?;
    let definition = Definition { actions: vec![Action::new(Deed::Tag, "VIP")], ..Definition::default() };
    let name = "Important".into();
    rules::save(
        app,
        admin,
        None,
        &Draft { kind: RuleKind::Macro, name, definition, active: true, team: None },
    )
    .await?;
    Ok(())
}

async fn stand(eva: &Browser) -> Result<()> {
    eva.press_all(&["a", "Eva"]).await?;
    eva.tab_to("#dlg-assign .pri").await?;
    eva.press(Key::Enter).await?;
    eva.see("#toast", "with Eva Agent now").await.context("whose it is, is said by name")?;
    eva.press_all(&["h", "1"]).await?;
    eva.see("#toast", "Put away").await?;
    eva.press("z").await?;
    eva.see("#toast", "Taken back").await.context("not put away")?;
    eva.press("s").await?;
    eva.press("suppl" + Key::Enter).await?;
    eva.see(".c-own", "Supplier asked").await.context("a state of the house's own")?;
    eva.press("y").await?;
    eva.press("compl" + Key::Enter).await?;
    eva.see(".c-own", "Complaint").await?;
    eva.press("p").await?;
    eva.press("high" + Key::Enter).await?;
    eva.see(".c-own", "high").await?;
    eva.press("l").await?;
    eva.press("Regular").await?;
    eva.see("#dlg-tags [role=option]", "Regular").await?;
    eva.press(Key::Enter).await?;
    eva.see(".c-own", "Regular").await?;
    eva.shift("m").await?;
    eva.press("1").await?;
    eva.see(".c-own", "VIP").await.context("a macro by its number")?;
    eva.shift("p").await?;
    eva.see(".c-meta", "Private").await?;
    eva.see("#toast", "Private").await?;
    eva.press("z").await?;
    eva.see("#toast", "Taken back").await.context("not private")
}

async fn plan(eva: &Browser) -> Result<()> {
    eva.press("t").await?;
    eva.press("Spedition anrufen" + Key::Enter).await?;
    eva.see(".file .task", "Spedition anrufen").await?;
    eva.tab_to(".file .task form button").await?;
    eva.press(Key::Enter).await?;
    eva.see(".file .task.done", "Spedition anrufen").await.context("a task is done")?;
    eva.command("Use a checklist").await?;
    eva.see("#dlg-checklist[open]", "Return").await?;
    eva.press(Key::Enter).await?;
    eva.see(".file .task", "Etikett senden").await.context("tasks of a checklist")?;
    eva.press("w").await?;
    eva.see(".file", "Follows the case").await?;
    eva.command("People involved").await?;
    eva.see("#dlg-people[open]", "Deputy").await?;
    eva.tab_to("#dlg-people form:first-of-type button").await?;
    eva.press(Key::Enter).await?;
    eva.see(".file", "Deputy").await
}

async fn find_out(eva: &Browser) -> Result<()> {
    eva.press("u").await?;
    eva.see("#dlg-document[open]", "").await?;
    eva.tab_to("#dlg-document .bigline input").await?;
    eva.press(Key::Right + Key::Right).await?;
    eva.tab_to("#dlg-document details.new summary").await?;
    eva.press(Key::Enter).await?;
    eva.tab_to("#dlg-document [name=title]").await?;
    eva.press("Spedition hält Termine nicht").await?;
    eva.tab_to("#dlg-document [name=department]").await?;
    eva.press("Prod").await?;
    eva.tab_to("#dlg-document button.pri").await?;
    eva.press(Key::Enter).await?;
    eva.see(".ursache", "Spedition hält Termine nicht").await
}

async fn bind(eva: &Browser, path: &str) -> Result<()> {
    for (key, dialog, done) in [("m", "#dlg-merge", "Merged"), ("l", "#dlg-relate", "Linked")] {
        if key == "l" {
            eva.shift(key).await?;
        } else {
            eva.press(key).await?;
        }
        eva.see(&format!("{dialog}[open]"), "").await?;
        eva.press("Lampe").await?;
        eva.see(&format!("{dialog} [role=option]"), "Noch einmal").await?;
        eva.press(Key::Enter).await?;
        eva.press(Key::Enter).await?;
        eva.see("#toast", done).await.context(done)?;
        eva.press("z").await?;
        eva.miss(&format!("{dialog}[open]")).await?;
        eva.see("#toast", "Taken back").await.context("joined no more")?;
    }
    eva.press("n").await?;
    eva.press("Eigentlich zwei Sachen").await?;
    eva.send().await?;
    eva.see(".c-scroll .m.int", "Eigentlich zwei Sachen").await.context("something that stays")?;
    eva.shift("x").await?;
    eva.see("#dlg-split[open]", "").await?;
    eva.press(" ").await?;
    eva.tab_to("#dlg-split [name=subject]").await?;
    eva.press("Ein eigener Fall" + Key::Enter).await?;
    eva.see(".conv h1", "Ein eigener Fall").await.context("a contact is a case of its own")?;
    eva.visit(path).await
}

async fn log(eva: &Browser) -> Result<()> {
    eva.press("c").await?;
    eva.see("#dlg-new[open]", "").await?;
    eva.press("Ingrid").await?;
    eva.see("#dlg-new [role=option]", "Ingrid Sommerauer").await?;
    eva.press(Key::Enter).await?;
    eva.tab_to("#dlg-new [name=text]").await?;
    eva.press("Ruft wegen des Sofas an").await?;
    eva.send().await?;
    eva.see(".c-scroll", "Ruft wegen des Sofas an").await.context("a call is written down")?;
    eva.press("e").await?;
    eva.see("#toast", "Closed").await?;
    eva.press("z").await?;
    eva.see("#toast", "Taken back").await
}

/// Eva hands a case over, Tom takes it, and both do so by keys.
async fn hand_over(eva: &Browser, path: &str) -> Result<()> {
    eva.visit(path).await?;
    eva.press_all(&["o", "Tom"]).await?;
    eva.press(Key::Tab).await?;
    eva.press("Du kennst sie besser").await?;
    eva.send().await?;
    eva.see("#toast", "Handed over").await?;
    eva.see(".conv", "Handed to Tom Lead").await?;
    eva.enter(Role::Lead, "/cases").await?;
    // One right after the other: by itself the first would soon mean something else.
    eva.press("gh").await?;
    eva.see("#handoffs", "Du kennst sie besser").await.context("Tom finds it")?;
    eva.tab_to("#handoffs form button").await?;
    eva.press(Key::Enter).await?;
    eva.see("#toast", "Accepted").await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_cases_are_worked_on_without_a_mouse() -> Result<()> {
    without_a_mouse(async |world, eva| {
        for subject in ["Das Sofa fehlt", "Die Lampe flackert", "Der Stuhl quietscht"] {
            asks(world, subject).await?;
        }
        mark(eva).await.context("the same for marked cases")?;
        search(eva).await.context("search and palette")
    })
    .await
}

async fn mark(eva: &Browser) -> Result<()> {
    eva.enter(Role::Agent, "/cases?view=unassigned").await?;
    eva.shift("v").await?;
    eva.see("#cases-table", "quietscht").await?;
    eva.shift("b").await?;
    eva.see("#toast-script", "Mark at least one case").await.context("what is not there yet says why")?;
    eva.press_all(&["j", "x", "j", "x"]).await?;
    let marked = eva.driver.find_all(By::Css("tbody input:checked")).await?.len();
    ensure!(marked == 2, "two rows are marked: {marked}");
    eva.see("[data-marks-count]", "2 marked").await.context("the bar says how many")?;
    eva.miss("[data-marks-needs=change]:enabled").await.context("nothing is chosen yet")?;
    eva.shift("b").await?;
    ensure!(eva.is_at("select[name=owner]").await?, "the change begins at its first field");
    eva.tab_to("input[name=tag]").await?;
    eva.press("Messe").await?;
    eva.tab_to("#bulk-more summary").await?;
    eva.press(Key::Enter).await?;
    eva.tab_to("select[name=priority]").await?;
    eva.press("high").await?;
    eva.send().await?;
    eva.see("main", "2 cases").await.context("what would change is shown first")?;
    eva.see("main", "high").await.context("with the priority from among what is folded")?;
    eva.press(Key::Enter).await?;
    eva.see("#bulk-run", "Done").await?;
    eva.press("z").await?;
    eva.see("#bulk-run", "Taken back").await.context("all of it is taken back at once")
}

async fn search(eva: &Browser) -> Result<()> {
    eva.press("/").await?;
    eva.press("subject:lampe").await?;
    eva.see("#cmd [role=option]", "flackert").await?;
    eva.press(Key::Up + Key::Enter).await?;
    eva.see("main h1", "Search").await?;
    eva.see("main", "Die Lampe flackert").await.context("operators narrow what is found")?;
    eva.command("My tasks").await?;
    eva.see("main h1", "Tasks").await.context("a command is found by how it begins")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_goes_to_all_cases_of_an_insight_without_a_mouse() -> Result<()> {
    without_a_mouse(async |world, eva| {
        let new = NewInsight {
            kind: Kind::Cause,
            title: "Kabel zu kurz".into(),
            description: String::new(),
            station: "delivery".into(),
            department: Some(world.product),
            competitor: None,
        };
        let mut tx = world.app.db.write().await?;
        let insight = insights::propose(&world.app, &mut tx, &world.agent, &new).await?.id;
        tx.commit().await?;
        for subject in ["Kabel", "Auch das Kabel", "Noch ein Kabel"] {
            document(world, asks(world, subject).await?.0, insight).await?;
        }
        eva.enter(Role::Agent, &format!("/insights/{insight}")).await?;
        answer_all(eva).await
    })
    .await
}

/// The case is one of this insight.
async fn document(world: &World, case: CaseId, insight: InsightId) -> Result<()> {
    let finding = NewFinding {
        insight: Some(insight),
        department: Some(world.product),
        quote: Some("Zu kurz".into()),
        ..NewFinding::new(Kind::Cause, "delivery")
    };
    let mut tx = world.app.db.write().await?;
    findings::document(&world.app, &mut tx, &world.agent, case, vec![finding]).await?;
    tx.commit().await?;
    Ok(())
}

async fn answer_all(eva: &Browser) -> Result<()> {
    eva.press("r").await?;
    eva.see("#answers h1", "Answer open cases").await?;
    eva.press("r").await?;
    eva.tab_to("#answers-de").await?;
    eva.press("Ein längeres Kabel ist unterwegs.").await?;
    eva.tab_to("#answers form[action$=texts] > button").await?;
    eva.press(Key::Enter).await?;
    eva.see("#answers-run article", "Ein längeres Kabel ist unterwegs").await.context("each is looked at")?;
    for approved in ["1 approved", "2 approved"] {
        eva.press("a").await?;
        eva.see("#answers-run", approved).await?;
    }
    eva.press_all(&["k", "j"]).await?;
    eva.press("s").await?;
    eva.see("#answers-run", "1 left out").await.context("one is left out")?;
    eva.press("r").await?;
    eva.see("#answers-run .k-tag", "answered").await.context("the others are sent")?;
    eva.press("z").await?;
    eva.see("#answers-run", "taken back").await.context("and taken back, all at once")
}
