//! People as they get in, and are kept out.

use anyhow::Result;
use axum::http::{Method, StatusCode};
use kitt::people;
use kitt::people::NewPerson;
use kitt::platform::{Error, Right, Role, Timestamp};

use crate::world;
use crate::world::{PASSWORD, World, both, email};

both!(
    a_session_opens_the_account_until_its_owner_logs_out,
    a_wrong_password_and_an_unknown_account_get_the_same_answer,
    after_ten_failures_the_right_password_waits_too,
    an_invitation_works_once_and_for_seven_days,
    who_sends_a_used_link_again_is_led_to_the_login,
    a_token_speaks_for_its_role_until_it_is_revoked,
    nobody_takes_the_administration_from_themselves,
    a_deactivated_person_is_out_at_once,
    what_is_too_long_for_a_login_is_not_looked_at,
);

async fn a_session_opens_the_account_until_its_owner_logs_out(world: World) -> Result<()> {
    let page = world.get(Role::Agent, "/account").await?;
    assert_eq!((page.status, page.body.contains("Eva Agent")), (StatusCode::OK, true), "{}", page.body);

    let left = world.post_form(Role::Agent, "/logout", &[]).await?;
    let after = world.get(Role::Agent, "/account").await?;

    assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/login"));
    assert_eq!((after.status, after.location()), (StatusCode::SEE_OTHER, "/login?next=%2Faccount"));
    Ok(())
}

async fn a_wrong_password_and_an_unknown_account_get_the_same_answer(world: World) -> Result<()> {
    let agent = email(Role::Agent);
    let mut answers = Vec::new();
    for who in [agent.as_str(), "niemand@haus.example"] {
        let answer =
            world.post_form(None, "/login", &[("email", who), ("password", "geraten, lang genug")]).await?;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answers.push(answer.body.replace(who, "…"));
    }
    assert_eq!(answers[0], answers[1]);
    Ok(())
}

async fn after_ten_failures_the_right_password_waits_too(world: World) -> Result<()> {
    // Failures are counted per process, so this story has an account of its own.
    let new = newcomer(&format!("geraten.{}@haus.example", world.is_postgres()));
    let (_, token) = people::invite(&world.app, &world.admin, new.clone()).await?;
    people::accept(&world.app, &token, &new.name, &new.email, PASSWORD.into(), "test").await?;
    let log_in =
        |password: &str| people::log_in(&world.app, &new.email, password.into(), "test", "192.0.2.77");

    for _ in 0..10 {
        assert!(matches!(log_in("geraten, lang genug").await, Err(Error::Invalid(_))));
    }
    let early = log_in(PASSWORD).await;
    world.forward(std::time::Duration::from_mins(15));
    let later = log_in(PASSWORD).await;

    assert!(matches!(early, Err(Error::TooMany(_))), "{early:?}");
    assert!(later.is_ok(), "{later:?}");
    Ok(())
}

async fn an_invitation_works_once_and_for_seven_days(world: World) -> Result<()> {
    let (_, used) = people::invite(&world.app, &world.admin, newcomer("neu@haus.example")).await?;
    let (_, late) = people::invite(&world.app, &world.admin, newcomer("spaet@haus.example")).await?;
    let form = [("name", "Nele Neu"), ("email", "neu@haus.example"), ("password", PASSWORD)];
    let welcome = format!("/welcome/{used}");

    assert_eq!(world.get(None, &welcome).await?.status, StatusCode::OK);
    let first = world.post_form(None, &welcome, &form).await?;
    let second = world.post_form(None, &welcome, &form).await?;
    world.forward(Timestamp::days(7));

    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert!(first.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{}", first.header("set-cookie"));
    assert_eq!(second.status, StatusCode::NOT_FOUND);
    let again = world.get(None, &welcome).await?.body;
    assert!(again.contains("gilt nicht mehr") && again.contains("action=\"/login\""), "{again}");
    assert_eq!(world.get(None, &format!("/welcome/{late}")).await?.status, StatusCode::NOT_FOUND);
    Ok(())
}

async fn who_sends_a_used_link_again_is_led_to_the_login(world: World) -> Result<()> {
    let (_, token) = people::invite(&world.app, &world.admin, newcomer("neu@haus.example")).await?;
    let form = [("name", "Nele Neu"), ("email", "neu@haus.example"), ("password", PASSWORD)];
    let welcome = format!("/welcome/{token}");

    world.post_form(None, &welcome, &form).await?;
    let again = world.post_form(None, &welcome, &form).await?;

    assert!(again.body.contains("action=\"/login\""), "as somebody does who went back: {}", again.body);
    Ok(())
}

async fn a_token_speaks_for_its_role_until_it_is_revoked(world: World) -> Result<()> {
    let token = people::create_token(&world.app, &world.admin, "shop", Role::Lead).await?;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let ask = || world.ask(None, Method::GET, "/api/v1/account", &headers, "");

    // A program has no account of its own, but it is known.
    assert_eq!(ask().await?.status, StatusCode::FORBIDDEN);
    let tokens = people::tokens(&mut world.read().await?).await?;
    people::revoke_token(&world.app, &world.admin, tokens[0].id).await?;

    assert_eq!(ask().await?.status, StatusCode::UNAUTHORIZED);
    let agent = people::create_token(&world.app, &world.agent, "mine", Role::Admin).await;
    assert!(matches!(agent, Err(Error::Forbidden(Right::ManagePeople))), "{agent:?}");
    Ok(())
}

async fn nobody_takes_the_administration_from_themselves(world: World) -> Result<()> {
    let own = world.admin.person()?;
    let less = NewPerson { roles: vec![Role::Agent], ..newcomer(&email(Role::Admin)) };

    let refused = people::change(&world.app, &world.admin, own, less, true).await;

    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    Ok(())
}

async fn a_deactivated_person_is_out_at_once(world: World) -> Result<()> {
    let lead = world.lead.person()?;
    assert_eq!(world.get(Role::Lead, "/account").await?.status, StatusCode::OK);

    let same = NewPerson { roles: vec![Role::Lead], ..newcomer(&email(Role::Lead)) };
    people::change(&world.app, &world.admin, lead, same, false).await?;

    assert_eq!(world.get(Role::Lead, "/account").await?.status, StatusCode::SEE_OTHER);
    let again = people::log_in(&world.app, &email(Role::Lead), PASSWORD.into(), "test", "192.0.2.1").await;
    assert!(again.is_err());
    Ok(())
}

async fn what_is_too_long_for_a_login_is_not_looked_at(world: World) -> Result<()> {
    let (long, agent) = ("x".repeat(1001), email(Role::Agent));
    let form =
        [("email", agent.as_str()), ("password", PASSWORD), ("next", &format!("/{}", long.repeat(70)))];

    let large = world.post_form(None, "/login", &form).await?;
    for _ in 0..60 {
        // Not even counted.
        let wrong = people::log_in(&world.app, &agent, long.clone(), "test", "192.0.2.99").await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
    }

    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

#[tokio::test]
async fn an_empty_house_gets_one_link_until_somebody_can_log_in() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let app = world::open(&format!("sqlite:{}/kitt.sqlite", folder.path().display()), folder.path()).await?;

    let first = people::found_house(&app).await?.expect("nobody can log in yet");
    let second = people::found_house(&app).await?.expect("nobody used the first link");
    let old = people::accept(&app, &first, "Ada", "ada@haus.example", PASSWORD.into(), "test").await;
    people::accept(&app, &second, "Ada", "ada@haus.example", PASSWORD.into(), "test").await?;

    assert!(matches!(old, Err(Error::NotFound)), "{old:?}");
    assert_eq!(people::found_house(&app).await?, None);
    Ok(())
}

fn newcomer(email: &str) -> NewPerson {
    NewPerson {
        name: "Nele Neu".into(),
        email: email.into(),
        roles: vec![Role::Agent],
        team: None,
        departments: Vec::new(),
    }
}
