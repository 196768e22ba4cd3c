//! The dialog in a case: give something, enter a refund, record a request.

use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{GoodwillKind, Grant, Policy, Request};
use super::store;
use super::web::{GrantForm, RefundForm, RequestForm};
use crate::cases;
use crate::people;
use crate::platform::web::Corrections;
use crate::platform::{PersonId, PolicyId, Result, Timestamp, Tx};

/// What `goodwill/views/dialog.html` shows: a page that includes it has it in its field `goodwill`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dialog {
    /// The case's number.
    pub number: String,
    /// Whom it is for, where the page knows.
    pub customer: Option<String>,
    pub kinds: Vec<GoodwillKind>,
    /// Active ones.
    pub policies: Vec<PolicyChoice>,
    pub grants: Vec<GrantJson>,
    pub requests: Vec<RequestJson>,
    /// What was entered, when it has to be corrected.
    #[serde(skip)]
    pub forms: Forms,
    /// What was given on this case, reversals taken off, per book.
    #[schema(value_type = Vec<Object>)]
    pub given: Vec<Money>,
}

/// The three forms of the dialog.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    pub grant: GrantForm,
    pub grant_errors: Corrections,
    pub refund: RefundForm,
    pub refund_errors: Corrections,
    pub request: RequestForm,
    pub request_errors: Corrections,
}

/// A policy to choose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyChoice {
    pub id: PolicyId,
    pub title: String,
    pub text: String,
    pub version: i64,
}

/// Something that was given, paid back or reversed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantJson {
    pub id: i64,
    /// voucher, discount, refund, replacement, shipping, gift; "due" for what the customer had a right to.
    pub kind: &'static str,
    #[serde(skip)]
    pub word: &'static str,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub note: String,
    pub by: Option<String>,
    pub at: Timestamp,
    /// The entry that this one takes back.
    pub reverses: Option<i64>,
    pub reversed: bool,
}

/// A request under a policy and its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestJson {
    pub id: i64,
    pub policy: PolicyId,
    pub title: String,
    pub version: i64,
    pub granted: bool,
    pub reason: String,
    pub by: Option<String>,
    pub at: Timestamp,
}

/// Loads the dialog of `case`; `customer` is the name that it shows.
pub async fn dialog(tx: &mut Tx, case: &cases::Case, customer: Option<String>) -> Result<Dialog> {
    let grants = store::grants(tx, case.id).await?;
    let requests = store::requests(tx, case.id).await?;
    // Most cases have neither, and then nobody has to be named.
    let people = if grants.is_empty() && requests.is_empty() { Vec::new() } else { people::all(tx).await? };
    let name =
        |id: Option<PersonId>| people.iter().find(|one| Some(one.id) == id).map(|one| one.name.clone());
    let given = money::books(grants.iter().map(|grant| grant.sum)).map_err(anyhow::Error::from)?;
    let policies =
        store::policies(tx).await?.into_iter().filter(|policy| policy.active).map(PolicyChoice::from);
    Ok(Dialog {
        number: case.number.clone(),
        customer,
        kinds: GoodwillKind::ALL.to_vec(),
        policies: policies.collect(),
        grants: grants.into_iter().map(|grant| GrantJson::of(&grant, name(grant.person))).collect(),
        requests: requests
            .into_iter()
            .map(|request| RequestJson::of(&request, name(request.person)))
            .collect(),
        forms: Forms::default(),
        given: given.into_values().filter(|sum| !sum.is_zero()).collect(),
    })
}

impl From<Policy> for PolicyChoice {
    fn from(policy: Policy) -> Self {
        Self { id: policy.id, title: policy.title, text: policy.text, version: policy.version }
    }
}

impl GrantJson {
    fn of(grant: &Grant, by: Option<String>) -> Self {
        Self {
            id: grant.id,
            kind: grant.payment.code(),
            word: grant.payment.word(),
            amount: grant.sum,
            note: grant.note.clone(),
            by,
            at: grant.at,
            reverses: grant.reverses,
            reversed: grant.reversed,
        }
    }
}

impl RequestJson {
    fn of(request: &Request, by: Option<String>) -> Self {
        Self {
            id: request.id,
            policy: request.policy,
            title: request.policy_title.clone(),
            version: request.version,
            granted: request.granted,
            reason: request.reason.clone(),
            by,
            at: request.at,
        }
    }
}
