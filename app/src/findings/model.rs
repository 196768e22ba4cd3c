//! What a finding is, and how the causes of a case share it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cases::Channel;
use crate::platform::{
    CaseId, ContactId, CustomerId, DepartmentId, FindingId, InsightId, PersonId, ProductId, Timestamp, codes,
};

codes! {
    /// What a finding or an insight is about.
    pub enum Kind {
        /// A fault: a crack in the customer's life.
        Cause = "cause",
        Wish = "wish",
        /// News of a competitor.
        Competitor = "competitor",
        Praise = "praise",
        /// Unclear information, or a question that shows it.
        Unclear = "unclear",
        /// What hinders us in serving.
        Hindrance = "hindrance",
    }
}

impl Kind {
    /// Its word: "Ursache", "Wunsch" …
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Cause => "kind-cause",
            Self::Wish => "kind-wish",
            Self::Competitor => "kind-competitor",
            Self::Praise => "kind-praise",
            Self::Unclear => "kind-unclear",
            Self::Hindrance => "kind-hindrance",
        }
    }

    /// Its icon in the look.
    pub const fn icon(&self) -> &'static str {
        match self {
            Self::Cause => "complaint",
            Self::Wish => "wish",
            Self::Competitor => "rival",
            Self::Praise => "praise",
            Self::Unclear => "question",
            Self::Hindrance => "flagq",
        }
    }

    /// Its colour: the class `sig-…`.
    pub const fn signal(&self) -> &'static str {
        match self {
            Self::Cause => "bad",
            Self::Wish => "wish",
            Self::Competitor => "rival",
            Self::Praise => "good",
            Self::Unclear | Self::Hindrance => "q",
        }
    }
}

/// A stop of the customer's life.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Station {
    pub code: String,
    /// A name of the house's own; `None`: the usual word.
    pub name: Option<String>,
}

impl Station {
    /// Its name in the reader's language.
    pub fn name_in(&self, words: &crate::platform::Words) -> String {
        self.name.clone().unwrap_or_else(|| words.t(&format!("station-{}", self.code)).into_owned())
    }

    /// Its icon in the look; stations of the house's own share one.
    pub fn icon(&self) -> &'static str {
        match self.code.as_str() {
            "awareness" => "mega",
            "advice" => "advice",
            "purchase" => "cart",
            "delivery" => "truck",
            "use" => "use",
            "billing" => "receipt",
            "service" => "ring",
            "repurchase" => "repeat",
            _ => "pin",
        }
    }
}

/// A documented piece of information inside a case, as it stands.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Finding {
    pub id: FindingId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    #[sqlx(rename = "customer_id")]
    pub customer: CustomerId,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    pub kind: Kind,
    /// The station's code.
    pub station: String,
    #[sqlx(rename = "department_id")]
    pub department: Option<DepartmentId>,
    #[sqlx(rename = "product_id")]
    pub product: Option<ProductId>,
    pub channel: Channel,
    /// The customer's own words, literally.
    pub quote: Option<String>,
    #[sqlx(rename = "contact_id")]
    pub contact: Option<ContactId>,
    /// The agent's words, where there is no quote.
    pub note: Option<String>,
    /// Of the case's causes, in thousandths; 0 for what is no cause.
    pub share: i64,
    /// When the case was opened.
    pub at: Timestamp,
    pub documented_at: Timestamp,
    #[sqlx(rename = "person_id")]
    pub person: Option<PersonId>,
}

/// A finding that stood once, or still does.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Past {
    pub id: FindingId,
    pub kind: Kind,
    #[sqlx(rename = "insight_id")]
    pub insight: Option<InsightId>,
    pub share: i64,
    pub stands: bool,
}

/// A finding with the names that an insight's page shows.
#[derive(Debug, Clone, sqlx::FromRow, Serialize, ToSchema)]
pub struct Evidence {
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub finding: Finding,
    /// The case's public number.
    pub number: String,
    pub subject: String,
    pub customer_name: String,
}

/// Where a list of findings goes on: the time of its case, and its id.
pub type Cursor = (Timestamp, FindingId);

/// What is needed to document a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFinding {
    pub kind: Kind,
    pub insight: Option<InsightId>,
    /// The station's code.
    pub station: String,
    pub department: Option<DepartmentId>,
    pub product: Option<ProductId>,
    /// Literally in an inbound contact of the case; the caller has checked.
    pub quote: Option<String>,
    pub contact: Option<ContactId>,
    pub note: Option<String>,
    /// Of the case's causes, in thousandths; `None`: an equal part.
    pub share: Option<i64>,
}

impl NewFinding {
    pub fn new(kind: Kind, station: &str) -> Self {
        Self {
            kind,
            insight: None,
            station: station.to_owned(),
            department: None,
            product: None,
            quote: None,
            contact: None,
            note: None,
            share: None,
        }
    }

    /// Says the same as `old`, apart from the share.
    pub(super) fn is_same_as(&self, old: &Finding) -> bool {
        self.kind == old.kind
            && self.insight == old.insight
            && self.station == old.station
            && self.department == old.department
            && self.product == old.product
            && self.quote == old.quote
            && self.note == old.note
    }
}

/// The causes' shares do not sum to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongShares;

/// The share of each finding in thousandths: causes sum to exactly 1000, what is no cause has 0.
///
/// Without given shares each cause gets the same; what cannot be divided goes to the first ones.
///
/// # Errors
///
/// If only some causes have a share, one is not positive, they do not sum to 1000, or something that is no
/// cause has one.
pub fn shares(findings: &[NewFinding]) -> Result<Vec<i64>, WrongShares> {
    let causes = findings.iter().filter(|finding| finding.kind == Kind::Cause);
    let given: Vec<Option<i64>> = causes.map(|finding| finding.share).collect();
    let parts = match given.iter().flatten().count() {
        0 => equal_parts(given.len()),
        some if some == given.len() => given.into_iter().flatten().collect(),
        _ => return Err(WrongShares),
    };
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(*part));
    let whole = parts.is_empty() || (sum == Some(1000) && parts.iter().all(|part| 0 < *part));
    let stray = findings
        .iter()
        .any(|finding| finding.kind != Kind::Cause && finding.share.is_some_and(|share| share != 0));
    if !whole || stray {
        return Err(WrongShares);
    }
    let mut parts = parts.into_iter();
    let share =
        |finding: &NewFinding| if finding.kind == Kind::Cause { parts.next().unwrap_or(0) } else { 0 };
    Ok(findings.iter().map(share).collect())
}

fn equal_parts(count: usize) -> Vec<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX).min(1001);
    (0..count).map(|index| 1000 / count + i64::from(index < 1000 % count)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(kind: Kind, share: Option<i64>) -> NewFinding {
        NewFinding { share, ..NewFinding::new(kind, "delivery") }
    }

    #[test]
    fn given_shares_are_taken_as_they_are_or_refused() {
        use Kind::{Cause, Praise};
        for (given, expected) in [
            (vec![], Ok(vec![])),
            (vec![(Praise, None)], Ok(vec![0])),
            (vec![(Cause, None)], Ok(vec![1000])),
            (vec![(Cause, None), (Praise, None), (Cause, None), (Cause, None)], Ok(vec![334, 0, 333, 333])),
            (vec![(Cause, Some(700)), (Cause, Some(300))], Ok(vec![700, 300])),
            (vec![(Cause, Some(700)), (Cause, Some(200))], Err(WrongShares)),
            (vec![(Cause, Some(700)), (Cause, None)], Err(WrongShares)),
            (vec![(Cause, Some(1100)), (Cause, Some(-100))], Err(WrongShares)),
            (vec![(Cause, Some(1000)), (Cause, Some(0))], Err(WrongShares)),
            (vec![(Cause, Some(i64::MAX)), (Cause, Some(i64::MAX))], Err(WrongShares)),
            (vec![(Praise, Some(1000))], Err(WrongShares)),
        ] {
            let findings: Vec<_> = given.iter().map(|(kind, share)| finding(*kind, *share)).collect();
            assert_eq!(shares(&findings), expected, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn the_causes_of_a_case_always_sum_to_one(kinds in prop::collection::vec(0usize..6, 1..40)) {
            let findings: Vec<_> = kinds.iter().map(|kind| finding(Kind::ALL[*kind], None)).collect();
            let shares = shares(&findings).expect("equal parts always fit");
            let causes = findings.iter().filter(|finding| finding.kind == Kind::Cause).count();
            prop_assert_eq!(shares.iter().sum::<i64>(), if causes == 0 { 0 } else { 1000 });
            prop_assert!(findings.iter().zip(&shares).all(|(one, share)| (one.kind == Kind::Cause) == (0 < *share)));
        }
    }
}
