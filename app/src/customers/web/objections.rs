//! What a customer does not want, as a person notes it.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, done};
use crate::customers;
use crate::customers::Purpose;
use crate::platform::{Actor, App, CustomerId, Error, Id, Input, Result, Right, Wants};

#[derive(Deserialize, ToSchema)]
pub struct ObjectionForm {
    /// `telling` or `advertising`
    purpose: String,
}

impl ObjectionForm {
    fn parse(&self) -> Result<Purpose> {
        let purpose = Purpose::from_code(&self.purpose).filter(|purpose| purpose.is_optional());
        purpose.ok_or_else(|| Error::invalid("purpose", "error-field-malformed"))
    }
}

/// Notes that a customer does not want such messages.
#[utoipa::path(post, path = "/customers/{id}/objections", tag = "customers", params(("id" = i64, Path)),
    request_body = ObjectionForm, responses((status = 200, body = Changed), (status = 422)))]
pub async fn note(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<ObjectionForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    customers::note_objection(&app, &actor, CustomerId(id), form.parse()?).await?;
    done(&app, &wants, CustomerId(id), "customers-objection-noted").await
}

/// The customer wants such messages again.
#[utoipa::path(post, path = "/customers/{id}/objections/lift", tag = "customers", params(("id" = i64, Path)),
    request_body = ObjectionForm, responses((status = 200, body = Changed), (status = 409), (status = 422)))]
pub async fn lift(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<ObjectionForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    customers::lift_objection(&app, &actor, CustomerId(id), form.parse()?).await?;
    done(&app, &wants, CustomerId(id), "customers-objection-lifted").await
}
