//! The views of "What happened?": what can be chosen, and what is chosen.

use serde::Serialize;
use utoipa::ToSchema;

use crate::findings::Kind;
use crate::people::Department;
use crate::platform::words::Words;
use crate::platform::{DepartmentId, FindingId, InsightId, ProductId};

/// A stop of the customer's life to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct StationChoice {
    pub code: String,
    pub name: String,
    #[serde(skip)]
    pub icon: &'static str,
    pub chosen: bool,
}

/// A cause to choose.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CauseChoice {
    pub insight: InsightId,
    pub title: String,
    /// The customer's words that speak for it, literally.
    pub quote: Option<String>,
    pub description: String,
    pub station: String,
    pub department: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// How probable it is, from 0 to 1; `None` if nobody guessed.
    pub p: Option<f32>,
    pub chosen: bool,
    /// It is a cause beside the chosen one.
    pub also: bool,
    /// What stands in its field for words: the quote, or what an agent wrote.
    #[serde(skip)]
    pub words: String,
    /// Per cent of the causes, as its field shows it; empty: an equal part.
    #[serde(skip)]
    pub share: String,
}

/// Something else that may be in the case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindChoice {
    pub kind: Kind,
    pub chosen: bool,
    /// The insight's title, if one is meant.
    pub title: Option<String>,
    /// The customer's words, or what an agent wrote instead.
    pub words: Option<String>,
    /// Whether the words are literally the customer's.
    pub quoted: bool,
    /// Findings that the insight has.
    pub count: Option<i64>,
    /// Who reads it if the title is new.
    #[serde(skip)]
    pub department: Option<DepartmentId>,
    /// Titles of this kind, for the field that completes them.
    #[serde(skip)]
    pub titles: Vec<String>,
}

/// A finding that has no fields of its own in the dialog, and stays while it is ticked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptChoice {
    pub finding: FindingId,
    pub kind: Kind,
    pub title: Option<String>,
    pub words: Option<String>,
    pub chosen: bool,
}

/// What the customer bought, to say what the case is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductChoice {
    pub id: ProductId,
    pub name: String,
    pub chosen: bool,
}

/// A cause that nobody named yet, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewCause {
    pub title: String,
    pub department: Option<DepartmentId>,
    pub words: String,
    pub share: String,
    /// Beside the chosen one, not in its place.
    pub also: bool,
}

/// Everything that is needed to document a case.
#[expect(clippy::struct_excessive_bools, reason = "each says something else about what is shown")]
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentDialog {
    /// The case's public number.
    pub number: String,
    pub stations: Vec<StationChoice>,
    pub causes: Vec<CauseChoice>,
    pub kinds: Vec<KindChoice>,
    /// What else was documented.
    pub kept: Vec<KeptChoice>,
    /// Empty if nothing is known that the customer bought.
    pub products: Vec<ProductChoice>,
    #[serde(skip)]
    pub new: NewCause,
    pub departments: Vec<Department>,
    /// What was searched.
    pub query: String,
    pub documented: bool,
    pub unknown: bool,
    /// Somebody said that nothing cracked. Before anybody said anything, nothing is chosen.
    #[serde(skip)]
    pub causeless: bool,
    /// Whether proposals are shown, so that the page says who made them.
    pub proposed: bool,
    /// Titles of causes, for the field that completes them.
    #[serde(skip)]
    pub titles: Vec<String>,
}

impl DocumentDialog {
    pub fn station(&self) -> Option<&StationChoice> {
        self.stations.iter().find(|station| station.chosen)
    }

    pub fn cause(&self) -> Option<&CauseChoice> {
        self.causes.iter().find(|cause| cause.chosen)
    }

    /// A product that was documented can become another one, but not unknown again.
    pub fn has_product(&self) -> bool {
        self.products.iter().any(|product| product.chosen)
    }

    /// Who will read it; empty if nobody owns it.
    pub fn goes_to(&self) -> String {
        self.cause().map(CauseChoice::goes_to).unwrap_or_default()
    }
}

impl CauseChoice {
    /// "92 %", for people.
    pub fn percent(&self, words: &Words) -> Option<String> {
        self.p.map(|p| words.percent(f64::from(p)))
    }

    /// "Henrik Paulsen, Logistik"
    pub fn goes_to(&self) -> String {
        let names = [self.owner.as_deref(), self.department.as_deref()];
        names.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
