//! Who keeps rules and how: leads those of their teams, in which order, tried out beforehand, told what is wrong where.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases::{self, Condition, Field, Filter, Priority, Test};
use kitt::finance;
use kitt::people;
use kitt::platform::{CaseId, Error, QueueId, Role, TeamId, Timestamp, sql};
use kitt::rules;
use kitt::rules::{
    Aspect, Deed, Definition, Draft, DryState, Event, MailCondition, MailPart, MailTest, Outcome, Place,
    RuleKind, macros, times,
};
use money::Money;
use serde_json::json;

use super::{all, change, draft, subject, trigger};
use crate::finance::rates;
use crate::world::{World, both};

both!(
    a_rule_waits_for_a_change_from_one_to_another,
    a_rule_of_a_team_never_acts_on_cases_of_others,
    leads_keep_the_rules_of_their_teams_and_no_others,
    leads_order_their_own_rules_and_move_no_others,
    a_dry_run_finds_what_the_rule_did,
    a_dry_run_goes_on_after_one_has_left_and_can_be_stopped,
    what_is_wrong_is_told_at_its_row,
    examples_are_offered_until_somebody_took_them,
    a_newsletter_is_known_by_its_head,
    who_is_silent_for_longer_than_usual_may_be_leaving,
    cases_are_found_by_what_their_cause_has_cost,
);

impl World {
    /// A team with a queue of its own, beside the one of the house.
    async fn other_team(&self) -> Result<(TeamId, QueueId)> {
        let mut tx = self.app.db.write().await?;
        let team = people::add_team(&mut tx, "Werkstatt").await?;
        let queue = people::add_queue(&mut tx, "Reparatur", Some(team), None, 60).await?;
        tx.commit().await?;
        Ok((team, queue))
    }

    async fn rule_of_team(&self, team: TeamId, kind: RuleKind, definition: Definition) -> Result<i64> {
        let draft = Draft { team: Some(team), ..draft(kind, "Team", definition) };
        Ok(rules::save(&self.app, &self.admin, None, &draft).await?)
    }

    async fn worked_off(&self, trial: i64) -> Result<rules::Dry> {
        for _ in 0..50 {
            self.settle().await?;
            let dry = rules::trial_found(&self.app, &self.admin, trial).await?;
            if dry.state != DryState::Running {
                return Ok(dry);
            }
            self.forward(Duration::from_secs(5));
        }
        anyhow::bail!("it never ends")
    }
}

async fn a_rule_waits_for_a_change_from_one_to_another(world: World) -> Result<()> {
    let definition = Definition {
        changes: vec![
            change(Aspect::Priority, &["low"], &["high"]),
            change(Aspect::Status, &[], &["closed"]),
        ],
        actions: all(&[(Deed::Tag, "gewechselt")]),
        ..Definition::default()
    };
    let rule = world.rule("Wechsel", definition).await?;
    let (jump, other, closed) =
        (world.asked("Sprung").await?, world.asked("Anders").await?, world.asked("Zu").await?);
    cases::set_priority(&world.app, &world.agent, other, Priority::High).await?;
    cases::set_priority(&world.app, &world.agent, jump, Priority::Low).await?;
    world.settle().await?;
    assert_eq!((world.tags(jump).await?.len(), world.tags(other).await?.len()), (0, 0));

    cases::set_priority(&world.app, &world.agent, jump, Priority::High).await?;
    cases::close(&world.app, &world.agent, closed).await?;
    world.settle().await?;

    for (case, tagged) in [(jump, true), (other, false), (closed, true)] {
        assert_eq!(!world.tags(case).await?.is_empty(), tagged, "{case}");
    }
    let page = world.get(Role::Admin, &format!("/settings/rules/{rule}")).await?;
    assert!(page.body.contains("Dringlichkeit wechselt von"), "{}", page.body);
    Ok(())
}

async fn a_rule_of_a_team_never_acts_on_cases_of_others(world: World) -> Result<()> {
    let (team, queue) = world.other_team().await?;
    let away = world.queue.to_string();
    let actions = all(&[(Deed::Tag, "Team"), (Deed::Queue, &away), (Deed::Priority, "low")]);
    world.rule_of_team(team, RuleKind::Trigger, Definition { actions, ..trigger(Event::Noted, &[]) }).await?;
    let open = Filter::all([Condition::is(Field::Status, "open")]);
    let time = Definition { filter: open, actions: all(&[(Deed::Tag, "Zeit")]), ..Definition::default() };
    world.rule_of_team(team, RuleKind::Time, time).await?;
    let by_hand = Definition { actions: all(&[(Deed::Tag, "Makro")]), ..Definition::default() };
    let by_hand = world.rule_of_team(team, RuleKind::Macro, by_hand).await?;

    let (ours, theirs) = (world.asked("Unserer").await?, world.asked("Fremder").await?);
    cases::move_to(&world.app, &world.admin, ours, queue).await?;
    times::round(&world.app).await?;
    for case in [ours, theirs] {
        cases::note(&world.app, &world.admin, case, "Hallo", Vec::new()).await?;
    }
    world.settle().await?;

    assert_eq!(world.tags(ours).await?, ["Team", "Zeit"]);
    assert!(world.tags(theirs).await?.is_empty());
    let moved = world.case_now(ours).await?;
    assert_eq!(
        (moved.queue, moved.priority),
        (world.queue, Priority::Normal),
        "once away it has no more say"
    );
    let refused = macros::run(&world.app, &world.admin, by_hand, theirs).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(macros::of(&mut world.read().await?, &world.agent).await?.is_empty(), "it is another team's");
    Ok(())
}

async fn leads_keep_the_rules_of_their_teams_and_no_others(world: World) -> Result<()> {
    let (other, _) = world.other_team().await?;
    let rule = |team| Draft {
        team,
        ..draft(RuleKind::Trigger, "Leitung", trigger(Event::Opened, &[(Deed::Tag, "x")]))
    };
    let house = rules::save(&world.app, &world.admin, None, &rule(None)).await?;
    let theirs = rules::save(&world.app, &world.admin, None, &rule(Some(other))).await?;
    let own = rules::save(&world.app, &world.lead, None, &rule(Some(world.team))).await?;

    for team in [None, Some(other)] {
        let refused = rules::save(&world.app, &world.lead, None, &rule(team)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{team:?} {refused:?}");
    }
    let mail = Draft { kind: RuleKind::Mail, ..rule(Some(world.team)) };
    assert!(rules::save(&world.app, &world.lead, None, &mail).await.is_err());
    for foreign in [house, theirs] {
        let stolen = rules::save(&world.app, &world.lead, Some(foreign), &rule(Some(world.team))).await;
        assert!(matches!(stolen, Err(Error::NotFound)), "{stolen:?}");
        assert!(rules::switch(&world.app, &world.lead, foreign, false).await.is_err());
        assert!(rules::remove(&world.app, &world.lead, foreign).await.is_err());
        for page in ["", "/log", "/csv"] {
            let answer = world.get(Role::Lead, &format!("/settings/rules/{foreign}{page}")).await?;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
    let seen = rules::all(&mut world.read().await?, &world.lead).await?;
    assert_eq!(seen.iter().map(|rule| rule.id).collect::<Vec<_>>(), [own]);
    let page = world.get(Role::Lead, "/settings/rules").await?.body;
    assert!(page.contains("die Regeln deiner Teams") && !page.contains("/settings/rules/export"), "{page}");
    let form = world.get(Role::Lead, "/settings/rules/new").await?.body;
    assert!(!form.contains("Dem Haus:"), "{form}");
    assert_eq!(rules::all(&mut world.read().await?, &world.admin).await?.len(), 3);
    Ok(())
}

async fn leads_order_their_own_rules_and_move_no_others(world: World) -> Result<()> {
    let mut ids = Vec::new();
    for (name, team) in
        [("a", Some(world.team)), ("Haus", None), ("b", Some(world.team)), ("c", Some(world.team))]
    {
        let definition = trigger(Event::Opened, &[(Deed::Tag, name)]);
        let draft = Draft { team, ..draft(RuleKind::Trigger, name, definition) };
        ids.push(rules::save(&world.app, &world.admin, None, &draft).await?);
    }
    let names = async || -> Result<Vec<String>> {
        let all = rules::all(&mut world.read().await?, &world.admin).await?;
        Ok(all.into_iter().map(|rule| rule.name).collect())
    };

    rules::shift(&world.app, &world.lead, ids[3], Place::Up).await?;
    assert_eq!(names().await?, ["a", "Haus", "c", "b"]);
    let path = format!("/settings/rules/{}/place", ids[3]);
    let to = format!("before:{}", ids[0]);
    world.post_form(Role::Lead, &path, &[("to", &to)]).await?;
    assert_eq!(names().await?, ["c", "Haus", "a", "b"], "the house's stays where it was");
    let foreign = rules::shift(&world.app, &world.lead, ids[1], Place::Up).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    Ok(())
}

async fn a_dry_run_finds_what_the_rule_did(world: World) -> Result<()> {
    let definition = Definition {
        events: vec![Event::Opened],
        changes: vec![change(Aspect::Priority, &["normal"], &["high"])],
        filter: subject("Rechnung"),
        ..trigger(Event::Opened, &[(Deed::Tag, "gefunden")])
    };
    let rule = world.rule("Echt", definition.clone()).await?;
    for subject in ["Rechnung eins", "Rechnung zwei", "Frage"] {
        let case = world.asked(subject).await?;
        cases::set_priority(&world.app, &world.agent, case, Priority::High).await?;
        cases::set_priority(&world.app, &world.agent, case, Priority::Low).await?;
        cases::set_priority(&world.app, &world.agent, case, Priority::High).await?;
    }
    world.settle().await?;

    let dry = rules::dry_run(&world.app, &world.admin, None, &draft(RuleKind::Trigger, "Probe", definition))
        .await?;

    let runs = rules::runs_of_rule(&mut world.read().await?, rule, None, 100).await?;
    let mut treated: Vec<CaseId> = runs.iter().map(|run| run.case).collect();
    treated.sort_unstable();
    treated.dedup();
    assert_eq!(
        (dry.matches, dry.cases),
        (i64::try_from(runs.len())?, i64::try_from(treated.len())?),
        "{dry:?}"
    );
    assert_eq!((dry.matches, dry.cases, dry.state, dry.percent), (4, 2, DryState::Done, 100));
    Ok(())
}

async fn a_dry_run_goes_on_after_one_has_left_and_can_be_stopped(world: World) -> Result<()> {
    for name in ["Rechnung eins", "Rechnung zwei"] {
        world.asked(name).await?;
    }
    world.settle().await?;
    let definition =
        Definition { filter: subject("Rechnung"), ..trigger(Event::Opened, &[(Deed::Tag, "x")]) };
    let tried = draft(RuleKind::Trigger, "Große Suche", definition);
    let dry = rules::dry_run(&world.app, &world.admin, None, &tried).await?;
    let id = dry.id.context("it is kept")?;
    // As if the first moment had not reached that far.
    let mut tx = world.app.db.write().await?;
    sql("DELETE FROM rule_trial_cases").run(&mut tx).await?;
    sql("UPDATE rule_trials SET state = 'running', before_id = $1, looked_at = 0, matches = 0, cases = 0")
        .bind(i64::MAX)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    world.forward(Duration::from_secs(10));

    let page = world.get(Role::Admin, &format!("/settings/rules/trials/{id}")).await?.body;
    assert!(page.contains("läuft noch") && page.contains("Anhalten"), "{page}");
    assert!(world.get(Role::Admin, "/settings/rules").await?.body.contains("Probelauf von „Große Suche“"));
    assert_eq!(
        world.get(Role::Lead, &format!("/settings/rules/trials/{id}")).await?.status,
        StatusCode::NOT_FOUND
    );
    let done = world.worked_off(id).await?;
    assert_eq!((done.state, done.matches, done.cases), (DryState::Done, 2, 2), "{done:?}");
    let form = world.get(Role::Admin, &format!("/settings/rules/new?trial={id}")).await?.body;
    assert!(form.contains("Große Suche") && form.contains("2-mal zugetroffen"), "{form}");

    let again = rules::dry_run(&world.app, &world.admin, None, &tried).await?.id.context("another one")?;
    let mut tx = world.app.db.write().await?;
    sql("UPDATE rule_trials SET state = 'running', before_id = $1, matches = 0, cases = 0 WHERE id = $2")
        .bind(i64::MAX)
        .bind(again)
        .run(&mut tx)
        .await?;
    sql("DELETE FROM rule_trial_cases WHERE trial_id = $1").bind(again).run(&mut tx).await?;
    tx.commit().await?;
    world.post_form(Role::Admin, &format!("/settings/rules/trials/{again}/stop"), &[]).await?;
    world.forward(Duration::from_secs(10));
    let stopped = world.worked_off(again).await?;
    assert_eq!((stopped.state, stopped.matches), (DryState::Stopped, 0), "{stopped:?}");
    Ok(())
}

async fn what_is_wrong_is_told_at_its_row(world: World) -> Result<()> {
    let form = [
        ("kind", "macro"),
        ("name", "x"),
        ("join", "all"),
        ("f0", "status"),
        ("t0", "is"),
        ("v0", "open"),
        ("f1", "insight"),
        ("t1", "is"),
        ("v1", "4711"),
        ("a0", "close"),
        ("ad0", "close"),
        ("a1", "tag"),
        ("ad1", "tag"),
    ];
    let page = world.post_form(Role::Admin, "/settings/rules", &form).await?;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "data-field=\"v1\">Bedingung 2: Das gibt es nicht",
        "data-field=\"av1\">Aktion 2: Bitte etwas wählen",
        "list=\"known-tags\"",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let view = [("name", "x"), ("join", "all"), ("f0", "queue"), ("t0", "is"), ("v0", "999")];
    let page = world.post_form(Role::Agent, "/views", &view).await?;
    assert!(page.body.contains("Bedingung 1: Das gibt es nicht"), "{}", page.body);
    let mail = json!({"kind": "mail", "name": "x", "definition": {
        "mail": [{"part": "subject", "test": "contains", "value": "a"}, {"part": "header", "test": "set", "value": ""}],
        "actions": [{"does": "quiet"}]}});
    let answer = world.post_json(Role::Admin, "/api/v1/settings/rules", &mail).await?;
    assert!(answer.body.contains("\"mail-1\""), "{}", answer.body);
    Ok(())
}

async fn examples_are_offered_until_somebody_took_them(world: World) -> Result<()> {
    let list = async || Ok::<_, anyhow::Error>(world.get(Role::Admin, "/settings/rules").await?.body);
    let example = "/settings/rules/new?example=newsletter";
    assert!(list().await?.contains(example));
    let form = world.get(Role::Admin, example).await?.body;
    assert!(form.contains("value=\"List-Unsubscribe\"") && form.contains("value=\"newsletter\""), "{form}");

    let head = MailCondition {
        name: "List-Unsubscribe".into(),
        ..MailCondition::new(MailPart::Header, MailTest::Set, "")
    };
    let definition = Definition {
        mail: vec![head],
        actions: all(&[(Deed::Quiet, "")]),
        example: "newsletter".into(),
        ..Definition::default()
    };
    let rule = world.rule_of(RuleKind::Mail, definition).await?;
    assert!(!list().await?.contains(example), "it was taken over");
    rules::remove(&world.app, &world.admin, rule).await?;
    assert!(list().await?.contains(example), "and is free again");
    Ok(())
}

async fn a_newsletter_is_known_by_its_head(world: World) -> Result<()> {
    let head = |name: &str, test, value: &str| MailCondition {
        name: name.into(),
        ..MailCondition::new(MailPart::Header, test, value)
    };
    let definition = Definition {
        mail: vec![
            head("message-id", MailTest::Contains, "rundschreiben"),
            head("X-Spam-Flag", MailTest::Unset, ""),
            MailCondition::new(MailPart::Language, MailTest::IsNot, "fr"),
        ],
        actions: all(&[(Deed::Tag, "Rundschreiben")]),
        ..Definition::default()
    };
    world.rule_of(RuleKind::Mail, definition).await?;

    let letter =
        world.mail_from("anna@kunde.example", "Neues", "rundschreiben-7").await?.case.context("filed")?;
    let other = world.mail_from("anna@kunde.example", "Frage", "zwei").await?.case.context("filed")?;
    world.settle().await?;

    assert_eq!(world.tags(letter).await?, ["Rundschreiben"]);
    assert!(world.tags(other).await?.is_empty());
    assert_eq!(world.outcomes(letter).await?, [Outcome::Changed]);
    Ok(())
}

async fn who_is_silent_for_longer_than_usual_may_be_leaving(world: World) -> Result<()> {
    let case = world.asked("Risiko").await?;
    let customer = world.case_now(case).await?.customer;
    let mut tx = world.app.db.write().await?;
    let product: i64 = match sql("SELECT id FROM products ORDER BY id LIMIT 1").maybe_value(&mut tx).await? {
        Some(product) => product,
        None => {
            sql("INSERT INTO products (name, product_group) VALUES ('Lampe', 'Licht') RETURNING id")
                .value(&mut tx)
                .await?
        }
    };
    for days in [40, 30, 20] {
        sql("INSERT INTO purchases (customer_id, number, product_id, cents, currency, at) VALUES ($1, $2, $3, 100, 'EUR', $4)")
            .bind(customer)
            .bind(days.to_string())
            .bind(product)
            .bind(world.now() - Timestamp::days(days))
            .run(&mut tx)
            .await?;
    }
    tx.commit().await?;
    let risk = async || -> Result<Vec<&str>> {
        let mut found = Vec::new();
        for code in ["low", "raised", "high", "unknown"] {
            let filter = Filter::all([Condition::is(Field::Risk, code)]);
            let eyes = cases::Eyes::of(&world.app, &world.admin);
            if !cases::matching(&mut world.read().await?, &eyes, &filter, &[case]).await?.is_empty() {
                found.push(code);
            }
        }
        Ok(found)
    };

    // Orders every ten days, the last one twenty days ago.
    assert_eq!(risk().await?, ["low"]);
    world.forward(Timestamp::days(4));
    assert_eq!(risk().await?, ["raised"], "24 days are more than 2.3 times as long");
    world.forward(Timestamp::days(7));
    assert_eq!(risk().await?, ["high"]);
    let mut tx = world.app.db.write().await?;
    sql("UPDATE purchases SET number = $1 WHERE number = $2").bind("40").bind("30").run(&mut tx).await?;
    tx.commit().await?;
    assert_eq!(risk().await?, ["unknown"], "two orders are no rhythm, of however many products");
    Ok(())
}

async fn cases_are_found_by_what_their_cause_has_cost(world: World) -> Result<()> {
    let insight = world.insight(kitt::findings::Kind::Cause, "Kabel zu kurz").await?;
    let (_, case) = world.said("Ingrid Sommerauer", "ingrid@example.org", insight, "Zu kurz").await?;
    kitt::insights::costs::keep(&world.app, &[(insight, 123_450)], &[insight].into()).await?;
    let eyes = cases::Eyes::of(&world.app, &world.admin);
    for (test, euros, found) in [
        (Test::AtLeast, "1234", true),
        (Test::AtLeast, "1235", false),
        (Test::AtMost, "1234", true),
        (Test::AtMost, "1233", false),
        (Test::Is, "1234", true),
    ] {
        let filter = Filter::all([Condition::new(Field::Cost, test, &[euros])]);
        let cases = cases::matching(&mut world.read().await?, &eyes, &filter, &[case]).await?;
        assert_eq!(!cases.is_empty(), found, "{test} {euros}");
    }
    let plain = world.asked("Ohne Ursache").await?;
    for (test, euros, found) in [
        (Test::AtLeast, "0", true),
        (Test::AtLeast, "1", false),
        (Test::AtMost, "0", true),
        (Test::Is, "0", true),
        (Test::Is, "1", false),
    ] {
        let filter = Filter::all([Condition::new(Field::Cost, test, &[euros])]);
        let cases = cases::matching(&mut world.read().await?, &eyes, &filter, &[plain]).await?;
        assert_eq!(!cases.is_empty(), found, "without a cause: {test} {euros}");
    }
    // A replacement of 23.20 € is what it has really cost.
    let customer = cases::case(&mut world.read().await?, case).await?.customer;
    let mut tx = world.app.db.write().await?;
    finance::past::rates(&mut tx, &rates(), Timestamp(0), None, world.now()).await?;
    finance::past::refund(&mut tx, case, customer, world.now(), Money::eur(2320)).await?;
    tx.commit().await?;
    assert_eq!(kitt::screens::costs::weigh(&world.app).await?, 1);
    for (euros, found) in [("23", true), ("24", false)] {
        let filter = Filter::all([Condition::new(Field::Cost, Test::AtLeast, &[euros])]);
        let cases = cases::matching(&mut world.read().await?, &eyes, &filter, &[case]).await?;
        assert_eq!(!cases.is_empty(), found, "weighed: at least {euros}");
    }
    Ok(())
}
