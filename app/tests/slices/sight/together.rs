//! What belongs to several cases at once, or to a queue, tells of none that one may not know of.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::{Bin, Channel, Split, Tie, To, bins};
use kitt::platform::{Error, Role};
use serde_json::json;

use super::SECRET;
use crate::world::{World, both};

both!(
    a_private_case_is_merged_with_private_ones_only,
    related_cases_tell_of_no_hidden_one,
    a_merge_is_proposed_with_no_hidden_case,
    what_is_split_off_a_private_case_is_private,
    a_number_that_went_into_a_hidden_case_leads_nowhere,
    what_was_given_in_a_hidden_case_is_in_no_file,
    nothing_is_handed_to_a_queue_one_may_not_know_of,
    no_call_is_written_into_a_queue_one_may_not_know_of,
    a_template_of_a_queue_one_may_not_know_of_is_nowhere,
    texts_of_a_queue_one_may_not_know_of_are_nowhere,
);

async fn a_private_case_is_merged_with_private_ones_only(world: World) -> Result<()> {
    let (private, open) = (world.private_case().await?, world.write_in("Lampe").await?.0);

    let refused = cases::merge(&world.app, &world.lead, open, &[private.case]).await;

    assert!(
        matches!(&refused, Err(Error::Invalid(why)) if why[0].word == "case-merge-private"),
        "{refused:?}"
    );
    Ok(())
}

async fn related_cases_tell_of_no_hidden_one(world: World) -> Result<()> {
    let private = world.private_case().await?;
    let karl = world.customer("Karl Huber", "karl@example.net").await?;
    let author = ("Karl Huber", Some("karl@example.net"));
    let open = world.writes(karl, author, Channel::Email, "Lampe", "Sie flackert.").await?;

    cases::relate(&world.app, &world.lead, open, private.case, Tie::Related).await?;

    let number = world.number(open).await?;
    for role in [Role::Agent, Role::Lead] {
        let page = world.get(role, &format!("/cases/{number}")).await?;
        let told = page.body.contains(&private.number) || page.body.contains(SECRET);
        assert_eq!(told, role == Role::Lead, "{role}: {}", page.body);
    }
    Ok(())
}

async fn a_merge_is_proposed_with_no_hidden_case(world: World) -> Result<()> {
    let (private, open) = (world.private_case().await?, world.write_in("Lampe").await?.0);
    let spam = world.write_in("Gewonnen!").await?.0;
    bins::put(&world.app, &world.agent, spam, Some(Bin::Spam)).await?;
    let open = cases::case(&mut world.read().await?, open).await?;

    let agent = cases::suggestions(&mut world.read().await?, &world.agent, &open).await?;
    let lead = cases::suggestions(&mut world.read().await?, &world.lead, &open).await?;

    assert!(agent.is_empty(), "{agent:?}");
    assert_eq!(lead.iter().map(|one| one.id).collect::<Vec<_>>(), [private.case], "and none in a bin");
    Ok(())
}

async fn what_is_split_off_a_private_case_is_private(world: World) -> Result<()> {
    let private = world.private_case().await?;
    cases::note(&world.app, &world.lead, private.case, "Nur für uns.", Vec::new()).await?;

    let part = Split { contacts: vec![private.contact], ..Split::default() };
    let part = cases::split(&world.app, &world.lead, private.case, &part).await?;

    assert!(part.private);
    let there = world.get(Role::Agent, &format!("/cases/{}", part.number)).await?;
    assert_eq!(there.status, StatusCode::NOT_FOUND);
    Ok(())
}

async fn a_number_that_went_into_a_hidden_case_leads_nowhere(world: World) -> Result<()> {
    let (open, into) = (world.write_in("Lampe").await?.0, world.write_in("Tisch").await?.0);
    let number = world.number(open).await?;

    cases::merge(&world.app, &world.lead, into, &[open]).await?;
    cases::assign(&world.app, &world.lead, into, world.lead.person_id()).await?;
    bins::set_private(&world.app, &world.lead, into, true).await?;

    for page in ["", "/print", "/pdf?notes=yes", "/goodwill", "/deadlines", "/document", "/history"] {
        let path = format!("/cases/{number}{page}");
        assert_eq!(world.get(Role::Agent, &path).await?.status, StatusCode::NOT_FOUND, "{path}");
    }
    Ok(())
}

async fn what_was_given_in_a_hidden_case_is_in_no_file(world: World) -> Result<()> {
    let private = world.private_case().await?;
    let customer = cases::case(&mut world.read().await?, private.case).await?.customer;
    let gift = [("kind", "voucher"), ("amount", "15"), ("note", "Stillschweigen vereinbart")];
    let path = format!("/cases/{}/goodwill", private.number);
    let given = world.post_form(Role::Lead, &path, &gift).await?;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);

    for (role, told) in [(Role::Agent, false), (Role::Lead, true), (Role::DataProtection, true)] {
        let file = world.get_json(role, &format!("/customers/{customer}/export")).await?;
        assert_eq!(file.status, StatusCode::OK, "{role}: {}", file.body);
        assert_eq!(file.body.contains("Stillschweigen"), told, "{role}: {}", file.body);
    }
    Ok(())
}

async fn nothing_is_handed_to_a_queue_one_may_not_know_of(world: World) -> Result<()> {
    let to = To::Queue(world.restricted_queue().await?);
    let case = world.write_in("Lampe").await?.0;
    let agent = world.as_now(&world.agent).await?;

    let unknown = cases::hand_off(&world.app, &agent, case, to, "Für euch.", None).await;
    let known = cases::hand_off(&world.app, &world.admin, case, to, "Für euch.", None).await;

    assert!(matches!(unknown, Err(Error::NotFound)), "as if there were none: {unknown:?}");
    assert!(known.is_ok(), "{known:?}");
    Ok(())
}

async fn no_call_is_written_into_a_queue_one_may_not_know_of(world: World) -> Result<()> {
    let queue = world.restricted_queue().await?.to_string();
    let call = json!({"channel": "phone", "reach": "+43 664 1234567", "name": "Anna Neu",
                      "text": "Fragt nach.", "queue": queue});

    let unknown = world.post_json(Role::Agent, "/cases", &call).await?;
    let known = world.post_json(Role::Admin, "/cases", &call).await?;

    assert_eq!(unknown.status, 404, "as if there were none: {}", unknown.body);
    assert!(known.status.is_success(), "{}", known.body);
    Ok(())
}

async fn a_template_of_a_queue_one_may_not_know_of_is_nowhere(world: World) -> Result<()> {
    let queue = world.restricted_queue().await?.to_string();
    let form = [
        ("subject", SECRET),
        ("text", "Jedes Jahr."),
        ("queue", queue.as_str()),
        ("every", "1"),
        ("unit", "year"),
        ("first_day", "2027-01-04"),
        ("time", "08:00"),
    ];
    let kept = world.post_form(Role::Agent, "/recurring", &form).await?;
    assert_eq!(kept.status, StatusCode::NOT_FOUND, "{}", kept.body);
    let kept = world.post_form(Role::Admin, "/recurring", &form).await?;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);

    let all = world.get_json(Role::Admin, "/recurring").await?.json()?;
    let id = all["items"][0]["id"].as_i64().context("a template")?;
    assert!(!world.get(Role::Agent, "/recurring").await?.body.contains(SECRET));
    for path in ["pause", "resumption", "skip", "removal"] {
        let answer = world.post_form(Role::Agent, &format!("/recurring/{id}/{path}"), &[]).await?;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
    }
    Ok(())
}

async fn texts_of_a_queue_one_may_not_know_of_are_nowhere(world: World) -> Result<()> {
    let queue = world.restricted_queue().await?;
    let text = json!({
        "name": SECRET, "shortcut": "recht", "queue": queue.to_string(), "body_de": "Guten Tag.", "body_en": "",
    });
    let frame = json!({ "queue": queue, "closing_de": SECRET });
    let kept = world.post_json(Role::Admin, "/snippets", &text).await?.json()?;
    let path = format!("/snippets/{}", kept["id"]);
    let framed = world.post_json(Role::Admin, "/snippets/frames", &frame).await?;
    assert_eq!(framed.status, StatusCode::OK, "{}", framed.body);

    for page in ["/snippets", "/snippets/csv"] {
        let [lead, admin] = [world.get(Role::Lead, page).await?, world.get(Role::Admin, page).await?];
        assert!(!lead.body.contains(SECRET) && admin.body.contains(SECRET), "{page}: {}", lead.body);
    }
    for (path, form) in [(path.as_str(), &text), ("/snippets/frames", &frame)] {
        let changed = world.post_json(Role::Lead, path, form).await?;
        assert_eq!(changed.status, StatusCode::NOT_FOUND, "{path}: {}", changed.body);
    }
    Ok(())
}
