//! The rows of conditions in a form: views have them, and rules. And conditions in plain words.

use askama::Template;
use askama::filters::Safe;

use super::Choices;
use super::form::{Bracket, ViewForm};
use super::row::Row;
use crate::cases::Filter;
use crate::cases::attributes::FieldType;
use crate::cases::filter::{Condition, Item, Join, Kind};
use crate::platform::web::Corrections;
use crate::platform::{Page, rows};

/// Rows of conditions within the form `#draft`, which `draft` answers with a row more or less.
#[derive(Template)]
#[template(path = "views/views/conditions.html")]
pub struct Conditions<'a> {
    pub page: &'a Page,
    pub form: &'a ViewForm,
    pub choices: &'a Choices,
    pub draft: String,
    pub errors: &'a Corrections,
}

impl Conditions<'_> {
    pub fn html(&self) -> String {
        self.render().unwrap_or_default()
    }

    fn field(&self, row: &usize) -> &'static str {
        rows::CONDITIONS.field(self.form.condition_of(*row))
    }

    /// Attributes of a row's value, if something is wrong with the row.
    fn mark(&self, row: &usize) -> Safe<String> {
        self.errors.mark_row(self.field(row), &format!("v{row}"))
    }

    /// What is wrong with a row.
    fn note(&self, row: &usize) -> Safe<String> {
        let name = self.page.with("views-condition", "n", row + 1);
        self.errors.note_row(self.page, self.field(row), &format!("v{row}"), &name)
    }

    fn uses(&self, bracket: &Bracket) -> bool {
        self.form.rows.iter().any(|row| row.bracket == bracket.name)
    }

    fn kind(&self, row: &Row) -> &'static str {
        let moment = if row.test.is_span() { "span" } else { "moment" };
        match row.field.kind() {
            _ if !row.test.needs_value() => "none",
            Kind::Tags => "tags",
            Kind::Ids | Kind::Insights | Kind::Text => "text",
            Kind::Moment => moment,
            Kind::Number => "number",
            Kind::Flag => "one",
            Kind::Own => match self.choices.own(row).map(|field| field.field_type) {
                Some(FieldType::Number | FieldType::Money) => "number",
                Some(FieldType::Date) => moment,
                Some(FieldType::YesNo) => "one",
                Some(FieldType::Choice | FieldType::Choices) => "many",
                _ => "text",
            },
            _ => "many",
        }
    }
}

/// A filter as people would say it; empty for one without conditions.
pub fn in_words(page: &Page, choices: &Choices, filter: &Filter) -> String {
    let (and, or) = (page.t("views-and"), page.t("views-or"));
    let between = |join: Join| if join == Join::All { &and } else { &or };
    let parts = filter.of.iter().map(|item| match item {
        Item::Condition(condition) => one_in_words(page, choices, condition),
        Item::Group(group) => {
            let of: Vec<String> =
                group.of.iter().map(|condition| one_in_words(page, choices, condition)).collect();
            let inner = of.join(&format!(" {} ", between(group.join)));
            if group.not { format!("{} ({inner})", page.t("views-not")) } else { format!("({inner})") }
        }
    });
    parts.collect::<Vec<_>>().join(&format!(" {} ", between(filter.join)))
}

fn one_in_words(page: &Page, choices: &Choices, condition: &Condition) -> String {
    let row = Row::of(condition, "");
    let known = choices.fields(page).into_iter().find(|(code, _)| *code == row.code());
    // A field of the house's own that was archived since has no name here.
    let field = known.map_or_else(|| row.code(), |(_, name)| name);
    let test = page.t(format!("views-test-{}", row.test).as_str());
    let named = choices.of(page, &row);
    let value = |value: &String| {
        let named = named.iter().find(|(code, _)| code == value).map(|(_, name)| name.clone());
        named.unwrap_or_else(|| said(page, &row, value))
    };
    let values: Vec<String> = row.values.iter().map(value).collect();
    let values = values.join(&format!(" {} ", page.t("views-or")));
    format!("{field} {test} {values}").trim_end().to_owned()
}

/// A length of time in words, anything else as it is.
fn said(page: &Page, row: &Row, value: &str) -> String {
    if !row.test.is_span() {
        return value.to_owned();
    }
    let (number, unit) = row.span();
    format!("{number} {}", page.t(format!("views-unit-{unit}").as_str()))
}
