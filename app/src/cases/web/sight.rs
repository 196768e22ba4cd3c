//! Spam, trash, and who may know of a case.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Changed, changed_for, find};
use crate::cases::Bin;
use crate::cases::bins;
use crate::platform::{Actor, App, Error, Id, Input, Result, Right, Wants};

#[derive(Deserialize, ToSchema)]
pub(super) struct BinForm {
    /// `spam`, `trash`, or nothing to take the case out again.
    #[serde(default)]
    bin: String,
}

/// Says that a case is spam or trash, or that it is neither.
#[utoipa::path(post, path = "/cases/{number}/bin", tag = "cases", params(("number" = String, Path)),
    request_body = BinForm, responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub(super) async fn bin(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<BinForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let bin = match form.bin.as_str() {
        "" => None,
        code => Some(Bin::from_code(code).ok_or_else(|| Error::invalid("bin", "error-field-malformed"))?),
    };
    bins::put(&app, &actor, case.id, bin).await?;
    changed_for(&app, &wants, &actor, &number, bins::word(bin)).await
}

#[derive(Deserialize, ToSchema)]
pub(super) struct PrivacyForm {
    /// `yes` or `no`
    private: String,
}

/// Makes a case private, or open again.
#[utoipa::path(post, path = "/cases/{number}/privacy", tag = "cases", params(("number" = String, Path)),
    request_body = PrivacyForm, responses((status = 200, body = Changed), (status = 404), (status = 422)))]
pub(super) async fn privacy(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<PrivacyForm>,
) -> Result<Response> {
    actor.may(Right::WorkCases)?;
    let case = find(&app, &number).await?;
    let private = match form.private.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid("private", "error-field-malformed")),
    };
    bins::set_private(&app, &actor, case.id, private).await?;
    let word = if private { "case-made-private" } else { "case-made-open" };
    changed_for(&app, &wants, &actor, &number, word).await
}
