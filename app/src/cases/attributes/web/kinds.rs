//! The kinds of cases: list, add, change.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EditQuery, place};
use crate::cases::attributes;
use crate::cases::attributes::CaseKind;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Bilingual, CaseKindId, Error, Input, Page, Query, Result, Right, Wants,
};

/// Icons that a kind can have.
const ICONS: [&str; 20] = [
    "question",
    "complaint",
    "flagq",
    "cart",
    "box",
    "wish",
    "praise",
    "truck",
    "euro",
    "receipt",
    "use",
    "advice",
    "letter",
    "book",
    "star",
    "tag",
    "shield",
    "gear",
    "store",
    "bulb",
];

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct KindForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name_de: String,
    /// Empty: as in German.
    #[serde(default)]
    name_en: String,
    #[serde(default)]
    icon: String,
    /// "yes" if it is handled as ISO 10002 wants complaints to be handled.
    #[serde(default)]
    complaint: String,
    /// Its number in the order; empty: the last one.
    #[serde(default)]
    place: String,
    /// "yes" unless it is out of use.
    #[serde(default)]
    active: String,
}

impl KindForm {
    fn of(kind: &CaseKind) -> Self {
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Self {
            id: kind.id.to_string(),
            name_de: kind.name.de.clone(),
            name_en: kind.name.en.clone(),
            icon: kind.icon.clone(),
            complaint: yes(kind.complaint),
            place: kind.place.to_string(),
            active: yes(kind.active),
        }
    }

    fn parse(&self) -> CaseKind {
        let icon = ICONS.iter().find(|icon| **icon == self.icon).unwrap_or(&ICONS[0]);
        CaseKind {
            id: CaseKindId(0),
            name: Bilingual::new(&self.name_de, &self.name_en),
            icon: (*icon).to_owned(),
            complaint: self.complaint == "yes",
            place: place(&self.place),
            active: self.id.is_empty() || self.active == "yes",
        }
    }

    fn has_icon(&self, icon: &str) -> bool {
        self.icon == icon
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/attributes/views/kinds.html")]
#[schema(as = CaseKindList)]
pub(super) struct KindsView {
    #[serde(skip)]
    page: Page,
    items: Vec<CaseKind>,
    next: Option<String>,
    #[serde(skip)]
    form: KindForm,
    #[serde(skip)]
    errors: Corrections,
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: KindForm,
    errors: Corrections,
) -> Result<Response> {
    let items = attributes::kinds(&mut app.db.read().await?).await?;
    let page = wants.page(app, actor, Area::Settings);
    wants.answer_as(status, &KindsView { page, items, next: None, form, errors })
}

/// The kinds of cases.
#[utoipa::path(get, path = "/settings/attributes", tag = "settings", params(EditQuery),
    responses((status = 200, body = KindsView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let kinds = attributes::kinds(&mut app.db.read().await?).await?;
    let edited = kinds.iter().find(|kind| Some(kind.id.0) == query.edit);
    let form = edited.map_or_else(KindForm::default, KindForm::of);
    show(&app, &actor, &wants, StatusCode::OK, form, Corrections::default()).await
}

/// Adds a kind or changes one.
#[utoipa::path(post, path = "/settings/attributes", tag = "settings", request_body = KindForm,
    responses((status = 200, body = CaseKind), (status = 404), (status = 422)))]
pub(super) async fn set_up(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<KindForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = form.id.parse().map(CaseKindId).ok();
    match attributes::set_up_kind(&app, &actor, id, &form.parse()).await {
        Ok(id) => {
            let all = attributes::kinds(&mut app.db.read().await?).await?;
            wants.done("/settings/attributes", "saved", &all.into_iter().find(|one| one.id == id))
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}
