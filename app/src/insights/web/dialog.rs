//! What "What happened?" shows: the stations, probable causes, and what else may be in a case.
//!
//! The workplace includes `insights/views/document_dialog.html` and `insights/views/strip.html` with these views;
//! both templates use the page as `page` and the view as `dialog` or `strip`.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

pub use super::choices::{
    CauseChoice, DocumentDialog, KeptChoice, KindChoice, NewCause, ProductChoice, StationChoice,
};
use crate::cases;
use crate::cases::Case;
use crate::customers;
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
const COMPLETED: usize = 60;

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
    let kept = kept(tx, &standing).await?;
    let titles = Titles::load(tx).await?;
    let chosen = causes.iter().find(|cause| cause.chosen).map(|cause| cause.station.clone());
    let chosen_none = chosen.is_none();
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
        kinds: kinds(tx, &standing, suggestions, case.documented, &titles).await?,
        kept,
        products: products(tx, case).await?,
        new: NewCause::default(),
        departments: names.departments,
        query: query.to_owned(),
        documented: case.documented,
        unknown,
        causeless: case.documented && !unknown && chosen_none,
        proposed: !case.documented && (!suggestions.causes.is_empty() || !suggestions.others.is_empty()),
        titles: titles.of(Kind::Cause),
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
            words: quote.clone().unwrap_or_default(),
            quote,
            p,
            chosen,
            also: false,
            share: String::new(),
        }
    }
}

/// Adds causes that were chosen before, as after a search, unless they are there.
pub async fn add_causes(tx: &mut Tx, dialog: &mut DocumentDialog, insights: &[InsightId]) -> Result<()> {
    let names = Names::load(tx).await?;
    for &id in insights {
        if !dialog.causes.iter().any(|one| one.insight == id)
            && let Some(insight) = store::find(tx, id).await?.filter(|one| one.kind == Kind::Cause)
        {
            dialog.causes.push(names.cause(insight, None, None, false));
        }
    }
    Ok(())
}

/// What the customer bought, and what the case was said to be about.
async fn products(tx: &mut Tx, case: &Case) -> Result<Vec<ProductChoice>> {
    let mut products = customers::bought(tx, case.customer).await?;
    if let Some(chosen) = case.product
        && !products.iter().any(|product| product.id == chosen)
    {
        products.push(customers::product_of(tx, chosen).await?);
    }
    let choice = |product: customers::Product| ProductChoice {
        chosen: case.product == Some(product.id),
        id: product.id,
        name: product.name,
    };
    Ok(products.into_iter().map(choice).collect())
}

/// Second findings of a kind, and causes without an insight.
async fn kept(tx: &mut Tx, standing: &[Finding]) -> Result<Vec<KeptChoice>> {
    let mut kept = Vec::new();
    for (index, finding) in standing.iter().enumerate() {
        let first = !standing[..index].iter().any(|one| one.kind == finding.kind);
        let shown = if finding.kind == Kind::Cause { finding.insight.is_some() } else { first };
        if shown {
            continue;
        }
        let title = match finding.insight {
            Some(id) => Some(store::insight(tx, id).await?.title),
            None => None,
        };
        let words = finding.quote.clone().or_else(|| finding.note.clone());
        kept.push(KeptChoice { finding: finding.id, kind: finding.kind, title, words, chosen: true });
    }
    Ok(kept)
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
    let several = 1 < standing.iter().filter(|one| one.kind == Kind::Cause).count();
    for finding in standing.iter().filter(|one| one.kind == Kind::Cause) {
        if let Some(id) = finding.insight {
            let first = choices.is_empty();
            let insight = store::insight(tx, id).await?;
            choices.push(CauseChoice {
                also: !first,
                words: finding.quote.clone().or_else(|| finding.note.clone()).unwrap_or_default(),
                share: if several { percent(finding.share) } else { String::new() },
                ..names.cause(insight, None, finding.quote.clone(), first)
            });
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

/// "33.4", as a number's field takes it.
fn percent(thousandths: i64) -> String {
    let (whole, tenth) = (thousandths / 10, thousandths % 10);
    if tenth == 0 { whole.to_string() } else { format!("{whole}.{tenth}") }
}

async fn kinds(
    tx: &mut Tx,
    standing: &[Finding],
    suggestions: &Suggestions,
    documented: bool,
    titles: &Titles,
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
            department: insight.as_ref().and_then(|insight| insight.department),
            title: insight.map(|insight| insight.title),
            quoted: quote.is_some(),
            words: quote.or(note),
            count,
            titles: titles.of(kind),
        });
    }
    Ok(choices)
}

fn hinted(hint: &Hint) -> Option<String> {
    hint.quote.as_ref().map(|quote| quote.text.clone())
}

/// Titles that the fields complete, the shortest first.
struct Titles(Vec<(Kind, String)>);

impl Titles {
    async fn load(tx: &mut Tx) -> Result<Self> {
        Ok(Self(store::titles(tx).await?))
    }

    fn of(&self, kind: Kind) -> Vec<String> {
        let own = self.0.iter().filter(|(of, _)| *of == kind);
        own.map(|(_, title)| title.clone()).take(COMPLETED).collect()
    }
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
