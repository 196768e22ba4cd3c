//! States of the house's own: list, add, change.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EditQuery, place};
use crate::cases::attributes;
use crate::cases::attributes::OwnState;
use crate::cases::model::Status;
use crate::platform::web::Corrections;
use crate::platform::{
    Actor, App, Area, Bilingual, Error, Input, OwnStateId, Page, Query, Result, Right, Wants,
};

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(super) struct StateForm {
    /// Empty to add.
    #[serde(default)]
    id: String,
    name_de: String,
    /// Empty: as in German.
    #[serde(default)]
    name_en: String,
    /// What it means: `open`, `waiting` or `closed`. Of a state that there is already it stays.
    #[serde(default)]
    base: String,
    /// Its number in the order; empty: the last one.
    #[serde(default)]
    place: String,
    /// "yes" unless it is out of use.
    #[serde(default)]
    active: String,
}

impl StateForm {
    fn of(state: &OwnState) -> Self {
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Self {
            id: state.id.to_string(),
            name_de: state.name.de.clone(),
            name_en: state.name.en.clone(),
            base: state.base.code().to_owned(),
            place: state.place.to_string(),
            active: yes(state.active),
        }
    }

    fn parse(&self) -> OwnState {
        OwnState {
            id: OwnStateId(0),
            name: Bilingual::new(&self.name_de, &self.name_en),
            base: Status::from_code(&self.base).unwrap_or(Status::Waiting),
            place: place(&self.place),
            active: self.id.is_empty() || self.active == "yes",
        }
    }

    fn is_based_on(&self, status: &Status) -> bool {
        self.base == status.code() || (self.base.is_empty() && *status == Status::Waiting)
    }
}

#[derive(Template, Serialize, ToSchema)]
#[template(path = "cases/attributes/views/states.html")]
#[schema(as = OwnStateList)]
pub(super) struct StatesView {
    #[serde(skip)]
    page: Page,
    items: Vec<OwnState>,
    next: Option<String>,
    #[serde(skip)]
    form: StateForm,
    #[serde(skip)]
    errors: Corrections,
}

async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    status: StatusCode,
    form: StateForm,
    errors: Corrections,
) -> Result<Response> {
    let items = attributes::own_states(&mut app.db.read().await?).await?;
    let page = wants.page(app, actor, Area::Settings);
    wants.answer_as(status, &StatesView { page, items, next: None, form, errors })
}

/// States of the house's own.
#[utoipa::path(get, path = "/settings/attributes/states", tag = "settings", params(EditQuery),
    responses((status = 200, body = StatesView)))]
pub(super) async fn list(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Query(query): Query<EditQuery>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let states = attributes::own_states(&mut app.db.read().await?).await?;
    let edited = states.iter().find(|state| Some(state.id.0) == query.edit);
    let form = edited.map_or_else(StateForm::default, StateForm::of);
    show(&app, &actor, &wants, StatusCode::OK, form, Corrections::default()).await
}

/// Adds a state or changes one.
#[utoipa::path(post, path = "/settings/attributes/states", tag = "settings", request_body = StateForm,
    responses((status = 200, body = OwnState), (status = 404), (status = 422)))]
pub(super) async fn set_up(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<StateForm>,
) -> Result<Response> {
    actor.may(Right::ManageSettings)?;
    let id = form.id.parse().map(OwnStateId).ok();
    match attributes::set_up_state(&app, &actor, id, &form.parse()).await {
        Ok(id) => {
            let all = attributes::own_states(&mut app.db.read().await?).await?;
            wants.done("/settings/attributes/states", "saved", &all.into_iter().find(|one| one.id == id))
        }
        Err(Error::Invalid(errors)) if !wants.json => {
            let errors = Corrections::new("", errors);
            show(&app, &actor, &wants, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
        }
        Err(error) => Err(error),
    }
}
