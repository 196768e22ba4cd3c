//! What is being written: kept, shared, never lost, and gone once it is sent.

use anyhow::{Context, Result};
use kitt::cases;
use kitt::cases::{Case, Channel, DraftKind, Kept, Typed};
use kitt::platform::{Actor, Role};
use serde_json::json;

use crate::world::{World, both};

both!(
    a_draft_is_there_on_another_device_and_goes_with_the_answer,
    two_devices_that_write_at_once_lose_nothing,
    a_colleague_goes_on_with_a_draft,
    a_discarded_draft_comes_back_by_undo,
    who_closes_a_case_is_told_of_a_draft_in_it,
    an_empty_text_ends_the_draft,
    a_note_calls_a_colleague_in,
    a_picture_in_the_text_goes_as_a_part_of_the_mail,
    an_answer_taken_back_is_there_again_as_it_was,
    an_answer_taken_back_and_thrown_away_does_not_return,
    a_file_of_another_case_does_not_go_along,
    an_open_placeholder_does_not_leave,
    the_undo_time_is_the_houses_choice,
);

impl World {
    async fn a_lamp_case(&self) -> Result<Case> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let author = ("Ingrid Sommerauer", Some("ingrid@example.org"));
        let case = self.writes(customer, author, Channel::Email, "Die Lampe", "Sie flackert.").await?;
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn types(&self, who: &Actor, case: &Case, over: Option<Kept>, body: &str) -> Result<Kept> {
        let typed = Typed {
            kind: DraftKind::Reply,
            body: body.into(),
            to: String::new(),
            cc: "karl@example.org".into(),
            bcc: String::new(),
            draft: over.and_then(|kept| kept.draft),
            version: over.and_then(|kept| kept.version),
        };
        Ok(cases::save(&self.app, who, case.id, &typed).await?)
    }

    async fn bodies(&self, case: &Case) -> Result<Vec<String>> {
        let drafts = cases::drafts(&mut self.read().await?, case.id).await?;
        Ok(drafts.into_iter().map(|draft| draft.body).collect())
    }
}

async fn a_draft_is_there_on_another_device_and_goes_with_the_answer(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let path = format!("/cases/{}/drafts", case.number);
    let typed = json!({ "kind": "reply", "body": "<p>Guten Tag <script>x</script>Frau</p>", "body_format": "html",
                        "cc": "karl@example.org" });
    let kept = world.post_json(Role::Agent, &path, &typed).await?.json()?;

    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("&#60;p&#62;Guten Tag Frau&#60;/p&#62;"), "{page}");
    assert!(page.contains("value=\"karl@example.org\""), "{page}");
    let other = world.get(Role::Lead, &format!("/cases/{}", case.number)).await?.body;
    assert!(other.contains("Entwurf von Eva Agent, "), "{other}");

    let answer = json!({ "body": "Guten Tag Frau", "draft": kept["draft"] });
    let sent = world.post_json(Role::Agent, &format!("/cases/{}/replies", case.number), &answer).await?;
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert!(world.bodies(&case).await?.is_empty());
    Ok(())
}

async fn two_devices_that_write_at_once_lose_nothing(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let first = world.types(&world.agent, &case, None, "<p>eins</p>").await?;
    let phone = world.types(&world.agent, &case, Some(first), "<p>eins zwei</p>").await?;

    let desk = world.types(&world.agent, &case, Some(first), "<p>eins drei</p>").await?;

    assert!(desk.beside && desk.draft != phone.draft);
    assert_eq!(world.bodies(&case).await?, ["<p>eins zwei</p>", "<p>eins drei</p>"]);
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("eins zwei") && page.contains("eins drei"), "{page}");
    Ok(())
}

async fn a_colleague_goes_on_with_a_draft(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let kept = world.types(&world.agent, &case, None, "<p>Begonnen</p>").await?;
    let id = kept.draft.context("kept")?;

    let refused = world.post_form(Role::Lead, &format!("/drafts/{id}/discard"), &[]).await?;
    assert_eq!(refused.status, 403);
    let taken = world.post_form(Role::Lead, &format!("/drafts/{id}/owner"), &[]).await?;
    assert_eq!(taken.status, 303, "{}", taken.body);

    let drafts = cases::drafts(&mut world.read().await?, case.id).await?;
    assert_eq!((drafts.len(), Some(drafts[0].person)), (1, world.lead.person_id()));
    // Who still wrote in it keeps what was typed, beside it.
    let late = world.types(&world.agent, &case, Some(kept), "<p>Begonnen und mehr</p>").await?;
    assert!(late.beside);
    assert_eq!(world.bodies(&case).await?, ["<p>Begonnen</p>", "<p>Begonnen und mehr</p>"]);
    Ok(())
}

async fn a_discarded_draft_comes_back_by_undo(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let id = world.types(&world.agent, &case, None, "<p>Wertvoll</p>").await?.draft.context("kept")?;
    cases::discard(&world.app, &world.agent, id).await?;
    assert!(world.bodies(&case).await?.is_empty());

    let offer = cases::undo::newest(&mut world.read().await?, &world.agent, world.now()).await?;
    cases::undo::take_back(&world.app, &world.agent, offer.context("an offer")?.id).await?;

    assert_eq!(world.bodies(&case).await?, ["<p>Wertvoll</p>"]);
    Ok(())
}

async fn who_closes_a_case_is_told_of_a_draft_in_it(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let (path, close) = (format!("/cases/{}", case.number), format!("/cases/{}/close", case.number));
    let button = "data-draft-discard data-key=\"g x\" aria-label=\"Entwurf verwerfen\" \
                  title=\"Entwurf verwerfen\" data-command=\"Entwurf verwerfen\"";
    // The key is there before the draft, so that it works once the text is kept.
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains(&format!("{button} hidden>")), "{page}");

    let id = world.types(&world.agent, &case, None, "<p>Begonnen</p>").await?.draft.context("kept")?;
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains(&format!("{button}>")), "{page}");
    assert!(page.contains(&format!("action=\"/drafts/{id}/discard\"")), "{page}");

    world.post_form(Role::Agent, &close, &[]).await?;
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("Abgeschlossen. Ein Entwurf liegt noch darin."), "{page}");
    world.post_form(Role::Agent, &format!("{path}/reopen"), &[]).await?;
    cases::discard(&world.app, &world.agent, id).await?;
    world.post_form(Role::Agent, &close, &[]).await?;
    let page = world.get(Role::Agent, &path).await?.body;
    assert!(page.contains("<span>Abgeschlossen.</span>"), "{page}");
    Ok(())
}

async fn an_empty_text_ends_the_draft(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let kept = world.types(&world.agent, &case, None, "<p>Eins</p>").await?;
    let ended = world.types(&world.agent, &case, Some(kept), "<p><br></p>").await?;
    assert_eq!(ended.draft, None);
    assert!(world.bodies(&case).await?.is_empty());
    Ok(())
}

async fn a_note_calls_a_colleague_in(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let proposed =
        world.get_json(Role::Agent, &format!("/cases/{}/colleagues?q=tom", case.number)).await?.json()?;
    assert_eq!(proposed["items"][0]["name"], "Tom Lead");

    let text = "@Tom Lead: bitte ansehen. @Paul Partner nicht.";
    let note = cases::note(&world.app, &world.agent, case.id, text, Vec::new()).await?;

    let called = cases::called(&mut world.read().await?, &[note]).await?;
    let names: Vec<&str> = called[&note].iter().map(|mention| mention.name.as_str()).collect();
    assert_eq!(names, ["Tom Lead"]);
    let page = world.get(Role::Lead, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("<b class=\"call-out\">@Tom Lead</b>: bitte"), "{page}");
    world.post_json(Role::Lead, &format!("/cases/{}/active", case.number), &json!({ "seconds": 1 })).await?;
    let called = cases::called(&mut world.read().await?, &[note]).await?;
    assert!(called[&note][0].seen_at.is_some());
    Ok(())
}

async fn a_picture_in_the_text_goes_as_a_part_of_the_mail(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"foto.png\"\r\n\
                Content-Type: image/png\r\n\r\n\u{1}PNG\r\n--b--\r\n";
    let headers = [
        ("accept", "application/json"),
        ("content-type", "multipart/form-data; boundary=b"),
        ("sec-fetch-site", "same-origin"),
    ];
    let path = format!("/cases/{}/uploads", case.number);
    let uploaded = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, body).await?.json()?;
    let url = uploaded["url"].as_str().context("a url")?;
    assert_eq!(world.get(Role::Agent, url).await?.header("content-type"), "image/png");

    let answer = json!({ "body": format!("<p>So: <img src=\"{url}\"></p>"), "body_format": "html" });
    let path = format!("/cases/{}/replies", case.number);
    let sent = world.post_json(Role::Agent, &path, &answer).await?.json()?;

    let contact = kitt::platform::ContactId(sent["contact"].as_i64().context("a contact")?);
    let files = cases::attachments(&mut world.read().await?, contact).await?;
    assert_eq!((files.len(), files[0].inline), (1, true));
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains(&format!("src=\"/attachments/{}?inline=1\"", files[0].id)), "{page}");
    Ok(())
}

/// An answer with two files, to three, planned for a day.
async fn answers_all(world: &World, case: &Case) -> Result<String> {
    let form: String = [
        ("body", "<p>Am Freitag.</p>"),
        ("body_format", "html"),
        ("to", "Ingrid Sommerauer <ingrid@example.org>"),
        ("cc", "Karl Huber <karl@example.org>"),
        ("bcc", "archiv@example.net"),
        ("at", "2026-12-24T18:30"),
    ]
    .iter()
    .map(|(name, value)| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
    .chain(["plan.pdf", "falsch.pdf"].map(|name| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/pdf\r\n\r\n%PDF {name}\r\n"
        )
    }))
    .collect();
    let headers = [
        ("accept", "application/json"),
        ("content-type", "multipart/form-data; boundary=b"),
        ("sec-fetch-site", "same-origin"),
    ];
    let path = format!("/cases/{}/replies", case.number);
    let sent = world.ask(Role::Agent, axum::http::Method::POST, &path, &headers, format!("{form}--b--\r\n"));
    let sent = sent.await?.json()?;
    Ok(sent["contact"].to_string())
}

async fn an_answer_taken_back_is_there_again_as_it_was(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let contact = answers_all(&world, &case).await?;
    let back = world.post_form(Role::Agent, &format!("/contacts/{contact}/undo"), &[]).await?;
    assert_eq!(back.status, 303, "{}", back.body);

    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    for shown in [
        "&#60;p&#62;Am Freitag.&#60;/p&#62;",
        "name=\"to\" value=\"Ingrid Sommerauer &#60;ingrid@example.org&#62;\"",
        "name=\"cc\" value=\"Karl Huber &#60;karl@example.org&#62;\"",
        "name=\"bcc\" value=\"archiv@example.net\"",
        "name=\"at\" value=\"2026-12-24T18:30\"",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let again: Vec<i64> = page
        .split("name=\"again\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    assert_eq!(again.len(), 2, "both files are offered");
    let other = world.get(Role::Lead, &format!("/cases/{}", case.number)).await?.body;
    assert!(!other.contains("name=\"again\""), "whoever wrote it goes on with it: {other}");

    // The wrong file is left out, and the right one goes along.
    let path = format!("/cases/{}/replies", case.number);
    let answer = json!({ "body": "Am Freitag.", "again": [again[0]] });
    let sent = world.post_json(Role::Agent, &path, &answer).await?.json()?;
    let sent = kitt::platform::ContactId(sent["contact"].as_i64().context("a contact")?);
    let files = cases::attachments(&mut world.read().await?, sent).await?;
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["plan.pdf"]);
    let after = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(!after.contains("name=\"again\""), "it was sent: {after}");
    Ok(())
}

async fn an_answer_taken_back_and_thrown_away_does_not_return(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let contact = answers_all(&world, &case).await?;
    world.post_form(Role::Agent, &format!("/contacts/{contact}/undo"), &[]).await?;
    world.forward(std::time::Duration::from_secs(5));
    let path = format!("/cases/{}/drafts", case.number);
    let typed = json!({ "kind": "reply", "body": "<p>Am Samstag.</p>" });
    let kept = world.post_json(Role::Agent, &path, &typed).await?.json()?;
    let draft = kept["draft"].as_i64().context("a draft")?;

    cases::discard(&world.app, &world.agent, draft).await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(!page.contains("name=\"again\""), "it is thrown away: {page}");
    cases::restore(&world.app, &world.agent, draft).await?;
    let page = world.get(Role::Agent, &format!("/cases/{}", case.number)).await?.body;
    assert!(page.contains("Am Samstag."), "and found again: {page}");
    Ok(())
}

async fn a_file_of_another_case_does_not_go_along(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let contact = answers_all(&world, &case).await?.parse()?;
    let file = cases::attachments(&mut world.read().await?, kitt::platform::ContactId(contact)).await?[0].id;
    let (other, _) = world.write_in("Der Tisch").await?;
    let path = format!("/cases/{}/replies", world.number(other).await?);
    let refused = world.post_json(Role::Agent, &path, &json!({ "body": "Hier.", "again": [file] })).await?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    Ok(())
}

async fn an_open_placeholder_does_not_leave(world: World) -> Result<()> {
    let case = world.a_lamp_case().await?;
    let path = format!("/cases/{}/replies", case.number);
    let answer = json!({ "body": "Bestellung {{order.number}}" });
    let refused = world.post_json(Role::Agent, &path, &answer).await?;
    assert_eq!(refused.status, 422);
    Ok(())
}

async fn the_undo_time_is_the_houses_choice(world: World) -> Result<()> {
    for (seconds, status) in [("61", 422), ("-1", 422), ("30", 303)] {
        let form = [("undo_seconds", seconds)];
        let answer = world.post_form(Role::Admin, "/settings/sending/undo", &form).await?;
        assert_eq!(answer.status, status, "{seconds}: {}", answer.body);
    }
    let case = world.a_lamp_case().await?;
    let answer = cases::Answer { text: "Hallo".into(), ..cases::Answer::default() };
    let contact = cases::reply(&world.app, &world.agent, case.id, answer).await?;
    let leaves = cases::contact(&mut world.read().await?, contact).await?.send_at.context("it leaves")?;
    assert_eq!(leaves.seconds() - world.now().seconds(), 30);
    Ok(())
}
