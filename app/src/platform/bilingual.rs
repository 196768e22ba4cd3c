//! What the house names itself, in both languages of the interface.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::Language;

/// A name in German and English; in one table row, `name_de` and `name_en`.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize, ToSchema)]
pub struct Bilingual {
    #[sqlx(rename = "name_de")]
    pub de: String,
    #[sqlx(rename = "name_en")]
    pub en: String,
}

impl Bilingual {
    /// Whoever writes one of them only is understood in both.
    pub fn new(de: &str, en: &str) -> Self {
        let (de, en) = (de.trim(), en.trim());
        let or = |first: &str, second: &str| if first.is_empty() { second } else { first }.to_owned();
        Self { de: or(de, en), en: or(en, de) }
    }

    pub fn same(text: &str) -> Self {
        Self { de: text.to_owned(), en: text.to_owned() }
    }

    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.de.is_empty()
    }
}
