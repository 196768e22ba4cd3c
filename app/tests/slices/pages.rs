//! What pages keep as their reader left it, and say in the reader's own terms.

use anyhow::{Context, Result};
use axum::http::Method;
use kitt::cases;
use kitt::customers;
use kitt::people::{self, QueueSettings};
use kitt::platform::Role;
use kitt::rules::{self, Deed, Definition, Draft, RuleKind};
use serde_json::json;

use crate::world::{World, both};

both!(
    a_queue_whose_rule_was_saved_stays_unfolded,
    an_empty_list_names_the_key_that_its_reader_presses,
    hints_name_the_keys_that_their_reader_presses,
    the_views_are_reached_by_their_key_from_every_page,
    what_somebody_typed_turns_nothing_else_around,
    what_a_program_sends_turns_nothing_around_either,
    a_filter_is_taken_away_only_where_there_is_one,
    settings_are_reached_on_a_phone,
    the_order_of_rules_is_told_in_the_keys_of_the_reader,
    who_wants_that_goes_on_with_the_next_case_after_closing,
);

async fn a_queue_whose_rule_was_saved_stays_unfolded(world: World) -> Result<()> {
    let other = QueueSettings {
        name: "Werkstatt".into(),
        team: Some(world.team),
        address: None,
        answer_minutes: 480,
        reopening: None,
        restricted: None,
        tone: None,
    };
    people::set_queue(&world.app, &world.admin, None, &other).await?;
    let unfolded =
        |page: &str| page.matches("<details class=\"folded\" style=\"margin-bottom:.8rem\" open>").count();
    let before = world.get(Role::Admin, "/settings/assignment").await?.body;
    assert_eq!(unfolded(&before), 0, "{before}");

    let queue = world.queue.to_string();
    let fields = [("queue", queue.as_str()), ("mode", "load"), ("wait_hours", "4")];
    let saved = world.post_form(Role::Admin, "/settings/assignment", &fields).await?;

    let path = saved.location().split('#').next().unwrap_or_default().to_owned();
    let page = world.get(Role::Admin, &path).await?.body;
    assert_eq!(unfolded(&page), 1, "{path}");
    let (_, open) = page.split_once("margin-bottom:.8rem\" open>").unwrap_or_default();
    assert!(open.starts_with(&format!("<summary><h2 class=\"t17\" id=\"q-{queue}\"")), "{open}");
    Ok(())
}

async fn an_empty_list_names_the_key_that_its_reader_presses(world: World) -> Result<()> {
    let closed = async || world.get(Role::Agent, "/cases?view=closed").await.map(|page| page.body);
    assert!(closed().await?.contains("Mit E schließt du"), "as the house has it");

    world.post_form(Role::Agent, "/account/keys", &[("singles", "yes"), ("e", "ö")]).await?;

    let page = closed().await?;
    assert!(page.contains("Mit Ö schließt du"), "{page}");
    Ok(())
}

async fn hints_name_the_keys_that_their_reader_presses(world: World) -> Result<()> {
    world.write_in("Lampe").await?;
    let inbox = async || world.get(Role::Agent, "/cases?view=all").await.map(|page| page.body);
    let before = inbox().await?;
    assert!(before.contains("<kbd class=\"k-key\">R</kbd>") && before.contains("Mit J und K"), "{before}");

    let own = [("singles", "yes"), ("r", "9"), ("j", "ö")];
    world.post_form(Role::Agent, "/account/keys", &own).await?;

    let page = inbox().await?;
    assert!(page.contains("<kbd class=\"k-key\">9</kbd>") && page.contains("Mit Ö und K"), "{page}");
    assert!(!page.contains("data-keys-off"), "they are on");
    world.post_form(Role::Agent, "/account/keys", &[("r", "9")]).await?;
    assert!(inbox().await?.contains(" data-keys-off"), "whoever uses none is told of none");
    Ok(())
}

async fn the_views_are_reached_by_their_key_from_every_page(world: World) -> Result<()> {
    for path in ["/cases", "/knowledge", "/tasks", "/customers", "/recurring"] {
        let page = world.get(Role::Agent, path).await?.body;
        assert_eq!(page.matches("href=\"/views\" data-command").count(), 1, "{path}: {page}");
        assert!(page.contains("data-key=\"g v\">Ansichten"), "{path}: {page}");
    }
    Ok(())
}

async fn what_somebody_typed_turns_nothing_else_around(world: World) -> Result<()> {
    let customer = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let form = [("version", "1"), ("name", "Ingrid \u{202e}Sommer"), ("language", "de")];

    let path = format!("/customers/{customer}");
    world.post_form(Role::Agent, &path, &form).await?;

    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Ingrid Sommer<") && !page.contains('\u{202e}'), "{page}");
    Ok(())
}

async fn what_a_program_sends_turns_nothing_around_either(world: World) -> Result<()> {
    let customer = world.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
    let form = json!({ "version": 1, "name": "Ingrid \u{202e}Sommer", "language": "de" });

    let changed = world.post_json(Role::Agent, &format!("/customers/{customer}"), &form).await?;

    assert_eq!(changed.status, 200, "{}", changed.body);
    let row = customers::customer(&mut world.read().await?, customer).await?;
    assert_eq!(row.name, "Ingrid Sommer");
    Ok(())
}

async fn a_filter_is_taken_away_only_where_there_is_one(world: World) -> Result<()> {
    let bare = world.get(Role::Lead, "/insights").await?.body;
    let filtered = world.get(Role::Lead, "/insights?kind=wish").await?.body;

    assert!(
        bare.contains("Noch ist nichts festgehalten") && !bare.contains("Nimm einen Filter weg"),
        "{bare}"
    );
    assert!(filtered.contains("Nimm einen Filter weg"), "{filtered}");
    Ok(())
}

async fn settings_are_reached_on_a_phone(world: World) -> Result<()> {
    for role in Role::ALL {
        let page = world.get(*role, "/account").await?.body;
        let (_, nav) = page.split_once("<nav class=\"k-nav\"").unwrap_or_default();
        let (nav, _) = nav.split_once("</nav>").unwrap_or_default();
        let (links, at_the_head) = (nav.matches("<a ").count(), page.matches("only-p\" href=").count());
        assert_eq!(at_the_head, links.saturating_sub(5), "{role}: a phone shows five at its foot");
    }

    let (below, overview) =
        (world.get(Role::Admin, "/settings/teams").await?, world.get(Role::Admin, "/settings").await?);
    let back = "set-up\" href=\"/settings\"";
    assert!(below.body.contains(back) && !overview.body.contains(back), "{}", below.body);
    Ok(())
}

async fn the_order_of_rules_is_told_in_the_keys_of_the_reader(world: World) -> Result<()> {
    for name in ["Eins", "Zwei"] {
        let definition =
            Definition { actions: vec![rules::Action::new(Deed::Tag, "x")], ..Definition::default() };
        let draft = Draft { kind: RuleKind::Macro, name: name.into(), definition, active: true, team: None };
        rules::save(&world.app, &world.admin, None, &draft).await?;
    }
    for (browser, keys) in [("Windows NT 10.0", "mit Alt+↑ und Alt+↓"), ("Mac OS X", "mit ⌥↑ und ⌥↓")]
    {
        let headers = [("accept", "text/html"), ("user-agent", browser)];
        let page = world.ask(Role::Admin, Method::GET, "/settings/rules", &headers, "").await?.body;
        assert!(page.contains(keys), "{browser}: {page}");
    }
    Ok(())
}

async fn who_wants_that_goes_on_with_the_next_case_after_closing(world: World) -> Result<()> {
    for subject in ["Lampe", "Stuhl", "Tisch"] {
        world.write_in(subject).await?;
    }
    let list = world.get_json(Role::Agent, "/cases?view=all").await?.json()?;
    let number = list["items"][0]["number"].as_str().context("a case")?.to_owned();
    let open = async |number: &str| {
        world.get(Role::Agent, &format!("/cases/{number}?view=all")).await.map(|page| page.body)
    };
    let next_on = |page: &str| {
        let (_, rest) = page.split_once("name=\"next\" value=\"")?;
        Some(rest.split('"').next()?.to_owned())
    };
    assert_eq!(next_on(&open(&number).await?), None, "as the house has it, a closed case stays open");

    world.post_form(Role::Agent, "/account/closing", &[("goes_on", "on")]).await?;
    let account = world.get(Role::Agent, "/account").await?.body;
    assert!(account.contains("name=\"goes_on\" value=\"on\" checked"), "{account}");
    let shown = open(&number).await?;
    let row = |number: &str| shown.find(&format!("id=\"row-{number}\"")).context("a row");
    let next = next_on(&shown).context("the next one")?;
    assert!(row(&number)? < row(&next)?, "{shown}");

    let path = format!("/cases/{number}/close");
    let closed = world.post_form(Role::Agent, &path, &[("next", next.as_str()), ("view", "all")]).await?;
    assert_eq!(
        (closed.status.as_u16(), closed.location()),
        (303, format!("/cases/{next}?view=all").as_str())
    );

    // What is not there, or is not to be known, is not gone on with.
    let hidden = cases::by_number(&mut world.read().await?, &number).await?.id;
    cases::assign(&world.app, &world.lead, hidden, world.lead.person_id()).await?;
    cases::bins::set_private(&world.app, &world.lead, hidden, true).await?;
    let path = format!("/cases/{next}/close");
    for other in ["26-99999", number.as_str()] {
        let stays = world.post_form(Role::Agent, &path, &[("next", other), ("view", "all")]).await?;
        assert_eq!(stays.location(), format!("/cases/{next}"), "{other}");
        world.post_form(Role::Agent, &format!("/cases/{next}/reopen"), &[]).await?;
    }
    world.post_form(Role::Agent, "/account/closing", &[]).await?;
    assert_eq!(next_on(&open(&next).await?), None);
    Ok(())
}
