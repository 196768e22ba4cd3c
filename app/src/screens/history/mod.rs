//! What was changed, by whom, from what to what: the journal in words, of a case and of the house.
//!
//! This is the one place that turns facts into words. The journal keeps ids only, so names are those of today, and what
//! the reader may not know of is not named. Deliberately absent: handling time, which is everybody's own.

mod audit;
mod case;
mod former;
mod kinds;
mod names;
mod told;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::names::Names;
use self::told::{Thing, Told};
use crate::journal::{Entry, Fact, Way};
use crate::platform::{Actor, App, CaseId, ContactId, EntryId, Page, Result, Timestamp, Tx, codes};
use crate::rules;

/// Changes on one page unless asked otherwise.
const LINES: i64 = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(case::history)).routes(routes!(audit::audit))
}

codes! {
    /// What kind of somebody changed something.
    pub enum Origin {
        Person = "person",
        Customer = "customer",
        Rule = "rule",
        /// With an API token.
        Program = "program",
        Kitt = "kitt",
    }
}

impl Origin {
    fn of(entry: &Entry) -> Self {
        match entry {
            Entry { person: Some(_), .. } => Self::Person,
            Entry { fact: Fact::ContactReceived { .. }, .. } => Self::Customer,
            Entry { cause: Some(_), .. } => Self::Rule,
            Entry { program: true, .. } => Self::Program,
            _ => Self::Kitt,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Person => "history-by-person",
            Self::Customer => "history-by-customer",
            Self::Rule => "history-by-rule",
            Self::Program => "history-by-program",
            Self::Kitt => "history-by-kitt",
        }
    }
}

/// A fact in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = HistoryLine)]
struct Line {
    id: EntryId,
    at: Timestamp,
    origin: Origin,
    /// The name of the person or rule.
    by: Option<String>,
    /// The macro with which a person did it.
    macro_name: Option<String>,
    /// How it came to be, if not by itself.
    way: Option<Way>,
    /// What happened, as a stable code.
    fact: String,
    /// The message of the case that it is about.
    contact: Option<ContactId>,
    /// What happened, in words.
    what: String,
    /// Whom or what it concerned.
    subject: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Line {
    /// Who did it, as a page says it.
    fn who(&self, page: &Page) -> String {
        match (self.origin, &self.by) {
            (Origin::Rule, Some(name)) => page.with("history-rule", "name", name).into_owned(),
            (_, Some(name)) => name.clone(),
            (origin, None) => page.t(origin.word()).into_owned(),
        }
    }

    /// What else is to be known of how it came to be.
    fn notes(&self, page: &Page) -> Vec<String> {
        let ran = self.macro_name.as_ref().map(|name| page.with("history-macro", "name", name).into_owned());
        let way = self.way.map(|way| page.t(way_word(way)).into_owned());
        ran.into_iter().chain(way).collect()
    }

    /// It says what was and what is.
    const fn is_turn(&self) -> bool {
        self.from.is_some() && self.to.is_some()
    }

    /// From what to what, as far as that is known.
    fn change(&self, page: &Page) -> Option<String> {
        let said = match (&self.from, &self.to) {
            (Some(from), Some(to)) => page.both("history-from-to", "from", from, "to", to),
            (Some(from), None) => page.with("history-from", "from", from),
            (None, Some(to)) => page.with("history-to", "to", to),
            (None, None) => return None,
        };
        Some(said.into_owned())
    }
}

const fn way_word(way: Way) -> &'static str {
    match way {
        Way::Undo => "history-way-undo",
        Way::Bulk => "history-way-bulk",
        Way::BulkUndo => "history-way-bulk-undo",
    }
}

fn with_told(entry: Entry) -> (Entry, Told) {
    let told = told::told(&entry);
    (entry, told)
}

/// Facts in the words of who reads the page; of a case, if they are all about it.
async fn lines(
    tx: &mut Tx,
    actor: &Actor,
    page: &Page,
    case: Option<CaseId>,
    facts: Vec<(Entry, Told)>,
) -> Result<Vec<Line>> {
    let mut things: Vec<Thing> = facts.iter().flat_map(|(_, told)| told.things().cloned()).collect();
    things.extend(facts.iter().filter_map(|(entry, _)| entry.person).map(Thing::Person));
    let names = Names::load(tx, actor, page, case, &things).await?;
    let rules = ruled(tx, &facts).await?;
    let line = |(entry, told): (Entry, Told)| {
        let (origin, fact) = (Origin::of(&entry), entry.fact.code());
        let by = match origin {
            Origin::Person => entry.person.and_then(|person| names.of(page, &Thing::Person(person))),
            Origin::Rule => entry.cause.and_then(|run| rules.get(&run).cloned()),
            _ => None,
        };
        let macro_name = match origin {
            Origin::Person => entry.cause.and_then(|run| rules.get(&run).cloned()),
            _ => None,
        };
        let usual = format!("fact-{}", fact.replace('_', "-"));
        let what = page.t(kinds::called(&entry.fact).unwrap_or(&usual)).into_owned();
        let contact = kinds::contact(&entry.fact);
        let called = |things: &[Thing]| {
            let names: Vec<String> = things.iter().filter_map(|thing| names.of(page, thing)).collect();
            Some(names.join(", ")).filter(|names| !names.is_empty())
        };
        let (subject, from, to) = (called(&told.about), called(&told.from), called(&told.to));
        let (id, at, way) = (entry.id, entry.at, entry.way);
        Line { id, at, origin, by, macro_name, way, fact, contact, what, subject, from, to }
    };
    Ok(facts.into_iter().map(line).collect())
}

/// The names of the rules and macros that did something, by their runs.
async fn ruled(tx: &mut Tx, facts: &[(Entry, Told)]) -> Result<HashMap<i64, String>> {
    let mut names = HashMap::new();
    for run in facts.iter().filter_map(|(entry, _)| entry.cause) {
        if !names.contains_key(&run)
            && let Some(ran) = rules::ran(tx, run).await?
        {
            names.insert(run, ran.name);
        }
    }
    Ok(names)
}
