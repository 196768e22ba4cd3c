//! Kind, own state, tags, fields and people of many cases, set and taken back at once.

use anyhow::{Context, Result};
use axum::http::StatusCode;
use kitt::cases;
use kitt::cases::attributes::web::AttributesJson;
use kitt::cases::attributes::{FieldDraft, FieldType};
use kitt::cases::bulk::{self, Change, Chosen, Step};
use kitt::cases::{Condition, Field, Filter, Involvement, OwnState, Status, Written, attributes, bins};
use kitt::deadlines;
use kitt::deadlines::{Conditions, Goal, Goals, PolicySettings, Time, WarningSetting, WarningUnit};
use kitt::journal;
use kitt::people;
use kitt::platform::{Bilingual, CaseFieldId, CaseId, CaseKindId, Language, OwnStateId, PersonId, Role};
use money::Notation;
use serde_json::json;

use crate::world::{World, both};

both!(
    everything_is_set_on_many_and_is_afterwards_what_it_was,
    each_case_says_why_it_cannot_be_done,
    a_page_says_what_changes_and_takes_what_people_type,
    programs_change_many_in_the_same_way,
    what_somebody_else_set_since_stays,
    what_one_may_not_know_of_is_not_changed,
);

pub(super) fn draft(name: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        key: String::new(),
        name: Bilingual::same(name),
        help: Bilingual::default(),
        field_type,
        required: false,
        standard: String::new(),
        notation: Notation::German,
        queues: Vec::new(),
        kinds: Vec::new(),
        only_if: None,
        choices: Vec::new(),
        place: 0,
        archived: false,
    }
}

impl World {
    pub(super) async fn has_field(&self, draft: FieldDraft) -> Result<CaseFieldId> {
        Ok(attributes::set_up_field(&self.app, &self.admin, None, &draft).await?)
    }

    pub(super) async fn has_state(&self, name: &str, base: Status) -> Result<OwnStateId> {
        let state = OwnState { id: OwnStateId(0), name: Bilingual::same(name), base, place: 0, active: true };
        Ok(attributes::set_up_state(&self.app, &self.admin, None, &state).await?)
    }

    pub(super) async fn kind_called(&self, name: &str) -> Result<CaseKindId> {
        let kinds = attributes::kinds(&mut self.read().await?).await?;
        Ok(kinds.iter().find(|kind| kind.name.de == name).context("no such kind")?.id)
    }

    async fn marked(&self, cases: &[CaseId]) -> Result<Chosen> {
        let mut numbers = Vec::new();
        for case in cases {
            numbers.push(self.number_of(*case).await?);
        }
        Ok(Chosen::Marked(numbers))
    }

    /// Why it cannot be done to some of these, by the words of the preview.
    async fn refused(&self, cases: &[CaseId], change: &Change) -> Result<Vec<(CaseId, &'static str)>> {
        let marked = self.marked(cases).await?;
        let preview = bulk::preview(&self.app, &self.agent, &marked, change).await?;
        let mut refused = Vec::new();
        for one in preview.refused {
            let case = cases::by_number(&mut self.read().await?, &one.number).await?;
            refused.push((case.id, one.why));
        }
        refused.sort();
        Ok(refused)
    }

    /// All that a run can change in a case.
    async fn all_of(&self, case: CaseId) -> Result<String> {
        let mut tx = self.read().await?;
        let row = cases::case(&mut tx, case).await?;
        let own = attributes::attributes(&mut tx, &row).await?;
        let own = serde_json::to_value(AttributesJson::of(&own, Language::De))?;
        let involved = cases::involved(&mut tx, case).await?;
        let involved: Vec<_> = involved.iter().map(|one| (one.person, one.part)).collect();
        let stands = (row.status, row.wait_until, row.closed_at, row.complaint);
        let due = (row.due_from, row.due_at, row.due_clock, row.soon_at, row.clocks);
        Ok(format!("{own} {involved:?} {:?} {stands:?} {due:?}", (row.queue, row.owner, row.bin)))
    }

    /// What was told of a case since its first `seen` entries.
    async fn told_since(&self, case: CaseId, seen: usize) -> Result<Vec<String>> {
        let entries = journal::of_case(&mut self.read().await?, case).await?;
        let told = entries.iter().skip(seen).map(|entry| format!("{:?}", entry.fact));
        // The name of the fact without what it carries.
        let name = |fact: String| fact.split([' ', '{']).next().unwrap_or_default().to_owned();
        let mut told: Vec<String> = told.map(name).collect();
        told.sort();
        Ok(told)
    }
}

/// A solution is promised for complaints only, so that clocks of a complaint know more.
fn complaints() -> PolicySettings {
    PolicySettings {
        name: "Beschwerden".into(),
        active: true,
        conditions: Conditions { complaint: Some(true), ..Conditions::default() },
        calendar: None,
        goals: Goals {
            first: Some(Goal { minutes: 60, time: Time::Working }),
            next: None,
            solution: Some(Goal { minutes: 600, time: Time::Working }),
            warning: WarningSetting { amount: 30, unit: WarningUnit::Minutes },
            steps: Vec::new(),
        },
    }
}

async fn everything_is_set_on_many_and_is_afterwards_what_it_was(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    deadlines::set_policy(app, &world.admin, None, &complaints()).await?;
    let all = world.cases(2).await?;
    let (lead, manager) = (world.lead.person()?, world.manager.person()?);
    world.has_field(draft("Ort", FieldType::Text)).await?;
    world.has_field(FieldDraft { standard: "7".into(), ..draft("Stück", FieldType::Number) }).await?;
    let supplier = world.has_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::add_tag(app, agent, all[0], "Messe").await?;
    attributes::set_field(app, agent, all[0], "ort", Written::plain("Linz")).await?;
    cases::involve(app, agent, all[0], manager, Involvement::Deputy).await?;
    cases::involve(app, agent, all[1], manager, Involvement::Follower).await?;
    let before = [world.all_of(all[0]).await?, world.all_of(all[1]).await?];
    let seen = journal::of_case(&mut world.read().await?, all[0]).await?.len();

    let fields = [("ort", "Graz"), ("stueck", "")].map(|(key, text)| (key.to_owned(), text.to_owned()));
    let change = Change {
        kind: Some(world.kind_called("Beschwerde").await?),
        own_state: Some(supplier),
        tag: vec!["#VIP  Kunde".into()],
        untag: vec!["messe".into()],
        fields: fields.into(),
        deputy: Some(lead),
        follow: Some(lead),
        unfollow: Some(manager),
        ..Change::default()
    };
    assert!(world.refused(&all, &change).await?.is_empty());
    let run = bulk::start(app, agent, &world.marked(&all).await?, &change).await?;

    for case in &all {
        let mut tx = world.read().await?;
        let row = cases::case(&mut tx, *case).await?;
        let own = attributes::attributes(&mut tx, &row).await?;
        assert_eq!((row.status, row.own_state, row.complaint), (Status::Waiting, Some(supplier), true));
        assert_eq!(own.badges.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["VIP Kunde"]);
        let json = serde_json::to_value(AttributesJson::of(&own, Language::De))?;
        assert_eq!(json["fields"], json!({ "ort": "Graz", "stueck": null }));
        let involved = cases::involved(&mut tx, *case).await?;
        let involved: Vec<_> = involved.iter().map(|one| (one.part, one.person)).collect();
        assert_eq!(involved, [(Involvement::Deputy, lead), (Involvement::Follower, lead)]);
    }
    // As if each had been set by itself.
    let told = [
        "CaseFieldSet",
        "CaseFieldSet",
        "CaseKindSet",
        "CaseSetWaiting",
        "CaseStateSet",
        "CaseTagged",
        "CaseUntagged",
        "ComplaintMarked",
        "PersonInvolved",
        "PersonInvolved",
        "PersonReleased",
    ];
    assert_eq!(world.told_since(all[0], seen).await?, told);
    assert_eq!(world.refused(&all, &change).await?, [(all[0], "bulk-same"), (all[1], "bulk-same")]);

    bulk::take_back(app, agent, run).await?;
    let outcome = bulk::run(&mut world.read().await?, agent, run).await?.1;
    assert_eq!((outcome.back, outcome.kept), (2, 0));
    assert_eq!([world.all_of(all[0]).await?, world.all_of(all[1]).await?], before);
    Ok(())
}

async fn each_case_says_why_it_cannot_be_done(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let [fault, question, complaint, waits] = world.cases(4).await?[..] else { anyhow::bail!("four cases") };
    let mut tx = app.db.write().await?;
    let other = people::add_queue(&mut tx, "Werkstatt", None, None, 60).await?;
    tx.commit().await?;
    let of_fault = world.kind_called("Störung").await?;
    attributes::set_kind(app, agent, fault, Some(of_fault)).await?;
    attributes::set_kind(app, agent, complaint, Some(world.kind_called("Beschwerde").await?)).await?;
    let serial = draft("Seriennummer", FieldType::Reference);
    world.has_field(FieldDraft { required: true, kinds: vec![of_fault], ..serial }).await?;
    world.has_field(FieldDraft { queues: vec![other], ..draft("Regal", FieldType::Text) }).await?;
    let solved = world.has_state("gelöst", Status::Closed).await?;
    let waiting = world.has_state("wartet auf Lieferant", Status::Waiting).await?;
    attributes::set_state(app, agent, waits, cases::NewState::Own(waiting)).await?;
    let all = [fault, question, complaint, waits];
    let writes = |key: &str, text: &str| Change {
        fields: [(key.to_owned(), text.to_owned())].into(),
        ..Change::default()
    };
    let elsewhere = "bulk-field-elsewhere";

    for (change, refused) in [
        (
            Change { own_state: Some(solved), ..Change::default() },
            vec![(fault, "bulk-incomplete"), (complaint, "bulk-complaint")],
        ),
        (
            Change { step: Some(Step::Close), ..writes("seriennummer", "L-17") },
            vec![(question, elsewhere), (complaint, "bulk-complaint"), (waits, elsewhere)],
        ),
        // What it will be decides, not what it is.
        (Change { kind: Some(of_fault), ..writes("seriennummer", "L-17") }, vec![]),
        (
            writes("regal", "A 3"),
            vec![(fault, elsewhere), (question, elsewhere), (complaint, elsewhere), (waits, elsewhere)],
        ),
        (Change { queue: Some(other), ..writes("regal", "A 3") }, vec![]),
        (Change { own_state: Some(waiting), ..Change::default() }, vec![(waits, "bulk-same")]),
        (
            Change { kind: Some(CaseKindId(0)), ..Change::default() },
            vec![(question, "bulk-same"), (waits, "bulk-same")],
        ),
        (
            Change { deputy: Some(PersonId(0)), ..Change::default() },
            all.iter().map(|case| (*case, "bulk-same")).collect(),
        ),
    ] {
        assert_eq!(world.refused(&all, &change).await?, refused, "{change:?}");
    }

    // What is done is refused for the same reasons.
    let change = Change { step: Some(Step::Close), ..writes("seriennummer", "L-17") };
    let run = bulk::start(app, agent, &world.marked(&all).await?, &change).await?;
    let reasons = bulk::reasons(&mut world.read().await?, run).await?;
    assert_eq!(reasons, [("bulk-complaint".to_owned(), 1), (elsewhere.to_owned(), 2)]);
    assert_eq!(cases::case(&mut world.read().await?, fault).await?.status, Status::Closed);
    Ok(())
}

async fn a_page_says_what_changes_and_takes_what_people_type(world: World) -> Result<()> {
    let case = world.cases(1).await?[0];
    let number = world.number_of(case).await?;
    world.has_field(draft("Preis", FieldType::Money)).await?;
    let solved = world.has_state("gelöst", Status::Closed).await?;
    let (kind, lead) = (world.kind_called("Störung").await?.to_string(), world.lead.person()?.to_string());
    let state = format!("own:{solved}");
    let form = [
        ("case", number.as_str()),
        ("kind", kind.as_str()),
        ("step", state.as_str()),
        ("tag", "VIP, Messe"),
        ("field", "preis"),
        ("value", "1.249,50"),
        ("deputy", lead.as_str()),
        ("follow", lead.as_str()),
    ];

    let table = world.get(Role::Agent, "/cases?view=all&as=table").await?.body;
    let preview = world.post_form(Role::Agent, "/bulk/preview", &form).await?;
    let done = world.post_form(Role::Agent, "/bulk", &form).await?;

    let own = format!("value=\"{state}\"");
    for offered in ["name=\"kind\"", own.as_str(), "name=\"untag\"", "value=\"preis\""] {
        assert!(table.contains(offered), "{offered}: {table}");
    }
    for (label, becomes) in [
        ("Art", "Störung"),
        ("Status", "gelöst"),
        ("Schlagwörter dazu", "VIP, Messe"),
        ("Preis", "1.249,50\u{a0}€"),
        ("Zweite Verantwortung", "Tom Lead"),
        ("Folgt ab jetzt", "Tom Lead"),
    ] {
        let said = format!("<dt class=\"mut t12\">{label}</dt><dd>{becomes}</dd>");
        assert!(preview.body.contains(&said), "{said}: {}", preview.body);
    }
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let mut tx = world.read().await?;
    let row = cases::case(&mut tx, case).await?;
    let own = attributes::attributes(&mut tx, &row).await?;
    assert_eq!((row.status, row.own_state), (Status::Closed, Some(solved)));
    assert_eq!(own.badges.tags.len(), 2);
    assert_eq!(own.entries[0].value.as_deref(), Some("1249.50 EUR"));

    for (field, value, at) in
        [("preis", "zwölf", "data-field=\"value\""), ("moon", "1", "data-field=\"field\"")]
    {
        let wrong = [("case", number.as_str()), ("field", field), ("value", value)];
        let refused = world.post_form(Role::Agent, "/bulk/preview", &wrong).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(at), "{}", refused.body);
    }
    let money = world.get(Role::Agent, "/bulk/value?field=preis").await?;
    assert!(money.body.contains("inputmode=\"decimal\""), "{}", money.body);
    Ok(())
}

async fn programs_change_many_in_the_same_way(world: World) -> Result<()> {
    let case = world.cases(1).await?[0];
    let number = world.number_of(case).await?;
    world.has_field(draft("Stück", FieldType::Number)).await?;
    let change = |change: serde_json::Value| json!({ "cases": [number], "change": change });

    let sent = change(json!({ "tag": ["Messe"], "fields": { "stueck": "12.5" } }));
    let done = world.post_json(Role::Agent, "/api/v1/bulk", &sent).await?.json()?;

    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(1)), "{done}");
    for wrong in [
        json!({ "tag": ["x".repeat(61)] }),
        json!({ "untag": ["gibt es nicht"] }),
        json!({ "fields": { "stueck": "viele" } }),
        json!({ "fields": { "moon": "1" } }),
        json!({ "kind": 4711 }),
        json!({ "own_state": 4711 }),
        json!({ "follow": world.person(Role::Partner).person()?.0 }),
        json!({ "colour": "red" }),
    ] {
        let refused = world.post_json(Role::Agent, "/api/v1/bulk", &change(wrong.clone())).await?;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", refused.body);
    }
    Ok(())
}

async fn what_somebody_else_set_since_stays(world: World) -> Result<()> {
    let (app, agent) = (&world.app, &world.agent);
    let all = world.cases(2).await?;
    let (lead, manager) = (world.lead.person()?, world.manager.person()?);
    let change = Change { tag: vec!["Messe".into()], deputy: Some(lead), ..Change::default() };
    let run = bulk::start(app, agent, &world.marked(&all).await?, &change).await?;
    attributes::add_tag(app, &world.lead, all[0], "Eilt").await?;
    cases::involve(app, &world.lead, all[1], manager, Involvement::Deputy).await?;

    bulk::take_back(app, agent, run).await?;

    let outcome = bulk::run(&mut world.read().await?, agent, run).await?.1;
    assert_eq!((outcome.back, outcome.kept), (1, 1));
    let mut left = Vec::new();
    for case in &all {
        let mut tx = world.read().await?;
        let row = cases::case(&mut tx, *case).await?;
        let tags = attributes::attributes(&mut tx, &row).await?.badges.tags.len();
        let involved = cases::involved(&mut tx, *case).await?;
        left.push((tags, involved.iter().map(|one| one.person).collect::<Vec<_>>()));
    }
    assert_eq!(left, [(2, vec![lead]), (0, vec![manager])], "who is deputy by now stays it");
    Ok(())
}

async fn what_one_may_not_know_of_is_not_changed(world: World) -> Result<()> {
    let (app, agent, lead) = (&world.app, &world.agent, &world.lead);
    let [open, private] = world.cases(2).await?[..] else { anyhow::bail!("two cases") };
    let change = Change { tag: vec!["Messe".into()], ..Change::default() };
    let marked = world.marked(&[open, private]).await?;
    cases::assign(app, lead, private, lead.person_id()).await?;
    bins::set_private(app, lead, private, true).await?;
    let preview = bulk::preview(app, agent, &marked, &change).await?;
    let run = bulk::start(app, agent, &marked, &change).await?;

    let outcome = bulk::run(&mut world.read().await?, agent, run).await?.1;
    assert_eq!((preview.cases, outcome.done, outcome.refused), (1, 1, 0));
    let tagged = attributes::tag_named(&mut world.read().await?, "Messe").await?.context("it was made")?;
    assert_eq!(attributes::tagged(&mut world.read().await?, tagged.id).await?, [open.0]);

    // It becomes private after the run began.
    world.fill(1_100).await?;
    let waiting = Chosen::All(Filter::all([Condition::is(Field::Status, Status::Waiting)]));
    let run = bulk::start(app, agent, &waiting, &change).await?;
    let one = cases::by_number(&mut world.read().await?, "x1").await?.id;
    cases::assign(app, lead, one, lead.person_id()).await?;
    bins::set_private(app, lead, one, true).await?;
    world.settle().await?;
    let (row, outcome) = bulk::run(&mut world.read().await?, agent, run).await?;
    let reasons = bulk::reasons(&mut world.read().await?, run).await?;
    assert_eq!((row.total, outcome.done), (110, 109));
    assert_eq!(reasons, [("bulk-gone".to_owned(), 1)]);
    Ok(())
}
