//! Search: what is found, by whom, and that the index is never the truth.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::Channel;
use kitt::customers;
use kitt::customers::{NewCustomer, PointKind};
use kitt::platform::search::Feeder;
use kitt::platform::{CustomerId, Role, Timestamp};
use serde_json::Value;

use crate::world::{World, both};

both! {
    a_case_is_found_by_its_words_as_soon_as_the_journal_was_read,
    umlauts_are_found_in_all_spellings,
    parts_of_german_compounds_and_inflections_are_found,
    one_typing_error_is_forgiven_when_little_is_found,
    a_phrase_is_found_as_it_stands_only,
    what_is_new_comes_first,
    numbers_lead_to_their_case_and_to_the_customer_who_ordered,
    the_parts_of_an_order_number_in_others_are_not_that_order,
    customers_are_found_by_everything_that_reaches_them,
    nobody_finds_what_they_may_not_read,
    a_restarted_server_goes_on_with_its_index,
    a_deleted_index_is_rebuilt_with_what_was_imported_without_news,
    found_words_are_marked_and_customers_html_stays_text,
    a_changed_name_is_found_and_the_old_one_is_not,
    cases_come_before_customers_unless_a_customer_is_called_so,
    a_kind_of_which_nothing_fits_says_that_something_else_does,
}

async fn open(world: &World) -> Result<Feeder> {
    Ok(Feeder::open(&world.app, &kitt::search_sources()).await?)
}

/// A mail arrives; the number of its case.
async fn mail(world: &World, customer: CustomerId, subject: &str, text: &str) -> Result<String> {
    let case = world.writes(customer, ("Kundin", None), Channel::Email, subject, text).await?;
    Ok(cases::case(&mut world.read().await?, case).await?.number)
}

async fn items(world: &World, role: Role, typed: &str) -> Result<Vec<Value>> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let answer = world.get_json(role, &format!("/search?{query}")).await?.json()?;
    Ok(answer["items"].as_array().context("a list")?.clone())
}

async fn titles(world: &World, typed: &str) -> Result<Vec<String>> {
    let items = items(world, Role::Agent, typed).await?;
    Ok(items.iter().filter_map(|item| item["title"].as_str()).map(str::to_owned).collect())
}

async fn a_case_is_found_by_its_words_as_soon_as_the_journal_was_read(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    let number = mail(&world, customer, "Sofa Linde", "Der dritte Liefertermin ist geplatzt.").await?;
    assert!(titles(&world, "geplatzt").await?.is_empty(), "nobody read the journal yet");
    feeder.catch_up().await?;
    for typed in ["geplatzt", "sofa linde", "LINDE sofa", "liefertermin gepl", "Sommerauer Sofa", &number] {
        let found = items(&world, Role::Agent, typed).await?;
        assert_eq!(found.first().map(|item| &item["title"]), Some(&Value::from("Sofa Linde")), "{typed}");
        let url = found[0]["url"].as_str().context("an address")?;
        assert_eq!(url.split('#').next(), Some(format!("/cases/{number}").as_str()));
    }
    assert!(titles(&world, "sofa waschmaschine").await?.is_empty(), "all words are needed");
    let page = world.get(Role::Agent, "/search?q=geplatzt").await?;
    assert!(page.status.is_success() && page.body.contains("<mark>geplatzt</mark>"), "{}", page.body);
    Ok(())
}

async fn umlauts_are_found_in_all_spellings(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    world.customer("Jürgen Müller", "juergen@mail.example").await?;
    feeder.catch_up().await?;
    for typed in ["Müller", "mueller", "MÜLLER", "jürgen m", "Juergen Müller"] {
        assert_eq!(titles(&world, typed).await?, ["Jürgen Müller"], "{typed}");
    }
    Ok(())
}

async fn parts_of_german_compounds_and_inflections_are_found(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "A", "Die Ladegeräte und Waschmaschinenschläuche fehlten in allen Paketen.")
        .await?;
    mail(&world, customer, "B", "My deliveries were late.").await?;
    feeder.catch_up().await?;
    for (typed, title) in [
        ("Ladegerät", "A"),
        ("gerät", "A"),
        ("schlauch", "A"),
        ("waschmaschine", "A"),
        ("paket", "A"),
        ("delivery", "B"),
        ("Ladegeraet", "A"),
    ] {
        assert_eq!(titles(&world, typed).await?, [title], "{typed}");
    }
    Ok(())
}

async fn one_typing_error_is_forgiven_when_little_is_found(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "Rechnung doppelt", "Warum?").await?;
    feeder.catch_up().await?;
    for typed in ["Rechung", "Rechnnug", "rchnung doppelt", "Somerauer Rechnung", "Somerrauer Rechnung"] {
        assert_eq!(titles(&world, typed).await?, ["Rechnung doppelt"], "{typed}");
    }
    assert!(titles(&world, "Rehcung").await?.is_empty(), "two errors in a short word are another word");
    assert!(titles(&world, "Pechnumg").await?.is_empty(), "of two errors none is in the first letter");
    Ok(())
}

async fn what_is_new_comes_first(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    for n in 1..=3 {
        mail(&world, customer, &format!("Lampe {n}"), "Sie flackert.").await?;
    }
    world.forward(Timestamp::days(400));
    world.forget_sessions();
    mail(&world, customer, "Lampe 4", "Sie flackert.").await?;
    feeder.catch_up().await?;

    let best = world.get_json(Role::Agent, "/search?q=lampe&limit=1").await?.json()?;

    assert_eq!(best["items"][0]["title"], "Lampe 4", "{best}");
    Ok(())
}

async fn a_phrase_is_found_as_it_stands_only(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "A", "Die rote Lampe brennt.").await?;
    mail(&world, customer, "B", "Die Lampe blinkt, der rote Schalter klemmt.").await?;
    feeder.catch_up().await?;
    assert_eq!(titles(&world, "rote lampe").await?.len(), 2);
    assert_eq!(titles(&world, "\"rote Lampe\"").await?, ["A"]);
    assert_eq!(titles(&world, "„rote Lampe“ brennt").await?, ["A"]);
    Ok(())
}

async fn numbers_lead_to_their_case_and_to_the_customer_who_ordered(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    let mut tx = world.app.db.write().await?;
    let sofa = customers::product(&mut tx, "Sofa Linde", "Möbel").await?;
    let price = money::Money::new(124_900, money::Currency::Eur);
    customers::add_purchase(&mut tx, customer, "118-4471", sofa, price, world.now()).await?;
    tx.commit().await?;
    let number = mail(&world, customer, "Frage", "Gilt die Garantie?").await?;
    let other = mail(&world, customer, "Andere Frage", &format!("Wie bei {number}.")).await?;
    assert_eq!(titles(&world, &number).await?, ["Frage"], "a whole number needs no index");
    feeder.catch_up().await?;
    let short = number.split_once('-').context("a number with its year")?.1;
    for typed in [number.as_str(), short, &number.replace('-', " ")] {
        assert_eq!(titles(&world, typed).await?.first().map(String::as_str), Some("Frage"), "{typed}");
    }
    assert_ne!(number, other);
    for typed in ["118-4471", "1184471", "118 4471"] {
        assert_eq!(titles(&world, typed).await?, ["Ingrid Sommerauer"], "{typed}");
    }
    Ok(())
}

async fn the_parts_of_an_order_number_in_others_are_not_that_order(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let ingrid = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    let mateusz = world.customer("Mateusz Patel", "mateusz@mail.example").await?;
    let mut tx = world.app.db.write().await?;
    let sofa = customers::product(&mut tx, "Sofa Linde", "Möbel").await?;
    let price = money::Money::new(124_900, money::Currency::Eur);
    for (customer, number) in [(ingrid, "118-4471"), (mateusz, "117-4471"), (mateusz, "118-2035")] {
        customers::add_purchase(&mut tx, customer, number, sofa, price, world.now()).await?;
    }
    tx.commit().await?;
    feeder.catch_up().await?;

    for typed in ["118-4471", "118-44"] {
        assert_eq!(titles(&world, typed).await?, ["Ingrid Sommerauer"], "{typed}");
    }
    assert_eq!(titles(&world, "118-20").await?, ["Mateusz Patel"]);
    Ok(())
}

async fn customers_are_found_by_everything_that_reaches_them(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let mut tx = world.app.db.write().await?;
    let new = NewCustomer {
        name: "Tobias Sommerer".into(),
        town: Some("Wels".into()),
        street: Some("Ringstraße 7".into()),
        points: vec![
            (PointKind::Email, "t.sommerer@mail.example".into()),
            (PointKind::Phone, "+43 664 123 45 67".into()),
        ],
        ..NewCustomer::default()
    };
    let customer = customers::add(&world.app, &mut tx, &world.agent, &new).await?;
    tx.commit().await?;
    customers::note(&world.app, &world.agent, customer, "Mag Anrufe nach 17 Uhr").await?;
    feeder.catch_up().await?;
    for typed in [
        "t.sommerer@mail.example",
        "T.Sommerer@Mail.example",
        "+43 664 1234567",
        "0664/1234567",
        "Wels",
        "ringstrasse",
        "tobias somm",
        "sommerer wels",
        "anrufe nach 17",
    ] {
        assert_eq!(titles(&world, typed).await?, ["Tobias Sommerer"], "{typed}");
    }
    Ok(())
}

async fn nobody_finds_what_they_may_not_read(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    let number = mail(&world, customer, "Sofa Linde", "Ein Riss im Bezug.").await?;
    feeder.catch_up().await?;
    for typed in ["Sofa", "Sommerauer", "Bezug", number.as_str()] {
        assert!(items(&world, Role::Department, typed).await?.is_empty(), "{typed}");
        let page = world.get(Role::Department, &format!("/search?q={typed}")).await?;
        assert!(page.status.is_success() && !page.body.contains(&format!("/cases/{number}")), "{typed}");
    }
    let kinds = |items: Vec<Value>| items.iter().map(|item| item["kind"].to_string()).collect::<Vec<_>>();
    assert_eq!(kinds(items(&world, Role::DataProtection, "Sommerauer").await?), ["\"customer\""]);
    assert_eq!(items(&world, Role::Agent, "Sommerauer").await?.len(), 2);
    assert_eq!(world.get_json(None, "/search?q=Sofa").await?.status, 401);
    assert!(items(&world, Role::Partner, "Sofa").await?.is_empty());
    Ok(())
}

async fn a_restarted_server_goes_on_with_its_index(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "Davor", "Ein Sofa.").await?;
    feeder.catch_up().await?;
    let kept = file_times(&world)?;
    drop(feeder);
    world.app.search().close();
    mail(&world, customer, "Dazwischen", "Noch ein Sofa.").await?;
    let mut feeder = open(&world).await?;
    assert_eq!(file_times(&world)?, kept, "opening writes nothing");
    assert_eq!(titles(&world, "Sofa").await?, ["Davor"], "the old index answers at once");
    feeder.catch_up().await?;
    assert_eq!(titles(&world, "Sofa").await?.len(), 2);
    Ok(())
}

/// The index's segments.
fn file_times(world: &World) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(world.app.settings().data.join("search"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.contains('.') && !name.starts_with('.') && !name.ends_with("lock") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

async fn a_deleted_index_is_rebuilt_with_what_was_imported_without_news(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "Sofa Linde", "Ein Riss im Bezug.").await?;
    feeder.catch_up().await?;
    drop(feeder);
    world.app.search().close();
    std::fs::remove_dir_all(world.app.settings().data.join("search"))?;
    let mut tx = world.app.db.write().await?;
    let past = cases::NewCase {
        owner: None,
        status: cases::Status::Closed,
        created_at: world.now(),
        updated_at: world.now(),
        due: None,
        wait_until: None,
        closed_at: Some(world.now()),
        answered_at: None,
        subject: "Alter Fall vom Sofa".into(),
        customer,
        queue: world.queue,
        channel: Channel::Letter,
        priority: cases::Priority::Normal,
        contacts: 0,
        internal: 0,
        snippet: String::new(),
        speaker: None,
    };
    cases::add_history(&world.app, &mut tx, &past).await?;
    tx.commit().await?;
    let _feeder = open(&world).await?;
    assert_eq!(titles(&world, "Sofa").await?.len(), 2);
    assert_eq!(titles(&world, "Sommerauer").await?.len(), 3);
    Ok(())
}

async fn found_words_are_marked_and_customers_html_stays_text(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "<b>Sofa</b>", "<script>alert(1)</script> Mein Sofa & ich").await?;
    feeder.catch_up().await?;
    let found = items(&world, Role::Agent, "alert sofa").await?;
    let snippet = found[0]["snippet"].as_str().context("a snippet")?;
    assert!(snippet.contains("&lt;script&gt;<mark>alert</mark>"), "{snippet}");
    assert!(snippet.contains("Mein <mark>Sofa</mark> &amp; ich"), "{snippet}");
    let page = world.get(Role::Agent, "/search?q=alert").await?;
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<b>Sofa</b>"));
    Ok(())
}

async fn a_changed_name_is_found_and_the_old_one_is_not(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "Sofa Linde", "Ein Riss im Bezug.").await?;
    feeder.catch_up().await?;
    world
        .post_form(
            Role::Agent,
            &format!("/customers/{customer}"),
            &[("version", "1"), ("name", "Ingrid Neubauer"), ("language", "de")],
        )
        .await?;
    feeder.catch_up().await?;
    assert_eq!(items(&world, Role::Agent, "Neubauer").await?.len(), 2, "the customer and her case");
    assert!(items(&world, Role::Agent, "Sommerauer").await?.is_empty());
    Ok(())
}

async fn cases_come_before_customers_unless_a_customer_is_called_so(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    customers::note(&world.app, &world.agent, customer, "Mag das Regal Ahorn.").await?;
    mail(&world, customer, "Regal Ahorn", "Es wackelt. Grüße, Ingrid Sommerauer").await?;
    feeder.catch_up().await?;
    let first = async |typed: &str| -> Result<String> {
        let page = world.get(Role::Agent, &format!("/search?q={typed}")).await?.body;
        let place = |kind: &str| page.find(&format!("id=\"found-{kind}\""));
        let (case, customer) = (place("case").context("cases")?, place("customer").context("customers")?);
        Ok(if case < customer { "case" } else { "customer" }.to_owned())
    };

    assert_eq!(first("Ahorn").await?, "case", "a customer who likes it is called otherwise");
    assert_eq!(first("Sommerauer").await?, "customer", "the case is not called so");
    assert_eq!(first("Sommerauer+Ahorn").await?, "case", "neither is called all of it");
    Ok(())
}

async fn a_kind_of_which_nothing_fits_says_that_something_else_does(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let customer = world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    mail(&world, customer, "Sofa Linde", "Der dritte Liefertermin ist geplatzt.").await?;
    feeder.catch_up().await?;

    let page = world.get(Role::Agent, "/search?q=geplatzt&kind=article").await?.body;
    assert!(page.contains("Von dieser Art passt nichts, von anderer schon."), "{page}");
    let page = world.get(Role::Agent, "/search?q=geplatzt&kind=case").await?.body;
    assert!(!page.contains("Von dieser Art passt nichts"), "{page}");
    Ok(())
}
