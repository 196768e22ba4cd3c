//! Search with operators, what was probably meant, and the texts of files.

mod named;

use anyhow::{Context, Result};
use bytes::Bytes;
use kitt::cases;
use kitt::cases::{
    Answer, Channel, Condition, Destination, Eyes, Field, Filter, Incoming, NewAttachment, Sort,
};
use kitt::people;
use kitt::platform::search::Feeder;
use kitt::platform::{Actor, CaseId, CustomerId, Role, Timestamp, sql};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::world::{World, both};

both! {
    operators_narrow_in_both_languages_whatever_the_page_speaks,
    what_is_said_at_a_time_is_found_by_it,
    what_changes_is_found_as_it_is_now,
    complaints_are_found_as_long_as_they_are_some,
    what_is_planned_failed_or_merged_is_found_as_long_as_it_is,
    what_was_probably_meant_is_offered_and_what_was_not_understood_is_said,
    chips_show_what_was_understood_and_take_it_away,
    a_file_is_found_by_what_stands_in_it_and_the_hit_names_it,
    a_file_that_cannot_be_read_is_told_and_keeps_nobody_up,
    a_number_in_any_writing_leads_to_its_case,
    pages_follow_each_other_without_gaps_and_the_total_is_exact,
    the_box_offers_operators_values_and_only_names_one_may_see,
}

async fn open(world: &World) -> Result<Feeder> {
    Ok(Feeder::open(&world.app, &kitt::search_sources()).await?)
}

async fn found(world: &World, role: Role, query: &[(&str, &str)]) -> Result<Value> {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    world.get_json(role, &format!("/search?{query}")).await?.json()
}

async fn titles(world: &World, typed: &str) -> Result<Vec<String>> {
    let list = found(world, Role::Agent, &[("q", typed), ("kind", "case"), ("sort", "newest")]).await?;
    let items = list["items"].as_array().context("a list")?;
    let mut titles: Vec<String> =
        items.iter().filter_map(|item| item["title"].as_str()).map(str::to_owned).collect();
    titles.sort();
    Ok(titles)
}

/// What could be typed next.
async fn offers(world: &World, role: Role, typed: &str) -> Result<Vec<String>> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let answer = world.get_json(role, &format!("/search/suggestions?{query}")).await?.json()?;
    let items = answer["items"].as_array().context("a list")?;
    Ok(items.iter().filter_map(|item| item["text"].as_str()).map(str::to_owned).collect())
}

/// Sofa: a mail by Anna Berg; Lampe: a call by Jonas Petritsch.
async fn two_cases(world: &World) -> Result<(CaseId, CaseId)> {
    let anna = world.customer("Anna Berg", "anna@mail.example").await?;
    let jonas = world.customer("Jonas Petritsch", "jonas@post.example").await?;
    let sofa = world
        .writes(
            anna,
            ("Anna Berg", Some("anna@mail.example")),
            Channel::Email,
            "Sofa Linde",
            "Ein Riss im Bezug.",
        )
        .await?;
    let lampe = world
        .writes(
            jonas,
            ("Jonas Petritsch", None),
            Channel::Phone,
            "Lampe Ahorn",
            "Die rote Lampe brennt nicht.",
        )
        .await?;
    Ok((sofa, lampe))
}

async fn operators_narrow_in_both_languages_whatever_the_page_speaks(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    two_cases(&world).await?;
    feeder.catch_up().await?;
    let (sofa, lampe): (&[&str], &[&str]) = (&["Sofa Linde"], &["Lampe Ahorn"]);
    let both: &[&str] = &["Lampe Ahorn", "Sofa Linde"];
    for (typed, expected) in [
        ("von:berg", sofa),
        ("from:anna@mail.example", sofa),
        ("von:mail.example", sofa),
        ("von:\"Anna Berg\"", sofa),
        ("kunde:petritsch", lampe),
        ("customer:petr*", lampe),
        ("betreff:Lampe", lampe),
        ("subject:Bezug", &[]),
        ("kanal:telefon", lampe),
        ("channel:email", sofa),
        ("status:offen", both),
        ("status:closed", &[]),
        ("status:offen -kanal:mail", lampe),
        ("ist:unzugewiesen", both),
        ("ist:überfällig", &[]),
        ("hat:anhang", &[]),
        ("-hat:anhang sofa", sofa),
        ("sofa ODER lampe", both),
        ("riss OR brennt -ahorn", sofa),
        ("-sofa", lampe),
        ("\"rote Lampe\"", lampe),
        ("\"Lampe rote\"", &[]),
        ("bez*", sofa),
        ("bearbeiter:niemand", both),
        ("bearbeiter:quatsch", &[]),
        ("priorität:normal", both),
    ] {
        assert_eq!(titles(&world, typed).await?, expected, "{typed}");
    }
    Ok(())
}

async fn what_is_said_at_a_time_is_found_by_it(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    two_cases(&world).await?;
    feeder.catch_up().await?;
    let none = Vec::<String>::new();
    for typed in ["am:heute", "seit:gestern", "on:today", "bis:heute", "nach:7t"] {
        assert_eq!(titles(&world, typed).await?.len(), 2, "{typed}");
    }
    for typed in ["am:gestern", "vor:heute", "nach:heute", "seit:gestern -am:heute"] {
        assert_eq!(titles(&world, typed).await?, none, "{typed}");
    }
    Ok(())
}

async fn what_changes_is_found_as_it_is_now(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, _) = two_cases(&world).await?;
    cases::close(&world.app, &world.agent, sofa).await?;
    feeder.catch_up().await?;
    assert_eq!(titles(&world, "ist:geschlossen").await?, ["Sofa Linde"]);
    assert_eq!(titles(&world, "ist:offen").await?, ["Lampe Ahorn"]);
    let queue = people::queue(&mut world.read().await?, world.queue).await?.name;
    assert_eq!(titles(&world, &format!("eingang:\"{queue}\"")).await?.len(), 2);
    Ok(())
}

async fn complaints_are_found_as_long_as_they_are_some(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, _) = two_cases(&world).await?;
    cases::complaint::mark(&world.app, &world.agent, sofa, true).await?;
    feeder.catch_up().await?;
    for typed in ["ist:beschwerde", "is:complaint", "ist:beschw riss"] {
        assert_eq!(titles(&world, typed).await?, ["Sofa Linde"], "{typed}");
    }
    assert_eq!(titles(&world, "-ist:beschwerde").await?, ["Lampe Ahorn"]);
    assert_eq!(offers(&world, Role::Agent, "Sofa ist:besch").await?, ["Sofa ist:beschwerde "]);
    let page = world.get(Role::Agent, "/search?q=ist%3Abeschwerde").await?.body;
    assert!(page.contains("ist: beschwerde") && page.contains("beschwerde, verdächtig"), "{page}");

    cases::complaint::mark(&world.app, &world.agent, sofa, false).await?;
    feeder.catch_up().await?;
    assert!(titles(&world, "ist:beschwerde").await?.is_empty());
    Ok(())
}

/// Cases that a list with this condition shows.
async fn listed(world: &World, field: Field) -> Result<Vec<CaseId>> {
    let eyes = Eyes::of(&world.app, &world.agent);
    let filter = Filter::all([Condition::is(field, "yes")]);
    let lines = cases::list(&mut world.read().await?, &eyes, &filter, Sort::Oldest, None, 10).await?;
    Ok(lines.iter().map(|line| line.case.id).collect())
}

async fn what_is_planned_failed_or_merged_is_found_as_long_as_it_is(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, lampe) = two_cases(&world).await?;
    let (app, eva) = (&world.app, &world.agent);
    let at = Some(world.now() + Timestamp::days(1));
    let answer = Answer { text: "Morgen.".into(), at, ..Answer::default() };
    let answer = cases::reply(app, eva, sofa, answer).await?;
    feeder.catch_up().await?;

    for typed in ["ist:geplant", "is:planned", "ist:geplant riss"] {
        assert_eq!(titles(&world, typed).await?, ["Sofa Linde"], "{typed}");
    }
    assert_eq!(titles(&world, "-ist:geplant").await?, ["Lampe Ahorn"]);
    assert_eq!(listed(&world, Field::Planned).await?, [sofa]);
    assert_eq!(offers(&world, Role::Agent, "ist:gep").await?, ["ist:geplant "]);
    world.forward(Timestamp::days(1));
    assert!(titles(&world, "ist:geplant").await?.is_empty(), "it leaves now");
    assert!(listed(&world, Field::Planned).await?.is_empty());

    assert!(titles(&world, "ist:unzustellbar").await?.is_empty());
    let mut tx = app.db.write().await?;
    cases::failed(app, &mut tx, &Actor::kitt("channels"), answer, "550 5.1.1 User unknown").await?;
    tx.commit().await?;
    feeder.catch_up().await?;
    for typed in ["ist:unzustellbar", "is:failed"] {
        assert_eq!(titles(&world, typed).await?, ["Sofa Linde"], "{typed}");
    }
    assert_eq!(listed(&world, Field::Failed).await?, [sofa]);

    assert!(titles(&world, "ist:zusammengeführt").await?.is_empty());
    cases::merge(app, eva, lampe, &[sofa]).await?;
    feeder.catch_up().await?;
    for typed in ["ist:zusammengeführt", "is:merged"] {
        assert_eq!(titles(&world, typed).await?, ["Lampe Ahorn", "Sofa Linde"], "{typed}");
    }
    assert_eq!(listed(&world, Field::Merged).await?, [sofa, lampe]);
    Ok(())
}

async fn what_was_probably_meant_is_offered_and_what_was_not_understood_is_said(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    two_cases(&world).await?;
    feeder.catch_up().await?;

    let list = found(&world, Role::Agent, &[("q", "Lammpe kanal:telefon")]).await?;
    assert_eq!((list["fuzzy"].as_bool(), &list["total"]), (Some(true), &Value::from(1)), "{list}");
    assert_eq!(list["instead"], "Lampe kanal:telefon");
    let page = world.get(Role::Agent, "/search?q=Lammpe").await?;
    assert!(page.body.contains("q=Lampe"), "{}", page.body);

    let list = found(&world, Role::Agent, &[("q", "Lampe")]).await?;
    assert_eq!((list["fuzzy"].as_bool(), &list["instead"]), (Some(false), &Value::Null), "{list}");

    for typed in ["farbe:rot", "status:blau", "von:", "bearbeiter:quatsch"] {
        let notes = &found(&world, Role::Agent, &[("q", typed)]).await?["notes"];
        assert_eq!(notes.as_array().map(Vec::len), Some(1), "{typed}: {notes}");
    }
    Ok(())
}

async fn chips_show_what_was_understood_and_take_it_away(world: World) -> Result<()> {
    let page = world.get(Role::Agent, "/search?q=sofa+ist%3Aoffen+-kanal%3Amail").await?;
    for shown in ["ist: offen", "kanal: email", "q=sofa+-kanal%3Amail", "q=sofa+ist%3Aoffen\""] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let page = world.get(Role::Agent, "/search?q=sofa+linde").await?;
    assert!(!page.body.contains("s-chips"), "plain words need no chips");
    Ok(())
}

/// A mail with one file.
async fn mail_with(
    world: &World,
    customer: CustomerId,
    subject: &str,
    name: &str,
    bytes: &[u8],
) -> Result<CaseId> {
    let blob = world.app.blobs.put(Bytes::copy_from_slice(bytes)).await?;
    let mut tx = world.app.db.write().await?;
    let file = NewAttachment {
        name: name.into(),
        content_type: "application/octet-stream".into(),
        size: i64::try_from(bytes.len())?,
        blob,
        inline: false,
        content_id: None,
    };
    let incoming = Incoming {
        channel: Channel::Email,
        at: world.now(),
        customer,
        author: "Anna Berg".into(),
        from_address: None,
        to_address: None,
        subject: subject.into(),
        text: "Siehe Anhang.".into(),
        quoted: None,
        signature: None,
        html: None,
        into: Destination::New(people::queue(&mut tx, world.queue).await?),
        automatic: false,
        stranger: false,
        received: None,
        shortened: false,
        attachments: vec![file],
        recipients: Vec::new(),
        talk: None,
    };
    let (case, _) = cases::receive(&world.app, &mut tx, &world.agent, incoming).await?;
    tx.commit().await?;
    Ok(case)
}

async fn read_all(world: &World) -> Result<()> {
    while cases::read_files(&world.app, &CancellationToken::new()).await? != 0 {}
    Ok(())
}

async fn a_file_is_found_by_what_stands_in_it_and_the_hit_names_it(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let anna = world.customer("Anna Berg", "anna@mail.example").await?;
    let text = b"Position;Betrag\nZwetschkenknoedel;12,50\n";
    mail_with(&world, anna, "Erste", "liste.csv", text).await?;
    mail_with(&world, anna, "Zweite", "kopie.csv", text).await?;
    feeder.catch_up().await?;
    assert_eq!(titles(&world, "hat:anhang").await?, ["Erste", "Zweite"], "known before it was read");
    assert_eq!(titles(&world, "datei:liste").await?, ["Erste"]);
    assert!(titles(&world, "zwetschkenknödel").await?.is_empty());

    read_all(&world).await?;
    feeder.catch_up().await?;

    let list = found(&world, Role::Agent, &[("q", "zwetschkenknödel liste")]).await?;
    let hit = &list["items"][0];
    assert_eq!((&hit["title"], &hit["found_in"]["file"]), (&"Erste".into(), &true.into()), "{list}");
    assert_eq!(hit["found_in"]["name"], "liste.csv");
    assert!(
        hit["snippet"].as_str().is_some_and(|html| html.contains("<mark>Zwetschkenknoedel</mark>")),
        "{hit}"
    );
    assert!(hit["url"].as_str().is_some_and(|url| url.contains("#m-")), "{hit}");
    assert_eq!(titles(&world, "datei:knoedel ODER datei:zwetschkenknoedel").await?, ["Erste", "Zweite"]);
    let (files, _) = cases::file_texts(&mut world.read().await?).await?;
    assert_eq!((files.read, files.waiting, files.failed), (1, 0, 0), "the same bytes are read once");
    assert!(found(&world, Role::Department, &[("q", "zwetschkenknödel")]).await?["items"][0].is_null());
    Ok(())
}

async fn a_file_that_cannot_be_read_is_told_and_keeps_nobody_up(world: World) -> Result<()> {
    let anna = world.customer("Anna Berg", "anna@mail.example").await?;
    let broken = mail_with(&world, anna, "Kaputt", "rechnung.pdf", b"%PDF-1.4 kaputt").await?;
    mail_with(&world, anna, "Bild", "bild.bin", &[0, 1, 2, 3]).await?;
    mail_with(&world, anna, "Heil", "brief.txt", "Größe".as_bytes()).await?;
    read_all(&world).await?;
    let (files, unreadable) = cases::file_texts(&mut world.read().await?).await?;
    assert_eq!((files.read, files.waiting, files.failed), (1, 0, 1));
    let number = cases::case(&mut world.read().await?, broken).await?.number;
    assert_eq!((unreadable[0].name.as_str(), &unreadable[0].number), ("rechnung.pdf", &number));
    let page = world.get(Role::Admin, "/settings/search").await?;
    assert!(page.status.is_success() && page.body.contains("rechnung.pdf"), "{}", page.body);

    // Somebody began to read and never came back.
    let mut tx = world.app.db.write().await?;
    sql("UPDATE attachments SET text_state = 'reading', text_at = 0 WHERE name = 'brief.txt'")
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    assert_eq!(cases::give_up(&world.app).await?, 1);
    assert_eq!(cases::file_texts(&mut world.read().await?).await?.0.failed, 2);
    Ok(())
}

async fn a_number_in_any_writing_leads_to_its_case(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let (sofa, _) = two_cases(&world).await?;
    let number = cases::case(&mut world.read().await?, sofa).await?.number;
    feeder.catch_up().await?;
    for typed in
        [number.clone(), number.replace('-', " "), number.replace('-', ""), format!("Fall #{number}")]
    {
        let list = found(&world, Role::Agent, &[("q", &typed)]).await?;
        assert_eq!(list["jump"], format!("/cases/{number}"), "{typed}");
        assert_eq!(list["items"][0]["title"], "Sofa Linde", "{typed}");
        assert_eq!(found(&world, Role::Department, &[("q", &typed)]).await?["jump"], Value::Null);
    }
    Ok(())
}

async fn pages_follow_each_other_without_gaps_and_the_total_is_exact(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    let anna = world.customer("Anna Berg", "anna@mail.example").await?;
    for index in 0..23 {
        world.writes(anna, ("Anna Berg", None), Channel::Email, &format!("Sofa {index}"), "Riss").await?;
    }
    feeder.catch_up().await?;
    for sort in ["", "newest"] {
        let mut seen = std::collections::BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let query =
                [("q", "riss"), ("kind", "case"), ("limit", "5"), ("sort", sort), ("cursor", &cursor)];
            let list = found(&world, Role::Agent, &query).await?;
            assert_eq!(list["total"], 23, "{sort}");
            let items = list["items"].as_array().context("a list")?;
            seen.extend(items.iter().map(|item| item["title"].to_string()));
            let Some(next) = list["next"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(seen.len(), 23, "{sort}");
    }
    Ok(())
}

async fn the_box_offers_operators_values_and_only_names_one_may_see(world: World) -> Result<()> {
    let mut feeder = open(&world).await?;
    world.customer("Ingrid Sommerauer", "ingrid@mail.example").await?;
    feeder.catch_up().await?;
    assert_eq!(offers(&world, Role::Agent, "Sofa betr").await?, ["Sofa betreff:"]);
    assert_eq!(offers(&world, Role::Agent, "ist:überf").await?, ["ist:überfällig "]);
    assert_eq!(offers(&world, Role::Agent, "kunde:somm").await?, ["kunde:\"Ingrid Sommerauer\" "]);
    assert!(offers(&world, Role::Department, "kunde:somm").await?.is_empty());
    assert!(offers(&world, Role::Department, "bearbeiter:a").await?.is_empty());
    Ok(())
}
