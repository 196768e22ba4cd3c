//! Products and what customers bought of them: for programs, so there is no page to fill in.

use axum::extract::State;
use axum::response::Response;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Changed, done};
use crate::customers;
use crate::platform::{Actor, App, CustomerId, Error, Id, Input, ProductId, Result, Right, Timestamp, Wants};

#[derive(Deserialize, ToSchema)]
pub struct ProductForm {
    name: String,
    /// What the hub filters by, such as "Sofas".
    group: String,
}

#[derive(Serialize, ToSchema)]
pub struct ProductAdded {
    id: ProductId,
}

/// Adds a product; one of that name is answered as it is.
#[utoipa::path(post, path = "/products", tag = "customers", request_body = ProductForm,
    responses((status = 200, body = ProductAdded), (status = 422)))]
pub async fn product(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Input(form): Input<ProductForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    let id = customers::add_product(&app, &actor, &form.name, &form.group).await?;
    wants.done("/customers", "saved", &ProductAdded { id })
}

#[derive(Deserialize, ToSchema)]
pub struct PurchaseForm {
    /// The order's number.
    number: String,
    /// A product's id.
    product: i64,
    /// Of this product, in cents.
    cents: i64,
    /// EUR or CHF
    currency: String,
    /// RFC 3339; without it: now.
    at: Option<String>,
    /// What the shop says of the order, such as "versandt"; empty: nothing.
    #[serde(default)]
    state: String,
}

/// Records what a customer bought: one product of an order.
#[utoipa::path(post, path = "/customers/{id}/purchases", tag = "customers", params(("id" = i64, Path)),
    request_body = PurchaseForm, responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub async fn purchase(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<PurchaseForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    let currency: Currency =
        form.currency.parse().map_err(|_| Error::invalid("currency", "error-field-malformed"))?;
    let at: Timestamp = match form.at {
        None => app.now(),
        Some(at) => {
            at.parse::<jiff::Timestamp>().map_err(|_| Error::invalid("at", "error-field-malformed"))?.into()
        }
    };
    let price = Money::new(form.cents, currency);
    let product = ProductId(form.product);
    let (id, number) = (CustomerId(id), &form.number);
    customers::purchase(&app, &actor, id, number, product, (price, at), &form.state).await?;
    done(&app, &wants, id, "customers-saved").await
}

#[derive(Deserialize, ToSchema)]
pub struct OrderStateForm {
    /// The order's number.
    number: String,
    /// What the shop says of it, such as "versandt".
    state: String,
}

/// Says how an order of a customer stands now.
#[utoipa::path(post, path = "/customers/{id}/orders/state", tag = "customers", params(("id" = i64, Path)),
    request_body = OrderStateForm, responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub async fn order_state(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(id): Id<i64>,
    Input(form): Input<OrderStateForm>,
) -> Result<Response> {
    actor.may(Right::EditCustomers)?;
    customers::set_order_state(&app, &actor, CustomerId(id), &form.number, &form.state).await?;
    done(&app, &wants, CustomerId(id), "customers-saved").await
}
