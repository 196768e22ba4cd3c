//! What a case's customer is given: the same dialog as a page of its own, and what it sends.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use money::{Currency, Money, Notation, ParseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases;
use crate::goodwill;
use crate::goodwill::{Dialog, GoodwillKind};
use crate::platform::web::Corrections;
use crate::platform::{Actor, App, Area, Error, FieldError, Id, Input, Page, PolicyId, Result, Right, Wants};

#[derive(Template, Serialize, ToSchema)]
#[template(path = "goodwill/views/case.html")]
struct GoodwillView {
    #[serde(skip)]
    page: Page,
    #[serde(flatten)]
    goodwill: Dialog,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct GrantForm {
    /// voucher, discount, refund, replacement, shipping or gift
    pub kind: String,
    /// "15", "12.50", "12,50 €", "CHF 20"; refused if it can be misread, as "1.234". What the customer sees, with VAT.
    pub amount: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct RefundForm {
    /// What it cost the house: unit cost, shipping and handling, less what came back.
    pub amount: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct RequestForm {
    /// The policy's id.
    pub policy: String,
    /// "yes" or "no"
    pub granted: String,
    pub reason: String,
}

/// The id of what was written.
#[derive(Serialize, ToSchema)]
pub struct GoodwillWritten {
    id: i64,
}

/// What the customer of a case was given, and which requests were answered under which policy.
#[utoipa::path(get, path = "/cases/{number}/goodwill", tag = "goodwill", params(("number" = String, Path)),
    responses((status = 200, body = GoodwillView), (status = 404)))]
pub async fn page(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
) -> Result<Response> {
    actor.may(Right::ReadCases)?;
    show(&app, &actor, &wants, &number, StatusCode::OK, |_| {}).await
}

/// Shows the page again, `with` what was entered and has to be corrected.
async fn show(
    app: &App,
    actor: &Actor,
    wants: &Wants,
    number: &str,
    status: StatusCode,
    with: impl FnOnce(&mut Dialog),
) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let case = cases::by_number(&mut tx, number).await?;
    let mut dialog = goodwill::dialog(&mut tx, &case, None).await?;
    with(&mut dialog);
    let page = wants.page(app, actor, Area::Inbox);
    wants.answer_as(status, &GoodwillView { page, goodwill: dialog })
}

/// Gives the customer something they have no right to.
#[utoipa::path(post, path = "/cases/{number}/goodwill", tag = "goodwill", params(("number" = String, Path)),
    request_body = GrantForm, responses((status = 200, body = GoodwillWritten), (status = 404), (status = 422)))]
pub async fn grant(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<GrantForm>,
) -> Result<Response> {
    actor.may(Right::GrantGoodwill)?;
    let given = match form.parse(wants.notation()) {
        Ok((kind, sum)) => {
            let case = cases::by_number(&mut app.db.read().await?, &number).await?.id;
            goodwill::grant(&app, &actor, case, kind, sum, &form.note).await
        }
        Err(error) => Err(error),
    };
    match given {
        Ok(id) => wants.done(&back(&number), "goodwill-given", &GoodwillWritten { id }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let with = |dialog: &mut Dialog| {
                dialog.forms.grant = form;
                dialog.forms.grant_errors = Corrections::new("grant-", errors);
            };
            show(&app, &actor, &wants, &number, StatusCode::UNPROCESSABLE_ENTITY, with).await
        }
        Err(error) => Err(error),
    }
}

impl GrantForm {
    fn parse(&self, notation: Notation) -> Result<(GoodwillKind, Money)> {
        let mut errors = Vec::new();
        let kind = GoodwillKind::from_code(&self.kind);
        if kind.is_none() {
            errors.push(FieldError { field: "kind", word: "goodwill-kind-choose" });
        }
        let sum = amount(&self.amount, notation).map_err(|error| errors.push(error)).ok();
        kind.zip(sum).ok_or(Error::Invalid(errors))
    }
}

/// Reads an amount as people type it, in EUR unless another currency is named.
fn amount(text: &str, notation: Notation) -> Result<Money, FieldError> {
    Money::parse(text, Currency::Eur, notation).map_err(|error| {
        let word = match error {
            ParseError::Empty => "error-field-required",
            ParseError::UnknownCurrency(_) => "goodwill-amount-currency",
            ParseError::TooManyDecimals(_) => "goodwill-amount-decimals",
            _ => "goodwill-amount-wrong",
        };
        FieldError { field: "amount", word }
    })
}

/// Enters a refund or replacement that the customer had a right to.
#[utoipa::path(post, path = "/cases/{number}/refunds", tag = "goodwill", params(("number" = String, Path)),
    request_body = RefundForm, responses((status = 200, body = GoodwillWritten), (status = 404), (status = 422)))]
pub async fn refund(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<RefundForm>,
) -> Result<Response> {
    actor.may(Right::GrantGoodwill)?;
    let entered = match amount(&form.amount, wants.notation()) {
        Ok(sum) => {
            let case = cases::by_number(&mut app.db.read().await?, &number).await?.id;
            goodwill::refund(&app, &actor, case, sum, &form.note).await
        }
        Err(error) => Err(Error::Invalid(vec![error])),
    };
    match entered {
        Ok(id) => wants.done(&back(&number), "goodwill-entered", &GoodwillWritten { id }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let with = |dialog: &mut Dialog| {
                dialog.forms.refund = form;
                dialog.forms.refund_errors = Corrections::new("refund-", errors);
            };
            show(&app, &actor, &wants, &number, StatusCode::UNPROCESSABLE_ENTITY, with).await
        }
        Err(error) => Err(error),
    }
}

/// Records what the customer asked for under a policy, and whether it was granted.
#[utoipa::path(post, path = "/cases/{number}/requests", tag = "goodwill", params(("number" = String, Path)),
    request_body = RequestForm, responses((status = 200, body = GoodwillWritten), (status = 404), (status = 422)))]
pub async fn request(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id(number): Id<String>,
    Input(form): Input<RequestForm>,
) -> Result<Response> {
    actor.may(Right::GrantGoodwill)?;
    let answered = match form.parse() {
        Ok((policy, granted)) => {
            let case = cases::by_number(&mut app.db.read().await?, &number).await?.id;
            goodwill::answer_request(&app, &actor, case, policy, granted, &form.reason).await
        }
        Err(error) => Err(error),
    };
    match answered {
        Ok(id) => wants.done(&back(&number), "goodwill-recorded", &GoodwillWritten { id }),
        Err(Error::Invalid(errors)) if !wants.json => {
            let with = |dialog: &mut Dialog| {
                dialog.forms.request = form;
                dialog.forms.request_errors = Corrections::new("request-", errors);
            };
            show(&app, &actor, &wants, &number, StatusCode::UNPROCESSABLE_ENTITY, with).await
        }
        Err(error) => Err(error),
    }
}

impl RequestForm {
    /// Was this policy chosen?
    pub fn is_about(&self, policy: &PolicyId) -> bool {
        self.policy == policy.to_string()
    }

    fn parse(&self) -> Result<(PolicyId, bool)> {
        let mut errors = Vec::new();
        let policy = self.policy.parse().map(PolicyId).ok();
        if policy.is_none() {
            errors.push(FieldError { field: "policy", word: "goodwill-policy-choose" });
        }
        let granted = match self.granted.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        if granted.is_none() {
            errors.push(FieldError { field: "granted", word: "goodwill-granted-choose" });
        }
        if self.reason.trim().is_empty() {
            errors.push(FieldError { field: "reason", word: "error-field-required" });
        }
        if errors.is_empty() {
            policy.zip(granted).ok_or(Error::NotFound)
        } else {
            Err(Error::Invalid(errors))
        }
    }
}

/// Takes a grant or refund back with an opposite entry.
#[utoipa::path(post, path = "/cases/{number}/goodwill/{id}/reversal", tag = "goodwill",
    params(("number" = String, Path), ("id" = i64, Path)),
    responses((status = 200, body = GoodwillWritten), (status = 404), (status = 409)))]
pub async fn reverse(
    actor: Actor,
    wants: Wants,
    State(app): State<App>,
    Id((number, grant)): Id<(String, i64)>,
) -> Result<Response> {
    actor.may(Right::GrantGoodwill)?;
    let case = cases::by_number(&mut app.db.read().await?, &number).await?.id;
    let id = goodwill::reverse(&app, &actor, case, grant).await?;
    wants.done(&format!("{}/goodwill", back(&number)), "goodwill-reversed", &GoodwillWritten { id })
}

fn back(number: &str) -> String {
    format!("/cases/{number}")
}
