//! The fields of the house: list, add, change, try out.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use super::place;
use crate::cases::attributes;
use crate::cases::attributes::{CaseField, CaseKind, Choice, Entry, FieldDraft, FieldType, Place};
use crate::people;
use crate::people::Queue;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Bilingual, CaseFieldId, CaseKindId, Error, Id, Input, Page, Query, QueueId, Result,
    Right, Tx, Wants,
};

const URL: &str = "/settings/attributes/fields";

/// A field as its form has it. Programs send lists of `queues`, `kinds` and `choices`; the page one box per queue
/// and kind, and two lines per choice, since forms know no lists.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct FieldForm {
    name_de: String,
    /// Empty: as in German.
    name_en: String,
    /// What programs call it; empty: made of the English name. Stays.
    key: String,
    /// `text`, `long-text`, `number`, `money`, `date`, `yes-no`, `choice`, `choices`, `link` or `reference`. Stays.
    field_type: String,
    help_de: String,
    help_en: String,
    /// "yes" if a case cannot be closed without it.
    required: String,
    /// What it says while nobody said anything.
    standard: String,
    /// Ids; empty: in all.
    queues: Vec<i64>,
    /// Ids; empty: for all.
    kinds: Vec<i64>,
    /// The id of another field that must have a value.
    only_field: String,
    /// The value it must have; empty: any.
    only_value: String,
    choices: Vec<Choice>,
    /// New choices, one a line: "Rot | Red".
    new_choices: String,
    /// Its number in the order; empty: the last one.
    place: String,
    /// "yes" once it is out of use.
    archived: String,
    /// The page's boxes: `queue_3`, `kind_1`, `choice_de_red` …
    #[serde(flatten)]
    #[schema(ignore)]
    boxes: BTreeMap<String, Json>,
}

impl FieldForm {
    fn of(entry: &Entry, page: &Page) -> Self {
        let field = &entry.field;
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        let only = field.only_if.as_ref();
        Self {
            name_de: field.name.de.clone(),
            name_en: field.name.en.clone(),
            key: field.key.clone(),
            field_type: field.field_type.code().to_owned(),
            help_de: field.help.de.clone(),
            help_en: field.help.en.clone(),
            required: yes(field.required),
            standard: entry.typed(page),
            queues: field.queues.iter().map(|id| id.0).collect(),
            kinds: field.kinds.iter().map(|id| id.0).collect(),
            only_field: only.map(|only| only.field.to_string()).unwrap_or_default(),
            only_value: only.and_then(|only| only.value.clone()).unwrap_or_default(),
            choices: field.choices.clone(),
            place: field.place.to_string(),
            archived: yes(field.archived),
            ..Self::default()
        }
    }

    /// Takes the page's boxes into the lists.
    fn gathered(mut self) -> Self {
        let ids = |prefix: &str| -> Vec<i64> {
            self.boxes.keys().filter_map(|name| name.strip_prefix(prefix)?.parse().ok()).collect()
        };
        let (queues, kinds) = (ids("queue_"), ids("kind_"));
        self.queues.extend(queues);
        self.kinds.extend(kinds);
        let text = |name: String| self.boxes.get(&name).and_then(Json::as_str).unwrap_or_default();
        let mut ordered: Vec<(i64, Choice)> = Vec::new();
        for key in self.boxes.keys().filter_map(|name| name.strip_prefix("choice_de_")) {
            let name = Bilingual::new(text(format!("choice_de_{key}")), text(format!("choice_en_{key}")));
            let gone = text(format!("choice_gone_{key}")) == "yes" || name.is_empty();
            let name = if name.is_empty() { Bilingual::same(key) } else { name };
            ordered
                .push((place(text(format!("choice_at_{key}"))), Choice { key: key.to_owned(), name, gone }));
        }
        ordered.sort_by_key(|(at, _)| *at);
        self.choices.extend(ordered.into_iter().map(|(_, choice)| choice));
        for line in self.new_choices.lines() {
            let (de, en) = line.split_once('|').unwrap_or((line, ""));
            self.choices.push(Choice { key: String::new(), name: Bilingual::new(de, en), gone: false });
        }
        self.choices.retain(|choice| !choice.name.is_empty());
        self
    }

    fn draft(&self, wants: &Wants) -> Result<FieldDraft> {
        let field_type = FieldType::from_code(&self.field_type);
        let only = self.only_field.parse().ok().map(|field| (CaseFieldId(field), self.only_value.clone()));
        Ok(FieldDraft {
            key: self.key.trim().to_owned(),
            name: Bilingual::new(&self.name_de, &self.name_en),
            help: Bilingual::new(&self.help_de, &self.help_en),
            field_type: field_type.ok_or_else(|| Error::invalid("field_type", "error-field-malformed"))?,
            required: self.required == "yes",
            standard: self.standard.clone(),
            notation: wants.notation(),
            queues: self.queues.iter().copied().map(QueueId).collect(),
            kinds: self.kinds.iter().copied().map(CaseKindId).collect(),
            only_if: only,
            choices: self.choices.clone(),
            place: place(&self.place),
            archived: self.archived == "yes",
        })
    }

    fn is_type(&self, code: &str) -> bool {
        self.field_type == code
    }

    fn is_in(&self, queue: &Queue) -> bool {
        self.queues.contains(&queue.id.0)
    }

    fn is_for(&self, kind: &CaseKind) -> bool {
        self.kinds.contains(&kind.id.0)
    }

    fn needs(&self, field: &CaseField) -> bool {
        self.only_field == field.id.to_string()
    }
}

/// What forms offer.
struct Around {
    queues: Vec<Queue>,
    kinds: Vec<CaseKind>,
    fields: Vec<CaseField>,
}

impl Around {
    async fn load(tx: &mut Tx) -> Result<Self> {
        Ok(Self {
            queues: people::queues(tx).await?,
            kinds: attributes::kinds(tx).await?,
            fields: attributes::fields(tx).await?,
        })
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/attributes/views/fields.html")]
#[schema(as = CaseFieldList)]
pub(super) struct FieldsView {
    #[serde(skip)]
    page: Page,
    items: Vec<CaseField>,
    next: Option<String>,
    #[serde(skip)]
    around: Around,
    #[serde(skip)]
    form: FieldForm,
    #[serde(skip)]
    errors: Corrections,
}

impl FieldsView {
    /// Where a field is shown, in words.
    fn scope(&self, field: &CaseField) -> String {
        let queues = self.around.queues.iter().filter(|queue| field.queues.contains(&queue.id));
        let kinds = self.around.kinds.iter().filter(|kind| field.kinds.contains(&kind.id));
        let kinds = kinds.map(|kind| kind.name.in_language(self.page.language).to_owned());
        let all: Vec<String> = queues.map(|queue| queue.name.clone()).chain(kinds).collect();
        if all.is_empty() { self.page.t("attr-everywhere").into_owned() } else { all.join(", ") }
    }
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: FieldForm,
    errors: Corrections,
) -> Result<Response> {
    let around = Around::load(&mut app.db.read().await?).await?;
    let (page, items) = (wants.page(app, actor, Area::Settings), around.fields.clone());
    wants.answer_as(status, &FieldsView { page, items, next: None, around, form, errors })
}

/// The fields that the house made for its cases.
#[utoipa::path(get, path = "/settings/attributes/fields", tag = "settings",
    responses((status = 200, body = FieldsView)))]
pub(super) async fn list(actor: Actor, wants: Wants, State(app): State<App>) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = FieldForm { field_type: "text".into(), ..FieldForm::default() };
    show(&app, &actor, &wants, StatusCode::OK, form, Corrections::default()).await
}

/// Adds a field.
#[utoipa::path(post, path = "/settings/attributes/fields", tag = "settings", request_body = FieldForm,
    responses((status = 200, body = CaseField), (status = 422)))]
pub(super) async fn add(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<FieldForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let form = form.gathered();
    let added = match form.draft(&wants) {
        Ok(draft) => attributes::set_up_field(&app, &actor, None, &draft).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(id) => {
            let field = attributes::field(&mut app.db.read().await?, id).await?;
            wants.done(&format!("{URL}/{id}"), "saved", &field)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize, IntoParams)]
pub(super) struct TryQuery {
    /// What to write into the field to see how it is understood; nothing is kept.
    r#try: Option<String>,
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/attributes/views/field.html")]
#[schema(as = CaseFieldPage)]
pub(super) struct FieldView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    field: CaseField,
    #[serde(skip)]
    entry: Entry,
    #[serde(skip)]
    around: Around,
    #[serde(skip)]
    form: FieldForm,
    #[serde(skip)]
    errors: Corrections,
    #[serde(skip)]
    tried: Option<Tried>,
}

/// How something that was tried out is understood.
struct Tried {
    text: String,
    /// What would be shown, or the key of the word that says what is wrong.
    read: Result<Option<String>, &'static str>,
}

impl Tried {
    fn of(field: &CaseField, text: String, page: &Page) -> Self {
        let read = attributes::read(field, &text, page.notation());
        let entry = |value: attributes::Value| {
            Entry { field: field.clone(), value: Some(value.text), is_standard: false }.shown(page)
        };
        Self { text, read: read.map(|value| value.map(entry)) }
    }
}

/// The field with its standard, as a new case has it.
fn fresh(field: &CaseField) -> Entry {
    let everywhere =
        CaseField { queues: Vec::new(), kinds: Vec::new(), only_if: None, archived: false, ..field.clone() };
    let place = Place { queue: QueueId(0), kind: None };
    let entry = attributes::entries(vec![everywhere], place, &BTreeMap::new()).pop();
    entry.map_or_else(
        || Entry { field: field.clone(), value: None, is_standard: false },
        |entry| Entry { field: field.clone(), ..entry },
    )
}

/// One field. `try` says how something typed into it would be understood.
#[utoipa::path(get, path = "/settings/attributes/fields/{id}", tag = "settings",
    params(("id" = i64, Path), TryQuery), responses((status = 200, body = FieldView), (status = 404)))]
pub(super) async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Query(query): Query<TryQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let mut tx = app.db.read().await?;
    let field = attributes::field(&mut tx, CaseFieldId(id)).await?;
    let page = wants.page(&app, &actor, Area::Settings);
    let entry = fresh(&field);
    let tried = query.r#try.map(|text| Tried::of(&field, text, &page));
    let (around, form) = (Around::load(&mut tx).await?, FieldForm::of(&entry, &page));
    wants.answer(&FieldView { page, field, entry, around, form, errors: Corrections::default(), tried })
}

/// Changes a field; its key and its type stay.
#[utoipa::path(post, path = "/settings/attributes/fields/{id}", tag = "settings", params(("id" = i64, Path)),
    request_body = FieldForm, responses((status = 200, body = CaseField), (status = 404), (status = 422)))]
pub(super) async fn change(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<FieldForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = CaseFieldId(id);
    let before = attributes::field(&mut app.db.read().await?, id).await?;
    let form = FieldForm { field_type: before.field_type.code().to_owned(), ..form.gathered() };
    match attributes::set_up_field(&app, &actor, Some(id), &form.draft(&wants)?).await {
        Ok(_) => {
            let field = attributes::field(&mut app.db.read().await?, id).await?;
            wants.done(&format!("{URL}/{id}"), "saved", &field)
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let mut tx = app.db.read().await?;
            let (entry, around) = (fresh(&before), Around::load(&mut tx).await?);
            let page = wants.page(&app, &actor, Area::Settings);
            let errors = Corrections::new("", errors);
            let view = FieldView { page, field: before, entry, around, form, errors, tried: None };
            wants.answer_as(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error),
    }
}
