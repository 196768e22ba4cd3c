//! What customers are given, and which rules they run into.

use anyhow::{Context, Result};
use axum::http::{Method, StatusCode};
use kitt::cases;
use kitt::cases::{Case, Channel};
use kitt::goodwill;
use kitt::goodwill::{GoodwillKind, PolicyDraft};
use kitt::journal;
use kitt::journal::Fact;
use kitt::platform::{DepartmentId, Error, PolicyId, Role};
use money::Money;
use serde_json::json;

use crate::world::{World, both};

both!(
    a_voucher_is_given_as_people_type_the_amount,
    an_amount_is_read_in_the_language_of_who_types_it_and_never_guessed,
    a_wrong_amount_comes_back_at_its_field_with_what_was_typed,
    a_refund_is_never_goodwill,
    a_mistake_is_reversed_once_and_stays_visible,
    two_grants_at_the_same_moment_both_count,
    granted_and_refused_requests_keep_the_version_that_was_in_force,
    a_request_needs_a_policy_an_answer_and_a_reason,
    a_policy_out_of_force_or_of_nobody_is_refused,
    leads_write_policies_and_agents_read_them,
    the_case_tells_programs_what_was_given,
    a_sum_beyond_reason_is_refused,
);

async fn a_voucher_is_given_as_people_type_the_amount(world: World) -> Result<()> {
    for (typed, sum) in
        [("12,50 €", Money::eur(1250)), ("15", Money::eur(1500)), ("CHF 20.–", Money::chf(2000))]
    {
        let case = world.complaint().await?;
        let path = format!("/cases/{}/goodwill", case.number);
        let answer = world
            .post_form(Role::Agent, &path, &[("kind", "voucher"), ("amount", typed), ("note", "")])
            .await?;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);

        let grants = goodwill::grants(&mut world.read().await?, case.id).await?;
        assert_eq!(grants.iter().map(|grant| grant.sum).collect::<Vec<_>>(), [sum], "{typed}");
        let facts = journal::of_case(&mut world.read().await?, case.id).await?;
        let last = facts.last().context("the grant is a fact")?;
        let currency = sum.currency.code().to_owned();
        assert_eq!(
            last.fact,
            Fact::GoodwillGranted { kind: "voucher".into(), cents: sum.cents, currency, priced_at: None }
        );
        assert_eq!((last.about.cents, last.about.customer), (Some(sum.cents), Some(case.customer)));
    }
    Ok(())
}

async fn an_amount_is_read_in_the_language_of_who_types_it_and_never_guessed(world: World) -> Result<()> {
    for (language, typed, cents) in [
        ("de", "12,345", None),
        ("de", "12.345", Some(1_234_500)),
        ("de", "1234.5", None),
        ("en", "12.345", None),
        ("en", "12,345", Some(1_234_500)),
        ("en", "12.50", Some(1250)),
        ("json", "12.50", Some(1250)),
        ("json", "12,50", Some(1250)),
        ("json", "12.345", None),
    ] {
        let case = world.complaint().await?;
        let path = format!("/cases/{}/goodwill", case.number);
        let answer = if language == "json" {
            world.post_json(Role::Agent, &path, &json!({"kind": "gift", "amount": typed})).await?
        } else {
            let headers = [
                ("content-type", "application/x-www-form-urlencoded"),
                ("accept-language", language),
                ("sec-fetch-site", "same-origin"),
            ];
            let form = format!("kind=gift&amount={typed}");
            world.ask(Role::Agent, Method::POST, &path, &headers, form).await?
        };
        let grants = goodwill::grants(&mut world.read().await?, case.id).await?;
        assert_eq!(grants.first().map(|grant| grant.sum.cents), cents, "{typed} {language}: {}", answer.body);
        assert_eq!(answer.status == StatusCode::UNPROCESSABLE_ENTITY, cents.is_none(), "{typed} {language}");
    }
    Ok(())
}

async fn a_wrong_amount_comes_back_at_its_field_with_what_was_typed(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let path = format!("/cases/{}/goodwill", case.number);

    let page =
        world.post_form(Role::Agent, &path, &[("kind", "gift"), ("amount", "viel"), ("note", "")]).await?;

    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains("value=\"viel\" aria-invalid=\"true\" aria-describedby=\"grant-amount-e\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("id=\"grant-amount-e\""));
    let program = world.post_json(Role::Agent, &path, &json!({"kind": "luck", "amount": ""})).await?;
    let fields: Vec<_> = program.json()?["errors"]
        .as_array()
        .context("fields")?
        .iter()
        .map(|one| one["field"].clone())
        .collect();
    assert_eq!(
        (program.status, fields),
        (StatusCode::UNPROCESSABLE_ENTITY, vec![json!("kind"), json!("amount")])
    );
    assert!(goodwill::grants(&mut world.read().await?, case.id).await?.is_empty());
    Ok(())
}

async fn a_refund_is_never_goodwill(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let path = format!("/cases/{}/refunds", case.number);

    let answer =
        world.post_form(Role::Agent, &path, &[("amount", "23,20"), ("note", "Ersatz und Versand")]).await?;

    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let facts = journal::of_case(&mut world.read().await?, case.id).await?;
    let last = facts.last().context("the refund is a fact")?;
    assert_eq!(last.fact, Fact::RefundEntered { cents: 2320, currency: "EUR".into(), priced_at: None });
    Ok(())
}

async fn a_mistake_is_reversed_once_and_stays_visible(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let grant = world.give(&case, 5000).await?;

    goodwill::reverse(&world.app, &world.agent, case.id, grant).await?;
    let again = goodwill::reverse(&world.app, &world.agent, case.id, grant).await;
    let other = world.complaint().await?;
    let elsewhere = goodwill::reverse(&world.app, &world.agent, other.id, grant).await;

    assert!(matches!(again, Err(Error::Stale)), "{again:?}");
    assert!(matches!(elsewhere, Err(Error::NotFound)), "{elsewhere:?}");
    let grants = goodwill::grants(&mut world.read().await?, case.id).await?;
    let told: Vec<_> =
        grants.iter().map(|grant| (grant.sum.cents, grant.reversed, grant.reverses.is_some())).collect();
    assert_eq!(told, [(5000, true, false), (-5000, false, true)]);
    let page = world.get(Role::Agent, &format!("/cases/{}/goodwill", case.number)).await?;
    assert!(page.body.contains("Gegenbuchung"), "{}", page.body);
    Ok(())
}

async fn two_grants_at_the_same_moment_both_count(world: World) -> Result<()> {
    let case = world.complaint().await?;

    let (one, two) = tokio::join!(world.give(&case, 1000), world.give(&case, 700));
    assert_ne!(one?, two?);

    let grants = goodwill::grants(&mut world.read().await?, case.id).await?;
    assert_eq!(grants.iter().map(|grant| grant.sum.cents).sum::<i64>(), 1700);

    let (one, two) = tokio::join!(
        goodwill::reverse(&world.app, &world.agent, case.id, grants[0].id),
        goodwill::reverse(&world.app, &world.lead, case.id, grants[0].id),
    );
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1, "taken back once");
    Ok(())
}

async fn granted_and_refused_requests_keep_the_version_that_was_in_force(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let policy = world.policy("Saisonware nehmen wir nicht zurück").await?;
    let answer =
        |granted| goodwill::answer_request(&world.app, &world.agent, case.id, policy, granted, "Stammkundin");
    answer(false).await?;
    let draft = PolicyDraft {
        text: "Innerhalb von 14 Tagen doch.".into(),
        ..draft("Saisonware nehmen wir nicht zurück")
    };
    assert_eq!(goodwill::change_policy(&world.app, &world.lead, policy, &draft).await?, 2);
    answer(true).await?;

    let requests = goodwill::requests(&mut world.read().await?, case.id).await?;
    let told: Vec<_> = requests.iter().map(|one| (one.version, one.granted, one.customer)).collect();
    assert_eq!(told, [(1, false, case.customer), (2, true, case.customer)]);
    let facts = journal::of_case(&mut world.read().await?, case.id).await?;
    let is_answer = |fact: &Fact| matches!(fact, Fact::RequestRefused { .. } | Fact::RequestGranted { .. });
    let walls: Vec<_> = facts.into_iter().map(|entry| entry.fact).filter(is_answer).collect();
    assert_eq!(
        walls,
        [Fact::RequestRefused { policy, version: 1 }, Fact::RequestGranted { policy, version: 2 }]
    );
    let counts = goodwill::counts(&mut world.read().await?, case.created_at).await?;
    assert_eq!((counts[0].granted, counts[0].refused), (1, 1));
    Ok(())
}

async fn a_request_needs_a_policy_an_answer_and_a_reason(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.policy("Kein Umtausch ohne Beleg").await?;
    let path = format!("/cases/{}/requests", case.number);

    let page =
        world.post_form(Role::Agent, &path, &[("policy", ""), ("granted", ""), ("reason", " ")]).await?;
    let unknown = world
        .post_json(Role::Agent, &path, &json!({"policy": "4711", "granted": "no", "reason": "x"}))
        .await?;

    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["policy", "granted", "reason"] {
        assert!(page.body.contains(&format!("id=\"request-{field}-e\"")), "{field}: {}", page.body);
    }
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    Ok(())
}

async fn a_policy_out_of_force_or_of_nobody_is_refused(world: World) -> Result<()> {
    let case = world.complaint().await?;
    let policy = world.policy("Kein Umtausch ohne Beleg").await?;
    let over = PolicyDraft { active: false, ..draft("Kein Umtausch ohne Beleg") };
    goodwill::change_policy(&world.app, &world.lead, policy, &over).await?;
    let nobody = PolicyDraft { department: Some(DepartmentId(999)), ..draft("Andere Regel") };

    let asked =
        goodwill::answer_request(&world.app, &world.agent, case.id, policy, false, "Kein Beleg").await;
    let added = goodwill::add_policy(&world.app, &world.lead, &nobody).await.map(drop);
    let changed = goodwill::change_policy(&world.app, &world.lead, policy, &nobody).await.map(drop);

    for (refused, field) in [(asked.map(drop), "policy"), (added, "department"), (changed, "department")] {
        assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields[0].field == field), "{refused:?}");
    }
    let page = world.get(Role::Agent, &format!("/policies/{policy}")).await?.body;
    assert!(page.contains("Ohne Ausnahme.") && !page.contains("<textarea"), "{page}");
    Ok(())
}

async fn leads_write_policies_and_agents_read_them(world: World) -> Result<()> {
    let fields =
        [("title", "Kein Rabatt auf Rabatt"), ("text", "Aktionen gelten einzeln."), ("department", "")];
    let refused = world.post_form(Role::Agent, "/policies", &fields).await?;
    let written = world.post_form(Role::Lead, "/policies", &fields).await?;
    let empty = world.post_form(Role::Lead, "/policies", &[("title", ""), ("text", "x")]).await?;
    let list = world.get_json(Role::Agent, "/policies").await?.json()?;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.body);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("id=\"title-e\""), "{}", empty.body);
    assert_eq!(
        (&list["items"][0]["title"], &list["items"][0]["version"]),
        (&json!("Kein Rabatt auf Rabatt"), &json!(1))
    );
    let page = world.get(Role::Lead, &format!("/policies/{}", list["items"][0]["id"])).await?;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    Ok(())
}

async fn the_case_tells_programs_what_was_given(world: World) -> Result<()> {
    let case = world.complaint().await?;
    world.give(&case, 1500).await?;
    world.policy("Kein Umtausch ohne Beleg").await?;

    let json =
        world.get_json(Role::Agent, &format!("/api/v1/cases/{}/goodwill", case.number)).await?.json()?;

    assert_eq!(json["given"], json!([{"cents": 1500, "currency": "EUR"}]));
    assert_eq!(
        (&json["grants"][0]["kind"], &json["grants"][0]["by"]),
        (&json!("voucher"), &json!(world.agent.name))
    );
    assert_eq!(json["policies"][0]["title"], json!("Kein Umtausch ohne Beleg"));
    let missing = world.get_json(Role::Agent, "/cases/26-99999/goodwill").await?;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    Ok(())
}

async fn a_sum_beyond_reason_is_refused(world: World) -> Result<()> {
    let case = world.complaint().await?;
    for cents in [0, -100, 10_000_001] {
        let given = world.give(&case, cents).await;
        assert!(matches!(given, Err(Error::Invalid(_))), "{cents}: {given:?}");
    }
    Ok(())
}

fn draft(title: &str) -> PolicyDraft {
    PolicyDraft { title: title.into(), department: None, text: "Ohne Ausnahme.".into(), active: true }
}

impl World {
    /// A case of Frau Sommerauer.
    pub async fn complaint(&self) -> Result<Case> {
        let customer = self.customer("Ingrid Sommerauer", "ingrid@example.org").await?;
        let author = ("Ingrid Sommerauer", Some("ingrid@example.org"));
        let text = "Guten Tag, wo ist mein Paket?";
        let case = self.writes(customer, author, Channel::Email, "Das Paket kam nie an", text).await?;
        Ok(cases::case(&mut self.read().await?, case).await?)
    }

    async fn give(&self, case: &Case, cents: i64) -> Result<i64, Error> {
        goodwill::grant(&self.app, &self.agent, case.id, GoodwillKind::Voucher, Money::eur(cents), "").await
    }

    async fn policy(&self, title: &str) -> Result<PolicyId> {
        Ok(goodwill::add_policy(&self.app, &self.lead, &draft(title)).await?)
    }
}
