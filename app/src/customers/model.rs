//! Customers and what is known about them.

use money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{CompanyId, CustomerId, Language, PersonId, ProductId, Timestamp, codes};

codes! {
    /// How somebody can be reached.
    pub enum PointKind { Email = "email", Phone = "phone", Handle = "handle" }
}

/// A person we serve.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    pub salutation: Option<String>,
    #[sqlx(rename = "company_id")]
    pub company: Option<CompanyId>,
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub town: Option<String>,
    pub country: Option<String>,
    pub language: Language,
    pub since: Timestamp,
    /// The personal contact person (Stammbetreuung).
    #[sqlx(rename = "keeper_id")]
    pub keeper: Option<PersonId>,
    pub version: i64,
}

/// An address, number or handle.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct ContactPoint {
    pub id: i64,
    pub kind: PointKind,
    pub value: String,
}

/// Something good to know, with its source.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Note {
    pub id: i64,
    pub text: String,
    pub source: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Purchase {
    pub number: String,
    pub product: String,
    #[schema(value_type = Object)]
    pub price: Money,
    pub at: Timestamp,
}

/// What a customer was told would happen, by when.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Promise {
    pub id: i64,
    pub text: String,
    pub due_at: Timestamp,
    /// `None` while open.
    pub kept: Option<bool>,
    pub made_by: Option<String>,
    pub made_at: Timestamp,
}

impl Promise {
    /// Not kept, or open beyond its time.
    pub fn is_broken(&self, now: Timestamp) -> bool {
        self.kept == Some(false) || (self.kept.is_none() && self.due_at < now)
    }
}

#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    #[sqlx(rename = "product_group")]
    pub group: String,
}

/// What is needed to add a customer.
#[derive(Debug, Clone, Default)]
pub struct NewCustomer {
    pub name: String,
    pub salutation: Option<String>,
    pub company: Option<CompanyId>,
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub town: Option<String>,
    pub country: Option<String>,
    pub language: Option<Language>,
    pub since: Option<Timestamp>,
    pub keeper: Option<PersonId>,
    pub points: Vec<(PointKind, String)>,
}

/// What an edited customer is to be.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version that was edited.
    pub version: i64,
    pub name: String,
    pub salutation: Option<String>,
    pub street: Option<String>,
    pub postcode: Option<String>,
    pub town: Option<String>,
    pub country: Option<String>,
    pub language: Language,
    pub keeper: Option<PersonId>,
}

impl Change {
    /// The names of the fields that it changes.
    pub fn differs_from(&self, before: &Customer) -> Vec<&'static str> {
        let address = (&self.street, &self.postcode, &self.town, &self.country);
        let fields = [
            ("name", self.name != before.name),
            ("salutation", self.salutation != before.salutation),
            ("address", address != (&before.street, &before.postcode, &before.town, &before.country)),
            ("language", self.language != before.language),
            ("keeper", self.keeper != before.keeper),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// Lower case without diacritics, for comparing and sorting ("Müller" and "Mueller" meet).
pub fn fold(text: &str) -> String {
    language::fold(text)
}

/// The form in which contact points are compared.
pub fn fold_point(kind: PointKind, value: &str) -> String {
    match kind {
        PointKind::Email => value.trim().to_lowercase(),
        PointKind::Phone => value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        PointKind::Handle => value.trim().trim_start_matches('@').to_lowercase(),
    }
}
