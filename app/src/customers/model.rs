//! Customers and what is known about them.

use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{
    CaseId, CompanyId, CustomerId, Language, Manner, PersonId, ProductId, Timestamp, Tone, codes,
};

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
    /// Whether they are addressed with „Sie" or „Du"; `None`: nobody said, the queue's form counts.
    pub tone: Option<Tone>,
    pub since: Timestamp,
    /// The personal contact person (Stammbetreuung).
    #[sqlx(rename = "keeper_id")]
    pub keeper: Option<PersonId>,
    pub version: i64,
}

/// What stands before or behind a name that has no first name: "Familie Huber", "Möbel Huber".
const NO_FIRST_NAME: [&str; 18] = [
    "frau", "herr", "familie", "firma", "mrs", "ms", "mr", "team", "gmbh", "ag", "kg", "og", "ug", "se",
    "ohg", "ltd", "inc", "verein",
];

impl Customer {
    /// How they are written to by a queue that uses `usual` with strangers.
    pub fn manner(&self, usual: Tone) -> Manner {
        Manner::new(self.language, self.tone.unwrap_or(usual))
    }

    /// The first of their names, as far as that can be told; titles are none.
    pub fn first_name(&self) -> Option<&str> {
        let names: Vec<&str> = self.name.split_whitespace().filter(|name| !name.ends_with('.')).collect();
        let of_person = |name: &&str| {
            name.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
                && !NO_FIRST_NAME.contains(&name.to_lowercase().as_str())
        };
        names.first().copied().filter(|_| 1 < names.len() && names.iter().all(of_person))
    }
}

/// An address, number or handle.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct ContactPoint {
    pub id: i64,
    pub kind: PointKind,
    pub value: String,
    /// When the last mail to this address came back, if nobody wrote from there since.
    pub bounced_at: Option<Timestamp>,
    /// Why, as a stable word.
    pub bounce_reason: Option<String>,
    /// It will not work later either.
    pub bounce_permanent: Option<bool>,
    /// It did not come back, it was only late.
    pub bounce_delayed: Option<bool>,
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
    /// What the shop says of it, in its own words, such as "versandt".
    pub state: Option<String>,
}

/// What a customer was told would happen, by when.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Promise {
    pub id: i64,
    /// What it was promised on; who may not know of that case may not know of the promise.
    #[serde(skip)]
    #[sqlx(rename = "case_id")]
    pub case: Option<CaseId>,
    pub text: String,
    pub due_at: Timestamp,
    /// `None` while open.
    pub kept: Option<bool>,
    pub made_by: Option<String>,
    pub made_at: Timestamp,
    /// It should not have been made.
    pub withdrawn_at: Option<Timestamp>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct PromiseStand {
    pub due_at: Timestamp,
    /// `None` while open.
    pub kept: Option<bool>,
    pub withdrawn_at: Option<Timestamp>,
}

impl PromiseStand {
    pub fn is_open(self) -> bool {
        self.kept.is_none() && self.withdrawn_at.is_none()
    }
}

/// An open promise whose time comes.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct DuePromise {
    pub id: i64,
    #[sqlx(rename = "case_id")]
    pub case: Option<CaseId>,
    /// Who made it.
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
    pub due_at: Timestamp,
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
    pub tone: Option<Tone>,
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
    pub tone: Option<Tone>,
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
            ("tone", self.tone != before.tone),
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
        PointKind::Phone => fold_phone(value),
        PointKind::Handle => value.trim().trim_start_matches('@').to_lowercase(),
    }
}

/// Countries of Europe by what is dialled for them; longer ones first, so that one is not taken for another.
const DIALLED: [&str; 44] = [
    "350", "351", "352", "353", "354", "355", "356", "357", "358", "359", "370", "371", "372", "373", "375",
    "376", "377", "378", "380", "381", "382", "383", "385", "386", "387", "389", "420", "421", "423", "30",
    "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "49",
];
/// Where the 0 of a national number is never dialled from abroad.
const ZERO_DROPPED: [&str; 4] = ["43", "49", "41", "44"];

/// Digits, with a + in front for a country: `0043 (0)664 123` is `+43664123`.
fn fold_phone(value: &str) -> String {
    let digits: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let abroad = digits.strip_prefix("00").or_else(|| digits.strip_prefix('+'));
    let Some(number) = abroad else { return digits };
    for country in ZERO_DROPPED {
        if let Some(rest) = number.strip_prefix(country) {
            return format!("+{country}{}", rest.strip_prefix('0').unwrap_or(rest));
        }
    }
    format!("+{number}")
}

/// How else the phone number `folded` is written: with its country if it has none, without it if it has one.
pub fn same_phones(folded: &str) -> Vec<String> {
    if let Some(number) = folded.strip_prefix('+') {
        let rest = DIALLED.iter().find_map(|country| number.strip_prefix(country));
        return rest.map(|rest| format!("0{rest}")).into_iter().collect();
    }
    match folded.strip_prefix('0') {
        Some(rest) if 6 <= rest.len() => DIALLED.iter().map(|country| format!("+{country}{rest}")).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{PointKind, fold_point, same_phones};

    #[test]
    fn a_phone_number_is_the_same_however_it_is_dialled_from_abroad() {
        for typed in ["+43 664 1234567", "0043 664 / 123 45 67", "+43 (0)664 1234567", "+43-664-1234567"] {
            assert_eq!(fold_point(PointKind::Phone, typed), "+436641234567", "{typed}");
        }
        assert_eq!(fold_point(PointKind::Phone, "+39 06 123456"), "+3906123456", "Italy keeps its 0");
        assert_eq!(fold_point(PointKind::Phone, "0664 1234567"), "06641234567");
    }

    #[test]
    fn a_number_without_its_country_may_be_one_with_it() {
        assert_eq!(same_phones("+436641234567"), ["06641234567"]);
        assert_eq!(same_phones("+423234567"), ["0234567"], "Liechtenstein, not Greece or the like");
        assert!(same_phones("06641234567").contains(&"+436641234567".to_owned()));
        assert!(same_phones("0123").is_empty(), "too short to be sure");
    }
}
