//! Policies, requests under them, and what customers were given.

use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{CaseId, CustomerId, DepartmentId, PersonId, PolicyId, Timestamp, codes};

codes! {
    /// In which form a customer is given something.
    pub enum GoodwillKind {
        Voucher = "voucher",
        Discount = "discount",
        Refund = "refund",
        Replacement = "replacement",
        Shipping = "shipping",
        Gift = "gift",
    }
}

impl GoodwillKind {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Voucher => "goodwill-kind-voucher",
            Self::Discount => "goodwill-kind-discount",
            Self::Refund => "goodwill-kind-refund",
            Self::Replacement => "goodwill-kind-replacement",
            Self::Shipping => "goodwill-kind-shipping",
            Self::Gift => "goodwill-kind-gift",
        }
    }
}

/// What kind of payment a row of `goodwill_grants` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// Without a right to it.
    Goodwill(GoodwillKind),
    /// What the customer had a right to, as it costs the house: unit cost, shipping and the like in one sum.
    Due,
}

impl Payment {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Goodwill(kind) => kind.code(),
            Self::Due => "due",
        }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Goodwill(kind) => kind.word(),
            Self::Due => "goodwill-kind-due",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        if code == "due" { Some(Self::Due) } else { GoodwillKind::from_code(code).map(Self::Goodwill) }
    }
}

/// Something a customer got on a case, or its reversal.
#[derive(Debug, Clone)]
pub struct Grant {
    pub id: i64,
    pub case: CaseId,
    pub customer: CustomerId,
    pub payment: Payment,
    /// Negative for a reversal.
    pub sum: Money,
    pub note: String,
    pub person: Option<PersonId>,
    pub at: Timestamp,
    /// The grant that this one takes back.
    pub reverses: Option<i64>,
    /// Was it taken back later?
    pub reversed: bool,
}

/// A rule of the house, in its current version.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Policy {
    pub id: PolicyId,
    pub title: String,
    /// The department that owns it.
    #[sqlx(rename = "department_id")]
    pub department: Option<DepartmentId>,
    pub version: i64,
    /// What it says, for those who answer customers.
    pub text: String,
    pub active: bool,
    /// When this version was written.
    pub at: Timestamp,
}

/// What is needed to write a policy or a new version of it.
#[derive(Debug, Clone)]
pub struct PolicyDraft {
    pub title: String,
    pub department: Option<DepartmentId>,
    pub text: String,
    pub active: bool,
}

/// A request under a policy, granted or refused. Refused ones are walls.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Request {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "policy_id")]
    pub policy: PolicyId,
    pub policy_title: String,
    /// The version that was in force.
    pub version: i64,
    pub granted: bool,
    pub reason: String,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub at: Timestamp,
}

/// How often a policy was asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    #[sqlx(rename = "policy_id")]
    pub policy: i64,
    pub granted: i64,
    pub refused: i64,
}
