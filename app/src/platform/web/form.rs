//! What a form shows when it has to be corrected.

use askama::filters::Safe;

use super::page::Page;
use crate::platform::error::FieldError;

/// The fields of a form that is shown again. Empty for a fresh one.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// Begins the ids of the form's fields, where a page has several forms.
    prefix: &'static str,
    errors: Vec<FieldError>,
}

impl Corrections {
    pub const fn new(prefix: &'static str, errors: Vec<FieldError>) -> Self {
        Self { prefix, errors }
    }

    pub const fn any(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Attributes of the field with the id `prefix` + `field`.
    pub fn mark(&self, field: &str) -> Safe<String> {
        let prefix = self.prefix;
        Safe(match self.word(field) {
            Some(_) => format!(" aria-invalid=\"true\" aria-describedby=\"{prefix}{field}-e\""),
            None => String::new(),
        })
    }

    /// What to correct, below the field.
    pub fn note(&self, page: &Page, field: &str) -> Safe<String> {
        let prefix = self.prefix;
        Safe(match self.word(field) {
            Some(word) => format!(
                "<small class=\"err\" id=\"{prefix}{field}-e\" data-field=\"{field}\">{}</small>",
                page.t(word)
            ),
            None => String::new(),
        })
    }

    /// Attributes of the control in the row `field`.
    pub fn mark_row(&self, field: &str, control: &str) -> Safe<String> {
        Safe(match self.word(field) {
            Some(_) => format!(" aria-invalid=\"true\" aria-describedby=\"{control}-e\""),
            None => String::new(),
        })
    }

    /// What to correct in the row `field`, which people call `name`.
    pub fn note_row(&self, page: &Page, field: &str, control: &str, name: &str) -> Safe<String> {
        Safe(match self.word(field) {
            Some(word) => format!(
                "<small class=\"err\" id=\"{control}-e\" data-field=\"{control}\">{name}: {}</small>",
                page.t(word)
            ),
            None => String::new(),
        })
    }

    /// What is wrong with a field, as a translation key.
    pub fn word(&self, field: &str) -> Option<&'static str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.word)
    }
}
