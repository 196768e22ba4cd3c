//! A view as its form has it: rows of conditions, some in brackets.
//!
//! Works without script: every button sends the whole form, and the answer is the form with one row more or less.
//! Programs send JSON with the filter as it is kept.

use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::row::Row;
use crate::cases::attributes::CaseField;
use crate::cases::filter::{Group, Item, Join, Kind};
use crate::cases::{Filter, Sort, Test};
use crate::platform::web::{Fields, Rows};
use crate::platform::{Error, Result};
use crate::views::{Draft, Heading, Shared};

/// Brackets that the form offers.
pub const BRACKETS: [&str; 3] = ["a", "b", "c"];
/// Where a view stands unless somebody says so.
const PLACE: i64 = 100;

/// A view as programs send it.
#[derive(Deserialize, ToSchema)]
pub struct ViewInput {
    name: String,
    filter: Filter,
    sort: Option<Sort>,
    /// Codes, or `own:` and the key of a field that the house made.
    #[schema(value_type = Option<Vec<String>>)]
    columns: Option<Vec<Heading>>,
    /// `private`, `all`, `role:lead`, `team:3`
    shared: Option<String>,
    place: Option<i64>,
}

/// How a bracket is joined: `all`, `any` or `none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bracket {
    pub name: &'static str,
    pub join: String,
}

/// The form.
#[derive(Debug, Clone)]
pub struct ViewForm {
    pub name: String,
    pub join: Join,
    pub rows: Vec<Row>,
    pub brackets: Vec<Bracket>,
    pub sort: Sort,
    pub columns: Vec<Heading>,
    pub shared: String,
    pub place: String,
    /// What the button says that was pressed.
    pub wish: String,
}

impl Default for ViewForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            join: Join::All,
            rows: vec![Row { values: vec!["open".into()], ..Row::new() }],
            brackets: brackets(|_| None),
            sort: Sort::Due,
            columns: Heading::usual(),
            shared: "private".into(),
            place: PLACE.to_string(),
            wish: String::new(),
        }
    }
}

/// What was typed between commas, and the like.
fn parts(values: &[String], between: &[char]) -> Vec<String> {
    let parts = values.iter().flat_map(|value| value.split(between)).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn brackets(join: impl Fn(&str) -> Option<String>) -> Vec<Bracket> {
    let of = |name: &&'static str| Bracket { name, join: join(name).unwrap_or_else(|| "any".into()) };
    BRACKETS.iter().map(of).collect()
}

impl ViewForm {
    /// The form of a view that is there. What has more brackets than the form stays as it is until it is sent.
    pub fn of(draft: &Draft) -> Self {
        let mut form = Self {
            name: draft.name.clone(),
            join: draft.filter.join,
            rows: Vec::new(),
            sort: draft.sort,
            columns: draft.columns.clone(),
            shared: draft.shared.code(),
            place: draft.place.to_string(),
            ..Self::default()
        };
        let mut free = form.brackets.iter_mut();
        for item in &draft.filter.of {
            let mut name = "";
            if let Item::Group(group) = item
                && let Some(bracket) = free.next()
            {
                name = bracket.name;
                let join = if group.not { "none" } else { group.join.code() };
                join.clone_into(&mut bracket.join);
            }
            form.rows.extend(item.conditions().iter().map(|condition| Row::of(condition, name)));
        }
        form
    }

    pub fn read(pairs: &[(String, String)]) -> Self {
        let fields = Fields::of(pairs);
        let all = |name: &str| -> Vec<String> { fields.all(name).map(ToOwned::to_owned).collect() };
        let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
        let mut rows = Vec::new();
        for at in 0.. {
            let Some(row) = Row::with_code(&one(&format!("f{at}"))) else { break };
            let mut values = all(&format!("v{at}"));
            let unit = one(&format!("u{at}"));
            if !unit.is_empty() {
                values = values.into_iter().map(|number| format!("{number}{unit}")).collect();
            }
            values = match row.field.kind() {
                Kind::Ids | Kind::Insights => parts(&values, &[',', ' ']),
                Kind::Tags => parts(&values, &[',']),
                _ => values,
            };
            let test = Test::from_code(&one(&format!("t{at}"))).unwrap_or(Test::Is);
            let mut row = Row { test, values, bracket: one(&format!("g{at}")), ..row };
            row.settle();
            rows.push(row);
        }
        Self {
            name: one("name"),
            join: Join::from_code(&one("join")).unwrap_or(Join::All),
            rows,
            brackets: brackets(|name| Some(one(&format!("j{name}"))).filter(|join| !join.is_empty())),
            sort: Sort::from_code(&one("sort")).unwrap_or(Sort::Due),
            columns: all("column").iter().filter_map(|code| Heading::from_code(code)).collect(),
            shared: one("shared"),
            place: one("place"),
            wish: one("do"),
        }
    }

    /// Was the column with this code chosen?
    pub fn has_column(&self, code: &str) -> bool {
        self.columns.iter().any(|column| column.code() == code)
    }

    /// A field of the house's own that cannot be compared like that is compared in its usual way.
    pub fn settle(&mut self, fields: &[CaseField]) {
        for row in self.rows.iter_mut().filter(|row| row.own.is_some()) {
            let tests = row.tests(fields);
            if !tests.contains(&row.test) {
                row.test = tests[0];
                row.values.clear();
            }
        }
    }

    /// Does what the pressed button says to the rows, or to the order of the columns.
    pub fn obey(&mut self) {
        if self.wish == "add" {
            self.rows.push(Row::new());
        } else if let Some(at) = self.wish.strip_prefix("remove-").and_then(|at| at.parse::<usize>().ok())
            && at < self.rows.len()
        {
            self.rows.remove(at);
        } else if let Some((step, code)) = self.wish.split_once('-')
            && let Some(at) = self.columns.iter().position(|column| column.code() == code)
        {
            let to = match step {
                "up" => at.checked_sub(1),
                "down" => Some(at + 1).filter(|to| *to < self.columns.len()),
                _ => None,
            };
            if let Some(to) = to {
                self.columns.swap(at, to);
            }
        }
    }

    pub fn filter(&self) -> Filter {
        let mut of: Vec<Item> = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for row in &self.rows {
            let Some(bracket) = self.brackets.iter().find(|bracket| bracket.name == row.bracket) else {
                of.push(Item::Condition(row.condition()));
                continue;
            };
            if seen.contains(&bracket.name) {
                continue;
            }
            seen.push(bracket.name);
            let within = self.rows.iter().filter(|row| row.bracket == bracket.name);
            let join = if bracket.join == "all" { Join::All } else { Join::Any };
            let of_bracket = within.map(Row::condition).collect();
            of.push(Item::Group(Group { join, not: bracket.join == "none", of: of_bracket }));
        }
        Filter { join: self.join, of, also: Vec::new() }
    }

    /// Which condition of the filter a row is, counted from 0: those of a bracket stand where its first one does.
    pub fn condition_of(&self, row: usize) -> usize {
        let bracket = |row: &Row| self.brackets.iter().position(|bracket| bracket.name == row.bracket);
        let first = |at: usize| {
            let of = bracket(&self.rows[at]);
            of.and_then(|of| self.rows.iter().position(|row| bracket(row) == Some(of))).unwrap_or(at)
        };
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|at| (first(*at), *at));
        order.iter().position(|at| *at == row).unwrap_or(row)
    }

    pub fn draft(&self) -> Result<Draft> {
        let shared = Shared::read(&self.shared);
        Ok(Draft {
            name: self.name.clone(),
            filter: self.filter(),
            sort: self.sort,
            columns: self.columns.clone(),
            shared: shared.ok_or_else(|| Error::invalid("shared", "error-field-malformed"))?,
            place: self.place.parse().unwrap_or(PLACE),
        })
    }
}

/// What a page or a program sent.
pub enum Sent {
    Form(ViewForm),
    Draft(Draft),
}

impl Sent {
    pub fn draft(&self) -> Result<Draft> {
        match self {
            Self::Form(form) => form.draft(),
            Self::Draft(draft) => Ok(draft.clone()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let input: ViewInput = match Rows::from_request(request, state).await? {
            Rows::Form(pairs) => return Ok(Self::Form(ViewForm::read(&pairs))),
            Rows::Json(input) => input,
        };
        let shared = Shared::read(input.shared.as_deref().unwrap_or_default());
        Ok(Self::Draft(Draft {
            name: input.name,
            filter: input.filter,
            sort: input.sort.unwrap_or(Sort::Due),
            columns: input.columns.unwrap_or_else(Heading::usual),
            shared: shared.ok_or_else(|| Error::invalid("shared", "error-field-malformed"))?,
            place: input.place.unwrap_or(PLACE),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Condition, Field};

    fn sent(text: &str) -> ViewForm {
        ViewForm::read(&url::form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>())
    }

    #[test]
    fn rows_with_the_same_bracket_are_one_group() {
        let form = sent(
            "join=all&f0=status&t0=is&v0=open&v0=waiting&f1=owner&t1=is&v1=me&g1=a&f2=created&t2=within&v2=7&u2=d&g2=a&ja=none",
        );

        let group = Group {
            join: Join::Any,
            not: true,
            of: vec![
                Condition::is(Field::Owner, "me"),
                Condition::new(Field::Created, Test::Within, &["7d"]),
            ],
        };
        let status = Condition::new(Field::Status, Test::Is, &["open", "waiting"]);
        let filter =
            Filter { join: Join::All, of: vec![Item::Condition(status), Item::Group(group)], also: vec![] };
        assert_eq!(form.filter(), filter);
        let draft = form.draft().expect("it can be kept");
        assert_eq!(ViewForm::of(&draft).filter(), filter, "and comes back as it was");
    }

    #[test]
    fn a_column_changes_places_with_the_next_one() {
        for (wish, order) in [
            ("up-own-state", "own-state number own:preis"),
            ("down-own-state", "number own:preis own-state"),
            ("up-number", "number own-state own:preis"),
            ("down-own:preis", "number own-state own:preis"),
            ("up-subject", "number own-state own:preis"),
        ] {
            let mut form = sent(&format!("column=number&column=own-state&column=own%3Apreis&do={wish}"));
            form.obey();
            let codes: Vec<String> = form.columns.iter().map(Heading::code).collect();
            assert_eq!(codes.join(" "), order, "{wish}");
        }
    }

    #[test]
    fn a_row_knows_which_condition_it_is() {
        let form = sent("f0=status&g0=b&f1=owner&f2=queue&g2=a&f3=subject&g3=b");
        let order: Vec<usize> = (0..4).map(|row| form.condition_of(row)).collect();
        assert_eq!(order, [0, 2, 3, 1], "the last row is in the bracket of the first");
        let fields: Vec<Field> = form.filter().conditions().map(|condition| condition.field).collect();
        assert_eq!(fields, [Field::Status, Field::Subject, Field::Owner, Field::Queue]);
    }

    #[test]
    fn another_field_begins_anew_with_its_usual_comparison() {
        let form = sent("f0=subject&t0=is&v0=open&f1=created&t1=before&v1=7d");

        assert_eq!(form.rows[0], Row { field: Field::Subject, test: Test::Contains, ..Row::new() });
        assert_eq!(form.rows[1].values, Vec::<String>::new());
    }
}
