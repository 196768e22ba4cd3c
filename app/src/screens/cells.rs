//! What stands in the cells of a list: what the rows of cases say, and what stands beside them. Pages and files show the
//! same, each as it is read.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::workplace::signal;
use crate::cases;
use crate::cases::attributes;
use crate::cases::attributes::{FieldType, Values};
use crate::cases::web::CaseJson;
use crate::cases::{Badges, Case, CaseField, Line};
use crate::deadlines;
use crate::platform::{Bilingual, CaseId, CustomerId, Result, Timestamp, Tx, Words};
use crate::views::{Column, Heading};

/// Who reads a cell.
pub(super) enum Reader<'a> {
    Person(&'a Words),
    /// A spreadsheet sorts and calculates: in the language of who opens it, or as programs expect it.
    Sheet {
        words: &'a Words,
        zone: &'a TimeZone,
        program: bool,
    },
}

impl Reader<'_> {
    fn words(&self) -> &Words {
        match self {
            Self::Person(words) | Self::Sheet { words, .. } => words,
        }
    }

    /// For sheets "2026-11-16 09:00" in the house's zone.
    fn when(&self, at: Option<Timestamp>) -> String {
        match (at, self) {
            (None, _) => String::new(),
            (Some(at), Self::Person(words)) => words.when(&at),
            (Some(at), Self::Sheet { zone, .. }) => {
                at.moment().to_zoned((*zone).clone()).strftime("%Y-%m-%d %H:%M").to_string()
            }
        }
    }

    fn number(&self, number: i64) -> String {
        match self {
            Self::Person(words) => words.number(number),
            Self::Sheet { .. } => number.to_string(),
        }
    }

    /// What stands in a field of the house's own.
    fn value(&self, field: &CaseField, value: &str) -> String {
        let sorts = matches!(field.field_type, FieldType::Number | FieldType::Money | FieldType::Date);
        match self {
            Self::Sheet { program: true, .. } if sorts => value.to_owned(),
            Self::Sheet { words, .. } if sorts => attributes::typed(field, value, words),
            Self::Person(words) | Self::Sheet { words, .. } => attributes::shown(field, value, words),
        }
    }
}

/// What the columns of a list show that does not stand in the rows of its cases.
#[derive(Default)]
pub(super) struct Cells {
    /// All fields that the house made, if one of them is shown.
    fields: Vec<CaseField>,
    /// Kind, own state and tags.
    badges: HashMap<CaseId, Badges>,
    values: HashMap<CaseId, Values>,
    groups: HashMap<CustomerId, String>,
}

static NOTHING: Values = Values::new();

impl Cells {
    /// What these columns ask for of all cases.
    pub(super) async fn of(tx: &mut Tx, columns: &[Heading]) -> Result<Self> {
        let own = columns.iter().any(|column| matches!(column, Heading::Own(_)));
        let fields = if own { attributes::fields(tx).await? } else { Vec::new() };
        Ok(Self { fields, ..Self::default() })
    }

    /// What they ask for of these cases, instead of those before: a few statements, however many columns.
    pub(super) async fn load(&mut self, tx: &mut Tx, columns: &[Heading], lines: &[Line]) -> Result<()> {
        let shows = |wanted: &[Column]| {
            columns.iter().any(|column| matches!(column, Heading::Of(one) if wanted.contains(one)))
        };
        if shows(&[Column::Kind, Column::OwnState, Column::Tags]) {
            self.badges = cases::badges(tx, lines.iter().map(|line| &line.case)).await?;
        }
        if shows(&[Column::Group]) {
            let mut customers: Vec<CustomerId> = lines.iter().map(|line| line.case.customer).collect();
            customers.sort_unstable();
            customers.dedup();
            self.groups = deadlines::groups_of(tx, &customers).await?;
        }
        if !self.fields.is_empty() {
            let ids: Vec<CaseId> = lines.iter().map(|line| line.case.id).collect();
            self.values = attributes::values_of(tx, &ids).await?;
        }
        Ok(())
    }

    /// What stands above a column.
    pub(super) fn head(&self, column: &Heading, words: &Words) -> String {
        match column {
            Heading::Of(column) => words.t(&column.word()).into_owned(),
            Heading::Own(key) => {
                let field = self.fields.iter().find(|field| field.key == *key);
                field.map_or_else(|| key.clone(), |field| words.named(&field.name).to_owned())
            }
        }
    }

    pub(super) fn text(&self, line: &Line, column: &Heading, reader: &Reader<'_>) -> String {
        match column {
            Heading::Of(column) => {
                self.beside(line, *column, reader).unwrap_or_else(|| of_row(line, *column, reader))
            }
            Heading::Own(key) => {
                let field = self.fields.iter().find(|field| field.key == *key);
                let value = field.and_then(|field| Some((field, self.value(&line.case, field)?)));
                value.map_or_else(String::new, |(field, value)| reader.value(field, value))
            }
        }
    }

    fn value<'s>(&'s self, case: &Case, field: &'s CaseField) -> Option<&'s str> {
        let values = self.values.get(&case.id).unwrap_or(&NOTHING);
        attributes::value_in(field, &self.fields, attributes::place_of(case), values)
    }

    /// A column that does not stand in the row of the case.
    fn beside(&self, line: &Line, column: Column, reader: &Reader<'_>) -> Option<String> {
        let badges = self.badges.get(&line.case.id);
        let name = |name: Option<&Bilingual>| name.map(|name| reader.words().named(name).to_owned());
        let text = match column {
            Column::Kind => name(badges.and_then(|own| own.kind.as_ref()).map(|kind| &kind.name)),
            Column::OwnState => name(badges.and_then(|own| own.state.as_ref()).map(|state| &state.name)),
            Column::Tags => badges.map(|own| tags(own).join(", ")),
            Column::Group => self.groups.get(&line.case.customer).cloned(),
            _ => return None,
        };
        Some(text.unwrap_or_default())
    }

    /// All that is known of a case, as programs read it: for that all columns must be loaded.
    pub(super) fn whole(&self, line: &Line, words: &Words) -> Whole {
        let badges = self.badges.get(&line.case.id);
        let named = |name: &Bilingual| words.named(name).to_owned();
        let value = |field: &CaseField| {
            let value = self.value(&line.case, field);
            value.map_or(serde_json::Value::Null, |value| attributes::json(field, value))
        };
        let fields = self.fields.iter().filter(|field| !field.archived);
        Whole {
            case: CaseJson::of(line),
            kind_name: badges.and_then(|own| own.kind.as_ref()).map(|kind| named(&kind.name)),
            own_state_name: badges.and_then(|own| own.state.as_ref()).map(|state| named(&state.name)),
            tags: badges.map(tags).unwrap_or_default(),
            group: self.groups.get(&line.case.customer).cloned(),
            fields: fields.map(|field| (field.key.clone(), value(field))).collect(),
        }
    }
}

/// All columns there are, and fields of the house's own.
pub(super) async fn all_columns(tx: &mut Tx) -> Result<Vec<Heading>> {
    let fields = attributes::fields(tx).await?;
    let shown = fields.iter().filter(|field| !field.archived);
    Ok(Heading::all(shown.map(|field| field.key.as_str())))
}

/// All that is known of these cases, as programs read it.
pub(super) async fn whole(tx: &mut Tx, lines: &[Line], words: &Words) -> Result<Vec<Whole>> {
    let columns = all_columns(tx).await?;
    let mut cells = Cells::of(tx, &columns).await?;
    cells.load(tx, &columns, lines).await?;
    Ok(lines.iter().map(|line| cells.whole(line, words)).collect())
}

fn tags(badges: &Badges) -> Vec<String> {
    badges.tags.iter().map(|tag| tag.name.clone()).collect()
}

/// A case with what stands beside it.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseInList)]
pub(super) struct Whole {
    #[serde(flatten)]
    case: CaseJson,
    kind_name: Option<String>,
    own_state_name: Option<String>,
    tags: Vec<String>,
    /// The customer's contract or group.
    group: Option<String>,
    /// Fields that the house made, by their keys.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, serde_json::Value>,
}

/// A column that stands in the row of the case.
fn of_row(line: &Line, column: Column, reader: &Reader<'_>) -> String {
    let (case, words) = (&line.case, reader.words());
    match column {
        Column::Number => case.number.clone(),
        Column::Subject => case.subject.clone(),
        Column::Customer => line.customer_name.clone(),
        Column::Status => words.t(&format!("case-status-{}", case.status)).into_owned(),
        Column::Due => reader.when(case.due_at),
        Column::Priority => words.t(&format!("case-priority-{}", case.priority)).into_owned(),
        Column::Owner => line.owner_name.clone().unwrap_or_default(),
        Column::Queue => line.queue_name.clone(),
        Column::Channel => words.t(&format!("channel-{}", case.channel)).into_owned(),
        Column::Created => reader.when(Some(case.created_at)),
        Column::Updated => reader.when(Some(case.updated_at)),
        Column::Wait => reader.when(case.wait_until),
        Column::Closed => reader.when(case.closed_at),
        Column::Contacts => reader.number(case.exchanged()),
        Column::Signals => {
            let kinds = case.signals.split_whitespace().map(|kind| words.t(signal(kind).2));
            kinds.collect::<Vec<_>>().join(", ")
        }
        Column::Snippet => case.snippet.clone(),
        Column::Kind | Column::OwnState | Column::Tags | Column::Group => String::new(),
    }
}
