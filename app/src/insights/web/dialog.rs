//! What "What happened?" shows: the stations, probable causes, and what else may be in a case.
//!
//! The workplace includes `insights/views/document_dialog.html` and `insights/views/strip.html` with these views;
//! both templates use the page as `page` and the view as `dialog` or `strip`.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::cases;
use crate::cases::Case;
use crate::findings;
use crate::findings::{Finding, Kind};
use crate::insights::suggest::{Hint, Suggestions};
use crate::insights::{Insight, store, suggest};
use crate::people;
use crate::people::Department;
use crate::platform::{Actor, App, CaseId, DepartmentId, InsightId, Result, Right, Tx, Words};

/// Results of a search that are offered.
const FOUND: i64 = 8;
/// Titles that a field completes.
const COMPLETED: i64 = 60;

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
    /// Titles of this kind, for the field that completes them.
    #[serde(skip)]
    pub titles: Vec<String>,
}

/// Everything that is needed to document a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentDialog {
    /// The case's public number.
    pub number: String,
    pub stations: Vec<StationChoice>,
    pub causes: Vec<CauseChoice>,
    pub kinds: Vec<KindChoice>,
    pub departments: Vec<Department>,
    /// What was searched.
    pub query: String,
    pub documented: bool,
    pub unknown: bool,
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

    /// Who will read it; empty if nobody owns it.
    pub fn goes_to(&self) -> String {
        self.cause().map(CauseChoice::goes_to).unwrap_or_default()
    }
}

impl CauseChoice {
    /// "92", for people.
    pub fn percent(&self) -> Option<String> {
        self.p.map(|p| format!("{:.0}", p * 100.0))
    }

    /// "Henrik Paulsen, Logistik"
    pub fn goes_to(&self) -> String {
        let names = [self.owner.as_deref(), self.department.as_deref()];
        names.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Loads the dialog of a case; `query` searches for other causes.
pub async fn dialog(
    app: &App,
    tx: &mut Tx,
    words: &Words,
    case: CaseId,
    query: &str,
) -> Result<DocumentDialog> {
    let row = cases::case(tx, case).await?;
    let suggestions = suggest(app, tx, case).await?;
    dialog_of(tx, words, &row, &suggestions, query).await
}

async fn dialog_of(
    tx: &mut Tx,
    words: &Words,
    case: &Case,
    suggestions: &Suggestions,
    query: &str,
) -> Result<DocumentDialog> {
    let standing = findings::of_case(tx, case.id).await?;
    let unknown = findings::is_unknown(tx, case.id).await?;
    let names = Names::load(tx).await?;
    let causes = causes(tx, &standing, suggestions, query, &names, case.documented).await?;
    let chosen = causes.iter().find(|cause| cause.chosen).map(|cause| cause.station.clone());
    // Someone may have put the case elsewhere than its insight usually is.
    let placed = standing
        .iter()
        .find(|one| one.kind == Kind::Cause)
        .or(standing.first())
        .map(|one| one.station.clone());
    let station = placed.or(chosen);
    let stations = findings::stations(tx).await?;
    let stations = stations.into_iter().map(|one| StationChoice {
        name: one.name_in(words),
        icon: one.icon(),
        chosen: station.as_ref() == Some(&one.code),
        code: one.code,
    });
    Ok(DocumentDialog {
        number: case.number.clone(),
        stations: stations.collect(),
        causes,
        kinds: kinds(tx, &standing, suggestions, case.documented).await?,
        departments: names.departments,
        query: query.to_owned(),
        documented: case.documented,
        unknown,
        proposed: !case.documented && (!suggestions.causes.is_empty() || !suggestions.others.is_empty()),
        titles: titles(tx, Kind::Cause).await?,
    })
}

/// Names of departments and owners.
struct Names {
    departments: Vec<Department>,
    people: HashMap<crate::platform::PersonId, String>,
}

impl Names {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let people = people::all(tx).await?.into_iter().map(|person| (person.id, person.name)).collect();
        Ok(Self { departments: people::departments(tx).await?, people })
    }

    fn department(&self, id: Option<DepartmentId>) -> Option<String> {
        self.departments.iter().find(|one| Some(one.id) == id).map(|one| one.name.clone())
    }

    fn cause(&self, insight: Insight, p: Option<f32>, quote: Option<String>, chosen: bool) -> CauseChoice {
        CauseChoice {
            insight: insight.id,
            department: self.department(insight.department),
            owner: insight.owner.and_then(|owner| self.people.get(&owner).cloned()),
            title: insight.title,
            description: insight.description,
            station: insight.station,
            quote,
            p,
            chosen,
        }
    }
}

/// What was documented, then what is probable, then what was searched; each cause once.
async fn causes(
    tx: &mut Tx,
    standing: &[Finding],
    suggestions: &Suggestions,
    query: &str,
    names: &Names,
    documented: bool,
) -> Result<Vec<CauseChoice>> {
    let mut choices: Vec<CauseChoice> = Vec::new();
    for finding in standing.iter().filter(|one| one.kind == Kind::Cause) {
        if let Some(id) = finding.insight {
            let words = finding.quote.clone();
            let first = choices.is_empty();
            choices.push(names.cause(store::insight(tx, id).await?, None, words, first));
        }
    }
    for suggestion in &suggestions.causes {
        if let Some(known) = choices.iter_mut().find(|one| one.insight == suggestion.insight.id) {
            known.p = Some(suggestion.p);
            continue;
        }
        let chosen = !documented && choices.is_empty();
        let quote = suggestion.quote.as_ref().map(|quote| quote.text.clone());
        choices.push(names.cause(suggestion.insight.clone(), Some(suggestion.p), quote, chosen));
    }
    if !query.trim().is_empty() {
        for insight in store::search(tx, query, Some(Kind::Cause), FOUND).await? {
            if !choices.iter().any(|one| one.insight == insight.id) {
                choices.push(names.cause(insight, None, None, false));
            }
        }
    }
    Ok(choices)
}

async fn kinds(
    tx: &mut Tx,
    standing: &[Finding],
    suggestions: &Suggestions,
    documented: bool,
) -> Result<Vec<KindChoice>> {
    let mut choices = Vec::new();
    for &kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Cause) {
        let stands = standing.iter().find(|one| one.kind == kind);
        let hint = suggestions.others.iter().find(|hint| hint.kind == kind).filter(|_| !documented);
        let insight = match stands.map(|finding| finding.insight) {
            Some(Some(id)) => Some(store::insight(tx, id).await?),
            Some(None) => None,
            None => hint.and_then(|hint| hint.insight.clone()),
        };
        let count = match &insight {
            Some(insight) => findings::counts(tx, &[insight.id]).await?.remove(&insight.id),
            None => None,
        };
        let quote = stands.map_or_else(|| hint.and_then(hinted), |finding| finding.quote.clone());
        let note = stands.and_then(|finding| finding.note.clone());
        choices.push(KindChoice {
            kind,
            chosen: stands.is_some() || hint.is_some(),
            title: insight.map(|insight| insight.title),
            quoted: quote.is_some(),
            words: quote.or(note),
            count,
            titles: titles(tx, kind).await?,
        });
    }
    Ok(choices)
}

fn hinted(hint: &Hint) -> Option<String> {
    hint.quote.as_ref().map(|quote| quote.text.clone())
}

async fn titles(tx: &mut Tx, kind: Kind) -> Result<Vec<String>> {
    Ok(store::search(tx, "", Some(kind), COMPLETED).await?.into_iter().map(|insight| insight.title).collect())
}

/// The line under a conversation: what was documented, or what "Stimmt" would document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Strip {
    pub number: String,
    pub documented: bool,
    pub unknown: bool,
    pub cause: Option<CauseChoice>,
    /// The name of the cause's station.
    pub station: String,
    pub station_code: String,
    /// For the small line: how many stations come before the crack, of how many.
    pub before: usize,
    pub stations: usize,
    pub kinds: Vec<KindChoice>,
    /// May the reader document it?
    pub may: bool,
}

impl Strip {
    /// One click or key is enough.
    pub const fn is_sure(&self) -> bool {
        self.may && !self.documented && self.cause.is_some()
    }
}

/// Both views of a case, with one look at its words.
pub async fn both(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    words: &Words,
    case: CaseId,
) -> Result<(Strip, Option<DocumentDialog>)> {
    let may = actor.can(Right::Document);
    let dialog = dialog(app, tx, words, case, "").await?;
    let before = dialog.stations.iter().position(|station| station.chosen).unwrap_or(0);
    let strip = Strip {
        number: dialog.number.clone(),
        documented: dialog.documented,
        unknown: dialog.unknown,
        station: dialog.station().map(|station| station.name.clone()).unwrap_or_default(),
        station_code: dialog.station().map(|station| station.code.clone()).unwrap_or_default(),
        before,
        stations: dialog.stations.len(),
        cause: dialog.cause().cloned(),
        kinds: dialog.kinds.iter().filter(|kind| kind.chosen).cloned().collect(),
        may,
    };
    Ok((strip, may.then_some(dialog)))
}
