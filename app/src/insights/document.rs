//! The command behind "What happened?": documents a case with insights that are known or begin here.

use std::collections::BTreeSet;

use super::model::{Insight, NewInsight};
use super::propose::propose;
use super::store;
use super::suggest::voices;
use crate::cases::Contact;
use crate::findings;
use crate::findings::{Kind, NewFinding};
use crate::platform::{
    Actor, App, CaseId, ContactId, DepartmentId, Error, InsightId, ProductId, Result, Right, Tx,
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
    /// `None`: the insight's own station.
    pub station: Option<String>,
    pub product: Option<ProductId>,
    /// The customer's words; what no contact has literally is kept as a note.
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
    let contacts = voices(&mut tx, case).await?;
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for item in &said.items {
        if said.unknown && item.kind == Kind::Cause {
            continue;
        }
        let finding = finding(app, &mut tx, actor, item, &contacts).await?;
        // Two titles may turn out to be the same insight.
        if finding.insight.is_none_or(|insight| named.insert(insight)) {
            findings.push(finding);
        }
    }
    if !findings.is_empty() || !said.unknown {
        findings::document(app, &mut tx, actor, case, findings).await?;
    }
    if said.unknown {
        findings::unknown(app, &mut tx, actor, case, said.items.is_empty()).await?;
    }
    tx.commit().await
}

async fn finding(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    item: &Item,
    contacts: &[Contact],
) -> Result<NewFinding> {
    let insight = insight(app, tx, actor, item).await?;
    let own = insight.as_ref().map(|insight| insight.station.clone());
    let station = item.station.clone().or(own).ok_or_else(|| Error::invalid("station", "finding-station"))?;
    let words = item.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    if words.is_some_and(|words| LONGEST_WORDS < words.chars().count()) {
        return Err(Error::invalid("quote", "error-field-too-long"));
    }
    let quote = words.and_then(|words| quoted(words, contacts));
    Ok(NewFinding {
        kind: item.kind,
        department: insight.as_ref().and_then(|insight| insight.department),
        insight: insight.map(|insight| insight.id),
        station,
        product: item.product,
        note: if quote.is_none() { words.map(str::to_owned) } else { None },
        contact: quote.as_ref().map(|(_, contact)| *contact),
        quote: quote.map(|(words, _)| words),
        share: item.share,
    })
}

/// The words and the contact that has them literally; marks of quotation around them do not count.
fn quoted(words: &str, contacts: &[Contact]) -> Option<(String, ContactId)> {
    let bare = words.trim_matches(|c: char| "„“”\"»«‚‘’' ".contains(c));
    let found = |words: &str| contacts.iter().find(|one| one.text.contains(words)).map(|one| one.id);
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
