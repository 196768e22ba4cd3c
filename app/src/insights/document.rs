//! The command behind "What happened?": documents a case with insights that are known or begin here.

use std::collections::BTreeSet;

use super::model::{Insight, NewInsight};
use super::propose::propose;
use super::store;
use super::suggest::voices;
use crate::cases;
use crate::cases::{Case, Contact};
use crate::customers;
use crate::findings;
use crate::findings::{Finding, Kind, NewFinding};
use crate::platform::{
    Actor, App, CaseId, ContactId, DepartmentId, Error, InsightId, ProductId, Result, Right, Tx, dialect,
};

/// Characters of a quote or note.
const LONGEST_WORDS: usize = 2_000;

/// What an agent says about a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documentation {
    /// Nobody knows the cause; what else was in the case may still be documented.
    pub unknown: bool,
    pub items: Vec<Item>,
}

/// One piece of information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    pub what: What,
    /// `None`: where it stands already, or else the insight's own station.
    pub station: Option<String>,
    /// `None`: what stands already, or else the case's.
    pub product: Option<ProductId>,
    /// The customer's words; what no contact has literally is kept as a note. `None`: what stands already.
    pub words: Option<String>,
    /// Of the case's causes, in thousandths; `None`: an equal part.
    pub share: Option<i64>,
}

/// Which insight is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Known(InsightId),
    /// By its title, in any spelling; one that nobody has named yet begins here.
    Titled {
        title: String,
        description: String,
        department: Option<DepartmentId>,
        competitor: Option<String>,
    },
    /// Something of this kind, and no insight yet.
    Unnamed,
}

/// Documents a case.
///
/// # Errors
///
/// [`Error::Invalid`] if there is nothing to document, an insight is of another kind, something new lacks its
/// station, or as in [`findings::document`].
pub async fn document(app: &App, actor: &Actor, case: CaseId, said: Documentation) -> Result<()> {
    actor.may(Right::Document)?;
    let mut tx = app.db.write().await?;
    dialect::lock(&mut tx, "case", case.0).await?;
    let was = findings::Standing::of(&mut tx, case).await?;
    let mut before = Before::load(&mut tx, case).await?;
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for item in &said.items {
        if said.unknown && item.kind == Kind::Cause {
            continue;
        }
        let finding = finding(app, &mut tx, actor, item, &mut before).await?;
        // Two titles may turn out to be the same insight.
        if finding.insight.is_none_or(|insight| named.insert(insight)) {
            findings.push(finding);
        }
    }
    let alone = findings.is_empty();
    if !alone || !said.unknown {
        findings::document(app, &mut tx, actor, case, findings).await?;
    }
    if said.unknown {
        findings::unknown(app, &mut tx, actor, case, alone).await?;
    }
    findings::offer_back(app, &mut tx, actor, case, was).await?;
    tx.commit().await
}

/// What the case holds already.
struct Before {
    case: Case,
    voices: Vec<Contact>,
    standing: Vec<Finding>,
}

impl Before {
    async fn load(tx: &mut Tx, case: CaseId) -> Result<Self> {
        Ok(Self {
            case: cases::case(tx, case).await?,
            voices: voices(tx, case).await?,
            standing: findings::of_case(tx, case).await?,
        })
    }

    /// What stands of the same insight, or of the same kind without one; each finding once.
    fn take(&mut self, kind: Kind, insight: Option<InsightId>) -> Option<Finding> {
        let index = self.standing.iter().position(|old| old.kind == kind && old.insight == insight)?;
        Some(self.standing.remove(index))
    }
}

async fn finding(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    item: &Item,
    before: &mut Before,
) -> Result<NewFinding> {
    let insight = insight(app, tx, actor, item).await?;
    let old = before.take(item.kind, insight.as_ref().map(|insight| insight.id));
    let stands = old.as_ref().map(|old| old.station.clone());
    let own = insight.as_ref().map(|insight| insight.station.clone());
    let station = item
        .station
        .clone()
        .or(stands)
        .or(own)
        .ok_or_else(|| Error::invalid("station", "finding-station"))?;
    if let Some(product) = item.product
        && !customers::has_product(tx, product).await?
    {
        return Err(Error::invalid("product", "finding-product"));
    }
    let words = Words::of(item, old.as_ref(), &before.voices)?;
    // What stands stays as it is; only what is new is about the case's product.
    let product = old.map_or(before.case.product, |old| old.product);
    Ok(NewFinding {
        kind: item.kind,
        department: insight.as_ref().and_then(|insight| insight.department),
        insight: insight.map(|insight| insight.id),
        station,
        product: item.product.or(product),
        quote: words.quote,
        contact: words.contact,
        note: words.note,
        share: item.share,
    })
}

/// A quote with its contact, or a note.
#[derive(Default)]
struct Words {
    quote: Option<String>,
    contact: Option<ContactId>,
    note: Option<String>,
}

impl Words {
    fn of(item: &Item, old: Option<&Finding>, voices: &[Contact]) -> Result<Self> {
        let stands = old.map_or_else(Self::default, |old| Self {
            quote: old.quote.clone(),
            contact: old.contact,
            note: old.note.clone(),
        });
        // Forms end their lines as mail does.
        let Some(words) = item.words.as_ref().map(|words| plain(words)) else { return Ok(stands) };
        let said_before = [&stands.quote, &stands.note].into_iter().flatten().any(|old| plain(old) == words);
        if said_before {
            return Ok(stands);
        }
        if LONGEST_WORDS < words.chars().count() {
            return Err(Error::invalid("quote", "error-field-too-long"));
        }
        Ok(match quoted(&words, voices) {
            Some((quote, contact)) => Self { quote: Some(quote), contact: Some(contact), note: None },
            None if words.is_empty() => Self::default(),
            None => Self { note: Some(words), ..Self::default() },
        })
    }
}

fn plain(words: &str) -> String {
    words.replace("\r\n", "\n").trim().to_owned()
}

/// The words and the contact that has them literally; marks of quotation around them do not count.
fn quoted(words: &str, contacts: &[Contact]) -> Option<(String, ContactId)> {
    let bare = words.trim_matches(|c: char| "„“”\"»«‚‘’' ".contains(c));
    let found = |words: &str| contacts.iter().find(|one| plain(&one.text).contains(words)).map(|one| one.id);
    [words, bare]
        .into_iter()
        .filter(|words| !words.is_empty())
        .find_map(|words| Some((words.to_owned(), found(words)?)))
}

/// The insight that is meant, proposed if it is new.
async fn insight(app: &App, tx: &mut Tx, actor: &Actor, item: &Item) -> Result<Option<Insight>> {
    let insight = match &item.what {
        What::Unnamed => return Ok(None),
        What::Known(id) => {
            store::find(tx, *id).await?.ok_or_else(|| Error::invalid("insight", "insight-unknown"))?
        }
        What::Titled { title, description, department, competitor } => {
            if let Some(known) = store::by_title(tx, item.kind, title.trim()).await? {
                return Ok(Some(known));
            }
            let station = item.station.clone().ok_or_else(|| Error::invalid("station", "finding-station"))?;
            let new = NewInsight {
                kind: item.kind,
                title: title.clone(),
                description: description.clone(),
                station,
                department: *department,
                competitor: competitor.clone(),
            };
            propose(app, tx, actor, &new).await?
        }
    };
    if insight.kind == item.kind {
        Ok(Some(insight))
    } else {
        Err(Error::invalid("insight", "insight-other-kind"))
    }
}
