//! A row of the form of a view: one condition, as far as it is filled in.

use crate::cases::attributes::CaseField;
use crate::cases::filter::{Kind, own_tests, span};
use crate::cases::{Condition, Field, Test};

/// One condition, as far as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub field: Field,
    pub test: Test,
    pub values: Vec<String>,
    /// Empty, or one of [`super::form::BRACKETS`].
    pub bracket: String,
    /// The key of a field of the house's own.
    pub own: Option<String>,
}

impl Row {
    pub(super) fn new() -> Self {
        Self { field: Field::Status, test: Test::Is, values: Vec::new(), bracket: String::new(), own: None }
    }

    pub fn of(condition: &Condition, bracket: &str) -> Self {
        let Condition { field, test, values, own } = condition.clone();
        Self { field, test, values, bracket: bracket.to_owned(), own }
    }

    /// What the form calls its field: a code, or `own:` and a key.
    pub fn code(&self) -> String {
        self.own.as_ref().map_or_else(|| self.field.to_string(), |key| format!("own:{key}"))
    }

    pub(super) fn with_code(code: &str) -> Option<Self> {
        match code.strip_prefix("own:") {
            Some(key) => Some(Self { field: Field::Own, own: Some(key.to_owned()), ..Self::new() }),
            None => Field::from_code(code).map(|field| Self { field, ..Self::new() }),
        }
    }

    /// How its field can be compared; `fields` are the house's own.
    pub fn tests(&self, fields: &[CaseField]) -> &'static [Test] {
        let own = fields.iter().find(|field| Some(&field.key) == self.own.as_ref());
        own.map_or_else(|| self.field.kind().tests(), |field| own_tests(field.field_type))
    }

    /// A field that cannot be compared like that is compared in its usual way.
    pub(super) fn settle(&mut self) {
        let tests = self.field.kind().tests();
        if !tests.contains(&self.test) {
            self.test = tests[0];
            self.values.clear();
        }
        let is_moment = self.field.kind() == Kind::Moment || (self.own.is_some() && self.test.is_moment());
        if self.test.is_span() != self.values.iter().all(|value| span(value).is_some()) && is_moment {
            self.values.clear();
        }
    }

    pub(super) fn condition(&self) -> Condition {
        let (values, own) = (self.values.clone(), self.own.clone());
        Condition { field: self.field, test: self.test, values, own }
    }

    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|one| one == value)
    }

    /// The value of a field that has one.
    pub fn value(&self) -> String {
        self.values.join(", ")
    }

    /// The number of "7d", and its unit.
    pub fn span(&self) -> (&str, &str) {
        let value = self.values.first().map_or("", String::as_str);
        value.split_at_checked(value.len().saturating_sub(1)).unwrap_or(("", "d"))
    }
}
