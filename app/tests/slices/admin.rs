//! The settings pages.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::people;
use kitt::platform::Role;
use serde_json::json;

use crate::world::{World, both, email};

both!(
    everybody_sees_the_settings_of_their_own_work,
    an_invitation_shows_its_link_once_and_opens_the_door,
    a_person_changes_roles_team_and_departments,
    wrong_fields_of_a_person_come_back_at_the_fields,
    an_email_belongs_to_one_person,
    teams_and_departments_are_added_and_renamed,
    a_queue_has_its_own_address_and_time,
    a_key_is_shown_once_works_and_ends,
    mail_and_jobs_and_the_audit_log_can_be_read,
    the_settings_are_closed_to_who_does_not_set_up,
);

async fn everybody_sees_the_settings_of_their_own_work(world: World) -> Result<()> {
    for (role, count, has, lacks) in [
        (Role::Admin, 36, "/settings/people", "/nowhere"),
        (Role::Finance, 6, "/settings/rates", "/settings/people"),
        (Role::Agent, 10, "/unprocessable", "/settings/rates"),
        (Role::DataProtection, 3, "/account", "/policies"),
    ] {
        let json = world.get_json(role, "/settings").await?.json()?;
        let urls: Vec<_> = json["items"]
            .as_array()
            .context("a list")?
            .iter()
            .filter_map(|item| item["url"].as_str())
            .collect();
        assert_eq!(
            (urls.len(), urls.contains(&has), urls.contains(&lacks)),
            (count, true, false),
            "{role}: {urls:?}"
        );
        let page = world.get(role, "/settings").await?;
        assert!(page.body.contains(has), "{role}");
    }
    Ok(())
}

async fn an_invitation_shows_its_link_once_and_opens_the_door(world: World) -> Result<()> {
    let form = [
        ("name", "Nora Neu"),
        ("email", "nora@haus.example"),
        ("role_agent", "yes"),
        ("role_lead", "yes"),
        ("team", "1"),
    ];
    let page = world.post_form(Role::Admin, "/settings/people", &form).await?;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let link =
        page.body.split("<code").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1)).context("a link")?;
    let path = link.strip_prefix("http://kitt.test").context("an own link")?;
    assert_eq!(world.get(None, path).await?.status, StatusCode::OK);
    assert!(!world.get(Role::Admin, "/settings/people").await?.body.contains(path));

    let nora = people::all(&mut world.read().await?)
        .await?
        .into_iter()
        .find(|one| one.name == "Nora Neu")
        .context("Nora")?;
    assert_eq!((nora.roles, nora.joined), (vec![Role::Agent, Role::Lead], false));
    let again = world
        .post_json(Role::Admin, &format!("/settings/people/{}/link", nora.id), &json!({}))
        .await?
        .json()?;
    assert_ne!(again["link"], json!(link));
    assert_eq!(world.get(None, path).await?.status, StatusCode::NOT_FOUND, "the old link ended");
    Ok(())
}

async fn a_person_changes_roles_team_and_departments(world: World) -> Result<()> {
    let agent = world.agent.person_id().context("a person")?;
    let path = format!("/api/v1/settings/people/{agent}");
    let change = json!({
        "name": "Eva Anders", "email": email(Role::Agent), "roles": ["agent", "department"],
        "departments": [world.product.0], "active": "yes",
    });

    let changed = world.post_json(Role::Admin, &path, &change).await?;

    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let person = people::person(&mut world.read().await?, agent).await?;
    assert_eq!(
        (person.name.as_str(), person.team, person.departments),
        ("Eva Anders", None, vec![world.product])
    );
    assert_eq!(person.roles, [Role::Agent, Role::Department]);
    let page = world.get(Role::Admin, &format!("/settings/people/{agent}")).await?;
    assert!(page.body.contains("name=\"role_department\" value=\"yes\" checked"), "{}", page.body);

    let gone = json!({"name": "Eva Anders", "email": email(Role::Agent), "roles": "agent"});
    assert_eq!(world.post_json(Role::Admin, &path, &gone).await?.status, StatusCode::OK);
    assert!(!people::person(&mut world.read().await?, agent).await?.active);
    Ok(())
}

async fn wrong_fields_of_a_person_come_back_at_the_fields(world: World) -> Result<()> {
    let page =
        world.post_form(Role::Admin, "/settings/people", &[("name", ""), ("email", "kein Ort")]).await?;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "email", "roles"] {
        assert!(page.body.contains(&format!("id=\"{field}-e\"")), "{field}: {}", page.body);
    }
    assert!(page.body.contains("value=\"kein Ort\""));
    Ok(())
}

async fn an_email_belongs_to_one_person(world: World) -> Result<()> {
    let lead = world.lead.person_id().context("a person")?;
    let taken = [("name", "Wer"), ("email", &*email(Role::Agent)), ("role_lead", "yes"), ("active", "yes")];
    for path in ["/settings/people".to_owned(), format!("/settings/people/{lead}")] {
        let page = world.post_form(Role::Admin, &path, &taken).await?;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(page.body.contains("id=\"email-e\""), "{path}");
    }
    Ok(())
}

async fn teams_and_departments_are_added_and_renamed(world: World) -> Result<()> {
    for path in ["/settings/teams", "/settings/departments"] {
        let added = world.post_json(Role::Admin, path, &json!({"name": " Werkstatt "})).await?.json()?;
        assert_eq!(added["name"], json!("Werkstatt"));
        let id = added["id"].to_string();
        let page = world.get(Role::Admin, &format!("{path}?edit={id}")).await?;
        assert!(page.body.contains("value=\"Werkstatt\""), "{path}: {}", page.body);
        let renamed = world.post_form(Role::Admin, path, &[("id", &id), ("name", "Reparatur")]).await?;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{path}: {}", renamed.body);
        let twice = world.post_form(Role::Admin, path, &[("name", "reparatur")]).await?;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(twice.body.contains("id=\"name-e\""), "{path}: {}", twice.body);
        let gone = world.post_json(Role::Admin, path, &json!({"id": "4711", "name": "Niemand"})).await?;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{path}");
    }
    Ok(())
}

async fn a_queue_has_its_own_address_and_time(world: World) -> Result<()> {
    let form = [
        ("name", "Werkstatt"),
        ("team", ""),
        ("address", "Werkstatt@haus.example"),
        ("answer_minutes", "240"),
    ];
    let added = world.post_form(Role::Admin, "/settings/queues", &form).await?;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let mut tx = world.read().await?;
    let queue =
        people::queue_by_address(&mut tx, "werkstatt@HAUS.example").await?.context("found by its address")?;
    assert_eq!((queue.answer_minutes, queue.team), (240, None));
    drop(tx);

    for (fields, field) in [
        ([("name", "Andere"), ("address", "werkstatt@haus.example"), ("answer_minutes", "60")], "address"),
        ([("name", "Andere"), ("address", "nirgendwo"), ("answer_minutes", "60")], "address"),
        ([("name", "werkstatt"), ("address", ""), ("answer_minutes", "60")], "name"),
        ([("name", "Andere"), ("address", ""), ("answer_minutes", "bald")], "answer_minutes"),
        ([("name", "Andere"), ("address", ""), ("answer_minutes", "0")], "answer_minutes"),
    ] {
        let page = world.post_form(Role::Admin, "/settings/queues", &fields).await?;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.body.contains(&format!("id=\"{field}-e\"")), "{field}: {}", page.body);
    }
    Ok(())
}

async fn a_key_is_shown_once_works_and_ends(world: World) -> Result<()> {
    let made = world
        .post_json(Role::Admin, "/api/v1/settings/tokens", &json!({"name": "Lager", "role": "finance"}))
        .await?;
    let token = made.json()?["token"].as_str().context("a token")?.to_owned();
    let bearer = format!("Bearer {token}");
    let with_key = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let ask = || world.ask(None, axum::http::Method::GET, "/api/v1/exposure", &with_key, "");
    assert_eq!(ask().await?.status, StatusCode::OK);

    let list = world.get_json(Role::Admin, "/settings/tokens").await?;
    assert!(!list.body.contains(&token));
    let id = list.json()?["items"][0]["id"].clone();
    let ended = world.post_form(Role::Admin, &format!("/settings/tokens/{id}/revoke"), &[]).await?;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(ask().await?.status, StatusCode::UNAUTHORIZED);

    let wrong = world.post_form(Role::Admin, "/settings/tokens", &[("name", ""), ("role", "")]).await?;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"name-e\"") && wrong.body.contains("id=\"role-e\""), "{}", wrong.body);
    Ok(())
}

async fn mail_and_jobs_and_the_audit_log_can_be_read(world: World) -> Result<()> {
    world.post_form(Role::Admin, "/settings/teams", &[("name", "Werkstatt")]).await?;
    let mail = world.get(Role::Admin, "/settings/mail").await?;
    assert!(mail.body.contains("kein Mailserver"), "{}", mail.body);
    assert_eq!(world.get_json(Role::Admin, "/settings/jobs").await?.json()?["items"], json!([]));
    assert!(world.get(Role::Admin, "/settings/jobs").await?.body.contains("Nichts hängt."));
    let retry = world.post_form(Role::Admin, "/settings/jobs/4711/retry", &[]).await?;
    assert_eq!(retry.status, StatusCode::NOT_FOUND);

    let audit = world.get_json(Role::Admin, "/settings/audit").await?.json()?;
    let newest = &audit["items"][0];
    assert_eq!(
        (&newest["fact"], &newest["subject"], &newest["by"]),
        (&json!("setting_changed"), &json!("Teams, Werkstatt"), &json!(world.admin.name))
    );
    assert_eq!(world.get(Role::Admin, "/settings/audit").await?.status, StatusCode::OK);
    Ok(())
}

async fn the_settings_are_closed_to_who_does_not_set_up(world: World) -> Result<()> {
    for path in ["people", "teams", "queues", "departments", "tokens", "mail", "jobs", "audit"] {
        let answer = world.get(Role::Lead, &format!("/settings/{path}")).await?;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    Ok(())
}
